//! How many legs a destination is sent at most: so many a second or a minute, and so many at once.
//!
//! Consumers share both in the ledger. Of a rate, each window of time (a second, a minute) has a counter, and a leg that finds
//! it full waits; at once, each destination has so many places, and a leg that finds none free waits. Who waits, waits without
//! using a try, and the longer the longer it has waited already: ten thousand legs that wait then look ten thousand times in
//! each doubling of the time, and not each second.

use crate::time::{Millis, UnixMillis};

/// The longest that a leg waits before it looks again.
const LONGEST_WAIT: Millis = Millis::seconds(900);

/// The shortest time over which waiting legs are spread.
const SHORTEST_WAIT: Millis = Millis::seconds(1);

/// How many places are tried before a leg waits: more would cost more than a wait.
pub const PLACES_TRIED: u32 = 3;

/// When the window began that this moment lies in.
#[must_use]
pub fn window(now: UnixMillis, per: Millis) -> UnixMillis {
    let per = per.0.max(1);
    UnixMillis(now.0.div_euclid(per).saturating_mul(per))
}

/// When a leg looks again for which a window of so long had no room left, and that has waited since then. `random` is
/// uniform.
#[must_use]
pub fn after_full_window(
    now: UnixMillis,
    per: Millis,
    since: UnixMillis,
    random: u64,
) -> UnixMillis {
    let next = window(now, per).plus(per);
    let spread = now
        .since(since)
        .clamp(per.max(Millis(1)), LONGEST_WAIT.max(per));
    next.plus(spread.part(random))
}

/// When a leg looks again that found no place free, and has waited since then. `random` is uniform.
#[must_use]
pub fn after_no_place(now: UnixMillis, since: UnixMillis, random: u64) -> UnixMillis {
    let spread = now.since(since).clamp(SHORTEST_WAIT, LONGEST_WAIT);
    let half = Millis(spread.0 / 2);
    now.plus(half).plus(half.part(random))
}

/// Which places a leg tries, in this order: it begins anywhere, so that legs seldom meet.
pub fn places(of: u32, random: u64) -> impl Iterator<Item = u32> {
    let of = of.max(1);
    let first = u32::try_from((u128::from(random) * u128::from(of)) >> 64).unwrap_or(0);
    (0..of.min(PLACES_TRIED)).map(move |step| (first + step) % of)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixMillis = UnixMillis(1_800_000_000_250);

    fn seconds(seconds: i64) -> Millis {
        Millis::seconds(seconds)
    }

    #[test]
    fn windows_are_those_of_the_clock() {
        assert_eq!(window(NOW, seconds(1)), UnixMillis(1_800_000_000_000));
        assert_eq!(window(NOW, seconds(60)), UnixMillis(1_800_000_000_000));
        assert_eq!(
            window(NOW.plus(seconds(59)), seconds(60)),
            UnixMillis(1_800_000_000_000)
        );
        assert_eq!(
            window(NOW.plus(seconds(60)), seconds(60)),
            UnixMillis(1_800_000_060_000)
        );
        assert_eq!(window(NOW, Millis(0)), NOW);
    }

    #[test]
    fn a_leg_looks_again_in_the_next_window_or_later_the_longer_it_has_waited() {
        let next = UnixMillis(1_800_000_001_000);
        let again = |since, random| after_full_window(NOW, seconds(1), since, random);
        assert_eq!(again(NOW, 0), next);
        assert_eq!(again(NOW, u64::MAX), next.plus(seconds(1)));
        let a_minute_ago = NOW.plus(seconds(-60));
        assert_eq!(again(a_minute_ago, u64::MAX), next.plus(seconds(60)));
        let a_day_ago = NOW.plus(seconds(-86_400));
        assert_eq!(again(a_day_ago, u64::MAX), next.plus(seconds(900)));
    }

    #[test]
    fn a_leg_without_a_place_looks_again_after_half_to_all_of_its_wait() {
        let again = |since, random| after_no_place(NOW, since, random).since(NOW);
        assert_eq!(
            (again(NOW, 0), again(NOW, u64::MAX)),
            (Millis(500), seconds(1))
        );
        let ago = NOW.plus(seconds(-100));
        assert_eq!(
            (again(ago, 0), again(ago, u64::MAX)),
            (seconds(50), seconds(100))
        );
    }

    #[test]
    fn a_leg_tries_a_few_places_from_anywhere() {
        let tried = |of, random| places(of, random).collect::<Vec<_>>();
        assert_eq!(tried(10, 0), [0, 1, 2]);
        assert_eq!(tried(10, u64::MAX), [9, 0, 1]);
        assert_eq!(tried(2, u64::MAX), [1, 0]);
        assert_eq!(tried(0, 7), [0]);
    }
}
