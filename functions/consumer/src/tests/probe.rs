//! An operator's test of a destination.

use landfall_aws::probe::{Asked, Came};
use protocol::{
    outgoing::{Origin, Refusal},
    time::{Millis, UnixMillis},
};

use support::world::{Mode, Plan};

use crate::{
    sqs::Invocation,
    testing::{DEADLINE, Memory, NOW, Routes, consumer},
};

const DESTINATIONS: &str = "[destinations.billing]\nhttp = \"https://billing.example.com/hooks\"\n\
                            [destinations.archive]\ns3 = \"archive\"\nkey = \"{source}/{json:data.customer}/{event_id}\"\n";

async fn tried(world: &Memory, destination: &str) -> Came {
    let consumer = consumer(world, Routes::new().and(DESTINATIONS));
    consumer.test(destination, DEADLINE).await.came
}

#[tokio::test]
async fn a_destination_gets_an_event_that_says_what_it_is_and_nothing_else_happens() {
    let world = Memory::default();
    assert_eq!(tried(&world, "billing").await, Came::Taken);
    let (to, outgoing) = world.state().delivered[0].clone();
    assert_eq!(to, "billing");
    assert_eq!(outgoing.source, "landfall");
    assert_eq!(outgoing.event_type, "landfall.destination.test");
    assert!(outgoing.event_id.starts_with("test-"));
    // So that it is signed, and nothing of it is called unsigned.
    assert_eq!(outgoing.origin, Origin::Verified);
    assert!(outgoing.covered.body() && outgoing.covered.id() && outgoing.covered.event_type());
    let body: serde_json::Value = serde_json::from_slice(&outgoing.body).unwrap();
    assert_eq!(body["type"], "landfall.destination.test");
    assert_eq!(body["id"], outgoing.event_id);
    // Neither ledger nor gate is asked.
    assert_eq!(world.state().door.calls, ["deliver"]);
}

#[tokio::test]
async fn what_a_payload_would_say_is_replaced_in_a_key() {
    let world = Memory::default();
    assert_eq!(tried(&world, "archive").await, Came::Taken);
    let (_, outgoing) = world.state().delivered[0].clone();
    let expected = format!("landfall/landfall-test/{}", outgoing.event_id);
    assert_eq!(outgoing.key, Some(expected));
}

#[tokio::test]
async fn a_refusal_is_told_and_whether_it_may_pass() {
    let world = Memory::default();
    let refuse = |refusal| {
        world.state().refusals.insert("billing".into(), refusal);
    };
    refuse(Refusal::permanent("gone"));
    let gone = Came::Permanent {
        error: "gone".into(),
    };
    assert_eq!(tried(&world, "billing").await, gone);
    refuse(Refusal::Transient {
        error: "busy".into(),
        retry_after: Some(Millis(30_000)),
    });
    let busy = Came::Transient {
        error: "busy".into(),
        retry_after_ms: Some(30_000),
    };
    assert_eq!(tried(&world, "billing").await, busy);
    assert_eq!(tried(&world, "read").await, Came::Unknown);
}

#[tokio::test]
async fn a_test_ends_before_its_invocation_does() {
    let world = Memory::default();
    let consumer = consumer(&world, Routes::new().and(DESTINATIONS));
    world
        .state()
        .door
        .plan(Plan::From("deliver", 0, Mode::Hangs));
    let told = consumer.test("billing", UnixMillis(NOW.0 + 3_050)).await;
    assert!(matches!(told.came, Came::Transient { .. }), "{told:?}");
}

#[test]
fn an_invocation_is_a_batch_or_a_test() {
    let read = |text: &str| serde_json::from_str::<Invocation>(text).unwrap();
    let batch = read(r#"{"Records":[{"messageId":"1"}]}"#);
    assert_eq!((batch.records.len(), batch.test), (1, None));
    let asked = Asked {
        destination: "billing".into(),
    };
    let test = read(&serde_json::to_string(&asked).unwrap());
    assert_eq!(
        (test.records.len(), test.test.as_deref()),
        (0, Some("billing"))
    );
}
