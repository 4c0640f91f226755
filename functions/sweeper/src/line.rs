//! What is logged of a sweep.

use landfall_aws::metrics::{Line, Metric};
use protocol::time::{Millis, UnixMillis};

use crate::sweep::{Summary, Tally};

/// One line for the sweep, and one for each source of which there is something to tell.
pub fn log_sweep(stack: &str, summary: &Summary, now: UnixMillis, took: Millis) {
    let told = |tally: &&Tally| {
        tally.found > 0
            || tally.unfinished > 0
            || tally.silent > Some(0)
            || !tally.faults.is_empty()
    };
    for (source, tally) in summary.sources.iter().filter(|(_, tally)| told(tally)) {
        let fault = tally.faults.first();
        let line = line(stack, tally, now)
            .source(source)
            .maybe("reason", fault.map(|fault| fault.kind.as_str()))
            .maybe("error", fault.map(ToString::to_string).as_deref())
            .value(Metric::SweeperFound, signed(tally.found))
            .value(Metric::SweeperUnfinished, signed(tally.unfinished));
        silent(line, tally.silent).print();
    }
    // The sources' lines count towards the stack's metrics; this one keeps those from having gaps.
    let total = summary.total();
    let mut whole = line(stack, &total, now).number("ms", took.0);
    match &summary.backlog {
        Some(Ok(Some(oldest))) => whole = whole.number("backlog_ms", now.since(*oldest).0),
        Some(Err(fault)) => whole = whole.text("backlog_error", &fault.to_string()),
        Some(Ok(None)) | None => {}
    }
    let whole = whole
        .value(Metric::SweeperFound, 0)
        .value(Metric::SweeperUnfinished, 0)
        .value(Metric::SweeperCompleted, i64::from(total.faults.is_empty()));
    silent(whole, total.silent.map(|_| 0)).print();
}

/// A metric costs where it is written, so it isn't where no source is said to speak.
fn silent(line: Line, number: Option<u64>) -> Line {
    match number {
        Some(number) => line.value(Metric::SourcesSilent, signed(number)),
        None => line,
    }
}

fn line(stack: &str, tally: &Tally, now: UnixMillis) -> Line {
    let complete = tally.faults.is_empty();
    Line::new("sweep", stack, now)
        .text("outcome", if complete { "complete" } else { "incomplete" })
        .number("looked_at", tally.looked_at)
        .number("found", tally.found)
        .number("unfinished", tally.unfinished)
        .number("faults", signed(tally.faults.len() as u64))
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
