//! Frontitude: changes to copy.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::validate;
use crate::handler::{Context, Event, Failure};

#[cfg(test)]
mod tests;

/// Standard Webhooks' shape. Frontitude doesn't publish its events, so nothing more is expected.
#[derive(Deserialize)]
struct Payload {
    timestamp: Option<Value>,
    #[serde(default)]
    data: Map<String, Value>,
}

/// Keeps when copy last changed, and by which event: whoever builds from it then knows to fetch it.
pub(super) async fn any(event: Event, context: Context) -> Result<(), Failure> {
    let payload: Payload = event.json()?;
    let kind = validate::word("type", &event.event_type)?;
    let occurred_at = validate::occurred_at("timestamp", payload.timestamp.as_ref(), &context)?;
    context
        .projection
        .put_if_newer(
            &format!("{}#last#{kind}", event.source),
            occurred_at,
            &json!({"event": event.id, "fields": payload.data.len()}),
        )
        .await?;
    Ok(())
}
