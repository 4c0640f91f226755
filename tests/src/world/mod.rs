//! The world of the crash tests: that of all tests ([`support::world`]), in which the functions run until something
//! happens to them, and whatever they do is held against the contract.
//!
//! | | |
//! |---|---|
//! | [`state`] | the services, and what is remembered beside them |
//! | [`function`] | a process as the functions see it |
//! | [`contract`] | what must never be seen, and what must be true in the end |
//! | `told` | that what Landfall tells of itself is told once |
//! | [`drive`] | the platform: starts processes, and does what follows their ends |
//! | [`kinds`] | worlds that differ from the usual one |
//! | [`recover`] | recovery, until all is quiet |
//! | [`sender`] | the provider's side, and the handler |
//! | [`destinations`] | the destinations' side |
//! | [`ways`], [`sending`], [`paths`] | the ways through the functions, and what is known of each |
//! | [`person`] | replays and redrives |
//! | [`marks`] | what must not be told is marked, and found |
//! | [`history`] | long histories by chance |

pub mod contract;
pub mod destinations;
pub mod drive;
pub mod function;
pub mod history;
pub mod kinds;
pub mod marks;
pub mod paths;
pub mod person;
pub mod recover;
pub mod sender;
pub mod sending;
pub mod state;
mod told;
pub mod ways;

pub use drive::World;
pub use recover::Recovery;
pub use state::State;

/// A process of these tests.
pub type Process = support::world::Process<State>;
