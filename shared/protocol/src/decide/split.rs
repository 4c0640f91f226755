//! What the holder of a delivery of several events does with each of them.
//!
//! | found | then |
//! |---|---|
//! | written | send its ticket |
//! | there, work absent or of an older life | send: nobody knows whether a ticket ever was |
//! | there, a leg failed, of this delivery | leave it: a split that is tried again asks for nothing |
//! | there, a leg failed, of another delivery | send `reopen`: it is never swallowed |
//! | there, a leg failed, and this delivery is replayed | send `redrive` |
//! | there, else | leave it |
//!
//! The delivery has succeeded when every item is there and was dealt with so; where a call fails, or
//! nobody knows, it is split again. Whatever an attempt did is found by the next.

use crate::{
    ledger::{Life, Work},
    ports::{Existing, Put},
    ticket::Why,
};

/// The next step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Send a ticket for this life of the item; then it is dealt with.
    Send {
        /// Which life.
        life: Life,
        /// Why.
        why: Why,
    },
    /// Read the item's work, then ask [`after_read`].
    ReadWork {
        /// The life of the item that stands in the ledger.
        life: Life,
        /// Why it stands there.
        found: Found,
    },
    /// It is dealt with.
    Leave,
}

/// Why an item is there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Found {
    /// This delivery brought it: an earlier attempt wrote it, or the SDK's retry met itself.
    Again,
    /// Another delivery brought it first.
    Redelivered,
    /// Somebody replays this delivery.
    Replayed,
}

/// After the write of an item. `delivery_id` is the delivery's, which its items share; `life`
/// is that of the record that was to be written; `epoch` counts the delivery's replays.
#[must_use]
pub fn after_put(put: &Put, delivery_id: &str, life: Life, epoch: u64) -> Step {
    match put {
        Put::Stored => Step::Send {
            life,
            why: Why::New,
        },
        Put::Exists(existing) => Step::ReadWork {
            life: existing.life,
            found: found(existing, delivery_id, epoch),
        },
    }
}

fn found(existing: &Existing, delivery_id: &str, epoch: u64) -> Found {
    if epoch > 0 {
        Found::Replayed
    } else if existing.delivery_id == delivery_id {
        Found::Again
    } else {
        Found::Redelivered
    }
}

/// After the read of the work of an item that was there. `life` is that of the item in the ledger.
#[must_use]
pub fn after_read(work: Option<&Work>, life: Life, found: Found) -> Step {
    let Some(work) = work.filter(|work| work.life >= life) else {
        return Step::Send {
            life,
            why: Why::New,
        };
    };
    let why = match found {
        Found::Redelivered => Why::Reopen,
        Found::Replayed => Why::Redrive,
        Found::Again => return Step::Leave,
    };
    if work.has_failed() {
        Step::Send { life, why }
    } else {
        Step::Leave
    }
}

#[cfg(test)]
#[path = "tests/split.rs"]
mod tests;
