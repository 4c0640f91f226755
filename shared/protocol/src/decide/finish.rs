//! What the holder of a claim does after the run, or instead of one.
//!
//! | | then |
//! |---|---|
//! | done | succeeded, delete |
//! | it may succeed later, tries left | waiting for the backoff, put back until then |
//! | it may succeed later, no tries left | to the dead-letter queue, failed, delete |
//! | it will never succeed | to the dead-letter queue, failed, delete |
//! | the last holder never came back, and no tries are left | to the dead-letter queue, failed, delete |
//! | the configuration has no such source | to the dead-letter queue, failed, delete |

use crate::{
    decide::consumer::{Limits, Reason},
    ledger::{State, Work},
    time::{Millis, UnixMillis},
};

/// What a run came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RunOutcome {
    /// It is done.
    Done,
    /// It may succeed later: a failure, a panic, the time was over.
    Retry(String),
    /// It will never succeed.
    Permanent(String),
}

/// What the holder of a claim does after the run, in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finish {
    /// Write this work, then delete the ticket.
    Succeed(Work),
    /// Write this work, then hide the ticket until its `until`, then report it as failed.
    Wait(Work),
    /// Put the ticket into the dead-letter queue, then write this work, then delete the ticket.
    Fail(Work, Reason),
}

/// Decides what follows a run. `random` is uniform.
#[must_use]
pub fn after_run(
    claim: &Work,
    outcome: RunOutcome,
    now: UnixMillis,
    random: u64,
    limits: &Limits,
) -> Finish {
    let work = |state, until, last_error| Work {
        state,
        until,
        last_error,
        ..claim.clone()
    };
    match outcome {
        RunOutcome::Done => Finish::Succeed(work(State::Succeeded, now, None)),
        RunOutcome::Permanent(error) => failed(claim, now, error, Reason::Permanent),
        RunOutcome::Retry(error) if claim.tries >= limits.tries => {
            failed(claim, now, error, Reason::Exhausted)
        }
        RunOutcome::Retry(error) => {
            let until = now.plus(backoff(claim.tries, random, limits));
            Finish::Wait(work(State::Waiting, until, Some(error)))
        }
    }
}

/// What is written where a claim was taken whose predecessor never came back and which has no tries
/// left.
#[must_use]
pub fn give_up(claim: &Work, now: UnixMillis) -> Finish {
    let error = "the last attempt never came back".to_owned();
    failed(claim, now, error, Reason::Exhausted)
}

/// What is written of an event whose source the configuration no longer has.
#[must_use]
pub fn disown(claim: &Work, now: UnixMillis) -> Finish {
    let error = "the configuration has no such source".to_owned();
    failed(claim, now, error, Reason::UnknownSource)
}

fn failed(claim: &Work, now: UnixMillis, error: String, reason: Reason) -> Finish {
    let work = Work {
        state: State::Failed,
        until: now,
        last_error: Some(error),
        ..claim.clone()
    };
    Finish::Fail(work, reason)
}

/// Exponential backoff with full jitter: uniform between nothing and base × 2^tries, which is capped.
#[must_use]
pub fn backoff(tries: u32, random: u64, limits: &Limits) -> Millis {
    let base = u64::try_from(limits.backoff_base.0).unwrap_or(0);
    let cap = u64::try_from(limits.backoff_max.0).unwrap_or(0);
    let ceiling = base
        .saturating_mul(1_u64.checked_shl(tries).unwrap_or(u64::MAX))
        .min(cap);
    // The product's upper half: uniform in 0..=ceiling without a division's bias.
    let length = (u128::from(random) * (u128::from(ceiling) + 1)) >> 64;
    Millis(i64::try_from(length).unwrap_or(i64::MAX))
}

#[cfg(test)]
#[path = "tests/finish.rs"]
mod tests;
