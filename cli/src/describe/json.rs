//! Schemes in JSON.

use std::collections::BTreeMap;

use catalogue::{Field, KeyForm, Place, Scheme, Timestamp, Tolerance};
use serde_json::{Value, json};

use super::key;

pub(crate) fn json(scheme: &Scheme) -> Value {
    json!({
        "version": scheme.version,
        "opt_in": scheme.opt_in,
        "algorithm": key::algorithm(scheme.algorithm),
        "key": match scheme.key {
            KeyForm::Text => json!("text"),
            KeyForm::TextNfkd => json!("text-nfkd"),
            KeyForm::Sha1 => json!("sha1"),
            KeyForm::Hex => json!("hex"),
            KeyForm::Base64 { prefix } => json!({"form": "base64", "prefix": prefix}),
            KeyForm::TextOrBase64 { prefix } => json!({"form": "text-or-base64", "prefix": prefix}),
            KeyForm::Public { prefix } => json!({"form": "public", "prefix": prefix}),
        },
        "signature": field_json(scheme.signature),
        "encoding": key::encoding(scheme.encoding),
        "message": scheme.message.text(),
        "signs_url": scheme.signs_url(),
        "timestamp": scheme.timestamp.map(|Timestamp { field, unit, tolerance }| {
            let mut value = field_json(field);
            value["unit"] = key::unit(unit).into();
            value["tolerance"] = sides_json(tolerance);
            value
        }),
        "claims": scheme.claims.map(|claims| json!({
            "body_digest": claims.body_digest.map(|(claim, encoding)| json!({"claim": claim, "encoding": key::encoding(encoding)})),
            "url_digest": claims.url_digest.map(|(claim, encoding)| json!({"claim": claim, "encoding": key::encoding(encoding)})),
            "request_digest": claims.request_digest,
            "issued": claims.issued.map(sides_json),
            "expires": claims.expires,
            "required": claims.required,
            "equal": claims.equal.iter().map(|(claim, text)| (*claim, text.text())).collect::<BTreeMap<_, _>>(),
        })),
        "equal": scheme.equal.iter().map(|(place, text)| is_json(*place, text.text())).collect::<Vec<_>>(),
        "when": scheme.when.map(|&(field, text)| field_is_json(field, text)),
        "unless": scheme.unless.copied().map(field_json),
        "named": scheme.named.iter().map(|(field, text)| field_is_json(*field, text)).collect::<Vec<_>>(),
        "body": key::body_form(scheme.body),
        "body_signed": scheme.covers_body(),
    })
}

fn sides_json(tolerance: Tolerance) -> Value {
    json!({"past": tolerance.past, "future": tolerance.future})
}

fn is_json(place: Place, text: &str) -> Value {
    let (key, names) = key::place(place);
    json!({key: names, "is": text})
}

fn field_is_json(field: Field, text: &str) -> Value {
    let mut value = field_json(field);
    value["is"] = text.into();
    value
}

fn field_json(field: Field) -> Value {
    let (key, names) = key::place(field.place);
    json!({
        key: names,
        "group": field.group.map(String::from),
        "split": field.split.map(String::from),
        "prefix": field.prefixes,
    })
}
