//! The database schema, step by step; numbers have gaps so that a step can come between.

pub use sea_orm_migration::prelude::MigratorTrait;
use sea_orm_migration::prelude::*;

mod m0010_accounts;
mod m0015_former_details;
mod m0020_settings;
mod m0030_courses;
mod m0040_sessions;
mod m0050_bookings;
mod m0055_records;
mod m0060_attendance;
mod m0070_surveys;
mod m0075_gains;
mod m0080_imports;
mod m0085_mail;
mod m0090_booking_lists;
mod m0095_form_ids;
mod m0097_comparisons_by_session;
mod m0110_office_lists;
mod m0120_bookings_by_day;
mod m0130_write_mark;
mod m0150_held_since;
mod m0160_telling_parts;
mod m0170_mail_closed;
mod sorting;
mod tables;

pub use sorting::sort_text_by_code_point;

/// All steps, oldest first.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0010_accounts::Migration),
            Box::new(m0015_former_details::Migration),
            Box::new(m0020_settings::Migration),
            Box::new(m0030_courses::Migration),
            Box::new(m0040_sessions::Migration),
            Box::new(m0050_bookings::Migration),
            Box::new(m0055_records::Migration),
            Box::new(m0060_attendance::Migration),
            Box::new(m0070_surveys::Migration),
            Box::new(m0075_gains::Migration),
            Box::new(m0080_imports::Migration),
            Box::new(m0085_mail::Migration),
            Box::new(m0090_booking_lists::Migration),
            Box::new(m0095_form_ids::Migration),
            Box::new(m0097_comparisons_by_session::Migration),
            Box::new(m0110_office_lists::Migration),
            Box::new(m0120_bookings_by_day::Migration),
            Box::new(m0130_write_mark::Migration),
            Box::new(m0150_held_since::Migration),
            Box::new(m0160_telling_parts::Migration),
            Box::new(m0170_mail_closed::Migration),
        ]
    }
}
