//! Random histories of one session against a small model in memory: places asked for, approved, given up, offered,
//! accepted, handed on and moved to another date, the session moved by the board, people who walk in, registers marked, submitted, corrected and locked, charges told, confirmed and waived, people erased.
//! After every step the rows are what the model says, one by one; erasing changes none of them; and every step is
//! done twice, which must be as if it were done once.

mod history;
mod memory;

use crate::board::london;
use history::History;
use learning_gain::attendance::rules::Mark;
use memory::Model;
use proptest::{prelude::*, sample::select, test_runner::FileFailurePersistence};

/// More people than places.
const PEOPLE: usize = 6;
const PLACES: usize = 2;
/// The beginning of every history: ten days before places are given back late.
const BEGINS: &str = "2026-10-12 09:00";

#[derive(Clone, Copy, Debug)]
enum Step {
    Book(usize),
    /// Cancels a place, leaves the waiting list, or declines an offer.
    GiveUp(usize),
    Accept(usize),
    /// The first sends the second instead.
    SendColleague(usize, usize),
    /// From now on the office approves each booking, or no longer.
    NeedApproval(bool),
    /// The board changes where or when the session is.
    MoveSession,
    Answer {
        person: usize,
        approve: bool,
    },
    /// To the other date of the course.
    Move(usize),
    WalkIn {
        person: usize,
        by_office: bool,
    },
    Mark {
        person: usize,
        mark: Mark,
        by_office: bool,
    },
    Submit {
        rest: Option<Mark>,
        by_office: bool,
    },
    Lock,
    /// The numbers go round the charges that there are.
    Notify(usize),
    Confirm(usize),
    Waive(usize),
    Erase(usize),
    /// For so many minutes.
    LetTimePass(i64),
}

fn mark() -> impl Strategy<Value = Step> {
    (0..PEOPLE, select(Mark::ALL.as_slice()), any::<bool>()).prop_map(|(person, mark, by_office)| Step::Mark {
        person,
        mark,
        by_office,
    })
}

fn walk_in() -> impl Strategy<Value = Step> {
    (0..PEOPLE, any::<bool>()).prop_map(|(person, by_office)| Step::WalkIn { person, by_office })
}

fn answer() -> impl Strategy<Value = Step> {
    (0..PEOPLE, any::<bool>()).prop_map(|(person, approve)| Step::Answer { person, approve })
}

fn submit() -> impl Strategy<Value = Step> {
    let rest = select(vec![None, Some(Mark::DidNotAttend), Some(Mark::DidNotAttend), Some(Mark::Present)]);
    (rest, any::<bool>()).prop_map(|(rest, by_office)| Step::Submit { rest, by_office })
}

/// Minutes to some days.
fn time() -> impl Strategy<Value = Step> {
    prop_oneof![0_i64..60, 60_i64..24 * 60, 24 * 60_i64..5 * 24 * 60].prop_map(Step::LetTimePass)
}

fn step_before() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0..PEOPLE).prop_map(Step::Book),
        3 => (0..PEOPLE).prop_map(Step::GiveUp),
        3 => (0..PEOPLE).prop_map(Step::Accept),
        2 => (0..PEOPLE, 0..PEOPLE).prop_map(|(from, to)| Step::SendColleague(from, to)),
        3 => time(),
        1 => any::<bool>().prop_map(Step::NeedApproval),
        1 => Just(Step::MoveSession),
        2 => answer(),
        2 => (0..PEOPLE).prop_map(Step::Move),
        1 => walk_in(),
        1 => mark(),
        1 => (0_usize..8).prop_map(Step::Notify),
        1 => (0_usize..8).prop_map(Step::Waive),
        1 => (0..PEOPLE).prop_map(Step::Erase),
    ]
}

fn step_after() -> impl Strategy<Value = Step> {
    prop_oneof![
        5 => mark(),
        3 => walk_in(),
        1 => answer(),
        3 => submit(),
        1 => Just(Step::Lock),
        3 => (0_usize..8).prop_map(Step::Notify),
        2 => (0_usize..8).prop_map(Step::Confirm),
        2 => (0_usize..8).prop_map(Step::Waive),
        2 => (0..PEOPLE).prop_map(Step::Erase),
        1 => (0..PEOPLE).prop_map(Step::Book),
        1 => (0..PEOPLE).prop_map(Step::GiveUp),
        1 => (0..PEOPLE).prop_map(Step::Accept),
        1 => (0..PEOPLE, 0..PEOPLE).prop_map(|(from, to)| Step::SendColleague(from, to)),
        1 => time(),
    ]
}

/// Steps before the session; the minutes from its start (negative: before it) at which the register is taken up; the
/// steps from then on.
type Steps = (Vec<Step>, i64, Vec<Step>);

fn steps() -> impl Strategy<Value = Steps> {
    (prop::collection::vec(step_before(), 1..24), -70_i64..200, prop::collection::vec(step_after(), 0..24))
}

async fn history_agrees((before, opening, after): Steps) {
    let history = History::new(PEOPLE).await;
    history.board.set_clock(BEGINS);
    let mut model = Model::at(london(BEGINS));
    let opening_at = london(memory::STARTS) + chrono::Duration::minutes(opening);
    let until_then = (opening_at - model.now).num_minutes();
    let mut number = 0;
    for step in before {
        number += 1;
        one_step(&history, &mut model, step, number).await;
    }
    let left = (opening_at - model.now).num_minutes().clamp(0, until_then);
    for step in std::iter::once(Step::LetTimePass(left)).chain(after) {
        number += 1;
        one_step(&history, &mut model, step, number).await;
    }
}

/// Every step takes a minute, in which time brings what is due.
async fn one_step(history: &History, model: &mut Model, step: Step, number: usize) {
    let minutes = if let Step::LetTimePass(minutes) = step { minutes + 1 } else { 1 };
    history.pass(minutes).await;
    model.pass(history.board.now());
    history.step(step, number).await;
    model.step(step);
    model.check();
    history.must_agree(model).await;
}

/// Histories that failed once; they are tried first from then on.
const FAILED_BEFORE: FileFailurePersistence = FileFailurePersistence::Direct("src/tests/bookings/model.seeds");

/// Few histories, because each is compared after each step; `PROPTEST_CASES` asks for more.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(16)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: cases(),
        failure_persistence: Some(Box::new(FAILED_BEFORE)),
        ..ProptestConfig::default()
    })]

    #[test]
    fn random_histories_agree_with_the_model(steps in steps()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(history_agrees(steps));
    }
}
