//! Signed-in devices. A login is a token of 256 random bits in a cookie; only its hash is stored.

use crate::{
    accounts::rules::{LOGIN_IDLE_DAYS, LOGIN_LONGEST_DAYS, LoginId, PersonId, Role, SEEN_EVERY_MINUTES},
    agencies::rules::AgencyId,
    entity::{login, person, role},
    server::secrets,
    web::viewer::CurrentPerson,
};
use chrono::{DateTime, Duration, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, JoinType,
    QueryFilter, QueryOrder, QuerySelect, sea_query::Expr,
};

/// Signs a person in and returns the token for the cookie; it cannot be read back from the database.
pub async fn login_insert_in_txn(
    person: PersonId,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<String, DbErr> {
    let token = secrets::random_token().map_err(|error| DbErr::Custom(error.to_string()))?;
    let row = login::ActiveModel {
        token_hash: Set(secrets::sha256(&token)),
        person_id: Set(person),
        created_at: Set(now),
        seen_at: Set(now),
        ended_at: Set(None),
        ..Default::default()
    };
    login::Entity::insert(row).exec_without_returning(db).await?;
    Ok(token)
}

/// A live login with its person and one of their roles; a person with several roles has a row for each.
#[derive(FromQueryResult)]
struct LoginRow {
    login: LoginId,
    seen_at: DateTime<Utc>,
    person: PersonId,
    name: String,
    role: Option<Role>,
    agency: Option<AgencyId>,
}

/// Who is signed in with the token of this hash, and when that login was last noted as used; None once signed out,
/// idle too long, too old, or erased. One statement, because every request asks.
pub async fn viewer_by_token_hash(
    hash: &str,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<Option<(CurrentPerson, DateTime<Utc>)>, DbErr> {
    let whose = login::Entity::belongs_to(person::Entity).from(login::Column::PersonId).to(person::Column::Id);
    let held = login::Entity::belongs_to(role::Entity).from(login::Column::PersonId).to(role::Column::PersonId);
    let rows: Vec<LoginRow> = login::Entity::find()
        .select_only()
        .column_as(login::Column::Id, "login")
        .column(login::Column::SeenAt)
        .column_as(person::Column::Id, "person")
        .column(person::Column::Name)
        .column(role::Column::Role)
        .column_as(role::Column::AgencyId, "agency")
        .join(JoinType::InnerJoin, whose.into())
        .join(JoinType::LeftJoin, held.into())
        .filter(login::Column::TokenHash.eq(hash))
        .filter(live(now))
        .filter(person::Column::ErasedAt.is_null())
        .into_model()
        .all(db)
        .await?;
    let roles = rows.iter().filter_map(|row| Some((row.role?, row.agency))).collect();
    let viewer =
        |row: LoginRow| (CurrentPerson { id: row.person, name: row.name, login: row.login, roles }, row.seen_at);
    Ok(rows.into_iter().next().map(viewer))
}

fn live(now: DateTime<Utc>) -> Condition {
    Condition::all()
        .add(login::Column::EndedAt.is_null())
        .add(login::Column::SeenAt.gt(now - Duration::days(LOGIN_IDLE_DAYS)))
        .add(login::Column::CreatedAt.gt(now - Duration::days(LOGIN_LONGEST_DAYS)))
}

/// A person's live logins, the latest used first.
pub async fn login_list_live(
    person: PersonId,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<Vec<login::Model>, DbErr> {
    login::Entity::find()
        .filter(login::Column::PersonId.eq(person))
        .filter(live(now))
        .order_by_desc(login::Column::SeenAt)
        .all(db)
        .await
}

/// Notes that a login is used; written at most once in `SEEN_EVERY_MINUTES`, so that reading pages writes nothing.
pub async fn login_touch(login: LoginId, now: DateTime<Utc>, db: &impl ConnectionTrait) -> Result<(), DbErr> {
    login::Entity::update_many()
        .col_expr(login::Column::SeenAt, Expr::value(now))
        .filter(login::Column::Id.eq(login))
        .filter(login::Column::SeenAt.lte(now - Duration::minutes(SEEN_EVERY_MINUTES)))
        .exec(db)
        .await?;
    Ok(())
}

/// Ends one login, for ever.
pub async fn login_end_in_txn(login: LoginId, now: DateTime<Utc>, db: &impl ConnectionTrait) -> Result<(), DbErr> {
    end_where(Condition::all().add(login::Column::Id.eq(login)), now, db).await
}

/// Ends all logins of a person: after a change of roles, and on "sign out everywhere".
pub async fn logins_end_all_in_txn(
    person: PersonId,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<(), DbErr> {
    end_where(Condition::all().add(login::Column::PersonId.eq(person)), now, db).await
}

/// Ends all logins of a person but one.
pub async fn logins_end_others_in_txn(
    person: PersonId,
    kept: LoginId,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<(), DbErr> {
    let others = Condition::all().add(login::Column::PersonId.eq(person)).add(login::Column::Id.ne(kept));
    end_where(others, now, db).await
}

async fn end_where(which: Condition, now: DateTime<Utc>, db: &impl ConnectionTrait) -> Result<(), DbErr> {
    login::Entity::update_many()
        .col_expr(login::Column::EndedAt, Expr::value(Some(now)))
        .filter(which.add(login::Column::EndedAt.is_null()))
        .exec(db)
        .await?;
    Ok(())
}

/// Forgets logins that nobody has used since a moment.
pub async fn logins_forget_old(before: DateTime<Utc>, db: &impl ConnectionTrait) -> Result<u64, DbErr> {
    Ok(login::Entity::delete_many().filter(login::Column::SeenAt.lt(before)).exec(db).await?.rows_affected)
}
