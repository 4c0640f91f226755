//! `--source` with `--config`, and `--request`: a source of one's own and a request as it was written down, checked
//! without a stack.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod common;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use common::{Run, file, landfall};
use serde_json::Value;

const CONFIG: &str = r#"
[sources.acme]
event_id = "{json:id}"
event_type = "{header:X-Acme-Event}"

[sources.acme.scheme]
algorithm = "hmac-sha512"
key = "hex"
signature = { header = "X-Acme-Signature", prefix = "v1=" }
encoding = "base64"
message = "{method} {url}\n{body}"

[sources.acme.test]
entered_url = "https://test.example.com"

[sources.billing]
provider = "stripe"
tolerance = 10

[sources.staging]
provider = "github"
environments = ["test"]
"#;

const KEY: &str = "00112233445566778899aabbccddeeff";

fn run(
    command: &str,
    source: &str,
    config: &str,
    secret: &str,
    more: &[&str],
    input: &[u8],
) -> Run {
    let mut arguments = vec![
        command, "--source", source, "--config", config, "--secret", secret,
    ];
    arguments.extend(more);
    landfall(&arguments, input)
}

/// The request that `landfall sign` printed, as raw HTTP.
fn http(signed: &Value, end: &str, more: &str) -> Vec<u8> {
    let url = signed["url"].as_str().unwrap();
    let (host, path) = url.split_once("://").unwrap().1.split_once('/').unwrap();
    let pairs = signed["headers"].as_array().unwrap();
    let headers: Vec<String> = (pairs.iter())
        .map(|pair| {
            format!(
                "{}: {}{end}",
                pair[0].as_str().unwrap(),
                pair[1].as_str().unwrap()
            )
        })
        .collect();
    let head = format!(
        "POST /{path} HTTP/1.1{end}Host: {host}{end}{more}{}",
        headers.concat()
    );
    let body = STANDARD
        .decode(signed["body_base64"].as_str().unwrap())
        .unwrap();
    [head.as_bytes(), end.as_bytes(), &body].concat()
}

#[test]
fn a_scheme_of_ones_own_is_signed_and_verified_from_the_file() {
    let config = file("own.toml", CONFIG.as_bytes());
    let body = b"{\"id\":\"e1\"}\r\n";
    let url = [
        "--url",
        "https://hooks.example.com/webhooks/acme",
        "--header",
        "X-Acme-Event: paid",
    ];
    let signed = run(
        "sign",
        "acme",
        &config,
        KEY,
        &[&url[..], &["--body-file", "-"]].concat(),
        body,
    );
    assert_eq!(signed.code, 0, "{}", signed.stderr);
    for (end, more) in [("\r\n", ""), ("\n", ""), ("\n", "Content-Length: 13\n")] {
        let request = http(&signed.json(), end, more);
        let verdict = run(
            "verify",
            "acme",
            &config,
            KEY,
            &["--request", "-"],
            &request,
        );
        assert_eq!(verdict.code, 0, "{}{}", verdict.stdout, verdict.stderr);
        assert_eq!(verdict.json()["event_id"], "e1");
        assert_eq!(verdict.json()["event_type"], "paid");
        assert!(verdict.stderr.is_empty(), "{}", verdict.stderr);
    }
    // What is printed is a request, too; and what an editor puts behind it is told.
    let printed = signed.stdout.as_bytes();
    let verdict = run("verify", "acme", &config, KEY, &["--request", "-"], printed);
    assert_eq!(verdict.code, 0, "{}{}", verdict.stdout, verdict.stderr);
    let longer = [
        &http(&signed.json(), "\n", "Content-Length: 13\n")[..],
        b"\n",
    ]
    .concat();
    let verdict = run("verify", "acme", &config, KEY, &["--request", "-"], &longer);
    assert_eq!(verdict.code, 0, "{}{}", verdict.stdout, verdict.stderr);
    assert!(verdict.stderr.contains("left out"), "{}", verdict.stderr);
    // In the environment test the provider was given another URL.
    let request = http(&signed.json(), "\n", "");
    let test = ["--request", "-", "--environment", "test"];
    assert_eq!(run("verify", "acme", &config, KEY, &test, &request).code, 1);
    let live = ["--request", "-", "--environment", "live"];
    assert_eq!(run("verify", "acme", &config, KEY, &live, &request).code, 0);
    assert_eq!(
        run("explain", "acme", &config, KEY, &live, &request).code,
        0
    );
}

#[test]
fn what_a_source_changes_of_its_provider_counts() {
    let config = file("override.toml", CONFIG.as_bytes());
    let signed = landfall(
        &[
            "sign",
            "--provider",
            "stripe",
            "--secret",
            "whsec_x",
            "--now",
            "1700000000",
            "--body-file",
            "-",
        ],
        b"{}",
    );
    let printed = signed.stdout.as_bytes();
    for (now, code) in [("1700000010", 0), ("1700000011", 1)] {
        let more = ["--request", "-", "--now", now];
        let verdict = run("verify", "billing", &config, "whsec_x", &more, printed);
        assert_eq!(verdict.code, code, "{}{}", verdict.stdout, verdict.stderr);
    }
    // Options count more than the request.
    let header = [
        "--request",
        "-",
        "--now",
        "1700000000",
        "--header",
        "stripe-signature: t=1,v1=00",
    ];
    let verdict = run("verify", "billing", &config, "whsec_x", &header, printed);
    assert_eq!(verdict.code, 1, "{}", verdict.stdout);
    let body = file("other-body", b"{ }");
    let other = [
        "--request",
        "-",
        "--now",
        "1700000000",
        "--body-file",
        &body,
    ];
    let verdict = run("verify", "billing", &config, "whsec_x", &other, printed);
    assert_eq!(verdict.json()["reason"], "forged");
}

#[test]
fn a_head_that_curl_shows_is_taken_with_the_body_from_a_file() {
    let signed = landfall(
        &[
            "sign",
            "--provider",
            "github",
            "--secret",
            "x",
            "--body-file",
            "-",
        ],
        b"{}",
    );
    let header = signed.json()["headers"][0][1].as_str().unwrap().to_owned();
    let dump = format!(
        "*   Trying …\n> POST /hook HTTP/1.1\n> X-Hub-Signature-256: {header}\n>\n< HTTP/1.1 400\n"
    );
    let github = [
        "verify",
        "--provider",
        "github",
        "--secret",
        "x",
        "--request",
        "-",
    ];
    let run = landfall(&github, dump.as_bytes());
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("--body-file"), "{}", run.stderr);
    let body = file("curl-body", b"{}");
    let run = landfall(
        &[&github[..], &["--body-file", &body]].concat(),
        dump.as_bytes(),
    );
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    let answer = format!("HTTP/1.1 200 OK\r\nX-Hub-Signature-256: {header}\r\n\r\n{{}}");
    assert_eq!(landfall(&github, answer.as_bytes()).code, 0);
}

#[test]
fn faults_of_the_file_are_printed_as_the_build_prints_them() {
    let text = "[sources.a]\nprovider = \"strip\"\n\n[sources.b]\nproviderr = \"stripe\"\n";
    let config = file("faulty.toml", text.as_bytes());
    let run = run("verify", "a", &config, "x", &["--body-file", "-"], b"");
    assert_eq!(run.code, 2, "{}", run.stdout);
    for line in [2, 5] {
        assert!(
            run.stderr.contains(&format!("{config}:{line}: ")),
            "{}",
            run.stderr
        );
    }
    assert!(run.stderr.contains("stripe"), "{}", run.stderr);
}

#[test]
fn a_source_that_is_not_there_is_named_with_where_it_was_looked_for() {
    let config = file("unknown.toml", CONFIG.as_bytes());
    let stderr = |more: &[&str], source: &str| {
        let run = run(
            "verify",
            source,
            &config,
            "x",
            &[&["--body-file", "-"][..], more].concat(),
            b"",
        );
        assert_eq!(run.code, 2, "{}", run.stdout);
        run.stderr
    };
    let said = stderr(&[], "bling");
    assert!(
        said.contains("isn't in") && said.contains(&config),
        "{said}"
    );
    assert!(said.contains("did you mean `billing`?"), "{said}");
    let said = stderr(&["--environment", "live"], "staging");
    assert!(said.contains("environment live"), "{said}");
    assert!(stderr(&["--environment", "prod"], "acme").contains("local, test and live"));
    // Without an environment it is looked for in each.
    let found = run(
        "verify",
        "staging",
        &config,
        "x",
        &["--body-file", "-"],
        b"",
    );
    assert_eq!(found.json()["reason"], "missing");
}

#[test]
fn what_contradicts_is_an_error_in_the_arguments() {
    for arguments in [
        &[
            "verify",
            "--source",
            "a",
            "--provider",
            "github",
            "--secret",
            "x",
            "--body-file",
            "-",
        ][..],
        &[
            "verify",
            "--source",
            "drill",
            "--setting",
            "a=b",
            "--secret",
            "x",
            "--body-file",
            "-",
        ],
        &["verify", "--provider", "github", "--secret", "x"],
        &[
            "verify",
            "--provider",
            "github",
            "--secret",
            "x",
            "--request",
            "-",
            "--body-file",
            "-",
        ],
        &[
            "verify",
            "--provider",
            "github",
            "--secret",
            "x",
            "--request",
            "/nowhere",
        ],
    ] {
        let run = landfall(arguments, b"");
        assert_eq!(run.code, 2, "{arguments:?}: {}", run.stdout);
        assert!(run.stdout.is_empty(), "{}", run.stdout);
    }
}
