//! What the model must refuse: each rule of taking a delivery apart, taken away, and the promise that breaks then.

use super::config::{self, Config};
use crate::property::Property;

/// A rule taken away.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mutant {
    /// The delivery is finished before its items are written.
    FinishedFirst,
    /// An item whose write or ticket failed, or is of unknown fate, counts as dealt with.
    FailedCallCounts,
    /// An item's body goes to the bucket after the item.
    ItemBeforeBody,
    /// An item is written over what stands there, and begins its life anew.
    ItemIsOverwritten,
    /// A failed item is left to itself, whoever brings it again.
    FailedIsLeft,
    /// The delivery is finished when its items are written, before their tickets are sent; and no sweeper finds the items.
    FinishedBeforeTickets,
    /// An item that is there is dealt with, whether its ticket was ever sent or not; and no sweeper finds the items.
    ThereIsDealt,
}

/// All of them.
pub const MUTANTS: [Mutant; 7] = [
    Mutant::FinishedFirst,
    Mutant::FailedCallCounts,
    Mutant::ItemBeforeBody,
    Mutant::ItemIsOverwritten,
    Mutant::FailedIsLeft,
    Mutant::FinishedBeforeTickets,
    Mutant::ThereIsDealt,
];

impl Mutant {
    /// The promises that it breaks, and no others.
    #[must_use]
    pub const fn breaks(self) -> &'static [Property] {
        match self {
            Self::FinishedFirst | Self::FailedCallCounts | Self::ItemBeforeBody => &[Property::S1],
            Self::ItemIsOverwritten => &[Property::S4],
            Self::FailedIsLeft => &[Property::S5],
            Self::FinishedBeforeTickets | Self::ThereIsDealt => &[Property::L1],
        }
    }

    /// Where it is explored: the smallest adversary that needs the rule.
    #[must_use]
    pub const fn config(self) -> Config {
        match self {
            Self::FinishedFirst | Self::ItemIsOverwritten => config::CALM,
            Self::FailedCallCounts => config::CALM.with(0, 1),
            Self::ItemBeforeBody => config::LARGE.with(0, 1).with_late_bodies(),
            Self::FailedIsLeft => config::TWO_DELIVERIES.with(0, 0),
            Self::FinishedBeforeTickets | Self::ThereIsDealt => {
                config::CALM.with(1, 0).without_sweeper_for_items()
            }
        }
    }
}
