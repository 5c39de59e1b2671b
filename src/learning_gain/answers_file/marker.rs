//! The second thread of reading: notices a learner who answers an item twice in a session, or who comes back after
//! others. Looking learners up waits for memory and reading rows does not, so the two run side by side.

use std::sync::mpsc::{Receiver, SyncSender};

use crate::learning_gain::learner_table::{LearnerTable, PageKey, Place};

/// Marks handed over at once: so many that handing over costs nothing beside them, 200 KB.
const BATCH: usize = 4_096;
/// Batches that may wait; then reading waits too, so that memory stays small.
pub(super) const BATCHES_WAITING: usize = 4;

/// One row as the marker needs it.
#[derive(Clone, Copy)]
pub(super) struct Mark {
    /// The learner in a course and session, with the page of items.
    pub(super) page: PageKey,
    /// Whether the learner's rows begin here.
    pub(super) begins: bool,
    /// The item's bit in the page; 0 where the row answers an item of another page.
    pub(super) bit: u32,
    /// Where the row stands in the file.
    pub(super) row: u64,
    /// The number of its course.
    pub(super) course: usize,
    /// The number of its item in the course.
    pub(super) item: usize,
}

/// Collects marks and hands them over.
pub(super) struct Marks {
    batch: Vec<Mark>,
    marker: SyncSender<Vec<Mark>>,
}

/// The marker has found a learner twice, so there is no use in reading on.
pub(super) struct Stopped;

impl Marks {
    pub(super) fn new(marker: SyncSender<Vec<Mark>>) -> Self {
        Self { batch: Vec::with_capacity(BATCH), marker }
    }

    pub(super) fn push(&mut self, mark: Mark) -> Result<(), Stopped> {
        self.batch.push(mark);
        if self.batch.len() == BATCH { self.hand_over() } else { Ok(()) }
    }

    /// Hands over what is left; the marker ends when it has worked it off.
    pub(super) fn finish(mut self) {
        // A marker that has stopped says so itself.
        let _ = self.hand_over();
    }

    fn hand_over(&mut self) -> Result<(), Stopped> {
        let batch = std::mem::replace(&mut self.batch, Vec::with_capacity(BATCH));
        self.marker.send(batch).map_err(|_| Stopped)
    }
}

/// Works off all marks. Answers whether each learner's rows stand together, or fails with the first row in which a
/// learner answers an item once more.
pub(super) fn mark_all(batches: Receiver<Vec<Mark>>) -> Result<bool, Mark> {
    let mut learners = LearnerTable::new();
    let mut grouped = true;
    let mut open: Option<(PageKey, Place, u32)> = None;
    for mark in batches.into_iter().flatten() {
        let (place, marked) = match open {
            Some((page, place, marked)) if page == mark.page && !mark.begins => (place, marked),
            _ => {
                if let Some((_, place, marked)) = open {
                    learners.set_items(place, marked);
                }
                let (place, was_there) = learners.find_or_insert(mark.page);
                grouped &= !(mark.begins && was_there);
                (place, learners.items(place))
            }
        };
        if marked & mark.bit != 0 {
            return Err(mark);
        }
        open = Some((mark.page, place, marked | mark.bit));
    }
    Ok(grouped)
}
