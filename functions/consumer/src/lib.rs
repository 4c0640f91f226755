//! The consumer: takes tickets from the queue, claims their events, sends them where their routes lead: to destinations, and
//! to handlers, which it runs.
//!
//! Your own handlers go into [`handlers`]; nothing else needs to be changed for them. What happens to
//! a ticket stands in [`work`], from message to answer.

pub mod batch;
mod confirm;
mod consumer;
pub mod drill;
mod failure;
mod function;
pub mod gate;
pub mod handler;
pub mod handlers;
mod leftover;
mod legs;
pub mod line;
mod message;
mod open;
mod own;
mod probe;
pub mod projection;
pub mod registry;
pub mod router;
mod run;
mod split;
pub mod sqs;
pub mod start;
mod way;
pub mod work;
pub mod world;

#[cfg(test)]
mod testing;
#[cfg(any(test, feature = "testkit"))]
pub mod testkit;
#[cfg(test)]
mod tests;

pub use batch::Unanswerable;
pub use consumer::{Consumer, Settings};
pub use function::run;
