//! Tables: marks, mark_history, charges.

use crate::tables::{index, references, unique};
use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer, big_integer_null, big_pk_auto, integer, integer_null, text, text_null, timestamp_with_time_zone,
        timestamp_with_time_zone_null,
    },
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // The register as it stands.
        manager
            .create_table(
                Table::create()
                    .table("marks")
                    .col(big_integer("session_date_id"))
                    .col(big_integer("booking_id"))
                    .col(text("mark"))
                    .col(integer_null("minutes_late"))
                    .col(text_null("note"))
                    .col(timestamp_with_time_zone("marked_at"))
                    .col(big_integer("marked_by"))
                    .primary_key(Index::create().col("session_date_id").col("booking_id"))
                    .foreign_key(&mut references("marks", "session_date_id", "session_dates"))
                    .foreign_key(&mut references("marks", "booking_id", "bookings"))
                    .foreign_key(&mut references("marks", "marked_by", "people"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("marks", &["booking_id"])).await?;
        // Every mark ever made; a nonce sent twice counts once.
        manager
            .create_table(
                Table::create()
                    .table("mark_history")
                    .col(big_pk_auto("id"))
                    .col(text("nonce"))
                    .col(big_integer("session_date_id"))
                    .col(big_integer("booking_id"))
                    .col(text("mark"))
                    .col(integer_null("minutes_late"))
                    .col(text_null("note"))
                    .col(timestamp_with_time_zone("marked_at"))
                    .col(big_integer("marked_by"))
                    .col(text_null("reason"))
                    .foreign_key(&mut references("mark_history", "session_date_id", "session_dates"))
                    .foreign_key(&mut references("mark_history", "booking_id", "bookings"))
                    .foreign_key(&mut references("mark_history", "marked_by", "people"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(unique("mark_history", &["nonce"])).await?;
        manager.create_index(index("mark_history", &["session_date_id", "booking_id"])).await?;
        // Charges with their verdicts; amounts in pence.
        manager
            .create_table(
                Table::create()
                    .table("charges")
                    .col(big_pk_auto("id"))
                    .col(text("reference"))
                    .col(big_integer("booking_id"))
                    .col(big_integer("session_id"))
                    .col(text("trigger"))
                    .col(text("state"))
                    .col(big_integer("amount_pence"))
                    .col(big_integer("policy_version_id"))
                    .col(text("verdict"))
                    .col(text("sentence"))
                    .col(text("payer_kind"))
                    .col(big_integer_null("payer_agency_id"))
                    .col(big_integer_null("payer_person_id"))
                    .col(text("payer_name"))
                    .col(text_null("payer_address"))
                    .col(timestamp_with_time_zone("proposed_at"))
                    .col(timestamp_with_time_zone("lapses_at"))
                    .col(timestamp_with_time_zone_null("notified_at"))
                    .col(timestamp_with_time_zone_null("decided_at"))
                    .col(big_integer_null("decided_by"))
                    .col(text_null("waiver_reason"))
                    .col(text_null("waiver_note"))
                    .col(integer("version"))
                    .foreign_key(&mut references("charges", "booking_id", "bookings"))
                    .foreign_key(&mut references("charges", "session_id", "sessions"))
                    .foreign_key(&mut references("charges", "policy_version_id", "policy_versions"))
                    .foreign_key(&mut references("charges", "payer_agency_id", "agencies"))
                    .foreign_key(&mut references("charges", "payer_person_id", "people"))
                    .foreign_key(&mut references("charges", "decided_by", "people"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(unique("charges", &["reference"])).await?;
        manager.create_index(index("charges", &["state", "proposed_at"])).await?;
        manager.create_index(index("charges", &["session_id"])).await?;
        manager.create_index(index("charges", &["payer_agency_id"])).await?;
        manager.get_connection().execute_unprepared("CREATE UNIQUE INDEX charges_one_live_per_booking ON charges (booking_id) WHERE state NOT IN ('void', 'lapsed', 'waived')").await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("charges").to_owned()).await?;
        manager.drop_table(Table::drop().table("mark_history").to_owned()).await?;
        manager.drop_table(Table::drop().table("marks").to_owned()).await?;
        Ok(())
    }
}
