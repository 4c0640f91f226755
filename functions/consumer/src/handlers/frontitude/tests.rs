#![allow(clippy::unwrap_used)]

use serde_json::json;

use super::any;
use crate::{
    handler::Failure,
    testkit::{Table, event},
};

#[tokio::test]
async fn events_of_whatever_type_are_noted() {
    let table = Table::default();
    for (event_type, body) in [
        ("unknown", json!({"test": 2_432_232_314_u64})),
        (
            "copy.updated",
            json!({"type": "copy.updated", "timestamp": "2026-11-20T10:00:00Z", "data": {"a": 1}}),
        ),
    ] {
        let event = event("frontitude", event_type, &body);
        any(event, table.context()).await.unwrap();
        let key = format!("frontitude#last#{event_type}");
        assert_eq!(table.state(&key)["event"], "evt_1");
    }
}

#[tokio::test]
async fn data_that_are_no_data_are_permanent_failures() {
    for (event_type, body) in [
        ("copy updated", json!({})),
        ("copy.updated", json!({"data": "none"})),
    ] {
        let event = event("frontitude", event_type, &body);
        let result = any(event, Table::default().context()).await;
        assert!(
            matches!(result, Err(Failure::Permanent(_))),
            "{body}: {result:?}"
        );
    }
}
