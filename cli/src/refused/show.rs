//! `landfall refused show`: one refusal in full, and what its reason means.

use std::process::ExitCode;

use landfall_aws::operator::{Logs, LogsAsked};
use serde_json::Value;

use super::{
    INGEST,
    line::{Id, Refusal, Which},
    words,
};
use crate::{failure::Failure, print};

/// How many lines of one millisecond are read.
const MOST_LINES: usize = 10_000;

/// What says nothing to a person.
const LEFT_OUT: [&str; 3] = ["_aws", "message", "outcome"];

pub(super) async fn run(logs: &Logs, delivery: &str, as_json: bool) -> Result<ExitCode, Failure> {
    let id = Id::read(delivery).ok_or_else(|| {
        Failure::usage(
            "a refused delivery is named as `landfall refused list` has it: 1796029200000-1a2b3c4d",
        )
    })?;
    let pattern = Which::default().pattern();
    let asked = LogsAsked {
        since: id.at,
        until: Some(id.at),
        pattern: Some(&pattern),
        most: MOST_LINES,
    };
    let read = logs.read(INGEST, asked).await?;
    let mut found = read.lines.iter().filter_map(Refusal::of);
    let Some(refusal) = found.find(|refusal| refusal.id == id) else {
        return Err(Failure::trouble(
            "no refused delivery of this name is in the log: it is kept for the stack's `LogDays`",
        ));
    };
    if as_json {
        print::json(&refusal.line);
        return Ok(ExitCode::SUCCESS);
    }
    let mut rows = vec![("at".to_owned(), print::time(id.at))];
    for (name, value) in refusal.line.as_object().into_iter().flatten() {
        // A metric's name has a dot; what it says stands in the line by another name, too.
        if LEFT_OUT.contains(&name.as_str()) || name.contains('.') {
            continue;
        }
        let text = match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        rows.push((name.clone(), text));
    }
    print::pairs(&rows);
    print::line("");
    let reason = refusal.text("reason").unwrap_or_default();
    print::line(&words::of(reason, refusal.text("source")));
    Ok(ExitCode::SUCCESS)
}
