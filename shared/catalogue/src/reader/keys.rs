//! Where a source says that its public keys come from.

use crate::provider::KeyOrigin;

use super::{
    enrolment::host,
    field::{one_of, places},
    report::{Report, shown},
    shape::Rule,
    table::Table,
    value::Value,
};

const KEYS: &str = "keys = { url = \"https://id.example.com/.well-known/jwks.json\" }, \
                    keys = { header = \"X-Cert-Url\", hosts = [\"api.example.com\"] }, or \
                    keys = \"secret\"";

const SECRET: [&str; 1] = ["secret"];

pub(super) fn keys(value: Value<'_>, report: &mut Report<'_>) -> Option<KeyOrigin> {
    if value.is_text() && value.among(SECRET.into_iter()).any_text(report)? == SECRET[0] {
        return Some(KeyOrigin::Secret);
    }
    let entries = value.table(KEYS, report)?;
    let known = [
        "url", "header", "json", "form", "query", "hosts", "path", "names",
    ];
    let table = Table::open(entries, &known, report);
    table.rule(Rule::AllOfOne(&[
        &["url"],
        &["hosts", "header"],
        &["hosts", "json"],
        &["hosts", "form"],
        &["hosts", "query"],
    ]));
    table.rule(Rule::AtMostOne(&[
        &["url"],
        &["header", "json", "form", "query", "hosts", "path", "names"],
    ]));
    let url = table.slot("url", report, address);
    let hosts = table.slot("hosts", report, |value, report| value.list_of(report, host));
    let path = table.slot("path", report, path);
    let names = table.slot("names", report, |value, report| value.list_of(report, host));
    let places = places(&table, report);
    if !url.is_absent() {
        if known[1..].iter().any(|key| table.has(key)) {
            report.add(
                value.at(),
                "`keys` has a `url` and more",
                format!("write {KEYS}"),
            );
            return None;
        }
        return Some(KeyOrigin::Published { url: url.value()? });
    }
    if hosts.is_absent() {
        report.missing(
            value.at(),
            "`keys` has neither a `url` nor `hosts`",
            format!("write {KEYS}"),
        );
        return None;
    }
    let place = one_of(places, value, report);
    if names.is_faulty() {
        return None;
    }
    let path = if path.is_absent() { "" } else { path.value()? };
    Some(KeyOrigin::Named {
        place: place?,
        hosts: hosts.value()?.leak(),
        sandbox: &[],
        path,
        names: names.value().unwrap_or_default().leak(),
    })
}

/// The same as [`path`] asks.
const PATH: &str = "^/[0-9A-Za-z._~/%-]*((\\{hex\\}|\\{id\\})[0-9A-Za-z._~/%-]*)?$";

/// The form of a path, with one placeholder at most.
fn path(value: Value<'_>, report: &mut Report<'_>) -> Option<&'static str> {
    let text = value.like(PATH).text(report)?;
    let without = text.replacen("{hex}", "", 1);
    let without = if without == text {
        text.replacen("{id}", "", 1)
    } else {
        without
    };
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~/%".contains(&b);
    let fits = text.starts_with('/') && without.bytes().all(is_plain);
    if !fits {
        report.add(
            value.at(),
            format!("`{}` is no form of a path", shown(text)),
            "write, for example, \"/certs/{id}.pem\": `{hex}` or `{id}` once",
        );
    }
    fits.then_some(text)
}

/// The same as [`address`] asks.
const ADDRESS: &str =
    "^https://[0-9A-Za-z][!$%&'()*+,./0-9:;=?A-Z_a-z~-]*/[!$%&'()*+,./0-9:;=?A-Z_a-z~-]*$";

/// An address over HTTPS, without a user name and a fragment.
fn address(value: Value<'_>, report: &mut Report<'_>) -> Option<&'static str> {
    let text = value.like(ADDRESS).text(report)?;
    let rest = text.strip_prefix("https://").unwrap_or_default();
    let is_plain = |b: u8| b.is_ascii_graphic() && !b"@#\\\"<>^`{|}[]".contains(&b);
    let fits = rest.starts_with(|first: char| first.is_ascii_alphanumeric())
        && rest.contains('/')
        && rest.bytes().all(is_plain);
    if !fits {
        report.add(
            value.at(),
            format!("`{}` is no address over HTTPS", shown(text)),
            "write, for example, \"https://id.example.com/.well-known/jwks.json\"",
        );
    }
    fits.then_some(text)
}
