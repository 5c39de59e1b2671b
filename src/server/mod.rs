//! The running service: settings, database, clock, keys, mail worker, jobs, and how they come together.

pub mod bulk;
pub mod clock;
pub mod config;
pub mod database;
pub mod health;
pub mod jobs;
pub mod log;
pub mod outbox;
pub mod router;
pub mod secrets;
pub mod serve;
pub mod state;
pub mod tables;
