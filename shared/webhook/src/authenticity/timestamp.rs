//! A delivery's time, held against the clock.

use catalogue::{Tolerance, Unit};
use protocol::time::UnixMillis;

/// When a delivery says that it was sent, in the unit in which it says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sent {
    Seconds(i64),
    Millis(i64),
}

/// The years 1 to 9999, in seconds since 1970.
const PLAUSIBLE: std::ops::RangeInclusive<i64> = -62_135_596_800..=253_402_300_799;

impl Sent {
    /// Reads a time. Whole numbers may have a sign and leading zeros, for official libraries take them;
    /// one that is out of range saturates, and is then stale.
    pub(crate) fn parse(text: &str, unit: Unit) -> Option<Self> {
        match unit {
            Unit::Seconds => whole(text).map(Self::Seconds),
            Unit::Millis => whole(text).map(Self::Millis),
            // As seconds the year 5138, as milliseconds 1973.
            Unit::SecondsOrMillis => whole(text).map(|number| {
                if number.unsigned_abs() < 100_000_000_000 {
                    Self::Seconds(number)
                } else {
                    Self::Millis(number)
                }
            }),
            Unit::HttpDate => http_date(text),
            Unit::Iso => iso(text),
            Unit::IsoUtc => iso(&format!("{text}Z")),
        }
    }

    /// How the time of `now` is written.
    pub(crate) fn format(now: UnixMillis, unit: Unit) -> Option<String> {
        Some(match unit {
            Unit::Seconds | Unit::SecondsOrMillis => now.seconds().0.to_string(),
            Unit::HttpDate => {
                let time = jiff::Timestamp::from_second(now.seconds().0).ok()?;
                jiff::fmt::rfc2822::DateTimePrinter::new()
                    .timestamp_to_rfc9110_string(&time)
                    .ok()?
            }
            Unit::Millis => now.0.to_string(),
            Unit::Iso => jiff::Timestamp::from_millisecond(now.0).ok()?.to_string(),
            Unit::IsoUtc => Self::format(now, Unit::Iso)?.trim_end_matches('Z').into(),
        })
    }

    /// Whether this lies within the tolerance, both ends included. Differences saturate: one side of
    /// them comes from a stranger. A time that no calendar has is never within a tolerance,
    /// whichever side is checked: milliseconds sent for seconds would else pass for ever where only
    /// the past is.
    pub(crate) fn is_within(self, tolerance: Tolerance, now: UnixMillis) -> bool {
        let (sent, now, unit) = match self {
            Self::Seconds(sent) => (sent, now.seconds().0, 1),
            Self::Millis(sent) => (sent, now.0, 1_000),
        };
        if tolerance.past.is_none() && tolerance.future.is_none() {
            return true;
        }
        let holds = |distance: i64, limit: Option<u32>| {
            limit.is_none_or(|seconds| distance <= i64::from(seconds) * unit)
        };
        PLAUSIBLE.contains(&(sent / unit))
            && holds(now.saturating_sub(sent), tolerance.past)
            && holds(sent.saturating_sub(now), tolerance.future)
    }
}

fn iso(text: &str) -> Option<Sent> {
    let time = text.parse::<jiff::Timestamp>().ok()?;
    is_plain(text).then(|| Sent::Millis(time.as_millisecond()))
}

/// Whether an ISO time has the form that all senders use. Signed without a mark beside it, it ends where
/// its form ends: what could be longer or shorter could be read in two ways.
fn is_plain(text: &str) -> bool {
    let Some((date, time)) = text.split_once('T') else {
        return false;
    };
    let zone = time.strip_suffix('Z').map_or_else(
        || {
            time.len()
                .checked_sub(6)
                .and_then(|at| time.split_at_checked(at))
        },
        |time| Some((time, "")),
    );
    let Some((clock, zone)) = zone else {
        return false;
    };
    let like = |text: &str, form: &str| {
        text.len() == form.len()
            && text
                .bytes()
                .zip(form.bytes())
                .all(|(byte, form)| match form {
                    b'0' => byte.is_ascii_digit(),
                    b'+' => matches!(byte, b'+' | b'-'),
                    form => byte == form,
                })
    };
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    like(date, "0000-00-00")
        && like(clock, "00:00:00")
        && !fraction.is_empty()
        && fraction.bytes().all(|byte| byte.is_ascii_digit())
        && (zone.is_empty() || like(zone, "+00:00"))
}

/// A date as HTTP prefers it, in GMT and with two digits for the day.
fn http_date(text: &str) -> Option<Sent> {
    // It ends where its form ends: the body may stand right before it.
    let gmt = text.strip_suffix(" GMT").filter(|_| text.len() == 29)?;
    let time = jiff::civil::DateTime::strptime("%a, %d %b %Y %H:%M:%S", gmt).ok()?;
    let time = time.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some(Sent::Seconds(time.timestamp().as_second()))
}

fn whole(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let saturated = if text.starts_with('-') {
        i64::MIN
    } else {
        i64::MAX
    };
    // The digits were checked: only an overflow can fail.
    Some(text.parse().unwrap_or(saturated))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_700_000_000;

    fn within(sent: Sent, tolerance: Tolerance) -> bool {
        sent.is_within(tolerance, UnixMillis(NOW * 1_000 + 999))
    }

    #[test]
    fn both_ends_of_the_tolerance_are_inclusive() {
        for tolerance in [1, 300, 86_400] {
            let both = Tolerance::both(u32::try_from(tolerance).unwrap_or_default());
            for (distance, expected) in [(tolerance, true), (tolerance + 1, false)] {
                assert_eq!(within(Sent::Seconds(NOW - distance), both), expected);
                assert_eq!(within(Sent::Seconds(NOW + distance), both), expected);
            }
        }
    }

    #[test]
    fn zero_means_equal_to_the_unit() {
        let zero = Tolerance::both(0);
        assert!(within(Sent::Seconds(NOW), zero));
        assert!(!within(Sent::Seconds(NOW - 1), zero));
        assert!(!within(Sent::Seconds(NOW + 1), zero));
        assert!(within(Sent::Millis(NOW * 1_000 + 999), zero));
        assert!(!within(Sent::Millis(NOW * 1_000 + 998), zero));
        assert!(!within(Sent::Millis(NOW * 1_000 + 1_000), zero));
    }

    #[test]
    fn a_side_that_has_no_limit_is_not_checked() {
        assert!(within(Sent::Seconds(NOW + 1_000_000), Tolerance::past(300)));
        assert!(!within(Sent::Seconds(NOW - 301), Tolerance::past(300)));
        let future = Tolerance {
            past: None,
            future: Some(300),
        };
        assert!(within(Sent::Seconds(NOW - 1_000_000), future));
        assert!(!within(Sent::Seconds(NOW + 301), future));
        let none = Tolerance {
            past: None,
            future: None,
        };
        assert!(within(Sent::Seconds(i64::MIN), none));
    }

    #[test]
    fn extreme_times_are_stale_whatever_the_clock() {
        let tolerances = [
            Tolerance::both(300),
            Tolerance::both(0),
            Tolerance::both(u32::MAX),
            Tolerance::past(300),
            Tolerance {
                past: None,
                future: Some(300),
            },
        ];
        for tolerance in tolerances {
            for extreme in [i64::MIN, i64::MIN + 1, i64::MAX - 1, i64::MAX] {
                for now in [i64::MIN, -1, 0, NOW * 1_000, i64::MAX] {
                    let now = UnixMillis(now);
                    assert!(!Sent::Seconds(extreme).is_within(tolerance, now));
                    assert!(!Sent::Millis(extreme).is_within(tolerance, now));
                }
            }
        }
    }

    #[test]
    fn milliseconds_are_never_taken_for_seconds() {
        assert!(!within(Sent::Seconds(NOW * 1_000), Tolerance::both(300)));
        assert!(!within(Sent::Seconds(NOW * 1_000), Tolerance::past(300)));
        assert!(!within(Sent::Millis(NOW), Tolerance::both(300)));
        assert!(within(
            Sent::Millis(NOW * 1_000 - 299_000),
            Tolerance::both(300)
        ));
        assert!(!within(
            Sent::Millis(NOW * 1_000 - 300_000),
            Tolerance::both(300)
        ));
    }

    #[test]
    fn whole_numbers_are_read_as_official_libraries_read_them() {
        for (text, expected) in [
            ("1700000000", Some(1_700_000_000)),
            ("01750000000", Some(1_750_000_000)),
            ("+1750000000", Some(1_750_000_000)),
            ("-1", Some(-1)),
            ("9223372036854775807", Some(i64::MAX)),
            ("9223372036854775808", Some(i64::MAX)),
            ("-9223372036854775809", Some(i64::MIN)),
            ("", None),
            ("+", None),
            ("-", None),
            ("+-1", None),
            ("1.5", None),
            ("1e9", None),
            ("0x10", None),
            ("1 ", None),
            ("hello", None),
            ("99999999999999999999x", None),
            ("١٢٣", None),
        ] {
            assert_eq!(
                Sent::parse(text, Unit::Seconds),
                expected.map(Sent::Seconds),
                "{text:?}"
            );
        }
        assert_eq!(
            Sent::parse(&"9".repeat(100_000), Unit::Millis),
            Some(Sent::Millis(i64::MAX))
        );
    }

    #[test]
    fn iso_times_need_an_offset() {
        let noon = Some(Sent::Millis(1_577_880_000_000));
        assert_eq!(Sent::parse("2020-01-01T12:00:00Z", Unit::Iso), noon);
        assert_eq!(
            Sent::parse("2020-01-01T12:00:00.000000000Z", Unit::Iso),
            noon
        );
        assert_eq!(Sent::parse("2020-01-01T05:00:00-07:00", Unit::Iso), noon);
        for text in [
            "2020-01-01T12:00:00",
            "2020-01-01",
            "1577880000",
            "",
            "noon",
        ] {
            assert_eq!(Sent::parse(text, Unit::Iso), None, "{text:?}");
        }
    }

    #[test]
    fn iso_times_in_utc_have_no_offset() {
        let read = |text| Sent::parse(text, Unit::IsoUtc);
        // The time of a test of Orb's own library.
        let sent = Some(Sent::Millis(1_711_554_149_551));
        assert_eq!(read("2024-03-27T15:42:29.551"), sent);
        for text in [
            "2024-03-27T15:42:29.551Z",
            "2024-03-27T15:42:29.551+00:00",
            "2024-03-27T15:42:29.551-07:00",
            "2024-03-27",
            "1711554149551",
            "",
        ] {
            assert_eq!(read(text), None, "{text:?}");
        }
    }

    #[test]
    fn seconds_and_milliseconds_are_told_apart_by_their_size() {
        let read = |text| Sent::parse(text, Unit::SecondsOrMillis);
        assert_eq!(read("1700000000"), Some(Sent::Seconds(1_700_000_000)));
        assert_eq!(read("1700000000123"), Some(Sent::Millis(1_700_000_000_123)));
        assert_eq!(read("99999999999"), Some(Sent::Seconds(99_999_999_999)));
        assert_eq!(read("100000000000"), Some(Sent::Millis(100_000_000_000)));
        assert_eq!(read("-9223372036854775808"), Some(Sent::Millis(i64::MIN)));
        assert_eq!(read("noon"), None);
    }

    #[test]
    fn http_dates_are_read_in_the_one_form_that_is_sent() {
        let read = |text| Sent::parse(text, Unit::HttpDate);
        // The example of RFC 9110, section 5.6.7.
        let example = Some(Sent::Seconds(784_111_777));
        assert_eq!(read("Sun, 06 Nov 1994 08:49:37 GMT"), example);
        for text in [
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
            "Sun, 06 Nov 1994 08:49:37",
            "Sun, 06 Nov 1994 08:49:37 CET",
            "Mon, 06 Nov 1994 08:49:37 GMT",
            "784111777",
            "",
        ] {
            assert_eq!(read(text), None, "{text:?}");
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        let now = UnixMillis(1_700_000_000_123);
        for (unit, expected) in [
            (Unit::Seconds, Sent::Seconds(1_700_000_000)),
            (Unit::Millis, Sent::Millis(1_700_000_000_123)),
            (Unit::Iso, Sent::Millis(1_700_000_000_123)),
            (Unit::IsoUtc, Sent::Millis(1_700_000_000_123)),
            (Unit::SecondsOrMillis, Sent::Seconds(1_700_000_000)),
            (Unit::HttpDate, Sent::Seconds(1_700_000_000)),
        ] {
            let text = Sent::format(now, unit).unwrap_or_default();
            assert_eq!(Sent::parse(&text, unit), Some(expected));
        }
    }
}
