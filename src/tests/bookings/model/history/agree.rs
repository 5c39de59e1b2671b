//! What the rows say after each step is what the model says, and keeps the invariants.

use super::History;
use crate::bookings::{
    model::{PLACES, memory},
    must_count,
};
use learning_gain::{
    attendance::rules::Mark,
    bookings::rules::BookingState,
    charges::rules::{ChargeState, Trigger},
    entity::{booking, charge, mark, person, session_date},
};
use sea_orm::EntityTrait;
use std::collections::BTreeSet;

impl History {
    /// The rows say what the model says, one by one, and keep DOMAIN.md's invariants by themselves.
    pub async fn must_agree(&self, model: &memory::Model) {
        let (bookings, charges) = (self.bookings().await, self.charges().await);
        let found: Vec<_> = bookings.iter().map(|row| (row.person_id, row.state, row.walk_in, row.outcome)).collect();
        let places =
            model.places.iter().map(|place| (self.people[place.person], place.state, place.is_walk_in, place.outcome));
        assert_eq!(found, places.collect::<Vec<_>>());
        let found: Vec<_> = charges.iter().map(|row| (row.booking_id, row.trigger, row.state)).collect();
        let charged = model.charges.iter().map(|charge| (bookings[charge.place].id, charge.trigger, charge.state));
        let mut charged: Vec<_> = charged.collect();
        charged.sort_by_key(|(booking, _, _)| booking.0);
        assert_eq!(found, charged);
        assert!(charges.iter().all(|row| row.amount_pence == 50_00));
        let people = person::Entity::find().all(self.board.app.db.reader()).await.unwrap();
        for row in people {
            let number = self.people.iter().position(|person| *person == row.id);
            let is_erased = number.is_some_and(|number| model.erased.contains(&number));
            assert_eq!(row.erased_at.is_some(), is_erased, "{}", row.name);
        }
        let moved = self.board.bookings_of(self.other).await;
        let moved: BTreeSet<_> = moved.into_iter().map(|row| row.person_id).collect();
        assert_eq!(moved, model.elsewhere.iter().map(|person| self.people[*person]).collect());
        self.must_keep_the_invariants(&bookings, &charges).await;
    }

    async fn must_keep_the_invariants(&self, bookings: &[booking::Model], charges: &[charge::Model]) {
        let db = self.board.app.db.reader();
        must_count(&self.board).await;
        assert!(self.board.session_row(self.session).await.held <= PLACES as i32);
        let date = session_date::Entity::find_by_id(self.date).one(db).await.unwrap().unwrap();
        let marks = mark::Entity::find().all(db).await.unwrap();
        let live = |charge: &&charge::Model| {
            !matches!(charge.state, ChargeState::Void | ChargeState::Lapsed | ChargeState::Waived)
        };
        for booking in bookings {
            let charges: Vec<_> = charges.iter().filter(live).filter(|row| row.booking_id == booking.id).collect();
            assert!(charges.len() <= 1, "one live charge per booking");
            let Some(charge) = charges.first() else { continue };
            if charge.trigger == Trigger::LateCancellation {
                assert_eq!(booking.state, BookingState::CancelledLate);
                continue;
            }
            assert_eq!(booking.state, BookingState::Booked);
            assert!(date.submitted_at.is_some(), "charged before the register was submitted");
            let said = marks.iter().find(|mark| mark.booking_id == booking.id).map(|mark| mark.mark);
            assert!(matches!(said, Some(Mark::DidNotAttend | Mark::RefusedLate)), "{said:?} is charged");
            assert!(charge.state == ChargeState::Proposed || date.locked_at.is_some(), "told before the lock");
        }
    }
}
