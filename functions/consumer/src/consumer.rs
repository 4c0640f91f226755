//! The consumer: what it works on, and within which limits.

use catalogue::Configuration;
use protocol::time::Millis;

use crate::{gate::Gate, registry::Registry, router::Router};

/// How long, how often, how many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// How many records are worked on at once.
    pub concurrency: usize,
    /// Items of a batch that have more bytes than this go to the bucket.
    pub inline_body_bytes: usize,
    /// A lease ends so long after the invocation's deadline.
    pub lease_grace: Millis,
    /// Nothing new is started when less than this is left.
    pub to_start: Millis,
    /// A handler is cut off when less than this is left: what it came to is yet to be written.
    pub to_finish: Millis,
    /// The batch is answered when less than this is left, whatever is still under way.
    pub to_answer: Millis,
}

/// The consumer.
pub struct Consumer<W> {
    /// What it works on.
    pub world: W,
    /// Which sources, destinations and routes there are.
    pub configuration: &'static Configuration,
    /// Which events go where.
    pub router: Router,
    /// The handlers.
    pub handlers: Registry,
    /// Which destinations can be sent to, as far as this process knows.
    pub gate: Gate,
    /// How long, how often, how many.
    pub settings: Settings,
}

/// When a record is worked on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    /// Beside others.
    First,
    /// Alone, after all others: the last holder of its event's claim never came back. If that was the
    /// event's doing, it must not take its neighbours' tries with it again.
    RunAlone,
}

impl Settings {
    /// The usual margins.
    #[must_use]
    pub const fn new(concurrency: usize, inline_body_bytes: usize) -> Self {
        Self {
            concurrency,
            inline_body_bytes,
            lease_grace: Millis::seconds(5),
            to_start: Millis::seconds(5),
            to_finish: Millis::seconds(3),
            to_answer: Millis(500),
        }
    }
}
