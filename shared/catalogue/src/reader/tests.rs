#![allow(clippy::unwrap_used, clippy::expect_used)]

mod handshakes;
mod keys;
mod schemes;
mod settings;

use proptest::prelude::*;

use crate::{
    Algorithm, Batch, Encoding, Enrolment, Environment, Field, KeyForm, Piece, Place, Provider,
    Source, Sources, Subscription, Template, Tolerance, Unit,
};

use super::{Fault, read};

fn good(text: &str) -> Sources {
    read(text, Environment::Local).unwrap()
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
[acme]
[acme.scheme]
algorithm = \"hmac-sha256\"
key = \"text\"
signature = { header = \"X-Sig\" }
encoding = \"hex\"
message = \"{body}\"
";

/// The scheme above with one of its lines written otherwise.
fn acme(key: &str, line: &str) -> String {
    let lines = ACME
        .lines()
        .map(|old| if old.starts_with(key) { line } else { old });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_provider_of_the_catalogue_brings_everything() {
    let source = one("[payments]\nprovider = \"stripe\"\n");
    let stripe = Provider::named("stripe").unwrap();
    assert_eq!(source.name.as_str(), "payments");
    assert_eq!(source.provider, Some(stripe));
    assert_eq!(source.schemes, stripe.schemes);
    assert_eq!(source.event_id, stripe.event_id);
    assert_eq!(source.refusal_status, 400);
    assert_eq!(source.max_body_bytes, crate::source::MAX_BODY_BYTES);
    assert_eq!(source.retention_days, crate::source::RETENTION_DAYS);
    assert_eq!(source.tries, None);
    assert!(source.source_ips.is_empty());
}

#[test]
fn every_setting_of_a_source_is_read() {
    let source = one(r#"
[shop]
provider = "shopify"
event_id = "{header:X-Shopify-Event-Id}"
event_type = "{header:X-Shopify-Topic}"
reference = { order_id = "{json:id}" }
headers = ["X-Own"]
source_ips = ["203.0.113.7", "2001:db8::/32", "::ffff:198.51.100.1"]
max_body_bytes = 1_000
retry_hours = 48
retention_days = 23
refusal_status = 401
tries = 3
secret = "landfall/shop"
"#);
    assert_eq!(
        source.event_id.unwrap().text(),
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
    assert_eq!(source.refusal_status, 401);
    assert_eq!(source.tries, Some(3));
    assert_eq!(source.secret, Some("landfall/shop"));
}

#[test]
fn a_scheme_of_ones_own_is_read_whole() {
    let source = one(r#"
[acme.scheme]
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
    assert_eq!(source.event_id, None);
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
        let source = one(&acme(
            "signature",
            &format!("signature = {{ {place} = \"a.b\" }}"),
        ));
        assert_eq!(source.schemes[0].signature.place, expected);
        assert_eq!(source.schemes[0].signature.prefixes, [""]);
    }
}

#[test]
fn single_parameters_of_a_providers_scheme_can_differ() {
    let formify = Provider::named("formify").unwrap();
    let source =
        one("[formify]\nprovider = \"formify\"\n[formify.scheme]\nencoding = \"base64\"\n");
    assert_eq!(source.schemes[0].encoding, Encoding::Base64);
    assert_eq!(source.schemes[0].timestamp, formify.schemes[0].timestamp);
    assert_eq!(source.schemes[0].message, formify.schemes[0].message);

    // A time that isn't signed proves nothing, so it is not checked either.
    let source = one("[formify]\nprovider = \"formify\"\n[formify.scheme]\nmessage = \"{body}\"\n");
    assert_eq!(source.schemes[0].timestamp, None);
}

#[test]
fn a_tolerance_changes_the_sides_that_are_checked_and_no_other() {
    let tolerance = |text: &str| one(text).schemes[0].timestamp.unwrap().tolerance;
    let stripe = |line: &str| tolerance(&format!("[s]\nprovider = \"stripe\"\n{line}\n"));
    assert_eq!(stripe("tolerance = 600"), Tolerance::past(600));
    assert_eq!(stripe("tolerance = 0"), Tolerance::past(0));
    assert_eq!(
        stripe("tolerance = { future = 60 }"),
        Tolerance {
            past: Some(300),
            future: Some(60)
        }
    );
    let slack = tolerance("[s]\nprovider = \"slack\"\ntolerance = 600\n");
    assert_eq!(slack, Tolerance::both(600));
    let standard = one("[s]\nprovider = \"standard-webhooks\"\ntolerance = 7\n");
    for scheme in standard.schemes {
        assert_eq!(scheme.timestamp.unwrap().tolerance, Tolerance::both(7));
    }
}

#[test]
fn an_environment_may_differ_in_every_setting() {
    let file = r#"
[orum]
provider = "orum"
tries = 5
source_ips = ["203.0.113.1"]

[orum.live]
source_ips = ["203.0.113.2", "203.0.113.3"]
refusal_status = 404

[acme.scheme]
algorithm = "hmac-sha256"
key = "text"
signature = { header = "X-Sig" }
encoding = "hex"
message = "{body}"

[acme.test.scheme]
encoding = "base64"
"#;
    let local = read(file, Environment::Local).unwrap();
    let test = read(file, Environment::Test).unwrap();
    let live = read(file, Environment::Live).unwrap();
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
    let text = "[drill]\nprovider = \"github\"\nenvironments = [\"local\", \"test\"]\n";
    assert!(
        read(text, Environment::Test)
            .unwrap()
            .get("drill")
            .is_some()
    );
    assert!(
        read(text, Environment::Live)
            .unwrap()
            .get("drill")
            .is_none()
    );
}

#[test]
fn an_empty_file_has_no_sources() {
    assert_eq!(good("").iter().count(), 0);
}

#[test]
fn every_fault_is_named_at_once_and_by_line() {
    let found = faults(
        "[payments]\nprovder = \"stripe\"\nrefusal_status = 500\n\n[Shop]\nprovider = \"shopyfi\"\n\n\
         [acme]\ncolour = 1\n[acme.scheme]\nalgorithm = \"md5\"\n",
    );
    let lines: Vec<_> = found.iter().map(|fault| fault.line).collect();
    assert_eq!(lines, [2, 3, 5, 6, 9, 10, 10, 10, 10, 11], "{found:#?}");
    assert_eq!(
        found[0].to_string(),
        "line 2: unknown key `provder`; did you mean `provider`?"
    );
    assert_eq!(found[3].mend, "did you mean `shopify`?");
}

#[test]
fn a_fault_of_another_environment_is_a_fault_too() {
    fault(
        "[orum]\nprovider = \"orum\"\n[orum.live]\nsource_ip = [\"203.0.113.1\"]\n",
        4,
        "unknown key `source_ip`",
        "`source_ips`",
    );
}

#[test]
fn keys_and_words_that_are_unknown_are_faults() {
    fault(
        "[a]\nprovider = \"stripe\"\ncolour = 1\n",
        3,
        "unknown key `colour`",
        "the keys here are",
    );
    fault(
        "[a]\nprovider = \"strip\"\n",
        2,
        "no provider is called `strip`",
        "`stripe`",
    );
    fault(
        "[a]\nprovider = \"quux\"\n",
        2,
        "no provider",
        "landfall providers",
    );
    fault(
        "[a]\nprovider = \"stripe\"\nenvironments = [\"prod\"]\n",
        3,
        "`prod`",
        "local, test and live",
    );
    fault(
        "[a]\nprovider = \"stripe\"\n[a.production]\ntries = 1\n",
        3,
        "unknown key",
        "the keys here are",
    );
    fault(
        &acme("algorithm", "algorithm = \"hmac-sha-256\""),
        3,
        "`hmac-sha-256`",
        "`hmac-sha256`",
    );
    fault(
        &acme("encoding", "encoding = \"rot13\""),
        6,
        "`rot13`",
        "hex, base64, base64url, text and jws",
    );
    fault(&acme("key", "key = \"txt\""), 4, "`txt`", "`text`");
    fault(
        &acme("key", "key = { form = \"text\", prefix = \"a\" }"),
        4,
        "have a `prefix`",
        "leave it out",
    );
    fault(
        &acme("key", "key = { prefix = \"a\" }"),
        4,
        "no `form`",
        "form = ",
    );
    fault(
        &acme("message", "message = \"{body}\"\nnonce = 1"),
        8,
        "unknown key `nonce`",
        "algorithm",
    );
}

#[test]
fn a_name_that_fits_no_url_is_a_fault() {
    fault(
        "[Orum]\nprovider = \"orum\"\n",
        1,
        "`Orum` can't be the name",
        "lower-case",
    );
    fault(
        "[\"\"]\nprovider = \"orum\"\n",
        1,
        "can't be the name",
        "lower-case",
    );
    fault(
        "\n[\"a#b\"]\nprovider = \"orum\"\n",
        2,
        "`a#b`",
        "lower-case",
    );
}

#[test]
fn a_setting_outside_of_a_source_is_a_fault() {
    fault(
        "provider = \"stripe\"\n",
        1,
        "outside of a source",
        "[stripe]",
    );
    fault(
        "[[a]]\nprovider = \"stripe\"\n",
        1,
        "outside of a source",
        "[stripe]",
    );
}

#[test]
fn nothing_fails_open() {
    fault("[a]\n", 1, "no `provider` and no scheme", "provider = ");
    fault(
        "\n[a]\nevent_id = \"{json:id}\"\n",
        2,
        "no `provider` and no scheme",
        "[name.scheme]",
    );
    fault(
        "[a]\nprovider = \"\"\n",
        2,
        "`provider` is empty",
        "write a value",
    );
    fault(
        "[a]\nprovider = \"orum\"\nsource_ips = []\n",
        3,
        "empty list",
        "leave the key out",
    );
    fault(
        "[a]\nprovider = \"orum\"\nenvironments = []\n",
        3,
        "empty list",
        "leave the key out",
    );
    fault(
        "[a]\nprovider = \"orum\"\nsecret = \"\"\n",
        3,
        "`secret` is empty",
        "leave the key out",
    );
    fault(
        &acme("message", "message = \"v1:{timestamp}\""),
        7,
        "the body is not signed",
        "body_unsigned = true",
    );
    fault(
        &acme(
            "message",
            "message = \"{timestamp}{body}\"\ntimestamp = { header = \"T\", unit = \"s\" }",
        ),
        2,
        "no `tolerance`",
        "tolerance = 300",
    );
    fault(
        &acme(
            "message",
            "message = \"{timestamp}{body}\"\ntimestamp = { header = \"T\", unit = \"s\" }\n\
             tolerance = { future = 1 }",
        ),
        2,
        "leaves the past unchecked",
        "past = 300",
    );
    fault(
        "[a]\nprovider = \"slack\"\ntolerance = {}\n",
        3,
        "names no side",
        "past = 300",
    );
}

#[test]
fn a_scheme_lacks_nothing() {
    for (line, key) in [
        (3, "algorithm"),
        (4, "key"),
        (5, "signature"),
        (6, "encoding"),
        (7, "message"),
    ] {
        let text = acme(key, "");
        fault(&text, 2, &format!("no `{key}`"), &format!("{key} = "));
        let _ = line;
    }
    let text = acme(
        "message",
        "message = \"{timestamp}{body}\"\ntimestamp = { header = \"T\" }",
    );
    fault(&text, 8, "no `unit`", "\"ms\"");
    fault(
        &acme("signature", "signature = { prefix = \"a\" }"),
        5,
        "stands in 0 places",
        "header",
    );
    let text = acme("signature", "signature = { header = \"a\", json = \"b\" }");
    fault(&text, 5, "stands in 2 places", "name one");
}

#[test]
fn parameters_of_a_scheme_agree() {
    fault(&acme("key", "key = \"public\""), 2, "does not fit", "agree");
    fault(
        &acme("message", "message = \"{timestamp}{body}\""),
        2,
        "names no timestamp",
        "agree",
    );
    let text = acme(
        "message",
        "message = \"{body}\"\ntimestamp = { header = \"T\", unit = \"s\" }\ntolerance = 5",
    );
    fault(&text, 2, "unsigned", "agree");
    fault(
        "[a]\nprovider = \"github\"\ntolerance = 5\n",
        3,
        "no timestamp",
        "leave it out",
    );
    fault(
        &format!("{ACME}tolerance = 5\n"),
        8,
        "no timestamp",
        "leave it out",
    );
}

#[test]
fn templates_are_well_formed_and_name_the_event() {
    let id = |template: &str| format!("[a]\nprovider = \"stripe\"\nevent_id = \"{template}\"\n");
    fault(&id("{jsn:id}"), 3, "no placeholder", "{json:id}");
    fault(&id("{json:id"), 3, "no placeholder", "{json:id}");
    fault(&id("event"), 3, "the same for every event", "{json:id}");
    fault(&id("{body}"), 3, "no single value", "{json:PATH}");
    fault(&id("{header:X Id}"), 3, "no header name", "letters");
    fault(
        &acme("message", "message = \"{bdy}\""),
        7,
        "no placeholder",
        "{timestamp}.{body}",
    );
    fault(
        &acme("signature", "signature = { header = \"a||b\" }"),
        5,
        "empty name",
        "one `|`",
    );
    fault(
        &acme("signature", "signature = { header = \"a b\" }"),
        5,
        "no header name",
        "letters",
    );
    fault(
        &acme(
            "signature",
            "signature = { header = \"a\", split = \", \" }",
        ),
        5,
        "one character",
        "\",\"",
    );
    fault(
        &acme("signature", "signature = { header = \"a\", prefix = [] }"),
        5,
        "empty list",
        "leave",
    );
}

#[test]
fn values_are_of_their_kind_and_range() {
    let stripe = |line: &str| format!("[a]\nprovider = \"stripe\"\n{line}\n");
    for (line, mend) in [
        ("refusal_status = 200", "refusal_status = 400"),
        ("refusal_status = \"401\"", "refusal_status = 400"),
        ("max_body_bytes = 0", "max_body_bytes = 1"),
        ("max_body_bytes = 4194305", "max_body_bytes = 1"),
        (
            "max_body_bytes = 99999999999999999999",
            "max_body_bytes = 1",
        ),
        ("tries = 0", "tries = 1"),
        ("tries = 2.5", "tries = 1"),
        ("tolerance = -1", "tolerance = 1"),
        ("tolerance = { past = -1 }", "past = 1"),
        ("tolerance = \"5\"", "tolerance = 300"),
        ("event_id = 1", "event_id = \"…\""),
        ("headers = \"X-A\"", "headers = [\"…\"]"),
        ("headers = [\"X:A\"]", "letters"),
        ("headers = [1]", "headers = \"…\""),
        ("secret = 5", "secret = \"…\""),
        ("reference = \"{json:id}\"", "order_id"),
        (
            "reference = { a = \"{json:id}\", b = \"{json:id}\" }",
            "order_id",
        ),
        ("reference = { Id = \"{json:id}\" }", "lower-case"),
        ("scheme = 1", "[name.scheme]"),
        ("live = 1", "[name.live]"),
        ("source_ips = [\"203.0.113.256\"]", "203.0.113.7"),
        ("source_ips = [\"203.0.113.7/33\"]", "203.0.113.7"),
        ("source_ips = [\"203.0.113.7/24\"]", "203.0.113.0/24"),
    ] {
        fault(&stripe(line), 3, "", mend);
    }
}

#[test]
fn every_item_of_a_list_is_checked() {
    let found = faults(
        "[a]\nprovider = \"orum\"\nsource_ips = [\n  \"x\",\n  \"203.0.113.7\",\n  \"y\",\n]\n",
    );
    let lines: Vec<_> = found.iter().map(|fault| fault.line).collect();
    assert_eq!(lines, [4, 6]);
}

#[test]
fn the_ledger_remembers_longer_than_anyone_sends() {
    let text = |days: u16| format!("[a]\nprovider = \"stripe\"\nretention_days = {days}\n");
    fault(
        &text(23),
        3,
        "`retention_days` is too short",
        "at least retention_days = 24",
    );
    assert_eq!(one(&text(24)).retention_days, 24);
    let source = one("[a]\nprovider = \"stripe\"\nretry_hours = 240\n");
    assert_eq!(source.retention_days, 31);
    fault(
        &format!("{ACME}[acme.test]\nretention_days = 23\n"),
        9,
        "too short",
        "24",
    );
}

#[test]
fn a_table_of_an_environment_that_the_source_lacks_is_a_fault() {
    fault(
        "[a]\nprovider = \"orum\"\nenvironments = [\"test\"]\n[a.live]\ntries = 1\n",
        4,
        "not configured in the environment `live`",
        "add \"live\"",
    );
}

#[test]
fn a_line_that_cant_be_read_is_named_and_the_others_are_still_checked() {
    fault("[a]\nprovider = stripe\n", 2, "", "key = \"text\"");
    fault(
        "[a]\nprovider = \"stripe\"\nprovider = \"stripe\"\n",
        3,
        "duplicate key",
        "keep one",
    );
    fault(
        "[a]\nprovider = \"stripe\"\n[a]\ntries = 1\n",
        3,
        "duplicate key",
        "keep one",
    );
    fault("[a\nprovider = \"stripe\"\n", 1, "", "brackets");
    let found = faults("[a]\nprovider = \"stripe\n[b]\nprovider = \"strip\"\n");
    let lines: Vec<_> = found.iter().map(|fault| fault.line).collect();
    assert_eq!(lines, [2, 4], "{found:#?}");
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused_and_never_panicked_on(text in ".{0,200}") {
        let _ = read(&text, Environment::Local);
    }

    #[test]
    fn any_arrangement_of_known_words_is_read_or_refused(
        words in prop::collection::vec(prop::sample::select(vec![
            "[", "]", "{", "}", "=", ",", "\n", "\"", ".", "#", "'", "a", "live", "scheme", "provider",
            "\"stripe\"", "key", "message", "\"{body}\"", "tolerance", "source_ips", "\"1.2.3.4/8\"",
            "past", "-1", "99999999999", "0x7", "1.5", "true", "\"\\u0000é{\"", "event_id", "é", "\r",
        ]), 0..40)
    ) {
        let text = words.concat();
        if let Err(faults) = read(&text, Environment::Live) {
            prop_assert!(!faults.is_empty());
            let lines = 1 + text.matches('\n').count();
            prop_assert!(faults.iter().all(|fault| (1..=lines).contains(&fault.line)));
        }
    }

    #[test]
    fn a_shipped_file_with_a_piece_missing_is_read_or_refused(from in 0usize..6000, length in 0usize..200) {
        let text: String = include_str!("../../../../infra/sources.toml")
            .chars()
            .enumerate()
            .filter(|(at, _)| !(from..from + length).contains(at))
            .map(|(_, c)| c)
            .collect();
        let _ = read(&text, Environment::Test);
    }
}

/// The scheme above with this line in front of it.
fn acme_with(line: &str) -> String {
    ACME.replacen("[acme]\n", &format!("[acme]\n{line}\n"), 1)
}

#[test]
fn a_source_says_how_its_provider_hands_over_the_secret() {
    for (line, enrolment) in [
        (
            "enrolment = { header = \"X-Hook-Secret\" }",
            Enrolment::Echoed {
                header: "X-Hook-Secret",
            },
        ),
        (
            "enrolment = { json = \"verification_token\", prefix = \"secret_\" }",
            Enrolment::Entered {
                field: "verification_token",
                prefix: "secret_",
            },
        ),
    ] {
        assert_eq!(one(&acme_with(line)).enrolment, Some(enrolment));
    }
    assert_eq!(one(ACME).enrolment, None);
    for table in [
        "{}",
        "{ json = \"a\" }",
        "{ prefix = \"a\" }",
        "{ header = \"A\", prefix = \"a\" }",
        "{ header = \"A\", json = \"a\", prefix = \"a\" }",
    ] {
        let text = acme_with(&format!("enrolment = {table}"));
        fault(&text, 2, "neither a header nor", "enrolment = {");
    }
    let text = acme_with("enrolment = { header = \"X Y\" }");
    fault(&text, 2, "`X Y` is no header name", "letters");
}

#[test]
fn a_source_says_how_its_provider_asks_whether_it_may_send() {
    let table = |hosts: &str| {
        acme_with(&format!(
            "subscription = {{ json = \"Type\", value = \"Confirm\", url = \"Url\", hosts = {hosts} }}"
        ))
    };
    assert_eq!(
        one(&table("[\"a.{region}.example.com\"]")).subscription,
        Some(Subscription {
            kind: ("Type", "Confirm"),
            url: "Url",
            hosts: &["a.{region}.example.com"],
        })
    );
    for host in [
        "*.a.com",
        "{region}.com",
        "a.{region}",
        "a.{region}.com",
        "com",
        "{a}.a.com",
        "a..com",
        "A.com",
        "a.com:443",
        "u@a.com",
        "a.c*m",
    ] {
        let text = table(&format!("[\"{host}\"]"));
        fault(&text, 2, "no host that may be called", "lower case");
    }
    let text = acme_with("subscription = { json = \"Type\" }");
    fault(&text, 2, "needs `json`, `value`", "hosts");
}

#[test]
fn a_source_says_how_its_deliveries_are_taken_apart() {
    let batch = |line: &str| one(&format!("[acme]\n{line}\n{}", &ACME[7..])).batch;
    assert_eq!(batch("tries = 1"), None);
    assert_eq!(
        batch(
            r#"batch = { items = "data.events", item_id = "{json:id}-{json:n}", item_type = "{json:type}" }"#
        ),
        Some(Batch {
            items: "data.events",
            item_id: Some(Template::new("{json:id}-{json:n}")),
            item_type: Some(Template::new("{json:type}")),
        })
    );
    assert_eq!(
        batch(r#"batch = { items = "" }"#),
        Some(Batch {
            items: "",
            item_id: None,
            item_type: None,
        })
    );
}

#[test]
fn a_batch_that_could_not_be_taken_apart_is_a_fault() {
    for (line, wrong, mend) in [
        (r"batch = true", "not a table", "items = \"events\""),
        (r"batch = {}", "has no `items`", "items = \"\""),
        (r#"batch = { items = "a..b" }"#, "no path", "data.events"),
        (r#"batch = { items = "a|b" }"#, "no path", "data.events"),
        (r"batch = { items = 1 }", "not a text", "items = \"…\""),
        (r#"batch = { item = "a" }"#, "unknown key `item`", "items"),
        (
            r#"batch = { items = "a", item_id = "{header:X-Id}" }"#,
            "more than an item has",
            "{json:PATH}",
        ),
        (
            r#"batch = { items = "a", item_id = "{form:id}" }"#,
            "more than an item has",
            "{json:PATH}",
        ),
        (
            r#"batch = { items = "a", item_id = "one" }"#,
            "same for every event",
            "{json:id}",
        ),
        (
            r#"batch = { items = "a", item_type = "{body}" }"#,
            "more than an item has",
            "{json:PATH}",
        ),
        (
            r#"batch = { items = "a", item_type = "" }"#,
            "is empty",
            "leave the key out",
        ),
    ] {
        fault(&format!("[acme]\n{line}\n{}", &ACME[7..]), 2, wrong, mend);
    }
}
