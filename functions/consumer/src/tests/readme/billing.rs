// functions/consumer/src/handlers/billing.rs
use serde::Deserialize;
use serde_json::json;

use crate::handler::{Context, Event, Failure};

#[derive(Deserialize)]
struct Invoice {
    id: String,
}

pub(super) async fn paid(event: Event, context: Context) -> Result<(), Failure> {
    let invoice: Invoice = event.json()?; // of another shape: a permanent failure
    let key = format!("invoice#{}", invoice.id);
    // It may run twice. What you call elsewhere gets `context.idempotency_key`, which stays the same.
    context
        .projection
        .put_if_newer(&key, context.received_at, &json!({"paid": true}))
        .await?; // not written: tried again
    Ok(())
}
