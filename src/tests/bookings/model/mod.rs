//! Random histories against a small model in memory: after every step the rows and the counters are what the model
//! says, nobody is overbooked, and the list is first in, first out.

use super::{must_count, request_id};
use crate::board::{TestBoard, address_of};
use chrono::Duration;
use learning_gain::{
    accounts::rules::{PersonId, PersonKind},
    bookings::{
        rules::{BookingState, Colleague},
        store::{
            Change, PlaceRequest, accept_offer_in_txn, booking_live_of, bookings_overdue, expire_in_txn,
            give_up_in_txn, request_place_in_txn, substitute_in_txn,
        },
    },
    messages::bookings::Letters,
    sessions::rules::SessionId,
};
use proptest::{prelude::*, test_runner::FileFailurePersistence};
use std::collections::{BTreeSet, VecDeque};

/// More people than places.
const PEOPLE: usize = 6;
const PLACES: usize = 2;

#[derive(Clone, Copy, Debug)]
enum Step {
    Book(usize),
    GiveUp(usize),
    Accept(usize),
    /// The first sends the second instead.
    SendColleague(usize, usize),
    LetTimePass,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..PEOPLE).prop_map(Step::Book),
        3 => (0..PEOPLE).prop_map(Step::GiveUp),
        3 => (0..PEOPLE).prop_map(Step::Accept),
        2 => (0..PEOPLE, 0..PEOPLE).prop_map(|(from, to)| Step::SendColleague(from, to)),
        1 => Just(Step::LetTimePass),
    ]
}

#[derive(Default)]
struct Model {
    booked: BTreeSet<usize>,
    offered: BTreeSet<usize>,
    waiting: VecDeque<usize>,
}

impl Model {
    fn step(&mut self, step: Step) {
        match step {
            Step::Book(person) if self.state(person).is_none() => {
                if self.booked.len() + self.offered.len() < PLACES && self.waiting.is_empty() {
                    self.booked.insert(person);
                } else {
                    self.waiting.push_back(person);
                }
            }
            Step::GiveUp(person) => {
                self.booked.remove(&person);
                self.offered.remove(&person);
                self.waiting.retain(|other| *other != person);
            }
            Step::Accept(person) if self.offered.remove(&person) => {
                self.booked.insert(person);
            }
            Step::SendColleague(from, to) if self.booked.contains(&from) && self.state(to).is_none() => {
                self.booked.remove(&from);
                self.booked.insert(to);
            }
            Step::LetTimePass => {
                // Each expired offer is passed on before the next one is looked at; fresh offers stand.
                for _ in std::mem::take(&mut self.offered) {
                    self.offer();
                }
            }
            _ => {}
        }
        self.offer();
    }

    fn offer(&mut self) {
        while self.booked.len() + self.offered.len() < PLACES {
            let Some(next) = self.waiting.pop_front() else { return };
            self.offered.insert(next);
        }
    }

    fn state(&self, person: usize) -> Option<BookingState> {
        if self.booked.contains(&person) {
            Some(BookingState::Booked)
        } else if self.offered.contains(&person) {
            Some(BookingState::Offered)
        } else if self.waiting.contains(&person) {
            Some(BookingState::Waitlisted)
        } else {
            None
        }
    }
}

async fn carry_out(board: &TestBoard, session: SessionId, people: &[PersonId], step: Step, number: usize) {
    let change = Change { actor: None, now: board.now(), letters: Letters::of(&board.app) };
    let txn = board.txn().await;
    match step {
        Step::Book(person) => {
            let request = PlaceRequest {
                request_id: request_id(number),
                session,
                person: people[person],
                agency: None,
                agency_confirmed: false,
                agency_given: None,
                job_role: "Teacher".into(),
                person_kind: PersonKind::Employed,
                access_needs: None,
                policy_accepted: true,
                may_wait: true,
                substitute_for: None,
                booked_by_lead: None,
            };
            let _refused_when_they_have_one = request_place_in_txn(request, &change, &txn).await.unwrap();
        }
        Step::GiveUp(person) => {
            if let Some(booking) = booking_live_of(session, people[person], &txn).await.unwrap() {
                give_up_in_txn(booking.id, &change, &txn).await.unwrap().unwrap();
            }
        }
        Step::Accept(person) => {
            if let Some(booking) = booking_live_of(session, people[person], &txn).await.unwrap() {
                let _refused_while_waiting = accept_offer_in_txn(booking.id, &change, &txn).await.unwrap();
            }
        }
        Step::SendColleague(from, to) => {
            if let Some(booking) = booking_live_of(session, people[from], &txn).await.unwrap() {
                let name = format!("Person {to}");
                let colleague = Colleague { address: address_of(&name), name };
                let request = request_id(number);
                let _refused_without_a_place =
                    substitute_in_txn(booking.id, &colleague, &request, &change, &txn).await.unwrap();
            }
        }
        Step::LetTimePass => {
            board.app.clock.set(board.now() + Duration::days(6));
            let later = Change { now: board.now(), ..change };
            for booking in bookings_overdue(later.now, &txn).await.unwrap() {
                expire_in_txn(booking, &later, &txn).await.unwrap();
            }
        }
    }
    txn.commit().await.unwrap();
}

async fn history_agrees(steps: Vec<Step>) {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2026-11-02 10:00", PLACES as i32).await;
    let mut people = Vec::new();
    for number in 0..PEOPLE {
        people.push(board.person(&format!("Person {number}")).await);
    }
    let mut model = Model::default();
    for (number, step) in steps.into_iter().enumerate() {
        carry_out(&board, session, &people, step, number).await;
        model.step(step);
        must_count(&board).await;
        assert!(board.session_row(session).await.held <= PLACES as i32);
        for (person, id) in people.iter().enumerate() {
            let live = booking_live_of(session, *id, board.app.db.reader()).await.unwrap();
            assert_eq!(live.map(|row| row.state), model.state(person), "person {person} after {step:?}");
        }
    }
}

/// Histories that failed once; they are tried first from then on.
const FAILED_BEFORE: FileFailurePersistence = FileFailurePersistence::Direct("src/tests/bookings/model.seeds");

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 16,
        failure_persistence: Some(Box::new(FAILED_BEFORE)),
        ..ProptestConfig::default()
    })]

    #[test]
    fn random_histories_agree_with_the_model(steps in prop::collection::vec(step(), 1..40)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(history_agrees(steps));
    }
}
