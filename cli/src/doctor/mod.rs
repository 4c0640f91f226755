//! `landfall doctor`: what must hold of a deployed stack, checked one by one, each with its mend.

mod around;
mod checks;

use std::{
    collections::{BTreeMap, BTreeSet},
    process::ExitCode,
};

use catalogue::Environment;
use landfall_aws::{clock::SystemClock, operator::LogsAsked};
use protocol::{
    fault::Fault,
    ports::Clock as _,
    time::{Millis, UnixMillis},
};
use serde_json::Value;

use self::checks::Check;
use crate::{
    args::GivenStack,
    check,
    failure::Failure,
    post, print,
    stack::{Stack, block_on},
};

pub(crate) fn run(stack: &GivenStack, as_json: bool) -> Result<ExitCode, Failure> {
    block_on(async {
        let stack = Stack::find(stack).await?;
        let all = all(&stack).await?;
        if as_json {
            print::json(&all.iter().map(Check::json).collect::<Vec<_>>().into());
        } else {
            let rows: Vec<[String; 3]> = all
                .iter()
                .map(|check| {
                    let (word, text) = check.verdict.words();
                    let text = text.unwrap_or("-");
                    [word.to_owned(), check.what.to_owned(), text.to_owned()]
                })
                .collect();
            print::table(["", "WHAT MUST HOLD", "WHAT IS WRONG, AND THE MEND"], &rows);
        }
        let is_good = all
            .iter()
            .all(|check| check.verdict == checks::Verdict::Good);
        Ok(ExitCode::from(u8::from(!is_good)))
    })
}

async fn all(stack: &Stack) -> Result<Vec<Check>, Failure> {
    let deployed = &stack.deployed;
    let facts = deployed.facts();
    let now = SystemClock.now();
    let running = deployed.running().await;
    let version = (running.clone()).map(|running| running.map(|running| running.version));
    let running = running.map(|running| running.map(|running| running.digest));
    let sources = &stack.configured.sources;
    let readiness = deployed.secrets()?.readiness(sources.iter()).await;
    let queue = facts.queue(deployed.queue_url()?).await;
    let letters = facts.queue(deployed.dlq_url()?).await;
    let timeout = facts.timeout(deployed.consumer_name()?).await;
    let mapping = facts.mapping(deployed.mapping_id()?).await;
    let expires = facts.deletes_expired(deployed.table()?).await;
    let mut all = vec![
        checks::configuration(&running, &stack.digest, &stack.file),
        checks::secrets(
            sources
                .iter()
                .map(|source| source.name.as_str())
                .zip(&readiness),
        ),
        checks::is_fed(&mapping),
        checks::partial_responses(&mapping),
        checks::backstop(&queue),
        checks::retention(&queue, &letters),
        checks::expiry(&expires),
        checks::sweeps(&last_sweep(stack, now).await, now),
        around::version(&version, env!("CARGO_PKG_VERSION")),
        around::clock(
            post::date(&post::agent(), deployed.api_url()?).as_deref(),
            SystemClock.now(),
        ),
    ];
    // Of the stack on this machine nobody wrote its parameters down.
    if !deployed.parameters().is_empty() {
        let unfit = check::unfit(deployed.parameters(), &stack.configured);
        all.push(around::parameters(&unfit));
    }
    // Here a test waits for a ticket that comes back, and hides it for less.
    if stack.environment != Environment::Local {
        all.push(checks::visibility(&queue, &timeout));
        // And an account has neither other functions nor people who read mail.
        let watch = deployed.watch();
        let alarms = watch.alarms().await;
        let topics = alarms.iter().flatten().flat_map(|alarm| &alarm.tells);
        let topics: BTreeSet<&String> = topics.filter(|topic| topic.contains(":sns:")).collect();
        let mut listeners = BTreeMap::new();
        for topic in topics {
            listeners.insert(topic.clone(), watch.listeners(topic).await);
        }
        all.push(around::alarms(&alarms, &listeners));
        all.push(around::room(&facts.room().await, &mapping));
    }
    Ok(all)
}

/// When a sweep last came to its end, within the last hour.
pub(crate) async fn last_sweep(
    stack: &Stack,
    now: UnixMillis,
) -> Result<Option<UnixMillis>, Fault> {
    let asked = LogsAsked {
        since: now.plus(Millis(-3_600_000)),
        until: None,
        pattern: Some("{ $.sweeper.completed = 1 }"),
        most: 10_000,
    };
    let lines = stack.deployed.logs().read("sweeper", asked).await?.lines;
    let is_complete = |text: &str| {
        let line: Value = serde_json::from_str(text).unwrap_or_default();
        line["message"] == "sweep" && line["outcome"] == "complete"
    };
    let complete = lines.iter().filter(|line| is_complete(&line.text));
    Ok(complete.map(|line| line.at).max())
}
