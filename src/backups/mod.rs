//! Taking a whole board elsewhere: into a file, back from it, and from SQLite to PostgreSQL or the other way.
//!
//! A backup is an SQLite database, whatever the board itself runs on, so there is one way of copying: every table, row
//! by row, from one moment of the source into an empty target, in one transaction. Before it is committed the rows are
//! counted again and the board's figures are computed from both; where they differ, nothing is kept. The service goes
//! on meanwhile. The key that signs links and pairs answers is never part of a copy.

#[cfg(feature = "ssr")]
pub mod command;
#[cfg(feature = "ssr")]
pub mod store;
