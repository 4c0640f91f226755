//! Schemes as `landfall.toml` has them.

use catalogue::{
    Algorithm, BodyForm, Claims, Field, KeyForm, Place, Scheme, Template, Timestamp, Tolerance,
    UrlForm,
};
use serde_json::Value;

use super::key;

/// The lines of a `[sources.name.scheme]` table. With a scheme to differ from, only those that do.
pub(crate) fn toml(scheme: &Scheme, base: Option<&Scheme>) -> Vec<String> {
    let Some(base) = base else {
        return lines(scheme);
    };
    let theirs = lines(base);
    lines(scheme)
        .into_iter()
        .filter(|line| !theirs.contains(line))
        .collect()
}

/// The whole scheme.
fn lines(scheme: &Scheme) -> Vec<String> {
    let mut lines = Vec::new();
    if !scheme.version.is_empty() {
        lines.push(format!("version = {}", quoted(scheme.version)));
    }
    lines.extend([
        format!("algorithm = \"{}\"", key::algorithm(scheme.algorithm)),
        format!("key = {}", key_form(scheme.key)),
        format!("signature = {{ {} }}", field(scheme.signature)),
        format!("encoding = \"{}\"", key::encoding(scheme.encoding)),
    ]);
    if scheme.algorithm != Algorithm::Token {
        lines.push(format!("message = {}", quoted(scheme.message.text())));
    }
    if !scheme.url_forms.is_empty() {
        let forms: Vec<String> = scheme
            .url_forms
            .iter()
            .map(|form| url_form(*form))
            .collect();
        lines.push(format!("url_forms = [{}]", forms.join(", ")));
    }
    if let Some(timestamp) = &scheme.timestamp {
        lines.extend(time(timestamp));
    }
    if let Some(asked) = scheme.claims {
        lines.push(format!("claims = {}", claims(asked)));
    }
    if !scheme.equal.is_empty() {
        let texts: Vec<String> = scheme
            .equal
            .iter()
            .map(|(place, text): &(Place, Template)| is(*place, text.text()))
            .collect();
        lines.push(format!("equal = [{}]", texts.join(", ")));
    }
    if let Some(&(place, text)) = scheme.when {
        lines.push(format!("when = {}", field_is(place, text)));
    }
    if let Some(&newer) = scheme.unless {
        lines.push(format!("unless = {{ {} }}", field(newer)));
    }
    if !scheme.named.is_empty() {
        let texts = scheme.named.iter();
        let texts: Vec<String> = texts.map(|(field, text)| field_is(*field, text)).collect();
        lines.push(format!("named = [{}]", texts.join(", ")));
    }
    if scheme.body != BodyForm::Any {
        lines.push(format!("body = \"{}\"", key::body_form(scheme.body)));
    }
    if !scheme.covers_body() {
        lines.push("body_unsigned = true".into());
    }
    lines
}

fn url_form(form: UrlForm) -> String {
    match form {
        UrlForm::AnyPort => quoted("any-port"),
        UrlForm::QueryEncodedAnew => quoted("query-encoded-anew"),
        UrlForm::AnySlash => quoted("any-slash"),
        UrlForm::EncodedAgain => quoted("encoded-again"),
        UrlForm::Decoded(characters) => format!("{{ decoded = {} }}", quoted(characters)),
    }
}

fn field_is(of: Field, text: &str) -> String {
    format!("{{ {}, is = {} }}", field(of), quoted(text))
}

fn key_form(form: KeyForm) -> String {
    let behind = |form: &str, prefix: &str| match prefix {
        "" => quoted(form),
        prefix => format!("{{ form = {}, prefix = {} }}", quoted(form), quoted(prefix)),
    };
    match form {
        KeyForm::Text => behind("text", ""),
        KeyForm::TextNfkd => behind("text-nfkd", ""),
        KeyForm::Sha1 => behind("sha1", ""),
        KeyForm::Hex => behind("hex", ""),
        KeyForm::Base64 { prefix } => behind("base64", prefix),
        KeyForm::TextOrBase64 { prefix } => behind("text-or-base64", prefix),
        KeyForm::Public { prefix } => behind("public", prefix),
    }
}

fn time(timestamp: &Timestamp) -> [String; 2] {
    [
        format!(
            "timestamp = {{ {}, unit = \"{}\" }}",
            field(timestamp.field),
            key::unit(timestamp.unit)
        ),
        format!("tolerance = {}", tolerance(timestamp.tolerance)),
    ]
}

fn claims(claims: &Claims) -> String {
    let mut parts = Vec::new();
    for (name, digest) in [
        ("body_digest", claims.body_digest),
        ("url_digest", claims.url_digest),
    ] {
        let Some((claim, encoding)) = digest else {
            continue;
        };
        parts.push(format!(
            "{name} = {{ claim = {}, encoding = \"{}\" }}",
            quoted(claim),
            key::encoding(encoding)
        ));
    }
    if let Some(claim) = claims.request_digest {
        parts.push(format!("request_digest = {}", quoted(claim)));
    }
    if let Some(issued) = claims.issued {
        parts.push(format!("issued = {}", tolerance(issued)));
    }
    if let Some(leeway) = claims.expires {
        parts.push(format!("expires = {leeway}"));
    }
    if !claims.required.is_empty() {
        let names: Vec<String> = claims.required.iter().map(|name| quoted(name)).collect();
        parts.push(format!("required = [{}]", names.join(", ")));
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

/// Seconds, each side by itself where they differ.
fn tolerance(tolerance: Tolerance) -> String {
    match (tolerance.past, tolerance.future) {
        (None, None) => quoted("unchecked"),
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

fn field(field: Field) -> String {
    let (key, names) = key::place(field.place);
    let mut parts = vec![format!("{key} = {}", quoted(names))];
    if let Some(group) = field.group {
        parts.push(format!("group = {}", quoted(&group.to_string())));
    }
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

fn is(place: Place, text: &str) -> String {
    let (key, names) = key::place(place);
    format!("{{ {key} = {}, is = {} }}", quoted(names), quoted(text))
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use catalogue::{Environment, PROVIDERS, Piece, reader};

    use super::*;

    #[test]
    fn what_is_printed_for_landfall_toml_reads_as_the_same_scheme() {
        // A function of the catalogue's, and a setting, belong to their provider.
        let is_ones_own = |scheme: &&Scheme| {
            let claims = scheme.claims.map_or(&[][..], |claims| claims.equal);
            let compared = scheme.equal.iter().map(|(_, text)| *text);
            let mut texts = claims
                .iter()
                .map(|(_, text)| *text)
                .chain(compared)
                .chain([scheme.message]);
            let prefixes = scheme.signature.prefixes;
            // What the entry gives a reason for, a source can't.
            scheme.ambiguity().is_none()
                && !prefixes.iter().any(|prefix| prefix.contains("{setting:"))
                && !texts.any(|text| text.text().contains("{setting:"))
                && !scheme.message.pieces().any(|piece| match piece {
                    Piece::Code(code) => !code.is_standard(),
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
            let text = format!("[sources.x.scheme]\n{}\n", toml(scheme, None).join("\n"));
            let sources = reader::read(&text, Environment::Local).unwrap().sources;
            let own = Scheme {
                opt_in: false,
                ..*scheme
            };
            assert_eq!(sources.get("x").unwrap().schemes, [own]);
            assert!(toml(scheme, Some(scheme)).is_empty());
        }
    }
}
