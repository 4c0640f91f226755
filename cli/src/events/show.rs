//! `landfall events show`: one event, whole.

use std::process::ExitCode;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use landfall_aws::{clock::SystemClock, operator::Found};
use protocol::{
    ledger::{Body, EventKey, EventRecord, Leg, Work},
    ports::{Clock as _, StoredBodies as _},
    time::UnixMillis,
};
use serde_json::{Value, json};

use crate::{escape, failure::Failure, print, sample::iso, stack::Stack};

pub(super) async fn run(
    stack: &Stack,
    source: &str,
    id: &str,
    with_body: bool,
    as_json: bool,
) -> Result<ExitCode, Failure> {
    let Some(Found {
        event,
        work,
        has_others,
    }) = stack.deployed.ledger()?.find(source, id).await?
    else {
        if as_json {
            print::json(&json!({"source": source, "event_id": id, "error": "no such event"}));
        }
        print::note(&format!(
            "the ledger of `{}` has no event `{}` of `{}`; `landfall events list` shows what came in lately",
            stack.deployed.name(),
            escape::value(id),
            escape::value(source)
        ));
        return Ok(ExitCode::from(1));
    };
    if has_others {
        print::note(
            "several bodies came under this id; the newest is shown, `events list` has the others",
        );
    }
    let body = match (&event.body, with_body) {
        (_, false) => None,
        (Body::Inline(bytes), true) => Some(bytes.clone()),
        (Body::Object { key, .. }, true) => Some(stack.deployed.bodies()?.get_body(key).await?),
    };
    let mut shown = event_json(&event, work.as_ref());
    if as_json {
        match body.map(String::from_utf8) {
            Some(Ok(text)) => shown["body"] = text.into(),
            Some(Err(binary)) => shown["body_base64"] = STANDARD.encode(binary.as_bytes()).into(),
            None => {}
        }
        print::json(&shown);
    } else {
        say(&shown);
        if let Some(bytes) = body {
            print::line(&format!("\n{}", String::from_utf8_lossy(&bytes)));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn event_json(event: &EventRecord, work: Option<&Work>) -> Value {
    let bytes = match &event.body {
        Body::Inline(bytes) => u64::try_from(bytes.len()).unwrap_or(u64::MAX),
        Body::Object { bytes, .. } => *bytes,
    };
    let mut json = json!({
        "source": event.key.source(),
        "event_id": event.event_id,
        "event_type": event.event_type,
        "key": event.key.id(),
        "received_at": event.received_at,
        "delivery_id": event.delivery_id,
        "parent": event.parent.as_ref().map(EventKey::id),
        "secret_label": event.secret_label,
        "headers": event.headers,
        "body_bytes": bytes,
        "body_digest": event.body_digest,
        "body_object": match &event.body {
            Body::Inline(_) => None,
            Body::Object { key, .. } => Some(key),
        },
        "expires_at": event.expires_at,
        "expired": !event.is_current(SystemClock.now()),
        "state": work.map_or("unclaimed", |work| work.state.as_str()),
        "attempt": work.map_or(0, |work| work.attempt),
        "epoch": work.map_or(0, Work::epoch),
        "until": work.map(|work| work.until),
        "legs": work.map_or_else(|| json!({}), legs),
        "last_error": work.and_then(super::last_error),
    });
    print::covered(&mut json, &event.covered, event.headers.keys());
    if let Some((field, text)) = &event.reference {
        json["reference_signed"] = event.covered.reference().into();
        json["reference"] = json!({field: text});
    }
    json
}

/// How each route's part of the event stands.
fn legs(work: &Work) -> Value {
    let leg = |leg: &Leg| {
        json!({
            "state": leg.state.as_str(),
            "tries": leg.tries,
            "until": leg.until,
            "since": leg.since,
            "epoch": leg.epoch,
            "last_error": leg.last_error,
        })
    };
    let legs = work.legs.iter();
    legs.map(|(route, of)| (route.clone(), leg(of))).collect()
}

/// A leg in a line: its state, how often it was tried, when it is due, and what it said.
fn leg_in_words(leg: &Value) -> String {
    let state = leg["state"].as_str().unwrap_or("-");
    let tries = &leg["tries"];
    let open = ["waiting", "processing"].contains(&state);
    let until = leg["until"].as_i64().filter(|_| open);
    let until = until.map(|until| format!(", until {}", iso(UnixMillis(until))));
    let error = leg["last_error"].as_str().map(|error| format!(": {error}"));
    format!(
        "{state}, tries {tries}{}{}",
        until.unwrap_or_default(),
        error.unwrap_or_default()
    )
}

/// The parts that the signature covers, in a line; the headers by their names.
fn signed_in_words(shown: &Value) -> String {
    let parts = [
        ("id_signed", "id"),
        ("type_signed", "type"),
        ("body_signed", "body"),
        ("reference_signed", "reference"),
    ];
    let parts = parts.into_iter().filter(|(key, _)| shown[*key] == true);
    let headers = shown["headers_signed"].as_object().into_iter().flatten();
    let headers = headers.filter(|(_, signed)| **signed == true);
    let mut words: Vec<&str> = parts.map(|(_, word)| word).collect();
    words.extend(headers.map(|(name, _)| name.as_str()));
    if words.is_empty() {
        return "nothing: what was sent proves who sent it".into();
    }
    words.join(", ") + "; nothing else"
}

fn say(shown: &Value) {
    let text = |value: &Value| match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    };
    let time = |value: &Value| value.as_i64().map(|ms| iso(UnixMillis(ms)));
    let mut rows: Vec<(String, String)> = Vec::new();
    let mut row = |label: String, value: Option<String>| {
        rows.extend(value.map(|value| (label, value)));
    };
    for name in SHOWN {
        let value = &shown[name];
        let value = match name {
            "received_at" | "until" => time(value),
            "expires_at" => {
                let seconds = value.as_i64();
                let time = seconds.map(|seconds| iso(UnixMillis(seconds.saturating_mul(1_000))));
                let absent = shown["expired"] == true;
                time.map(|time| time + if absent { " (it counts as absent)" } else { "" })
            }
            _ => text(value),
        };
        row(name.to_owned(), value);
    }
    for (route, leg) in shown["legs"].as_object().into_iter().flatten() {
        row(format!("leg {route}"), Some(leg_in_words(leg)));
    }
    row("signed".to_owned(), Some(signed_in_words(shown)));
    // What a provider named can't be taken for a field of the ledger's.
    for (kind, pairs) in [
        ("reference", &shown["reference"]),
        ("header", &shown["headers"]),
    ] {
        for (name, value) in pairs.as_object().into_iter().flatten() {
            row(format!("{kind} {name}"), text(value));
        }
    }
    print::pairs(&rows);
}

/// The fields that are shown, in this order.
const SHOWN: [&str; 15] = [
    "source",
    "event_id",
    "event_type",
    "key",
    "parent",
    "received_at",
    "state",
    "attempt",
    "epoch",
    "until",
    "body_bytes",
    "body_digest",
    "body_object",
    "secret_label",
    "expires_at",
];
