//! The sweeper function: reads its configuration, builds its world, and sweeps when it is invoked.

use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use landfall_aws::{
    clients::{Clients, Profile},
    clock::{SystemClock, deadline},
    config::{self, Configuration, SweeperConfig},
    index::Index,
    log,
    metrics::{Line, Metric},
    queue::Queue,
    running::Announcement,
};
use protocol::{
    ports::Clock as _,
    time::{Millis, UnixMillis},
};
use serde::de::IgnoredAny;
use sweeper::{Settings, Summary, Sweeper, Tally};

#[tokio::main]
async fn main() -> Result<(), Error> {
    log::init(config::environment("RUST_LOG").as_deref());
    let config = SweeperConfig::from_lookup(config::environment)
        .map_err(|faults| format!("the configuration is wrong: {}", faults.join("; ")))?;
    let configuration = Configuration::load(config.environment, config::environment)?;
    configuration.log_start();
    let clients = Clients::load(Profile::Working).await;
    // So that an operator can ask. What can't be written now is no reason not to sweep.
    let announcement = Announcement::new(clients.dynamodb.clone(), &config.table);
    let announced = announcement.write(&configuration.digest, SystemClock.now());
    if let Err(fault) = announced.await {
        tracing::warn!(reason = fault.kind.as_str(), error = %fault, "the configuration is not announced");
    }
    let index = Index::new(clients.dynamodb, &config.table, &config.index);
    let queue = Queue::new(clients.sqs, &config.queue_url);
    let settings = Settings::new(
        (configuration.sources)
            .iter()
            .map(|source| source.name.to_string())
            .collect(),
        config.shards,
        config.ages,
        config.visibility_timeout,
    );
    let stack = config.stack.as_str();
    run(service_fn(|event: LambdaEvent<IgnoredAny>| {
        let sweeper = Sweeper {
            index: index.clone(),
            queue: queue.traced(event.context.xray_trace_id.as_deref()),
            clock: SystemClock,
            settings: settings.clone(),
        };
        async move {
            let began = SystemClock.now();
            let summary = sweeper.sweep(deadline(event.context.deadline, began)).await;
            log_sweep(stack, &summary, SystemClock.now().since(began));
            let faults = summary.total().faults.len();
            if faults == 0 {
                Ok(())
            } else {
                // So that Lambda counts an error; the next sweep makes up for it.
                Err(format!("{faults} partitions were not swept to the end"))
            }
        }
    }))
    .await
}

/// One line for the sweep, and one for each source of which there is something to tell.
fn log_sweep(stack: &str, summary: &Summary, took: Millis) {
    let now = SystemClock.now();
    let told = |tally: &&Tally| tally.found > 0 || tally.unfinished > 0 || !tally.faults.is_empty();
    for (source, tally) in summary.0.iter().filter(|(_, tally)| told(tally)) {
        let fault = tally.faults.first();
        line(stack, tally, now)
            .source(source)
            .maybe("reason", fault.map(|fault| fault.kind.as_str()))
            .maybe("error", fault.map(ToString::to_string).as_deref())
            .value(Metric::SweeperFound, signed(tally.found))
            .value(Metric::SweeperUnfinished, signed(tally.unfinished))
            .print();
    }
    // The sources' lines count towards the stack's metrics; this one keeps those from having gaps.
    line(stack, &summary.total(), now)
        .number("ms", took.0)
        .value(Metric::SweeperFound, 0)
        .value(Metric::SweeperUnfinished, 0)
        .print();
}

fn line(stack: &str, tally: &Tally, now: UnixMillis) -> Line {
    let complete = tally.faults.is_empty();
    Line::new("sweep", stack, now)
        .text("outcome", if complete { "complete" } else { "incomplete" })
        .number("looked_at", tally.looked_at)
        .number("found", tally.found)
        .number("unfinished", tally.unfinished)
        .number("faults", signed(tally.faults.len() as u64))
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
