//! What strangers try with handshakes: nothing that they may have signed is an event, and nothing of what they ask is
//! shown.

use super::*;

#[test]
fn what_a_stranger_may_have_echoed_is_short_and_no_markup() {
    for (name, method, query) in [
        ("dropbox", "GET", "challenge"),
        ("onfleet", "GET", "check"),
        ("microsoft-graph", "POST", "validationToken"),
    ] {
        let source = of(name);
        let ask = |value: &str| Request {
            method: method.into(),
            query: format!("{query}={value}"),
            ..Request::default()
        };
        let longest = "x".repeat(1_024);
        assert_eq!(
            unsigned(&source, &ask(&longest), None),
            Some(Ok(text(&longest)))
        );
        for value in [
            "",
            "%3Cscript%3Ealert(1)%3C/script%3E",
            "<b>",
            "a%3E",
            "a%0d%0aSet-Cookie:%20x=1",
            "a%0A",
            "a%00",
            "a%7F",
            "%C3%A9",
            "%ff",
            &format!("{longest}x"),
            &"x".repeat(1_024 * 1_024),
            &format!("a&{query}=a"),
            &format!("a&{query}=b"),
        ] {
            assert!(is_none(&source, &ask(value)), "{name} {value:.40}");
        }
        for other in ["GET", "POST", "HEAD", "PUT", "get", ""] {
            let mut request = ask("a");
            request.method = other.into();
            assert_eq!(
                is_none(&source, &request),
                other != method,
                "{name} {other}"
            );
        }
        assert!(is_none(&source, &get("other=a")) && is_none(&source, &get("")));
    }
}

#[test]
fn a_body_that_nothing_signs_is_a_challenge_only_if_it_is_nothing_else() {
    let monday = of("monday");
    for body in [
        r#"{"challenge":"c","event":{}}"#,
        r#"{"event":{"challenge":"c"}}"#,
        r#"{"challenge":"c","challenge":"c"}"#,
        r#"{"challenge":7}"#,
        r#"{"challenge":""}"#,
        r#"{"challenge":"<script>"}"#,
        r#"{"challenge":"a\r\nb"}"#,
        r#"{"challenge":"c"} "x""#,
        r#"["challenge"]"#,
        "challenge=c",
        "",
    ] {
        assert!(is_none(&monday, &post(body)), "{body}");
    }
    let long = format!(r#"{{"challenge":"{}"}}"#, "x".repeat(1_025));
    assert!(is_none(&monday, &post(long)));
    let padded = |length| post(format!("{:length$}", r#"{"challenge":"c"}"#));
    assert!(!is_none(&monday, &padded(4_096)));
    assert!(is_none(&monday, &padded(4_097)));
    assert!(is_none(&monday, &post("[".repeat(MAX_BODY_BYTES))));
}

#[test]
fn what_a_stranger_may_have_signed_is_narrow() {
    for (name, query, good, bad) in [
        ("x-twitter", "crc_token", "NmVkZTRkYmU-_.~/==", 257),
        ("linkedin", "challengeCode", "890e4665-4dfe", 257),
        ("braintree", "bt_challenge", "20f9f8ed05f77439fe95", 33),
    ] {
        let source = of(name);
        let ask = |value: &str| get(&format!("{query}={value}"));
        assert!(!is_none(&source, &ask(good)), "{name}");
        for value in [
            "",
            "{}",
            "%7B%22a%22%3A1%7D",
            "a%22",
            "a%20b",
            "a%0A",
            "a,b",
            "a:b",
            "a%3Cb",
            &"a".repeat(bad),
            &"a".repeat(1_024 * 1_024),
            &format!("{good}&{query}={good}"),
        ] {
            assert!(is_none(&source, &ask(value)), "{name} {value:.40}");
        }
    }
    let braintree = of("braintree");
    for value in ["a".repeat(19), "A".repeat(20), "g".repeat(20)] {
        assert!(is_none(&braintree, &get(&format!("bt_challenge={value}"))));
    }
}

#[test]
fn a_message_that_anyone_may_have_signed_is_no_event() {
    // What X and Braintree sign is the message itself, so the answer to a challenge is its signature.
    for (name, query, answered, header) in [
        (
            "x-twitter",
            "crc_token=1234",
            "response_token",
            "x-twitter-webhooks-signature",
        ),
        (
            "linkedin",
            "challengeCode=hmacsha256%3D1234",
            "challengeResponse",
            "X-LI-Signature",
        ),
    ] {
        let source = of(name);
        let held = keys(source.schemes, &[SECRET]);
        let answer = unsigned(&source, &get(query), Some(&held));
        let response: serde_json::Value =
            serde_json::from_str(&answer.unwrap().unwrap().body).unwrap();
        let mut forged = post("1234");
        forged.set(header, response[answered].as_str().unwrap());
        let refused = forged.reason(&source, &held, NOW);
        assert_eq!(refused, Some(Reason::Forged), "{name}");
    }

    let braintree = of("braintree");
    let held = keys(braintree.schemes, &[SECRET]);
    let payload = "20f9f8ed05f77439fe955c977e4c8a53";
    let asked = get(&format!("bt_challenge={payload}"));
    let answer = unsigned(&braintree, &asked, Some(&held)).unwrap().unwrap();
    let signature = answer.body.replace('|', "%7C");
    let forged = post(format!("bt_signature={signature}&bt_payload={payload}"));
    let refused = forged.reason(&braintree, &held, NOW);
    assert_eq!(refused, Some(Reason::Forged));

    // Events are none of those.
    for (name, body) in [("x-twitter", r#"{"for_user_id":"1"}"#), ("linkedin", "{}")] {
        let source = of(name);
        let mut event = post(body);
        event.sign(source.schemes, SECRET, NOW);
        let held = keys(source.schemes, &[SECRET]);
        assert_eq!(event.verify(&source, &held, NOW), Ok(()));
    }
}

#[test]
fn nothing_of_a_question_or_its_answer_is_shown() {
    let dropbox = of("dropbox");
    get("challenge=MARK").as_delivery(|delivery: Delivery<'_>| {
        let question: Question<'_> = handshake::unsigned(&dropbox, &delivery).unwrap();
        let answer = question.reply(None);
        assert!(!format!("{question:?} {answer:?}").contains("MARK"));
    });
    let token = Secret::new("MARK", "label").for_purpose(Purpose::VerifyToken);
    let (keys, _) = Keys::load(dropbox.schemes, std::slice::from_ref(&token));
    assert!(!format!("{token:?} {keys:?}").contains("MARK"));
}
