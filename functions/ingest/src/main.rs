//! The ingest function: builds the clients once and answers API Gateway's requests.

use std::{cell::Cell, mem, time::Duration};

use catalogue::Sources;
use ingest::{
    check,
    receive::{Settings, receive},
    world::Aws,
};
use lambda_http::{
    Error, LambdaEvent,
    aws_lambda_events::apigw::ApiGatewayV2httpResponse,
    lambda_runtime::{LambdaInvocation, Runtime, tower::util::MapRequestLayer},
    service_fn,
};
use landfall_aws::{
    clients::{Clients, Profile},
    clock::{SystemClock, deadline},
    config::{IngestConfig, Loaded, environment},
    log,
    shards::Shards,
};
use protocol::ports::Clock as _;
use serde::{Serialize, de::IgnoredAny};
use tokio::time::MissedTickBehavior;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

// One request at a time is what Lambda gives a process.
#[tokio::main(flavor = "local")]
async fn main() -> Result<(), Error> {
    // As a task. For what `main` itself waits for, the loop asks the kernel once more each time.
    tokio::task::spawn_local(run()).await?
}

/// Has tokio always wait for something that is soon. For a timer that ends sooner than all before it, as those of an event's
/// first call would, it wakes its own loop: three system calls of each event.
async fn keep_ticking() {
    // Calls have a second.
    let mut ticks = tokio::time::interval(Duration::from_millis(500));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
    }
}

async fn run() -> Result<(), Error> {
    log::init(
        environment("RUST_LOG").as_deref(),
        environment("LANDFALL_STACK").as_deref(),
    );
    let mut config = IngestConfig::from_lookup(environment)
        .map_err(|faults| format!("the configuration is wrong: {}", faults.join("; ")))?;
    let loaded = Loaded::load(config.environment, environment)?;
    loaded.log_start();
    let sources: &'static Sources = Box::leak(Box::new(loaded.configuration.sources));
    let clients = Clients::load(Profile::Answering);
    let shards = Shards::new(clients.dynamodb.clone(), &config.table);
    config.shards = shards.allowed(config.shards).await;
    let aws = Aws::new(&clients, &config, sources);
    Box::pin(aws.warm_up()).await;

    let settings = Settings {
        stack: config.stack.leak(),
        version: environment("AWS_LAMBDA_FUNCTION_VERSION")
            .unwrap_or_default()
            .leak(),
        sources,
        inline_body_bytes: config.inline_body_bytes,
    };
    tokio::task::spawn_local(keep_ticking());
    // The event as it came, past the runtime: that would read all of it first, and log what it fails to read.
    let arrived = Cell::default();
    let take_event = MapRequestLayer::new(|mut invocation: LambdaInvocation| {
        arrived.set(mem::replace(&mut invocation.body, "null".into()));
        invocation
    });
    let answer = service_fn(async |invocation: LambdaEvent<IgnoredAny>| {
        let context = invocation.context;
        let world = aws.traced(context.xray_trace_id.as_deref());
        let deadline = deadline(context.deadline, SystemClock.now());
        let event = arrived.take();
        // What is no text is no request.
        let event = str::from_utf8(&event).unwrap_or_default();
        if check::is_asked(event) {
            let told = Box::pin(check::check(&world, &settings, event, deadline)).await;
            return told.map(Answer::Told).map_err(|fault| fault.to_string());
        }
        let response = Box::pin(receive(&world, &settings, event, deadline)).await;
        Ok(Answer::Response(response))
    });
    Runtime::new(answer).layer(take_event).run().await
}

/// What whoever has invoked the function gets.
#[derive(Serialize)]
#[serde(untagged)]
enum Answer {
    Response(ApiGatewayV2httpResponse),
    Told(check::Told),
}
