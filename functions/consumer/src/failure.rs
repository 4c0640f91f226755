//! How a handler ended.

use std::time::Duration;

use protocol::fault::Fault;

/// How a handler ended that has not failed. `()` is [`Done`](Self::Done).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is done.
    Done,
    /// There was nothing to do, and this is why: it counts as done. The text is kept as that of a [`Failure`] is.
    Skipped(String),
    /// Not yet: it runs again after so long, without using a try. The route's age limit ends that.
    Snoozed(Duration),
}

/// Why a handler could not do it. The text goes into the log, the ledger and the dead-letter queue:
/// say what went wrong, and never put anything of an event's data there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// It may succeed later: it will be tried again, after a while.
    #[error("{0}")]
    Retry(String),
    /// The same, but not before so long has passed: whoever was called asked for it.
    #[error("{0}")]
    RetryAfter(String, Duration),
    /// It will never succeed: its leg is given up at once, with a letter in the dead-letter queue.
    #[error("{0}")]
    Permanent(String),
}

impl Failure {
    /// It may succeed later.
    pub fn retry(text: impl Into<String>) -> Self {
        Self::Retry(text.into())
    }

    /// It may succeed later, but not before so long has passed.
    pub fn retry_after(text: impl Into<String>, wait: Duration) -> Self {
        Self::RetryAfter(text.into(), wait)
    }

    /// It will never succeed.
    pub fn permanent(text: impl Into<String>) -> Self {
        Self::Permanent(text.into())
    }
}

impl Outcome {
    /// There was nothing to do, and this is why.
    pub fn skipped(reason: impl Into<String>) -> Self {
        Self::Skipped(reason.into())
    }
}

impl From<()> for Outcome {
    fn from((): ()) -> Self {
        Self::Done
    }
}

/// A call that failed may succeed later.
impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::Retry(fault.to_string())
    }
}
