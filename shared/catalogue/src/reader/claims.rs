//! What a source's own scheme asks of the claims of a JSON Web Token.

use crate::{
    scheme::{Claims, Encoding},
    template::{Piece, Place, Template},
};

use super::{
    field::{place_and, template},
    report::Report,
    shape::Rule,
    table::{Pair, Table},
    tolerance::{ToleranceLayer, seconds},
    value::Value,
    words::ENCODINGS,
};

const EXAMPLE: &str =
    "claims = { body_digest = { claim = \"body_sha256\", encoding = \"hex\" }, issued = 300 }";

pub(super) fn claims(value: Value<'_>, report: &mut Report<'_>) -> Option<Claims> {
    let entries = value.table(EXAMPLE, report)?;
    let known = [
        "body_digest",
        "url_digest",
        "request_digest",
        "issued",
        "expires",
        "required",
        "equal",
    ];
    let table = Table::open(entries, &known, report);
    let body_digest = table.slot("body_digest", report, digest);
    let url_digest = table.slot("url_digest", report, digest);
    let request_digest = table.slot("request_digest", report, Value::text);
    let issued = table.slot("issued", report, |value, report| {
        ToleranceLayer::read(value, report)?.spelled_out(value.at(), report)
    });
    let expires = table.slot("expires", report, seconds);
    let required = table.slot("required", report, |value, report| {
        value.list_of(report, Value::text)
    });
    let equal = table.slot("equal", report, equal);
    if entries.is_empty() {
        report.add(
            value.at(),
            "`claims` asks for nothing",
            format!("write, for example, {EXAMPLE}"),
        );
        return None;
    }
    if body_digest.is_faulty()
        || url_digest.is_faulty()
        || request_digest.is_faulty()
        || issued.is_faulty()
        || expires.is_faulty()
        || required.is_faulty()
        || equal.is_faulty()
    {
        return None;
    }
    Some(Claims {
        body_digest: body_digest.value(),
        url_digest: url_digest.value(),
        request_digest: request_digest.value(),
        issued: issued.value(),
        expires: expires.value(),
        required: required.value().unwrap_or_default().leak(),
        equal: equal.value().unwrap_or_default(),
    })
}

/// The claim with the digest of the body or the URL, and how it is written.
fn digest(value: Value<'_>, report: &mut Report<'_>) -> Option<(&'static str, Encoding)> {
    let key = value.key;
    let example = format!("{key} = {{ claim = \"sha256\", encoding = \"hex\" }}");
    let entries = value.table(&example, report)?;
    let table = Table::open(entries, &["claim", "encoding"], report);
    table.rule(Rule::Needs(&["claim", "encoding"]));
    let claim = table.slot("claim", report, Value::text);
    let encoding = table.slot("encoding", report, |value, report| {
        let of_bytes: Vec<_> = ENCODINGS
            .iter()
            .copied()
            .filter(|(_, encoding)| !matches!(encoding, Encoding::Text | Encoding::Jws))
            .collect();
        value.word(&of_bytes, report)
    });
    if claim.is_absent() || encoding.is_absent() {
        report.missing(
            value.at(),
            format!("`{key}` needs `claim` and `encoding`"),
            format!("write {example}"),
        );
    }
    Some((claim.value()?, encoding.value()?))
}

/// Claims and the texts that they must have.
fn equal(value: Value<'_>, report: &mut Report<'_>) -> Option<&'static [(&'static str, Template)]> {
    let entries = value.table("equal = { aud = \"{url}\" }", report)?;
    let pairs: Vec<Option<(&'static str, Template)>> = (entries.pairs().into_iter())
        .map(|Pair { name, value, .. }| {
            // A claim may be the body itself.
            let text = compared_or(value, report, Template::is_body)?;
            let name: &'static str = name.to_owned().leak();
            Some((name, text))
        })
        .collect();
    let pairs: Vec<_> = pairs.into_iter().collect::<Option<_>>()?;
    Some(pairs.leak())
}

/// Texts of the delivery and what they must be.
pub(super) fn texts(
    value: Value<'_>,
    report: &mut Report<'_>,
) -> Option<&'static [(Place, Template)]> {
    let read = |item: Value<'_>, report: &mut Report<'_>| {
        place_and(
            item,
            "equal = [{ json = \"account\", is = \"acct_1\" }]",
            report,
            compared,
        )
    };
    Some(value.list_of(report, read)?.leak())
}

/// A text that something can be compared with.
fn compared(value: Value<'_>, report: &mut Report<'_>) -> Option<Template> {
    compared_or(value, report, |_| false)
}

fn compared_or(
    value: Value<'_>,
    report: &mut Report<'_>,
    fits_too: impl Fn(Template) -> bool,
) -> Option<Template> {
    let template = template(value, report)?;
    let fits = fits_too(template)
        || template.pieces().all(|piece| {
            matches!(
                piece,
                Piece::Literal(_) | Piece::Url | Piece::UrlWithoutQuery | Piece::Value(_)
            )
        });
    if !fits {
        report.add(
            value.at(),
            format!("`{}` is compared with what is no single text", value.key),
            "use {url}, {url_without_query}, {header:NAME}, {json:PATH} or a text as it is",
        );
    }
    fits.then_some(template)
}
