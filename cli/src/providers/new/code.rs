//! An entry in Rust, as the files of `shared/catalogue/src/providers` have it.

use std::fmt::Write as _;

use catalogue::{Algorithm, Field, KeyForm, Place, Scheme, Source, Template, Tolerance};
use jiff::civil::Date;

use super::answers::Answers;

/// The text of the provider's file.
pub(super) fn entry(answers: &Answers, source: &Source, today: Date) -> String {
    let mut lines = vec![
        format!("name: {:?},", answers.name),
        format!("title: {:?},", answers.title),
        format!("docs: {:?},", answers.docs),
        format!("checked: \"{today}\","),
        "read: \"\",".into(),
        "unconfirmed: &[".into(),
    ];
    let is_timed = source
        .schemes
        .iter()
        .any(|scheme| scheme.timestamp.is_some());
    for fact in UNCONFIRMED
        .into_iter()
        .chain(is_timed.then_some("Tolerance"))
    {
        lines.push(format!("    Fact::{fact},"));
    }
    lines.extend([
        "],".into(),
        "note: \"nothing of this entry has been read at the provider yet\",".into(),
        "schemes: &[Scheme {".into(),
    ]);
    let scheme = source.schemes.first().map(fields).unwrap_or_default();
    lines.extend(scheme.iter().map(|line| format!("    {line}")));
    lines.extend(["    ..Scheme::PLAIN".into(), "}],".into()]);
    if let Some(id) = source.identity.id {
        lines.push(format!("identity: Identity::id({:?}),", id.text()));
    }
    if let Some(kind) = source.event_type {
        lines.push(format!("event_type: Some({}),", template(kind)));
    }
    if source.schemes.iter().any(|scheme| !scheme.covers_body()) {
        lines.push("unsigned: \"the body\",".into());
    }
    lines.extend(source.schemes.iter().find_map(size));
    lines.extend([
        "setup: \"Enter the URL; the secret is shown there.\",".into(),
        "..Provider::BASE".into(),
    ]);
    let body: Vec<String> = lines.iter().map(|line| format!("    {line}\n")).collect();
    format!(
        "use super::prelude::*;\n\npub(super) const PROVIDER: Provider = Provider {{\n{}}};\n",
        body.concat()
    )
}

/// What nobody has read yet.
const UNCONFIRMED: [&str; 6] = [
    "Signature",
    "EventId",
    "EventType",
    "Deadline",
    "Retries",
    "Answer",
];

/// The size that bodies may have, where refusing one takes more than a hash for each key.
fn size(scheme: &Scheme) -> Option<String> {
    let limit = match (scheme.key, scheme.algorithm) {
        (KeyForm::TextOrBase64 { .. }, _) => "SEVERAL_MESSAGES",
        (_, Algorithm::Ed25519) if scheme.signature.split.is_some() => "HASH_FOR_EACH",
        (_, algorithm) if algorithm.has_a_slower_hash() => "SLOWER_HASH",
        _ => return None,
    };
    Some(format!("max_body: {limit},"))
}

/// The fields in which a scheme differs from the plain one.
fn fields(scheme: &Scheme) -> Vec<String> {
    let plain = Scheme::PLAIN;
    let mut lines = Vec::new();
    if scheme.algorithm != plain.algorithm {
        lines.push(format!("algorithm: Algorithm::{:?},", scheme.algorithm));
    }
    if scheme.key != plain.key {
        lines.push(format!("key: KeyForm::{:?},", scheme.key));
    }
    lines.push(format!("signature: {},", field(scheme.signature)));
    if scheme.encoding != plain.encoding {
        lines.push(format!("encoding: Encoding::{:?},", scheme.encoding));
    }
    if scheme.message != plain.message {
        lines.push(format!("message: {},", template(scheme.message)));
    }
    if let Some(timestamp) = scheme.timestamp {
        lines.extend([
            "timestamp: Some(Timestamp {".into(),
            format!("    field: {},", field(timestamp.field)),
            format!("    unit: Unit::{:?},", timestamp.unit),
            format!("    tolerance: {},", tolerance(timestamp.tolerance)),
            "}),".into(),
        ]);
    }
    lines
}

fn template(template: Template) -> String {
    format!("Template::new({:?})", template.text())
}

fn field(field: Field) -> String {
    let mut text = match field.place {
        Place::Header(names) => format!("Field::header({names:?})"),
        Place::Json(path) => format!("Field::json({path:?})"),
        Place::Form(name) => format!("Field::form({name:?})"),
        Place::Jwt(_) => "Field::jwt()".into(),
        Place::Query(name) => {
            format!("Field {{ place: Place::Query({name:?}), ..Field::header(\"\") }}")
        }
    };
    if let Some(separator) = field.group {
        let _ = write!(text, ".grouped({separator:?})");
    }
    if let Some(separator) = field.split {
        let _ = write!(text, ".split({separator:?})");
    }
    if field.prefixes != [""] {
        let _ = write!(text, ".after(&{:?})", field.prefixes);
    }
    text
}

fn tolerance(tolerance: Tolerance) -> String {
    match tolerance {
        Tolerance {
            past: Some(past),
            future: Some(future),
        } if past == future => format!("Tolerance::both({past})"),
        Tolerance {
            past: Some(past),
            future: None,
        } => format!("Tolerance::past({past})"),
        Tolerance { past, future } => format!("Tolerance {{ past: {past:?}, future: {future:?} }}"),
    }
}
