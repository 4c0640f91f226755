// functions/consumer/src/handlers/billing/mod.rs
use std::sync::Arc;

use serde::Deserialize;
use serde_json::json;

use super::State;
use crate::handler::{Context, Event, Failure};

#[cfg(test)]
mod tests;

#[derive(Deserialize)]
struct Invoice {
    id: String,
}

pub(super) async fn paid(event: Event, context: Context, state: Arc<State>) -> Result<(), Failure> {
    let invoice: Invoice = event.json()?; // of another shape: a permanent failure
    // This may run twice. By the key, which stays the same, the API knows that it has booked the invoice.
    let answer = state
        .http
        .post(&format!("{}/bookings", state.settings.billing_url))
        .header("Idempotency-Key", &context.idempotency_key)
        .content_type("application/json")
        .send(json!({"invoice": invoice.id}).to_string());
    match answer {
        Ok(_) => {}
        // The API would say so each time: a person looks at it.
        Err(ureq::Error::StatusCode(status @ (400 | 401 | 403 | 404 | 422))) => {
            return Err(Failure::permanent(format!("billing answered {status}")));
        }
        // Busy, broken or not to be reached: tried again later.
        Err(error) => return Err(Failure::retry(format!("billing: {error}"))),
    }
    tracing::info!("booked"); // with source, event id and attempt
    let key = format!("invoice#{}", invoice.id);
    context
        .projection
        .put_if_newer(&key, context.received_at, &json!({"booked": true}))
        .await?; // not written: tried again
    Ok(())
}
