//! The fire drill: a handler that misbehaves on demand, so that the rest can be seen to stand it. Route a source to it
//! that exists in the environments local and test only.

use std::time::Duration;

use serde::Deserialize;

use crate::handler::{Context, Event, Failure};

#[derive(Deserialize)]
struct Payload {
    /// In how many tries of a round it misbehaves; absent: in all.
    times: Option<u32>,
    /// How long `drill.slow` takes, in milliseconds, and what `drill.block` and `drill.leave` leave behind.
    ms: Option<u64>,
}

/// Counts its runs, then does as the event's type says.
///
/// # Panics
/// Where the event asks for it.
#[expect(clippy::panic, reason = "that is what the drill is for")]
pub async fn drill(event: Event, context: Context) -> Result<(), Failure> {
    let payload: Payload = event.json()?;
    context
        .projection
        .count(&format!("drill#{}", event.id), "runs")
        .await?;
    let length = Duration::from_millis(payload.ms.unwrap_or(0));
    let again = payload.times.is_none_or(|times| context.tries <= times);
    match event.event_type.as_str() {
        "drill.fail" if again => Err(Failure::retry("the drill asked for a failure")),
        "drill.refuse" => Err(Failure::permanent(
            "the drill asked for a permanent failure",
        )),
        "drill.panic" if again => panic!("the drill asked for a panic"),
        "drill.exit" if again => std::process::exit(1),
        "drill.slow" => {
            slow(length).await;
            Ok(())
        }
        "drill.block" => {
            block(length);
            Ok(())
        }
        "drill.leave" => {
            // As somebody might who doesn't want to wait for what it does.
            tokio::spawn(async move {
                slow(length).await;
                tracing::warn!("the drill goes on");
                let key = format!("drill#{}", event.id);
                let _ = context.projection.count(&key, "late").await;
            });
            Ok(())
        }
        "drill.ok" | "drill.fail" | "drill.panic" | "drill.exit" => Ok(()),
        _ => Err(Failure::permanent("no such drill")),
    }
}

#[expect(clippy::disallowed_methods, reason = "the drill is to block")]
fn block(length: Duration) {
    std::thread::sleep(length);
    tracing::warn!("the drill goes on");
}

#[expect(clippy::disallowed_methods, reason = "the drill is to be slow")]
async fn slow(length: Duration) {
    tokio::time::sleep(length).await;
}
