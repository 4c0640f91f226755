//! The usual ways to compose the signed bytes, and to read a secret.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use catalogue::{Algorithm, Field, KeyForm, Template, Timestamp, Tolerance, Unit};
use webhook::keys::Secret;

use crate::{delivery::Case, input::GivenSecret, trial::unchecked};

/// Compositions, the likeliest first. `{id}` and `{at}` are replaced by what the delivery has.
const WITHOUT_TIME: &[&str] = &[
    "{body}",
    "{id}.{body}",
    "{id}{body}",
    "{body}{id}",
    "{url}{body}",
    "{body}{url}",
    "{url}.{body}",
    "{method}{url}{body}",
    "{method}\n{path}\n{body}",
    "{path}{body}",
    "{url}",
    "{body}{at}",
    "{at}.{body}",
    "{at}{body}",
    "hmacsha256={body}",
];

const WITH_TIME: &[&str] = &[
    "{timestamp}.{body}",
    "{timestamp}{body}",
    "{timestamp}:{body}",
    "{timestamp}|{body}",
    "{timestamp}\n{body}",
    "{timestamp} {body}",
    "{body}{timestamp}",
    "{body}.{timestamp}",
    "{body}:{timestamp}",
    "v0:{timestamp}:{body}",
    "v1:{timestamp}:{body}",
    "{id}.{timestamp}.{body}",
    "{id}{timestamp}{body}",
    "{id}:{timestamp}:{body}",
    "{timestamp}.{id}.{body}",
    "{timestamp}{id}{body}",
    "{method}{url}{body}{timestamp}",
    "{timestamp}{method}{url}{body}",
    "{timestamp}.{url}.{body}",
    "{timestamp}{method}{path}{body}",
    "{url}{timestamp}{body}",
];

/// JSON fields that hold the event's time where it is signed beside the body.
const TIMES_IN_BODY: &[&str] = &["created_at", "timestamp", "created", "time"];

/// Every composition that this delivery has the parts for. Times are not held against the clock: that
/// a captured delivery is old says nothing about its signature.
pub(super) fn messages(case: &Case) -> Vec<(Template, Option<Timestamp>)> {
    let mut messages: Vec<(Template, Option<Timestamp>)> = Vec::new();
    let mut add = |template: Template, timestamp: Option<Timestamp>| {
        if !messages.contains(&(template, timestamp)) {
            messages.push((template, timestamp));
        }
    };
    for scheme in case.source.schemes {
        add(scheme.message, scheme.timestamp.map(unchecked));
    }
    let ids = ids(case);
    let fits =
        |text: &str| !case.url.is_empty() || !(text.contains("{url}") || text.contains("{path}"));
    for text in WITHOUT_TIME.iter().filter(|text| fits(text)) {
        for text in filled(text, "{id}", &ids) {
            for text in filled(&text, "{at}", &times_in_body(&case.body)) {
                add(Template::new(text.leak()), None);
            }
        }
    }
    for timestamp in timestamps(case) {
        for text in WITH_TIME.iter().filter(|text| fits(text)) {
            for text in filled(text, "{id}", &ids) {
                add(Template::new(text.leak()), Some(timestamp));
            }
        }
    }
    messages
}

fn filled(text: &str, placeholder: &str, values: &[String]) -> Vec<String> {
    if !text.contains(placeholder) {
        return vec![text.to_owned()];
    }
    values
        .iter()
        .map(|value| text.replace(placeholder, value))
        .collect()
}

/// Headers that look like the id of an event or a delivery.
fn ids(case: &Case) -> Vec<String> {
    let named_id = |name: &str| {
        let name = name.to_ascii_lowercase();
        name == "id"
            || name.ends_with("-id")
            || name.ends_with("_id")
            || name.ends_with("delivery")
            || name.ends_with("nonce")
    };
    let mut ids: Vec<String> = case
        .header_pairs
        .iter()
        .filter(|(name, value)| named_id(name) && !value.is_empty() && is_plain(name))
        .map(|(name, _)| format!("{{header:{name}}}"))
        .collect();
    ids.truncate(4);
    ids
}

/// Whether a name can stand in a template.
fn is_plain(name: &str) -> bool {
    name.bytes()
        .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

fn times_in_body(body: &[u8]) -> Vec<String> {
    let Ok(serde_json::Value::Object(fields)) = serde_json::from_slice(body) else {
        return Vec::new();
    };
    TIMES_IN_BODY
        .iter()
        .filter(|name| {
            fields
                .get(**name)
                .is_some_and(|value| value.is_string() || value.is_number())
        })
        .map(|name| format!("{{json:{name}}}"))
        .collect()
}

/// The configured timestamp, and every header, or entry of one, that looks like a time.
fn timestamps(case: &Case) -> Vec<Timestamp> {
    let mut found: Vec<Timestamp> = Vec::new();
    let mut add = |field: Field, unit: Unit| {
        let timestamp = unchecked(Timestamp {
            field,
            unit,
            tolerance: Tolerance::both(0),
        });
        if !found.contains(&timestamp) {
            found.push(timestamp);
        }
    };
    for timestamp in case
        .source
        .schemes
        .iter()
        .filter_map(|scheme| scheme.timestamp)
    {
        if timestamp
            .field
            .place
            .outer_names()
            .any(|name| case.headers.get(name).is_some())
        {
            add(timestamp.field, timestamp.unit);
        }
    }
    for (name, _) in &case.header_pairs {
        let Some(value) = case.headers.get(name) else {
            continue;
        };
        if name.eq_ignore_ascii_case("content-length") || !is_plain(name) {
            continue;
        }
        let name: &'static str = name.clone().leak();
        if let Some(unit) = unit_of(value) {
            add(Field::header(name), unit);
        }
        for split in [',', ';'] {
            for entry in value.split(split).map(str::trim) {
                let Some((key, time)) = entry.split_once('=') else {
                    continue;
                };
                if let Some(unit) = unit_of(time) {
                    let prefixes: &'static [&'static str] = vec![&*format!("{key}=").leak()].leak();
                    add(Field::header(name).split(split).after(prefixes), unit);
                }
            }
        }
    }
    found.truncate(4);
    found
}

fn unit_of(text: &str) -> Option<Unit> {
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    match text.len() {
        9..=11 if digits => Some(Unit::Seconds),
        12..=14 if digits => Some(Unit::Millis),
        19..=40 if text.parse::<jiff::Timestamp>().is_ok() => Some(Unit::Iso),
        19..=40 if text.parse::<jiff::civil::DateTime>().is_ok() => Some(Unit::IsoUtc),
        _ => None,
    }
}

/// One way to make a key of a secret's text.
pub(super) struct Reading {
    pub(super) form: KeyForm,
    pub(super) secret: Secret,
    /// What is done to the text first.
    pub(super) change: Option<&'static str>,
}

/// Every usual way to make a key for this algorithm of this secret.
pub(super) fn readings(secret: &GivenSecret, algorithm: Algorithm) -> Vec<Reading> {
    let reading = |form: KeyForm, text: &str, change: Option<&'static str>| Reading {
        form,
        secret: Secret::new(text, secret.label.clone()),
        change,
    };
    let text = secret.text.as_str();
    if algorithm.is_public_key() {
        return vec![reading(KeyForm::Public { prefix: "" }, text, None)];
    }
    let trimmed = text.trim();
    let mut readings = vec![reading(KeyForm::Text, text, None)];
    if algorithm == Algorithm::Token {
        return readings;
    }
    if trimmed != text {
        readings.push(reading(
            KeyForm::Text,
            trimmed,
            Some("without the white space around it"),
        ));
    }
    // A prefix such as `whsec_`: short, and set off by an underscore.
    let bare = trimmed
        .split_once('_')
        .filter(|(prefix, rest)| prefix.len() <= 12 && !rest.is_empty())
        .map(|(_, rest)| rest);
    if let Some(bare) = bare {
        readings.push(reading(
            KeyForm::Text,
            bare,
            Some("as text without its prefix"),
        ));
    }
    for (whole, part) in [(true, Some(trimmed)), (false, bare)] {
        let Some(part) = part else { continue };
        let prefix: &'static str = if whole {
            ""
        } else {
            trimmed[..trimmed.len() - part.len()].to_owned().leak()
        };
        readings.push(reading(KeyForm::Base64 { prefix }, trimmed, None));
        if part.len() % 2 == 0 && hex::decode(part).is_ok() {
            let change = (!whole).then_some("without its prefix");
            readings.push(reading(KeyForm::Hex, part, change));
        }
        // The URL-safe alphabet, written in the other one.
        if part.contains(['-', '_'])
            && let Ok(key) = URL_SAFE_NO_PAD.decode(part.trim_end_matches('='))
        {
            readings.push(reading(
                KeyForm::Hex,
                &hex::encode(key),
                Some("as base64url"),
            ));
        }
    }
    readings
}
