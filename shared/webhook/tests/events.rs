//! The event that an authentic delivery carries: its id, type, key and headers.
#![allow(clippy::unwrap_used)]
// A method's path names one lifetime; `read` takes what holds for all of them.
#![allow(clippy::redundant_closure_for_method_calls)]

use catalogue::{Bundle, Identity, Provider, Scheme, Source, Template};
use sha2::{Digest as _, Sha256};
use support::{NOW, Request, keys, schemes::OWN, source_of};
use webhook::{
    endpoint::handshake,
    event::{Authentic, MAX_HEADER_BYTES},
};

/// A source with HMAC over the body whose id and type are these, and whose bodies are unique.
fn own(event_id: &'static str, event_type: &'static str) -> Source {
    static OVER_BODY: &[Scheme] = &[OWN[0]];
    Source {
        identity: Identity::id(event_id).or_unique("no two bodies are equal"),
        event_type: Some(Template::new(event_type)),
        ..support::own_source(OVER_BODY)
    }
}

fn of(provider: &str) -> Source {
    source_of(Provider::named(provider).unwrap())
}

fn request(headers: &[(&str, &str)], body: impl Into<Vec<u8>>) -> Request {
    let mut request = Request {
        body: body.into(),
        ..Request::default()
    };
    for (name, value) in headers {
        request.set(name, *value);
    }
    request
}

/// Signs a request as the source's provider would, verifies it, and reads the event.
fn read<T>(source: &Source, request: &Request, read: impl FnOnce(&Authentic<'_>) -> T) -> T {
    let pair = support::keys::pair(&source.schemes[0]);
    let mut request = request.clone();
    request.sign(source.schemes, &pair.private, NOW);
    let keys = keys(source.schemes, &[&pair.public]);
    request.verified(source, &keys, NOW, read).unwrap()
}

fn id_of(source: &Source, request: &Request) -> String {
    read(source, request, |event| event.name("d").id)
}

fn key_of(source: &Source, request: &Request) -> String {
    read(source, request, |event| event.name("d").key.to_string())
}

fn sha256(bytes: impl AsRef<[u8]>) -> String {
    hex::encode(Sha256::digest(bytes))
}

#[test]
fn an_event_has_the_body_as_it_came_and_its_digest() {
    let body = "{\"id\" : \"e1\"}\r\n";
    let found = read(&of("stripe"), &request(&[], body), |event| {
        (event.body().to_vec(), event.body_digest().to_owned())
    });
    assert_eq!(found, (body.into(), sha256(body)));
}

#[test]
fn events_are_named_as_their_providers_name_them() {
    let cases = [
        ("financbase", vec![], r#"{"id":"e1","type":"t"}"#, "e1", "t"),
        (
            "formify",
            vec![],
            r#"{"eventId":"e1","type":"t"}"#,
            "e1",
            "t",
        ),
        (
            "frontitude",
            vec![("webhook-id", "e1")],
            r#"{"type":"t"}"#,
            "e1",
            "t",
        ),
        (
            "orum",
            vec![],
            r#"{"event_id":"e1","event_type":"t","created_at":"x"}"#,
            "e1",
            "t",
        ),
        (
            "self",
            vec![("svix-id", "m")],
            r#"{"verification_id":"v","type":"t"}"#,
            "v-t",
            "t",
        ),
        (
            "shopify",
            vec![("X-Shopify-Webhook-Id", "e1"), ("X-Shopify-Topic", "t")],
            "{}",
            "e1",
            "t",
        ),
        (
            "github",
            vec![("X-GitHub-Delivery", "e1"), ("X-GitHub-Event", "t")],
            "",
            "e1",
            "t",
        ),
        (
            "slack",
            vec![],
            r#"{"event_id":"e1","type":"event_callback","event":{"type":"t"}}"#,
            "e1",
            "t",
        ),
        (
            "standard-webhooks",
            vec![("webhook-id", "e1")],
            r#"{"type":"t"}"#,
            "e1",
            "t",
        ),
        ("stripe", vec![], r#"{"id":"e1","type":"t"}"#, "e1", "t"),
        (
            "svix",
            vec![("webhook-id", "e1")],
            r#"{"type":"t"}"#,
            "e1",
            "t",
        ),
    ];
    for (provider, headers, body, id, kind) in cases {
        let source = of(provider);
        let found = read(&source, &request(&headers, body), |event| {
            (
                event.name("d").id,
                event.event_type().to_owned(),
                event.covered().id(),
            )
        });
        let signed = !matches!(provider, "github" | "shopify");
        assert_eq!(found, (id.into(), kind.into(), signed), "{provider}");
    }
}

#[test]
fn an_event_without_a_usable_id_is_named_by_the_digest_of_its_signed_bytes() {
    let source = own("{json:id}", "{json:type}");
    for body in [
        "",
        "no json",
        "{}",
        r#"{"id":""}"#,
        r#"{"id":null}"#,
        r#"{"id":true}"#,
        r#"{"id":["a"]}"#,
        r#"{"id":{"a":1}}"#,
        r#"{"id":"a","id":"a"}"#,
        "[1]",
    ] {
        let id = format!("sha256:{}", sha256(body));
        let request = request(&[], body);
        assert_eq!(id_of(&source, &request), id, "{body}");
        assert_eq!(key_of(&source, &request), format!("own#{id}"), "{body}");
        assert!(
            read(&source, &request, |event| event.covered().id()),
            "{body}"
        );
    }
    // The whole message counts, not the body alone.
    let unique = |provider| {
        let source = of(provider);
        Source {
            identity: source.identity.or_unique("no two bodies are equal"),
            ..source
        }
    };
    let stripe = unique("stripe");
    let body = "{}";
    let expected = format!("sha256:{}", sha256(format!("1700000000.{body}")));
    assert_eq!(id_of(&stripe, &request(&[], body)), expected);
    // Two parts of which one is missing are never half an id.
    let id = id_of(
        &unique("self"),
        &request(&[("svix-id", "m")], r#"{"verification_id":"v"}"#),
    );
    let signed = r#"m.1700000000.{"verification_id":"v"}"#;
    assert_eq!(id, format!("sha256:{}", sha256(signed)));
    // A source that has no id at all.
    let none = Source {
        identity: Identity::unique("no two bodies are equal"),
        ..own("{json:id}", "{json:type}")
    };
    assert!(id_of(&none, &request(&[], r#"{"id":"a"}"#)).starts_with("sha256:"));
}

#[test]
fn deep_json_costs_an_authentic_delivery_its_id_and_nothing_else() {
    let source = own("{json:id}", "{json:type}");
    for open in ["[", r#"{"id":"#] {
        let body = open.repeat(4 * 1024 * 1024 / open.len());
        let request = request(&[], body.as_str());
        let (id, kind) = read(&source, &request, |event| {
            (event.name("d").id, event.event_type().to_owned())
        });
        assert_eq!(
            (id, kind),
            (format!("sha256:{}", sha256(&body)), "unknown".into())
        );
    }
}

#[test]
fn numbers_are_ids_as_written() {
    let source = own("{json:id}", "{json:type}");
    for (body, id) in [
        (r#"{"id":7}"#, "7"),
        (r#"{"id":7.0}"#, "7.0"),
        (r#"{"id":"7"}"#, "7"),
        (r#"{"id":123456789012345678901}"#, "123456789012345678901"),
        (r#"{"id":"a#b \u0000\ufffe"}"#, "a#b \0\u{fffe}"),
    ] {
        assert_eq!(id_of(&source, &request(&[], body)), id);
        assert_eq!(key_of(&source, &request(&[], body)), format!("own#{id}"));
    }
}

#[test]
fn ids_may_stand_in_query_and_form() {
    let form = own("{form:id}", "{form:type}");
    assert_eq!(id_of(&form, &request(&[], "id=a%20b&type=t")), "a b");
    let query = own("{query:id}", "{json:type}");
    let with_query = Request {
        query: "x=1&id=q+1".into(),
        ..request(&[], "body")
    };
    assert_eq!(id_of(&query, &with_query), "q 1");
    assert!(!read(&query, &with_query, |event| event.covered().id()));
}

#[test]
fn an_unsigned_id_is_tied_to_the_body_that_was_signed() {
    let github = of("github");
    let github = Source {
        identity: github.identity.or_unique("no two bodies are equal"),
        ..github
    };
    let key = |id: &str, body: &str| key_of(&github, &request(&[("X-GitHub-Delivery", id)], body));
    assert_eq!(key("d1", "{}"), format!("own#d1#{}", &sha256("{}")[..16]));
    assert_eq!(key("d1", "{}"), key("d1", "{}"));
    // A captured body sent under another event's id doesn't take that event's place.
    assert_ne!(key("d1", "{}"), key("d1", "{ }"));
    // Without an id the digest stands for it, and needs no second one.
    assert_eq!(
        key_of(&github, &request(&[], "{}")),
        format!("own#sha256:{}", sha256("{}"))
    );
}

#[test]
fn long_ids_and_ids_that_look_like_digests_have_a_digest_in_the_key() {
    let source = own("{json:id}", "{json:type}");
    let body = |id: &str| format!(r#"{{"id":"{id}"}}"#);
    let fits = "x".repeat(1_024);
    assert_eq!(
        key_of(&source, &request(&[], body(&fits))),
        format!("own#{fits}")
    );
    let digest = format!("sha256:{}", sha256("{}"));
    for id in [
        "x".repeat(1_025),
        "x".repeat(2_000),
        digest,
        "sha256:".into(),
        "é".repeat(513),
    ] {
        let request = request(&[], body(&id));
        assert_eq!(id_of(&source, &request), id);
        assert_eq!(
            key_of(&source, &request),
            format!("own#sha256:{}", sha256(&id))
        );
    }
    let long = "d".repeat(2_000);
    let github = of("github");
    let request = request(&[("X-GitHub-Delivery", &long)], "{}");
    let expected = format!("own#sha256:{}#{}", sha256(&long), &sha256("{}")[..16]);
    assert_eq!(key_of(&github, &request), expected);
}

#[test]
fn a_delivery_of_several_events_never_stands_where_one_of_them_could() {
    const BUNDLE: Bundle = Bundle {
        items: "events",
        item_id: Some(Template::new("{json:id}")),
        item_type: None,
    };
    let lists = Source {
        bundle: Some(&BUNDLE),
        ..own("{json:id}", "{json:type}")
    };
    for id in ["e1", "sha256:00"] {
        let request = request(
            &[],
            format!(r#"{{"id":"{id}","events":[{{"id":"{id}"}}]}}"#),
        );
        assert_eq!(id_of(&lists, &request), id);
        let expected = format!("own#sha256:{}", sha256(id));
        assert_eq!(key_of(&lists, &request), expected);
    }
    let github = Source {
        bundle: Some(&BUNDLE),
        ..of("github")
    };
    let request = request(&[("X-GitHub-Delivery", "e1")], "{}");
    let expected = format!("own#sha256:{}#{}", sha256("e1"), &sha256("{}")[..16]);
    assert_eq!(key_of(&github, &request), expected);
}

#[test]
fn a_type_that_is_none_is_unknown() {
    let source = own("{json:id}", "{json:type}");
    let kind = |body: &str| {
        read(&source, &request(&[], body), |event| {
            event.event_type().to_owned()
        })
    };
    assert_eq!(kind(r#"{"type":"invoice.paid"}"#), "invoice.paid");
    for body in [
        "",
        "{}",
        r#"{"type":""}"#,
        r#"{"type":{}}"#,
        r#"{"type":"a","type":"a"}"#,
    ] {
        assert_eq!(kind(body), "unknown", "{body}");
    }
    assert_eq!(
        kind(&format!(r#"{{"type":"{}"}}"#, "t".repeat(256))),
        "t".repeat(256)
    );
    assert_eq!(
        kind(&format!(r#"{{"type":"{}"}}"#, "t".repeat(257))),
        "unknown"
    );
}

#[test]
fn the_verification_id_of_self_is_its_reference() {
    let source = of("self");
    let body = r#"{"verification_id":"v","type":"t"}"#;
    let reference = read(&source, &request(&[("svix-id", "m")], body), |event| {
        event.reference()
    });
    assert_eq!(reference, Some(("verification_id".into(), "v".into())));
    let reference = read(&source, &request(&[("svix-id", "m")], "{}"), |event| {
        event.reference()
    });
    assert_eq!(reference, None);
}

#[test]
fn handlers_get_the_headers_that_are_listed_and_never_a_signature() {
    let svix = of("self");
    let sent = request(
        &[
            ("svix-id", "m"),
            ("Svix-Replay", "true"),
            ("Content-Type", "application/json"),
            ("USER-AGENT", &"u".repeat(5_000)),
            ("Authorization", "Bearer hidden"),
            ("Cookie", "hidden"),
        ],
        "{}",
    );
    let headers = read(&svix, &sent, |event| event.headers());
    let names: Vec<_> = headers.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "content-type",
            "svix-id",
            "svix-replay",
            "svix-timestamp",
            "user-agent"
        ]
    );
    assert_eq!(headers["user-agent"].len(), MAX_HEADER_BYTES);

    let stripe = Source {
        headers: &["Stripe-Signature", "X-Extra"],
        ..of("stripe")
    };
    let headers = read(&stripe, &request(&[("x-extra", "é")], "{}"), |event| {
        event.headers()
    });
    assert_eq!(headers.keys().collect::<Vec<_>>(), ["x-extra"]);

    // Those that the templates name, though the entry lists none.
    let standard = of("standard-webhooks");
    assert!(standard.headers.is_empty());
    let headers = read(&standard, &request(&[("webhook-id", "m")], "{}"), |event| {
        event.headers()
    });
    assert_eq!(headers["webhook-id"], "m");

    let long = "é".repeat(MAX_HEADER_BYTES);
    let headers = read(
        &stripe,
        &request(&[("x-extra", &format!("x{long}"))], "{}"),
        |event| event.headers(),
    );
    assert_eq!(
        headers["x-extra"].len(),
        MAX_HEADER_BYTES - 1,
        "cut between characters"
    );
}

#[test]
fn a_signed_challenge_is_echoed() {
    let slack = of("slack");
    let reply = |body: &str| read(&slack, &request(&[], body), handshake::signed);
    let body = r#"{"token":"x","challenge":"3eZ\"bry","type":"url_verification"}"#;
    let answer = reply(body).unwrap();
    assert_eq!(
        (answer.status, answer.content_type),
        (200, "application/json")
    );
    assert_eq!(answer.body, r#"{"challenge":"3eZ\"bry"}"#);
    for body in [
        r#"{"challenge":"x","type":"event_callback"}"#,
        r#"{"challenge":"x"}"#,
        r#"{"type":"url_verification"}"#,
        r#"{"challenge":7,"type":"url_verification"}"#,
        r#"{"challenge":"x","challenge":"y","type":"url_verification"}"#,
        r#"{"event":{"challenge":"x","type":"url_verification"}}"#,
        "",
    ] {
        assert_eq!(reply(body), None, "{body}");
    }
    let stripe = of("stripe");
    assert_eq!(read(&stripe, &request(&[], body), handshake::signed), None);
}
