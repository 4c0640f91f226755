// functions/consumer/src/handlers/billing/tests.rs
#![allow(clippy::unwrap_used)]

use super::*;
use crate::testkit::{Api, Table, event, start};

/// What the handler makes of a paid invoice while the API answers so.
async fn handled(api: &Api, table: &Table) -> Result<(), Failure> {
    let start = start(&json!({"billing_url": api.url()}));
    let state = super::super::state(start).await.unwrap();
    let event = event("acme-billing", "invoice.paid", &json!({"id": "in_1"}));
    paid(event, table.context(), Arc::new(state)).await
}

#[tokio::test]
async fn an_invoice_is_booked_under_the_key_of_its_event() {
    let (api, table) = (Api::answering(201), Table::default());
    handled(&api, &table).await.unwrap();
    let asked = &api.asked()[0];
    assert_eq!(asked.what, "POST /bookings");
    let key = table.context().idempotency_key;
    assert_eq!(asked.headers["idempotency-key"], key);
    assert_eq!(asked.body, r#"{"invoice":"in_1"}"#);
    assert_eq!(table.state("invoice#in_1"), json!({"booked": true}));
}

#[tokio::test]
async fn only_what_the_api_will_never_take_is_given_up() {
    for (status, is_permanent) in [(422, true), (409, false), (429, false), (503, false)] {
        let (api, table) = (Api::answering(status), Table::default());
        let failure = handled(&api, &table).await.unwrap_err();
        let found = matches!(failure, Failure::Permanent(_));
        assert_eq!(found, is_permanent, "{status}");
        assert!(table.is_empty());
    }
}
