//! Whether a leg may be sent to its destination now: the destination's health, its rate, and how many are sent at once.
//!
//! What is decided stands in [`protocol::decide::health`] and [`protocol::decide::bounds`]; here it is asked and done. A process
//! believes a destination's health for some seconds, so that a sound destination costs no call a leg. Where the ledger can't
//! be asked, a leg that needs its answer is held: bounds are a promise to the destination.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use landfall_aws::metrics::{Line, Metric};
use protocol::{
    decide::{
        bounds::{after_full_window, after_no_place, places, window},
        health::{Change, Entry, Tally, enter, held_until, leave},
    },
    destination::{Health, Standing},
    fault::Fault,
    ledger::EventRecord,
    ports::{Clock, Gates, Written},
    time::{Millis, UnixMillis},
};

/// How long a process believes what it read of a destination's health.
const BELIEVED: Millis = Millis::seconds(5);

/// How many arrivals are counted here before they are written, while failures are being counted.
const FLUSHED_AT: u32 = 10;

/// How often an outcome is written that others overtake.
const WRITES: u32 = 3;

/// How long a leg is held whose destination can't be asked about.
const UNKNOWN: Millis = Millis::seconds(10);

/// What a destination bears.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bounds {
    /// So many legs in each window of so long.
    pub rate: Option<(u32, Millis)>,
    /// So many at once.
    pub concurrency: Option<u32>,
}

/// A leg that is about to be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// Since when it has been to be done: the start of its round.
    pub since: UnixMillis,
    /// When its claim lapses: then nobody counts on it any longer.
    pub ends: UnixMillis,
}

/// What a leg that is about to be sent may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entered {
    /// Be sent; say afterwards what came of it.
    Pass(Permit),
    /// Wait, without using a try.
    Held {
        /// What holds it.
        by: HeldBy,
        /// When to look again.
        until: UnixMillis,
    },
}

/// What holds a leg.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HeldBy {
    /// The destination is open, on trial or paused.
    Standing(Standing),
    /// Its rate is used up.
    Rate,
    /// As many as it bears are being sent.
    Concurrency,
    /// The ledger didn't say.
    Unknown(Fault),
}

/// A leg's leave to be sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Permit {
    tried: bool,
    /// The place that it takes, and the token that names it.
    place: Option<(u32, u64)>,
}

/// What came of a leg, as far as it says something of its destination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Came {
    /// It reached the destination, whatever that said of the event.
    Reached,
    /// It failed in a way that may pass, and this was said.
    Failed(String),
}

/// What a leg's outcome made of its destination.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turned {
    /// It opened.
    Opened,
    /// It was tried, and stays open.
    StillOpen {
        /// When the leg that tried it looks again. It uses no try: the trial's end says something of the destination.
        until: UnixMillis,
    },
    /// It closed.
    Closed,
}

/// A destination that is about to open or to close.
#[derive(Clone, Copy, Debug)]
pub struct Turn<'h> {
    /// Which of them.
    pub turned: Turned,
    /// How it fared before.
    pub before: Option<&'h Health>,
    /// How it is to fare.
    pub after: &'h Health,
    /// When.
    pub at: UnixMillis,
}

/// What a leg's outcome came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Left {
    /// What it made of its destination, if that is news.
    pub turned: Option<Turned>,
    /// The event that tells of it, as it was recorded.
    pub told: Option<EventRecord>,
}

/// What this process knows of the destinations' health.
#[derive(Debug, Default)]
pub struct Gate(Mutex<HashMap<String, Known>>);

#[derive(Clone, Debug, Default)]
struct Known {
    read_at: UnixMillis,
    health: Option<Health>,
    /// Arrivals that are counted, but not yet written.
    reached: u32,
}

impl Gate {
    /// Asks whether a leg may be sent to this destination.
    pub async fn enter(
        &self,
        gates: &impl Gates,
        clock: &impl Clock,
        destination: &str,
        bounds: Bounds,
        due: Due,
    ) -> Entered {
        match self
            .try_to_enter(gates, clock, destination, bounds, due)
            .await
        {
            Ok(entered) => entered,
            Err(fault) => Entered::Held {
                by: HeldBy::Unknown(fault),
                until: clock.now().plus(UNKNOWN),
            },
        }
    }

    async fn try_to_enter(
        &self,
        gates: &impl Gates,
        clock: &impl Clock,
        destination: &str,
        bounds: Bounds,
        due: Due,
    ) -> Result<Entered, Fault> {
        let now = clock.now();
        let health = self.health(gates, destination, now).await?;
        let entry = enter(
            health.as_ref(),
            now,
            clock.random(),
            due.ends,
            clock.random(),
        );
        if let Entry::Hold { by, until } = entry {
            return Ok(held(HeldBy::Standing(by), until));
        }
        let mut permit = Permit::default();
        if let Some(limit) = bounds.concurrency {
            permit.place = take_place(gates, clock, destination, limit, due.ends).await?;
            if permit.place.is_none() {
                let until = after_no_place(now, due.since, clock.random());
                return Ok(held(HeldBy::Concurrency, until));
            }
        }
        if let Some((limit, per)) = bounds.rate {
            let counted = gates.count(destination, window(now, per), per, limit);
            if counted.await? == Written::No {
                free(gates, destination, &permit).await;
                let until = after_full_window(now, per, due.since, clock.random());
                return Ok(held(HeldBy::Rate, until));
            }
        }
        // The trial comes last: one that is begun and not run keeps all others waiting.
        if let Entry::Try(trial) = entry {
            if gates.write_health(destination, &trial, None).await? == Written::No {
                self.forget(destination);
                free(gates, destination, &permit).await;
                let until = held_until(&trial, now, clock.random());
                return Ok(held(HeldBy::Standing(Standing::Trial), until));
            }
            self.learn(destination, Some(trial), now);
            permit.tried = true;
        }
        Ok(Entered::Pass(permit))
    }

    /// Says what came of a leg that was let through. Where that opens or closes its destination, `tell` makes the event that
    /// is to tell of it, if anybody is to hear.
    pub async fn leave(
        &self,
        gates: &impl Gates,
        clock: &impl Clock,
        destination: &str,
        permit: &Permit,
        came: Came,
        tell: impl Fn(Turn<'_>) -> Option<EventRecord>,
    ) -> Result<Left, Fault> {
        free(gates, destination, permit).await;
        let (reached, error) = match came {
            Came::Reached => (1, None),
            Came::Failed(error) => (0, Some(error)),
        };
        let at_once = error.is_some() || permit.tried;
        let Some(reached) = self.add(destination, reached, at_once) else {
            return Ok(Left::default());
        };
        let tally = Tally {
            reached,
            failed: u32::from(error.is_some()),
            error,
            tried: permit.tried,
        };
        for _ in 0..WRITES {
            let now = clock.now();
            let before = gates.read_health(destination).await?;
            let (health, turned) = match leave(before.as_ref(), &tally, now, clock.random()) {
                Change::None => {
                    self.learn(destination, before, now);
                    return Ok(Left::default());
                }
                Change::Counted(health) => (health, None),
                Change::Opened(health) => (health, Some(Turned::Opened)),
                Change::StillOpen(health) => {
                    let until = held_until(&health, now, clock.random());
                    (health, Some(Turned::StillOpen { until }))
                }
                Change::Closed(health) => (health, Some(Turned::Closed)),
            };
            let told = turned.and_then(|turned| {
                tell(Turn {
                    turned,
                    before: before.as_ref(),
                    after: &health,
                    at: now,
                })
            });
            let written = gates.write_health(destination, &health, told.as_ref());
            if written.await? == Written::Yes {
                self.learn(destination, Some(health), now);
                return Ok(Left { turned, told });
            }
        }
        // Others write all the time, so that enough is counted without this one.
        self.forget(destination);
        Ok(Left::default())
    }

    /// A destination's health: what was read a moment ago, or is read now.
    async fn health(
        &self,
        gates: &impl Gates,
        destination: &str,
        now: UnixMillis,
    ) -> Result<Option<Health>, Fault> {
        let known = self.known().get(destination).cloned();
        if let Some(known) = known
            && now.since(known.read_at) < BELIEVED
        {
            return Ok(known.health);
        }
        let health = gates.read_health(destination).await?;
        self.learn(destination, health.clone(), now);
        Ok(health)
    }

    fn learn(&self, destination: &str, health: Option<Health>, read_at: UnixMillis) {
        let mut known = self.known();
        let known = known.entry(destination.to_owned()).or_default();
        known.health = health;
        known.read_at = read_at;
    }

    fn forget(&self, destination: &str) {
        self.known().remove(destination);
    }

    /// Counts arrivals, and hands out what is to be written: at once, or when some have come together. While no failures
    /// are being counted, arrivals say nothing.
    fn add(&self, destination: &str, reached: u32, at_once: bool) -> Option<u32> {
        let mut known = self.known();
        let known = known.entry(destination.to_owned()).or_default();
        let counting = (known.health.as_ref()).is_some_and(|health| health.window.failed > 0);
        if !counting && !at_once {
            return None;
        }
        known.reached = known.reached.saturating_add(reached);
        (at_once || known.reached >= FLUSHED_AT).then(|| std::mem::take(&mut known.reached))
    }

    fn known(&self) -> std::sync::MutexGuard<'_, HashMap<String, Known>> {
        // Whatever panicked left whole values behind: each is replaced in one step.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A free place of a destination, if one of the few that are tried is free.
async fn take_place(
    gates: &impl Gates,
    clock: &impl Clock,
    destination: &str,
    limit: u32,
    ends: UnixMillis,
) -> Result<Option<(u32, u64)>, Fault> {
    let token = clock.random();
    for place in places(limit, clock.random()) {
        let now = clock.now();
        let free = gates.take_place(destination, place, token, now, ends);
        if free.await? == Written::Yes {
            return Ok(Some((place, token)));
        }
    }
    Ok(None)
}

/// Frees a leg's place. One that can't be freed is free when its holder's claim lapses.
async fn free(gates: &impl Gates, destination: &str, permit: &Permit) {
    if let Some((place, token)) = permit.place
        && let Err(fault) = gates.free_place(destination, place, token).await
    {
        tracing::debug!(error = %fault, destination, "a place could not be freed");
    }
}

fn held(by: HeldBy, until: UnixMillis) -> Entered {
    Entered::Held { by, until }
}

impl Turned {
    /// The log's line that says what has become of a destination, and counts it.
    pub fn line(self, destination: &str, stack: &str, now: UnixMillis) -> Line {
        let (outcome, metric) = match self {
            Self::Opened => ("opened", Metric::DestinationsOpen),
            Self::StillOpen { .. } => ("still_open", Metric::DestinationsOpen),
            Self::Closed => ("closed", Metric::DestinationsClosed),
        };
        Line::new("destination", stack, now)
            .text("destination", destination)
            .text("outcome", outcome)
            .count(metric)
    }
}

impl HeldBy {
    /// What holds a leg, in a word.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Standing(standing) => standing.as_str(),
            Self::Rate => "rate",
            Self::Concurrency => "concurrency",
            Self::Unknown(_) => "unknown",
        }
    }
}

#[cfg(test)]
mod tests;
