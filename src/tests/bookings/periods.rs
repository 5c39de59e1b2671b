//! How long places are held and when people are reminded, as the office has set it.

use super::{
    row,
    scene::{asked_by, asks_for_approval, cancel},
};
use crate::board::{TestBoard, address_of, london};
use reqwest::StatusCode;

#[tokio::test]
async fn the_office_sets_how_long_places_are_held_and_when_people_are_reminded() {
    let board = TestBoard::new().await;
    let mut office = board.office().await;
    office.open("/office/settings").await;
    office.submit("Save", &[("approval_days", "0"), ("offer_days", "soon"), ("reminder_days", "4")]).await;
    assert_eq!(office.status, StatusCode::UNPROCESSABLE_ENTITY);
    office.must_say("Working days for an approval must be a whole number").must_say("Working days for an offer must");
    assert!(office.body.contains("soon"), "what was typed is kept");
    let set = [("approval_days", "5"), ("offer_days", "4"), ("reminder_days", "4")];
    office.submit("Save", &set).await.must_say("Settings saved");

    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-31 10:00", 1).await;
    let (mut amira, amiras) = asked_by(&board, "Amira Khan", session).await;
    let (_, bens) = asked_by(&board, "Ben Okoro", session).await;

    // Four working days before Thursday 20 March, the day of the printed moment.
    assert_eq!(row(&board, &amiras).await.cancel_by, london("2025-03-20 23:59"));
    let reminders = async || {
        let mails = board.mails_to(&address_of("Amira Khan")).await;
        mails.iter().filter(|mail| mail.kind == "booking_cancel_by_near").count()
    };
    board.set_clock("2025-03-14 08:40");
    board.run_jobs().await;
    assert_eq!(reminders().await, 0);
    board.set_clock("2025-03-14 09:00");
    board.run_jobs().await;
    assert_eq!(reminders().await, 1);

    // Four working days after Friday 14 March.
    cancel(&mut amira, &amiras).await;
    assert_eq!(row(&board, &bens).await.offer_expires_at, Some(london("2025-03-20 23:59")));

    let approved = board.session(course, "2025-04-30 10:00", 1).await;
    asks_for_approval(&board, approved, true).await;
    let (_, coras) = asked_by(&board, "Cora Diaz", approved).await;
    // Five working days after Friday 14 March.
    assert_eq!(row(&board, &coras).await.approval_until, Some(london("2025-03-21 23:59")));
}
