//! What the office types about a session is read, and what is wrong is told by field.

use super::*;

fn parse(changes: &[(&str, &str)]) -> Result<SessionEdit, Problems> {
    let value = |field: &str| {
        let given = changes.iter().find(|(name, _)| *name == field).map(|(_, value)| *value);
        given.unwrap_or(match field {
            "course" => "1",
            "mode" => "venue",
            "venue" => "2",
            "capacity" => "20",
            "date1-day" => "17",
            "date1-month" => "3",
            "date1-year" => "2025",
            "date1-from" => "9:30",
            "date1-to" => "12:30",
            _ => "",
        })
    };
    SessionEdit::parse(value, |_| vec!["5", "5", "x"])
}

fn problem(changes: &[(&str, &str)]) -> String {
    parse(changes).unwrap_err()[0].0.clone()
}

#[test]
fn a_session_is_read_as_typed() {
    let edit = parse(&[("opens-day", "1"), ("opens-month", "3"), ("opens-year", "2025")]).unwrap();
    assert_eq!(edit.starts_at().unwrap().to_rfc3339(), "2025-03-17T09:30:00+00:00");
    assert_eq!(edit.opens_at.unwrap().to_rfc3339(), "2025-03-01T00:00:00+00:00");
    assert_eq!(edit.trainers, [PersonId(5)]);
    assert_eq!((edit.venue, edit.online_link, edit.closes_at), (Some(VenueId(2)), None, None));
}

#[test]
fn several_dates_are_put_in_order_and_must_not_overlap() {
    let second = [("dates", "2"), ("date2-day", "10"), ("date2-month", "3"), ("date2-year", "2025")];
    let with_times = |from, to| [&second[..], &[("date2-from", from), ("date2-to", to)]].concat();
    let edit = parse(&with_times("2pm", "4pm")).unwrap();
    assert_eq!(edit.dates.len(), 2);
    assert_eq!(edit.starts_at().unwrap().to_rfc3339(), "2025-03-10T14:00:00+00:00");
    let mut same_day = with_times("12pm", "1pm");
    same_day[1].1 = "17";
    assert_eq!(problem(&same_day), "date2");
    assert_eq!(problem(&with_times("4pm", "2pm")), "date2-to");
}

#[test]
fn what_is_wrong_is_told_by_field() {
    assert_eq!(problem(&[("date1-day", ""), ("date1-month", ""), ("date1-year", "")]), "date1");
    assert_eq!(problem(&[("date1-day", "31"), ("date1-month", "2")]), "date1");
    assert_eq!(problem(&[("date1-from", "")]), "date1-from");
    assert_eq!(problem(&[("course", "")]), "course");
    assert_eq!(problem(&[("mode", "")]), "mode");
    assert_eq!(problem(&[("capacity", "0")]), "capacity");
    assert_eq!(problem(&[("capacity", "2001")]), "capacity");
    assert_eq!(problem(&[("minimum", "21")]), "minimum");
    assert_eq!(problem(&[("mode", "online"), ("link", "http://call.example/1")]), "link");
    let day = |field: &'static str, day: &'static str| -> Vec<(&'static str, &'static str)> {
        match field {
            "opens" => vec![("opens-day", day), ("opens-month", "3"), ("opens-year", "2025")],
            _ => vec![("closes-day", day), ("closes-month", "3"), ("closes-year", "2025")],
        }
    };
    assert_eq!(problem(&day("opens", "18")), "opens");
    assert_eq!(problem(&day("closes", "17")), "closes");
    assert_eq!(problem(&[day("opens", "10"), day("closes", "9")].concat()), "closes");
}

#[test]
fn a_link_belongs_to_a_call_and_a_venue_to_a_room() {
    let link = "https://call.example/1";
    let online = parse(&[("mode", "online"), ("link", link)]).unwrap();
    assert_eq!((online.mode, online.venue, online.online_link.as_deref()), (Mode::Online, None, Some(link)));
    assert_eq!(parse(&[("mode", "online"), ("link", " ")]).unwrap().online_link, None);
    assert_eq!(parse(&[("link", link)]).unwrap().online_link, None, "in a room");
}

#[test]
fn a_link_starts_with_https_and_has_no_gaps() {
    let taken = |link: &str| parse(&[("mode", "online"), ("link", link)]).is_ok();
    assert!(taken("https://a.uk"));
    let longest = format!("https://call.example/{}", "x".repeat(LINK_LENGTH - 21));
    assert!(taken(&longest));
    for link in [
        "https://a.b",
        "https://",
        "http://call.example/1",
        "call.example/1",
        "https://call example/1",
        "https://call.\u{7}example/1",
        &format!("{longest}x"),
    ] {
        assert!(!taken(link), "{link}");
    }
}

/// What is wrong with a session of 20 places whose decision is dated on a day of March 2025.
fn decided(minimum: &str, day: &str) -> Result<Option<DateTime<Utc>>, Vec<String>> {
    parse(&[("minimum", minimum), ("go-day", day), ("go-month", "3"), ("go-year", "2025")])
        .map(|edit| edit.go_no_go_at)
        .map_err(|problems| problems.into_iter().map(|(field, _)| field).collect())
}

#[test]
fn a_minimum_is_decided_about_on_the_day_of_the_session_at_the_latest() {
    let moment = |text: &str| Ok(Some(text.parse().unwrap()));
    assert_eq!(decided("8", "10"), moment("2025-03-10T23:59:00Z"));
    assert_eq!(decided("20", "17"), moment("2025-03-17T23:59:00Z"));
    assert_eq!(decided("8", "18"), Err(vec!["go".to_owned()]));
    assert_eq!(decided("", "10"), Err(vec!["minimum".to_owned()]), "nothing to decide about");
    assert_eq!(decided("some", "10"), Err(vec!["minimum".to_owned()]), "one sentence is enough");
    assert_eq!(parse(&[("minimum", "8")]).unwrap().minimum, Some(8));
}

#[test]
fn booking_opens_before_the_start_and_closes_at_the_start_at_the_latest() {
    let at = |field: &'static str, time: &'static str| match field {
        "opens" => [("opens-day", "17"), ("opens-month", "3"), ("opens-year", "2025"), ("opens-time", time)],
        _ => [("closes-day", "17"), ("closes-month", "3"), ("closes-year", "2025"), ("closes-time", time)],
    };
    assert!(parse(&at("opens", "9:29")).is_ok());
    assert_eq!(problem(&at("opens", "9:30")), "opens", "nobody could ever book");
    let closes = parse(&at("closes", "9:30")).unwrap().closes_at;
    assert_eq!(closes, Some("2025-03-17T09:30:00Z".parse().unwrap()));
    assert_eq!(problem(&at("closes", "9:31")), "closes");
    assert_eq!(problem(&at("closes", "soon")), "closes-time");
    assert!(parse(&[at("opens", "8am"), at("closes", "9am")].concat()).is_ok());
    assert_eq!(problem(&[at("opens", "9am"), at("closes", "9am")].concat()), "closes");
}

#[test]
fn instructions_have_a_longest_length_that_is_still_taken() {
    let longest = "ä".repeat(INSTRUCTIONS_LENGTH);
    assert_eq!(parse(&[("instructions", &longest)]).unwrap().joining_instructions, longest);
    assert_eq!(problem(&[("instructions", &format!("{longest}ä"))]), "instructions");
}

#[test]
fn bookings_are_approved_only_where_the_office_ticked_it() {
    assert!(!parse(&[]).unwrap().needs_approval);
    assert!(parse(&[("approval", "yes")]).unwrap().needs_approval);
}

#[test]
fn a_session_ends_with_its_last_date() {
    let second = [("dates", "2"), ("date2-day", "24"), ("date2-month", "3"), ("date2-year", "2025")];
    let edit = parse(&[&second[..], &[("date2-from", "2pm"), ("date2-to", "4pm")]].concat()).unwrap();
    assert_eq!(edit.ends_at().unwrap().to_rfc3339(), "2025-03-24T16:00:00+00:00");
}
