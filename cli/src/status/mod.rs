//! `landfall status`: how a stack is, on one screen. `landfall watch`: the same, again and again.

mod spent;
pub(crate) mod words;

use std::{process::ExitCode, time::Duration};

use landfall_aws::{
    clock::SystemClock,
    metrics::Metric,
    operator::{Alarm, Along, Of, Span},
};
use protocol::{
    destination::Standing,
    fault::Fault,
    ledger::Trouble,
    ports::Clock as _,
    time::{Millis, UnixMillis},
};
use serde_json::{Map, Value, json};

use self::{spent::Month, words::say};
use crate::{
    args::GivenStack,
    cost,
    doctor::last_sweep,
    failure::Failure,
    print,
    routes::list::leads_to,
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
        let told = look(stack).await?;
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
        // What can't be had from the beginning is asked for wrongly, most likely.
        let mut looked = Ok(look(stack).await?);
        loop {
            match looked {
                Ok(told) if as_json => print::json(&told),
                Ok(told) => {
                    print::clear();
                    say(&told);
                }
                // Over a night AWS has had too many calls, and sessions end: once somebody has logged in again it goes on.
                Err(failure) => print::note(&told_later(&failure, SystemClock.now())),
            }
            #[expect(
                clippy::disallowed_methods,
                reason = "nobody tells that one of so many things has changed"
            )]
            tokio::time::sleep(BETWEEN_LOOKS).await;
            looked = look(stack).await;
        }
    })
}

fn told_later(failure: &Failure, now: UnixMillis) -> String {
    format!(
        "at {}: {}; looking again",
        print::time(now),
        failure.told(print::manner().verbose)
    )
}

/// Looks anew at all of it: the stack's parameters change with a deployment, and credentials with a login.
async fn look(stack: &GivenStack) -> Result<Value, Failure> {
    told(&Stack::find(stack).await?).await
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
    let lately = now.plus(Millis(-LATELY.0));
    let lately = stats::told(&deployed.logs(), lately, None, MOST_LINES).await?;
    let watch = deployed.watch();
    let oldest = watch.oldest_ticket(deployed.queue_url()?, now).await;
    Ok(json!({
        "stack": deployed.name(),
        "environment": stack.environment.as_str(),
        "at": now,
        "runs_with_this_file": running.map(|running| running.digest == stack.digest),
        "failed": in_trouble(stack, Trouble::Failed).await?,
        "late": in_trouble(stack, Trouble::Late).await?,
        "tickets": {
            "waiting": queue.waiting, "in_flight": queue.in_flight, "delayed": queue.delayed,
        },
        "oldest_ticket": asked(oldest.map(|at| json!(at))),
        "letters": letters.waiting + letters.in_flight,
        "routes": routes(stack, &destinations, &lately["routes"]),
        "destinations": destinations,
        "last_sweep": last_sweep(stack, now).await?,
        "alarms": alarms(watch.alarms().await),
        "month": spent(stack, now).await,
        "lately": lately,
    }))
}

/// Where each route leads, how that fares, and what became of its runs.
fn routes(stack: &Stack, destinations: &Map<String, Value>, runs: &Value) -> Vec<Value> {
    let routes = stack.configured.routes.iter();
    let told = routes.map(|route| {
        let (name, to) = (route.name.as_str(), leads_to(route));
        json!({"route": name, "to": to, "standing": destinations.get(&to), "runs": runs[name]})
    });
    told.collect()
}

/// What CloudWatch says, or why it can't be said: a permission that is missing hides no other thing.
fn asked<T: Into<Value>>(told: Result<T, Fault>) -> Value {
    match told {
        Ok(told) => told.into(),
        Err(fault) => json!({"unknown": fault.to_string()}),
    }
}

/// How many alarms there are, and which of them are on.
fn alarms(told: Result<Vec<Alarm>, Fault>) -> Value {
    asked(told.map(|all| {
        let on = |alarm: &&Alarm| alarm.state == "ALARM";
        let on: Vec<&str> = all
            .iter()
            .filter(on)
            .map(|alarm| alarm.name.as_str())
            .collect();
        let states = all
            .iter()
            .map(|alarm| (alarm.name.clone(), alarm.state.clone().into()));
        json!({"on": on, "states": states.collect::<Map<String, Value>>()})
    }))
}

/// What the month has cost so far, as `landfall cost` has it.
async fn spent(stack: &Stack, now: UnixMillis) -> Value {
    let deployed = &stack.deployed;
    let Some(Month { began, over }) = Month::of(now) else {
        return Value::Null;
    };
    let watch = deployed.watch();
    let counted = watch.counted(Metric::DeliveriesAccepted, began, now).await;
    let sources = stack.configured.sources.iter().count();
    let of = spent::asked(deployed.parameters(), sources);
    asked(counted.map(
        |events| json!({"since": began, "events": events, "usd": cost::so_far(&of, events, over)}),
    ))
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

#[cfg(test)]
mod tests {
    use protocol::fault::FaultKind;

    use super::*;

    #[test]
    fn a_look_that_failed_is_told_and_is_not_the_last() {
        let fault = Fault::new(FaultKind::Throttled, "asking about the queue", "slow");
        let told = told_later(&fault.into(), UnixMillis(0));
        assert!(
            told.contains("too many calls") && told.ends_with("; looking again"),
            "{told}"
        );
    }
}
