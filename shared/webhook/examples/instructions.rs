//! What a delivery costs to verify and to be recorded: the same one, so many times. Run under callgrind; the last run is
//! docs/evidence/instructions.md.
//!
//! `instructions github|routed|round|standard-webhooks|forged TIMES`: `routed` is GitHub's where a route leads out, and `round`
//! the same with the header that counts how often it did.

use std::hint::black_box;

use catalogue::{Environment, reader};
use protocol::time::UnixMillis;
use webhook::{
    authenticity::{sign::sign, verify::verify},
    event::Authentic,
    keys::{Keys, Secret, SigningKey},
    reading::delivery::{Delivery, Headers},
};

const NOW: UnixMillis = UnixMillis(1_700_000_000_500);
const URL: &str = "https://abc123.execute-api.us-east-1.amazonaws.com/webhooks/x";
const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// What comes with every delivery behind API Gateway.
const USUAL: &[(&str, &str)] = &[
    ("accept", "*/*"),
    ("content-length", "2048"),
    ("content-type", "application/json"),
    ("host", "abc123.execute-api.us-east-1.amazonaws.com"),
    ("user-agent", "GitHub-Hookshot/044aadd"),
    (
        "x-amzn-trace-id",
        "Root=1-5e6722a7-cc56xmpl46db7ae02d4da47e",
    ),
    ("x-forwarded-for", "192.0.2.1"),
    ("x-forwarded-port", "443"),
    ("x-forwarded-proto", "https"),
];

const OF_GITHUB: &[(&str, &str)] = &[
    ("x-github-delivery", "72d3162e-cc78-11e3-81ab-4c9367dc0958"),
    ("x-github-event", "issues"),
    ("x-github-hook-id", "292430182"),
    ("x-github-hook-installation-target-id", "79929171"),
    ("x-github-hook-installation-target-type", "repository"),
];

const OF_GITHUB_AGAIN: &[(&str, &str)] = &[
    ("landfall-hops", "1"),
    ("x-github-delivery", "72d3162e-cc78-11e3-81ab-4c9367dc0958"),
    ("x-github-event", "issues"),
    ("x-github-hook-id", "292430182"),
    ("x-github-hook-installation-target-id", "79929171"),
    ("x-github-hook-installation-target-type", "repository"),
];

const LEADS_OUT: &str = "[destinations.y]\nhttp = \"https://y.example.com\"\n\
                         [routes.z]\nfrom = \"*\"\nto = \"y\"\n";

const OF_STANDARD_WEBHOOKS: &[(&str, &str)] = &[("webhook-id", "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W")];

fn main() {
    let mut arguments = std::env::args().skip(1);
    let which = arguments.next().unwrap_or_default();
    let times = arguments.next().and_then(|times| times.parse().ok());
    let (provider, own, signs_with) = match which.as_str() {
        "github" | "routed" => ("github", OF_GITHUB, SECRET),
        "round" => ("github", OF_GITHUB_AGAIN, SECRET),
        "forged" => (
            "github",
            OF_GITHUB,
            "whsec_anOther9r8GKYqrTwjUPD8ILPZIo2LaL",
        ),
        _ => ("standard-webhooks", OF_STANDARD_WEBHOOKS, SECRET),
    };
    let Some(times) = times else {
        eprintln!("usage: instructions github|routed|round|standard-webhooks|forged TIMES");
        std::process::exit(2);
    };
    let routes = if matches!(which.as_str(), "routed" | "round") {
        LEADS_OUT
    } else {
        ""
    };
    let recorded = repeat(provider, routes, own, signs_with, times);
    assert_eq!(recorded, if which == "forged" { 0 } else { times });
}

/// How many of them were recorded.
fn repeat(
    provider: &str,
    routes: &str,
    own: &[(&str, &str)],
    signs_with: &str,
    times: usize,
) -> usize {
    let text = format!("[sources.x]\nprovider = \"{provider}\"\n{routes}");
    let read = reader::read(&text, Environment::Live).unwrap_or_else(|faults| panic!("{faults:?}"));
    let source = (read.sources)
        .get("x")
        .unwrap_or_else(|| panic!("the source stands in the text"));
    let (keys, _) = Keys::load(source.schemes, &[Secret::new(SECRET, "2026-11")]);

    let body = body();
    let texts = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    let mut headers: Vec<_> = USUAL.iter().chain(own).map(texts).collect();
    let unsigned: Headers = headers.iter().cloned().collect();
    let key = SigningKey::load(source.schemes, &Secret::new(signs_with, "another"));
    let key = key.unwrap_or_else(|fault| panic!("{fault}"));
    let signed = sign(&key, &Delivery::new("POST", URL, &unsigned, &body), NOW);
    headers.extend(signed.unwrap_or_else(|fault| panic!("{fault}")).headers);
    let headers: Headers = headers.into_iter().collect();

    let verified = |_: &usize| {
        let delivery = Delivery::new("POST", URL, black_box(&headers), black_box(&body));
        let event = verify(black_box(source), black_box(&keys), delivery, NOW);
        let recorded = |event: Authentic<'_>| {
            let delivery_id = format!("{:016x}{:016x}", black_box(1_u64), black_box(2_u64));
            black_box(event.record(delivery_id, NOW, 256 * 1_024));
        };
        event.map(recorded).is_ok()
    };
    (0..times).filter(verified).count()
}

/// JSON of 2,048 bytes, with the type first.
fn body() -> Vec<u8> {
    let mut text = r#"{"type": "invoice.paid", "data": {"#.to_owned();
    for number in 0..20 {
        let id = number.to_string();
        for part in [
            r#""field_"#,
            &id,
            r#"": {"id": "#,
            &id,
            r#", "tags": ["a", "b"], "ok": true}, "#,
        ] {
            text.push_str(part);
        }
    }
    text.push_str(r#""last": ""#);
    let padding = 2_048 - text.len() - r#""}}"#.len();
    text.push_str(&"x".repeat(padding));
    text.push_str(r#""}}"#);
    text.into_bytes()
}
