//! The `work` item: how an event's legs stand, and who holds its claim.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Leg, LegState, Life};
use crate::{
    reason::Reason,
    time::{Millis, UnixMillis, UnixSeconds},
};

/// The state of an event's processing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Work {
    /// The life of the event that this is about.
    pub life: Life,
    /// Where it stands.
    pub state: State,
    /// Counts claims; never decreases within a life: the fence.
    pub attempt: u64,
    /// The lease's end while processing; the earliest next claim while waiting.
    pub until: UnixMillis,
    /// Names the write, so that one which is made again recognises itself.
    pub token: u64,
    /// Each route's part, by the route's name.
    pub legs: BTreeMap<String, Leg>,
    /// The number of the last replay of all legs.
    pub all: u64,
    /// When the record stops counting.
    pub expires_at: UnixSeconds,
}

/// The four states.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// A leg is to be run, not before `until`.
    Waiting,
    /// Claimed; the lease holds to `until`.
    Processing,
    /// All legs are done.
    Succeeded,
    /// A leg was given up, and none waits; its letter is in the dead-letter queue. Without legs: the event was given up
    /// before anybody knew which routes it goes.
    Failed,
}

/// What an operator looks for. It follows from the legs, and decides nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// A leg was given up, or the whole event.
    Failed,
    /// None was, and a leg waits for longer than it should take.
    Late,
}

/// For how long a leg may wait from its round's start without being late.
const SOON: Millis = Millis::seconds(60);

/// What a claim's condition compares: the `work` item exactly as it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorkVersion {
    /// As in [`Work`].
    pub life: Life,
    /// As in [`Work`].
    pub state: State,
    /// As in [`Work`].
    pub attempt: u64,
    /// As in [`Work`].
    pub until: UnixMillis,
}

/// What a finish's condition compares: the claim is still mine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holder {
    /// As in [`Work`].
    pub life: Life,
    /// As in [`Work`].
    pub attempt: u64,
    /// As in [`Work`].
    pub until: UnixMillis,
}

impl Work {
    /// What a claim on this item compares.
    #[must_use]
    pub const fn version(&self) -> WorkVersion {
        WorkVersion {
            life: self.life,
            state: self.state,
            attempt: self.attempt,
            until: self.until,
        }
    }

    /// What the holder of this claim compares.
    #[must_use]
    pub const fn holder(&self) -> Holder {
        Holder {
            life: self.life,
            attempt: self.attempt,
            until: self.until,
        }
    }

    /// Whether nothing is left to be done.
    #[must_use]
    pub const fn is_finished(&self) -> bool {
        matches!(self.state, State::Succeeded | State::Failed)
    }

    /// Whether a leg was given up, or the whole event; others may wait.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        let failed = |leg: &Leg| leg.state == LegState::Failed;
        self.state == State::Failed || self.legs.values().any(failed)
    }

    /// Whether a leg waits for more than a minute in all: it was tried some times, or is held.
    #[must_use]
    pub fn is_late(&self) -> bool {
        let mut legs = self.legs.values();
        legs.any(|leg| leg.state == LegState::Waiting && leg.until.since(leg.since) > SOON)
    }

    /// What of it an operator looks for, if anything. Where it has failed, it may be late, too.
    #[must_use]
    pub fn trouble(&self) -> Option<Trouble> {
        if self.has_failed() {
            return Some(Trouble::Failed);
        }
        self.is_late().then_some(Trouble::Late)
    }

    /// Why its legs were given up, or the whole event.
    #[must_use]
    pub fn reasons(&self) -> BTreeSet<Reason> {
        // Before its routes are known an event is given up for one reason only, and no leg can say so.
        let whole = self.state == State::Failed && self.legs.is_empty();
        let whole = whole.then_some(Reason::UnknownSource);
        let legs = self.legs.values().filter_map(|leg| leg.reason);
        legs.chain(whole).collect()
    }

    /// The highest number of a replay: the next one's is higher by one.
    #[must_use]
    pub fn epoch(&self) -> u64 {
        let legs = self.legs.values().map(|leg| leg.epoch);
        legs.max().unwrap_or(0).max(self.all)
    }

    /// The state that follows from those of the legs, none of which is being worked on.
    #[must_use]
    pub fn settled(self, now: UnixMillis) -> Self {
        let waiting = self
            .legs
            .values()
            .filter(|leg| leg.state == LegState::Waiting);
        let (state, until) = match waiting.map(|leg| leg.until).min() {
            Some(earliest) => (State::Waiting, earliest),
            None if self.legs.values().any(|leg| leg.state == LegState::Failed) => {
                (State::Failed, now)
            }
            None => (State::Succeeded, now),
        };
        Self {
            state,
            until,
            ..self
        }
    }
}

impl Trouble {
    /// In a word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::Late => "late",
        }
    }
}

impl State {
    /// The state in a word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Processing => "processing",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
        }
    }

    /// The state of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [
            Self::Waiting,
            Self::Processing,
            Self::Succeeded,
            Self::Failed,
        ]
        .into_iter()
        .find(|state| state.as_str() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn work(legs: &[(&str, LegState, i64)]) -> Work {
        let leg = |state, until| Leg {
            state,
            until: UnixMillis(until),
            ..Leg::opened(UnixMillis(0))
        };
        let legs = legs.iter();
        Work {
            life: Life(UnixMillis(0)),
            state: State::Processing,
            attempt: 1,
            until: UnixMillis(99),
            token: 0,
            legs: legs
                .map(|(name, state, until)| ((*name).to_owned(), leg(*state, *until)))
                .collect(),
            all: 0,
            expires_at: UnixSeconds(0),
        }
    }

    #[test]
    fn every_state_has_a_name() {
        for (state, name) in [
            (State::Waiting, "waiting"),
            (State::Processing, "processing"),
            (State::Succeeded, "succeeded"),
            (State::Failed, "failed"),
        ] {
            assert_eq!((state.as_str(), State::named(name)), (name, Some(state)));
        }
        assert_eq!(State::named(""), None);
    }

    #[test]
    fn an_event_waits_for_its_earliest_leg_and_fails_only_when_none_waits() {
        use LegState::{Failed, Skipped, Succeeded, Waiting};
        let settled = |legs: &[_]| {
            let work = work(legs).settled(UnixMillis(50));
            (work.state, work.until.0)
        };
        let waits = [("a", Failed, 1), ("b", Waiting, 70), ("c", Waiting, 60)];
        assert_eq!(settled(&waits), (State::Waiting, 60));
        let failed = [("a", Failed, 1), ("b", Succeeded, 2)];
        assert_eq!(settled(&failed), (State::Failed, 50));
        let done = [("a", Skipped, 1), ("b", Succeeded, 2)];
        assert_eq!(settled(&done), (State::Succeeded, 50));
        assert_eq!(settled(&[]), (State::Succeeded, 50));
    }

    #[test]
    fn a_failed_leg_counts_while_another_waits() {
        use LegState::{Failed, Succeeded, Waiting};
        assert!(work(&[("a", Failed, 1), ("b", Waiting, 2)]).has_failed());
        assert!(!work(&[("a", Succeeded, 1), ("b", Waiting, 2)]).has_failed());
    }

    #[test]
    fn what_failed_is_trouble_and_so_is_what_waits_for_more_than_a_minute() {
        use LegState::{Failed, Processing, Succeeded, Waiting};
        let trouble = |legs: &[_]| work(legs).trouble();
        assert_eq!(trouble(&[("a", Succeeded, 900_000)]), None);
        assert_eq!(trouble(&[("a", Waiting, 60_000)]), None);
        assert_eq!(trouble(&[("a", Processing, 900_000)]), None);
        assert_eq!(trouble(&[("a", Waiting, 60_001)]), Some(Trouble::Late));
        let both = [("a", Waiting, 60_001), ("b", Failed, 1)];
        assert_eq!(trouble(&both), Some(Trouble::Failed));
        assert!(work(&both).is_late());
        let whole = Work {
            state: State::Failed,
            ..work(&[])
        };
        assert_eq!(whole.trouble(), Some(Trouble::Failed));
    }

    #[test]
    fn the_next_replay_is_numbered_above_all_there_were() {
        let mut work = work(&[("a", LegState::Succeeded, 1), ("b", LegState::Succeeded, 1)]);
        work.all = 2;
        assert_eq!(work.epoch(), 2);
        work.legs.values_mut().for_each(|leg| leg.epoch = 5);
        assert_eq!(work.epoch(), 5);
    }
}
