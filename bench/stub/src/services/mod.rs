//! The services that the functions call, as far as they call them. What they don't call is refused, and counted by that name,
//! so that a run in which a function asked for something else can't pass for a measurement.

mod dynamodb;
mod s3;
pub(crate) mod sqs;

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    time::Duration,
};

use bytes::Bytes;
use hyper::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    http::{Answer, Whole, json as answer},
    lambda::wait,
};

/// What a call comes to: a body, or an error of the service by name, with what stands beside it.
pub(crate) type Called = Result<String, Error>;

pub(crate) struct Error {
    name: &'static str,
    beside: String,
}

#[derive(Default)]
pub(crate) struct Services {
    /// After which each answer is given.
    pub(crate) delay: Cell<Duration>,
    /// By name.
    pub(crate) secrets: RefCell<BTreeMap<String, String>>,
    pub(crate) sqs: sqs::Queues,
    dynamodb: dynamodb::Tables,
    s3: s3::Buckets,
    calls: RefCell<BTreeMap<String, u64>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct GetSecretValue {
    secret_id: String,
}

impl Error {
    pub(crate) fn new(name: &'static str) -> Self {
        Self {
            name,
            beside: String::new(),
        }
    }

    /// With further members, as JSON: `,"Item":{…}`.
    pub(crate) fn beside(name: &'static str, beside: String) -> Self {
        Self { name, beside }
    }
}

/// Reads a call's input.
pub(crate) fn input<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, Error> {
    serde_json::from_slice(body).map_err(|_| Error::new("SerializationException"))
}

impl Services {
    /// Forgets all but settings.
    pub(crate) fn clear(&self) {
        self.calls.borrow_mut().clear();
        self.dynamodb.clear();
        self.sqs.clear();
        self.s3.clear();
    }

    pub(crate) fn state(&self) -> Value {
        json!({
            "calls": *self.calls.borrow(),
            "items": self.dynamodb.counts(),
            "messages": self.sqs.counts(),
            "waiting": self.sqs.waiting(),
            "objects": self.s3.count(),
        })
    }

    pub(crate) async fn answer(&self, request: Whole) -> Answer {
        let target = request.head.headers.get("x-amz-target");
        let target = target.and_then(|target| target.to_str().ok());
        let answered = match target {
            None => {
                let (name, answered) = self.s3.call(&request);
                self.count(name);
                answered
            }
            Some(target) => {
                let (known, called) = self.call(target, &request.body);
                self.count(if known { target } else { "unknown" });
                match called {
                    Ok(body) => answer(StatusCode::OK, body),
                    Err(error) => refused(&error),
                }
            }
        };
        let delay = self.delay.get();
        if !delay.is_zero() {
            wait(delay).await;
        }
        answered
    }

    fn call(&self, target: &str, body: &Bytes) -> (bool, Called) {
        let (service, operation) = target.split_once('.').unwrap_or_default();
        let called = match service {
            "DynamoDB_20120810" => self.dynamodb.call(operation, body),
            "AmazonSQS" => self.sqs.call(operation, body),
            "secretsmanager" if operation == "GetSecretValue" => Some(self.secret(body)),
            _ => None,
        };
        let known = called.is_some();
        (
            known,
            called.unwrap_or_else(|| Err(Error::new("UnknownOperationException"))),
        )
    }

    fn count(&self, name: &str) {
        let mut calls = self.calls.borrow_mut();
        match calls.get_mut(name) {
            Some(count) => *count += 1,
            None => drop(calls.insert(name.to_owned(), 1)),
        }
    }

    fn secret(&self, body: &[u8]) -> Called {
        let asked: GetSecretValue = input(body)?;
        let secrets = self.secrets.borrow();
        let Some(text) = secrets.get(&asked.secret_id) else {
            return Err(Error::new("ResourceNotFoundException"));
        };
        let found = json!({"Name": asked.secret_id, "SecretString": text, "VersionId": "1"});
        Ok(found.to_string())
    }
}

fn refused(error: &Error) -> Answer {
    let Error { name, beside } = error;
    answer(
        StatusCode::BAD_REQUEST,
        format!(r#"{{"__type":"{name}","message":"{name}"{beside}}}"#),
    )
}
