//! `landfall events list` and `search`: what came in, the newest first, and where the listing ended.

use std::process::ExitCode;

use protocol::{
    ledger::{EventRecord, LegState, Work},
    time::UnixMillis,
};
use serde_json::{Value, json};

use super::look::Look;
use crate::{failure::Failure, print};

pub(super) async fn run(
    mut look: Look<'_>,
    limit: usize,
    as_json: bool,
) -> Result<ExitCode, Failure> {
    let (mut rows, mut last) = (Vec::new(), None);
    while rows.len() < limit {
        let Some(seen) = look.next().await? else {
            break;
        };
        rows.push(row(&seen.event, seen.work.as_ref()));
        last = Some(seen);
    }
    let is_full = rows.len() == limit;
    let cursor = look.cursor(last.as_ref().filter(|_| is_full));
    if as_json {
        print::json(&json!({"events": rows, "looked_at": look.entries(), "cursor": cursor}));
        return Ok(ExitCode::SUCCESS);
    }
    if rows.is_empty() {
        print::line("There is no such event in that time; --since looks further back.");
    } else {
        let cells: Vec<[String; 8]> = rows.iter().map(cells).collect();
        print::table(
            [
                "RECEIVED", "SOURCE", "EVENT ID", "TYPE", "STATE", "ATTEMPT", "FAILED", "REASON",
            ],
            &cells,
        );
    }
    if let Some(cursor) = cursor {
        print::note(&format!(
            "there are more ({}): --cursor {cursor}",
            look.in_words()
        ));
    }
    Ok(ExitCode::SUCCESS)
}

/// An event in a line.
pub(super) fn row(event: &EventRecord, work: Option<&Work>) -> Value {
    let legs = work.into_iter().flat_map(|work| &work.legs);
    let failed = legs.filter(|(_, leg)| leg.state == LegState::Failed);
    let failed = failed.map(|(route, _)| route.as_str());
    let mut row = super::named(event);
    row["state"] = super::state(work).into();
    row["attempt"] = work.map_or(0, |work| work.attempt).into();
    row["failed"] = failed.collect();
    row["reasons"] = super::reasons(work).into();
    row["late"] = work.is_some_and(Work::is_late).into();
    row["last_error"] = work.and_then(super::last_error).into();
    row
}

fn cells(row: &Value) -> [String; 8] {
    let text = |name: &str| row[name].as_str().unwrap_or("-").to_owned();
    let words = |name: &str| match row[name].as_array().map_or(&[][..], Vec::as_slice) {
        [] => "-".to_owned(),
        words => words
            .iter()
            .filter_map(Value::as_str)
            .collect::<Vec<_>>()
            .join(" "),
    };
    [
        print::time(UnixMillis(row["received_at"].as_i64().unwrap_or(0))),
        text("source"),
        text("event_id"),
        text("event_type"),
        text("state"),
        row["attempt"].to_string(),
        words("failed"),
        words("reasons"),
    ]
}

/// The same for a listing that grows.
pub(super) fn say(row: &Value) {
    print::line(&cells(row).join("  "));
}

#[cfg(test)]
mod tests {
    use protocol::{
        ledger::{Leg, State},
        reason::Reason,
    };
    use support::records;

    use super::*;

    #[test]
    fn a_leg_that_failed_is_named_while_another_waits() {
        let event = records::event("github", "1");
        let leg = |state, error: Option<&str>| Leg {
            state,
            last_error: error.map(str::to_owned),
            reason: (state == LegState::Failed).then_some(Reason::Permanent),
            ..Leg::opened(event.received_at)
        };
        let mut work = records::work(event.life(), State::Waiting);
        work.legs = [
            ("done", leg(LegState::Succeeded, None)),
            ("failed", leg(LegState::Failed, Some("it answered 410"))),
            ("waits", leg(LegState::Waiting, Some("it answered 503"))),
        ]
        .map(|(route, leg)| (route.to_owned(), leg))
        .into();
        let row = row(&event, Some(&work));
        assert_eq!(row["state"], "waiting");
        assert_eq!(row["failed"], json!(["failed"]));
        assert_eq!(row["reasons"], json!(["permanent"]));
        assert_eq!(cells(&row)[6..], ["failed", "permanent"]);
        assert_eq!(row["last_error"], "it answered 410");
    }
}
