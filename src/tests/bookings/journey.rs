//! Booking, changing and cancelling as people do it.

use super::{address_in, answers, book, must_count, reference, request_id, row};
use crate::board::{TestBoard, address_of};
use learning_gain::{bookings::rules::BookingState, entity::charge};
use reqwest::StatusCode;
use sea_orm::EntityTrait;

#[tokio::test]
async fn a_learner_books_in_four_screens_and_has_it_in_writing() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-17 10:00", 20).await;
    let (_, mut amira) = board.learner("Amira Khan").await;

    amira.open(&format!("/sessions/{session}/book")).await;
    amira.must_say("20 of 20 left").must_say("11:59pm on Thursday 6 March 2025");
    let next = amira.link("Continue");
    amira.open(&next).await;
    amira.must_say("Oak School");
    amira.submit("Continue", &[("access_needs", "a hearing loop")]).await;
    amira.must_say("Check your answers").must_say("a hearing loop").must_say("Oak School");
    amira.must_say("your employer is charged £50");
    amira.submit("Change your answers", &[]).await;
    assert!(amira.body.contains("a hearing loop"), "going back loses what was typed");
    amira.submit("Continue", &[]).await;
    amira.submit("Book this place", &[]).await;
    assert_eq!(amira.status, StatusCode::UNPROCESSABLE_ENTITY);
    amira.must_say("Tick the box").must_say("a hearing loop");
    amira.submit("Book this place", &[("accept", "yes")]).await;
    amira.must_say("Place booked").must_say("meet.example/secret-room");
    let reference = reference(&amira);
    assert!(!amira.path.contains("Amira") && !amira.path.contains("hearing"));

    let booking = row(&board, &reference).await;
    assert_eq!(booking.state, BookingState::Booked);
    assert_eq!(booking.access_needs.as_deref(), Some("a hearing loop"));
    assert!(booking.policy_accepted && booking.agency_confirmed);
    must_count(&board).await;

    let mails = board.mails_to(&address_of("Amira Khan")).await;
    assert_eq!(mails.len(), 1);
    let (body, calendar) = (mails[0].body.clone().unwrap(), mails[0].calendar.clone().unwrap());
    assert!(body.contains("11:59pm on Thursday 6 March 2025") && body.contains(&reference));
    assert!(!body.contains("hearing loop"), "access needs are never mailed");
    assert!(calendar.contains("DTSTART;TZID=Europe/London:20250317T100000"));
    assert!(calendar.replace("\r\n ", "").contains("does not cancel your place"));

    amira.open("/bookings").await.must_say("Neglect");
    amira.open(&format!("/bookings/{reference}/calendar.ics")).await;
    assert!(amira.body.contains(&format!("UID:{reference}-1@")));
}

#[tokio::test]
async fn a_stranger_signs_in_first_and_comes_back() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-17 10:00", 20).await;
    let mut stranger = board.stranger();
    stranger.open(&format!("/sessions/{session}/book")).await;
    assert!(stranger.path.starts_with("/sign-in?return="), "{}", stranger.path);
    assert!(stranger.path.contains(&format!("sessions%2F{session}%2Fbook")), "{}", stranger.path);
}

#[tokio::test]
async fn a_refused_form_keeps_what_was_typed() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-17 10:00", 20).await;
    board.agency("Elm Nursery").await;
    let (_, mut amira) = board.learner("Amira Khan").await;
    amira.open(&format!("/sessions/{session}/book/details")).await;
    let typed = [("job_role", ""), ("access_needs", "<b>a ramp"), ("agency", "other"), ("agency_name", "elm")];
    amira.submit("Continue", &typed).await;
    assert_eq!(amira.status, StatusCode::UNPROCESSABLE_ENTITY);
    amira.must_say("Enter your job role");
    assert!(amira.title().starts_with("Error: "));
    assert!(amira.body.contains("&lt;b&gt;a ramp") && !amira.body.contains("<b>a ramp"));
    amira.submit("Continue", &[("job_role", "Nurse")]).await;
    amira.must_say("Did you mean “Elm Nursery”");
    amira.submit("Continue", &[("agency_name", "elm nursery")]).await;
    amira.must_say("Check your answers").must_say("Elm Nursery");
    amira.submit("Book this place", &[("accept", "yes")]).await;
    let booking = row(&board, &reference(&amira)).await;
    assert!(booking.agency_id.is_some() && !booking.agency_confirmed, "a claimed membership is not a confirmed one");
}

#[tokio::test]
async fn cancelling_is_in_time_to_the_last_minute_on_the_day_the_clocks_change() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    // Six clear working days before Tuesday 8 April end on Monday 31 March.
    let session = board.session(course, "2025-04-08 10:00", 20).await;
    let (_, mut early) = board.learner("Early Bird").await;
    let (_, mut late) = board.learner("Late Riser").await;
    book(&mut early, session).await;
    early.must_say("11:59pm on Sunday 30 March 2025");
    book(&mut late, session).await;
    let (early_reference, late_reference) = (reference(&early), reference(&late));

    board.set_clock("2025-03-30 23:59");
    early.open(&format!("/bookings/{early_reference}/cancel")).await.must_say("You are in time");
    early.submit("Cancel this place", &[]).await;
    early.must_say("Cancelled in time");
    board.set_clock("2025-03-31 00:00");
    late.open(&format!("/bookings/{late_reference}/cancel")).await;
    late.must_say("This is a late cancellation").must_say("charged £50");
    late.submit("Cancel this place", &[]).await;
    late.must_say("Cancelled late");

    assert_eq!(row(&board, &early_reference).await.state, BookingState::CancelledInTime);
    assert_eq!(row(&board, &late_reference).await.state, BookingState::CancelledLate);
    let charges = charge::Entity::find().all(board.app.db.reader()).await.unwrap();
    assert_eq!(charges.len(), 1, "only the late one is charged");
    assert_eq!(charges[0].booking_id, row(&board, &late_reference).await.id);
    must_count(&board).await;

    // Sent again: the first result stands, and nothing is released twice.
    late.post(&format!("/bookings/{late_reference}/cancel"), &[]).await;
    assert_eq!(late.status, StatusCode::OK);
    must_count(&board).await;
}

#[tokio::test]
async fn a_late_booking_may_be_given_back_for_a_day_and_the_printed_moment_governs() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-17 10:00", 20).await;
    board.set_clock("2025-03-10 14:30");
    let (_, mut amira) = board.learner("Amira Khan").await;
    book(&mut amira, session).await;
    amira.must_say("2:30pm on Tuesday 11 March 2025");
    let reference = reference(&amira);
    board.set_clock("2025-03-11 14:30");
    amira.open(&format!("/bookings/{reference}/cancel")).await.must_say("You are in time");
    board.set_clock("2025-03-11 14:31");
    amira.open(&format!("/bookings/{reference}/cancel")).await.must_say("late cancellation");
}

#[tokio::test]
async fn another_persons_booking_does_not_exist() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-17 10:00", 20).await;
    let (_, mut amira) = board.learner("Amira Khan").await;
    let (_, mut ben) = board.learner("Ben Okoro").await;
    book(&mut amira, session).await;
    let reference = reference(&amira);
    for page in ["", "/cancel", "/colleague", "/move", "/calendar.ics"] {
        ben.open(&format!("/bookings/{reference}{page}")).await;
        assert_eq!(ben.status, StatusCode::NOT_FOUND, "{page}");
    }
    for action in ["/cancel", "/accept", "/colleague", "/move"] {
        ben.post(&format!("/bookings/{reference}{action}"), &[("name", "X"), ("email", "x@y.uk")]).await;
        assert_eq!(ben.status, StatusCode::NOT_FOUND, "{action}");
    }
    assert_eq!(row(&board, &reference).await.state, BookingState::Booked);
    let mut office = board.office().await;
    office.open(&format!("/bookings/{reference}")).await.must_say("Amira Khan");
    office.open("/office/bookings").await.submit("Search", &[("search", "khan")]).await.must_say(&reference);
    ben.open("/office/bookings").await;
    assert_eq!(ben.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_mailed_link_acts_only_by_its_button_and_only_if_it_is_ours() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-17 10:00", 20).await;
    let (_, mut amira) = board.learner("Amira Khan").await;
    book(&mut amira, session).await;
    let reference = reference(&amira);
    let body = board.mails_to(&address_of("Amira Khan")).await[0].body.clone().unwrap();
    let link = address_in(&body, &format!("{}/bookings/link/", board.base));

    let mut stranger = board.stranger();
    stranger.open(&link).await.must_say("Cancel your place?");
    assert_eq!(row(&board, &reference).await.state, BookingState::Booked, "opening a link changes nothing");
    for forged in [link.replace(&reference, "AAAAAAAA"), link[..link.len() - 1].to_owned(), format!("{link}0")] {
        stranger.open(&forged).await;
        assert_eq!(stranger.status, StatusCode::NOT_FOUND, "{forged}");
        stranger.post(&forged, &[("move", "give-up")]).await;
        assert_eq!(stranger.status, StatusCode::NOT_FOUND, "{forged}");
    }
    assert_eq!(row(&board, &reference).await.state, BookingState::Booked);
    stranger.open(&link).await.submit("Cancel this place", &[]).await;
    stranger.must_say("This booking has ended").must_say("Cancelled in time. Nothing is charged.");
    must_count(&board).await;

    board.set_clock("2025-03-25 10:00");
    stranger.open(&link).await.must_say("This link has ended");
    assert_eq!(stranger.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn a_colleague_comes_instead_and_nothing_is_counted_twice() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-17 10:00", 1).await;
    let (_, mut amira) = board.learner("Amira Khan").await;
    book(&mut amira, session).await;
    let reference = reference(&amira);
    board.set_clock("2025-03-17 09:59");
    amira.open(&format!("/bookings/{reference}/colleague")).await;
    amira.submit("Give my place", &[("name", "Ben"), ("email", "not an address")]).await;
    assert_eq!(amira.status, StatusCode::UNPROCESSABLE_ENTITY);
    let (_, fields) = amira.form_with_button("Give my place");
    assert!(fields.contains(&("email".into(), "not an address".into())));
    amira.submit("Give my place", &[("name", "Ben Okoro"), ("email", "Ben@New.example")]).await;
    amira.must_say("A colleague has the place");
    let rows = board.bookings_of(session).await;
    assert_eq!(rows.len(), 2);
    assert_eq!((rows[0].state, rows[1].state), (BookingState::Substituted, BookingState::Booked));
    assert_eq!(rows[1].substitute_for, Some(rows[0].id));
    assert_eq!(board.mails_to("ben@new.example").await.len(), 1);
    must_count(&board).await;
    assert!(charge::Entity::find().all(board.app.db.reader()).await.unwrap().is_empty());
}

#[tokio::test]
async fn moving_to_another_date_needs_a_free_place_there_and_time_here() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let first = board.session(course, "2025-03-17 10:00", 1).await;
    let second = board.session(course, "2025-03-24 10:00", 1).await;
    let (_, mut amira) = board.learner("Amira Khan").await;
    let (_, mut ben) = board.learner("Ben Okoro").await;
    book(&mut amira, first).await;
    let amiras = reference(&amira);
    book(&mut ben, first).await;
    ben.must_say("You are on the waiting list");
    amira.open(&format!("/bookings/{amiras}/move")).await.must_say("24 March 2025");
    amira.submit("Move to this date", &[("session", &second.to_string())]).await.must_say("Tick the box");
    amira.submit("Move to this date", &[("session", &second.to_string()), ("accept", "yes")]).await;
    amira.must_say("You have moved to this date");
    assert_eq!(row(&board, &amiras).await.state, BookingState::Transferred);
    assert_eq!(row(&board, &reference(&ben)).await.state, BookingState::Offered, "the freed place is offered");
    must_count(&board).await;
    board.set_clock("2025-03-20 10:00");
    amira.open(&format!("/bookings/{}/move", reference(&amira))).await;
    amira.must_say("you cannot move to another date");
}

#[tokio::test]
async fn the_office_books_for_somebody_and_answers_requests() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-17 10:00", 5).await;
    let (_, mut amira) = board.learner("Amira Khan").await;
    let mut office = board.office().await;
    office.open(&format!("/office/bookings/new?session={session}")).await;
    office.submit("Book", &[("email", "nobody@people.example")]).await.must_say("Nobody is known");
    office.submit("Book", &[("email", &address_of("Amira Khan"))]).await;
    office.must_say("Amira Khan").must_say("Booked");
    amira.open("/bookings").await.must_say("Neglect");

    let txn = board.txn().await;
    let change = learning_gain::entity::session::ActiveModel {
        needs_approval: sea_orm::ActiveValue::Set(true),
        ..Default::default()
    };
    learning_gain::entity::session::Entity::update_many().set(change).exec(&txn).await.unwrap();
    txn.commit().await.unwrap();
    let (_, mut ben) = board.learner("Ben Okoro").await;
    book(&mut ben, session).await;
    ben.must_say("Waiting for approval");
    assert_eq!(board.session_row(session).await.held, 2, "a request holds a place");
    office.open("/office/bookings?state=requested").await.submit("Approve", &[]).await;
    let bens = reference(&ben);
    assert_eq!(row(&board, &bens).await.state, BookingState::Booked);
    let (_, mut cora) = board.learner("Cora Diaz").await;
    book(&mut cora, session).await;
    board.set_clock("2025-03-07 00:01");
    board.run_jobs().await;
    assert_eq!(row(&board, &reference(&cora)).await.state, BookingState::Lapsed, "three working days are over");
    must_count(&board).await;
}

#[tokio::test]
async fn clashes_missing_prerequisites_and_closed_booking_are_refused_with_a_sentence() {
    use learning_gain::entity::{course_prerequisite, session};
    use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, QueryFilter};
    let board = TestBoard::new().await;
    let neglect = board.course("Neglect").await;
    let advanced = board.course("Advanced").await;
    let morning = board.session(neglect, "2025-03-17 10:00", 5).await;
    let same_time = board.session(neglect, "2025-03-17 11:00", 5).await;
    let later = board.session(advanced, "2025-03-18 10:00", 5).await;
    let txn = board.txn().await;
    let needed = course_prerequisite::ActiveModel { course_id: Set(advanced), required_course_id: Set(neglect) };
    needed.insert(&txn).await.unwrap();
    txn.commit().await.unwrap();
    let (_, mut amira) = board.learner("Amira Khan").await;
    book(&mut amira, morning).await;
    amira.open(&format!("/sessions/{morning}/book")).await.must_say("You already have a place");
    amira.open(&format!("/sessions/{same_time}/book")).await.must_say("at the same time");
    amira.open(&format!("/sessions/{later}/book")).await.must_say("Attend “Neglect” before");
    let request = request_id(1);
    amira.post(&format!("/sessions/{same_time}/book"), &answers(&request)).await.must_say("at the same time");
    assert_eq!(board.bookings_of(same_time).await.len(), 0);

    let (_, mut ben) = board.learner("Ben Okoro").await;
    let txn = board.txn().await;
    let closed = session::ActiveModel { booking_closes_at: Set(board.now()), ..Default::default() };
    let only = session::Entity::update_many().filter(session::Column::Id.eq(morning));
    only.set(closed).exec(&txn).await.unwrap();
    txn.commit().await.unwrap();
    ben.post(&format!("/sessions/{morning}/book"), &answers(&request_id(2))).await.must_say("has closed");
    ben.open("/sessions/999999/book").await;
    assert_eq!(ben.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn people_are_reminded_once_before_the_cut_off_and_once_before_the_session() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-17 10:00", 5).await;
    let (_, mut amira) = board.learner("Amira Khan").await;
    book(&mut amira, session).await;
    let kinds = async |kind: &str| {
        board.mails_to(&address_of("Amira Khan")).await.iter().filter(|mail| mail.kind == kind).count()
    };
    board.set_clock("2025-03-04 08:50");
    board.run_jobs().await;
    assert_eq!(kinds("booking_cancel_by_near").await, 0);
    board.set_clock("2025-03-04 09:00");
    board.run_jobs().await;
    board.set_clock("2025-03-04 09:30");
    board.run_jobs().await;
    assert_eq!(kinds("booking_cancel_by_near").await, 1);
    let text = board.mails_to(&address_of("Amira Khan")).await.pop().unwrap().body.unwrap();
    for words in ["until 11:59pm on Thursday 6 March 2025", "charged £50", "/bookings/link/"] {
        assert!(text.contains(words), "“{words}” is not in {text}");
    }
    board.set_clock("2025-03-16 10:05");
    board.run_jobs().await;
    board.set_clock("2025-03-16 11:05");
    board.run_jobs().await;
    assert_eq!(kinds("session_reminder").await, 1);
}
