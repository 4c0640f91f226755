#![allow(clippy::unwrap_used)]

use serde_json::json;

use super::any;
use crate::{
    handler::Failure,
    testing::{Memory, RECEIVED, context, context_in, event_of, projected},
};

#[tokio::test]
async fn events_of_whatever_type_are_noted() {
    let world = Memory::default();
    for (event_type, body) in [
        ("unknown", json!({"test": 2_432_232_314_u64})),
        (
            "copy.updated",
            json!({"type": "copy.updated", "timestamp": "2026-11-20T10:00:00Z", "data": {"a": 1}}),
        ),
    ] {
        let event = event_of("frontitude", event_type, &body.to_string());
        any(event, context_in(&world, RECEIVED)).await.unwrap();
        let key = format!("frontitude#last#{event_type}");
        assert_eq!(projected(&world, &key)["event"], "evt_1");
    }
}

#[tokio::test]
async fn data_that_are_no_data_are_permanent_failures() {
    for (event_type, body) in [
        ("copy updated", json!({})),
        ("copy.updated", json!({"data": "none"})),
    ] {
        let event = event_of("frontitude", event_type, &body.to_string());
        let result = any(event, context()).await;
        assert!(
            matches!(result, Err(Failure::Permanent(_))),
            "{body}: {result:?}"
        );
    }
}
