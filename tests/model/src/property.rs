//! The contract, as the model checks it.
//!
//! S1 to S4 and half of L1 are said of single effects, and stand where the effect is: [`Property::S1`] and
//! [`Property::S2`] at ingest's answer, [`Property::S3`] and "failed only with a ticket in the dead-letter queue" at the
//! finish, [`Property::S4`] at the claim and the run. S5 is said of every state, and the rest of L1 of the end of a fair
//! continuation.

use protocol::{
    ledger::{LegState, State as Status},
    ticket::Why,
};

use crate::{
    config::Config,
    enabled::{enabled, is_fair},
    mutant::Mutant,
    state::{Left, ROUTES, Tick, World},
    step::{Action, Ran, Step},
};

/// A promise of the contract. S6 is not for the model.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Property {
    /// 200 is said only of an event that is durable, body included. (A false "duplicate" is reported as S2.)
    S1,
    /// "Duplicate" is said only of such an event.
    S2,
    /// Only the holder of the last claim writes a finish.
    S3,
    /// One run a claim; a succeeded event is claimed again only after a replay was asked for.
    S4,
    /// What was asked for is in a queue until it is claimed.
    S5,
    /// Failed is written only after the ticket is in the dead-letter queue; and once the faults are over, every
    /// event that stands ends succeeded or failed, and every ticket comes to rest.
    L1,
}

/// A retention that no continuation reaches.
pub(crate) const FOREVER: Tick = 100;

/// All of them.
pub const PROPERTIES: [Property; 6] = [
    Property::S1,
    Property::S2,
    Property::S3,
    Property::S4,
    Property::S5,
    Property::L1,
];

/// What holds in every state: S5. A ticket that asks for something leaves the queue only for the dead-letter queue, or
/// after a claim; one that SQS lost by retention is owed by nobody.
pub fn every_state(step: &mut Step<'_>) {
    let world = &step.world;
    if world.full {
        return;
    }
    let swallowed = (0..ROUTES).any(|leg| {
        let ghost = &world.ghost.legs[leg];
        let run = ghost.owed_run && !world.asks_for_run(leg) && !world.is_to_run(leg);
        run || ghost.owed_epoch > 0 && !world.asks_for_replay(leg)
    });
    if swallowed {
        step.tell(|| "nothing in any queue asks any more for what was asked".into());
        step.breaks(Property::S5);
    }
}

impl World {
    /// Whether a ticket in the queue asks for a run of this leg.
    #[must_use]
    pub fn asks_for_run(&self, leg: usize) -> bool {
        let life = self.event.map(|event| event.life);
        let mut queued = self.queue.iter().flatten().map(|message| message.letter);
        queued.any(|letter| {
            let asks = matches!(letter.why, Why::Redrive | Why::Reopen);
            Some(letter.life) == life && asks && letter.names(leg)
        })
    }

    /// Whether the ledger says that this leg is still to be run.
    #[must_use]
    pub fn is_to_run(&self, leg: usize) -> bool {
        let life = self.event.map(|event| event.life);
        let work = self.work.filter(|work| Some(work.life) == life);
        let leg = work.and_then(|work| work.legs[leg]);
        leg.is_some_and(|leg| leg.state == LegState::Waiting)
    }

    /// Whether a ticket somewhere asks for the replay of this leg that is owed.
    #[must_use]
    pub fn asks_for_replay(&self, leg: usize) -> bool {
        let life = self.event.map(|event| event.life);
        let queued = self.queue.iter().flatten().map(|message| message.letter);
        let owed = self.ghost.legs[leg].owed_epoch;
        queued
            .chain(self.letters.iter().flatten().copied())
            .any(|letter| {
                let replays = letter.why == Why::Replay && letter.epoch >= owed;
                Some(letter.life) == life && replays && letter.names(leg)
            })
    }
}

/// How a fair continuation went wrong.
pub struct Unfair {
    /// What it broke.
    pub broken: Property,
    /// Its steps, in words.
    pub told: Vec<String>,
}

/// The fair continuation of a state: no more faults, nobody sends or asks again; who can take a step takes it, and time
/// passes when nobody can; the handlers all come to the same. An event that stands at the beginning is not
/// let expire on the way.
pub fn continue_fairly(
    config: &Config,
    mutant: Option<Mutant>,
    world: &World,
    ran: Ran,
    tell: bool,
) -> Result<(), Unfair> {
    // By every clock.
    let latest = world.now + Tick::from(config.skew);
    let stands = world
        .event
        .is_some_and(|event| !config.is_expired(event.life, latest));
    let settled = &Config {
        horizon: world.now + config.ages.iter().max().copied().unwrap_or(0) + 16,
        retention: if stands { FOREVER } else { config.retention },
        ttl: false,
        ..*config
    };
    let mut world = *world;
    world.left = Left {
        holds: if ran == Ran::Held { u8::MAX } else { 0 },
        ..Left::default()
    };
    let mut told = Vec::new();
    let mut actions = Vec::new();
    for _ in 0..400 {
        if at_rest(&world) && (ended(&world) || !stands) {
            if config.poison && !is_healthy(&world) {
                break;
            }
            return Ok(());
        }
        enabled(settled, mutant, &world, &mut actions);
        let choice = actions.iter().copied().find(|&action| match action {
            Action::Run(_, _, came_to) => came_to == ran || config.poison,
            Action::CrashConsumer(_) => config.poison,
            action => is_fair(action),
        });
        let Some(action) = choice else { break };
        let step = Step::taken(settled, mutant, world, action, tell);
        told.extend(step.told);
        if let Some(broken) = step.broken {
            return Err(Unfair { broken, told });
        }
        world = step.world;
    }
    if config.poison && !is_healthy(&world) {
        told.push(format!("the healthy leg did not succeed: {:?}", world.work));
    }
    if tell {
        told.push(format!("and so it stays: {:?}", world.work));
    }
    Err(Unfair {
        broken: Property::L1,
        told,
    })
}

/// Whether nobody is at work and no ticket waits.
pub(crate) fn at_rest(world: &World) -> bool {
    world.is_idle() && world.queue.iter().all(Option::is_none)
}

/// Whether the leg beside a poisonous one succeeded, where there is one.
fn is_healthy(world: &World) -> bool {
    let leg = world.work.and_then(|work| work.legs[1]);
    leg.is_some_and(|leg| leg.state == LegState::Succeeded) || world.event.is_none()
}

/// Whether the event has ended.
pub(crate) fn ended(world: &World) -> bool {
    world.event.zip(world.work).is_some_and(|(event, work)| {
        work.life == event.life && matches!(work.state, Status::Succeeded | Status::Failed)
    })
}
