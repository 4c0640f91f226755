//! Runs a handler so that it can harm no other: on a thread of its own, and for a limited time.

use std::{any::Any, time::Duration};

use protocol::{
    decide::finish::RunOutcome,
    time::{Millis, UnixMillis},
};
use tracing::Instrument as _;

use crate::handler::{Context, Event, Failure, Handler, Outcome};

/// How much longer than its time a handler is waited for that blocks its thread.
const BLOCKED: Duration = Duration::from_millis(100);

/// The longest text that is kept of a failure, in characters.
const LONGEST_ERROR: usize = 1_024;

/// Runs a handler for at most `limit`.
///
/// It gets a thread, not a share of one: a handler that blocks holds up none that runs beside it, nor
/// the writing of what they came to. One that waits is dropped when its time is over; one that blocks
/// can't be stopped, and is left behind ([`leftover`](crate::leftover)).
///
/// What it logs says of which event it is.
pub(crate) async fn run(
    handler: Handler,
    event: Event,
    context: Context,
    limit: Duration,
    now: impl Fn() -> UnixMillis,
) -> RunOutcome {
    let runtime = tokio::runtime::Handle::current();
    // Of the highest level, or a log of errors alone would leave it out, and they would be of no event.
    let span = tracing::error_span!(
        "handler",
        source = event.source,
        event_id = event.id,
        attempt = context.attempt
    );
    let held = event.held.clone();
    let run = async move { tokio::time::timeout(limit, handler(event, context)).await };
    let thread = tokio::task::spawn_blocking(move || {
        let ran = runtime.block_on(run.instrument(span));
        // Until here, whatever the handler has done with its event.
        drop(held);
        ran
    });
    match tokio::time::timeout(limit + BLOCKED, thread).await {
        Ok(Ok(Ok(Ok(Outcome::Done)))) => RunOutcome::Done,
        Ok(Ok(Ok(Ok(Outcome::Skipped(reason))))) => RunOutcome::Skipped(cut(&reason)),
        Ok(Ok(Ok(Ok(Outcome::Snoozed(wait))))) => RunOutcome::Held {
            by: "its handler".into(),
            until: now().plus(millis(wait)),
        },
        Ok(Ok(Ok(Err(Failure::Retry(error))))) => RunOutcome::retry(cut(&error)),
        Ok(Ok(Ok(Err(Failure::RetryAfter(error, wait))))) => RunOutcome::Retry {
            error: cut(&error),
            after: Some(millis(wait)),
        },
        Ok(Ok(Ok(Err(Failure::Permanent(error))))) => RunOutcome::Permanent(cut(&error)),
        Ok(Ok(Err(_))) => RunOutcome::retry("its time was over"),
        Err(_) => RunOutcome::retry("its time was over, and it blocks its thread"),
        Ok(Err(join)) => RunOutcome::retry(match join.try_into_panic() {
            Ok(panic) => cut(&format!("it panicked: {}", said(&*panic))),
            Err(_) => "it was cancelled".into(),
        }),
    }
}

pub(crate) fn millis(length: Duration) -> Millis {
    Millis(i64::try_from(length.as_millis()).unwrap_or(i64::MAX))
}

fn said(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no text")
}

/// Cuts a text to what the ledger's item has room for.
pub(crate) fn cut(text: &str) -> String {
    if text.trim().is_empty() {
        return "it said nothing".into();
    }
    text.chars().take(LONGEST_ERROR).collect()
}
