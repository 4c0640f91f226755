//! The answer to a provider that asks whether it may send: no handler's work, and never ingest's, which
//! has no time for calls to strangers.

use std::time::Duration;

use protocol::decide::finish::RunOutcome;
use webhook::{
    ports::Callbacks,
    reading::address::{Address, Hostile},
};

/// The longest that a call takes.
const LONGEST: Duration = Duration::from_secs(15);

/// Calls the address that a question names. One that must not be called will never be another: a person
/// looks at it.
pub(crate) async fn confirm(
    callbacks: &impl Callbacks,
    asked: Result<Address, Hostile>,
    left: Duration,
) -> RunOutcome {
    let callback = match asked {
        Ok(callback) => callback,
        Err(hostile) => return RunOutcome::Permanent(hostile.to_string()),
    };
    match tokio::time::timeout(left.min(LONGEST), callbacks.get(&callback)).await {
        Ok(Ok(200..=299)) => RunOutcome::Done,
        Ok(Ok(status)) => RunOutcome::retry(format!("the provider's address answered {status}")),
        Ok(Err(fault)) => {
            RunOutcome::retry(format!("the provider's address was not reached: {fault}"))
        }
        Err(_) => RunOutcome::retry("the provider's address didn't answer in time"),
    }
}
