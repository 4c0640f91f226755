//! Tickets from message to answer, in the world of the tests.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod batches;
mod claims;
mod forms;
mod handlers;
mod holders;
mod routes;
mod splits;
mod subscriptions;
