//! A log line for a person.

use serde_json::Value;

use crate::escape;

/// What stands first in a line, and isn't said by its name.
const FIRST: [&str; 4] = ["message", "outcome", "source", "event_id"];

/// What says nothing to a person: metrics, and what is said elsewhere in the line.
const LEFT_OUT: [&str; 6] = [
    "_aws",
    "stack",
    "timestamp",
    "target",
    "level",
    "message_id",
];

/// A line in words: what happened and to what, then all else by its name.
pub(crate) fn words(line: &Value) -> String {
    let Some(fields) = line.as_object() else {
        return escape::value(line.as_str().unwrap_or_default());
    };
    let text = |value: &Value| match value {
        Value::String(text) => escape::value(text),
        other => escape::value(&other.to_string()),
    };
    let level = fields.get("level").and_then(Value::as_str);
    let mut words: Vec<String> = level
        .filter(|level| *level != "INFO")
        .map(str::to_owned)
        .into_iter()
        .collect();
    words.extend(FIRST.iter().filter_map(|name| fields.get(*name)).map(text));
    for (name, value) in fields {
        // A metric's name has a dot; what it says stands in the line by another name, too.
        let is_said = FIRST.contains(&name.as_str())
            || LEFT_OUT.contains(&name.as_str())
            || name.contains('.');
        if is_said {
            continue;
        }
        match value.as_array().filter(|_| name == "legs") {
            Some(legs) => words.extend(legs.iter().map(|leg| {
                let of = |name: &str| leg.get(name).map(text).unwrap_or_default();
                let error = leg.get("error").map(|error| format!(": {}", text(error)));
                let (route, outcome, tries) = (of("route"), of("outcome"), of("tries"));
                format!(
                    "[{route} {outcome}, tries {tries}{}]",
                    error.unwrap_or_default()
                )
            })),
            None => words.push(format!("{}={}", escape::value(name), text(value))),
        }
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_line_says_first_what_happened_to_what_and_hides_nothing_from_a_terminal() {
        let delivery = json!({
            "_aws": {}, "stack": "s", "message": "delivery", "outcome": "refused", "source": "github",
            "reason": "forged", "status": 400, "deliveries.forged": 1,
        });
        assert_eq!(
            words(&delivery),
            "delivery refused github reason=forged status=400"
        );
        let attempt = json!({
            "message": "attempt", "outcome": "waiting", "source": "github", "event_id": "1", "attempt": 2,
            "legs": [{"route": "paid", "outcome": "retried", "tries": 2, "error": "it answered 503", "ms": 3}],
        });
        assert_eq!(
            words(&attempt),
            "attempt waiting github 1 attempt=2 [paid retried, tries 2: it answered 503]"
        );
        let of_a_handler = json!({"level": "WARN", "message": "a\u{1b}[2J", "target": "consumer"});
        assert_eq!(words(&of_a_handler), "WARN a\\u{1b}[2J");
        assert_eq!(words(&json!("START RequestId: 1")), "START RequestId: 1");
    }
}
