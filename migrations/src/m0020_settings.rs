//! Tables: settings, bank_holidays, audit, outbox, job_leases, demo_board, demo_mailbox.

use crate::tables::{index, references, unique};
use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer, big_integer_null, big_pk_auto, boolean, date, integer, text, text_null, timestamp_with_time_zone,
        timestamp_with_time_zone_null,
    },
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // What the office can change without a developer.
        manager
            .create_table(
                Table::create()
                    .table("settings")
                    .col(text("key"))
                    .col(text("value"))
                    .col(timestamp_with_time_zone("changed_at"))
                    .primary_key(Index::create().col("key"))
                    .to_owned(),
            )
            .await?;
        // Bank holidays of England and Wales; a year without any is unknown.
        manager
            .create_table(
                Table::create()
                    .table("bank_holidays")
                    .col(date("date"))
                    .col(text("name"))
                    .primary_key(Index::create().col("date"))
                    .to_owned(),
            )
            .await?;
        // Who did what, in plain sentences.
        manager
            .create_table(
                Table::create()
                    .table("audit")
                    .col(big_pk_auto("id"))
                    .col(timestamp_with_time_zone("at"))
                    .col(big_integer_null("actor_id"))
                    .col(text("subject_kind"))
                    .col(big_integer("subject_id"))
                    .col(text("sentence"))
                    .foreign_key(&mut references("audit", "actor_id", "people"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("audit", &["subject_kind", "subject_id"])).await?;
        manager.create_index(index("audit", &["at"])).await?;
        // Mail to send: written with the change that causes it, sent by the worker.
        manager
            .create_table(
                Table::create()
                    .table("outbox")
                    .col(big_pk_auto("id"))
                    .col(text("message_id"))
                    .col(big_integer_null("person_id"))
                    .col(text("to_address"))
                    .col(text("kind"))
                    .col(text("subject"))
                    .col(text_null("body"))
                    .col(text_null("html"))
                    .col(text_null("calendar"))
                    .col(boolean("has_personal_link"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("due_at"))
                    .col(integer("attempts"))
                    .col(timestamp_with_time_zone_null("leased_until"))
                    .col(timestamp_with_time_zone_null("sent_at"))
                    .col(timestamp_with_time_zone_null("failed_at"))
                    .col(text_null("last_error"))
                    .col(timestamp_with_time_zone_null("resent_at"))
                    .foreign_key(&mut references("outbox", "person_id", "people"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(unique("outbox", &["message_id"])).await?;
        manager.create_index(index("outbox", &["sent_at", "due_at"])).await?;
        manager.create_index(index("outbox", &["person_id"])).await?;
        // The wording of mails, where the office has changed it.
        manager
            .create_table(
                Table::create()
                    .table("mail_wordings")
                    .col(text("kind"))
                    .col(text("subject"))
                    .col(text("body"))
                    .col(timestamp_with_time_zone("changed_at"))
                    .primary_key(Index::create().col("kind"))
                    .to_owned(),
            )
            .await?;
        // Which job ran when, and until when one process has it.
        manager
            .create_table(
                Table::create()
                    .table("job_leases")
                    .col(text("name"))
                    .col(timestamp_with_time_zone_null("leased_until"))
                    .col(timestamp_with_time_zone_null("ran_at"))
                    .primary_key(Index::create().col("name"))
                    .to_owned(),
            )
            .await?;
        // Marks a database that --demo made, with its clock.
        manager
            .create_table(
                Table::create()
                    .table("demo_board")
                    .col(big_pk_auto("id"))
                    .col(timestamp_with_time_zone("made_at"))
                    .col(big_integer("clock_offset_seconds"))
                    .col(boolean("finished"))
                    .to_owned(),
            )
            .await?;
        // Mail that the demo sent, to be read on its mailbox page.
        manager
            .create_table(
                Table::create()
                    .table("demo_mailbox")
                    .col(big_pk_auto("id"))
                    .col(text("to_address"))
                    .col(text("subject"))
                    .col(text("body"))
                    .col(text_null("html"))
                    .col(text_null("calendar"))
                    .col(timestamp_with_time_zone("sent_at"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("demo_mailbox", &["to_address"])).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("demo_mailbox").to_owned()).await?;
        manager.drop_table(Table::drop().table("demo_board").to_owned()).await?;
        manager.drop_table(Table::drop().table("job_leases").to_owned()).await?;
        manager.drop_table(Table::drop().table("mail_wordings").to_owned()).await?;
        manager.drop_table(Table::drop().table("outbox").to_owned()).await?;
        manager.drop_table(Table::drop().table("audit").to_owned()).await?;
        manager.drop_table(Table::drop().table("bank_holidays").to_owned()).await?;
        manager.drop_table(Table::drop().table("settings").to_owned()).await?;
        Ok(())
    }
}
