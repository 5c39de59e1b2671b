//! Tables: learning_points, instruments, items, item_learning_points, courses, course_outcomes, course_audiences, course_prerequisites, course_learning_points, completions.

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
        // Lessons from case reviews that courses teach.
        manager
            .create_table(
                Table::create()
                    .table("learning_points")
                    .col(big_pk_auto("id"))
                    .col(integer("position"))
                    .col(text("title"))
                    .to_owned(),
            )
            .await?;
        // Versioned questionnaires.
        manager
            .create_table(
                Table::create()
                    .table("instruments")
                    .col(big_pk_auto("id"))
                    .col(text("key"))
                    .col(integer("version"))
                    .col(text("title"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(unique("instruments", &["key", "version"])).await?;
        // Statements and questions with stable keys.
        manager
            .create_table(
                Table::create()
                    .table("items")
                    .col(big_pk_auto("id"))
                    .col(big_integer("instrument_id"))
                    .col(text("key"))
                    .col(integer("version"))
                    .col(text("kind"))
                    .col(text("text"))
                    .col(integer("position"))
                    .col(integer("scale_min"))
                    .col(integer("scale_max"))
                    .col(text("low_label"))
                    .col(text("high_label"))
                    // Of a question: the answer that is right. Of a looking-back item: the item it asks about again.
                    .col(integer_null("right_answer"))
                    .col(big_integer_null("looks_back_on"))
                    .foreign_key(&mut references("items", "instrument_id", "instruments"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(unique("items", &["instrument_id", "key", "version"])).await?;
        // Which learning point an item measures.
        manager
            .create_table(
                Table::create()
                    .table("item_learning_points")
                    .col(big_integer("item_id"))
                    .col(big_integer("learning_point_id"))
                    .primary_key(Index::create().col("item_id").col("learning_point_id"))
                    .foreign_key(&mut references("item_learning_points", "item_id", "items"))
                    .foreign_key(&mut references("item_learning_points", "learning_point_id", "learning_points"))
                    .to_owned(),
            )
            .await?;
        // What can be taught.
        manager
            .create_table(
                Table::create()
                    .table("courses")
                    .col(big_pk_auto("id"))
                    .col(text("slug"))
                    .col(text("title"))
                    .col(text("summary"))
                    .col(text("description"))
                    .col(text("topic"))
                    .col(text("level"))
                    .col(text("kind"))
                    .col(text("status"))
                    .col(integer("duration_minutes"))
                    .col(integer_null("validity_months"))
                    .col(text_null("board_priority"))
                    .col(big_integer_null("instrument_id"))
                    .col(text_null("resource_url"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(integer("version"))
                    .foreign_key(&mut references("courses", "instrument_id", "instruments"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(unique("courses", &["slug"])).await?;
        manager.create_index(index("courses", &["status", "title"])).await?;
        // What people can do afterwards.
        manager
            .create_table(
                Table::create()
                    .table("course_outcomes")
                    .col(big_pk_auto("id"))
                    .col(big_integer("course_id"))
                    .col(integer("position"))
                    .col(text("text"))
                    .foreign_key(&mut references("course_outcomes", "course_id", "courses"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("course_outcomes", &["course_id"])).await?;
        // Who needs a course, by role.
        manager
            .create_table(
                Table::create()
                    .table("course_audiences")
                    .col(big_integer("course_id"))
                    .col(text("audience"))
                    .primary_key(Index::create().col("course_id").col("audience"))
                    .foreign_key(&mut references("course_audiences", "course_id", "courses"))
                    .to_owned(),
            )
            .await?;
        // What must be attended before.
        manager
            .create_table(
                Table::create()
                    .table("course_prerequisites")
                    .col(big_integer("course_id"))
                    .col(big_integer("required_course_id"))
                    .primary_key(Index::create().col("course_id").col("required_course_id"))
                    .foreign_key(&mut references("course_prerequisites", "course_id", "courses"))
                    .foreign_key(&mut references("course_prerequisites", "required_course_id", "courses"))
                    .to_owned(),
            )
            .await?;
        // Which learning points a course teaches.
        manager
            .create_table(
                Table::create()
                    .table("course_learning_points")
                    .col(big_integer("course_id"))
                    .col(big_integer("learning_point_id"))
                    .primary_key(Index::create().col("course_id").col("learning_point_id"))
                    .foreign_key(&mut references("course_learning_points", "course_id", "courses"))
                    .foreign_key(&mut references("course_learning_points", "learning_point_id", "learning_points"))
                    .to_owned(),
            )
            .await?;
        // Recordings and e-learning: started, completed.
        manager
            .create_table(
                Table::create()
                    .table("completions")
                    .col(big_pk_auto("id"))
                    .col(big_integer("course_id"))
                    .col(big_integer("person_id"))
                    .col(big_integer_null("agency_id"))
                    .col(timestamp_with_time_zone("started_at"))
                    .col(timestamp_with_time_zone_null("completed_at"))
                    .foreign_key(&mut references("completions", "course_id", "courses"))
                    .foreign_key(&mut references("completions", "person_id", "people"))
                    .foreign_key(&mut references("completions", "agency_id", "agencies"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("completions", &["course_id", "completed_at"])).await?;
        manager.create_index(index("completions", &["person_id"])).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("completions").to_owned()).await?;
        manager.drop_table(Table::drop().table("course_learning_points").to_owned()).await?;
        manager.drop_table(Table::drop().table("course_prerequisites").to_owned()).await?;
        manager.drop_table(Table::drop().table("course_audiences").to_owned()).await?;
        manager.drop_table(Table::drop().table("course_outcomes").to_owned()).await?;
        manager.drop_table(Table::drop().table("courses").to_owned()).await?;
        manager.drop_table(Table::drop().table("item_learning_points").to_owned()).await?;
        manager.drop_table(Table::drop().table("items").to_owned()).await?;
        manager.drop_table(Table::drop().table("instruments").to_owned()).await?;
        manager.drop_table(Table::drop().table("learning_points").to_owned()).await?;
        Ok(())
    }
}
