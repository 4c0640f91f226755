//! What log lines come to, counted.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// What the lines of a source say, or those of all.
#[derive(Debug, Default)]
pub(super) struct Counted {
    /// Deliveries by what they were answered.
    deliveries: BTreeMap<String, u64>,
    /// Those that were not taken, by reason.
    reasons: BTreeMap<String, u64>,
    /// How long the answers took, in milliseconds.
    answers: Lengths,
    /// Legs by what became of a run.
    legs: BTreeMap<String, u64>,
    /// How old events were when an attempt ended, in milliseconds.
    ages: Lengths,
}

/// Lengths of time, of which a few are told.
#[derive(Debug, Default)]
struct Lengths(Vec<i64>);

/// The name under which what has no source is counted: nobody knows whom a stranger meant.
pub(super) const NO_SOURCE: &str = "-";

/// Counts lines by source.
pub(super) fn counted<'l>(lines: impl Iterator<Item = &'l Value>) -> BTreeMap<String, Counted> {
    let mut all: BTreeMap<String, Counted> = BTreeMap::new();
    for line in lines {
        let text = |name: &str| line[name].as_str();
        let source = text("source").unwrap_or(NO_SOURCE);
        // Of a flood of refusals one line counts several.
        let number = line["stands_for"].as_u64().unwrap_or(1);
        let mut count = |into: fn(&mut Counted) -> &mut BTreeMap<String, u64>, word: &str| {
            let of_source = all.entry(source.to_owned()).or_default();
            *into(of_source).entry(word.to_owned()).or_default() += number;
        };
        match text("message") {
            Some("delivery") => {
                count(|of| &mut of.deliveries, text("outcome").unwrap_or("-"));
                if let Some(reason) = text("reason") {
                    count(|of| &mut of.reasons, reason);
                }
                let of_source = all.entry(source.to_owned()).or_default();
                of_source.answers.add(&line["ms"]);
            }
            Some("attempt") => {
                for leg in line["legs"].as_array().into_iter().flatten() {
                    count(|of| &mut of.legs, leg["outcome"].as_str().unwrap_or("-"));
                }
                let of_source = all.entry(source.to_owned()).or_default();
                of_source.ages.add(&line["events.age_ms"]);
            }
            _ => {}
        }
    }
    all
}

impl Counted {
    pub(super) fn json(&self) -> Value {
        json!({
            "deliveries": self.deliveries,
            "reasons": self.reasons,
            "answer_ms": self.answers.json(),
            "legs": self.legs,
            "age_ms": self.ages.json(),
        })
    }
}

impl Lengths {
    fn add(&mut self, length: &Value) {
        self.0.extend(length.as_i64());
    }

    /// The length below which so many of a hundred are.
    fn percentile(&self, of_hundred: usize) -> Option<i64> {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let rank = (sorted.len() * of_hundred).div_ceil(100).max(1);
        sorted.get(rank - 1).copied()
    }

    fn json(&self) -> Value {
        json!({
            "p50": self.percentile(50),
            "p95": self.percentile(95),
            "max": self.percentile(100),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_by_source_outcome_and_reason() {
        let lines = [
            json!({"message": "delivery", "source": "github", "outcome": "accepted", "ms": 20}),
            json!({"message": "delivery", "source": "github", "outcome": "refused", "reason": "forged", "ms": 2}),
            json!({"message": "delivery", "outcome": "refused", "reason": "unknown_source", "ms": 1}),
            json!({"message": "delivery", "outcome": "refused", "reason": "unknown_source", "ms": 1, "stands_for": 100}),
            json!({
                "message": "attempt", "source": "github", "events.age_ms": 900,
                "legs": [{"route": "a", "outcome": "succeeded"}, {"route": "b", "outcome": "retry"}],
            }),
            json!({"message": "sweep"}),
            json!("START RequestId: 1"),
        ];
        let all = counted(lines.iter());
        assert_eq!(
            all["github"].json(),
            json!({
                "deliveries": {"accepted": 1, "refused": 1},
                "reasons": {"forged": 1},
                "answer_ms": {"p50": 2, "p95": 20, "max": 20},
                "legs": {"succeeded": 1, "retry": 1},
                "age_ms": {"p50": 900, "p95": 900, "max": 900},
            })
        );
        assert_eq!(all[NO_SOURCE].reasons["unknown_source"], 101);
        assert_eq!(all.len(), 2);
    }

    #[test]
    fn a_percentile_is_a_length_that_was_measured() {
        let lengths = |all: &[i64]| Lengths(all.to_vec());
        assert_eq!(lengths(&[]).percentile(50), None);
        assert_eq!(lengths(&[7]).percentile(50), Some(7));
        let hundred = lengths(&(1..=100).rev().collect::<Vec<_>>());
        assert_eq!(
            [50, 95, 100].map(|of| hundred.percentile(of)),
            [50, 95, 100].map(Some)
        );
    }
}
