//! What is seldom done, and has to work all the same: done well, done wrongly, and done twice.

use crate::{
    accounts::newest_code,
    board::{TestBoard, address_of},
    browser::Browser,
};
use chrono::Duration;
use learning_gain::{
    accounts::rules::{PersonId, Role},
    agencies::rules::AgencyId,
    entity::{address, audit, login, membership, outbox, policy_suspension, session},
};
use reqwest::StatusCode;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
};

fn is_signed_in(browser: &Browser) -> bool {
    browser.body.contains("action=\"/sign-out\"")
}

#[tokio::test]
async fn a_lost_phone_is_signed_out_from_the_laptop() {
    let board = TestBoard::new().await;
    let (amira, mut laptop) = board.learner("Amira Khan").await;
    let (_, mut ben) = board.learner("Ben Cole").await;
    laptop.open("/account").await;
    assert!(!laptop.says("Sign out all other devices"), "there is no other device");
    let (mut phone, mut tablet) = (board.signed_in(amira).await, board.signed_in(amira).await);
    phone.open("/account").await;
    assert!(is_signed_in(&phone));

    laptop.open("/account").await.submit("Sign out all other devices", &[]).await;
    laptop.must_say("Signed-in devices");
    assert!(laptop.body.contains("All other devices are signed out."));
    for device in [&mut phone, &mut tablet] {
        device.open("/account").await;
        assert!(device.path.starts_with("/sign-in") && !is_signed_in(device), "{}", device.path);
    }
    laptop.open("/account").await;
    assert!(is_signed_in(&laptop), "the device that asked stays signed in");
    ben.open("/account").await;
    assert!(is_signed_in(&ben), "somebody else's device is left alone");

    // Once more, with nothing left to sign out; and from a device that is signed out itself.
    laptop.post("/account/devices", &[]).await;
    assert!(laptop.status.is_success() && is_signed_in(&laptop));
    phone.post("/account/devices", &[]).await;
    assert!(phone.path.starts_with("/sign-in"), "{}", phone.path);
    laptop.open("/account").await;
    assert!(is_signed_in(&laptop));
    let logins = login::Entity::find().filter(login::Column::PersonId.eq(amira));
    assert!(logins.count(board.app.db.reader()).await.unwrap() >= 1);
}

async fn failed_mail(board: &TestBoard, person: Option<PersonId>, to: &str) -> i64 {
    let txn = board.txn().await;
    let row = outbox::ActiveModel {
        message_id: Set(format!("{to}@testshire.example")),
        person_id: Set(person),
        to_address: Set(to.to_owned()),
        kind: Set("booking_confirmed".into()),
        subject: Set("Booked".into()),
        body: Set(Some("Your place is booked.".into())),
        has_personal_link: Set(false),
        created_at: Set(board.now()),
        due_at: Set(board.now()),
        attempts: Set(9),
        failed_at: Set(Some(board.now())),
        ..Default::default()
    };
    let row = row.insert(&txn).await.unwrap();
    txn.commit().await.unwrap();
    row.id
}

async fn is_stopped(board: &TestBoard, text: &str) -> bool {
    let row = address::Entity::find().filter(address::Column::Address.eq(text));
    row.one(board.app.db.reader()).await.unwrap().unwrap().bounced_at.is_some()
}

async fn audited(board: &TestBoard, sentence: &str) -> u64 {
    audit::Entity::find().filter(audit::Column::Sentence.eq(sentence)).count(board.app.db.reader()).await.unwrap()
}

#[tokio::test]
async fn the_office_stops_writing_to_an_address_and_takes_that_back() {
    let board = TestBoard::new().await;
    let (amira, mut learner) = board.learner("Amira Khan").await;
    let to = address_of("Amira Khan");
    let page = format!("/office/mail/{}", failed_mail(&board, Some(amira), &to).await);
    let mut office = board.office().await;
    office.open(&page).await.submit("Stop writing to this address", &[]).await;
    assert!(office.body.contains("We no longer write to this address"), "{}", office.text());
    assert!(is_stopped(&board, &to).await);
    office.must_say("we have stopped writing to it");
    office.post(&format!("{page}/stop"), &[]).await;
    assert_eq!(audited(&board, "Stopped writing to an address").await, 1, "twice is the same as once");
    office.post(&format!("{page}/resend"), &[]).await;
    assert_eq!(office.status, StatusCode::CONFLICT, "every address of hers is stopped");
    office.must_say("Nothing was sent");

    office.open(&page).await.submit("This address works again", &[]).await;
    assert!(!is_stopped(&board, &to).await);
    office.post(&format!("{page}/works"), &[]).await;
    assert_eq!(audited(&board, "Says that an address works again").await, 1);

    // Nobody has the address; there is no such mail; and it is the office's business.
    let nobodys = format!("/office/mail/{}", failed_mail(&board, None, "gone@nowhere.example").await);
    office.open(&nobodys).await.submit("Stop writing to this address", &[]).await;
    assert_eq!(office.status, StatusCode::CONFLICT);
    office.must_say("Nobody here has this address any more. Nothing was changed.");
    office.post("/office/mail/999999/stop", &[]).await;
    assert_eq!(office.status, StatusCode::NOT_FOUND);
    learner.post(&format!("{page}/stop"), &[]).await;
    assert_eq!(learner.status, StatusCode::FORBIDDEN);
    assert!(!is_stopped(&board, &to).await);
}

async fn lead_of(board: &TestBoard, name: &str, agency: AgencyId) -> Browser {
    let person = board.person(name).await;
    board.grant(person, Role::TrainingLead, Some(agency)).await;
    board.signed_in(person).await
}

#[tokio::test]
async fn a_lead_says_that_somebody_does_not_work_here() {
    let board = TestBoard::new().await;
    let (school, other) = (board.agency("Oak School").await, board.agency("Elm School").await);
    let claimant = board.person("Cara Claimant").await;
    let txn = board.txn().await;
    let row = membership::ActiveModel {
        person_id: Set(claimant),
        agency_id: Set(school),
        job_role: Set("Cook".into()),
        from_date: Set("2025-01-01".parse().unwrap()),
        ..Default::default()
    };
    let row = row.insert(&txn).await.unwrap();
    txn.commit().await.unwrap();
    let membership = async || membership::Entity::find_by_id(row.id).one(board.app.db.reader()).await.unwrap().unwrap();
    let end = format!("/agency/staff/{}/end", row.id);

    let mut stranger = lead_of(&board, "Ella Elm", other).await;
    stranger.post(&end, &[]).await;
    assert_eq!(stranger.status, StatusCode::NOT_FOUND, "another agency's lead");
    assert_eq!(membership().await.to_date, None);

    let mut lead = lead_of(&board, "Lena Oak", school).await;
    lead.open("/agency/staff").await.must_say("They say that they work for you").must_say("Cara Claimant");
    lead.submit("Does not work here", &[]).await;
    assert!(lead.body.contains("The membership has ended."));
    assert!(!lead.says("Cara Claimant"));
    let ended = membership().await;
    assert_eq!(ended.to_date, Some("2025-03-03".parse().unwrap()));
    assert_eq!(ended.confirmed_at, None);

    // Pressed again in another window a day later, and confirmed there: neither brings her back.
    board.set_clock("2025-03-04 09:00");
    lead.post(&end, &[]).await;
    assert!(lead.status.is_success());
    lead.post(&format!("/agency/staff/{}/confirm", row.id), &[]).await;
    assert_eq!(membership().await.to_date, ended.to_date, "it ended when it was ended");
    lead.open("/agency/staff").await;
    assert!(!lead.says("Cara Claimant"));
    assert_eq!(audited(&board, "Ended the membership of Oak School on 3 Mar 2025.").await, 1);
}

#[tokio::test]
async fn a_suspension_is_removed_once() {
    let board = TestBoard::new().await;
    let mut office = board.office().await;
    let days = |first: &'static str, last: &'static str| {
        [
            ("from-day", first),
            ("from-month", "5"),
            ("from-year", "2025"),
            ("to-day", last),
            ("to-month", "5"),
            ("to-year", "2025"),
        ]
    };
    office.open("/office/policy/suspensions/new").await;
    let reversed = [&days("9", "6")[..], &[("reason", "Snow")]].concat();
    office.submit("Suspend charging", &reversed).await;
    assert_eq!(office.status, StatusCode::UNPROCESSABLE_ENTITY);
    let right = [&days("6", "9")[..], &[("reason", "Snow")]].concat();
    office.submit("Suspend charging", &right).await.must_say("Snow");
    let suspensions = async || policy_suspension::Entity::find().all(board.app.db.reader()).await.unwrap();
    let remove = format!("/office/policy/suspensions/{}/remove", suspensions().await[0].id);

    let mut learner = board.learner("Amira Khan").await.1;
    learner.post(&remove, &[]).await;
    assert_eq!(learner.status, StatusCode::FORBIDDEN);
    assert_eq!(suspensions().await.len(), 1);
    office.open("/office/policy").await.must_say("Places on sessions of these days can be charged again.");
    office.submit("Remove the suspension", &[]).await;
    assert!(office.body.contains("The suspension is removed."), "{}", office.text());
    assert!(!office.says("Snow") && suspensions().await.is_empty());
    office.post(&remove, &[]).await;
    assert!(office.status.is_success(), "removing it twice is removing it once");
    let removed = audit::Entity::find().filter(audit::Column::Sentence.starts_with("Suspension from"));
    assert_eq!(removed.count(board.app.db.reader()).await.unwrap(), 1);
}

#[tokio::test]
async fn the_code_of_an_own_address_says_what_is_wrong_with_it() {
    let board = TestBoard::new().await;
    let (person, mut amira) = board.learner("Amira Khan").await;
    let refused = async |amira: &mut Browser, code: &str, sentence: &str| {
        amira.submit("Add address", &[("code", code)]).await.must_say(sentence);
        assert_eq!(amira.status, StatusCode::UNPROCESSABLE_ENTITY, "{code}");
        assert!(amira.title().starts_with("Error: "), "{}", amira.title());
        assert!(amira.body.contains("href=\"#code\""), "{code}: the summary leads to the field");
        amira.must_say("amira@home.example");
    };
    amira.open("/account/addresses/code").await;
    assert_eq!(amira.path, "/account/addresses/new", "nothing was asked for yet");
    amira.submit("Send me a code", &[("email", "amira at home")]).await.must_say("in the correct format");
    amira.submit("Send me a code", &[("email", &address_of("Amira Khan"))]).await.must_say("already one of yours");
    amira.submit("Send me a code", &[("email", "amira@home.example")]).await;
    let code = newest_code(&board, "amira@home.example").await;
    let another = format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000);
    refused(&mut amira, "", "Enter the code from the email").await;
    refused(&mut amira, "12 34", "The code is 6 digits").await;
    refused(&mut amira, "six digits", "The code is 6 digits").await;
    refused(&mut amira, &another, "The code is not right").await;
    board.app.clock.set(board.now() + Duration::minutes(11));
    refused(&mut amira, &code, "This code no longer works").await;
    let own = address::Entity::find().filter(address::Column::PersonId.eq(person));
    assert_eq!(own.clone().count(board.app.db.reader()).await.unwrap(), 1, "nothing was added");

    // A colleague on the same machine who signs in meanwhile does not get it.
    let (_, mut ben) = board.learner("Ben Cole").await;
    ben.post("/account/addresses/code", &[("code", &code)]).await;
    assert_eq!(ben.path, "/account/addresses/new");

    amira.open("/account/addresses/new").await.submit("Send me a code", &[("email", "amira@home.example")]).await;
    let code = newest_code(&board, "amira@home.example").await;
    amira.submit("Add address", &[("code", &code)]).await;
    assert_eq!(own.count(board.app.db.reader()).await.unwrap(), 2);
    amira.post("/account/addresses/code", &[("code", &code)]).await;
    assert_eq!(amira.path, "/account/addresses/new", "a code works once");
}

#[tokio::test]
async fn a_lead_says_that_somebody_has_left() {
    let board = TestBoard::new().await;
    let (amira, mut own) = board.learner("Amira Khan").await;
    let membership = membership::Entity::find().filter(membership::Column::PersonId.eq(amira));
    let now = async || membership.clone().one(board.app.db.reader()).await.unwrap().unwrap();
    let school = now().await.agency_id;
    let mut lead = lead_of(&board, "Lena Oak", school).await;
    lead.open("/agency/staff").await.must_say("Amira Khan");
    lead.submit("Has left", &[]).await;
    assert!(lead.body.contains("The membership has ended.") && !lead.says("Amira Khan"), "{}", lead.text());
    let ended = now().await;
    assert_eq!(ended.to_date, Some("2025-03-03".parse().unwrap()));
    own.open("/account").await;
    assert!(!own.says("I have left"), "there is nothing left to end");
    own.open(&format!("/account/agencies/{}/end", ended.id)).await.must_say("already ends on 3 Mar 2025");
    assert_eq!(own.status, StatusCode::CONFLICT);
    lead.post(&format!("/agency/staff/{}/end", ended.id), &[]).await;
    assert_eq!(now().await.to_date, ended.to_date);
}

#[tokio::test]
async fn somebody_says_that_they_have_left() {
    let board = TestBoard::new().await;
    let (amira, mut own) = board.learner("Amira Khan").await;
    let membership = membership::Entity::find().filter(membership::Column::PersonId.eq(amira));
    let now = async || membership.clone().one(board.app.db.reader()).await.unwrap().unwrap();
    own.open("/account").await;
    let leave = own.link("I have left");
    own.open(&leave).await.must_say("Leaving Oak School");
    let day = |day: &'static str, month: &'static str, year: &'static str| {
        [("to-day", day), ("to-month", month), ("to-year", year)]
    };
    for (typed, sentence) in [
        (day("", "", ""), "last day"),
        (day("31", "2", "2025"), "last day"),
        (day("31", "12", "2023"), "must not be before 1 Jan 2024"),
    ] {
        own.submit("Save", &typed).await.must_say(sentence);
        assert_eq!(own.status, StatusCode::UNPROCESSABLE_ENTITY, "{typed:?}");
        assert!(typed[0].1.is_empty() || own.body.contains(&format!("value=\"{}\"", typed[2].1)), "{typed:?}");
    }
    assert_eq!(now().await.to_date, None);
    own.submit("Save", &day("31", "3", "2025")).await;
    assert!(own.path.starts_with("/account?") && !own.says("I have left"), "{}", own.text());
    assert_eq!(now().await.to_date, Some("2025-03-31".parse().unwrap()));
    assert_eq!(audited(&board, "Said that they leave Oak School on 31 Mar 2025.").await, 1);
    own.post(&leave, &day("1", "4", "2025")).await;
    assert_eq!(own.status, StatusCode::CONFLICT, "it has ended already");
    let mut ben = board.learner("Ben Cole").await.1;
    ben.post(&leave, &day("1", "4", "2025")).await;
    assert_eq!(ben.status, StatusCode::NOT_FOUND);
    assert_eq!(now().await.to_date, Some("2025-03-31".parse().unwrap()));
}

#[tokio::test]
async fn an_address_from_which_mail_comes_back_is_removed_by_its_owner() {
    let board = TestBoard::new().await;
    let (amira, mut own) = board.learner("Amira Khan").await;
    let addresses = address::Entity::find().filter(address::Column::PersonId.eq(amira));
    let old = addresses.clone().one(board.app.db.reader()).await.unwrap().unwrap();
    let returned = "/account/addresses/returned?return=/bookings";
    own.open(returned).await;
    assert_eq!(own.path, "/bookings", "nothing comes back");
    let txn = board.txn().await;
    let mut row = old.clone().into_active_model();
    row.bounced_at = Set(Some(board.now()));
    row.update(&txn).await.unwrap();
    txn.commit().await.unwrap();
    own.open(returned).await.must_say(&old.address);
    assert!(!own.says("Remove it"), "the only address stays");
    own.post(&format!("/account/addresses/{}/remove", old.id), &[]).await;
    assert_eq!(own.status, StatusCode::CONFLICT);
    own.must_say("your only proven address");

    let txn = board.txn().await;
    let home = address::ActiveModel {
        person_id: Set(amira),
        address: Set("amira@home.example".into()),
        proven_at: Set(Some(board.now())),
        main: Set(false),
        ..Default::default()
    };
    home.insert(&txn).await.unwrap();
    txn.commit().await.unwrap();
    own.open(returned).await.submit("Remove it", &[]).await;
    assert!(own.body.contains("The address was removed from your account."), "{}", own.text());
    let rest = addresses.all(board.app.db.reader()).await.unwrap();
    assert_eq!(rest.len(), 1);
    assert!(rest[0].address == "amira@home.example" && rest[0].main, "we write to the other one from now on");
    assert_eq!(audited(&board, "Removed an email address.").await, 1);
    own.post(&format!("/account/addresses/{}/remove", old.id), &[]).await;
    assert_eq!(own.status, StatusCode::NOT_FOUND, "it is gone");
    own.open(returned).await;
    assert_eq!(own.path, "/bookings");
}

#[tokio::test]
async fn a_session_is_copied_to_a_new_date_and_stays_what_it_is() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let first = board.session(course, "2025-03-17 10:00", 17).await;
    let before = board.session_row(first).await;
    let mut office = board.office().await;
    office.open(&format!("/office/sessions/{first}")).await;
    let copy = office.link("Copy to a new date");
    office.open(&copy).await.must_say("Add a session");
    assert!(office.body.contains("value=\"17\"") && office.body.contains("secret-room"), "{}", office.text());
    office.submit("Save and publish", &[]).await;
    assert_eq!(office.status, StatusCode::UNPROCESSABLE_ENTITY, "the date is not copied");
    let date =
        [("date1-day", "19"), ("date1-month", "5"), ("date1-year", "2025"), ("date1-from", "2pm"), ("date1-to", "4pm")];
    office.submit("Save and publish", &date).await.must_say("Monday 19 May 2025");
    let sessions = session::Entity::find().all(board.app.db.reader()).await.unwrap();
    let [old, new] = sessions.as_slice() else { panic!("{} sessions", sessions.len()) };
    assert_eq!(*old, before);
    assert_eq!((new.course_id, new.capacity, new.mode, new.held), (old.course_id, 17, old.mode, 0));
    assert_eq!(new.online_link, old.online_link);
}
