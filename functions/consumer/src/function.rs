//! The consumer as a Lambda function: reads its configuration, builds its world, and works on batches.

use std::{collections::BTreeMap, sync::Arc};

use lambda_runtime::{Error, LambdaEvent, service_fn};
use landfall_aws::{
    clients::{Clients, Profile},
    clock::{SystemClock, deadline},
    config::{self, Configuration, ConsumerConfig},
    log,
};
use protocol::ports::Clock as _;

use crate::{
    consumer::{Consumer, Settings},
    router::{Router, Routes},
    sqs::Batch,
    world::Aws,
};

/// Runs for as long as the process lives, with these handlers.
pub async fn run(handlers: Routes) -> Result<(), Error> {
    log::init(config::environment("RUST_LOG").as_deref());
    let config = ConsumerConfig::from_lookup(config::environment)
        .map_err(|faults| format!("the configuration is wrong: {}", faults.join("; ")))?;
    let router = Router::new(handlers)
        .map_err(|faults| format!("the routes are wrong: {}", faults.join("; ")))?;
    let configuration = Configuration::load(config.environment, config::environment)?;
    configuration.log_start();
    // For as long as the process.
    let sources: &'static _ = Box::leak(Box::new(configuration.sources));
    let tries: BTreeMap<String, u32> = sources
        .iter()
        .filter_map(|source| Some((source.name.to_string(), source.tries?)))
        .collect();

    let clients = Clients::load(Profile::Working).await;
    let consumer = Arc::new(Consumer {
        world: Aws::new(clients, &config),
        sources,
        router,
        settings: Settings::new(
            config.limits,
            tries,
            config.concurrency,
            config.inline_body_bytes,
        ),
    });
    lambda_runtime::run(service_fn(|event: LambdaEvent<Batch>| {
        let consumer = Arc::clone(&consumer);
        async move {
            let deadline = deadline(event.context.deadline, SystemClock.now());
            let answer = consumer.work_on(event.payload, deadline);
            // In words: the runtime logs the name of an error, not its text.
            answer.await.map_err(|fault| fault.to_string())
        }
    }))
    .await
}
