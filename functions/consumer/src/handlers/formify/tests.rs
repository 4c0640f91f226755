#![allow(clippy::unwrap_used)]

use protocol::time::UnixMillis;
use serde_json::json;

use super::document;
use crate::{
    handler::{Context, Failure},
    testkit::{Table, event},
};

#[tokio::test]
async fn without_a_time_of_its_own_the_event_received_last_counts() {
    let table = Table::default();
    let body = json!({"eventId": "e", "type": "t", "documentId": "d1"});
    for (event_type, received, last) in [
        ("document.signed", 2_000, "document.signed"),
        ("document.sent", 1_000, "document.signed"),
    ] {
        let context = Context {
            received_at: UnixMillis(received),
            ..table.context()
        };
        let event = event("formify", event_type, &body);
        document(event, context).await.unwrap();
        assert_eq!(table.state("formify#document#d1")["last"], last);
    }
}

#[tokio::test]
async fn data_that_are_no_data_are_permanent_failures() {
    for body in [json!({"documentId": "x".repeat(3_000)}), json!([])] {
        let event = event("formify", "document.signed", &body);
        let result = document(event, Table::default().context()).await;
        assert!(
            matches!(result, Err(Failure::Permanent(_))),
            "{body}: {result:?}"
        );
    }
}
