//! Nobody is skipped except by an administrator, with a reason that is kept.

use super::{book, must_count, reference, row};
use crate::board::{TestBoard, address_of};
use learning_gain::{accounts::rules::Role, bookings::rules::BookingState, entity::audit};
use reqwest::StatusCode;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

#[tokio::test]
async fn an_administrator_skips_a_waiter_with_a_reason_and_nobody_else_does() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-31 10:00", 1).await;
    let (_, mut amira) = board.learner("Amira Khan").await;
    book(&mut amira, session).await;
    let (_, mut ben) = board.learner("Ben Okoro").await;
    book(&mut ben, session).await;
    board.set_clock("2025-03-03 09:10");
    let (_, mut cora) = board.learner("Cora Diaz").await;
    book(&mut cora, session).await;
    let (bens, coras) = (reference(&ben), reference(&cora));
    ben.open(&format!("/office/bookings/{bens}/skip")).await;
    assert_eq!(ben.status, StatusCode::FORBIDDEN);
    ben.post(&format!("/office/bookings/{coras}/skip"), &[("reason", "me first")]).await;
    assert_eq!(ben.status, StatusCode::FORBIDDEN);

    board.set_clock("2025-03-03 09:20");
    let mut office = board.office().await;
    let mut other = board.with_role("Otto Office", Role::Administrator).await.1;
    office.open(&format!("/bookings/{bens}")).await;
    let skip = office.link("Move to the end of the list");
    other.open(&skip).await;
    office.open(&skip).await.submit("Move to the end", &[]).await.must_say("Enter the reason");
    assert_eq!(office.status, StatusCode::UNPROCESSABLE_ENTITY);
    office.submit("Move to the end", &[("reason", "Asked to wait for the June date")]).await;
    office.must_say("at the end of the waiting list now");
    cora.open(&format!("/bookings/{coras}")).await.must_say("You are number 1");
    ben.open(&format!("/bookings/{bens}")).await.must_say("You are number 2");
    let told = board.mails_to(&address_of("Ben Okoro")).await.pop().unwrap();
    assert!(told.kind == "waiting_list_moved" && told.body.unwrap().contains("June date"));
    let trail = audit::Entity::find().filter(audit::Column::SubjectKind.eq("booking"));
    let trail = trail.filter(audit::Column::SubjectId.eq(row(&board, &bens).await.id.0));
    let trail = trail.all(board.app.db.reader()).await.unwrap();
    let last = trail.iter().max_by_key(|row| row.id).unwrap();
    assert!(last.actor_id.is_some());
    assert_eq!(last.sentence, "Moved from number 1 to number 2 of the waiting list: Asked to wait for the June date");

    // The other administrator's page is from before: it skips nobody twice.
    other.submit("Move to the end", &[("reason", "Again")]).await.must_say("Their position has changed");
    assert_eq!(other.status, StatusCode::CONFLICT);
    let amiras = reference(&amira);
    amira.open(&format!("/bookings/{amiras}/cancel")).await.submit("Cancel this place", &[]).await;
    assert_eq!(row(&board, &coras).await.state, BookingState::Offered);
    office.open(&format!("/office/bookings/{coras}/skip")).await.must_say("no longer on the waiting list");
    must_count(&board).await;
}
