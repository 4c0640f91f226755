//! The ways on which a leg goes to a destination.

use protocol::{
    decide::bounds::window,
    destination::Standing,
    outgoing::Refusal,
    ports::Mark,
    time::{Millis, UnixSeconds},
};
use support::world::{Mode, Plan, sqs::VISIBILITY};

use super::{
    destinations::{MINUTE, NARROW, event_out, transient},
    drive::World,
    paths::{Path, path},
    sender::Sent,
    ways::Way,
};

/// A way on which a leg goes to a destination.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sending {
    /// It is taken.
    Fine,
    /// It fails, and is taken when it is tried again.
    Later,
    /// It is refused for good.
    Refused,
    /// Its last try fails.
    Exhausted,
    /// It is taken by a destination that says the contrary, and again when it is tried again.
    Lied,
    /// An earlier holder died when it was taken.
    Lapsed,
    /// It was given up, and its letter is moved back.
    Redriven,
    /// It was taken, and is replayed.
    Replayed,
    /// It is the fifth that fails, and opens the destination.
    Opens,
    /// Its destination is open.
    Held,
    /// It is the trial of an open destination, and closes it.
    Trial,
    /// It is a trial that fails.
    TrialFails,
    /// It is the trial after one whose holder died.
    TrialAgain,
    /// Its destination has been paused for longer than its route waits.
    TooOld,
    /// Its destination has bounds, and room.
    Bounded,
    /// Every place is taken.
    NoPlace,
    /// The window is full.
    NoRate,
    /// The first state of an entity.
    Ordered,
    /// A state of an entity that is older than what went before.
    Older,
    /// A handler runs beside it.
    Beside,
    /// The same, where the destination refuses.
    BesideRefused,
}

/// What is known of each.
pub const SENDINGS: &[Path] = &[
    path(
        Way::Sent(Sending::Fine),
        "read claim read_health deliver finish_succeeded answer",
        "e succeeded, runs 1, epoch 0 |",
    ),
    path(
        Way::Sent(Sending::Later),
        "read claim read_health deliver read_health write_health finish_waiting send_again delete answer read claim read_health deliver finish_succeeded answer",
        "e succeeded, runs 2, epoch 0 |",
    ),
    path(
        Way::Sent(Sending::Refused),
        "read claim read_health deliver bury finish_failed answer",
        "e failed, runs 1, epoch 0 | permanent",
    ),
    path(
        Way::Sent(Sending::Exhausted),
        "read claim read_health deliver read_health write_health bury finish_failed answer",
        "e failed, runs 3, epoch 0 | exhausted",
    ),
    path(
        Way::Sent(Sending::Lied),
        "read claim read_health deliver read_health write_health finish_waiting send_again delete answer read claim read_health deliver finish_succeeded answer",
        "e succeeded, runs 2, epoch 0 |",
    ),
    path(
        Way::Sent(Sending::Lapsed),
        "read read claim read_health deliver finish_succeeded answer",
        "e succeeded, runs 2, epoch 0 |",
    ),
    path(
        Way::Sent(Sending::Redriven),
        "read claim read_health deliver finish_succeeded answer",
        "e succeeded, runs 2, epoch 0 |",
    ),
    path(
        Way::Sent(Sending::Replayed),
        "read claim read_health deliver finish_succeeded answer",
        "e succeeded, runs 2, epoch 1 |",
    ),
    path(
        Way::Sent(Sending::Opens),
        "read claim read_health deliver read_health write_health finish_waiting send_again delete answer",
        "e succeeded, runs 2, epoch 0 |",
    ),
    path(
        Way::Sent(Sending::Held),
        "read claim read_health finish_waiting send_again delete answer",
        "e succeeded, runs 1, epoch 0 |",
    ),
    path(
        Way::Sent(Sending::Trial),
        "read claim read_health write_health deliver read_health write_health finish_succeeded answer",
        "e succeeded, runs 1, epoch 0 |",
    ),
    path(
        Way::Sent(Sending::TrialFails),
        "read claim read_health write_health deliver read_health write_health finish_waiting send_again delete answer",
        "e succeeded, runs 2, epoch 0 |",
    ),
    path(
        Way::Sent(Sending::TrialAgain),
        "read read claim read_health write_health deliver read_health write_health finish_succeeded answer",
        "e succeeded, runs 2, epoch 0 |",
    ),
    path(
        Way::Sent(Sending::TooOld),
        "read claim read_health bury finish_failed answer",
        "e failed, runs 0, epoch 0 | too_old",
    ),
    path(
        Way::Sent(Sending::Bounded),
        "read claim read_health take_place count deliver free_place finish_succeeded answer",
        "e succeeded, runs 1, epoch 0 |",
    ),
    path(
        Way::Sent(Sending::NoPlace),
        "read claim read_health take_place finish_waiting send_again delete answer",
        "e succeeded, runs 1, epoch 0 |",
    ),
    path(
        Way::Sent(Sending::NoRate),
        "read claim read_health take_place count free_place finish_waiting send_again delete answer",
        "e succeeded, runs 1, epoch 0 |",
    ),
    path(
        Way::Sent(Sending::Ordered),
        "read claim read_mark read_health deliver raise_mark finish_succeeded answer",
        "e succeeded, runs 1, epoch 0 |",
    ),
    path(
        Way::Sent(Sending::Older),
        "read claim read_mark finish_succeeded answer",
        "e succeeded, runs 0, epoch 0 |",
    ),
    path(
        Way::Sent(Sending::Beside),
        "answer claim deliver finish_succeeded project read read_health",
        "e succeeded, runs 2, epoch 0 |",
    ),
    path(
        Way::Sent(Sending::BesideRefused),
        "answer bury claim deliver finish_failed project read read_health",
        "e failed, runs 2, epoch 0 | permanent",
    ),
];

impl Sending {
    /// The event that it is about.
    pub(super) fn event(self) -> Sent {
        let kind = match self {
            Self::Bounded | Self::NoPlace | Self::NoRate => "bounded",
            Self::Ordered | Self::Older => "ordered",
            Self::Beside | Self::BesideRefused => "beside",
            Self::TooOld => "brief",
            _ => "plain",
        };
        event_out("e", kind, 7)
    }

    /// Whether a handler runs beside, so that the order of effects says nothing.
    pub(super) const fn is_side_by_side(self) -> bool {
        matches!(self, Self::Beside | Self::BesideRefused)
    }

    /// What comes before its ticket is looked at.
    pub(super) async fn prepare(self, world: &World, e: &Sent) {
        world.deliver(e).await;
        match self {
            Self::Later | Self::TrialFails | Self::Opens => world.falters(&transient()),
            Self::Refused | Self::BesideRefused => world.falters(&Refusal::permanent("gone")),
            Self::Exhausted => {
                world.falters(&transient());
                for _ in 0..2 {
                    world.consume().await;
                    world.pass(Millis::seconds(400));
                }
            }
            Self::Lied => {
                world.falters(&transient());
                world.lie();
            }
            Self::Redriven => {
                world.falters(&Refusal::permanent("gone"));
                world.consume().await;
                world.mend_destinations();
                world.redrive();
            }
            Self::Replayed => {
                world.consume().await;
                world.replay(&e.key);
            }
            Self::Lapsed | Self::TrialAgain => {
                if self == Self::TrialAgain {
                    world.stands(Standing::Open, Millis(0));
                }
                world.plan(Plan::At("deliver", 0, Mode::KilledAfter));
                world.consume().await;
                world.heal();
                world.pass(VISIBILITY);
            }
            Self::TooOld => {
                world.stands(Standing::Paused, Millis(0));
                world.consume().await;
                world.pass(Millis::seconds(7_200));
            }
            Self::NoPlace => {
                let mut state = world.state();
                let until = state.now().plus(Millis::seconds(65));
                state.gates.places.insert((NARROW.into(), 0), (1, until));
            }
            Self::NoRate => {
                let mut state = world.state();
                let full = (NARROW.to_owned(), window(state.now(), MINUTE));
                state.gates.counters.insert(full, 2);
            }
            Self::Older => {
                let newer = Mark {
                    kind: "number".into(),
                    version: "8".into(),
                };
                let expires_at = UnixSeconds(i64::MAX);
                let entity = ("ordered".to_owned(), "in_1".to_owned());
                world.state().marks.insert(entity, (newer, expires_at));
            }
            _ => {}
        }
        match self {
            Self::Opens => world.stands(Standing::Closed, Millis(0)),
            Self::Held => world.stands(Standing::Open, Millis::seconds(300)),
            Self::Trial | Self::TrialFails => world.stands(Standing::Open, Millis(0)),
            _ => {}
        }
    }

    /// Goes it.
    pub(super) async fn go(self, world: &World) {
        world.consume().await;
        if matches!(self, Self::Later | Self::Lied) {
            world.pass(Millis::seconds(400));
            world.mend_destinations();
            world.consume().await;
        }
    }
}
