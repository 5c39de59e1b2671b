//! Charges: proposed by rule, decided by people, seen by those whom they concern, and never with the reason.

use crate::{
    attendance::{charges, place},
    board::{TestBoard, address_of},
    browser::Browser,
};
use learning_gain::{
    accounts::rules::Role,
    bookings::rules::{BookingId, BookingState},
    charges::{
        rules::{ChargeState, PayerKind, Trigger},
        store,
    },
    entity::{agency, booking, policy_version, session_date},
};
use reqwest::StatusCode;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel};

/// One charge because Ben did not come, and the office.
async fn board_with_charge() -> (TestBoard, Browser, String) {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-17 10:00", 20).await;
    let (ben, _) = board.learner("Ben Cole").await;
    place(&board, session, ben).await;
    board.set_clock("2025-03-17 13:00");
    let mut office = board.office().await;
    office.post(&format!("/training/sessions/{session}/register/1/submit"), &[("rest", "did_not_attend")]).await;
    let reference = charges(&board).await[0].reference.clone();
    (board, office, reference)
}

#[tokio::test]
async fn the_payer_reads_waived_and_never_why() {
    let (board, mut office, reference) = board_with_charge().await;
    let school = agency::Entity::find().one(board.app.db.reader()).await.unwrap().unwrap().id;
    let billing = board.person("Bill Payer").await;
    board.grant(billing, Role::BillingContact, Some(school)).await;
    let mut payer = board.signed_in(billing).await;
    let address = format!("/office/charges/{reference}");

    payer.open("/agency/charges").await.must_say("There are no charges");
    office.open("/office/charges").await.must_say("Ben Cole");
    office.open(&address).await.must_say("Why this charge was proposed").must_say("was not used");
    office.open(&format!("{address}/notify")).await.submit("Tell them", &[]).await;
    office.must_say("Notified");
    let date = session_date::Entity::find().one(board.app.db.reader()).await.unwrap().unwrap();
    assert!(date.locked_at.is_some(), "nobody is told of what a trainer can still change");
    payer.open("/agency/charges").await.must_say("Did not attend").must_say("£50").must_say("Notified");

    office.open(&format!("{address}/waive")).await.submit("Waive the charge", &[]).await;
    assert_eq!(office.status, StatusCode::UNPROCESSABLE_ENTITY);
    office.must_say("Choose why the charge is let go");
    let why = [("reason", "bereavement"), ("note", "Her father died")];
    office.submit("Waive the charge", &why).await.must_say("The charge is waived").must_say("Bereavement");

    payer.open("/agency/charges").await.must_say("Waived");
    let mut learner = board.stranger();
    learner.open("/account/charges").await;
    assert!(learner.path.starts_with("/sign-in"), "{}", learner.path);
    for words in ["ereavement", "father"] {
        assert!(!payer.body.contains(words));
        let mails = board.mails().await;
        assert!(mails.iter().all(|mail| !mail.body.clone().unwrap_or_default().contains(words)));
    }
    for to in [address_of("Bill Payer"), address_of("Ben Cole")] {
        let kinds: Vec<_> = board.mails_to(&to).await.into_iter().map(|mail| mail.kind).collect();
        assert_eq!(kinds, ["charge_notified", "charge_waived"], "{to}");
    }
    payer.open(&address).await;
    assert_eq!(payer.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn mails_lead_to_the_charge_whoever_can_open_it() {
    let (board, mut office, reference) = board_with_charge().await;
    let school = agency::Entity::find().one(board.app.db.reader()).await.unwrap().unwrap().id;
    let billing = board.person("Bill Payer").await;
    board.grant(billing, Role::BillingContact, Some(school)).await;
    let (mut payer, mut other) = (board.signed_in(billing).await, board.learner("Amira Khan").await.1);
    let ben = booking::Entity::find().one(board.app.db.reader()).await.unwrap().unwrap().person_id;
    let mut learner = board.signed_in(ben).await;
    let own = format!("/account/charges/{reference}");
    learner.open(&own).await;
    assert_eq!(learner.status, StatusCode::NOT_FOUND, "nobody was told yet");

    let address = format!("/office/charges/{reference}");
    office.open(&format!("{address}/notify")).await.submit("Tell them", &[]).await;
    office.open(&format!("{address}/confirm")).await.submit("Confirm the charge", &[]).await;
    office.open(&format!("{address}/waive")).await.submit("Waive the charge", &[("reason", "bereavement")]).await;
    for (name, page, browser) in
        [("Ben Cole", own.clone(), &mut learner), ("Bill Payer", format!("/agency/charges/{reference}"), &mut payer)]
    {
        let mails = board.mails_to(&address_of(name)).await;
        assert_eq!(mails.len(), 3, "{name}");
        for mail in mails {
            let link = format!("{}{page}", board.base);
            assert!(mail.body.unwrap().contains(&link) && mail.html.unwrap().contains(&link), "{name}: {}", mail.kind);
        }
        browser.open(&page).await.must_say("Waived").must_say("£50").must_say("Ben Cole").must_say("Neglect");
        assert!(!browser.body.contains("ereavement"));
        let list = page.rsplit_once('/').unwrap().0.to_owned();
        assert_eq!(browser.open(&list).await.link(&reference), page);
    }
    // The accounts office's mailbox signs nobody in, so its mail leads nowhere.
    let bills = board.mails_to("accounts@oak-school.example").await;
    assert_eq!(bills.len(), 3);
    assert!(bills.iter().all(|mail| !mail.body.clone().unwrap().contains("/charges/")));
    other.open(&own).await;
    assert_eq!(other.status, StatusCode::NOT_FOUND, "another learner of the same school");
}

#[tokio::test]
async fn a_charge_is_decided_once_and_stale_pages_are_told_so() {
    let (board, mut office, reference) = board_with_charge().await;
    let address = format!("/office/charges/{reference}");
    let mut colleague = board.with_role("Oscar Office", Role::Administrator).await.1;
    colleague.open(&format!("{address}/waive")).await;
    office.open(&format!("{address}/confirm")).await.submit("Confirm the charge", &[]).await;
    assert_eq!(office.status, StatusCode::CONFLICT, "nobody was told yet");
    office.open("/office/charges/notify").await.submit("Tell learners and payers", &[]).await;
    office.open(&format!("{address}/confirm")).await.submit("Confirm the charge", &[]).await.must_say("Confirmed");
    colleague.submit("Waive the charge", &[("reason", "error")]).await;
    assert_eq!(colleague.status, StatusCode::CONFLICT);
    colleague.must_say("It is now confirmed");
    assert_eq!(charges(&board).await[0].state, ChargeState::Confirmed);
    office.open("/office/charges?state=all").await.submit("Search", &[("search", "oak")]).await.must_say("Ben Cole");
    office.open("/office/charges?state=%00&sort=x&page=99999999999999999999&find=%25").await;
    assert_eq!(office.status, StatusCode::OK);
    office.open("/office/charges/NOSUCH").await;
    assert_eq!(office.status, StatusCode::NOT_FOUND);
    office.open(&format!("{address}/burn")).await;
    assert_eq!(office.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_office_looks_for_the_payer_until_there_is_one() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-17 10:00", 20).await;
    let (ben, _) = board.learner("Ben Cole").await;
    place(&board, session, ben).await;
    let txn = board.txn().await;
    let school = agency::Entity::find().one(&txn).await.unwrap().unwrap();
    let id = school.id;
    let mut school = school.into_active_model();
    school.billing_address = Set(None);
    school.update(&txn).await.unwrap();
    txn.commit().await.unwrap();
    board.set_clock("2025-03-17 13:00");
    let mut office = board.office().await;
    office.post(&format!("/training/sessions/{session}/register/1/submit"), &[("rest", "did_not_attend")]).await;
    let charge = charges(&board).await.remove(0);
    assert_eq!((charge.payer_kind, charge.payer_agency_id), (PayerKind::Undecided, None));

    let address = format!("/office/charges/{}", charge.reference);
    office.open(&address).await.must_say("has no billing contact");
    assert!(!office.says("Tell learner and payer"), "nobody is told of what nobody may have to pay");
    let find = office.link("Find the payer");
    office.open(&find).await.submit("Look again", &[]).await;
    assert!(office.body.contains("The payer is still not known"), "{}", office.text());
    assert_eq!(charges(&board).await[0], charge, "nothing was changed");

    let billing = board.person("Bill Payer").await;
    board.grant(billing, Role::BillingContact, Some(id)).await;
    let mut colleague = board.with_role("Oscar Office", Role::Administrator).await.1;
    colleague.open(&find).await;
    office.open(&find).await.submit("Look again", &[]).await;
    assert!(office.body.contains("The payer is found."), "{}", office.text());
    let found = charges(&board).await.remove(0);
    assert_eq!((found.payer_kind, found.payer_agency_id), (PayerKind::Agency, Some(id)));
    assert_eq!(found.payer_address, Some(address_of("Bill Payer")));
    office.must_say("Payer found: Oak School");
    colleague.submit("Look again", &[]).await;
    assert_eq!(colleague.status, StatusCode::CONFLICT, "it was found already");
    office.open(&format!("{address}/notify")).await.submit("Tell them", &[]).await.must_say("Notified");
    assert_eq!(board.mails_to(&address_of("Bill Payer")).await.len(), 1);
}

#[tokio::test]
async fn above_two_hundred_pounds_another_administrator_confirms() {
    for (pence, needs_another) in [(20_000, false), (20_001, true)] {
        let board = TestBoard::new().await;
        let txn = board.txn().await;
        let terms = policy_version::Entity::find().one(&txn).await.unwrap().unwrap();
        let mut terms = terms.into_active_model();
        terms.amount_pence = Set(pence);
        terms.update(&txn).await.unwrap();
        txn.commit().await.unwrap();
        let course = board.course("Neglect").await;
        let session = board.session(course, "2025-03-17 10:00", 20).await;
        let (ben, _) = board.learner("Ben Cole").await;
        place(&board, session, ben).await;
        board.set_clock("2025-03-17 13:00");
        let mut office = board.office().await;
        office.post(&format!("/training/sessions/{session}/register/1/submit"), &[("rest", "did_not_attend")]).await;
        let charge = charges(&board).await.remove(0);
        assert_eq!(charge.amount_pence, pence);
        let address = format!("/office/charges/{}", charge.reference);
        office.open(&format!("{address}/notify")).await.submit("Tell them", &[]).await.must_say("Notified");
        office.open(&format!("{address}/confirm")).await.submit("Confirm the charge", &[]).await;
        if needs_another {
            assert_eq!(office.status, StatusCode::CONFLICT);
            office
                .must_say("Charges above £200 are confirmed by another administrator")
                .must_say("Nothing was changed");
            assert_eq!(charges(&board).await[0].state, ChargeState::Notified);
            let mut colleague = board.with_role("Oscar Office", Role::Administrator).await.1;
            colleague.open(&format!("{address}/confirm")).await.submit("Confirm the charge", &[]).await;
            colleague.must_say("Confirmed");
        }
        assert_eq!(charges(&board).await[0].state, ChargeState::Confirmed, "{pence}");
    }
}

async fn cancel_late(board: &TestBoard, booking: BookingId) {
    let txn = board.txn().await;
    let row = booking::Entity::find_by_id(booking).one(&txn).await.unwrap().unwrap();
    let mut row = row.into_active_model();
    row.state = Set(BookingState::CancelledLate);
    row.changed_at = Set(board.now());
    row.update(&txn).await.unwrap();
    for _ in 0..2 {
        store::charge_propose_for_late_cancellation_in_txn(booking, None, board.now(), &txn).await.unwrap();
    }
    txn.commit().await.unwrap();
}

#[tokio::test]
async fn a_late_cancellation_is_charged_once_lapses_and_is_not_charged_while_charging_is_suspended() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let (spring, summer) =
        (board.session(course, "2025-03-17 10:00", 20).await, board.session(course, "2025-06-16 10:00", 20).await);
    let (amira, mut learner) = board.learner("Amira Khan").await;
    let (first, second) = (place(&board, spring, amira).await, place(&board, summer, amira).await);

    let mut office = board.office().await;
    office.open("/office/policy/suspensions/new").await.submit("Suspend charging", &[("reason", "")]).await;
    office.must_say("Enter the first day").must_say("Write why nobody is charged");
    let june = [
        ("from-day", "1"),
        ("from-month", "6"),
        ("from-year", "2025"),
        ("to-day", "30"),
        ("to-month", "6"),
        ("to-year", "2025"),
        ("reason", "Heat"),
    ];
    office.submit("Suspend charging", &june).await.must_say("Charging is suspended on these days");

    board.set_clock("2025-03-14 09:00");
    cancel_late(&board, first).await;
    let proposed = charges(&board).await;
    assert_eq!(proposed.len(), 1, "twice is once");
    assert_eq!((proposed[0].trigger, proposed[0].booking_id), (Trigger::LateCancellation, first));
    assert!(proposed[0].sentence.contains("was given back at 9am on Friday 14 March 2025"), "{}", proposed[0].sentence);
    learner.open("/account/charges").await.must_say("There are no charges");

    board.set_clock("2025-06-13 09:00");
    cancel_late(&board, second).await;
    assert_eq!(charges(&board).await.len(), 1, "suspended");
    // Three months later the first login has ended.
    let mut office = board.with_role("Oscar Office", Role::Administrator).await.1;
    office.open(&format!("/office/charges/{}/notify", proposed[0].reference)).await.submit("Tell them", &[]).await;
    assert_eq!(office.status, StatusCode::CONFLICT);
    office.must_say("has passed");
    board.run_jobs().await;
    assert_eq!(charges(&board).await[0].state, ChargeState::Lapsed);
}

#[tokio::test]
async fn the_policy_is_typed_in_pounds_and_refused_with_everything_still_there() {
    let board = TestBoard::new().await;
    let mut office = board.office().await;
    office.open("/office/policy").await.must_say("£50").must_say("6 clear working days");
    let date = [("effective_from-day", "1"), ("effective_from-month", "4"), ("effective_from-year", "2025")];
    for (amount, sentence) in
        [("-5", "£0 or more"), ("99999999999999", "£10,000 or less"), ("fifty", "in pounds"), ("", "enter an amount")]
    {
        let mut fields = date.to_vec();
        fields.push(("amount", amount));
        office.open("/office/policy/new").await.submit("Add this version", &fields).await;
        assert_eq!(office.status, StatusCode::UNPROCESSABLE_ENTITY, "{amount}");
        office.must_say(sentence);
        assert!(amount.is_empty() || office.body.contains(&format!("value=\"{amount}\"")), "{amount} is still there");
    }
    let mut fields = date.to_vec();
    fields.push(("amount", "£60.50"));
    office.submit("Add this version", &fields).await.must_say("The new version of the policy is added");
    office.must_say("Not yet in force").must_say("£60.50");
    let day = |text: &str| text.parse().unwrap();
    let db = board.app.db.reader();
    let before = store::policy_version_on(day("2025-03-31"), db).await.unwrap().unwrap();
    let after = store::policy_version_on(day("2025-04-01"), db).await.unwrap().unwrap();
    assert_eq!((before.amount_pence, after.amount_pence), (50_00, 60_50));
}
