//! Who did what, in sentences. A row is written in the transaction of what it tells; it never holds answers, access
//! needs, codes or tokens.

#[cfg(feature = "ssr")]
pub mod command;
#[cfg(feature = "ssr")]
pub mod store;
