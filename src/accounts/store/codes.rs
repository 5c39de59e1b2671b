//! Single-use codes sent by e-mail. Only an HMAC of a code is stored: six digits alone could be guessed from a hash.

use crate::{accounts::rules::CODE_TRIES, entity::login_code};
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, QueryFilter, QueryOrder,
    sea_query::Expr,
};
use subtle::ConstantTimeEq;

/// Puts a new code in force and the address's earlier ones out of it.
pub async fn code_insert_in_txn(
    address: &str,
    code_hash: String,
    expires: DateTime<Utc>,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<(), DbErr> {
    login_code::Entity::update_many()
        .col_expr(login_code::Column::UsedAt, Expr::value(Some(now)))
        .filter(login_code::Column::Address.eq(address))
        .filter(login_code::Column::UsedAt.is_null())
        .exec(db)
        .await?;
    let row = login_code::ActiveModel {
        address: Set(address.to_owned()),
        code_hash: Set(code_hash),
        created_at: Set(now),
        expires_at: Set(expires),
        attempts: Set(0),
        used_at: Set(None),
        ..Default::default()
    };
    login_code::Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// What came of a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeCheck {
    /// It was right, and is now used up.
    Right,
    /// It was wrong; the count went up.
    Wrong,
    /// There is no code that could be tried: expired, used, or tried too often.
    NoneLeft,
}

/// Tries a code. The try is counted also when it is wrong, so the caller must commit either way.
pub async fn code_check_in_txn(
    address: &str,
    code_hash: &str,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<CodeCheck, DbErr> {
    let newest = login_code::Entity::find()
        .filter(login_code::Column::Address.eq(address))
        .filter(login_code::Column::UsedAt.is_null())
        .filter(login_code::Column::ExpiresAt.gt(now))
        .filter(login_code::Column::Attempts.lt(CODE_TRIES))
        .order_by_desc(login_code::Column::Id);
    let Some(code) = newest.one(db).await? else { return Ok(CodeCheck::NoneLeft) };
    let is_right: bool = code.code_hash.as_bytes().ct_eq(code_hash.as_bytes()).into();
    // The conditions again, so that two tries at once cannot both use the code or both slip under the limit.
    let mut update = login_code::Entity::update_many()
        .col_expr(login_code::Column::Attempts, Expr::col(login_code::Column::Attempts).add(1))
        .filter(login_code::Column::Id.eq(code.id))
        .filter(login_code::Column::UsedAt.is_null())
        .filter(login_code::Column::Attempts.lt(CODE_TRIES));
    if is_right {
        update = update.col_expr(login_code::Column::UsedAt, Expr::value(Some(now)));
    }
    let counted = update.exec(db).await?.rows_affected == 1;
    Ok(match (counted, is_right) {
        (false, _) => CodeCheck::NoneLeft,
        (true, true) => CodeCheck::Right,
        (true, false) => CodeCheck::Wrong,
    })
}

/// Forgets codes that ran out before a moment.
pub async fn codes_forget_old(before: DateTime<Utc>, db: &impl ConnectionTrait) -> Result<u64, DbErr> {
    let old = login_code::Entity::delete_many().filter(login_code::Column::ExpiresAt.lt(before));
    Ok(old.exec(db).await?.rows_affected)
}
