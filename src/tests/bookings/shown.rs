//! What a form was about is what it does: the session may have changed since its page was shown, or the rule.

use super::{address_in, book, must_count, reference, row, scene::lead_of_oak};
use crate::{
    attendance::charges,
    board::{TestBoard, address_of, london},
    browser::Browser,
};
use learning_gain::{
    accounts::rules::{PersonId, Role},
    bookings::rules::{BookingId, BookingState},
    entity::booking,
    sessions::rules::SessionId,
};
use reqwest::StatusCode;
use sea_orm::{EntityTrait, QueryOrder};

/// Every form that makes or takes a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Book,
    /// The last place went meanwhile.
    Join,
    Move,
    MoveByLink,
    Accept,
    AcceptByLink,
    Take,
    TakeByLink,
    Colleague,
    ColleagueByLink,
    LeadsColleague,
    Lead,
    LeadsList,
    Office,
}

const FORMS: [Form; 14] = [
    Form::Book,
    Form::Join,
    Form::Move,
    Form::MoveByLink,
    Form::Accept,
    Form::AcceptByLink,
    Form::Take,
    Form::TakeByLink,
    Form::Colleague,
    Form::ColleagueByLink,
    Form::LeadsColleague,
    Form::Lead,
    Form::LeadsList,
    Form::Office,
];

/// A form that stands open in a window.
struct Open {
    window: Browser,
    /// The session that it is about.
    session: SessionId,
    button: &'static str,
    fields: Vec<(&'static str, String)>,
}

impl Open {
    async fn press(&mut self) -> &mut Browser {
        let fields: Vec<(&str, &str)> = self.fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.window.submit(self.button, &fields).await
    }
}

/// The personal link in the newest mail of this kind to somebody.
pub async fn link_of(board: &TestBoard, name: &str, kind: &str) -> String {
    let mails = board.mails_to(&address_of(name)).await;
    let body = mails.iter().rev().find(|mail| mail.kind == kind).unwrap().body.clone().unwrap();
    address_in(&body, &format!("{}/bookings/link/", board.base))
}

/// Amira has the only place and gives it back, and Ben waits: the second value is the reference of Ben's booking.
pub async fn freed(board: &TestBoard, session: SessionId, at: Option<&str>) -> (Browser, String) {
    let (_, mut amira) = board.learner("Amira Khan").await;
    book(&mut amira, session).await;
    let (_, mut ben) = board.learner("Ben Okoro").await;
    book(&mut ben, session).await;
    if let Some(at) = at {
        board.set_clock(at);
    }
    amira.open(&format!("/bookings/{}/cancel", reference(&amira))).await.submit("Cancel this place", &[]).await;
    let bens = reference(&ben);
    (ben, bens)
}

async fn amira_with_place(board: &TestBoard, session: SessionId) -> (PersonId, Browser, String) {
    let (person, mut amira) = board.learner("Amira Khan").await;
    book(&mut amira, session).await;
    let amiras = reference(&amira);
    (person, amira, amiras)
}

/// Opens a form about a session of 31 March.
async fn open(form: Form, board: &TestBoard) -> Open {
    let course = board.course("Neglect").await;
    let places = if matches!(form, Form::Join | Form::Accept | Form::AcceptByLink | Form::Take | Form::TakeByLink) {
        1
    } else {
        5
    };
    let session = board.session(course, "2025-03-31 10:00", places).await;
    let other = board.session(course, "2025-03-24 10:00", 5).await;
    let accept = || vec![("accept", "yes".to_owned())];
    let choice = || vec![("session", session.to_string()), ("accept", "yes".to_owned())];
    let dan = || vec![("name", "Dan Evans".to_owned()), ("email", "dan@evans.example".to_owned())];
    let (window, button, fields) = match form {
        Form::Book => {
            let (_, mut amira) = board.learner("Amira Khan").await;
            amira.open(&format!("/sessions/{session}/book/details")).await.submit("Continue", &[]).await;
            (amira, "Book this place", accept())
        }
        Form::Join => {
            let (_, mut dan) = board.learner("Dan Evans").await;
            dan.open(&format!("/sessions/{session}/book/details")).await.submit("Continue", &[]).await;
            amira_with_place(board, session).await;
            dan.submit("Book this place", &[("accept", "yes")]).await.must_say("The last place has just gone");
            (dan, "Join the waiting list", accept())
        }
        Form::Move => {
            let (_, mut amira, amiras) = amira_with_place(board, other).await;
            amira.open(&format!("/bookings/{amiras}/move")).await;
            (amira, "Move to this date", choice())
        }
        Form::MoveByLink => {
            amira_with_place(board, other).await;
            let mut phone = board.stranger();
            phone.open(&link_of(board, "Amira Khan", "booking_confirmed").await).await;
            (phone, "Move to this date", choice())
        }
        Form::Accept | Form::Take => {
            let last_day = (form == Form::Take).then_some("2025-03-30 12:00");
            let (mut ben, bens) = freed(board, session, last_day).await;
            ben.open(&format!("/bookings/{bens}")).await;
            (ben, if form == Form::Take { "Take a place if one is free" } else { "Accept the place" }, Vec::new())
        }
        Form::AcceptByLink => {
            freed(board, session, None).await;
            let mut phone = board.stranger();
            phone.open(&link_of(board, "Ben Okoro", "booking_offer").await).await;
            (phone, "Accept the place", Vec::new())
        }
        Form::TakeByLink => {
            freed(board, session, Some("2025-03-30 12:00")).await;
            let mut phone = board.stranger();
            phone.open(&link_of(board, "Ben Okoro", "booking_last_day").await).await;
            (phone, "Take a place if one is free", Vec::new())
        }
        Form::Colleague => {
            let (_, mut amira, amiras) = amira_with_place(board, session).await;
            amira.open(&format!("/bookings/{amiras}/colleague")).await;
            (amira, "Give my place", dan())
        }
        Form::ColleagueByLink => {
            amira_with_place(board, session).await;
            let mut phone = board.stranger();
            phone.open(&link_of(board, "Amira Khan", "booking_confirmed").await).await;
            (phone, "Give my place", dan())
        }
        Form::LeadsColleague => {
            let (_, _, amiras) = amira_with_place(board, session).await;
            let mut lead = lead_of_oak(board).await;
            lead.open(&format!("/agency/bookings/{amiras}/colleague")).await;
            (lead, "Give the place", [dan(), vec![("staff", "new".to_owned())]].concat())
        }
        Form::Lead => {
            let (amira, _) = board.learner("Amira Khan").await;
            let mut lead = lead_of_oak(board).await;
            lead.open(&format!("/agency/sessions/{session}/book")).await;
            (lead, "Book for them", vec![("staff", amira.to_string())])
        }
        Form::LeadsList => {
            board.learner("Amira Khan").await;
            let mut lead = lead_of_oak(board).await;
            lead.open(&format!("/agency/sessions/{session}/list")).await;
            let list = format!("Amira Khan, {}", address_of("Amira Khan"));
            lead.submit("Check the list", &[("list", &list)]).await.must_say("All 1 can be booked");
            (lead, "Book this person", Vec::new())
        }
        Form::Office => {
            board.learner("Amira Khan").await;
            let (_, mut office) = board.with_role("Odo Office", Role::Administrator).await;
            office.open(&format!("/office/bookings/new?session={session}")).await;
            (office, "Book", vec![("email", address_of("Amira Khan"))])
        }
    };
    Open { window, session, button, fields }
}

async fn states(board: &TestBoard) -> Vec<(BookingId, BookingState)> {
    let rows = booking::Entity::find().order_by_asc(booking::Column::Id).all(board.app.db.reader()).await.unwrap();
    rows.into_iter().map(|row| (row.id, row.state)).collect()
}

/// A new version of the policy from a day of March on: £100, with three working days' notice.
async fn hundred_pounds_from(office: &mut Browser, day: &str) {
    let fields = [
        ("effective_from-day", day),
        ("effective_from-month", "3"),
        ("effective_from-year", "2025"),
        ("amount", "£100"),
        ("notice_days", "3"),
    ];
    office.open("/office/policy/new").await.submit("Add this version", &fields).await;
    office.must_say("The new version of the policy is added");
}

#[tokio::test]
async fn a_form_from_before_the_session_changed_does_nothing_and_shows_what_is_true() {
    for form in FORMS {
        let board = TestBoard::new().await;
        let mut open = open(form, &board).await;
        let mut office = board.office().await;
        office.open(&format!("/office/sessions/{}/edit", open.session)).await;
        let later = [("date1-from", "11am"), ("closes-day", ""), ("closes-month", ""), ("closes-year", "")];
        office.submit("Save changes", &later).await;
        assert!(office.path.contains("?done="), "{form:?}: {}", office.text());

        let before = states(&board).await;
        let button = open.button;
        let window = open.press().await;
        assert_eq!(window.status, StatusCode::UNPROCESSABLE_ENTITY, "{form:?}: {}", window.text());
        window.must_say("This session was changed while you were looking at it, so nothing was done");
        assert!(window.says("11am"), "{form:?}: {}", window.text());
        let ticked = window.form_with_button(button).1.iter().any(|(name, _)| name == "accept");
        assert!(!ticked, "{form:?}: what was accepted was something else");
        assert_eq!(states(&board).await, before, "{form:?}");

        let window = open.press().await;
        assert!(window.status.is_success(), "{form:?}: {}", window.text());
        assert_ne!(states(&board).await, before, "{form:?}: {}", open.window.text());
        must_count(&board).await;
    }
}

#[tokio::test]
async fn the_rule_that_was_accepted_is_the_one_that_was_shown_on_every_form() {
    for form in [Form::Book, Form::Join, Form::Move, Form::MoveByLink, Form::Lead, Form::LeadsList] {
        let board = TestBoard::new().await;
        let mut open = open(form, &board).await;
        let mut office = board.office().await;
        hundred_pounds_from(&mut office, "3").await;

        let before = states(&board).await;
        let button = open.button;
        let window = open.press().await;
        assert_eq!(window.status, StatusCode::UNPROCESSABLE_ENTITY, "{form:?}: {}", window.text());
        window.must_say("The cancellation rule was changed while you were looking at it, so nothing was done");
        window.must_say("charged £100").must_say("11:59pm on Tuesday 25 March 2025");
        let ticked = window.form_with_button(button).1.iter().any(|(name, _)| name == "accept");
        assert!(!ticked, "{form:?}: another rule was accepted");
        assert_eq!(states(&board).await, before, "{form:?}");

        open.press().await;
        assert_ne!(states(&board).await, before, "{form:?}: {}", open.window.text());
        let made = board.bookings_of(open.session).await.pop().unwrap();
        assert_ne!(made.policy_version_id, board.policy, "{form:?}");
        assert_eq!(made.cancel_by, london("2025-03-25 23:59"), "{form:?}");
        assert_eq!(made.policy_accepted, !matches!(form, Form::Lead | Form::LeadsList), "{form:?}");
    }
}

#[tokio::test]
async fn a_version_that_begins_at_midnight_and_a_suspension_that_is_added_are_shown_first() {
    let board = TestBoard::new().await;
    let mut office = board.office().await;
    hundred_pounds_from(&mut office, "4").await;
    board.set_clock("2025-03-03 23:59");
    let mut open = open(Form::Book, &board).await;
    open.window.must_say("charged £50").must_say("11:59pm on Thursday 20 March 2025");
    board.set_clock("2025-03-04 00:00");
    open.press().await.must_say("The cancellation rule was changed").must_say("charged £100");
    assert_eq!(board.bookings_of(open.session).await.len(), 0);

    let (year, month) = ("2025", "3");
    let day = [("from-day", "31"), ("from-month", month), ("from-year", year), ("reason", "Strike")];
    let until = [("to-day", "31"), ("to-month", month), ("to-year", year)];
    office.open("/office/policy/suspensions/new").await.submit("Suspend charging", &[&day[..], &until].concat()).await;
    office.must_say("Charging is suspended on these days");
    open.press().await.must_say("The cancellation rule was changed").must_say("Charging is suspended");
    open.press().await.must_say("Place booked");
    assert!(board.bookings_of(open.session).await[0].policy_accepted);
}

#[tokio::test]
async fn what_was_booked_under_the_old_version_keeps_its_moment_and_its_amount() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-31 10:00", 5).await;
    let (_, mut amira, amiras) = amira_with_place(&board, session).await;
    let mut office = board.office().await;
    hundred_pounds_from(&mut office, "10").await;
    // In time under the new version, too late under the one that was accepted.
    board.set_clock("2025-03-21 09:00");
    amira.open(&format!("/bookings/{amiras}/cancel")).await.must_say("This is a late cancellation");
    amira.must_say("11:59pm on Thursday 20 March 2025").must_say("£50");
    assert!(!amira.says("£100"), "{}", amira.text());
    amira.submit("Cancel this place", &[]).await;
    let theirs = row(&board, &amiras).await;
    assert_eq!((theirs.state, theirs.policy_version_id), (BookingState::CancelledLate, board.policy));
    assert_eq!(theirs.cancel_by, london("2025-03-20 23:59"));
    let charged = charges(&board).await;
    assert_eq!(charged.iter().map(|charge| charge.amount_pence).collect::<Vec<_>>(), [50_00]);
}
