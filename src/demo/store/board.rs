//! Filling an empty database, and knowing one that was filled.

use super::{answers, booking_rows, bookings, charges, courses, extras, insert, people, registers, sessions, terms};
use crate::{
    demo::rules::clock::{START, moment},
    entity::{agency, course, demo_board, demo_mail, login, outbox, person, setting},
    learning_gain::store::everything_release_in_txn,
    server::{
        clock::Clock,
        database::{Database, rows_before},
        secrets::Secrets,
    },
    settings::{rules::keys, store::setting_put},
};
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, sea_query::Expr,
};

/// Why the demonstration does not start.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// Somebody's real data could be in it.
    #[error(
        "demo: this database holds data that the demonstration did not make, so it is left alone. Name another one, for example --database-url 'sqlite://demo.db?mode=rwc'"
    )]
    NotOurs,
    /// The database failed.
    #[error("demo: the database failed: {0}")]
    Database(#[from] DbErr),
}

/// One part of the work is done: what comes next, and how many parts of how many are done.
pub type Progress<'a> = &'a (dyn Fn(&str, u64, u64) + Sync);

/// Makes sure that the database holds the demonstration board, filling an empty one. Returns whether it was filled
/// just now. Fails with `NotOurs` on data that the demonstration did not make.
pub async fn demo_ensure(db: &Database, secrets: &Secrets, progress: Progress<'_>) -> Result<bool, DemoError> {
    if demo_board::Entity::find().one(db.reader()).await?.is_some() {
        return Ok(false);
    }
    let txn = db.write().await?;
    if !is_empty(&txn).await? {
        return Err(DemoError::NotOurs);
    }
    fill_in_txn(secrets, progress, &txn).await?;
    txn.commit().await?;
    Ok(true)
}

async fn is_empty(db: &impl ConnectionTrait) -> Result<bool, DbErr> {
    Ok(person::Entity::find().count(db).await? == 0
        && agency::Entity::find().count(db).await? == 0
        && course::Entity::find().count(db).await? == 0
        && outbox::Entity::find().count(db).await? == 0
        && setting::Entity::find().filter(setting::Column::Key.eq(keys::BOARD_NAME)).count(db).await? == 0)
}

const PARTS: u64 = 8;

async fn fill_in_txn(secrets: &Secrets, progress: Progress<'_>, db: &impl ConnectionTrait) -> Result<(), DbErr> {
    let start = moment(START);
    let made = moment("2018-04-02T09:00:00Z");
    progress("people and agencies", 0, PARTS);
    let crowd = people::crowd();
    people::crowd_insert_in_txn(&crowd, db).await?;
    progress("courses", 1, PARTS);
    board_lines_insert_in_txn(made, db).await?;
    courses::courses_insert_in_txn(made, db).await?;
    terms::terms_insert_in_txn(made, db).await?;
    progress("sessions", 2, PARTS);
    let mut list = sessions::sessions(&crowd);
    let mut booked = bookings::bookings(&crowd, &mut list);
    let marked = registers::registers(&list, &mut booked);
    let charged = charges::charges(&crowd, &list, &booked);
    let answered = answers::answers(&crowd, &mut list, &booked, secrets);
    sessions::sessions_insert_in_txn(&list, db).await?;
    progress("bookings", 3, PARTS);
    booking_rows::bookings_insert_in_txn(&crowd, booked, db).await?;
    progress("registers", 4, PARTS);
    registers::registers_insert_in_txn(marked, db).await?;
    charges::charges_insert_in_txn(charged, db).await?;
    progress("answers", 5, PARTS);
    answers::answers_insert_in_txn(answered, db).await?;
    answers::completions_insert_in_txn(&crowd, db).await?;
    extras::extras_insert_in_txn(&crowd, db).await?;
    progress("learning gain", 6, PARTS);
    everything_release_in_txn(start, db).await?;
    progress("done", PARTS, PARTS);
    insert::numbering_goes_on(db).await?;
    let row = demo_board::ActiveModel {
        made_at: Set(start),
        clock_offset_seconds: Set(0),
        finished: Set(true),
        ..Default::default()
    };
    demo_board::Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

async fn board_lines_insert_in_txn(made: DateTime<Utc>, db: &impl ConnectionTrait) -> Result<(), DbErr> {
    setting_put(keys::BOARD_NAME, "Larkshire Safeguarding Children Board", made, db).await?;
    setting_put(keys::SERVICE_NAME, "Larkshire safeguarding training", made, db).await?;
    setting_put(keys::CONTACT, "training@larkshire.example", made, db).await
}

/// Sets the clock to where the demonstration is: its first moment at the first start, afterwards as far ahead as it
/// was left.
pub async fn demo_clock_resume(db: &Database, clock: &Clock) -> Result<(), DbErr> {
    let Some(board) = demo_board::Entity::find().one(db.reader()).await? else { return Ok(()) };
    if board.clock_offset_seconds != 0 {
        clock.set_offset_seconds(board.clock_offset_seconds);
        return Ok(());
    }
    clock.set(moment(START));
    let txn = db.write().await?;
    offset_update_in_txn(clock, &txn).await?;
    txn.commit().await
}

/// Moves the clock on to where another process has moved it. It never goes back: who has just moved it may not have
/// written that down yet.
pub async fn demo_clock_follow(db: &impl ConnectionTrait, clock: &Clock) -> Result<(), DbErr> {
    let Some(board) = demo_board::Entity::find().one(db).await? else { return Ok(()) };
    if board.clock_offset_seconds > clock.offset_seconds() {
        clock.set_offset_seconds(board.clock_offset_seconds);
    }
    Ok(())
}

async fn offset_update_in_txn(clock: &Clock, db: &impl ConnectionTrait) -> Result<(), DbErr> {
    demo_board::Entity::update_many()
        .col_expr(demo_board::Column::ClockOffsetSeconds, Expr::value(clock.offset_seconds()))
        .exec(db)
        .await?;
    Ok(())
}

/// Moves the clock to a later moment and remembers it. Whoever is signed in stays signed in, however far it goes.
pub async fn demo_clock_move(to: DateTime<Utc>, db: &Database, clock: &Clock) -> Result<(), DbErr> {
    let txn = db.write().await?;
    if to > clock.now() {
        clock.set(to);
    }
    offset_update_in_txn(clock, &txn).await?;
    login::Entity::update_many()
        .col_expr(login::Column::SeenAt, Expr::value(clock.now()))
        .col_expr(login::Column::CreatedAt, Expr::value(clock.now()))
        .filter(login::Column::EndedAt.is_null())
        .exec(&txn)
        .await?;
    txn.commit().await
}

/// Whether the database is a demonstration's.
pub async fn demo_is_here(db: &impl ConnectionTrait) -> Result<bool, DbErr> {
    Ok(demo_board::Entity::find().one(db).await?.is_some())
}

/// One page (from 1) of the mail that the demonstration sent, newest first, and how many there are in all.
pub async fn demo_mail_list(
    to: Option<&[String]>,
    page: u64,
    per_page: u64,
    db: &impl ConnectionTrait,
) -> Result<(Vec<demo_mail::Model>, u64), DbErr> {
    use sea_orm::{QueryOrder, QuerySelect};
    let mut query =
        demo_mail::Entity::find().order_by_desc(demo_mail::Column::SentAt).order_by_desc(demo_mail::Column::Id);
    if let Some(addresses) = to {
        query = query.filter(demo_mail::Column::ToAddress.is_in(addresses));
    }
    let total = query.clone().count(db).await?;
    Ok((query.offset(rows_before(page, total, per_page)).limit(per_page).all(db).await?, total))
}

/// One mail.
pub async fn demo_mail_get(id: i64, db: &impl ConnectionTrait) -> Result<Option<demo_mail::Model>, DbErr> {
    demo_mail::Entity::find_by_id(id).one(db).await
}
