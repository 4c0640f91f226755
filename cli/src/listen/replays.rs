//! Which events were run again on purpose: the consumer says so in the line of the attempt. No index has them.

use std::collections::BTreeSet;

use landfall_aws::operator::{Lines, LogLine, Logs, LogsAsked};
use protocol::{fault::Fault, time::UnixMillis};

use crate::logs::read::parsed;

/// Lines of attempts that a replay asked for.
const PATTERN: &str = "{ ($.message = \"attempt\") && ($.why = \"replay\") }";

/// How many lines are read in a look, at most; another one goes on.
const MOST: usize = 10_000;

/// The lines that were looked at lately.
#[derive(Default)]
pub(super) struct Replays {
    seen: BTreeSet<(UnixMillis, String)>,
}

/// An event that was run again.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Replayed {
    pub(super) at: UnixMillis,
    pub(super) source: String,
    pub(super) event_id: String,
    /// The number of the replay.
    pub(super) epoch: u64,
}

/// What a look found.
pub(super) struct Found {
    pub(super) replayed: Vec<Replayed>,
    /// Up to when there is nothing else.
    pub(super) until: UnixMillis,
}

impl Replays {
    /// The events of these sources that were run again since then, and weren't told of yet.
    pub(super) async fn look(
        &mut self,
        logs: &Logs,
        sources: &[&str],
        since: UnixMillis,
        now: UnixMillis,
    ) -> Result<Found, Fault> {
        let asked = LogsAsked {
            since,
            until: None,
            pattern: Some(PATTERN),
            most: MOST,
        };
        let Lines { lines, stopped } = logs.read("consumer", asked).await?;
        let last = lines.last().map(|line| line.at);
        Ok(Found {
            replayed: self.untold(lines, sources, since),
            until: last.filter(|_| stopped).unwrap_or(now),
        })
    }

    fn untold(
        &mut self,
        lines: Vec<LogLine>,
        sources: &[&str],
        since: UnixMillis,
    ) -> Vec<Replayed> {
        self.seen.retain(|(at, _)| *at >= since);
        let mut found = Vec::new();
        for line in lines {
            let told = replayed(&line).filter(|of| sources.contains(&of.source.as_str()));
            if let Some(told) = told
                && self.seen.insert((line.at, line.id))
            {
                found.push(told);
            }
        }
        found
    }
}

fn replayed(line: &LogLine) -> Option<Replayed> {
    let told = parsed(line);
    let text = |name: &str| told[name].as_str().map(str::to_owned);
    let is = |name: &str, value: &str| told[name] == value;
    // Without a number nobody has claimed it: the ticket comes again.
    if !is("message", "attempt") || !is("why", "replay") || !told["attempt"].is_u64() {
        return None;
    }
    Some(Replayed {
        at: line.at,
        source: text("source")?,
        event_id: text("event_id")?,
        epoch: told["epoch"].as_u64()?,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn line(at: i64, told: &Value) -> LogLine {
        LogLine {
            at: UnixMillis(at),
            function: "consumer",
            id: at.to_string(),
            text: told.to_string(),
        }
    }

    #[test]
    fn a_replay_is_told_of_once_and_nothing_else_is_one() {
        let attempt = |source: &str, why: &str| json!({"message": "attempt", "source": source, "event_id": "1", "why": why, "epoch": 3, "attempt": 2});
        let put_back = json!({"message": "attempt", "source": "github", "event_id": "1", "why": "replay", "epoch": 3});
        let lines = vec![
            line(1, &attempt("github", "replay")),
            line(2, &attempt("github", "new")),
            line(3, &attempt("stripe", "replay")),
            line(4, &json!({"message": "a handler's", "why": "replay"})),
            line(5, &json!({"message": "attempt", "why": "replay"})),
            line(6, &json!("START")),
            line(7, &put_back),
        ];
        let mut replays = Replays::default();
        let found = replays.untold(lines.clone(), &["github"], UnixMillis(0));
        let expected = Replayed {
            at: UnixMillis(1),
            source: "github".into(),
            event_id: "1".into(),
            epoch: 3,
        };
        assert_eq!(found, [expected]);
        assert!(replays.untold(lines, &["github"], UnixMillis(0)).is_empty());
    }
}
