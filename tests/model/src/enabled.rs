//! What can happen next.

use protocol::ledger::{LegState, WORK_OUTLIVES_EVENT};

use crate::{
    config::Config,
    mutant::Mutant,
    parts::bit,
    state::{ConsumerAt, Held, IngestAt, LegItem, ROUTES, VISIBLE, Visit, World},
    step::{Action, Fault, Ran, millis},
};

pub(crate) const READ: &[Fault] = &[Fault::None, Fault::Before];
pub(crate) const STORE: &[Fault] = &[Fault::None, Fault::Before, Fault::After];
pub(crate) const WRITE: &[Fault] = &[Fault::None, Fault::Before, Fault::After, Fault::Retried];

/// The actions that are possible in this state. Those that need neither a fault nor a person come first, in the order in
/// which a fair schedule takes them, and time passes last.
pub fn enabled(config: &Config, mutant: Option<Mutant>, world: &World, actions: &mut Vec<Action>) {
    actions.clear();
    processes(config, world, actions);
    consumer_starts(config, world, actions);
    sweeper_starts(config, mutant, world, actions);
    if world.event.is_some() && !world.indexed {
        actions.push(Action::CatchUp);
    }
    if world.now < config.horizon && may_wait(config, world) {
        actions.push(Action::Tick);
    }
    queues(config, world, actions);
    people_and_time(config, world, actions);
}

/// Whether an action belongs to a fair schedule: no fault, no person, no provider.
#[must_use]
pub fn is_fair(action: Action) -> bool {
    matches!(
        action,
        Action::Tick
            | Action::Ingest(_, Fault::None)
            | Action::Receive(..)
            | Action::Consumer(_, Fault::None)
            | Action::Run(..)
            | Action::Look(_, false)
            | Action::Sweep(Fault::None)
            | Action::CatchUp
    )
}

/// Whether a tick may pass. Where nothing outlives its deadline, only a handler's run is that slow, and is killed by it:
/// every other process ends before, or dies of a crash.
fn may_wait(config: &Config, world: &World) -> bool {
    let runs = |visit: &Visit| matches!(visit.at, ConsumerAt::Run | ConsumerAt::Split(_));
    // Nothing happens before the first delivery.
    if world.left.deliveries > 0 && world.left.deliveries == config.left.deliveries {
        return false;
    }
    config.zombies
        || world.sweep.is_none()
            && world.ingests.iter().all(Option::is_none)
            && world.consumers.iter().flatten().all(runs)
}

/// How a call may fail.
pub(crate) fn faults(world: &World, kinds: &'static [Fault]) -> &'static [Fault] {
    if world.left.faults > 0 {
        kinds
    } else {
        &kinds[..1]
    }
}

fn processes(config: &Config, world: &World, actions: &mut Vec<Action>) {
    let crashes = world.left.crashes > 0;
    for (slot, delivery) in (0..).zip(&world.ingests) {
        let Some(delivery) = delivery else { continue };
        let kinds = match delivery.at {
            IngestAt::Body | IngestAt::BodyLate => STORE,
            IngestAt::Read(_) => READ,
            IngestAt::Put | IngestAt::PutAfterAnswer | IngestAt::Send(..) => WRITE,
        };
        actions.extend(
            faults(world, kinds)
                .iter()
                .map(|&fault| Action::Ingest(slot, fault)),
        );
        actions.extend(crashes.then_some(Action::CrashIngest(slot)));
    }
    for (slot, visit) in (0..).zip(&world.consumers) {
        let Some(visit) = visit else { continue };
        let kinds = match visit.at {
            ConsumerAt::Run => {
                runs(config, world, slot, visit, actions);
                if config.poison {
                    continue;
                }
                &[]
            }
            // Its steps are another event's too.
            ConsumerAt::Split(_) => &[],
            ConsumerAt::Read
            | ConsumerAt::ReadWork(_)
            | ConsumerAt::Check(_)
            | ConsumerAt::DeleteThenSend(..)
            | ConsumerAt::Hide(_)
            | ConsumerAt::Delete
            | ConsumerAt::DeleteThenWrite(_) => faults(world, READ),
            ConsumerAt::Bury
            | ConsumerAt::BuryHeld(..)
            | ConsumerAt::BuryLast(_)
            | ConsumerAt::Send(..)
            | ConsumerAt::SendLast(..)
            | ConsumerAt::Claim { .. }
            | ConsumerAt::Write(_) => faults(world, WRITE),
        };
        actions.extend(kinds.iter().map(|&fault| Action::Consumer(slot, fault)));
        actions.extend(crashes.then_some(Action::CrashConsumer(slot)));
    }
    if let Some(sweep) = world.sweep {
        let kinds = if sweep.send { WRITE } else { READ };
        actions.extend(
            faults(world, kinds)
                .iter()
                .map(|&fault| Action::Sweep(fault)),
        );
        actions.extend(crashes.then_some(Action::CrashSweeper));
    }
}

/// The legs that are run side by side come back in any order.
fn runs(config: &Config, world: &World, slot: u8, visit: &Visit, actions: &mut Vec<Action>) {
    let Some(claim) = visit.claim else { return };
    for leg in 0..ROUTES {
        if claim.run & bit(leg) == 0 || claim.ran[leg].is_some() {
            continue;
        }
        let number = u8::try_from(leg).unwrap_or(u8::MAX);
        if config.poison && leg == 0 {
            actions.push(Action::CrashConsumer(slot));
        } else if config.poison {
            // Nothing comes of it in the process that is about to die.
            let alone = claim.run & bit(0) == 0;
            actions.extend(alone.then_some(Action::Run(slot, number, Ran::Done)));
        } else {
            let held = world.left.holds > 0;
            let all = [Ran::Done, Ran::Retry, Ran::Permanent].into_iter();
            let all = all.chain(held.then_some(Ran::Held));
            actions.extend(all.map(|ran| Action::Run(slot, number, ran)));
        }
    }
}

fn consumer_starts(config: &Config, world: &World, actions: &mut Vec<Action>) {
    let clocks = &world.clocks.consumers;
    for slot in 0..config.consumers {
        let at = usize::from(slot);
        let twin =
            (0..at).any(|other| world.consumers[other].is_none() && clocks[other] == clocks[at]);
        if world.consumers[at].is_some() || twin {
            continue;
        }
        for (place, message) in (0..).zip(&world.queue) {
            match message {
                Some(message) if message.hidden == VISIBLE => {
                    actions.push(Action::Receive(slot, place));
                }
                Some(message) if world.left.twice > 0 && !message.delayed => {
                    actions.push(Action::Twice(slot, place));
                }
                _ => {}
            }
        }
    }
}

fn sweeper_starts(
    config: &Config,
    mutant: Option<Mutant>,
    world: &World,
    actions: &mut Vec<Action>,
) {
    let Some(event) = world.event else { return };
    if mutant.is_some_and(Mutant::is_without_sweeper) {
        return;
    }
    let now = world.now + world.clocks.sweeper;
    for (age, &ticks) in (0_u8..).zip(config.ages) {
        let passed = world.passed & (1 << age) != 0;
        if passed || now - event.life < ticks || mutant == Some(Mutant::SweepsOnce) && age > 0 {
            continue;
        }
        if world.indexed {
            if world.sweep.is_none() {
                actions.push(Action::Look(age, false));
                actions.extend(config.backlog.then_some(Action::Look(age, true)));
            }
        } else if config.late_index
            && (1 << age != config.last_bit() || mutant == Some(Mutant::CursorPassesUnseen))
        {
            actions.push(Action::PassUnseen(age));
        }
    }
}

fn queues(config: &Config, world: &World, actions: &mut Vec<Action>) {
    let destroys = config.may_destroy(world);
    for (place, message) in (0..).zip(&world.queue) {
        let Some(message) = message else { continue };
        if destroys && world.left.losses > 0 {
            actions.push(Action::Lose(place));
        }
        if destroys && world.left.backstops > 0 && message.hidden == VISIBLE {
            actions.push(Action::Backstop(place));
        }
    }
    for (place, letter) in (0..).zip(&world.letters) {
        if letter.is_some() && world.left.redrives > 0 {
            actions.push(Action::Redrive(place));
        }
    }
}

fn people_and_time(config: &Config, world: &World, actions: &mut Vec<Action>) {
    if world.left.deliveries > 0 && world.ingests.iter().any(Option::is_none) {
        actions.push(Action::Deliver);
    }
    if let Some((event, work)) = world.event.zip(world.work) {
        let current = event.life == work.life && !config.is_expired(event.life, world.now);
        let ended = |leg: &LegItem| !matches!(leg.state, LegState::Waiting | LegState::Processing);
        let seen = work.is_finished() || work.legs.iter().flatten().any(ended);
        if world.left.replays > 0 && current && seen {
            actions.push(Action::Replay(0));
            let two = config.routes.count_ones() > 1 || config.left.reroutes > 0;
            actions.extend([1, 2].into_iter().filter(|_| two).map(Action::Replay));
        }
    }
    if world.left.deploys > 0 && world.event.is_some() {
        actions.push(Action::Deploy);
    }
    if world.left.reroutes > 0 && world.event.is_some() {
        actions.extend([0, 1].map(Action::Reroute));
    }
    if config.ttl {
        let gone = |event: crate::state::Event| config.is_expired(event.life, world.now);
        if world.event.is_some_and(gone) {
            actions.push(Action::ForgetEvent);
        }
        let gone = |work: crate::state::Item| {
            let end = config
                .recording(work.life)
                .expires_at
                .millis()
                .plus(WORK_OUTLIVES_EVENT);
            end <= millis(world.now)
        };
        // An invocation lasts minutes: none sits between its read and its claim for the two days by which work outlives
        // its event. One that holds a claim may come back as late as it likes.
        let undecided = |visit: &Visit| visit.held == Held::Never;
        let awaited = world.consumers.iter().flatten().any(undecided);
        if !awaited && world.work.is_some_and(gone) {
            actions.push(Action::ForgetWork);
        }
    }
}
