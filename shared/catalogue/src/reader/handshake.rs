//! How the endpoint is proven, and what a delivery is answered with, where the file says so itself.

use crate::{
    handshake::{Accepted, Fixed, Form, Handshake, Method, Proof, Reply},
    scheme::Scheme,
    template::{Piece, Place, Template},
};

use super::{
    enrolment::header,
    field::{is_header_name, template},
    report::{Report, shown},
    shape::Rule,
    slot::Slot,
    table::{Entries, Pair, Table},
    value::Value,
};

const METHODS: &[(&str, Method)] = &[
    ("POST", Method::Post),
    ("GET", Method::Get),
    ("HEAD", Method::Head),
];

/// The methods whose deliveries have their data in a body.
const METHODS_WITH_A_BODY: &[(&str, Method)] = &[
    ("POST", Method::Post),
    ("PUT", Method::Put),
    ("PATCH", Method::Patch),
    ("DELETE", Method::Delete),
];

const PROOFS: &[(&str, Proof)] = &[("signature", Proof::Signature), ("nothing", Proof::Nothing)];

const KEYS: [&str; 11] = [
    "method",
    "when",
    "challenge",
    "proof",
    "verify_token",
    "known",
    "text",
    "json",
    "status",
    "content_type",
    "body",
];

const EXAMPLE: &str =
    "handshake = { when = { \"{json:type}\" = \"ping\" }, challenge = \"{json:challenge}\" }";

/// One handshake, or a list of them.
pub(super) fn handshakes(
    value: Value<'_>,
    report: &mut Report<'_>,
) -> Option<&'static [Handshake]> {
    let read = if value.is_list() {
        value.list_of(report, handshake)?
    } else {
        vec![handshake(value, report)?]
    };
    Some(read.leak())
}

/// Whether these handshakes agree with themselves and the source's schemes.
pub(super) fn agree(
    handshakes: &[Handshake],
    schemes: &[Scheme],
    at: usize,
    report: &mut Report<'_>,
) -> bool {
    let fault = handshakes
        .iter()
        .find_map(|handshake| handshake.fault(schemes));
    if let Some(fault) = &fault {
        report.add(at, fault, "make the parameters of the handshake agree");
    }
    fault.is_none()
}

/// What a delivery is answered with that was taken.
pub(super) fn accepted(value: Value<'_>, report: &mut Report<'_>) -> Option<Accepted> {
    let example =
        "accepted = { status = 200, content_type = \"text/plain\", body = \"[accepted]\" }";
    let entries = value.table(example, report)?;
    let known = ["status", "content_type", "body", "header", "json"];
    let table = Table::open(entries, &known, report);
    table.rule(Rule::Follows("header", "json"));
    table.rule(Rule::Follows("json", "header"));
    table.rule(Rule::AtMostOne(&[
        &["status", "content_type", "body"],
        &["header", "json"],
    ]));
    let header = table.slot("header", report, header);
    let field = table.slot("json", report, Value::text);
    let fixed = fixed(&table, report);
    match (header, field) {
        (Slot::Absent, Slot::Absent) => fixed.map(Accepted::Fixed),
        (Slot::Given(_, header), Slot::Given(_, field))
            if known[..3].iter().all(|key| !table.has(key)) =>
        {
            Some(Accepted::Echoed { header, field })
        }
        (Slot::Faulty, _) | (_, Slot::Faulty) => None,
        _ => {
            report.add(
                value.at(),
                "`accepted` is neither a status with its body nor a header and the JSON field that echoes it",
                "write, for example, accepted = { header = \"X-Client-Id\", json = \"clientId\" }",
            );
            None
        }
    }
}

fn handshake(value: Value<'_>, report: &mut Report<'_>) -> Option<Handshake> {
    let entries = value.table(EXAMPLE, report)?;
    let table = Table::open(entries, &KEYS, report);
    let method = table.slot("method", report, |value, report| {
        value.word(METHODS, report)
    });
    let when = table.slot("when", report, |value, report| {
        let (place, item) = pair(value, "when = { \"{json:type}\" = \"ping\" }", report)?;
        Some((place, item.text(report)?))
    });
    let challenge = table.slot("challenge", report, place);
    let proof = proof(value, &table, report);
    let reply = reply(value, &table, challenge.is_absent(), report);
    if method.is_faulty() || when.is_faulty() || challenge.is_faulty() {
        return None;
    }
    let (proof, reply) = (proof?, reply?);
    let handshake = Handshake {
        method: method.value().unwrap_or(Method::Post),
        when: when.value(),
        challenge: challenge.value(),
        form: match proof {
            Proof::Signature => Form::Any,
            _ if reply.has_hmac() => Form::Token,
            _ => Form::Text,
        },
        proof,
        reply,
    };
    // Its templates are taken apart by that.
    Some(handshake.with_settings(&[]))
}

fn proof(value: Value<'_>, table: &Table<'_>, report: &mut Report<'_>) -> Option<Proof> {
    table.rule(Rule::AtMostOne(&[
        &["proof"],
        &["verify_token"],
        &["known"],
    ]));
    let found: Vec<Slot<Proof>> = [
        table.slot("proof", report, |value, report| value.word(PROOFS, report)),
        table.slot("verify_token", report, |value, report| {
            place(value, report).map(Proof::VerifyToken)
        }),
        table.slot("known", report, |value, report| {
            let example = "known = { \"{query:hub.topic}\" = \"https://example.com/feed\" }";
            let (place, item) = pair(value, example, report)?;
            Some(Proof::Known(place, template(item, report)?))
        }),
    ]
    .into_iter()
    .filter(|slot| !slot.is_absent())
    .collect();
    if found.len() > 1 {
        report.add(
            value.at(),
            "the handshake names several proofs",
            "name one: proof, verify_token or known",
        );
        return None;
    }
    match found.into_iter().next() {
        None => Some(Proof::Signature),
        Some(slot) => slot.value(),
    }
}

fn reply(
    value: Value<'_>,
    table: &Table<'_>,
    nothing_to_echo: bool,
    report: &mut Report<'_>,
) -> Option<Reply> {
    let text = table.slot("text", report, answer);
    let json = table.slot("json", report, |value, report| {
        let entries = value.table("json = { challenge = \"{challenge}\" }", report)?;
        object(entries, report)
    });
    table.rule(Rule::AtMostOne(&[
        &["text"],
        &["json"],
        &["status", "content_type", "body"],
    ]));
    let fixed = fixed(table, report);
    let is_fixed = ["status", "content_type", "body"]
        .iter()
        .any(|key| table.has(key));
    let named = [!text.is_absent(), !json.is_absent(), is_fixed];
    if named.iter().filter(|named| **named).count() > 1 {
        report.add(
            value.at(),
            "the handshake names several answers",
            "name one: text, json, or status with content_type and body",
        );
        return None;
    }
    match (text, json) {
        (Slot::Faulty, _) | (_, Slot::Faulty) => None,
        (Slot::Given(_, text), _) => Some(Reply::Text(text)),
        (_, Slot::Given(_, fields)) => Some(Reply::Json(fields)),
        _ if is_fixed || nothing_to_echo => fixed.map(Reply::Fixed),
        _ => Some(Handshake::SIGNED.reply),
    }
}

fn object(
    entries: Entries<'_>,
    report: &mut Report<'_>,
) -> Option<&'static [(&'static str, Template)]> {
    let mut fields = Vec::new();
    for Pair { name, value, .. } in entries.pairs() {
        let text = answer(value, report)?;
        fields.push((&*name.to_owned().leak(), text));
    }
    Some(fields.leak())
}

fn fixed(table: &Table<'_>, report: &mut Report<'_>) -> Option<Fixed> {
    table.rule(Rule::Follows("content_type", "body"));
    let status = table.slot("status", report, |value, report| {
        value.number(200..=299, report)
    });
    let content_type = table.slot("content_type", report, |value, report| {
        let text = value.like("^[ -~]+$").text(report)?;
        let fits = text.bytes().all(|b| matches!(b, b' '..=b'~'));
        if !fits {
            report.add(
                value.at(),
                "`content_type` can't be a header's value",
                "write, for example, content_type = \"text/plain\"",
            );
        }
        fits.then_some(text)
    });
    let body = table.slot("body", report, Value::text);
    if status.is_faulty() || content_type.is_faulty() || body.is_faulty() {
        return None;
    }
    if let (Slot::Given(at, _), Slot::Absent) = (&content_type, &body) {
        report.add(
            *at,
            "a content type belongs to a body",
            "add body = \"…\", or leave it out",
        );
        return None;
    }
    let default = if body.is_absent() { "" } else { "text/plain" };
    Some(Fixed {
        status: status.value().unwrap_or(200),
        content_type: content_type.value().unwrap_or(default),
        body: body.value().unwrap_or_default(),
    })
}

/// A text with the placeholders of an answer; whether they are such is asked when all is read.
fn answer(value: Value<'_>, report: &mut Report<'_>) -> Option<Template> {
    Some(Template::new(value.text(report)?))
}

/// A table of one place and what stands there.
fn pair<'a>(
    value: Value<'a>,
    example: &str,
    report: &mut Report<'_>,
) -> Option<(Place, Value<'a>)> {
    let entries = value.table(example, report)?;
    let Some(pair) = entries.only_pair(None) else {
        report.add(
            value.at(),
            format!("`{}` is not one place and its text", value.key),
            format!("write, for example, {example}"),
        );
        return None;
    };
    let place = named(pair.name, pair.at, report)?;
    Some((place, pair.value.called(value.key)))
}

fn place(value: Value<'_>, report: &mut Report<'_>) -> Option<Place> {
    named(value.text(report)?, value.at(), report)
}

/// A placeholder that names a place and nothing beside it.
fn named(text: &str, at: usize, report: &mut Report<'_>) -> Option<Place> {
    let mut pieces = Template::new(text.to_owned().leak()).pieces();
    let place = match (pieces.next(), pieces.next()) {
        (Some(Piece::Value(place)), None) => Some(place),
        _ => None,
    };
    let is_header = |place: &Place| matches!(place, Place::Header(_));
    let place = place.filter(|place| !is_header(place) || place.names().all(is_header_name));
    if place.is_none() {
        report.add(
            at,
            format!("`{}` is no place in a request", shown(text)),
            "write {header:NAME}, {json:PATH}, {form:FIELD} or {query:NAME}",
        );
    }
    place
}

/// The methods by which deliveries come.
pub(super) fn methods(value: Value<'_>, report: &mut Report<'_>) -> Option<&'static [Method]> {
    let methods = value.list_of(report, |item, report| {
        item.word(METHODS_WITH_A_BODY, report)
    })?;
    Some(methods.leak())
}
