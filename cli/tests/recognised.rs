//! What `landfall explain` recognises in deliveries that are made for it: another URL, other bytes, another provider.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod common;

use common::landfall;

#[test]
fn another_providers_way_to_sign_is_named_by_explain_and_by_verify() {
    let signed = landfall(
        &[
            "sign",
            "--provider",
            "stripe",
            "--secret",
            "whsec_x",
            "--body-file",
            "-",
        ],
        b"{\"id\":\"e\"}",
    );
    let printed = signed.stdout.as_bytes();
    for command in ["verify", "explain"] {
        let arguments = [
            command,
            "--provider",
            "github",
            "--secret",
            "whsec_x",
            "--request",
            "-",
            "--json",
        ];
        let run = landfall(&arguments, printed);
        assert_eq!(run.code, 1, "{}", run.stderr);
        assert!(
            run.stdout.contains("his is how Stripe signs"),
            "{}",
            run.stdout
        );
    }
    let explained = landfall(
        &[
            "explain",
            "--provider",
            "github",
            "--secret",
            "whsec_x",
            "--request",
            "-",
        ],
        printed,
    );
    assert!(
        explained.stdout.contains("provider = \"stripe\""),
        "{}",
        explained.stdout
    );
    // With another secret nobody's way fits.
    let other = landfall(
        &[
            "verify",
            "--provider",
            "github",
            "--secret",
            "whsec_y",
            "--request",
            "-",
        ],
        printed,
    );
    assert!(!other.stdout.contains("this is how"), "{}", other.stdout);
}

#[test]
fn a_signature_that_is_right_for_other_bytes_tells_that_it_is_not_the_secret() {
    let github = |sent: &[u8], given: &[u8]| {
        let signed = landfall(
            &[
                "sign",
                "--provider",
                "github",
                "--secret",
                "hush",
                "--body-file",
                "-",
            ],
            sent,
        );
        let pair = &signed.json()["headers"][0];
        let header = format!(
            "{}: {}",
            pair[0].as_str().unwrap(),
            pair[1].as_str().unwrap()
        );
        let arguments = [
            "explain",
            "--provider",
            "github",
            "--secret",
            "hush",
            "--json",
            "--header",
            &header,
            "--body-file",
            "-",
        ];
        landfall(&arguments, given).json()["explanation"].clone()
    };
    let long = vec![b'x'; 3_000];
    let wrapped = "{\"isBase64Encoded\":false,\"body\":\"{\\\"id\\\":1}\"}";
    for (sent, given, words) in [
        (&b""[..], &b"{\"id\":1}"[..], "an empty body"),
        (b"{}", b"{\"id\":1}", "the body `{}`"),
        (&long[..1_024], &long, "the first 1024 bytes"),
        (b"{\"id\":1}", b"eyJpZCI6MX0=", "in base64"),
        (b"{\"id\":1}", wrapped.as_bytes(), "the body's field `body`"),
        (
            b"{\"id\":1}",
            b"payload=%7B%22id%22%3A1%7D",
            "the form's field `payload`",
        ),
    ] {
        let explanation = github(sent, given);
        assert_eq!(explanation["kind"], "other_bytes", "{explanation}");
        let sentence = explanation["sentence"].as_str().unwrap();
        assert!(
            sentence.contains(words) && sentence.contains("isn't the secret"),
            "{sentence}"
        );
    }
    let cut = github(b"{\"id\":1,\"name\":\"x\"}", b"{\"id\":1,\"na");
    assert_eq!(cut["kind"], "cut_body", "{cut}");
    let lost = github(
        "{\"a\":\"\u{e9}\"}".as_bytes(),
        "{\"a\":\"\u{fffd}\"}".as_bytes(),
    );
    assert_eq!(lost["kind"], "lost_characters", "{lost}");
}

#[test]
fn a_large_body_ends_the_search() {
    let body = format!("{{\"a\":\"{}\"}}", "x".repeat(4 * 1024 * 1024 - 16));
    let header = format!("X-Hub-Signature-256: sha256={}", "ab".repeat(32));
    let began = std::time::Instant::now();
    let more = [
        "--secret",
        "hush",
        "--secret",
        "a",
        "--secret",
        "b",
        "--secret",
        "c",
        "--secret",
        "d",
        "--header",
        "X-Id: 1",
        "--header",
        "X-Time: 1700000000",
        "--url",
        "https://a.example/b?c",
    ];
    let github = [
        "explain",
        "--provider",
        "github",
        "--header",
        &header,
        "--body-file",
        "-",
    ];
    let run = landfall(&[&github[..], &more].concat(), body.as_bytes());
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert!(
        run.stdout
            .contains("The body is large: not everything was tried"),
        "{}",
        run.stdout
    );
    // Unoptimised, on a machine that has other things to do.
    assert!(began.elapsed().as_secs() < 120, "{:?}", began.elapsed());
}

/// Where the delivery came to.
const CALLED: &str = "https://hooks.example.com/webhooks/square?a=1&b=c%20d";

/// What was signed in its place, and how it is said that it differs.
#[rustfmt::skip]
const SIGNED: &[(&str, &str)] = &[
    ("https://hooks.example.com/webhooks/square/?a=1&b=c%20d", "in the slash at the end."),
    ("http://hooks.example.com/webhooks/square?a=1&b=c%20d", "in the scheme."),
    ("https://hooks.example.com:8443/webhooks/square?a=1&b=c%20d", "in the port."),
    ("https://api.example.com/webhooks/square?a=1&b=c%20d", "in the host."),
    ("https://inner.example.net/webhooks/square?a=1&b=c%20d", "in the host."),
    ("https://hooks.example.com/prod/webhooks/square?a=1&b=c%20d", "in the path."),
    ("https://hooks.example.com/square?a=1&b=c%20d", "in the path."),
    ("https://hooks.example.com/webhooks/square?b=c%20d&a=1", "in the order of the query."),
    ("https://hooks.example.com/webhooks/square", "in the query."),
    ("https://hooks.example.com/webhooks/square?a=1&b=c d", "with its escapes decoded"),
    ("http://hooks.example.com:8080/webhooks/square/?a=1&b=c%20d", "the slash at the end and the scheme and the port."),
];

#[test]
fn another_url_is_named_with_what_differs() {
    for (signed, words) in SIGNED {
        let sign = [
            "sign",
            "--provider",
            "square",
            "--secret",
            "hush",
            "--url",
            signed,
            "--body-file",
            "-",
        ];
        let header = landfall(&sign, b"{}").json()["headers"][0].clone();
        let header = format!(
            "{}: {}",
            header[0].as_str().unwrap(),
            header[1].as_str().unwrap()
        );
        let explain = [
            "explain",
            "--provider",
            "square",
            "--secret",
            "hush",
            "--url",
            CALLED,
            "--header",
            &header,
            "--header",
            "X-Forwarded-Host: inner.example.net",
            "--json",
            "--body-file",
            "-",
        ];
        let explanation = landfall(&explain, b"{}").json()["explanation"].clone();
        assert_eq!(explanation["kind"], "url", "{signed}: {explanation}");
        assert!(
            explanation["sentence"].as_str().unwrap().contains(words),
            "{words}: {explanation}"
        );
        assert!(
            explanation["mend"]
                .as_str()
                .unwrap()
                .contains("entered_url"),
            "{explanation}"
        );
    }
    let without = [
        "explain",
        "--provider",
        "square",
        "--secret",
        "hush",
        "--json",
        "--body-file",
        "-",
        "--header",
        "x-square-hmacsha256-signature: AAAA",
    ];
    assert_eq!(
        landfall(&without, b"{}").json()["explanation"]["kind"],
        "missing_url"
    );
}
