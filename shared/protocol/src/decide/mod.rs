//! The decisions, as pure functions: what was found in, what to do next out. The functions' files do
//! the effects in the order in which a decision names them.
//!
//! Of a ticket, [`asked`] says what it asks, [`consumer`] what is done about what it finds, and [`finish`] what follows
//! the runs of a claim; [`limits`] are how often and how long.

pub mod asked;
pub mod bounds;
pub mod consumer;
pub mod finish;
pub mod health;
pub mod ingest;
pub mod limits;
pub mod split;
pub mod sweeper;
