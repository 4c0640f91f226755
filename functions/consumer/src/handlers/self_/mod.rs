//! Self: completed verifications.

use serde::Deserialize;
use serde_json::{Value, json};

use super::validate;
use crate::handler::{Context, Event, Failure};

#[cfg(test)]
mod tests;

#[derive(Deserialize)]
struct Payload {
    verification_id: String,
    status: String,
    /// `test` or `live`.
    environment: Option<String>,
    /// Self doesn't document a time of the event; where it sends one, it counts.
    created_at: Option<Value>,
}

/// How a verification ended. `completed` only means that it ended: three of the four are no success,
/// and each of the three can be mended in its own way.
enum Status {
    /// The person is who they say they are.
    Valid,
    /// The proof was wrong. The person may try again with another.
    Invalid,
    /// Something broke on the way. The same proof may pass when it is asked for again.
    Error,
    /// The person didn't finish in time. They need a new link.
    Expired,
}

impl Status {
    fn named(name: &str) -> Option<Self> {
        match name {
            "valid" => Some(Self::Valid),
            "invalid" => Some(Self::Invalid),
            "error" => Some(Self::Error),
            "expired" => Some(Self::Expired),
            _ => None,
        }
    }

    /// What the application is to do now.
    const fn next(&self) -> &'static str {
        match self {
            Self::Valid => "admit",
            Self::Invalid => "ask_for_another_proof",
            Self::Error => "ask_again",
            Self::Expired => "send_a_new_link",
        }
    }

    const fn recoverable(&self) -> bool {
        match self {
            Self::Valid => false,
            Self::Invalid | Self::Error | Self::Expired => true,
        }
    }
}

/// Keeps how each verification ended, and what is to be done about it.
pub(super) async fn completed(event: Event, context: Context) -> Result<(), Failure> {
    let payload: Payload = event.json()?;
    let id = validate::id("verification_id", &payload.verification_id)?;
    let environment = payload.environment.as_deref().unwrap_or("unknown");
    let environment = validate::word("environment", environment)?;
    // A fifth status is for a person to look at: guessing would let someone in, or keep someone out.
    let status = Status::named(&payload.status)
        .ok_or_else(|| Failure::permanent("`status` is none of valid, invalid, error, expired"))?;
    let occurred_at = validate::occurred_at("created_at", payload.created_at.as_ref(), &context)?;
    context
        .projection
        .put_if_newer(
            &format!("{}#verification#{id}", event.source),
            occurred_at,
            &json!({
                "status": payload.status,
                "environment": environment,
                "recoverable": status.recoverable(),
                "next": status.next(),
            }),
        )
        .await?;
    Ok(())
}
