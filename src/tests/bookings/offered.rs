//! A place is offered: until when it could be given back is said before it is taken, and every page leads on.

use super::{
    book,
    list_end::long_list,
    must_count, reference, row,
    shown::{freed, link_of},
};
use crate::{
    board::{TestBoard, address_of, london},
    sign_in::Listening,
};
use learning_gain::{
    accounts::rules::Role,
    bookings::{
        rules::BookingState,
        store::{Change, offer_places_in_txn},
    },
    entity::{agency, audit, outbox, session},
    messages::{bookings::Letters, wording},
    sessions::rules::SessionId,
};
use reqwest::StatusCode;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
};

#[tokio::test]
async fn an_offer_says_until_when_the_place_can_be_given_back() {
    // The first can be given back until the usual cut-off; the second is offered after it.
    for (starts, at, until) in [
        ("2025-03-31 10:00", "2025-03-03 09:00", "11:59pm on Thursday 20 March 2025"),
        ("2025-03-31 10:00", "2025-03-25 09:00", "9am on Wednesday 26 March 2025"),
        ("2025-03-31 10:00", "2025-03-30 12:00", "10am on Monday 31 March 2025"),
    ] {
        let board = TestBoard::new().await;
        let course = board.course("Neglect").await;
        let session = board.session(course, starts, 1).await;
        let (mut ben, bens) = freed(&board, session, Some(at)).await;
        let is_last_day = row(&board, &bens).await.state == BookingState::Waitlisted;
        let kind = if is_last_day { "booking_last_day" } else { "booking_offer" };
        let mail = board.mails_to(&address_of("Ben Okoro")).await.pop().unwrap();
        let (told, body) = (mail.kind.clone(), mail.body.unwrap());
        assert_eq!(told, kind, "{at}");
        let terms =
            format!("If you take the place now, you can cancel free of charge until {until}. If you do not come");
        assert!(body.contains(&terms) && body.contains("your employer is charged £50"), "{at}: {body}");
        let mut phone = board.stranger();
        phone.open(&link_of(&board, "Ben Okoro", kind).await).await;
        ben.open(&format!("/bookings/{bens}")).await;
        for page in [&phone, &ben] {
            page.must_say("If you take it now, you can cancel free of charge until").must_say(until);
            page.must_say("your employer is charged £50");
        }
        let button = if is_last_day { "Take a place if one is free" } else { "Accept the place" };
        phone.submit(button, &[]).await.must_say("Booked");
        ben.open(&format!("/bookings/{bens}")).await.must_say(until);
    }
}

#[tokio::test]
async fn the_offices_own_words_of_before_stay_valid() {
    for (wording, body) in [
        (&wording::BOOKING_OFFER, "Held until {{until}}.\n\n{{details}}\n\n{{link}}"),
        (&wording::BOOKING_LAST_DAY, "{{details}}\n\n{{link}}"),
        (&wording::SESSION_MOVED, "{{what_changed}}\n\n{{details}}\n\n{{change_or_cancel}}"),
    ] {
        assert!(wording::parse_template(wording, "Subject", body).is_ok(), "{}", wording.kind);
    }
}

#[tokio::test]
async fn whoever_has_an_offer_and_asks_again_is_led_to_it_and_an_offer_that_ran_out_claims_nothing_of_others() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-31 10:00", 1).await;
    let (mut ben, bens) = freed(&board, session, None).await;
    ben.open(&format!("/sessions/{session}/book")).await;
    assert_eq!(ben.status, StatusCode::CONFLICT);
    ben.must_say("A place on this session is held for you until 11:59pm on Wednesday 5 March 2025");
    assert!(!ben.says("already have a place"), "{}", ben.text());
    let answer = ben.link("Accept or decline the place");
    assert_eq!(answer, format!("/bookings/{bens}"));
    ben.open(&answer).await.must_say("If you do not answer by then, somebody else can have it");

    // Nobody else waits, so nobody has the place.
    board.set_clock("2025-03-06 00:00");
    board.run_jobs().await;
    let told = board.mails_to(&address_of("Ben Okoro")).await.pop().unwrap();
    assert_eq!(told.kind, "booking_offer_expired");
    let body = told.body.unwrap();
    assert!(body.contains("no longer held for you") && !body.contains("next person"), "{body}");
    ben.post(&format!("/bookings/{bens}/accept"), &[]).await.must_say("This offer has run out");
    assert!(!ben.says("next person"), "{}", ben.text());
    // The refusal leads on to the booking, and from there to the session, where the place can be booked.
    let onward = ben.link("See the booking as it is now");
    ben.open(&onward).await.must_say("Offer ran out");
    book(&mut ben, session).await;
    ben.must_say("Place booked");
    must_count(&board).await;
}

#[tokio::test]
async fn who_already_has_a_booking_is_led_to_it() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-31 10:00", 1).await;
    for (name, sentence) in [
        ("Amira Khan", "You already have a place on this session"),
        ("Ben Okoro", "You are already on the waiting list"),
    ] {
        let (_, mut browser) = board.learner(name).await;
        book(&mut browser, session).await;
        let theirs = format!("/bookings/{}", reference(&browser));
        browser.open(&format!("/sessions/{session}/book")).await.must_say(sentence);
        assert_eq!(browser.link("See your booking of this session"), theirs);
    }
}

#[tokio::test]
async fn refused_answers_and_colleagues_lead_on() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-31 10:00", 1).await;
    let txn = board.txn().await;
    let mut strict = board.session_row(session).await.into_active_model();
    strict.needs_approval = Set(true);
    strict.update(&txn).await.unwrap();
    txn.commit().await.unwrap();
    let (_, mut amira) = board.learner("Amira Khan").await;
    book(&mut amira, session).await;
    let amiras = reference(&amira);
    let school = agency::Entity::find().one(board.app.db.reader()).await.unwrap().unwrap().id;
    let lead = board.person("Lena Lead").await;
    board.grant(lead, learning_gain::accounts::rules::Role::TrainingLead, Some(school)).await;
    let mut lead = board.signed_in(lead).await;
    lead.post(&format!("/agency/bookings/{amiras}/approve"), &[]).await.must_say("not the agency");
    assert_eq!(lead.link("See the booking"), format!("/agency/bookings/{amiras}"));
    let link = link_of(&board, "Amira Khan", "booking_requested").await;
    amira.open(&format!("/bookings/{amiras}/cancel")).await.submit("Take the request back", &[]).await;
    let mut office = board.office().await;
    office.post(&format!("/office/bookings/{amiras}/approve"), &[]).await.must_say("already answered");
    assert_eq!(office.link("See the booking"), format!("/bookings/{amiras}"));
    for (path, onward) in [
        (format!("/bookings/{amiras}/colleague"), format!("/bookings/{amiras}")),
        (format!("/bookings/{amiras}/move"), format!("/bookings/{amiras}")),
        (format!("/agency/bookings/{amiras}/colleague"), format!("/agency/bookings/{amiras}")),
    ] {
        let browser = if path.starts_with("/agency") { &mut lead } else { &mut amira };
        browser.open(&path).await.must_say("already given up");
        assert_eq!(browser.status, StatusCode::CONFLICT, "{path}");
        assert_eq!(browser.link("See the booking"), onward);
        browser.open(&onward).await.must_say("Withdrawn");
    }
    let mut phone = board.stranger();
    phone.post(&link, &[("move", "accept")]).await.must_say("There is no offer to answer any more");
    let onward = phone.link("See the booking");
    assert!(link.ends_with(&onward), "{onward}");
    phone.open(&onward).await.must_say("Withdrawn");
}

#[tokio::test]
async fn a_grace_is_as_long_as_it_was_shown_or_longer() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-31 10:00", 1).await;
    let (mut ben, bens) = freed(&board, session, Some("2025-03-25 09:00")).await;
    ben.open(&format!("/bookings/{bens}")).await.must_say("9am on Wednesday 26 March 2025");
    board.set_clock("2025-03-25 17:00");
    ben.submit("Accept the place", &[]).await.must_say("The place is yours");
    assert_eq!(row(&board, &bens).await.cancel_by, london("2025-03-26 17:00"));
}

/// Frees so many places of a session whose list was made by `long_list`.
async fn free_places(board: &TestBoard, session: SessionId, free: i32) {
    let txn = board.txn().await;
    let only = session::Entity::update_many().filter(session::Column::Id.eq(session));
    let row = session::ActiveModel { capacity: Set(free + 1), ..Default::default() };
    only.set(row).exec(&txn).await.unwrap();
    txn.commit().await.unwrap();
}

#[tokio::test]
async fn offers_to_many_are_told_with_as_many_questions_as_one() {
    let board = TestBoard::new().await;
    let oak = board.agency("Oak School").await;
    let change = || Change::new(None, board.now(), Letters::of(&board.app));
    let offer = async |starts: &str, waiting: i32| {
        let session = long_list(&board, starts, waiting as usize, oak).await;
        free_places(&board, session, waiting).await;
        let txn = board.txn().await;
        let listening = Listening::to(&txn);
        offer_places_in_txn(session, &change(), &listening).await.unwrap();
        let heard = listening.heard();
        txn.commit().await.unwrap();
        must_count(&board).await;
        let rows = board.bookings_of(session).await;
        (session, heard, rows.iter().filter(|row| row.state == BookingState::Offered).count())
    };
    let (_, one, offered) = offer("2025-03-31 10:00", 1).await;
    assert_eq!(offered, 1);
    let (many, heard, offered) = offer("2025-04-07 10:00", 30).await;
    assert_eq!(offered, 30);
    // Each place is taken, and each booking written, by itself; everything else is asked once.
    let asked = |heard: &[String]| heard.iter().filter(|sql| !sql.starts_with("UPDATE")).count();
    assert_eq!(asked(&heard), asked(&one), "{heard:#?}");
    let written = heard.len() - asked(&heard);
    assert!(written <= 2 * 30 + 2, "{written} rows written");
    let offers = board.mails().await.into_iter().filter(|mail| mail.kind == "booking_offer");
    let told: Vec<_> = offers.filter_map(|mail| mail.body).collect();
    assert_eq!(told.len(), 31);
    assert!(told.iter().all(|body| body.contains("you can cancel free of charge until 11:59pm")), "{told:?}");
    let said = audit::Entity::find().filter(audit::Column::Sentence.starts_with("Offered a place until"));
    assert_eq!(said.count(board.app.db.reader()).await.unwrap(), 31);
    assert_eq!(board.session_row(many).await.waiting, 0);

    // The same on the last day, when nobody is offered one and all are told.
    let told = async |starts: &str, waiting: usize| {
        let session = long_list(&board, starts, waiting, oak).await;
        free_places(&board, session, 1).await;
        let start = board.session_row(session).await.starts_at;
        let change = Change { now: start - chrono::Duration::hours(20), ..change() };
        let mut heard = Vec::new();
        for _ in 0..2 {
            let txn = board.txn().await;
            let listening = Listening::to(&txn);
            offer_places_in_txn(session, &change, &listening).await.unwrap();
            heard.push(listening.heard().len());
            txn.commit().await.unwrap();
        }
        heard[0]
    };
    let few = told("2025-05-12 10:00", 2).await;
    assert_eq!(told("2025-05-19 10:00", 30).await, few);
    let mails = board.mails().await;
    assert_eq!(mails.iter().filter(|mail| mail.kind == "booking_last_day").count(), 32, "each is told once");
}

/// Gives every mail to somebody up, as the mail program does after its last try. Returns the newest of this kind.
async fn given_up(board: &TestBoard, name: &str, kind: &str) -> i64 {
    let txn = board.txn().await;
    let failed = outbox::ActiveModel { failed_at: Set(Some(board.now())), ..Default::default() };
    let theirs = outbox::Entity::update_many().filter(outbox::Column::ToAddress.eq(address_of(name)));
    theirs.set(failed).exec(&txn).await.unwrap();
    txn.commit().await.unwrap();
    let mails = board.mails_to(&address_of(name)).await;
    mails.into_iter().rev().find(|mail| mail.kind == kind).unwrap().id
}

#[tokio::test]
async fn a_mail_that_offers_a_place_is_sent_again_only_while_it_can_be_taken() {
    for (at, kind, over, now) in [
        (None, "booking_offer", "2025-03-06 00:00", "Offer ran out"),
        (Some("2025-03-30 12:00"), "booking_last_day", "2025-03-31 10:00", "No place came free"),
    ] {
        let board = TestBoard::new().await;
        let course = board.course("Neglect").await;
        let session = board.session(course, "2025-03-31 10:00", 1).await;
        freed(&board, session, at).await;
        let mail = given_up(&board, "Ben Okoro", kind).await;
        let count = async || board.mails_to(&address_of("Ben Okoro")).await.len();
        let before = count().await;
        let (olive, mut office) = board.with_role("Olive Office", Role::Administrator).await;
        let page = format!("/office/mail/{mail}");
        let mut old = board.signed_in(olive).await;
        old.open(&page).await.must_say("Send it again");
        // Before the job has looked, and after it.
        board.set_clock(over);
        for jobs in [false, true] {
            if jobs {
                board.run_jobs().await;
            }
            let before = count().await;
            office.open(&page).await.must_say("not theirs to take any more").must_say(now);
            assert!(!office.says("Send it again"), "{kind}: {}", office.text());
            office.post(&format!("{page}/resend"), &[]).await.must_say("Nothing was sent").must_say(now);
            assert_eq!(office.status, StatusCode::CONFLICT);
            assert_eq!(count().await, before, "{kind}");
        }
        old.submit("Send it again", &[]).await.must_say("Nothing was sent");
        // What is true by now was written to them when it became true.
        let told = board.mails_to(&address_of("Ben Okoro")).await.pop().unwrap().kind;
        let ended = if at.is_none() { "booking_offer_expired" } else { "waiting_list_ended" };
        assert_eq!((told.as_str(), count().await), (ended, before + 1));
    }
}

#[tokio::test]
async fn an_offer_that_is_still_open_is_sent_again_and_one_that_was_accepted_is_not() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-31 10:00", 1).await;
    let (mut ben, bens) = freed(&board, session, None).await;
    let mail = given_up(&board, "Ben Okoro", "booking_offer").await;
    let mut office = board.office().await;
    board.set_clock("2025-03-05 23:59");
    office.open(&format!("/office/mail/{mail}")).await.submit("Send it again", &[]).await.must_say("sent again");
    let mail = given_up(&board, "Ben Okoro", "booking_offer").await;
    ben.open(&format!("/bookings/{bens}")).await.submit("Accept the place", &[]).await;
    office.open(&format!("/office/mail/{mail}")).await.must_say("Their booking is now: Booked");
    office.post(&format!("/office/mail/{mail}/resend"), &[]).await.must_say("Nothing was sent");
}

#[tokio::test]
async fn an_offer_whose_mail_waited_too_long_does_not_leave_by_itself() {
    for (at, over) in [(None, "2025-03-06 00:00"), (Some("2025-03-30 12:00"), "2025-03-31 10:00")] {
        let board = TestBoard::new().await;
        let course = board.course("Neglect").await;
        let session = board.session(course, "2025-03-31 10:00", 1).await;
        freed(&board, session, at).await;
        // The mail server is away until there is nothing to take any more, and what came of it waits behind it.
        board.set_clock(over);
        board.run_jobs().await;
        board.send_mails().await;
        let mails = board.mails_to(&address_of("Ben Okoro")).await;
        let (kind, end) = match at {
            None => ("booking_offer", "booking_offer_expired"),
            Some(_) => ("booking_last_day", "waiting_list_ended"),
        };
        let of = |kind: &str| mails.iter().rfind(|mail| mail.kind == kind).unwrap();
        let offer = of(kind);
        assert_eq!((offer.sent_at, offer.attempts), (None, 1), "{kind}");
        assert!(offer.failed_at.is_some(), "whoever lost an offer of which no mail told them is seen by the office");
        let why = offer.last_error.as_deref();
        assert_eq!(why, Some("the place that it offers could not be taken any more before the mail was sent"));
        assert!(of(end).sent_at.is_some(), "{end}");
    }
}

#[tokio::test]
async fn a_confirmation_is_not_sent_again_once_the_place_was_given_up() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-31 10:00", 1).await;
    let (_, mut amira) = board.learner("Amira Khan").await;
    book(&mut amira, session).await;
    let mail = given_up(&board, "Amira Khan", "booking_confirmed").await;
    let mut office = board.office().await;
    let page = format!("/office/mail/{mail}");
    office.open(&page).await.must_say("Send it again");
    amira.open(&format!("/bookings/{}/cancel", reference(&amira))).await.submit("Cancel this place", &[]).await;
    office.submit("Send it again", &[]).await.must_say("Nothing was sent").must_say("Cancelled in time");
    office.open(&page).await.must_say("They no longer have the place that this mail is about");
    assert!(!office.says("Send it again"));
    let mails = board.mails_to(&address_of("Amira Khan")).await;
    assert_eq!(mails.iter().filter(|mail| mail.kind == "booking_confirmed").count(), 1);
}
