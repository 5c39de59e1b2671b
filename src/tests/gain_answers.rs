//! Answers of all waves written as rows, for the tests of the views: a questionnaire of every kind of item, courses of
//! long ago, and what people gave.

use crate::{board::TestBoard, browser::Browser, surveys::differences};
use learning_gain::{
    accounts::rules::Role,
    agencies::rules::AgencyType,
    courses::rules::CourseId,
    entity::*,
    learning_gain::store::everything_release_in_txn,
    sessions::rules::SessionId,
    surveys::rules::{InstrumentId, ItemId, ItemKind, Wave},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel};

/// What one person answered: the core statement and another, a question, the look back; again; and the manager.
#[derive(Clone)]
pub struct Given {
    pub session: SessionId,
    pub agency: AgencyType,
    pub door: bool,
    pub before: [i32; 2],
    pub after: [i32; 2],
    /// Answers to the question, before and after; 1 is right.
    pub knows: [i32; 2],
    pub then: i32,
    pub again: Option<[i32; 2]>,
    pub manager: Option<i32>,
}

/// The questionnaire and its items.
pub struct Asked {
    pub instrument: InstrumentId,
    pub core: ItemId,
    pub other: ItemId,
    pub question: ItemId,
    pub then: ItemId,
}

/// A questionnaire with the core statement, another, a question with a right answer, and a look back.
pub async fn questionnaire(board: &TestBoard) -> Asked {
    questionnaire_of(board, 1).await
}

/// The same in another wording: another version of each item.
pub async fn questionnaire_of(board: &TestBoard, version: i32) -> Asked {
    let txn = board.txn().await;
    let instrument = instrument::ActiveModel {
        key: Set("neglect-again".into()),
        version: Set(version),
        title: Set("Neglect".into()),
        ..Default::default()
    };
    let instrument = instrument.insert(&txn).await.unwrap().id;
    let mut ids = Vec::new();
    for (position, (key, kind, text)) in [
        ("core", ItemKind::Core, "Overall, I am confident"),
        ("act", ItemKind::Confidence, "I know what to do"),
        ("missed", ItemKind::Knowledge, "A missed appointment can be a sign of neglect"),
        ("then", ItemKind::LookingBack, "Looking back, I was confident before the course"),
    ]
    .into_iter()
    .enumerate()
    {
        let is_question = kind == ItemKind::Knowledge;
        let row = item::ActiveModel {
            instrument_id: Set(instrument),
            key: Set(key.into()),
            version: Set(version),
            kind: Set(kind),
            text: Set(text.into()),
            position: Set(position as i32 + 1),
            scale_min: Set(i32::from(!is_question)),
            scale_max: Set(if is_question { 1 } else { 5 }),
            low_label: Set(if is_question { "False" } else { "Not at all" }.into()),
            high_label: Set(if is_question { "True" } else { "Completely" }.into()),
            right_answer: Set(is_question.then_some(1)),
            looks_back_on: Set((kind == ItemKind::LookingBack).then(|| ids[0])),
            ..Default::default()
        };
        ids.push(row.insert(&txn).await.unwrap().id);
    }
    txn.commit().await.unwrap();
    Asked { instrument, core: ids[0], other: ids[1], question: ids[2], then: ids[3] }
}

/// A course that asks this questionnaire, with a session on each of these days.
pub async fn course_of(board: &TestBoard, asked: &Asked, title: &str, days: &[&str]) -> (CourseId, Vec<SessionId>) {
    let course = board.course(title).await;
    let txn = board.txn().await;
    let mut row = course::Entity::find_by_id(course).one(&txn).await.unwrap().unwrap().into_active_model();
    row.instrument_id = Set(Some(asked.instrument));
    row.update(&txn).await.unwrap();
    txn.commit().await.unwrap();
    let mut sessions = Vec::new();
    for day in days {
        sessions.push(board.session(course, day, 40).await);
    }
    (course, sessions)
}

/// Writes what people answered, each under a key that begins with this name. Nothing is released yet.
pub async fn give(board: &TestBoard, asked: &Asked, name: &str, given: &[Given]) {
    /// SQLite takes 32,766 values in one statement.
    const AT_ONCE: usize = 1_000;
    let (mut responses, mut answers) = (Vec::new(), Vec::new());
    for (number, person) in given.iter().enumerate() {
        let key = format!("{name}-{number:04}");
        for (wave, ratings) in waves_of(asked, person) {
            responses.push(response::ActiveModel {
                pairing_key: Set(key.clone()),
                wave: Set(wave),
                session_id: Set(person.session),
                instrument_id: Set(asked.instrument),
                agency_type: Set(Some(person.agency)),
                day: Set(board.now().date_naive()),
                finished: Set(true),
                at_the_door: Set(person.door && wave == Wave::Before),
                attended: Set(Some(true)),
            });
            answers.extend(ratings.into_iter().map(|(item, value)| answer::ActiveModel {
                pairing_key: Set(key.clone()),
                wave: Set(wave),
                item_id: Set(item),
                value: Set(value),
                session_released: Set(false),
                course_released: Set(false),
            }));
        }
    }
    let txn = board.txn().await;
    for rows in responses.chunks(AT_ONCE) {
        response::Entity::insert_many(rows.to_vec()).exec_without_returning(&txn).await.unwrap();
    }
    for rows in answers.chunks(AT_ONCE) {
        answer::Entity::insert_many(rows.to_vec()).exec_without_returning(&txn).await.unwrap();
    }
    txn.commit().await.unwrap();
}

fn waves_of(asked: &Asked, person: &Given) -> Vec<(Wave, Vec<(ItemId, i32)>)> {
    let both = |ratings: [i32; 2], knows: i32| {
        vec![(asked.core, ratings[0]), (asked.other, ratings[1]), (asked.question, knows)]
    };
    let mut after = both(person.after, person.knows[1]);
    after.push((asked.then, person.then));
    let mut waves = vec![(Wave::Before, both(person.before, person.knows[0])), (Wave::After, after)];
    waves.extend(person.again.map(|again| (Wave::FollowUp, both(again, 1))));
    waves.extend(person.manager.map(|rating| (Wave::Manager, vec![(asked.core, rating)])));
    waves
}

/// Releases everything that may be, twice: the second time changes nothing. Then every figure is what its parts make.
pub async fn release(board: &TestBoard) {
    let txn = board.txn().await;
    everything_release_in_txn(board.now(), &txn).await.unwrap();
    everything_release_in_txn(board.now(), &txn).await.unwrap();
    txn.commit().await.unwrap();
    assert_eq!(differences(board).await, []);
}

/// The rows of a view's data as JSON.
pub async fn rows(reader: &mut Browser, path: &str) -> Vec<serde_json::Value> {
    reader.open(path).await;
    serde_json::from_str(&reader.body).unwrap_or_else(|_| panic!("{path}: {}", reader.body))
}

/// A course with three sessions of long ago, and a member of the board.
pub async fn course_of_long_ago(board: &TestBoard) -> (Asked, [SessionId; 3], Browser) {
    let asked = questionnaire(board).await;
    let days = ["2025-03-10 10:00", "2025-03-11 10:00", "2025-03-12 10:00"];
    let (_, sessions) = course_of(board, &asked, "Neglect", &days).await;
    board.set_clock("2025-09-01 09:00");
    let (_, member) = board.with_role("Bea Board", Role::Board).await;
    (asked, sessions.try_into().unwrap(), member)
}

/// Writes what people gave and releases it.
pub async fn released(board: &TestBoard, asked: &Asked, given: &[Given]) {
    give(board, asked, "given", given).await;
    release(board).await;
}

/// Eight people on each session, half from health and half from schools, one of them from the police instead; five
/// more who answered at the door.
pub fn people(sessions: [SessionId; 3]) -> Vec<Given> {
    let mut given = Vec::new();
    for (row, session) in sessions.into_iter().enumerate() {
        for place in 0..8_usize {
            let agency = match (row, place) {
                (2, 1) => AgencyType::Police,
                _ if place % 2 == 0 => AgencyType::Health,
                _ => AgencyType::School,
            };
            let before = [2 + (place % 3) as i32, 1 + (place % 3) as i32];
            given.push(Given {
                session,
                agency,
                door: false,
                before,
                after: [4 + i32::from(place < 2 + 2 * row), 3 + (place % 2) as i32],
                knows: [i32::from(place < 3), i32::from(place < 6)],
                then: 1 + (place % 2) as i32,
                again: (place % 4 < 2).then_some([3 + (row % 2) as i32, 3]),
                manager: (place == 0 || place == 4).then_some(3 + (row % 3) as i32),
            });
        }
    }
    for place in 0..5 {
        let like = given[place].clone();
        let person = Given {
            door: true,
            agency: AgencyType::Health,
            again: None,
            manager: None,
            before: [4 + (place % 2) as i32, 4],
            after: [2 + (place % 3) as i32 / 2, 4],
            ..like
        };
        given.push(person);
    }
    given
}
