//! By how much a delivery's time lies off the clock, found by asking `precheck` about other times of the day.

use catalogue::{Claims, Scheme, Source, Tolerance};
use protocol::time::UnixMillis;
use webhook::{authenticity::verify::precheck, reading::delivery::Delivery, refusal::Reason};

use crate::{delivery::Case, sample::iso};

/// What of a stale delivery lies outside which tolerance.
pub(crate) struct Distance {
    /// When it says that it was signed, or that it ends.
    time: UnixMillis,
    now: UnixMillis,
    limit: Limit,
}

enum Limit {
    /// So many seconds may have passed since.
    Past(u32),
    /// So many seconds may have to pass until then.
    Future(u32),
    /// The time is the end, and so many seconds may have passed since.
    End(u32),
}

/// The calendar's first and last moments that a time is taken for one at.
const FIRST: i64 = -62_135_596_800_000;
const LAST: i64 = 253_402_300_799_999;

impl Distance {
    /// Of the first scheme by which the delivery is stale. `None` where it isn't, or where its time is of no calendar.
    pub(crate) fn of(case: &Case) -> Option<Self> {
        let stale = |scheme: &Scheme, now| is_stale(&case.source, *scheme, case.delivery(), now);
        let mut schemes = case.source.schemes.iter();
        let scheme = schemes.find(|scheme| stale(scheme, case.now))?;
        let now = case.now;
        if let Some(tolerance) = tolerance(scheme) {
            let signed = with_clock(*scheme, Some(PAST_ONLY), None);
            if let Some(time) = last_fresh(|at| !stale(&signed, at)).map(|at| start(scheme, at)) {
                let (passed, limit) = if time <= now {
                    (now.0 - time.0, tolerance.past.map(Limit::Past))
                } else {
                    (time.0 - now.0, tolerance.future.map(Limit::Future))
                };
                if let Some(limit) = limit.filter(|limit| passed > limit.seconds() * 1_000) {
                    return Some(Self { time, now, limit });
                }
            }
        }
        let leeway = scheme.claims?.expires?;
        let ended = with_clock(*scheme, None, Some(0));
        let time = start(scheme, last_fresh(|at| !stale(&ended, at))?);
        let limit = Limit::End(leeway);
        Some(Self { time, now, limit })
    }

    /// For example: `it is 5 min 1 s old, and 300 s are allowed`.
    pub(crate) fn in_words(&self) -> String {
        let distance = span((self.now.0 - self.time.0).abs());
        match self.limit {
            Limit::Past(seconds) => format!("it is {distance} old, and {seconds} s are allowed"),
            Limit::Future(seconds) => {
                format!("it is {distance} ahead of the clock, and {seconds} s are allowed")
            }
            Limit::End(seconds) => {
                format!("it ended {distance} ago, and {seconds} s are allowed")
            }
        }
    }

    pub(crate) fn time(&self) -> String {
        iso(self.time)
    }

    /// Whether the distance is that of whole or half hours, as between time zones.
    pub(crate) fn is_a_zones(&self) -> bool {
        let minutes = (self.now.0 - self.time.0).abs() / 60_000;
        let off = (minutes + 2) % 30;
        (28..=14 * 60 + 2).contains(&minutes) && off <= 4
    }
}

impl Limit {
    fn seconds(&self) -> i64 {
        let (Self::Past(seconds) | Self::Future(seconds) | Self::End(seconds)) = self;
        i64::from(*seconds)
    }
}

const PAST_ONLY: Tolerance = Tolerance {
    past: Some(0),
    future: None,
};

fn tolerance(scheme: &Scheme) -> Option<Tolerance> {
    let issued = || scheme.claims.and_then(|claims| claims.issued);
    (scheme.timestamp.map(|timestamp| timestamp.tolerance)).or_else(issued)
}

/// The scheme with this clock only.
fn with_clock(mut scheme: Scheme, signed: Option<Tolerance>, expires: Option<u32>) -> Scheme {
    let unchecked = Tolerance {
        past: None,
        future: None,
    };
    if let Some(timestamp) = &mut scheme.timestamp {
        timestamp.tolerance = signed.unwrap_or(unchecked);
    }
    scheme.with_claims(|claims| Claims {
        issued: claims.issued.and(signed),
        expires: claims.expires.and(expires),
        ..*claims
    })
}

fn is_stale(source: &Source, scheme: Scheme, delivery: Delivery<'_>, now: UnixMillis) -> bool {
    let source = Source {
        schemes: vec![scheme].leak(),
        ..source.clone()
    };
    precheck(&source, delivery, now).is_err_and(|refusal| refusal.reason == Reason::Stale)
}

/// The last moment of the calendar at which it holds, where it holds up to some moment and not later.
fn last_fresh(holds: impl Fn(UnixMillis) -> bool) -> Option<UnixMillis> {
    let (mut low, mut high) = (FIRST, LAST);
    if !holds(UnixMillis(low)) || holds(UnixMillis(high)) {
        return None;
    }
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if holds(UnixMillis(middle)) {
            low = middle;
        } else {
            high = middle;
        }
    }
    Some(UnixMillis(low))
}

/// A time in seconds lasts until the next one: what is meant is its beginning.
fn start(scheme: &Scheme, time: UnixMillis) -> UnixMillis {
    let in_seconds = (scheme.timestamp).is_none_or(|timestamp| timestamp.unit.is_in_seconds());
    if in_seconds {
        UnixMillis(time.0 - time.0.rem_euclid(1_000))
    } else {
        time
    }
}

/// `2 d 3 h`, `5 min 1 s`, `0.4 s`: the two largest units.
pub(crate) fn span(ms: i64) -> String {
    let seconds = ms / 1_000;
    let two = |large: i64, unit: &str, small: i64, smaller: &str| match small {
        0 => format!("{large} {unit}"),
        _ => format!("{large} {unit} {small} {smaller}"),
    };
    match seconds {
        0 => format!("{}.{:03} s", ms / 1_000, ms % 1_000),
        1..60 => format!("{seconds} s"),
        60..3_600 => two(seconds / 60, "min", seconds % 60, "s"),
        3_600..86_400 => two(seconds / 3_600, "h", seconds % 3_600 / 60, "min"),
        _ => two(seconds / 86_400, "d", seconds % 86_400 / 3_600, "h"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_said_in_its_two_largest_units() {
        for (ms, said) in [
            (400, "0.400 s"),
            (59_999, "59 s"),
            (60_000, "1 min"),
            (301_000, "5 min 1 s"),
            (3_600_000, "1 h"),
            (7_260_000, "2 h 1 min"),
            (90_000_000, "1 d 1 h"),
            (864_000_000, "10 d"),
        ] {
            assert_eq!(span(ms), said);
        }
    }

    #[test]
    fn whole_and_half_hours_are_a_zones_and_a_minute_is_not() {
        let distance = |minutes: i64| Distance {
            time: UnixMillis(0),
            now: UnixMillis(minutes * 60_000),
            limit: Limit::Past(300),
        };
        for (minutes, expected) in [
            (1, false),
            (15, false),
            (30, true),
            (60, true),
            (62, true),
            (75, false),
            (330, true),
            (840, true),
            (6_000, false),
        ] {
            assert_eq!(distance(minutes).is_a_zones(), expected, "{minutes}");
        }
    }
}
