//! The consumer in the stacks of the tests: the function as it is, with handlers that the tests look at. A project's own
//! handlers are in no stack of the tests, and its tests of them stand beside them.

use std::sync::Arc;

use consumer::{
    drill::drill,
    handler::{Context, Event, Failure},
    registry::Handlers,
    start::Start,
};
use protocol::time::UnixMillis;
use serde::Deserialize;
use serde_json::{Value, json};

#[tokio::main]
async fn main() -> Result<(), lambda_runtime::Error> {
    let handlers = Handlers::new()
        .add("drill", drill)
        .add_with("keep", keep)
        .add("count", count);
    consumer::run(handlers, settings).await
}

/// What `HandlerSettings` in samconfig.toml says.
#[derive(Deserialize)]
struct Settings {
    greeting: Option<String>,
}

async fn settings(start: Start) -> Result<Settings, lambda_runtime::Error> {
    Ok(start.settings()?)
}

#[derive(Deserialize)]
struct Payload {
    /// In seconds since 1970, where a test says so.
    created: Value,
    data: Data,
}

#[derive(Deserialize)]
struct Data {
    id: String,
}

/// Keeps what last happened: by the provider's clock, where it is told in seconds.
async fn keep(event: Event, context: Context, settings: Arc<Settings>) -> Result<(), Failure> {
    let payload: Payload = event.json()?;
    tracing::info!(greeting = settings.greeting, "keeping");
    let key = format!("{}#invoice#{}", event.source, payload.data.id);
    let created = payload.created.as_i64();
    let happened = created.map_or(context.received_at, |seconds| UnixMillis(seconds * 1_000));
    let state = json!({"last": event.event_type});
    context
        .projection
        .put_if_newer(&key, happened, &state)
        .await?;
    Ok(())
}

/// Counts its runs, by event.
async fn count(event: Event, context: Context) -> Result<(), Failure> {
    let key = format!("{}#{}", event.source, event.id);
    context.projection.count(&key, "runs").await?;
    Ok(())
}
