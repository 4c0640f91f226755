//! What a stranger may have hidden in a text is made visible in all that the command prints.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod common;

use common::{Run, landfall};

/// The right-to-left override, a zero-width space, an isolate, a tag, a C1 control and an ANSI sequence.
const HIDDEN: &str = "a\u{202e}b\u{200b}c\u{2066}d\u{e0041}e\u{9b}f\u{1b}[31mg\u{7f}h";

fn assert_visible(run: &Run, what: &str) {
    for text in [&run.stdout, &run.stderr] {
        let hidden = |c: &char| HIDDEN.contains(*c) && !c.is_ascii_graphic();
        let found: Vec<char> = text.chars().filter(hidden).collect();
        assert!(found.is_empty(), "{what}: {found:?} in {text}");
    }
}

#[test]
fn no_command_prints_what_is_hidden() {
    let header = format!("X-Note: {HIDDEN}");
    let setting = format!("{HIDDEN}=x");
    let github = ["--provider", "github", "--secret", "x", "--body-file", "-"];
    let authentic = ["--header", "X-Hub-Signature-256: sha256=00"];
    for arguments in [
        &[
            "verify",
            "--provider",
            HIDDEN,
            "--secret",
            "x",
            "--body-file",
            "-",
        ][..],
        &["providers", HIDDEN],
        &["events", "list", "--since", HIDDEN],
        &["events", "show", HIDDEN, HIDDEN],
        &["send", "--source", HIDDEN],
        &[HIDDEN],
        &[
            "verify",
            "--provider",
            "github",
            "--secret-file",
            HIDDEN,
            "--body-file",
            "-",
        ],
        &[&["verify", "--setting", &setting][..], &github].concat(),
        &[&["verify", "--header", &header][..], &github].concat(),
        &[&["explain", "--header", &header][..], &authentic, &github].concat(),
        &[
            &["explain", "--json", "--header", &header][..],
            &authentic,
            &github,
        ]
        .concat(),
        &[&["sign", "--url", HIDDEN, "--header", &header][..], &github].concat(),
    ] {
        let run = landfall(arguments, HIDDEN.as_bytes());
        assert_visible(&run, arguments[0]);
        assert!(!run.stderr.contains("panicked"), "{}", run.stderr);
    }
}

#[test]
fn an_id_of_a_stranger_is_shown_whole_and_can_be_read_back() {
    let body = format!("{{\"id\":\"{}\"}}", HIDDEN.replace('\u{1b}', ""));
    let arguments = [
        "sign",
        "--provider",
        "stripe",
        "--secret",
        "x",
        "--body-file",
        "-",
    ];
    let signed = landfall(&arguments, body.as_bytes());
    assert_visible(&signed, "sign");
    assert_eq!(signed.json()["body"], body);
    let signature = &signed.json()["headers"][0];
    let header = format!(
        "{}: {}",
        signature[0].as_str().unwrap(),
        signature[1].as_str().unwrap()
    );
    let arguments = [
        "verify",
        "--provider",
        "stripe",
        "--secret",
        "x",
        "--body-file",
        "-",
        "--header",
        &header,
    ];
    let verdict = landfall(&arguments, body.as_bytes());
    assert_visible(&verdict, "verify");
    assert!(verdict.stdout.contains("\\u202e"), "{}", verdict.stdout);
    assert!(
        verdict.json()["event_id"]
            .as_str()
            .unwrap()
            .contains('\u{202e}')
    );
}
