//! What a table may say, where several tables are laid over each other.

/// A setting that a table may have.
#[derive(Clone, Debug, Default)]
pub(super) enum Slot<T> {
    /// It isn't there.
    #[default]
    Absent,
    /// It is there, or was meant to be, and the report says what is wrong with it.
    Faulty,
    /// It is there, at this byte.
    Given(usize, T),
}

impl<T> Slot<T> {
    /// This setting, or else the other one.
    pub(super) fn or(self, other: Self) -> Self {
        if matches!(self, Self::Absent) {
            other
        } else {
            self
        }
    }

    pub(super) fn value(self) -> Option<T> {
        match self {
            Self::Given(_, value) => Some(value),
            Self::Absent | Self::Faulty => None,
        }
    }

    /// The same, without taking it.
    pub(super) fn get(&self) -> Option<&T> {
        match self {
            Self::Given(_, value) => Some(value),
            Self::Absent | Self::Faulty => None,
        }
    }

    /// Where it stands, if it is there.
    pub(super) fn at(&self) -> Option<usize> {
        match self {
            Self::Given(at, _) => Some(*at),
            Self::Absent | Self::Faulty => None,
        }
    }

    pub(super) fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    pub(super) fn is_faulty(&self) -> bool {
        matches!(self, Self::Faulty)
    }
}
