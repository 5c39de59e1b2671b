//! What the office changes about people and settings, also when two do it at once.

use crate::{
    attendance::place,
    board::{TestBoard, address_of},
};
use learning_gain::{
    accounts::rules::Role,
    agencies::rules::Confirmation,
    entity::{address, membership, person},
};
use reqwest::StatusCode;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

#[tokio::test]
async fn of_two_who_change_a_person_the_second_sees_both_versions_and_chooses() {
    let board = TestBoard::new().await;
    let (amira, mut own) = board.learner("Amira Khan").await;
    let mut first = board.office().await;
    let (_, mut second) = board.with_role("Otto Office", Role::Administrator).await;
    let edit = format!("/office/people/{amira}/edit");
    first.open(&edit).await;
    second.open(&edit).await;
    own.open("/account/details").await;
    first.submit("Save", &[("name", "Amira Khan-Lee")]).await.must_say("The person was changed");
    second.submit("Save", &[("name", "Amira Kahn")]).await;
    assert_eq!(second.status, StatusCode::UNPROCESSABLE_ENTITY);
    second.must_say("Somebody else has changed this").must_say("What it says now").must_say("Amira Khan-Lee");
    assert!(second.body.contains("value=\"Amira Kahn\""), "what was typed is gone");
    let name = async || {
        let row = person::Entity::find_by_id(amira).one(board.app.db.reader()).await.unwrap().unwrap();
        row.name
    };
    assert_eq!(name().await, "Amira Khan-Lee");
    own.submit("Save", &[("name", "A. Khan")]).await.must_say("Amira Khan-Lee");
    second.submit("Save", &[]).await.must_say("The person was changed");
    assert_eq!(name().await, "Amira Kahn");
}

#[tokio::test]
async fn of_two_who_change_settings_the_second_sees_both_versions_and_chooses() {
    let board = TestBoard::new().await;
    let mut first = board.office().await;
    let (_, mut second) = board.with_role("Otto Office", Role::Administrator).await;
    first.open("/office/settings").await;
    second.open("/office/settings").await;
    first.submit("Save", &[("service_name", "First training")]).await.must_say("Settings saved");
    second.submit("Save", &[("service_name", "Second training")]).await;
    assert_eq!(second.status, StatusCode::UNPROCESSABLE_ENTITY);
    second.must_say("What it says now").must_say("First training");
    assert!(second.body.contains("value=\"Second training\""));
    assert_eq!(board.app.board.current().service_name, "First training");
    second.submit("Save", &[]).await.must_say("Settings saved");
    assert_eq!(board.app.board.current().service_name, "Second training");
    first.open("/office/settings").await;
    first.submit("Save", &[("service_name", "Third training")]).await.must_say("Settings saved");
}

#[tokio::test]
async fn the_office_links_people_to_agencies_and_adds_addresses() {
    let board = TestBoard::new().await;
    let amira = board.person("Amira Khan").await;
    board.person("Ben Other").await;
    let school = board.agency("Oak School").await.to_string();
    let mut office = board.office().await;
    let page = format!("/office/people/{amira}");
    office.open(&page).await;
    let link = office.link("Add an agency");
    office.open(&link).await.submit("Add agency", &[("job_role", "")]).await.must_say("Choose the agency");
    assert_eq!(office.status, StatusCode::UNPROCESSABLE_ENTITY);
    let future = [("agency", school.as_str()), ("job_role", "Cook"), ("from-day", "1"), ("from-month", "1")];
    office.submit("Add agency", &[&future[..], &[("from-year", "2031")]].concat()).await.must_say("in the future");
    office.submit("Add agency", &[("from-year", "2025")]).await.must_say("linked to the agency").must_say("Oak School");
    let rows = membership::Entity::find().all(board.app.db.reader()).await.unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!((rows[0].job_role.as_str(), rows[0].confirmed_by), ("Cook", Some(Confirmation::Office)));
    office.open(&link).await;
    office.submit("Add agency", &[("agency", &school), ("job_role", "Cook")]).await.must_say("already linked");
    office.open(&page).await.submit("End today", &[]).await.must_say("The membership has ended");

    office.open(&page).await;
    let link = office.link("Add an email address");
    office.open(&link).await.submit("Add address", &[("email", "nonsense")]).await.must_say("in the correct format");
    office.submit("Add address", &[("email", &address_of("Ben Other"))]).await.must_say("belongs to Ben Other");
    office.submit("Add address", &[("email", &address_of("Amira Khan"))]).await.must_say("already theirs");
    office.submit("Add address", &[("email", "Amira@Home.example")]).await.must_say("amira@home.example");
    office.must_say("Not proven yet");
    assert!(board.mails_to(&address_of("Amira Khan")).await.iter().any(|mail| mail.kind == "address_added"));
    let added = address::Entity::find().filter(address::Column::PersonId.eq(amira));
    assert_eq!(added.count(board.app.db.reader()).await.unwrap(), 2);

    // Its owner signs in with it, which proves it.
    let mut browser = board.stranger();
    browser.open("/sign-in").await.submit("Send me a code", &[("email", "amira@home.example")]).await;
    let code = crate::accounts::newest_code(&board, "amira@home.example").await;
    browser.submit("Continue", &[("code", &code)]).await;
    browser.open("/account").await.must_say("Amira Khan").must_say("amira@home.example");
}

#[tokio::test]
async fn somebody_new_is_added_on_the_way_to_booking_for_them() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-31 10:00", 20).await;
    let mut office = board.office().await;
    office.open(&format!("/office/bookings/new?session={session}")).await;
    office.submit("Book", &[("email", "nora@new.example")]).await.must_say("Nobody is known by this address");
    let add = office.link("Add a person");
    assert!(!add.contains("nora"), "an address of a person stands in an address: {add}");
    office.open(&add).await.submit("Add person", &[("name", "")]).await;
    assert_eq!(office.status, StatusCode::UNPROCESSABLE_ENTITY);
    let new = [("name", "Nora New"), ("email", "nora@new.example"), ("kind", "employed")];
    office.submit("Add person", &new).await.must_say("Book for somebody").must_say("The person was added.");
    assert!(office.path.starts_with("/office/bookings/new?") && !office.path.contains("nora"), "{}", office.path);
    assert!(office.body.contains("value=\"nora@new.example\""), "the address is filled in");
    office.submit("Book", &[]).await.must_say("Booked").must_say("Neglect");
    assert_eq!(board.bookings_of(session).await.len(), 1);

    // It leads nowhere else, and an unknown person fills nothing in.
    for elsewhere in
        ["https://evil.example", "//evil.example", "/office/people/1/erase", "/office/bookings/new/../../sign-out"]
    {
        let query = serde_urlencoded::to_string([("return", elsewhere)]).unwrap();
        office.open(&format!("/office/people/new?{query}")).await;
        let email = format!("p{}@new.example", elsewhere.len());
        office.submit("Add person", &[("name", "Pia Person"), ("email", &email), ("kind", "employed")]).await;
        assert!(
            office.path.starts_with("/office/people/") && office.says("Pia Person"),
            "{elsewhere}: {}",
            office.path
        );
    }
    office.open("/office/bookings/new?person=999999&session=x").await.must_say("Book for somebody");
    assert_eq!(office.status, StatusCode::OK);
}

#[tokio::test]
async fn the_enter_key_saves_a_new_session_and_adds_no_date() {
    let board = TestBoard::new().await;
    board.course("Neglect").await;
    let mut office = board.office().await;
    office.open("/office/sessions/new").await;
    let page = scraper::Html::parse_document(&office.body);
    let buttons = scraper::Selector::parse("main form button").unwrap();
    let first = page.select(&buttons).next().expect("a button");
    assert_eq!(first.value().attr("value"), Some("save"), "Enter presses another button");
}

#[tokio::test]
async fn the_office_goes_from_a_person_to_their_bookings_and_charges() {
    let board = TestBoard::new().await;
    let owned = board.owned(1).await;
    let (ben, _) = board.learner("Ben Cole").await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-31 10:00", 20).await;
    place(&board, session, ben).await;
    let mut office = board.office().await;
    let person = owned.address_of("/office/people/{id}");
    office.open(&person).await;
    let (bookings, charges) = (office.link("Their bookings"), office.link("Charges for their places"));
    office.open(&bookings).await.must_say("Only of Owner 1.").must_say("2 found.");
    assert!(!office.says("Ben Cole") && !office.path.contains("Owner"));
    office.open(&format!("{bookings}&sort=starts")).await.must_say("Only of Owner 1.").must_say("2 found.");
    office.submit("Search", &[("search", ""), ("state", "booked")]).await.must_say("Only of Owner 1.");
    office.open(&charges).await.must_say("Only for places of Owner 1.").must_say("Owner 1");
    office.open(&format!("/office/charges?state=all&person={ben}")).await.must_say("Only for places of Ben Cole.");
    assert!(!office.says("Owner 1"), "somebody else's charge");
    office.open("/office/bookings?person=999999").await;
    assert_eq!(office.status, StatusCode::OK);
}
