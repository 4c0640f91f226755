//! Schemes in words, in JSON, and as `sources.toml` has them.

use catalogue::{
    Algorithm, Claims, Encoding, Enrolment, Field, KeyForm, Place, Scheme, Timestamp, Tolerance,
    Unit,
};
use serde_json::{Value, json};

/// `HMAC-SHA256 over {timestamp}.{body}, hex`.
pub(crate) fn in_short(scheme: &Scheme) -> String {
    if scheme.algorithm == Algorithm::Token {
        return format!(
            "{}, {}",
            algorithm(scheme.algorithm),
            encoding(scheme.encoding)
        );
    }
    format!(
        "{} over {}, {}",
        algorithm(scheme.algorithm),
        scheme.message.text(),
        encoding(scheme.encoding)
    )
}

pub(crate) fn algorithm(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::HmacSha1 => "HMAC-SHA1",
        Algorithm::HmacSha256 => "HMAC-SHA256",
        Algorithm::HmacSha384 => "HMAC-SHA384",
        Algorithm::HmacSha512 => "HMAC-SHA512",
        Algorithm::Sha256Concat => "SHA-256 of the secret and what follows it",
        Algorithm::Token => "the secret itself, nothing signed",
        Algorithm::Ed25519 => "Ed25519",
        Algorithm::EcdsaP256Sha256 => "ECDSA-P256-SHA256",
        Algorithm::EcdsaP256Sha256Fixed => "ECDSA-P256-SHA256 (r and s)",
        Algorithm::EcdsaP521Sha512Fixed => "ECDSA-P521-SHA512 (r and s)",
        Algorithm::RsaPkcs1Sha1 => "RSA-PKCS1-SHA1",
        Algorithm::RsaPkcs1Sha256 => "RSA-PKCS1-SHA256",
    }
}

pub(crate) fn encoding(encoding: Encoding) -> &'static str {
    match encoding {
        Encoding::Hex => "hex",
        Encoding::Base64 => "base64",
        Encoding::Base64Url => "base64url",
        Encoding::Text => "as it is",
        Encoding::Jws => "a JSON Web Signature",
    }
}

/// How a provider hands over its secret.
pub(crate) fn enrolment(enrolment: Enrolment) -> String {
    match enrolment {
        Enrolment::Echoed { header } => format!(
            "the secret, in the header {header} of its first request, and wants it back there: see `landfall enrol`"
        ),
        Enrolment::Entered { field, .. } => format!(
            "the secret, as `{field}` of its first request, and wants it entered there: see `landfall enrol`"
        ),
    }
}

/// What the provider hands out, and how it becomes a key.
pub(crate) fn key_form(form: KeyForm) -> String {
    match form {
        KeyForm::Text => "a secret that is used as text, all of it".into(),
        KeyForm::TextNfkd => "a secret that is used as text, in the Unicode form NFKD".into(),
        KeyForm::Sha1 => "a secret of which the SHA-1 digest is the key".into(),
        KeyForm::Base64 { prefix: "" } => "a secret in base64".into(),
        KeyForm::Base64 { prefix } => format!("a secret in base64 behind `{prefix}`"),
        KeyForm::Hex => "a secret in hex digits".into(),
        KeyForm::Public { prefix: "" } => "a public key".into(),
        KeyForm::Public { prefix } => format!("a public key behind `{prefix}`"),
    }
}

/// Where a text stands, for example "the header X-Sig, behind `sha256=`".
pub(crate) fn field(field: Field) -> String {
    let place = place(field.place);
    let prefixes: Vec<String> = (field.prefixes.iter())
        .map(|prefix| match *prefix {
            "" => "as it is".into(),
            prefix => format!("behind `{prefix}`"),
        })
        .collect();
    match field.split {
        _ if field.prefixes == [""] && field.split.is_none() => place,
        None => format!("{place}, {}", prefixes.join(" or ")),
        Some(' ') => format!("{place}, entries between spaces, {}", prefixes.join(" or ")),
        Some(split) => format!(
            "{place}, entries between `{split}`, {}",
            prefixes.join(" or ")
        ),
    }
}

fn place(place: Place) -> String {
    let kind = match place {
        Place::Header(_) => "header",
        Place::Json(_) => "JSON field",
        Place::Form(_) => "form field",
        Place::Query(_) => "query parameter",
    };
    format!("{kind} {}", place.names().collect::<Vec<_>>().join(" or "))
}

pub(crate) fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Seconds => "seconds since 1970",
        Unit::Millis => "milliseconds since 1970",
        Unit::Iso => "ISO 8601",
    }
}

pub(crate) fn tolerance(tolerance: Tolerance) -> String {
    match (tolerance.past, tolerance.future) {
        (Some(past), Some(future)) if past == future => format!("{past} s, past and future"),
        (Some(past), Some(future)) => format!("{past} s into the past, {future} s into the future"),
        (Some(past), None) => format!("{past} s into the past; the future is not checked"),
        (None, Some(future)) => format!("{future} s into the future; the past is not checked"),
        (None, None) => "not checked".into(),
    }
}

pub(crate) fn json(scheme: &Scheme) -> Value {
    json!({
        "algorithm": algorithm_key(scheme.algorithm),
        "key": match scheme.key {
            KeyForm::Text => json!("text"),
            KeyForm::TextNfkd => json!("text-nfkd"),
            KeyForm::Sha1 => json!("sha1"),
            KeyForm::Hex => json!("hex"),
            KeyForm::Base64 { prefix } => json!({"form": "base64", "prefix": prefix}),
            KeyForm::Public { prefix } => json!({"form": "public", "prefix": prefix}),
        },
        "signature": field_json(scheme.signature),
        "encoding": encoding_key(scheme.encoding),
        "message": scheme.message.text(),
        "timestamp": scheme.timestamp.map(|Timestamp { field, unit, tolerance }| {
            let mut value = field_json(field);
            value["unit"] = unit_key(unit).into();
            value["tolerance"] = json!({"past": tolerance.past, "future": tolerance.future});
            value
        }),
    })
}

fn field_json(field: Field) -> Value {
    let (key, names) = place_key(field.place);
    json!({
        key: names,
        "split": field.split.map(String::from),
        "prefix": field.prefixes,
    })
}

/// The lines of a `[name.scheme]` table. With a scheme to differ from, only those that do.
pub(crate) fn toml(scheme: &Scheme, base: Option<&Scheme>) -> Vec<String> {
    let quoted = |text: &str| Value::from(text).to_string();
    let mut lines = Vec::new();
    let mut line = |differs: bool, text: String| {
        if differs {
            lines.push(text);
        }
    };
    line(
        base.is_none_or(|base| base.algorithm != scheme.algorithm),
        format!("algorithm = \"{}\"", algorithm_key(scheme.algorithm)),
    );
    line(
        base.is_none_or(|base| base.key != scheme.key),
        match scheme.key {
            KeyForm::Text => "key = \"text\"".into(),
            KeyForm::TextNfkd => "key = \"text-nfkd\"".into(),
            KeyForm::Sha1 => "key = \"sha1\"".into(),
            KeyForm::Hex => "key = \"hex\"".into(),
            KeyForm::Base64 { prefix: "" } => "key = \"base64\"".into(),
            KeyForm::Public { prefix: "" } => "key = \"public\"".into(),
            KeyForm::Base64 { prefix } => {
                format!("key = {{ form = \"base64\", prefix = {} }}", quoted(prefix))
            }
            KeyForm::Public { prefix } => {
                format!("key = {{ form = \"public\", prefix = {} }}", quoted(prefix))
            }
        },
    );
    line(
        base.is_none_or(|base| base.signature != scheme.signature),
        format!("signature = {{ {} }}", field_toml(scheme.signature)),
    );
    line(
        base.is_none_or(|base| base.encoding != scheme.encoding),
        format!("encoding = \"{}\"", encoding_key(scheme.encoding)),
    );
    line(
        base.is_none_or(|base| base.message != scheme.message) && !scheme.message.text().is_empty(),
        format!("message = {}", quoted(scheme.message.text())),
    );
    if let Some(timestamp) = scheme.timestamp {
        let same = base
            .and_then(|base| base.timestamp)
            .is_some_and(|base| (base.field, base.unit) == (timestamp.field, timestamp.unit));
        line(
            !same,
            format!(
                "timestamp = {{ {}, unit = \"{}\" }}",
                field_toml(timestamp.field),
                unit_key(timestamp.unit)
            ),
        );
        line(
            base.is_none_or(|base| base.timestamp.is_none()),
            "tolerance = 300".into(),
        );
    }
    if let Some(claims) = &scheme.claims {
        line(
            base.is_none_or(|base| base.claims != scheme.claims),
            format!("claims = {}", claims_toml(claims)),
        );
    }
    if let Some((place, text)) = scheme.when {
        let (key, names) = place_key(place);
        line(
            base.is_none_or(|base| base.when != scheme.when),
            format!(
                "when = {{ {key} = {}, is = {} }}",
                quoted(names),
                quoted(text)
            ),
        );
    }
    if let Some(newer) = scheme.unless {
        line(
            base.is_none_or(|base| base.unless != scheme.unless),
            format!("unless = {{ {} }}", field_toml(newer)),
        );
    }
    line(
        !scheme.covers_body() && base.is_none_or(Scheme::covers_body),
        "body_unsigned = true".into(),
    );
    lines
}

fn claims_toml(claims: &Claims) -> String {
    let quoted = |text: &str| Value::from(text).to_string();
    let mut parts = Vec::new();
    if let Some((claim, encoding)) = claims.body_digest {
        parts.push(format!(
            "body_digest = {{ claim = {}, encoding = \"{}\" }}",
            quoted(claim),
            encoding_key(encoding)
        ));
    }
    if let Some(claim) = claims.request_digest {
        parts.push(format!("request_digest = {}", quoted(claim)));
    }
    if let Some(issued) = claims.issued {
        parts.push(format!("issued = {}", tolerance_toml(issued)));
    }
    if let Some(leeway) = claims.expires {
        parts.push(format!("expires = {leeway}"));
    }
    if !claims.equal.is_empty() {
        let pairs: Vec<String> = claims
            .equal
            .iter()
            .map(|(claim, text)| format!("{} = {}", quoted(claim), quoted(text.text())))
            .collect();
        parts.push(format!("equal = {{ {} }}", pairs.join(", ")));
    }
    format!("{{ {} }}", parts.join(", "))
}

fn tolerance_toml(tolerance: Tolerance) -> String {
    match (tolerance.past, tolerance.future) {
        (Some(past), future) if future == Some(past) => past.to_string(),
        (past, future) => {
            let sides: Vec<String> = [("past", past), ("future", future)]
                .into_iter()
                .filter_map(|(side, seconds)| Some(format!("{side} = {}", seconds?)))
                .collect();
            format!("{{ {} }}", sides.join(", "))
        }
    }
}

fn field_toml(field: Field) -> String {
    let quoted = |text: &str| Value::from(text).to_string();
    let (key, names) = place_key(field.place);
    let mut parts = vec![format!("{key} = {}", quoted(names))];
    if let Some(split) = field.split {
        parts.push(format!("split = {}", quoted(&split.to_string())));
    }
    match field.prefixes {
        [""] => {}
        [one] => parts.push(format!("prefix = {}", quoted(one))),
        several => parts.push(format!("prefix = {}", Value::from(several.to_vec()))),
    }
    parts.join(", ")
}

fn place_key(place: Place) -> (&'static str, &'static str) {
    match place {
        Place::Header(names) => ("header", names),
        Place::Json(names) => ("json", names),
        Place::Form(names) => ("form", names),
        Place::Query(names) => ("query", names),
    }
}

fn algorithm_key(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::HmacSha1 => "hmac-sha1",
        Algorithm::HmacSha256 => "hmac-sha256",
        Algorithm::HmacSha384 => "hmac-sha384",
        Algorithm::HmacSha512 => "hmac-sha512",
        Algorithm::Sha256Concat => "sha256-concat",
        Algorithm::Token => "token",
        Algorithm::Ed25519 => "ed25519",
        Algorithm::EcdsaP256Sha256 => "ecdsa-p256-sha256",
        Algorithm::EcdsaP256Sha256Fixed => "ecdsa-p256-sha256-fixed",
        Algorithm::EcdsaP521Sha512Fixed => "ecdsa-p521-sha512-fixed",
        Algorithm::RsaPkcs1Sha1 => "rsa-pkcs1-sha1",
        Algorithm::RsaPkcs1Sha256 => "rsa-pkcs1-sha256",
    }
}

fn encoding_key(encoding: Encoding) -> &'static str {
    match encoding {
        Encoding::Hex => "hex",
        Encoding::Base64 => "base64",
        Encoding::Base64Url => "base64url",
        Encoding::Text => "text",
        Encoding::Jws => "jws",
    }
}

fn unit_key(unit: Unit) -> &'static str {
    match unit {
        Unit::Seconds => "s",
        Unit::Millis => "ms",
        Unit::Iso => "iso",
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use catalogue::{Code, Environment, PROVIDERS, Piece, reader};

    use super::*;

    #[test]
    fn what_is_printed_for_sources_toml_reads_as_the_same_scheme() {
        // A function of the catalogue's, and a setting, belong to their provider.
        let is_ones_own = |scheme: &&Scheme| {
            let claims = scheme.claims.map_or(&[][..], |claims| claims.equal);
            let mut texts = claims.iter().map(|(_, text)| *text).chain([scheme.message]);
            !texts.any(|text| text.text().contains("{setting:"))
                && !scheme.message.pieces().any(|piece| match piece {
                    Piece::Code(code) => code != Code::Jws,
                    _ => false,
                })
        };
        let schemes: Vec<_> = PROVIDERS
            .iter()
            .flat_map(|provider| provider.schemes)
            .filter(is_ones_own)
            .collect();
        assert!(schemes.len() > 80);
        for scheme in schemes {
            let text = format!("[x.scheme]\n{}\n", toml(scheme, None).join("\n"));
            let sources = reader::read(&text, Environment::Local).unwrap();
            let mut read = sources.get("x").unwrap().schemes[0];
            if let (Some(read), Some(meant)) = (&mut read.timestamp, scheme.timestamp) {
                read.tolerance = meant.tolerance;
            }
            assert_eq!(read, *scheme);
            assert!(toml(scheme, Some(scheme)).is_empty());
        }
    }
}
