//! The same steps in the database, and what is read there after each.

mod agree;

use super::{PLACES, Step, memory};
use crate::{
    board::{TestBoard, address_of},
    bookings::request_id,
};
use chrono::Duration;
use learning_gain::{
    accounts::rules::{PersonId, PersonKind},
    agencies::rules::AgencyId,
    attendance::{
        rules::{Mark, MarkRequest},
        store::{
            MarkWrite, Marker, RegisterError, WalkInRefused, Wish, mark_save_in_txn, register_lock_in_txn,
            register_submit_in_txn, walk_in_add_in_txn,
        },
    },
    bookings::{
        rules::{BookingId, Colleague},
        store::{
            Answer, Change, PlaceRequest, accept_offer_in_txn, answer_request_in_txn, booking_live_of,
            bookings_overdue, expire_in_txn, give_up_in_txn, list_end_in_txn, offer_places_in_txn,
            request_place_in_txn, session_moved_in_txn, sessions_with_free_places_awaited, sessions_with_list_over,
            substitute_in_txn, transfer_in_txn,
        },
    },
    charges::{
        rules::WaiverReason,
        store::{
            MoveError, Mover, charge_confirm_in_txn, charge_notify_in_txn, charge_waive_in_txn, charges_lapse_in_txn,
            session_charges_settle_in_txn,
        },
    },
    entity::{audit, booking, charge, mark, mark_history, outbox, person, session, session_date},
    messages::bookings::Letters,
    privacy::store::person_erase_in_txn,
    sessions::rules::{SessionDateId, SessionId},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder,
};

/// A board with one session and another date of its course, the people of the history, a trainer and an administrator.
pub struct History {
    pub board: TestBoard,
    session: SessionId,
    other: SessionId,
    date: SessionDateId,
    school: AgencyId,
    people: Vec<PersonId>,
    trainer: PersonId,
    office: PersonId,
}

/// A step whose booking or charge was looked up, so that doing it twice means the same one.
#[derive(Clone, Debug)]
enum Act {
    Nothing,
    Book(PersonId),
    GiveUp(BookingId),
    Accept(BookingId),
    SendColleague(BookingId, Colleague),
    NeedApproval(bool),
    /// As the form with this version of the session asked for it.
    MoveSession(i32),
    Answer(BookingId, bool),
    Move(BookingId),
    WalkIn(PersonId, Marker),
    Mark(BookingId, Mark, Marker),
    Submit(Option<Mark>, Marker),
    Lock,
    Notify(String),
    Confirm(String),
    Waive(String),
    Erase(PersonId),
}

impl History {
    pub async fn new(people: usize) -> Self {
        let board = TestBoard::new().await;
        let course = board.course("Neglect").await;
        let session = board.session(course, memory::STARTS, PLACES as i32).await;
        let date = session_date::Entity::find().one(board.app.db.reader()).await.unwrap().unwrap().id;
        let other = board.session(course, memory::OTHER_STARTS, people as i32).await;
        let school = board.agency("Oak School").await;
        let trainer = board.person("Tessa Trainer").await;
        let office = board.person("Olive Office").await;
        let mut history = Self { board, session, other, date, school, people: Vec::new(), trainer, office };
        for number in 0..people {
            let person = history.board.person(&name_of(number)).await;
            history.board.member(person, school).await;
            history.people.push(person);
        }
        history
    }

    fn change(&self) -> Change {
        Change::new(None, self.board.now(), Letters::of(&self.board.app))
    }

    fn marker(&self, is_office: bool) -> Marker {
        Marker { by: if is_office { self.office } else { self.trainer }, is_office }
    }

    fn mover(&self) -> Mover<'_> {
        let public_url = &self.board.app.config.public_url;
        Mover { by: self.office, seen: None, now: self.board.now(), public_url }
    }

    /// What the jobs do, which run every minute.
    pub async fn pass(&self, minutes: i64) {
        self.board.app.clock.set(self.board.now() + Duration::minutes(minutes));
        let change = self.change();
        for _twice in 0..2 {
            let txn = self.board.txn().await;
            for booking in bookings_overdue(change.now, &txn).await.unwrap() {
                expire_in_txn(booking, &change, &txn).await.unwrap();
            }
            for session in sessions_with_free_places_awaited(change.now, &txn).await.unwrap() {
                offer_places_in_txn(session, &change, &txn).await.unwrap();
            }
            for session in sessions_with_list_over(change.now, &txn).await.unwrap() {
                list_end_in_txn(session, &change, &txn).await.unwrap();
            }
            charges_lapse_in_txn(change.now, &txn).await.unwrap();
            txn.commit().await.unwrap();
        }
    }

    /// Does a step, and does it again, which must change no row: nothing is said, counted or mailed a second time.
    pub async fn step(&self, step: Step, number: usize) {
        let act = self.act(step).await;
        self.carry_out(&act, number).await;
        let once = self.rows().await;
        self.carry_out(&act, number).await;
        assert_eq!(self.rows().await, once, "{step:?} twice");
    }

    async fn act(&self, step: Step) -> Act {
        match step {
            Step::Book(person) if self.is_erased(person).await => Act::Nothing,
            Step::Book(person) => Act::Book(self.people[person]),
            Step::GiveUp(person) => self.live(person).await.map_or(Act::Nothing, Act::GiveUp),
            Step::Accept(person) => self.live(person).await.map_or(Act::Nothing, Act::Accept),
            Step::SendColleague(_, to) if self.is_erased(to).await => Act::Nothing,
            Step::SendColleague(from, to) => {
                let name = name_of(to);
                let colleague = Colleague { address: address_of(&name), name };
                self.live(from).await.map_or(Act::Nothing, |booking| Act::SendColleague(booking, colleague))
            }
            Step::NeedApproval(needed) => Act::NeedApproval(needed),
            Step::MoveSession => Act::MoveSession(self.board.session_row(self.session).await.version),
            Step::Answer { person, approve } => {
                self.live(person).await.map_or(Act::Nothing, |booking| Act::Answer(booking, approve))
            }
            Step::Move(person) => self.live(person).await.map_or(Act::Nothing, Act::Move),
            Step::WalkIn { person, by_office } => Act::WalkIn(self.people[person], self.marker(by_office)),
            Step::Mark { person, mark, by_office } => {
                let marked = |booking| Act::Mark(booking, mark, self.marker(by_office));
                self.live(person).await.map_or(Act::Nothing, marked)
            }
            Step::Submit { rest, by_office } => Act::Submit(rest, self.marker(by_office)),
            Step::Lock => Act::Lock,
            Step::Notify(charge) => self.charge(charge).await.map_or(Act::Nothing, Act::Notify),
            Step::Confirm(charge) => self.charge(charge).await.map_or(Act::Nothing, Act::Confirm),
            Step::Waive(charge) => self.charge(charge).await.map_or(Act::Nothing, Act::Waive),
            Step::Erase(person) => Act::Erase(self.people[person]),
            Step::LetTimePass(_) => Act::Nothing,
        }
    }

    /// Nobody signs in as somebody who was erased, and their address is nobody's.
    async fn is_erased(&self, person: usize) -> bool {
        let row = person::Entity::find_by_id(self.people[person]).one(self.board.app.db.reader()).await.unwrap();
        row.unwrap().erased_at.is_some()
    }

    async fn live(&self, person: usize) -> Option<BookingId> {
        let found = booking_live_of(self.session, self.people[person], self.board.app.db.reader()).await.unwrap();
        found.map(|booking| booking.id)
    }

    async fn charge(&self, number: usize) -> Option<String> {
        let charges = self.charges().await;
        let index = number.checked_rem(charges.len())?;
        Some(charges[index].reference.clone())
    }

    /// One transaction, taken back where the rules refuse, as in the service.
    async fn carry_out(&self, act: &Act, number: usize) {
        let txn = self.board.txn().await;
        if self.is_allowed(act, number, &txn).await {
            txn.commit().await.unwrap();
        } else {
            txn.rollback().await.unwrap();
        }
    }

    async fn is_allowed(&self, act: &Act, number: usize, txn: &DatabaseTransaction) -> bool {
        let change = self.change();
        let (now, secrets) = (change.now, &self.board.app.secrets);
        match act {
            Act::Nothing => true,
            Act::Book(person) => {
                request_place_in_txn(self.request(*person, number), &change, txn).await.unwrap().is_ok()
            }
            Act::GiveUp(booking) => give_up_in_txn(*booking, &change, txn).await.unwrap().is_ok(),
            Act::Accept(booking) => accept_offer_in_txn(*booking, &change, txn).await.unwrap().is_ok(),
            Act::SendColleague(booking, colleague) => {
                let request = request_id(number);
                substitute_in_txn(*booking, colleague, &request, &change, txn).await.unwrap().is_ok()
            }
            Act::NeedApproval(needed) => {
                let approved = session::ActiveModel { needs_approval: Set(*needed), ..Default::default() };
                let only = session::Entity::update_many().filter(session::Column::Id.eq(self.session));
                only.set(approved).exec(txn).await.unwrap();
                true
            }
            Act::MoveSession(version) => self.move_session(*version, &change, txn).await,
            Act::Answer(booking, approve) => {
                let answer = if *approve { Answer::Approve } else { Answer::Decline { reason: None } };
                answer_request_in_txn(*booking, answer, &change, txn).await.unwrap().is_ok()
            }
            Act::Move(booking) => {
                transfer_in_txn(*booking, self.other, &request_id(number), &change, txn).await.unwrap().is_ok()
            }
            Act::WalkIn(person, marker) => {
                let wish = Wish { date: self.date, request: &request_id(number), marker: *marker };
                match walk_in_add_in_txn(wish, *person, None, secrets, now, txn).await {
                    Ok(_) => true,
                    Err(WalkInRefused::Register(RegisterError::Database(error))) => panic!("{error}"),
                    Err(_) => false,
                }
            }
            Act::Mark(booking, mark, marker) => {
                let request = MarkRequest { mark: *mark, minutes_late: None, reason: marker.is_office.then(why) };
                let nonce = format!("step {number}");
                let write = MarkWrite { nonce, date: self.date, booking: *booking, request };
                is_obeyed(mark_save_in_txn(&write, *marker, secrets, now, txn).await)
            }
            Act::Submit(rest, marker) => {
                is_obeyed(register_submit_in_txn(self.session, 1, *rest, *marker, secrets, now, txn).await)
            }
            Act::Lock => is_obeyed(register_lock_in_txn(self.date, self.office, now, txn).await),
            Act::Notify(charge) => is_moved(charge_notify_in_txn(charge, self.mover(), txn).await),
            Act::Confirm(charge) => is_moved(charge_confirm_in_txn(charge, self.mover(), txn).await),
            Act::Waive(charge) => {
                let reason = WaiverReason::OurError;
                is_moved(charge_waive_in_txn(charge, reason, None, self.mover(), txn).await)
            }
            Act::Erase(person) => {
                person_erase_in_txn(*person, self.office, now, txn).await.unwrap();
                true
            }
        }
    }

    async fn move_session(&self, version: i32, change: &Change, txn: &DatabaseTransaction) -> bool {
        let moved =
            session::ActiveModel { moved_at: Set(Some(change.now)), version: Set(version + 1), ..Default::default() };
        let only = session::Entity::update_many()
            .filter(session::Column::Id.eq(self.session))
            .filter(session::Column::Version.eq(version))
            .filter(session::Column::StartsAt.gt(change.now));
        if only.set(moved).exec(txn).await.unwrap().rows_affected == 0 {
            return false;
        }
        session_moved_in_txn(self.session, "The place has changed.", &[], change, txn).await.unwrap();
        session_charges_settle_in_txn(self.session, None, change.now, txn).await.unwrap();
        true
    }

    fn request(&self, person: PersonId, number: usize) -> PlaceRequest {
        PlaceRequest {
            request_id: request_id(number),
            session: self.session,
            person,
            agency: Some(self.school),
            agency_confirmed: true,
            agency_given: None,
            job_role: "Teacher".into(),
            person_kind: PersonKind::Employed,
            access_needs: None,
            policy_accepted: true,
            may_wait: true,
            substitute_for: None,
            booked_by_lead: None,
        }
    }

    pub async fn bookings(&self) -> Vec<booking::Model> {
        self.board.bookings_of(self.session).await
    }

    /// Booking by booking, each one's own in their order: one register proposes for several in the order of names.
    pub async fn charges(&self) -> Vec<charge::Model> {
        let charges = charge::Entity::find().order_by_asc(charge::Column::BookingId).order_by_asc(charge::Column::Id);
        charges.all(self.board.app.db.reader()).await.unwrap()
    }

    /// The rows that say what happened, and how often something was said.
    async fn rows(&self) -> String {
        let db = self.board.app.db.reader();
        let said = [
            count::<audit::Entity>(db).await,
            count::<outbox::Entity>(db).await,
            count::<mark_history::Entity>(db).await,
        ];
        format!(
            "{said:?} {:#?} {:#?} {:#?} {:#?} {:#?}",
            self.board.session_row(self.session).await,
            session_date::Entity::find().all(db).await.unwrap(),
            self.bookings().await,
            mark::Entity::find().order_by_asc(mark::Column::BookingId).all(db).await.unwrap(),
            self.charges().await,
        )
    }
}

async fn count<E>(db: &impl ConnectionTrait) -> u64
where
    E: EntityTrait,
    E::Model: Send + Sync,
{
    E::find().count(db).await.unwrap()
}

fn name_of(number: usize) -> String {
    format!("Person {number}")
}

fn why() -> String {
    "The sheet was read wrongly".into()
}

/// Whether a register took it; nothing but a refusal may keep it from that.
fn is_obeyed<T>(outcome: Result<T, RegisterError>) -> bool {
    match outcome {
        Ok(_) => true,
        Err(RegisterError::Refused(_) | RegisterError::NotFound) => false,
        Err(RegisterError::Database(error)) => panic!("{error}"),
    }
}

/// The same of a charge.
fn is_moved(outcome: Result<(), MoveError>) -> bool {
    match outcome {
        Ok(()) => true,
        Err(MoveError::Refused(_)) => false,
        Err(error) => panic!("{error}"),
    }
}
