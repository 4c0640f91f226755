//! Formify: what became of documents sent for signature.

use serde::Deserialize;
use serde_json::{Value, json};

use super::validate;
use crate::handler::{Context, Event, Failure};

#[cfg(test)]
mod tests;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Payload {
    document_id: String,
    /// Formify doesn't document a time of the event; where it sends one, it counts.
    created_at: Option<Value>,
}

/// Keeps the last thing that happened to each document.
pub(super) async fn document(event: Event, context: Context) -> Result<(), Failure> {
    let payload: Payload = event.json()?;
    let id = validate::id("documentId", &payload.document_id)?;
    let happened = validate::word("type", &event.event_type)?;
    let occurred_at = validate::occurred_at("createdAt", payload.created_at.as_ref(), &context)?;
    context
        .projection
        .put_if_newer(
            &format!("{}#document#{id}", event.source),
            occurred_at,
            &json!({"last": happened, "signed": happened == "document.signed"}),
        )
        .await?;
    Ok(())
}
