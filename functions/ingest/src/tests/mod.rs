//! The whole path over a world in memory, every effect counted.

mod check;
mod enrolment;
mod events;
mod front;
mod handshakes;
mod log;
mod named_keys;
mod quarantine;
mod refusals;
mod secrets;

use serde_json::{Value, json};

fn refused() -> Value {
    json!({"error": "refused"})
}

fn unavailable() -> Value {
    json!({"error": "unavailable"})
}

fn recorded(outcome: &str, id: &str) -> (i64, Value) {
    (200, json!({"outcome": outcome, "event_id": id}))
}

/// A request that is changed at this JSON pointer.
fn changed(mut event: Value, pointer: &str, value: impl Into<Value>) -> Value {
    *event.pointer_mut(pointer).unwrap() = value.into();
    event
}
