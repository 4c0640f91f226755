//! What a destination is sent of an event, and why it may not take it.

use std::{collections::BTreeMap, fmt};

use sha2::{Digest as _, Sha256};

use crate::{
    covered::Covered,
    ledger::{EventKey, Life},
    time::{Millis, UnixMillis},
};

/// One event on its way along one route. The same in every try but for `attempt`, and in every replay but for `epoch`.
#[derive(Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// The source that it came to.
    pub source: String,
    /// Its id, as the provider gave it, or the digest that stands for it.
    pub event_id: String,
    /// Its type, as the provider gave it, or `unknown`.
    pub event_type: String,
    /// When it was received.
    pub received_at: UnixMillis,
    /// The route that sends it.
    pub route: String,
    /// The same in every attempt and replay of this event on this route, and of nothing else: 64 hex digits.
    pub idempotency_key: String,
    /// Which run of the event this is, from 1; it never falls.
    pub attempt: u64,
    /// How often it was replayed on this route.
    pub epoch: u64,
    /// How often it has gone out of a Landfall, this time included: an event that comes back goes on counting.
    pub hops: u32,
    /// The original bytes, or what the route makes of them.
    pub body: Vec<u8>,
    /// What the body is; empty where nobody knows.
    pub content_type: String,
    /// What the route says beside the body.
    pub headers: BTreeMap<String, String>,
    /// What the destination's own template comes to: the message group of a queue, the partition of a stream, the name of
    /// an object.
    pub key: Option<String>,
    /// Whether its provider is known to have sent it.
    pub origin: Origin,
    /// What of it the provider's signature covers.
    pub covered: Covered,
    /// Lambda's header `X-Amzn-Trace-Id`, as it came with the ticket.
    pub trace: Option<String>,
}

/// Whether an event's provider is known to have sent it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A signature has shown it.
    Verified,
    /// Nothing has.
    Unverified,
}

/// Why a destination didn't take an event. The text names a status or a code; it quotes neither what was sent nor what came
/// back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It may take it later.
    Transient {
        /// What went wrong.
        error: String,
        /// The wait that the destination asks for.
        retry_after: Option<Millis>,
    },
    /// It won't take it as it is, however often it is tried.
    Permanent {
        /// What is wrong.
        error: String,
    },
}

impl Refusal {
    /// It may be taken later.
    pub fn transient(error: impl Into<String>) -> Self {
        Self::Transient {
            error: error.into(),
            retry_after: None,
        }
    }

    /// It won't be taken as it is.
    pub fn permanent(error: impl Into<String>) -> Self {
        Self::Permanent {
            error: error.into(),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Transient { error, .. } | Self::Permanent { error }) = self;
        f.write_str(error)
    }
}

impl std::error::Error for Refusal {}

/// Body, headers and key are the payload's, and never shown.
impl fmt::Debug for Outgoing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outgoing")
            .field("source", &self.source)
            .field("event_id", &self.event_id)
            .field("route", &self.route)
            .field("attempt", &self.attempt)
            .field("epoch", &self.epoch)
            .finish_non_exhaustive()
    }
}

/// The idempotency key of this life of an event on this route: two routes to one place don't swallow each other. A
/// digest, for an id may be of any length and hold any character, and other systems' keys may not.
#[must_use]
pub fn idempotency_key(key: &EventKey, life: Life, route: &str) -> String {
    // Neither the number nor a route's name has a `/`.
    hex::encode(Sha256::digest(format!("{key}@{}/{route}", life.0.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_payload_is_shown() {
        let outgoing = Outgoing {
            source: "orum".into(),
            event_id: "1".into(),
            event_type: "paid".into(),
            received_at: UnixMillis(0),
            route: "billing".into(),
            idempotency_key: "k".into(),
            attempt: 1,
            epoch: 0,
            hops: 1,
            body: b"hush".to_vec(),
            content_type: "text/plain".into(),
            headers: [("x".to_owned(), "hush".to_owned())].into(),
            key: Some("hush".into()),
            origin: Origin::Verified,
            covered: Covered::default(),
            trace: None,
        };
        let shown = format!("{outgoing:?}");
        assert!(
            shown.contains("billing") && !shown.contains("hush"),
            "{shown}"
        );
        // Nor as the numbers of its bytes.
        assert!(!shown.contains("104"), "{shown}");
    }
}
