//! Why something is given up, in a word: the same in a letter, in the ledger and in a log line.

/// Why a letter goes to the dead-letter queue, or a ticket waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// It is no ticket.
    Malformed,
    /// The ledger has no such event.
    Absent,
    /// The event's retention is over.
    Expired,
    /// The run said that it will never succeed.
    Permanent,
    /// No tries are left.
    Exhausted,
    /// The leg waited, or was held, for too long.
    TooOld,
    /// The configuration has no such source.
    UnknownSource,
    /// The configuration has no such route.
    UnknownRoute,
}

impl Reason {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Malformed,
        Self::Absent,
        Self::Expired,
        Self::Permanent,
        Self::Exhausted,
        Self::TooOld,
        Self::UnknownSource,
        Self::UnknownRoute,
    ];

    /// Those for which a leg is given up; the others are a ticket's.
    pub const OF_LEGS: [Self; 5] = [
        Self::Permanent,
        Self::Exhausted,
        Self::TooOld,
        Self::UnknownSource,
        Self::UnknownRoute,
    ];

    /// The reason in a word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::Absent => "absent",
            Self::Expired => "expired",
            Self::Permanent => "permanent",
            Self::Exhausted => "exhausted",
            Self::TooOld => "too_old",
            Self::UnknownSource => "unknown_source",
            Self::UnknownRoute => "unknown_route",
        }
    }

    /// The reason of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == name)
    }

    /// What a letter says where nothing was run that could say more.
    #[must_use]
    pub const fn error(self) -> &'static str {
        match self {
            Self::Malformed => "it is no ticket",
            Self::Absent => "the ledger has no such event",
            Self::Expired => "its event is too old to count",
            Self::Permanent => "the run said that it will never succeed",
            Self::Exhausted => "the last attempt never came back",
            Self::TooOld => "it has waited for too long",
            Self::UnknownSource => "the configuration has no such source",
            Self::UnknownRoute => "the configuration has no such route",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_its_own_word() {
        for reason in Reason::ALL {
            assert_eq!(Reason::named(reason.as_str()), Some(reason));
        }
        assert_eq!(Reason::named(""), None);
    }
}
