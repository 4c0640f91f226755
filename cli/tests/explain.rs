//! `landfall explain`: a delivery that is signed in another way than expected is recognised.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod common;

use aws_lc_rs::hmac;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use common::{Run, landfall, run_vector, vectors};
use insta::assert_snapshot;
use serde_json::Value;

const TIME: &str = "1700000000";
const SECRET: &str = "a-signing-secret";
const BODY: &str = r#"{"eventId":"evt_1","type":"document.signed"}"#;

fn mac(algorithm: hmac::Algorithm, key: &[u8], message: &str) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(algorithm, key), message.as_bytes())
        .as_ref()
        .to_vec()
}

/// This message's HMAC-SHA256, hex.
fn signed(message: &str) -> String {
    hex::encode(mac(hmac::HMAC_SHA256, SECRET.as_bytes(), message))
}

/// Explains a delivery to Formify's source.
fn explain(secret: &str, headers: &[&str], body: &str, more: &[&str]) -> Run {
    let mut arguments = vec!["explain", "--provider", "formify", "--secret", secret];
    arguments.extend(headers.iter().flat_map(|header| ["--header", header]));
    arguments.extend(["--body-file", "-"]);
    arguments.extend(more);
    landfall(&arguments, body.as_bytes())
}

/// Explains a delivery of Formify's with this signature, at the time that it names.
fn formify(secret: &str, signature: &str, body: &str, more: &[&str]) -> Run {
    let more = [&["--now", TIME], more].concat();
    formify_with(secret, signature, body, &more)
}

fn formify_with(secret: &str, signature: &str, body: &str, more: &[&str]) -> Run {
    let signature = format!("X-Formify-Signature: {signature}");
    let time = format!("X-Formify-Timestamp: {TIME}");
    explain(secret, &[&signature, &time], body, more)
}

fn first_match(run: &Run) -> Value {
    assert_eq!(run.code, 1, "{}{}", run.stdout, run.stderr);
    let json = run.json();
    assert_eq!(json["verdict"], "refused");
    json["matches"][0].clone()
}

#[test]
fn the_composition_the_encoding_and_the_hash_are_found() {
    for (message, template) in [
        (BODY.to_owned(), "{body}"),
        (format!("{TIME}{BODY}"), "{timestamp}{body}"),
        (format!("{TIME}:{BODY}"), "{timestamp}:{body}"),
        (format!("{BODY}{TIME}"), "{body}{timestamp}"),
        (format!("{BODY}.{TIME}"), "{body}.{timestamp}"),
        (format!("v0:{TIME}:{BODY}"), "v0:{timestamp}:{body}"),
    ] {
        let found = first_match(&formify(SECRET, &signed(&message), BODY, &["--json"]));
        assert_eq!(found["scheme"]["message"], template);
        assert_eq!(found["scheme"]["encoding"], "hex");
        assert_eq!(
            found["landfall_toml"][0],
            format!("message = \"{template}\"")
        );
    }
    let message = format!("{TIME}.{BODY}");
    for (algorithm, name) in [
        (hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, "hmac-sha1"),
        (hmac::HMAC_SHA384, "hmac-sha384"),
        (hmac::HMAC_SHA512, "hmac-sha512"),
    ] {
        let bytes = mac(algorithm, SECRET.as_bytes(), &message);
        for (signature, encoding) in [
            (hex::encode(&bytes), "hex"),
            (STANDARD.encode(&bytes), "base64"),
        ] {
            let found = first_match(&formify(SECRET, &signature, BODY, &["--json"]));
            assert_eq!(found["scheme"]["algorithm"], name);
            assert_eq!(found["scheme"]["encoding"], encoding);
        }
    }
}

#[test]
fn the_form_of_the_secret_is_found() {
    let key = b"0123456789abcdef0123456789abcdef";
    let message = format!("{TIME}.{BODY}");
    let signature = hex::encode(mac(hmac::HMAC_SHA256, key, &message));
    let base64 = STANDARD.encode(key);
    for (secret, form) in [
        (base64.clone(), "base64"),
        (format!("whsec_{base64}"), "base64"),
        (hex::encode(key), "hex"),
    ] {
        let found = first_match(&formify(&secret, &signature, BODY, &["--json"]));
        let said = &found["scheme"]["key"];
        assert!(said == form || said["form"] == form, "{found}");
    }
    for secret in [
        "whsec_0123456789abcdef0123456789abcdef",
        " 0123456789abcdef0123456789abcdef\t",
    ] {
        let found = first_match(&formify(secret, &signature, BODY, &["--json"]));
        assert!(
            found["differences"].to_string().contains("the secret ("),
            "{found}"
        );
        assert!(!found.to_string().contains("0123456789abcdef"), "{found}");
    }
}

#[test]
fn a_secret_that_is_sent_itself_is_found() {
    let token = "user:a-long-password";
    let basic = format!("Authorization: Basic {}", STANDARD.encode(token));
    for (header, encoding) in [
        ("X-Acme-Token: user:a-long-password", "text"),
        (basic.as_str(), "base64"),
    ] {
        let run = formify(token, "00", BODY, &["--json", "--header", header]);
        let found = first_match(&run);
        assert_eq!(found["scheme"]["algorithm"], "token", "{found}");
        assert_eq!(found["scheme"]["encoding"], encoding, "{found}");
        assert!(!run.stdout.contains("long-password"), "{}", run.stdout);
        // It is told, and not offered: a token proves nothing of what a delivery says.
        assert_eq!(found["landfall_toml"].as_array().map(Vec::len), Some(0));
        let mend = found["mend"].as_str().unwrap();
        assert!(mend.contains("not a mend"), "{mend}");
    }
}

#[test]
fn a_signature_under_another_header_or_prefix_is_found() {
    let signature = signed(&format!("{TIME}.{BODY}"));
    let header = format!("Acme-Signature: t={TIME},v9={signature}");
    let run = explain(SECRET, &[&header], BODY, &["--json"]);
    let found = first_match(&run);
    assert_eq!(found["scheme"]["signature"]["header"], "Acme-Signature");
    assert_eq!(found["scheme"]["signature"]["prefix"][0], "v9=");
    assert_eq!(found["scheme"]["timestamp"]["prefix"][0], "t=");
}

#[test]
fn a_body_that_was_changed_on_its_way_is_recognised() {
    let signature = signed(&format!("{TIME}.{BODY}"));
    for changed in [
        format!("{BODY}\n"),
        format!("{BODY}\r\n"),
        r#"{"eventId": "evt_1", "type": "document.signed"}"#.to_owned(),
        "{\n  \"eventId\": \"evt_1\",\n  \"type\": \"document.signed\"\n}".to_owned(),
    ] {
        let found = first_match(&formify(SECRET, &signature, &changed, &["--json"]));
        assert!(
            found["differences"]
                .to_string()
                .contains("verify the raw bytes"),
            "{found}"
        );
    }
}

#[test]
fn it_is_said_in_words_too() {
    let run = formify(SECRET, &signed(BODY), BODY, &[]);
    assert_eq!(run.code, 1);
    assert_snapshot!("other_composition", run.stdout);
    assert!(!run.stdout.contains(SECRET));
}

#[test]
fn an_old_delivery_is_told_from_a_forged_one() {
    let signature = signed(&format!("{TIME}.{BODY}"));
    let late = ["--now", "1700000301", "--json"];
    let run = formify_with(SECRET, &signature, BODY, &late);
    assert_eq!(run.json()["reason"], "stale");
    assert!(
        run.json()["hints"]
            .to_string()
            .contains("But for the time, the signature is right"),
        "{}",
        run.stdout
    );
}

#[test]
fn what_is_authentic_needs_no_explanation_and_what_is_hopeless_gets_hints() {
    for vector in vectors() {
        let run = run_vector("explain", &vector, &["--json"]);
        let valid = vector["expect"] == "valid";
        assert_eq!(run.code, i32::from(!valid), "{}{}", run.stdout, run.stderr);
        let json = run.json();
        if valid {
            assert_eq!(json["matches"].as_array().map(Vec::len), Some(0));
        }
    }
    let run = formify(SECRET, &"ab".repeat(32), BODY, &[]);
    assert_eq!(run.code, 1);
    assert_snapshot!("unexplained", run.stdout);
}
