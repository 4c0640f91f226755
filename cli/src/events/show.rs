//! `landfall events show`: one event, whole.

use std::process::ExitCode;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use catalogue::Configuration;
use landfall_aws::{clock::SystemClock, operator::Found};
use protocol::{
    ledger::{Body, EventKey, EventRecord, Leg, Work},
    ports::Clock as _,
    reason::Reason,
    time::UnixMillis,
};
use serde_json::{Map, Value, json};

use super::find;
use crate::{
    failure::Failure, indent::indented, print, routes::recorded::Recorded, sample::iso,
    stack::Stack,
};

/// How the payload is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Payload {
    /// With a line for each value, where it is JSON; each stays as it is.
    Indented,
    /// Its bytes, and nothing else.
    Raw,
    /// Not at all.
    No,
}

pub(super) async fn run(
    stack: &Stack,
    source: &str,
    id: &str,
    payload: Payload,
    as_json: bool,
) -> Result<ExitCode, Failure> {
    let Some(found) = find(stack, source, id, as_json).await? else {
        return Ok(ExitCode::FAILURE);
    };
    let Found { event, work, .. } = &found;
    let body = stack.body(event).await;
    if payload == Payload::Raw {
        print::bytes(&body?);
        return Ok(ExitCode::SUCCESS);
    }
    let mut shown = event_json(event, work.as_ref());
    let running = stack.deployed.running().await?;
    let running = running.map(|running| running.digest);
    shown["logs"] = logs(event).into();
    shown["configuration"] =
        json!({"file": stack.file, "digest": stack.digest, "running": running});
    match &body {
        Ok(body) => {
            let recorded = Recorded { event, body };
            add_routes(&mut shown, recorded, &stack.configured, work.as_ref());
        }
        Err(why) => print::note(&format!(
            "which routes it doesn't go can't be said without its body: {why}"
        )),
    }
    if as_json {
        if let (Ok(body), false) = (body, payload == Payload::No) {
            add_body(&mut shown, body);
        }
        print::json(&shown);
    } else {
        say(&shown);
        // Why it can't be read was told before.
        if let (Ok(text), Payload::Indented) = (body, payload) {
            let text = String::from_utf8_lossy(&text);
            print::line(&format!(
                "\n{}",
                indented(&text).unwrap_or(text.into_owned())
            ));
        }
    }
    if running.is_some_and(|running| running != stack.digest) {
        print::note(&format!(
            "`{}` runs with another configuration than {}: `landfall check --stack {0}` says more",
            stack.deployed.name(),
            stack.file,
        ));
    }
    Ok(ExitCode::SUCCESS)
}

/// The payload: as a text, or where it is none in base64.
pub(super) fn add_body(shown: &mut Value, body: Vec<u8>) {
    match String::from_utf8(body) {
        Ok(text) => shown["body"] = text.into(),
        Err(binary) => shown["body_base64"] = STANDARD.encode(binary.as_bytes()).into(),
    }
}

/// What the configuration at hand says of routes that have no leg.
fn add_routes(
    shown: &mut Value,
    recorded: Recorded<'_>,
    configuration: &Configuration,
    work: Option<&Work>,
) {
    let has_leg = |route: &str| work.is_some_and(|work| work.legs.contains_key(route));
    let judged = match recorded.judged(configuration) {
        Ok(judged) => judged,
        Err(why) => {
            shown["no_event"] = why.words().into();
            return;
        }
    };
    let mut not_matched = Map::new();
    let mut without_leg = Vec::new();
    for (route, judged) in judged {
        let name = route.name.as_str();
        match judged {
            _ if has_leg(name) => {}
            Ok(()) => without_leg.push(name),
            Err(why) => drop(not_matched.insert(name.to_owned(), why.to_string().into())),
        }
    }
    shown["not_matched"] = not_matched.into();
    shown["without_leg"] = without_leg.into();
}

/// How to see what was logged of an event. It may have been tried until now.
fn logs(event: &EventRecord) -> String {
    let since = iso(UnixMillis(event.received_at.0 - 60_000));
    let id = event.event_id.replace('\'', "'\\''");
    format!(
        "landfall logs {} '{id}' --since {since}",
        event.key.source()
    )
}

pub(super) fn event_json(event: &EventRecord, work: Option<&Work>) -> Value {
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
        // Nothing signs what Landfall tells of itself.
        "secret_label": Some(&event.secret_label).filter(|label| !label.is_empty()),
        "headers": event.headers,
        "body_bytes": bytes,
        "body_digest": event.body_digest,
        "body_object": match &event.body {
            Body::Inline(_) => None,
            Body::Object { key, .. } => Some(key),
        },
        "expires_at": event.expires_at,
        "expired": !event.is_current(SystemClock.now()),
        "state": super::state(work),
        "attempt": work.map_or(0, |work| work.attempt),
        "epoch": work.map_or(0, Work::epoch),
        "until": work.map(|work| work.until),
        "legs": work.map_or_else(|| json!({}), legs),
        "last_error": work.and_then(super::last_error),
        "reasons": super::reasons(work),
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
            "reason": leg.reason.map(Reason::as_str),
        })
    };
    let legs = work.legs.iter();
    legs.map(|(route, of)| (route.clone(), leg(of))).collect()
}

/// A leg in a line: its state, why it was given up, how often it was tried, when it is due, and what it said.
fn leg_in_words(leg: &Value) -> String {
    let state = leg["state"].as_str().unwrap_or("-");
    let tries = &leg["tries"];
    let open = ["waiting", "processing"].contains(&state);
    let until = leg["until"].as_i64().filter(|_| open);
    let until = until.map(|until| format!(", until {}", print::time(UnixMillis(until))));
    let reason = leg["reason"].as_str().map(|word| format!(" ({word})"));
    let error = leg["last_error"].as_str().map(|error| format!(": {error}"));
    format!(
        "{state}{}, tries {tries}{}{}",
        reason.unwrap_or_default(),
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
    let time = |value: &Value| value.as_i64().map(|ms| print::time(UnixMillis(ms)));
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
                let time =
                    seconds.map(|seconds| print::time(UnixMillis(seconds.saturating_mul(1_000))));
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
    for (route, why) in shown["not_matched"].as_object().into_iter().flatten() {
        let why = why.as_str().unwrap_or_default();
        row(
            format!("route {route}"),
            Some(format!("not matched: {why}")),
        );
    }
    for route in shown["without_leg"].as_array().into_iter().flatten() {
        let route = route.as_str().unwrap_or_default();
        let matches = "matches, and has no leg";
        row(format!("route {route}"), Some(matches.to_owned()));
    }
    row("no event".to_owned(), text(&shown["no_event"]));
    row("its log lines".to_owned(), text(&shown["logs"]));
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use catalogue::{Environment, reader};
    use protocol::ledger::{LegState, State};
    use support::records;

    use super::*;

    const CONFIGURATION: &str = "[sources.github]\nprovider = \"github\"\n[sources.line]\nprovider = \"line\"\n\
        [routes.gone]\nfrom = \"*\"\nto = \"handler:h\"\n[routes.new]\nfrom = \"*\"\nto = \"handler:h\"\n\
        [routes.opened]\nfrom = \"*\"\nwhere = { action = [\"opened\"] }\nto = \"handler:h\"\n";

    fn shown(source: &str, body: &[u8]) -> Value {
        let configuration = reader::read(CONFIGURATION, Environment::Live).unwrap();
        let event = records::event(source, "1");
        let mut work = records::work(event.life(), State::Succeeded);
        let leg = Leg {
            state: LegState::Skipped,
            last_error: Some("a newer state had come".into()),
            ..Leg::opened(event.received_at)
        };
        work.legs = [("gone".to_owned(), leg)].into();
        let mut shown = event_json(&event, Some(&work));
        let recorded = Recorded {
            event: &event,
            body,
        };
        add_routes(&mut shown, recorded, &configuration, Some(&work));
        shown
    }

    #[test]
    fn every_route_says_what_became_of_it_or_by_which_field_it_is_not_gone() {
        let shown = shown("github", br#"{"action":"private"}"#);
        assert_eq!(
            leg_in_words(&shown["legs"]["gone"]),
            "skipped, tries 0: a newer state had come"
        );
        let not_matched = json!({"opened": "not met: `action` (exact value)"});
        assert_eq!(shown["not_matched"], not_matched);
        assert_eq!(shown["without_leg"], json!(["new"]));
        assert!(!shown.to_string().contains("private"));
    }

    #[test]
    fn a_leg_that_was_given_up_says_why() {
        let event = records::event("github", "1");
        let mut work = records::work(event.life(), State::Failed);
        let leg = Leg {
            state: LegState::Failed,
            tries: 8,
            last_error: Some("it answered 503".into()),
            reason: Some(Reason::Exhausted),
            ..Leg::opened(event.received_at)
        };
        work.legs = [("paid".to_owned(), leg)].into();
        let shown = event_json(&event, Some(&work));
        assert_eq!(shown["reasons"], json!(["exhausted"]));
        assert_eq!(
            leg_in_words(&shown["legs"]["paid"]),
            "failed (exhausted), tries 8: it answered 503"
        );
    }

    #[test]
    fn a_bundle_says_that_it_goes_no_route() {
        let shown = shown("line", br#"{"events":[{"webhookEventId":"1"}]}"#);
        assert!(shown["no_event"].as_str().unwrap().contains("bundle"));
        assert_eq!(shown["not_matched"], Value::Null);
    }
}
