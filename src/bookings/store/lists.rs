//! Lists of bookings: a person's own, and the office's.

use super::BookingDetails;
use crate::{
    accounts::rules::PersonId,
    bookings::rules::BookingState,
    entity::{booking, course, person, session},
    server::database::{Count, count_up_to, holding, rows_before},
    sessions::rules::SessionId,
};
use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, JoinType, Order, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, RelationDef, Select,
    sea_query::{Expr, ExprTrait, Func, Query, SelectStatement},
};

/// Bookings on one page of the office's list.
pub const BOOKINGS_PER_PAGE: u64 = 50;

/// Bookings that are counted for a list, 200 pages of it: whoever has more looks by state, session or name.
const COUNTED_MOST: u64 = 10_000;

/// Past bookings on one page of a person's own list.
pub const PAST_PER_PAGE: u64 = 50;

/// What somebody has booked, waits for or asks for and that is not over, by when it starts.
pub async fn booking_list_to_come(
    person: PersonId,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<Vec<BookingDetails>, DbErr> {
    let rows = of_person(person).filter(to_come(now)).order_by_asc(session::Column::StartsAt);
    super::booking_details_list(rows.order_by_asc(booking::Column::Id).all(db).await?, db).await
}

/// One page of what somebody has cancelled or has behind them, walk-ins too, the latest session first, and how many
/// there are.
pub async fn booking_list_past(
    person: PersonId,
    page: u64,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<(Vec<BookingDetails>, u64), DbErr> {
    let query = of_person(person).filter(to_come(now).not());
    let total = query.clone().count(db).await?;
    let rows = query
        .order_by_desc(session::Column::StartsAt)
        .order_by_desc(booking::Column::Id)
        .offset(rows_before(page, total, PAST_PER_PAGE))
        .limit(PAST_PER_PAGE)
        .all(db)
        .await?;
    Ok((super::booking_details_list(rows, db).await?, total))
}

fn of_person(person: PersonId) -> Select<booking::Entity> {
    let of_session =
        booking::Entity::belongs_to(session::Entity).from(booking::Column::SessionId).to(session::Column::Id);
    booking::Entity::find().join(JoinType::InnerJoin, of_session.into()).filter(booking::Column::PersonId.eq(person))
}

/// A waiting list is over when its session starts, a place when it has ended.
fn to_come(now: DateTime<Utc>) -> Condition {
    let list_is_over = Condition::all()
        .add(booking::Column::State.eq(BookingState::Waitlisted))
        .add(session::Column::StartsAt.lte(now));
    Condition::all()
        .add(booking::Column::State.is_in(BookingState::LIVE))
        .add(session::Column::EndsAt.gt(now))
        .add(list_is_over.not())
}

/// By what the office's list is sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BookingOrder {
    /// By when it was asked for.
    #[default]
    Asked,
    /// By the person's name.
    Name,
    /// By the course's title.
    Course,
    /// By when the session starts.
    Starts,
}

/// What the office looks for.
#[derive(Clone, Debug, Default)]
pub struct BookingFilter {
    /// A reference, or a part of a name.
    pub search: String,
    /// Only in this state.
    pub state: Option<BookingState>,
    /// Only of this session.
    pub session: Option<SessionId>,
    /// Only of this person.
    pub person: Option<PersonId>,
}

/// One page of the bookings that the office looks for, and how many there are in all.
pub async fn booking_list_for_office(
    filter: &BookingFilter,
    (order, descending): (BookingOrder, bool),
    page: u64,
    db: &impl ConnectionTrait,
) -> Result<(Vec<BookingDetails>, Count), DbErr> {
    let query = filtered(filter);
    let total = count_up_to(query.clone(), COUNTED_MOST, db).await?;
    let rows = in_order(query, order, descending)
        .offset(rows_before(page, total.counted(), BOOKINGS_PER_PAGE))
        .limit(BOOKINGS_PER_PAGE)
        .all(db)
        .await?;
    Ok((super::booking_details_list(rows, db).await?, total))
}

/// The migrations `m0110_office_lists` and `m0120_bookings_by_day` have an index for each order.
fn in_order(query: Select<booking::Entity>, order: BookingOrder, descending: bool) -> Select<booking::Entity> {
    let way = if descending { Order::Desc } else { Order::Asc };
    let of_session = || -> RelationDef {
        booking::Entity::belongs_to(session::Entity).from(booking::Column::SessionId).to(session::Column::Id).into()
    };
    let sorted = match order {
        // Not by number: a history that was imported last was asked for long ago.
        BookingOrder::Asked => query.order_by(booking::Column::CreatedAt, way.clone()),
        BookingOrder::Name => {
            let of_person =
                booking::Entity::belongs_to(person::Entity).from(booking::Column::PersonId).to(person::Column::Id);
            query.join(JoinType::InnerJoin, of_person.into()).order_by(person::Column::Name, way.clone())
        }
        BookingOrder::Course => {
            let of_course =
                session::Entity::belongs_to(course::Entity).from(session::Column::CourseId).to(course::Column::Id);
            query
                .join(JoinType::InnerJoin, of_session())
                .join(JoinType::InnerJoin, of_course.into())
                .order_by(course::Column::Title, way.clone())
        }
        BookingOrder::Starts => {
            query.join(JoinType::InnerJoin, of_session()).order_by(session::Column::StartsAt, way.clone())
        }
    };
    sorted.order_by(booking::Column::Id, way)
}

/// The bookings that a filter asks for.
pub(super) fn filtered(filter: &BookingFilter) -> Select<booking::Entity> {
    let mut query = booking::Entity::find();
    if let Some(state) = filter.state {
        query = query.filter(booking::Column::State.eq(state));
    }
    if let Some(session) = filter.session {
        query = query.filter(booking::Column::SessionId.eq(session));
    }
    if let Some(person) = filter.person {
        query = query.filter(booking::Column::PersonId.eq(person));
    }
    let search = filter.search.trim();
    if !search.is_empty() {
        let is_theirs = booking::Column::PersonId.in_subquery(people_named(search));
        query = query.filter(booking::Column::Reference.eq(search.to_uppercase()).or(is_theirs));
    }
    query
}

fn people_named(text: &str) -> SelectStatement {
    let pattern = holding(&text.to_lowercase());
    Query::select()
        .column(person::Column::Id)
        .from(person::Entity)
        .and_where(Expr::expr(Func::lower(Expr::col(person::Column::Name))).like(pattern))
        .to_owned()
}
