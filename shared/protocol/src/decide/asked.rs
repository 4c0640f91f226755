//! What a ticket asks. It is worked out before anything else, and whichever claim is made writes it into the ledger.
//!
//! | why | opens a round of |
//! |---|---|
//! | another life's ticket; new, again, sweep | nothing: a spare ticket never opens a round |
//! | redrive | the leg that it names (none: all), where it failed, or lapsed at its limit, and this ask hasn't opened one of its last rounds |
//! | reopen | all such legs: the first three rounds at once, later ones an hour after the failure |
//! | replay | each leg that it names (none: all) with an older number, in any state; a missing leg whose route matches, if it is named or the number is newer than that of the last replay of all |
//!
//! An ask is known by its message's id, or by what its sender gave it where several messages may carry it; so that a
//! message that comes twice, or an ask that was sent twice, opens one round and no more.
//!
//! A redelivery proves no more than that somebody has a delivery. The round that it opens later is in the ledger at once:
//! the leg waits, the sweeper looks after it, and further redeliveries are duplicates of an event that waits.

use crate::{
    decide::limits::Routes,
    ledger::{Leg, LegState, Life, Work},
    ticket::{Ask, Ticket, Why},
    time::UnixMillis,
};

/// What a ticket asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked<'t> {
    /// Nothing: it says that there may be something to do.
    Nothing,
    /// To try again what failed.
    Redrive {
        /// The one route that it is about; none: all.
        route: Option<&'t str>,
        /// What it is known by.
        ask: Ask,
    },
    /// The same, of somebody who has a delivery.
    Reopen {
        /// What it is known by.
        ask: Ask,
    },
    /// To run again whatever there is.
    Replay {
        /// The one route that it is about; none: all.
        route: Option<&'t str>,
        /// Its number.
        epoch: u64,
    },
}

impl<'t> Asked<'t> {
    /// What a ticket asks of this life of its event. `message` is what its message is known by.
    #[must_use]
    pub fn by(ticket: &'t Ticket, message: Ask, life: Life) -> Self {
        let route = ticket.route.as_deref();
        let ask = ticket.ask.unwrap_or(message);
        match ticket.why {
            _ if ticket.life != life => Self::Nothing,
            Why::New | Why::Again | Why::Sweep => Self::Nothing,
            Why::Redrive => Self::Redrive { route, ask },
            Why::Reopen => Self::Reopen { ask },
            Why::Replay => Self::Replay {
                route,
                epoch: ticket.epoch,
            },
        }
    }

    /// The one route that it is about.
    #[must_use]
    pub const fn route(self) -> Option<&'t str> {
        match self {
            Self::Redrive { route, .. } | Self::Replay { route, .. } => route,
            Self::Nothing | Self::Reopen { .. } => None,
        }
    }

    /// Whether a claim has written it into this leg.
    #[must_use]
    pub fn is_served(self, leg: Option<&Leg>) -> bool {
        leg.is_some_and(|leg| match self {
            Self::Nothing => true,
            Self::Redrive { ask, .. } | Self::Reopen { ask } => leg.by.knows(ask),
            Self::Replay { epoch, .. } => leg.epoch >= epoch,
        })
    }

    /// Whether it needs to be known which routes match the event, whose work is this.
    #[must_use]
    pub fn needs_matching(self, own: Option<&Work>) -> bool {
        matches!(self, Self::Replay { .. }) || own.is_none_or(|work| work.legs.is_empty())
    }

    /// Opens what it asks to be opened, and says whether that is anything. No lease on the work is live.
    pub(crate) fn open(self, work: &mut Work, routes: &Routes, now: UnixMillis) -> bool {
        let mut opened = false;
        for (name, leg) in &mut work.legs {
            let at = self.opens(name, leg, routes, now);
            if let Some(at) = at {
                *leg = self.mark(leg.clone().again(at));
                opened = true;
            } else {
                self.note(name, leg);
            }
        }
        if let Self::Replay { route, epoch } = self {
            for name in &routes.matching {
                let asked = route.map_or(epoch > work.all, |route| route == name);
                if asked && !work.legs.contains_key(name) {
                    let leg = self.mark(Leg::opened(now));
                    work.legs.insert(name.clone(), leg);
                    opened = true;
                }
            }
        }
        self.count(work) || opened
    }

    /// A leg that is still to be run serves the ask by that. Were this forgotten, a message that comes twice could open a
    /// round when the run has failed.
    fn note(self, name: &str, leg: &mut Leg) {
        let named = self.route().is_none_or(|route| route == name);
        if let Self::Redrive { ask, .. } | Self::Reopen { ask } = self
            && named
            && leg.is_unfinished()
        {
            leg.by.add(ask);
        }
    }

    /// Marks the legs of an event that begins, or begins anew, with this ask.
    pub(crate) fn begin(self, work: &mut Work) {
        for (name, leg) in &mut work.legs {
            if self.route().is_none_or(|route| route == name) {
                *leg = self.mark(leg.clone());
            }
        }
        self.count(work);
    }

    /// When a round of this leg is to begin, if it is to.
    fn opens(self, name: &str, leg: &Leg, routes: &Routes, now: UnixMillis) -> Option<UnixMillis> {
        let limits = routes.limits_of(name);
        let lapsed = leg.state == LegState::Processing && leg.tries >= limits.tries;
        let given_up = leg.state == LegState::Failed || lapsed;
        let named = self.route().is_none_or(|route| route == name);
        match self {
            Self::Redrive { ask, .. } if given_up && !leg.by.knows(ask) => named.then_some(now),
            Self::Reopen { ask } if given_up && !leg.by.knows(ask) => {
                let due = leg.until.plus(limits.reopen_after);
                Some(if leg.reopens < limits.reopens || due <= now {
                    now
                } else {
                    due
                })
            }
            Self::Replay { epoch, .. } if leg.epoch < epoch => named.then_some(now),
            _ => None,
        }
    }

    /// What an opened leg remembers of the ask.
    fn mark(self, mut leg: Leg) -> Leg {
        match self {
            Self::Nothing => {}
            Self::Redrive { ask, .. } => leg.by.add(ask),
            Self::Reopen { ask } => {
                leg.by.add(ask);
                leg.reopens = leg.reopens.saturating_add(1);
            }
            Self::Replay { epoch, .. } => leg.epoch = leg.epoch.max(epoch),
        }
        leg
    }

    /// A replay of all legs is remembered, lest an older one that comes late runs a route that was added since. Whether
    /// that is news.
    fn count(self, work: &mut Work) -> bool {
        let Self::Replay { route: None, epoch } = self else {
            return false;
        };
        let newer = epoch > work.all;
        work.all = work.all.max(epoch);
        newer
    }
}
