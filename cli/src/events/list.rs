//! `landfall events list`: what came in lately.

use std::process::ExitCode;

use catalogue::Source;
use landfall_aws::{clock::SystemClock, operator::Summary};
use protocol::{
    ports::Clock as _,
    time::{Millis, UnixMillis},
};
use serde_json::{Value, json};

use crate::{failure::Failure, print, sample::iso, stack::Stack};

pub(super) async fn run(
    stack: &Stack,
    source: Option<&Source>,
    since: Millis,
    limit: usize,
    as_json: bool,
) -> Result<ExitCode, Failure> {
    let after = SystemClock.now().plus(Millis(-since.0));
    let asked = (stack.sources.iter())
        .filter(|listed| source.is_none_or(|source| source == *listed))
        .map(|source| source.name.as_str());
    let found = stack.deployed.ledger()?.newest(asked, after, limit).await?;
    let rows: Vec<Value> = found.iter().map(row).collect();
    if as_json {
        print::json(&Value::from(rows));
        return Ok(ExitCode::SUCCESS);
    }
    if rows.is_empty() {
        print::line("No event came in that time; --since looks further back.");
        return Ok(ExitCode::SUCCESS);
    }
    let cells: Vec<[String; 6]> = rows
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
            ]
        })
        .collect();
    print::table(
        ["RECEIVED", "SOURCE", "EVENT ID", "TYPE", "STATE", "ATTEMPT"],
        &cells,
    );
    Ok(ExitCode::SUCCESS)
}

fn row(event: &Summary) -> Value {
    let work = event.work.as_ref();
    json!({
        "source": event.key.source(),
        "event_id": event.event_id,
        "event_type": event.event_type,
        "key": event.key.id(),
        "received_at": event.received_at,
        "state": work.map_or("unclaimed", |work| work.state.as_str()),
        "attempt": work.map_or(0, |work| work.attempt),
        "last_error": work.and_then(super::last_error),
    })
}
