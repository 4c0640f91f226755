//! Orum: transfers, and the persons, businesses and accounts behind them.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::validate;
use crate::handler::{Context, Event, Failure};

#[cfg(test)]
mod tests;

#[derive(Deserialize)]
struct Payload {
    created_at: Value,
    event_data: Map<String, Value>,
}

#[derive(Deserialize)]
struct Resource {
    id: String,
    status: String,
}

/// Keeps the newest status of each transfer.
pub(super) async fn transfer(event: Event, context: Context) -> Result<(), Failure> {
    keep("transfer", &event, &context).await
}

/// Keeps the newest status of each person.
pub(super) async fn person(event: Event, context: Context) -> Result<(), Failure> {
    keep("person", &event, &context).await
}

/// Keeps the newest status of each business.
pub(super) async fn business(event: Event, context: Context) -> Result<(), Failure> {
    keep("business", &event, &context).await
}

/// Keeps the newest status of each external account.
pub(super) async fn external_account(event: Event, context: Context) -> Result<(), Failure> {
    keep("external_account", &event, &context).await
}

/// `event_data` holds one resource under its own name. Retries run for a day and in any order, so the
/// event's `created_at` says which status is the newest.
async fn keep(resource: &str, event: &Event, context: &Context) -> Result<(), Failure> {
    let mut payload: Payload = event.json()?;
    let found = payload
        .event_data
        .remove(resource)
        .and_then(|value| serde_json::from_value::<Resource>(value).ok())
        .ok_or_else(|| {
            Failure::permanent(format!("`event_data.{resource}` has no `id` and `status`"))
        })?;
    let id = validate::id("id", &found.id)?;
    let status = validate::word("status", &found.status)?;
    let occurred_at = validate::occurred_at("created_at", Some(&payload.created_at), context)?;
    context
        .projection
        .put_if_newer(
            &format!("{}#{resource}#{id}", event.source),
            occurred_at,
            &json!({"status": status}),
        )
        .await?;
    Ok(())
}
