//! Every provider's handshake, byte for byte.
#![allow(clippy::unwrap_used)]

mod strangers;

use std::collections::BTreeMap;

use catalogue::{
    Accepted, Fixed, Handshake, PROVIDERS, Proof, Provider, Source, size::MAX_BODY_BYTES,
};
use serde::Deserialize;
use support::{NOW, Request, keys, keys::pair, source_of, vectors::FOLDER};
use webhook::{
    endpoint::handshake::{self, Question, Reply, Unproven},
    keys::{Keys, Purpose, Secret},
    reading::delivery::Delivery,
    refusal::Reason,
};

const SECRET: &str = "topsecret1";

fn of(name: &str) -> Source {
    source_of(Provider::named(name).unwrap())
}

fn get(query: &str) -> Request {
    Request {
        method: "GET".into(),
        query: query.into(),
        ..Request::default()
    }
}

fn post(body: impl Into<Vec<u8>>) -> Request {
    Request {
        body: body.into(),
        ..Request::default()
    }
}

/// What an unsigned request is answered with; `None`: it is no handshake.
fn unsigned(
    source: &Source,
    request: &Request,
    keys: Option<&Keys>,
) -> Option<Result<Reply, Unproven>> {
    request.as_delivery(|delivery| {
        handshake::unsigned(source, &delivery).map(|question| question.reply(keys))
    })
}

fn is_none(source: &Source, request: &Request) -> bool {
    request.as_delivery(|delivery| handshake::unsigned(source, &delivery).is_none())
}

/// What a request is answered with that is signed as the provider signs.
fn signed(source: &Source, mut request: Request) -> Option<Reply> {
    let pair = pair(&source.schemes[0]);
    request.sign(source.schemes, &pair.private, NOW);
    let keys = keys(source.schemes, &[&pair.public]);
    request
        .verified(source, &keys, NOW, handshake::signed)
        .unwrap()
}

fn reply(status: u16, content_type: &'static str, body: &str) -> Reply {
    Reply {
        status,
        content_type,
        body: body.into(),
    }
}

fn text(body: &str) -> Reply {
    reply(200, "text/plain", body)
}

fn json(body: &str) -> Reply {
    reply(200, "application/json", body)
}

#[derive(Deserialize)]
struct Vector {
    provider: String,
    source: String,
    secret: String,
    settings: BTreeMap<String, String>,
    query: String,
    content_type: String,
    body: String,
}

#[test]
fn every_vector_gives_its_answer() {
    let file = std::fs::read(format!("{FOLDER}/handshakes.json")).unwrap();
    let vectors: Vec<Vector> = serde_json::from_slice(&file).unwrap();
    assert_eq!(vectors.len(), 2);
    for vector in vectors {
        let provider = Provider::named(&vector.provider).unwrap();
        for setting in provider.settings {
            assert_eq!(vector.settings[setting.name], setting.example);
        }
        let source = source_of(provider);
        let keys = keys(source.schemes, &[&vector.secret]);
        let answer = unsigned(&source, &get(&vector.query), Some(&keys));
        let answer = answer.unwrap().unwrap();
        assert_eq!(answer.status, 200, "{}", vector.source);
        assert_eq!(answer.content_type, vector.content_type);
        assert_eq!(answer.body, vector.body);
    }
}

#[test]
fn a_signed_challenge_is_answered_as_the_provider_wants_it() {
    for (name, headers, body, answer) in [
        (
            "slack",
            &[][..],
            r#"{"token":"t","challenge":"3eZ\"\u003cb\u003e","type":"url_verification"}"#,
            json(r#"{"challenge":"3eZ\"<b>"}"#),
        ),
        (
            "twitch",
            &[
                ("Twitch-Eventsub-Message-Id", "e76c6bd4"),
                (
                    "Twitch-Eventsub-Message-Type",
                    "webhook_callback_verification",
                ),
            ],
            r#"{"challenge":"pogchamp-kappa-360noscope-vohiyo","subscription":{"status":"webhook_callback_verification_pending"}}"#,
            text("pogchamp-kappa-360noscope-vohiyo"),
        ),
        (
            "front",
            &[("X-Front-Challenge", "a1b2")],
            r#"{"type":"sync"}"#,
            text("a1b2"),
        ),
        (
            "discord",
            &[],
            r#"{"version":1,"application_id":"1234","type":0}"#,
            reply(204, "", ""),
        ),
        (
            "discord",
            &[],
            r#"{"application_id":"1234","id":"1","token":"unique","type":1,"version":1}"#,
            json(r#"{"type":1}"#),
        ),
    ] {
        let mut request = post(body);
        for (header, value) in headers {
            request.set(header, *value);
        }
        assert_eq!(signed(&of(name), request), Some(answer), "{name}");
    }
}

#[test]
fn a_plain_token_of_zooms_gets_its_hmac_by_the_key_that_signed() {
    let zoom = of("zoom");
    let body = r#"{"payload":{"plainToken":"qgg8vlvZRS6UYooatFL8Aw"},"event_ts":1,"event":"endpoint.url_validation"}"#;
    for secrets in [&[SECRET][..], &["newer", SECRET]] {
        let mut request = post(body);
        request.sign(zoom.schemes, SECRET, NOW);
        let keys = keys(zoom.schemes, secrets);
        let answer = request.verified(&zoom, &keys, NOW, handshake::signed);
        let expected = json(
            r#"{"plainToken":"qgg8vlvZRS6UYooatFL8Aw","encryptedToken":"c4837c2aaa9886fd4ba4434e040e3280d709db594d3237e5c2f52179aec10175"}"#,
        );
        assert_eq!(answer, Ok(Some(expected)));
        assert!(is_none(&zoom, &request), "unsigned, it gets no HMAC");
    }
}

#[test]
fn a_signed_event_is_no_handshake() {
    for (name, body) in [
        ("slack", r#"{"type":"event_callback","challenge":"c"}"#),
        ("slack", r#"{"type":"url_verification","challenge":7}"#),
        (
            "twitch",
            r#"{"challenge":"c","subscription":{"status":"enabled"}}"#,
        ),
        ("front", r#"{"type":"inbound"}"#),
        (
            "zoom",
            r#"{"event":"meeting.started","payload":{"plainToken":"x"}}"#,
        ),
        (
            "zoom",
            r#"{"event":"endpoint.url_validation","payload":{}}"#,
        ),
        // An event, with `type` 1 like the ping of interactions.
        (
            "discord",
            r#"{"version":1,"application_id":"1","type":1,"event":{"type":"ENTITLEMENT_CREATE","data":{"id":"1"}}}"#,
        ),
        ("discord", r#"{"token":"t","type":2}"#),
    ] {
        let mut request = post(body);
        request.set("Twitch-Eventsub-Message-Id", "1");
        assert_eq!(signed(&of(name), request), None, "{name} {body}");
    }
}

#[test]
fn an_open_challenge_is_echoed_as_text() {
    let mut graph = get("validationToken=Validation%3a+Testing%20Request-Id%3A%201-2");
    graph.method = "POST".into();
    for (name, request, answer) in [
        ("dropbox", get("challenge=abc-_123"), "abc-_123"),
        ("onfleet", get("check=0f3a"), "0f3a"),
        (
            "microsoft-graph",
            graph,
            "Validation: Testing Request-Id: 1-2",
        ),
        (
            "websub",
            get(
                "hub.mode=subscribe&hub.topic=https%3A%2F%2Fexample.com%2Ffeed.xml&hub.challenge=5%2B5&hub.lease_seconds=10",
            ),
            "5+5",
        ),
    ] {
        let found = unsigned(&of(name), &request, None);
        assert_eq!(found, Some(Ok(text(answer))), "{name}");
    }
    for name in ["circle", "trello", "intercom"] {
        let mut request = get("");
        assert!(is_none(&of(name), &request));
        request.method = "HEAD".into();
        let found = unsigned(&of(name), &request, None);
        assert_eq!(found, Some(Ok(reply(200, "", ""))), "{name}");
    }
    let found = unsigned(&of("monday"), &post(r#"{"challenge":"3eZ\"b"}"#), None);
    assert_eq!(found, Some(Ok(json(r#"{"challenge":"3eZ\"b"}"#))));
}

#[test]
fn a_challenge_code_of_linkedins_gets_its_hmac() {
    let linkedin = of("linkedin");
    let keys = keys(linkedin.schemes, &[SECRET, "older"]);
    let code = "890e4665-4dfe-4ab1-b689-ed553bceeed0";
    let found = unsigned(
        &linkedin,
        &get(&format!("challengeCode={code}")),
        Some(&keys),
    );
    let expected = r#"{"challengeCode":"890e4665-4dfe-4ab1-b689-ed553bceeed0","challengeResponse":"6d7f48acca06ea4f8040a8077539e65a313a80b3c884258f51d1cbb53018050d"}"#;
    assert_eq!(found, Some(Ok(json(expected))), "by the newest secret");
}

#[test]
fn the_header_of_oktas_is_answered_once_its_token_is_right() {
    let okta = of("okta");
    let keys = keys(okta.schemes, &[SECRET]);
    let mut request = get("");
    request.set("X-Okta-Verification-Challenge", "c\"1");
    let awaits = |request: &Request| {
        request.as_delivery(|delivery| handshake::awaits_proof(&okta, &delivery))
    };
    assert!(is_none(&okta, &request) && awaits(&request) && !awaits(&get("")));
    let refusal = request.verify(&okta, &keys, NOW).unwrap_err();
    assert_eq!(refusal.reason, Reason::Missing);
    request.set("Authorization", "wrong");
    let refusal = request.verify(&okta, &keys, NOW).unwrap_err();
    assert_eq!(refusal.reason, Reason::Forged);
    request.set("Authorization", SECRET);
    assert_eq!(
        request.verified(&okta, &keys, NOW, handshake::signed),
        Ok(Some(json(r#"{"verification":"c\"1"}"#)))
    );
    request.method = "POST".into();
    let as_post = request.verified(&okta, &keys, NOW, handshake::signed);
    assert_eq!(as_post, Ok(None));
}

#[test]
fn acrobat_sign_gets_its_client_id_back_once_it_is_the_right_one() {
    let sign = of("adobe-sign");
    let keys = keys(sign.schemes, &["BGBQIIE7H253K6"]);
    let mut request = get("");
    request.set("X-AdobeSign-ClientId", "BGBQIIE7H253K6");
    assert!(is_none(&sign, &request));
    assert_eq!(
        request.verified(&sign, &keys, NOW, handshake::signed),
        Ok(Some(json(r#"{"xAdobeSignClientId":"BGBQIIE7H253K6"}"#)))
    );
    let mut event = post(r#"{"webhookNotificationId":"1"}"#);
    event.set("X-AdobeSign-ClientId", "BGBQIIE7H253K6");
    let echoed = event.verified(&sign, &keys, NOW, |event| event.echo().map(str::to_owned));
    assert_eq!(echoed, Ok(Some("BGBQIIE7H253K6".into())));
    for (client, reason) in [("BGBQIIE7H253K7", Reason::Forged), ("", Reason::Missing)] {
        for mut other in [request.clone(), event.clone()] {
            other.set("X-AdobeSign-ClientId", client);
            let refusal = other.verify(&sign, &keys, NOW).unwrap_err();
            assert_eq!(refusal.reason, reason);
        }
    }
}

#[test]
fn a_text_that_is_echoed_has_the_form_of_a_token() {
    let sign = of("adobe-sign");
    for (client, echoed) in [
        ("a.b-c_d~e+f/g=", true),
        ("two words", false),
        ("<b>", false),
        ("a\"b", false),
        ("a\\r\\nb", false),
        (&"a".repeat(256), true),
        (&"a".repeat(257), false),
    ] {
        let keys = keys(sign.schemes, &[client]);
        let mut event = post("{}");
        event.set("X-AdobeSign-ClientId", client);
        let found = event.verified(&sign, &keys, NOW, |event| event.echo().is_some());
        assert_eq!(found, Ok(echoed), "{client}");
    }
}

#[test]
fn a_verify_token_is_asked_for_and_is_no_key() {
    let token = |text: &str| Secret::new(text, "token").for_purpose(Purpose::VerifyToken);
    let asked = |token: &str| {
        let token = token.replace(' ', "%20");
        get(&format!(
            "hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token={token}"
        ))
    };
    for name in ["meta", "whatsapp"] {
        let source = of(name);
        let load = |secrets: &[Secret]| {
            let (keys, faults) = Keys::load(source.schemes, secrets);
            assert_eq!(faults, []);
            keys
        };
        let held = load(&[
            Secret::new(SECRET, "key"),
            token("meaty ham"),
            token("older"),
            // Once more, as a careless rotation leaves it.
            token("older"),
        ]);
        for (text, answer) in [
            ("meaty ham", Ok(text("1158201444"))),
            ("older", Ok(text("1158201444"))),
            ("meaty", Err(Unproven::Token)),
            ("meaty hamm", Err(Unproven::Token)),
            ("", Err(Unproven::Token)),
            (SECRET, Err(Unproven::Token)),
        ] {
            assert_eq!(
                unsigned(&source, &asked(text), Some(&held)),
                Some(answer),
                "{text}"
            );
        }
        let bare = load(&[Secret::new(SECRET, "key")]);
        for text in ["meaty ham", "", SECRET] {
            for keys in [Some(&bare), None] {
                let found = unsigned(&source, &asked(text), keys);
                assert_eq!(found, Some(Err(Unproven::NoToken)), "fails closed");
            }
        }
        let twice = get(
            "hub.mode=subscribe&hub.challenge=1&hub.verify_token=meaty%20ham&hub.verify_token=meaty%20ham",
        );
        assert_eq!(
            unsigned(&source, &twice, Some(&held)),
            Some(Err(Unproven::Token))
        );
        let without = get("hub.mode=subscribe&hub.challenge=1");
        assert_eq!(
            unsigned(&source, &without, Some(&held)),
            Some(Err(Unproven::Token))
        );

        // Who knows the token can sign nothing.
        let mut event = post(r#"{"object":"page"}"#);
        event.sign(source.schemes, "meaty ham", NOW);
        assert_eq!(
            event.verify(&source, &held, NOW).unwrap_err().reason,
            Reason::Forged
        );
        assert!(load(&[token("meaty ham")]).is_empty());
    }
    let (keys, faults) = Keys::load(of("meta").schemes, &[token("")]);
    assert!(keys.is_empty() && faults.len() == 1);
}

#[test]
fn secrets_are_asked_for_only_where_the_answer_depends_on_them() {
    for (name, query, needs) in [
        ("meta", "hub.mode=subscribe&hub.challenge=c", true),
        ("linkedin", "challengeCode=c", true),
        ("websub", "hub.mode=subscribe&hub.challenge=c", false),
        ("dropbox", "challenge=c", false),
        ("ebay", "challenge_code=c", true),
    ] {
        let source = of(name);
        let found = get(query).as_delivery(|delivery| {
            let question = handshake::unsigned(&source, &delivery).unwrap();
            question.needs_keys()
        });
        assert_eq!(found, needs, "{name}");
    }
}

// What eBay's library expects of its own: event-notification-nodejs-sdk, test/test.js.
#[test]
fn a_digest_is_of_challenge_token_and_the_url_without_its_query() {
    let ebay = of("ebay");
    let asked = Request {
        url: "http://www.testendpoint.com/webhook".into(),
        ..get("challenge_code=a8628072-3d33-45ee-9004-bee86830a22d")
    };
    assert_eq!(unsigned(&ebay, &asked, None), Some(Err(Unproven::NoToken)));
    let token = |text: &str| Secret::new(text, "token").for_purpose(Purpose::VerifyToken);
    let tokens = [
        token("71745723-d031-455c-bfa5-f90d11b4f20a"),
        token("older"),
    ];
    let (keys, _) = Keys::load(ebay.schemes, &tokens);
    let reply = unsigned(&ebay, &asked, Some(&keys)).unwrap().unwrap();
    assert_eq!(
        (reply.status, reply.content_type, reply.body.as_str()),
        (
            200,
            "application/json",
            r#"{"challengeResponse":"ca527df75caa230092d7e90484071e8f05d63068f1317973d6a3a42593734bbb"}"#
        )
    );
}

#[test]
fn an_hmac_without_a_key_is_none() {
    let asked = get("challengeCode=c");
    let found = unsigned(&of("linkedin"), &asked, None);
    assert_eq!(found, Some(Err(Unproven::NoKey)));
}

#[test]
fn the_log_tells_in_a_word_why_a_handshake_is_not_answered() {
    for (unproven, word) in [
        (Unproven::NoToken, "no_verify_token"),
        (Unproven::Token, "verify_token"),
        (Unproven::Unknown, "unknown_subject"),
        (Unproven::NoKey, "no_key"),
    ] {
        assert_eq!(unproven.as_str(), word);
    }
}

#[test]
fn a_topic_that_the_source_does_not_name_is_not_confirmed() {
    let websub = of("websub");
    let asked = |topic: &str| get(&format!("hub.mode=subscribe&hub.challenge=c{topic}"));
    for topic in [
        "",
        "&hub.topic=",
        "&hub.topic=https://example.com/feed.xml/",
        "&hub.topic=https://example.com/feed.xm",
        "&hub.topic={setting:topic}",
        "&hub.topic=https://example.com/feed.xml&hub.topic=https://example.com/feed.xml",
    ] {
        let found = unsigned(&websub, &asked(topic), None);
        assert_eq!(found, Some(Err(Unproven::Unknown)), "{topic}");
    }
    let good = "hub.topic=https://example.com/feed.xml&hub.challenge=c";
    for mode in ["unsubscribe", "denied", "", "Subscribe"] {
        assert!(
            is_none(&websub, &get(&format!("{good}&hub.mode={mode}"))),
            "{mode}"
        );
    }
}

#[test]
fn only_these_providers_have_these_answers() {
    let with = |asks: fn(&Proof) -> bool| -> Vec<&str> {
        PROVIDERS
            .iter()
            .filter(|provider| provider.handshakes.iter().any(|h| asks(&h.proof)))
            .map(|provider| provider.name)
            .collect()
    };
    assert_eq!(
        with(|proof| *proof == Proof::Signature),
        [
            "adobe-sign",
            "discord",
            "front",
            "okta",
            "slack",
            "smartcar",
            "twitch",
            "zoom"
        ]
    );
    assert_eq!(
        with(|proof| matches!(proof, Proof::VerifyToken(_))),
        ["meta", "whatsapp"]
    );
    assert_eq!(with(|proof| matches!(proof, Proof::Known(..))), ["websub"]);
    assert_eq!(
        with(|proof| *proof == Proof::Nothing),
        [
            "adobe-io-events",
            "braintree",
            "circle",
            "circle-cpn",
            "dropbox",
            "ebay",
            "intercom",
            "linkedin",
            "mandrill",
            "microsoft-graph",
            "monday",
            "nylas",
            "onfleet",
            "smartsheet",
            "surveymonkey",
            "trello",
            "worldline-connect",
            "x-twitter"
        ]
    );
    let strangers: Vec<_> = PROVIDERS
        .iter()
        .filter(|provider| {
            provider
                .handshakes
                .iter()
                .any(Handshake::signs_for_strangers)
        })
        .map(|provider| provider.name)
        .collect();
    assert_eq!(strangers, ["braintree", "linkedin", "x-twitter"]);

    for (name, status, content_type, body) in [
        ("xero", 200, "", ""),
        ("discord", 204, "", ""),
        ("websub", 202, "", ""),
        ("adyen", 200, "text/plain", "[accepted]"),
        ("twilio", 200, "text/xml", "<Response/>"),
        (
            "dropbox-sign",
            200,
            "text/plain",
            "Hello API Event Received",
        ),
    ] {
        let fixed = Fixed {
            status,
            content_type,
            body,
        };
        assert_eq!(of(name).accepted, Accepted::Fixed(fixed));
    }
    for (name, status) in [("xero", 401), ("discord", 401), ("websub", 202)] {
        assert_eq!(of(name).refusal_status, status);
    }
}
