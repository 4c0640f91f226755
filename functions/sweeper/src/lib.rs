//! The sweeper: looks at each event when it comes of age, and sends a ticket for those that are
//! overdue. It heals what nobody else sees: a ticket that was never sent, or got lost.

pub mod line;
mod looks;
mod silence;
pub mod sweep;
pub mod world;

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

pub use sweep::{Settings, Summary, Sweeper, Tally};
