//! Secrets that providers hand over: who may, when, and what stays.

use protocol::time::Millis;
use serde_json::{Value, json};
use webhook::endpoint::enrolment::Entry;

use super::{changed, refused};
use crate::testing::{FAILS, LATER_SECRET, Memory, Mode, NOW, SECRET, request, signed};

const HANDED_OVER: &str = "b537207f20cbfa02357cf448134da559";
const ANOTHER: &str = "d41d8cd98f00b204e9800998ecf8427e";

/// Asana's first request.
fn hook(secret: &str) -> Value {
    request("asana", "{}", &[("X-Hook-Secret".into(), secret.into())])
}

/// Notion's.
fn token(secret: &str) -> Value {
    let body = format!(r#"{{"verification_token":"secret_{secret}"}}"#);
    request("notion", &body, &[])
}

/// A world in which enrolment was opened for this source a moment ago.
fn open(source: &str) -> Memory {
    let memory = Memory::new();
    let entry = Entry::opened(NOW);
    memory.state().enrolments.insert(source.into(), entry);
    memory
}

fn pending(memory: &Memory, source: &str) -> Option<String> {
    let inner = memory.state();
    let entry = inner.enrolments.get(source)?;
    Some(entry.pending.as_ref()?.secret.clone())
}

#[tokio::test]
async fn a_secret_that_is_handed_over_while_enrolment_is_open_waits_and_is_echoed() {
    let memory = open("asana");
    // Providers repeat themselves.
    for passed in [0, 599_999] {
        memory.state().moved = Millis(passed);
        let response = memory.response(&hook(HANDED_OVER)).await;
        assert_eq!(response["statusCode"], 200);
        assert_eq!(response["headers"]["x-hook-secret"], HANDED_OVER);
        assert_eq!(response["body"], "");
        assert_eq!(memory.calls(), ["keep"]);
        let note = memory.note();
        assert_eq!(note["outcome"], "handed_over");
        assert!(!note.to_string().contains(HANDED_OVER));
    }
    let entry = memory.state().enrolments["asana"].clone();
    let pending = entry.pending.unwrap();
    assert_eq!(pending.secret, HANDED_OVER);
    assert_eq!(
        (pending.received_at, pending.source_ip),
        (NOW, Some([192, 0, 2, 1].into()))
    );
    let inner = memory.state();
    assert!(inner.events.is_empty() && inner.stored == [SECRET]);
}

#[tokio::test]
async fn a_token_that_is_handed_over_is_taken_without_an_echo() {
    let memory = open("notion");
    let response = memory.response(&token(HANDED_OVER)).await;
    assert_eq!(response["statusCode"], 200);
    assert_eq!(response["body"], "");
    assert!(!response.to_string().contains(HANDED_OVER));
    let secret = format!("secret_{HANDED_OVER}");
    assert_eq!(pending(&memory, "notion"), Some(secret));
}

#[tokio::test]
async fn while_enrolment_is_not_open_nothing_is_taken_and_nothing_echoed() {
    for event in [hook(HANDED_OVER), token(HANDED_OVER)] {
        let closed = Memory::new();
        let over = open("asana");
        over.state()
            .enrolments
            .insert("notion".into(), Entry::opened(NOW));
        over.state().moved = Millis::seconds(600);
        let others = open("somebody-else");
        for memory in [closed, over, others] {
            let response = memory.response(&event).await;
            assert_eq!(response["statusCode"], 400);
            assert!(!response.to_string().contains(HANDED_OVER));
            assert_eq!(memory.calls(), ["keep"]);
            assert_eq!(pending(&memory, "asana"), None);
            assert_eq!(pending(&memory, "notion"), None);
            let note = memory.note();
            assert_eq!(note["reason"], "missing");
            assert_eq!(note["enrolment"], "not open, or another secret waits");
            assert!(!note.to_string().contains(HANDED_OVER));
        }
    }
}

#[tokio::test]
async fn what_came_first_stays() {
    let memory = open("asana");
    memory.response(&hook(HANDED_OVER)).await;
    let response = memory.response(&hook(ANOTHER)).await;
    assert_eq!(response["statusCode"], 400);
    assert!(!response.to_string().contains(ANOTHER));
    assert_eq!(pending(&memory, "asana").unwrap(), HANDED_OVER);
}

#[tokio::test(start_paused = true)]
async fn a_secret_that_may_not_be_kept_is_not_echoed() {
    for trouble in [FAILS, Mode::Hangs] {
        let memory = open("asana");
        memory.trouble("keep", trouble);
        let response = memory.response(&hook(HANDED_OVER)).await;
        assert_eq!(response["statusCode"], 503);
        assert_eq!(response["headers"]["retry-after"], "30");
        assert!(!response.to_string().contains(HANDED_OVER));
        assert_eq!(memory.calls(), ["keep"]);
        assert!(!memory.note().to_string().contains(HANDED_OVER));
    }
}

#[tokio::test]
async fn events_go_their_way_while_enrolment_is_open() {
    let memory = open("asana");
    let events = signed("asana", r#"{"events":[]}"#, &[], SECRET);
    let (status, body) = memory.receive(&events).await;
    assert_eq!((status, &body["outcome"]), (200, &json!("accepted")));
    assert_eq!(memory.calls(), ["put_event", "send"]);
    // Asana's first request and a signature: no secret is taken from that.
    let both = [("X-Hook-Secret", HANDED_OVER)];
    let forged = signed("asana", r#"{"events":[]}"#, &both, LATER_SECRET);
    assert_eq!(memory.receive(&forged).await, (400, refused()));
    assert_eq!(pending(&memory, "asana"), None);
}

#[tokio::test]
async fn addresses_and_sizes_are_looked_at_before_anything_is_taken() {
    let memory = open("asana");
    let get = changed(hook(HANDED_OVER), "/requestContext/http/method", "GET");
    assert_eq!(memory.receive(&get).await, (405, refused()));
    assert_eq!(memory.calls(), [""; 0]);
}
