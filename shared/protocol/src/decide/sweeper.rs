//! What the sweeper does with an event that has come of age.
//!
//! | its work | then |
//! |---|---|
//! | succeeded or failed | nothing |
//! | unfinished, and it is the last look | send a ticket: nothing else will find out that there is none |
//! | absent, or of an older life | send a ticket; but not while the event is younger than the queue's oldest ticket, where somebody tells of that: then its own may still be on its way |
//! | waiting or processing, overdue by more than the visibility timeout | send a ticket |
//! | waiting or processing, else | nothing: it is in hand |
//!
//! The first two looks and the last one are at every event; those between, only where the look before them has seen one
//! unfinished.

use crate::{
    ledger::{Life, Work},
    ports::Cursor,
    time::{Millis, UnixMillis},
};

/// What a look at an event says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// Succeeded or failed: nobody need look again.
    Finished,
    /// In hand: its ticket is in the queue, or its holder at work.
    InHand,
    /// Nothing has happened for too long: send a ticket.
    Overdue,
}

/// When and how a look is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Looking {
    /// When.
    pub now: UnixMillis,
    /// The queue's visibility timeout: for so long after work was due its ticket may still be hidden.
    pub grace: Millis,
    /// Whether nobody looks later.
    pub last: bool,
    /// When the oldest ticket that waits in the queue was sent, if that is known.
    pub backlog: Option<UnixMillis>,
}

/// Looks at the work of an event received at `life`.
#[must_use]
pub fn look(work: Option<&Work>, life: Life, looking: &Looking) -> Look {
    let own = work.filter(|work| work.life >= life);
    if own.is_some_and(Work::is_finished) {
        return Look::Finished;
    }
    if looking.last {
        return Look::Overdue;
    }
    let in_hand = match own {
        Some(work) => looking.now.since(work.until) <= looking.grace,
        None => looking.backlog.is_some_and(|oldest| life.0 >= oldest),
    };
    if in_hand { Look::InHand } else { Look::Overdue }
}

/// Whether the looks that have come this far have seen all events finished that were received from `oldest` to `youngest`.
/// Then the next look has nothing to find but an event that was opened again since, or that the index showed late: one that
/// the last look meets.
#[must_use]
pub fn saw_finished(before: &Cursor, oldest: UnixMillis, youngest: UnixMillis) -> bool {
    before.at.received_at > youngest && before.unfinished.is_none_or(|at| at < oldest)
}

#[cfg(test)]
#[path = "tests/sweeper.rs"]
mod tests;
