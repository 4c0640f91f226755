//! The request line: the URL that is signed, and the method.

use crate::{Method, UrlForm};

use super::{acme, acme_with, fault, one, source_of};

#[test]
fn a_source_says_by_which_methods_its_deliveries_come() {
    let with = |methods: &str| source_of("github", &format!("methods = {methods}"));
    let source = one(&with("[\"POST\", \"PUT\"]"));
    assert_eq!(source.methods, [Method::Post, Method::Put]);
    assert!(source.takes("PUT") && !source.takes("put") && !source.takes("GET"));
    assert_eq!(one(&source_of("github", "")).methods, [Method::Post]);
    fault(&with("[\"GET\"]"), 3, "can't be `GET`", "");
    fault(&with("[]"), 3, "is an empty list", "name what belongs");
}

#[test]
fn a_source_says_what_was_entered() {
    for url in [
        "https://hooks.example.com",
        "https://hooks.example.com/v1/x?b=2&a=1#rc=5",
    ] {
        let source = one(&source_of("twilio", &format!("entered_url = \"{url}\"")));
        assert_eq!(source.entered_url, Some(url));
    }
    assert_eq!(one(&source_of("twilio", "")).entered_url, None);
}

#[test]
fn what_can_not_have_been_entered_is_a_fault() {
    let entered = |url: &str| source_of("twilio", &format!("entered_url = \"{url}\""));
    fault(&entered("hooks.example.com"), 3, "is no URL", "https://");
    fault(
        &entered("https://u:p@a.example/x"),
        3,
        "is no URL",
        "https://",
    );
    fault(
        &entered("https://hooks.example.com/"),
        3,
        "with a slash behind them",
        "leave the slash out",
    );
}

#[test]
fn a_message_that_can_be_read_in_several_ways_is_a_fault() {
    for message in ["{url}{body}", "{header:X-Id}{body}", "{body}{query:q}"] {
        let line = format!("message = \"{message}\"");
        fault(
            &acme(&line),
            7,
            "nothing in the message tells",
            "body = \"json\"",
        );
        one(&acme(&format!("{line}\nbody = \"json\"")));
    }
}

#[test]
fn a_scheme_of_ones_own_names_the_forms_of_its_url() {
    let with = |forms: &str| {
        acme(&format!(
            "message = \"{{url}}{{body}}\"\nurl_forms = {forms}\nbody = \"json\""
        ))
    };
    let source = one(&with("[\"any-port\", { decoded = \":/\" }]"));
    assert_eq!(
        source.schemes[0].url_forms,
        [UrlForm::AnyPort, UrlForm::Decoded(":/")]
    );
    fault(
        &with("[\"any-prt\"]"),
        8,
        "can't be `any-prt`",
        "did you mean `any-port`",
    );
    fault(
        &with("[{ decoded = \"é\" }]"),
        8,
        "beyond printable ASCII",
        "name those",
    );
    let several = "[\"any-slash\", \"any-port\", \"query-encoded-anew\", \"encoded-again\"]";
    fault(&with(several), 2, "the URL would have 24 forms", "agree");
    fault(
        &acme("message = \"{body}\"\nurl_forms = [\"any-port\"]"),
        2,
        "the message has no URL in it",
        "agree",
    );
}

#[test]
fn the_forms_are_the_providers_as_long_as_the_url_is_in_the_message() {
    let own = |line: &str| one(&source_of("twilio", &format!("[sources.a.scheme]\n{line}")));
    let ways = [UrlForm::AnyPort, UrlForm::QueryEncodedAnew];
    assert_eq!(own("encoding = \"hex\"").schemes[0].url_forms, ways);
    assert_eq!(own("message = \"{body}\"").schemes[0].url_forms, []);
    assert_eq!(
        own("url_forms = [\"any-slash\"]").schemes[0].url_forms,
        [UrlForm::AnySlash]
    );
    assert_eq!(one(&acme_with("")).schemes[0].url_forms, []);
}
