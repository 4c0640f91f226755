//! What is logged of a sweep.

use landfall_aws::metrics::{Line, Metric};
use protocol::time::{Millis, UnixMillis};

use crate::sweep::{Summary, Tally};

/// One line for the sweep, and one for each source of which there is something to tell.
pub fn log_sweep(stack: &str, summary: &Summary, now: UnixMillis, took: Millis) {
    for line in lines(stack, summary, now, took) {
        line.print();
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
