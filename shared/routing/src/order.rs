//! What an event is about, and how new the state is that it tells of.

use std::{cmp::Ordering, fmt};

use catalogue::{decimal::Decimal, route::OrderBy};
use jiff::Timestamp;

use crate::fill::{Filling, Unfilled};

/// More digits than this, and DynamoDB can't compare a number.
const MOST_DIGITS: usize = 38;

/// The powers of ten that DynamoDB's numbers reach, in both directions.
const FARTHEST: i64 = 125;

/// An event's place among those of its entity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// What the event is about.
    pub entity: String,
    /// How new its state is.
    pub version: Version,
}

/// A version: a number or a time. Numbers compare by value, whether the payload has them as numbers or as texts, and times
/// as instants. Any other text has no order that everyone agrees on, and is a fault: `v9` and `v10`, for one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    kind: VersionKind,
    /// The number, or the nanoseconds since 1970.
    value: Decimal,
}

/// What a version is. Versions of different kinds don't compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VersionKind {
    /// A number.
    Number,
    /// A time.
    Time,
}

/// Why an event has no place in an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unordered {
    /// Entity or version can't be filled in.
    Unfilled(Unfilled),
    /// The entity is an empty text.
    NoEntity,
    /// The version is neither a number nor a time that can be compared.
    NoVersion,
}

impl fmt::Display for Unordered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unfilled(why) => why.fmt(f),
            Self::NoEntity => f.write_str("the entity of `order_by` is empty"),
            Self::NoVersion => f.write_str(
                "the version of `order_by` is neither a number of at most 38 digits nor a time of RFC 3339",
            ),
        }
    }
}

impl std::error::Error for Unordered {}

impl Filling<'_, '_> {
    /// The event's place in the order that a route keeps.
    pub fn order(&self, order_by: OrderBy) -> Result<Order, Unordered> {
        let entity = self.text(order_by.entity).map_err(Unordered::Unfilled)?;
        let version = self.text(order_by.version).map_err(Unordered::Unfilled)?;
        if entity.is_empty() {
            return Err(Unordered::NoEntity);
        }
        let version = Version::read(&version).ok_or(Unordered::NoVersion)?;
        Ok(Order { entity, version })
    }
}

impl Version {
    /// Reads a number, or a time of RFC 3339.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let (kind, value) = match Decimal::parse(text) {
            Some(number) => (VersionKind::Number, number),
            None => (VersionKind::Time, nanoseconds(text)?),
        };
        let is_stored = value.digits() <= MOST_DIGITS && value.magnitude().abs() <= FARTHEST;
        is_stored.then_some(Self { kind, value })
    }

    /// The version of this kind and number, as they were stored.
    #[must_use]
    pub fn stored(kind: VersionKind, number: &str) -> Option<Self> {
        let value = Decimal::parse(number)?;
        Some(Self { kind, value })
    }

    /// What it is.
    #[must_use]
    pub const fn kind(&self) -> VersionKind {
        self.kind
    }

    /// The number that it is stored as: of two versions of one kind the greater is the newer.
    #[must_use]
    pub fn number(&self) -> String {
        self.value.to_string()
    }

    /// Which of two is newer. `None`: they are of different kinds.
    #[must_use]
    pub fn compare(&self, other: &Self) -> Option<Ordering> {
        (self.kind == other.kind).then(|| self.value.cmp(&other.value))
    }
}

fn nanoseconds(text: &str) -> Option<Decimal> {
    let time: Timestamp = text.parse().ok()?;
    Decimal::parse(&time.as_nanosecond().to_string())
}

impl VersionKind {
    /// Its name in the ledger.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Time => "time",
        }
    }

    /// The kind of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::Number, Self::Time]
            .into_iter()
            .find(|kind| kind.as_str() == name)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn version(text: &str) -> Version {
        Version::read(text).unwrap()
    }

    #[test]
    fn numbers_and_times_are_compared_by_what_they_mean() {
        for (older, newer) in [
            ("9", "10"),
            ("1764455241", "1764455241.5"),
            ("820982911946154507", "820982911946154508"),
            ("2026-11-29T22:00:00Z", "2026-11-29T22:00:00.000000001Z"),
            ("2026-11-29T23:30:00+02:00", "2026-11-29T22:00:00Z"),
        ] {
            let (older, newer) = (version(older), version(newer));
            assert_eq!(older.compare(&newer), Some(Ordering::Less));
            assert_eq!(newer.compare(&older), Some(Ordering::Greater));
        }
        assert_eq!(
            version("1e3").compare(&version("1000.0")),
            Some(Ordering::Equal)
        );
        let utc = version("2026-11-29T22:00:00Z");
        assert_eq!(
            version("2026-11-30T00:00:00+02:00").compare(&utc),
            Some(Ordering::Equal)
        );
        assert_eq!(version("5").compare(&utc), None);
    }

    #[test]
    fn a_text_without_an_order_of_its_own_is_no_version() {
        for text in [
            "",
            "v9",
            "2026-11-29",
            "2026-11-29T22:00:00",
            "1.2.3",
            "1e999",
            "01",
        ] {
            assert_eq!(Version::read(text), None, "{text}");
        }
        assert_eq!(Version::read(&"1".repeat(39)), None);
        assert!(Version::read(&"1".repeat(38)).is_some());
    }

    #[test]
    fn a_version_is_stored_and_read_as_the_same() {
        for text in ["9", "-0.5", "1e100", "2026-11-29T22:00:00.123Z"] {
            let version = version(text);
            let kind = VersionKind::named(version.kind().as_str()).unwrap();
            assert_eq!(Version::stored(kind, &version.number()), Some(version));
        }
    }
}
