//! Lengths of time: a whole number and its unit, `"30s"`, `"15m"`, `"6h"`, `"3d"`.

use std::{ops::RangeInclusive, time::Duration};

use super::{
    report::{Report, shown},
    value::Value,
};

/// What a length of time looks like, as a regular expression. No length that is meant has more digits.
const PATTERN: &str = "^[1-9][0-9]{0,6}[smhd]$";

pub(super) const MINUTE: u64 = 60;
pub(super) const HOUR: u64 = 60 * MINUTE;
pub(super) const DAY: u64 = 24 * HOUR;

const UNITS: &[(char, u64)] = &[('d', DAY), ('h', HOUR), ('m', MINUTE), ('s', 1)];

/// A length of time of so many seconds.
pub(super) fn duration(
    value: Value<'_>,
    range: RangeInclusive<u64>,
    report: &mut Report<'_>,
) -> Option<Duration> {
    let text = value.like(PATTERN).text(report)?;
    let key = value.key;
    let Some(seconds) = seconds(text) else {
        report.add(
            value.at(),
            format!("`{}` is no length of time", shown(text)),
            format!("write a whole number and s, m, h or d, for example {key} = \"15m\""),
        );
        return None;
    };
    if !range.contains(&seconds) {
        let (least, most) = range.into_inner();
        report.add(
            value.at(),
            format!(
                "`{key}` is not from {} to {}",
                written(least),
                written(most)
            ),
            format!(
                "write {key} = \"{}\"",
                written(if seconds < least { least } else { most })
            ),
        );
        return None;
    }
    Some(Duration::from_secs(seconds))
}

fn seconds(text: &str) -> Option<u64> {
    let (unit, seconds) = UNITS.iter().find(|(unit, _)| text.ends_with(*unit))?;
    let digits = text.strip_suffix(*unit)?;
    let fits = (1..=7).contains(&digits.len())
        && !digits.starts_with('0')
        && digits.bytes().all(|b| b.is_ascii_digit());
    let number: u64 = fits.then(|| digits.parse().ok())??;
    number.checked_mul(*seconds)
}

/// A length of time as it is written, in the largest unit that says it whole.
pub(super) fn written(seconds: u64) -> String {
    let whole = UNITS.iter().find(|(_, unit)| seconds.is_multiple_of(*unit));
    let (unit, length) = whole.copied().unwrap_or(('s', 1));
    format!("{}{unit}", seconds / length)
}
