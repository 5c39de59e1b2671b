//! Indexes: each order that the office can choose for its lists of bookings, courses, people, agencies and sessions.

use crate::tables::index;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

/// Bookings by name or course start from the person's or the course's index and go on by their own foreign keys.
const INDEXES: [(&str, &[&str]); 6] = [
    ("sessions", &["starts_at"]),
    ("courses", &["title"]),
    ("courses", &["topic", "title"]),
    ("courses", &["duration_minutes", "title"]),
    ("people", &["created_at"]),
    ("agencies", &["agency_type", "name"]),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, columns) in INDEXES {
            manager.create_index(index(table, columns)).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, columns) in INDEXES {
            let name = format!("{table}_{}", columns.join("_"));
            manager.drop_index(Index::drop().table(table).name(name).to_owned()).await?;
        }
        Ok(())
    }
}
