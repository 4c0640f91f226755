//! `landfall refused list`: the newest, and how many there were of each reason.

use std::{
    collections::{BTreeMap, BTreeSet},
    process::ExitCode,
};

use landfall_aws::{
    clock::SystemClock,
    operator::{Logs, LogsAsked},
};
use protocol::{ports::Clock as _, time::UnixMillis};
use serde_json::{Value, json};

use super::{
    INGEST,
    line::{Refusal, Which},
};
use crate::{args::GivenRefused, failure::Failure, print};

/// How many lines are read.
const MOST_LINES: usize = 200_000;

pub(super) async fn run(
    logs: &Logs,
    given: &GivenRefused,
    as_json: bool,
) -> Result<ExitCode, Failure> {
    let which = Which {
        source: given.source.as_deref(),
        reason: given.reason.as_deref(),
        address: given.address,
    };
    let (now, zone) = (SystemClock.now(), &print::manner().zone);
    let pattern = which.pattern();
    let asked = LogsAsked {
        since: given.since.at(now, zone),
        until: given.until.as_ref().map(|until| until.at(now, zone)),
        pattern: Some(&pattern),
        most: MOST_LINES,
    };
    let read = logs.read(INGEST, asked).await?;
    let mut refusals: Vec<Refusal> = read.lines.iter().filter_map(Refusal::of).collect();
    refusals.retain(|refusal| which.takes(refusal));
    refusals.sort_by(|a, b| b.id.cmp(&a.id));
    let reasons = counted(&refusals);
    let shown = refusals.iter().take(given.limit as usize);
    if as_json {
        print::json(&json!({
            "reasons": reasons,
            "refused": shown.map(Refusal::json).collect::<Vec<_>>(),
            "is_cut": read.stopped,
        }));
    } else {
        say(&reasons, shown);
        if refusals.len() > given.limit as usize {
            print::note(&format!(
                "these are the newest {} of {}: --limit lists more",
                given.limit,
                refusals.len()
            ));
        }
    }
    if read.stopped {
        print::note(
            "there were more than are read, and the newest are missing: a shorter time has them all",
        );
    }
    if refusals.is_empty() {
        print::note("nothing was refused of it in that time; --since looks further back");
    }
    Ok(ExitCode::from(u8::from(refusals.is_empty())))
}

/// How many there were of each reason and source, the most first.
fn counted(refusals: &[Refusal]) -> Vec<Value> {
    #[derive(Default)]
    struct Counted<'a> {
        deliveries: u64,
        addresses: BTreeSet<&'a str>,
        last: UnixMillis,
    }
    let mut all: BTreeMap<(&str, Option<&str>), Counted<'_>> = BTreeMap::new();
    for refusal in refusals {
        let reason = refusal.text("reason").unwrap_or_default();
        let counted = all.entry((reason, refusal.text("source"))).or_default();
        counted.deliveries += refusal.stands_for();
        counted.addresses.extend(refusal.text("source_ip"));
        counted.last = counted.last.max(refusal.id.at);
    }
    let mut all: Vec<_> = all.into_iter().collect();
    all.sort_by_key(|(_, counted)| std::cmp::Reverse(counted.deliveries));
    let json = |((reason, source), counted): ((&str, Option<&str>), Counted<'_>)| {
        json!({
            "reason": reason,
            "source": source,
            "deliveries": counted.deliveries,
            "addresses": counted.addresses.len(),
            "last": counted.last,
        })
    };
    all.into_iter().map(json).collect()
}

fn say<'r>(reasons: &[Value], shown: impl Iterator<Item = &'r Refusal>) {
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let rows: Vec<[String; 5]> = reasons
        .iter()
        .map(|of| {
            [
                text(&of["reason"]),
                text(&of["source"]),
                of["deliveries"].to_string(),
                of["addresses"].to_string(),
                print::time(UnixMillis(of["last"].as_i64().unwrap_or(0))),
            ]
        })
        .collect();
    print::table(
        ["REASON", "SOURCE", "DELIVERIES", "ADDRESSES", "LAST"],
        &rows,
    );
    print::line("");
    let said = |refusal: &Refusal, name: &str| refusal.text(name).unwrap_or("-").to_owned();
    let rows: Vec<[String; 7]> = shown
        .map(|refusal| {
            let stands_for = match refusal.stands_for() {
                1 => String::new(),
                more => format!("; one of {more}"),
            };
            [
                refusal.id.to_string(),
                print::time(refusal.id.at),
                said(refusal, "source"),
                said(refusal, "reason"),
                said(refusal, "source_ip"),
                refusal.line["bytes"]
                    .as_u64()
                    .map_or_else(|| "-".to_owned(), |bytes| bytes.to_string()),
                said(refusal, "detail") + &stands_for,
            ]
        })
        .collect();
    print::table(
        [
            "DELIVERY", "TIME", "SOURCE", "REASON", "ADDRESS", "BYTES", "DETAIL",
        ],
        &rows,
    );
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{super::line::tests::logged, *};

    #[test]
    fn refusals_are_counted_by_reason_and_source_with_those_that_a_line_stands_for() {
        let line = |reason: &str, source: Option<&str>, from: &str, stands_for: u64| {
            let mut line = json!({
                "message": "delivery", "outcome": "refused", "reason": reason, "source_ip": from,
            });
            if let Some(source) = source {
                line["source"] = source.into();
            }
            if stands_for > 1 {
                line["stands_for"] = stands_for.into();
            }
            line
        };
        let lines = [
            logged(1, &line("unknown_source", None, "192.0.2.1", 1)),
            logged(2, &line("forged", Some("github"), "192.0.2.1", 1)),
            logged(4, &line("forged", Some("github"), "192.0.2.2", 100)),
            logged(3, &line("forged", Some("stripe"), "192.0.2.2", 1)),
        ];
        let refusals: Vec<Refusal> = lines.iter().filter_map(Refusal::of).collect();
        let counted = counted(&refusals);
        assert_eq!(
            counted[0],
            json!({"reason": "forged", "source": "github", "deliveries": 101, "addresses": 2, "last": 4})
        );
        assert_eq!(counted.len(), 3);
        assert_eq!(counted[2]["source"], Value::Null);
    }
}
