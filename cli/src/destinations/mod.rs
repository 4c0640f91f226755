//! `landfall destinations`: how they fare, and a person's hand on them.

mod test;

use std::process::ExitCode;

use catalogue::destination::Destination;
use landfall_aws::clock::SystemClock;
use protocol::destination::{Health, Standing};
use serde_json::{Value, json};

use crate::{
    args::{Destinations, GivenStack},
    failure::Failure,
    print,
    stack::{Stack, block_on},
};

pub(crate) fn run(
    asked: &Destinations,
    stack: &GivenStack,
    as_json: bool,
) -> Result<ExitCode, Failure> {
    block_on(async {
        let stack = Stack::find(stack).await?;
        let kept = stack.deployed.destinations()?;
        let told = match asked {
            Destinations::List => {
                let mut told = Vec::new();
                for destination in stack.configured.destinations.iter() {
                    let health = kept.health(destination.name.as_str()).await?;
                    told.push(told_of(destination, health.as_ref()));
                }
                told
            }
            Destinations::Test { destination, live } => {
                return test::run(&stack, destination, *live, as_json).await;
            }
            Destinations::Pause { destination } => {
                let destination = stack.destination(destination)?;
                let health = kept.pause(destination.name.as_str(), &SystemClock).await?;
                vec![told_of(destination, Some(&health))]
            }
            Destinations::Resume { destination } => {
                let destination = stack.destination(destination)?;
                let health = kept.resume(destination.name.as_str(), &SystemClock).await?;
                vec![told_of(destination, Some(&health))]
            }
        };
        say(told, as_json);
        Ok(ExitCode::SUCCESS)
    })
}

fn told_of(destination: &Destination, health: Option<&Health>) -> Value {
    let health = health.filter(|health| *health != &Health::default());
    let standing = health.map_or(Standing::Closed, |health| health.standing);
    let is_open = matches!(standing, Standing::Open | Standing::Trial);
    json!({
        "destination": destination.name.as_str(),
        "kind": destination.kind.word(),
        "address": destination.kind.address(),
        "standing": standing.as_str(),
        // A destination that only counts failures has been closed since nobody knows when.
        "since": health.map(|health| health.since.0).filter(|since| *since > 0),
        "next_trial": health.filter(|_| is_open).map(|health| health.until.0),
        "failed_trials": health.filter(|_| is_open).map(|health| health.failed_trials),
        "last_error": health.and_then(|health| health.last_error.as_deref()),
    })
}

fn say(told: Vec<Value>, as_json: bool) {
    if as_json {
        print::json(&Value::from(told));
        return;
    }
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let time = |value: &Value| {
        let time = value.as_i64().map(protocol::time::UnixMillis);
        time.map_or_else(|| "-".to_owned(), print::time)
    };
    let rows = told.iter().map(|told| {
        [
            text(&told["destination"]),
            text(&told["standing"]),
            time(&told["since"]),
            time(&told["next_trial"]),
            text(&told["kind"]),
            text(&told["address"]),
            text(&told["last_error"]),
        ]
    });
    let headings = [
        "destination",
        "standing",
        "since",
        "next trial",
        "kind",
        "address",
        "last error",
    ];
    print::table(headings, &rows.collect::<Vec<_>>());
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use catalogue::{Environment, reader};
    use protocol::time::UnixMillis;

    use super::*;

    fn told(health: Option<&Health>) -> Value {
        let text = "[destinations.billing]\nhttp = \"https://billing.example.com/hooks\"\n";
        let read = reader::read(text, Environment::Live).unwrap();
        told_of(read.destinations.get("billing").unwrap(), health)
    }

    fn health(standing: Standing) -> Health {
        Health {
            standing,
            since: UnixMillis(1_800_000_000_000),
            until: UnixMillis(1_800_000_010_000),
            failed_trials: 2,
            last_error: Some("it answered 503".into()),
            revision: 7,
            ..Health::default()
        }
    }

    #[test]
    fn of_a_destination_that_never_failed_nothing_is_told_but_that_it_is_closed() {
        let expected = json!({
            "destination": "billing",
            "kind": "http",
            "address": "https://billing.example.com/hooks",
            "standing": "closed",
            "since": null,
            "next_trial": null,
            "failed_trials": null,
            "last_error": null,
        });
        assert_eq!(told(None), expected);
    }

    #[test]
    fn an_open_one_says_since_when_and_when_it_is_tried_next() {
        for standing in [Standing::Open, Standing::Trial] {
            let told = told(Some(&health(standing)));
            assert_eq!(told["standing"], standing.as_str());
            assert_eq!(told["since"], 1_800_000_000_000_i64);
            assert_eq!(told["next_trial"], 1_800_000_010_000_i64);
            assert_eq!(told["failed_trials"], 2);
            assert_eq!(told["last_error"], "it answered 503");
        }
        let paused = told(Some(&health(Standing::Paused)));
        assert_eq!(paused["next_trial"], Value::Null);
    }
}
