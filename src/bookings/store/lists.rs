//! Lists of bookings: a person's own, and the office's.

use super::BookingDetails;
use crate::{
    accounts::rules::PersonId,
    bookings::rules::BookingState,
    entity::{booking, person},
    server::database::{Count, count_up_to, holding},
    sessions::rules::SessionId,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Expr, ExprTrait, Func, Query, SelectStatement},
};

/// Bookings on one page of the office's list.
pub const BOOKINGS_PER_PAGE: u64 = 50;

/// Bookings that are counted for a list, 200 pages of it: whoever has more looks by state, session or name.
const COUNTED_MOST: u64 = 10_000;

/// Everything that somebody has booked, the newest first; walk-ins too.
pub async fn booking_list_of_person(person: PersonId, db: &impl ConnectionTrait) -> Result<Vec<BookingDetails>, DbErr> {
    let rows = booking::Entity::find()
        .filter(booking::Column::PersonId.eq(person))
        .order_by_desc(booking::Column::Id)
        .limit(200)
        .all(db)
        .await?;
    super::booking_details_list(rows, db).await
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
}

/// One page of the bookings that the office looks for, the newest first, and how many there are in all.
pub async fn booking_list_for_office(
    filter: &BookingFilter,
    page: u64,
    db: &impl ConnectionTrait,
) -> Result<(Vec<BookingDetails>, Count), DbErr> {
    let query = filtered(filter);
    let total = count_up_to(query.clone(), COUNTED_MOST, db).await?;
    let rows = query
        .order_by_desc(booking::Column::Id)
        .offset(page.saturating_sub(1) * BOOKINGS_PER_PAGE)
        .limit(BOOKINGS_PER_PAGE)
        .all(db)
        .await?;
    Ok((super::booking_details_list(rows, db).await?, total))
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
