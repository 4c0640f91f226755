//! The sweeper function: reads its configuration, builds its world, and sweeps when it is invoked.

use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use landfall_aws::{
    clients::{self, Profile},
    clock::{SystemClock, deadline},
    config::{self, Loaded, SweeperConfig},
    log,
};
use protocol::{ports::Clock as _, time::Millis};
use serde::de::IgnoredAny;
use sweeper::{Settings, line::log_sweep, world::Aws};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> Result<(), Error> {
    log::init(
        config::environment("RUST_LOG").as_deref(),
        config::environment("LANDFALL_STACK").as_deref(),
    );
    let config = SweeperConfig::from_lookup(config::environment)
        .map_err(|faults| format!("the configuration is wrong: {}", faults.join("; ")))?;
    let loaded = Loaded::load(config.environment, config::environment)?;
    loaded.log_start();
    let aws = Aws::new(&clients::of_environment(Profile::Working), &config);
    aws.announce(&loaded.digest).await;
    let mut settings = Settings::new(config.shards, config.ages, config.visibility_timeout);
    settings.speakers = (loaded.configuration.sources)
        .iter()
        .filter_map(|source| {
            let every = i64::try_from(source.speaks_every?.as_secs()).ok()?;
            Some((source.name.to_string(), Millis::seconds(every)))
        })
        .collect();
    let stack = config.stack.as_str();
    run(service_fn(|event: LambdaEvent<IgnoredAny>| {
        let sweeper = aws.sweeper(&settings, event.context.xray_trace_id.as_deref());
        async move {
            let began = SystemClock.now();
            let deadline = deadline(event.context.deadline, began);
            let summary = Box::pin(sweeper.sweep(deadline)).await;
            let now = SystemClock.now();
            log_sweep(stack, config.metrics, &summary, now, now.since(began));
            let faults = summary.faults.len();
            if faults == 0 {
                Ok(())
            } else {
                // So that Lambda counts an error; the next sweep makes up for it.
                Err(format!(
                    "{faults} parts of the sweep did not come to their end"
                ))
            }
        }
    }))
    .await
}
