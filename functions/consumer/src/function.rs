//! The consumer as a Lambda function: reads its configuration, builds its world, and works on batches.

use std::{collections::BTreeMap, sync::Arc};

use lambda_runtime::{Error, LambdaEvent, service_fn};
use landfall_aws::{
    bodies::Bodies,
    callbacks::Callbacks,
    clients::{Clients, Profile},
    clock::{SystemClock, deadline},
    config::{self, Configuration, ConsumerConfig},
    ledger::Ledger,
    log,
    projection::ProjectionTable,
    queue::{Queue, Receipts},
};
use protocol::ports::{self, Clock as _};

use crate::{
    attempt::Attempt,
    consumer::{Consumer, Settings},
    projection::Projection,
    router::{Router, Routes},
    sqs::Batch,
    world::World,
};

/// AWS.
struct Aws {
    stack: String,
    ledger: Ledger,
    queue: Queue,
    receipts: Receipts,
    bodies: Bodies,
    callbacks: Callbacks,
    projection: Projection,
}

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
    let world = Aws {
        ledger: Ledger::new(clients.dynamodb.clone(), &config.table, config.shards),
        queue: Queue::new(clients.sqs.clone(), &config.queue_url),
        receipts: Receipts::new(clients.sqs, &config.queue_url, &config.dlq_url),
        bodies: Bodies::new(clients.s3, &config.bucket),
        callbacks: Callbacks::default(),
        projection: Projection::new(ProjectionTable::new(
            clients.dynamodb,
            &config.projection_table,
        )),
        stack: config.stack,
    };
    let consumer = Arc::new(Consumer {
        world,
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

impl World for Aws {
    fn ledger(&self) -> &(impl ports::Recorder + ports::Claims) {
        &self.ledger
    }

    fn queue(&self) -> &impl ports::Queue {
        &self.queue
    }

    fn receipts(&self) -> &impl ports::Receipts {
        &self.receipts
    }

    fn bodies(&self) -> &(impl ports::BodyStore + ports::StoredBodies) {
        &self.bodies
    }

    fn callbacks(&self) -> &impl webhook::ports::Callbacks {
        &self.callbacks
    }

    fn clock(&self) -> &impl ports::Clock {
        &SystemClock
    }

    fn projection(&self) -> Projection {
        self.projection.clone()
    }

    fn note(&self, attempt: &Attempt) {
        attempt.line(&self.stack, SystemClock.now()).print();
    }
}
