//! The world of the crash tests: one state in memory with the real services' conditions, in which the functions run
//! until something happens to them.
//!
//! Whatever leaves a process is an *effect*: one call through a port. Every effect goes through one door
//! ([`effect`]), which counts it and may do to it what can happen to a call ([`Mode`]). A process that is killed there
//! is dropped, as death would drop it: nothing after that point takes place, and what it held (a lease, a received
//! message) stays as it was. Time is tokio's paused clock plus what the driver added; chance is drawn from a seed.
//!
//! | | |
//! |---|---|
//! | [`effect`] | the door: processes, and what can happen to a call |
//! | [`state`] | the ledger, the bucket, the cursors, the secrets |
//! | [`sqs`] | the queue and its dead-letter queue |
//! | [`ports`] | the functions' ports, each call an effect |
//! | [`contract`] | what must never be seen, and what must be true in the end |
//! | [`drive`] | the platform: starts processes, and does what follows their ends |
//! | [`recover`] | recovery, until all is quiet |
//! | [`sender`] | the provider's side, and the handler |
//! | [`ways`], [`paths`] | the ways through the functions, and what is known of each |
//! | [`person`] | replays and redrives |
//! | [`marks`] | what must not be told is marked, and found |
//! | [`history`] | long histories by chance |
//! | [`suite`] | the suite of the ports' contract, on this world |

pub mod contract;
pub mod drive;
pub mod effect;
pub mod history;
pub mod marks;
pub mod paths;
pub mod person;
pub mod ports;
pub mod recover;
pub mod sender;
pub mod sqs;
pub mod state;
pub mod suite;
pub mod ways;

pub use drive::World;
pub use effect::{Mode, Plan, Process};
pub use recover::Recovery;
pub use state::State;
