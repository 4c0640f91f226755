//! What only an operator does, with credentials of their own: finds a stack, reads its ledger, changes secrets. The
//! command line is built on it; no function has it, for it is behind the feature `operator`.

mod account;
mod alarms;
mod deeds;
mod destinations;
mod enrolment;
mod facts;
mod ledger;
mod letters;
mod logs;
mod newest;
mod probe;
mod protection;
mod quarantine;
mod running;
mod secrets;
mod stack;
mod wanted;

pub use account::{Account, StandIn};
pub use alarms::{Alarm, Watch};
pub use deeds::{Deeds, OPERATORS};
pub use destinations::Destinations;
pub use enrolment::Enrolments;
pub use facts::{Facts, MappingFacts, QueueFacts, Room};
pub use ledger::{Along, Found, Ledger, Of, Span, Walk};
pub use letters::{Count, Letter, Letters};
pub use logs::{Asked as LogsAsked, FUNCTIONS, Lines, LogLine, Logs};
pub use probe::Consumer;
pub use protection::Protection;
pub use quarantine::{Place, Quarantine};
pub use running::Running;
pub use secrets::{
    DestinationSecret, NewPrivateKey, NewSecret, Others, Outcome, Readiness, Revealed, SecretStore,
    asks_for_token, can_verify, private_keys_of,
};
pub use stack::Stack;
