//! What becomes of an event, from its first write to its end.
//!
//! The tables of [`decide`] say what ingest, consumer and sweeper do next; [`ledger`], [`ticket`] and [`outgoing`] are what
//! they write and send, and [`ports`] what they ask of the world. Nothing here knows a provider, a key or a signature, so
//! that the model explores these very functions and builds without a C compiler. Nor does it know AWS, a clock, the
//! environment or logging: its `Cargo.toml` says so.

pub mod covered;
pub mod decide;
pub mod destination;
pub mod fault;
pub mod ledger;
pub mod outgoing;
pub mod ports;
pub mod reason;
pub mod ticket;
pub mod time;
