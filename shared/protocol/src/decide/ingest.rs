//! What ingest does once a delivery is authentic.
//!
//! | found | then |
//! |---|---|
//! | written, or the write met itself | send the ticket; accepted, sent or not |
//! | the write failed, or its fate is unknown | unavailable |
//! | duplicate, work absent or of an older life | send; duplicate, sent or not |
//! | duplicate, a leg failed: someone pressed "redeliver"; also while another leg waits | send `reopen`; reopened if sent, else unavailable |
//! | duplicate, else | duplicate |
//! | duplicate, work unreadable | send `reopen`; duplicate if sent, else unavailable |
//!
//! Whoever is told "accepted" or "duplicate" without a ticket sent is safe all the same: the event is
//! in the ledger, and the sweeper finds whatever has no work or overdue work. A failed event it never
//! looks at; hence there a ticket that can't be sent must be answered so that the provider tries
//! again.

use crate::{
    fault::Fault,
    ledger::{Life, Work},
    ports::Put,
    ticket::Why,
};

/// The next step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Answer.
    Answer(Answer),
    /// Send a ticket for this life of the event, then answer.
    Send {
        /// Which life.
        life: Life,
        /// Why.
        why: Why,
        /// The answer if the ticket was sent.
        sent: Answer,
        /// The answer if it was not, or its fate is unknown.
        unsent: Answer,
    },
    /// Read the event's work, then ask [`after_read`].
    ReadWork {
        /// The life of the event that stands in the ledger.
        life: Life,
    },
}

/// What the provider is told about an authentic event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// 200: recorded just now.
    Accepted,
    /// 200: recorded before.
    Duplicate,
    /// 200: recorded before, given up, and now tried again.
    Reopened,
    /// 503: send it again.
    Unavailable,
}

/// After the write of the event. `delivery_id` and `life` are those of the record that was to
/// be written.
#[must_use]
pub fn after_put(put: &Result<Put, Fault>, delivery_id: &str, life: Life) -> Step {
    let accepted = Step::Send {
        life,
        why: Why::New,
        sent: Answer::Accepted,
        unsent: Answer::Accepted,
    };
    match put {
        Ok(Put::Stored) => accepted,
        // The SDK's own retry met the write whose answer was lost.
        Ok(Put::Exists(existing)) if existing.delivery_id == delivery_id => accepted,
        Ok(Put::Exists(existing)) => Step::ReadWork {
            life: existing.life,
        },
        Err(_) => Step::Answer(Answer::Unavailable),
    }
}

/// After the read of a duplicate's work. `life` is that of the event in the ledger.
#[must_use]
pub fn after_read(work: &Result<Option<Work>, Fault>, life: Life) -> Step {
    let send = |why, sent, unsent| Step::Send {
        life,
        why,
        sent,
        unsent,
    };
    match work {
        Err(_) => send(Why::Reopen, Answer::Duplicate, Answer::Unavailable),
        Ok(Some(work)) if work.life >= life => {
            if work.has_failed() {
                send(Why::Reopen, Answer::Reopened, Answer::Unavailable)
            } else {
                Step::Answer(Answer::Duplicate)
            }
        }
        Ok(_) => send(Why::New, Answer::Duplicate, Answer::Duplicate),
    }
}

impl Answer {
    /// The answer in a word: the `outcome` of the response.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Duplicate => "duplicate",
            Self::Reopened => "reopened",
            Self::Unavailable => "unavailable",
        }
    }
}

#[cfg(test)]
#[path = "tests/ingest.rs"]
mod tests;
