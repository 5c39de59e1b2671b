//! bookings

pub mod rules;
