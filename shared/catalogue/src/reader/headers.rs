//! Headers that a route or a destination adds to what it sends.

use super::{
    field::{HEADER_NAME, is_header_name},
    report::{Report, shown},
    shape::Rule,
    table::{Pair, Table},
    value::Value,
};
use crate::{destination::HeaderValue, event_template::EventTemplate};

/// Headers that are made by whoever sends: of the signature, the connection and the trace, in small letters.
const OURS: &[&str] = &[
    "connection",
    "content-length",
    "content-type",
    "expect",
    "host",
    "keep-alive",
    "te",
    "trailer",
    "traceparent",
    "tracestate",
    "transfer-encoding",
    "upgrade",
    "webhook-id",
    "webhook-signature",
    "webhook-timestamp",
];

/// How the names of the labels begin that every destination gets with an event.
const OUR_LABELS: &str = "landfall-";

/// Headers that are there to prove who sends, in small letters: what they say is a secret.
const PROOFS: &[&str] = &[
    "api-key",
    "authorization",
    "cookie",
    "proxy-authorization",
    "x-api-key",
    "x-auth-token",
];

/// Headers whose texts come from the event.
pub(super) fn of_events(
    value: Value<'_>,
    report: &mut Report<'_>,
) -> Option<Vec<(&'static str, EventTemplate)>> {
    let example = "headers = { X-Event-Type = \"{event_type}\" }";
    each(value, example, report, super::event_template::read)
}

/// Headers that are the same with every event.
pub(super) fn fixed(
    value: Value<'_>,
    report: &mut Report<'_>,
) -> Option<Vec<(&'static str, HeaderValue)>> {
    let example = "headers = { Authorization = { secret = \"authorization\" } }";
    each(value, example, report, fixed_value)
}

fn each<T>(
    value: Value<'_>,
    example: &str,
    report: &mut Report<'_>,
    read: fn(Value<'_>, &mut Report<'_>) -> Option<T>,
) -> Option<Vec<(&'static str, T)>> {
    let entries = value.table(example, report)?;
    let mut names: Vec<String> = Vec::new();
    entries.each(HEADER_NAME, |pair| {
        let name = header_name(pair, &mut names, report);
        let text = read(pair.value, report);
        Some((name?, text?))
    })
}

fn header_name(
    Pair { name, at, .. }: Pair<'_>,
    earlier: &mut Vec<String>,
    report: &mut Report<'_>,
) -> Option<&'static str> {
    let small = name.to_ascii_lowercase();
    let (fault, mend) = if !is_header_name(name) {
        (
            format!("`{}` is no header name", shown(name)),
            "header names have letters, digits and `-`",
        )
    } else if OURS.contains(&small.as_str()) || small.starts_with(OUR_LABELS) {
        (
            format!("the header `{name}` is set by whoever sends"),
            "leave it out, or choose a name of your own",
        )
    } else if earlier.contains(&small) {
        (
            format!("the header `{name}` stands there twice"),
            "keep one of the two: upper and lower case don't tell headers apart",
        )
    } else {
        earlier.push(small);
        return Some(name.to_owned().leak());
    };
    report.add(at, fault, mend);
    None
}

fn fixed_value(value: Value<'_>, report: &mut Report<'_>) -> Option<HeaderValue> {
    if !value.is_text() {
        let example = format!("{} = {{ secret = \"name\" }}", value.key);
        let entries = value.table(&example, report)?;
        let table = Table::open(entries, &["secret"], report);
        table.rule(Rule::Needs(&["secret"]));
        let secret = table.slot("secret", report, Value::text);
        if secret.is_absent() {
            let fault = format!("the header `{}` has no `secret`", shown(value.key));
            report.missing(value.at(), fault, format!("write {example}"));
        }
        return secret.value().map(HeaderValue::Secret);
    }
    let text = value.like("^[ -~]+$").text(report)?;
    if PROOFS.contains(&value.key.to_ascii_lowercase().as_str()) {
        report.add(
            value.at(),
            format!("the header `{}` is a secret, and this file has none", value.key),
            format!("write {} = {{ secret = \"name\" }}, and that text under this name in the destination's secret", value.key),
        );
        return None;
    }
    let fits = text.bytes().all(|b| (b' '..=b'~').contains(&b));
    if !fits {
        report.add(
            value.at(),
            format!(
                "the header `{}` has characters beyond printable ASCII",
                shown(value.key)
            ),
            "write what HTTP can send: letters, digits and signs",
        );
    }
    fits.then_some(HeaderValue::Text(text))
}
