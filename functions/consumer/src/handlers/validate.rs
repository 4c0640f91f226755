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
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::context;

    #[test]
    fn an_id_may_become_part_of_a_key() {
        for good in ["1", "evt_1#2", &"x".repeat(256)] {
            assert_eq!(id("id", good), Ok(good));
        }
        for bad in ["", "a b", "ž", "\u{0}", &"x".repeat(257)] {
            assert!(matches!(id("id", bad), Err(Failure::Permanent(_))), "{bad}");
        }
    }

    #[test]
    fn a_failure_names_the_field_and_not_its_value() {
        let secret = "not for the log";
        for failure in [id("a", secret).unwrap_err(), word("b", secret).unwrap_err()] {
            assert!(!failure.to_string().contains(secret));
        }
    }

    #[test]
    fn every_usual_way_to_write_a_time_is_read() {
        let context = context();
        for value in [
            json!("2022-07-26T18:45:17.441Z"),
            json!("2022-07-26T20:45:17.441+02:00"),
            json!(1_658_861_117_441_i64),
        ] {
            let read = occurred_at("created_at", Some(&value), &context);
            assert_eq!(read, Ok(UnixMillis(1_658_861_117_441)), "{value}");
        }
        let seconds = occurred_at("created", Some(&json!(1_640_995_200)), &context);
        assert_eq!(seconds, Ok(UnixMillis(1_640_995_200_000)));
        assert_eq!(
            occurred_at("created", None, &context),
            Ok(context.received_at)
        );
    }

    #[test]
    fn what_is_no_time_is_not_read_as_one() {
        for value in [
            json!("yesterday"),
            json!(""),
            json!(-1),
            json!(1.5),
            json!([]),
            json!(i64::MAX),
        ] {
            let read = occurred_at("created", Some(&value), &context());
            assert!(matches!(read, Err(Failure::Permanent(_))), "{value}");
        }
    }
}
