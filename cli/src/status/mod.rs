//! `landfall status`: how a stack is, on one screen. `landfall watch`: the same, again and again.

use std::{process::ExitCode, time::Duration};

use landfall_aws::{
    clock::SystemClock,
    operator::{Along, Of, Span},
};
use protocol::{
    destination::Standing,
    ledger::Trouble,
    ports::Clock as _,
    time::{Millis, UnixMillis},
};
use serde_json::{Map, Value, json};

use crate::{
    args::GivenStack,
    doctor::last_sweep,
    failure::Failure,
    print,
    stack::{Stack, block_on},
    stats,
};

/// How many events in trouble are counted.
const MOST: usize = 1_000;

/// How many log lines of each function are counted.
const MOST_LINES: usize = 200_000;

/// For how long deliveries and attempts are counted.
const LATELY: Millis = Millis(3_600_000);

/// How long is waited between two looks.
const BETWEEN_LOOKS: Duration = Duration::from_secs(10);

pub(crate) fn status(stack: &GivenStack, as_json: bool) -> Result<ExitCode, Failure> {
    block_on(async {
        let stack = Stack::find(stack).await?;
        let told = told(&stack).await?;
        if as_json {
            print::json(&told);
        } else {
            say(&told);
        }
        Ok(ExitCode::SUCCESS)
    })
}

pub(crate) fn watch(stack: &GivenStack, as_json: bool) -> Result<ExitCode, Failure> {
    block_on(async {
        let stack = Stack::find(stack).await?;
        loop {
            let told = told(&stack).await?;
            if as_json {
                print::json(&told);
            } else {
                print::clear();
                say(&told);
            }
            #[expect(
                clippy::disallowed_methods,
                reason = "nobody tells that one of so many things has changed"
            )]
            tokio::time::sleep(BETWEEN_LOOKS).await;
        }
    })
}

async fn told(stack: &Stack) -> Result<Value, Failure> {
    let deployed = &stack.deployed;
    let now = SystemClock.now();
    let facts = deployed.facts();
    let queue = facts.queue(deployed.queue_url()?).await?;
    let letters = facts.queue(deployed.dlq_url()?).await?;
    let kept = deployed.destinations()?;
    let mut destinations = Map::new();
    for destination in stack.configured.destinations.iter() {
        let name = destination.name.as_str();
        let health = kept.health(name).await?;
        let standing = health.map_or(Standing::Closed, |health| health.standing);
        destinations.insert(name.to_owned(), standing.as_str().into());
    }
    let running = deployed.running().await?;
    Ok(json!({
        "stack": deployed.name(),
        "environment": stack.environment.as_str(),
        "at": now,
        "runs_with_this_file": running.map(|running| running.digest == stack.digest),
        "lately": stats::told(&deployed.logs(), now.plus(Millis(-LATELY.0)), None, MOST_LINES).await?,
        "failed": in_trouble(stack, Trouble::Failed).await?,
        "late": in_trouble(stack, Trouble::Late).await?,
        "tickets": {
            "waiting": queue.waiting, "in_flight": queue.in_flight, "delayed": queue.delayed,
        },
        "letters": letters.waiting + letters.in_flight,
        "destinations": destinations,
        "last_sweep": last_sweep(stack, now).await?,
    }))
}

/// How many events are in this trouble; no more than so many are counted.
async fn in_trouble(stack: &Stack, trouble: Trouble) -> Result<usize, Failure> {
    let ledger = stack.deployed.ledger()?;
    let span = Span::since(UnixMillis(0));
    let mut walk = ledger
        .walk(Along::Trouble(&[trouble]), Of::All, span)
        .await?;
    Ok(walk.next(MOST).await?.len())
}

fn say(told: &Value) {
    let number = |value: &Value| value.as_u64().unwrap_or(0);
    let time = |value: &Value| value.as_i64().map(|at| print::time(UnixMillis(at)));
    let trouble = |value: &Value| match number(value) {
        most if most >= MOST as u64 => format!("{most} or more"),
        some => some.to_string(),
    };
    let tickets = &told["tickets"];
    let row = |label: &str, value: String| (label.to_owned(), value);
    let mut rows = vec![
        row(
            "stack",
            format!(
                "{} ({}), at {}",
                told["stack"].as_str().unwrap_or_default(),
                told["environment"].as_str().unwrap_or_default(),
                time(&told["at"]).unwrap_or_default()
            ),
        ),
        row(
            "configuration",
            match told["runs_with_this_file"].as_bool() {
                Some(true) => "the file at hand".to_owned(),
                Some(false) => "another file: `landfall check --stack NAME` says more".to_owned(),
                None => "its sweeper has not said yet".to_owned(),
            },
        ),
        row("failed", trouble(&told["failed"])),
        row("late", trouble(&told["late"])),
        row("letters", number(&told["letters"]).to_string()),
        row(
            "tickets",
            format!(
                "{} waiting, {} in flight, {} delayed",
                number(&tickets["waiting"]),
                number(&tickets["in_flight"]),
                number(&tickets["delayed"])
            ),
        ),
        row(
            "last sweep",
            time(&told["last_sweep"]).unwrap_or_else(|| "none within an hour".to_owned()),
        ),
    ];
    for (name, standing) in told["destinations"].as_object().into_iter().flatten() {
        let standing = standing.as_str().unwrap_or_default();
        if standing != Standing::Closed.as_str() {
            rows.push(row(&format!("destination {name}"), standing.to_owned()));
        }
    }
    print::pairs(&rows);
    print::line("");
    stats::say(&told["lately"]);
}
