//! Attempts at an event, as the consumer makes them.

use std::time::Duration;

use protocol::{
    decide::finish::RunOutcome,
    ledger::{EventKey, Life},
    outgoing::idempotency_key,
};

use super::{Part, RECEIVED, Table};
use crate::{
    handler::{Context, Event},
    registry::Registry,
    run::run,
};

/// An attempt at an event: what a handler is called with. Whatever isn't said here may be set in its fields.
#[derive(Clone)]
pub struct Attempt {
    /// The event.
    pub event: Event,
    /// What the handler may know of the attempt.
    pub context: Context,
}

impl Attempt {
    /// The first attempt at an event, by a handler that writes to this table. Each event has a key of its own, the same
    /// in all its attempts.
    #[must_use]
    pub fn new(event: Event, table: &Table) -> Self {
        let context = table.context();
        let key = EventKey::new(&event.source, &event.id);
        let idempotency_key = idempotency_key(&key, Life(RECEIVED), &context.route);
        Self {
            event,
            context: Context {
                idempotency_key,
                ..context
            },
        }
    }

    /// The next try, after one that failed or never came back.
    #[must_use]
    pub fn again(mut self) -> Self {
        self.context.attempt += 1;
        self.context.tries += 1;
        self
    }

    /// A replay: a run on purpose, whatever became of the ones before.
    #[must_use]
    pub fn replayed(mut self) -> Self {
        self.context.attempt += 1;
        self.context.tries = 1;
        self.context.epoch += 1;
        self
    }

    /// The same, where this part of the event isn't signed.
    #[must_use]
    pub fn unsigned(mut self, part: Part) -> Self {
        self.context.covered = self.context.covered.with(part, false);
        self
    }

    /// The same with this header, which isn't signed.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let headers = &mut self.context.headers;
        headers.insert(name.to_lowercase(), value.into());
        self
    }

    /// The same, of a delivery that belongs to this trace.
    #[must_use]
    pub fn traced(mut self, trace: &str) -> Self {
        self.context.trace = Some(trace.into());
        self
    }

    /// Has the handler of this name run it as the consumer does, and says what that came to. A panic is no end of the
    /// test, and neither is a handler that overruns its time: `context.deadline`, counted from when the event was received.
    pub async fn run(&self, handlers: &Registry, name: &str) -> RunOutcome {
        let handler = handlers.get(name).unwrap().clone();
        let limit = self.context.deadline.since(self.context.received_at);
        let limit = Duration::from_millis(limit.0.unsigned_abs());
        let (event, context) = (self.event.clone(), self.context.clone());
        run(handler, event, context, limit, || RECEIVED).await
    }
}
