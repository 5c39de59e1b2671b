//! What tests of bookings begin with. A `Scene` is one session with one place and the people around it, for tables of
//! moves: each brings Ben's booking to where a move begins, and makes the move. The functions do what people do first in
//! most of the other tests: ask for a place, and give it back.

use super::{book, reference, request_id};
use crate::{
    board::{TestBoard, london},
    browser::Browser,
};
use learning_gain::{
    accounts::rules::{PersonId, PersonKind, Role},
    attendance::store::{Marker, Wish, walk_in_add_in_txn},
    bookings::{
        rules::{BookingId, Colleague},
        store::{
            Answer, Change, PlaceRequest, Placed, accept_offer_in_txn, answer_request_in_txn, booking_live_of,
            give_up_in_txn, request_place_in_txn, session_cancelled_in_txn, session_moved_in_txn, skip_in_txn,
            substitute_in_txn, transfer_in_txn,
        },
    },
    entity::{agency, booking, session, session_date},
    messages::bookings::Letters,
    sessions::rules::SessionId,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use std::sync::atomic::{AtomicUsize, Ordering};

/// A board with one session of so many places.
pub async fn neglect(starts: &str, places: i32) -> (TestBoard, SessionId) {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, starts, places).await;
    (board, session)
}

/// Somebody of Oak School has asked for a place, through all screens: their browser, on the page of the booking, and its
/// reference.
pub async fn asked_by(board: &TestBoard, name: &str, session: SessionId) -> (Browser, String) {
    let (_, mut browser) = board.learner(name).await;
    book(&mut browser, session).await;
    let reference = reference(&browser);
    (browser, reference)
}

/// Somebody cancels a place that they have.
pub async fn cancel(browser: &mut Browser, reference: &str) {
    browser.open(&format!("/bookings/{reference}/cancel")).await.submit("Cancel this place", &[]).await;
}

/// From now on the office approves each booking of the session, or no longer does.
pub async fn asks_for_approval(board: &TestBoard, session: SessionId, asks: bool) {
    let txn = board.txn().await;
    let only = session::Entity::update_many().filter(session::Column::Id.eq(session));
    let row = session::ActiveModel { needs_approval: Set(asks), ..Default::default() };
    only.set(row).exec(&txn).await.unwrap();
    txn.commit().await.unwrap();
}

/// The training lead of Oak School, who is there already, signed in.
pub async fn lead_of_oak(board: &TestBoard) -> Browser {
    let oak = agency::Entity::find().filter(agency::Column::Name.eq("Oak School"));
    let oak = oak.one(board.app.db.reader()).await.unwrap().unwrap().id;
    let lead = board.person("Lena Lead").await;
    board.grant(lead, Role::TrainingLead, Some(oak)).await;
    board.signed_in(lead).await
}

/// Every move that a booking can make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    Book,
    Request,
    Wait,
    Approve,
    Decline,
    Withdraw,
    Lapse,
    Offer,
    Accept,
    DeclineOffer,
    Expire,
    Leave,
    CancelInTime,
    CancelLate,
    Substitute,
    Transfer,
    Skip,
    CallOff,
    Postpone,
    /// The session now starts before the offer runs out.
    BringForward,
    EndList,
    WalkIn,
    WalkInWaiting,
    WalkInRequested,
    WalkInOffered,
}

pub struct Scene {
    pub board: TestBoard,
    pub session: SessionId,
    pub ben: PersonId,
    pub office: PersonId,
    pub trainer: PersonId,
    pub at_office: Browser,
    pub other: SessionId,
    amira: PersonId,
    asked: AtomicUsize,
}

impl Scene {
    pub async fn new() -> Self {
        let board = TestBoard::new().await;
        let course = board.course("Neglect").await;
        let session = board.session(course, "2025-03-31 10:00", 1).await;
        let other = board.session(course, "2025-04-07 10:00", 5).await;
        let (amira, _) = board.learner("Amira Khan").await;
        let (ben, _) = board.learner("Ben Okoro").await;
        let trainer = board.person("Tessa Trainer").await;
        board.trains(trainer, session).await;
        let (office, at_office) = board.with_role("Olive Office", Role::Administrator).await;
        Self { board, session, ben, office, trainer, at_office, other, amira, asked: AtomicUsize::new(0) }
    }

    fn change(&self, actor: PersonId) -> Change {
        Change::new(Some(actor), self.board.now(), Letters::of(&self.board.app))
    }

    async fn asks(&self, person: PersonId) -> BookingId {
        let db = self.board.app.db.reader();
        let school = agency::Entity::find().filter(agency::Column::Name.eq("Oak School")).one(db).await.unwrap();
        let request = PlaceRequest {
            request_id: request_id(self.asked.fetch_add(1, Ordering::Relaxed)),
            session: self.session,
            person,
            agency: school.map(|school| school.id),
            agency_confirmed: true,
            agency_given: None,
            job_role: "Teacher".into(),
            person_kind: PersonKind::Employed,
            access_needs: None,
            policy_accepted: true,
            may_wait: true,
            substitute_for: None,
            booked_by_lead: None,
        };
        let txn = self.board.txn().await;
        let placed = request_place_in_txn(request, &self.change(person), &txn).await.unwrap().unwrap();
        txn.commit().await.unwrap();
        let Placed::Done(booking) = placed else { panic!("{placed:?}") };
        booking.id
    }

    async fn gives_up(&self, person: PersonId) {
        let txn = self.board.txn().await;
        let booking = booking_live_of(self.session, person, &txn).await.unwrap().unwrap();
        give_up_in_txn(booking.id, &self.change(person), &txn).await.unwrap().unwrap();
        txn.commit().await.unwrap();
    }

    async fn set_session(&self, row: session::ActiveModel) {
        let txn = self.board.txn().await;
        let only = session::Entity::update_many().filter(session::Column::Id.eq(self.session));
        only.set(row).exec(&txn).await.unwrap();
        txn.commit().await.unwrap();
    }

    /// Brings Ben's booking to where the move begins; None where the booking begins with the move.
    pub async fn before(&self, step: Move) -> Option<BookingId> {
        use Move::*;
        if matches!(step, Request | Approve | Decline | Withdraw | Lapse | WalkInRequested) {
            self.set_session(session::ActiveModel { needs_approval: Set(true), ..Default::default() }).await;
        }
        match step {
            Book | Request | WalkIn => None,
            Wait => {
                self.asks(self.amira).await;
                None
            }
            Approve | Decline | Withdraw | Lapse | WalkInRequested => Some(self.asks(self.ben).await),
            CancelInTime | CancelLate | Substitute | Transfer | CallOff | Postpone => Some(self.asks(self.ben).await),
            Offer | Leave | Skip | EndList | WalkInWaiting => {
                self.asks(self.amira).await;
                Some(self.asks(self.ben).await)
            }
            Accept | DeclineOffer | Expire | BringForward | WalkInOffered => {
                self.asks(self.amira).await;
                let bens = self.asks(self.ben).await;
                self.gives_up(self.amira).await;
                Some(bens)
            }
        }
    }

    /// Makes the move. Returns the booking that moved.
    pub async fn make(&self, step: Move, booking: Option<BookingId>) -> BookingId {
        use Move::*;
        match step {
            Book | Request | Wait => return self.asks(self.ben).await,
            Offer => self.gives_up(self.amira).await,
            DeclineOffer | Leave | Withdraw | CancelInTime => self.gives_up(self.ben).await,
            CancelLate => {
                self.board.set_clock("2025-03-25 09:00");
                self.gives_up(self.ben).await;
            }
            Lapse => self.let_time_pass("2025-03-07 00:00").await,
            Expire => self.let_time_pass("2025-03-06 00:00").await,
            EndList => self.let_time_pass("2025-03-31 10:00").await,
            WalkIn | WalkInWaiting | WalkInRequested | WalkInOffered => return self.walks_in().await,
            Approve | Decline | Accept | Substitute | Transfer | Skip | CallOff | Postpone | BringForward => {
                self.make_in_one_transaction(step, booking.unwrap()).await;
            }
        }
        booking.unwrap()
    }

    async fn let_time_pass(&self, until: &str) {
        self.board.set_clock(until);
        self.board.run_jobs().await;
    }

    async fn walks_in(&self) -> BookingId {
        self.board.set_clock("2025-03-31 09:30");
        let date = session_date::Entity::find().filter(session_date::Column::SessionId.eq(self.session));
        let date = date.one(self.board.app.db.reader()).await.unwrap().unwrap().id;
        let wish = Wish { date, request: "w1", marker: Marker { by: self.trainer, is_office: false } };
        let txn = self.board.txn().await;
        let now = self.board.now();
        let added = walk_in_add_in_txn(wish, self.ben, None, &self.board.app.secrets, now, &txn).await.unwrap();
        txn.commit().await.unwrap();
        added.booking
    }

    async fn make_in_one_transaction(&self, step: Move, id: BookingId) {
        let (by_ben, by_office) = (self.change(self.ben), self.change(self.office));
        let now = self.board.now();
        match step {
            Move::Postpone => {
                self.set_session(session::ActiveModel { moved_at: Set(Some(now)), ..Default::default() }).await;
            }
            Move::BringForward => {
                let starts = london("2025-03-05 10:00");
                let earlier =
                    session::ActiveModel { starts_at: Set(starts), moved_at: Set(Some(now)), ..Default::default() };
                self.set_session(earlier).await;
            }
            _ => {}
        }
        let txn = self.board.txn().await;
        match step {
            Move::Approve => drop(answer_request_in_txn(id, Answer::Approve, &by_office, &txn).await.unwrap().unwrap()),
            Move::Decline => {
                let answer = Answer::Decline { reason: Some("The team needs her that day".to_owned()) };
                drop(answer_request_in_txn(id, answer, &by_office, &txn).await.unwrap().unwrap());
            }
            Move::Accept => drop(accept_offer_in_txn(id, &by_ben, &txn).await.unwrap().unwrap()),
            Move::Substitute => {
                let colleague = Colleague { name: "Cora Diaz".into(), address: "cora@people.example".into() };
                substitute_in_txn(id, &colleague, &request_id(50), &by_ben, &txn).await.unwrap().unwrap();
            }
            Move::Transfer => {
                transfer_in_txn(id, self.other, &request_id(50), &by_ben, &txn).await.unwrap().unwrap();
            }
            Move::Skip => {
                let row = booking::Entity::find_by_id(id).one(&txn).await.unwrap().unwrap();
                let since = row.waiting_since.unwrap().to_rfc3339();
                skip_in_txn(id, &since, "Asked for June", &by_office, &txn).await.unwrap().unwrap();
            }
            Move::CallOff => {
                session_cancelled_in_txn(self.session, "The trainer is ill", &by_office, &txn).await.unwrap();
            }
            Move::Postpone | Move::BringForward => {
                session_moved_in_txn(self.session, "The time has changed.", &[], &by_office, &txn).await.unwrap();
            }
            _ => panic!("{step:?} is made elsewhere"),
        }
        txn.commit().await.unwrap();
    }
}
