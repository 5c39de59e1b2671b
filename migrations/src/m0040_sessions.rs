//! Tables: venues, policies, policy_versions, policy_suspensions, sessions, session_dates, session_trainers.

use crate::tables::{index, references, unique};
use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer, big_integer_null, big_pk_auto, blob_null, boolean, date, integer, integer_null, text, text_null,
        timestamp_with_time_zone, timestamp_with_time_zone_null,
    },
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Places where sessions are held.
        manager
            .create_table(
                Table::create()
                    .table("venues")
                    .col(big_pk_auto("id"))
                    .col(text("name"))
                    .col(text("address"))
                    .col(text("postcode"))
                    .col(text("access_notes"))
                    .col(text("travel_notes"))
                    .col(integer("capacity"))
                    .col(timestamp_with_time_zone_null("closed_at"))
                    .col(integer("version"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(unique("venues", &["name"])).await?;
        // Charging policies.
        manager
            .create_table(
                Table::create()
                    .table("policies")
                    .col(big_pk_auto("id"))
                    .col(text("name"))
                    .col(boolean("is_default"))
                    .to_owned(),
            )
            .await?;
        // Versions of a charging policy; amounts in pence.
        manager
            .create_table(
                Table::create()
                    .table("policy_versions")
                    .col(big_pk_auto("id"))
                    .col(big_integer("policy_id"))
                    .col(date("effective_from"))
                    .col(integer("notice_days"))
                    .col(text("notice_unit"))
                    .col(big_integer("amount_pence"))
                    .col(integer("late_after_minutes"))
                    .col(integer("representation_days"))
                    .col(integer("notify_within_days"))
                    .col(big_integer("second_approver_above_pence"))
                    .col(integer("repeat_count"))
                    .col(integer("repeat_months"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(big_integer_null("created_by"))
                    .foreign_key(&mut references("policy_versions", "policy_id", "policies"))
                    .foreign_key(&mut references("policy_versions", "created_by", "people"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("policy_versions", &["policy_id", "effective_from"])).await?;
        // Dates on which nobody is charged; both ends included.
        manager
            .create_table(
                Table::create()
                    .table("policy_suspensions")
                    .col(big_pk_auto("id"))
                    .col(big_integer("policy_id"))
                    .col(date("from_date"))
                    .col(date("to_date"))
                    .col(text("reason"))
                    .foreign_key(&mut references("policy_suspensions", "policy_id", "policies"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("policy_suspensions", &["policy_id"])).await?;
        // Dated runs of courses; `held` counts places taken, `waiting` people on the list.
        manager
            .create_table(
                Table::create()
                    .table("sessions")
                    .col(big_pk_auto("id"))
                    .col(big_integer("course_id"))
                    .col(text("status"))
                    .col(text("mode"))
                    .col(big_integer_null("venue_id"))
                    .col(text_null("online_link"))
                    .col(text("joining_instructions"))
                    .col(integer("capacity"))
                    .col(integer("held"))
                    .col(integer("waiting"))
                    .col(integer("reserved").default(0))
                    .col(integer_null("minimum"))
                    .col(timestamp_with_time_zone_null("go_no_go_at"))
                    .col(timestamp_with_time_zone("booking_opens_at"))
                    .col(timestamp_with_time_zone("booking_closes_at"))
                    .col(timestamp_with_time_zone("starts_at"))
                    .col(timestamp_with_time_zone("ends_at"))
                    .col(boolean("needs_approval"))
                    .col(timestamp_with_time_zone_null("cancelled_at"))
                    .col(text_null("cancelled_reason"))
                    .col(timestamp_with_time_zone_null("moved_at"))
                    .col(blob_null("survey_salt"))
                    .col(text_null("after_code"))
                    .col(integer("version"))
                    .col(timestamp_with_time_zone("created_at"))
                    .foreign_key(&mut references("sessions", "course_id", "courses"))
                    .foreign_key(&mut references("sessions", "venue_id", "venues"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(unique("sessions", &["after_code"])).await?;
        manager.create_index(index("sessions", &["course_id", "starts_at"])).await?;
        manager.create_index(index("sessions", &["status", "starts_at"])).await?;
        manager.create_index(index("sessions", &["ends_at"])).await?;
        // Places kept for an agency or a sector until a moment; `sessions.reserved` counts those nobody has taken yet.
        manager
            .create_table(
                Table::create()
                    .table("reserved_places")
                    .col(big_pk_auto("id"))
                    .col(big_integer("session_id"))
                    .col(big_integer_null("agency_id"))
                    .col(text_null("sector"))
                    .col(integer("places"))
                    .col(integer("taken"))
                    .col(timestamp_with_time_zone("release_at"))
                    .col(timestamp_with_time_zone_null("released_at"))
                    .foreign_key(&mut references("reserved_places", "session_id", "sessions"))
                    .foreign_key(&mut references("reserved_places", "agency_id", "agencies"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("reserved_places", &["session_id"])).await?;
        manager.create_index(index("reserved_places", &["released_at", "release_at"])).await?;
        // The dates of a session; each has a register.
        manager
            .create_table(
                Table::create()
                    .table("session_dates")
                    .col(big_pk_auto("id"))
                    .col(big_integer("session_id"))
                    .col(integer("position"))
                    .col(timestamp_with_time_zone("starts_at"))
                    .col(timestamp_with_time_zone("ends_at"))
                    .col(timestamp_with_time_zone_null("submitted_at"))
                    .col(big_integer_null("submitted_by"))
                    .col(timestamp_with_time_zone_null("locked_at"))
                    .foreign_key(&mut references("session_dates", "session_id", "sessions"))
                    .foreign_key(&mut references("session_dates", "submitted_by", "people"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(unique("session_dates", &["session_id", "position"])).await?;
        manager.create_index(index("session_dates", &["starts_at"])).await?;
        // Who is asked to train.
        manager
            .create_table(
                Table::create()
                    .table("session_trainers")
                    .col(big_pk_auto("id"))
                    .col(big_integer("session_id"))
                    .col(big_integer("person_id"))
                    .col(text("state"))
                    .col(timestamp_with_time_zone("asked_at"))
                    .col(timestamp_with_time_zone_null("answered_at"))
                    .foreign_key(&mut references("session_trainers", "session_id", "sessions"))
                    .foreign_key(&mut references("session_trainers", "person_id", "people"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(unique("session_trainers", &["session_id", "person_id"])).await?;
        manager.create_index(index("session_trainers", &["person_id"])).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("session_trainers").to_owned()).await?;
        manager.drop_table(Table::drop().table("session_dates").to_owned()).await?;
        manager.drop_table(Table::drop().table("reserved_places").to_owned()).await?;
        manager.drop_table(Table::drop().table("sessions").to_owned()).await?;
        manager.drop_table(Table::drop().table("policy_suspensions").to_owned()).await?;
        manager.drop_table(Table::drop().table("policy_versions").to_owned()).await?;
        manager.drop_table(Table::drop().table("policies").to_owned()).await?;
        manager.drop_table(Table::drop().table("venues").to_owned()).await?;
        Ok(())
    }
}
