//! What the holder of a claim does after the runs, or instead of one.
//!
//! | a leg's run | becomes |
//! |---|---|
//! | done, or skipped | succeeded, skipped |
//! | it may succeed later, tries left | waiting, for the backoff or as long as it was asked to |
//! | held | waiting, and no try is used |
//! | it will never succeed, no tries left, or its round is too old | letter, failed |
//! | it never came back, and no tries are left; no such source or route | letter, failed |
//! | the routes are known now | succeeded; a leg for each route, due |
//!
//! In this order: letters → finish → `again`, if legs wait → delete. No wait goes beyond the age at which the leg is given
//! up: there it is tried once more.

use std::collections::BTreeMap;

use crate::{
    decide::{
        consumer::Claim,
        limits::{Limits, Routes},
    },
    ledger::{EventKey, Leg, LegState, State, Work},
    reason::Reason,
    ticket::{Ticket, Why},
    time::{Millis, UnixMillis},
};

/// What a run came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RunOutcome {
    /// It is done.
    Done,
    /// There is nothing to do, and this is why.
    Skipped(String),
    /// It may succeed later: a failure, a panic, the time was over.
    Retry {
        /// What was said.
        error: String,
        /// How long it asked to be left alone.
        after: Option<Millis>,
    },
    /// Not now, through no fault of its own.
    Held {
        /// What holds it.
        by: String,
        /// For how long.
        until: UnixMillis,
    },
    /// It will never succeed.
    Permanent(String),
    /// The reserved leg's: the event goes these ways.
    Routed(Vec<String>),
}

/// What the holder of a claim does after the runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finish {
    /// The letters to be put into the dead-letter queue first.
    pub letters: Vec<LegLetter>,
    /// The work to write then.
    pub work: Work,
    /// When a ticket is to come for the legs that wait.
    pub again: Option<UnixMillis>,
}

/// A letter about a leg.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LegLetter {
    /// Its route; none: the event as a whole.
    pub route: Option<String>,
    /// Why.
    pub reason: Reason,
    /// What the last run said.
    pub error: String,
    /// How often it was tried in its round.
    pub tries: u32,
}

/// Decides what follows the runs of a claim. `outcomes` are those of the legs that were to be run; `random` is uniform.
#[must_use]
pub fn after_runs(
    claim: &Claim,
    mut outcomes: BTreeMap<String, RunOutcome>,
    routes: Option<&Routes>,
    now: UnixMillis,
    mut random: impl FnMut() -> u64,
) -> Finish {
    let mut work = claim.work.clone();
    let mut letters = Vec::new();
    for given_up in &claim.give_up {
        let (reason, error) = (given_up.reason, given_up.reason.error().to_owned());
        let mut tries = 0;
        if let Some(leg) = given_up
            .route
            .as_ref()
            .and_then(|name| work.legs.get_mut(name))
        {
            tries = leg.tries;
            fail(leg, reason, &error, now);
        }
        letters.push(LegLetter {
            route: given_up.route.clone(),
            reason,
            error,
            tries,
        });
    }
    let mut found = Vec::new();
    for name in &claim.run {
        let Some(leg) = work.legs.get_mut(name) else {
            continue;
        };
        let outcome = outcomes.remove(name).unwrap_or_else(RunOutcome::unheard);
        let limits = match routes {
            Some(routes) => routes.limits_of(name),
            None => continue,
        };
        leg.lapsed = false;
        let failed = match outcome {
            RunOutcome::Routed(names) => {
                found.extend(names);
                end(leg, LegState::Succeeded, None, now)
            }
            outcome => ended(leg, outcome, limits, now, &mut random),
        };
        if let Some((reason, error)) = failed {
            fail(leg, reason, &error, now);
            letters.push(LegLetter {
                route: Some(name.clone()),
                reason,
                error,
                tries: leg.tries,
            });
        }
    }
    for name in found {
        work.legs.entry(name).or_insert_with(|| Leg::opened(now));
    }
    let whole = claim
        .give_up
        .iter()
        .any(|given_up| given_up.route.is_none());
    let mut work = work.settled(now);
    if whole {
        work.state = State::Failed;
    }
    let waits = work.state == State::Waiting;
    Finish {
        letters,
        again: waits.then_some(work.until),
        work,
    }
}

/// What a run makes of its leg; or why that is given up.
fn ended(
    leg: &mut Leg,
    outcome: RunOutcome,
    limits: &Limits,
    now: UnixMillis,
    random: &mut impl FnMut() -> u64,
) -> Option<(Reason, String)> {
    let last = limits.end_of(leg.since);
    let (until, said) = match outcome {
        RunOutcome::Done | RunOutcome::Routed(_) => {
            return end(leg, LegState::Succeeded, None, now);
        }
        RunOutcome::Skipped(why) => return end(leg, LegState::Skipped, Some(why), now),
        RunOutcome::Permanent(error) => return Some((Reason::Permanent, error)),
        RunOutcome::Retry { error, .. } if leg.tries >= limits.tries => {
            return Some((Reason::Exhausted, error));
        }
        RunOutcome::Retry { error, after } => {
            let wait = after.unwrap_or_else(|| limits.backoff(leg.tries, random()));
            (now.plus(wait.max(Millis(0))), error)
        }
        RunOutcome::Held { by, until } => {
            leg.tries = leg.tries.saturating_sub(1);
            (until.max(now), by)
        }
    };
    if last <= now {
        return Some((Reason::TooOld, said));
    }
    leg.state = LegState::Waiting;
    leg.until = until.min(last);
    leg.last_error = Some(said);
    leg.reason = None;
    None
}

fn end(
    leg: &mut Leg,
    state: LegState,
    said: Option<String>,
    now: UnixMillis,
) -> Option<(Reason, String)> {
    leg.state = state;
    leg.until = now;
    leg.last_error = said;
    leg.reason = None;
    None
}

fn fail(leg: &mut Leg, reason: Reason, error: &str, now: UnixMillis) {
    end(leg, LegState::Failed, Some(error.to_owned()), now);
    leg.reason = Some(reason);
}

impl RunOutcome {
    /// It may succeed later.
    pub fn retry(error: impl Into<String>) -> Self {
        Self::Retry {
            error: error.into(),
            after: None,
        }
    }

    fn unheard() -> Self {
        Self::retry("nobody heard what came of it")
    }
}

impl LegLetter {
    /// The ticket that it is: it asks for this leg when a person moves it back.
    #[must_use]
    pub fn ticket(&self, key: &EventKey, work: &Work, now: UnixMillis) -> Ticket {
        Ticket {
            route: self.route.clone(),
            ..Ticket::new(key.clone(), work.life, Why::Redrive, now)
        }
    }
}

#[cfg(test)]
#[path = "tests/finish.rs"]
mod tests;
