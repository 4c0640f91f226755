//! The decisions, as pure functions: what was found in, what to do next out. The functions' files do
//! the effects in the order in which a decision names them.

pub mod bounds;
pub mod consumer;
pub mod finish;
pub mod health;
pub mod ingest;
pub mod split;
pub mod sweeper;
