//! Calendar files (RFC 5545) in London time. They ask for no reply: METHOD is PUBLISH or CANCEL, and nobody is an
//! attendee, so that no calendar sends an answer that people would take for a cancellation.

use crate::calendar::rules::london_time;
use chrono::{DateTime, Utc};

/// What a file does in somebody's calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Adds or changes the entries.
    Publish,
    /// Takes the entries away.
    Cancel,
}

/// Whether an entry stands. One file may bring some and take others away (RFC 5546, 3.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It takes place.
    Confirmed,
    /// It does not, for whoever has the file.
    Cancelled,
}

/// Who sends the entries; RFC 5546 asks for it in every PUBLISH and CANCEL. Without attendees no calendar answers it.
#[derive(Clone, Debug)]
pub struct Organizer {
    /// The board's name.
    pub name: String,
    /// The address that its mail comes from.
    pub address: String,
}

/// One entry.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The same for ever, so that a newer file changes the entry instead of adding one.
    pub uid: String,
    /// Counts changes; a file with a lower number is ignored.
    pub sequence: i32,
    /// Whether it stands.
    pub status: Status,
    /// When the file was written.
    pub stamp: DateTime<Utc>,
    /// When it begins.
    pub starts: DateTime<Utc>,
    /// When it ends.
    pub ends: DateTime<Utc>,
    /// The title.
    pub summary: String,
    /// Where.
    pub location: String,
    /// What else to know.
    pub description: String,
}

/// The rules of London's clocks since 1996, as calendars want them beside TZID.
const LONDON: &str = "BEGIN:VTIMEZONE\r\nTZID:Europe/London\r\nBEGIN:DAYLIGHT\r\nTZOFFSETFROM:+0000\r\nTZOFFSETTO:+0100\r\nTZNAME:BST\r\nDTSTART:19700329T010000\r\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\nEND:DAYLIGHT\r\nBEGIN:STANDARD\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0000\r\nTZNAME:GMT\r\nDTSTART:19701025T020000\r\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n";

/// A calendar file of these entries. PUBLISH brings as many as it likes; CANCEL is about one entry (RFC 5546, 3.2.5), so
/// that several are taken away by one object each, one after the other in the file (RFC 5545, 3.4).
pub fn calendar_file(method: Method, organizer: &Organizer, entries: &[Entry]) -> String {
    match method {
        Method::Publish => calendar_object(method, organizer, entries),
        Method::Cancel => entries.chunks(1).map(|entry| calendar_object(method, organizer, entry)).collect(),
    }
}

/// The calendar objects of a file: mail programs read one from each part of a mail.
pub fn calendar_objects(file: &str) -> Vec<&str> {
    file.split_inclusive(OBJECT_ENDS).filter(|object| object.ends_with(OBJECT_ENDS)).collect()
}

const OBJECT_ENDS: &str = "END:VCALENDAR\r\n";

fn calendar_object(method: Method, organizer: &Organizer, entries: &[Entry]) -> String {
    let word = match method {
        Method::Publish => "PUBLISH",
        Method::Cancel => "CANCEL",
    };
    let mut file = String::from("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Learning Gain//Training//EN\r\n");
    file.push_str(&format!("CALSCALE:GREGORIAN\r\nMETHOD:{word}\r\n{LONDON}"));
    for entry in entries {
        file.push_str(&entry_text(organizer, entry));
    }
    file.push_str(OBJECT_ENDS);
    file
}

fn entry_text(organizer: &Organizer, entry: &Entry) -> String {
    let status = match entry.status {
        Status::Confirmed => "CONFIRMED",
        Status::Cancelled => "CANCELLED",
    };
    // A quoted parameter cannot hold quotation marks or control characters (RFC 5545, 3.1).
    let name: String = organizer.name.chars().filter(|letter| *letter != '"' && !letter.is_control()).collect();
    let lines = [
        "BEGIN:VEVENT".to_owned(),
        format!("UID:{}", escape(&entry.uid)),
        format!("SEQUENCE:{}", entry.sequence),
        format!("DTSTAMP:{}", entry.stamp.format("%Y%m%dT%H%M%SZ")),
        format!("ORGANIZER;CN=\"{name}\":mailto:{}", organizer.address),
        format!("DTSTART;TZID=Europe/London:{}", london_time(entry.starts).format("%Y%m%dT%H%M%S")),
        format!("DTEND;TZID=Europe/London:{}", london_time(entry.ends).format("%Y%m%dT%H%M%S")),
        format!("SUMMARY:{}", escape(&entry.summary)),
        format!("LOCATION:{}", escape(&entry.location)),
        format!("DESCRIPTION:{}", escape(&entry.description)),
        format!("STATUS:{status}"),
        "TRANSP:OPAQUE".to_owned(),
        "END:VEVENT".to_owned(),
    ];
    lines.iter().map(|line| fold(line) + "\r\n").collect()
}

/// Backslashes, separators and line ends of a text value; other control characters go.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.replace("\r\n", "\n").chars() {
        match letter {
            '\\' | ';' | ',' => escaped.extend(['\\', letter]),
            '\n' | '\r' => escaped.push_str("\\n"),
            letter if letter.is_control() => {}
            letter => escaped.push(letter),
        }
    }
    escaped
}

/// Breaks a line after 75 bytes at most, never inside a character.
fn fold(line: &str) -> String {
    let mut folded = String::with_capacity(line.len());
    let mut width = 0;
    for letter in line.chars() {
        if width + letter.len_utf8() > 75 {
            folded.push_str("\r\n ");
            width = 1;
        }
        folded.push(letter);
        width += letter.len_utf8();
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn board() -> Organizer {
        Organizer { name: "Testshire \"Children\" Board".into(), address: "training@testshire.example".into() }
    }

    fn entry() -> Entry {
        Entry {
            uid: "ABC-1@training".into(),
            sequence: 3,
            status: Status::Confirmed,
            stamp: "2025-06-01T09:00:00Z".parse().unwrap(),
            starts: "2025-06-16T09:00:00Z".parse().unwrap(),
            ends: "2025-06-16T11:30:00Z".parse().unwrap(),
            summary: "Neglect; part 1, morning".into(),
            location: "Town hall\r\nEND:VEVENT".into(),
            description: "ü".repeat(100),
        }
    }

    #[test]
    fn times_are_londons_and_texts_cannot_break_out() {
        let file = calendar_file(Method::Publish, &board(), &[entry()]);
        assert!(file.contains("DTSTART;TZID=Europe/London:20250616T100000\r\n"));
        assert!(file.contains("SUMMARY:Neglect\\; part 1\\, morning\r\n"));
        assert!(file.contains("LOCATION:Town hall\\nEND:VEVENT\r\n"));
        assert!(file.contains("METHOD:PUBLISH\r\n") && !file.contains("ATTENDEE"));
        assert_eq!(file.matches("\r\nEND:VEVENT\r\n").count(), 1);
    }

    /// The whole file, so that no change of what calendars see goes unnoticed.
    #[test]
    fn a_file_is_what_calendars_expect() {
        let entry = Entry {
            uid: "K7M2PQ4X-1@training.example".into(),
            sequence: 2,
            status: Status::Confirmed,
            stamp: "2025-06-01T09:00:00Z".parse().unwrap(),
            starts: "2025-10-26T00:30:00Z".parse().unwrap(),
            ends: "2025-10-26T02:30:00Z".parse().unwrap(),
            summary: "Neglect".into(),
            location: "Online".into(),
            description: "Deleting this does not cancel your place".into(),
        };
        insta::assert_snapshot!(calendar_file(Method::Publish, &board(), &[entry]).replace("\r\n", "\n"), @r#"
        BEGIN:VCALENDAR
        VERSION:2.0
        PRODID:-//Learning Gain//Training//EN
        CALSCALE:GREGORIAN
        METHOD:PUBLISH
        BEGIN:VTIMEZONE
        TZID:Europe/London
        BEGIN:DAYLIGHT
        TZOFFSETFROM:+0000
        TZOFFSETTO:+0100
        TZNAME:BST
        DTSTART:19700329T010000
        RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
        END:DAYLIGHT
        BEGIN:STANDARD
        TZOFFSETFROM:+0100
        TZOFFSETTO:+0000
        TZNAME:GMT
        DTSTART:19701025T020000
        RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
        END:STANDARD
        END:VTIMEZONE
        BEGIN:VEVENT
        UID:K7M2PQ4X-1@training.example
        SEQUENCE:2
        DTSTAMP:20250601T090000Z
        ORGANIZER;CN="Testshire Children Board":mailto:training@testshire.example
        DTSTART;TZID=Europe/London:20251026T013000
        DTEND;TZID=Europe/London:20251026T023000
        SUMMARY:Neglect
        LOCATION:Online
        DESCRIPTION:Deleting this does not cancel your place
        STATUS:CONFIRMED
        TRANSP:OPAQUE
        END:VEVENT
        END:VCALENDAR
        "#);
    }

    #[test]
    fn each_date_is_taken_away_by_an_object_of_its_own() {
        let first = Entry { status: Status::Cancelled, description: "Not any more".into(), ..entry() };
        let second = Entry { uid: "ABC-2@training".into(), ..first.clone() };
        let file = calendar_file(Method::Cancel, &board(), &[first, second]);
        let objects = calendar_objects(&file);
        let outline = |object: &&str| {
            let shown = ["BEGIN:V", "END:V", "METHOD", "UID", "SEQUENCE", "STATUS"];
            object.lines().filter(|line| shown.iter().any(|word| line.starts_with(word))).collect::<Vec<_>>().join("\n")
        };
        let outlines: Vec<String> = objects.iter().map(outline).collect();
        assert_eq!(objects.concat(), file, "nothing is left out");
        assert_eq!(outlines.len(), 2);
        insta::assert_snapshot!(outlines[1], @r"
        BEGIN:VCALENDAR
        METHOD:CANCEL
        BEGIN:VTIMEZONE
        END:VTIMEZONE
        BEGIN:VEVENT
        UID:ABC-2@training
        SEQUENCE:3
        STATUS:CANCELLED
        END:VEVENT
        END:VCALENDAR
        ");
        assert_eq!(outlines[0], outlines[1].replace("ABC-2", "ABC-1"));
        let both = calendar_file(Method::Publish, &board(), &[entry(), entry()]);
        assert_eq!(calendar_objects(&both), [both.as_str()], "PUBLISH is one object");
    }

    #[test]
    fn no_line_is_longer_than_75_bytes() {
        let file = calendar_file(Method::Cancel, &board(), &[Entry { status: Status::Cancelled, ..entry() }]);
        assert!(file.contains("STATUS:CANCELLED"));
        assert!(file.split("\r\n").all(|line| line.len() <= 75));
    }
}
