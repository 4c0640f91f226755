//! Ingest in the world of the tests.

use std::{
    ops::Deref,
    sync::{Arc, Mutex},
};

use catalogue::{Environment, Sources, reader};
use landfall_aws::metrics::{By, Line};
use protocol::{
    fault::{Fault, FaultKind},
    ports::{BodyStore, Clock, Queue, Recorder},
    time::{Millis, UnixMillis},
};
use serde_json::{Value, json};
use support::{gateway, world::Process};
pub(crate) use support::{
    gateway::request,
    world::{Mode, NOW, Plan},
};
use webhook::ports::{Enrolments, Front, Quarantine, Secrets};

use crate::{
    receive::{Settings, receive},
    world::World,
};

pub(crate) const SECRET: &str = "it's a secret to everybody";
pub(crate) const LATER_SECRET: &str = "it's another secret";
pub(crate) const VERIFY_TOKEN: &str = "verify-token-9c2e";
pub(crate) const INLINE_BODY_BYTES: usize = 1_000;

const SOURCES: &str = include_str!("sources.toml");

/// What a call says that fails.
pub(crate) const FAILS: Mode = Mode::FailedBefore(FaultKind::Other);

/// The world, and what ingest has noted in it. Clones share it.
#[derive(Clone, Default)]
pub(crate) struct Memory {
    process: Process,
    notes: Arc<Mutex<Vec<Value>>>,
    /// What a front shows, where there is one.
    shown: Option<Shown>,
}

/// What a front shows.
#[derive(Clone)]
pub(crate) struct Shown {
    process: Process,
    texts: Vec<&'static str>,
}

impl Deref for Memory {
    type Target = Process;

    fn deref(&self) -> &Process {
        &self.process
    }
}

impl Memory {
    /// A world where every source but `unset` has its secret.
    pub(crate) fn new() -> Self {
        let memory = Self::default();
        let mut state = memory.state();
        state.hold(&[SECRET]);
        state.unset = ["unset", "meta-unset"].into();
        state.verify_tokens = [("meta", VERIFY_TOKEN)].into();
        drop(state);
        memory
    }

    /// The same behind a front that shows one of these.
    pub(crate) fn behind_a_front(mut self, texts: &[&'static str]) -> Self {
        let (process, texts) = (self.process.clone(), texts.to_vec());
        self.shown = Some(Shown { process, texts });
        self
    }

    /// Has this happen to every such call from now on.
    pub(crate) fn trouble(&self, call: &'static str, mode: Mode) {
        self.state().door.plan(Plan::From(call, 0, mode));
    }

    /// What was called since this was asked for the last time.
    pub(crate) fn calls(&self) -> Vec<&'static str> {
        self.state().door.take_calls()
    }

    pub(crate) fn note(&self) -> Value {
        self.notes.lock().unwrap().pop().unwrap()
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
            version: "7",
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
}

impl World for Memory {
    fn ledger(&self) -> &impl Recorder {
        &self.process
    }

    fn queue(&self) -> &impl Queue {
        &self.process
    }

    fn bodies(&self) -> &impl BodyStore {
        &self.process
    }

    fn secrets(&self) -> &impl Secrets {
        &self.process
    }

    fn enrolments(&self) -> &impl Enrolments {
        &self.process
    }

    fn quarantine(&self) -> &impl Quarantine {
        &self.process
    }

    fn front(&self) -> Option<&impl Front> {
        self.shown.as_ref()
    }

    fn clock(&self) -> &impl Clock {
        &self.process
    }

    fn note(&self, line: Line) {
        self.notes.lock().unwrap().push(json!(line.json(By::Stack)));
    }
}

/// It knows what it knows without asking anybody, but for one text that it would have to read again for.
impl Front for Shown {
    async fn knows(&self, shown: &str, _: UnixMillis) -> Result<bool, Fault> {
        match shown {
            "unread" => self.process.call("front", |_| false).await,
            _ => Ok(self.texts.contains(&shown)),
        }
    }

    async fn refresh(&self, _: UnixMillis) {}
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
