//! What the consumer does with a ticket. What the holder of a claim does after the run is [`finish`](super::finish)'s.
//!
//! | found by a ticket of epoch t (another life's ticket counts as t = 0) | action |
//! |---|---|
//! | event absent or expired | to the dead-letter queue, delete |
//! | work absent, or of an older life | claim: attempt old + 1 or 1, tries 1, epoch t |
//! | work of a newer life than the event read | put back |
//! | waiting, until passed | claim: attempt + 1, tries + 1, epoch max(work, t) |
//! | waiting, until ahead | put back until then |
//! | processing, lease lapsed | claim: attempt + 1, tries + 1, epoch max; over the limit: don't run, fail |
//! | processing, lease live | put back until it ends: the ticket may be the owner's own message |
//! | succeeded, t ≤ epoch | delete |
//! | succeeded, t > epoch | claim: attempt + 1, tries 1, epoch t (a replay) |
//! | failed, a redelivery's ticket, fewer than three rounds opened by such, or an hour after the failure | claim: attempt + 1, tries 1, epoch max, reopens + 1 |
//! | failed, a redelivery's ticket, else | postpone: waiting until an hour after the failure, tries 0, reopens + 1; then put back until then |
//! | failed, any other ticket | claim: attempt + 1, tries 1, epoch max (a redrive is never swallowed) |
//!
//! Where this would claim or postpone, and the configuration doesn't know the event's source:
//!
//! | | action |
//! |---|---|
//! | the event was received within the last hour: a deploy may be under way | put back for a minute |
//! | older, failed or succeeded | to the dead-letter queue, delete |
//! | older, any other | claim, don't run, fail |
//!
//! A redelivery proves no more than that somebody has a delivery. Postponed, its round is in the ledger: the sweeper
//! looks after it, and further redeliveries are duplicates of an event that waits, which cost no ticket.

use crate::{
    ledger::{EventRecord, Life, State, WORK_OUTLIVES_EVENT, Work, WorkVersion},
    ticket::{Ticket, Why},
    time::{Millis, UnixMillis, UnixSeconds},
};

/// How long an event waits for a source that the configuration doesn't know, from its receipt on.
const UNKNOWN_SOURCE: Millis = Millis::seconds(3_600);

/// How long its ticket is put back each time.
const UNKNOWN_SOURCE_AGAIN: Millis = Millis::seconds(60);

/// What an event is to the decisions: its life and its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recording {
    /// Which life of its id.
    pub life: Life,
    /// When it stops counting.
    pub expires_at: UnixSeconds,
}

/// How long and how often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How many tries a round has.
    pub tries: u32,
    /// The backoff's unit.
    pub backoff_base: Millis,
    /// The longest backoff.
    pub backoff_max: Millis,
    /// How many rounds redeliveries of a failed event open at once.
    pub reopens: u32,
    /// How long after the failure each further one is opened at the soonest.
    pub reopen_after: Millis,
}

/// A lease to be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lease {
    /// When it will lapse.
    pub ends: UnixMillis,
    /// The token that names its claim.
    pub token: u64,
}

/// Whether the configuration knows an event's source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Configured {
    /// It does.
    Yes,
    /// It doesn't, or not yet.
    No,
}

/// What to do with a ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Put it into the dead-letter queue and delete it.
    Bury(Reason),
    /// Hide it until then, and report it as failed.
    PutBack {
        /// When it is to be seen again, before jitter.
        until: UnixMillis,
    },
    /// Delete it: what it asks for is done.
    Drop,
    /// Claim the event.
    Claim(Claim),
    /// Write that it waits, then put the ticket back until then.
    Postpone {
        /// The condition: work as it was read.
        as_read: WorkVersion,
        /// The work to write.
        work: Work,
    },
}

/// A claim to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The condition: work as it was read.
    pub as_read: Option<WorkVersion>,
    /// The work to write.
    pub work: Work,
    /// What to do once it is written.
    pub then: Then,
}

/// What to do with a claim that is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// Run the handler.
    Run,
    /// Run the handler, but not beside others: the last holder never came back, and what killed it may kill its
    /// neighbours too.
    RunAlone,
    /// Don't run: the last holder never came back, and no tries are left.
    GiveUp,
    /// Don't run: the configuration has no such source.
    Disown,
}

/// Why a ticket goes to the dead-letter queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It is no ticket.
    Malformed,
    /// The ledger has no such event.
    Absent,
    /// The event's retention is over.
    Expired,
    /// The handler said that it will never succeed.
    Permanent,
    /// No tries are left.
    Exhausted,
    /// The configuration has no such source.
    UnknownSource,
}

/// Decides what to do with a ticket, from both items as they were read at once. `lease` is what a claim made
/// now would hold.
#[must_use]
pub fn on_ticket(
    ticket: &Ticket,
    event: Option<Recording>,
    work: Option<&Work>,
    source: Configured,
    now: UnixMillis,
    lease: Lease,
    limits: &Limits,
) -> Action {
    let Some(event) = event else {
        return Action::Bury(Reason::Absent);
    };
    if event.expires_at <= now.seconds() {
        return Action::Bury(Reason::Expired);
    }
    let action = of_known_source(ticket, event, work, now, lease, limits);
    match source {
        Configured::Yes => action,
        Configured::No => of_unknown_source(action, event, work, now),
    }
}

fn of_known_source(
    ticket: &Ticket,
    event: Recording,
    work: Option<&Work>,
    now: UnixMillis,
    lease: Lease,
    limits: &Limits,
) -> Action {
    let epoch = if ticket.life == event.life {
        ticket.epoch
    } else {
        0
    };
    let own = work.filter(|work| work.life == event.life);
    let claimed = |attempt: u64, tries: u32, epoch: u64| Work {
        life: event.life,
        state: State::Processing,
        attempt,
        tries,
        until: lease.ends,
        epoch,
        reopens: own.map_or(0, |work| work.reopens),
        token: lease.token,
        last_error: own.and_then(|work| work.last_error.clone()),
        expires_at: event
            .expires_at
            .millis()
            .plus(WORK_OUTLIVES_EVENT)
            .seconds(),
    };
    let claim = |work_to_write: Work, then: Then| {
        Action::Claim(Claim {
            as_read: work.map(Work::version),
            work: work_to_write,
            then,
        })
    };
    let Some(work) = work else {
        return claim(claimed(1, 1, epoch), Then::Run);
    };
    if work.life < event.life {
        return claim(claimed(work.attempt + 1, 1, epoch), Then::Run);
    }
    if work.life > event.life {
        return Action::PutBack { until: now };
    }
    let next = work.attempt + 1;
    let latest = work.epoch.max(epoch);
    match work.state {
        State::Waiting | State::Processing if work.until > now => {
            Action::PutBack { until: work.until }
        }
        State::Waiting => claim(claimed(next, work.tries + 1, latest), Then::Run),
        State::Processing => {
            let then = if work.tries < limits.tries {
                Then::RunAlone
            } else {
                Then::GiveUp
            };
            claim(claimed(next, work.tries + 1, latest), then)
        }
        State::Succeeded if epoch <= work.epoch => Action::Drop,
        State::Failed if ticket.why == Why::Reopen => {
            let due = work.until.plus(limits.reopen_after);
            let round = Work {
                reopens: work.reopens.saturating_add(1),
                ..claimed(next, 1, latest)
            };
            if work.reopens < limits.reopens || due <= now {
                return claim(round, Then::Run);
            }
            Action::Postpone {
                as_read: work.version(),
                work: Work {
                    state: State::Waiting,
                    attempt: work.attempt,
                    tries: 0,
                    until: due,
                    ..round
                },
            }
        }
        State::Succeeded | State::Failed => claim(claimed(next, 1, latest), Then::Run),
    }
}

/// What to do instead of an action that would do, or prepare, the work of an event whose source isn't configured.
fn of_unknown_source(
    action: Action,
    event: Recording,
    work: Option<&Work>,
    now: UnixMillis,
) -> Action {
    let (Action::Claim(_) | Action::Postpone { .. }) = action else {
        return action;
    };
    if now.since(event.life.0) < UNKNOWN_SOURCE {
        return Action::PutBack {
            until: now.plus(UNKNOWN_SOURCE_AGAIN),
        };
    }
    let own = work.filter(|work| work.life == event.life);
    match (action, own.map(|work| work.state)) {
        (Action::Claim(claim), None | Some(State::Waiting | State::Processing)) => {
            Action::Claim(Claim {
                then: Then::Disown,
                ..claim
            })
        }
        _ => Action::Bury(Reason::UnknownSource),
    }
}

/// 1 to 5 s, so that tickets that were put back together don't come back together.
#[must_use]
pub fn put_back_jitter(random: u64) -> Millis {
    Millis(1_000 + i64::try_from((u128::from(random) * 4_001) >> 64).unwrap_or(0))
}

impl Limits {
    /// How many rounds redeliveries open at once, by default.
    pub const REOPENS: u32 = 3;
    /// How long after a failure each further one is opened, by default.
    pub const REOPEN_AFTER: Millis = Millis::seconds(3_600);
}

impl Recording {
    /// What the decisions need of a record.
    #[must_use]
    pub const fn of(event: &EventRecord) -> Self {
        Self {
            life: event.life(),
            expires_at: event.expires_at,
        }
    }
}

impl Reason {
    /// The reason in a word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::Absent => "absent",
            Self::Expired => "expired",
            Self::Permanent => "permanent",
            Self::Exhausted => "exhausted",
            Self::UnknownSource => "unknown_source",
        }
    }
}

#[cfg(test)]
#[path = "tests/consumer.rs"]
mod tests;
