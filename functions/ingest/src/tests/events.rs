//! Authentic events: every row of the table, in order and number of their effects.

use protocol::{
    ledger::{Body, EventKey, Life, State},
    time::{Millis, UnixMillis},
};
use serde_json::{Value, json};
use support::records;

use super::{recorded, unavailable};
use crate::testing::{FAILS, INLINE_BODY_BYTES, Memory, Mode, NOW, SECRET, event, github, signed};

fn key(memory: &Memory) -> EventKey {
    memory.state().events.keys().next().unwrap().clone()
}

/// Records the event `1`, then sets its work.
pub(super) async fn with_work(state: Option<(State, UnixMillis)>) -> Memory {
    let memory = Memory::new();
    assert_eq!(memory.receive(&event("1")).await, recorded("accepted", "1"));
    if let Some((state, life)) = state {
        let work = records::work(Life(life), state);
        let key = key(&memory);
        memory.state().works.insert(key, work);
    }
    memory.calls();
    memory.state().sqs.messages.clear();
    memory.state().moved = Millis(1_000);
    memory
}

#[tokio::test]
async fn a_new_event_is_recorded_then_ticketed_and_costs_two_calls() {
    let memory = Memory::new();
    assert_eq!(memory.receive(&event("1")).await, recorded("accepted", "1"));
    assert_eq!(memory.calls(), ["put_event", "send"]);
    let inner = memory.state();
    let record = inner.events.values().next().unwrap();
    assert_eq!(record.received_at, NOW);
    assert_eq!(record.event_type, "issues");
    assert_eq!(
        record.body,
        Body::Inline(br#"{"action":"opened"}"#.to_vec())
    );
    assert_eq!(record.expires_at, NOW.plus(Millis::days(30)).seconds());
    let ticket = &inner.tickets()[0];
    assert_eq!(ticket.key, record.key);
    assert_eq!((ticket.life, ticket.epoch), (Life(NOW), 0));
}

#[tokio::test]
async fn a_stage_a_slash_or_a_route_of_ones_own_make_no_other_source() {
    for (path, parameters) in [
        ("/webhooks/github/", json!(null)),
        ("//webhooks/github", json!(null)),
        ("/prod/webhooks/github", json!({"source": "github"})),
        ("/v1/webhooks/github", json!(null)),
        ("/hooks/of/github", json!({"source": "github"})),
    ] {
        let memory = Memory::new();
        let mut event = event("1");
        event["rawPath"] = path.into();
        event["pathParameters"] = parameters;
        assert_eq!(
            memory.receive(&event).await,
            recorded("accepted", "1"),
            "{event}"
        );
    }
}

#[tokio::test]
async fn a_large_body_goes_to_the_bucket_first() {
    let memory = Memory::new();
    let body = format!("[{}1]", "1,".repeat(INLINE_BODY_BYTES));
    let answer = memory.receive(&github("1", &body, SECRET)).await;
    assert_eq!(answer, recorded("accepted", "1"));
    assert_eq!(memory.calls(), ["put_body", "put_event", "send"]);
    let inner = memory.state();
    let record = inner.events.values().next().unwrap();
    let Body::Object { key, bytes } = &record.body else {
        panic!("{:?}", record.body)
    };
    assert_eq!(inner.objects[key], body.as_bytes());
    assert_eq!(*bytes, body.len() as u64);
    assert!(key.starts_with("bodies/") && key.ends_with(&record.body_digest));
}

#[tokio::test]
async fn a_large_body_that_can_not_be_stored_is_not_acknowledged() {
    let memory = Memory::new();
    memory.trouble("put_body", FAILS);
    let body = "1".repeat(INLINE_BODY_BYTES + 1);
    assert_eq!(
        memory.receive(&github("1", &body, SECRET)).await,
        (503, unavailable())
    );
    assert_eq!(memory.calls(), ["put_body"]);
}

#[tokio::test]
async fn a_write_that_met_itself_is_no_duplicate() {
    let memory = Memory::new();
    memory.trouble("put_event", Mode::AskedTwice);
    assert_eq!(memory.receive(&event("1")).await, recorded("accepted", "1"));
    assert_eq!(memory.calls(), ["put_event", "send"]);
}

#[tokio::test]
async fn a_recorded_event_whose_ticket_can_not_be_sent_is_acknowledged_and_counted() {
    let memory = Memory::new();
    memory.trouble("send", FAILS);
    assert_eq!(memory.receive(&event("1")).await, recorded("accepted", "1"));
    let note = memory.note();
    assert_eq!(note["enqueue.deferred"], 1);
    assert_eq!(note["deliveries.accepted"], 1);
    assert_eq!(note["reason"], "other");
    assert_eq!(note["error"], "send: failed");
}

#[tokio::test]
async fn with_too_little_time_left_no_ticket_is_sent() {
    let memory = Memory::new();
    memory.trouble("put_event", Mode::Takes(Millis(2_201)));
    assert_eq!(memory.receive(&event("1")).await, recorded("accepted", "1"));
    assert_eq!(memory.calls(), ["put_event"]);
    assert_eq!(memory.note()["enqueue.deferred"], 1);

    let memory = Memory::new();
    memory.trouble("put_event", Mode::Takes(Millis(2_200)));
    memory.receive(&event("1")).await;
    assert_eq!(memory.calls(), ["put_event", "send"]);
}

#[tokio::test(start_paused = true)]
async fn a_write_that_fails_or_whose_fate_is_unknown_is_unavailable() {
    for trouble in [FAILS, Mode::Hangs] {
        let memory = Memory::new();
        memory.trouble("put_event", trouble);
        assert_eq!(memory.receive(&event("1")).await, (503, unavailable()));
        assert_eq!(memory.calls(), ["put_event"]);
        let note = memory.note();
        assert_eq!(note["deliveries.unavailable"], 1);
        assert_eq!(note["deliveries.unrecorded"], 1);
        assert_eq!(note["version"], "7");
        assert_eq!(note["event_id"], "1");
    }
}

#[tokio::test(start_paused = true)]
async fn the_answer_comes_within_the_budget_whatever_hangs() {
    for (hangs, status) in [("put_event", 503), ("send", 200), ("put_body", 503)] {
        let memory = Memory::new();
        memory.trouble(hangs, Mode::Hangs);
        let body = "1".repeat(INLINE_BODY_BYTES + 1);
        let started = tokio::time::Instant::now();
        assert_eq!(memory.receive(&github("1", &body, SECRET)).await.0, status);
        assert_eq!(started.elapsed().as_millis(), 2_500, "{hangs}");
    }
}

#[tokio::test]
async fn a_duplicate_without_work_or_with_an_older_lifes_is_ticketed_again() {
    for work in [None, Some((State::Succeeded, UnixMillis(NOW.0 - 1)))] {
        let memory = with_work(work).await;
        let answer = memory.receive(&event("1")).await;
        assert_eq!(answer, recorded("duplicate", "1"));
        assert_eq!(memory.calls(), ["put_event", "read_work", "send"]);
        assert_eq!(
            memory.state().tickets()[0].life,
            Life(NOW),
            "the life that is recorded"
        );

        memory.trouble("send", FAILS);
        let answer = memory.receive(&event("1")).await;
        assert_eq!(answer, recorded("duplicate", "1"));
        assert_eq!(memory.note()["enqueue.deferred"], 1);
    }
}

#[tokio::test]
async fn a_duplicate_in_hand_or_done_is_acknowledged_without_a_ticket() {
    for state in [State::Waiting, State::Processing, State::Succeeded] {
        let memory = with_work(Some((state, NOW))).await;
        let answer = memory.receive(&event("1")).await;
        assert_eq!(answer, recorded("duplicate", "1"));
        assert_eq!(memory.calls(), ["put_event", "read_work"]);
        let note = memory.note();
        assert_eq!(note["deliveries.duplicate"], 1);
        assert_eq!(note["enqueue.deferred"], Value::Null);
    }
}

#[tokio::test]
async fn a_redelivery_of_a_failed_event_reopens_it_or_is_unavailable() {
    let memory = with_work(Some((State::Failed, NOW))).await;
    assert_eq!(memory.receive(&event("1")).await, recorded("reopened", "1"));
    assert_eq!(memory.calls(), ["put_event", "read_work", "send"]);
    assert_eq!(memory.note()["deliveries.reopened"], 1);

    memory.trouble("send", FAILS);
    assert_eq!(memory.receive(&event("1")).await, (503, unavailable()));
}

#[tokio::test(start_paused = true)]
async fn a_duplicate_whose_work_is_unreadable_is_ticketed_or_unavailable() {
    for trouble in [FAILS, Mode::Takes(Millis(2_000))] {
        let memory = with_work(None).await;
        memory.trouble("read_work", trouble);
        let answer = memory.receive(&event("1")).await;
        assert_eq!(answer, recorded("duplicate", "1"));
        assert_eq!(memory.calls(), ["put_event", "read_work", "send"]);
    }
    let memory = with_work(None).await;
    memory.trouble("read_work", FAILS);
    memory.trouble("send", Mode::Hangs);
    assert_eq!(memory.receive(&event("1")).await, (503, unavailable()));
    memory.trouble("read_work", Mode::Hangs);
    assert_eq!(
        memory.receive(&event("1")).await,
        (503, unavailable()),
        "no time left to send"
    );
}

#[tokio::test]
async fn an_event_that_has_expired_is_recorded_anew() {
    let memory = Memory::new();
    memory.receive(&event("1")).await;
    let key = key(&memory);
    memory.state().events.get_mut(&key).unwrap().expires_at = NOW.seconds();
    memory.state().moved = Millis(1);
    assert_eq!(memory.receive(&event("1")).await, recorded("accepted", "1"));
    assert_eq!(memory.state().events[&key].received_at, NOW.plus(Millis(1)));
}

#[tokio::test]
async fn another_body_under_a_recorded_id_is_a_duplicate_and_counted() {
    let memory = Memory::new();
    // Typeform signs the body, and the id is in it.
    for (a, outcome) in [(1, "accepted"), (2, "duplicate")] {
        let body = format!(r#"{{"event_type":"form_response","event_id":"1","a":{a}}}"#);
        let answer = memory
            .receive(&signed("typeform", &body, &[], SECRET))
            .await;
        assert_eq!(answer, recorded(outcome, "1"));
        let conflict = &memory.note()["body.conflict"];
        assert_eq!(*conflict == 1, outcome == "duplicate", "{conflict}");
    }
}

#[tokio::test]
async fn an_absurdly_long_id_is_recorded_under_its_digest() {
    let memory = Memory::new();
    let id = "x".repeat(10_000);
    let body = format!(r#"{{"event_type":"form_response","event_id":"{id}"}}"#);
    let (status, answer) = memory
        .receive(&signed("typeform", &body, &[], SECRET))
        .await;
    assert_eq!((status, &answer["outcome"]), (200, &json!("accepted")));
    let inner = memory.state();
    let record = inner.events.values().next().unwrap();
    assert!(record.event_id.starts_with("sha256:") && record.event_id.len() < 100);
}

#[tokio::test]
async fn a_line_names_source_and_event_of_what_was_verified() {
    let memory = Memory::new();
    memory.receive(&event("1")).await;
    let note = memory.note();
    for (field, value) in [
        ("message", "delivery"),
        ("stack", "landfall-test"),
        ("source", "github"),
        ("event_id", "1"),
        ("event_type", "issues"),
        ("outcome", "accepted"),
        ("source_ip", "192.0.2.1"),
    ] {
        assert_eq!(note[field], value, "{field}");
    }
    assert_eq!(note["status"], 200);
    assert_eq!(
        note["_aws"]["CloudWatchMetrics"][0]["Dimensions"],
        json!([["stack"]])
    );
}

#[tokio::test]
async fn how_often_an_event_went_round_is_kept_where_it_may_go_out_again() {
    for (source, kept) in [("sent-on", Some("3")), ("github", None)] {
        let memory = Memory::new();
        let headers = [
            ("X-GitHub-Delivery", "1"),
            ("X-GitHub-Event", "issues"),
            ("Landfall-Hops", "3"),
        ];
        let event = signed(source, "{}", &headers, SECRET);
        assert_eq!(memory.receive(&event).await, recorded("accepted", "1"));
        let inner = memory.state();
        let record = inner.events.values().next().unwrap();
        assert_eq!(
            record.headers.get("landfall-hops").map(String::as_str),
            kept
        );
        // Nobody signs it.
        assert!(!format!("{:?}", record.covered).contains("hops"));
    }
}
