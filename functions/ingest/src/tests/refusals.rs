//! What is refused: every reason, its status, and that it costs and tells nothing.

use protocol::time::Millis;
use serde_json::{Value, json};

use super::{changed, recorded, refused};
use crate::testing::{LATER_SECRET, Memory, SECRET, event, github, request, signed};

#[tokio::test]
async fn every_refusal_has_its_status_and_one_body_and_costs_no_call() {
    let listed = signed("listed", "{}", &[("X-GitHub-Delivery", "1")], SECRET);
    let to = |path: &str| changed(event("1"), "/rawPath", path);
    let by = |method: &str| changed(event("1"), "/requestContext/http/method", method);
    let from = |ip: &str| changed(listed.clone(), "/requestContext/http/sourceIp", ip);
    let base64 = |event| changed(event, "/isBase64Encoded", true);
    let large = request("listed", &" ".repeat(2_001), &[]);
    let large_once_decoded = base64(request("listed", &"A".repeat(2_668), &[]));
    let no_base64 = changed(base64(event("1")), "/body", "%%%");
    let no_hex = changed(event("1"), "/headers/x-hub-signature-256", "sha256=zz");
    for (event, status, reason) in [
        (to("/"), 404, "unknown_source"),
        (to("/webhooks/github/more"), 404, "unknown_source"),
        (to("/webhooks/%67ithub"), 404, "unknown_source"),
        (to("/webhooks/nobody"), 404, "unknown_source"),
        // Landfall tells of itself, and nobody else does.
        (to("/webhooks/landfall"), 404, "unknown_source"),
        (by("GET"), 405, "method"),
        (by("post"), 405, "method"),
        (large, 413, "too_large"),
        (large_once_decoded, 413, "too_large"),
        (from("198.51.100.1"), 403, "source_ip"),
        (from("nowhere"), 403, "source_ip"),
        (no_base64, 400, "malformed"),
        (request("github", "{}", &[]), 400, "missing"),
        (no_hex, 400, "malformed"),
        (json!(null), 400, "malformed"),
        (json!({}), 404, "unknown_source"),
    ] {
        let memory = Memory::new();
        assert_eq!(memory.receive(&event).await, (status, refused()), "{event}");
        assert_eq!(memory.calls(), [""; 0], "{event}");
        let note = memory.note();
        assert_eq!(note["reason"], reason, "{event}");
        assert_eq!(note["deliveries.refused"], 1);
        assert_eq!(note["status"], status);
    }
    let memory = Memory::new();
    assert_eq!(memory.receive(&listed).await, recorded("accepted", "1"));
}

#[tokio::test]
async fn a_delivery_has_one_of_the_methods_that_its_provider_lets_people_choose() {
    let sent = signed("zendesk", r#"{"id":1}"#, &[], SECRET);
    for (method, status, allow) in [
        ("POST", 200, None),
        ("PUT", 200, None),
        ("PATCH", 200, None),
        ("GET", 405, Some("POST, PUT, PATCH")),
        ("DELETE", 405, Some("POST, PUT, PATCH")),
        ("put", 405, Some("POST, PUT, PATCH")),
    ] {
        let event = changed(sent.clone(), "/requestContext/http/method", method);
        let memory = Memory::new();
        let response = memory.response(&event).await;
        assert_eq!(response["statusCode"], status, "{method}");
        assert_eq!(response["headers"]["allow"].as_str(), allow, "{method}");
    }
    // Whose data would be in the body, and isn't.
    let unsigned = changed(
        request("zendesk", "{}", &[]),
        "/requestContext/http/method",
        "PUT",
    );
    assert_eq!(Memory::new().receive(&unsigned).await, (400, refused()));
}

#[tokio::test]
async fn a_stale_delivery_is_refused() {
    let memory = Memory::new();
    let event = signed("zoom", r#"{"event":"meeting.ended"}"#, &[], SECRET);
    memory.state().moved = Millis::seconds(301);
    assert_eq!(memory.receive(&event).await, (400, refused()));
    assert_eq!(memory.note()["reason"], "stale");
    assert_eq!(memory.calls(), [""; 0]);
}

#[tokio::test]
async fn a_forged_delivery_is_refused_after_one_look_at_the_secret() {
    let memory = Memory::new();
    let forged = github("1", "{}", LATER_SECRET);
    for effects in [["secret"].as_slice(), &[]] {
        assert_eq!(memory.receive(&forged).await, (400, refused()));
        assert_eq!(memory.calls(), effects);
        let note = memory.note();
        assert_eq!(note["reason"], "forged");
        assert_eq!(
            (&note["deliveries.forged"], &note["deliveries.refused"]),
            (&json!(1), &json!(1))
        );
        assert_eq!(note["event_id"], Value::Null);
    }
}

#[tokio::test]
async fn a_source_chooses_the_status_of_its_refusals() {
    let memory = Memory::new();
    let forged = signed("strict", "{}", &[], LATER_SECRET);
    assert_eq!(memory.receive(&forged).await, (401, refused()));
    assert_eq!(
        memory.receive(&request("strict", "{}", &[])).await,
        (401, refused())
    );
}

#[tokio::test]
async fn no_byte_of_an_unverified_delivery_is_logged() {
    let canary = "canary-7f3a";
    let mut event = github(canary, &format!(r#"{{"a":"{canary}"}}"#), LATER_SECRET);
    event["rawQueryString"] = canary.into();
    event["headers"]["user-agent"] = canary.into();
    event["headers"]["x-amzn-trace-id"] = canary.into();
    for event in [
        event.clone(),
        changed(event.clone(), "/rawPath", format!("/webhooks/{canary}")),
        changed(event.clone(), "/requestContext/http/method", canary),
        changed(event.clone(), "/headers/x-hub-signature-256", canary),
        changed(event, "/isBase64Encoded", true),
    ] {
        let memory = Memory::new();
        memory.receive(&event).await;
        assert!(!memory.note().to_string().contains(canary), "{event}");
    }
}
