//! What an operator asks the consumer to send to a destination, and what it answers: the payloads of a direct invocation.

use serde::{Deserialize, Serialize};

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// The destination that a test event is to be sent to.
    #[serde(rename = "landfall-test")]
    pub destination: String,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// The test event's id.
    pub event_id: String,
    /// How long the destination took, in milliseconds.
    pub ms: i64,
    /// What it said.
    #[serde(flatten)]
    pub came: Came,
}

/// What a destination said of a test event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Came {
    /// It took it.
    Taken,
    /// It didn't, and may take it later.
    Transient {
        /// What went wrong.
        error: String,
        /// The wait that it asks for, in milliseconds.
        retry_after_ms: Option<i64>,
    },
    /// It won't, however often it is tried.
    Permanent {
        /// What is wrong.
        error: String,
    },
    /// The configuration that the consumer runs with has no such destination.
    Unknown,
}
