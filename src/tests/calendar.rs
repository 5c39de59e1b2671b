//! Bank holidays that the office keeps, and what follows from them.

use crate::{board::TestBoard, bookings::book};
use reqwest::StatusCode;

const DAYS_OF_2027: &str = "1/1/2027, New Year\n26/3/2027, Good Friday\n29/3/2027, Easter Monday\n3/5/2027, Early May\n\
    31/5/2027, Spring\n30/8/2027, Summer\n27/12/2027, Christmas (substitute)\n28/12/2027, Boxing Day (substitute)";

#[tokio::test]
async fn the_office_adds_a_year_whole_and_single_days_and_removes_them_after_asking() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let mut office = board.office().await;
    let session = board.session(course, "2027-04-12 10:00", 5).await;
    let (_, mut amira) = board.learner("Amira Khan").await;
    amira.open(&format!("/sessions/{session}/book")).await.must_say("cannot be worked out");

    office.open("/office").await;
    let page = office.link("Bank holidays");
    office.open(&page).await.must_say("Friday 18 April 2025");
    office.open("/office/bank-holidays?year=2026").await.must_say("Friday 3 April 2026");
    let day = [("date-day", "12"), ("date-month", "4"), ("date-year", "2027"), ("name", "A coronation")];
    office.submit("Add this day", &day).await.must_say("2027 is not known yet");
    assert_eq!(office.status, StatusCode::UNPROCESSABLE_ENTITY);
    office.submit("Add this year", &[("days", "1 1 2027, New Year")]).await.must_say("at least 8, not 1");
    assert!(office.body.contains("1 1 2027, New Year"), "what was typed is gone");
    office.submit("Add this year", &[("days", DAYS_OF_2027)]).await.must_say("The year is added");
    office.submit("Add this year", &[("days", DAYS_OF_2027)]).await.must_say("2027 is known already");

    amira.open(&format!("/sessions/{session}/book")).await.must_say("11:59pm on Thursday 1 April 2027");
    book(&mut amira, session).await;
    let weekend = [("date-day", "3"), ("date-month", "4"), ("date-year", "2027"), ("name", "x")];
    office.open("/office/bank-holidays?year=2027").await;
    office.submit("Add this day", &weekend).await.must_say("This is a weekend");
    let friday = [("date-day", "9"), ("date-month", "4"), ("date-year", "2027"), ("name", "A coronation")];
    office.submit("Add this day", &friday).await.must_say("A coronation").must_say("is added");
    office.submit("Add this day", &friday).await.must_say("is a bank holiday already");
    // What was printed stays; what is booked now gets the new moment.
    amira.open("/bookings").await.must_say("1 Apr 2027, 11:59pm");
    let (_, mut ben) = board.learner("Ben Okoro").await;
    ben.open(&format!("/sessions/{session}/book")).await.must_say("11:59pm on Wednesday 31 March 2027");

    office.open("/office/bank-holidays/2027-04-09/remove").await.must_say("Remove Friday 9 April 2027?");
    office.submit("Remove this day", &[]).await.must_say("is removed").must_say("Removed Friday 9 April 2027");
    office.post("/office/bank-holidays/2027-04-09/remove", &[]).await;
    assert_eq!(office.status, StatusCode::OK, "twice is once");
    office.post("/office/bank-holidays/2027-03-26/remove", &[]).await.must_say("no year has fewer");
    assert_eq!(office.status, StatusCode::CONFLICT);
    for wrong in ["/office/bank-holidays/2027-04-09/remove", "/office/bank-holidays/never/remove"] {
        office.open(wrong).await;
        assert_eq!(office.status, StatusCode::NOT_FOUND, "{wrong}");
    }
}
