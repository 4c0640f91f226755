//! The consumer in the stacks of the tests: the function as it is, with handlers that the tests look at. A project's own
//! handlers are in no stack of the tests, and its tests of them stand beside them.

mod credit;
mod killed;

use std::sync::Arc;

use aws_sdk_dynamodb::Client;
#[cfg(test)]
use consumer::testkit;
use consumer::{drill::drill, handler, registry, start};
use handler::{Context, Event, Failure};
use protocol::time::UnixMillis;
use registry::Handlers;
use serde::Deserialize;
use serde_json::{Value, json};
use start::Start;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> Result<(), lambda_runtime::Error> {
    consumer::run(all(), state).await
}

fn all() -> Handlers<State> {
    Handlers::new()
        .add("drill", drill)
        .add_with("keep", keep)
        .add("count", count)
        .add_with("credit", killed::credit)
}

/// What the handlers share.
struct State {
    settings: Settings,
    dynamodb: Client,
}

/// What `HandlerSettings` in samconfig.toml says.
#[derive(Deserialize)]
struct Settings {
    greeting: Option<String>,
    /// The table of accounts.
    accounts: String,
}

async fn state(start: Start) -> Result<State, lambda_runtime::Error> {
    Ok(State {
        settings: start.settings()?,
        dynamodb: Client::new(&start.aws),
    })
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
async fn keep(event: Event, context: Context, state: Arc<State>) -> Result<(), Failure> {
    let payload: Payload = event.json()?;
    tracing::info!(greeting = state.settings.greeting, "keeping");
    let key = format!("{}#invoice#{}", event.source, payload.data.id);
    let created = payload.created.as_i64();
    let happened = created.map_or(context.received_at, |seconds| UnixMillis(seconds * 1_000));
    let last = json!({"last": event.event_type});
    context
        .projection
        .put_if_newer(&key, happened, &last)
        .await?;
    Ok(())
}

/// Counts its runs, by event.
async fn count(event: Event, context: Context) -> Result<(), Failure> {
    let key = format!("{}#{}", event.source, event.id);
    context.projection.count(&key, "runs").await?;
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    /// What docs/handlers.md shows is compiled and run here, but for the gaps between its parts.
    #[test]
    fn the_guides_example_is_the_one_that_is_killed() {
        let page = include_str!("../../../../docs/handlers.md");
        let own = [
            include_str!("credit/mod.rs"),
            include_str!("main.rs"),
            include_str!("credit/tests.rs"),
        ];
        let blocks: Vec<&str> = (page.split("```rust\n").skip(1))
            .map(|rest| rest.split("```").next().unwrap())
            .collect();
        assert_eq!(blocks.len(), own.len());
        assert_eq!(blocks[0], own[0]);
        for (block, file) in blocks.iter().zip(own) {
            assert!(file.contains(block), "{block}");
        }
    }
}
