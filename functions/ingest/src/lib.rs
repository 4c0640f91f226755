//! Ingest: proves that a delivery is authentic, records its event once, sends a ticket, answers.
//! [`receive`](receive::receive) tells it from top to bottom.

mod admission;
pub mod answer;
mod budget;
pub mod check;
mod flood;
mod front;
pub mod note;
mod quarantine;
pub mod receive;
pub mod request;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod testing;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
pub mod world;
