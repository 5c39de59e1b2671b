//! Mails as they leave, taken apart by a parser that is not the writer's.

use super::*;
use crate::messages::calendar::{Entry, Method, Organizer, Status, calendar_file};
use mail_parser::{MessageParser, MimeHeaders, PartType};

fn mail(calendar: Option<String>) -> outbox::Model {
    let now: DateTime<Utc> = "2025-03-03T09:00:00Z".parse().unwrap();
    outbox::Model {
        id: 7,
        message_id: "<0123456789abcdef0123456789abcdef@learning-gain>".into(),
        person_id: None,
        to_address: "amira@people.example".into(),
        kind: "booking_confirmed".into(),
        subject: "Booked: Neglect – noticing, Monday 31 March 2025".into(),
        body: Some("Dear Zoë,\n\nYou have a place.\n".into()),
        html: Some("<p>Dear Zoë,</p><p>You have a place.</p>".into()),
        calendar,
        has_personal_link: true,
        created_at: now,
        due_at: now,
        attempts: 0,
        leased_until: None,
        sent_at: None,
        failed_at: None,
        resent_at: None,
        came_back_at: None,
        closed_at: None,
        last_error: None,
    }
}

fn calendar(method: Method, dates: usize) -> String {
    let board = Organizer { name: "Testshire".into(), address: "training@testshire.example".into() };
    let starts: DateTime<Utc> = "2025-03-31T09:00:00Z".parse().unwrap();
    let entry = |number: usize| Entry {
        uid: format!("K7M2PQ4X-{number}@training.example"),
        sequence: 2,
        status: if method == Method::Cancel { Status::Cancelled } else { Status::Confirmed },
        stamp: starts,
        starts,
        ends: starts + Duration::hours(2),
        summary: "Neglect".into(),
        location: "Online".into(),
        description: "Bring a pen".into(),
    };
    calendar_file(method, &board, &(1..=dates).map(entry).collect::<Vec<_>>())
}

/// The mail as it leaves, taken apart by a parser that is not the writer's.
fn left(mail: &outbox::Model) -> (String, mail_parser::Message<'static>) {
    let message = message_from("Testshire training".into(), "training@testshire.example", mail).unwrap();
    let bytes = message.formatted();
    let parsed = MessageParser::default().parse(&bytes).unwrap().into_owned();
    (String::from_utf8(bytes).unwrap(), parsed)
}

/// The calendar parts: the method that the part names, its file name and its content.
fn calendar_parts(message: &mail_parser::Message<'_>) -> Vec<(String, String, String)> {
    let is_calendar = |part: &&mail_parser::MessagePart<'_>| part.is_content_type("text", "calendar");
    let parts = message.parts.iter().filter(is_calendar);
    parts
        .map(|part| {
            let kind = part.content_type().unwrap();
            assert_eq!(kind.attribute("charset"), Some("utf-8"));
            let text = String::from_utf8(part.contents().to_vec()).unwrap();
            let name = part.attachment_name().unwrap().to_owned();
            (kind.attribute("method").unwrap().to_owned(), name, text)
        })
        .collect()
}

#[test]
fn a_mail_leaves_as_text_and_html_with_its_message_id() {
    let (raw, message) = left(&mail(None));
    assert!(raw.contains("\r\nMessage-ID: <0123456789abcdef0123456789abcdef@learning-gain>\r\n"), "{raw}");
    assert_eq!(message.message_id(), Some("0123456789abcdef0123456789abcdef@learning-gain"));
    assert_eq!(message.subject(), Some("Booked: Neglect – noticing, Monday 31 March 2025"));
    assert_eq!(message.from().unwrap().first().unwrap().name(), Some("Testshire training"));
    assert_eq!(message.to().unwrap().first().unwrap().address(), Some("amira@people.example"));
    assert!(message.parts[0].is_content_type("multipart", "alternative"));
    let PartType::Multipart(parts) = &message.parts[0].body else { panic!("{raw}") };
    let kinds: Vec<_> =
        parts.iter().map(|id| message.parts[*id as usize].content_type().unwrap().subtype().unwrap()).collect();
    assert_eq!(kinds, ["plain", "html"], "the last one is what a mail program prefers");
    assert!(message.body_text(0).unwrap().contains("Dear Zoë,"));
    assert!(message.body_html(0).unwrap().contains("<p>Dear Zoë,</p>"));
    assert!(calendar_parts(&message).is_empty());
}

#[test]
fn a_calendar_file_leaves_as_an_attachment_that_names_its_method() {
    let published = calendar(Method::Publish, 2);
    let (raw, message) = left(&mail(Some(published.clone())));
    assert!(message.parts[0].is_content_type("multipart", "mixed"), "{raw}");
    let PartType::Multipart(parts) = &message.parts[0].body else { panic!("{raw}") };
    assert!(message.parts[parts[0] as usize].is_content_type("multipart", "alternative"));
    let sent = calendar_parts(&message);
    assert_eq!(sent, [("PUBLISH".to_owned(), "training.ics".to_owned(), published)]);
    // A description that speaks of it cancels nothing.
    let spoken = calendar(Method::Publish, 1).replace("Bring a pen", "METHOD:CANCEL");
    assert_eq!(calendar_parts(&left(&mail(Some(spoken))).1)[0].0, "PUBLISH");
}

#[test]
fn two_dates_are_taken_away_by_two_parts() {
    let cancelled = calendar(Method::Cancel, 2);
    let sent = calendar_parts(&left(&mail(Some(cancelled.clone()))).1);
    let names: Vec<_> = sent.iter().map(|(method, name, _)| (method.as_str(), name.as_str())).collect();
    assert_eq!(names, [("CANCEL", "training.ics"), ("CANCEL", "training-2.ics")]);
    assert!(sent.iter().all(|(_, _, text)| text.matches("\r\nUID:").count() == 1));
    assert_eq!(sent.iter().map(|(_, _, text)| text.as_str()).collect::<String>(), cancelled);
}
