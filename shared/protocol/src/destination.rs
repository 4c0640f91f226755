//! What the ledger holds of a destination: its health, which all consumers share.

use std::fmt;

use crate::time::UnixMillis;

/// Whether a destination can be sent to, and what says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Health {
    /// Where it stands.
    pub standing: Standing,
    /// Since when: for open and trial since it opened, however often it has been tried.
    pub since: UnixMillis,
    /// Open: when it may be tried next. Trial: when whoever tries it is given up. Else nothing.
    pub until: UnixMillis,
    /// What was counted since the first failure of a while, while it is closed.
    pub window: Window,
    /// How many trials have failed since it opened.
    pub failed_trials: u32,
    /// What the last failure said.
    pub last_error: Option<String>,
    /// Counts writes: what the next one compares.
    pub revision: u64,
    /// Names the write, so that one which is made again recognises itself, and no other.
    pub token: u64,
}

/// The four standings, in the words of a circuit breaker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Standing {
    /// Everything goes through.
    Closed,
    /// Too much has failed: nothing goes through.
    Open,
    /// It was open, and one leg is on its way to see whether it works again.
    Trial,
    /// A person has stopped it.
    Paused,
}

/// What came of runs within a while that began with a failure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Window {
    /// When it began.
    pub began: UnixMillis,
    /// How many runs reached the destination, whatever it said of the event.
    pub reached: u32,
    /// How many failed in a way that may pass.
    pub failed: u32,
}

impl Default for Health {
    fn default() -> Self {
        Self {
            standing: Standing::Closed,
            since: UnixMillis(0),
            until: UnixMillis(0),
            window: Window::default(),
            failed_trials: 0,
            last_error: None,
            revision: 0,
            token: 0,
        }
    }
}

impl Standing {
    /// The standing in a word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Open => "open",
            Self::Trial => "trial",
            Self::Paused => "paused",
        }
    }

    /// The standing of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::Closed, Self::Open, Self::Trial, Self::Paused]
            .into_iter()
            .find(|standing| standing.as_str() == name)
    }
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
