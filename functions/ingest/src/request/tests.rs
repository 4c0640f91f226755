#![allow(clippy::unwrap_used)]

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::json;

use super::*;

#[test]
fn an_event_of_api_gateway_is_read() {
    let event = json!({
        "version": "2.0",
        "routeKey": "ANY /webhooks/{source}",
        "rawPath": "/webhooks/stripe",
        "rawQueryString": "a=1&b=%20",
        "headers": {"stripe-signature": "t=1,v1=aa", "content-type": "application/json"},
        "requestContext": {
            "domainName": "abc.execute-api.eu-central-1.amazonaws.com",
            "http": {"method": "POST", "path": "/webhooks/stripe", "sourceIp": "192.0.2.1"},
            "timeEpoch": 1_700_000_000_000_i64,
        },
        "body": "eyJhIjoxfQ==",
        "isBase64Encoded": true,
    });
    let event = event.to_string();
    let request = Request::read(&event).unwrap();
    assert_eq!(request.method, "POST");
    assert_eq!(request.source(), Some("stripe"));
    assert_eq!(request.source_ip, Some([192, 0, 2, 1].into()));
    assert_eq!(request.headers.get("Stripe-Signature"), Some("t=1,v1=aa"));
    assert_eq!(*request.body.decode().unwrap(), br#"{"a":1}"#[..]);
    assert_eq!(
        request.signed_url(None),
        "https://abc.execute-api.eu-central-1.amazonaws.com/webhooks/stripe?a=1&b=%20"
    );
}

// The example of payload format 2.0 in AWS's "Create AWS Lambda proxy integrations for HTTP APIs", as a route
// with {source} sends it from a stage of a name.
#[test]
fn the_example_of_an_http_api_is_read() {
    let event = json!({
        "version": "2.0",
        "routeKey": "ANY /webhooks/{source}",
        "rawPath": "/prod/webhooks/stripe",
        "rawQueryString": "parameter1=value1&parameter1=value2&parameter2=value",
        "cookies": ["cookie1", "cookie2"],
        "headers": {"header1": "value1", "header2": "value1,value2"},
        "queryStringParameters": {"parameter1": "value1,value2", "parameter2": "value"},
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "api-id",
            "authentication": {"clientCert": {"clientCertPem": "CERT_CONTENT"}},
            "authorizer": {"jwt": {"claims": {"claim1": "value1"}, "scopes": ["scope1"]}},
            "domainName": "id.execute-api.us-east-1.amazonaws.com",
            "domainPrefix": "id",
            "http": {
                "method": "POST",
                "path": "/prod/webhooks/stripe",
                "protocol": "HTTP/1.1",
                "sourceIp": "192.0.2.1",
                "userAgent": "agent",
            },
            "requestId": "id",
            "routeKey": "ANY /webhooks/{source}",
            "stage": "prod",
            "time": "12/Mar/2020:19:03:58 +0000",
            "timeEpoch": 1_583_348_638_390_i64,
        },
        "body": "Hello from Lambda",
        "pathParameters": {"source": "stripe"},
        "isBase64Encoded": false,
        "stageVariables": {"stageVariable1": "value1"},
    });
    let event = event.to_string();
    let request = Request::read(&event).unwrap();
    assert_eq!(request.source(), Some("stripe"));
    assert_eq!(request.headers.get("Header2"), Some("value1,value2"));
    let url = request.signed_url(None);
    let delivery = request.delivery(&url, b"Hello from Lambda");
    assert_eq!(
        url,
        "https://id.execute-api.us-east-1.amazonaws.com/prod/webhooks/stripe\
         ?parameter1=value1&parameter1=value2&parameter2=value"
    );
    assert_eq!(delivery.path, "/prod/webhooks/stripe");
    assert_eq!(
        request.signed_url(Some("https://hooks.example.com/webhooks/stripe")),
        "https://hooks.example.com/webhooks/stripe\
         ?parameter1=value1&parameter1=value2&parameter2=value"
    );
}

// The example of "Invoking Lambda function URLs": the same format, with no route and no path parameters.
#[test]
fn the_example_of_a_function_url_is_read() {
    let event = json!({
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": "/webhooks/stripe/",
        "rawQueryString": "",
        "headers": {"header1": "value1"},
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "<urlid>",
            "authentication": null,
            "domainName": "<url-id>.lambda-url.us-west-2.on.aws",
            "domainPrefix": "<url-id>",
            "http": {
                "method": "POST",
                "path": "/webhooks/stripe/",
                "protocol": "HTTP/1.1",
                "sourceIp": "123.123.123.123",
                "userAgent": "agent",
            },
            "requestId": "id",
            "routeKey": "$default",
            "stage": "$default",
            "time": "12/Mar/2020:19:03:58 +0000",
            "timeEpoch": 1_583_348_638_390_i64,
        },
        "body": "SGVsbG8=",
        "pathParameters": null,
        "isBase64Encoded": true,
        "stageVariables": null,
    });
    let event = event.to_string();
    let request = Request::read(&event).unwrap();
    assert_eq!(request.source(), Some("stripe"));
    assert_eq!(*request.body.decode().unwrap(), b"Hello"[..]);
    assert_eq!(
        request.signed_url(None),
        "https://<url-id>.lambda-url.us-west-2.on.aws/webhooks/stripe/"
    );
}

#[test]
fn whatever_is_absent_or_null_is_empty() {
    for event in [
        "{}",
        r#"{"rawPath":null,"headers":null,"body":null,"isBase64Encoded":null,"requestContext":null}"#,
        r#"{"headers":{"a":null},"requestContext":{"http":null}}"#,
        r#"{"requestContext":{"http":{"sourceIp":"not an address"}}}"#,
    ] {
        assert_eq!(Request::read(event), Ok(Request::default()), "{event}");
    }
}

#[test]
fn hostile_texts_are_plain_texts() {
    let hostile = "<>\" \u{0}\u{7f}\r\n%zz\u{fffe}žluť🦀";
    let event = json!({
        "rawPath": hostile,
        "rawQueryString": hostile,
        "headers": {"host": hostile, "x-forwarded-proto": hostile, hostile: hostile},
        "requestContext": {"domainName": hostile, "http": {"method": hostile}},
        "body": hostile,
    });
    let event = event.to_string();
    let request = Request::read(&event).unwrap();
    assert_eq!(request.query, hostile);
    assert_eq!(request.headers.get("host"), Some(hostile));
    assert_eq!(*request.body.decode().unwrap(), *hostile.as_bytes());
    assert!(request.signed_url(None).ends_with(hostile));
}

#[test]
fn what_is_no_event_is_said_to_be_none() {
    for event in [
        "",
        "null",
        "[1]",
        "1",
        r#"{"body":1}"#,
        r#"{"body":{}}"#,
        r#"{"body":"\ud800"}"#,
        r#"{"body":"\ud8"}"#,
        r#"{"body":"\x"}"#,
        r#"{"rawPath":"\ud800"}"#,
        r#"{"headers":[1]}"#,
    ] {
        assert_eq!(Request::read(event), Err(NoRequest), "{event}");
    }
}

// The shapes of "Create AWS Lambda proxy integrations for HTTP APIs" and "Invoking Lambda function URLs", with
// what AWS documents, and people report, of stages and mapping keys.
#[test]
fn a_source_is_what_the_route_took_from_the_path() {
    for (raw_path, parameters, source) in [
        (
            "/webhooks/stripe",
            json!({"source": "stripe"}),
            Some("stripe"),
        ),
        (
            "/prod/webhooks/stripe",
            json!({"source": "stripe"}),
            Some("stripe"),
        ),
        ("/webhooks/stripe", json!({"source": "orum"}), Some("orum")),
        ("/hooks/stripe", json!({"source": "stripe"}), Some("stripe")),
        (
            "/webhooks/stripe/",
            json!({"source": "stripe/"}),
            Some("stripe"),
        ),
        (
            "/webhooks//stripe",
            json!({"source": "/stripe"}),
            Some("stripe"),
        ),
        ("/webhooks/a/b", json!({"source": "a/b"}), Some("a/b")),
        (
            "/webhooks/stripe",
            json!({"proxy": "webhooks/stripe"}),
            Some("stripe"),
        ),
        ("/webhooks/stripe", json!({}), Some("stripe")),
        ("/webhooks/stripe", json!(null), Some("stripe")),
    ] {
        let event = json!({"rawPath": raw_path, "pathParameters": parameters});
        let event = event.to_string();
        let request = Request::read(&event).unwrap();
        assert_eq!(request.source(), source, "{event}");
        assert_eq!(request.path, raw_path);
    }
}

#[test]
fn without_a_route_a_source_is_found_in_the_path() {
    for (path, source) in [
        ("/webhooks/stripe", Some("stripe")),
        ("/webhooks/stripe/", Some("stripe")),
        ("/webhooks/stripe//", Some("stripe")),
        ("//webhooks/stripe", Some("stripe")),
        ("/webhooks//stripe", Some("stripe")),
        ("/prod/webhooks/stripe", Some("stripe")),
        ("/v1/hooks/webhooks/stripe/", Some("stripe")),
        ("/webhooks/webhooks/stripe", Some("stripe")),
        ("/webhooks/%73tripe", Some("%73tripe")),
        ("/webhooks/", None),
        ("/webhooks", None),
        ("/Webhooks/stripe", None),
        ("/awebhooks/stripe", None),
        ("/webhooks/stripe/more", None),
        ("/stripe", None),
        ("//", None),
        ("", None),
    ] {
        let request = Request {
            path: path.into(),
            ..Request::default()
        };
        assert_eq!(request.source(), source, "{path}");
    }
}

// API Gateway hands the path of an HTTP API over decoded.
#[test]
fn nothing_of_a_decoded_path_becomes_a_query() {
    let request = Request {
        host: "a.example".into(),
        path: "/a?b#c/webhooks/x".into(),
        query: "d=1".into(),
        ..Request::default()
    };
    assert_eq!(
        request.signed_url(None),
        "https://a.example/a%3Fb%23c/webhooks/x?d=1"
    );
}

#[test]
fn the_decoded_length_is_known_before_decoding() {
    for bytes in 0..64 {
        let text = STANDARD.encode(vec![7; bytes]);
        let body = EncodedBody::Base64(text.into());
        assert_eq!(body.len(), bytes);
        assert_eq!(body.decode().unwrap().len(), bytes);
    }
    let body = EncodedBody::Text("é".into());
    assert_eq!(body.len(), 2);
}

#[test]
fn a_body_is_the_bytes_of_its_text() {
    for (json, text) in [
        ("null", ""),
        (r#""""#, ""),
        (r#""a""#, "a"),
        (r#""é""#, "é"),
        (r#""\"""#, "\""),
        (r#""\\\"""#, "\\\""),
        (r#""\n\u0000\u00e9""#, "\n\0é"),
        (r#""\u20ac""#, "€"),
        (r#""\ud83e\udd80""#, "🦀"),
    ] {
        let event = format!(r#"{{"body":{json}}}"#);
        let request = Request::read(&event).unwrap();
        assert_eq!(*request.body.decode().unwrap(), *text.as_bytes(), "{json}");
        assert_eq!(request.body.len(), text.len(), "{json}");
    }
}

#[test]
fn a_large_body_is_read_as_a_small_one() {
    let large = "é\n\"".repeat(LARGE_EVENT_BYTES);
    for body in ["x", &large] {
        for (body, encoded) in [(body.to_owned(), false), (STANDARD.encode(body), true)] {
            let event = json!({"rawPath": "/webhooks/a", "body": body, "isBase64Encoded": encoded});
            let event = event.to_string();
            let request = Request::read(&event).unwrap();
            assert_eq!(request.source(), Some("a"));
            let expected = if encoded {
                STANDARD.decode(body).unwrap()
            } else {
                body.into()
            };
            assert_eq!(*request.body.decode().unwrap(), expected[..]);
        }
    }
    let padding = " ".repeat(LARGE_EVENT_BYTES);
    for (body, read) in [("null", true), ("1", false), (r#""\ud83e""#, false)] {
        let event = format!(r#"{{"body":{body},"x":"{padding}"}}"#);
        assert_eq!(Request::read(&event).is_ok(), read, "{body}");
        let small = format!(r#"{{"body":{body}}}"#);
        assert_eq!(Request::read(&small).is_ok(), read, "{body}");
    }
}

#[test]
fn only_what_is_written_with_escapes_is_copied() {
    let event = r#"{"rawPath":"/webhooks/a","headers":{"a":"b","c":"\u0064"},"body":"{}"}"#;
    let request = Request::read(event).unwrap();
    assert!(matches!(request.path, Cow::Borrowed("/webhooks/a")));
    assert!(matches!(
        request.body,
        EncodedBody::Text(Cow::Borrowed("{}"))
    ));
    assert_eq!(request.headers.get("c"), Some("d"));
}

#[test]
fn bad_base64_is_no_body() {
    for text in [
        "a", "ab=c", "%%%%", "====", "QQ", "QR==", "QQ==\n", "_-8=", "é",
    ] {
        let body = EncodedBody::Base64(text.into());
        assert!(body.decode().is_none(), "{text:?}");
        assert!(body.len() <= text.len());
    }
}

// As infra/front.yaml has CloudFront's function set them. Of IPv6 it has no brackets and no port:
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-event-structure.html
#[test]
fn what_the_front_tells_takes_the_place_of_what_the_platform_saw() {
    let event = |address: &str| {
        json!({
            "rawPath": "/webhooks/twilio",
            "headers": {
                "x-landfall-front": "proof",
                "x-landfall-viewer": address,
                "x-landfall-host": "hooks.example.com",
            },
            "requestContext": {
                "domainName": "abc.execute-api.us-east-1.amazonaws.com",
                "http": {"method": "POST", "sourceIp": "130.176.0.1"},
            },
        })
    };
    for address in ["198.51.100.10", "2001:db8:85a3::8a2e:370:7334"] {
        let event = event(address).to_string();
        let mut request = Request::read(&event).unwrap();
        assert_eq!(request.take_proof().as_deref(), Some("proof"));
        assert_eq!(request.take_proof(), None);
        assert_eq!(request.source_ip, Some([130, 176, 0, 1].into()));
        request.came_by_the_front();
        assert_eq!(request.source_ip.unwrap().to_string(), address);
        assert_eq!(
            request.signed_url(None),
            "https://hooks.example.com/webhooks/twilio"
        );
        for taken in ["x-landfall-front", "x-landfall-viewer", "x-landfall-host"] {
            assert_eq!(request.headers.get(taken), None);
        }
    }
    for nowhere in [
        "",
        "198.51.100.10:46532",
        "198.51.100.10, 192.0.2.1",
        "elsewhere",
    ] {
        let event = event(nowhere).to_string();
        let mut request = Request::read(&event).unwrap();
        request.came_by_the_front();
        assert_eq!(request.source_ip, None, "{nowhere}");
    }
}
