//! Asking for a code tells nobody who is known here: neither by what is answered nor by the work that it takes.

use crate::board::{TestBoard, address_of};
use learning_gain::{
    accounts::{
        actions::send_code_in_txn,
        rules::{SEND_PER_ADDRESS, SEND_PER_NETWORK},
        store::{attempt_bucket, attempt_insert},
    },
    entity::{attempt, login_code, outbox},
    web::client::ClientNetwork,
};
use reqwest::{Client, header, redirect::Policy};
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, EntityTrait, ExecResult, PaginatorTrait, QueryResult,
    Statement, prelude::async_trait::async_trait,
};
use std::sync::Mutex;

const NETWORK: &str = "192.0.2.7";
const UNKNOWN: &str = "nobody.here@people.example";

/// A transaction that writes down the statements which pass through it, without their values.
pub struct Listening<'a> {
    txn: &'a DatabaseTransaction,
    heard: Mutex<Vec<String>>,
}

impl<'a> Listening<'a> {
    pub fn to(txn: &'a DatabaseTransaction) -> Self {
        Self { txn, heard: Mutex::default() }
    }

    pub fn heard(self) -> Vec<String> {
        self.heard.into_inner().unwrap()
    }

    fn hear(&self, statement: &str) {
        self.heard.lock().unwrap().push(statement.to_owned());
    }
}

#[async_trait]
impl ConnectionTrait for Listening<'_> {
    fn get_database_backend(&self) -> DbBackend {
        self.txn.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.hear(&statement.sql);
        self.txn.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.hear(sql);
        self.txn.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.hear(&statement.sql);
        self.txn.query_one_raw(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.hear(&statement.sql);
        self.txn.query_all_raw(statement).await
    }
}

/// What asking for a code for this address says to the database, and how many codes and mails come of it. Nothing of
/// it stays.
async fn heard(board: &TestBoard, address: &str, asked_before: u64, from_network: u64) -> (Vec<String>, [u64; 2]) {
    let txn = board.txn().await;
    for (limit, what, count) in [(SEND_PER_ADDRESS, address, asked_before), (SEND_PER_NETWORK, NETWORK, from_network)] {
        let bucket = attempt_bucket(&board.app.secrets, limit, what);
        for _ in 0..count {
            attempt_insert(&bucket, board.now(), &txn).await.unwrap();
        }
    }
    let before = counts(&txn).await;
    let listening = Listening::to(&txn);
    let network = ClientNetwork(NETWORK.into());
    send_code_in_txn(&board.app, "sign-in code", address, &network, board.now(), &listening).await.unwrap();
    let after = counts(&txn).await;
    (listening.heard(), [after[0] - before[0], after[1] - before[1]])
}

async fn counts(db: &impl ConnectionTrait) -> [u64; 2] {
    [login_code::Entity::find().count(db).await.unwrap(), outbox::Entity::find().count(db).await.unwrap()]
}

#[tokio::test]
async fn known_and_unknown_addresses_cause_the_same_statements() {
    let board = TestBoard::new().await;
    board.person("Amira Khan").await;
    let known = address_of("Amira Khan");
    let crowd = SEND_PER_NETWORK.tries;
    for (asked_before, from_network, expected) in [
        (0, 0, [[1, 1], [1, 1]]),
        (1, 1, [[1, 1], [1, 1]]),
        // The only difference that there is: no mail to strangers once somebody sprays.
        (0, crowd, [[1, 1], [1, 0]]),
        (1, crowd, [[0, 0], [0, 0]]),
        (SEND_PER_ADDRESS.tries, crowd, [[0, 0], [0, 0]]),
    ] {
        let (for_known, of_known) = heard(&board, &known, asked_before, from_network).await;
        let (for_unknown, of_unknown) = heard(&board, UNKNOWN, asked_before, from_network).await;
        let what = format!("asked {asked_before} times before, {from_network} times from the network");
        assert_eq!(for_known, for_unknown, "{what}");
        assert!(for_known.len() >= 3, "{what}: only {for_known:?} was heard");
        assert_eq!([of_known, of_unknown], expected, "{what}");
    }
}

/// An answer as it comes over the wire, with the address taken out of it.
struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    cookie: Option<String>,
    body: String,
}

/// Sends a form as a browser does, and does not follow where the answer leads.
async fn post(client: &Client, board: &TestBoard, path: &str, fields: &[(&str, &str)], address: &str) -> Answer {
    let request = client.post(format!("{}{path}", board.base)).header("sec-fetch-site", "same-origin");
    let answer = request.form(fields).send().await.unwrap();
    let status = answer.status().as_u16();
    let cookie = answer.headers().get(header::SET_COOKIE).map(|value| value.to_str().unwrap().to_owned());
    // The moment, and what is drawn anew for every answer.
    let changes = ["date", "content-security-policy", "set-cookie"];
    let headers = answer.headers().iter().filter(|(name, _)| !changes.contains(&name.as_str()));
    let headers = headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect();
    let body = answer.text().await.unwrap().replace(address, "ADDRESS");
    Answer { status, headers, cookie, body }
}

/// A cookie's name, the lengths of its value's parts, and its attributes.
fn shape(cookie: &str) -> (String, Vec<usize>, String) {
    let (name, rest) = cookie.split_once('=').unwrap();
    let (value, attributes) = rest.split_once(';').unwrap();
    (name.to_owned(), value.split('.').map(str::len).collect(), attributes.to_owned())
}

#[tokio::test]
async fn known_and_unknown_addresses_get_the_same_answers_headers_and_cookies() {
    let board = TestBoard::new().await;
    let unknown = "nora.now@people.example";
    board.person("Amira Khan").await;
    board.person("Nora Not").await;
    let known = address_of("Nora Not");
    assert_eq!(known.len(), unknown.len(), "a longer address makes a longer cookie, whoever has it");
    // Before the network's limit and beyond it.
    for crowded in [false, true] {
        if crowded {
            let txn = board.txn().await;
            attempt::Entity::delete_many().exec(&txn).await.unwrap();
            let bucket = attempt_bucket(&board.app.secrets, SEND_PER_NETWORK, "127.0.0.1");
            for _ in 0..SEND_PER_NETWORK.tries {
                attempt_insert(&bucket, board.now(), &txn).await.unwrap();
            }
            txn.commit().await.unwrap();
        }
        let mut answers = Vec::new();
        for address in [known.as_str(), unknown] {
            let client = Client::builder().cookie_store(true).redirect(Policy::none()).build().unwrap();
            let asked = post(&client, &board, "/sign-in", &[("email", address)], address).await;
            assert_eq!(asked.status, 303, "{}", asked.body);
            let code_page = client.get(format!("{}/sign-in/code", board.base)).send().await.unwrap();
            let page = code_page.text().await.unwrap().replace(address, "ADDRESS");
            // One chance in a million that it is the code.
            let wrong = post(&client, &board, "/sign-in/code", &[("code", "000000")], address).await;
            answers.push((asked, page, wrong));
        }
        let (of_unknown, of_known) = (answers.pop().unwrap(), answers.pop().unwrap());
        assert_eq!(of_known.1, of_unknown.1, "the page that asks for the code");
        assert!(of_known.2.body.contains("The code is not right"), "{}", of_known.2.body);
        for (known, unknown) in [(of_known.0, of_unknown.0), (of_known.2, of_unknown.2)] {
            assert_eq!((known.status, &known.body), (unknown.status, &unknown.body));
            assert_eq!(known.headers, unknown.headers);
            assert_eq!(known.cookie.as_deref().map(shape), unknown.cookie.as_deref().map(shape));
        }
    }
    // Beyond the limit the stranger has no mail, and the board's own outbox holds nothing that was taken back.
    let mails = board.mails().await;
    let to = |address: &str| mails.iter().filter(|mail| mail.to_address == address).count();
    assert_eq!((to(&known), to(unknown), mails.len()), (2, 1, 3));
}
