//! Handshakes, and what an accepted delivery is answered with.

use super::*;
use crate::{Accepted, Fixed, Form, Handshake, Method, Proof, Reply, Template};

/// A source with these lines below its scheme.
fn with(lines: &str) -> String {
    format!("{ACME}[sources.acme.handshake]\n{lines}")
}

fn handshake(lines: &str) -> Handshake {
    let source = one(&with(lines));
    let [handshake] = source.handshakes else {
        panic!("{source:#?}")
    };
    *handshake
}

const ECHO: &[(&str, Template)] = &[("challenge", Template::new("{challenge}"))];

/// The handshake has this one fault, said where it stands.
#[track_caller]
fn wrong(lines: &str, fault: &str) {
    let found = faults(&with(lines));
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].fault.contains(fault), "{found:#?}");
}

#[test]
fn a_source_proves_its_endpoint_as_its_provider_wants_it() {
    let slack = Provider::named("slack").unwrap();
    let source = one("[sources.chat]\nprovider = \"slack\"\n");
    assert_eq!(source.handshakes, slack.handshakes);
    assert_eq!(source.accepted, Accepted::Fixed(Fixed::EMPTY));
    assert_eq!(one(ACME).accepted, Accepted::Outcome);
    let xero = one("[sources.books]\nprovider = \"xero\"\n");
    assert_eq!(xero.accepted, Accepted::Fixed(Fixed::EMPTY));
    assert!(one(ACME).handshakes.is_empty());

    let own = "[sources.chat]\nprovider = \"slack\"\nhandshake = { when = { \"{json:type}\" = \"ping\" } }\n\
               [sources.chat.live]\nhandshake = { method = \"HEAD\", proof = \"nothing\" }\n";
    assert_eq!(one(own).handshakes.len(), 1);
    assert_eq!(one(own).handshakes[0].reply, Reply::Fixed(Fixed::EMPTY));
    let live = read(own, Environment::Live).unwrap().sources;
    assert_eq!(live.iter().next().unwrap().handshakes, [Handshake::HEAD]);
}

#[test]
fn the_settings_of_a_source_are_filled_in() {
    let source = one(
        "[sources.feed]\nprovider = \"websub\"\nsettings = { topic = \"https://example.com/a?b=1\" }\n",
    );
    assert_eq!(
        source.handshakes[0].proof,
        Proof::Known(
            Place::Query("hub.topic"),
            Template::new("https://example.com/a?b=1")
        )
    );
    let source =
        one("[sources.pay]\nprovider = \"braintree\"\nsettings = { public_key = \"pk\" }\n");
    assert_eq!(
        source.handshakes[0].reply,
        Reply::Text(Template::new("pk|{hmac:hex}"))
    );
    fault(
        "[sources.feed]\nprovider = \"websub\"\n",
        1,
        "`topic`",
        "settings = { topic = ",
    );
}

#[test]
fn every_shape_of_the_catalogue_can_be_spelled_out() {
    let challenge = Some(Place::Json("challenge"));
    let when =
        "when = { \"{json:type}\" = \"url_verification\" }\nchallenge = \"{json:challenge}\"\n";
    assert_eq!(
        handshake(&format!("{when}json = {{ challenge = \"{{challenge}}\" }}")),
        Handshake {
            when: Some((Place::Json("type"), "url_verification")),
            challenge,
            reply: Reply::Json(ECHO),
            ..Handshake::SIGNED
        }
    );
    assert_eq!(
        handshake(when).reply,
        Reply::Text(Template::new("{challenge}"))
    );
    assert_eq!(
        handshake("method = \"GET\"\nproof = \"nothing\"\nchallenge = \"{query:challenge}\""),
        Handshake {
            challenge: Some(Place::Query("challenge")),
            ..Handshake::OPEN
        }
    );
    assert_eq!(
        handshake(
            "method = \"GET\"\nproof = \"nothing\"\nchallenge = \"{query:crc}\"\ntext = \"sha256={hmac:base64}\""
        ),
        Handshake {
            challenge: Some(Place::Query("crc")),
            reply: Reply::Text(Template::new("sha256={hmac:base64}")),
            ..Handshake::OPEN_HMAC
        }
    );
    let meta = "method = \"GET\"\nwhen = { \"{query:hub.mode}\" = \"subscribe\" }\n\
                challenge = \"{query:hub.challenge}\"\n";
    let verified = handshake(&format!(
        "{meta}verify_token = \"{{query:hub.verify_token}}\""
    ));
    assert_eq!([verified], *Provider::named("meta").unwrap().handshakes);
    let known = handshake(&format!(
        "{meta}known = {{ \"{{query:hub.topic}}\" = \"https://example.com\" }}"
    ));
    assert_eq!(
        (known.proof, known.form),
        (
            Proof::Known(
                Place::Query("hub.topic"),
                Template::new("https://example.com")
            ),
            Form::Text
        )
    );
    assert_eq!(
        handshake("when = { \"{json:type}\" = \"1\" }\ncontent_type = \"application/json\"\nbody = '{\"type\":1}'").reply,
        Reply::Fixed(Fixed {
            status: 200,
            content_type: "application/json",
            body: "{\"type\":1}"
        })
    );
    let okta = handshake("method = \"GET\"\nchallenge = \"{header:X-Challenge}\"");
    assert_eq!(
        (okta.method, okta.proof, okta.form),
        (Method::Get, Proof::Signature, Form::Any)
    );

    let two = format!(
        "{ACME}[[sources.acme.handshake]]\nwhen = {{ \"{{json:type}}\" = \"0\" }}\nstatus = 204\n\
         [[sources.acme.handshake]]\nmethod = \"HEAD\"\nproof = \"nothing\"\n"
    );
    let source = one(&two);
    assert_eq!(source.handshakes.len(), 2);
    assert_eq!(source.handshakes[0].reply, Reply::Fixed(Fixed::NO_CONTENT));
}

#[test]
fn a_handshake_that_would_swallow_or_give_away_something_is_a_fault() {
    wrong("", "would swallow every one");
    wrong("proof = \"nothing\"", "would swallow every one");
    wrong(
        "method = \"GET\"\nchallenge = \"{json:c}\"",
        "no body to look into",
    );
    wrong(
        "method = \"HEAD\"\nproof = \"nothing\"\nwhen = { \"{form:a}\" = \"b\" }",
        "no body to look into",
    );
    wrong(
        "proof = \"nothing\"\nwhen = { \"{json:type}\" = \"ping\" }\nchallenge = \"{json:c}\"",
        "only a challenge is read that is its one field",
    );
    wrong(
        "verify_token = \"{json:token}\"\nchallenge = \"{json:c}\"",
        "its one field",
    );
    wrong(
        "proof = \"nothing\"\nchallenge = \"{form:c}\"",
        "must be a field of JSON",
    );
    wrong(
        "method = \"HEAD\"\nproof = \"nothing\"\nchallenge = \"{query:c}\"",
        "the answer to a HEAD has no body",
    );
    wrong(
        "method = \"GET\"\nproof = \"nothing\"\ntext = \"{challenge}\"",
        "the handshake has none",
    );
    wrong(
        "challenge = \"{json:c}\"\ntext = \"{challenge} {hmac:sha1}\"",
        "`{hmac:sha1}` is no part of an answer",
    );
    wrong(
        "challenge = \"{json:c}\"\ntext = \"{body}\"",
        "`{body}` is no part of an answer",
    );
    let token = acme("algorithm = \"ed25519\"").replace("key = \"text\"", "key = \"public\"");
    let found = faults(&format!(
        "{token}\n[sources.acme.handshake]\nchallenge = \"{{json:c}}\"\ntext = \"{{hmac:hex}}\"\n"
    ));
    assert!(
        found
            .iter()
            .any(|f| f.fault.contains("only a scheme with an HMAC")),
        "{found:#?}"
    );
}

#[test]
fn parameters_of_a_handshake_are_of_their_kind() {
    for (lines, what) in [
        ("method = \"PUT\"", "`method` can't be `PUT`"),
        ("proof = \"none\"", "`proof` can't be `none`"),
        (
            "chalenge = \"{json:c}\"\nproof = \"signature\"",
            "unknown key `chalenge`",
        ),
        (
            "challenge = \"challenge\"",
            "`challenge` is no place in a request",
        ),
        (
            "challenge = \"{json:c}{json:d}\"",
            "is no place in a request",
        ),
        (
            "challenge = \"{body}\"",
            "`{body}` is no place in a request",
        ),
        ("challenge = \"{header:a b}\"", "is no place in a request"),
        (
            "when = { \"{json:a}\" = \"b\", \"{json:b}\" = \"c\" }",
            "`when` is not one place and its text",
        ),
        ("when = { \"{json:a}\" = 1 }", "`when` is not a text"),
        ("when = \"ping\"", "`when` is not a table"),
        (
            "when = { \"{json:a}\" = \"b\" }\ntext = \"a\"\nstatus = 200",
            "several answers",
        ),
        (
            "challenge = \"{json:a}\"\nproof = \"nothing\"\nverify_token = \"{query:t}\"",
            "several proofs",
        ),
        (
            "when = { \"{json:a}\" = \"b\" }\nstatus = 404",
            "`status` is not a whole number from 200 to 299",
        ),
        (
            "when = { \"{json:a}\" = \"b\" }\ncontent_type = \"a\\nb\"\nbody = \"x\"",
            "can't be a header's value",
        ),
        (
            "when = { \"{json:a}\" = \"b\" }\ncontent_type = \"text/plain\"",
            "a content type belongs to a body",
        ),
    ] {
        wrong(lines, what);
    }
    fault(
        "[sources.x]\nprovider = \"slack\"\nhandshake = \"echo\"\n",
        3,
        "`handshake` is not a table",
        "handshake = {",
    );
    fault(
        "[sources.x]\nprovider = \"slack\"\nhandshake = []\n",
        3,
        "is an empty list",
        "",
    );
}

#[test]
fn what_an_accepted_delivery_is_answered_with_is_read() {
    let accepted = |text: &str| {
        one(&format!(
            "[sources.x]\nprovider = \"slack\"\naccepted = {text}\n"
        ))
        .accepted
    };
    let fixed = |status, content_type, body| {
        Accepted::Fixed(Fixed {
            status,
            content_type,
            body,
        })
    };
    assert_eq!(accepted("{ status = 204 }"), fixed(204, "", ""));
    assert_eq!(accepted("{}"), fixed(200, "", ""));
    assert_eq!(
        accepted("{ body = \"[accepted]\" }"),
        fixed(200, "text/plain", "[accepted]")
    );
    assert_eq!(
        accepted("{ status = 202, content_type = \"text/xml\", body = \"<Response/>\" }"),
        fixed(202, "text/xml", "<Response/>")
    );
    assert_eq!(
        accepted("{ header = \"X-Client-Id\", json = \"clientId\" }"),
        Accepted::Echoed {
            header: "X-Client-Id",
            field: "clientId"
        }
    );
    for (text, what) in [
        ("{ header = \"X-Client-Id\" }", "is neither a status"),
        ("{ json = \"clientId\" }", "is neither a status"),
        ("{ header = \"X Y\", json = \"a\" }", "is no header name"),
        (
            "{ header = \"X-Id\", json = \"a\", status = 200 }",
            "is neither a status",
        ),
        ("{ status = 500 }", "from 200 to 299"),
        (
            "{ content_type = \"text/plain\" }",
            "a content type belongs to a body",
        ),
        ("{ type = 1 }", "unknown key `type`"),
        ("\"ok\"", "`accepted` is not a table"),
    ] {
        let found = faults(&format!(
            "[sources.x]\nprovider = \"slack\"\naccepted = {text}\n"
        ));
        assert!(
            found.len() == 1 && found[0].fault.contains(what),
            "{found:#?}"
        );
    }
}
