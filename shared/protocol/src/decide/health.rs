//! Whether a leg may be sent to a destination, and what its outcome says of the destination.
//!
//! | standing | a leg that is due |
//! |---|---|
//! | closed, or nothing is known | passes |
//! | open, before its next trial | is held until a time after that trial, spread over as long as it has been open, a quarter of an hour at most |
//! | open, its next trial due; or a trial whose holder never came back | is the trial, if its write is the first; else held as above |
//! | trial | is held as above |
//! | paused | is held for half to all of the time that it has been paused, a quarter of an hour at most |
//!
//! | standing | what came of a batch's legs | becomes |
//! |---|---|---|
//! | closed | none failed, and nothing failed within the window | nothing is written |
//! | closed | any | counted; open, once five have failed within five minutes and they are half of all |
//! | trial | its leg reached the destination | closed |
//! | trial | its leg failed | open, its next trial after twice as long, five minutes at most |
//! | any other | | nothing is written: legs that were under way say nothing new |
//!
//! A run that was refused for good (an unknown bus, 404) has reached the destination. It says something of the event or of
//! the configuration, which waiting won't mend.
//!
//! Held legs come back over as long a time as the outage took, so that what was saved up in a day isn't sent in a second.

use crate::{
    destination::{Health, Standing, Window},
    time::{Millis, UnixMillis},
};

/// How long failures are counted together.
pub const WINDOW: Millis = Millis::seconds(300);

/// How many failures within a window open a destination, at the fewest.
pub const FAILURES: u32 = 5;

/// The longest that a leg is held before it looks again.
pub const LONGEST_HOLD: Millis = Millis::seconds(900);

/// The shortest time over which held legs are spread.
const SHORTEST_HOLD: Millis = Millis::seconds(10);

/// How long after it opened a destination is tried.
const FIRST_TRIAL: Millis = Millis::seconds(10);

/// The longest time between two trials.
const LONGEST_BETWEEN_TRIALS: Millis = Millis::seconds(300);

/// What a leg that is due may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// Run.
    Pass,
    /// Wait, without using a try.
    Hold {
        /// What the destination is.
        by: Standing,
        /// When to look again.
        until: UnixMillis,
    },
    /// Write this health, if its predecessor's revision still stands; run if it was written, else be held.
    Try(Health),
}

/// What came of a batch's legs to one destination.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many reached it, whatever it said of the event.
    pub reached: u32,
    /// How many failed in a way that may pass.
    pub failed: u32,
    /// What the last of these said.
    pub error: Option<String>,
    /// Whether one of them was the trial.
    pub tried: bool,
}

/// What an outcome changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Nothing: write nothing.
    None,
    /// Write this health, if its predecessor's revision still stands; else read and decide again.
    Counted(Health),
    /// The same; the destination is open now, and wasn't before.
    Opened(Health),
    /// The same; it stays open.
    StillOpen(Health),
    /// The same; it is closed again.
    Closed(Health),
}

/// Decides whether a leg may be sent. `trial_ends` is when a trial that began now is given up; `random` is uniform; `token` names a
/// write that follows.
#[must_use]
pub fn enter(
    health: Option<&Health>,
    now: UnixMillis,
    random: u64,
    trial_ends: UnixMillis,
    token: u64,
) -> Entry {
    let Some(health) = health else {
        return Entry::Pass;
    };
    match health.standing {
        Standing::Closed => Entry::Pass,
        Standing::Open | Standing::Trial if health.until <= now => Entry::Try(Health {
            standing: Standing::Trial,
            until: trial_ends,
            ..next(health, token)
        }),
        Standing::Open | Standing::Trial | Standing::Paused => Entry::Hold {
            by: health.standing,
            until: held_until(health, now, random),
        },
    }
}

/// Until when a leg is held that another's trial overtook.
#[must_use]
pub fn held_until(health: &Health, now: UnixMillis, random: u64) -> UnixMillis {
    let lasted = now.since(health.since).max(SHORTEST_HOLD).min(LONGEST_HOLD);
    match health.standing {
        Standing::Paused => {
            let half = Millis(lasted.0 / 2);
            now.plus(half).plus(half.part(random))
        }
        _ => health.until.max(now).plus(lasted.part(random)),
    }
}

/// Decides what the outcome of a batch's legs says of the destination. `token` names the write that follows.
#[must_use]
pub fn leave(health: Option<&Health>, tally: &Tally, now: UnixMillis, token: u64) -> Change {
    let fresh = Health::default();
    let health = health.unwrap_or(&fresh);
    match health.standing {
        Standing::Closed => counted(health, tally, now, token),
        Standing::Trial if tally.tried && tally.failed > 0 => {
            let failed_trials = health.failed_trials.saturating_add(1);
            Change::StillOpen(Health {
                standing: Standing::Open,
                until: now.plus(between_trials(failed_trials)),
                failed_trials,
                last_error: tally.error.clone(),
                ..next(health, token)
            })
        }
        Standing::Trial if tally.tried && tally.reached > 0 => {
            Change::Closed(closed(health, now, token))
        }
        Standing::Open | Standing::Trial | Standing::Paused => Change::None,
    }
}

fn counted(health: &Health, tally: &Tally, now: UnixMillis, token: u64) -> Change {
    let since = now.since(health.window.began);
    let counts = health.window.failed > 0 && since >= Millis(0) && since < WINDOW;
    if tally.failed == 0 && (!counts || tally.reached == 0) {
        return Change::None;
    }
    let before = if counts {
        health.window
    } else {
        Window {
            began: now,
            ..Window::default()
        }
    };
    let window = Window {
        began: before.began,
        reached: before.reached.saturating_add(tally.reached),
        failed: before.failed.saturating_add(tally.failed),
    };
    let last_error = tally.error.clone().or_else(|| health.last_error.clone());
    if window.failed >= FAILURES && window.failed >= window.reached && tally.failed > 0 {
        return Change::Opened(Health {
            standing: Standing::Open,
            since: now,
            until: now.plus(FIRST_TRIAL),
            window: Window::default(),
            failed_trials: 0,
            last_error,
            ..next(health, token)
        });
    }
    Change::Counted(Health {
        window,
        last_error,
        ..next(health, token)
    })
}

/// A destination that a person stops. One that is stopped already stays so since then.
#[must_use]
pub fn pause(health: Option<&Health>, now: UnixMillis, token: u64) -> Health {
    let fresh = Health::default();
    let health = health.unwrap_or(&fresh);
    if health.standing == Standing::Paused {
        return health.clone();
    }
    Health {
        standing: Standing::Paused,
        since: now,
        ..closed(health, now, token)
    }
}

/// A destination that a person lets go on, whether it was stopped or had opened.
#[must_use]
pub fn resume(health: Option<&Health>, now: UnixMillis, token: u64) -> Health {
    closed(health.unwrap_or(&Health::default()), now, token)
}

fn closed(health: &Health, now: UnixMillis, token: u64) -> Health {
    Health {
        standing: Standing::Closed,
        since: now,
        until: UnixMillis(0),
        window: Window::default(),
        failed_trials: 0,
        last_error: health.last_error.clone(),
        ..next(health, token)
    }
}

fn next(health: &Health, token: u64) -> Health {
    Health {
        revision: health.revision.saturating_add(1),
        token,
        ..health.clone()
    }
}

fn between_trials(failed: u32) -> Millis {
    let factor = 1_i64.checked_shl(failed.min(32)).unwrap_or(i64::MAX);
    Millis(FIRST_TRIAL.0.saturating_mul(factor)).min(LONGEST_BETWEEN_TRIALS)
}

#[cfg(test)]
#[path = "tests/health.rs"]
mod tests;
