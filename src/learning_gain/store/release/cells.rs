//! Adding batches to the figures, and marking their answers.

use super::{
    KEYS_AT_ONCE, NOT_ANSWERED,
    telling::telling_course_note,
    waiting::{Batch, Group, Person},
};
use crate::{
    agencies::rules::AgencyType,
    courses::rules::CourseId,
    entity::{
        alpha_sum, answer, comparison_cell, comparison_session_sum, composite_cell, composite_session_sum, course_cell,
        course_session_sum, item, released_pair, session_cell,
    },
    learning_gain::suppression::partitions::OTHER,
    server::bulk::insert_all,
    sessions::rules::SessionId,
    surveys::rules::{Comparison, InstrumentId, ItemId, ItemKind, Wave},
};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, Iterable, QueryFilter, QuerySelect,
    sea_query::{Alias, Expr, ExprTrait, IntoIden, OnConflict},
};
use std::collections::BTreeMap;

type Items = BTreeMap<ItemId, item::Model>;

/// Adds to the figures of a session.
pub(super) async fn session_cells_add(
    session: SessionId,
    released: &[Batch<'_>],
    db: &impl ConnectionTrait,
) -> Result<(), DbErr> {
    let mut cells: BTreeMap<(ItemId, i32, i32), i64> = BTreeMap::new();
    for (_, item, before, after) in answers(released) {
        *cells.entry((item, rating(before), rating(after))).or_default() += 1;
    }
    let rows = cells.into_iter().map(|((item, before, after), people)| session_cell::ActiveModel {
        session_id: Set(session),
        item_id: Set(item),
        before: Set(before),
        after: Set(after),
        people: Set(people),
    });
    add_up(rows.collect(), &[session_cell::Column::People], db).await
}

/// Adds to every figure of a course and board year.
pub(super) async fn course_figures_add(
    course: CourseId,
    year: i32,
    released: &[Batch<'_>],
    items: &Items,
    db: &impl ConnectionTrait,
) -> Result<(), DbErr> {
    if released.is_empty() {
        return Ok(());
    }
    course_cells_add(course, year, released, db).await?;
    composites_add(course, year, released, items, db).await?;
    looking_back_add(course, year, released, items, db).await?;
    pairs_note(course, year, released, items, db).await
}

async fn course_cells_add(
    course: CourseId,
    year: i32,
    released: &[Batch<'_>],
    db: &impl ConnectionTrait,
) -> Result<(), DbErr> {
    let mut cells: BTreeMap<(bool, ItemId, i32, i32), i64> = BTreeMap::new();
    for (person, item, before, after) in answers(released) {
        let is_pair = before.is_some() && after.is_some();
        *cells.entry((is_pair && person.at_the_door, item, rating(before), rating(after))).or_default() += 1;
    }
    let rows = cells.into_iter().map(|((at_the_door, item, before, after), people)| course_cell::ActiveModel {
        course_id: Set(course),
        board_year: Set(year),
        at_the_door: Set(at_the_door),
        item_id: Set(item),
        before: Set(before),
        after: Set(after),
        people: Set(people),
        tells: Set(false),
    });
    add_up(rows.collect(), &[course_cell::Column::People], db).await?;
    telling_course_note(course, year, db).await
}

/// Adds a session's own batches to what the interval between sessions needs. What comes from a course's pool is told
/// together there and never by session: see [`clusters`](crate::learning_gain::suppression::clusters).
pub(super) async fn session_sums_add(
    course: CourseId,
    year: i32,
    released: &[Batch<'_>],
    items: &Items,
    db: &impl ConnectionTrait,
) -> Result<(), DbErr> {
    use course_session_sum::Column;
    let mut sums: BTreeMap<(SessionId, ItemId), (i64, i64, i64)> = BTreeMap::new();
    for (person, item, before, after) in answers(released) {
        if let (Some(before), Some(after)) = (before, after) {
            add_gain(sums.entry((person.session, item)).or_default(), before, after);
        }
    }
    let rows = sums.into_iter().map(|((session, item), (people, gain, squared))| course_session_sum::ActiveModel {
        course_id: Set(course),
        board_year: Set(year),
        session_id: Set(session),
        item_id: Set(item),
        people: Set(people),
        sum_gain: Set(gain),
        sum_gain_squared: Set(squared),
        tells: Set(false),
    });
    add_up(rows.collect(), &[Column::People, Column::SumGain, Column::SumGainSquared], db).await?;
    composite_session_sums_add(course, year, released, items, db).await?;
    comparison_session_sums_add(course, year, released, items, db).await
}

async fn composite_session_sums_add(
    course: CourseId,
    year: i32,
    released: &[Batch<'_>],
    items: &Items,
    db: &impl ConnectionTrait,
) -> Result<(), DbErr> {
    use composite_session_sum::Column;
    let mut sums: BTreeMap<(SessionId, InstrumentId), (i64, i64, i64)> = BTreeMap::new();
    for person in complete_people(released) {
        let [before, after] = [&person.before, &person.after].map(|ratings| composite_total(ratings, items));
        add_gain(sums.entry((person.session, person.instrument)).or_default(), before, after);
    }
    let rows =
        sums.into_iter().map(|((session, instrument), (people, gain, squared))| composite_session_sum::ActiveModel {
            course_id: Set(course),
            board_year: Set(year),
            session_id: Set(session),
            instrument_id: Set(instrument),
            people: Set(people),
            sum_gain: Set(gain),
            sum_gain_squared: Set(squared),
        });
    add_up(rows.collect(), &[Column::People, Column::SumGain, Column::SumGainSquared], db).await
}

/// Looking back, and the core statement of those who first answered it at the door: whole batches of the session too.
async fn comparison_session_sums_add(
    course: CourseId,
    year: i32,
    released: &[Batch<'_>],
    items: &Items,
    db: &impl ConnectionTrait,
) -> Result<(), DbErr> {
    use comparison_session_sum::Column;
    let mut sums: BTreeMap<(Comparison, SessionId, ItemId), (i64, i64, i64)> = BTreeMap::new();
    for person in complete_people(released) {
        for (item, then, after) in looks_back(person, items) {
            let place = (Comparison::LookingBack, person.session, item);
            add_gain(sums.entry(place).or_default(), then, after);
        }
    }
    for (person, item, before, after) in answers(released).filter(|(person, ..)| person.at_the_door) {
        if let (Some(before), Some(after)) = (before, after)
            && is_core(item, items)
        {
            add_gain(sums.entry((Comparison::AtTheDoor, person.session, item)).or_default(), before, after);
        }
    }
    let rows = sums.into_iter().map(|((comparison, session, item), (people, gain, squared))| {
        comparison_session_sum::ActiveModel {
            course_id: Set(course),
            board_year: Set(year),
            comparison: Set(comparison),
            session_id: Set(session),
            item_id: Set(item),
            people: Set(people),
            sum_gain: Set(gain),
            sum_gain_squared: Set(squared),
        }
    });
    add_up(rows.collect(), &[Column::People, Column::SumGain, Column::SumGainSquared], db).await
}

fn is_core(item: ItemId, items: &Items) -> bool {
    items.get(&item).is_some_and(|item| item.kind == ItemKind::Core)
}

/// What somebody said afterwards about before, with what they said about after: by looking-back item.
fn looks_back<'a>(person: &'a Person, items: &'a Items) -> impl Iterator<Item = (ItemId, i32, i32)> + 'a {
    person.then.iter().filter_map(|(item, then)| {
        let about = items.get(item)?.looks_back_on?;
        Some((*item, *then, *person.after.get(&about)?))
    })
}

fn complete_people<'a>(released: &'a [Batch<'a>]) -> impl Iterator<Item = &'a Person> + 'a {
    let complete = released.iter().filter(|batch| matches!(batch.group, Group::Complete { .. }));
    complete.flat_map(|batch| batch.people.iter().copied())
}

/// The ratings that make up a composite.
fn composite_ratings<'a>(ratings: &'a BTreeMap<ItemId, i32>, items: &'a Items) -> impl Iterator<Item = (ItemId, i32)> {
    let is_confidence = |item: &ItemId| items.get(item).is_some_and(|item| item.kind.is_confidence());
    ratings.iter().filter(move |(item, _)| is_confidence(item)).map(|(item, rating)| (*item, *rating))
}

fn composite_total(ratings: &BTreeMap<ItemId, i32>, items: &Items) -> i32 {
    composite_ratings(ratings, items).map(|(_, rating)| rating).sum()
}

/// Totals over the statements of confidence, of people who answered everything both times, and what Cronbach's alpha
/// needs of them.
async fn composites_add(
    course: CourseId,
    year: i32,
    released: &[Batch<'_>],
    items: &Items,
    db: &impl ConnectionTrait,
) -> Result<(), DbErr> {
    let mut totals: BTreeMap<(InstrumentId, bool, i32, i32), i64> = BTreeMap::new();
    let mut alphas: BTreeMap<(InstrumentId, Wave, ItemId), (i64, i64, i64)> = BTreeMap::new();
    for person in complete_people(released) {
        for (wave, ratings) in [(Wave::Before, &person.before), (Wave::After, &person.after)] {
            for (item, rating) in composite_ratings(ratings, items) {
                let sum = alphas.entry((person.instrument, wave, item)).or_default();
                let rating = i64::from(rating);
                *sum = (sum.0 + 1, sum.1 + rating, sum.2 + rating * rating);
            }
        }
        let [before, after] = [&person.before, &person.after].map(|ratings| composite_total(ratings, items));
        *totals.entry((person.instrument, person.at_the_door, before, after)).or_default() += 1;
    }
    let rows =
        totals.into_iter().map(|((instrument, at_the_door, before, after), people)| composite_cell::ActiveModel {
            course_id: Set(course),
            board_year: Set(year),
            instrument_id: Set(instrument),
            at_the_door: Set(at_the_door),
            before: Set(before),
            after: Set(after),
            people: Set(people),
        });
    add_up(rows.collect(), &[composite_cell::Column::People], db).await?;
    let rows = alphas.into_iter().map(|((instrument, wave, item), (people, total, squares))| alpha_sum::ActiveModel {
        course_id: Set(course),
        board_year: Set(year),
        instrument_id: Set(instrument),
        wave: Set(wave),
        item_id: Set(item),
        people: Set(people),
        total: Set(total),
        squares: Set(squares),
    });
    use alpha_sum::Column as Alpha;
    add_up(rows.collect(), &[Alpha::People, Alpha::Total, Alpha::Squares], db).await
}

async fn looking_back_add(
    course: CourseId,
    year: i32,
    released: &[Batch<'_>],
    items: &Items,
    db: &impl ConnectionTrait,
) -> Result<(), DbErr> {
    let mut cells: BTreeMap<(ItemId, i32, i32), i64> = BTreeMap::new();
    for place in complete_people(released).flat_map(|person| looks_back(person, items)) {
        *cells.entry(place).or_default() += 1;
    }
    comparison_cells_add(course, year, Comparison::LookingBack, cells, db).await
}

/// Adds pairs of a comparison: by item, earlier and later answer.
pub(super) async fn comparison_cells_add(
    course: CourseId,
    year: i32,
    comparison: Comparison,
    cells: BTreeMap<(ItemId, i32, i32), i64>,
    db: &impl ConnectionTrait,
) -> Result<(), DbErr> {
    let rows = cells.into_iter().map(|((item, earlier, later), people)| comparison_cell::ActiveModel {
        course_id: Set(course),
        board_year: Set(year),
        comparison: Set(comparison),
        item_id: Set(item),
        earlier: Set(earlier),
        later: Set(later),
        people: Set(people),
    });
    add_up(rows.collect(), &[comparison_cell::Column::People], db).await
}

/// Notes in which batch each pair entered: of everybody who answered everything, and of those who answered at least
/// the core statement both times.
async fn pairs_note(
    course: CourseId,
    year: i32,
    released: &[Batch<'_>],
    items: &Items,
    db: &impl ConnectionTrait,
) -> Result<(), DbErr> {
    use released_pair::Column;
    let last: Option<Option<i32>> = released_pair::Entity::find()
        .select_only()
        .column_as(Column::Batch.max(), "last")
        .filter(Column::CourseId.eq(course))
        .filter(Column::BoardYear.eq(year))
        .into_tuple()
        .one(db)
        .await?;
    let mut number = last.flatten().unwrap_or_default();
    let mut rows = Vec::new();
    for batch in released {
        let complete = match batch.group {
            Group::Complete { .. } => true,
            Group::Partly { item, .. } if is_core(item, items) => false,
            _ => continue,
        };
        number += 1;
        rows.extend(batch.people.iter().map(|person| released_pair::ActiveModel {
            pairing_key: Set(person.key.clone()),
            course_id: Set(course),
            board_year: Set(year),
            session_id: Set(person.session),
            batch: Set(number),
            complete: Set(complete),
            at_the_door: Set(person.at_the_door),
            agency_type: Set(person.agency_type.map_or(OTHER, AgencyType::value).to_owned()),
            part: Set(None),
            part_block: Set(None),
            later_block: Set(None),
        }));
    }
    insert_all(rows, db).await
}

/// Marks answers as released: into the course's figures, and into the session's where the batch was its own.
pub(super) async fn mark(released: &[Batch<'_>], of_session: bool, db: &impl ConnectionTrait) -> Result<(), DbErr> {
    for batch in released {
        let (waves, item): (&[Wave], Option<ItemId>) = match batch.group {
            Group::Complete { .. } => (&[Wave::Before, Wave::After], None),
            Group::Partly { item, .. } => (&[Wave::Before, Wave::After], Some(item)),
            Group::BeforeOnly(item) => (&[Wave::Before], Some(item)),
            Group::AfterOnly(item) => (&[Wave::After], Some(item)),
        };
        let keys: Vec<&str> = batch.people.iter().map(|person| person.key.as_str()).collect();
        for keys in keys.chunks(KEYS_AT_ONCE) {
            let mut update = answer::Entity::update_many()
                .col_expr(answer::Column::CourseReleased, Expr::value(true))
                .col_expr(answer::Column::SessionReleased, Expr::value(of_session))
                .filter(answer::Column::PairingKey.is_in(keys.iter().copied()))
                .filter(answer::Column::Wave.is_in(waves.iter().copied()));
            if let Some(item) = item {
                update = update.filter(answer::Column::ItemId.eq(item));
            }
            update.exec(db).await?;
        }
    }
    Ok(())
}

/// Inserts rows; where one is there already, these columns grow by what it brings.
pub(super) async fn add_up<A>(
    rows: Vec<A>,
    grows: &[<A::Entity as EntityTrait>::Column],
    db: &impl ConnectionTrait,
) -> Result<(), DbErr>
where
    A: ActiveModelTrait + IntoActiveModel<A> + Send,
{
    if rows.is_empty() {
        return Ok(());
    }
    let mut conflict = OnConflict::columns(<A::Entity as EntityTrait>::PrimaryKey::iter());
    for column in grows {
        let brought = Expr::col((Alias::new("excluded").into_iden(), *column));
        conflict.value(*column, Expr::col((A::Entity::default(), *column)).add(brought));
    }
    A::Entity::insert_many(rows).on_conflict(conflict).exec_without_returning(db).await?;
    Ok(())
}

/// Every answer that the batches add: whose, of which item, before and after.
fn answers<'a>(released: &'a [Batch<'a>]) -> impl Iterator<Item = (&'a Person, ItemId, Option<i32>, Option<i32>)> + 'a {
    released.iter().flat_map(|batch| {
        batch.people.iter().flat_map(|person| {
            batch.answers(person).into_iter().map(|(item, before, after)| (*person, item, before, after))
        })
    })
}

fn add_gain(sum: &mut (i64, i64, i64), before: i32, after: i32) {
    let gain = i64::from(after - before);
    *sum = (sum.0 + 1, sum.1 + gain, sum.2 + gain * gain);
}

fn rating(answer: Option<i32>) -> i32 {
    answer.unwrap_or(NOT_ANSWERED)
}
