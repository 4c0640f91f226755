//! Moments as people write them: so long ago, a date, a time of a day, now.

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use protocol::time::{Millis, UnixMillis};

use crate::args::length;

/// A moment that somebody wrote down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Moment {
    /// So long ago.
    Ago(Millis),
    /// A moment with its zone.
    Exactly(UnixMillis),
    /// A date, or a time of a day, in the zone in which times are told.
    Local(DateTime),
}

impl Moment {
    /// Reads `now`, `7d`, `2026-11-20`, `2026-11-20T09:30` or `2026-11-20T09:30:00Z`.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        if text == "now" {
            return Ok(Self::Ago(Millis(0)));
        }
        if let Ok(length) = length(text) {
            return Ok(Self::Ago(length));
        }
        if let Ok(time) = text.parse::<Timestamp>() {
            return Ok(Self::Exactly(UnixMillis(time.as_millisecond())));
        }
        text.parse().map(Self::Local).map_err(|_| {
            "write how long ago (90s, 15m, 24h, 7d), `now`, or a time: 2026-11-20, 2026-11-20T09:30, 2026-11-20T09:30:00Z"
                .to_owned()
        })
    }

    /// When that is.
    pub(crate) fn at(&self, now: UnixMillis, zone: &TimeZone) -> UnixMillis {
        match self {
            Self::Ago(length) => now.plus(Millis(-length.0)),
            Self::Exactly(time) => *time,
            Self::Local(time) => {
                let time = zone.to_ambiguous_timestamp(*time).compatible();
                time.map_or(now, |time| UnixMillis(time.as_millisecond()))
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// 2027-01-15T08:00:00Z.
    const NOW: UnixMillis = UnixMillis(1_800_000_000_000);

    #[test]
    fn moments_are_read_as_people_write_them() {
        let east = TimeZone::fixed(jiff::tz::offset(2));
        let at = |text: &str| Moment::read(text).unwrap().at(NOW, &east).0;
        assert_eq!(at("now"), NOW.0);
        assert_eq!(at("24h"), NOW.0 - 86_400_000);
        assert_eq!(at("7d"), NOW.0 - 7 * 86_400_000);
        assert_eq!(at("2027-01-15T08:00:00Z"), NOW.0);
        assert_eq!(at("2027-01-15T03:00:00.5-05:00"), NOW.0 + 500);
        // Without a zone it is the one in which times are told.
        assert_eq!(at("2027-01-15T10:00"), NOW.0);
        assert_eq!(at("2027-01-15"), NOW.0 - 10 * 3_600_000);
        for text in ["", "yesterday", "7", "2027-13-01", "1w", "-1h"] {
            assert!(Moment::read(text).is_err(), "{text}");
        }
    }
}
