use std::collections::BTreeMap;

use protocol::{
    covered::{Covered, Part},
    time::Millis,
};
use serde_json::json;

use super::{super::testing::*, *};
use crate::{outbound::testing::Provider, secrets::SecretsManager};

/// The example of Standard Webhooks' own libraries (their tests, `test_valid_payload_is_valid`).
const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const ID: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
const PAYLOAD: &str = r#"{"test": 2432232314}"#;
const SIGNATURE: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

/// 25 February 2021, 15:02:10.
const NOW: UnixMillis = UnixMillis(1_614_265_330_000);

/// A service at a path of this provider, with a secret of this text, and what it is read from.
fn service(
    provider: &Provider,
    scheme: &str,
    headers: Vec<(&'static str, HeaderValue)>,
    secret: &str,
) -> (Service, Aws) {
    let aws = Aws::default();
    says(&aws, secret);
    let http = Http {
        url: provider.url(scheme, "/hooks?token=hush"),
        headers,
        secret: None,
    };
    let client = SecretsManager::new(&aws.config());
    let service = Service {
        outbound: Outbound::to_localhost(),
        http: Box::leak(Box::new(http)),
        secret: Reader::new(
            client,
            "stack",
            Some("billing".into()),
            Millis::seconds(300),
        ),
    };
    (service, aws)
}

/// What the secret says from now on.
fn says(aws: &Aws, secret: &str) {
    aws.answers(200, &json!({"SecretString": secret}).to_string());
}

fn signing() -> String {
    json!({"billing": SECRET}).to_string()
}

/// The headers of the one request that came, and its body.
fn asked(provider: &Provider) -> (BTreeMap<String, String>, String) {
    let asked = provider.asked();
    assert_eq!(asked.len(), 1, "{asked:?}");
    let (head, body) = asked[0].split_once("\r\n\r\n").unwrap();
    let headers = head
        .lines()
        .skip(1)
        .filter_map(|line| line.split_once(": "));
    let headers = headers.map(|(name, text)| (name.to_ascii_lowercase(), text.to_owned()));
    (headers.collect(), body.to_owned())
}

async fn answered(status: &str, headers: &str) -> Result<(), Refusal> {
    let provider = Provider::plain();
    provider.answers(status, headers, "hush");
    let (service, _) = service(&provider, "http", Vec::new(), &signing());
    let delivered = service.deliver(&outgoing(), NOW).await;
    assert_eq!(provider.calls(), 1, "{status}");
    delivered
}

#[tokio::test]
async fn an_event_is_posted_and_signed_as_standard_webhooks_are() {
    let provider = Provider::start();
    provider.answers("200 OK", "", "");
    let (service, _) = service(&provider, "https", Vec::new(), &signing());
    let event = Outgoing {
        idempotency_key: ID.into(),
        body: PAYLOAD.into(),
        attempt: 3,
        trace: Some(
            "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1".into(),
        ),
        ..outgoing()
    };
    service.deliver(&event, NOW).await.unwrap();
    let line = provider.script.lock().unwrap().asked[0].clone();
    assert!(
        line.starts_with("POST /hooks?token=hush HTTP/1.1\r\n"),
        "{line}"
    );
    let (mut headers, body) = asked(&provider);
    assert_eq!(body, PAYLOAD);
    headers.remove("host").unwrap();
    headers.remove("content-length").unwrap();
    let expected = [
        ("content-type", "application/json"),
        ("landfall-attempt", "3"),
        ("landfall-event-id", "evt_1"),
        ("landfall-event-type", "invoice.paid"),
        ("landfall-hops", "1"),
        ("landfall-route", "paid-invoices"),
        ("landfall-source", "stripe"),
        (
            "traceparent",
            "00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01",
        ),
        ("user-agent", "landfall"),
        ("webhook-id", ID),
        ("webhook-signature", SIGNATURE),
        ("webhook-timestamp", "1614265330"),
    ];
    let expected = expected.map(|(name, text)| (name.to_owned(), text.to_owned()));
    assert_eq!(headers, expected.into());
}

#[tokio::test]
async fn two_secrets_sign_newest_first_and_no_third() {
    let newer = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
    let provider = Provider::plain();
    provider.answers("200 OK", "", "");
    let secret = json!({"billing": [{"value": newer, "label": "new"}, SECRET, SECRET]});
    let (service, _) = service(&provider, "http", Vec::new(), &secret.to_string());
    let event = Outgoing {
        idempotency_key: ID.into(),
        body: PAYLOAD.into(),
        ..outgoing()
    };
    service.deliver(&event, NOW).await.unwrap();
    let (headers, _) = asked(&provider);
    let signatures: Vec<&str> = headers["webhook-signature"].split(' ').collect();
    assert_eq!(signatures.len(), 2, "{signatures:?}");
    assert!(signatures[0].starts_with("v1,") && signatures[0] != SIGNATURE);
    assert_eq!(signatures[1], SIGNATURE);
}

#[tokio::test]
async fn what_nobody_has_vouched_for_is_not_signed() {
    let provider = Provider::plain();
    provider.answers("200 OK", "", "");
    let (service, _) = service(&provider, "http", Vec::new(), &signing());
    let event = Outgoing {
        origin: Origin::Unverified,
        ..outgoing()
    };
    service.deliver(&event, NOW).await.unwrap();
    let (headers, _) = asked(&provider);
    assert!(headers.contains_key("webhook-id"));
    assert!(!headers.contains_key("webhook-signature"));
    assert_eq!(headers["landfall-unsigned"], "body,id,type");
}

#[tokio::test]
async fn a_body_that_the_provider_has_not_signed_is_marked() {
    let provider = Provider::plain();
    provider.answers("200 OK", "", "");
    let (service, _) = service(&provider, "http", Vec::new(), &signing());
    let event = Outgoing {
        covered: [Part::Id, Part::Type].into_iter().collect::<Covered>(),
        epoch: 1,
        ..outgoing()
    };
    service.deliver(&event, NOW).await.unwrap();
    let (headers, _) = asked(&provider);
    assert_eq!(headers["landfall-unsigned"], "body");
    assert_eq!(headers["landfall-replay"], "1");
    assert!(headers["webhook-signature"].starts_with("v1,"));
}

#[tokio::test]
async fn headers_come_from_the_route_and_the_destination_and_ours_are_ours() {
    let provider = Provider::plain();
    provider.answers("200 OK", "", "");
    let stated = [
        ("Authorization", HeaderValue::Secret("token")),
        ("X-Team", HeaderValue::Text("payments")),
        ("Content-Type", HeaderValue::Text("text/plain")),
    ];
    let secret = json!({"billing": [SECRET, {"value": "Bearer t", "use": "token"}]});
    let (service, _) = service(&provider, "http", stated.into(), &secret.to_string());
    let headers = [
        ("x-team", "of the route"),
        ("X-Customer", "cus_1"),
        ("Webhook-Signature", "v1,forged"),
    ];
    let headers = headers.map(|(name, text)| (name.to_owned(), text.to_owned()));
    let event = Outgoing {
        headers: headers.into(),
        ..outgoing()
    };
    service.deliver(&event, NOW).await.unwrap();
    let (headers, _) = asked(&provider);
    assert_eq!(headers["authorization"], "Bearer t");
    assert_eq!(headers["x-team"], "payments");
    assert_eq!(headers["x-customer"], "cus_1");
    assert_eq!(headers["content-type"], "application/json");
    assert!(!headers["webhook-signature"].contains("forged"));
}

#[tokio::test]
async fn a_header_that_can_not_be_sent_is_named_and_not_quoted() {
    let provider = Provider::plain();
    let (service, _) = service(&provider, "http", Vec::new(), &signing());
    for (name, text) in [("x-customer", "hush\r\nx: y"), ("x-customer", "hush\0")] {
        let headers = [(name.to_owned(), text.to_owned())].into();
        let event = Outgoing {
            headers,
            ..outgoing()
        };
        let refusal = service.deliver(&event, NOW).await.unwrap_err();
        let words = "the header `x-customer` can't be sent: it holds what no header can";
        assert_eq!(refusal, Refusal::permanent(words));
    }
    assert_eq!(provider.calls(), 0);
}

#[tokio::test]
async fn every_2xx_is_a_success() {
    for status in ["200 OK", "201 Created", "202 Accepted", "204 No Content"] {
        assert_eq!(answered(status, "").await, Ok(()), "{status}");
    }
}

#[tokio::test]
async fn what_will_not_be_taken_is_permanent_and_tells_the_status_alone() {
    for status in [400, 401, 402, 403, 404, 405, 410, 413, 422, 451] {
        let refusal = answered(&format!("{status} x"), "").await.unwrap_err();
        let text = refusal.to_string();
        assert!(matches!(refusal, Refusal::Permanent { .. }), "{text}");
        let words = format!("the address answered {status}");
        assert!(text.starts_with(&words) && !text.contains("hush"), "{text}");
    }
}

#[tokio::test]
async fn a_redirect_is_permanent_and_not_followed() {
    for status in [301, 302, 303, 307, 308] {
        let refusal = answered(&format!("{status} x"), "location: /hooks\r\n").await;
        let words = format!("the address answered {status}, and no redirect is followed");
        assert_eq!(refusal, Err(Refusal::permanent(words)));
    }
}

#[tokio::test]
async fn what_may_be_taken_later_is_transient_and_says_when() {
    let date = "retry-after: Thu, 25 Feb 2021 15:03:10 GMT\r\n";
    for (status, headers, wait) in [
        (408, "", None),
        (409, "", None),
        (425, "", None),
        (429, "retry-after: 7\r\n", Some(Millis::seconds(7))),
        (429, "retry-after: soon\r\n", None),
        (500, "", None),
        (502, "", None),
        (503, date, Some(Millis::seconds(60))),
        (504, "", None),
    ] {
        let expected = Refusal::Transient {
            error: format!("the address answered {status}"),
            retry_after: wait,
        };
        let found = answered(&format!("{status} x"), headers).await;
        assert_eq!(found, Err(expected));
    }
}

#[tokio::test]
async fn an_address_that_does_not_answer_may_do_so_later_and_is_not_told() {
    let provider = Provider::plain();
    let (silent, _) = service(&provider, "http", Vec::new(), &signing());
    let (closed, _) = service(&provider, "http", Vec::new(), &signing());
    let url = "http://127.0.0.1:1/hooks?token=hush";
    let http = Http {
        url,
        headers: Vec::new(),
        secret: None,
    };
    let closed = Service {
        http: Box::leak(Box::new(http)),
        ..closed
    };
    // Whoever's certificate isn't known is not told anything, either.
    let stranger = Provider::start();
    let (untrusted, _) = service(&stranger, "https", Vec::new(), &signing());
    let untrusted = Service {
        outbound: Outbound::to_services(),
        ..untrusted
    };
    for service in [silent, closed, untrusted] {
        let refusal = service.deliver(&outgoing(), NOW).await.unwrap_err();
        let text = refusal.to_string();
        let is_bare = matches!(
            refusal,
            Refusal::Transient {
                retry_after: None,
                ..
            }
        );
        assert!(is_bare && !text.contains("hush"), "{text}");
        assert!(text.starts_with("no answer from the address: "), "{text}");
    }
    assert_eq!(stranger.calls(), 0);
}

#[tokio::test]
async fn without_a_secret_nothing_is_sent() {
    let provider = Provider::plain();
    let token = vec![("Authorization", HeaderValue::Secret("token"))];
    for (secret, words) in [
        ("{}", "the secret stack: it holds nothing under this name"),
        ("hush", "the secret stack: it is no JSON object"),
        (r#"{"billing": " "}"#, "its secret holds nothing that signs"),
        (
            r#"{"billing": "whsec_hush!"}"#,
            "its secret holds nothing that signs",
        ),
        (&signing(), "its secret holds no `token`"),
    ] {
        let headers = if secret.contains("whsec_M") {
            token.clone()
        } else {
            Vec::new()
        };
        let (service, _) = service(&provider, "http", headers, secret);
        let refusal = service.deliver(&outgoing(), NOW).await.unwrap_err();
        let text = refusal.to_string();
        assert!(text.starts_with(words) && !text.contains("hush"), "{text}");
        assert!(matches!(refusal, Refusal::Transient { .. }), "{text}");
    }
    assert_eq!(provider.calls(), 0);
}

#[tokio::test]
async fn a_secret_is_remembered_for_its_time_and_for_longer_where_it_can_not_be_read() {
    let provider = Provider::plain();
    let (service, aws) = service(&provider, "http", Vec::new(), &signing());
    for (after, reads) in [(0, 1), (299, 0), (300, 1), (304, 0), (305, 1)] {
        provider.answers("200 OK", "", "");
        let now = NOW.plus(Millis::seconds(after));
        // From the second read on there is no answer.
        service.deliver(&outgoing(), now).await.unwrap();
        assert_eq!(aws.asked().len(), reads, "after {after} s");
    }
}

#[tokio::test]
async fn before_anybody_has_set_one_there_is_no_secret_and_none_that_was_is_forgotten() {
    let none = r#"{"__type": "ResourceNotFoundException", "message": "hush"}"#;
    let aws = Aws::answering(400, none);
    let client = SecretsManager::new(&aws.config());
    let secret = Reader::<Entry>::new(
        client,
        "stack",
        Some("billing".into()),
        Millis::seconds(300),
    );
    let refusal = secret.entry(NOW).await.err().unwrap();
    let words = "the secret stack: it holds nothing under this name";
    assert_eq!(refusal, words);
    says(&aws, &signing());
    let soon = NOW.plus(Millis::seconds(5));
    assert!(secret.entry(soon).await.is_ok());
    aws.answers(400, none);
    assert!(secret.entry(soon.plus(Millis::seconds(300))).await.is_ok());
}

#[tokio::test]
async fn a_secret_that_was_missing_is_found_soon() {
    let provider = Provider::plain();
    let (service, aws) = service(&provider, "http", Vec::new(), "{}");
    assert!(service.deliver(&outgoing(), NOW).await.is_err());
    says(&aws, &signing());
    provider.answers("200 OK", "", "");
    let soon = NOW.plus(Millis::seconds(5));
    assert_eq!(service.deliver(&outgoing(), soon).await, Ok(()));
}

/// Else the events between the rotation and the next read would fail for good.
#[tokio::test]
async fn a_401_is_transient_where_the_secret_was_rotated_meanwhile() {
    let newer = json!({"billing": "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"}).to_string();
    for (after, rotated, is_transient) in [
        // Nothing else stands there.
        (60, signing(), false),
        // It was read a moment ago.
        (59, newer.clone(), false),
        (60, newer, true),
    ] {
        let provider = Provider::plain();
        let (service, aws) = service(&provider, "http", Vec::new(), &signing());
        provider.answers("200 OK", "", "");
        service.deliver(&outgoing(), NOW).await.unwrap();
        says(&aws, &rotated);
        provider.answers("401 Unauthorized", "", "");
        let now = NOW.plus(Millis::seconds(after));
        let refusal = service.deliver(&outgoing(), now).await.unwrap_err();
        let found = matches!(refusal, Refusal::Transient { .. });
        assert_eq!(found, is_transient, "after {after} s: {refusal}");
    }
}
