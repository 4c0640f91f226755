//! Financbase: invoices and payments.

use serde::Deserialize;
use serde_json::{Value, json};

use super::validate;
use crate::handler::{Context, Event, Failure};

#[cfg(test)]
mod tests;

#[derive(Deserialize)]
struct Payload {
    created: Option<Value>,
    data: Data,
}

#[derive(Deserialize)]
struct Data {
    id: String,
}

/// Keeps what last happened to each invoice.
pub(super) async fn invoice(event: Event, context: Context) -> Result<(), Failure> {
    keep("invoice", &event, &context).await
}

/// Keeps what last happened to each payment.
pub(super) async fn payment(event: Event, context: Context) -> Result<(), Failure> {
    keep("payment", &event, &context).await
}

async fn keep(what: &str, event: &Event, context: &Context) -> Result<(), Failure> {
    let payload: Payload = event.json()?;
    let id = validate::id("data.id", &payload.data.id)?;
    let happened = validate::word("type", &event.event_type)?;
    let occurred_at = validate::occurred_at("created", payload.created.as_ref(), context)?;
    // `invoice.paid` may arrive before `invoice.created`: the later one by Financbase's own clock stays.
    context
        .projection
        .put_if_newer(
            &format!("{}#{what}#{id}", event.source),
            occurred_at,
            &json!({"last": happened}),
        )
        .await?;
    Ok(())
}
