//! What happens before a provider's first event, but for handshakes.

use super::*;
use crate::{Enrolment, Subscription};

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
        assert_eq!(one(&acme_with(line)).enrolment, Some(&enrolment));
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
        Some(&Subscription {
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
