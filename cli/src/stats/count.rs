//! What log lines come to, counted.

use std::collections::BTreeMap;

use protocol::time::UnixMillis;
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
    for line in lines.filter(|line| is_counted(line)) {
        let source = line["source"].as_str().unwrap_or(NO_SOURCE);
        all.entry(source.to_owned()).or_default().add(line);
    }
    all
}

/// Counts lines of all sources by time: so many parts of it, equally long, the earliest first.
pub(super) fn series<'l>(
    lines: impl Iterator<Item = (UnixMillis, &'l Value)>,
    since: UnixMillis,
    until: UnixMillis,
    parts: usize,
) -> Vec<Value> {
    let part = |at: UnixMillis| {
        let length = i128::from(until.since(since).0.max(1));
        let passed = i128::from(at.since(since).0) * i128::try_from(parts).unwrap_or(1);
        usize::try_from(passed / length).map_or(0, |part| part.min(parts - 1))
    };
    let mut all: Vec<Counted> = (0..parts).map(|_| Counted::default()).collect();
    for (at, line) in lines.filter(|(_, line)| is_counted(line)) {
        all[part(at)].add(line);
    }
    let length = until.since(since).0;
    let begins = |part: usize| {
        let part = i64::try_from(part).unwrap_or(0);
        since.0 + length / i64::try_from(parts).unwrap_or(1) * part
    };
    let told = all.iter().enumerate().map(|(part, of)| {
        let mut told = of.json();
        told["from"] = begins(part).into();
        told
    });
    told.collect()
}

/// How long all answers together took.
pub(super) fn answered<'l>(lines: impl Iterator<Item = &'l Value>) -> Value {
    let mut all = Lengths::default();
    for line in lines.filter(|line| line["message"] == "delivery") {
        all.add(&line["ms"]);
    }
    all.json()
}

/// Runs of legs by their route, and by what became of them.
pub(super) fn by_route<'l>(
    lines: impl Iterator<Item = &'l Value>,
) -> BTreeMap<&'l str, BTreeMap<&'l str, u64>> {
    let mut all = BTreeMap::<_, BTreeMap<_, _>>::new();
    let legs = lines
        .filter(|line| line["message"] == "attempt")
        .flat_map(|line| line["legs"].as_array().into_iter().flatten());
    for leg in legs {
        let word = |name: &str| leg[name].as_str().unwrap_or("-");
        let of_route = all.entry(word("route")).or_default();
        *of_route.entry(word("outcome")).or_default() += 1;
    }
    all
}

fn is_counted(line: &Value) -> bool {
    matches!(line["message"].as_str(), Some("delivery" | "attempt"))
}

impl Counted {
    fn add(&mut self, line: &Value) {
        // Of a flood of refusals one line counts several.
        let number = line["stands_for"].as_u64().unwrap_or(1);
        let count = |into: &mut BTreeMap<String, u64>, word: &Value| {
            let word = word.as_str().unwrap_or("-");
            *into.entry(word.to_owned()).or_default() += number;
        };
        if line["message"] == "delivery" {
            count(&mut self.deliveries, &line["outcome"]);
            if line["reason"].is_string() {
                count(&mut self.reasons, &line["reason"]);
            }
            self.answers.add(&line["ms"]);
        } else {
            for leg in line["legs"].as_array().into_iter().flatten() {
                count(&mut self.legs, &leg["outcome"]);
            }
            self.ages.add(&line["events.age_ms"]);
        }
    }

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
            "p99": self.percentile(99),
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
                "legs": [{"route": "a", "outcome": "succeeded"}, {"route": "b", "outcome": "retried"}],
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
                "answer_ms": {"p50": 2, "p95": 20, "p99": 20, "max": 20},
                "legs": {"succeeded": 1, "retried": 1},
                "age_ms": {"p50": 900, "p95": 900, "p99": 900, "max": 900},
            })
        );
        assert_eq!(all[NO_SOURCE].reasons["unknown_source"], 101);
        assert_eq!(all.len(), 2);
        assert_eq!(
            answered(lines.iter()),
            json!({"p50": 1, "p95": 20, "p99": 20, "max": 20})
        );
        assert_eq!(
            json!(by_route(lines.iter())),
            json!({"a": {"succeeded": 1}, "b": {"retried": 1}})
        );
    }

    #[test]
    fn a_time_is_counted_in_equal_parts_to_its_last_moment() {
        let line = |at: i64, reason: Option<&str>| {
            let line =
                json!({"message": "delivery", "outcome": "refused", "reason": reason, "ms": at});
            (UnixMillis(at), line)
        };
        let lines = [
            line(100, Some("forged")),
            line(149, None),
            line(150, None),
            line(200, None),
        ];
        let lines = lines.iter().map(|(at, line)| (*at, line));
        let parts = series(lines, UnixMillis(100), UnixMillis(200), 2);
        let told = |part: &Value| {
            let (from, refused) = (&part["from"], &part["deliveries"]["refused"]);
            (
                from.as_i64(),
                refused.as_i64(),
                part["answer_ms"]["max"].as_i64(),
            )
        };
        assert_eq!(told(&parts[0]), (Some(100), Some(2), Some(149)));
        assert_eq!(told(&parts[1]), (Some(150), Some(2), Some(200)));
        assert_eq!(parts[0]["reasons"], json!({"forged": 1}));
        // No time at all is one moment.
        let none = series(std::iter::empty(), UnixMillis(5), UnixMillis(5), 2);
        assert_eq!(none.len(), 2);
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
