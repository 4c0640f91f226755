//! One step of the world: an action taken in a state.

use protocol::{
    ledger::Life,
    time::{Millis, UnixMillis},
};

use crate::{
    config::Config,
    mutant::Mutant,
    property::{self, Property},
    state::{Tick, World},
};

/// A tick to the decisions.
pub const TICK: Millis = Millis::days(1);
/// How long a lease holds after the invocation's start.
pub const LEASE: Tick = 1;
/// The visibility timeout.
pub const VISIBILITY: Tick = 1;

/// What an adversary or a process does next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Action {
    /// Time passes.
    Tick,
    /// The provider sends the event.
    Deliver,
    /// An invocation of ingest takes its next step.
    Ingest(u8, Fault),
    /// A consumer receives a visible message: invocation, place in the queue.
    Receive(u8, u8),
    /// SQS delivers a hidden message once more.
    Twice(u8, u8),
    /// An invocation of the consumer takes its next step.
    Consumer(u8, Fault),
    /// A leg runs and comes to this: invocation, leg.
    Run(u8, u8, Ran),
    /// The sweeper looks at the event, for this one of the ages; and whether a ticket of another event is older than ours.
    Look(u8, bool),
    /// The sweeper takes its next step.
    Sweep(Fault),
    /// The index shows the event.
    CatchUp,
    /// The cursor of this age moves to a younger event while the index doesn't show ours yet.
    PassUnseen(u8),
    /// An invocation of ingest dies.
    CrashIngest(u8),
    /// An invocation of the consumer dies.
    CrashConsumer(u8),
    /// The sweeper dies.
    CrashSweeper,
    /// SQS drops a message at the end of its retention.
    Lose(u8),
    /// SQS moves a message to the dead-letter queue, having delivered it too often.
    Backstop(u8),
    /// A person moves a ticket from the dead-letter queue to the queue.
    Redrive(u8),
    /// A person replays the event: all of it, or this route, counted from 1.
    Replay(u8),
    /// A deploy takes the source away, or brings it back.
    Deploy,
    /// A deploy takes this route away, or brings it.
    Reroute(u8),
    /// DynamoDB deletes the expired event.
    ForgetEvent,
    /// DynamoDB deletes the expired work.
    ForgetWork,
}

/// How a call fails.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    /// Not at all.
    None,
    /// It has no effect, and an error comes back.
    Before,
    /// It has its effect, and an error comes back.
    After,
    /// It has its effect, the answer is lost, and the SDK makes the call again.
    Retried,
}

/// What a run comes to.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Ran {
    /// Done.
    Done,
    /// To be tried again.
    Retry,
    /// Hopeless.
    Permanent,
    /// Not now, and no try is used.
    Held,
}

/// A step being taken.
pub struct Step<'a> {
    /// The bounds.
    pub config: &'a Config,
    /// What is wrong with this model on purpose.
    pub mutant: Option<Mutant>,
    /// The state, being changed.
    pub world: World,
    /// The first property that this step breaks.
    pub broken: Option<Property>,
    /// What happened, in words, if somebody wants to read it.
    pub told: Option<String>,
}

impl<'a> Step<'a> {
    /// This action, taken in this world; told in words if `tell`.
    #[must_use]
    pub fn taken(
        config: &'a Config,
        mutant: Option<Mutant>,
        world: World,
        action: Action,
        tell: bool,
    ) -> Self {
        let mut step = Self {
            config,
            mutant,
            world,
            broken: None,
            told: tell.then(String::new),
        };
        step.take(action);
        step
    }

    /// Takes an action and checks what must hold in every state.
    pub(crate) fn take(&mut self, action: Action) {
        match action {
            Action::Deliver => self.deliver(),
            Action::Ingest(slot, fault) => self.ingest(usize::from(slot), fault),
            Action::Receive(slot, place) | Action::Twice(slot, place) => {
                self.receive(
                    usize::from(slot),
                    place,
                    matches!(action, Action::Twice(..)),
                );
            }
            Action::Consumer(slot, fault) => self.consumer(usize::from(slot), fault),
            Action::Run(slot, leg, ran) => self.run(usize::from(slot), usize::from(leg), ran),
            Action::Look(age, backlog) => self.look(age, backlog),
            Action::Sweep(fault) => self.sweep(fault),
            other => self.adversary(other),
        }
        self.settle();
    }

    /// Ends a step: checks what must hold in every state.
    pub(crate) fn settle(&mut self) {
        property::every_state(self);
        self.world.normalise();
    }

    /// Notes that a property is broken.
    pub fn breaks(&mut self, property: Property) {
        self.broken.get_or_insert(property);
    }

    /// Adds to what is told.
    pub fn tell(&mut self, words: impl FnOnce() -> String) {
        if let Some(told) = &mut self.told {
            if !told.is_empty() {
                told.push_str("; ");
            }
            told.push_str(&words());
        }
    }

    /// Whether the model is wrong in this way.
    #[must_use]
    pub fn is(&self, mutant: Mutant) -> bool {
        self.mutant == Some(mutant)
    }

    /// Spends one of the adversary's faults, if this is one.
    pub fn spend(&mut self, fault: Fault) {
        if fault != Fault::None {
            self.world.left.faults -= 1;
            self.tell(|| {
                match fault {
                    Fault::None | Fault::Before => "THE CALL FAILS",
                    Fault::After => "IT TAKES EFFECT, BUT THE CALL FAILS",
                    Fault::Retried => "IT TAKES EFFECT, THE ANSWER IS LOST, THE SDK CALLS AGAIN",
                }
                .into()
            });
        }
    }

    /// Whether the event item stands and counts at this time.
    #[must_use]
    pub fn stands(&self, now: Tick) -> bool {
        self.world
            .event
            .is_some_and(|event| !self.config.is_expired(event.life, now))
    }
}

/// A tick as the decisions know it.
#[must_use]
pub fn millis(tick: Tick) -> UnixMillis {
    UnixMillis(0).plus(Millis(TICK.0 * i64::from(tick)))
}

/// An instant of the decisions as a tick, rounded up.
///
/// # Panics
/// When it is not within the model's time.
#[must_use]
pub fn tick(at: UnixMillis) -> Tick {
    let ticks = at.0.div_euclid(TICK.0) + i64::from(at.0.rem_euclid(TICK.0) > 0);
    let Ok(ticks) = Tick::try_from(ticks) else {
        panic!("{at:?} is outside the model's time");
    };
    ticks
}

/// The life that began at this tick.
#[must_use]
pub fn life_of(at: Tick) -> Life {
    Life(millis(at))
}
