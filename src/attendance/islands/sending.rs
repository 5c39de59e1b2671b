//! Marks on their way. They are sent one at a time, the oldest first, so that none arrives after one that was made later.
//! A mark that was sent and not answered may still arrive: it is sent once more before everything after it, and counts
//! once. What could not be sent is tried again.

use super::{
    queue::{self, Waiting},
    sheet::{Sheet, mark_in},
};
use crate::attendance::rules::Mark;
use leptos::{prelude::*, task::spawn_local};

/// Telephones say that a network is there, not that it leads anywhere again: nobody should have to tap for that. Longer
/// than one try takes, and short enough that whoever looks up from the register finds it sent.
#[cfg(feature = "hydrate")]
const TRY_AGAIN_EVERY: std::time::Duration = std::time::Duration::from_secs(15);

/// What is on its way or waits for it.
#[derive(Clone, Copy)]
pub(super) struct Outgoing {
    /// How many marks are not saved yet.
    pub waiting: RwSignal<usize>,
    /// Whether one of them was made just now, and its first try is not over.
    pub fresh: RwSignal<bool>,
    /// What is said once they are saved, by nonce, of those.
    done: RwSignal<Vec<(String, String)>>,
    /// Whether they are being sent.
    busy: RwSignal<bool>,
}

impl Outgoing {
    /// Nothing yet.
    pub fn new() -> Self {
        Self {
            waiting: RwSignal::new(0),
            fresh: RwSignal::new(false),
            done: RwSignal::new(Vec::new()),
            busy: RwSignal::new(false),
        }
    }
}

impl Sheet {
    /// Shows a mark and keeps it here until the server has it.
    pub(super) fn put(self, booking: i64, name: &str, mark: Mark, minutes: Option<i32>) {
        self.show(booking, mark);
        let nonce = queue::nonce_after(queue::all(self.date).last());
        let done = format!("{name}: {}, saved", mark.text().to_ascii_lowercase());
        self.outgoing.done.update(|all| all.push((nonce.clone(), done)));
        queue::keep(self.date, &Waiting { nonce, booking, mark, minutes });
        self.count();
        self.outgoing.fresh.set(true);
        self.said.set("Saving…".to_owned());
        spawn_local(self.send_all());
    }

    /// Sends what waits from an earlier visit, and from now on whatever waits: when the browser says that it is online,
    /// and every few seconds, because it does not know when a server can be reached.
    #[cfg(feature = "hydrate")]
    pub(super) async fn send_from_now_on(self) {
        window_event_listener(leptos::ev::online, move |_| spawn_local(self.send_all()));
        let try_again = move || {
            if self.outgoing.waiting.get_untracked() > 0 {
                spawn_local(self.send_all());
            }
        };
        set_interval(try_again, TRY_AGAIN_EVERY);
        for waiting in queue::all(self.date) {
            self.show(waiting.booking, waiting.mark);
        }
        self.count();
        self.send_all().await;
    }

    /// Sends what waits, until nothing does or one cannot be sent.
    async fn send_all(self) {
        // Whoever is at it looks into the queue after each mark.
        if self.outgoing.busy.get_untracked() {
            return;
        }
        self.outgoing.busy.set(true);
        while let Some(oldest) = queue::all(self.date).into_iter().next() {
            if !self.send(oldest).await {
                break;
            }
        }
        self.outgoing.busy.set(false);
        self.outgoing.done.update(Vec::clear);
        self.outgoing.fresh.set(false);
    }

    /// Sends one mark. Returns whether it is settled: saved, or refused and gone back to what the server has. Else it
    /// stays in the queue, because the server could not be reached or does not know any more who is asking.
    async fn send(self, mark: Waiting) -> bool {
        let told = send_mark(self.date, &mark).await;
        let said = match &told {
            Told::Saved => self.done_text(&mark.nonce),
            Told::Refused(why) => format!("Not saved: {why}"),
            Told::Again(why) => why.clone(),
            Told::Nothing => String::new(), // The banner says so.
        };
        self.said.set(said);
        if matches!(told, Told::Again(_) | Told::Nothing) {
            return false;
        }
        queue::forget(self.date, &mark);
        if told == Told::Saved {
            self.note_saved(mark.booking, mark.mark);
        } else if queue::all(self.date).iter().all(|later| later.booking != mark.booking) {
            self.show(mark.booking, self.saved.with_untracked(|saved| mark_in(saved, mark.booking)));
        }
        self.count();
        true
    }

    fn done_text(self, nonce: &str) -> String {
        let of_mark =
            |all: &Vec<(String, String)>| all.iter().find(|(made, _)| made == nonce).map(|(_, done)| done.clone());
        self.outgoing.done.with_untracked(of_mark).unwrap_or_else(|| "Marks that waited are saved now".to_owned())
    }

    fn count(self) {
        self.outgoing.waiting.set(queue::all(self.date).len());
    }
}

/// What became of a mark that was sent.
#[derive(PartialEq)]
#[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "only a browser sends marks"))]
enum Told {
    /// The register says so now.
    Saved,
    /// It never will; why.
    Refused(String),
    /// It can once somebody is signed in again; what to do.
    Again(String),
    /// The server could not be reached.
    Nothing,
}

/// Sends a mark to `mark_send`.
#[cfg(feature = "hydrate")]
async fn send_mark(date: i64, waiting: &Waiting) -> Told {
    let (date, booking) = (date.to_string(), waiting.booking.to_string());
    let minutes = waiting.minutes.map(|minutes| minutes.to_string());
    let mut fields =
        vec![("date", &*date), ("booking", &*booking), ("mark", waiting.mark.word()), ("nonce", &*waiting.nonce)];
    fields.extend(minutes.as_deref().map(|minutes| ("minutes", minutes)));
    match super::wire::ask("/api/register/mark", None, &fields).await {
        None => Told::Nothing,
        Some(answer) if answer.is("saved") => Told::Saved,
        Some(answer) if answer.is("again") => Told::Again(answer.text("message")),
        Some(answer) => Told::Refused(answer.text("message")),
    }
}

#[cfg(not(feature = "hydrate"))]
async fn send_mark(_date: i64, _waiting: &Waiting) -> Told {
    Told::Nothing
}
