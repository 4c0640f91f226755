//! What the model must refuse: each rule of the design, taken away, and the promise that breaks then.

use protocol::{
    decide::consumer::Action,
    ledger::{State as Status, Work},
    ticket::{Ticket, Why},
    time::UnixMillis,
};

use crate::{
    config::{CALM, Config},
    configs::{self, BASE},
    property::Property,
    state::{Left, Tick},
    step::life_of,
};

/// One delivery and no adversary.
const CALM_ONE: Config = configs::small(CALM);

/// A rule taken away.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mutant {
    /// Ingest answers before the put.
    AnswerBeforePut,
    /// Ingest takes a put whose fate is unknown for a put.
    FailedPutIsAccepted,
    /// Put, then send, without the outbox: the first write stores the id, the ticket carries the body.
    IdWithoutBody,
    /// The put's condition counts an expired event.
    ExpiredStillCounts,
    /// The body goes to the bucket after the item.
    ItemBeforeBody,
    /// The finish has no condition.
    UnfencedFinish,
    /// The finish's condition is the attempt alone.
    FenceOnAttempt,
    /// The handler runs although the claim's condition was false.
    RunUnclaimed,
    /// The claim has no condition.
    UnconditionalClaim,
    /// A succeeded event is claimed by any ticket.
    SucceededRunsAgain,
    /// A succeeded event's ticket is dropped, whatever its epoch.
    SucceededDrops,
    /// A failed event's ticket is dropped unless its epoch is newer.
    FailedDropsUnlessNewer,
    /// A redelivery of a failed event is a duplicate like any other.
    FailedIsDuplicate,
    /// A redelivery of a failed event is answered 200 though no ticket could be sent.
    ReopenedUnsent,
    /// A redelivery's ticket opens a failed event like any other.
    ReopensAtOnce,
    /// A redelivery's ticket that comes too soon is dropped.
    TooSoonDrops,
    /// An event whose source isn't configured is done.
    UnknownIsDone,
    /// A ticket that meets a live lease is dropped.
    LiveLeaseDrops,
    /// An AWS error deletes the ticket.
    DeleteOnError,
    /// Failed is written before the dead-letter queue has the ticket.
    FailedBeforeBuried,
    /// Delete, then write succeeded.
    DeleteBeforeWrite,
    /// The sweeper looks once.
    SweepsOnce,
    /// The cursor passes an event whose send is not confirmed.
    CursorPassesUnsent,
    /// The cursor follows the clock, past events that the index doesn't show yet.
    CursorPassesUnseen,
    /// An older life's work counts for the new life.
    OldLifeCounts,
}

/// All of them.
pub const MUTANTS: [Mutant; 25] = [
    Mutant::AnswerBeforePut,
    Mutant::FailedPutIsAccepted,
    Mutant::IdWithoutBody,
    Mutant::ExpiredStillCounts,
    Mutant::ItemBeforeBody,
    Mutant::UnfencedFinish,
    Mutant::FenceOnAttempt,
    Mutant::RunUnclaimed,
    Mutant::UnconditionalClaim,
    Mutant::SucceededRunsAgain,
    Mutant::SucceededDrops,
    Mutant::FailedDropsUnlessNewer,
    Mutant::FailedIsDuplicate,
    Mutant::ReopenedUnsent,
    Mutant::ReopensAtOnce,
    Mutant::TooSoonDrops,
    Mutant::UnknownIsDone,
    Mutant::LiveLeaseDrops,
    Mutant::DeleteOnError,
    Mutant::FailedBeforeBuried,
    Mutant::DeleteBeforeWrite,
    Mutant::SweepsOnce,
    Mutant::CursorPassesUnsent,
    Mutant::CursorPassesUnseen,
    Mutant::OldLifeCounts,
];

impl Mutant {
    /// The promises that it breaks, and no others.
    #[must_use]
    pub const fn breaks(self) -> &'static [Property] {
        match self {
            Self::AnswerBeforePut | Self::FailedPutIsAccepted => &[Property::S1],
            Self::IdWithoutBody | Self::ExpiredStillCounts | Self::ItemBeforeBody => {
                &[Property::S2]
            }
            Self::UnfencedFinish | Self::FenceOnAttempt => &[Property::S3],
            Self::RunUnclaimed | Self::SucceededRunsAgain | Self::ReopensAtOnce => &[Property::S4],
            // Two that read the same claim the same: then the fence can't tell them apart either.
            Self::UnconditionalClaim => &[Property::S3, Property::S4],
            Self::SucceededDrops
            | Self::FailedDropsUnlessNewer
            | Self::FailedIsDuplicate
            | Self::ReopenedUnsent
            | Self::TooSoonDrops => &[Property::S5],
            Self::UnknownIsDone
            | Self::LiveLeaseDrops
            | Self::DeleteOnError
            | Self::FailedBeforeBuried
            | Self::DeleteBeforeWrite
            | Self::SweepsOnce
            | Self::CursorPassesUnsent
            | Self::CursorPassesUnseen
            | Self::OldLifeCounts => &[Property::L1],
        }
    }

    /// Where it is explored: the smallest adversary that needs the rule.
    #[must_use]
    pub fn config(self) -> Config {
        let base = configs::small(BASE);
        let twice = |config: Config| Config {
            left: Left {
                deliveries: 2,
                twice: 0,
                ..config.left
            },
            ..config
        };
        match self {
            Self::ExpiredStillCounts | Self::OldLifeCounts => Config {
                consumers: 1,
                ..configs::EXPIRY
            },
            // Without the sweeper.
            Self::FenceOnAttempt => Config {
                ages: &[9],
                ..configs::EXPIRY
            },
            Self::ItemBeforeBody => Config {
                large: true,
                ..twice(base)
            },
            Self::IdWithoutBody | Self::FailedIsDuplicate | Self::ReopenedUnsent => twice(base),
            Self::ReopensAtOnce | Self::TooSoonDrops => Config {
                reopens: 0,
                ..twice(CALM_ONE)
            },
            Self::UnknownIsDone => configs::small(configs::DEPLOYS),
            Self::UnfencedFinish => Config {
                left: Left {
                    twice: 1,
                    ..CALM_ONE.left
                },
                zombies: true,
                ..CALM_ONE
            },
            Self::RunUnclaimed | Self::UnconditionalClaim | Self::SucceededRunsAgain => Config {
                left: Left {
                    twice: 1,
                    ..CALM_ONE.left
                },
                ..base
            },
            Self::FailedPutIsAccepted => Config {
                left: Left {
                    faults: 1,
                    ..CALM_ONE.left
                },
                ..base
            },
            Self::LiveLeaseDrops => Config {
                left: Left {
                    faults: 0,
                    ..base.left
                },
                ..base
            },
            Self::FailedBeforeBuried | Self::DeleteBeforeWrite => Config {
                left: Left {
                    crashes: 1,
                    ..CALM_ONE.left
                },
                ..base
            },
            Self::SucceededDrops => configs::small(configs::REPLAY),
            Self::FailedDropsUnlessNewer => configs::small(configs::REDRIVE),
            Self::SweepsOnce => configs::small(configs::LOSS),
            Self::CursorPassesUnseen => configs::small(configs::LATE_INDEX),
            Self::CursorPassesUnsent => Config { ages: &[1], ..base },
            _ => base,
        }
    }

    /// Changes what the decision is told.
    pub(crate) fn misreads(
        self,
        ticket: &mut Ticket,
        work: Option<Work>,
        event: Option<Tick>,
    ) -> Option<Work> {
        match (self, work, event) {
            (Self::SucceededRunsAgain, Some(work), Some(life)) => {
                if work.state == Status::Succeeded && work.life == life_of(life) {
                    ticket.life = work.life;
                    ticket.epoch = ticket.epoch.max(work.epoch + 1);
                }
                Some(work)
            }
            (Self::OldLifeCounts, Some(work), Some(life)) => Some(Work {
                life: life_of(life),
                ..work
            }),
            (Self::ReopensAtOnce, work, _) => {
                ticket.why = Why::Look;
                work
            }
            (_, work, _) => work,
        }
    }

    /// Changes what was decided.
    pub(crate) fn decides(
        self,
        action: Action,
        ticket: &Ticket,
        work: Option<&Work>,
        now: UnixMillis,
    ) -> Action {
        let Some(work) = work else { return action };
        let live = work.state == Status::Processing && work.until > now;
        let drops = match (self, &action) {
            (Self::LiveLeaseDrops, Action::PutBack { .. }) => live,
            (Self::TooSoonDrops, Action::Postpone { .. }) => true,
            (Self::SucceededDrops, Action::Claim(_)) => work.state == Status::Succeeded,
            (Self::FailedDropsUnlessNewer, Action::Claim(_)) => {
                work.state == Status::Failed && ticket.epoch <= work.epoch
            }
            _ => false,
        };
        if drops { Action::Drop } else { action }
    }
}
