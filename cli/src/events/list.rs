//! `landfall events list`: what came in lately.

use std::process::ExitCode;

use landfall_aws::{
    clock::SystemClock,
    operator::{Of, Summary},
};
use protocol::{
    ledger::LegState,
    ports::Clock as _,
    time::{Millis, UnixMillis},
};
use serde_json::{Value, json};

use crate::{failure::Failure, print, sample::iso, stack::Stack};

/// From how many entries of the index on one is told how many there were: DynamoDB takes a cent for some ten million.
const TOLD_ENTRIES: usize = 100_000;

pub(super) async fn run(
    stack: &Stack,
    source: Option<&'static str>,
    since: Millis,
    limit: usize,
    as_json: bool,
) -> Result<ExitCode, Failure> {
    let after = SystemClock.now().plus(Millis(-since.0));
    let asked = source.as_ref().map(std::slice::from_ref);
    let asked = asked.map_or(Of::All, Of::Sources);
    let ledger = stack.deployed.ledger()?;
    let mut walk = ledger.walk(asked, after).await?;
    let newest = walk.next(limit).await?;
    if walk.entries() >= TOLD_ENTRIES {
        print::note(&format!(
            "{} entries of the index were looked through, which has the events of all sources; a shorter --since reads less",
            walk.entries()
        ));
    }
    let found = ledger.summaries(&newest).await?;
    let rows: Vec<Value> = found.iter().map(row).collect();
    if as_json {
        print::json(&Value::from(rows));
        return Ok(ExitCode::SUCCESS);
    }
    if rows.is_empty() {
        print::line("No event came in that time; --since looks further back.");
        return Ok(ExitCode::SUCCESS);
    }
    let cells: Vec<[String; 7]> = rows
        .iter()
        .map(|row| {
            let text = |name: &str| row[name].as_str().unwrap_or("-").to_owned();
            [
                iso(UnixMillis(row["received_at"].as_i64().unwrap_or(0))),
                text("source"),
                text("event_id"),
                text("event_type"),
                text("state"),
                row["attempt"].to_string(),
                match row["failed"].as_array().map_or(&[][..], Vec::as_slice) {
                    [] => "-".to_owned(),
                    legs => legs
                        .iter()
                        .filter_map(Value::as_str)
                        .collect::<Vec<_>>()
                        .join(" "),
                },
            ]
        })
        .collect();
    print::table(
        [
            "RECEIVED", "SOURCE", "EVENT ID", "TYPE", "STATE", "ATTEMPT", "FAILED",
        ],
        &cells,
    );
    Ok(ExitCode::SUCCESS)
}

fn row(event: &Summary) -> Value {
    let work = event.work.as_ref();
    let legs = work.into_iter().flat_map(|work| &work.legs);
    let failed = legs.filter(|(_, leg)| leg.state == LegState::Failed);
    let failed = failed.map(|(route, _)| route.as_str());
    json!({
        "source": event.key.source(),
        "event_id": event.event_id,
        "event_type": event.event_type,
        "key": event.key.id(),
        "received_at": event.received_at,
        "state": super::state(work),
        "attempt": work.map_or(0, |work| work.attempt),
        "failed": failed.collect::<Vec<_>>(),
        "last_error": work.and_then(super::last_error),
    })
}

#[cfg(test)]
mod tests {
    use protocol::ledger::{Leg, State};
    use support::records;

    use super::*;

    #[test]
    fn a_leg_that_failed_is_named_while_another_waits() {
        let event = records::event("github", "1");
        let leg = |state, error: Option<&str>| Leg {
            state,
            last_error: error.map(str::to_owned),
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
        let row = row(&Summary {
            key: event.key.clone(),
            event_id: event.event_id.clone(),
            event_type: event.event_type.clone(),
            received_at: event.received_at,
            work: Some(work),
        });
        assert_eq!(row["state"], "waiting");
        assert_eq!(row["failed"], json!(["failed"]));
        assert_eq!(row["last_error"], "it answered 410");
    }
}
