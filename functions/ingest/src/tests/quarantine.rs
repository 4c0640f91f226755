//! What is refused while an operator has opened its source's quarantine: kept, and refused all the same.

use protocol::time::Millis;
use serde_json::{Value, json};
use webhook::endpoint::quarantine::Room;

use super::refused;
use crate::testing::{FAILS, LATER_SECRET, Memory, Mode, NOW, SECRET, github, request, signed};

/// A world in which this source's quarantine is open for a minute, with this room.
fn open(source: &str, deliveries: u64, bytes: u64) -> Memory {
    let memory = Memory::new();
    let room = Room {
        open_until: NOW.plus(Millis::seconds(60)),
        deliveries,
        bytes,
    };
    memory.state().rooms.insert(source.into(), room);
    memory
}

fn forged() -> Value {
    github("1", r#"{"action":"opened"}"#, LATER_SECRET)
}

/// Whether it was refused as ever, and how many deliveries are kept now.
async fn refused_and_kept(memory: &Memory, event: &Value) -> usize {
    assert_eq!(memory.receive(event).await, (400, refused()));
    let state = memory.state();
    assert!(state.events.is_empty() && state.objects.is_empty() && state.sqs.messages.is_empty());
    state.quarantined.len()
}

#[tokio::test]
async fn what_is_forged_is_refused_and_kept_with_all_that_proves_it() {
    let memory = open("github", 10, 1_000);
    assert_eq!(refused_and_kept(&memory, &forged()).await, 1);
    assert_eq!(memory.calls(), ["secret", "keep_refused"]);
    let note = memory.note();
    assert_eq!(
        (&note["reason"], &note["quarantine"]),
        (&json!("forged"), &json!("kept"))
    );
    assert_eq!(note["event_id"], Value::Null);
    let kept = memory.state().quarantined[0].clone();
    assert_eq!((kept.source.as_str(), kept.received_at), ("github", NOW));
    assert_eq!(kept.body, br#"{"action":"opened"}"#);
    assert_eq!(kept.headers.get("x-github-delivery"), Some("1"));
    assert!(kept.called_url.ends_with("/webhooks/github"));
    assert_eq!(kept.source_ip, Some([192, 0, 2, 1].into()));
}

#[tokio::test]
async fn what_is_stale_is_kept_and_no_secret_is_read_for_it() {
    let memory = open("zoom", 10, 1_000);
    let event = signed("zoom", r#"{"event":"meeting.ended"}"#, &[], SECRET);
    memory.state().moved = Millis::seconds(301);
    let over = NOW.plus(Millis::seconds(400));
    memory.state().rooms.get_mut("zoom").unwrap().open_until = over;
    assert_eq!(refused_and_kept(&memory, &event).await, 1);
    assert_eq!(memory.calls(), ["keep_refused"]);
}

#[tokio::test]
async fn nothing_is_called_where_none_is_open_and_for_what_can_prove_nothing() {
    let others = open("zoom", 10, 1_000);
    assert_eq!(refused_and_kept(&others, &forged()).await, 0);
    assert_eq!(others.calls(), ["secret"]);
    assert_eq!(others.note()["quarantine"], Value::Null);
    let over = open("github", 10, 1_000);
    over.state().moved = Millis::seconds(60);
    assert_eq!(refused_and_kept(&over, &forged()).await, 0);
    assert_eq!(over.calls(), ["secret"]);
    let unsigned = open("github", 10, 1_000);
    assert_eq!(
        refused_and_kept(&unsigned, &request("github", "{}", &[])).await,
        0
    );
    assert_eq!(unsigned.calls(), [""; 0]);
}

#[tokio::test]
async fn there_is_room_for_so_many_and_for_so_much() {
    let memory = open("github", 2, 1_000);
    for kept in [1, 2, 2, 2] {
        assert_eq!(refused_and_kept(&memory, &forged()).await, kept);
    }
    assert_eq!(memory.note()["quarantine"], "closed, or full");
    let small = open("github", 2, 5);
    assert_eq!(refused_and_kept(&small, &forged()).await, 0);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_kept_is_answered_as_ever() {
    for trouble in [FAILS, Mode::Hangs] {
        let memory = open("github", 2, 1_000);
        memory.trouble("keep_refused", trouble);
        // Of a call that hangs the fate is unknown.
        let kept = refused_and_kept(&memory, &forged()).await;
        assert!(kept == 0 || trouble != FAILS);
        assert_eq!(memory.note()["quarantine"], "failed");
    }
}

#[tokio::test]
async fn authentic_deliveries_go_their_way() {
    let memory = open("github", 2, 1_000);
    let (status, body) = memory.receive(&crate::testing::event("1")).await;
    assert_eq!((status, &body["outcome"]), (200, &json!("accepted")));
    assert_eq!(memory.calls(), ["put_event", "send"]);
    assert!(memory.state().quarantined.is_empty());
}

#[tokio::test]
async fn no_byte_of_what_is_kept_is_logged_or_shown() {
    let memory = open("github", 2, 1_000);
    let canary = "canary-7f3a";
    let mut event = github(canary, &format!(r#"{{"a":"{canary}"}}"#), LATER_SECRET);
    event["rawQueryString"] = canary.into();
    event["headers"]["user-agent"] = canary.into();
    assert_eq!(refused_and_kept(&memory, &event).await, 1);
    let shown = format!("{:?} {}", memory.state().quarantined, memory.note());
    assert!(!shown.contains(canary), "{shown}");
}
