//! Booking beside what the database can commit, the rush, lists of very different lengths, and memory.

use super::{
    board::{self, Board, Size},
    load::Connection,
    resident_megabytes, row,
    served::{Server, milliseconds, on_each_database},
};
use learning_gain::{bookings::store::waiting_first, server::database::Database};
use sea_orm::{ConnectOptions, ConnectionTrait, Database as Connector, EntityTrait};
use std::{
    collections::BTreeSet,
    path::Path,
    sync::{
        Barrier,
        atomic::{AtomicUsize, Ordering},
    },
    time::Instant,
};
use tokio::runtime::Runtime;

/// As the goals are stated.
const CONNECTIONS: usize = 16;
/// Single rows written one by one for the raw limit.
const COMMITS: usize = 4_000;
/// Forms sent in one measurement.
const FORMS: usize = 4_000;
/// Whole journeys in one measurement.
const JOURNEYS: usize = 600;
const RUSH: usize = 500;
const RUSH_PLACES: i32 = 30;

/// Prints the figures of both databases.
pub fn figures() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = Runtime::new().unwrap();
    on_each_database(folder.path(), &runtime, |database| figures_of(database, folder.path(), &runtime));
}

fn figures_of(database: &dyn Fn(&str) -> String, folder: &Path, runtime: &Runtime) {
    let raw = runtime.block_on(single_commits(&database("raw.db")));
    row("single durable commits", raw, "commits/s", "the raw limit");

    let url = database("bookings.db");
    let size = Size { people: FORMS + JOURNEYS, sessions: 20, places: 1_000, history: 0 };
    let made = runtime.block_on(board::make(&url, size));
    let mut server = Server::start(&url, folder);
    let forms = forms_per_second(&server, &made);
    row("booking POSTs", forms, "bookings/s", &format!("{:.2} of single commits; goal 0.50", forms / raw));
    let whole = journeys_per_second(&server, &made);
    row("whole bookings, all screens", whole, "bookings/s", "goal 200");
    server.stop();

    let url = database("rush.db");
    let size = Size { people: RUSH, sessions: 1, places: RUSH_PLACES, history: 0 };
    let made = runtime.block_on(board::make(&url, size));
    let mut server = Server::start(&url, folder);
    rush(&server, &made);
    server.stop();
    println!("{:<44} {}", "  of the rush", runtime.block_on(outcome_of_rush(&url)));

    let mut times: Vec<Vec<f64>> = Vec::new();
    for (name, history) in [("small.db", 2_000), ("large.db", 200_000)] {
        let url = database(name);
        let size = Size { people: 2_000, sessions: 20, places: 30, history };
        let made = runtime.block_on(board::make(&url, size));
        let mut server = Server::start(&url, folder);
        times.push(LISTS.iter().map(|list| milliseconds(&server, list, &made.logins[0])).collect());
        if history == 200_000 {
            row("memory with 200,000 bookings", resident_megabytes(&server.child), "MB", "at most 150 MB");
        }
        server.stop();
    }
    for (list, (small, large)) in LISTS.iter().zip(times[0].iter().zip(&times[1])) {
        let beside = format!("{small:.2} ms with 2,000: {:.2} times; goal 2", large / small);
        row(&format!("{list} with 200,000 bookings"), *large, "ms", &beside);
    }
}

/// Lists that grow with the board.
const LISTS: [&str; 4] = ["/office/bookings", "/office/bookings?state=booked", "/office/sessions", "/courses"];

/// One row and one commit at a time, as many at once as the service has connections for writing.
async fn single_commits(url: &str) -> f64 {
    // Opening it once sets an SQLite file up as the service does.
    Database::open(url).await.unwrap().close().await.unwrap();
    let writers = if url.starts_with("sqlite:") { 1 } else { 12 };
    let mut options = ConnectOptions::new(url);
    options.max_connections(writers).sqlx_logging(false);
    options.map_sqlx_sqlite_opts(|options| options.synchronous(sea_orm::sqlx::sqlite::SqliteSynchronous::Full));
    let pool = Connector::connect(options).await.unwrap();
    pool.execute_unprepared("CREATE TABLE raw (id INTEGER PRIMARY KEY, word TEXT)").await.unwrap();
    let started = Instant::now();
    let all = (0..writers as usize).map(|writer| {
        let pool = pool.clone();
        tokio::spawn(async move {
            for number in 0..COMMITS / writers as usize {
                let id = writer * COMMITS + number;
                pool.execute_unprepared(&format!("INSERT INTO raw VALUES ({id}, 'booked')")).await.unwrap();
            }
        })
    });
    for writer in all.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    let rate = COMMITS as f64 / started.elapsed().as_secs_f64();
    pool.close().await.unwrap();
    rate
}

fn form(number: usize, waits: bool) -> String {
    let join = if waits { "&join=waiting" } else { "" };
    format!("request_id={number:064x}&agency=myself&job_role=Teacher&person_kind=employed&accept=yes{join}")
}

/// Does something for each number of a range, on so many connections.
fn on_connections(server: &Server, range: std::ops::Range<usize>, work: impl Fn(&mut Connection, usize) + Sync) -> f64 {
    let (next, count) = (AtomicUsize::new(range.start), range.len());
    let started = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..CONNECTIONS {
            scope.spawn(|| {
                let mut connection = Connection::open(&server.address).unwrap();
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= range.end {
                        return;
                    }
                    work(&mut connection, number);
                }
            });
        }
    });
    count as f64 / started.elapsed().as_secs_f64()
}

fn forms_per_second(server: &Server, board: &Board) -> f64 {
    on_connections(server, 0..FORMS, |connection, number| {
        let path = format!("/sessions/{}/book", board.sessions[number % board.sessions.len()]);
        let answer = connection.send_form(&path, &board.logins[number], &form(number + 1, false)).unwrap();
        assert_eq!(answer.status, 303, "{}", String::from_utf8_lossy(&answer.body));
    })
}

/// The session, the four screens, and the booking's page.
fn journeys_per_second(server: &Server, board: &Board) -> f64 {
    on_connections(server, FORMS..FORMS + JOURNEYS, |connection, number| {
        let login = &board.logins[number];
        let session = format!("/sessions/{}", board.sessions[number % board.sessions.len()]);
        let mut see = |path: &str| assert_eq!(connection.open_page(path, login).unwrap().status, 200, "{path}");
        see(&session);
        see(&format!("{session}/book"));
        see(&format!("{session}/book/details"));
        let answers = form(number + 1, false);
        let check = connection.send_form(&format!("{session}/book/check"), login, &answers).unwrap();
        assert_eq!(check.status, 200);
        let booked = connection.send_form(&format!("{session}/book"), login, &answers).unwrap();
        assert_eq!(booked.status, 303);
        assert_eq!(connection.open_page(&booked.location, login).unwrap().status, 200);
    })
}

/// Everybody at the same moment, each on a connection that is open already.
fn rush(server: &Server, board: &Board) {
    let start = Barrier::new(RUSH + 1);
    let path = format!("/sessions/{}/book", board.sessions[0]);
    let slowest = std::thread::scope(|scope| {
        let people: Vec<_> = (0..RUSH)
            .map(|number| {
                let (start, path) = (&start, &path);
                let person = std::thread::Builder::new().stack_size(128 * 1024);
                let run = move || {
                    let mut connection = Connection::open(&server.address).unwrap();
                    start.wait();
                    let sent = Instant::now();
                    let answer = connection.send_form(path, &board.logins[number], &form(number + 1, true)).unwrap();
                    assert_eq!(answer.status, 303, "{}", String::from_utf8_lossy(&answer.body));
                    sent.elapsed()
                };
                person.spawn_scoped(scope, run).unwrap()
            })
            .collect();
        start.wait();
        people.into_iter().map(|person| person.join().unwrap()).max().unwrap()
    });
    row(&format!("a rush of {RUSH}: the last answer after"), slowest.as_secs_f64(), "s", "goal 1 s");
}

async fn outcome_of_rush(url: &str) -> String {
    let db = Database::open(url).await.unwrap();
    let session = learning_gain::entity::session::Entity::find().one(db.reader()).await.unwrap().unwrap();
    let wrong = learning_gain::bookings::store::counters_check(db.reader()).await.unwrap();
    assert!(wrong.is_empty(), "{wrong:?}");
    assert_eq!((session.held, session.waiting), (RUSH_PLACES, RUSH as i32 - RUSH_PLACES));
    let waiting = waiting_first(session.id, RUSH as u64, db.reader()).await.unwrap();
    let by_id: Vec<_> = waiting.iter().map(|row| row.id).collect();
    assert!(by_id.is_sorted(), "the list is in the order in which people were put on it");
    let since: BTreeSet<_> = waiting.iter().map(|row| row.waiting_since).collect();
    assert_eq!(since.len(), waiting.len(), "nobody shares a position");
    db.close().await.unwrap();
    format!("{} have a place, {} wait in order, nobody saw an error", session.held, session.waiting)
}
