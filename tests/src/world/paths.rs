//! The paths that the crash tests cut at every effect: what each does on a good day, and who may help on a bad one.

use super::{
    Recovery,
    ways::{Start, Way},
};

/// A way, and what is known of it.
pub struct Path {
    /// Which.
    pub way: Way,
    /// Its effects on a good day, in order where they come one after the other, else sorted.
    pub effects: &'static str,
    /// How things stand after a good day and its recovery.
    pub ends: &'static str,
}

pub(super) const fn path(way: Way, effects: &'static str, ends: &'static str) -> Path {
    Path { way, effects, ends }
}

/// Every way. A new effect changes a line here, or the test fails.
pub const PATHS: &[Path] = &[
    path(
        Way::New,
        "put_event send answer",
        "e succeeded, runs 1, epoch 0 |",
    ),
    path(
        Way::NewLarge,
        "put_body put_event send answer",
        "e succeeded, runs 1, epoch 0 |",
    ),
    path(
        Way::ColdStart,
        "secret put_event send answer",
        "e succeeded, runs 1, epoch 0 |",
    ),
    path(
        Way::SecretDue,
        "answer put_event secret send",
        "e succeeded, runs 1, epoch 0 |",
    ),
    path(
        Way::Rotated,
        "secret put_event send answer",
        "e succeeded, runs 1, epoch 0 |",
    ),
    path(
        Way::NamedKey,
        "fetch put_event send answer",
        "e succeeded, runs 1, epoch 0 |",
    ),
    path(
        Way::DuplicateOfNoWork,
        "put_event read_work send answer",
        "e succeeded, runs 1, epoch 0 |",
    ),
    path(
        Way::DuplicateOfWaiting,
        "put_event read_work answer",
        "e succeeded, runs 2, epoch 0 |",
    ),
    path(
        Way::DuplicateOfProcessing,
        "put_event read_work answer",
        "e succeeded, runs 2, epoch 0 |",
    ),
    path(
        Way::DuplicateOfSucceeded,
        "put_event read_work answer",
        "e succeeded, runs 1, epoch 0 |",
    ),
    path(
        Way::RedeliveryOfFailed,
        "put_event read_work send answer",
        "e succeeded, runs 4, epoch 0 | exhausted",
    ),
    path(
        Way::SecondLife,
        "put_event send answer read claim project finish_succeeded answer",
        "e succeeded, runs 2, epoch 0 |",
    ),
    path(Way::HandOver, "keep answer", " |"),
    path(
        Way::Question,
        "read claim get finish_succeeded answer",
        "e succeeded, runs 1, epoch 0 |",
    ),
    path(
        Way::Success,
        "read claim project finish_succeeded answer",
        "e succeeded, runs 1, epoch 0 |",
    ),
    path(
        Way::SuccessLarge,
        "read get_body claim project finish_succeeded answer",
        "e succeeded, runs 1, epoch 0 |",
    ),
    path(
        Way::Retry,
        "read claim project finish_waiting send_again delete answer read claim project finish_succeeded answer",
        "e succeeded, runs 2, epoch 0 |",
    ),
    path(
        Way::Panic,
        "read claim project finish_waiting send_again delete answer read claim project finish_succeeded answer",
        "e succeeded, runs 2, epoch 0 |",
    ),
    path(
        Way::Permanent,
        "read claim project bury finish_failed answer",
        "e failed, runs 1, epoch 0 | permanent",
    ),
    path(
        Way::Exhausted,
        "read claim project bury finish_failed answer",
        "e failed, runs 3, epoch 0 | exhausted",
    ),
    path(
        Way::AfterCrash,
        "read read claim project finish_succeeded answer",
        "e succeeded, runs 2, epoch 0 |",
    ),
    path(
        Way::GiveUp,
        "read claim bury finish_failed answer",
        "e failed, runs 3, epoch 0 | exhausted",
    ),
    path(
        Way::Overtaken,
        "read claim project finish_succeeded answer",
        "e succeeded, runs 1, epoch 0 |",
    ),
    path(
        Way::PutBack,
        "read hide answer",
        "e succeeded, runs 2, epoch 0 |",
    ),
    path(
        Way::Dropped,
        "read answer",
        "e succeeded, runs 1, epoch 0 |",
    ),
    path(Way::Malformed, "bury answer", " | malformed"),
    path(Way::Absent, "read bury answer", " | absent"),
    path(
        Way::ReopenedLater,
        "read settle send_again delete answer",
        "e succeeded, runs 13, epoch 0 | exhausted exhausted exhausted exhausted",
    ),
    path(
        Way::SourceUnknown,
        "read send_again delete answer",
        "e failed, runs 0, epoch 0 | unknown_source",
    ),
    path(
        Way::SourceGone,
        "read claim bury finish_failed answer",
        "e failed, runs 0, epoch 0 | unknown_source",
    ),
    path(
        Way::Replay,
        "read claim project finish_succeeded answer",
        "e succeeded, runs 2, epoch 1 |",
    ),
    path(
        Way::Redrive,
        "read claim project finish_succeeded answer",
        "e succeeded, runs 4, epoch 0 |",
    ),
    path(
        Way::BothFine,
        "answer claim finish_succeeded project project read",
        "e succeeded, runs 2, epoch 0 |",
    ),
    path(
        Way::OneRetried,
        "answer answer claim claim delete finish_succeeded finish_waiting project project project read read send_again",
        "e succeeded, runs 3, epoch 0 |",
    ),
    path(
        Way::OneRefused,
        "answer bury claim finish_failed project project read",
        "e failed, runs 2, epoch 0 | permanent",
    ),
    path(
        Way::OneReopened,
        "answer put_event read_work send",
        "e failed, runs 4, epoch 0 | permanent permanent",
    ),
    path(
        Way::OneRedriven,
        "answer bury claim finish_failed project read",
        "e failed, runs 3, epoch 0 | permanent",
    ),
    path(
        Way::BothLapsed,
        "read read claim project finish_waiting send_again delete answer",
        "e succeeded, runs 4, epoch 0 |",
    ),
    path(
        Way::BothReplayed,
        "answer claim finish_succeeded project project read",
        "e succeeded, runs 4, epoch 1 |",
    ),
    path(
        Way::FailureTold,
        "answer bury claim finish_failed project project read send",
        "landfall.event.failed succeeded, runs 1, epoch 0; e failed, runs 2, epoch 0 | permanent",
    ),
    path(
        Way::GivenUpTold,
        "read claim bury finish_failed send answer",
        "landfall.event.failed succeeded, runs 1, epoch 0; e failed, runs 3, epoch 0 | exhausted",
    ),
    path(
        Way::OpeningTold,
        "read claim read_health deliver read_health write_health send finish_waiting send_again delete answer",
        "landfall.destination.closed succeeded, runs 1, epoch 0; landfall.destination.opened succeeded, runs 1, epoch 0; e succeeded, runs 2, epoch 0 |",
    ),
    path(
        Way::ClosingTold,
        "read claim read_health write_health deliver read_health write_health send finish_succeeded answer",
        "landfall.destination.closed succeeded, runs 1, epoch 0; e succeeded, runs 1, epoch 0 |",
    ),
    path(
        Way::Batch,
        "read claim project finish_succeeded read claim project finish_waiting send_again delete read claim project bury finish_failed read get_body claim project finish_succeeded bury answer",
        "a succeeded, runs 1, epoch 0; b succeeded, runs 2, epoch 0; c failed, runs 1, epoch 0; d succeeded, runs 1, epoch 0 | permanent malformed",
    ),
    path(
        Way::Twins,
        "answer claim claim finish_succeeded hide project read read",
        "e succeeded, runs 1, epoch 0 |",
    ),
    path(
        Way::Split,
        "answer claim finish_succeeded put_event put_event put_event read send send send",
        "a succeeded, runs 1, epoch 0; b succeeded, runs 2, epoch 0; c failed, runs 1, epoch 0; e succeeded, runs 1, epoch 0 | permanent",
    ),
    path(
        Way::SplitLarge,
        "answer claim finish_succeeded get_body put_body put_event put_event put_event read send send send",
        "a succeeded, runs 1, epoch 0; b succeeded, runs 2, epoch 0; c failed, runs 1, epoch 0; e succeeded, runs 1, epoch 0 | permanent",
    ),
    path(
        Way::SplitAgain,
        "answer claim claim finish_succeeded finish_succeeded project put_event put_event put_event read read read read_work read_work read_work send send",
        "a succeeded, runs 1, epoch 0; b succeeded, runs 2, epoch 0; c failed, runs 1, epoch 0; e succeeded, runs 2, epoch 0 | permanent",
    ),
    path(
        Way::SplitOverlap,
        "answer claim finish_succeeded put_event put_event read read_work send send",
        "a succeeded, runs 1, epoch 0; b succeeded, runs 4, epoch 0; c succeeded, runs 1, epoch 0; e succeeded, runs 1, epoch 0; first succeeded, runs 1, epoch 0 | exhausted",
    ),
    path(
        Way::SplitReplay,
        "answer claim finish_succeeded put_event put_event read read_work read_work send",
        "a succeeded, runs 1, epoch 0; b succeeded, runs 4, epoch 0; e succeeded, runs 2, epoch 1 | exhausted",
    ),
    path(
        Way::SplitEmpty,
        "read claim finish_succeeded answer",
        "e succeeded, runs 1, epoch 0 |",
    ),
    path(
        Way::SplitNot,
        "read claim project finish_succeeded answer",
        "e succeeded, runs 1, epoch 0 |",
    ),
    path(
        Way::SplitGivenUp,
        "answer most_shards move_cursor oldest_ticket page page page page page peek_works read_cursor read_cursor read_cursor read_cursor read_cursor read_works send_together",
        "a succeeded, runs 1, epoch 0; b succeeded, runs 2, epoch 0; c failed, runs 1, epoch 0; e failed, runs 3, epoch 0 | exhausted permanent",
    ),
    path(
        Way::Backstop,
        "answer most_shards move_cursor oldest_ticket page page page page page peek_works read_cursor read_cursor read_cursor read_cursor read_cursor read_works send_together",
        "e succeeded, runs 1, epoch 0 | moved",
    ),
    path(
        Way::NeverSent,
        "answer most_shards move_cursor oldest_ticket page page page page page peek_works read_cursor read_cursor read_cursor read_cursor read_cursor read_works send_together",
        "e succeeded, runs 1, epoch 0 |",
    ),
    path(
        Way::Lost,
        "answer most_shards move_cursor oldest_ticket page page page page page peek_works read_cursor read_cursor read_cursor read_cursor read_cursor read_works send_together",
        "a succeeded, runs 1, epoch 0; b succeeded, runs 2, epoch 0; c failed, runs 1, epoch 0; d succeeded, runs 1, epoch 0 | permanent",
    ),
    path(
        Way::LostInHand,
        "answer most_shards move_cursor move_cursor oldest_ticket page page page page page peek_works peek_works read_cursor read_cursor read_cursor read_cursor read_cursor read_works read_works send_together send_together",
        "e succeeded, runs 2, epoch 0 |",
    ),
    path(
        Way::LastLook,
        "answer most_shards move_cursor page page page page page peek_works read_cursor read_cursor read_cursor read_cursor read_cursor read_works send_together",
        "e succeeded, runs 1, epoch 0 |",
    ),
    path(
        Way::CursorMoves,
        "answer most_shards move_cursor page page page page page peek_works read_cursor read_cursor read_cursor read_cursor read_cursor",
        "e succeeded, runs 1, epoch 0 |",
    ),
    path(
        Way::LateInTheIndex,
        "answer most_shards move_cursor page page page page page peek_works read_cursor read_cursor read_cursor read_cursor read_cursor",
        "e succeeded, runs 1, epoch 0; f succeeded, runs 1, epoch 0 |",
    ),
];

const PROVIDER_AND_SWEEPER: Recovery = Recovery {
    provider: true,
    sweeper: true,
};
const SWEEPER: Recovery = Recovery {
    provider: false,
    sweeper: true,
};
const QUEUE_ALONE: Recovery = Recovery {
    provider: false,
    sweeper: false,
};

impl Way {
    /// Who may help. A ticket that is in the queue must come to its end without any help at all.
    #[must_use]
    pub fn recoveries(self) -> &'static [Recovery] {
        match self.start() {
            // What was told and has no ticket yet is in nobody else's hand.
            _ if self.is_told() => &[SWEEPER],
            Start::Delivery => &[PROVIDER_AND_SWEEPER, SWEEPER],
            Start::Ticket => &[QUEUE_ALONE, SWEEPER],
            Start::Sweep => &[SWEEPER],
        }
    }

    /// Whether Landfall tells of it.
    fn is_told(self) -> bool {
        matches!(
            self,
            Self::FailureTold | Self::GivenUpTold | Self::OpeningTold | Self::ClosingTold
        )
    }

    /// Whether effects come side by side, so that their order says nothing.
    #[must_use]
    pub fn is_side_by_side(self) -> bool {
        let splits = matches!(
            self,
            Self::Split
                | Self::SplitLarge
                | Self::SplitAgain
                | Self::SplitOverlap
                | Self::SplitReplay
        );
        let both = matches!(
            self,
            Self::BothFine
                | Self::OneRetried
                | Self::OneRefused
                | Self::FailureTold
                | Self::OneReopened
                | Self::OneRedriven
                | Self::BothReplayed
        );
        splits
            || both
            || matches!(self, Self::SecretDue | Self::Twins)
            || matches!(self, Self::Sent(sending) if sending.is_side_by_side())
            || self.start() == Start::Sweep
    }
}
