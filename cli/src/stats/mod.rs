//! `landfall stats`: rates, latencies and refusals, counted from the log lines, so that they are the same on AWS and here.

mod count;

use std::process::ExitCode;

use landfall_aws::{clock::SystemClock, operator::Logs};
use protocol::{ports::Clock as _, time::UnixMillis};
use serde_json::{Map, Value, json};

use self::count::{answered, by_route, counted, series};
use crate::{
    args::{GivenStack, GivenStats},
    failure::Failure,
    logs::read::{Read, parsed, read},
    print,
    stack::{Deployed, block_on},
};

/// The lines that are counted, and no others.
const PATTERN: &str = "{ ($.message = \"delivery\") || ($.message = \"attempt\") }";

/// Into how many parts a time is divided, to show how it went.
const PARTS: usize = 30;

pub(crate) fn run(
    given: &GivenStats,
    stack: &GivenStack,
    as_json: bool,
) -> Result<ExitCode, Failure> {
    block_on(async {
        let logs = Deployed::find(stack).await?.stack.logs();
        let since = given.since.at(SystemClock.now(), &print::manner().zone);
        let most = usize::try_from(given.limit).unwrap_or(usize::MAX);
        let told = told(&logs, since, given.source.as_deref(), most).await?;
        if as_json {
            print::json(&told);
        } else {
            say(&told);
        }
        Ok(ExitCode::SUCCESS)
    })
}

/// What was counted since then, of one source or of all.
pub(crate) async fn told(
    logs: &Logs,
    since: UnixMillis,
    source: Option<&str>,
    most: usize,
) -> Result<Value, Failure> {
    let Read { lines, more } = read(logs, since, None, Some(PATTERN), most).await?;
    let mut lines: Vec<(UnixMillis, Value)> =
        lines.iter().map(|line| (line.at, parsed(line))).collect();
    lines.retain(|(_, line)| source.is_none() || line["source"].as_str() == source);
    let all = counted(lines.iter().map(|(_, line)| line));
    let answers = answered(lines.iter().map(|(_, line)| line));
    let routes = by_route(lines.iter().map(|(_, line)| line));
    let until = more.unwrap_or_else(|| SystemClock.now());
    let lines = lines.iter().map(|(at, line)| (*at, line));
    let sources: Map<String, Value> = all
        .iter()
        .map(|(source, of)| (source.clone(), of.json()))
        .collect();
    Ok(json!({
        "since": since,
        "until": until,
        "is_cut": more.is_some(),
        "answer_ms": answers,
        "sources": sources,
        "routes": routes,
        "series": series(lines, since, until, PARTS),
    }))
}

/// What was counted, for a person.
pub(crate) fn say(told: &Value) {
    let time = |name: &str| UnixMillis(told[name].as_i64().unwrap_or(0));
    let (since, until) = (time("since"), time("until"));
    print::line(&format!(
        "from {} to {}",
        print::time(since),
        print::time(until)
    ));
    let Some(sources) = told["sources"].as_object().filter(|all| !all.is_empty()) else {
        print::line("Nothing was delivered or attempted; --since looks further back.");
        return;
    };
    let minutes = f64_of(until.since(since).0) / 60_000.0;
    let number = |value: &Value| {
        value
            .as_i64()
            .map_or_else(|| "-".to_owned(), |ms| ms.to_string())
    };
    let rows: Vec<[String; 8]> = sources
        .iter()
        .map(|(source, of)| {
            let total: i64 = counts(&of["deliveries"]).map(|(_, number)| number).sum();
            [
                source.clone(),
                format!("{:.1}", f64_of(total) / minutes.max(0.001)),
                in_words(&of["deliveries"]),
                number(&of["answer_ms"]["p50"]),
                number(&of["answer_ms"]["p95"]),
                in_words(&of["legs"]),
                number(&of["age_ms"]["p50"]),
                number(&of["age_ms"]["p95"]),
            ]
        })
        .collect();
    print::table(
        [
            "SOURCE",
            "A MINUTE",
            "DELIVERIES",
            "ANSWER P50",
            "P95 MS",
            "LEGS",
            "AGE P50",
            "P95 MS",
        ],
        &rows,
    );
    let reasons = sources.iter().flat_map(|(source, of)| {
        let reasons = counts(&of["reasons"]);
        reasons.map(move |(reason, number)| [source.clone(), reason.to_owned(), number.to_string()])
    });
    let reasons: Vec<[String; 3]> = reasons.collect();
    if !reasons.is_empty() {
        print::line("");
        print::table(["SOURCE", "NOT TAKEN", "TIMES"], &reasons);
    }
    if told["is_cut"] == true {
        print::note("there were more log lines than are read; a shorter --since counts them all");
    }
}

#[allow(
    clippy::cast_precision_loss,
    reason = "a rate is told with one decimal"
)]
fn f64_of(number: i64) -> f64 {
    number as f64
}

fn counts(of: &Value) -> impl Iterator<Item = (&str, i64)> {
    let all = of.as_object().into_iter().flatten();
    all.map(|(word, number)| (word.as_str(), number.as_i64().unwrap_or(0)))
}

/// `3 accepted, 1 refused`.
pub(crate) fn in_words(of: &Value) -> String {
    let words = counts(of).map(|(word, number)| format!("{number} {word}"));
    match words.collect::<Vec<_>>().join(", ") {
        none if none.is_empty() => "-".to_owned(),
        words => words,
    }
}
