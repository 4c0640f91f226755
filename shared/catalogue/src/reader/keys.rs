//! Where a source says that its public keys come from.

use crate::{
    asked::{Asked, Shows},
    provider::KeyOrigin,
};

use super::{
    enrolment::host,
    field::{one_of, places},
    report::{Report, shown},
    shape::Rule,
    table::Table,
    value::Value,
};

const KEYS: &str = "keys = { url = \"https://id.example.com/.well-known/jwks.json\" }, \
                    keys = { header = \"X-Cert-Url\", hosts = [\"api.example.com\"] }, \
                    keys = { header = \"X-Key-Id\", ask = \"https://api.example.com/keys/{id}\", answer = \"key\" }, or \
                    keys = \"secret\"";

const SECRET: [&str; 1] = ["secret"];

pub(super) fn keys(value: Value<'_>, report: &mut Report<'_>) -> Option<KeyOrigin> {
    if value.is_text() && value.among(SECRET.into_iter()).any_text(report)? == SECRET[0] {
        return Some(KeyOrigin::Secret);
    }
    let entries = value.table(KEYS, report)?;
    let known = [
        "url", "header", "json", "form", "query", "hosts", "path", "names", "ask", "answer",
        "token",
    ];
    let table = Table::open(entries, &known, report);
    table.rule(Rule::AllOfOne(&[
        &["url"],
        &["hosts", "header"],
        &["hosts", "json"],
        &["hosts", "form"],
        &["hosts", "query"],
        &["ask", "answer", "header"],
        &["ask", "answer", "json"],
        &["ask", "answer", "form"],
        &["ask", "answer", "query"],
    ]));
    table.rule(Rule::AtMostOne(&[
        &["url"],
        &["header", "json", "form", "query"],
    ]));
    table.rule(Rule::AtMostOne(&[
        &["url"],
        &["hosts", "path", "names"],
        &["ask", "answer", "token"],
    ]));
    let url = table.slot("url", report, address);
    let hosts = table.slot("hosts", report, |value, report| value.list_of(report, host));
    let path = table.slot("path", report, path);
    let names = table.slot("names", report, |value, report| value.list_of(report, host));
    let ask = table.slot("ask", report, ask);
    let answer = table.slot("answer", report, answer);
    let shows = table.slot("token", report, token);
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
    if ["ask", "answer", "token"].iter().any(|key| table.has(key)) {
        if ["hosts", "path", "names"].iter().any(|key| table.has(key)) {
            report.add(
                value.at(),
                "`keys` has both `ask` and `hosts`",
                format!("write {KEYS}"),
            );
            return None;
        }
        if ask.is_absent() || answer.is_absent() {
            report.missing(
                value.at(),
                "`keys` has no `ask`, or no `answer`",
                format!("write {KEYS}"),
            );
            return None;
        }
        let id = one_of(places, value, report);
        let shows = if shows.is_absent() {
            Shows::Bearer
        } else {
            shows.value()?
        };
        return Some(KeyOrigin::Asked(Asked {
            id: id?,
            url: ask.value()?,
            sandbox: "",
            answer: answer.value()?,
            shows,
        }));
    }
    if hosts.is_absent() {
        report.missing(
            value.at(),
            "`keys` has neither a `url` nor `hosts` nor `ask`",
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

/// What gives out tokens for id and secret.
fn token(value: Value<'_>, report: &mut Report<'_>) -> Option<Shows> {
    let example = "token = { url = \"https://id.example.com/token\", scope = \"keys\" }";
    let entries = value.table(example, report)?;
    let table = Table::open(entries, &["url", "scope"], report);
    table.rule(Rule::Needs(&["url", "scope"]));
    let url = table.slot("url", report, address);
    let scope = table.slot("scope", report, Value::text);
    if url.is_absent() || scope.is_absent() {
        report.missing(
            value.at(),
            "`token` has no `url`, or no `scope`",
            format!("write {example}"),
        );
        return None;
    }
    Some(Shows::ClientToken {
        url: url.value()?,
        sandbox: "",
        scope: scope.value()?,
    })
}

/// The same as [`answer`] asks.
const ANSWER: &str = "^[^.]+(\\.[^.]+)*$";

/// The path of a text in an answer: names, each in the one before.
fn answer(value: Value<'_>, report: &mut Report<'_>) -> Option<&'static str> {
    let path = value.like(ANSWER).text(report)?;
    let fits = !path.split('.').any(str::is_empty);
    if !fits {
        report.add(
            value.at(),
            format!("`{}` is no path", shown(path)),
            "write names separated by dots, for example answer = \"data.publicKey\"",
        );
    }
    fits.then_some(path)
}

/// The same as [`ask`] asks.
const ASK: &str = "^https://[0-9A-Za-z][!$%&'()*+,.0-9:;=A-Z_a-z~-]*/[!$%&'()*+,./0-9:;=?A-Z_a-z~-]*\\{id\\}\
                   [!$%&'()*+,./0-9:;=?A-Z_a-z~-]*$";

/// The address of a key, over HTTPS, with its id once, and not in the host.
fn ask(value: Value<'_>, report: &mut Report<'_>) -> Option<&'static str> {
    let text = value.like(ASK).text(report)?;
    let rest = text.strip_prefix("https://").unwrap_or_default();
    let parts = rest
        .split_once('/')
        .and_then(|(host, path)| Some((host, path.split_once(Asked::ID)?)));
    let fits = parts.is_some_and(|(host, (before, after))| {
        host.starts_with(|first: char| first.is_ascii_alphanumeric())
            && !host.contains('?')
            && [host, before, after]
                .iter()
                .all(|part| part.bytes().all(is_plain))
    });
    if !fits {
        report.add(
            value.at(),
            format!(
                "`{}` is no address over HTTPS with the key's id",
                shown(text)
            ),
            "write, for example, ask = \"https://api.example.com/keys/{id}\"",
        );
    }
    fits.then_some(text)
}

/// What an address has that names no user, no fragment and no placeholder.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_graphic() && !b"@#\\\"<>^`{|}[]".contains(&byte)
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
