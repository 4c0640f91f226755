//! How far a delivery's time may lie from the clock.

use crate::scheme::{Scheme, Tolerance};

use super::{report::Report, shape::Rule, table::Table, value::Value};

/// Ten years: a longer tolerance is a slip of the pen.
const MAX_TOLERANCE: i64 = 315_360_000;

pub(super) const NO_TIME: &str = "`tolerance` has no timestamp to be held against";
pub(super) const NO_TIME_MEND: &str = "leave it out: this scheme signs no time of the delivery";

/// A tolerance as the file gives it.
#[derive(Clone, Copy, Debug)]
pub(super) enum ToleranceLayer {
    /// One number, for the sides that are checked.
    Checked(u32),
    /// Each side that is named.
    Sides {
        past: Option<u32>,
        future: Option<u32>,
    },
}

impl ToleranceLayer {
    pub(super) fn read(value: Value<'_>, report: &mut Report<'_>) -> Option<Self> {
        if value.is_integer() {
            return Some(Self::Checked(seconds(value, report)?));
        }
        let entries = value.table(
            "tolerance = 300 (seconds) or tolerance = { past = 300, future = 60 }",
            report,
        )?;
        let table = Table::open(entries, &["past", "future"], report);
        table.rule(Rule::AllOfOne(&[&["past"], &["future"]]));
        let past = table.slot("past", report, seconds);
        let future = table.slot("future", report, seconds);
        if past.is_faulty() || future.is_faulty() {
            return None;
        }
        let (past, future) = (past.value(), future.value());
        if past.is_none() && future.is_none() {
            report.add(
                value.at(),
                "`tolerance` names no side",
                "write tolerance = 300 or tolerance = { past = 300, future = 60 }",
            );
            return None;
        }
        Some(Self::Sides { past, future })
    }

    /// The tolerance, where no provider's stands behind it.
    pub(super) fn spelled_out(self, at: usize, report: &mut Report<'_>) -> Option<Tolerance> {
        match self {
            Self::Checked(seconds) => Some(Tolerance::both(seconds)),
            Self::Sides { past: None, .. } => {
                report.add(
                    at,
                    "`tolerance` leaves the past unchecked",
                    "name it too: tolerance = { past = 300, future = 60 }",
                );
                None
            }
            Self::Sides { past, future } => Some(Tolerance { past, future }),
        }
    }

    /// The scheme with this tolerance; sides that it doesn't name stay as they are.
    pub(super) fn applied(self, mut scheme: Scheme) -> Scheme {
        if let Some(timestamp) = &mut scheme.timestamp {
            let old = timestamp.tolerance;
            timestamp.tolerance = match self {
                Self::Checked(seconds) => Tolerance {
                    past: old.past.map(|_| seconds),
                    future: old.future.map(|_| seconds),
                },
                Self::Sides { past, future } => Tolerance {
                    past: past.or(old.past),
                    future: future.or(old.future),
                },
            };
        }
        scheme
    }
}

/// For how many days one delivery can be accepted by these schemes: first when its time lies as far ahead as may
/// be, last when it is as old as may be.
pub(super) fn accepted_for(schemes: &[Scheme]) -> u32 {
    let times = schemes.iter().flat_map(|scheme| {
        let issued = scheme.claims.and_then(|claims| claims.issued);
        (scheme.timestamp.map(|timestamp| timestamp.tolerance))
            .into_iter()
            .chain(issued)
    });
    let seconds = times.map(|tolerance| {
        let (past, future) = (
            tolerance.past.unwrap_or(u32::MAX),
            tolerance.future.unwrap_or(0),
        );
        past.saturating_add(future)
    });
    seconds.max().unwrap_or(0).div_ceil(DAY)
}

const DAY: u32 = 86_400;

pub(super) fn seconds(value: Value<'_>, report: &mut Report<'_>) -> Option<u32> {
    value.number(0..=MAX_TOLERANCE, report)
}
