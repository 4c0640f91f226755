//! Tickets from message to answer, in the world of the tests.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod batches;
mod claims;
mod contexts;
mod documented;
mod drill;
mod forms;
mod holders;
mod leftovers;
mod logs;
mod opened;
mod own;
mod probe;
#[allow(unreachable_pub, reason = "as the README shows it")]
mod readme;
mod routes;
mod splits;
mod subscriptions;
