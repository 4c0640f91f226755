//! What a source with a scheme of its own may say.

use super::*;
use crate::{Claims, Field, Payload, Scheme, Template};

/// The source with these lines as its scheme.
fn scheme(lines: &str) -> Scheme {
    let source = one(&format!("[sources.acme]\n[sources.acme.scheme]\n{lines}\n"));
    assert_eq!(source.schemes.len(), 1);
    source.schemes[0]
}

/// The scheme above, with these lines added.
fn with(lines: &str) -> String {
    format!("{ACME}{lines}\n")
}

const JWT: &str = "\
[sources.acme]
[sources.acme.scheme]
algorithm = \"ecdsa-p256-sha256-fixed\"
key = \"public\"
signature = { header = \"X-Token\" }
encoding = \"jws\"
";

const EQUAL: &[(&str, Template)] = &[
    ("aud", Template::new("{url}")),
    ("iss", Template::new("acme")),
];

#[test]
fn a_token_is_spelled_out_in_three_lines() {
    assert_eq!(
        scheme("algorithm = \"token\"\nsignature = { header = \"X-Token\" }\nbody_unsigned = true"),
        Scheme {
            signature: Field::header("X-Token"),
            ..Scheme::TOKEN
        }
    );
    assert_eq!(
        scheme(
            "algorithm = \"token\"\nsignature = { header = \"Authorization\", prefix = [\"Basic \", \"basic \"] }\n\
             encoding = \"base64\"\nbody_unsigned = true"
        ),
        Scheme::BASIC
    );
}

#[test]
fn a_provider_may_send_a_token_to_this_source() {
    let source = one(
        "[sources.a]\nprovider = \"slack\"\n[sources.a.scheme]\nalgorithm = \"token\"\nencoding = \"text\"\n\
         signature = { header = \"X-Token\" }\nbody_unsigned = true\n",
    );
    assert_eq!(
        source.schemes[0],
        Scheme {
            signature: Field::header("X-Token"),
            ..Scheme::TOKEN
        }
    );
}

#[test]
fn a_token_with_claims_is_spelled_out() {
    let source = one(&format!(
        "{JWT}claims = {{ body_digest = {{ claim = \"sha\", encoding = \"hex\" }}, issued = {{ past = 300, future = 60 }}, \
         expires = 30, required = [\"sub\"], url_digest = {{ claim = \"url\", encoding = \"base64\" }}, request_digest = \"qsh\", equal = {{ aud = \"{{url}}\", iss = \"acme\" }} }}\n"
    ));
    let expected = Scheme {
        algorithm: Algorithm::EcdsaP256Sha256Fixed,
        key: KeyForm::Public { prefix: "" },
        signature: Field::header("X-Token"),
        encoding: Encoding::Jws,
        message: Template::new("{jws}"),
        claims: Some(&Claims {
            body_digest: Some(("sha", Encoding::Hex)),
            url_digest: Some(("url", Encoding::Base64)),
            request_digest: Some("qsh"),
            issued: Some(Tolerance {
                past: Some(300),
                future: Some(60),
            }),
            expires: Some(30),
            required: &["sub"],
            equal: EQUAL,
        }),
        ..Scheme::PLAIN
    };
    assert_eq!(source.schemes, [expected]);
}

#[test]
fn a_body_may_be_a_token() {
    let text = |signature: &str, message: &str| {
        format!(
            "[sources.x]\nevent_id = \"{{jwt:event_id}}\"\nevent_type = \"{{jwt:type|kind}}\"\n[sources.x.scheme]\n\
             algorithm = \"rsa-pkcs1-sha256\"\nkey = \"public\"\nsignature = {{ jwt = \"{signature}\" }}\nencoding = \"jws\"\n\
             message = \"{message}\"\ntimestamp = {{ jwt = \"timestamp\", unit = \"iso\" }}\ntolerance = 300\n\
             claims = {{ required = [\"event_id\"] }}\n"
        )
    };
    let source = one(&text(".", "{jws}"));
    assert_eq!(source.schemes[0].signature, Field::jwt());
    assert_eq!(source.payload(), Payload::Jwt);
    assert!(source.schemes[0].covers_body());
    for (signature, message) in [("token", "{jws}"), (".", "{jws-detached}"), (".", "{body}")] {
        let found = faults(&text(signature, message));
        assert!(!found.is_empty(), "{signature} {message}");
    }
    let both = text(".", "{jws}").replace("{ jwt = \".\" }", "{ jwt = \".\", header = \"X\" }");
    assert!(faults(&both)[0].fault.contains("stands in 2 places"));
}

#[test]
fn what_is_signed_may_be_the_bodys_digest_and_the_host() {
    let source = one(&acme(
        "message = \"(request-target): post {path_and_query}\\nhost: {host}\\ndigest: sha-256={body_sha256:base64}\"",
    ));
    assert!(source.schemes[0].covers_body() && source.schemes[0].signs_url());
    assert_eq!(source.schemes[0].ambiguity(), None);
}

#[test]
fn a_scheme_may_count_for_its_version_only() {
    let source = one(&with(
        "when = { header = \"X-Version\", is = \"v1\" }\nunless = { header = \"X-Sig\", split = \",\", prefix = \"v2=\" }",
    ));
    let scheme = source.schemes[0];
    assert_eq!(scheme.when, Some(&(Field::header("X-Version"), "v1")));
    assert_eq!(
        scheme.unless,
        Some(&Field::header("X-Sig").split(',').after(&["v2="]))
    );
}

#[test]
fn texts_of_the_delivery_may_be_asked_for() {
    let source = one(&with(
        r#"equal = [{ json = "account", is = "acct_1" }, { header = "Host", is = "{url}" }]"#,
    ));
    assert_eq!(
        source.schemes[0].equal,
        [
            (Place::Json("account"), Template::new("acct_1")),
            (Place::Header("Host"), Template::new("{url}")),
        ]
    );
    for (equal, wrong, mend) in [
        ("[]", "empty list", "leave the key out"),
        ("{ json = \"a\", is = \"b\" }", "not a list", "equal = ["),
        (
            "[{ json = \"a\" }]",
            "`equal` has no `is`",
            "is = \"acct_1\"",
        ),
        ("[{ is = \"a\" }]", "stands in 0 places", "name one"),
        (
            "[{ json = \"a\", is = \"{body}\" }]",
            "no single text",
            "{url}",
        ),
    ] {
        fault(&with(&format!("equal = {equal}")), 8, wrong, mend);
    }
}

#[test]
fn there_may_be_several_schemes() {
    let newer = ACME[15..].replace("[sources.acme.scheme]", "[[sources.acme.scheme]]");
    let older = newer.replace("hmac-sha256", "hmac-sha1");
    let source = one(&format!(
        "[sources.acme]\n{newer}{older}unless = {{ header = \"X-New\" }}\n"
    ));
    let algorithms: Vec<_> = source.schemes.iter().map(|s| s.algorithm).collect();
    assert_eq!(algorithms, [Algorithm::HmacSha256, Algorithm::HmacSha1]);
    assert_eq!(source.schemes[0].unless, None);
    assert_eq!(source.schemes[1].unless, Some(&Field::header("X-New")));
}

#[test]
fn a_list_of_schemes_may_differ_by_environment() {
    let list = ACME[15..].replace("[sources.acme.scheme]", "[[sources.acme.local.scheme]]");
    let text = format!("{ACME}{}", list.replace("hmac-sha256", "hmac-sha512"));
    assert_eq!(one(&text).schemes[0].algorithm, Algorithm::HmacSha512);
    let live = read(&text, Environment::Live).unwrap().sources;
    let live = live.iter().next().unwrap();
    assert_eq!(live.schemes[0].algorithm, Algorithm::HmacSha256);
}

#[test]
fn every_key_form_is_read() {
    for (word, form) in [
        ("text", KeyForm::Text),
        ("text-nfkd", KeyForm::TextNfkd),
        ("sha1", KeyForm::Sha1),
        ("hex", KeyForm::Hex),
        ("base64", KeyForm::Base64 { prefix: "" }),
        ("text-or-base64", KeyForm::TextOrBase64 { prefix: "" }),
    ] {
        let source = one(&acme(&format!("key = \"{word}\"")));
        assert_eq!(source.schemes[0].key, form);
    }
}

#[test]
fn a_body_that_is_not_signed_is_said_to_be_so() {
    for message in [
        "{timestamp}{json:signature.token}",
        "{json:id}",
        "{url}",
        "{header:X-Id}",
    ] {
        let line = format!(
            "message = \"{message}\"\ntimestamp = {{ json = \"t\", unit = \"s\" }}\ntolerance = 300"
        );
        let line = if message.contains("{timestamp}") {
            line
        } else {
            format!("message = \"{message}\"")
        };
        fault(
            &acme(&line),
            7,
            "the body is not signed",
            "body_unsigned = true",
        );
        let source = one(&acme(&format!("{line}\nbody_unsigned = true")));
        assert!(!source.schemes[0].covers_body());
    }
    for text in [
        "[sources.a.scheme]\nalgorithm = \"token\"\nsignature = { header = \"X\" }\n",
        &JWT[15..],
        &format!("{}claims = {{ issued = 300 }}\n", &JWT[15..]),
    ] {
        fault(text, 1, "the body is not signed", "body_unsigned = true");
    }
    fault(
        &with("body_unsigned = true"),
        8,
        "signature covers the whole body",
        "leave it out",
    );
    fault(
        &with("body_unsigned = false"),
        8,
        "not `true`",
        "leave it out",
    );
    // A provider whose body isn't signed needn't be told so; one whose body is must.
    one("[sources.a]\nprovider = \"mailgun\"\n[sources.a.scheme]\nalgorithm = \"hmac-sha1\"\n");
    fault(
        "[sources.a]\nprovider = \"github\"\n[sources.a.scheme]\nmessage = \"{header:X-GitHub-Delivery}\"\n",
        4,
        "the body is not signed",
        "body_unsigned = true",
    );
}

#[test]
fn what_belongs_to_one_provider_is_not_spelled_out() {
    for name in ["twilio", "adyen", "sns", "crc32"] {
        fault(
            &acme(&format!("message = \"{{{name}}}{{body}}\"")),
            7,
            &format!("`{{{name}}}` is made by a function"),
            "name that provider",
        );
    }
    fault(
        &acme("message = \"{body}{jws}\""),
        2,
        "the signature is no token",
        "agree",
    );
    fault(
        &acme("message = \"{body}{setting:x}\""),
        7,
        "filled in under `settings`",
        "{timestamp}.{body}",
    );
}

#[test]
fn parameters_that_make_no_scheme_are_faults() {
    let token = "[sources.a.scheme]\nalgorithm = \"token\"\nsignature = { header = \"X\" }\n";
    for (text, line, wrong, mend) in [
        (
            format!("{token}message = \"{{body}}\"\n"),
            1,
            "a token signs no message",
            "agree",
        ),
        (
            acme("encoding = \"text\""),
            2,
            "only a token is sent as text",
            "agree",
        ),
        (
            with("claims = { issued = 300 }"),
            2,
            "the signature is no token",
            "agree",
        ),
        (
            with("tolerance = 300"),
            8,
            "no timestamp to be held against",
            "leave it out",
        ),
        (with("when = \"v1\""), 8, "not a table", "is = \"v1\""),
        (
            with("when = { header = \"X\" }"),
            8,
            "`when` has no `is`",
            "is = \"v1\"",
        ),
        (
            with("when = { is = \"v1\" }"),
            8,
            "stands in 0 places",
            "name one",
        ),
        (
            with("when = { header = \"X\", is = \"v1\", splitt = \",\" }"),
            8,
            "unknown key `splitt`",
            "did you mean `split`?",
        ),
        (
            with("unless = { header = \"X Y\" }"),
            8,
            "no header name",
            "letters, digits",
        ),
        (with("unless = true"), 8, "not a table", "unless = {"),
    ] {
        fault(&text, line, wrong, mend);
    }
}

#[test]
fn the_end_that_a_message_signature_names_is_never_overlooked() {
    let text = acme("message = \"{http-message}\"")
        + "\ntimestamp = { header = \"Signature-Input>created\", unit = \"s\" }\ntolerance = 300\n";
    fault(&text, 2, "is written as `structured`", "agree");
    let standard = one(&text.replace("\"hex\"", "\"structured\""));
    assert_eq!(standard.schemes[0].encoding, Encoding::Structured);
}

#[test]
fn claims_that_ask_for_nothing_or_the_impossible_are_faults() {
    for (claims, wrong, mend) in [
        ("{}", "asks for nothing", "body_digest"),
        ("300", "not a table", "claims = {"),
        ("{ audience = \"x\" }", "unknown key `audience`", "equal"),
        (
            "{ body_digest = \"sha\" }",
            "not a table",
            "encoding = \"hex\"",
        ),
        (
            "{ body_digest = { claim = \"sha\" } }",
            "needs `claim` and `encoding`",
            "encoding = \"hex\"",
        ),
        (
            "{ body_digest = { claim = \"sha\", encoding = \"jws\" } }",
            "`encoding` can't be `jws`",
            "hex, base64, base64url and structured",
        ),
        ("{ issued = -1 }", "whole number", "issued = 1"),
        (
            "{ issued = { future = 1 } }",
            "leaves the past unchecked",
            "past = 300",
        ),
        ("{ expires = \"60\" }", "whole number", "expires = 1"),
        (
            "{ equal = { aud = \"\" } }",
            "`aud` is empty",
            "leave the key out",
        ),
        (
            "{ equal = { aud = \"{body}.\" } }",
            "no single text",
            "{url}",
        ),
        (
            "{ equal = { aud = \"{sub}\" } }",
            "no placeholder",
            "{json:id}",
        ),
    ] {
        let text = format!("{JWT}claims = {claims}\nbody_unsigned = true\n");
        fault(&text, 7, wrong, mend);
    }
}

#[test]
fn a_list_of_schemes_names_its_faults_one_by_one() {
    let list = ACME[15..].replace("[sources.acme.scheme]", "[[sources.acme.scheme]]");
    let second = list.replace("key = \"text\"\n", "");
    let found = faults(&format!("[sources.acme]\n{list}{second}tolerance = 300\n"));
    let told: Vec<_> = found.iter().map(|f| (f.line, f.fault.as_str())).collect();
    assert_eq!(
        told,
        [
            (8, "the scheme has no `key`"),
            (13, "`tolerance` has no timestamp to be held against"),
        ]
    );
    fault(
        &format!("[sources.acme]\nprovider = \"github\"\n{list}"),
        3,
        "doesn't say which it differs from",
        "there is but one scheme",
    );
    fault(
        "[sources.acme]\nscheme = []\n",
        2,
        "empty list",
        "leave the key out",
    );
}

#[test]
fn a_time_that_is_signed_is_held_against_the_clock() {
    let timed = |tolerance: &str| {
        acme(&format!(
            "message = \"{{timestamp}}{{body}}\"\ntimestamp = {{ header = \"T\", unit = \"s\" }}\ntolerance = {tolerance}"
        ))
    };
    for text in ["\"unchecked\"", "\"\"", "false"] {
        fault(&timed(text), 9, "not a table", "tolerance = 300");
    }
}

#[test]
fn nothing_is_accepted_for_longer_than_it_is_remembered() {
    const DAY: u32 = 86_400;
    let slack = |days: u32, more: &str| {
        source_of(
            "slack",
            &format!(
                "tolerance = {{ past = {}, future = 0 }}\n{more}",
                days * DAY
            ),
        )
    };
    assert_eq!(one(&slack(30, "")).retention_days, 30);
    fault(
        &slack(31, ""),
        3,
        "longer than events are remembered",
        "retention_days = 31",
    );
    one(&slack(31, "retention_days = 31"));
    fault(
        &slack(30, "retention_days = 29"),
        3,
        "for 30 days",
        "retention_days = 30",
    );
    // A time from the future is accepted until it is old.
    let both = |future| {
        source_of(
            "slack",
            &format!(
                "tolerance = {{ past = {}, future = {future} }}",
                30 * DAY - 60
            ),
        )
    };
    one(&both(60));
    fault(&both(61), 3, "for 31 days", "retention_days = 31");
    let token = |days: u32| {
        format!(
            "{JWT}claims = {{ body_digest = {{ claim = \"b\", encoding = \"hex\" }}, issued = {} }}\n",
            days * DAY / 2
        )
    };
    one(&token(30));
    faults(&token(31));
}
