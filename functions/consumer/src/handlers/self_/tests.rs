#![allow(clippy::unwrap_used)]

use serde_json::{Value, json};

use super::completed;
use crate::{
    handler::Failure,
    testkit::{Table, event},
};

const KEY: &str = "self#verification#v1";

/// What comes of an event with this body, and what is kept of it.
async fn handled(body: &Value) -> (Result<(), Failure>, Value) {
    let table = Table::default();
    let event = event("self", "verification.completed", body);
    let result = completed(event, table.context()).await;
    (result, table.state(KEY))
}

#[tokio::test]
async fn the_four_statuses_are_handled_apart() {
    for (status, recoverable, next) in [
        ("valid", false, "admit"),
        ("invalid", true, "ask_for_another_proof"),
        ("error", true, "ask_again"),
        ("expired", true, "send_a_new_link"),
    ] {
        let body = json!({"type": "verification.completed", "verification_id": "v1",
            "environment": "live", "status": status});
        let (result, state) = handled(&body).await;
        result.unwrap();
        assert_eq!(state["status"], status);
        assert_eq!(state["recoverable"], recoverable);
        assert_eq!(state["next"], next);
    }
}

#[tokio::test]
async fn a_fifth_status_is_guessed_to_be_none_of_the_four() {
    for status in ["", "VALID", "pending", "valid "] {
        let (result, state) = handled(&json!({"verification_id": "v1", "status": status})).await;
        assert!(matches!(result, Err(Failure::Permanent(_))), "{status}");
        assert_eq!(state, Value::Null);
    }
}

#[tokio::test]
async fn data_that_are_no_data_are_permanent_failures() {
    for body in [
        json!({"status": "valid"}),
        json!({"verification_id": "a b", "status": "valid"}),
    ] {
        let (result, _) = handled(&body).await;
        assert!(matches!(result, Err(Failure::Permanent(_))), "{body}");
    }
}
