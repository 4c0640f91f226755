//! What the model must refuse: each rule of the protocol, taken away, and the promise that breaks then. How each is taken
//! away is in `wrong.rs`.

use crate::{
    config::{CALM, Config},
    configs::{self, BASE},
    property::Property,
    state::Left,
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
    /// A leg that has succeeded is opened by any ticket.
    SucceededRunsAgain,
    /// A replay of what has succeeded asks nothing.
    ReplayDrops,
    /// A redrive asks nothing.
    RedriveDrops,
    /// A spare ticket opens what failed, like a redrive.
    SpareOpens,
    /// What opened the last rounds is forgotten.
    ByForgotten,
    /// A redelivery of a failed event is a duplicate like any other.
    FailedIsDuplicate,
    /// A redelivery of an event of which one leg failed and another waits is a duplicate.
    WaitingIsDuplicate,
    /// A redelivery of a failed event is answered 200 though no ticket could be sent.
    ReopenedUnsent,
    /// A redelivery's ticket opens a failed event like any other.
    ReopensAtOnce,
    /// A redelivery's ticket that comes too soon is dropped.
    TooSoonDrops,
    /// The row of legs that wait comes before what the ticket asks.
    WaitsBeforeAsked,
    /// A leg that lapsed at its limit is given up, whatever the ticket asks.
    LapsedBeforeAsked,
    /// Replays are numbered for the event as a whole.
    OneEpoch,
    /// That a replay of all was served is forgotten.
    AllForgotten,
    /// Whatever lapsed runs again together.
    LapsedRunTogether,
    /// A leg that is due runs all its neighbours again.
    DueRunsAll,
    /// An event has failed as soon as a leg has, whatever waits.
    FailedBeforeOthers,
    /// A leg that is held uses a try.
    HeldUsesTry,
    /// A leg whose route is gone is held for ever.
    GoneForEver,
    /// A leg whose route is gone is left out.
    GoneIsDone,
    /// A ticket that names a route which is gone is dropped.
    UnknownRouteDrops,
    /// What is asked of an event whose source is gone isn't put into the dead-letter queue.
    AskIsNotBuried,
    /// The ticket is deleted before the one for the legs that wait is sent; and no sweeper looks.
    DeletedBeforeAgain,
    /// The ticket is deleted though the one for the legs that wait could not be sent; and no sweeper looks.
    UnsentAgainIsDeleted,
    /// An event whose source isn't configured is done.
    UnknownIsDone,
    /// A ticket that meets a live lease is dropped.
    LiveLeaseDrops,
    /// An AWS error deletes the ticket.
    DeleteOnError,
    /// Failed is written before the dead-letter queue has the ticket.
    FailedBeforeBuried,
    /// Delete, then write succeeded; and no sweeper looks.
    DeleteBeforeWrite,
    /// The sweeper looks once.
    SweepsOnce,
    /// The last look trusts that what isn't overdue is in hand.
    LastLookTrusts,
    /// The cursor passes an event whose send is not confirmed.
    CursorPassesUnsent,
    /// The cursor follows the clock, past events that the index doesn't show yet.
    CursorPassesUnseen,
    /// An older life's work counts for the new life.
    OldLifeCounts,
}

/// All of them.
pub const MUTANTS: [Mutant; 43] = [
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
    Mutant::ReplayDrops,
    Mutant::RedriveDrops,
    Mutant::SpareOpens,
    Mutant::ByForgotten,
    Mutant::FailedIsDuplicate,
    Mutant::WaitingIsDuplicate,
    Mutant::ReopenedUnsent,
    Mutant::ReopensAtOnce,
    Mutant::TooSoonDrops,
    Mutant::WaitsBeforeAsked,
    Mutant::LapsedBeforeAsked,
    Mutant::OneEpoch,
    Mutant::AllForgotten,
    Mutant::LapsedRunTogether,
    Mutant::DueRunsAll,
    Mutant::FailedBeforeOthers,
    Mutant::HeldUsesTry,
    Mutant::GoneForEver,
    Mutant::GoneIsDone,
    Mutant::UnknownRouteDrops,
    Mutant::AskIsNotBuried,
    Mutant::DeletedBeforeAgain,
    Mutant::UnsentAgainIsDeleted,
    Mutant::UnknownIsDone,
    Mutant::LiveLeaseDrops,
    Mutant::DeleteOnError,
    Mutant::FailedBeforeBuried,
    Mutant::DeleteBeforeWrite,
    Mutant::SweepsOnce,
    Mutant::LastLookTrusts,
    Mutant::CursorPassesUnsent,
    Mutant::CursorPassesUnseen,
    Mutant::OldLifeCounts,
];

impl Mutant {
    /// Whether no sweeper looks: it would make up for what is wrong.
    #[must_use]
    pub const fn is_without_sweeper(self) -> bool {
        matches!(
            self,
            Self::DeletedBeforeAgain | Self::UnsentAgainIsDeleted | Self::DeleteBeforeWrite
        )
    }

    /// The promises that it breaks, and no others.
    #[must_use]
    pub const fn breaks(self) -> &'static [Property] {
        match self {
            Self::AnswerBeforePut | Self::FailedPutIsAccepted => &[Property::S1],
            Self::IdWithoutBody | Self::ExpiredStillCounts | Self::ItemBeforeBody => {
                &[Property::S2]
            }
            Self::UnfencedFinish | Self::FenceOnAttempt => &[Property::S3],
            Self::RunUnclaimed
            | Self::SucceededRunsAgain
            | Self::SpareOpens
            | Self::ByForgotten
            | Self::ReopensAtOnce
            | Self::AllForgotten
            | Self::DueRunsAll => &[Property::S4],
            // Two that read the same claim the same: then the fence can't tell them apart either.
            Self::UnconditionalClaim => &[Property::S3, Property::S4],
            Self::ReplayDrops
            | Self::RedriveDrops
            | Self::FailedIsDuplicate
            | Self::WaitingIsDuplicate
            | Self::ReopenedUnsent
            | Self::TooSoonDrops
            | Self::WaitsBeforeAsked
            | Self::LapsedBeforeAsked
            | Self::OneEpoch
            | Self::UnknownRouteDrops
            | Self::AskIsNotBuried => &[Property::S5],
            Self::UnknownIsDone
            | Self::LiveLeaseDrops
            | Self::DeleteOnError
            | Self::FailedBeforeBuried
            | Self::DeleteBeforeWrite
            | Self::SweepsOnce
            | Self::CursorPassesUnsent
            | Self::CursorPassesUnseen
            | Self::LastLookTrusts
            | Self::LapsedRunTogether
            | Self::FailedBeforeOthers
            | Self::HeldUsesTry
            | Self::GoneForEver
            | Self::GoneIsDone
            | Self::DeletedBeforeAgain
            | Self::UnsentAgainIsDeleted
            | Self::OldLifeCounts => &[Property::L1],
        }
    }

    /// Where it is explored: the smallest adversary that needs the rule.
    #[expect(clippy::too_many_lines, reason = "a table, with a row for each mutant")]
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
            Self::UnknownIsDone => Config {
                left: Left {
                    deploys: 1,
                    ..CALM_ONE.left
                },
                consumers: 1,
                ..CALM_ONE
            },
            Self::UnfencedFinish => Config {
                left: Left {
                    twice: 1,
                    ..CALM_ONE.left
                },
                zombies: true,
                ..CALM_ONE
            },
            Self::RunUnclaimed
            | Self::UnconditionalClaim
            | Self::SucceededRunsAgain
            | Self::SpareOpens => Config {
                left: Left {
                    twice: 1,
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
            Self::ReplayDrops => configs::small(configs::REPLAY),
            Self::RedriveDrops => configs::small(configs::REDRIVE),
            Self::ByForgotten => Config {
                left: Left {
                    twice: 1,
                    redrives: 1,
                    ..CALM_ONE.left
                },
                ..base
            },
            Self::WaitingIsDuplicate | Self::WaitsBeforeAsked => configs::TWO_LEGS_REOPEN,
            Self::LapsedBeforeAsked => Config {
                consumers: 1,
                left: Left {
                    redrives: 2,
                    crashes: 2,
                    faults: 1,
                    ..CALM_ONE.left
                },
                ..base
            },
            Self::OneEpoch => Config {
                horizon: 1,
                ..configs::TWO_LEGS_REPLAY
            },
            Self::AllForgotten => configs::STALE_REPLAY,
            Self::LapsedRunTogether => configs::POISON,
            Self::DueRunsAll | Self::FailedBeforeOthers => Config {
                routes: 3,
                consumers: 1,
                ..CALM_ONE
            },
            Self::HeldUsesTry => Config {
                left: Left {
                    crashes: 0,
                    ..configs::HELD.left
                },
                ..configs::HELD
            },
            Self::GoneForEver | Self::GoneIsDone | Self::UnknownRouteDrops => Config {
                left: Left {
                    reroutes: 1,
                    ..configs::ROUTES_CHANGE.left
                },
                ..configs::ROUTES_CHANGE
            },
            Self::AskIsNotBuried => Config {
                left: Left {
                    deliveries: 1,
                    deploys: 1,
                    redrives: 1,
                    ..CALM.left
                },
                routes: 3,
                consumers: 1,
                ..CALM
            },
            Self::DeletedBeforeAgain | Self::FailedBeforeBuried | Self::DeleteBeforeWrite => {
                Config {
                    left: Left {
                        crashes: 1,
                        ..CALM_ONE.left
                    },
                    ..base
                }
            }
            Self::UnsentAgainIsDeleted | Self::FailedPutIsAccepted => Config {
                left: Left {
                    faults: 1,
                    ..CALM_ONE.left
                },
                ..base
            },
            Self::LastLookTrusts => configs::small(configs::BACKLOG),
            Self::SweepsOnce => configs::small(configs::LOSS),
            Self::CursorPassesUnseen => configs::small(configs::LATE_INDEX),
            Self::CursorPassesUnsent => Config { ages: &[1], ..base },
            _ => base,
        }
    }
}
