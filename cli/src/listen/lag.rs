//! `landfall listen --lag`: how far a listener is behind, so that a dead one is seen.

use std::{path::Path, process::ExitCode};

use landfall_aws::{
    clock::SystemClock,
    operator::{Along, Of, Span},
};
use protocol::{
    ports::{Clock as _, Position},
    time::{Millis, UnixMillis},
};
use serde_json::{Value, json};

use super::cursor::Cursor;
use crate::{clock::span, failure::Failure, print, stack::Stack};

/// How many events are counted.
const MOST: usize = 10_000;

/// A listener that hasn't looked for so long is dead, or waits for its service.
const SILENT: Millis = Millis(60_000);

pub(super) async fn run(
    stack: &Stack,
    sources: &[&str],
    file: &Path,
    as_json: bool,
) -> Result<ExitCode, Failure> {
    let Some(cursor) = Cursor::read(file)? else {
        if as_json {
            print::json(&json!({"sources": sources, "looked_at": null}));
        }
        print::note("nobody has listened to these sources of this stack from this machine");
        return Ok(ExitCode::FAILURE);
    };
    let ledger = stack.deployed.ledger()?;
    let from = Span::since(cursor.events.since());
    let mut walk = ledger.walk(Along::Time, Of::Sources(sources), from).await?;
    let mut waiting = walk.next(MOST).await?;
    waiting.retain(|at| !cursor.events.has(&at.key.to_string(), at.received_at));
    let told = told(sources, &cursor, &waiting, SystemClock.now());
    if as_json {
        print::json(&told);
    } else {
        print::line(&in_words(&told));
    }
    Ok(ExitCode::from(u8::from(
        told["silent"] == true && !waiting.is_empty(),
    )))
}

fn told(sources: &[&str], cursor: &Cursor, waiting: &[Position], now: UnixMillis) -> Value {
    let oldest = waiting.iter().map(|at| at.received_at).min();
    json!({
        "sources": sources,
        "looked_at": cursor.looked_at,
        "silent": now.since(cursor.looked_at) > SILENT,
        "waiting": waiting.len(),
        "is_cut": waiting.len() >= MOST,
        "oldest": oldest,
        "lag_ms": oldest.map(|oldest| now.since(oldest)),
    })
}

fn in_words(told: &Value) -> String {
    let looked_at = UnixMillis(told["looked_at"].as_i64().unwrap_or_default());
    let looked = format!("the listener looked last at {}", print::time(looked_at));
    let Some(lag) = told["lag_ms"].as_i64() else {
        return format!("nothing waits; {looked}");
    };
    let more = if told["is_cut"] == true {
        " or more"
    } else {
        ""
    };
    format!(
        "{}{more} wait, the oldest for {}; {looked}",
        told["waiting"],
        span(lag)
    )
}

#[cfg(test)]
mod tests {
    use protocol::ledger::EventKey;

    use super::*;

    #[test]
    fn a_dead_listener_is_seen_by_what_waits_for_it() {
        let at = |received_at| Position {
            received_at: UnixMillis(received_at),
            key: EventKey::new("github", "1"),
        };
        let cursor = Cursor::starting(UnixMillis(0), UnixMillis(0));
        let words = |waiting: &[Position], now| {
            in_words(&told(&["github"], &cursor, waiting, UnixMillis(now)))
        };
        let looked = "the listener looked last at 1970-01-01T00:00:00.000Z";
        assert_eq!(words(&[], 30_000), format!("nothing waits; {looked}"));
        assert_eq!(
            words(&[at(5_000), at(3_000)], 64_000),
            format!("2 wait, the oldest for 1 min 1 s; {looked}")
        );
        let told = told(&["github"], &cursor, &[at(5_000)], UnixMillis(64_000));
        assert_eq!(
            (&told["silent"], &told["waiting"]),
            (&json!(true), &json!(1))
        );
    }
}
