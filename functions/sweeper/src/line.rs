//! What is logged of a sweep.

use landfall_aws::metrics::{By, Line, Metric};
use protocol::time::{Millis, UnixMillis};

use crate::sweep::{Summary, Tally};

/// One line for the sweep, and one for each source of which there is something to tell.
pub fn log_sweep(stack: &str, by: By, summary: &Summary, now: UnixMillis, took: Millis) {
    for line in lines(stack, summary, now, took) {
        line.print(by);
    }
}

fn lines(stack: &str, summary: &Summary, now: UnixMillis, took: Millis) -> Vec<Line> {
    let told = |tally: &Tally| tally.found > 0 || tally.unfinished > 0;
    let silent = summary.silent.iter().flatten();
    let silent = silent.map(|source| (source, Tally::default(), true));
    let sources = summary.sources.iter().filter(|(_, tally)| told(tally));
    let sources = sources.map(|(source, tally)| (source, *tally, false));
    let sources = sources.chain(silent).map(|(source, tally, silent)| {
        let line = line(stack, tally, now).source(source);
        if silent {
            return line.count(Metric::SourcesSilent);
        }
        line.value(Metric::SweeperFound, signed(tally.found))
            .value(Metric::SweeperUnfinished, signed(tally.unfinished))
    });
    let mut lines: Vec<Line> = sources.collect();

    let complete = summary.faults.is_empty();
    let fault = summary.faults.first();
    // The sources' lines count towards the stack's metrics; this one keeps those from having gaps.
    let mut whole = line(stack, summary.total(), now)
        .text("outcome", if complete { "complete" } else { "incomplete" })
        .number("faults", signed(summary.faults.len() as u64))
        .maybe("reason", fault.map(|fault| fault.kind.as_str()))
        .maybe("error", fault.map(ToString::to_string).as_deref())
        .number("ms", took.0);
    match &summary.backlog {
        Some(Ok(Some(oldest))) => whole = whole.number("backlog_ms", now.since(*oldest).0),
        Some(Err(fault)) => whole = whole.text("backlog_error", &fault.to_string()),
        Some(Ok(None)) | None => {}
    }
    let whole = whole
        .value(Metric::SweeperFound, 0)
        .value(Metric::SweeperUnfinished, 0)
        .value(Metric::SweeperCompleted, i64::from(complete));
    // A metric costs where it is written, so it isn't where no source is said to speak.
    lines.push(match summary.silent {
        Some(_) => whole.value(Metric::SourcesSilent, 0),
        None => whole,
    });
    lines
}

fn line(stack: &str, tally: Tally, now: UnixMillis) -> Line {
    Line::new("sweep", stack, now)
        .number("looked_at", tally.looked_at)
        .number("found", tally.found)
        .number("unfinished", tally.unfinished)
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::collections::BTreeMap;

    use protocol::fault::{Fault, FaultKind};
    use serde_json::{Value, json};

    use super::*;

    fn told(summary: &Summary) -> Vec<Value> {
        let lines = lines(
            "landfall-live",
            summary,
            UnixMillis(1_800_000_000_000),
            Millis(120),
        );
        lines
            .iter()
            .map(|line| json!(line.json(By::Stack)))
            .collect()
    }

    /// What `landfall cost` goes by.
    #[test]
    fn a_sweep_that_finds_nothing_is_one_line_of_known_length() {
        let lines = told(&Summary::default());
        let [line] = lines.as_slice() else {
            panic!("{lines:?}")
        };
        assert_eq!(
            (&line["outcome"], &line["sweeper.completed"]),
            (&json!("complete"), &json!(1))
        );
        assert_eq!(line["sources.silent"], Value::Null);
        let known: Value =
            serde_json::from_str(include_str!("../../../cli/src/cost/measured.json")).unwrap();
        assert_eq!(known["sweep_line_bytes"]["value"], line.to_string().len());
    }

    #[test]
    fn a_source_has_a_line_where_there_is_something_to_tell_of_it() {
        let tally = Tally {
            looked_at: 3,
            found: 1,
            unfinished: 0,
        };
        let summary = Summary {
            sources: BTreeMap::from([
                ("a".into(), tally),
                ("b".into(), Tally { found: 0, ..tally }),
            ]),
            silent: Some(["c".into()].into()),
            faults: vec![Fault::new(FaultKind::Throttled, "page", "slow down")],
            backlog: None,
        };
        let lines = told(&summary);
        let sources: Vec<_> = lines.iter().map(|line| &line["source"]).collect();
        assert_eq!(sources, [&json!("a"), &json!("c"), &Value::Null]);
        assert_eq!(
            (&lines[0]["sweeper.found"], &lines[1]["sources.silent"]),
            (&json!(1), &json!(1))
        );
        let whole = &lines[2];
        assert_eq!(
            (&whole["outcome"], &whole["looked_at"]),
            (&json!("incomplete"), &json!(6))
        );
        assert_eq!(
            (&whole["error"], &whole["sources.silent"]),
            (&json!("page: slow down"), &json!(0))
        );
    }
}
