//! Every move has a mail, which says what its reader needs; and what happens where no mail reaches somebody.

use super::{
    book,
    scene::{Move, Scene},
};
use crate::board::{TestBoard, address_of};
use chrono::NaiveDate;
use learning_gain::{
    accounts::rules::Role,
    charges::rules::PolicyId,
    entity::{address, agency, outbox, policy, policy_suspension, session, venue},
    sessions::rules::Mode,
};
use reqwest::StatusCode;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

/// The move, the kind of mail that Ben gets for it, and what it has to say besides course and name.
const TABLE: [(Move, &str, &[&str]); 21] = [
    (
        Move::Book,
        "booking_confirmed",
        &["until 11:59pm on Thursday 20 March 2025", "charged £50", "secret-room", "/bookings/link/"],
    ),
    (
        Move::Request,
        "booking_requested",
        &["needs approval first", "until 11:59pm on Thursday 6 March 2025", "/bookings/link/"],
    ),
    (Move::Wait, "waiting_list", &["number 1 on its waiting list", "Waiting is never charged", "/bookings/link/"]),
    (Move::Approve, "booking_confirmed", &["until 11:59pm on Thursday 20 March 2025", "secret-room"]),
    (Move::Decline, "booking_declined", &["was not approved", "can tell you why"]),
    (Move::Withdraw, "request_withdrawn", &["is taken back", "Nothing is charged"]),
    (Move::Lapse, "booking_lapsed", &["was not answered in time"]),
    (
        Move::Offer,
        "booking_offer",
        &[
            "held for you until 11:59pm on Wednesday 5 March 2025",
            "can cancel free of charge until 11:59pm on Thursday 20 March 2025",
            "charged £50",
            "/bookings/link/",
        ],
    ),
    (Move::Accept, "booking_confirmed", &["until 11:59pm on Thursday 20 March 2025", "secret-room"]),
    (Move::DeclineOffer, "offer_declined", &["You have declined the place", "Nothing is charged"]),
    (Move::Expire, "booking_offer_expired", &["has run out", "no longer on the waiting list", "/sessions/"]),
    (Move::Leave, "waiting_list_left", &["You have left the waiting list"]),
    (Move::CancelInTime, "booking_cancelled", &["It was cancelled in time, so nothing is charged"]),
    (
        Move::CancelLate,
        "booking_cancelled_late",
        &["free of charge until 11:59pm on Thursday 20 March 2025", "a charge may follow"],
    ),
    (Move::Substitute, "booking_substituted", &["Cora Diaz now has your place", "Nothing is charged"]),
    (
        Move::Transfer,
        "booking_transferred",
        &["You have moved from Monday 31 March 2025", "Monday 7 April 2025", "until 11:59pm on Thursday 27 March 2025"],
    ),
    (Move::Skip, "waiting_list_moved", &["to number 1 on the waiting list", "The reason: Asked for June"]),
    (Move::CallOff, "session_cancelled", &["The reason: The trainer is ill", "Nothing is charged", "/courses/neglect"]),
    (Move::Postpone, "session_moved", &["The time has changed.", "cancel free of charge until the start"]),
    (Move::BringForward, "session_moved", &["now held until 10am on Tuesday 4 March 2025"]),
    (Move::EndList, "waiting_list_ended", &["no place came free for you", "nothing is charged", "/courses/neglect"]),
];

/// The last mail to somebody.
async fn last(board: &TestBoard, name: &str) -> outbox::Model {
    board.mails_to(&address_of(name)).await.pop().unwrap_or_else(|| panic!("no mail to {name}"))
}

#[tokio::test]
async fn every_move_has_its_mail() {
    for (step, kind, words) in TABLE {
        let scene = Scene::new().await;
        let before = scene.before(step).await;
        let known = scene.board.mails_to(&address_of("Ben Okoro")).await.len();
        scene.make(step, before).await;
        let mails = scene.board.mails_to(&address_of("Ben Okoro")).await;
        assert_eq!(mails.len(), known + 1, "{step:?}: one mail");
        let mail = mails.last().unwrap();
        let (text, html) = (mail.body.clone().unwrap(), mail.html.clone().unwrap());
        assert_eq!(mail.kind, kind, "{step:?}");
        for words in words.iter().chain(&["Dear Ben Okoro", "Neglect", "Booking reference"]) {
            assert!(text.contains(words), "{step:?}: “{words}” is not in {text}");
            assert!(html.contains(words), "{step:?}: “{words}” is not in {html}");
        }
    }
}

#[tokio::test]
async fn the_manager_has_a_copy_of_the_mail_of_every_move_without_what_is_personal() {
    for (step, kind, _) in TABLE {
        let scene = Scene::new().await;
        lead_with_copies(&scene.board).await;
        let before = scene.before(step).await;
        let copies = async || {
            let mails = scene.board.mails_to(&address_of("Lena Lead")).await.into_iter();
            mails.filter(|mail| mail.subject.starts_with("Copy for Ben Okoro: ")).collect::<Vec<_>>()
        };
        let known = copies().await.len();
        scene.make(step, before).await;
        let mut now = copies().await;
        assert_eq!(now.len(), known + 1, "{step:?}: one copy");
        let copy = now.pop().unwrap();
        let theirs = last(&scene.board, "Ben Okoro").await;
        assert_eq!(theirs.kind, kind);
        assert_eq!(copy.subject, format!("Copy for Ben Okoro: {}", theirs.subject), "{step:?}");
        for text in [copy.body.unwrap(), copy.html.unwrap()] {
            for personal in ["/bookings/link/", "/answers/", "secret-room"] {
                assert!(!text.contains(personal), "{step:?}: {personal} in {text}");
            }
            assert!(text.contains("/agency/bookings/"), "{step:?}: the lead's own page: {text}");
        }
        assert_eq!(copy.calendar, None, "{step:?}");
    }
}

/// Lena is training lead of Oak School, which wants copies.
async fn lead_with_copies(board: &TestBoard) {
    let oak = agency::Entity::find().filter(agency::Column::Name.eq("Oak School"));
    let oak = oak.one(board.app.db.reader()).await.unwrap().unwrap().id;
    let lead = board.person("Lena Lead").await;
    board.grant(lead, Role::TrainingLead, Some(oak)).await;
    let txn = board.txn().await;
    let wants = agency::ActiveModel { copy_leads: Set(true), ..Default::default() };
    agency::Entity::update_many().set(wants).filter(agency::Column::Id.eq(oak)).exec(&txn).await.unwrap();
    txn.commit().await.unwrap();
}

/// The moves that put the session into Ben's calendar, change it there or take it out; no other mail has a calendar file.
const CALENDARS: [(Move, &str); 9] = [
    (Move::Book, "METHOD:PUBLISH"),
    (Move::Approve, "METHOD:PUBLISH"),
    (Move::Accept, "METHOD:PUBLISH"),
    (Move::CancelInTime, "METHOD:CANCEL"),
    (Move::CancelLate, "METHOD:CANCEL"),
    (Move::Substitute, "METHOD:CANCEL"),
    (Move::Transfer, "METHOD:PUBLISH"),
    (Move::CallOff, "METHOD:CANCEL"),
    (Move::Postpone, "METHOD:PUBLISH"),
];

#[tokio::test]
async fn a_mail_brings_the_calendar_what_the_move_means_for_it() {
    for (step, _, _) in TABLE {
        let scene = Scene::new().await;
        let before = scene.before(step).await;
        scene.make(step, before).await;
        let calendar = last(&scene.board, "Ben Okoro").await.calendar;
        let method = CALENDARS.iter().find(|(move_, _)| *move_ == step).map(|(_, method)| *method);
        let found = calendar.as_ref().map(|file| file.lines().find(|line| line.starts_with("METHOD:")).unwrap());
        assert_eq!(found, method, "{step:?}");
        if step == Move::Substitute {
            let cora = scene.board.mails_to("cora@people.example").await.pop().unwrap();
            assert!(cora.calendar.as_ref().unwrap().contains("METHOD:PUBLISH"), "{cora:?}");
            assert!(!cora.calendar.unwrap().contains("METHOD:CANCEL"));
        }
        if step == Move::Transfer {
            let file = calendar.unwrap();
            assert!(
                file.contains("STATUS:CANCELLED") && file.contains("STATUS:CONFIRMED"),
                "the old date goes: {file}"
            );
        }
    }
}

#[tokio::test]
async fn a_late_cancellation_that_is_not_charged_says_so() {
    let scene = Scene::new().await;
    let txn = scene.board.txn().await;
    let policy: PolicyId = policy::Entity::find().one(&txn).await.unwrap().unwrap().id;
    let day = NaiveDate::from_ymd_opt(2025, 3, 31).unwrap();
    let heat = policy_suspension::ActiveModel {
        policy_id: Set(policy),
        from_date: Set(day),
        to_date: Set(day),
        reason: Set("Heat".into()),
        ..Default::default()
    };
    heat.insert(&txn).await.unwrap();
    txn.commit().await.unwrap();
    let before = scene.before(Move::CancelLate).await;
    scene.make(Move::CancelLate, before).await;
    let mail = last(&scene.board, "Ben Okoro").await;
    assert_eq!(mail.kind, "booking_cancelled_uncharged");
    let text = mail.body.unwrap();
    assert!(text.contains("until 11:59pm on Thursday 20 March 2025; nothing is charged all the same"), "{text}");
}

#[tokio::test]
async fn the_reminder_of_the_day_before_has_the_link_or_the_way() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let online = board.session(course, "2025-03-31 10:00", 5).await;
    let (_, mut amira) = board.learner("Amira Khan").await;
    book(&mut amira, online).await;
    let txn = board.txn().await;
    let hall = venue::ActiveModel {
        name: Set("Town Hall".into()),
        address: Set("1 High Street".into()),
        postcode: Set("OX1 1AA".into()),
        access_notes: Set(String::new()),
        travel_notes: Set("Ring at the side door".into()),
        capacity: Set(30),
        version: Set(1),
        ..Default::default()
    };
    let hall = hall.insert(&txn).await.unwrap().id;
    txn.commit().await.unwrap();
    let in_hall = board.session(course, "2025-03-31 10:00", 5).await;
    let txn = board.txn().await;
    let there = session::ActiveModel {
        mode: Set(Mode::Venue),
        venue_id: Set(Some(hall)),
        online_link: Set(None),
        ..Default::default()
    };
    let only = session::Entity::update_many().filter(session::Column::Id.eq(in_hall));
    only.set(there).exec(&txn).await.unwrap();
    txn.commit().await.unwrap();
    let (_, mut ben) = board.learner("Ben Okoro").await;
    book(&mut ben, in_hall).await;
    board.set_clock("2025-03-30 10:05");
    board.run_jobs().await;
    let by_call = last(&board, "Amira Khan").await;
    assert_eq!(by_call.kind, "session_reminder");
    let text = by_call.body.unwrap();
    assert!(text.contains("https://meet.example/secret-room") && !text.contains("openstreetmap"), "{text}");
    assert!(text.contains("a colleague can take your place until the start") && text.contains("/bookings/link/"));
    let text = last(&board, "Ben Okoro").await.body.unwrap();
    for words in [
        "Town Hall, 1 High Street OX1 1AA",
        "Ring at the side door",
        "https://www.openstreetmap.org/search?query=OX11AA",
    ] {
        assert!(text.contains(words), "“{words}” is not in {text}");
    }
}

#[tokio::test]
async fn whom_no_mail_reaches_is_told_by_the_office() {
    let mut scene = Scene::new().await;
    let txn = scene.board.txn().await;
    address::Entity::delete_many().filter(address::Column::PersonId.eq(scene.ben)).exec(&txn).await.unwrap();
    txn.commit().await.unwrap();
    let before = scene.before(Move::CallOff).await;
    scene.make(Move::CallOff, before).await;
    let unsent: Vec<_> = scene.board.mails().await.into_iter().filter(|mail| mail.failed_at.is_some()).collect();
    let kinds: Vec<_> = unsent.iter().map(|mail| mail.kind.as_str()).collect();
    assert_eq!(kinds, ["booking_confirmed", "session_cancelled"]);
    scene.board.send_mails().await;
    let office = &mut scene.at_office;
    office.open("/office").await.must_say("2 mails that could not be delivered");
    office.open("/office/mail").await.must_say("Session cancelled: Neglect").must_say("No address that works");
    let page = format!("/office/mail/{}", unsent[1].id);
    office.open(&page).await.must_say("Ben Okoro").must_say("The trainer is ill");
    assert!(!office.says("Stop writing to this address"));
    office.submit("Send it again", &[]).await.must_say("We know no address of this person");
    assert_eq!(office.status, StatusCode::CONFLICT);
    // With an address, it can be sent.
    let txn = scene.board.txn().await;
    let new = address::ActiveModel {
        person_id: Set(scene.ben),
        address: Set("ben@home.example".into()),
        proven_at: Set(Some(scene.board.now())),
        main: Set(true),
        ..Default::default()
    };
    new.insert(&txn).await.unwrap();
    txn.commit().await.unwrap();
    let office = &mut scene.at_office;
    office.open(&page).await.submit("Send it again", &[]).await.must_say("sent again");
    scene.board.send_mails().await;
    let sent = scene.board.mails_to("ben@home.example").await.pop().unwrap();
    assert!(sent.kind == "session_cancelled" && sent.sent_at.is_some());
    scene.at_office.open("/office").await.must_say("1 mail that could not be delivered");
}

#[tokio::test]
async fn whom_no_mail_reaches_is_told_by_their_training_lead() {
    let scene = Scene::new().await;
    let school = agency::Entity::find().one(scene.board.app.db.reader()).await.unwrap().unwrap().id;
    let lead = scene.board.person("Lena Lead").await;
    scene.board.grant(lead, Role::TrainingLead, Some(school)).await;
    let txn = scene.board.txn().await;
    let bounced = address::ActiveModel { bounced_at: Set(Some(scene.board.now())), ..Default::default() };
    let bens = address::Entity::update_many().filter(address::Column::PersonId.eq(scene.ben));
    bens.set(bounced).exec(&txn).await.unwrap();
    txn.commit().await.unwrap();
    let before = scene.before(Move::CallOff).await;
    scene.make(Move::CallOff, before).await;
    let told = scene.board.mails_to(&address_of("Lena Lead")).await;
    let kinds: Vec<_> = told.iter().map(|mail| mail.kind.as_str()).collect();
    assert_eq!(kinds, ["learner_unreachable", "learner_unreachable"]);
    assert!(told[1].subject.starts_with("Please tell Ben Okoro: Session cancelled: Neglect"), "{}", told[1].subject);
    let text = told[1].body.clone().unwrap();
    assert!(text.contains("/agency/bookings/") && !text.contains("/bookings/link/"), "{text}");
    assert!(!text.contains("secret-room"), "{text}");
    assert!(scene.board.mails().await.iter().all(|mail| mail.failed_at.is_none()), "the office need not tell him too");
    assert!(scene.board.mails_to(&address_of("Ben Okoro")).await.is_empty());
}
