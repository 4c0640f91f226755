//! Why a delivery was refused.

use std::{borrow::Cow, fmt};

/// A refused delivery. The detail names parts of the scheme and never quotes the delivery: it may be
/// logged. The sender is told neither.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}: {detail}")]
pub struct Refusal {
    /// Which of the four reasons.
    pub reason: Reason,
    /// What it is about, for the operator.
    pub detail: Cow<'static, str>,
}

/// The four reasons. What is missing is found first, then what is no time or of no known version, then a
/// stale time; only then is a signature decoded and compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// A required header or field is absent or empty.
    Missing,
    /// It is there, but no candidate of a known version decodes to the right length, or the time is
    /// no time.
    Malformed,
    /// The time lies outside the tolerance. Checked before the signature.
    Stale,
    /// Candidates decoded, none matched.
    Forged,
}

impl Refusal {
    /// A refusal for this reason.
    pub fn new(reason: Reason, detail: impl Into<Cow<'static, str>>) -> Self {
        Self {
            reason,
            detail: detail.into(),
        }
    }

    /// Something that is required is not there.
    pub(crate) fn missing(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Reason::Missing, detail)
    }

    /// Something is there and can't be read.
    pub(crate) fn malformed(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Reason::Malformed, detail)
    }

    /// A time lies outside its tolerance.
    pub(crate) fn stale(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Reason::Stale, detail)
    }

    /// It was not made by who holds a key, or not for this source.
    pub(crate) fn forged(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Reason::Forged, detail)
    }
}

impl Reason {
    /// The reason in a word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Malformed => "malformed",
            Self::Stale => "stale",
            Self::Forged => "forged",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_tells_its_reason_in_a_word_and_what_it_is_about() {
        for (reason, word) in [
            (Reason::Missing, "missing"),
            (Reason::Malformed, "malformed"),
            (Reason::Stale, "stale"),
            (Reason::Forged, "forged"),
        ] {
            assert_eq!(reason.as_str(), word);
            let told = Refusal::new(reason, "the time").to_string();
            assert_eq!(told, format!("{word}: the time"));
        }
    }
}
