//! `learning-gain verify`: whether the records agree with one another.

use crate::{
    learning_gain::store as gains,
    server::{database::Database, serve::ServeError},
};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Statement};

/// Checks the database and prints every difference. Returns whether there was none.
pub async fn run(database_url: &str) -> Result<bool, ServeError> {
    let db = Database::open(database_url).await?;
    let differences = differences(db.reader()).await?;
    for difference in &differences {
        println!("{difference}");
    }
    match differences.len() {
        0 => println!("Everything agrees."),
        1 => println!("One difference."),
        count => println!("{count} differences."),
    }
    db.close().await?;
    Ok(differences.is_empty())
}

/// Every figure that is kept and not what its parts make, and every charge without its reason.
pub async fn differences(db: &impl ConnectionTrait) -> Result<Vec<String>, DbErr> {
    let mut told: Vec<String> = gains::verify(db).await?.iter().map(ToString::to_string).collect();
    for (what, sql) in CHARGE_CHECKS {
        let rows = Wrong::find_by_statement(Statement::from_string(db.get_database_backend(), sql)).all(db).await?;
        told.extend(rows.into_iter().map(|row| format!("charge {}: {what}", row.reference)));
    }
    Ok(told)
}

#[derive(FromQueryResult)]
struct Wrong {
    reference: String,
}

/// What must not be, and how it is found.
const CHARGE_CHECKS: [(&str, &str); 3] = [
    (
        "its booking has a second live charge",
        "SELECT c.reference FROM charges c WHERE c.state NOT IN ('void', 'lapsed', 'waived') AND EXISTS \
         (SELECT 1 FROM charges o WHERE o.booking_id = c.booking_id AND o.id < c.id \
          AND o.state NOT IN ('void', 'lapsed', 'waived')) ORDER BY c.id",
    ),
    (
        "it is for not attending, but a register of its session is not submitted",
        "SELECT c.reference FROM charges c WHERE c.state <> 'void' AND c.trigger IN ('did_not_attend', 'refused_late') \
         AND EXISTS (SELECT 1 FROM session_dates d WHERE d.session_id = c.session_id AND d.submitted_at IS NULL) \
         ORDER BY c.id",
    ),
    (
        "it is for a late cancellation, but its booking was not cancelled late",
        "SELECT c.reference FROM charges c JOIN bookings b ON b.id = c.booking_id WHERE c.state <> 'void' \
         AND c.trigger = 'late_cancellation' AND b.state <> 'cancelled_late' ORDER BY c.id",
    ),
];
