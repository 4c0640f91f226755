//! What a function costs that does nothing but what it must, with the crates that Landfall is given: AWS's runtime for Rust and
//! AWS's SDK. `make bench` and `make bench-instructions` measure it beside Landfall; [the page](../../../docs/performance.md)
//! says what it leaves out. It is no receiver for use.
//!
//! What Landfall does to make these crates cheaper is done here too, by the same code: the clients of `landfall_aws`, the
//! allocator, the profile, one thread, events past the runtime's own reading.

pub mod delivery;

use std::{cell::Cell, io::Write as _, mem};

use bytes::Bytes;
use lambda_runtime::{
    Error, LambdaEvent, LambdaInvocation, Runtime, service_fn, tower::util::MapRequestLayer,
};
use serde::{Serialize, de::IgnoredAny};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Answers events as they came, one after the other.
pub async fn serve<A: Serialize>(
    answer: impl AsyncFn(Bytes) -> Result<A, Error>,
) -> Result<(), Error> {
    let arrived = Cell::default();
    let take_event = MapRequestLayer::new(|mut invocation: LambdaInvocation| {
        arrived.set(mem::replace(&mut invocation.body, "null".into()));
        invocation
    });
    let answer = service_fn(async |_: LambdaEvent<IgnoredAny>| answer(arrived.take()).await);
    Runtime::new(answer).layer(take_event).run().await
}

/// Writes a line of the log.
pub fn log(line: &impl Serialize) -> Result<(), Error> {
    let mut line = serde_json::to_vec(line)?;
    line.push(b'\n');
    Ok(std::io::stdout().write_all(&line)?)
}

/// What the stack says under this name.
pub fn setting(name: &str) -> Result<String, Error> {
    landfall_aws::config::environment(name).ok_or_else(|| format!("{name} is missing").into())
}
