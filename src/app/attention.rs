//! What needs a person, for the office's first page.

use crate::{
    agencies, messages, records,
    settings::{self, rules::Attention},
};
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr};

/// What needs a person: each feature counts its own.
pub async fn attention(db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<Vec<Attention>, DbErr> {
    let rows = [
        Attention::new(
            agencies::store::membership_count_claimed(db).await?,
            ("membership of an agency to confirm", "memberships of agencies to confirm"),
            "/office/memberships",
        ),
        Attention::new(
            settings::store::bookings_to_approve(db).await?,
            ("booking to approve or decline", "bookings to approve or decline"),
            "/office/bookings?state=requested",
        ),
        Attention::new(
            settings::store::charges_to_notify(db).await?,
            ("charge to tell people about, or to waive", "charges to tell people about, or to waive"),
            "/office/charges",
        ),
        Attention::new(
            messages::store::outbox_count_failed(db).await?,
            ("mail that could not be delivered", "mails that could not be delivered"),
            "/office/mail",
        ),
        Attention::new(
            records::store::declared_list_to_check(None, 1, db).await?.1,
            ("training elsewhere to check", "trainings elsewhere to check"),
            "/office/training",
        ),
        Attention::new(
            settings::store::registers_missing(now, db).await?,
            ("session that is over without its register", "sessions that are over without their registers"),
            "/office/sessions?state=closed&way=up",
        ),
    ];
    Ok(rows.into_iter().filter(|row| row.count > 0).collect())
}
