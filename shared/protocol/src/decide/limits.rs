//! How long and how often a leg is tried, and which routes there are.

use std::collections::BTreeMap;

use crate::time::{Millis, UnixMillis};

/// The route that is the protocol's own: what comes before an event's routes are known, or in their place. A delivery of
/// several events is taken apart by it, a provider's question is answered by it, and a body that can't be read now is
/// waited for. No configured route can have this name: theirs have no dot.
pub const RESERVED: &str = "landfall.delivery";

/// How long and how often a leg is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How many tries a round has.
    pub tries: u32,
    /// The backoff's unit.
    pub backoff_base: Millis,
    /// The longest backoff.
    pub backoff_max: Millis,
    /// How long a round may last: a leg that waits, or is held, for longer is given up.
    pub age: Millis,
    /// How many rounds redeliveries of a failed event open at once.
    pub reopens: u32,
    /// How long after the failure each further one is opened at the soonest.
    pub reopen_after: Millis,
}

/// The routes of a configuration, as they concern one event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Routes {
    /// Every route there is, [`RESERVED`] among them, and its limits.
    pub limits: BTreeMap<String, Limits>,
    /// Those that match the event.
    pub matching: Vec<String>,
    /// The limits of a leg whose route is gone.
    pub of_gone: Limits,
}

impl Limits {
    /// How many rounds redeliveries open at once, by default.
    pub const REOPENS: u32 = 3;
    /// How long after a failure each further one is opened, by default.
    pub const REOPEN_AFTER: Millis = Millis::seconds(3_600);
    /// How long a round may last, by default: shorter than the sweeper looks.
    pub const AGE: Millis = Millis::days(3);

    /// Exponential backoff with full jitter: uniform between nothing and base × 2^tries, which is capped.
    #[must_use]
    pub fn backoff(&self, tries: u32, random: u64) -> Millis {
        let base = u64::try_from(self.backoff_base.0).unwrap_or(0);
        let cap = u64::try_from(self.backoff_max.0).unwrap_or(0);
        let ceiling = base
            .saturating_mul(1_u64.checked_shl(tries).unwrap_or(u64::MAX))
            .min(cap);
        Millis(i64::try_from(ceiling).unwrap_or(i64::MAX)).part(random)
    }

    /// When a round that began then has lasted too long.
    #[must_use]
    pub const fn end_of(&self, since: UnixMillis) -> UnixMillis {
        since.plus(self.age)
    }
}

impl Routes {
    /// Whether there is such a route.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.limits.contains_key(name)
    }

    /// The limits of the leg of this name.
    #[must_use]
    pub fn limits_of(&self, name: &str) -> &Limits {
        self.limits.get(name).unwrap_or(&self.of_gone)
    }
}

#[cfg(test)]
#[path = "tests/limits.rs"]
mod tests;
