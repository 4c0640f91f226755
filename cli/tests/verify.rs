//! `landfall verify`: its interface is public and stable, so these are its promises.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod common;

use common::{Run, body, file, landfall, run_vector, vector, vectors};
use serde_json::{Value, json};

const SECRET: &str = "It's a Secret to Everybody";
const SIGNATURE: &str =
    "X-Hub-Signature-256: sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
const BODY: &[u8] = b"Hello, World!";

/// GitHub's own example with these arguments added.
fn github(more: &[&str]) -> Run {
    let mut arguments = vec!["verify", "--provider", "github", "--body-file", "-"];
    arguments.extend(more);
    landfall(&arguments, BODY)
}

#[test]
fn every_vector_gets_its_verdict() {
    let vectors = vectors();
    assert!(vectors.len() >= 180);
    for vector in &vectors {
        let run = run_vector("verify", vector, &[]);
        let name = format!(
            "{} {}: {}{}",
            vector["provider"], vector["name"], run.stdout, run.stderr
        );
        let json = run.json();
        if vector["expect"] == "valid" {
            assert_eq!(run.code, 0, "{name}");
            assert_eq!(json["verdict"], "authentic", "{name}");
            assert!(
                json["event_id"].as_str().is_some_and(|id| !id.is_empty()),
                "{name}"
            );
            assert!(
                json["event_type"].is_string()
                    && json["key"].is_string()
                    && ["id_signed", "type_signed", "body_signed"]
                        .iter()
                        .all(|part| json[part].is_boolean()),
                "{name}"
            );
            // And which settings weren't given, where the provider asks for some.
            let headers = json["headers_signed"].as_object().unwrap();
            assert!(headers.values().all(Value::is_boolean), "{name}");
            let further = usize::from(json["unchecked"].is_array());
            assert_eq!(json.as_object().unwrap().len(), 8 + further, "{name}");
        } else {
            assert_eq!(run.code, 1, "{name}");
            assert_eq!(json["verdict"], "refused", "{name}");
            let reasons = ["missing", "malformed", "stale", "forged"];
            assert!(
                reasons.iter().any(|reason| json["reason"] == *reason),
                "{name}"
            );
            assert!(json["detail"].is_string(), "{name}");
            assert_eq!(json.as_object().unwrap().len(), 3, "{name}");
        }
        assert_eq!(run.stdout.lines().count(), 1, "{name}");
    }
}

#[test]
fn the_json_is_the_same_with_and_without_the_flag() {
    // Without its id every delivery is an event of its own, and told apart at random.
    let id = "X-GitHub-Delivery: 72d3162e";
    let given = ["--secret", SECRET, "--header", SIGNATURE, "--header", id];
    let with = github(&[&given[..], &["--json"]].concat());
    let without = github(&given);
    assert_eq!((with.code, with.stdout), (without.code, without.stdout));
}

#[test]
fn an_authentic_delivery_says_what_it_is() {
    let run = github(&[
        "--secret",
        SECRET,
        "--header",
        SIGNATURE,
        "--header",
        "x-github-delivery: 72d3162e",
        "--header",
        "X-GitHub-Event:issues",
    ]);
    assert_eq!(run.code, 0);
    // Printed by `printf %s 'Hello, World!' | sha256sum`, the first 16 digits.
    let digest = "dffd6021bb2bd5b0";
    let expected = json!({
        "verdict": "authentic",
        "event_id": "72d3162e",
        "event_type": "issues",
        "key": format!("72d3162e#{digest}"),
        "id_signed": false,
        "type_signed": false,
        "body_signed": true,
        "headers_signed": {"x-github-delivery": false, "x-github-event": false},
    });
    assert_eq!(run.json(), expected);
}

#[test]
fn all_secrets_are_active_wherever_they_come_from() {
    let right = file("right", SECRET.as_bytes());
    let wrong = file("wrong", b"another");
    for secrets in [
        ["--secret", "another", "--secret", SECRET],
        ["--secret", SECRET, "--secret", "another"],
        ["--secret", "another", "--secret-file", &right],
        ["--secret-file", &right, "--secret", "another"],
        ["--secret-file", &wrong, "--secret-file", &right],
        ["--secret-file", &wrong, "--secret", SECRET],
    ] {
        let run = github(&[&secrets[..], &["--header", SIGNATURE]].concat());
        assert_eq!(run.code, 0, "{secrets:?}: {}{}", run.stdout, run.stderr);
    }
    let run = github(&[
        "--secret-file",
        &wrong,
        "--secret",
        "other",
        "--header",
        SIGNATURE,
    ]);
    assert_eq!(
        (run.code, &run.json()["reason"]),
        (1, &Value::from("forged"))
    );
}

#[test]
fn one_line_end_of_a_secret_file_is_dropped_and_nothing_else() {
    for (number, (contents, code)) in [
        (format!("{SECRET}\n"), 0),
        (format!("{SECRET}\r\n"), 0),
        (SECRET.to_owned(), 0),
        (format!("{SECRET}\n\n"), 1),
        (format!("{SECRET}\r"), 1),
        (format!("{SECRET} "), 1),
        (format!("{SECRET} \n"), 1),
        (format!(" {SECRET}"), 1),
    ]
    .into_iter()
    .enumerate()
    {
        let file = file(&format!("line-end-{number}"), contents.as_bytes());
        let run = github(&["--secret-file", &file, "--header", SIGNATURE]);
        assert_eq!(run.code, code, "{contents:?}");
    }
}

#[test]
fn a_body_is_taken_byte_for_byte() {
    for (number, (body, code)) in [
        (BODY.to_vec(), 0),
        ([BODY, b"\n"].concat(), 1),
        ([BODY, b"\r\n"].concat(), 1),
        ([b"\xef\xbb\xbf", BODY].concat(), 1),
        (b"\0\xff".to_vec(), 1),
        (Vec::new(), 1),
    ]
    .into_iter()
    .enumerate()
    {
        let file = file(&format!("body-{number}"), &body);
        let arguments = [
            "verify",
            "--provider",
            "github",
            "--secret",
            SECRET,
            "--header",
            SIGNATURE,
            "--body-file",
        ];
        assert_eq!(
            landfall(&[&arguments[..], &[&file]].concat(), b"").code,
            code,
            "{body:?}"
        );
        assert_eq!(
            landfall(&[&arguments[..], &["-"]].concat(), &body).code,
            code,
            "{body:?}"
        );
    }
}

#[test]
fn key_material_is_taken_as_it_is_handed_out() {
    let vector = vector("orum", "valid");
    let pem = vector["secret"].as_str().unwrap();
    let one_line = pem.trim().replace('\n', "\\n");
    let bare: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let signature = format!(
        "Signature: {}",
        vector["headers"]["Signature"].as_str().unwrap()
    );
    for (number, text) in [pem, &one_line, &bare].into_iter().enumerate() {
        let file = file(&format!("key-{number}"), text.as_bytes());
        for secret in [["--secret", text], ["--secret-file", &file]] {
            let head = [
                "verify",
                "--provider",
                "orum",
                "--body-file",
                "-",
                "--header",
                &signature,
            ];
            let run = landfall(&[&head[..], &secret].concat(), &body(&vector));
            assert_eq!(run.code, 0, "{text}: {}", run.stderr);
        }
    }
}

#[test]
fn the_four_reasons_are_told_apart() {
    let reason = |run: Run| {
        assert_eq!(run.code, 1);
        run.json()["reason"].as_str().unwrap().to_owned()
    };
    assert_eq!(reason(github(&["--secret", SECRET])), "missing");
    assert_eq!(
        reason(github(&[
            "--secret",
            SECRET,
            "--header",
            "X-Hub-Signature-256:"
        ])),
        "missing"
    );
    assert_eq!(
        reason(github(&[
            "--secret",
            SECRET,
            "--header",
            "X-Hub-Signature-256: sha256=00"
        ])),
        "malformed"
    );
    assert_eq!(
        reason(github(&["--secret", "another", "--header", SIGNATURE])),
        "forged"
    );
    let slack = vector("slack", "docs_example_valid");
    assert_eq!(reason(run_vector_at(&slack, "1", &[])), "stale");
}

/// The vector at another time, with no tolerance of its own.
fn run_vector_at(vector: &Value, now: &str, more: &[&str]) -> Run {
    let mut vector = vector.clone();
    let fields = vector.as_object_mut().unwrap();
    fields.insert("now_unix".into(), now.parse::<i64>().unwrap().into());
    fields.remove("tolerance_s");
    run_vector("verify", &vector, more)
}

#[test]
fn a_tolerance_holds_on_the_sides_that_the_provider_checks() {
    // Both sides; signed at 1531420618.
    let slack = vector("slack", "docs_example_valid");
    for (now, tolerance, code) in [
        ("1531420618", "0", 0),
        ("1531420619", "0", 1),
        ("1531420617", "0", 1),
        ("1531420628", "10", 0),
        ("1531420629", "10", 1),
        ("1531420608", "10", 0),
        ("1531420607", "10", 1),
        ("1531421618", "4294967295", 0),
        ("99999999999", "98468579381", 0),
    ] {
        let run = run_vector_at(&slack, now, &["--tolerance", tolerance]);
        assert_eq!(run.code, code, "{now} {tolerance}: {}", run.stdout);
    }
    // Without one, the provider's own: 300 s.
    assert_eq!(run_vector_at(&slack, "1531420918", &[]).code, 0);
    assert_eq!(run_vector_at(&slack, "1531420919", &[]).code, 1);

    // Stripe checks only the past, whatever the tolerance.
    let stripe = vector("stripe", "rotation_two_secrets_two_v1");
    let header = stripe["headers"]
        .as_object()
        .unwrap()
        .values()
        .next()
        .unwrap()
        .as_str()
        .unwrap();
    let time = header
        .split(['=', ','])
        .nth(1)
        .unwrap()
        .parse::<i64>()
        .unwrap();
    for (now, code) in [
        (time - 1_000_000, 0),
        (time, 0),
        (time + 5, 0),
        (time + 6, 1),
    ] {
        let run = run_vector_at(&stripe, &now.to_string(), &["--tolerance", "5"]);
        assert_eq!(run.code, code, "{}", now - time);
    }

    // A scheme without a time has nothing to hold it against.
    let github = github(&[
        "--secret",
        SECRET,
        "--header",
        SIGNATURE,
        "--tolerance",
        "0",
        "--now",
        "-5",
    ]);
    assert_eq!(github.code, 0);
}

#[test]
fn what_cant_be_used_is_an_error_in_the_arguments() {
    let header = ["--header", SIGNATURE];
    let usage = |run: Run, says: &str| {
        assert_eq!(run.code, 2, "{}{}", run.stdout, run.stderr);
        assert!(run.stdout.is_empty(), "{}", run.stdout);
        assert!(run.stderr.contains(says), "{}", run.stderr);
        assert!(!run.stderr.contains("panicked"), "{}", run.stderr);
    };
    usage(github(&header), "--secret");
    usage(github(&["--secret", ""]), "blank");
    usage(
        github(&["--secret", SECRET, "--header", "no colon"]),
        "Name: value",
    );
    usage(
        github(&["--secret", SECRET, "--header", ": value"]),
        "Name: value",
    );
    usage(github(&["--secret", SECRET, "--now", "yesterday"]), "--now");
    usage(
        github(&["--secret", SECRET, "--tolerance", "-1"]),
        "--tolerance",
    );
    usage(github(&["--secret", SECRET, "--colour", "red"]), "--colour");
    usage(github(&["--secret-file", "/nowhere"]), "/nowhere");
    usage(github(&["--secret-file", "-"]), "standard input");
    usage(
        landfall(&["verify", "--provider", "github", "--secret", SECRET], b""),
        "--body-file",
    );
    usage(
        landfall(&["verify", "--secret", SECRET, "--body-file", "-"], b""),
        "--provider",
    );
    let unknown = [
        "verify",
        "--provider",
        "gihub",
        "--secret",
        SECRET,
        "--body-file",
        "-",
    ];
    usage(landfall(&unknown, b""), "did you mean `github`?");
    let missing = [
        "verify",
        "--provider",
        "github",
        "--secret",
        SECRET,
        "--body-file",
        "/nowhere",
    ];
    usage(landfall(&missing, b""), "/nowhere");
    usage(landfall(&[], b""), "Usage");
}

#[test]
fn a_secret_that_cant_be_a_key_is_named_by_its_place_and_never_shown() {
    let secret = "whsec_%%%not-base64%%%";
    let head = [
        "verify",
        "--provider",
        "svix",
        "--body-file",
        "-",
        "--secret",
        secret,
    ];
    let run = landfall(&head, b"");
    assert_eq!(run.code, 2);
    assert!(
        run.stderr.contains("--secret, no. 1") && run.stderr.contains("base64"),
        "{}",
        run.stderr
    );
    assert!(!run.stderr.contains("not-base64"), "{}", run.stderr);

    // Beside one that can be, it is only mentioned.
    let vector = vector("svix", "sign_example_valid");
    let run = run_vector("verify", &vector, &["--secret", secret]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(!run.stderr.contains("not-base64"), "{}", run.stderr);
}

#[test]
fn what_the_provider_asks_for_is_asked_for() {
    let paypal = |more: &[&str]| {
        let mut arguments = vec![
            "verify",
            "--provider",
            "paypal",
            "--secret",
            "x",
            "--body-file",
            "-",
        ];
        arguments.extend(more);
        landfall(&arguments, b"{}")
    };
    for (settings, words) in [
        (&[][..], "--setting webhook_id=1JE4291016473214C"),
        (&["--setting", "webhook_id="], "NAME=VALUE"),
        (&["--setting", "webhook_id"], "NAME=VALUE"),
        (
            &["--setting", "webhookid=1"],
            "no setting `webhookid`; it asks for webhook_id",
        ),
    ] {
        let run = paypal(settings);
        assert_eq!(run.code, 2, "{settings:?}: {}", run.stdout);
        assert!(run.stderr.contains(words), "{settings:?}: {}", run.stderr);
    }
    let run = github(&["--secret", SECRET, "--setting", "webhook_id=1"]);
    assert_eq!(run.code, 2);
    assert!(
        run.stderr.contains("GitHub asks for no settings"),
        "{}",
        run.stderr
    );
}
