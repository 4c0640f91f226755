//! The consumer as a Lambda function: reads its configuration, builds its world, and works on batches.

use std::sync::Arc;

use catalogue::Configuration;
use lambda_runtime::{
    Error, LambdaEvent, LambdaInvocation, Runtime,
    layers::TracingLayer,
    service_fn,
    tower::{ServiceExt, layer::layer_fn},
};
use landfall_aws::{
    clients::{self, Clients, Profile},
    clock::{SystemClock, deadline},
    config::{self, ConsumerConfig, Loaded},
    log,
    probe::Told,
    shards::Shards,
};
use protocol::ports::Clock as _;
use serde::Serialize;

use crate::{
    consumer::{Consumer, Settings},
    gate::Gate,
    registry::Handlers,
    router::Router,
    sqs::{Batch, Invocation, Response},
    start::Start,
    world::Aws,
};

/// Runs for as long as the process lives, with these handlers and the state that they share, which is built once.
pub async fn run<S, B>(handlers: Handlers<S>, state: B) -> Result<(), Error>
where
    S: Send + Sync + 'static,
    B: AsyncFnOnce(Start) -> Result<S, Error>,
{
    log::init(
        config::environment("RUST_LOG").as_deref(),
        config::environment("LANDFALL_STACK").as_deref(),
    );
    let mut config = ConsumerConfig::from_lookup(config::environment)
        .map_err(|faults| format!("the configuration is wrong: {}", faults.join("; ")))?;
    let named = handlers.names();
    let loaded = Loaded::load_with_handlers(config.environment, &named, config::environment)?;
    loaded.log_start();
    // For as long as the process.
    let configuration: &'static Configuration = Box::leak(Box::new(loaded.configuration));

    let aws = clients::of_environment(Profile::Working);
    let clients = Clients::new(&aws);
    let shards = Shards::new(clients.dynamodb.clone(), &config.table);
    config.shards = shards.allowed(config.shards).await;
    let start = Start::new(config.environment, aws.clone(), &config.handler_settings);
    let handlers = handlers.with(build(state, start).await?)?;
    let consumer = Arc::new(Consumer {
        world: Aws::new(&clients, &aws, &config, configuration),
        configuration,
        router: Router::new(configuration, config.limits),
        handlers,
        gate: Gate::default(),
        settings: Settings::new(config.concurrency, config.inline_body_bytes),
    });
    let answer = service_fn(|event: LambdaEvent<Invocation>| {
        let consumer = Arc::clone(&consumer);
        async move {
            let deadline = deadline(event.context.deadline, SystemClock.now());
            let Invocation { records, test } = event.payload;
            if let Some(destination) = test {
                // Boxed: with all its destinations it is more than the compiler wants to lay out within another.
                let told = Box::pin(consumer.test(&destination, deadline)).await;
                return Ok(Answer::Test(told));
            }
            let answer = consumer.work_on(Batch { records }, deadline).await;
            // In words: the runtime logs the name of an error, not its text.
            answer.map(Answer::Batch).map_err(|fault| fault.to_string())
        }
    });
    let end_if_left = layer_fn(|answered| {
        let consumer = Arc::clone(&consumer);
        // Behind whatever sends the answer, and before the next batch is asked for, when Lambda freezes the process.
        ServiceExt::<LambdaInvocation>::map_response(answered, move |()| {
            if consumer.handlers.left_something() {
                // Not by returning: tokio would wait for the thread that is blocked.
                std::process::exit(1);
            }
        })
    });
    let runtime = Runtime::new(answer).layer(TracingLayer::new());
    runtime.layer(end_if_left).run().await
}

/// What whoever has invoked the function gets.
#[derive(Serialize)]
#[serde(untagged)]
enum Answer {
    Batch(Response),
    Test(Told),
}

/// The state, or why there is none, which ends the process.
async fn build<S>(
    state: impl AsyncFnOnce(Start) -> Result<S, Error>,
    start: Start,
) -> Result<S, String> {
    let built = state(start).await;
    built.map_err(|error| format!("the handlers' state can't be built: {error}"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testkit::start;

    #[derive(Debug, serde::Deserialize)]
    struct Settings {
        url: String,
        #[serde(default)]
        parts: u8,
    }

    async fn read(settings: serde_json::Value) -> Result<Settings, String> {
        build(async |start| Ok(start.settings()?), start(&settings)).await
    }

    #[tokio::test]
    async fn a_state_is_built_of_what_the_stack_says() {
        let settings = read(json!({"url": "https://a", "parts": 2})).await.unwrap();
        assert_eq!((settings.url.as_str(), settings.parts), ("https://a", 2));
    }

    #[tokio::test]
    async fn a_state_that_cannot_be_built_ends_the_process_in_words() {
        for (settings, words) in [
            (json!({}), "HandlerSettings: missing field `url`"),
            (
                json!({"url": "a", "parts": "many"}),
                "HandlerSettings: invalid type: string \"many\", expected u8",
            ),
        ] {
            let fault = read(settings).await.unwrap_err();
            assert_eq!(
                fault,
                format!("the handlers' state can't be built: {words}")
            );
        }
    }
}
