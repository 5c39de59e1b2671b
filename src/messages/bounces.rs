//! Reading what mail servers send when a mail could not be delivered: a delivery status notification (RFC 3464), which
//! names the address, says whether the failure is permanent, and quotes the mail.
//!
//! A report is believed only where it quotes the Message-ID of a mail that this board sent to that very address
//! (`store::mail_came_back_in_txn`): those are 128 random bits that nobody but the board and whoever handled the mail
//! has seen, so that nobody can stop anybody else's address.

use mail_parser::{HeaderValue, Message, MessageParser, MessagePart, MimeHeaders, PartType};
use std::collections::BTreeSet;

/// The longest message that is read. Our own mails, which a report may quote whole, are a tenth of it.
pub const MESSAGE_BYTES_MOST: usize = 512 * 1024;
/// A message of that size can hold 18,000 messages inside one another, and the parser frees one inside the other.
const STACK_BYTES: usize = 64 * 1024 * 1024;
/// What ends every Message-ID of ours.
const OUR_IDS_END: &str = "@learning-gain";
/// Servers write a report about one mail; what names more is not one of them.
const IDS_MOST: usize = 20;
/// A mail of ours has one recipient.
const RECIPIENTS_MOST: usize = 100;

/// What a report says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The Message-IDs of ours that it quotes, as the outbox has them.
    pub message_ids: Vec<String>,
    /// Addresses to which mail will never get through, in lower case.
    pub never: Vec<String>,
    /// Whether it says anything but that.
    pub for_now: bool,
}

/// Why a message says nothing about our mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoReport {
    /// Larger than `MESSAGE_BYTES_MOST`.
    #[error("it is larger than {} KB, so it was not read", MESSAGE_BYTES_MOST / 1024)]
    TooLarge,
    /// Not a mail, or so broken that it cannot be taken apart.
    #[error("it cannot be read as a mail")]
    Unreadable,
    /// Some other mail: an answer from holiday, say.
    #[error("it is not a report about mail that could not be delivered")]
    Another,
}

/// Reads a message, on a stack that no nesting of messages exhausts.
pub fn read_report(bytes: &[u8]) -> Result<Report, NoReport> {
    if bytes.len() > MESSAGE_BYTES_MOST {
        return Err(NoReport::TooLarge);
    }
    std::thread::scope(|scope| {
        let reading = std::thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, || report_of(bytes));
        // A panic of the parser, over a message that nobody has thought of, is one more that cannot be read.
        reading.ok().and_then(|reading| reading.join().ok()).unwrap_or(Err(NoReport::Unreadable))
    })
}

fn report_of(bytes: &[u8]) -> Result<Report, NoReport> {
    let message = MessageParser::default().parse(without_envelope(bytes)).ok_or(NoReport::Unreadable)?;
    let root = message.parts.first().ok_or(NoReport::Unreadable)?;
    let is_report = root.is_content_type("multipart", "report")
        && root
            .content_type()
            .and_then(|kind| kind.attribute("report-type"))
            .is_some_and(|kind| kind.eq_ignore_ascii_case("delivery-status"));
    let statuses: Vec<&MessagePart<'_>> = message.parts.iter().filter(|part| is_status(part)).collect();
    if !is_report || statuses.is_empty() {
        return Err(NoReport::Another);
    }
    let mut report = Report { message_ids: quoted_ids(&message), ..Report::default() };
    for status in statuses {
        let text = String::from_utf8_lossy(status.contents());
        for recipient in recipients(&text) {
            match recipient.is_permanent {
                true => report.never.extend(recipient.addresses),
                false => report.for_now = true,
            }
        }
    }
    report.never.truncate(RECIPIENTS_MOST);
    Ok(report)
}

/// Without the line "From …" that mail servers put before a message when they hand it to a program.
fn without_envelope(bytes: &[u8]) -> &[u8] {
    let bytes = bytes.trim_ascii_start();
    match (bytes.starts_with(b"From "), bytes.iter().position(|byte| *byte == b'\n')) {
        (true, Some(end)) => &bytes[end + 1..],
        _ => bytes,
    }
}

fn is_status(part: &MessagePart<'_>) -> bool {
    part.is_content_type("message", "delivery-status") || part.is_content_type("message", "global-delivery-status")
}

/// Our Message-IDs in the quoted mail or its headers, and in what the report says it answers.
fn quoted_ids(message: &Message<'_>) -> Vec<String> {
    let mut ids = BTreeSet::new();
    let mut note = |id: &str| {
        let id = id.trim().trim_matches(['<', '>']);
        if id.ends_with(OUR_IDS_END) && id.len() < 100 {
            ids.insert(format!("<{id}>"));
        }
    };
    for header in [message.in_reply_to(), message.references()] {
        match header {
            HeaderValue::Text(id) => note(id),
            HeaderValue::TextList(list) => list.iter().for_each(|id| note(id)),
            _ => {}
        }
    }
    for part in &message.parts {
        match &part.body {
            PartType::Message(quoted) => quoted.message_id().into_iter().for_each(&mut note),
            PartType::Text(text) if part.is_content_type("text", "rfc822-headers") => {
                let headers = MessageParser::default().parse_headers(text.as_bytes());
                headers.iter().filter_map(|quoted| quoted.message_id()).for_each(&mut note);
            }
            PartType::Binary(bytes) if part.is_content_type("message", "global-headers") => {
                let headers = MessageParser::default().parse_headers(bytes.as_ref());
                headers.iter().filter_map(|quoted| quoted.message_id()).for_each(&mut note);
            }
            _ => {}
        }
    }
    ids.into_iter().take(IDS_MOST).collect()
}

/// What a report says of one recipient.
struct Recipient {
    addresses: Vec<String>,
    is_permanent: bool,
}

/// The groups of fields about recipients; the first group is about the mail.
fn recipients(status: &str) -> Vec<Recipient> {
    let status = status.replace("\r\n", "\n");
    let groups = status.split("\n\n").map(fields).filter(|fields| !fields.is_empty());
    groups
        .filter_map(|fields| {
            let value = |name: &str| fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
            let original = value("original-recipient").and_then(|text| address_in(text, true));
            let last = value("final-recipient").and_then(|text| address_in(text, false));
            let addresses: Vec<String> = original.into_iter().chain(last).collect();
            let failed = value("action").is_some_and(|action| first_word(action).eq_ignore_ascii_case("failed"));
            let is_permanent = failed && value("status").is_some_and(is_permanent_status);
            (!addresses.is_empty()).then_some(Recipient { addresses, is_permanent })
        })
        .collect()
}

/// "Name: value", with what is folded onto the next line.
fn fields(group: &str) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = Vec::new();
    for line in group.lines() {
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = fields.last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            fields.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        }
    }
    fields
}

fn first_word(text: &str) -> &str {
    text.split(|letter: char| letter.is_whitespace() || letter == '(').find(|word| !word.is_empty()).unwrap_or_default()
}

/// Whether a status is 5.x.x, of RFC 3463.
fn is_permanent_status(text: &str) -> bool {
    let mut numbers = first_word(text).split('.').map(|number| number.parse::<u16>().ok());
    let parts = [numbers.next(), numbers.next(), numbers.next()].map(Option::flatten);
    parts[0] == Some(5) && parts.iter().all(Option::is_some) && numbers.next().is_none()
}

/// "amira@school.example" of "rfc822; amira@school.example", in lower case. The address that the sender gave is written
/// with "+2B" for a plus (RFC 3461).
fn address_in(text: &str, is_encoded: bool) -> Option<String> {
    let (kind, address) = text.split_once(';')?;
    let address = address.trim().trim_start_matches('<').trim_end_matches('>').trim();
    let address =
        if is_encoded && kind.trim().eq_ignore_ascii_case("rfc822") { decoded(address) } else { address.to_owned() };
    (address.contains('@') && !address.contains(char::is_whitespace)).then(|| address.to_lowercase())
}

fn decoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('+') {
        out.push_str(before);
        match after.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok()).filter(u8::is_ascii_graphic) {
            Some(byte) => {
                out.push(char::from(byte));
                rest = &after[2..];
            }
            // Some servers write the address as it is.
            None => {
                out.push('+');
                rest = after;
            }
        }
    }
    out + rest
}

#[cfg(test)]
mod tests;
