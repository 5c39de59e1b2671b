//! Tables: bookings.

use crate::tables::{index, references, unique};
use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer, big_integer_null, big_pk_auto, boolean, text, text_null, timestamp_with_time_zone,
        timestamp_with_time_zone_null,
    },
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Places on sessions.
        manager
            .create_table(
                Table::create()
                    .table("bookings")
                    .col(big_pk_auto("id"))
                    .col(text("reference"))
                    .col(text("request_id"))
                    .col(big_integer("session_id"))
                    .col(big_integer("person_id"))
                    .col(big_integer_null("agency_id"))
                    .col(boolean("agency_confirmed"))
                    .col(text("person_kind"))
                    .col(text("job_role"))
                    .col(text("state"))
                    .col(big_integer("policy_version_id"))
                    .col(boolean("policy_accepted"))
                    .col(timestamp_with_time_zone("cancel_by"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("changed_at"))
                    .col(timestamp_with_time_zone_null("booked_at"))
                    .col(timestamp_with_time_zone_null("waiting_since"))
                    .col(timestamp_with_time_zone_null("offer_expires_at"))
                    .col(timestamp_with_time_zone_null("approval_until"))
                    .col(text_null("agency_given"))
                    .col(text_null("access_needs"))
                    .col(boolean("walk_in"))
                    .col(text_null("outcome"))
                    .col(big_integer_null("substitute_for"))
                    .col(big_integer_null("booked_by_lead"))
                    .col(big_integer_null("reserved_place_id"))
                    .col(timestamp_with_time_zone_null("cancel_by_reminded_at"))
                    .col(timestamp_with_time_zone_null("start_reminded_at"))
                    .col(timestamp_with_time_zone_null("last_day_told_at"))
                    .foreign_key(&mut references("bookings", "session_id", "sessions"))
                    .foreign_key(&mut references("bookings", "person_id", "people"))
                    .foreign_key(&mut references("bookings", "agency_id", "agencies"))
                    .foreign_key(&mut references("bookings", "policy_version_id", "policy_versions"))
                    .foreign_key(&mut references("bookings", "substitute_for", "bookings"))
                    .foreign_key(&mut references("bookings", "booked_by_lead", "people"))
                    .foreign_key(&mut references("bookings", "reserved_place_id", "reserved_places"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(unique("bookings", &["reference"])).await?;
        manager.create_index(unique("bookings", &["request_id"])).await?;
        manager.create_index(index("bookings", &["session_id", "state"])).await?;
        manager.create_index(index("bookings", &["person_id", "state"])).await?;
        manager.create_index(index("bookings", &["agency_id"])).await?;
        manager.create_index(index("bookings", &["reserved_place_id"])).await?;
        manager.get_connection().execute_unprepared("CREATE UNIQUE INDEX bookings_one_live_per_person ON bookings (session_id, person_id) WHERE state IN ('requested', 'waitlisted', 'offered', 'booked')").await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("bookings").to_owned()).await?;
        Ok(())
    }
}
