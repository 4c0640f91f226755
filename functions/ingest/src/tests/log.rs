//! The line of a delivery, whole, for each outcome: what operators search for and what dashboards count.

use catalogue::Accepted;
use insta::assert_snapshot;
use landfall_aws::metrics::By;
use protocol::{
    ledger::{EventRecord, State},
    time::Millis,
};
use serde_json::{Value, json};
use support::records;

use super::{changed, events::with_work};
use crate::{
    answer::{Recorded, Taken},
    note::{Event, Note},
    receive::Settings,
    testing::{
        FAILS, INLINE_BODY_BYTES, LATER_SECRET, Memory, NOW, SECRET, asked, event, github, request,
        signed, sources,
    },
};

async fn line(memory: &Memory, request: &Value) -> String {
    memory.response(request).await;
    format!("{:#}", memory.note())
}

#[tokio::test]
async fn an_event_that_is_recorded_has_its_line() {
    assert_snapshot!("accepted", line(&Memory::new(), &event("1")).await);

    let memory = Memory::new();
    memory.trouble("send", FAILS);
    assert_snapshot!("accepted_deferred", line(&memory, &event("1")).await);

    let memory = with_work(Some((State::Succeeded, NOW))).await;
    assert_snapshot!("duplicate", line(&memory, &event("1")).await);

    let memory = with_work(Some((State::Failed, NOW))).await;
    assert_snapshot!("reopened", line(&memory, &event("1")).await);

    let memory = Memory::new();
    memory.trouble("put_event", FAILS);
    assert_snapshot!("unavailable", line(&memory, &event("1")).await);
}

#[tokio::test]
async fn a_refusal_has_its_line() {
    let forged = github("1", "{}", LATER_SECRET);
    assert_snapshot!("forged", line(&Memory::new(), &forged).await);

    let unsigned = request("github", "{}", &[]);
    assert_snapshot!("missing", line(&Memory::new(), &unsigned).await);

    let elsewhere = changed(event("1"), "/rawPath", "/webhooks/nobody");
    assert_snapshot!("unknown_source", line(&Memory::new(), &elsewhere).await);

    let listed = signed("listed", "{}", &[("X-GitHub-Delivery", "1")], SECRET);
    let foreign = changed(listed, "/requestContext/http/sourceIp", "198.51.100.1");
    assert_snapshot!("source_ip", line(&Memory::new(), &foreign).await);
}

#[tokio::test]
async fn a_handshake_has_its_line() {
    let asked = asked("dropbox", "GET", "challenge=hello", "");
    let listed = changed(asked, "/requestContext/http/sourceIp", "192.0.2.1");
    assert_snapshot!("handshake", line(&Memory::new(), &listed).await);
}

/// What `landfall cost` goes by: an accepted event, with names as long as they usually are.
#[test]
fn the_price_is_computed_from_this_line() {
    let record = EventRecord {
        event_type: "customer.subscription.updated".into(),
        secret_label: "2026-11".into(),
        body_digest: "0123456789abcdef".repeat(4),
        ..records::event("acme-billing", "0f8fad5b-d9cb-469f-a165-70867728950e")
    };
    let note = Note {
        source: Some("acme-billing"),
        address: Some([203, 0, 113, 17].into()),
        bytes: 2_048,
        event: Some(Event::of(&record)),
        ..Note::default()
    };
    let answer = Ok(Taken::Recorded {
        how: Recorded::Accepted,
        says: record.event_id.clone(),
        accepted: Accepted::Outcome,
    });
    let settings = Settings {
        stack: "landfall-live",
        version: "7",
        sources: sources(),
        inline_body_bytes: INLINE_BODY_BYTES,
    };
    let line = note.line(&answer, &settings, NOW, Millis(17));
    let known = include_str!("../../../../cli/src/cost/measured.json");
    let known: Value = serde_json::from_str(known).unwrap();
    let bytes = json!(line.json(By::Stack)).to_string().len();
    assert_eq!(known["ingest_line_bytes"]["value"], bytes);
}
