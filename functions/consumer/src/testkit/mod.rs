//! For the tests of handlers: events, the table that handlers write to, and an API to call. No AWS and no stack.
//!
//! A test makes an event, calls the handler with it, and looks at what the handler answered and left in the table.
#![allow(clippy::unwrap_used)]

mod api;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard},
};

use catalogue::Environment;
use futures_util::future::{BoxFuture, FutureExt as _};
use landfall_aws::clients::SdkConfig;
use protocol::{
    covered::Part,
    fault::{Fault, FaultKind},
    ports::Written,
    time::UnixMillis,
};
use serde_json::Value;

pub(crate) use self::api::Api;
use crate::{
    handler::{Context, Event, RawBody},
    projection::{Projection, Store},
    start::Start,
};

/// When the events here were received.
pub(crate) const RECEIVED: UnixMillis = UnixMillis(1_799_999_400_000);

/// When the attempts at them are cut off.
const DEADLINE: UnixMillis = UnixMillis(RECEIVED.0 + 60_000);

/// An authentic event, `evt_1`, with this body.
pub(crate) fn event(source: &str, event_type: &str, body: &(impl ToString + ?Sized)) -> Event {
    Event {
        source: source.into(),
        id: "evt_1".into(),
        event_type: event_type.into(),
        content_type: "application/json".into(),
        payload_field: None,
        body: RawBody(body.to_string().into()),
    }
}

/// A process that starts with these settings, for what builds the handlers' state.
pub(crate) fn start(settings: &Value) -> Start {
    let aws = SdkConfig::builder().build();
    Start::new(Environment::Test, aws, settings.as_object().unwrap())
}

/// The table that handlers write to, in memory. Clones share it.
#[derive(Clone, Default)]
pub(crate) struct Table(Arc<Mutex<Inner>>);

#[derive(Default)]
struct Inner {
    states: BTreeMap<String, (UnixMillis, String)>,
    counts: BTreeMap<(String, String), u64>,
    fails: bool,
}

impl Table {
    /// The first attempt at an event, by a handler that writes to this table. Its fields may be set to others.
    pub(crate) fn context(&self) -> Context {
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
            projection: Projection::new(self.clone()),
        }
    }

    /// The state that is kept under a key; null where there is none.
    pub(crate) fn state(&self, key: &str) -> Value {
        let kept = self.lock().states.get(key).cloned();
        kept.map_or(Value::Null, |(_, state)| {
            serde_json::from_str(&state).unwrap()
        })
    }

    /// How far this counter has come.
    pub(crate) fn count(&self, key: &str, name: &str) -> u64 {
        let counter = (key.to_owned(), name.to_owned());
        self.lock().counts.get(&counter).copied().unwrap_or(0)
    }

    /// Whether nothing was written.
    pub(crate) fn is_empty(&self) -> bool {
        let inner = self.lock();
        inner.states.is_empty() && inner.counts.is_empty()
    }

    /// Has every call fail from now on.
    pub(crate) fn fail(&self) {
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
