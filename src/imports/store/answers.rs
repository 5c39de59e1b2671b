//! Answers of a history, under random keys in shuffled order.

use super::import::Facts;
use crate::{
    calendar::rules::london_day,
    entity::{answer, response},
    imports::rules::{History, Row},
    server::{bulk::insert_all, secrets::random_token},
    surveys::rules::Wave,
};
use sea_orm::{ActiveValue::Set, ConnectionTrait, DbErr};
use std::collections::{BTreeMap, HashMap};

/// Writes the answers of new places and returns how many there are. The key of each person's answers is random, and
/// the rows are written in the order of the keys, so nothing tells whose they are.
pub(super) async fn answers_insert_in_txn(
    history: &History,
    facts: &Facts,
    attended: &HashMap<(String, String), bool>,
    db: &impl ConnectionTrait,
) -> Result<usize, DbErr> {
    let failed = |error: crate::server::secrets::SecretsError| DbErr::Custom(error.to_string());
    let mut people: HashMap<(&str, &str), Vec<&Row>> = HashMap::new();
    for row in history.rows.iter().filter(|row| !row.ratings.is_empty()) {
        people.entry((&row.session, &row.email)).or_default().push(row);
    }
    // A key of 256 random bits is also the random place in the order.
    let mut keyed: BTreeMap<String, (Vec<&Row>, bool)> = BTreeMap::new();
    for ((session, email), rows) in people {
        let Some(there) = attended.get(&(session.to_owned(), email.to_owned())) else { continue };
        keyed.insert(random_token().map_err(failed)?, (rows, *there));
    }
    let (mut responses, mut answers) = (Vec::new(), Vec::new());
    for (key, (rows, there)) in keyed {
        let first = rows[0];
        let course = &facts.courses[&first.course.to_lowercase()];
        let Some(instrument) = course.instrument_id else { continue };
        let agency = first.agency.as_ref().and_then(|name| facts.agencies.get(&name.to_lowercase()));
        let mut told: BTreeMap<Wave, BTreeMap<usize, i32>> = BTreeMap::new();
        for (wave, item, rating) in rows.iter().flat_map(|row| &row.ratings) {
            told.entry(*wave).or_default().insert(*item, *rating);
        }
        for (wave, ratings) in told {
            responses.push(response::ActiveModel {
                pairing_key: Set(key.clone()),
                wave: Set(wave),
                session_id: Set(facts.sessions[&first.session]),
                instrument_id: Set(instrument),
                agency_type: Set(agency.map(|agency| agency.agency_type)),
                day: Set(london_day(first.starts_at)),
                finished: Set(true),
                at_the_door: Set(false),
                attended: Set(Some(there)),
            });
            for (item, rating) in ratings {
                let Some(item) = facts.item(&first.course, item, history) else { continue };
                answers.push(answer::ActiveModel {
                    pairing_key: Set(key.clone()),
                    wave: Set(wave),
                    item_id: Set(item.id),
                    value: Set(rating),
                    session_released: Set(false),
                    course_released: Set(false),
                });
            }
        }
    }
    let count = answers.len();
    insert_all(responses, db).await?;
    insert_all(answers, db).await?;
    Ok(count)
}
