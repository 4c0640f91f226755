//! A call that failed, or whose fate is unknown.
//!
//! Two readers have two interests. Whoever looks after the stack searches its log for a *kind*: is it throttling, a
//! permission, a time-out? Whoever then mends it wants to know which *step* failed and what was said. Providers and
//! handlers' destinations see nothing of either.

use std::fmt;

/// A call that failed, or whose fate is unknown. Nothing in it quotes an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// In which way it failed.
    pub kind: FaultKind,
    /// What was being done: "writing the event".
    pub step: &'static str,
    /// What was said of it.
    pub text: String,
}

/// In which way a call failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// The service has had too many calls for now.
    Throttled,
    /// The service doesn't permit the call.
    Denied,
    /// There was no answer in time: the call may have been carried out.
    TimedOut,
    /// What came back, or stands there, can't be read.
    Malformed,
    /// What is needed isn't there, and the service says so.
    Absent,
    /// Any other way.
    Other,
}

impl Fault {
    /// A step that failed in this way, with what was said of it.
    pub fn new(kind: FaultKind, step: &'static str, text: impl Into<String>) -> Self {
        Self {
            kind,
            step,
            text: text.into(),
        }
    }
}

impl FaultKind {
    /// The kind in a word, as logs have it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Throttled => "throttled",
            Self::Denied => "denied",
            Self::TimedOut => "timed_out",
            Self::Malformed => "malformed",
            Self::Absent => "absent",
            Self::Other => "other",
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.step, self.text)
    }
}

impl std::error::Error for Fault {}
