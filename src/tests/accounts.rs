//! Signing in and accounts.

use crate::{
    board::{TestBoard, address_of},
    browser::Browser,
};
use chrono::Duration;
use learning_gain::{
    accounts::rules::Role,
    agencies::rules::Confirmation,
    entity::{address, agency, attempt, login, login_code, membership, outbox},
};
use reqwest::StatusCode;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};

/// The six digits of the newest code to an address.
pub async fn newest_code(board: &TestBoard, to: &str) -> String {
    let mails = board.mails_to(to).await;
    let mail = mails.iter().rev().find(|mail| mail.kind == "sign_in_code").expect("a mail with a code");
    let body = mail.body.clone().expect("its text");
    body.lines().next().unwrap().trim_start_matches("Your code is ").to_owned()
}

async fn ask(browser: &mut Browser, to: &str) {
    browser.open("/sign-in").await.submit("Send me a code", &[("email", to)]).await;
    assert_eq!(browser.path, "/sign-in/code", "{}", browser.text());
}

fn another(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000)
}

pub fn is_signed_in(browser: &Browser) -> bool {
    browser.body.contains("action=\"/sign-out\"")
}

#[tokio::test]
async fn a_code_from_the_mail_signs_in_once_and_leads_back() {
    let board = TestBoard::new().await;
    board.person("Amira Khan").await;
    let mut amira = board.stranger();
    amira.open("/account/details").await;
    assert!(amira.path.starts_with("/sign-in?return="), "{}", amira.path);
    amira.submit("Send me a code", &[("email", "  AMIRA.Khan@people.example ")]).await;
    let code = newest_code(&board, &address_of("Amira Khan")).await;
    amira.submit("Continue", &[("code", &format!("{} {}", &code[..3], &code[3..]))]).await;
    assert_eq!(amira.path, "/account/details");
    assert!(is_signed_in(&amira));

    // The same code again, in another browser that asked for nothing, or that did.
    let mut thief = board.stranger();
    thief.post("/sign-in/code", &[("code", &code)]).await;
    assert!(thief.path.starts_with("/sign-in?again"), "{}", thief.path);
    let stored = login_code::Entity::find().one(board.app.db.reader()).await.unwrap().unwrap();
    assert!(!stored.code_hash.contains(&code) && stored.code_hash.len() == 64);
    let login = login::Entity::find().one(board.app.db.reader()).await.unwrap().unwrap();
    let cookie = amira.headers.get("set-cookie").map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default();
    assert!(!cookie.contains(&login.token_hash));
}

#[tokio::test]
async fn wrong_used_and_old_codes_are_refused() {
    let board = TestBoard::new().await;
    board.person("Amira Khan").await;
    let to = address_of("Amira Khan");
    let mut amira = board.stranger();
    ask(&mut amira, &to).await;
    let first = newest_code(&board, &to).await;
    amira.submit("Continue", &[("code", &another(&first))]).await.must_say("The code is not right");
    assert_eq!(amira.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(amira.title().starts_with("Error: "));
    amira.submit("Continue", &[("code", "abc")]).await.must_say("The code is 6 digits");

    // A newer code puts the older one out of force.
    ask(&mut amira, &to).await;
    let second = newest_code(&board, &to).await;
    if first != second {
        amira.submit("Continue", &[("code", &first)]).await.must_say("The code is not right");
    }
    board.app.clock.set(board.now() + Duration::minutes(11));
    amira.submit("Continue", &[("code", &second)]).await.must_say("no longer works");

    ask(&mut amira, &to).await;
    let third = newest_code(&board, &to).await;
    amira.submit("Continue", &[("code", &third)]).await;
    assert!(is_signed_in(&amira));
    let mut again = board.stranger();
    ask(&mut again, &to).await;
    let fourth = newest_code(&board, &to).await;
    again.submit("Continue", &[("code", &fourth)]).await;
    assert!(is_signed_in(&again));
    again.post("/sign-out", &[]).await;
    let outcome = again.open("/sign-in").await.submit("Send me a code", &[("email", &to)]).await;
    outcome.must_say("Enter the code");
    again.submit("Continue", &[("code", &fourth)]).await;
    assert!(!is_signed_in(&again), "a used code signed in again");
}

#[tokio::test]
async fn an_attacker_runs_out_of_tries_and_colleagues_behind_the_same_address_do_not() {
    let board = TestBoard::new().await;
    let to = address_of("Victor Target");
    board.person("Victor Target").await;
    let mut attacker = board.stranger();
    ask(&mut attacker, &to).await;
    let code = newest_code(&board, &to).await;
    let mut wrong = code.clone();
    for _ in 0..5 {
        wrong = another(&wrong);
        attacker.submit("Continue", &[("code", &wrong)]).await.must_say("not right");
    }
    attacker.submit("Continue", &[("code", &code)]).await.must_say("no longer works");
    assert!(!is_signed_in(&attacker), "the sixth try of a code worked");
    for _ in 0..5 {
        attacker.post("/sign-in/code", &[("code", "000000")]).await;
    }
    for _ in 0..4 {
        ask(&mut attacker, &to).await;
    }
    let fresh = newest_code(&board, &to).await;
    attacker.submit("Continue", &[("code", &fresh)]).await.must_say("too many wrong codes");
    attacker.open("/sign-in").await.submit("Send me a code", &[("email", &to)]).await.must_say("several codes");

    // The attacker sprays over the network's limits.
    for number in 0..160 {
        let stranger = format!("nobody{number}@spray.example");
        attacker.post("/sign-in", &[("email", &stranger)]).await;
        attacker.post("/sign-in/code", &[("code", "000000")]).await;
    }
    let sprayed = outbox::Entity::find().filter(outbox::Column::ToAddress.ends_with("@spray.example"));
    let sprayed = sprayed.count(board.app.db.reader()).await.unwrap();
    assert!(sprayed < 160, "unlimited mail to strangers: {sprayed}");

    // Sixty colleagues behind the same address sign in within five minutes.
    for number in 0..60 {
        let name = format!("Colleague {number}");
        board.person(&name).await;
        let mut colleague = board.stranger();
        ask(&mut colleague, &address_of(&name)).await;
        let code = newest_code(&board, &address_of(&name)).await;
        colleague.submit("Continue", &[("code", &code)]).await;
        assert!(is_signed_in(&colleague), "colleague {number}: {}", colleague.text());
        board.app.clock.set(board.now() + Duration::seconds(4));
    }
    let buckets = attempt::Entity::find().all(board.app.db.reader()).await.unwrap();
    assert!(buckets.iter().all(|row| row.bucket.len() == 64 && !row.bucket.contains('@')));
}

#[tokio::test]
async fn known_and_unknown_addresses_look_the_same_and_a_stranger_becomes_a_person() {
    let board = TestBoard::new().await;
    board.person("Amira Khan").await;
    let school = board.agency("Oak School").await;
    let mut known = board.stranger();
    let mut unknown = board.stranger();
    ask(&mut known, &address_of("Amira Khan")).await;
    ask(&mut unknown, "newcomer@oak-school.example").await;
    let folded = |browser: &Browser, address: &str| browser.body.replace(address, "ADDRESS");
    assert_eq!(folded(&known, &address_of("Amira Khan")), folded(&unknown, "newcomer@oak-school.example"));
    for browser in [&mut known, &mut unknown] {
        browser.submit("Continue", &[("code", "1")]).await;
    }
    assert_eq!(folded(&known, &address_of("Amira Khan")), folded(&unknown, "newcomer@oak-school.example"));

    // Nobody reaches the questions without the code.
    let mut early = board.stranger();
    ask(&mut early, "early@oak-school.example").await;
    early.open("/account/new").await;
    assert!(early.path.starts_with("/sign-in"), "{}", early.path);
    early.post("/account/new", &[("name", "Eve Early"), ("kind", "volunteer"), ("under_18", "no")]).await;
    assert!(!is_signed_in(&early));

    let code = newest_code(&board, "newcomer@oak-school.example").await;
    unknown.submit("Continue", &[("code", &code)]).await;
    assert_eq!(unknown.path, "/account/new");
    unknown.submit("Create account", &[("name", "Nora Newcomer"), ("kind", "employed")]).await;
    unknown.must_say("Say whether you are under 18").must_say("Error");
    assert!(unknown.body.contains("value=\"Nora Newcomer\""), "what was typed is gone");
    let school = school.to_string();
    let answers = [("under_18", "no"), ("agency", school.as_str()), ("job_role", "Teacher")];
    unknown.submit("Create account", &answers).await.must_say("Hello, Nora Newcomer");
    let membership = membership::Entity::find().one(board.app.db.reader()).await.unwrap().expect("a membership");
    assert_eq!(membership.confirmed_by, Some(Confirmation::MailDomain));
}

#[tokio::test]
async fn signing_out_kills_the_token_and_so_do_changed_roles_and_time() {
    let board = TestBoard::new().await;
    let (_, mut amira) = board.learner("Amira Khan").await;
    amira.open("/account").await.must_say("Your account");
    amira.post("/sign-out", &[]).await.must_say("You are signed out");
    // The cookie is still sent, and is worth nothing.
    amira.open("/account").await.must_say("Sign in");

    let (person, mut tom) = board.learner("Tom Trainer").await;
    tom.open("/account").await.must_say("Your account");
    let mut office = board.office().await;
    office.open(&format!("/office/people/{person}/roles")).await;
    office.submit("Give this role", &[("role", "trainer")]).await.must_say("Trainer");
    tom.open("/account").await.must_say("You were signed out");

    let (_, mut idle) = board.learner("Ida Idle").await;
    board.app.clock.set(board.now() + Duration::days(29));
    idle.open("/account").await.must_say("Your account");
    board.app.clock.set(board.now() + Duration::days(29));
    idle.open("/account").await.must_say("Your account");
    board.app.clock.set(board.now() + Duration::days(31));
    idle.open("/account").await.must_say("Sign in");

    let (_, mut busy) = board.learner("Bea Busy").await;
    for _ in 0..9 {
        busy.open("/account").await.must_say("Your account");
        board.app.clock.set(board.now() + Duration::days(10));
    }
    busy.open("/account").await.must_say("Sign in");

    board.app.clock.set(board.now() + Duration::days(200));
    board.run_jobs().await;
    assert_eq!(login::Entity::find().count(board.app.db.reader()).await.unwrap(), 0);
}

#[tokio::test]
async fn signing_in_never_leads_to_another_site() {
    let board = TestBoard::new().await;
    board.person("Amira Khan").await;
    for elsewhere in ["https://evil.example/", "//evil.example/", "/\\evil.example", "/%0d%0aSet-Cookie:a=b"] {
        board.app.clock.set(board.now() + Duration::hours(1));
        let mut browser = board.stranger();
        browser.open(&format!("/sign-in?return={}", elsewhere.replace('%', "%25"))).await;
        browser.submit("Send me a code", &[("email", &address_of("Amira Khan")), ("return", elsewhere)]).await;
        let code = newest_code(&board, &address_of("Amira Khan")).await;
        browser.submit("Continue", &[("code", &code)]).await;
        assert!(!browser.path.contains("evil"), "{elsewhere}: {}", browser.path);
        browser.open("/account").await.must_say("Your account");
    }
}

#[tokio::test]
async fn another_address_is_added_with_its_code_and_the_last_one_stays() {
    let board = TestBoard::new().await;
    let (person, mut amira) = board.learner("Amira Khan").await;
    board.person("Ben Other").await;
    let row = address::Entity::find().filter(address::Column::PersonId.eq(person));
    let only = row.one(board.app.db.reader()).await.unwrap().unwrap();
    amira.post(&format!("/account/addresses/{}/remove", only.id), &[]).await;
    assert_eq!(amira.status, StatusCode::CONFLICT);

    amira.open("/account/addresses/new").await.submit("Send me a code", &[("email", "amira@gmail.com")]).await;
    let code = newest_code(&board, "amira@gmail.com").await;
    amira.submit("Add address", &[("code", &another(&code))]).await.must_say("not right");
    amira.submit("Add address", &[("code", &code)]).await.must_say("amira@gmail.com");
    assert!(board.mails_to(&address_of("Amira Khan")).await.iter().any(|mail| mail.kind == "address_added"));
    amira.submit("Make main", &[]).await.must_say("changed");
    let main = address::Entity::find()
        .filter(address::Column::PersonId.eq(person))
        .filter(address::Column::Main.eq(true))
        .all(board.app.db.reader())
        .await
        .unwrap();
    assert_eq!(main.iter().map(|row| row.address.as_str()).collect::<Vec<_>>(), ["amira@gmail.com"]);

    // A code for signing in adds no address, and somebody else's address is not taken over.
    amira.open("/account/addresses/new").await.submit("Send me a code", &[("email", &address_of("Ben Other"))]).await;
    let code = newest_code(&board, &address_of("Ben Other")).await;
    amira.submit("Add address", &[("code", &code)]).await.must_say("belongs to another record");
    let others = address::Entity::find().filter(address::Column::Address.eq(address_of("Ben Other")));
    assert_ne!(others.one(board.app.db.reader()).await.unwrap().unwrap().person_id, person);
    amira.post(&format!("/account/addresses/{}/main", 999_999), &[]).await;
    assert_eq!(amira.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_form_sent_after_the_login_ended_is_kept_and_can_be_sent_again() {
    let board = TestBoard::new().await;
    let (person, mut amira) = board.learner("Amira Khan").await;
    amira.open("/account/details").await;
    let txn = board.txn().await;
    let ended = login::ActiveModel { ended_at: Set(Some(board.now())), ..Default::default() };
    login::Entity::update_many().set(ended).exec(&txn).await.unwrap();
    txn.commit().await.unwrap();

    let typed = [("name", "Amira Khan-Lee"), ("kind", "volunteer"), ("under_18", "no")];
    amira.submit("Save", &typed).await.must_say("nothing was saved yet");
    assert_eq!(amira.status, StatusCode::UNAUTHORIZED);
    let mut back = board.signed_in(person).await;
    let (address, kept) = amira.form_with_button("Send again");
    let kept: Vec<(&str, &str)> = kept.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    back.post(&address, &kept).await.must_say("Your account was changed");
    back.open("/account").await.must_say("Amira Khan-Lee");
}

#[tokio::test]
async fn two_who_edit_one_agency_do_not_overwrite_each_other() {
    let board = TestBoard::new().await;
    let school = board.agency("Oak School").await;
    let mut first = board.office().await;
    let mut second = board.with_role("Otto Office", Role::Administrator).await.1;
    let page = format!("/office/agencies/{school}/edit");
    first.open(&page).await;
    second.open(&page).await;
    first.submit("Save", &[("name", "Oak Primary School")]).await.must_say("Oak Primary School");
    second.submit("Save", &[("name", "Oak Infant School")]).await.must_say("Oak Primary School");
    assert_eq!(second.status, StatusCode::UNPROCESSABLE_ENTITY);
    second.must_say("Somebody else has changed this agency");
    let row = agency::Entity::find_by_id(school).one(board.app.db.reader()).await.unwrap().unwrap();
    assert_eq!((row.name.as_str(), row.version), ("Oak Primary School", 2));
    assert!(second.body.contains("value=\"Oak Infant School\""), "what was typed is gone");
    second.submit("Save", &[]).await.must_say("Oak Infant School");

    // Closing asks first, hides it from choices, and can be undone.
    first.open(&format!("/office/agencies/{school}")).await;
    let close = first.link("Close this agency");
    first.open(&close).await.submit("Close", &[]).await.must_say("Closed");
    let (_, mut amira) = board.learner("Amira Khan").await;
    amira.open("/account/agencies/new").await;
    assert!(!amira.says("Oak Infant School"));
    first.open(&format!("/office/agencies/{school}")).await.submit("Open it again", &[]).await;
    amira.open("/account/agencies/new").await.must_say("Oak Infant School");
}

#[tokio::test]
async fn the_office_confirms_memberships_and_keeps_one_administrator() {
    let board = TestBoard::new().await;
    let (person, mut office) = board.with_role("Olive Office", Role::Administrator).await;
    let learner = board.person("Amira Khan").await;
    let school = board.agency("Oak School").await;
    let mut amira = board.signed_in(learner).await;
    amira.open("/account/agencies/new").await;
    let fields = [("agency", school.to_string()), ("job_role", "Teacher".to_owned())];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    amira.submit("Add agency", &fields).await.must_say("Waiting to be confirmed");
    office.open("/office").await.must_say("1 membership of an agency to confirm");
    office.open("/office/memberships").await.submit("Confirm", &[]).await.must_say("confirmed");
    amira.open("/account").await.must_say("Confirmed");

    office.open(&format!("/office/people/{person}")).await.submit("Take away", &[]).await;
    assert_eq!(office.status, StatusCode::CONFLICT);
    office.must_say("the only administrator");

    // The lead of an agency needs an agency.
    office.open(&format!("/office/people/{learner}/roles")).await;
    office.submit("Give this role", &[("role", "training_lead")]).await.must_say("Choose the agency");
    office.submit("Give this role", &[("agency", &school.to_string())]).await.must_say("Training lead");

    office.open("/office/people").await.submit("Show", &[("search", "amira")]).await.must_say("Amira Khan");
    assert!(!office.says("Olive Office"));
    office.submit("Show", &[("search", "%")]).await.must_say("Nobody");
    let last = login::Entity::find().order_by_desc(login::Column::Id).one(board.app.db.reader()).await.unwrap();
    assert!(last.is_some());
}
