//! Tables: agencies, people, addresses, roles, login_codes, logins, attempts, memberships.

use crate::tables::{index, references, unique};
use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer, big_integer_null, big_pk_auto, boolean, date, date_null, integer, text, text_null,
        timestamp_with_time_zone, timestamp_with_time_zone_null,
    },
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Employers, schools, practices and charities.
        manager
            .create_table(
                Table::create()
                    .table("agencies")
                    .col(big_pk_auto("id"))
                    .col(text("name"))
                    .col(text("agency_type"))
                    .col(text("sector"))
                    .col(text_null("mail_domain"))
                    .col(text_null("billing_name"))
                    .col(text_null("billing_address"))
                    .col(text_null("cost_code"))
                    .col(boolean("same_legal_body"))
                    .col(boolean("needs_approval"))
                    .col(boolean("copy_leads").default(false))
                    .col(timestamp_with_time_zone_null("closed_at"))
                    .col(integer("version"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(unique("agencies", &["name"])).await?;
        manager.create_index(index("agencies", &["mail_domain"])).await?;
        // People: learners, trainers and everybody else.
        manager
            .create_table(
                Table::create()
                    .table("people")
                    .col(big_pk_auto("id"))
                    .col(text("name"))
                    .col(text("kind"))
                    .col(boolean("under_18"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone_null("erased_at"))
                    .col(integer("version").default(1))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("people", &["name"])).await?;
        // E-mail addresses, lower case; a proven one signs its person in.
        manager
            .create_table(
                Table::create()
                    .table("addresses")
                    .col(big_pk_auto("id"))
                    .col(big_integer("person_id"))
                    .col(text("address"))
                    .col(timestamp_with_time_zone_null("proven_at"))
                    .col(boolean("main"))
                    .col(timestamp_with_time_zone_null("bounced_at"))
                    .foreign_key(&mut references("addresses", "person_id", "people"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(unique("addresses", &["address"])).await?;
        manager.create_index(index("addresses", &["person_id"])).await?;
        // Roles; a training lead or billing contact has one per agency.
        manager
            .create_table(
                Table::create()
                    .table("roles")
                    .col(big_pk_auto("id"))
                    .col(big_integer("person_id"))
                    .col(text("role"))
                    .col(big_integer_null("agency_id"))
                    .foreign_key(&mut references("roles", "person_id", "people"))
                    .foreign_key(&mut references("roles", "agency_id", "agencies"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("roles", &["person_id"])).await?;
        manager.create_index(index("roles", &["agency_id", "role"])).await?;
        // Single-use sign-in codes; only their hash is kept.
        manager
            .create_table(
                Table::create()
                    .table("login_codes")
                    .col(big_pk_auto("id"))
                    .col(text("address"))
                    .col(text("code_hash"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("expires_at"))
                    .col(integer("attempts"))
                    .col(timestamp_with_time_zone_null("used_at"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("login_codes", &["address"])).await?;
        // Signed-in devices; only the token's hash is kept.
        manager
            .create_table(
                Table::create()
                    .table("logins")
                    .col(big_pk_auto("id"))
                    .col(text("token_hash"))
                    .col(big_integer("person_id"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("seen_at"))
                    .col(timestamp_with_time_zone_null("ended_at"))
                    .foreign_key(&mut references("logins", "person_id", "people"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(unique("logins", &["token_hash"])).await?;
        manager.create_index(index("logins", &["person_id"])).await?;
        // What is counted for rate limits; the bucket is an HMAC, never an address.
        manager
            .create_table(
                Table::create()
                    .table("attempts")
                    .col(big_pk_auto("id"))
                    .col(text("bucket"))
                    .col(timestamp_with_time_zone("at"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("attempts", &["bucket", "at"])).await?;
        // Dated links between people and agencies; they count once confirmed.
        manager
            .create_table(
                Table::create()
                    .table("memberships")
                    .col(big_pk_auto("id"))
                    .col(big_integer("person_id"))
                    .col(big_integer("agency_id"))
                    .col(text("job_role"))
                    .col(date("from_date"))
                    .col(date_null("to_date"))
                    .col(timestamp_with_time_zone_null("confirmed_at"))
                    .col(text_null("confirmed_by"))
                    .foreign_key(&mut references("memberships", "person_id", "people"))
                    .foreign_key(&mut references("memberships", "agency_id", "agencies"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("memberships", &["person_id"])).await?;
        manager.create_index(index("memberships", &["agency_id"])).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("memberships").to_owned()).await?;
        manager.drop_table(Table::drop().table("attempts").to_owned()).await?;
        manager.drop_table(Table::drop().table("logins").to_owned()).await?;
        manager.drop_table(Table::drop().table("login_codes").to_owned()).await?;
        manager.drop_table(Table::drop().table("roles").to_owned()).await?;
        manager.drop_table(Table::drop().table("addresses").to_owned()).await?;
        manager.drop_table(Table::drop().table("people").to_owned()).await?;
        manager.drop_table(Table::drop().table("agencies").to_owned()).await?;
        Ok(())
    }
}
