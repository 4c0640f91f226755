#![allow(clippy::unwrap_used)]

use std::fs;

use catalogue::{Algorithm, Identity, Unit};

use super::{
    place::{module, with_line},
    *,
};

mod acme;

/// What an entry knows from the table's own prelude.
mod prelude {
    pub(super) use catalogue::{
        Algorithm, Encoding, Fact, Field, Identity, KeyForm, Provider, Scheme, Template, Timestamp,
        Tolerance, Unit,
    };
}

fn given() -> GivenNewProvider {
    GivenNewProvider {
        name: "acme".into(),
        title: Some("Acme".into()),
        docs: Some("https://acme.example/webhooks".into()),
        from_capture: None,
        secret_file: None,
        url: None,
        now: None,
        header: Some("X-Acme-Signature".into()),
        split: Some(",".into()),
        prefix: Some("v1=".into()),
        algorithm: "hmac-sha1".into(),
        key: "hex".into(),
        encoding: "base64".into(),
        message: "{timestamp}.{body}".into(),
        timestamp_header: Some("X-Acme-Time".into()),
        unit: "ms".into(),
        event_id: Some("{json:id}".into()),
        event_type: Some("{json:type}".into()),
        into: ".".into(),
    }
}

#[test]
fn an_entry_that_is_begun_compiles_and_says_what_was_answered() {
    let answers = Answers::read(&given(), None).unwrap();
    let source = answers.source().unwrap();
    let entry = code::entry(&answers, &source, "2026-11-30".parse().unwrap());
    assert_eq!(entry, include_str!("acme.rs"));
    // The same text, compiled.
    let provider = acme::PROVIDER;
    assert_eq!(provider.schemes, source.schemes);
    assert_eq!(provider.schemes[0].algorithm, Algorithm::HmacSha1);
    assert_eq!(provider.schemes[0].timestamp.unwrap().unit, Unit::Millis);
    assert_eq!(provider.identity, Identity::id("{json:id}"));
    assert_eq!(provider.identity, source.identity);
    assert_eq!(provider.event_type, source.event_type);
    assert!(!provider.confirms(catalogue::Fact::Signature) && !provider.note.is_empty());
}

#[test]
fn an_answer_that_no_source_may_have_is_a_fault() {
    for (change, fault) in [
        ("name", "no name"),
        ("taken", "already"),
        ("docs", "HTTPS"),
        ("algorithm", "`algorithm` can't be"),
        ("message", "is no placeholder"),
    ] {
        let mut given = given();
        match change {
            "name" => given.name = "Acme".into(),
            "taken" => given.name = "github".into(),
            "docs" => given.docs = Some("acme.example".into()),
            "algorithm" => given.algorithm = "md5".into(),
            _ => given.message = "{what}".into(),
        }
        let failed = Answers::read(&given, None).and_then(|answers| answers.source());
        let told = failed.err().unwrap().to_string();
        assert!(told.contains(fault), "{change}: {told}");
    }
}

#[test]
fn a_line_stands_where_the_alphabet_has_it() {
    let modules = include_str!("../../../../../shared/catalogue/src/providers/mod.rs");
    let with = with_line(modules, "mod ", "mod square_one;");
    assert!(with.contains("mod square;\nmod square_one;\nmod squarespace;\n"));
    let table = include_str!("../../../../../shared/catalogue/src/providers/table.rs");
    let with = with_line(table, "    ", "    aaa::PROVIDER,");
    assert!(
        with.contains("    _360learning::PROVIDER,\n    aaa::PROVIDER,\n    ably::PROVIDER,\n")
    );
    let with = with_line(table, "    ", "    _1up::PROVIDER,");
    assert!(with.contains("&[\n    _1up::PROVIDER,\n    _360learning::PROVIDER,\n"));
    assert_eq!(module("1-up"), "_1_up");
    let samples = include_str!("../../../samples.rs");
    let with = with_line(
        samples,
        "    (\"",
        "    (\"zzz\", include_str!(\"samples/zzz.json\")),",
    );
    assert!(with.contains("samples/zoom.json\")),\n    (\"zzz\", "));
    assert_eq!(with.lines().count(), samples.lines().count() + 1);
}

#[test]
fn a_captured_delivery_becomes_scheme_sample_and_vector_and_nothing_is_written_over() {
    let folder = std::env::temp_dir().join(format!("landfall-new-{}", std::process::id()));
    let project = folder.join("project");
    for part in [
        "shared/catalogue/src/providers",
        "cli/src/samples",
        "tests/vectors",
    ] {
        fs::create_dir_all(project.join(part)).unwrap();
    }
    for (file, text) in [
        (
            "shared/catalogue/src/providers/mod.rs",
            "mod ably;\nmod zoom;\n",
        ),
        (
            "shared/catalogue/src/providers/table.rs",
            "    ably::PROVIDER,\n    zoom::PROVIDER,\n",
        ),
        (
            "cli/src/samples.rs",
            "    (\"ably\", include_str!(\"samples/ably.json\")),\n",
        ),
    ] {
        fs::write(project.join(file), text).unwrap();
    }
    let capture = folder.join("delivery.http");
    // HMAC-SHA256 with Python's hmac over `1767225600.{"id":"e1","type":"a"}`.
    let request = "POST /hook HTTP/1.1\nHost: example.com\nX-Acme-Time: 1767225600\nX-Acme-Signature: \
                   v1=a4bf4f54c4ec20fce17d3ec8861b59423f7d830ec4d164c717223f64fb0e2842\n\n{\"id\":\"e1\",\"type\":\"a\"}";
    fs::write(&capture, request).unwrap();
    let secret = folder.join("secret.txt");
    fs::write(&secret, "s3cr3t-of-the-endpoint\n").unwrap();
    let given = GivenNewProvider {
        from_capture: Some(capture),
        secret_file: Some(secret),
        now: Some(1_767_225_600),
        header: None,
        split: None,
        prefix: None,
        timestamp_header: None,
        into: project.clone(),
        ..given()
    };
    run(&given).unwrap();
    let read = |file: &str| fs::read_to_string(project.join(file)).unwrap();
    let entry = read("shared/catalogue/src/providers/acme.rs");
    for part in [
        "signature: Field::header(\"X-Acme-Signature\").after(&[\"v1=\"])",
        "message: Template::new(\"{timestamp}.{body}\")",
        "field: Field::header(\"X-Acme-Time\")",
    ] {
        assert!(entry.contains(part), "{part} in\n{entry}");
    }
    assert_eq!(
        read("shared/catalogue/src/providers/mod.rs"),
        "mod ably;\nmod acme;\nmod zoom;\n"
    );
    assert!(read("cli/src/samples.rs").contains("samples/acme.json"));
    let vectors: Value = serde_json::from_str(&read("tests/vectors/acme.json")).unwrap();
    assert_eq!(vectors[0]["expect"], "valid");
    assert_eq!(vectors[0]["now_unix"], 1_767_225_600);
    let sample: Value = serde_json::from_str(&read("cli/src/samples/acme.json")).unwrap();
    assert_eq!(sample["body"]["id"], "e1");
    let again = run(&given).err().unwrap().to_string();
    assert!(again.contains("is there already"), "{again}");
    fs::remove_dir_all(folder).unwrap();
}
