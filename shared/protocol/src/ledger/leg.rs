//! A leg: one route's part of one event.

use serde::{Deserialize, Serialize};

use crate::{reason::Reason, ticket::Ask, time::UnixMillis};

/// How one route's part of an event stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leg {
    /// Where it stands.
    pub state: LegState,
    /// Counts runs since the round began.
    pub tries: u32,
    /// While it waits: when it is run at the soonest. While it is run: the lease's end. Else: when it ended.
    pub until: UnixMillis,
    /// When the round began.
    pub since: UnixMillis,
    /// The number of the last replay that opened it.
    pub epoch: u64,
    /// Counts the rounds that redeliveries opened after a failure.
    pub reopens: u32,
    /// The asks that opened its last rounds.
    pub by: By,
    /// Whether its last holder never came back: until it has, it runs alone.
    pub lapsed: bool,
    /// What the last run said, if it failed, was held or was skipped.
    pub last_error: Option<String>,
    /// Why it was given up, if that was the end of the last run. It decides nothing: operators look for it.
    pub reason: Option<Reason>,
}

/// The five states.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LegState {
    /// To be run, not before `until`.
    Waiting,
    /// The claim's holder has it in hand.
    Processing,
    /// Done.
    Succeeded,
    /// Not done, and rightly so: its handler said that there is nothing to do, or a newer state had come.
    Skipped,
    /// Given up; its letter is in the dead-letter queue.
    Failed,
}

/// The last asks that opened a round, the youngest last. A message that comes twice is known by them, and opens no
/// second round.
///
/// They are as many as fit: a message that comes again after as many others have opened rounds of the same leg opens one
/// more. It would have to come again days after it was deleted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct By(Vec<Ask>);

impl By {
    /// How many are remembered.
    pub const MOST: usize = 8;

    /// Whether this ask opened one of the last rounds.
    #[must_use]
    pub fn knows(&self, ask: Ask) -> bool {
        self.0.contains(&ask)
    }

    /// Remembers an ask; the oldest one gives way.
    pub fn add(&mut self, ask: Ask) {
        self.0.retain(|known| *known != ask);
        if self.0.len() == Self::MOST {
            self.0.remove(0);
        }
        self.0.push(ask);
    }

    /// What is remembered, the youngest last.
    #[must_use]
    pub fn asks(&self) -> &[Ask] {
        &self.0
    }
}

impl FromIterator<Ask> for By {
    fn from_iter<I: IntoIterator<Item = Ask>>(asks: I) -> Self {
        let mut by = Self::default();
        asks.into_iter().for_each(|ask| by.add(ask));
        by
    }
}

impl Leg {
    /// A leg whose first round begins now.
    #[must_use]
    pub fn opened(now: UnixMillis) -> Self {
        Self {
            state: LegState::Waiting,
            tries: 0,
            until: now,
            since: now,
            epoch: 0,
            reopens: 0,
            by: By::default(),
            lapsed: false,
            last_error: None,
            reason: None,
        }
    }

    /// The same leg with a new round, which begins then.
    #[must_use]
    pub(crate) fn again(self, at: UnixMillis) -> Self {
        Self {
            state: LegState::Waiting,
            tries: 0,
            until: at,
            since: at,
            ..self
        }
    }

    /// Whether it is still to be run.
    #[must_use]
    pub const fn is_unfinished(&self) -> bool {
        matches!(self.state, LegState::Waiting | LegState::Processing)
    }
}

impl LegState {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Waiting,
        Self::Processing,
        Self::Succeeded,
        Self::Skipped,
        Self::Failed,
    ];

    /// The state in a word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Processing => "processing",
            Self::Succeeded => "succeeded",
            Self::Skipped => "skipped",
            Self::Failed => "failed",
        }
    }

    /// The state of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_asks_are_remembered_and_no_more_than_fit() {
        let mut by: By = (0..10).map(Ask).collect();
        assert_eq!(by.asks(), [2, 3, 4, 5, 6, 7, 8, 9].map(Ask));
        by.add(Ask(3));
        assert_eq!(by.asks(), [2, 4, 5, 6, 7, 8, 9, 3].map(Ask));
        assert!(by.knows(Ask(3)) && !by.knows(Ask(1)));
    }

    #[test]
    fn every_state_has_a_name() {
        for state in LegState::ALL {
            assert_eq!(LegState::named(state.as_str()), Some(state));
        }
        assert_eq!(LegState::named(""), None);
    }
}
