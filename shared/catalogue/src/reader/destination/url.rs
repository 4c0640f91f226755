//! The URL of a service that is posted to.

use std::net::{IpAddr, Ipv6Addr};

use crate::reader::{
    report::{Report, shown},
    value::Value,
};

/// Parameters of a query that are there to prove who sends.
const PROOFS: &[&str] = &[
    "access_token",
    "api_key",
    "apikey",
    "auth",
    "password",
    "secret",
    "sig",
    "signature",
    "token",
];

/// A URL without credentials in it, with TLS unless it stays on this machine.
pub(super) fn url(value: Value<'_>, report: &mut Report<'_>) -> Option<&'static str> {
    let text = value.like("^https?://[^@#\\s]+$").text(report)?;
    match fault(text) {
        None => Some(text),
        Some(fault) => {
            let (words, mend) = fault.words();
            let fault = match fault {
                // The text would be a secret in a log.
                UrlFault::Credentials | UrlFault::Proof => {
                    format!("the URL of `{}` {words}", value.key)
                }
                _ => format!("`{}` {words}", shown(text)),
            };
            report.add(value.at(), fault, mend);
            None
        }
    }
}

/// Why nothing can be posted to a URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum UrlFault {
    NoUrl,
    Credentials,
    Proof,
    Fragment,
    NoTls,
}

impl UrlFault {
    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::NoUrl => (
                "is no URL that can be posted to",
                "write scheme, host and path, for example http = \"https://billing.example.com/hooks\"",
            ),
            Self::Credentials => (
                "has a user or a password in it, and this file has no secrets",
                "take them out, and write headers = { Authorization = { secret = \"name\" } }",
            ),
            Self::Proof => (
                "has a secret in its query, and this file has none",
                "take it out, and send it in a header: headers = { Authorization = { secret = \"name\" } }",
            ),
            Self::Fragment => (
                "has a `#` in it, and what follows would not be sent",
                "leave it out",
            ),
            Self::NoTls => (
                "would be sent without TLS",
                "write https://; without it there is only this machine: 127.0.0.1, [::1] and localhost",
            ),
        }
    }
}

fn fault(text: &str) -> Option<UrlFault> {
    let (has_tls, rest) = match (text.strip_prefix("https://"), text.strip_prefix("http://")) {
        (Some(rest), _) => (true, rest),
        (_, Some(rest)) => (false, rest),
        _ => return Some(UrlFault::NoUrl),
    };
    let (authority, local) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    if authority.contains('@') {
        return Some(UrlFault::Credentials);
    }
    if local.contains('#') {
        return Some(UrlFault::Fragment);
    }
    let Some(host) = host(authority) else {
        return Some(UrlFault::NoUrl);
    };
    // The characters of RFC 3986, without those that stand around a URL in a text.
    let in_local = |b: u8| b.is_ascii_alphanumeric() || b"-._~:/?[]@!$&'()*+,;=%".contains(&b);
    if !local.bytes().all(in_local) || !escapes_are_whole(local) {
        return Some(UrlFault::NoUrl);
    }
    let query = local.split_once('?').map_or("", |(_, query)| query);
    let names = query.split('&').map(|pair| pair.split('=').next());
    let has_proof = (names.flatten())
        .any(|name| PROOFS.contains(&name.to_ascii_lowercase().replace('-', "_").as_str()));
    if has_proof {
        return Some(UrlFault::Proof);
    }
    (!has_tls && !is_this_machine(host)).then_some(UrlFault::NoTls)
}

/// The host, where it and its port can be one.
fn host(authority: &str) -> Option<&str> {
    let (host, port) = if let Some(rest) = authority.strip_prefix('[') {
        let (address, port) = rest.split_once(']')?;
        address.parse::<Ipv6Addr>().ok()?;
        (address, port)
    } else {
        let (host, port) = authority.split_at(authority.find(':').unwrap_or(authority.len()));
        let in_host = |b: u8| b.is_ascii_alphanumeric() || b == b'.' || b == b'-';
        let in_label = |label: &str| (1..=63).contains(&label.len()) && label.bytes().all(in_host);
        (host.split('.').all(in_label).then_some(host)?, port)
    };
    let port_fits = match port.strip_prefix(':') {
        Some(digits) => {
            digits.bytes().all(|b| b.is_ascii_digit())
                && digits.parse::<u16>().is_ok_and(|port| port > 0)
        }
        None => port.is_empty(),
    };
    port_fits.then_some(host)
}

/// Whether every `%` begins an escape.
fn escapes_are_whole(text: &str) -> bool {
    text.split('%').skip(1).all(|rest| {
        let digits = rest.as_bytes().get(..2);
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    })
}

fn is_this_machine(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}
