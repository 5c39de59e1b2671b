//! The end of a waiting list: the session starts, and whoever still waits is told once.

use super::{address_in, book, must_count, reference, request_id, row, scene::asked_by};
use crate::{
    board::{TestBoard, address_of},
    sign_in::Listening,
};
use chrono::Duration;
use learning_gain::{
    accounts::rules::{PersonKind, Role},
    agencies::rules::AgencyId,
    bookings::{
        rules::BookingState,
        store::{Change, PlaceRequest, list_end_in_txn, request_place_in_txn, subject},
    },
    entity::{agency, audit},
    messages::bookings::Letters,
    sessions::rules::SessionId,
};
use reqwest::StatusCode;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

fn change(board: &TestBoard) -> Change {
    Change::new(None, board.now(), Letters::of(&board.app))
}

#[tokio::test]
async fn whoever_still_waits_at_the_start_is_told_once_and_shown_other_dates() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-31 10:00", 1).await;
    let (_, amiras) = asked_by(&board, "Amira Khan", session).await;
    let (ben, mut bens_browser) = board.learner("Ben Okoro").await;
    book(&mut bens_browser, session).await;
    let bens = reference(&bens_browser);
    let body = board.mails_to(&address_of("Ben Okoro")).await[0].body.clone().unwrap();
    let link = address_in(&body, &format!("{}/bookings/link/", board.base));
    let (_, coras) = asked_by(&board, "Cora Diaz", session).await;

    board.set_clock("2025-03-31 09:59");
    board.run_jobs().await;
    assert_eq!(row(&board, &bens).await.state, BookingState::Waitlisted);
    // Pages from before the start, to be used after it.
    bens_browser.open(&format!("/bookings/{bens}/cancel")).await.must_say("Leave the waiting list?");
    let mut by_link = board.stranger();
    by_link.open(&link).await.must_say("Take a place if one is free");

    board.set_clock("2025-03-31 10:00");
    // Before the job has looked: what is true is said all the same.
    let mut second = board.signed_in(ben).await;
    second.open(&format!("/bookings/{bens}")).await.must_say("started before a place came free for you");
    second.open("/bookings").await.must_say("Past and cancelled");
    assert!(!second.says("Waiting list"), "{}", second.text());
    board.run_jobs().await;
    board.set_clock("2025-03-31 10:05");
    board.run_jobs().await;
    assert_eq!(row(&board, &amiras).await.state, BookingState::Booked);
    assert_eq!(board.session_row(session).await.waiting, 0);
    must_count(&board).await;
    for (name, reference) in [("Ben Okoro", &bens), ("Cora Diaz", &coras)] {
        let booking = row(&board, reference).await;
        assert_eq!(booking.state, BookingState::ListEnded);
        let mails = board.mails_to(&address_of(name)).await;
        let told: Vec<_> = mails.iter().filter(|mail| mail.kind == "waiting_list_ended").collect();
        assert_eq!(told.len(), 1, "{name}");
        let text = told[0].body.clone().unwrap();
        assert!(text.contains("no place came free for you") && text.contains("nothing is charged"), "{text}");
        assert!(text.contains(&format!("{}/courses/neglect", board.base)), "{text}");
        let said = audit::Entity::find().filter(audit::Column::SubjectId.eq(subject(booking.id).id));
        let said = said.filter(audit::Column::SubjectKind.eq("booking")).all(board.app.db.reader()).await.unwrap();
        assert_eq!(said.iter().filter(|row| row.sentence.contains("the waiting list ended")).count(), 1, "{said:?}");
    }

    second.open("/bookings").await.must_say("Past and cancelled").must_say("No place came free");
    assert!(!second.says("Waiting list"), "{}", second.text());
    second.open(&format!("/bookings/{bens}")).await.must_say("Nothing is charged");
    assert_eq!(second.link("See the other dates of this course"), "/courses/neglect");
    // The old pages say what is true now, and change nothing.
    bens_browser.submit("Leave the waiting list", &[]).await.must_say("No place came free for you");
    assert_eq!(bens_browser.status, StatusCode::CONFLICT);
    by_link.submit("Take a place", &[]).await.must_say("its waiting list has ended");
    assert_eq!(by_link.status, StatusCode::CONFLICT);
    by_link.open(&link).await.must_say("started before a place came free").must_say("See the other dates");
    assert_eq!(row(&board, &bens).await.state, BookingState::ListEnded);
    must_count(&board).await;
}

/// So many people of one agency on the list of a session with one place, which somebody has.
pub async fn long_list(board: &TestBoard, starts: &str, waiting: usize, agency: AgencyId) -> SessionId {
    let course = board.course(&format!("Neglect of {starts}")).await;
    let session = board.session(course, starts, 1).await;
    for number in 0..=waiting {
        let person = board.person(&format!("Person {number} of {}", session.0)).await;
        let request = PlaceRequest {
            request_id: request_id(session.0 as usize * 1_000 + number),
            session,
            person,
            agency: Some(agency),
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
        let txn = board.txn().await;
        request_place_in_txn(request, &change(board), &txn).await.unwrap().unwrap();
        txn.commit().await.unwrap();
    }
    session
}

#[tokio::test]
async fn a_long_list_ends_in_batches_with_as_many_statements_as_a_short_one() {
    let board = TestBoard::new().await;
    let oak = board.agency("Oak School").await;
    let lead = board.person("Lena Lead").await;
    board.grant(lead, Role::TrainingLead, Some(oak)).await;
    let txn = board.txn().await;
    let copied = agency::ActiveModel { copy_leads: Set(true), ..Default::default() };
    agency::Entity::update_many().set(copied).exec(&txn).await.unwrap();
    txn.commit().await.unwrap();
    let short = long_list(&board, "2025-03-31 10:00", 2, oak).await;
    let long = long_list(&board, "2025-03-31 14:00", 103, oak).await;
    let before = board.mails_to(&address_of("Lena Lead")).await.len();

    board.set_clock("2025-03-31 14:00");
    let mut statements = Vec::new();
    for (session, ended) in [(short, 2), (short, 0), (long, 100), (long, 3), (long, 0)] {
        let txn = board.txn().await;
        let listening = Listening::to(&txn);
        assert_eq!(list_end_in_txn(session, &change(&board), &listening).await.unwrap(), ended);
        statements.push(listening.heard().len());
        txn.commit().await.unwrap();
        must_count(&board).await;
    }
    assert_eq!(statements[0], statements[2], "statements for two people and for a hundred");
    assert!(statements[0] <= 20, "{} statements", statements[0]);
    for (session, waited) in [(short, 2), (long, 103)] {
        let rows = board.bookings_of(session).await;
        assert_eq!(rows.iter().filter(|row| row.state == BookingState::ListEnded).count(), waited);
    }
    let mails = board.mails().await;
    assert_eq!(mails.iter().filter(|mail| mail.kind == "waiting_list_ended").count(), 105);
    let copies = board.mails_to(&address_of("Lena Lead")).await.len() - before;
    assert_eq!(copies, 105, "the agency's lead has a copy of each");
}

#[tokio::test]
async fn lists_of_long_ago_end_without_a_mail() {
    let board = TestBoard::new().await;
    let oak = board.agency("Oak School").await;
    let session = long_list(&board, "2025-03-31 10:00", 2, oak).await;
    board.app.clock.set(board.session_row(session).await.starts_at + Duration::days(7));
    board.run_jobs().await;
    let rows = board.bookings_of(session).await;
    assert_eq!(rows.iter().filter(|row| row.state == BookingState::ListEnded).count(), 2);
    assert!(board.mails().await.iter().all(|mail| mail.kind != "waiting_list_ended"));
    must_count(&board).await;
}
