//! Questionnaires.

use crate::{
    entity::{instrument, item},
    surveys::rules::{
        InstrumentId, ItemKind, Wave,
        answers::Question,
        statements::{CORE_KEY, HIGH_LABEL, LOW_LABEL, SCALE_MAX, SCALE_MIN, default_statements, instrument_key},
    },
};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder};

/// Makes a topic's instrument: the core statement and four statements of confidence, 1 to 5. The topic is written
/// as in the middle of a sentence ("neglect"). Where it exists already, it is returned as it is.
pub async fn default_instrument_seed_in_txn(topic: &str, db: &impl ConnectionTrait) -> Result<InstrumentId, DbErr> {
    let key = instrument_key(topic);
    let newest = instrument::Entity::find()
        .filter(instrument::Column::Key.eq(&key))
        .order_by_desc(instrument::Column::Version)
        .one(db)
        .await?;
    if let Some(instrument) = newest {
        return Ok(instrument.id);
    }
    let row = instrument::ActiveModel {
        key: Set(key),
        version: Set(1),
        title: Set(format!("Confidence: {topic}")),
        ..Default::default()
    };
    let id = instrument::Entity::insert(row).exec(db).await?.last_insert_id;
    let items = default_statements(topic).into_iter().enumerate().map(|(place, statement)| item::ActiveModel {
        instrument_id: Set(id),
        key: Set(statement.key.to_owned()),
        version: Set(1),
        kind: Set(if statement.key == CORE_KEY { ItemKind::Core } else { ItemKind::Confidence }),
        text: Set(statement.text),
        position: Set(place as i32 + 1),
        scale_min: Set(SCALE_MIN),
        scale_max: Set(SCALE_MAX),
        low_label: Set(LOW_LABEL.to_owned()),
        high_label: Set(HIGH_LABEL.to_owned()),
        ..Default::default()
    });
    item::Entity::insert_many(items).exec_without_returning(db).await?;
    Ok(id)
}

/// The questions of an instrument that are answered with a number in a wave, in order.
pub async fn question_list(
    instrument: InstrumentId,
    wave: Wave,
    db: &impl ConnectionTrait,
) -> Result<Vec<Question>, DbErr> {
    let rated = [ItemKind::Core, ItemKind::Confidence, ItemKind::Knowledge, ItemKind::LookingBack];
    let items = item::Entity::find()
        .filter(item::Column::InstrumentId.eq(instrument))
        .filter(item::Column::Kind.is_in(rated.into_iter().filter(|kind| kind.is_asked_in(wave))))
        .order_by_asc(item::Column::Position)
        .all(db)
        .await?;
    Ok(items
        .into_iter()
        .map(|item| Question {
            item: item.id,
            kind: item.kind,
            text: item.text,
            min: item.scale_min,
            max: item.scale_max,
            low_label: item.low_label,
            high_label: item.high_label,
        })
        .collect())
}
