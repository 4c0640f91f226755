//! The one door to time and chance.

use std::time::{SystemTime, UNIX_EPOCH};

use webhook::{ports::Clock, time::UnixMillis};

/// The machine's clock and its source of random numbers.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one door")]
    fn now(&self) -> UnixMillis {
        // A clock before 1970 is read as 1970: everything signed is then refused, nothing accepted.
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        UnixMillis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }

    /// # Panics
    ///
    /// Without randomness there are no delivery ids: nothing may go on. Linux always has some.
    #[expect(clippy::expect_used, reason = "see above")]
    fn random(&self) -> u64 {
        getrandom::u64().expect("the system has random numbers")
    }
}
