//! Counting for long lists: exactly where it is quick, and no further than anybody pages.

use sea_orm::{
    ConnectionTrait, DbErr, EntityTrait, QuerySelect, QueryTrait, Select,
    sea_query::{Asterisk, Expr, ExprTrait, Query},
};

/// How many rows a list has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// So many.
    Exactly(u64),
    /// More than so many; nobody has counted on.
    MoreThan(u64),
}

impl Count {
    /// The number that was counted.
    pub fn counted(self) -> u64 {
        match self {
            Self::Exactly(count) | Self::MoreThan(count) => count,
        }
    }
}

/// Counts the rows of a query, but looks at no more than `most` and one.
pub async fn count_up_to<E: EntityTrait>(
    query: Select<E>,
    most: u64,
    db: &impl ConnectionTrait,
) -> Result<Count, DbErr> {
    let rows = query.select_only().expr_as(Expr::val(1), "one").limit(most.saturating_add(1)).into_query();
    let counted = Query::select().expr(Expr::col(Asterisk).count()).from_subquery(rows, "rows_found").to_owned();
    let row = db.query_one(&counted).await?.ok_or_else(|| DbErr::RecordNotFound("a count".to_owned()))?;
    let count = u64::try_from(row.try_get_by_index::<i64>(0)?).unwrap_or(0);
    Ok(if count > most { Count::MoreThan(most) } else { Count::Exactly(count) })
}
