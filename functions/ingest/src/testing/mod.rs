//! The world of the tests: in memory, with the real one's conditions, and calls that fail on demand.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard},
};

use catalogue::{Environment, Source, Sources, reader};
pub(crate) use fakes::gateway::request;
use fakes::{gateway, tables};
use landfall_aws::metrics::Line;
use protocol::{
    fault::{Fault, FaultKind},
    ledger::{EventKey, EventRecord, Work},
    ports::{BodyStore, Clock, Put, Queue, Recorder, Written},
    ticket::Ticket,
    time::{Millis, UnixMillis},
};
use serde_json::{Value, json};
use webhook::{
    endpoint::enrolment::{self, Offer},
    keys::{Keys, Purpose, Secret, origin::Origin},
    ports::{Enrolments, Secrets},
};

use crate::{
    receive::{Settings, receive},
    world::World,
};

pub(crate) const NOW: UnixMillis = UnixMillis(1_800_000_000_000);
pub(crate) const SECRET: &str = "it's a secret to everybody";
pub(crate) const LATER_SECRET: &str = "it's another secret";
pub(crate) const VERIFY_TOKEN: &str = "verify-token-9c2e";
pub(crate) const INLINE_BODY_BYTES: usize = 1_000;

const SOURCES: &str = include_str!("sources.toml");

/// What a call does instead of what it should.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// Fails without effect.
    Fails,
    /// Never answers.
    Hangs,
    /// Takes effect once; its answer is lost, and the SDK asks again.
    Doubles,
    /// Takes so long.
    Takes(Millis),
}

/// The world. Clones share it.
#[derive(Clone, Default)]
pub(crate) struct Memory(Arc<Mutex<Inner>>);

#[derive(Default)]
pub(crate) struct Inner {
    pub(crate) passed: Millis,
    pub(crate) random: u64,
    pub(crate) events: BTreeMap<EventKey, EventRecord>,
    pub(crate) works: BTreeMap<EventKey, Work>,
    pub(crate) objects: BTreeMap<String, Vec<u8>>,
    pub(crate) sent: Vec<Ticket>,
    pub(crate) notes: Vec<Value>,
    /// The secret as Secrets Manager has it, and as it was last read.
    pub(crate) stored: Vec<&'static str>,
    pub(crate) read: Vec<&'static str>,
    pub(crate) refresh_due: bool,
    /// Every effect, in the order in which they came.
    pub(crate) effects: Vec<&'static str>,
    pub(crate) troubles: BTreeMap<&'static str, Trouble>,
    pub(crate) refetched: BTreeSet<String>,
    /// The keys at providers' addresses.
    pub(crate) published: BTreeMap<&'static str, &'static str>,
    pub(crate) enrolments: BTreeMap<String, enrolment::Entry>,
}

impl Memory {
    /// A world where every source but `unset` has its secret.
    pub(crate) fn new() -> Self {
        let memory = Self::default();
        memory.lock().stored = vec![SECRET];
        memory.lock().read = vec![SECRET];
        memory
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap()
    }

    pub(crate) fn trouble(&self, effect: &'static str, trouble: Trouble) {
        self.lock().troubles.insert(effect, trouble);
    }

    pub(crate) fn effects(&self) -> Vec<&'static str> {
        std::mem::take(&mut self.lock().effects)
    }

    pub(crate) fn note(&self) -> Value {
        self.lock().notes.pop().unwrap()
    }

    /// Answers a request: status, content type and body, exactly.
    pub(crate) async fn respond(&self, event: &Value) -> (i64, String, String) {
        let response = self.response(event).await;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        (
            response["statusCode"].as_i64().unwrap(),
            text(&response["headers"]["content-type"]),
            text(&response["body"]),
        )
    }

    /// Answers a request that is refused or carries an event: status and body.
    pub(crate) async fn receive(&self, event: &Value) -> (i64, Value) {
        let response = self.response(event).await;
        assert_eq!(response["headers"]["content-type"], "application/json");
        let body = response["body"].as_str().unwrap_or_default();
        let body = serde_json::from_str(body).unwrap();
        (response["statusCode"].as_i64().unwrap(), body)
    }

    /// Answers a request.
    pub(crate) async fn response(&self, event: &Value) -> Value {
        let settings = Settings {
            stack: "landfall-test",
            sources: sources(),
            inline_body_bytes: INLINE_BODY_BYTES,
        };
        let deadline = self.now().plus(Millis::seconds(10));
        let response = receive(self, &settings, &event.to_string(), deadline).await;
        let response = serde_json::to_value(&response).unwrap();
        assert_eq!(response["headers"]["cache-control"], "no-store");
        assert_eq!(response["headers"]["x-content-type-options"], "nosniff");
        assert_ne!(response["isBase64Encoded"], true);
        let status = response["statusCode"].as_i64().unwrap();
        let header = |name: &str| response["headers"][name].as_str();
        assert_eq!(header("allow").is_some(), status == 405);
        assert_eq!(header("retry-after"), (status == 503).then_some("30"));
        response
    }

    async fn call(&self, effect: &'static str) -> Result<MutexGuard<'_, Inner>, Fault> {
        let trouble = {
            let mut inner = self.lock();
            inner.effects.push(effect);
            inner.troubles.get(effect).copied()
        };
        match trouble {
            Some(Trouble::Fails) => return Err(Fault::new(FaultKind::Other, effect, "failed")),
            Some(Trouble::Hangs) => std::future::pending().await,
            Some(Trouble::Takes(length)) => {
                let inner = &mut self.lock();
                inner.passed = Millis(inner.passed.0 + length.0);
            }
            _ => {}
        }
        Ok(self.lock())
    }
}

impl World for Memory {
    fn ledger(&self) -> &impl Recorder {
        self
    }

    fn queue(&self) -> &impl Queue {
        self
    }

    fn bodies(&self) -> &impl BodyStore {
        self
    }

    fn secrets(&self) -> &impl Secrets {
        self
    }

    fn enrolments(&self) -> &impl Enrolments {
        self
    }

    fn clock(&self) -> &impl Clock {
        self
    }

    fn note(&self, line: &Line) {
        self.lock().notes.push(json!(line));
    }
}

impl Clock for Memory {
    fn now(&self) -> UnixMillis {
        NOW.plus(self.lock().passed)
    }

    fn random(&self) -> u64 {
        let mut inner = self.lock();
        inner.random += 1;
        inner.random
    }
}

impl Recorder for Memory {
    async fn put_event(&self, event: &EventRecord, now: UnixMillis) -> Result<Put, Fault> {
        let mut inner = self.call("put").await?;
        if inner.troubles.get("put") == Some(&Trouble::Doubles) {
            tables::put_event(&mut inner.events, event, now);
        }
        Ok(tables::put_event(&mut inner.events, event, now))
    }

    async fn read_work(&self, key: &EventKey) -> Result<Option<Work>, Fault> {
        Ok(self.call("read").await?.works.get(key).cloned())
    }
}

impl Queue for Memory {
    async fn send(&self, ticket: &Ticket) -> Result<(), Fault> {
        self.call("send").await?.sent.push(ticket.clone());
        Ok(())
    }
}

impl BodyStore for Memory {
    async fn put_body(&self, key: &str, body: &[u8]) -> Result<(), Fault> {
        let mut inner = self.call("body").await?;
        inner.objects.insert(key.to_owned(), body.to_vec());
        Ok(())
    }
}

impl Secrets for Memory {
    async fn keys(
        &self,
        source: &Source,
        origin: &Origin,
        now: UnixMillis,
    ) -> Result<Arc<Keys>, Fault> {
        if let Origin::Named(address) | Origin::Published(address) = origin {
            let inner = self.call("fetch").await?;
            let found: Vec<_> = inner.published.get(address.url()).into_iter().collect();
            return Ok(keys(source, &found));
        }
        if source.name.as_str().ends_with("unset") {
            let found = self.refetch(source, origin, now).await?;
            return found.ok_or_else(|| {
                Fault::new(
                    FaultKind::Other,
                    "keys",
                    "the secret stack: it holds nothing",
                )
            });
        }
        let read = self.lock().read.clone();
        Ok(keys(source, &read))
    }

    async fn refresh(&self, _: &Source, _: &Origin, _: UnixMillis) {
        let due = std::mem::take(&mut self.lock().refresh_due);
        if due && let Ok(mut inner) = self.call("secret").await {
            inner.read = inner.stored.clone();
        }
    }

    async fn refetch(
        &self,
        source: &Source,
        origin: &Origin,
        _: UnixMillis,
    ) -> Result<Option<Arc<Keys>>, Fault> {
        if *origin != Origin::Secret {
            return Ok(None);
        }
        if !self.lock().refetched.insert(source.name.to_string()) {
            return Ok(None);
        }
        let mut inner = self.call("secret").await?;
        let changed = inner.read != inner.stored && !source.name.as_str().ends_with("unset");
        inner.read = inner.stored.clone();
        Ok(changed.then(|| keys(source, &inner.read)))
    }
}

impl Enrolments for Memory {
    async fn keep(
        &self,
        source: &str,
        offer: &Offer,
        from: Option<IpAddr>,
        now: UnixMillis,
    ) -> Result<Written, Fault> {
        let mut inner = self.call("keep").await?;
        let enrolments = &mut inner.enrolments;
        Ok(tables::keep(enrolments, source, offer, from, now))
    }
}

fn keys(source: &Source, secrets: &[impl AsRef<str>]) -> Arc<Keys> {
    let mut secrets: Vec<_> = secrets
        .iter()
        .map(|text| Secret::new(text.as_ref(), "label"))
        .collect();
    if source.name.as_str() == "meta" {
        secrets.push(Secret::new(VERIFY_TOKEN, "token").for_purpose(Purpose::VerifyToken));
    }
    Arc::new(Keys::load(source.schemes, &secrets).0)
}

pub(crate) fn sources() -> &'static Sources {
    Box::leak(Box::new(
        reader::read(SOURCES, Environment::Test).unwrap().sources,
    ))
}

/// An unsigned request with this method and query.
pub(crate) fn asked(source: &str, method: &str, query: &str, body: &str) -> Value {
    let mut event = request(source, body, &[]);
    event["requestContext"]["http"]["method"] = method.into();
    event["rawQueryString"] = query.into();
    event
}

/// A delivery, signed with this secret as the provider would.
pub(crate) fn signed(source: &str, body: &str, headers: &[(&str, &str)], secret: &str) -> Value {
    let source = sources().get(source).unwrap();
    gateway::signed(source, body, headers, secret, NOW)
}

/// An event of GitHub's under this id.
pub(crate) fn event(id: &str) -> Value {
    github(id, r#"{"action":"opened"}"#, SECRET)
}

pub(crate) fn github(id: &str, body: &str, secret: &str) -> Value {
    let headers = [("X-GitHub-Delivery", id), ("X-GitHub-Event", "issues")];
    signed("github", body, &headers, secret)
}
