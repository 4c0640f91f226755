//! Lambda's Runtime API, as a function's process sees it: `next` hands an event over when there is one, and holds the request
//! until then, which is how a function waits between events.

use std::{
    cell::RefCell,
    collections::VecDeque,
    rc::Rc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use bytes::Bytes;
use hyper::{Method, StatusCode, header::HeaderValue};
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;

use crate::{
    http::{Answer, Whole, json, text},
    services::{Services, sqs::Message},
};

const PREFIX: &str = "/2018-06-01/runtime/";

/// What a function has for an event, at most.
const PATIENCE: Duration = Duration::from_mins(1);

/// How many messages SQS's event source hands over at once.
const BATCH: usize = 10;

/// Of an answer only the beginning is kept.
const KEPT: usize = 2_000;

/// The Runtime API of one function.
pub(crate) struct Lambda {
    services: Rc<Services>,
    state: RefCell<State>,
    came: Notify,
    answered: Notify,
}

#[derive(Default)]
struct State {
    events: VecDeque<Event>,
    /// Whether events are the queue's messages, as the event source hands them over.
    feeds_on_queue: bool,
    seen: Seen,
}

struct Event {
    due: u64,
    payload: Bytes,
}

/// What has been seen of a process.
#[derive(Clone, Default, Serialize)]
pub(crate) struct Seen {
    /// When it first asked for an event.
    ready: Option<u64>,
    /// Why it could not start.
    fault: Option<String>,
    answered: usize,
    invocations: Vec<Invocation>,
}

/// Times are nanoseconds since 1970.
#[derive(Clone, Serialize)]
struct Invocation {
    due: u64,
    handed: u64,
    answered: Option<u64>,
    failed: bool,
    answer: String,
    /// The bodies of the batch's messages.
    messages: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct BatchAnswer {
    batch_item_failures: Vec<serde_json::Value>,
}

#[expect(clippy::disallowed_methods, reason = "the clock that measures")]
pub(crate) fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| {
        u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
    })
}

/// Lets this time pass, which is what an answer or an event takes.
#[expect(clippy::disallowed_methods, reason = "to be late is what is asked")]
pub(crate) async fn wait(time: Duration) {
    tokio::time::sleep(time).await;
}

impl Lambda {
    pub(crate) fn new(services: Rc<Services>) -> Self {
        Self {
            services,
            state: RefCell::default(),
            came: Notify::new(),
            answered: Notify::new(),
        }
    }

    /// Forgets the process before.
    pub(crate) fn restart(&self, feeds_on_queue: bool) {
        *self.state.borrow_mut() = State {
            feeds_on_queue,
            ..State::default()
        };
    }

    /// Has these events, one for each line: at once, or so many a second.
    pub(crate) fn add(&self, lines: &Bytes, rate: Option<f64>) {
        let (mut state, began) = (self.state.borrow_mut(), now());
        let mut due = 0.0;
        for line in lines.split(|byte| *byte == b'\n') {
            if line.is_empty() {
                continue;
            }
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            let event = Event {
                due: began + due as u64,
                payload: lines.slice_ref(line),
            };
            state.events.push_back(event);
            due += rate.map_or(0.0, |rate| 1e9 / rate);
        }
        drop(state);
        self.came.notify_waiters();
    }

    /// What has been seen, once so many events were answered, or none will be.
    pub(crate) async fn seen(&self, count: usize) -> Seen {
        loop {
            let answered = self.answered.notified();
            {
                let state = self.state.borrow();
                let seen = &state.seen;
                let enough = seen.ready.is_some() && seen.answered >= count;
                if enough || seen.fault.is_some() {
                    return seen.clone();
                }
            }
            answered.await;
        }
    }

    /// Waits until nothing is left to do: no event, no message, and none under way.
    pub(crate) async fn idle(&self) {
        loop {
            let answered = self.answered.notified();
            {
                let state = self.state.borrow();
                let is_answered = state.seen.answered == state.seen.invocations.len();
                if is_answered && state.events.is_empty() && self.services.sqs.waiting() == 0 {
                    return;
                }
            }
            answered.await;
        }
    }

    pub(crate) async fn answer(&self, request: Whole) -> Answer {
        let path = request.head.uri.path();
        let Some(path) = path.strip_prefix(PREFIX) else {
            return text(StatusCode::NOT_FOUND, "");
        };
        match (&request.head.method, path) {
            (&Method::GET, "invocation/next") => self.next().await,
            (&Method::POST, "init/error") => {
                let fault = String::from_utf8_lossy(&request.body).into_owned();
                self.state.borrow_mut().seen.fault = Some(fault);
                self.answered.notify_waiters();
                accepted()
            }
            (&Method::POST, path) => {
                let parts = path
                    .strip_prefix("invocation/")
                    .and_then(|path| path.split_once('/'));
                match parts {
                    Some((id, how @ ("response" | "error"))) => {
                        self.take(id, how == "error", &request.body)
                    }
                    _ => text(StatusCode::NOT_FOUND, ""),
                }
            }
            _ => text(StatusCode::NOT_FOUND, ""),
        }
    }

    async fn next(&self) -> Answer {
        if self.state.borrow().seen.ready.is_none() {
            self.state.borrow_mut().seen.ready = Some(now());
            self.answered.notify_waiters();
        }
        let (event, messages) = self.event().await;
        let handed = now();
        let seen = &mut self.state.borrow_mut().seen;
        let mut answer = json(StatusCode::OK, event.payload);
        let headers = answer.headers_mut();
        let deadline = handed / 1_000_000 + u64::try_from(PATIENCE.as_millis()).unwrap_or(0);
        let id = format!("00000000-0000-4000-8000-{:012x}", seen.invocations.len());
        let trace = format!(
            "Root=1-6565f8d4-{:024x};Parent=0123456789abcdef;Sampled=0",
            seen.invocations.len()
        );
        for (name, value) in [
            ("lambda-runtime-aws-request-id", id.as_str()),
            ("lambda-runtime-deadline-ms", &deadline.to_string()),
            (
                "lambda-runtime-invoked-function-arn",
                "arn:aws:lambda:us-east-1:123456789012:function:bench",
            ),
            ("lambda-runtime-trace-id", &trace),
        ] {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(name, value);
            }
        }
        seen.invocations.push(Invocation {
            due: event.due.max(seen.ready.unwrap_or(0)),
            handed,
            answered: None,
            failed: false,
            answer: String::new(),
            messages,
        });
        answer
    }

    /// The next event, when it is due.
    async fn event(&self) -> (Event, Vec<String>) {
        loop {
            let came = self.came.notified();
            let sent = self.services.sqs.sent.notified();
            let (due, feeds) = {
                let mut state = self.state.borrow_mut();
                match state.events.front() {
                    Some(event) if event.due <= now() => {
                        if let Some(event) = state.events.pop_front() {
                            return (event, Vec::new());
                        }
                        (None, false)
                    }
                    front => (front.map(|event| event.due), state.feeds_on_queue),
                }
            };
            if feeds {
                let messages = self.services.sqs.receive(BATCH);
                if !messages.is_empty() {
                    return batch(messages);
                }
            }
            if let Some(due) = due {
                wait(Duration::from_nanos(due.saturating_sub(now()))).await;
            } else {
                tokio::select! { () = came => (), () = sent => () }
            }
        }
    }

    fn take(&self, id: &str, failed: bool, body: &Bytes) -> Answer {
        let at = now();
        let mut state = self.state.borrow_mut();
        let number = id.rsplit('-').next();
        let number = number.and_then(|id| usize::from_str_radix(id, 16).ok());
        let seen = &mut state.seen;
        let Some(invocation) = number.and_then(|number| seen.invocations.get_mut(number)) else {
            return text(StatusCode::BAD_REQUEST, "no such invocation");
        };
        let incomplete = serde_json::from_slice::<BatchAnswer>(body);
        invocation.answered = Some(at);
        invocation.failed = failed || incomplete.is_ok_and(|it| !it.batch_item_failures.is_empty());
        let kept = &body[..body.len().min(KEPT)];
        invocation.answer = String::from_utf8_lossy(kept).into_owned();
        seen.answered += 1;
        drop(state);
        self.answered.notify_waiters();
        accepted()
    }
}

fn accepted() -> Answer {
    json(StatusCode::ACCEPTED, r#"{"status":"OK"}"#)
}

/// A batch as the event source hands it to a function.
fn batch(messages: Vec<Message>) -> (Event, Vec<String>) {
    let records: Vec<_> = messages.iter().map(Message::record).collect();
    let payload = serde_json::json!({"Records": records}).to_string();
    let due = messages.iter().map(|message| message.sent).min();
    let event = Event {
        due: due.unwrap_or_default(),
        payload: payload.into(),
    };
    let bodies = messages.into_iter().map(|message| message.body);
    (event, bodies.collect())
}
