//! The whole path over a world in memory: every row of the table, every refusal, every effect counted.

use serde_json::{Value, json};
use webhook::{
    enrolment::Entry,
    ledger::{Body, EventKey, State, Work},
    time::{Millis, UnixMillis, UnixSeconds},
};

use crate::testing::{
    INLINE_BODY_BYTES, LATER_SECRET, Memory, NOW, SECRET, Trouble, event, github, request, signed,
};

mod handshakes;
mod named_keys;

fn refused() -> Value {
    json!({"error": "refused"})
}

fn recorded(outcome: &str, id: &str) -> (i64, Value) {
    (200, json!({"outcome": outcome, "event_id": id}))
}

fn key(memory: &Memory) -> EventKey {
    memory.lock().events.keys().next().unwrap().clone()
}

/// Records the event `1`, then sets its work.
async fn with_work(state: Option<(State, UnixMillis)>) -> Memory {
    let memory = Memory::new();
    assert_eq!(memory.receive(&event("1")).await, recorded("accepted", "1"));
    if let Some((state, life)) = state {
        let work = Work {
            life,
            state,
            attempt: 1,
            tries: 1,
            until: NOW,
            epoch: 0,
            last_error: None,
            expires_at: UnixSeconds(i64::MAX),
        };
        let key = key(&memory);
        memory.lock().works.insert(key, work);
    }
    memory.effects();
    memory.lock().sent.clear();
    memory.lock().passed = Millis(1_000);
    memory
}

#[tokio::test]
async fn a_new_event_is_recorded_then_ticketed_and_costs_two_calls() {
    let memory = Memory::new();
    assert_eq!(memory.receive(&event("1")).await, recorded("accepted", "1"));
    assert_eq!(memory.effects(), ["put", "send"]);
    let inner = memory.lock();
    let record = inner.events.values().next().unwrap();
    assert_eq!(record.received_at, NOW);
    assert_eq!(record.event_type, "issues");
    assert_eq!(
        record.body,
        Body::Inline(br#"{"action":"opened"}"#.to_vec())
    );
    assert_eq!(record.expires_at, NOW.plus(Millis::days(30)).seconds());
    assert_eq!(inner.sent[0].key, record.key);
    assert_eq!((inner.sent[0].received_at, inner.sent[0].epoch), (NOW, 0));
}

#[tokio::test]
async fn a_large_body_goes_to_the_bucket_first() {
    let memory = Memory::new();
    let body = format!("[{}1]", "1,".repeat(INLINE_BODY_BYTES));
    let answer = memory.receive(&github("1", &body, SECRET)).await;
    assert_eq!(answer, recorded("accepted", "1"));
    assert_eq!(memory.effects(), ["body", "put", "send"]);
    let inner = memory.lock();
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
    memory.trouble("body", Trouble::Fails);
    let body = "1".repeat(INLINE_BODY_BYTES + 1);
    assert_eq!(
        memory.receive(&github("1", &body, SECRET)).await,
        (503, refused())
    );
    assert_eq!(memory.effects(), ["body"]);
}

#[tokio::test]
async fn a_write_that_met_itself_is_no_duplicate() {
    let memory = Memory::new();
    memory.trouble("put", Trouble::Doubles);
    assert_eq!(memory.receive(&event("1")).await, recorded("accepted", "1"));
    assert_eq!(memory.effects(), ["put", "send"]);
}

#[tokio::test]
async fn a_recorded_event_whose_ticket_can_not_be_sent_is_acknowledged_and_counted() {
    let memory = Memory::new();
    memory.trouble("send", Trouble::Fails);
    assert_eq!(memory.receive(&event("1")).await, recorded("accepted", "1"));
    let note = memory.note();
    assert_eq!(note["enqueue.deferred"], 1);
    assert_eq!(note["deliveries.accepted"], 1);
    assert_eq!(note["deferred"], "send failed");
}

#[tokio::test]
async fn with_too_little_time_left_no_ticket_is_sent() {
    let memory = Memory::new();
    memory.trouble("put", Trouble::Takes(Millis(2_201)));
    assert_eq!(memory.receive(&event("1")).await, recorded("accepted", "1"));
    assert_eq!(memory.effects(), ["put"]);
    assert_eq!(memory.note()["enqueue.deferred"], 1);

    let memory = Memory::new();
    memory.trouble("put", Trouble::Takes(Millis(2_200)));
    memory.receive(&event("1")).await;
    assert_eq!(memory.effects(), ["put", "send"]);
}

#[tokio::test(start_paused = true)]
async fn a_write_that_fails_or_whose_fate_is_unknown_is_unavailable() {
    for trouble in [Trouble::Fails, Trouble::Hangs] {
        let memory = Memory::new();
        memory.trouble("put", trouble);
        assert_eq!(memory.receive(&event("1")).await, (503, refused()));
        assert_eq!(memory.effects(), ["put"]);
        let note = memory.note();
        assert_eq!(note["deliveries.unavailable"], 1);
        assert_eq!(note["event_id"], "1");
    }
}

#[tokio::test(start_paused = true)]
async fn the_answer_comes_within_the_budget_whatever_hangs() {
    for (hangs, status) in [("put", 503), ("send", 200), ("body", 503)] {
        let memory = Memory::new();
        memory.trouble(hangs, Trouble::Hangs);
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
        assert_eq!(
            memory.receive(&event("1")).await,
            recorded("duplicate", "1")
        );
        assert_eq!(memory.effects(), ["put", "read", "send"]);
        assert_eq!(
            memory.lock().sent[0].received_at,
            NOW,
            "the life that is recorded"
        );

        memory.trouble("send", Trouble::Fails);
        assert_eq!(
            memory.receive(&event("1")).await,
            recorded("duplicate", "1")
        );
        assert_eq!(memory.note()["enqueue.deferred"], 1);
    }
}

#[tokio::test]
async fn a_duplicate_in_hand_or_done_is_acknowledged_without_a_ticket() {
    for state in [State::Waiting, State::Processing, State::Succeeded] {
        let memory = with_work(Some((state, NOW))).await;
        assert_eq!(
            memory.receive(&event("1")).await,
            recorded("duplicate", "1")
        );
        assert_eq!(memory.effects(), ["put", "read"]);
        let note = memory.note();
        assert_eq!(note["deliveries.duplicate"], 1);
        assert_eq!(note["enqueue.deferred"], Value::Null);
    }
}

#[tokio::test]
async fn a_redelivery_of_a_failed_event_reopens_it_or_is_unavailable() {
    let memory = with_work(Some((State::Failed, NOW))).await;
    assert_eq!(memory.receive(&event("1")).await, recorded("reopened", "1"));
    assert_eq!(memory.effects(), ["put", "read", "send"]);
    assert_eq!(memory.note()["deliveries.reopened"], 1);

    memory.trouble("send", Trouble::Fails);
    assert_eq!(memory.receive(&event("1")).await, (503, refused()));
}

#[tokio::test(start_paused = true)]
async fn a_duplicate_whose_work_is_unreadable_is_ticketed_or_unavailable() {
    for trouble in [Trouble::Fails, Trouble::Takes(Millis(2_000))] {
        let memory = with_work(None).await;
        memory.trouble("read", trouble);
        assert_eq!(
            memory.receive(&event("1")).await,
            recorded("duplicate", "1")
        );
        assert_eq!(memory.effects(), ["put", "read", "send"]);
    }
    let memory = with_work(None).await;
    memory.trouble("read", Trouble::Fails);
    memory.trouble("send", Trouble::Hangs);
    assert_eq!(memory.receive(&event("1")).await, (503, refused()));
    memory.trouble("read", Trouble::Hangs);
    assert_eq!(
        memory.receive(&event("1")).await,
        (503, refused()),
        "no time left to send"
    );
}

#[tokio::test]
async fn an_event_that_has_expired_is_recorded_anew() {
    let memory = Memory::new();
    memory.receive(&event("1")).await;
    let key = key(&memory);
    memory.lock().events.get_mut(&key).unwrap().expires_at = NOW.seconds();
    memory.lock().passed = Millis(1);
    assert_eq!(memory.receive(&event("1")).await, recorded("accepted", "1"));
    assert_eq!(memory.lock().events[&key].received_at, NOW.plus(Millis(1)));
}

#[tokio::test]
async fn another_body_under_a_recorded_id_is_a_duplicate_and_counted() {
    let memory = Memory::new();
    // Slack signs the body, and the id is in it.
    for (body, outcome) in [
        (
            r#"{"type":"event_callback","event_id":"1","a":1}"#,
            "accepted",
        ),
        (
            r#"{"type":"event_callback","event_id":"1","a":2}"#,
            "duplicate",
        ),
    ] {
        let answer = memory.receive(&signed("slack", body, &[], SECRET)).await;
        assert_eq!(answer, recorded(outcome, "1"));
        let conflict = &memory.note()["body.conflict"];
        assert_eq!(*conflict == 1, outcome == "duplicate", "{conflict}");
    }
}

/// A request that is changed at this JSON pointer.
fn changed(mut event: Value, pointer: &str, value: impl Into<Value>) -> Value {
    *event.pointer_mut(pointer).unwrap() = value.into();
    event
}

#[tokio::test]
async fn every_refusal_has_its_status_and_one_body_and_costs_no_call() {
    let listed = signed("listed", "{}", &[("X-GitHub-Delivery", "1")], SECRET);
    let unsigned = request("github", "{}", &[]);
    let ip = "/requestContext/http/sourceIp";
    let base64 = changed(event("1"), "/isBase64Encoded", true);
    for (event, status, reason) in [
        (changed(event("1"), "/rawPath", "/"), 404, "unknown_source"),
        (
            changed(event("1"), "/rawPath", "/webhooks/github/"),
            404,
            "unknown_source",
        ),
        (
            changed(event("1"), "/rawPath", "/webhooks/%67ithub"),
            404,
            "unknown_source",
        ),
        (
            changed(event("1"), "/rawPath", "/webhooks/nobody"),
            404,
            "unknown_source",
        ),
        (
            changed(event("1"), "/requestContext/http/method", "GET"),
            405,
            "method",
        ),
        (
            changed(event("1"), "/requestContext/http/method", "post"),
            405,
            "method",
        ),
        (request("listed", &" ".repeat(2_001), &[]), 413, "too_large"),
        (
            changed(
                request("listed", &"A".repeat(2_668), &[]),
                "/isBase64Encoded",
                true,
            ),
            413,
            "too_large",
        ),
        (
            changed(listed.clone(), ip, "198.51.100.1"),
            403,
            "source_ip",
        ),
        (changed(listed.clone(), ip, "nowhere"), 403, "source_ip"),
        (changed(base64, "/body", "%%%"), 400, "malformed"),
        (unsigned, 400, "missing"),
        (
            changed(event("1"), "/headers/x-hub-signature-256", "sha256=zz"),
            400,
            "malformed",
        ),
        (json!(null), 400, "malformed"),
        (json!({}), 404, "unknown_source"),
    ] {
        let memory = Memory::new();
        assert_eq!(memory.receive(&event).await, (status, refused()), "{event}");
        assert_eq!(memory.effects(), [""; 0], "{event}");
        let note = memory.note();
        assert_eq!(note["reason"], reason, "{event}");
        assert_eq!(note["deliveries.refused"], 1);
        assert_eq!(note["status"], status);
    }
    let memory = Memory::new();
    assert_eq!(memory.receive(&listed).await, recorded("accepted", "1"));
}

#[tokio::test]
async fn a_stale_delivery_is_refused() {
    let memory = Memory::new();
    let event = signed("slack", r#"{"event_id":"1"}"#, &[], SECRET);
    memory.lock().passed = Millis::seconds(301);
    assert_eq!(memory.receive(&event).await, (400, refused()));
    assert_eq!(memory.note()["reason"], "stale");
    assert_eq!(memory.effects(), [""; 0]);
}

#[tokio::test]
async fn a_forged_delivery_is_refused_after_one_look_at_the_secret() {
    let memory = Memory::new();
    let forged = github("1", "{}", LATER_SECRET);
    for effects in [["secret"].as_slice(), &[]] {
        assert_eq!(memory.receive(&forged).await, (400, refused()));
        assert_eq!(memory.effects(), effects);
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
async fn a_rotated_secret_is_found_at_the_first_delivery_that_needs_it() {
    let memory = Memory::new();
    memory.lock().stored = vec![LATER_SECRET, SECRET];
    for (id, secret) in [("1", LATER_SECRET), ("2", SECRET), ("3", LATER_SECRET)] {
        let answer = memory.receive(&github(id, "{}", secret)).await;
        assert_eq!(answer, recorded("accepted", id));
    }
    let effects = memory.effects();
    assert_eq!(
        effects.iter().filter(|effect| **effect == "secret").count(),
        1
    );
}

#[tokio::test(start_paused = true)]
async fn while_the_secret_can_not_be_read_nothing_is_called_forged() {
    for trouble in [Trouble::Fails, Trouble::Hangs] {
        let memory = Memory::new();
        memory.trouble("secret", trouble);
        let answer = memory.receive(&github("1", "{}", LATER_SECRET)).await;
        assert_eq!(answer, (503, refused()));
    }
}

#[tokio::test(start_paused = true)]
async fn a_refresh_that_is_due_runs_beside_the_write_and_holds_up_nothing_for_long() {
    let memory = Memory::new();
    memory.lock().refresh_due = true;
    memory.lock().stored = vec![LATER_SECRET];
    assert_eq!(memory.receive(&event("1")).await, recorded("accepted", "1"));
    assert_eq!(memory.effects(), ["put", "secret", "send"]);
    assert_eq!(memory.lock().read, [LATER_SECRET]);

    let memory = Memory::new();
    memory.lock().refresh_due = true;
    memory.trouble("secret", Trouble::Hangs);
    let started = tokio::time::Instant::now();
    assert_eq!(memory.receive(&event("1")).await, recorded("accepted", "1"));
    assert_eq!(started.elapsed().as_millis(), 1_000);
}

#[tokio::test]
async fn a_source_without_a_secret_is_unavailable_never_refused() {
    let memory = Memory::new();
    let answer = memory.receive(&signed("unset", "{}", &[], SECRET)).await;
    assert_eq!(answer, (503, refused()));
    assert_eq!(memory.note()["deliveries.unavailable"], 1);
}

#[tokio::test]
async fn an_absurdly_long_id_is_recorded_under_its_digest() {
    let memory = Memory::new();
    let id = "x".repeat(10_000);
    let body = format!(r#"{{"type":"event_callback","event_id":"{id}"}}"#);
    let (status, answer) = memory.receive(&signed("slack", &body, &[], SECRET)).await;
    assert_eq!((status, &answer["outcome"]), (200, &json!("accepted")));
    let inner = memory.lock();
    let record = inner.events.values().next().unwrap();
    assert!(record.event_id.starts_with("sha256:") && record.event_id.len() < 100);
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
        json!([["stack"], ["stack", "source"]])
    );

    memory
        .receive(&changed(event("1"), "/rawPath", "/webhooks/nobody"))
        .await;
    assert_eq!(
        memory.note()["_aws"]["CloudWatchMetrics"][0]["Dimensions"],
        json!([["stack"]])
    );
}

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
    memory.lock().enrolments.insert(source.into(), entry);
    memory
}

fn pending(memory: &Memory, source: &str) -> Option<String> {
    let inner = memory.lock();
    let entry = inner.enrolments.get(source)?;
    Some(entry.pending.as_ref()?.secret.clone())
}

#[tokio::test]
async fn a_secret_that_is_handed_over_while_enrolment_is_open_waits_and_is_echoed() {
    let memory = open("asana");
    // Providers repeat themselves.
    for passed in [0, 599_999] {
        memory.lock().passed = Millis(passed);
        let response = memory.response(&hook(HANDED_OVER)).await;
        assert_eq!(response["statusCode"], 200);
        assert_eq!(response["headers"]["x-hook-secret"], HANDED_OVER);
        assert_eq!(response["body"], "");
        assert_eq!(memory.effects(), ["keep"]);
        let note = memory.note();
        assert_eq!(note["outcome"], "handed_over");
        assert!(!note.to_string().contains(HANDED_OVER));
    }
    let entry = memory.lock().enrolments["asana"].clone();
    let pending = entry.pending.unwrap();
    assert_eq!(pending.secret, HANDED_OVER);
    assert_eq!(
        (pending.received_at, pending.source_ip),
        (NOW, Some([192, 0, 2, 1].into()))
    );
    let inner = memory.lock();
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
        over.lock()
            .enrolments
            .insert("notion".into(), Entry::opened(NOW));
        over.lock().passed = Millis::seconds(600);
        let others = open("somebody-else");
        for memory in [closed, over, others] {
            let response = memory.response(&event).await;
            assert_eq!(response["statusCode"], 400);
            assert!(!response.to_string().contains(HANDED_OVER));
            assert_eq!(memory.effects(), ["keep"]);
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
    for trouble in [Trouble::Fails, Trouble::Hangs] {
        let memory = open("asana");
        memory.trouble("keep", trouble);
        let response = memory.response(&hook(HANDED_OVER)).await;
        assert_eq!(response["statusCode"], 503);
        assert_eq!(response["headers"]["retry-after"], "30");
        assert!(!response.to_string().contains(HANDED_OVER));
        assert_eq!(memory.effects(), ["keep"]);
        assert!(!memory.note().to_string().contains(HANDED_OVER));
    }
}

#[tokio::test]
async fn events_go_their_way_while_enrolment_is_open() {
    let memory = open("asana");
    let events = signed("asana", r#"{"events":[]}"#, &[], SECRET);
    let (status, body) = memory.receive(&events).await;
    assert_eq!((status, &body["outcome"]), (200, &json!("accepted")));
    assert_eq!(memory.effects(), ["put", "send"]);
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
    assert_eq!(memory.effects(), [""; 0]);
}
