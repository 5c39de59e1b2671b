//! Personal data: the one list against the migrations, forgetting by the clock, the download, and erasing for ever.

mod former;
mod tables;

use crate::{
    board::{TestBoard, address_of},
    bookings::{book, reference},
    browser::Browser,
};
use chrono::Duration;
use learning_gain::{
    accounts::rules::{PersonId, Role},
    bookings::rules::{BookingId, Outcome},
    entity::*,
    privacy::rules::{Holds, NAME_AFTER, TABLES},
    sessions::rules::SessionId,
};
use reqwest::StatusCode;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter,
};
use tables::places_of;

/// Amira: an address of her own beside the first, a job, needs, a note, a waived charge, mails about her to others.
struct Planted {
    board: TestBoard,
    amira: PersonId,
    browser: Browser,
    office: Browser,
    session: SessionId,
    booking: BookingId,
}

const SECRETS: [&str; 8] = [
    "Amira Khan-O'Neill",
    "amira.khan-o'neill@people.example",
    "amira.private@home.example",
    "Night-shift orthoptist",
    "A hearing loop and a quiet corner",
    "seemed upset about the traffic",
    "her sister was in hospital",
    "Khan-O'Neill",
];

async fn planted() -> Planted {
    let board = TestBoard::new().await;
    let (amira, mut browser) = board.learner(SECRETS[0]).await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-31 10:00", 20).await;
    let trainer = board.person("Tom Trainer").await;
    board.trains(trainer, session).await;
    browser.open(&format!("/sessions/{session}/book/details")).await;
    browser.submit("Continue", &[("job_role", SECRETS[3]), ("access_needs", SECRETS[4])]).await;
    browser.submit("Book this place", &[("accept", "yes")]).await;
    let reference = reference(&browser);
    for number in 0..6 {
        let (_, mut colleague) = board.learner(&format!("Colleague {number}")).await;
        book(&mut colleague, session).await;
    }
    board.set_clock("2025-03-31 13:00");
    let mut tom = board.signed_in(trainer).await;
    tom.open(&format!("/training/sessions/{session}/register/1")).await;
    let fields: Vec<String> =
        board.bookings_of(session).await.iter().map(|booking| format!("mark-{}", booking.id)).collect();
    let marks: Vec<(&str, &str)> = fields.iter().map(|field| (field.as_str(), "present")).collect();
    tom.submit("Save and submit", &marks).await;
    assert!(board.bookings_of(session).await.iter().all(|booking| booking.outcome.is_some()), "{}", tom.text());

    let booking = crate::bookings::row(&board, &reference).await.id;
    let txn = board.txn().await;
    let private = address::ActiveModel {
        person_id: Set(amira),
        address: Set(SECRETS[2].into()),
        main: Set(false),
        ..Default::default()
    };
    private.insert(&txn).await.unwrap();
    let note = mark::Entity::update_many()
        .set(mark::ActiveModel { note: Set(Some(SECRETS[5].into())), ..Default::default() })
        .filter(mark::Column::BookingId.eq(booking));
    note.exec(&txn).await.unwrap();
    let about_her = audit::ActiveModel {
        at: Set(board.now()),
        actor_id: Set(Some(amira)),
        subject_kind: Set("session".into()),
        subject_id: Set(session.0),
        sentence: Set(format!("{}: accepted", SECRETS[0])),
        ..Default::default()
    };
    about_her.insert(&txn).await.unwrap();
    let to_payer = outbox::ActiveModel {
        message_id: Set("<payer@test>".into()),
        to_address: Set("accounts@oak-school.example".into()),
        kind: Set("charge_notified".into()),
        subject: Set(format!("A charge for {}", SECRETS[0])),
        body: Set(Some(format!("{} ({}) did not attend.", SECRETS[0], SECRETS[1]))),
        html: Set(Some(format!("<p>{} did not attend.</p>", SECRETS[0]))),
        has_personal_link: Set(false),
        created_at: Set(board.now()),
        due_at: Set(board.now()),
        attempts: Set(0),
        ..Default::default()
    };
    to_payer.insert(&txn).await.unwrap();
    waived_charge(&board, booking, session, &txn).await;
    txn.commit().await.unwrap();
    let office = board.office().await;
    Planted { board, amira, browser, office, session, booking }
}

async fn waived_charge(board: &TestBoard, booking: BookingId, session: SessionId, txn: &impl ConnectionTrait) {
    use learning_gain::charges::rules::{ChargeState, PayerKind, Trigger, WaiverReason};
    let row = charge::ActiveModel {
        reference: Set("WAIVED1".into()),
        booking_id: Set(booking),
        session_id: Set(session),
        trigger: Set(Trigger::DidNotAttend),
        state: Set(ChargeState::Waived),
        amount_pence: Set(5000),
        policy_version_id: Set(board.policy),
        verdict: Set("{}".into()),
        sentence: Set(format!("{} held a place and did not come.", SECRETS[0])),
        payer_kind: Set(PayerKind::Agency),
        payer_name: Set("Oak School".into()),
        proposed_at: Set(board.now()),
        lapses_at: Set(board.now() + Duration::days(20)),
        waiver_reason: Set(Some(WaiverReason::Other)),
        waiver_note: Set(Some(SECRETS[6].into())),
        version: Set(1),
        ..Default::default()
    };
    row.insert(txn).await.unwrap();
}

/// What the board is shown and may publish.
async fn published(board: &TestBoard) -> Vec<String> {
    let people = person::Entity::find().count(board.app.db.reader()).await.unwrap();
    let (_, mut reader) = board.with_role(&format!("Bea Board {people}"), Role::Board).await;
    let mut pages = Vec::new();
    for path in [
        "/board?year=2024",
        "/board/courses.csv?year=2024",
        "/board/courses.json?year=2024",
        "/board/courses/neglect?year=2024",
        "/board/courses/neglect/items.csv?year=2024",
    ] {
        reader.open(path).await;
        assert_eq!(reader.status, StatusCode::OK, "{path}");
        pages.push(reader.text());
    }
    pages
}

#[tokio::test]
async fn needs_are_forgotten_a_week_after_the_session_and_mails_some_months_after_sending() {
    let planted = planted().await;
    let board = &planted.board;
    let needs = async || {
        let row = booking::Entity::find_by_id(planted.booking).one(board.app.db.reader()).await.unwrap().unwrap();
        row.access_needs
    };
    board.send_mails().await;
    board.set_clock("2025-04-07 12:20");
    board.run_jobs().await;
    assert_eq!(needs().await.as_deref(), Some(SECRETS[4]), "seven days are not over");
    board.set_clock("2025-04-07 13:30");
    board.run_jobs().await;
    assert_eq!(needs().await, None);
    assert!(board.mails().await.iter().any(|mail| mail.body.is_some()));
    assert!(places_of(SECRETS[4], board.app.db.reader()).await.is_empty());

    board.send_mails().await;
    board.app.clock.set(board.now() + Duration::days(91));
    board.run_jobs().await;
    let sent: Vec<_> = board.mails().await.into_iter().filter(|mail| mail.sent_at.is_some()).collect();
    let old = |mail: &&outbox::Model| mail.sent_at.unwrap() < board.now() - Duration::days(90);
    assert!(sent.iter().filter(old).count() > 5);
    assert!(sent.iter().filter(old).all(|mail| mail.body.is_none() && mail.html.is_none() && mail.calendar.is_none()));
}

#[tokio::test]
async fn how_long_needs_are_kept_is_a_setting_and_the_pages_say_it() {
    let mut planted = planted().await;
    planted.browser.open("/privacy").await.must_say("erased 7 days after the session");
    let office = &mut planted.office;
    office.open("/office/settings").await;
    office.submit("Save", &[("access_needs_days", "-1"), ("mails_days", "many")]).await;
    office.must_say("Days until needs are erased must be a whole number").must_say("Days until mails are erased");
    assert_eq!(office.status, StatusCode::UNPROCESSABLE_ENTITY);
    office.submit("Save", &[("access_needs_days", "2"), ("mails_days", "30")]).await.must_say("Settings saved");
    planted.browser.open("/privacy").await.must_say("erased 2 days after the session").must_say("30 days after");
    planted.board.set_clock("2025-04-02 13:30");
    planted.board.run_jobs().await;
    let row = booking::Entity::find_by_id(planted.booking).one(planted.board.app.db.reader()).await.unwrap().unwrap();
    assert_eq!(row.access_needs, None);
}

#[tokio::test]
async fn people_download_everything_that_is_held_about_them_and_nothing_about_others() {
    let mut planted = planted().await;
    planted.browser.open("/account").await;
    let link = planted.browser.link("Download what we hold");
    planted.browser.open(&link).await.must_say("access needs until").must_say("Bookings");
    planted.browser.open("/account/data.json").await;
    assert_eq!(planted.browser.status, StatusCode::OK);
    assert!(planted.browser.headers["content-disposition"].to_str().unwrap().starts_with("attachment"));
    assert_eq!(planted.browser.headers["cache-control"].to_str().unwrap(), "no-store");
    let text = planted.browser.body.clone();
    for secret in SECRETS {
        assert!(text.contains(secret), "the download lacks “{secret}”");
    }
    for other in ["Colleague 1", "Olive", "token_hash", "code_hash", "pairing_key"] {
        assert!(!text.contains(other), "the download tells of {other}");
    }
    let held: serde_json::Value = serde_json::from_str(&text).unwrap();
    let held = held["held_about_you"].as_array().unwrap();
    for table in TABLES {
        if let Holds::PeoplesData(of_people) = table.holds {
            let part = held.iter().find(|part| part["table"] == table.name);
            let part = part.unwrap_or_else(|| panic!("the download lacks {}", table.name));
            assert_eq!(part["what"], of_people.what);
        }
    }
    let rows = |name: &str| held.iter().find(|part| part["table"] == name).unwrap()["rows"].as_array().unwrap().clone();
    assert_eq!(rows("bookings")[0]["course"], "Neglect");
    assert_eq!(rows("memberships")[0]["agency"], "Oak School");
    assert_eq!(rows("addresses").len(), 2);
    assert!(!rows("outbox").is_empty() && !rows("marks").is_empty() && !rows("audit").is_empty());

    let person = planted.amira;
    planted.office.open(&format!("/office/people/{person}")).await.submit("Download what is held", &[]).await;
    assert!(planted.office.body.contains(SECRETS[3]));
    planted.office.open(&format!("/office/people/{person}")).await.must_say("The office downloaded what is held");
    planted.browser.post(&format!("/office/people/{person}/data"), &[]).await;
    assert_eq!(planted.browser.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn erasing_leaves_no_trace_of_a_person_and_every_published_figure() {
    let mut planted = planted().await;
    let board = &planted.board;
    for secret in SECRETS {
        assert!(!places_of(secret, board.app.db.reader()).await.is_empty(), "“{secret}” was not planted");
    }
    let before = published(board).await;
    let page = format!("/office/people/{}/erase", planted.amira);
    let office = &mut planted.office;
    office.open(&page).await.must_say("This cannot be undone");
    office.submit("Erase record", &[]).await.must_say("Tick the box");
    assert_eq!(office.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!places_of(SECRETS[0], board.app.db.reader()).await.is_empty());
    office.submit("Erase record", &[("sure", "yes")]).await.must_say("erased for ever");

    for secret in SECRETS {
        assert_eq!(places_of(secret, board.app.db.reader()).await, Vec::<String>::new());
    }
    assert_eq!(published(board).await, before, "a published figure changed");
    assert!(learning_gain::audit::command::differences(board.app.db.reader()).await.unwrap().is_empty());
    crate::bookings::must_count(board).await;
    let row = person::Entity::find_by_id(planted.amira).one(board.app.db.reader()).await.unwrap().unwrap();
    assert_eq!((row.name.as_str(), row.erased_at.is_some()), (NAME_AFTER, true));
    let booked = booking::Entity::find_by_id(planted.booking).one(board.app.db.reader()).await.unwrap().unwrap();
    assert_eq!(booked.outcome, Some(Outcome::Attended));

    // Whoever had the record's cookie is out; the pages show somebody without a name; twice is the same as once.
    planted.browser.open("/account").await.must_say("Sign in");
    office.open(&page).await;
    assert_eq!(office.status, StatusCode::NOT_FOUND);
    office.open(&format!("/training/sessions/{}", planted.session)).await.must_say(NAME_AFTER);
    office.open(&format!("/office/sessions/{}", planted.session)).await;
    assert_eq!(office.status, StatusCode::OK);
    for path in ["/office/people", "/office/bookings", "/office/charges"] {
        office.open(path).await;
        assert_eq!(office.status, StatusCode::OK, "{path}");
        assert!(!office.body.contains("Khan"), "{path}");
    }
}

#[tokio::test]
async fn what_is_still_open_is_settled_before_erasing() {
    let board = TestBoard::new().await;
    let mut office = board.office().await;
    let olive = person::Entity::find().filter(person::Column::Name.eq("Olive Office"));
    let olive = olive.one(board.app.db.reader()).await.unwrap().unwrap().id;
    office.open(&format!("/office/people/{olive}/erase")).await;
    office.must_say("your own record").must_say("only administrator");
    office.post(&format!("/office/people/{olive}/erase"), &[("sure", "yes")]).await.must_say("Nothing was erased");
    assert_eq!(office.status, StatusCode::UNPROCESSABLE_ENTITY);

    let (ben, mut browser) = board.learner("Ben Booked").await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-31 10:00", 20).await;
    book(&mut browser, session).await;
    board.trains(ben, session).await;
    let txn = board.txn().await;
    let school = agency::Entity::update_many()
        .set(agency::ActiveModel { billing_address: Set(Some(address_of("Ben Booked"))), ..Default::default() })
        .filter(agency::Column::Name.eq("Oak School"));
    school.exec(&txn).await.unwrap();
    txn.commit().await.unwrap();
    office.open(&format!("/office/people/{ben}/erase")).await;
    office.must_say("one session to come").must_say("down as a trainer").must_say("invoices of Oak School");
    assert!(!office.body.contains("Erase record"));
    office.post(&format!("/office/people/{ben}/erase"), &[("sure", "yes")]).await.must_say("Nothing was erased");
    assert_eq!(
        address::Entity::find().filter(address::Column::PersonId.eq(ben)).count(board.app.db.reader()).await.unwrap(),
        1
    );
}

#[tokio::test]
async fn a_namesake_keeps_their_name() {
    let board = TestBoard::new().await;
    let (first, _) = board.learner("Sam Same").await;
    let txn = board.txn().await;
    let second = person::ActiveModel {
        name: Set("Sam Same".into()),
        kind: Set(learning_gain::accounts::rules::PersonKind::Volunteer),
        under_18: Set(false),
        created_at: Set(board.now()),
        ..Default::default()
    };
    let second = second.insert(&txn).await.unwrap();
    let row = audit::ActiveModel {
        at: Set(board.now()),
        subject_kind: Set("session".into()),
        subject_id: Set(1),
        sentence: Set("Sam Same: accepted".into()),
        ..Default::default()
    };
    row.insert(&txn).await.unwrap();
    txn.commit().await.unwrap();
    let mut office = board.office().await;
    office.open(&format!("/office/people/{first}/erase")).await.submit("Erase record", &[("sure", "yes")]).await;
    let left = person::Entity::find_by_id(second.id).one(board.app.db.reader()).await.unwrap().unwrap();
    assert_eq!(left.name, "Sam Same");
    assert_eq!(places_of("Sam Same", board.app.db.reader()).await.len(), 2);
}
