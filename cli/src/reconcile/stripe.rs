//! Stripe's list of events (<https://docs.stripe.com/api/events/list>), of those that an endpoint wants
//! (<https://docs.stripe.com/api/webhook_endpoints/object>), and Stripe's own command line, which alone is documented to have an
//! event sent again: <https://docs.stripe.com/cli/events/resend>. What it sends is signed like any delivery; an event that is
//! read from the list isn't, so none is ever taken from there.

use std::{
    io::ErrorKind,
    process::{Command, Stdio},
};

use protocol::time::UnixMillis;
use serde::{Deserialize, de::DeserializeOwned};
use ureq::Agent;

use super::{Reconciles, Sent, api};
use crate::{args::GivenStripe, failure::Failure, input::GivenSecret, post::agent};

/// How many events Stripe lists at once, at most.
const PAGE: usize = 100;

/// How many pages are read: a million events that an endpoint didn't take.
const MOST_PAGES: usize = 10_000;

/// Stripe's own command line, and the variable that counts more there than what somebody has logged in with:
/// <https://docs.stripe.com/cli/api_keys>.
const PROGRAM: &str = "stripe";
const VARIABLE: &str = "STRIPE_API_KEY";

/// A webhook endpoint of Stripe's.
pub(super) struct Stripe {
    api: Api,
    id: String,
    endpoint: Endpoint,
}

/// Stripe's API.
struct Api {
    agent: Agent,
    address: String,
    token: GivenSecret,
}

/// As Stripe describes it.
#[derive(Deserialize)]
struct Endpoint {
    enabled_events: Vec<String>,
    livemode: bool,
}

/// As Stripe lists it.
#[derive(Clone, Deserialize)]
struct Event {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    created: i64,
}

#[derive(Deserialize)]
struct Page {
    data: Vec<Event>,
    has_more: bool,
}

impl Stripe {
    pub(super) fn new(given: &GivenStripe) -> Result<Self, Failure> {
        if !is_id(&given.endpoint) {
            return Err(Failure::usage(
                "--endpoint is the id of a webhook endpoint: we_…",
            ));
        }
        let api = Api {
            agent: agent(),
            address: api::address(&given.api_url)?.to_owned(),
            token: api::token(given.token_file.as_deref(), VARIABLE, Self::TITLE)?,
        };
        let id = given.endpoint.clone();
        let endpoint = api.get(&format!("webhook_endpoints/{id}"))?;
        Ok(Self { api, id, endpoint })
    }
}

impl Api {
    fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Failure> {
        let url = format!("{}/v1/{path}", self.address);
        let request = self.agent.get(url);
        let request = request.header("authorization", format!("Bearer {}", self.token.text));
        let called = request.call();
        let mut answer =
            called.map_err(|error| Failure::trouble(format!("Stripe did not answer: {error}")))?;
        judged(answer.status().as_u16())?;
        let strange = |error: &dyn std::fmt::Display| {
            Failure::trouble(format!("Stripe's answer can't be read: {error}"))
        };
        let text = answer.body_mut().read_to_string();
        let text = text.map_err(|error| strange(&error))?;
        serde_json::from_str(&text).map_err(|error| strange(&error))
    }
}

impl Reconciles for Stripe {
    const TITLE: &'static str = "Stripe";
    const LISTED: &'static str = "has not delivered to every endpoint";

    fn sent(&self, since: UnixMillis) -> Result<Vec<Sent>, Failure> {
        // Stripe counts seconds.
        let from = since.0.div_euclid(1_000);
        let mut all = Vec::new();
        let mut behind = String::new();
        for _ in 0..MOST_PAGES {
            let page: Page = self.api.get(&format!(
                "events?limit={PAGE}&delivery_success=false&created%5Bgte%5D={from}{behind}"
            ))?;
            let last = page.data.last().map(|event| event.id.clone());
            let wanted = page
                .data
                .into_iter()
                .filter(|event| self.endpoint.wants(event));
            all.extend(wanted.map(sent));
            match last.filter(|id| page.has_more && is_id(id)) {
                Some(last) => behind = format!("&starting_after={last}"),
                None => return Ok(all),
            }
        }
        Err(Failure::trouble(
            "Stripe lists more events than can be looked at; a shorter --since looks at fewer",
        ))
    }

    fn send_again(&self, sent: &Sent) -> Result<(), Failure> {
        // It becomes an argument of a program.
        if !is_id(&sent.attempt) {
            return Err(Failure::trouble("Stripe lists an event whose id is none"));
        }
        let ran = Command::new(PROGRAM)
            .args(["events", "resend", &sent.attempt, "--confirm"])
            .arg(format!("--webhook-endpoint={}", self.id))
            .args(self.endpoint.livemode.then_some("--live"))
            .env(VARIABLE, &self.api.token.text)
            .stdin(Stdio::null())
            .output();
        match ran {
            Ok(ended) if ended.status.success() => Ok(()),
            Ok(ended) => {
                let said = String::from_utf8_lossy(&ended.stderr);
                let said = said.lines().find(|line| !line.trim().is_empty());
                Err(Failure::trouble(format!(
                    "`{PROGRAM} events resend` ended with {}: {}",
                    ended.status,
                    said.unwrap_or("it said nothing")
                )))
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Err(Failure::trouble(format!(
                "Stripe has events sent again by its own command line alone, and there is no program `{PROGRAM}` here: \
                 https://docs.stripe.com/stripe-cli"
            ))),
            Err(error) => Err(Failure::trouble(format!(
                "`{PROGRAM}` can't be started: {error}"
            ))),
        }
    }
}

impl Endpoint {
    /// Whether it is sent events of this type. A star is all but some that have to be named, which another endpoint may want.
    fn wants(&self, event: &Event) -> bool {
        let names = |enabled: &String| enabled == "*" || *enabled == event.kind;
        self.enabled_events.iter().any(names)
    }
}

fn sent(event: Event) -> Sent {
    Sent {
        event_id: event.id.clone(),
        attempt: event.id,
        event_type: event.kind,
        at: UnixMillis(event.created.saturating_mul(1_000)),
        is_delivered: false,
        said: "not delivered to every endpoint".to_owned(),
    }
}

/// Whether this is written as Stripe writes its ids.
fn is_id(text: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.starts_with(|c: char| c.is_ascii_alphanumeric()) && text.chars().all(is_part)
}

/// What Stripe's answer means: <https://docs.stripe.com/api/errors>.
fn judged(status: u16) -> Result<(), Failure> {
    Err(Failure::trouble(match status {
        200..=299 => return Ok(()),
        401 => "Stripe doesn't take this key".to_owned(),
        403 => "this key may not read events and webhook endpoints".to_owned(),
        404 => "Stripe knows no such endpoint, or only in the other mode: a key is for live or for a sandbox"
            .to_owned(),
        429 => "Stripe has had too many calls for now: run it again in a minute".to_owned(),
        300..=399 => format!("Stripe answered {status}: is --api-url right?"),
        _ => format!("Stripe answered {status}"),
    }))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// As Stripe's pages show them, without what isn't read.
    #[test]
    fn what_an_endpoint_wants_is_read_as_stripe_documents_it() {
        let text = r#"{"object":"list","url":"/v1/events","has_more":false,"data":[{"id":"evt_1NG8Du2eZvKYlo2CUI79vXWy",
            "object":"event","api_version":"2019-02-19","created":1686089970,"livemode":false,"pending_webhooks":0,
            "request":{"id":null,"idempotency_key":null},"type":"setup_intent.created"}]}"#;
        let page: Page = serde_json::from_str(text).unwrap();
        let [event] = page.data.as_slice() else {
            panic!()
        };
        let endpoint = |enabled: &str| -> Endpoint {
            let text = format!(
                r#"{{"id":"we_1Mr5jULkdIwHu7ix1ibLTM0x","object":"webhook_endpoint","livemode":false,
                    "enabled_events":{enabled},"status":"enabled"}}"#
            );
            serde_json::from_str(&text).unwrap()
        };
        assert!(endpoint(r#"["*"]"#).wants(event));
        assert!(endpoint(r#"["charge.failed","setup_intent.created"]"#).wants(event));
        assert!(!endpoint(r#"["charge.failed"]"#).wants(event));
        let sent = sent(event.clone());
        assert_eq!(sent.event_id, "evt_1NG8Du2eZvKYlo2CUI79vXWy");
        assert_eq!(sent.at, UnixMillis(1_686_089_970_000));
    }

    #[test]
    fn what_is_no_id_is_neither_asked_for_nor_an_argument() {
        for id in ["we_1Mr5jULkdIwHu7ix1ibLTM0x", "evt_1"] {
            assert!(is_id(id), "{id}");
        }
        for id in ["", "-v", "--live", "evt_1/../x", "evt_1&a=b", "evt 1"] {
            assert!(!is_id(id), "{id}");
        }
    }

    #[test]
    fn what_stripe_answers_is_said_in_words() {
        assert!(judged(200).is_ok());
        for (status, words) in [
            (401, "this key"),
            (403, "webhook endpoints"),
            (404, "other mode"),
            (429, "too many"),
            (302, "--api-url"),
            (500, "500"),
        ] {
            let said = judged(status).unwrap_err().told(false);
            assert!(said.contains(words), "{said}");
        }
    }
}
