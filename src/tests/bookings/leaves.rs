//! Somebody leaves an agency: what rested on their membership ends with it.

use super::{
    book, must_count, reference,
    reserved::{keep, staff},
    row,
};
use crate::board::TestBoard;
use chrono::NaiveDate;
use learning_gain::{
    accounts::rules::PersonId,
    agencies::{rules::MembershipId, store::membership_end_in_txn},
    bookings::rules::{BookingState, KeptFor},
    entity::membership,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

async fn membership_of(board: &TestBoard, person: PersonId) -> MembershipId {
    let found = membership::Entity::find().filter(membership::Column::PersonId.eq(person));
    found.one(board.app.db.reader()).await.unwrap().unwrap().id
}

#[tokio::test]
async fn a_kept_place_is_not_offered_to_somebody_who_has_left_the_agency() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-31 10:00", 1).await;
    let elm = board.agency("Elm Nursery").await;
    keep(&board, session, KeptFor::Agency(elm), 1, "2025-03-25 00:00").await;
    let (ella_id, mut ella) = staff(&board, "Ella Elm", elm).await;
    book(&mut ella, session).await;
    let (emil_id, mut emil) = staff(&board, "Emil Elm", elm).await;
    book(&mut emil, session).await;
    emil.must_say("You are number 1");
    let (_, mut erna) = staff(&board, "Erna Elm", elm).await;
    book(&mut erna, session).await;
    let (ellas, emils, ernas) = (reference(&ella), reference(&emil), reference(&erna));
    let mut office = board.office().await;
    for person in [ella_id, emil_id] {
        office.post(&format!("/office/memberships/{}/end", membership_of(&board, person).await), &[]).await;
    }
    assert!(!row(&board, &emils).await.agency_confirmed);
    assert!(row(&board, &ellas).await.agency_confirmed, "what was booked stays booked for the agency");
    ella.open(&format!("/bookings/{ellas}/cancel")).await.submit("Cancel this place", &[]).await;
    assert_eq!(row(&board, &emils).await.state, BookingState::Waitlisted);
    assert_eq!(row(&board, &ernas).await.state, BookingState::Offered, "kept for whoever still works there");
    must_count(&board).await;
}

#[tokio::test]
async fn a_confirmation_that_is_no_longer_true_does_not_move_to_another_date() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let first = board.session(course, "2025-03-31 10:00", 5).await;
    let kept = board.session(course, "2025-04-07 10:00", 1).await;
    let open = board.session(course, "2025-04-14 10:00", 5).await;
    let elm = board.agency("Elm Nursery").await;
    keep(&board, kept, KeptFor::Agency(elm), 1, "2025-03-25 00:00").await;
    let (ella_id, mut ella) = staff(&board, "Ella Elm", elm).await;
    book(&mut ella, first).await;
    let page = format!("/bookings/{}/move", reference(&ella));
    ella.open(&page).await.must_say("7 April 2025");
    let mut office = board.office().await;
    office.post(&format!("/office/memberships/{}/end", membership_of(&board, ella_id).await), &[]).await;
    // The page of before still offers the kept place.
    ella.submit("Move to this date", &[("session", &kept.to_string()), ("accept", "yes")]).await;
    ella.must_say("That date is full");
    ella.open(&page).await.must_say("14 April 2025");
    assert!(!ella.says("7 April 2025"));
    ella.submit("Move to this date", &[("session", &open.to_string()), ("accept", "yes")]).await;
    let moved = row(&board, &reference(&ella)).await;
    assert_eq!((moved.session_id, moved.agency_id, moved.agency_confirmed), (open, Some(elm), false));
    must_count(&board).await;
}

#[tokio::test]
async fn until_the_last_day_somebody_is_staff_and_elsewhere_nothing_changes() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let before = board.session(course, "2025-03-31 10:00", 1).await;
    let after = board.session(course, "2025-04-07 10:00", 1).await;
    let (_, mut first) = board.learner("Amira Khan").await;
    book(&mut first, before).await;
    book(&mut first, after).await;
    let elm = board.agency("Elm Nursery").await;
    let (ella_id, mut ella) = staff(&board, "Ella Elm", elm).await;
    let (_, mut emil) = staff(&board, "Emil Elm", elm).await;
    book(&mut ella, before).await;
    let earlier = reference(&ella);
    book(&mut ella, after).await;
    let later = reference(&ella);
    book(&mut emil, after).await;
    let txn = board.txn().await;
    let last_day = NaiveDate::from_ymd_opt(2025, 3, 31).unwrap();
    assert!(membership_end_in_txn(membership_of(&board, ella_id).await, last_day, &txn).await.unwrap());
    txn.commit().await.unwrap();
    assert!(row(&board, &earlier).await.agency_confirmed, "that day she still works there");
    assert!(!row(&board, &later).await.agency_confirmed);
    assert!(row(&board, &reference(&emil)).await.agency_confirmed, "he stays");
}
