//! Deliveries that name the address of their key.

use serde_json::Value;

use super::{recorded, refused};
use crate::testing::{FAILS, Memory, signed};

/// The first key pair of RFC 8032, section 7.1.
const PRIVATE: &str = "whsk_nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=";
const PUBLIC: &str = "whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";

const ADDRESS: &str = "https://keys.example.com/2026";

/// A world where this address has the public key.
fn world() -> Memory {
    let memory = Memory::new();
    memory.state().published.insert(ADDRESS, PUBLIC);
    memory
}

/// A delivery that names this address.
fn event(address: &str) -> Value {
    signed(
        "named",
        "{}",
        &[("X-Id", "1"), ("X-Key-Url", address)],
        PRIVATE,
    )
}

#[tokio::test]
async fn the_key_at_the_address_proves_the_delivery() {
    let memory = world();
    assert_eq!(
        memory.receive(&event(ADDRESS)).await,
        recorded("accepted", "1")
    );
    assert_eq!(memory.calls(), ["fetch", "put_event", "send"]);
}

#[tokio::test]
async fn a_signature_of_another_key_is_refused() {
    let memory = world();
    let mut forged = event(ADDRESS);
    forged["body"] = "{ }".into();
    assert_eq!(memory.receive(&forged).await, (400, refused()));
    assert_eq!(memory.calls(), ["fetch"]);
    assert_eq!(memory.note()["reason"], "forged");
}

#[tokio::test]
async fn an_address_elsewhere_is_not_called() {
    for (address, reason) in [
        ("", "missing"),
        ("https://keys.example.com.evil.example/2026", "malformed"),
        ("https://keys.example.com/2026?keys=evil", "malformed"),
    ] {
        let memory = world();
        assert_eq!(
            memory.receive(&event(address)).await,
            (400, refused()),
            "{address}"
        );
        assert_eq!(memory.calls(), [""; 0], "{address}");
        let note = memory.note();
        assert_eq!(note["reason"], reason, "{address}");
        assert!(!note.to_string().contains("evil"), "{note}");
    }
}

#[tokio::test]
async fn what_can_be_refused_without_a_key_costs_no_fetch() {
    let good = event(ADDRESS);
    let with = |name: &str, value: Value| {
        let mut event = good.clone();
        event["headers"][name] = value;
        event
    };
    for (junk, reason) in [
        (with("x-signature", Value::Null), "missing"),
        (with("x-signature", "".into()), "missing"),
        (with("x-signature", "00".into()), "malformed"),
        (with("x-signature", "no hex".into()), "malformed"),
        (with("x-id", Value::Null), "missing"),
    ] {
        let mut junk = junk;
        if let Some(headers) = junk["headers"].as_object_mut() {
            headers.retain(|_, value| !value.is_null());
        }
        let memory = world();
        assert_eq!(memory.receive(&junk).await, (400, refused()), "{junk}");
        assert_eq!(memory.calls(), [""; 0], "{junk}");
        assert_eq!(memory.note()["reason"], reason, "{junk}");
    }
}

#[tokio::test]
async fn an_address_without_a_key_proves_nothing() {
    let memory = world();
    let answer = memory
        .receive(&event("https://keys.example.com/other"))
        .await;
    assert_eq!(answer, (400, refused()));
    assert_eq!(memory.calls(), ["fetch"]);
    assert_eq!(memory.note()["reason"], "forged");
}

#[tokio::test]
async fn while_the_address_does_not_answer_the_provider_is_asked_to_send_again() {
    let memory = world();
    memory.trouble("fetch", FAILS);
    let (status, _) = memory.receive(&event(ADDRESS)).await;
    assert_eq!(status, 503);
    let note = memory.note();
    assert_eq!(note["outcome"], "unavailable");
    assert_eq!(note["error"], "fetch: failed");
    assert_eq!(memory.calls(), ["fetch"], "tried once");
}
