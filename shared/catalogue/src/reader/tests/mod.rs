#![allow(clippy::unwrap_used, clippy::expect_used)]

mod any_text;
mod bundles;
mod destinations;
mod encrypted;
mod enrolment;
mod faults;
mod handshakes;
mod identity;
mod keys;
mod plain;
mod routes;
mod schemes;
mod settings;
mod templates;
mod urls;
mod versions;

use std::{fs::OpenOptions, io::Write as _, time::Duration};

use crate::{
    Algorithm, Configuration, Encoding, Environment, Field, Identity, KeyForm, Piece, Place,
    Provider, Source, Sources, Tolerance, Unit,
};

use super::{
    Fault,
    shape::{Json, object},
};

/// Reads the text as everybody does. Where `LANDFALL_READER_CASES` names a file, what comes of it is noted there, a line
/// of JSON for each text: `tests/stack/test_schema.py` holds the JSON Schema against all of them.
fn read(text: &str, environment: Environment) -> Result<Configuration, Vec<Fault>> {
    let found = super::read(text, environment);
    #[expect(
        clippy::disallowed_methods,
        reason = "a test has nobody to hand it the environment"
    )]
    if let Ok(cases) = std::env::var("LANDFALL_READER_CASES") {
        let faults = found.as_ref().err().into_iter().flatten();
        let faults = faults.map(|fault| Json::text(&fault.fault)).collect();
        let case = object([("text", Json::text(text)), ("faults", Json::List(faults))]);
        let mut line = String::new();
        case.write_line(&mut line);
        let mut file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(cases)
            .unwrap();
        // In one go: tests run at the same time.
        file.write_all(line.as_bytes()).unwrap();
    }
    found
}

fn good(text: &str) -> Sources {
    read(text, Environment::Local).unwrap().sources
}

fn one(text: &str) -> Source {
    good(text).iter().next().unwrap().clone()
}

fn faults(text: &str) -> Vec<Fault> {
    read(text, Environment::Local).unwrap_err()
}

/// The text has exactly one fault, on this line, with these words in what is wrong and in the mend.
#[track_caller]
fn fault(text: &str, line: usize, wrong: &str, mend: &str) {
    let found = faults(text);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!(found[0].line, line, "{found:#?}");
    assert!(found[0].fault.contains(wrong), "{found:#?}");
    assert!(found[0].mend.contains(mend), "{found:#?}");
}

const ACME: &str = "\
[sources.acme]
[sources.acme.scheme]
algorithm = \"hmac-sha256\"
key = \"text\"
signature = { header = \"X-Sig\" }
encoding = \"hex\"
message = \"{body}\"
";

/// The scheme above with the line of this key written so.
fn acme(line: &str) -> String {
    let key = line.split(' ').next().unwrap();
    let lines = ACME
        .lines()
        .map(|old| if old.starts_with(key) { line } else { old });
    lines.collect::<Vec<_>>().join("\n")
}

/// The scheme above with this line in front of it.
fn acme_with(line: &str) -> String {
    ACME.replacen("[sources.acme]\n", &format!("[sources.acme]\n{line}\n"), 1)
}

/// A source of this provider with these lines, from the third on.
fn source_of(provider: &str, lines: &str) -> String {
    format!("[sources.a]\nprovider = \"{provider}\"\n{lines}\n")
}

#[test]
fn a_provider_of_the_catalogue_brings_everything() {
    let source = one("[sources.payments]\nprovider = \"stripe\"\n");
    let stripe = Provider::named("stripe").unwrap();
    assert_eq!(source.name.as_str(), "payments");
    assert_eq!(source.provider, Some(stripe));
    assert_eq!(source.schemes, stripe.schemes);
    assert_eq!(source.identity, stripe.identity);
    assert_eq!(source.refusal_status, 400);
    assert_eq!(source.max_body_bytes, crate::size::MAX_BODY_BYTES);
    assert_eq!(source.retention_days, crate::source::RETENTION_DAYS);
    assert_eq!(source.tries, None);
    assert!(source.source_ips.is_empty());
}

#[test]
fn a_body_is_as_large_as_the_provider_says_unless_the_source_does() {
    let most = |text: &str| one(text).max_body_bytes;
    for provider in ["twilio", "stripe"] {
        let source = format!("[sources.a]\nprovider = \"{provider}\"\n");
        let theirs = Provider::named(provider).unwrap().max_body.bytes;
        assert_eq!(most(&source), theirs);
        let raised = format!("{source}max_body_bytes = 5_000_000\n");
        assert_eq!(most(&raised), 5_000_000);
    }
}

#[test]
fn every_setting_of_a_source_is_read() {
    let source = one(r#"
[sources.shop]
provider = "shopify"
event_id = "{header:X-Shopify-Event-Id}"
event_type = "{header:X-Shopify-Topic}"
reference = { order_id = "{json:id}" }
headers = ["X-Own"]
source_ips = ["203.0.113.7", "2001:db8::/32", "::ffff:198.51.100.1"]
max_body_bytes = 1_000
retry_hours = 48
retention_days = 23
speaks_every = "6h"
refusal_status = 401
tries = 3
secret = "landfall/shop"
"#);
    assert_eq!(
        source.identity.id.unwrap().text(),
        "{header:X-Shopify-Event-Id}"
    );
    assert_eq!(source.reference.unwrap().0, "order_id");
    assert!(source.headers.contains(&"X-Own") && source.headers.contains(&"X-Shopify-Shop-Domain"));
    for (address, allowed) in [
        ("203.0.113.7", true),
        ("203.0.113.8", false),
        ("2001:db8::1", true),
        ("198.51.100.1", true),
    ] {
        assert_eq!(source.allows(address.parse().ok()), allowed, "{address}");
    }
    assert!(!source.allows(None));
    assert_eq!(source.max_body_bytes, 1_000);
    assert_eq!(source.retention_days, 23);
    assert_eq!(source.speaks_every, Some(Duration::from_hours(6)));
    assert_eq!(source.refusal_status, 401);
    assert_eq!(source.tries, Some(3));
    assert_eq!(source.secret, Some("landfall/shop"));
}

#[test]
fn a_scheme_of_ones_own_is_read_whole() {
    let source = one(r#"
[sources.acme.scheme]
algorithm = "hmac-sha512"
key = { form = "base64", prefix = "sec_" }
signature = { header = "X-Sig|X-Old-Sig", split = ",", prefix = ["v2=", "v1="] }
encoding = "base64url"
message = "{timestamp}.{body}"
timestamp = { header = "X-Sig", split = ",", prefix = "t=", unit = "ms" }
tolerance = { past = 60, future = 0 }
"#);
    let [scheme] = source.schemes else {
        panic!("{source:#?}")
    };
    assert_eq!(source.identity, Identity::EVERY_DELIVERY);
    assert_eq!(scheme.algorithm, Algorithm::HmacSha512);
    assert_eq!(scheme.key, KeyForm::Base64 { prefix: "sec_" });
    let field = Field::header("X-Sig|X-Old-Sig")
        .split(',')
        .after(&["v2=", "v1="]);
    assert_eq!(scheme.signature, field);
    assert_eq!(scheme.encoding, Encoding::Base64Url);
    assert!(scheme.message.contains(Piece::Timestamp));
    let timestamp = scheme.timestamp.unwrap();
    assert_eq!(timestamp.unit, Unit::Millis);
    assert_eq!(
        timestamp.field,
        Field::header("X-Sig").split(',').after(&["t="])
    );
    assert_eq!(
        timestamp.tolerance,
        Tolerance {
            past: Some(60),
            future: Some(0)
        }
    );
}

#[test]
fn a_signature_may_stand_in_the_body_or_the_query() {
    for (place, expected) in [
        ("json", Place::Json("a.b")),
        ("form", Place::Form("a.b")),
        ("query", Place::Query("a.b")),
    ] {
        let source = one(&acme(&format!("signature = {{ {place} = \"a.b\" }}")));
        assert_eq!(source.schemes[0].signature.place, expected);
        assert_eq!(source.schemes[0].signature.prefixes, [""]);
    }
}

#[test]
fn single_parameters_of_a_providers_scheme_can_differ() {
    let formify = Provider::named("formify").unwrap();
    let source = one(
        "[sources.formify]\nprovider = \"formify\"\n[sources.formify.scheme]\nencoding = \"base64\"\n",
    );
    assert_eq!(source.schemes[0].encoding, Encoding::Base64);
    assert_eq!(source.schemes[0].timestamp, formify.schemes[0].timestamp);
    assert_eq!(source.schemes[0].message, formify.schemes[0].message);

    // A time that isn't signed proves nothing, so it is not checked either.
    let source = one(
        "[sources.formify]\nprovider = \"formify\"\n[sources.formify.scheme]\nmessage = \"{body}\"\n",
    );
    assert_eq!(source.schemes[0].timestamp, None);
}

#[test]
fn a_tolerance_changes_the_sides_that_are_checked_and_no_other() {
    let tolerance = |text: &str| one(text).schemes[0].timestamp.unwrap().tolerance;
    let stripe = |line: &str| tolerance(&source_of("stripe", line));
    assert_eq!(stripe("tolerance = 600"), Tolerance::past(600));
    assert_eq!(stripe("tolerance = 0"), Tolerance::past(0));
    assert_eq!(
        stripe("tolerance = { future = 60 }"),
        Tolerance {
            past: Some(300),
            future: Some(60)
        }
    );
    let slack = tolerance(&source_of("slack", "tolerance = 600"));
    assert_eq!(slack, Tolerance::both(600));
    let standard = one(&source_of("standard-webhooks", "tolerance = 7"));
    for scheme in standard.schemes {
        assert_eq!(scheme.timestamp.unwrap().tolerance, Tolerance::both(7));
    }
}

#[test]
fn an_environment_may_differ_in_every_setting() {
    let file = r#"
[sources.orum]
provider = "orum"
tries = 5
source_ips = ["203.0.113.1"]

[sources.orum.live]
source_ips = ["203.0.113.2", "203.0.113.3"]
refusal_status = 404

[sources.acme.scheme]
algorithm = "hmac-sha256"
key = "text"
signature = { header = "X-Sig" }
encoding = "hex"
message = "{body}"

[sources.acme.test.scheme]
encoding = "base64"
"#;
    let local = read(file, Environment::Local).unwrap().sources;
    let test = read(file, Environment::Test).unwrap().sources;
    let live = read(file, Environment::Live).unwrap().sources;
    assert_eq!(local.get("orum").unwrap().source_ips.len(), 1);
    assert_eq!(live.get("orum").unwrap().source_ips.len(), 2);
    assert_eq!(live.get("orum").unwrap().refusal_status, 404);
    assert_eq!(live.get("orum").unwrap().tries, Some(5));
    assert_eq!(test.get("orum").unwrap().refusal_status, 400);
    assert_eq!(
        test.get("acme").unwrap().schemes[0].encoding,
        Encoding::Base64
    );
    assert_eq!(live.get("acme").unwrap().schemes[0].encoding, Encoding::Hex);
}

#[test]
fn a_source_stands_only_in_its_environments() {
    let text = "[sources.drill]\nprovider = \"github\"\nenvironments = [\"local\", \"test\"]\n";
    assert!(
        read(text, Environment::Test)
            .unwrap()
            .sources
            .get("drill")
            .is_some()
    );
    assert!(
        read(text, Environment::Live)
            .unwrap()
            .sources
            .get("drill")
            .is_none()
    );
}

#[test]
fn an_empty_file_has_no_sources() {
    assert_eq!(good("").iter().count(), 0);
}
