//! Behind a front: what comes past it, what it tells, and that nobody else tells it.

use serde_json::{Value, json};

use super::{changed, recorded, refused, unavailable};
use crate::testing::{FAILS, Memory, SECRET, event, signed};

const OLD: &str = "the one before";
const NEW: &str = "the newest";

/// A request with these headers beside its own.
fn with(mut event: Value, headers: &[(&str, &str)]) -> Value {
    for (name, value) in headers {
        event["headers"][name] = (*value).into();
    }
    event
}

fn behind() -> Memory {
    Memory::new().behind_a_front(&[NEW, OLD])
}

#[tokio::test]
async fn what_comes_past_the_front_is_refused_whatever_it_is_and_costs_no_call() {
    let elsewhere = changed(event("1"), "/rawPath", "/webhooks/nobody");
    for event in [
        event("1"),
        with(event("1"), &[("x-landfall-front", "")]),
        with(event("1"), &[("x-landfall-front", "guessed")]),
        with(event("1"), &[("x-landfall-front", "the newest,the newest")]),
        with(event("1"), &[("x-landfall-viewer", "192.0.2.7")]),
        elsewhere,
    ] {
        let memory = behind();
        assert_eq!(memory.receive(&event).await, (403, refused()), "{event}");
        assert_eq!(memory.calls(), [""; 0]);
        let note = memory.note();
        assert_eq!(
            (&note["reason"], &note["source"]),
            (&json!("front"), &Value::Null)
        );
        // As the platform saw it: nothing else is to be believed.
        assert_eq!(note["source_ip"], "192.0.2.1");
        assert_eq!(note["deliveries.refused"], 1);
    }
}

#[tokio::test]
async fn either_of_two_secrets_lets_in_and_is_told_nobody() {
    for shown in [NEW, OLD] {
        let memory = behind();
        let through = with(
            event("1"),
            &[
                ("x-landfall-front", shown),
                ("x-landfall-viewer", "192.0.2.7"),
            ],
        );
        assert_eq!(memory.receive(&through).await, recorded("accepted", "1"));
        let (state, note) = (memory.state().events.clone(), memory.note());
        assert!(!format!("{note} {state:?}").contains(shown));
        assert_eq!(note["source_ip"], "192.0.2.7");
    }
}

#[tokio::test]
async fn nobody_is_refused_while_the_secret_cant_be_read() {
    let memory = behind();
    memory.trouble("front", FAILS);
    let shown = with(event("1"), &[("x-landfall-front", "unread")]);
    assert_eq!(memory.receive(&shown).await, (503, unavailable()));
    assert_eq!(memory.note()["outcome"], "unavailable");
}

#[tokio::test]
async fn a_source_lists_addresses_as_the_front_sees_them() {
    let listed = || signed("listed", "{}", &[("X-GitHub-Delivery", "1")], SECRET);
    // The platform sees the front, at an address that the source lists, and the front sees the caller.
    for (viewer, status) in [
        ("192.0.2.1", 200),
        ("198.51.100.1", 403),
        ("2001:db8::1", 403),
        ("", 403),
        ("192.0.2.1,192.0.2.1", 403),
    ] {
        let told = [("x-landfall-front", NEW), ("x-landfall-viewer", viewer)];
        let (found, _) = behind().receive(&with(listed(), &told)).await;
        assert_eq!(found, status, "{viewer}");
    }
    let untold = with(listed(), &[("x-landfall-front", NEW)]);
    assert_eq!(behind().receive(&untold).await, (403, refused()));
}

#[tokio::test]
async fn without_a_front_nothing_is_believed_that_one_would_tell() {
    let listed = signed("listed", "{}", &[("X-GitHub-Delivery", "1")], SECRET);
    let from = |address: &str| changed(listed.clone(), "/requestContext/http/sourceIp", address);
    let told = [
        ("x-landfall-front", NEW),
        ("x-landfall-viewer", "192.0.2.1"),
        ("x-landfall-host", "elsewhere.example"),
        ("cloudfront-viewer-address", "192.0.2.1:443"),
        ("x-forwarded-for", "192.0.2.1"),
    ];
    let memory = Memory::new();
    let spoofed = with(from("198.51.100.1"), &told);
    assert_eq!(memory.receive(&spoofed).await, (403, refused()));
    assert_eq!(memory.note()["source_ip"], "198.51.100.1");
    let (status, _) = memory.receive(&with(from("192.0.2.1"), &told)).await;
    assert_eq!(status, 200);
}
