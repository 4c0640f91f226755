//! The example handlers, through the routes by which they are found.

use protocol::time::UnixMillis;
use serde_json::{Value, json};

use crate::{
    handler::Failure,
    handlers,
    router::Router,
    testing::{Memory, RECEIVED, context_in, event_of},
};

async fn handle(
    world: &Memory,
    source: &str,
    event_type: &str,
    body: &Value,
) -> Result<(), Failure> {
    handle_at(world, source, event_type, body, RECEIVED).await
}

async fn handle_at(
    world: &Memory,
    source: &str,
    event_type: &str,
    body: &Value,
    received_at: UnixMillis,
) -> Result<(), Failure> {
    let router = Router::new(handlers::routes()).unwrap();
    let handler = router.find(source, event_type).expect("a route");
    let event = event_of(source, event_type, &body.to_string());
    handler(event, context_in(world, received_at)).await
}

fn state(world: &Memory, key: &str) -> Value {
    let projected = world.lock().projected.get(key).cloned();
    projected.map_or(Value::Null, |(_, state)| {
        serde_json::from_str(&state).unwrap()
    })
}

fn is_permanent(result: &Result<(), Failure>) -> bool {
    matches!(result, Err(Failure::Permanent(_)))
}

#[tokio::test]
async fn selfs_four_statuses_are_handled_apart() {
    let mut next = Vec::new();
    for (status, recoverable) in [
        ("valid", false),
        ("invalid", true),
        ("error", true),
        ("expired", true),
    ] {
        let world = Memory::default();
        let body = json!({"type": "verification.completed", "verification_id": "v1",
            "environment": "live", "status": status});
        handle(&world, "self", "verification.completed", &body)
            .await
            .unwrap();
        let state = state(&world, "self#verification#v1");
        assert_eq!(state["status"], status);
        assert_eq!(state["recoverable"], recoverable);
        next.push(state["next"].clone());
    }
    assert_eq!(
        next,
        [
            "admit",
            "ask_for_another_proof",
            "ask_again",
            "send_a_new_link"
        ]
    );
}

#[tokio::test]
async fn a_fifth_status_is_guessed_to_be_none_of_the_four() {
    for status in ["", "VALID", "pending", "valid "] {
        let world = Memory::default();
        let body = json!({"verification_id": "v1", "status": status});
        let result = handle(&world, "self", "verification.completed", &body).await;
        assert!(is_permanent(&result), "{status}");
        assert_eq!(state(&world, "self#verification#v1"), Value::Null);
    }
}

#[tokio::test]
async fn an_older_event_that_arrives_late_is_ignored() {
    let world = Memory::default();
    let transfer = |created_at: &str, status: &str| {
        json!({"event_id": "e", "event_type": "transfer_updated", "created_at": created_at,
            "event_data": {"transfer": {"id": "t1", "status": status}}})
    };
    for (created_at, status, expected) in [
        ("2026-11-20T10:00:00.000Z", "pending", "pending"),
        ("2026-11-20T10:02:00.000Z", "completed", "completed"),
        ("2026-11-20T10:01:59.999Z", "settled", "completed"),
        // The same again, as after a crash between the write and the finish.
        ("2026-11-20T10:02:00.000Z", "completed", "completed"),
        ("2026-11-20T10:02:00.001Z", "failed", "failed"),
    ] {
        let body = transfer(created_at, status);
        handle(&world, "orum", "transfer_updated", &body)
            .await
            .unwrap();
        assert_eq!(state(&world, "orum#transfer#t1")["status"], expected);
    }
}

#[tokio::test]
async fn without_a_time_of_its_own_the_event_received_last_counts() {
    let world = Memory::default();
    let body = json!({"eventId": "e", "type": "t", "documentId": "d1"});
    for (event_type, received, last) in [
        ("document.signed", 2_000, "document.signed"),
        ("document.sent", 1_000, "document.signed"),
    ] {
        let received = UnixMillis(received);
        handle_at(&world, "formify", event_type, &body, received)
            .await
            .unwrap();
        assert_eq!(state(&world, "formify#document#d1")["last"], last);
    }
}

#[tokio::test]
async fn orums_resources_are_kept_apart() {
    for (event_type, resource) in [
        ("person_verified", "person"),
        ("business_rejected", "business"),
        ("external_account_created", "external_account"),
        ("transfer_updated", "transfer"),
    ] {
        let world = Memory::default();
        let body = json!({"created_at": "2022-07-26T18:45:17.441Z",
            "event_data": {resource: {"id": "1", "status": "created", "created_at": "x"}}});
        handle(&world, "orum", event_type, &body).await.unwrap();
        assert_eq!(
            state(&world, &format!("orum#{resource}#1"))["status"],
            "created"
        );
    }
}

#[tokio::test]
async fn financbases_invoices_and_payments_are_kept_by_its_own_clock() {
    let world = Memory::default();
    let body = |created: Value| json!({"id": "evt_1", "type": "t", "created": created, "data": {"id": "1"}});
    for (event_type, created, key, last) in [
        (
            "invoice.paid",
            json!("2026-01-02T00:00:00Z"),
            "financbase#invoice#1",
            "invoice.paid",
        ),
        (
            "invoice.created",
            json!("2026-01-01T00:00:00Z"),
            "financbase#invoice#1",
            "invoice.paid",
        ),
        (
            "payment.received",
            json!(1_640_995_200),
            "financbase#payment#1",
            "payment.received",
        ),
    ] {
        handle(&world, "financbase", event_type, &body(created))
            .await
            .unwrap();
        assert_eq!(state(&world, key)["last"], last);
    }
}

#[tokio::test]
async fn frontitudes_events_of_whatever_type_are_noted() {
    let world = Memory::default();
    for (event_type, body) in [
        ("unknown", json!({"test": 2_432_232_314_u64})),
        (
            "copy.updated",
            json!({"type": "copy.updated", "timestamp": "2026-11-20T10:00:00Z", "data": {"a": 1}}),
        ),
    ] {
        handle(&world, "frontitude", event_type, &body)
            .await
            .unwrap();
        let key = format!("frontitude#last#{event_type}");
        assert_eq!(state(&world, &key)["event"], "evt_1");
    }
}

#[tokio::test]
async fn data_that_are_no_data_are_permanent_failures_and_touch_nothing() {
    let long = "x".repeat(3_000);
    for (source, event_type, body) in [
        ("financbase", "invoice.paid", json!({"data": {}})),
        ("financbase", "invoice.paid", json!({"data": {"id": ""}})),
        ("financbase", "invoice.paid", json!({"data": {"id": 7}})),
        (
            "financbase",
            "invoice.paid",
            json!({"created": "soon", "data": {"id": "1"}}),
        ),
        ("formify", "document.signed", json!({"documentId": long})),
        ("formify", "document.signed", json!([])),
        ("frontitude", "copy updated", json!({})),
        ("frontitude", "copy.updated", json!({"data": "none"})),
        (
            "orum",
            "transfer_updated",
            json!({"created_at": "2022-07-26T18:45:17.441Z", "event_data": {}}),
        ),
        (
            "orum",
            "transfer_updated",
            json!({"event_data": {"transfer": {"id": "1", "status": "x"}}}),
        ),
        (
            "orum",
            "person_verified",
            json!({"created_at": "2022-07-26T18:45:17.441Z",
            "event_data": {"person": {"id": "1\u{0}", "status": "x"}}}),
        ),
        ("self", "verification.completed", json!({"status": "valid"})),
        (
            "self",
            "verification.completed",
            json!({"verification_id": "a b", "status": "valid"}),
        ),
    ] {
        let world = Memory::default();
        let result = handle(&world, source, event_type, &body).await;
        assert!(is_permanent(&result), "{source}: {body}: {result:?}");
        assert!(world.lock().projected.is_empty());
    }
}

#[tokio::test]
async fn a_failure_to_read_a_body_does_not_quote_it() {
    let world = Memory::default();
    let body = json!({"data": {"id": ["4111 1111 1111 1111"]}, "created": "4111"});
    let failure = handle(&world, "financbase", "invoice.paid", &body)
        .await
        .unwrap_err();
    assert!(!failure.to_string().contains("4111"), "{failure}");
}

#[tokio::test]
async fn a_table_that_fails_is_a_retry() {
    let world = Memory::default();
    world.lock().failing.insert("project");
    let body = json!({"data": {"id": "1"}});
    let result = handle(&world, "financbase", "invoice.paid", &body).await;
    assert!(matches!(result, Err(Failure::Retry(_))));
}

#[tokio::test]
async fn the_drill_misbehaves_in_the_tries_that_it_is_told_and_counts_its_runs() {
    let router = Router::new(handlers::routes()).unwrap();
    let world = Memory::default();
    let drill = |event_type: &'static str, tries: u32, body: Value| {
        let handler = router.find("drill", event_type).unwrap();
        let context = crate::handler::Context {
            tries,
            ..context_in(&world, RECEIVED)
        };
        handler(event_of("drill", event_type, &body.to_string()), context)
    };
    assert_eq!(drill("drill.ok", 1, json!({})).await, Ok(()));
    assert!(matches!(
        drill("drill.fail", 99, json!({})).await,
        Err(Failure::Retry(_))
    ));
    assert!(matches!(
        drill("drill.fail", 2, json!({"times": 2})).await,
        Err(Failure::Retry(_))
    ));
    assert_eq!(drill("drill.fail", 3, json!({"times": 2})).await, Ok(()));
    assert!(is_permanent(&drill("drill.refuse", 1, json!({})).await));
    assert_eq!(drill("drill.panic", 2, json!({"times": 1})).await, Ok(()));
    assert_eq!(drill("drill.exit", 2, json!({"times": 1})).await, Ok(()));
    assert_eq!(drill("drill.slow", 1, json!({"ms": 0})).await, Ok(()));
    assert!(is_permanent(&drill("drill.nonsense", 1, json!({})).await));
    assert_eq!(world.lock().counts["drill#evt_1.runs"], 9);
    let panic = tokio::spawn(drill("drill.panic", 1, json!({}))).await;
    assert!(panic.unwrap_err().is_panic());
}
