//! Mail through a bad server: every one at least once, repeats with the same Message-ID, none lost; and what happens
//! when several processes look after one outbox, or the server is away.

use crate::{
    board::{TestBoard, address_of},
    bookings::{answers, reference, request_id, row},
    smtp::{MailServer, Moods},
};
use chrono::Duration;
use learning_gain::{
    bookings::rules::BookingState,
    entity::outbox,
    messages::{
        store::{Mail, outbox_insert_in_txn},
        wording::Fixed,
    },
    server::{
        config::{Config, MailTransport},
        database::Database,
        jobs::{Job, run_due_jobs},
        outbox::send_due_mails,
        state::App,
    },
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

/// A kind of mail that only this test sends.
static TEST: Fixed = Fixed { kind: "test", title: "A test", why: "Nobody reads it" };
/// Mails in the outbox.
const MAILS: usize = 60;
/// Longer than any lease and than most pauses.
const ROUND: Duration = Duration::minutes(20);

/// Another process of the same board: connections of its own, the same clock, and this mail server.
async fn process(board: &TestBoard, server: &str) -> App {
    let db = Database::open(&board.url).await.unwrap();
    let config = Config { mail: MailTransport::Smtp(server.to_owned()), ..Config::clone(&board.app.config) };
    App { db, config: Arc::new(config), ..board.app.clone() }
}

async fn fill_outbox(board: &TestBoard) {
    let txn = board.txn().await;
    for number in 0..MAILS {
        let to = format!("person.{number}@people.example");
        let mail = Mail::fixed(&TEST, to, format!("Mail {number}"), "Hello".into());
        outbox_insert_in_txn(mail, board.now(), &txn).await.unwrap();
    }
    txn.commit().await.unwrap();
}

fn is_settled(mail: &outbox::Model) -> bool {
    mail.sent_at.is_some()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bad_mail_server_and_killed_workers_lose_no_mail() {
    let board = TestBoard::new().await;
    let server = MailServer::start(Moods { refuses: 30, hangs_up: 10, takes_silently: 10 }).await;
    let workers = [process(&board, &server.url).await, process(&board, &server.url).await];
    fill_outbox(&board).await;
    let started = board.now();
    let mut seen_waiting = false;
    for round in 0..200 {
        let sending: Vec<_> = workers
            .iter()
            .map(|app| {
                let app = app.clone();
                tokio::spawn(async move { send_due_mails(&app).await })
            })
            .collect();
        if round % 3 == 0 {
            // As a process that is killed: in the middle of whatever it was doing.
            tokio::time::sleep(std::time::Duration::from_millis(3 + 7 * (round % 5))).await;
            sending.iter().for_each(|worker| worker.abort());
        }
        for worker in sending {
            if let Ok(done) = worker.await {
                done.unwrap();
            }
        }
        let mails = board.mails().await;
        // Failed once means later, failed twice means later still.
        for mail in mails.iter().filter(|mail| mail.attempts > 0 && !is_settled(mail)) {
            assert!(mail.last_error.is_some());
            assert!(mail.due_at >= started + Duration::minutes(2_i64.pow(mail.attempts as u32) - 1));
            seen_waiting = true;
        }
        if mails.iter().all(is_settled) {
            break;
        }
        board.app.clock.set(board.now() + ROUND);
    }
    assert!(seen_waiting, "no mail ever had to wait");
    let mails = board.mails().await;
    assert!(mails.iter().all(is_settled), "{:?}", mails.iter().find(|mail| !is_settled(mail)));
    let received = server.received();
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    for mail in &received {
        *times.entry(&mail.message_id).or_default() += 1;
    }
    let known: BTreeSet<&str> = mails.iter().map(|mail| mail.message_id.as_str()).collect();
    assert_eq!(times.keys().copied().collect::<BTreeSet<_>>(), known, "each mail, and nothing else");
    assert!(times.values().any(|times| *times > 1), "a mail that was taken silently comes again");
    for mail in received {
        assert!(mails.iter().any(|row| row.message_id == mail.message_id && row.to_address == mail.to));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_send_each_mail_once_and_run_each_job_once() {
    static RUNS: AtomicUsize = AtomicUsize::new(0);
    let board = TestBoard::new().await;
    let server = MailServer::start(Moods::default()).await;
    let processes = [process(&board, &server.url).await, process(&board, &server.url).await];
    fill_outbox(&board).await;
    let both = processes.clone().map(|app| {
        tokio::spawn(async move {
            while send_due_mails(&app).await.unwrap() > 0 {}
            for _ in 0..20 {
                let count: Job = Job {
                    name: "count",
                    every: Duration::minutes(1),
                    run: |_| {
                        RUNS.fetch_add(1, Ordering::SeqCst);
                        Box::pin(async { Ok(()) })
                    },
                };
                run_due_jobs(&app, &[count]).await;
            }
        })
    });
    for process in both {
        process.await.unwrap();
    }
    let received = server.received();
    let ids: BTreeSet<&str> = received.iter().map(|mail| mail.message_id.as_str()).collect();
    assert_eq!((received.len(), ids.len()), (MAILS, MAILS));
    assert_eq!(RUNS.load(Ordering::SeqCst), 1);
    board.app.clock.set(board.now() + Duration::minutes(1));
    let job = |_: &App| -> futures::future::BoxFuture<'_, _> {
        RUNS.fetch_add(1, Ordering::SeqCst);
        Box::pin(async { Ok(()) })
    };
    for app in &processes {
        run_due_jobs(app, &[Job { name: "count", every: Duration::minutes(1), run: job }]).await;
    }
    assert_eq!(RUNS.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_mail_that_is_refused_for_a_day_is_given_up_and_the_office_sends_it_again() {
    let board = TestBoard::new().await;
    let away = process(&board, "smtp://127.0.0.1:1").await;
    let txn = board.txn().await;
    let mail = Mail::fixed(&TEST, "amira@people.example", "A mail".into(), "Hello".into());
    outbox_insert_in_txn(mail, board.now(), &txn).await.unwrap();
    txn.commit().await.unwrap();
    let begun = board.now();
    let mut office = board.office().await;
    let last = async || board.mails_to("amira@people.example").await.pop().unwrap();
    for tries in 1..=11 {
        assert_eq!(send_due_mails(&away).await.unwrap(), 1, "try {tries}");
        let mail = last().await;
        assert_eq!((mail.attempts, mail.failed_at.is_some()), (tries, tries == 11));
        if tries < 11 {
            office.open("/office/mail?state=waiting").await.must_say("the mail server did not take it");
            assert_eq!(mail.due_at - board.now(), Duration::minutes(2_i64.pow(tries as u32 - 1)), "twice as long");
            board.app.clock.set(mail.due_at);
        }
    }
    assert!(board.now() - begun > Duration::hours(16), "a night without a mail server loses nothing");
    office.open("/office").await.must_say("1 mail that could not be delivered");
    let given_up = last().await;
    office.open(&format!("/office/mail/{}", given_up.id)).await.submit("Send it again", &[]).await;
    let server = MailServer::start(Moods::default()).await;
    send_due_mails(&process(&board, &server.url).await).await.unwrap();
    assert!(server.received().iter().any(|mail| mail.to == "amira@people.example"));
    assert_ne!(last().await.id, given_up.id);
}

#[tokio::test]
async fn a_mail_server_that_is_away_breaks_no_booking() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-31 10:00", 20).await;
    let (_, mut amira) = board.learner("Amira Khan").await;
    let app = process(&board, "smtp://127.0.0.1:1").await;
    let request = request_id(1);
    amira.post(&format!("/sessions/{session}/book"), &answers(&request)).await;
    assert_eq!(row(&board, &reference(&amira)).await.state, BookingState::Booked);
    assert_eq!(send_due_mails(&app).await.unwrap(), 1);
    let mail = board.mails_to(&address_of("Amira Khan")).await.remove(0);
    assert_eq!((mail.attempts, mail.sent_at, mail.failed_at), (1, None, None));
    assert_eq!(mail.last_error.as_deref(), Some("the mail server did not take it"));
    assert_eq!(send_due_mails(&app).await.unwrap(), 0, "not before its pause is over");

    let server = MailServer::start(Moods::default()).await;
    board.app.clock.set(board.now() + Duration::minutes(2));
    let app = process(&board, &server.url).await;
    assert_eq!(send_due_mails(&app).await.unwrap(), 1);
    assert_eq!(server.received()[0].message_id, mail.message_id);
}
