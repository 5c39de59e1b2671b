//! One file per table: its columns and their types, nothing else. What a column means is said in its
//! feature's `rules.rs` and in the migration that made it.
#![expect(missing_docs, reason = "columns are described where their tables are made")]

pub mod address;
pub mod agency;
pub mod answer;
pub mod attempt;
pub mod audit;
pub mod bank_holiday;
pub mod booking;
pub mod charge;
pub mod completion;
pub mod course;
pub mod course_audience;
pub mod course_cell;
pub mod course_learning_point;
pub mod course_outcome;
pub mod course_prerequisite;
pub mod course_session_sum;
pub mod demo_board;
pub mod demo_mail;
pub mod imported_session;
pub mod instrument;
pub mod item;
pub mod item_learning_point;
pub mod job_lease;
pub mod learning_point;
pub mod login;
pub mod login_code;
pub mod mark;
pub mod mark_history;
pub mod membership;
pub mod outbox;
pub mod participation;
pub mod person;
pub mod policy;
pub mod policy_suspension;
pub mod policy_version;
pub mod response;
pub mod role;
pub mod session;
pub mod session_cell;
pub mod session_date;
pub mod session_trainer;
pub mod setting;
pub mod venue;
