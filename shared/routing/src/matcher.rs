//! Compares one value with what a pattern asks of it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use catalogue::{
    condition::{Case, Comparison, Excluded, Matcher, TextPattern, Wildcard},
    decimal::Decimal,
};

use crate::payload::{Kind, Value};

/// A value that is neither array nor object.
pub(crate) enum Leaf<'p> {
    Null,
    Bool(bool),
    Number(Decimal),
    Text(std::borrow::Cow<'p, str>),
    /// A value that can't be taken for what it is: a text with half a surrogate pair. It is there, and no more is said.
    Unreadable,
}

impl<'p> Leaf<'p> {
    /// The leaf that this value is.
    pub(crate) fn read(value: Value<'p>) -> Option<Self> {
        Some(match value.kind() {
            Kind::Null => Self::Null,
            Kind::Bool(value) => Self::Bool(value),
            Kind::Number(text) => Decimal::parse(text).map_or(Self::Unreadable, Self::Number),
            Kind::Text => value.text().map_or(Self::Unreadable, Self::Text),
            Kind::Array | Kind::Object => return None,
        })
    }

    pub(crate) fn is(&self, matcher: &Matcher) -> bool {
        match (matcher, self) {
            (Matcher::Exists(exists), _) => *exists,
            (_, Self::Unreadable) => false,
            (Matcher::Null, Self::Null) => true,
            (Matcher::Bool(wanted), Self::Bool(value)) => wanted == value,
            (Matcher::Text(wanted), Self::Text(text)) => wanted == text,
            (Matcher::Integer(wanted), Self::Number(number)) => wanted == number,
            (Matcher::Like(pattern), Self::Text(text)) => fits(pattern, text),
            (Matcher::Numeric(comparisons), Self::Number(number)) => {
                (comparisons.iter()).all(|(comparison, other)| compares(*comparison, number, other))
            }
            (Matcher::Cidr(network), Self::Text(text)) => {
                address(text).is_some_and(|address| network.contains(&address))
            }
            (Matcher::AnythingBut(excluded), _) => !self.is_excluded(excluded),
            _ => false,
        }
    }

    fn is_excluded(&self, excluded: &Excluded) -> bool {
        match (excluded, self) {
            (Excluded::Texts(texts), Self::Text(text)) => texts.iter().any(|other| other == text),
            (Excluded::Numbers(numbers), Self::Number(number)) => numbers.contains(number),
            (Excluded::Like(patterns), Self::Text(text)) => {
                patterns.iter().any(|pattern| fits(pattern, text))
            }
            _ => false,
        }
    }
}

fn fits(pattern: &TextPattern, text: &str) -> bool {
    let bytes = text.as_bytes();
    match pattern {
        TextPattern::Prefix(prefix, Case::Counts) => text.starts_with(prefix),
        TextPattern::Prefix(prefix, Case::Ignored) => (bytes.get(..prefix.len()))
            .is_some_and(|start| start.eq_ignore_ascii_case(prefix.as_bytes())),
        TextPattern::Suffix(suffix, Case::Counts) => text.ends_with(suffix),
        TextPattern::Suffix(suffix, Case::Ignored) => (bytes.len().checked_sub(suffix.len()))
            .is_some_and(|start| bytes[start..].eq_ignore_ascii_case(suffix.as_bytes())),
        TextPattern::EqualsIgnoreCase(other) => text.eq_ignore_ascii_case(other),
        TextPattern::Wildcard(wildcard) => fits_wildcard(wildcard, text),
    }
}

/// What stands between stars is sought from the left: taking its first place leaves the most for the rest.
fn fits_wildcard(Wildcard { pieces }: &Wildcard, text: &str) -> bool {
    let [first, between @ .., last] = pieces.as_slice() else {
        return pieces.first().is_some_and(|piece| piece == text);
    };
    let Some(mut rest) = text.strip_prefix(first.as_str()) else {
        return false;
    };
    for piece in between {
        match rest.split_once(piece.as_str()) {
            Some((_, behind)) => rest = behind,
            None => return false,
        }
    }
    rest.ends_with(last.as_str())
}

fn compares(comparison: Comparison, number: &Decimal, other: &Decimal) -> bool {
    match comparison {
        Comparison::Equal => number == other,
        Comparison::Less => number < other,
        Comparison::LessOrEqual => number <= other,
        Comparison::Greater => number > other,
        Comparison::GreaterOrEqual => number >= other,
    }
}

/// The address that a text is. Zeros before a number of an IPv4 address say nothing, as in EventBridge.
fn address(text: &str) -> Option<IpAddr> {
    if text.contains(':') {
        let is_plain = |byte: u8| byte == b':' || byte.is_ascii_hexdigit();
        let is_plain = text.bytes().all(is_plain);
        return is_plain
            .then(|| text.parse::<Ipv6Addr>().ok())?
            .map(IpAddr::V6);
    }
    let mut numbers = [0_u8; 4];
    let mut parts = text.split('.');
    for number in &mut numbers {
        let part = parts.next()?;
        if part.is_empty() || !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let digits = part.trim_start_matches('0');
        *number = if digits.is_empty() {
            0
        } else {
            digits.parse().ok()?
        };
    }
    parts
        .next()
        .is_none()
        .then(|| IpAddr::V4(Ipv4Addr::from(numbers)))
}
