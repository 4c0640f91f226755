//! The URL that is signed: what `landfall send` signs verifies as ingest finds it in the platform's event, whatever
//! stands between the two; and `landfall verify` and ingest make the same delivery of one request.
#![allow(clippy::unwrap_used)]

use catalogue::{Algorithm, PROVIDERS, Provider, Scheme};
use ingest::request::Request as Read;
use serde_json::{Value, json};
use support::{NOW, Request, chosen, filled, gateway, keys, keys::pair, samples::sample_for};
use webhook::{
    authenticity::verify::verify,
    reading::{delivery::Delivery, url::as_signed},
    refusal::Refusal,
};

const HOST: &str = "abc.execute-api.eu-central-1.amazonaws.com";

/// Every scheme that signs the URL or a part of it, with a sample for it.
fn url_signing() -> impl Iterator<Item = (&'static Provider, &'static Scheme, Request)> {
    PROVIDERS.iter().flat_map(|provider| {
        filled(provider)
            .iter()
            .filter(|scheme| scheme.signs_url() && scheme.algorithm != Algorithm::Token)
            .map(move |scheme| (provider, scheme, sample_for(provider, scheme)))
    })
}

/// What API Gateway makes of a request to this path: the payload format 2.0.
fn event(request: &Request, path: &str, parameters: &Value) -> String {
    let body = String::from_utf8(request.body.clone()).unwrap();
    let mut event = gateway::request("x", &body, &request.headers);
    event["rawPath"] = path.into();
    event["rawQueryString"] = request.query.clone().into();
    event["pathParameters"] = parameters.clone();
    event["requestContext"]["domainName"] = HOST.into();
    event["requestContext"]["http"]["method"] = request.method.clone().into();
    event.to_string()
}

/// The verdict of ingest.
fn verdict(
    provider: &'static Provider,
    scheme: &'static Scheme,
    entered: Option<&str>,
    event: &str,
) -> Result<(), Refusal> {
    let read = Read::read(event).unwrap();
    let body = read.body.decode().unwrap();
    let url = read.signed_url(entered);
    let source = chosen(provider, scheme);
    let keys = keys(source.schemes, &[&pair(scheme).public]);
    verify(&source, &keys, read.delivery(&url, &body), NOW).map(|_| ())
}

/// The sample with more behind the URL, signed for a URL.
fn signed(
    mut request: Request,
    scheme: &'static Scheme,
    called: &str,
    entered: Option<&str>,
) -> Request {
    request.url = called.into();
    request.entered_url = entered.map(str::to_owned);
    request.sign(std::slice::from_ref(scheme), &pair(scheme).private, NOW);
    request
}

#[test]
fn the_catalogue_has_schemes_that_sign_the_url() {
    let mut names: Vec<_> = url_signing().map(|(provider, ..)| provider.name).collect();
    names.dedup();
    for name in [
        "contentful",
        "hubspot",
        "jira-connect",
        "mercado-pago",
        "monday",
        "plivo",
        "square",
        "trello",
        "truelayer",
        "twilio",
    ] {
        assert!(names.contains(&name), "{name}");
    }
}

#[test]
fn what_is_signed_for_the_called_or_the_entered_url_verifies_behind_any_path() {
    for (provider, scheme, sample) in url_signing() {
        for (path, parameters) in [
            ("/webhooks/x", json!({"source": "x"})),
            ("/prod/webhooks/x", json!({"source": "x"})),
            ("//webhooks/x/", Value::Null),
        ] {
            let called = format!("https://{HOST}{path}");
            for entered in [
                None,
                Some("https://hooks.example.com"),
                Some("https://hooks.example.com:8443/v1/x"),
                Some("https://hooks.example.com/x/?b=2&a=1#rc=5"),
            ] {
                let mut request = sample.clone();
                if entered.is_some_and(|url| url.contains('?')) {
                    let more = if request.query.is_empty() { "" } else { "&" };
                    request.query = format!("a=1&b=2{more}{}", request.query);
                }
                let request = signed(request, scheme, &called, entered);
                let event = event(&request, path, &parameters);
                assert_eq!(
                    verdict(provider, scheme, entered, &event),
                    Ok(()),
                    "{}: {entered:?} {event}",
                    provider.name
                );
            }
        }
    }
}

#[test]
fn what_is_signed_for_another_url_is_refused() {
    for (provider, scheme, sample) in url_signing() {
        // Of these only the query is signed.
        if provider.name == "mercado-pago" {
            continue;
        }
        let request = signed(
            sample,
            scheme,
            &format!("https://{HOST}/webhooks/x"),
            Some("https://hooks.example.com/other"),
        );
        let event = event(&request, "/webhooks/x", &json!({"source": "x"}));
        for entered in [None, Some("https://hooks.example.com/others")] {
            assert!(
                verdict(provider, scheme, entered, &event).is_err(),
                "{}",
                provider.name
            );
        }
    }
}

// Whoever has one delivery could otherwise say in the query what was never signed.
#[test]
fn a_parameter_that_was_not_signed_is_refused_with_an_entered_url_too() {
    let mut tried = 0;
    for (provider, scheme, sample) in url_signing() {
        if !scheme.covers(catalogue::Place::Query("more")) {
            continue;
        }
        tried += 1;
        let entered = Some("https://hooks.example.com/x?a=1");
        let more = if sample.query.is_empty() { "" } else { "&" };
        let query = format!("a=1{more}{}", sample.query);
        let sample = Request { query, ..sample };
        let request = signed(
            sample,
            scheme,
            &format!("https://{HOST}/webhooks/x"),
            entered,
        );
        for query in [
            format!("{}&more=1", request.query),
            request.query.replace("a=1", "a=2"),
            request.query.replace("a=1", ""),
        ] {
            let changed = Request {
                query,
                ..request.clone()
            };
            let event = event(&changed, "/webhooks/x", &json!({"source": "x"}));
            assert!(
                verdict(provider, scheme, entered, &event).is_err(),
                "{}: {event}",
                provider.name
            );
        }
    }
    assert!(tried >= 5, "{tried}");
}

/// What a delivery is made of.
fn parts(delivery: &Delivery<'_>) -> Vec<String> {
    let texts = [delivery.method, delivery.path, delivery.query, delivery.url];
    let mut parts: Vec<_> = texts.map(str::to_owned).to_vec();
    parts.push(format!("{:?}", delivery.body));
    for name in ["x-a", "X-A", "x-b", "none"] {
        parts.push(format!("{:?}", delivery.headers.get(name)));
    }
    parts
}

#[test]
fn one_request_is_one_delivery_on_the_command_line_and_behind_the_platform() {
    for (method, path, query, body) in [
        ("POST", "/webhooks/x", "", ""),
        ("POST", "/webhooks/x", "a=1&a=1&b", "{}"),
        ("POST", "/webhooks/x", "<>\" {}|\\^`%zz%", "\0\u{7f}\r\n"),
        ("post", "/Webhooks/X/", "?a=1?b", "é"),
        ("GET", "//", "a=1#b?c", ""),
        ("GET", "/", "žluť🦀", "body"),
        ("", "", "", ""),
    ] {
        for entered in [None, Some("https://hooks.example.com/x?b&a=1")] {
            let headers = [("X-A", "1"), ("x-b", " \t"), ("x-a", "2")];
            let headers: Vec<_> = headers.map(|(n, v)| (n.to_owned(), v.to_owned())).to_vec();
            let request = Request {
                method: method.into(),
                url: format!("https://{HOST}{path}"),
                query: query.into(),
                headers: headers.clone(),
                body: body.as_bytes().to_vec(),
                entered_url: entered.map(str::to_owned),
            };
            let ours = request.as_delivery(|delivery| parts(&delivery));
            // API Gateway joins the values of one header.
            let joined = Request {
                headers: vec![("x-a".into(), "1,2".into()), ("x-b".into(), " \t".into())],
                ..request
            };
            let event = event(&joined, path, &Value::Null);
            let read = Read::read(&event).unwrap();
            let url = read.signed_url(entered);
            let body = read.body.decode().unwrap();
            assert_eq!(parts(&read.delivery(&url, &body)), ours, "{event}");
            assert_eq!(url, as_signed(&joined.called_url(), entered));
        }
    }
}
