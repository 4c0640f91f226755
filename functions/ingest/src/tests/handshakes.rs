//! Handshakes on the whole path: answered to the byte, recorded nowhere, logged without what was asked; and
//! what providers want to hear of an accepted delivery.

use serde_json::{Value, json};

use super::{changed, recorded, refused, unavailable};
use crate::testing::{LATER_SECRET, Memory, Mode, SECRET, VERIFY_TOKEN, asked, request, signed};

const SLACK: &str = r#"{"type":"url_verification","challenge":"3eZbrw1a"}"#;
const ZOOM: &str = r#"{"event":"endpoint.url_validation","payload":{"plainToken":"3eZbrw1a"}}"#;

/// A request with a challenge for each source that has one; nothing but the challenge is `3eZbrw1a`.
fn handshakes() -> Vec<(Value, &'static str, &'static str)> {
    let okta = [("X-Okta-Verification-Challenge", "3eZbrw1a")];
    let okta = signed("okta", "", &okta, SECRET);
    let meta = format!("hub.mode=subscribe&hub.verify_token={VERIFY_TOKEN}&hub.challenge=3eZbrw1a");
    let websub = "hub.mode=subscribe&hub.topic=https://example.com/feed.xml&hub.challenge=3eZbrw1a";
    vec![
        (
            signed("slack", SLACK, &[], SECRET),
            "application/json",
            r#"{"challenge":"3eZbrw1a"}"#,
        ),
        (
            signed("zoom", ZOOM, &[], SECRET),
            "application/json",
            r#"{"plainToken":"3eZbrw1a","encryptedToken":"731767ab01e68bf688623fdc280f7458f0fc6db69df6c6cd6cb3cf9b67a90192"}"#,
        ),
        (
            asked("x", "GET", "crc_token=3eZbrw1a", ""),
            "application/json",
            r#"{"response_token":"sha256=cxdnqwHmi/aIYj/cKA90WPD8bbad9sbNbLPPm2epAZI="}"#,
        ),
        (
            changed(okta, "/requestContext/http/method", "GET"),
            "application/json",
            r#"{"verification":"3eZbrw1a"}"#,
        ),
        (
            asked("monday", "POST", "", r#"{"challenge":"3eZbrw1a"}"#),
            "application/json",
            r#"{"challenge":"3eZbrw1a"}"#,
        ),
        (
            asked("dropbox", "GET", "challenge=3eZbrw1a", ""),
            "text/plain",
            "3eZbrw1a",
        ),
        (
            asked("microsoft-graph", "POST", "validationToken=3eZbrw1a", ""),
            "text/plain",
            "3eZbrw1a",
        ),
        (asked("meta", "GET", &meta, ""), "text/plain", "3eZbrw1a"),
        (asked("websub", "GET", websub, ""), "text/plain", "3eZbrw1a"),
        (asked("trello", "HEAD", "", ""), "", ""),
    ]
}

#[tokio::test]
async fn a_handshake_is_answered_to_the_byte_and_costs_no_call() {
    for (event, content_type, body) in handshakes() {
        let memory = Memory::new();
        let answer = memory.respond(&event).await;
        assert_eq!(answer, (200, content_type.into(), body.into()));
        assert_eq!(memory.calls(), [""; 0], "{event}");
        assert!(memory.state().events.is_empty());
    }
}

#[tokio::test]
async fn a_handshake_is_logged_without_what_was_asked() {
    for (event, ..) in handshakes() {
        let memory = Memory::new();
        memory.respond(&event).await;
        let note = memory.note();
        assert_eq!(note["outcome"], "handshake");
        assert_eq!(note["status"], 200);
        assert_eq!(note["event_id"], Value::Null);
        assert_eq!(note["deliveries.accepted"], Value::Null);
        let note = note.to_string();
        for secret in ["3eZbrw1a", VERIFY_TOKEN, SECRET] {
            assert!(!note.contains(secret), "{note}");
        }
    }
}

#[tokio::test]
async fn a_handshake_that_must_be_signed_gets_nothing_unsigned() {
    // What Slack is answered is shown to people: there is no body.
    for (source, body, answer) in [
        ("slack", SLACK, String::new()),
        ("zoom", ZOOM, refused().to_string()),
    ] {
        let memory = Memory::new();
        let forged = signed(source, body, &[], LATER_SECRET);
        let (status, _, text) = memory.respond(&forged).await;
        assert_eq!((status, &text), (400, &answer), "{source}");
        assert_eq!(memory.note()["reason"], "forged");
        let unsigned = request(source, body, &[]);
        let (status, _, text) = memory.respond(&unsigned).await;
        assert_eq!((status, &text), (400, &answer), "{source}");
    }
    let headers = [("X-Okta-Verification-Challenge", "3eZbrw1a")];
    for secret in [LATER_SECRET, ""] {
        let memory = Memory::new();
        let mut event = signed("okta", "", &headers, "x");
        event["headers"]["authorization"] = secret.into();
        let event = changed(event, "/requestContext/http/method", "GET");
        assert_eq!(memory.receive(&event).await, (400, refused()));
    }
}

#[tokio::test]
async fn a_fixed_reply_has_its_status_and_no_body() {
    let memory = Memory::new();
    let ping = signed("pinged", r#"{"type":0}"#, &[], SECRET);
    assert_eq!(
        memory.respond(&ping).await,
        (204, String::new(), String::new())
    );
    assert_eq!(memory.note()["outcome"], "handshake");
    let head = asked("pinged", "HEAD", "", "");
    assert_eq!(
        memory.respond(&head).await,
        (200, String::new(), String::new())
    );
    assert_eq!(memory.calls(), [""; 0]);
}

#[tokio::test]
async fn a_verify_token_that_is_wrong_or_lacking_is_refused() {
    let ask = |source, token: &str| {
        let query = format!("hub.mode=subscribe&hub.verify_token={token}&hub.challenge=3eZbrw1a");
        asked(source, "GET", &query, "")
    };
    for (event, reason) in [
        (ask("meta", "MARK"), "verify_token"),
        (ask("meta", ""), "verify_token"),
        (ask("meta", &SECRET.replace(' ', "+")), "verify_token"),
        (ask("meta-without-token", VERIFY_TOKEN), "no_verify_token"),
        (ask("meta-without-token", ""), "no_verify_token"),
    ] {
        let memory = Memory::new();
        assert_eq!(memory.receive(&event).await, (403, refused()), "{event}");
        assert_eq!(memory.calls(), [""; 0]);
        let note = memory.note();
        assert_eq!(
            (&note["outcome"], &note["reason"]),
            (&json!("refused"), &json!(reason))
        );
        assert_eq!(note["deliveries.refused"], 1);
        assert!(!note.to_string().contains("MARK") && !note.to_string().contains("3eZbrw1a"));
    }
}

#[tokio::test]
async fn a_topic_that_was_not_subscribed_to_is_not_found() {
    let memory = Memory::new();
    let query = "hub.mode=subscribe&hub.topic=https://example.com/other.xml&hub.challenge=c";
    let event = asked("websub", "GET", query, "");
    assert_eq!(memory.receive(&event).await, (404, refused()));
    assert_eq!(memory.note()["reason"], "unknown_subject");
}

#[tokio::test(start_paused = true)]
async fn a_handshake_that_needs_keys_waits_for_them_as_a_delivery_does() {
    let meta = "hub.mode=subscribe&hub.verify_token=v&hub.challenge=c";
    let event = asked("meta-unset", "GET", meta, "");
    let memory = Memory::new();
    assert_eq!(memory.receive(&event).await, (503, unavailable()));
    assert_eq!(memory.note()["deliveries.unavailable"], 1);

    // A secret that is due is read again, since no event may come in before the endpoint is proven.
    let memory = Memory::new();
    memory.state().secret_is_due();
    memory.state().stored = vec![LATER_SECRET.into()];
    let event = asked("x", "GET", "crc_token=3eZbrw1a", "");
    let (status, _, body) = memory.respond(&event).await;
    assert_eq!(status, 200);
    assert_eq!(memory.calls(), ["secret"]);
    assert_ne!(
        memory.respond(&event).await.2,
        Memory::new().respond(&event).await.2
    );
    assert_eq!(memory.respond(&event).await.2, body);

    let memory = Memory::new();
    memory.state().secret_is_due();
    memory.trouble("secret", Mode::Hangs);
    let started = tokio::time::Instant::now();
    assert_eq!(memory.respond(&event).await.0, 200);
    assert_eq!(started.elapsed().as_millis(), 1_000);
}

#[tokio::test]
async fn what_is_no_handshake_goes_the_ordinary_way() {
    let dropbox = |method, query: &str| asked("dropbox", method, query, "");
    let graph = |method, query| asked("microsoft-graph", method, query, "");
    let long = format!("challenge={}", "a".repeat(1_024 * 1_024));
    let script = "challenge=%3Cscript%3E";
    let break_in = "challenge=a%0d%0aset-cookie:a=b";
    let event_too = r#"{"challenge":"a","event":{}}"#;
    for (event, status, allow) in [
        (dropbox("GET", ""), 405, "POST"),
        (dropbox("GET", "challenge="), 405, "POST"),
        (dropbox("GET", "challenge=a&challenge=b"), 405, "POST"),
        (dropbox("GET", script), 405, "POST"),
        (dropbox("GET", break_in), 405, "POST"),
        (dropbox("GET", &long), 405, "POST"),
        (dropbox("PUT", "challenge=a"), 405, "GET, POST"),
        (dropbox("HEAD", "challenge=a"), 405, "GET, POST"),
        (dropbox("get", "challenge=a"), 405, "GET, POST"),
        (dropbox("POST", "challenge=a"), 400, ""),
        (asked("okta", "GET", "", ""), 405, "POST"),
        (asked("trello", "GET", "", ""), 405, "HEAD, POST"),
        (asked("pinged", "DELETE", "", ""), 405, "HEAD, POST"),
        (asked("slack", "GET", "challenge=a", SLACK), 405, "POST"),
        (asked("github", "HEAD", "", ""), 405, "POST"),
        (graph("GET", "validationToken=a"), 405, "POST"),
        (asked("monday", "POST", "", event_too), 400, ""),
        (asked("x", "GET", "crc_token=%7B%7D", ""), 405, "POST"),
    ] {
        let memory = Memory::new();
        let response = memory.response(&event).await;
        let shown = event.to_string();
        assert_eq!(response["statusCode"], status, "{shown:.300}");
        let allowed = response["headers"]["allow"].as_str();
        assert_eq!(allowed.unwrap_or_default(), allow, "{shown:.300}");
        assert_eq!(response["body"], refused().to_string());
        assert_eq!(memory.calls(), [""; 0]);
    }
    // Of a delivery Microsoft Graph reads the status alone.
    let memory = Memory::new();
    let response = memory.response(&graph("POST", "validationToken=%3C")).await;
    assert_eq!(
        (&response["statusCode"], &response["body"]),
        (&json!(400), &json!(""))
    );
    assert_eq!(memory.calls(), [""; 0]);
}

#[tokio::test]
async fn a_handshake_is_subject_to_the_list_of_addresses_and_to_size() {
    let memory = Memory::new();
    let event = asked("dropbox", "GET", "challenge=a", "");
    let stranger = changed(event, "/requestContext/http/sourceIp", "198.51.100.1");
    assert_eq!(memory.receive(&stranger).await, (403, refused()));
    assert_eq!(memory.note()["reason"], "source_ip");

    let body = "x".repeat(catalogue::size::MAX_BODY_BYTES + 1);
    let event = asked("microsoft-graph", "POST", "validationToken=a", &body);
    assert_eq!(memory.receive(&event).await, (413, refused()));
}

#[tokio::test]
async fn an_accepted_delivery_is_answered_as_its_provider_wants_it() {
    // Whoever types a command twice wants it done twice: those have no id.
    for (source, body, again, status, content_type, answer) in [
        ("xero", r#"{"events":[]}"#, "duplicate", 200, "", ""),
        ("pinged", r#"{"type":1}"#, "duplicate", 204, "", ""),
        (
            "slack",
            "command=%2Fdeploy&text=now",
            "accepted",
            200,
            "",
            "",
        ),
        (
            "slack",
            "payload=%7B%22type%22%3A%22block_actions%22%7D",
            "accepted",
            200,
            "",
            "",
        ),
        ("twilio", "", "duplicate", 200, "text/xml", "<Response/>"),
    ] {
        let memory = Memory::new();
        let id = [
            ("I-Twilio-Idempotency-Token", "1"),
            ("X-GitHub-Delivery", "1"),
        ];
        let event = signed(source, body, &id, SECRET);
        for outcome in ["accepted", again] {
            let found = memory.respond(&event).await;
            assert_eq!(
                found,
                (status, content_type.into(), answer.into()),
                "{source}"
            );
            let note = memory.note();
            assert_eq!(
                (&note["outcome"], &note["status"]),
                (&json!(outcome), &json!(status))
            );
        }
    }
    let memory = Memory::new();
    let event = signed("github", "{}", &[("X-GitHub-Delivery", "1")], SECRET);
    assert_eq!(memory.receive(&event).await, recorded("accepted", "1"));
}

#[tokio::test]
async fn a_header_is_echoed_to_an_authentic_delivery_alone() {
    let mut memory = Memory::new();
    memory.state().hold(&["CLIENT-1"]);
    let body = r#"{"webhookNotificationId":"1","event":"AGREEMENT_CREATED"}"#;
    let event = signed("adobe-sign", body, &[], "CLIENT-1");
    for outcome in ["accepted", "duplicate"] {
        let answer = memory.respond(&event).await;
        let echoed = r#"{"xAdobeSignClientId":"CLIENT-1"}"#;
        assert_eq!(answer, (200, "application/json".into(), echoed.into()));
        assert_eq!(memory.note()["outcome"], outcome);
    }
    let forged = signed("adobe-sign", body, &[], "CLIENT-2");
    assert_eq!(memory.receive(&forged).await, (400, refused()));
    // What may not be echoed is answered as usual.
    memory = Memory::new();
    memory.state().hold(&["two words"]);
    let event = signed("adobe-sign", body, &[], "two words");
    let (status, answer) = memory.receive(&event).await;
    assert_eq!((status, &answer["outcome"]), (200, &json!("accepted")));
    assert!(!answer.to_string().contains("two words"), "{answer}");
}

#[tokio::test]
async fn an_intent_to_receive_is_200_if_it_is_signed_and_else_401_both_without_a_body() {
    let memory = Memory::new();
    let intent = r#"{"events":[],"firstEventSequence":0,"lastEventSequence":0,"entropy":"S0m3"}"#;
    for (secret, status) in [(SECRET, 200), (LATER_SECRET, 401)] {
        let answer = memory.respond(&signed("xero", intent, &[], secret)).await;
        assert_eq!(answer, (status, String::new(), String::new()));
    }
    let unsigned = memory.respond(&request("xero", intent, &[])).await;
    assert_eq!(unsigned, (401, String::new(), String::new()));
}

#[tokio::test]
async fn a_refusal_may_have_a_status_that_tells_nothing() {
    let memory = Memory::new();
    let nothing = (202, String::new(), String::new());
    let good = signed("websub", "<feed/>", &[], SECRET);
    assert_eq!(memory.respond(&good).await, nothing);
    assert_eq!(memory.state().events.len(), 1);
    let memory = Memory::new();
    let forged = signed("websub", "<feed/>", &[], LATER_SECRET);
    assert_eq!(memory.respond(&forged).await, nothing);
    let note = memory.note();
    assert_eq!(
        (&note["outcome"], &note["reason"]),
        (&json!("refused"), &json!("forged"))
    );
    assert!(memory.state().events.is_empty());
}
