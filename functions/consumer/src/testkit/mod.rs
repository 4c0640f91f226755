//! For the tests of handlers: events, attempts at them, the table that handlers write to, and an API to call. No AWS and
//! no stack.
//!
//! A test makes an event, has a handler run an attempt at it, and looks at what that came to, what was left in the table,
//! and what the API was asked.
#![allow(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "what goes wrong in a test panics"
)]

mod api;
mod attempt;

#[cfg(test)]
mod tests;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard},
};

use catalogue::{Environment, Payload};
use futures_util::future::{BoxFuture, FutureExt as _};
use landfall_aws::clients::{self, SdkConfig};
use protocol::{
    fault::{Fault, FaultKind},
    ports::Written,
    time::UnixMillis,
};
use serde_json::Value;

pub use protocol::{covered::Part, decide::finish::RunOutcome};

pub use self::{
    api::{Api, Asked},
    attempt::Attempt,
};
use crate::{
    handler::{Context, Event, RawBody},
    projection::{Projection, Store},
    start::Start,
};

/// When the events here were received.
pub const RECEIVED: UnixMillis = UnixMillis(1_799_999_400_000);

/// When the attempts at them are cut off.
const DEADLINE: UnixMillis = UnixMillis(RECEIVED.0 + 60_000);

/// An authentic event, `evt_1`, with this body.
#[must_use]
pub fn event(source: &str, event_type: &str, body: &(impl ToString + ?Sized)) -> Event {
    Event {
        source: source.into(),
        id: "evt_1".into(),
        event_type: event_type.into(),
        content_type: "application/json".into(),
        payload: Payload::Body,
        body: RawBody(body.to_string().into()),
        held: None,
    }
}

/// The same with a form for its body, percent-encoded. Where a field of it holds JSON, it is `payload`, as with GitHub
/// and Slack.
#[must_use]
pub fn form(source: &str, event_type: &str, body: &str) -> Event {
    Event {
        content_type: "application/x-www-form-urlencoded".into(),
        payload: Payload::Field("payload"),
        ..event(source, event_type, body)
    }
}

/// A process that starts with these settings, for what builds the handlers' state. There is no AWS that it could call.
#[must_use]
pub fn start(settings: &Value) -> Start {
    let aws = SdkConfig::builder().build();
    Start::new(Environment::Test, aws, settings.as_object().unwrap())
}

/// The same, where this API stands in for all of AWS.
#[must_use]
pub fn start_with_aws(settings: &Value, aws: &Api) -> Start {
    let aws = clients::stand_in(aws.url());
    Start::new(Environment::Test, aws, settings.as_object().unwrap())
}

/// The table that handlers write to, in memory. Clones share it.
#[derive(Clone, Default)]
pub struct Table(Arc<Mutex<Inner>>);

#[derive(Default)]
struct Inner {
    states: BTreeMap<String, (UnixMillis, String)>,
    counts: BTreeMap<(String, String), u64>,
    fails: bool,
}

impl Table {
    /// The first attempt at an event, by a handler that writes to this table. Its fields may be set to others.
    #[must_use]
    pub fn context(&self) -> Context {
        Context {
            idempotency_key: "k".repeat(64),
            route: "route".into(),
            attempt: 1,
            tries: 1,
            tries_limit: 3,
            deadline: DEADLINE,
            received_at: RECEIVED,
            epoch: 0,
            headers: BTreeMap::new(),
            covered: [Part::Id, Part::Type, Part::Reference, Part::Body]
                .into_iter()
                .collect(),
            secret_label: "2026-11".into(),
            trace: None,
            projection: Projection::new(self.clone()),
        }
    }

    /// The state that is kept under a key; null where there is none.
    #[must_use]
    pub fn state(&self, key: &str) -> Value {
        let kept = self.lock().states.get(key).cloned();
        kept.map_or(Value::Null, |(_, state)| {
            serde_json::from_str(&state).unwrap()
        })
    }

    /// How far this counter has come.
    #[must_use]
    pub fn count(&self, key: &str, name: &str) -> u64 {
        let counter = (key.to_owned(), name.to_owned());
        self.lock().counts.get(&counter).copied().unwrap_or(0)
    }

    /// Whether nothing was written.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let inner = self.lock();
        inner.states.is_empty() && inner.counts.is_empty()
    }

    /// Has every call fail from now on.
    pub fn fail(&self) {
        self.lock().fails = true;
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap()
    }

    fn call(&self) -> Result<MutexGuard<'_, Inner>, Fault> {
        let inner = self.lock();
        if inner.fails {
            return Err(Fault::new(FaultKind::TimedOut, "the table", "no answer"));
        }
        Ok(inner)
    }
}

impl Store for Table {
    fn put_if_newer<'a>(
        &'a self,
        key: &'a str,
        occurred_at: UnixMillis,
        json: &'a str,
    ) -> BoxFuture<'a, Result<Written, Fault>> {
        async move {
            let mut inner = self.call()?;
            let newer = inner
                .states
                .get(key)
                .is_some_and(|(at, _)| *at > occurred_at);
            if newer {
                return Ok(Written::No);
            }
            inner.states.insert(key.into(), (occurred_at, json.into()));
            Ok(Written::Yes)
        }
        .boxed()
    }

    fn count<'a>(&'a self, key: &'a str, name: &'a str) -> BoxFuture<'a, Result<u64, Fault>> {
        async move {
            let mut inner = self.call()?;
            let count = inner.counts.entry((key.into(), name.into())).or_default();
            *count += 1;
            Ok(*count)
        }
        .boxed()
    }
}
