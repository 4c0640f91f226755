#![allow(clippy::unwrap_used)]

use protocol::time::UnixMillis;
use serde_json::json;

use super::document;
use crate::{
    handler::Failure,
    testing::{Memory, context, context_in, event_of, projected},
};

#[tokio::test]
async fn without_a_time_of_its_own_the_event_received_last_counts() {
    let world = Memory::default();
    let body = json!({"eventId": "e", "type": "t", "documentId": "d1"}).to_string();
    for (event_type, received, last) in [
        ("document.signed", 2_000, "document.signed"),
        ("document.sent", 1_000, "document.signed"),
    ] {
        let context = context_in(&world, UnixMillis(received));
        let event = event_of("formify", event_type, &body);
        document(event, context).await.unwrap();
        assert_eq!(projected(&world, "formify#document#d1")["last"], last);
    }
}

#[tokio::test]
async fn data_that_are_no_data_are_permanent_failures() {
    for body in [json!({"documentId": "x".repeat(3_000)}), json!([])] {
        let event = event_of("formify", "document.signed", &body.to_string());
        let result = document(event, context()).await;
        assert!(
            matches!(result, Err(Failure::Permanent(_))),
            "{body}: {result:?}"
        );
    }
}
