//! Mail that comes back hours later: reports from files, folders and a pipe, and those that nobody should believe.

use crate::{
    board::{TestBoard, address_of},
    bookings::book,
    browser::Browser,
};
use learning_gain::{
    entity::{address, audit, outbox},
    messages::command::{BouncesError, read_all},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

const POSTFIX: &str = include_str!("../messages/bounces/fixtures/postfix.eml");
const EXIM: &str = include_str!("../messages/bounces/fixtures/exim.eml");
const EXCHANGE: &str = include_str!("../messages/bounces/fixtures/exchange.eml");
const THEIR_ID: &str = "<0123456789abcdef0123456789abcdef@learning-gain>";
const THEIR_ADDRESS: &str = "amira.khan@school.example";

/// A report about this mail, as one of the servers writes it.
fn about(report: &str, mail: &outbox::Model) -> String {
    report.replace(THEIR_ID, &mail.message_id).replace(THEIR_ADDRESS, &mail.to_address)
}

fn file(folder: &Path, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    path
}

async fn read(board: &TestBoard, sources: &[PathBuf]) -> Vec<String> {
    let mut lines = Vec::new();
    read_all(sources, &board.url, &mut |line| lines.push(line)).await.unwrap();
    lines
}

async fn is_stopped(board: &TestBoard, text: &str) -> bool {
    let row = address::Entity::find().filter(address::Column::Address.eq(text)).one(board.app.db.reader()).await;
    row.unwrap().unwrap().bounced_at.is_some()
}

/// A board with an office and the sent mails of these learners, each about a place of theirs.
async fn board_with_mails(names: &[&str]) -> (TestBoard, Browser, Vec<outbox::Model>) {
    let board = TestBoard::new().await;
    let office = board.office().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-31 10:00", 20).await;
    for name in names {
        let (_, mut browser) = board.learner(name).await;
        book(&mut browser, session).await;
    }
    board.send_mails().await;
    let mut mails = Vec::new();
    for name in names {
        mails.push(board.mails_to(&address_of(name)).await.pop().unwrap());
    }
    (board, office, mails)
}

#[tokio::test]
async fn reports_of_every_server_stop_the_address_and_the_owner_and_the_office_are_told() {
    let names = ["Amira Khan", "Ben Okoro", "Cora Diaz", "Dan Evans"];
    let (board, mut office, mails) = board_with_mails(&names).await;
    let folder = tempfile::tempdir().unwrap();
    let reports: Vec<PathBuf> = [POSTFIX, EXIM, EXCHANGE]
        .iter()
        .zip(&mails)
        .enumerate()
        .map(|(number, (report, mail))| file(folder.path(), &format!("{number}.eml"), about(report, mail)))
        .collect();
    let lines = read(&board, &reports).await;
    for (line, mail) in lines.iter().zip(&mails) {
        assert!(line.contains(&format!("mail {} came back for ever", mail.id)), "{line}");
        assert!(!line.contains(&mail.to_address) && !line.contains('@'), "an address in a log: {line}");
        assert!(is_stopped(&board, &mail.to_address).await);
    }
    assert!(!is_stopped(&board, &mails[3].to_address).await);
    let told = audit::Entity::find().filter(audit::Column::Sentence.contains("came back")).all(board.app.db.reader());
    assert_eq!(told.await.unwrap().len(), 3);
    office.open("/office/mail?state=came-back").await.must_say(&mails[0].to_address).must_say(&mails[2].to_address);
    assert!(!office.says(&mails[3].to_address));
    office.open(&format!("/office/mail/{}", mails[0].id)).await.must_say("it came back at");

    // Whoever reads a code that was sent to it shows that it works again.
    let mut amira = board.stranger();
    amira.open("/sign-in").await.submit("Send me a code", &[("email", &mails[0].to_address)]).await;
    let newest = outbox::Entity::find().order_by_desc(outbox::Column::Id).one(board.app.db.reader()).await;
    let code = newest.unwrap().unwrap().body.unwrap();
    let code: String = code.chars().skip_while(|letter| !letter.is_ascii_digit()).take(6).collect();
    amira.submit("Continue", &[("code", &code)]).await.must_say("Hello, Amira Khan");
    assert!(!is_stopped(&board, &mails[0].to_address).await);

    // The same report once more, from the mail server or from a folder that is read every hour, stops nothing again.
    let lines = read(&board, &[reports[0].clone(), folder.path().to_owned()]).await;
    assert_eq!(lines.iter().filter(|line| line.ends_with("was counted before")).count(), 4, "{lines:?}");
    assert!(!is_stopped(&board, &mails[0].to_address).await);
}

#[tokio::test]
async fn what_is_temporary_foreign_forged_or_broken_changes_nothing_and_says_so() {
    let (board, _, mails) = board_with_mails(&["Amira Khan", "Ben Okoro"]).await;
    let (amiras, bens) = (&mails[0], &mails[1]);
    let folder = tempfile::tempdir().unwrap();
    let nested = "Content-Type: message/rfc822\n\n".repeat(17_000);
    let cases: [(&str, Vec<u8>, &str); 8] = [
        (
            "temporary",
            about(POSTFIX, amiras).replace("5.1.1", "4.4.1").replace("Action: failed", "Action: delayed").into(),
            "it tells of no failure for ever",
        ),
        (
            "full",
            about(EXIM, amiras).replace("Status: 5.0.0", "Status: 4.2.2").into(),
            "it tells of no failure for ever",
        ),
        // Ben knows the Message-ID of his own mail, and nobody else's.
        (
            "somebody-elses",
            about(EXIM, bens).replace(&bens.to_address, &amiras.to_address).into(),
            "no mail that this board sent to that address",
        ),
        ("foreign", POSTFIX.replace(THEIR_ADDRESS, &amiras.to_address).into(), "no mail that this board sent"),
        ("holiday", b"From: ben@x.example\nSubject: Away\n\nBack on Monday\n".into(), "it is not a report"),
        ("nothing", b"".into(), "cannot be read as a mail"),
        ("huge", about(POSTFIX, amiras).repeat(300).into(), "larger than 512 KB"),
        ("nested", nested.into(), "nothing was done"),
    ];
    for (name, text, sentence) in cases {
        let lines = read(&board, &[file(folder.path(), name, text)]).await;
        assert!(lines.len() == 1 && lines[0].contains(": nothing was done: "), "{name}: {lines:?}");
        assert!(lines[0].contains(sentence), "{name}: {lines:?}");
    }
    assert!(!is_stopped(&board, &amiras.to_address).await && !is_stopped(&board, &bens.to_address).await);
    assert!(board.mails().await.iter().all(|mail| mail.came_back_at.is_none()));

    // What cannot be read does not keep the rest from being read.
    let good = file(folder.path(), "good", about(EXIM, amiras));
    let mut lines = Vec::new();
    let read = read_all(&[folder.path().join("missing"), good], &board.url, &mut |line| lines.push(line)).await;
    assert!(matches!(read, Err(BouncesError::Input(..))) && lines.len() == 1, "{lines:?}");
    assert!(is_stopped(&board, &amiras.to_address).await);
}

#[tokio::test]
async fn a_maildir_is_read_whole_and_an_empty_database_is_no_board() {
    let (board, _, mails) = board_with_mails(&["Amira Khan", "Ben Okoro", "Cora Diaz"]).await;
    let maildir = tempfile::tempdir().unwrap();
    for (part, name, mail) in [("new", "1.a", &mails[0]), ("cur", "2.b:2,S", &mails[1]), ("tmp", "3.c", &mails[2])] {
        fs::create_dir_all(maildir.path().join(part)).unwrap();
        file(&maildir.path().join(part), name, about(EXIM, mail));
    }
    file(maildir.path(), "dovecot.index.log", "not a message");
    assert_eq!(read(&board, &[maildir.path().to_owned()]).await.len(), 2);
    assert!(is_stopped(&board, &mails[0].to_address).await && is_stopped(&board, &mails[1].to_address).await);
    assert!(!is_stopped(&board, &mails[2].to_address).await, "a message that is still being written");

    let fresh = TestBoard::new().await;
    let read = read_all(&[maildir.path().to_owned()], &fresh.url, &mut |_| {}).await;
    assert!(matches!(read, Err(BouncesError::NoBoard)));
}

/// Runs the program as a mail server runs it: the message on standard input.
fn pipe(url: &str, message: &[u8]) -> (Option<i32>, String) {
    let program = env!("CARGO_BIN_EXE_learning-gain");
    let mut running = Command::new(program)
        .args(["bounces", "--database-url", url])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    running.stdin.take().unwrap().write_all(message).expect("the pipe stays open to the end");
    let done = running.wait_with_output().unwrap();
    let said = [done.stdout, done.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
    (done.status.code(), said)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mail_servers_pipe_gets_a_line_and_an_exit_code_that_it_understands() {
    let (board, _, mails) = board_with_mails(&["Amira Khan"]).await;
    let report = about(POSTFIX, &mails[0]);
    let (code, said) = pipe(&board.url, report.as_bytes());
    assert_eq!(code, Some(0), "{said}");
    assert!(said.starts_with("standard input: mail ") && said.lines().count() == 1, "{said}");
    assert!(is_stopped(&board, &mails[0].to_address).await);
    // A mail that is nothing to us is done with, or the server would send it back to whoever wrote it.
    let (code, said) = pipe(&board.url, &vec![b'x'; 3 * 1024 * 1024]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("larger than 512 KB"), "{said}");
    // Where the board is away, it is to be tried again.
    let folder = tempfile::tempdir().unwrap();
    let nowhere = format!("sqlite://{}?mode=rwc", folder.path().join("no.db").display());
    let (code, said) = pipe(&nowhere, report.as_bytes());
    assert_eq!(code, Some(75), "{said}");
    assert!(said.contains("try again later"), "{said}");
    assert!(!folder.path().join("no.db").exists(), "a new database beside the board");
}
