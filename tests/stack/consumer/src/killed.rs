//! The example [`mod@credit`] in a process that is killed when its event says so.

use std::{process, sync::Arc, time::Duration};

use serde::Deserialize;

use crate::{
    State, credit,
    handler::{Context, Event, Failure},
};

#[derive(Deserialize)]
struct Payload {
    /// When the process is killed.
    killed: Option<When>,
    /// In how many runs it is, and again in as many of each replay.
    #[serde(default)]
    times: u64,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum When {
    /// Before anything is written.
    Before,
    /// So many milliseconds after the transaction was begun.
    Within(u64),
    /// When the transaction is known to be written, and nothing else is.
    After,
}

/// Counts its runs, credits the payment, and may be killed meanwhile.
pub(crate) async fn credit(
    event: Event,
    context: Context,
    state: Arc<State>,
) -> Result<(), Failure> {
    // What is no payment is the example's to refuse.
    let payload: Option<Payload> = event.json().ok();
    let (key, of_replay) = (
        format!("credit#{}", event.id),
        format!("runs{}", context.epoch),
    );
    let runs = context.projection.count(&key, &of_replay).await?;
    let payload = payload.filter(|payload| runs <= payload.times);
    match payload.and_then(|payload| payload.killed) {
        None => credit::credit(event, context, state).await,
        Some(When::Before) => kill(),
        Some(When::Within(ms)) => {
            let credited = credit::credit(event, context, state);
            let (credited, ()) = tokio::join!(credited, kill_in(Duration::from_millis(ms)));
            credited
        }
        Some(When::After) => {
            credit::credit(event, context, state).await?;
            kill()
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "a death comes at any moment")]
async fn kill_in(length: Duration) {
    tokio::time::sleep(length).await;
    kill()
}

/// Ends this process as the loss of its machine would: by SIGKILL, with nothing said or done.
fn kill() -> ! {
    let kill = format!("kill -KILL {}", process::id());
    let killed = process::Command::new("/bin/sh")
        .args(["-c", &kill])
        .status();
    unreachable!("{killed:?}");
}
