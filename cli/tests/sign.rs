//! `landfall sign`: what it prints is what `landfall verify` accepts.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod common;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use common::{Run, landfall};
use serde_json::Value;

fn sign(provider: &str, secret: &str, headers: &[&str], body: &[u8]) -> Run {
    let mut arguments = vec!["sign", "--provider", provider, "--secret", secret];
    for header in headers {
        arguments.extend(["--header", header]);
    }
    arguments.extend(["--url", "https://example.com/hook?a=1", "--body-file", "-"]);
    landfall(&arguments, body)
}

fn verify(provider: &str, secret: &str, signed: &Value) -> Run {
    let pairs = signed["headers"].as_array().unwrap();
    let headers: Vec<String> = pairs
        .iter()
        .map(|pair| {
            format!(
                "{}: {}",
                pair[0].as_str().unwrap(),
                pair[1].as_str().unwrap()
            )
        })
        .collect();
    let mut arguments = vec!["verify", "--provider", provider, "--secret", secret];
    for header in &headers {
        arguments.extend(["--header", header]);
    }
    arguments.extend(["--url", signed["url"].as_str().unwrap(), "--body-file", "-"]);
    let body = STANDARD.decode(signed["body_base64"].as_str().unwrap());
    landfall(&arguments, &body.unwrap())
}

#[test]
fn what_is_signed_verifies_and_keeps_its_bytes() {
    let body = b"{\"id\":\"\xc3\xa9\"}\r\n";
    for (provider, secret, headers) in [
        ("stripe", "whsec_x", &[][..]),
        (
            "github",
            "x",
            &["X-GitHub-Event: push", "X-Hub-Signature-256: old"],
        ),
        (
            "standard-webhooks",
            "whsec_c2VjcmV0",
            &["webhook-id: msg_1"],
        ),
        ("square", "x", &[]),
        ("hubspot", "x", &[]),
        ("auth0", "x", &[]),
    ] {
        let run = sign(provider, secret, headers, body);
        assert_eq!(run.code, 0, "{provider}: {}", run.stderr);
        let signed = run.json();
        assert_eq!(signed["method"], "POST");
        assert_eq!(signed["body_base64"], STANDARD.encode(body));
        assert_eq!(signed["body"], "{\"id\":\"\u{e9}\"}\r\n");
        let verdict = verify(provider, secret, &signed);
        assert_eq!(verdict.code, 0, "{provider}: {}", verdict.stdout);
        let forged = verify(provider, "whsec_b3RoZXI=", &signed);
        assert_eq!(forged.code, 1, "{provider}: {}", forged.stdout);
    }
}

#[test]
fn a_signature_may_stand_in_the_body() {
    let body = br#"{"signature":{"timestamp":"1700000000","token":"t"},"event-data":{"id":"1"}}"#;
    let run = landfall(
        &[
            "sign",
            "--provider",
            "mailgun",
            "--secret",
            "x",
            "--now",
            "1700000000",
            "--body-file",
            "-",
        ],
        body,
    );
    assert_eq!(run.code, 0, "{}", run.stderr);
    let signed = run.json();
    let text = signed["body"].as_str().unwrap();
    let json: Value = serde_json::from_str(text).unwrap();
    assert_eq!(json["signature"]["signature"].as_str().unwrap().len(), 64);
}

#[test]
fn any_bytes_can_be_signed() {
    let run = sign("github", "x", &[], b"\xff\x00");
    assert_eq!(run.json()["body"], Value::Null);
    assert_eq!(verify("github", "x", &run.json()).code, 0);
}

#[test]
fn what_lacks_is_said() {
    let run = sign("standard-webhooks", "whsec_c2VjcmV0", &[], b"{}");
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("webhook-id"), "{}", run.stderr);
    let run = sign("discord", &"00".repeat(32), &[], b"{}");
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("private key"), "{}", run.stderr);
}
