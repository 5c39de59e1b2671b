//! What somebody was called before, and what is left in the files of the database.

use super::tables::places_of;
use crate::{
    board::{TestBoard, address_of},
    databases,
};
use learning_gain::{
    accounts::rules::{AddressId, PersonId},
    entity::*,
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

const BEFORE: &str = "Zsofia Canary-Birdsong";
const NOW: &str = "Zsofia Heron";
const OLD_ADDRESS: &str = "zsofia.birdsong@former.example";

async fn say(board: &TestBoard, sentence: &str) {
    let txn = board.txn().await;
    let row = audit::ActiveModel {
        at: Set(board.now()),
        subject_kind: Set("session".into()),
        subject_id: Set(1),
        sentence: Set(sentence.into()),
        ..Default::default()
    };
    row.insert(&txn).await.unwrap();
    let mail = outbox::ActiveModel {
        message_id: Set(format!("<{}@test>", sentence.len())),
        to_address: Set(OLD_ADDRESS.into()),
        kind: Set("start_reminder".into()),
        subject: Set(sentence.into()),
        has_personal_link: Set(false),
        created_at: Set(board.now()),
        due_at: Set(board.now()),
        attempts: Set(0),
        ..Default::default()
    };
    mail.insert(&txn).await.unwrap();
    txn.commit().await.unwrap();
}

/// Somebody who took another name and left an address, after sentences about other things had named both.
async fn renamed(board: &TestBoard) -> PersonId {
    let (person, mut browser) = board.learner(BEFORE).await;
    let txn = board.txn().await;
    let old = address::ActiveModel {
        person_id: Set(person),
        address: Set(OLD_ADDRESS.into()),
        proven_at: Set(Some(board.now())),
        main: Set(false),
        ..Default::default()
    };
    let AddressId(old) = old.insert(&txn).await.unwrap().id;
    txn.commit().await.unwrap();
    say(board, &format!("{BEFORE}: accepted (answered from {OLD_ADDRESS})")).await;
    browser.open("/account/details").await.submit("Save", &[("name", NOW)]).await.must_say(NOW);
    // Saving the same again, and back and forth, changes nothing.
    browser.open("/account/details").await.submit("Save", &[("name", BEFORE)]).await;
    browser.open("/account/details").await.submit("Save", &[("name", NOW)]).await;
    browser.post(&format!("/account/addresses/{old}/remove"), &[]).await;
    browser.open("/account/data.json").await;
    assert!(browser.body.contains(BEFORE) && browser.body.contains(OLD_ADDRESS), "the download lacks former details");
    person
}

#[tokio::test]
async fn erasing_finds_the_name_and_the_address_that_somebody_had_before() {
    let board = TestBoard::new().await;
    let person = renamed(&board).await;
    let db = board.app.db.reader();
    let canaries = [BEFORE, NOW, OLD_ADDRESS, "Birdsong", "Canary", "Heron"];
    for canary in canaries {
        assert!(!places_of(canary, db).await.is_empty(), "“{canary}” was not planted");
    }
    let kept = former_detail::Entity::find().filter(former_detail::Column::PersonId.eq(person)).all(db).await.unwrap();
    assert_eq!(kept.len(), 3, "each name and address once: {kept:?}");
    let mut office = board.office().await;
    office.open(&format!("/office/people/{person}/erase")).await.submit("Erase record", &[("sure", "yes")]).await;
    office.must_say("erased for ever");
    for canary in canaries {
        assert_eq!(places_of(canary, db).await, Vec::<String>::new());
    }
    let left = audit::Entity::find().filter(audit::Column::Sentence.contains("accepted")).one(db).await.unwrap();
    assert_eq!(left.unwrap().sentence, "Erased person: accepted (answered from Erased person)");
}

#[tokio::test]
async fn a_former_name_that_somebody_else_has_stays_theirs() {
    let board = TestBoard::new().await;
    let person = renamed(&board).await;
    let (_, mut other) = board.learner("Another Person").await;
    other.open("/account/details").await.submit("Save", &[("name", BEFORE)]).await.must_say(BEFORE);
    let txn = board.txn().await;
    let owner = person::Entity::find().filter(person::Column::Name.eq(BEFORE)).one(&txn).await.unwrap().unwrap();
    let theirs = address::ActiveModel {
        person_id: Set(owner.id),
        address: Set(OLD_ADDRESS.into()),
        proven_at: Set(Some(board.now())),
        main: Set(false),
        ..Default::default()
    };
    theirs.insert(&txn).await.unwrap();
    txn.commit().await.unwrap();
    say(&board, &format!("{BEFORE}: declined")).await;
    let mut office = board.office().await;
    office.open(&format!("/office/people/{person}/erase")).await.submit("Erase record", &[("sure", "yes")]).await;
    let places = places_of(BEFORE, board.app.db.reader()).await;
    assert!(places.iter().any(|place| place.ends_with(": declined")), "{places:?}");
    assert_eq!(board.mails_to(OLD_ADDRESS).await.len(), 2, "another one's mails");
    assert!(places_of(NOW, board.app.db.reader()).await.is_empty());
    assert!(places_of(&address_of(BEFORE), board.app.db.reader()).await.is_empty());
}

/// Bytes that a database has given up stay in its files until something else is written there, if nobody sees to it.
#[tokio::test]
async fn the_bytes_of_an_erased_person_leave_the_files() {
    if databases::is_postgres() {
        return;
    }
    let board = TestBoard::new().await;
    let person = renamed(&board).await;
    // Enough that rows with the canary fill pages of their own, which are free afterwards, and its texts overflow pages.
    let txn = board.txn().await;
    for number in 0..300 {
        let mail = outbox::ActiveModel {
            message_id: Set(format!("<many-{number}@test>")),
            person_id: Set(Some(person)),
            to_address: Set(OLD_ADDRESS.into()),
            kind: Set("start_reminder".into()),
            subject: Set(format!("Dear {NOW}")),
            body: Set(Some(format!("{BEFORE} ").repeat(if number % 50 == 0 { 500 } else { 20 }))),
            has_personal_link: Set(false),
            created_at: Set(board.now()),
            due_at: Set(board.now()),
            attempts: Set(0),
            ..Default::default()
        };
        mail.insert(&txn).await.unwrap();
    }
    txn.commit().await.unwrap();
    board.app.db.empty_log().await.unwrap();
    let file = board.url.trim_start_matches("sqlite://").split('?').next().unwrap().to_owned();
    let holds = |canary: &str| {
        let files = [file.clone(), format!("{file}-wal")];
        let mut found = 0;
        for bytes in files.iter().filter_map(|path| std::fs::read(path).ok()) {
            found += bytes.windows(canary.len()).filter(|window| *window == canary.as_bytes()).count();
        }
        found
    };
    assert!(holds("Canary-Birdsong") > 300 && holds(NOW) > 300 && holds(OLD_ADDRESS) > 300, "nothing was planted");
    // Ordinary rows leave at once; copies that stayed where pages were divided leave in the night.
    let mut office = board.office().await;
    office.open(&format!("/office/people/{person}/erase")).await.submit("Erase record", &[("sure", "yes")]).await;
    office.must_say("erased for ever");
    for canary in ["Canary-Birdsong", NOW, OLD_ADDRESS] {
        assert_eq!(holds(canary), 0, "“{canary}” is still in the files");
    }
    // The test's own negative control: what is written down does stand in the files.
    say(&board, "Control-Canary").await;
    assert!(holds("Control-Canary") > 0);
}

/// Addresses in random order divide the pages of their index again and again, and each division may leave copies behind.
#[tokio::test]
async fn copies_that_were_left_over_leave_the_file_in_the_night() {
    if databases::is_postgres() {
        return;
    }
    let board = TestBoard::new().await;
    let (erased, other) = (board.person("Wren Canary").await, board.person("Olu Other").await);
    // A fixed walk through all numbers below a prime that jumps about.
    let rows = (1..5_003_i64).map(|step| step * 1_237 % 5_003).map(|number| address::ActiveModel {
        person_id: Set(if number % 53 == 0 { erased } else { other }),
        address: Set(format!("{number:05}.{}@x.example", if number % 53 == 0 { "canarybird" } else { "other" })),
        main: Set(false),
        ..Default::default()
    });
    let txn = board.txn().await;
    for row in rows {
        row.insert(&txn).await.unwrap();
    }
    txn.commit().await.unwrap();
    let file = board.url.trim_start_matches("sqlite://").split('?').next().unwrap().to_owned();
    let left = |canary: &str| {
        let files = [file.clone(), format!("{file}-wal")];
        let bytes = files.iter().filter_map(|path| std::fs::read(path).ok());
        bytes
            .map(|bytes| bytes.windows(canary.len()).filter(|window| *window == canary.as_bytes()).count())
            .sum::<usize>()
    };
    board.app.db.empty_log().await.unwrap();
    assert!(left("canarybird") > 180, "nothing was planted");
    let mut office = board.office().await;
    office.open(&format!("/office/people/{erased}/erase")).await.submit("Erase record", &[("sure", "yes")]).await;
    office.must_say("erased for ever");
    let (canaries, own) = (left("canarybird"), file_length(&file));
    board.set_clock("2025-03-04 02:50");
    board.run_jobs().await;
    assert_eq!((left("canarybird"), file_length(&file)), (canaries, own), "nothing is written anew by day");
    board.set_clock("2025-03-04 03:40");
    board.run_jobs().await;
    assert_eq!(left("canarybird"), 0);
    assert!(left("05002.other@x.example") > 0 && left("Olu Other") > 0, "everybody else is still there");
    assert!(file_length(&file) < own);
}

fn file_length(file: &str) -> u64 {
    std::fs::metadata(file).unwrap().len()
}
