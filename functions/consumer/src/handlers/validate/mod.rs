//! Checks on event data, for every handler. An authentic event may still be nonsense, and what fails
//! here would fail each time: it is a permanent failure. Its text names the field, never the value.

use protocol::time::UnixMillis;
use serde_json::Value;

use crate::handler::{Context, Failure};

/// An id that may become part of a key: 1 to 256 bytes of visible ASCII.
pub(super) fn id<'a>(field: &str, text: &'a str) -> Result<&'a str, Failure> {
    let fits = (1..=256).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
    if fits {
        Ok(text)
    } else {
        Err(Failure::permanent(format!(
            "`{field}` is no id: 1 to 256 visible ASCII characters"
        )))
    }
}

/// A short word, such as a status: up to 64 of letters, digits, `.`, `-` and `_`.
pub(super) fn word<'a>(field: &str, text: &'a str) -> Result<&'a str, Failure> {
    let fits = (1..=64).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte));
    if fits {
        Ok(text)
    } else {
        Err(Failure::permanent(format!("`{field}` is no word")))
    }
}

/// When it happened, as the event says: ISO 8601, or seconds or milliseconds since 1970. Where it says
/// nothing: when it was received, so that the last to arrive counts.
pub(super) fn occurred_at(
    field: &str,
    value: Option<&Value>,
    context: &Context,
) -> Result<UnixMillis, Failure> {
    let wrong = || Failure::permanent(format!("`{field}` is no time"));
    match value {
        None | Some(Value::Null) => Ok(context.received_at),
        Some(Value::String(text)) => text
            .parse::<jiff::Timestamp>()
            .map(|time| UnixMillis(time.as_millisecond()))
            .map_err(|_| wrong()),
        // Seconds stay below 10^11 until the year 5138; milliseconds have been above since 1973.
        Some(Value::Number(number)) => match number.as_i64() {
            Some(seconds @ 0..100_000_000_000) => Ok(UnixMillis(seconds * 1_000)),
            Some(millis @ 100_000_000_000..100_000_000_000_000) => Ok(UnixMillis(millis)),
            _ => Err(wrong()),
        },
        Some(_) => Err(wrong()),
    }
}

#[cfg(test)]
mod tests;
