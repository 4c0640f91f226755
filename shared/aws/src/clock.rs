//! The one door to time and chance.

use std::time::SystemTime;

use protocol::{
    ports::Clock,
    time::{Millis, UnixMillis},
};

/// The machine's clock and its source of random numbers.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one door")]
    fn now(&self) -> UnixMillis {
        SystemTime::now().into()
    }

    /// # Panics
    ///
    /// Without randomness there are no delivery ids: nothing may go on. Linux always has some.
    #[expect(clippy::expect_used, reason = "see above")]
    fn random(&self) -> u64 {
        getrandom::u64().expect("the system has random numbers")
    }

    /// In one system call.
    ///
    /// # Panics
    ///
    /// As above.
    #[expect(clippy::expect_used, reason = "see above")]
    fn unique(&self) -> u128 {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).expect("the system has random numbers");
        u128::from_ne_bytes(bytes)
    }
}

/// When the platform ends an invocation, in the milliseconds since 1970 that its context states. A time that has
/// passed can't be meant: `cargo lambda watch` states one of 1970. A minute is taken instead.
#[must_use]
pub fn deadline(stated: u64, now: UnixMillis) -> UnixMillis {
    match i64::try_from(stated) {
        Ok(stated) if stated > now.0 => UnixMillis(stated),
        _ => now.plus(Millis::seconds(60)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_that_has_passed_or_is_no_time_is_a_minute_from_now() {
        let now = UnixMillis(1_700_000_000_000);
        assert_eq!(
            deadline(1_700_000_000_001, now),
            UnixMillis(1_700_000_000_001)
        );
        for stated in [0, 600_000, 1_700_000_000_000, u64::MAX] {
            assert_eq!(
                deadline(stated, now),
                UnixMillis(1_700_000_060_000),
                "{stated}"
            );
        }
    }
}
