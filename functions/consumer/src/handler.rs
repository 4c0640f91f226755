//! What a handler gets, and what it may answer.
//!
//! A handler is an `async fn(Event, Context) -> Result<(), Failure>`, or one that returns an [`Outcome`] in place of `()`. It may run more than once for
//! one event: after a failure, after a crash, and on a replay. Whatever it does elsewhere it does
//! under [`Context::idempotency_key`], or so that doing it twice is harmless.

use std::{borrow::Cow, collections::BTreeMap, future::Future, sync::Arc};

use catalogue::{Payload, Source};
use futures_util::future::BoxFuture;
use landfall_aws::trace;
use protocol::{covered::Covered, ledger::EventRecord, time::UnixMillis};
use serde::de::DeserializeOwned;
use webhook::reading::{form, jws};

use crate::{
    leftover::{Held, Run},
    projection::Projection,
};

pub use crate::failure::{Failure, Outcome};

/// An event, authentic and recorded.
#[derive(Clone, Debug)]
pub struct Event {
    /// The source that it came to.
    pub source: String,
    /// Its id, as the provider gave it, or the digest that stands for it.
    pub id: String,
    /// Its type, as the provider gave it, or `unknown`.
    pub event_type: String,
    pub(crate) content_type: String,
    /// Where in the body its JSON stands.
    pub(crate) payload: Payload,
    pub(crate) body: RawBody,
    /// The run that it was handed out for.
    pub(crate) held: Held,
}

/// The bytes of a body; never shown.
#[derive(Clone)]
pub(crate) struct RawBody(pub(crate) Vec<u8>);

/// What a handler may know about the attempt, and use in it.
#[derive(Clone)]
pub struct Context {
    /// The same in every attempt and replay of this event on this route, and of no other: 64 hex digits. Hand it
    /// to whatever you call, so that a second attempt is recognised there.
    pub idempotency_key: String,
    /// The route that leads here.
    pub route: String,
    /// Which claim of this event this is, from 1; it never falls.
    pub attempt: u64,
    /// Which try of this round it is, from 1; a replay or redrive opens a new round.
    pub tries: u32,
    /// How many tries a round has.
    pub tries_limit: u32,
    /// When this attempt will be cut off, and counted as a failure.
    pub deadline: UnixMillis,
    /// When the event was received.
    pub received_at: UnixMillis,
    /// The number of the last replay on this route, which a redrive or redelivery after it keeps; 0: there was none.
    pub epoch: u64,
    /// The headers that the ledger keeps, by name in lower case.
    pub headers: BTreeMap<String, String>,
    /// What of the event the signature covers: the id, the type, the body and each of the headers may be the
    /// provider's word, or that of anyone who has once seen a delivery.
    pub covered: Covered,
    /// Which of the source's secrets the delivery was signed with; empty where Landfall tells of itself.
    pub secret_label: String,
    /// The trace that the delivery belongs to, if it came with one: Lambda's header `X-Amzn-Trace-Id`.
    pub trace: Option<String>,
    /// The table that handlers may write to.
    pub projection: Projection,
}

/// A handler, as the registry keeps it.
pub(crate) type Handler =
    Arc<dyn Fn(Event, Context) -> BoxFuture<'static, Result<Outcome, Failure>> + Send + Sync>;

/// Makes a handler of a plain `async fn`.
pub(crate) fn handler<F, R, T>(function: F) -> Handler
where
    F: Fn(Event, Context) -> R + Send + Sync + 'static,
    R: Future<Output = Result<T, Failure>> + Send + 'static,
    T: Into<Outcome> + 'static,
{
    Arc::new(move |event, context| {
        let run = function(event, context);
        Box::pin(async move { run.await.map(Into::into) })
    })
}

impl Event {
    pub(crate) fn new(record: EventRecord, source: Option<&Source>, body: Vec<u8>) -> Self {
        let content_type = record.headers.get("content-type");
        Self {
            content_type: content_type.cloned().unwrap_or_default(),
            payload: source.map_or(Payload::Body, Source::payload),
            source: record.key.source().into(),
            id: record.event_id,
            event_type: record.event_type,
            body: RawBody(body),
            held: None,
        }
    }

    /// The same, for this run.
    pub(crate) fn for_run(self, run: Arc<Run>) -> Self {
        Self {
            held: Some(run),
            ..self
        }
    }

    /// The body, exactly as it came. Whether it is signed says [`Context::covered`].
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body.0
    }

    /// The text of a field of the body, which is a form, percent-encoded or multipart: Twilio's `Body`,
    /// the `command` of Slack's commands. `None` where there is no such field. A form that can't be read
    /// is a permanent failure.
    pub fn field(&self, name: &str) -> Result<Option<String>, Failure> {
        form::field(&self.body.0, name)
            .map(|text| text.map(Cow::into_owned))
            .map_err(|why| Failure::permanent(format!("the field `{name}` can't be read: {why}")))
    }

    /// The body, as JSON of this shape. Where the body is a form and its provider puts the JSON into a
    /// field of it (GitHub's and Slack's `payload`), it is that field; where the body is a JSON Web Token
    /// (Kinde's), it is the token's claims. A body of another shape is a permanent failure: the next try
    /// would find the same bytes.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        let payload = match self.payload {
            Payload::Field(name) if form::is_form(&self.content_type) => self.field(name)?,
            Payload::Jwt => jws::claims(self.body()),
            Payload::Body | Payload::Field(_) => None,
        };
        let json = payload.as_ref().map_or(self.body(), String::as_bytes);
        serde_json::from_slice(json).map_err(|error| {
            // The error's own text quotes the value that it stumbled on.
            Failure::Permanent(format!(
                "the body is not the JSON that this handler reads: {:?} error at line {}, column {}",
                error.classify(),
                error.line(),
                error.column()
            ))
        })
    }
}

impl Context {
    /// Whether somebody has had the event replayed on this route, whatever had become of it before.
    #[must_use]
    pub const fn is_replay(&self) -> bool {
        self.epoch > 0
    }

    /// The trace as the W3C's header `traceparent`, for a service that the handler calls.
    #[must_use]
    pub fn trace_parent(&self) -> Option<String> {
        trace::parent(self.trace.as_deref())
    }
}

impl std::fmt::Debug for RawBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}
