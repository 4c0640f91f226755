//! What the month has cost so far, as `landfall cost` computes it: an estimate.

use std::collections::BTreeMap;

use jiff::{Timestamp, tz::TimeZone};
use protocol::time::UnixMillis;

/// The month that it is, in UTC, as AWS bills it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Month {
    pub(super) began: UnixMillis,
    /// How much of it is over.
    pub(super) over: f64,
}

impl Month {
    pub(super) fn of(now: UnixMillis) -> Option<Self> {
        let now = Timestamp::from_millisecond(now.0).ok()?;
        let today = now.to_zoned(TimeZone::UTC).date();
        let midnight = |date: jiff::civil::Date| {
            let zoned = date.to_zoned(TimeZone::UTC).ok()?;
            Some(zoned.timestamp().as_millisecond())
        };
        let began = midnight(today.first_of_month())?;
        let days = i64::from(today.days_in_month());
        Some(Self {
            began: UnixMillis(began),
            over: part(now.as_millisecond() - began, days * 86_400_000),
        })
    }
}

#[allow(
    clippy::cast_precision_loss,
    reason = "an estimate is told with two decimals"
)]
fn part(of: i64, whole: i64) -> f64 {
    of as f64 / whole as f64
}

/// What of the template's parameters a price depends on.
pub(super) fn asked(parameters: &BTreeMap<String, String>, sources: usize) -> crate::cost::Use {
    let text = |name: &str| parameters.get(name).map(String::as_str);
    crate::cost::Use {
        sources,
        has_api: text("FrontDoor") != Some("url"),
        window: text("BatchWindowSeconds")
            .and_then(|text| text.parse().ok())
            .unwrap_or(0),
        source_metrics: text("SourceMetrics") == Some("true"),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_month_begins_at_midnight_in_utc() {
        // 2027-01-15T08:00:00Z: 14 days and a third, of 31.
        let month = Month::of(UnixMillis(1_800_000_000_000)).unwrap();
        assert_eq!(month.began, UnixMillis(1_798_761_600_000));
        assert!((month.over - (14.0 + 1.0 / 3.0) / 31.0).abs() < 1e-9);
    }

    #[test]
    fn what_is_not_known_of_a_stack_is_as_in_the_template() {
        let none = asked(&BTreeMap::new(), 3);
        assert!(none.has_api && !none.source_metrics && none.window == 0 && none.sources == 3);
        let parameters = BTreeMap::from([
            ("FrontDoor".to_owned(), "url".to_owned()),
            ("BatchWindowSeconds".to_owned(), "20".to_owned()),
        ]);
        let given = asked(&parameters, 1);
        assert!(!given.has_api && given.window == 20);
    }
}
