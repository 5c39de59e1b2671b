//! Journeys over real HTTP, as a browser without JavaScript takes them; and tests that hold the structure.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on should stop here")]

mod accounts;
mod attendance;
mod backups;
mod board;
mod bookings;
mod bounces;
mod browser;
mod calendar;
mod charges;
mod command_line;
mod courses;
mod crashes;
mod databases;
mod demo;
mod first_day;
mod gain_beside;
mod gain_views;
mod imports;
mod learning_gain;
mod mail;
mod messages;
mod office;
mod outages;
mod privacy;
mod processes;
mod records;
mod routes;
mod safety;
mod service;
mod sessions;
mod sign_in;
mod smtp;
mod structure;
mod surveys;
mod walk_ins;
