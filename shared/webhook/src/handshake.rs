//! Answers to the requests by which providers prove an endpoint.

use std::fmt;

use catalogue::Handshake;

use crate::{
    event::Authentic,
    json::{self, Found},
};

/// What a handshake is answered with.
#[derive(Clone, PartialEq, Eq)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The content type.
    pub content_type: &'static str,
    /// The body, exactly.
    pub body: Vec<u8>,
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Reply({}, {} bytes)", self.status, self.body.len())
    }
}

/// The answer, if this delivery is a handshake that is signed like an event: the challenge in a JSON
/// object, under the name that it came by.
#[must_use]
pub fn signed(delivery: &Authentic<'_>) -> Option<Reply> {
    let Handshake::SignedEcho {
        kind: (path, value),
        echo,
    } = delivery.source().handshake?;
    if json::find(delivery.body(), path) != Found::Text(value.into()) {
        return None;
    }
    let Found::Text(challenge) = json::find(delivery.body(), echo) else {
        return None;
    };
    let name = echo.rsplit('.').next().unwrap_or(echo);
    Some(Reply {
        status: 200,
        content_type: "application/json",
        body: serde_json::json!({ name: challenge })
            .to_string()
            .into_bytes(),
    })
}
