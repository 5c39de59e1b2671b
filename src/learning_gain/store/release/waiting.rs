//! Who waits, and with whom: people are released together only with others who answered as completely as they did,
//! so that no two figures differ by a few people.

use super::KEYS_AT_ONCE;
use crate::{
    agencies::rules::AgencyType,
    entity::{answer, item, response},
    sessions::rules::SessionId,
    surveys::rules::{InstrumentId, ItemId, ItemKind, Wave},
};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};
use std::collections::{BTreeMap, BTreeSet};

/// One person's answers on a session, as far as they are not released yet.
#[derive(Clone, Debug)]
pub(super) struct Person {
    pub key: String,
    pub session: SessionId,
    pub instrument: InstrumentId,
    pub agency_type: Option<AgencyType>,
    pub at_the_door: bool,
    pub before: BTreeMap<ItemId, i32>,
    pub after: BTreeMap<ItemId, i32>,
    /// What they said afterwards about before, by looking-back item.
    pub then: BTreeMap<ItemId, i32>,
}

/// Who waits together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Group {
    /// Everything was answered both times: all answers enter together, the composite too.
    Complete {
        /// The first answers were given at the door.
        at_the_door: bool,
    },
    /// This item was answered both times, but not every item.
    Partly {
        /// Which item.
        item: ItemId,
        /// The first answer was given at the door.
        at_the_door: bool,
    },
    /// This item was answered before only.
    BeforeOnly(ItemId),
    /// This item was answered after only.
    AfterOnly(ItemId),
}

impl Group {
    /// Whether people can still leave it for another, by answering.
    pub(super) fn may_grow(self) -> bool {
        matches!(self, Self::BeforeOnly(_) | Self::AfterOnly(_))
    }
}

/// People of one group.
pub(super) struct Batch<'a> {
    pub group: Group,
    pub people: Vec<&'a Person>,
}

impl Batch<'_> {
    /// The answers that the batch adds: item, before, after.
    pub(super) fn answers<'p>(&self, person: &'p Person) -> Vec<(ItemId, Option<i32>, Option<i32>)> {
        let of = |person: &'p Person, item: ItemId| {
            (item, person.before.get(&item).copied(), person.after.get(&item).copied())
        };
        match self.group {
            Group::Complete { .. } => {
                let both = person.before.keys().filter(|item| person.after.contains_key(item));
                both.map(|item| of(person, *item)).collect()
            }
            Group::Partly { item, .. } => vec![of(person, item)],
            Group::BeforeOnly(item) => vec![(item, person.before.get(&item).copied(), None)],
            Group::AfterOnly(item) => vec![(item, None, person.after.get(&item).copied())],
        }
    }
}

/// Everything that waits in some sessions.
pub(super) struct Waiting {
    /// The items that the questionnaires ask.
    pub items: BTreeMap<ItemId, item::Model>,
    people: Vec<Person>,
    groups: BTreeMap<Group, Vec<usize>>,
}

impl Waiting {
    /// The groups with their people.
    pub(super) fn batches(&self) -> impl Iterator<Item = Batch<'_>> {
        self.groups.iter().map(|(group, places)| Batch {
            group: *group,
            people: places.iter().map(|place| &self.people[*place]).collect(),
        })
    }
}

/// What waits in these sessions: answers of finished responses of people who attended.
pub(super) async fn waiting(sessions: &[SessionId], db: &impl ConnectionTrait) -> Result<Waiting, DbErr> {
    let mut found = Waiting { items: BTreeMap::new(), people: Vec::new(), groups: BTreeMap::new() };
    if sessions.is_empty() {
        return Ok(found);
    }
    let responses = response::Entity::find()
        .filter(response::Column::SessionId.is_in(sessions.iter().copied()))
        .filter(response::Column::Wave.is_in([Wave::Before, Wave::After]))
        .filter(response::Column::Finished.eq(true))
        .filter(response::Column::Attended.eq(true))
        .all(db)
        .await?;
    let instruments: BTreeSet<InstrumentId> = responses.iter().map(|row| row.instrument_id).collect();
    let items = item::Entity::find().filter(item::Column::InstrumentId.is_in(instruments)).all(db).await?;
    found.items = items.into_iter().map(|item| (item.id, item)).collect();
    found.people = people(&responses, &found.items, db).await?;
    for (place, person) in found.people.iter().enumerate() {
        for group in groups_of(person, &found.items) {
            found.groups.entry(group).or_default().push(place);
        }
    }
    Ok(found)
}

async fn people(
    responses: &[response::Model],
    items: &BTreeMap<ItemId, item::Model>,
    db: &impl ConnectionTrait,
) -> Result<Vec<Person>, DbErr> {
    let by_key: BTreeMap<(&str, Wave), &response::Model> =
        responses.iter().map(|row| ((row.pairing_key.as_str(), row.wave), row)).collect();
    let keys: BTreeSet<&str> = responses.iter().map(|row| row.pairing_key.as_str()).collect();
    let keys: Vec<&str> = keys.into_iter().collect();
    let mut people: BTreeMap<String, Person> = BTreeMap::new();
    for keys in keys.chunks(KEYS_AT_ONCE) {
        let answers = answer::Entity::find()
            .filter(answer::Column::PairingKey.is_in(keys.iter().copied()))
            .filter(answer::Column::Wave.is_in([Wave::Before, Wave::After]))
            .filter(answer::Column::CourseReleased.eq(false))
            .all(db)
            .await?;
        for answer in answers {
            // An answer whose own response is not finished does not count yet.
            let Some(response) = by_key.get(&(answer.pairing_key.as_str(), answer.wave)) else { continue };
            let Some(item) = items.get(&answer.item_id) else { continue };
            let person = people.entry(answer.pairing_key.clone()).or_insert_with(|| Person {
                key: answer.pairing_key.clone(),
                session: response.session_id,
                instrument: response.instrument_id,
                agency_type: None,
                at_the_door: false,
                before: BTreeMap::new(),
                after: BTreeMap::new(),
                then: BTreeMap::new(),
            });
            // Where the agency changed its type in between, the later one counts.
            if answer.wave == Wave::After || person.agency_type.is_none() {
                person.agency_type = response.agency_type.or(person.agency_type);
            }
            person.at_the_door |= answer.wave == Wave::Before && response.at_the_door;
            let answers = match (item.kind, answer.wave) {
                (ItemKind::LookingBack, Wave::After) => &mut person.then,
                (kind, Wave::Before) if kind.has_gain() => &mut person.before,
                (kind, _) if kind.has_gain() => &mut person.after,
                _ => continue,
            };
            answers.insert(item.id, counted_value(item, answer.value));
        }
    }
    Ok(people.into_values().collect())
}

/// What an answer counts as: a rating as it is, an answer to a question as wrong (0) or right (1).
pub(super) fn counted_value(item: &item::Model, value: i32) -> i32 {
    if item.kind == ItemKind::Knowledge { i32::from(item.right_answer == Some(value)) } else { value }
}

fn groups_of(person: &Person, items: &BTreeMap<ItemId, item::Model>) -> Vec<Group> {
    let asked = items.values().filter(|item| item.instrument_id == person.instrument);
    let mut is_complete = !person.before.is_empty();
    for item in asked {
        is_complete &= match item.kind {
            ItemKind::LookingBack => person.then.contains_key(&item.id),
            kind if kind.has_gain() => person.before.contains_key(&item.id) && person.after.contains_key(&item.id),
            _ => true,
        };
    }
    let at_the_door = person.at_the_door;
    if is_complete {
        return vec![Group::Complete { at_the_door }];
    }
    let answered: BTreeSet<ItemId> = person.before.keys().chain(person.after.keys()).copied().collect();
    answered
        .into_iter()
        .map(|item| match (person.before.contains_key(&item), person.after.contains_key(&item)) {
            (true, true) => Group::Partly { item, at_the_door },
            (true, false) => Group::BeforeOnly(item),
            _ => Group::AfterOnly(item),
        })
        .collect()
}
