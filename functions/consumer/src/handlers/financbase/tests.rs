#![allow(clippy::unwrap_used)]

use serde_json::{Value, json};

use super::{invoice, payment};
use crate::{
    handler::Failure,
    testkit::{self, Table, event},
};

#[tokio::test]
async fn invoices_and_payments_are_kept_by_financbases_own_clock() {
    let table = Table::default();
    let event = |event_type: &str, created: Value| {
        let body = json!({"id": "evt_1", "type": "t", "created": created, "data": {"id": "1"}});
        testkit::event("financbase", event_type, &body)
    };
    let context = || table.context();
    let last = |key: &str| table.state(key)["last"].clone();

    let paid = event("invoice.paid", json!("2026-01-02T00:00:00Z"));
    invoice(paid, context()).await.unwrap();
    let created = event("invoice.created", json!("2026-01-01T00:00:00Z"));
    invoice(created, context()).await.unwrap();
    assert_eq!(last("financbase#invoice#1"), "invoice.paid");

    let received = event("payment.received", json!(1_640_995_200));
    payment(received, context()).await.unwrap();
    assert_eq!(last("financbase#payment#1"), "payment.received");
}

#[tokio::test]
async fn data_that_are_no_data_are_permanent_failures_and_touch_nothing() {
    for body in [
        json!({"data": {}}),
        json!({"data": {"id": ""}}),
        json!({"data": {"id": 7}}),
        json!({"created": "soon", "data": {"id": "1"}}),
    ] {
        let table = Table::default();
        let event = event("financbase", "invoice.paid", &body);
        let result = invoice(event, table.context()).await;
        assert!(
            matches!(result, Err(Failure::Permanent(_))),
            "{body}: {result:?}"
        );
        assert!(table.is_empty());
    }
}

#[tokio::test]
async fn a_failure_to_read_a_body_does_not_quote_it() {
    let body = json!({"data": {"id": ["4111 1111 1111 1111"]}, "created": "4111"});
    let event = event("financbase", "invoice.paid", &body);
    let failure = invoice(event, Table::default().context())
        .await
        .unwrap_err();
    assert!(!failure.to_string().contains("4111"), "{failure}");
}

#[tokio::test]
async fn a_table_that_fails_is_a_retry() {
    let table = Table::default();
    table.fail();
    let event = event("financbase", "invoice.paid", r#"{"data": {"id": "1"}}"#);
    let result = invoice(event, table.context()).await;
    assert!(matches!(result, Err(Failure::Retry(_))));
}
