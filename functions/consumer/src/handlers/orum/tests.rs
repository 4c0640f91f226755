#![allow(clippy::unwrap_used)]

use serde_json::{Value, json};

use super::{business, external_account, person, transfer};
use crate::{
    handler::{Event, Failure},
    testkit::{self, Table},
};

fn event(event_type: &str, body: &Value) -> Event {
    testkit::event("orum", event_type, body)
}

#[tokio::test]
async fn an_older_event_that_arrives_late_is_ignored() {
    let table = Table::default();
    for (created_at, status, expected) in [
        ("2026-11-20T10:00:00.000Z", "pending", "pending"),
        ("2026-11-20T10:02:00.000Z", "completed", "completed"),
        ("2026-11-20T10:01:59.999Z", "settled", "completed"),
        // The same again, as after a crash between the write and the finish.
        ("2026-11-20T10:02:00.000Z", "completed", "completed"),
        ("2026-11-20T10:02:00.001Z", "failed", "failed"),
    ] {
        let body = json!({"event_id": "e", "event_type": "transfer_updated", "created_at": created_at,
            "event_data": {"transfer": {"id": "t1", "status": status}}});
        transfer(event("transfer_updated", &body), table.context())
            .await
            .unwrap();
        assert_eq!(table.state("orum#transfer#t1")["status"], expected);
    }
}

#[tokio::test]
async fn resources_are_kept_apart() {
    let table = Table::default();
    let created = |resource: &str| {
        let body = json!({"created_at": "2022-07-26T18:45:17.441Z",
            "event_data": {resource: {"id": "1", "status": resource, "created_at": "x"}}});
        (event("created", &body), table.context())
    };
    let (of_person, context) = created("person");
    person(of_person, context).await.unwrap();
    let (of_business, context) = created("business");
    business(of_business, context).await.unwrap();
    let (of_account, context) = created("external_account");
    external_account(of_account, context).await.unwrap();
    let (of_transfer, context) = created("transfer");
    transfer(of_transfer, context).await.unwrap();
    for resource in ["person", "business", "external_account", "transfer"] {
        let state = table.state(&format!("orum#{resource}#1"));
        assert_eq!(state["status"], resource);
    }
}

#[tokio::test]
async fn data_that_are_no_data_are_permanent_failures() {
    for body in [
        json!({"created_at": "2022-07-26T18:45:17.441Z", "event_data": {}}),
        json!({"event_data": {"transfer": {"id": "1", "status": "x"}}}),
        json!({"created_at": "2022-07-26T18:45:17.441Z",
            "event_data": {"transfer": {"id": "1\u{0}", "status": "x"}}}),
    ] {
        let result = transfer(event("transfer_updated", &body), Table::default().context()).await;
        assert!(
            matches!(result, Err(Failure::Permanent(_))),
            "{body}: {result:?}"
        );
    }
}
