//! Sums over bookings, completions and charges of one board year. A handful of queries, whatever the year holds.

use super::rules::Places;
use crate::{
    accounts::rules::PersonId,
    bookings::rules::{BookingState, Outcome},
    calendar::rules::{board_year, board_year_span, london_day},
    charges::rules::ChargeState,
    courses::rules::{CourseId, CourseKind},
    entity::{booking, charge, completion, course, session},
    sessions::rules::SessionStatus,
};
use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Alias, CommonTableExpression, Expr, ExprTrait, Query, SelectStatement, UnionType, WithClause},
};
use std::collections::BTreeMap;

/// What one board year did. Live sessions count in the year of their first date, once their register is submitted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct YearFigures {
    /// Live sessions with a submitted register.
    pub sessions: u64,
    /// What became of their places.
    pub places: Places,
    /// The same of each course, by its title. What the sessions had room for is in the sum only.
    pub courses: Vec<(String, Places)>,
    /// Distinct people who attended a live session.
    pub people_live: u64,
    /// Distinct people who completed a recording.
    pub people_recordings: u64,
    /// Completed recordings.
    pub recordings: u64,
    /// Distinct people who completed e-learning.
    pub people_e_learning: u64,
    /// Completed e-learning.
    pub e_learning: u64,
    /// Distinct people in any of these ways.
    pub people: u64,
    /// Charges proposed in the year, by what has become of them: state, number, pence.
    pub charges: Vec<(ChargeState, u64, i64)>,
}

/// The figures of one board year.
pub async fn year_figures(board_year: i32, db: &impl ConnectionTrait) -> Result<YearFigures, DbErr> {
    let Some(span) = board_year_span(board_year) else { return Ok(YearFigures::default()) };
    // Side by side: two of them read a year's bookings, and a database has more than one core.
    let (delivered, places, (people_live, people), recordings, e_learning, charges) = tokio::try_join!(
        sessions_delivered(span, db),
        places(span, db),
        people(span, db),
        completions(CourseKind::Recording, span, db),
        completions(CourseKind::ELearning, span, db),
        charges(span, db),
    )?;
    let ((sessions, capacity), (recordings, people_recordings)) = (delivered, recordings);
    let ((places, courses), (e_learning, people_e_learning)) = (places, e_learning);
    Ok(YearFigures {
        sessions,
        places: Places { capacity, ..places },
        courses,
        people_live,
        people_recordings,
        recordings,
        people_e_learning,
        e_learning,
        people,
        charges,
    })
}

/// Asked for one by one: in the index by state and start each state has its sessions in the order of their start, and
/// "any but this one" would have every session read.
const NOT_CANCELLED: [SessionStatus; 3] = [SessionStatus::Draft, SessionStatus::Published, SessionStatus::Archived];
const NOT_DRAFT: [SessionStatus; 3] = [SessionStatus::Published, SessionStatus::Cancelled, SessionStatus::Archived];
const DELIVERED: [SessionStatus; 2] = [SessionStatus::Published, SessionStatus::Archived];

/// The first and the last board year with a session, for the choice of years. None without any.
pub async fn year_range(db: &impl ConnectionTrait) -> Result<Option<(i32, i32)>, DbErr> {
    let (mut first, mut last) = (None, None);
    for status in NOT_DRAFT {
        let of_status = session::Entity::find()
            .select_only()
            .column(session::Column::StartsAt)
            .filter(session::Column::Status.eq(status))
            .limit(1);
        let earliest: Option<DateTime<Utc>> =
            of_status.clone().order_by_asc(session::Column::StartsAt).into_tuple().one(db).await?;
        let latest: Option<DateTime<Utc>> =
            of_status.order_by_desc(session::Column::StartsAt).into_tuple().one(db).await?;
        first = first.into_iter().chain(earliest).min();
        last = last.into_iter().chain(latest).max();
    }
    Ok(first.zip(last).map(|(first, last)| (board_year(london_day(first)), board_year(london_day(last)))))
}

/// The board year of the latest session by `now` that has outcomes; None where no register was ever submitted.
pub async fn last_year_delivered(now: DateTime<Utc>, db: &impl ConnectionTrait) -> Result<Option<i32>, DbErr> {
    let mut last: Option<DateTime<Utc>> = None;
    for status in DELIVERED {
        let latest = session::Entity::find()
            .select_only()
            .column(session::Column::StartsAt)
            .filter(session::Column::StartsAt.lte(now))
            .filter(session::Column::Status.eq(status))
            .filter(Expr::exists(outcomes()))
            .order_by_desc(session::Column::StartsAt)
            .limit(1)
            .into_tuple()
            .one(db)
            .await?;
        last = last.into_iter().chain(latest).max();
    }
    Ok(last.map(|starts| board_year(london_day(starts))))
}

type Span = (DateTime<Utc>, DateTime<Utc>);

/// The bookings of a session that have outcomes, which a submitted register gives them. Asked of each session by the
/// index: a list of all sessions with outcomes would be made by reading every booking that the board ever took.
fn outcomes() -> SelectStatement {
    Query::select()
        .expr(Expr::val(1))
        .from(booking::Entity)
        .and_where(
            Expr::col((booking::Entity, booking::Column::SessionId)).equals((session::Entity, session::Column::Id)),
        )
        .and_where(Expr::col((booking::Entity, booking::Column::Outcome)).is_not_null())
        .to_owned()
}

/// Sessions of the span whose bookings have outcomes.
fn delivered(span: Span) -> SelectStatement {
    Query::select()
        .column(session::Column::Id)
        .from(session::Entity)
        .and_where(session::Column::Status.is_in(NOT_CANCELLED))
        .and_where(session::Column::StartsAt.gte(span.0))
        .and_where(session::Column::StartsAt.lt(span.1))
        .and_where(Expr::exists(outcomes()))
        .to_owned()
}

async fn sessions_delivered(span: Span, db: &impl ConnectionTrait) -> Result<(u64, u64), DbErr> {
    let sums: Option<(i64, Option<i64>)> = session::Entity::find()
        .select_only()
        .column_as(session::Column::Id.count(), "sessions")
        .column_as(Expr::cust("CAST(SUM(capacity) AS BIGINT)"), "room")
        .filter(session::Column::Id.in_subquery(delivered(span)))
        .into_tuple()
        .one(db)
        .await?;
    let (sessions, room) = sums.unwrap_or_default();
    Ok((sessions.unsigned_abs(), room.unwrap_or_default().unsigned_abs()))
}

/// What became of all places, and of those of each course.
async fn places(span: Span, db: &impl ConnectionTrait) -> Result<(Places, Vec<(String, Places)>), DbErr> {
    use booking::Column;
    let of_session = booking::Entity::belongs_to(session::Entity).from(Column::SessionId).to(session::Column::Id);
    let counts: Vec<(CourseId, BookingState, Option<Outcome>, bool, i64)> = booking::Entity::find()
        .join(JoinType::InnerJoin, of_session.into())
        .select_only()
        .column(session::Column::CourseId)
        .columns([Column::State, Column::Outcome, Column::WalkIn])
        .column_as(Column::Id.count(), "people")
        .filter(Column::SessionId.in_subquery(delivered(span)))
        .group_by(session::Column::CourseId)
        .group_by(Column::State)
        .group_by(Column::Outcome)
        .group_by(Column::WalkIn)
        .into_tuple()
        .all(db)
        .await?;
    let mut all = Places::default();
    let mut courses: BTreeMap<CourseId, Places> = BTreeMap::new();
    for (course, state, outcome, walked_in, count) in counts {
        let count = count.unsigned_abs();
        for places in [&mut all, courses.entry(course).or_default()] {
            match (state, outcome) {
                (BookingState::Booked, Some(Outcome::Attended)) if walked_in => places.walked_in += count,
                // Who walked in held no place, whatever became of them.
                (BookingState::Booked, Some(_)) if walked_in => {}
                (BookingState::Booked, Some(outcome)) => places.add_outcome(outcome, count),
                (BookingState::CancelledLate, _) => places.cancelled_late += count,
                (BookingState::CancelledInTime, _) => places.cancelled_in_time += count,
                _ => {}
            }
        }
    }
    let titles: Vec<(CourseId, String)> = course::Entity::find()
        .select_only()
        .columns([course::Column::Id, course::Column::Title])
        .filter(course::Column::Id.is_in(courses.keys().copied()))
        .order_by_asc(course::Column::Title)
        .into_tuple()
        .all(db)
        .await?;
    let by_title = titles.into_iter().filter_map(|(id, title)| Some((title, courses.remove(&id)?)));
    Ok((all, by_title.collect()))
}

/// How many people attended a live session, and how many did that or completed something.
async fn people(span: Span, db: &impl ConnectionTrait) -> Result<(u64, u64), DbErr> {
    let listed = |name: &'static str, list: SelectStatement| {
        // Read once, although both numbers are made of it.
        CommonTableExpression::new().table_name(Alias::new(name)).query(list).materialized(true).to_owned()
    };
    let count_of = |list: SelectStatement| {
        Query::select().expr(Expr::cust("COUNT(*)")).from_subquery(list, Alias::new("them")).to_owned()
    };
    let all_of =
        |name: &'static str| Query::select().column(booking::Column::PersonId).from(Alias::new(name)).to_owned();
    let everybody = all_of("attended").union(UnionType::Distinct, people_completed(span)).to_owned();
    let counts = Query::select()
        .expr_as(Expr::SubQuery(None, Box::new(count_of(all_of("attended")).into())), Alias::new("attended"))
        .expr_as(Expr::SubQuery(None, Box::new(count_of(everybody).into())), Alias::new("everybody"))
        .to_owned()
        .with(WithClause::new().cte(listed("attended", people_live(span))).to_owned());
    let row = db.query_one(&counts).await?.ok_or_else(|| DbErr::RecordNotFound("counts of people".to_owned()))?;
    let count = |name: &str| row.try_get::<i64>("", name).map(i64::unsigned_abs);
    Ok((count("attended")?, count("everybody")?))
}

fn people_live(span: Span) -> SelectStatement {
    Query::select()
        .distinct()
        .column(booking::Column::PersonId)
        .from(booking::Entity)
        .and_where(booking::Column::Outcome.eq(Outcome::Attended))
        .and_where(booking::Column::State.eq(BookingState::Booked))
        .and_where(Expr::col(booking::Column::SessionId).in_subquery(delivered(span)))
        .to_owned()
}

fn people_completed(span: Span) -> SelectStatement {
    Query::select()
        .distinct()
        .column(completion::Column::PersonId)
        .from(completion::Entity)
        // Every completion is of a course; naming them lets the index by course and day find the span.
        .and_where(
            Expr::col(completion::Column::CourseId)
                .in_subquery(Query::select().column(course::Column::Id).from(course::Entity).to_owned()),
        )
        .and_where(completion::Column::CompletedAt.gte(span.0))
        .and_where(completion::Column::CompletedAt.lt(span.1))
        .to_owned()
}

/// How many completions, and of how many people.
async fn completions(kind: CourseKind, span: Span, db: &impl ConnectionTrait) -> Result<(u64, u64), DbErr> {
    let of_kind = Query::select()
        .column(course::Column::Id)
        .from(course::Entity)
        .and_where(course::Column::Kind.eq(kind))
        .to_owned();
    let counts: Option<(i64, i64)> = completion::Entity::find()
        .select_only()
        .column_as(completion::Column::Id.count(), "completions")
        .column_as(Expr::col(completion::Column::PersonId).count_distinct(), "people")
        .filter(completion::Column::CompletedAt.gte(span.0))
        .filter(completion::Column::CompletedAt.lt(span.1))
        .filter(completion::Column::CourseId.in_subquery(of_kind))
        .into_tuple()
        .one(db)
        .await?;
    let (completions, people) = counts.unwrap_or_default();
    Ok((completions.unsigned_abs(), people.unsigned_abs()))
}

async fn charges(span: Span, db: &impl ConnectionTrait) -> Result<Vec<(ChargeState, u64, i64)>, DbErr> {
    let rows: Vec<(ChargeState, i64, i64)> = charge::Entity::find()
        .select_only()
        .column(charge::Column::State)
        .column_as(charge::Column::Id.count(), "charges")
        .column_as(Expr::cust("CAST(SUM(amount_pence) AS BIGINT)"), "pence")
        .filter(charge::Column::ProposedAt.gte(span.0))
        .filter(charge::Column::ProposedAt.lt(span.1))
        .group_by(charge::Column::State)
        .order_by_asc(charge::Column::State)
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|(state, count, pence)| (state, count.unsigned_abs(), pence)).collect())
}

/// Whether somebody is an accepted trainer of a session.
pub async fn is_trainer_of(
    person: PersonId,
    session: crate::sessions::rules::SessionId,
    db: &impl ConnectionTrait,
) -> Result<bool, DbErr> {
    use crate::{entity::session_trainer, sessions::rules::TrainerState};
    let row = session_trainer::Entity::find()
        .filter(session_trainer::Column::SessionId.eq(session))
        .filter(session_trainer::Column::PersonId.eq(person))
        .filter(session_trainer::Column::State.eq(TrainerState::Accepted))
        .one(db)
        .await?;
    Ok(row.is_some())
}
