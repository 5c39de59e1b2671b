//! Reports as Postfix, Exim and Exchange write them, and what nobody should believe.

use super::*;
use proptest::prelude::*;

const POSTFIX: &str = include_str!("fixtures/postfix.eml");
const EXIM: &str = include_str!("fixtures/exim.eml");
const EXCHANGE: &str = include_str!("fixtures/exchange.eml");
const OURS: &str = "<0123456789abcdef0123456789abcdef@learning-gain>";
const AMIRA: &str = "amira.khan@school.example";

fn read(text: &str) -> Result<Report, NoReport> {
    read_report(text.as_bytes())
}

fn never(text: &str) -> Vec<String> {
    read(text).unwrap().never
}

#[test]
fn reports_of_three_servers_name_the_mail_and_the_address_with_either_end_of_line() {
    for report in [POSTFIX, EXIM, EXCHANGE] {
        for report in [report.to_owned(), report.replace('\n', "\r\n")] {
            let read = read(&report).unwrap();
            assert_eq!(read.message_ids, [OURS], "{report}");
            assert!(!read.never.is_empty() && read.never.iter().all(|address| address == AMIRA), "{read:?}");
            assert!(!read.for_now);
        }
    }
}

#[test]
fn only_a_failure_for_ever_counts() {
    for status in ["4.4.7", "4.2.2", "5", "5.1", "5.1.1.1", "five", "", "2.0.0", "55.1.1"] {
        let read = read(&POSTFIX.replace("Status: 5.1.1", &format!("Status: {status}"))).unwrap();
        assert!(read.never.is_empty() && read.for_now, "{status}");
    }
    for action in ["delayed", "relayed", "delivered", "expanded", "", "failedish"] {
        let read = read(&POSTFIX.replace("Action: failed", &format!("Action: {action}"))).unwrap();
        assert!(read.never.is_empty() && read.for_now, "{action}");
    }
    assert_eq!(never(&EXIM.replace("Action: failed", "ACTION: Failed (for good)")), [AMIRA]);
    assert_eq!(never(&EXIM.replace("Status: 5.0.0", "Status:\n 5.1.1 (bad destination mailbox)")), [AMIRA]);
}

#[test]
fn of_several_recipients_each_has_its_own_end() {
    let two = "Status: 5.0.0\n\nFinal-Recipient: rfc822; ben@school.example\nAction: delayed\nStatus: 4.4.1";
    let read = read(&EXIM.replacen("Status: 5.0.0", two, 1)).unwrap();
    assert_eq!((read.never, read.for_now), (vec![AMIRA.to_owned()], true));
}

#[test]
fn an_address_is_read_as_the_sender_or_as_the_server_wrote_it() {
    let address = |line: &str| {
        let report = EXIM.replace("Final-Recipient: rfc822;amira.khan@school.example", line);
        read(&report).unwrap().never
    };
    assert_eq!(address("Original-Recipient: rfc822;amira+2Bcourses@school.example"), ["amira+courses@school.example"]);
    assert_eq!(address("Original-Recipient: rfc822;amira+courses@school.example"), ["amira+courses@school.example"]);
    assert_eq!(address("Final-Recipient: RFC822 ; <Amira@School.Example>"), ["amira@school.example"]);
    assert_eq!(address("Final-Recipient: utf-8; zoë@school.example"), ["zoë@school.example"]);
    for none in ["Final-Recipient: rfc822; amira", "Final-Recipient: amira@school.example", "X-Nobody: at all"] {
        assert!(address(none).is_empty(), "{none}");
    }
}

#[test]
fn what_quotes_no_mail_of_ours_names_none() {
    let foreign = |report: &str| report.replace("@learning-gain", "@somewhere.example");
    for report in [POSTFIX, EXIM, EXCHANGE] {
        assert!(read(&foreign(report)).unwrap().message_ids.is_empty());
    }
    // The report's own Message-ID is its sender's, who may have made up one that looks like ours.
    let forged = foreign(EXIM).replace("<E1tu7Lq-000Abc-2x@relay.board.example>", OURS);
    assert!(read(&forged).unwrap().message_ids.is_empty());
}

#[test]
fn other_mails_are_no_reports() {
    let holiday =
        "From: ben@school.example\nSubject: Away\nIn-Reply-To: <1@learning-gain>\n\nBack on Monday. Action: failed\n";
    let read_receipt = POSTFIX.replace("report-type=delivery-status", "report-type=disposition-notification");
    let mixed = POSTFIX.replace("multipart/report; report-type=delivery-status", "multipart/mixed");
    let no_status = POSTFIX.replace("message/delivery-status", "text/plain");
    for other in [holiday, &read_receipt, &mixed, &no_status] {
        assert_eq!(read(other), Err(NoReport::Another));
    }
    for nothing in ["", "\n\n\n", "From nobody"] {
        assert!(read(nothing).is_err(), "{nothing:?}");
    }
    assert_eq!(read_report(&vec![b'x'; MESSAGE_BYTES_MOST + 1]), Err(NoReport::TooLarge));
}

#[test]
fn no_nesting_exhausts_the_stack() {
    let boxes = [
        "Content-Type:message/rfc822\n\n".to_owned(),
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n".to_owned(),
        "Content-Type: multipart/digest; boundary=b\n\n--b\n\n".to_owned(),
    ];
    for nested in boxes {
        let bytes = nested.repeat(MESSAGE_BYTES_MOST / nested.len());
        let _read_or_refused = read(&bytes);
    }
    let many = "Final-Recipient: rfc822; a@b.uk\nAction: failed\nStatus: 5.0.0\n\n".repeat(7_000);
    let report = EXIM.replace("Action: failed\n", &many);
    assert!(never(&report).len() <= RECIPIENTS_MOST);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_break_the_reader(bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
        let _read_or_refused = report_of(&bytes);
    }

    #[test]
    fn no_damaged_report_breaks_the_reader_or_names_another_address(
        which in 0_usize..3,
        cuts in prop::collection::vec((0.0_f64..1.0, any::<u8>(), 0_usize..40), 1..12),
    ) {
        let mut bytes = [POSTFIX, EXIM, EXCHANGE][which].as_bytes().to_vec();
        for (at, byte, removed) in cuts {
            let at = (at * bytes.len() as f64) as usize;
            let end = (at + removed).min(bytes.len());
            bytes.splice(at..end, [byte]);
        }
        if let Ok(report) = report_of(&bytes) {
            prop_assert!(report.message_ids.iter().all(|id| id.ends_with("@learning-gain>")));
            prop_assert!(report.never.iter().all(|address| address.contains('@')));
        }
    }
}
