//! Copying every row of every table, and knowing that two databases say the same.

use crate::{
    audit::command::differences,
    learning_gain::store::{board_line, course_lines},
    reports::store::{year_figures, year_range},
    server::{
        bulk::{insert_all, numbering_goes_on},
        database::Database,
        tables::{EachTable, each_table},
    },
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseBackend, DbErr, EntityTrait, IntoActiveModel, Iterable,
    ModelTrait, PrimaryKeyToColumn, QueryFilter, QueryOrder, QuerySelect, Value,
    sea_query::{Expr, ExprTrait},
};
use std::collections::BTreeMap;

/// Rows that are in memory at once.
const BATCH: u64 = 1_000;
/// What a service writes as soon as it looks at a database; it stands for nothing.
const OF_THE_SERVICE: &str = "job_leases";

/// Told after each batch: which table, and how many rows of all have been copied.
pub type Progress<'a> = &'a (dyn Fn(&str, u64) + Sync);

/// Why nothing was copied.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// A database failed.
    #[error("nothing was copied: the database failed: {0}")]
    Database(#[from] DbErr),
    /// Somebody's data would be mixed with somebody else's.
    #[error("nothing was copied: the target is not empty ({rows} rows in {table}). Name an empty database")]
    NotEmpty {
        /// The first table with rows.
        table: String,
        /// How many.
        rows: u64,
    },
    /// The target does not say what the source says.
    #[error("nothing was copied: {what} came out as {copied}, and is {original} in the source")]
    Differs {
        /// Which figure.
        what: String,
        /// In the source.
        original: String,
        /// In the target.
        copied: String,
    },
}

/// What two databases agree on when they hold the same board: the rows of every table, and every figure of the board's
/// pages, each under a name.
pub type Figures = BTreeMap<String, String>;

/// Copies all tables from one moment of a database into an empty one: all of it, or nothing. Returns the figures that
/// both have now.
pub async fn board_copy(from: &Database, to: &Database, progress: Progress<'_>) -> Result<Figures, CopyError> {
    let source = from.snapshot().await?;
    let target = to.write().await?;
    let mut emptiness = Emptiness { db: &target };
    each_table(&mut emptiness).await?;
    target.execute_unprepared(&format!("DELETE FROM {OF_THE_SERVICE}")).await?;
    if target.get_database_backend() == DatabaseBackend::Sqlite {
        target.execute_unprepared("PRAGMA defer_foreign_keys = ON").await?;
    }
    let mut copying = Copying { from: &source, to: &target, progress, copied: 0, numbered: Vec::new() };
    each_table(&mut copying).await?;
    let numbered = std::mem::take(&mut copying.numbered);
    numbering_goes_on(&numbered, &target).await?;
    let figures = figures(&source).await?;
    compare(&figures, &self::figures(&target).await?)?;
    target.commit().await?;
    source.rollback().await?;
    Ok(figures)
}

fn compare(original: &Figures, copied: &Figures) -> Result<(), CopyError> {
    let nothing = String::from("missing");
    let first = original.keys().chain(copied.keys()).find(|name| original.get(*name) != copied.get(*name));
    match first {
        None => Ok(()),
        Some(what) => Err(CopyError::Differs {
            what: what.clone(),
            original: original.get(what).unwrap_or(&nothing).clone(),
            copied: copied.get(what).unwrap_or(&nothing).clone(),
        }),
    }
}

/// How many rows all tables have.
pub async fn row_count(db: &impl ConnectionTrait) -> Result<u64, DbErr> {
    let mut counting = Counting { db, rows: Vec::new() };
    each_table(&mut counting).await?;
    Ok(counting.rows.iter().map(|(_, rows)| rows).sum())
}

/// Counts every table's rows and computes the board's figures for every year that it has.
pub async fn figures(db: &impl ConnectionTrait) -> Result<Figures, DbErr> {
    let mut counting = Counting { db, rows: Vec::new() };
    each_table(&mut counting).await?;
    let mut figures: Figures =
        counting.rows.into_iter().map(|(table, rows)| (format!("rows of {table}"), rows.to_string())).collect();
    if let Some((first, last)) = year_range(db).await? {
        for year in first..=last {
            figures.insert(format!("board year {year}: activity"), format!("{:?}", year_figures(year, db).await?));
            figures.insert(format!("board year {year}: gain"), format!("{:?}", board_line(year, db).await?));
            for line in course_lines(year, db).await? {
                figures.insert(format!("board year {year}: gain of {}", line.slug), format!("{:?}", line.line));
            }
        }
    }
    let disagreements = differences(db).await?;
    figures.insert("records that disagree with one another".to_owned(), format!("{disagreements:?}"));
    Ok(figures)
}

struct Counting<'a, C> {
    db: &'a C,
    rows: Vec<(String, u64)>,
}

impl<C: ConnectionTrait> EachTable for Counting<'_, C> {
    type Error = DbErr;

    async fn table<E>(&mut self) -> Result<(), DbErr>
    where
        E: EntityTrait<ActiveModel: ActiveModelTrait + Send>,
        E::Model: IntoActiveModel<E::ActiveModel>,
    {
        let rows = rows_of::<E>(self.db).await?;
        self.rows.push((E::default().table_name().to_owned(), rows));
        Ok(())
    }
}

/// Counted in the database; `count()` of a paginator would ask for the rows' columns.
async fn rows_of<E: EntityTrait>(db: &impl ConnectionTrait) -> Result<u64, DbErr> {
    let key = E::PrimaryKey::iter().next().map(PrimaryKeyToColumn::into_column);
    let Some(key) = key else { return Ok(0) };
    let count: Option<i64> = E::find().select_only().column_as(key.count(), "rows").into_tuple().one(db).await?;
    Ok(count.unwrap_or_default().unsigned_abs())
}

struct Emptiness<'a, C> {
    db: &'a C,
}

impl<C: ConnectionTrait> EachTable for Emptiness<'_, C> {
    type Error = CopyError;

    async fn table<E>(&mut self) -> Result<(), CopyError>
    where
        E: EntityTrait<ActiveModel: ActiveModelTrait + Send>,
        E::Model: IntoActiveModel<E::ActiveModel>,
    {
        let table = E::default().table_name().to_owned();
        match rows_of::<E>(self.db).await? {
            0 => Ok(()),
            _ if table == OF_THE_SERVICE => Ok(()),
            rows => Err(CopyError::NotEmpty { table, rows }),
        }
    }
}

struct Copying<'a, F, T> {
    from: &'a F,
    to: &'a T,
    progress: Progress<'a>,
    copied: u64,
    /// Tables whose rows have a number that goes on.
    numbered: Vec<&'static str>,
}

impl<F: ConnectionTrait, T: ConnectionTrait> EachTable for Copying<'_, F, T> {
    type Error = CopyError;

    /// In the order of the primary key, and after the last key seen: however long the table is, each batch costs the
    /// same.
    async fn table<E>(&mut self) -> Result<(), CopyError>
    where
        E: EntityTrait<ActiveModel: ActiveModelTrait + Send>,
        E::Model: IntoActiveModel<E::ActiveModel>,
    {
        let name = E::default().table_name();
        let keys: Vec<E::Column> = E::PrimaryKey::iter().map(PrimaryKeyToColumn::into_column).collect();
        let mut last: Option<Vec<Value>> = None;
        loop {
            let mut query = E::find().limit(BATCH);
            for key in &keys {
                query = query.order_by_asc(*key);
            }
            if let Some(last) = last {
                let columns = Expr::tuple(keys.iter().map(|key| key.into_expr()));
                query = query.filter(columns.gt(Expr::tuple(last.into_iter().map(Expr::value))));
            }
            let rows = query.all(self.from).await?;
            let Some(end) = rows.last() else { break };
            last = Some(keys.iter().map(|key| end.get(*key)).collect());
            self.copied += rows.len() as u64;
            insert_all(rows.into_iter().map(|row| row.into_active_model().reset_all()).collect(), self.to).await?;
            (self.progress)(name, self.copied);
        }
        if <E::PrimaryKey as sea_orm::PrimaryKeyTrait>::auto_increment() {
            self.numbered.push(name);
        }
        Ok(())
    }
}
