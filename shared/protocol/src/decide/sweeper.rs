//! What the sweeper does with an event that has come of age.
//!
//! | its work | then |
//! |---|---|
//! | absent, or of an older life | send a ticket |
//! | succeeded or failed | nothing |
//! | waiting or processing, overdue by more than the visibility timeout | send a ticket |
//! | waiting or processing, else | nothing: it is in hand |

use crate::{
    ledger::{Life, State, Work},
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

/// Looks at the work of an event received at `life`. `grace` is the queue's visibility timeout: for
/// so long after `until`, the ticket may still be hidden.
#[must_use]
pub fn look(work: Option<&Work>, life: Life, now: UnixMillis, grace: Millis) -> Look {
    let Some(work) = work.filter(|work| work.life >= life) else {
        return Look::Overdue;
    };
    match work.state {
        State::Succeeded | State::Failed => Look::Finished,
        State::Waiting | State::Processing if now.since(work.until) > grace => Look::Overdue,
        State::Waiting | State::Processing => Look::InHand,
    }
}

#[cfg(test)]
#[path = "tests/sweeper.rs"]
mod tests;
