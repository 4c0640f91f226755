//! Why a handler could not do it.

use protocol::fault::Fault;

/// Why a handler could not do it. The text goes into the log, the ledger and the dead-letter queue:
/// say what went wrong, and never put anything of an event's data there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// It may succeed later: it will be tried again, after a while.
    #[error("{0}")]
    Retry(String),
    /// It will never succeed: its ticket goes to the dead-letter queue at once.
    #[error("{0}")]
    Permanent(String),
}

impl Failure {
    /// It may succeed later.
    pub fn retry(text: impl Into<String>) -> Self {
        Self::Retry(text.into())
    }

    /// It will never succeed.
    pub fn permanent(text: impl Into<String>) -> Self {
        Self::Permanent(text.into())
    }
}

/// A call that failed may succeed later.
impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::Retry(fault.to_string())
    }
}
