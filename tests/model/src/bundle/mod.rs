//! The model of deliveries that carry several events: a delivery of two items, or two deliveries of one item.
//!
//! Each of the three, delivery or item, is a [`World`] as in the model of one event, with the same actions, the same
//! properties and the same steps of ingest, consumer and sweeper. What is added is what joins them: the holder of a
//! delivery's claim runs no handler but takes it apart (`split.rs`, which asks `protocol::decide::split`); time passes for
//! all of them at once; and the adversary's means are for all of them together. An item has no provider: only a delivery
//! brings it.
//!
//! # The properties
//! S1 to S5 and L1 hold for each of the three as for any event. Besides:
//! - S1: a delivery has succeeded only if every item of it is recorded, body included. Until then it is the delivery that
//!   can't be lost.
//! - S4: an item that is written over while it counts is still the same event, so that its new life doesn't excuse a
//!   second run.
//! - S5: an item that was found failed by a replay of its delivery, or by another delivery, is owed a run.
//! - L1: once the faults are over, each delivery ends, succeeded or given up with its ticket in the dead-letter queue; and
//!   so does every item that is recorded, which is every item of a delivery that has succeeded.
//!
//! # Method
//! The items of one delivery are interchangeable, and so are two deliveries of one item: twins count once. The items are
//! written side by side, a call at a time, in any order; time may run out between any two calls, and a tick kills a
//! split like any handler. Most of these worlds are one item and one delivery, with two holders of its claim: two items
//! meet only in that the delivery isn't done before both are, and that a call that fails for one ends the attempt for
//! both. Steps that concern nobody else are taken first, where that makes no difference.
//!
//! The ids of the items are the same in every attempt: that is `webhook::event::bundle`'s to keep, and its tests' to show. No
//! event expires here but in the random walks.

pub mod config;
pub mod mutant;
mod property;
mod split;

use std::hash::{Hash, Hasher};

use crate::{
    enabled::{self, enabled},
    explore::{Model, Taken},
    fingerprint::digest,
    property::Property,
    state::{ConsumerAt, ITEMS, ItemAt, Tick, World},
    step::{self, Fault, Ran, Step},
};
pub use config::Config;
pub use mutant::Mutant;

/// Deliveries and items together.
pub const MEMBERS: usize = 3;

/// A configuration, right or wrong.
#[derive(Clone, Copy, Debug)]
pub struct Bundle {
    /// What the adversary may do.
    pub config: Config,
    /// What is wrong with it on purpose.
    pub mutant: Option<Mutant>,
}

/// A state of the whole.
#[derive(Clone, Copy, Debug)]
pub struct Family {
    /// The deliveries, then the items. Each knows the time, and what is left to the adversary: the same for all.
    pub members: [World; MEMBERS],
    /// Who brought each item: its record's delivery id.
    pub brought: [Option<By>; ITEMS],
    /// The members' fingerprints: most steps change but one of them.
    prints: [u64; MEMBERS],
}

impl Hash for Family {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        self.prints.hash(hasher);
        self.brought.hash(hasher);
    }
}

/// A delivery, as its items remember it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct By {
    /// Which of the deliveries.
    pub delivery: u8,
    /// Which life of it.
    pub life: Tick,
}

/// What happens next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Action {
    /// Time passes, for all.
    Tick,
    /// Something happens to one of them alone.
    Of(u8, step::Action),
    /// The holder of a delivery's claim takes its next step with an item.
    Split {
        /// Which delivery.
        delivery: u8,
        /// Which invocation of the consumer.
        slot: u8,
        /// Which item.
        item: u8,
        /// How the call fails.
        fault: Fault,
    },
}

/// A step being taken.
struct Turn<'a> {
    model: &'a Bundle,
    family: Family,
    broken: Option<Property>,
    told: Option<String>,
    touched: [bool; MEMBERS],
}

impl Bundle {
    /// The protocol as it is.
    #[must_use]
    pub const fn of(config: Config) -> Self {
        Self {
            config,
            mutant: None,
        }
    }

    /// A mutant, where it is explored.
    #[must_use]
    pub const fn wrong(mutant: Mutant) -> Self {
        Self {
            config: mutant.config(),
            mutant: Some(mutant),
        }
    }

    /// The next step of somebody whose step concerns nobody else, if there is such: then the order in which it and the
    /// others' are taken makes no difference, and it is taken first. A consumer that reads, hides or deletes, where its
    /// event has no other; a sweeper that moves its cursor. The step may fail and the process may die there, as anywhere.
    fn alone(&self, family: &Family, actions: &mut Vec<Action>) -> bool {
        if !self.config.has_order_free_steps() || self.is(Mutant::ItemIsOverwritten) {
            return false;
        }
        for (name, (member, world)) in (0..).zip(family.members.iter().enumerate()) {
            if self.config.of_member(member).consumers != 1 {
                continue;
            }
            let crash = world.left.crashes > 0;
            let of = |action| Action::Of(name, action);
            let kinds = enabled::faults(world, enabled::READ);
            if let [Some(visit), ..] = world.consumers
                && matches!(
                    visit.at,
                    ConsumerAt::Read | ConsumerAt::Hide(_) | ConsumerAt::Delete
                )
            {
                actions.extend(
                    kinds
                        .iter()
                        .map(|&fault| of(step::Action::Consumer(0, fault))),
                );
                actions.extend(crash.then_some(of(step::Action::CrashConsumer(0))));
                return true;
            }
            if world.sweep.is_some_and(|sweep| !sweep.send) {
                actions.extend(kinds.iter().map(|&fault| of(step::Action::Sweep(fault))));
                actions.extend(crash.then_some(of(step::Action::CrashSweeper)));
                return true;
            }
        }
        false
    }

    fn is(&self, mutant: Mutant) -> bool {
        self.mutant == Some(mutant)
    }

    fn is_delivery(&self, member: usize) -> bool {
        member < self.config.deliveries
    }
}

impl Model for Bundle {
    type State = Family;
    type Action = Action;

    fn initial(&self) -> Vec<Family> {
        let nothing = self.config.delivery.initial();
        let families = nothing.into_iter().map(|world| Family {
            members: [world; MEMBERS],
            brought: [None; ITEMS],
            prints: [digest(&world); MEMBERS],
        });
        families.collect()
    }

    fn enabled(&self, family: &Family, actions: &mut Vec<Action>) {
        actions.clear();
        if self.alone(family, actions) {
            return;
        }
        let mut of_one = Vec::new();
        let mut waiting = 0;
        for (member, world) in family.members.iter().enumerate() {
            let name = u8::try_from(member).unwrap_or(u8::MAX);
            enabled(self.config.of_member(member), None, world, &mut of_one);
            for &action in &of_one {
                match action {
                    step::Action::Tick => waiting += 1,
                    step::Action::Run(_, _, ran) if !self.config.comes_to.contains(&ran) => {}
                    step::Action::Deliver if !self.is_delivery(member) => {}
                    action => actions.push(Action::Of(name, action)),
                }
            }
            splits(name, world, actions);
        }
        // A tick passes for all or for none.
        actions.extend((waiting == MEMBERS).then_some(Action::Tick));
    }

    fn take(&self, &family: &Family, action: Action, tell: bool) -> Taken<Family> {
        let mut turn = Turn {
            model: self,
            family,
            broken: None,
            told: tell.then(String::new),
            touched: [false; MEMBERS],
        };
        turn.take(action);
        Taken {
            full: turn.family.members.iter().any(|world| world.full),
            state: turn.family,
            broken: turn.broken,
            told: turn.told,
        }
    }

    fn is_quiescent(&self, family: &Family, actions: &[Action]) -> bool {
        let delivery = &self.config.delivery;
        let busy = actions
            .iter()
            .any(|&action| action != Action::Tick && self.is_fair(action));
        let expires = delivery.retention <= delivery.horizon;
        !busy && (expires || family.members[0].now >= delivery.horizon)
    }

    fn unfair(&self, family: &Family) -> Option<(Property, Vec<String>)> {
        [Ran::Done, Ran::Retry, Ran::Permanent]
            .into_iter()
            .find_map(|ran| {
                property::continue_fairly(self, family, ran, false).err()?;
                let unfair = property::continue_fairly(self, family, ran, true).err()?;
                Some((unfair.broken, unfair.told))
            })
    }
}

/// What the holders of a delivery's claim can do with its items.
fn splits(delivery: u8, world: &World, actions: &mut Vec<Action>) {
    for (slot, visit) in (0..).zip(&world.consumers) {
        let Some(ConsumerAt::Split(split)) = visit.map(|visit| visit.at) else {
            continue;
        };
        for (item, at) in (0..).zip(split.items) {
            let kinds = match at {
                ItemAt::Dealt => continue,
                ItemAt::Body | ItemAt::BodyLate => enabled::STORE,
                ItemAt::Read { .. } => enabled::READ,
                ItemAt::Put | ItemAt::Send { .. } => enabled::WRITE,
            };
            let kinds = enabled::faults(world, kinds).iter();
            actions.extend(kinds.map(|&fault| Action::Split {
                delivery,
                slot,
                item,
                fault,
            }));
        }
        // Its time runs out.
        actions.push(Action::Of(delivery, step::Action::Run(slot, 0, Ran::Retry)));
    }
}

impl Turn<'_> {
    fn take(&mut self, action: Action) {
        let before = self.family;
        match action {
            Action::Tick => {
                for member in 0..MEMBERS {
                    let told = if member > 0 { self.told.take() } else { None };
                    self.with(member, |step| step.take(step::Action::Tick));
                    self.told = told.or(self.told.take());
                }
            }
            Action::Of(member, action) => {
                let member = usize::from(member);
                self.name(member);
                self.send_late(member, action);
                self.with(member, |step| step.take(action));
            }
            Action::Split {
                delivery,
                slot,
                item,
                fault,
            } => self.split(
                usize::from(delivery),
                usize::from(slot),
                usize::from(item),
                fault,
            ),
        }
        self.begin();
        self.marked(&before);
        for member in 0..MEMBERS {
            if self.touched[member] {
                self.family.prints[member] = digest(&self.family.members[member]);
            }
        }
        self.family.normalise(self.model.config.twins());
    }

    /// Does something to one of them, by the rules of the model of one event.
    fn with<T>(&mut self, member: usize, act: impl FnOnce(&mut Step<'_>) -> T) -> T {
        let mut step = Step {
            config: self.model.config.of_member(member),
            mutant: None,
            world: self.family.members[member],
            broken: self.broken,
            told: self.told.take(),
        };
        let result = act(&mut step);
        self.broken = step.broken;
        self.told = step.told;
        if step.world.left != self.family.members[member].left {
            for world in &mut self.family.members {
                world.left = step.world.left;
            }
            self.touched = [true; MEMBERS];
        }
        self.family.members[member] = step.world;
        self.touched[member] = true;
        result
    }

    fn is(&self, mutant: Mutant) -> bool {
        self.model.is(mutant)
    }

    /// Twins have one name.
    fn name(&mut self, member: usize) {
        let kind = if self.model.is_delivery(member) {
            "delivery"
        } else {
            "item"
        };
        self.told.iter_mut().for_each(|told| told.push_str(kind));
    }
}

/// Which of them are interchangeable.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Twins {
    /// None.
    None,
    /// The two items of a delivery.
    Items,
    /// The two deliveries of an item.
    Deliveries,
}

impl Family {
    /// The same state in the one form that its twins share.
    fn normalise(&mut self, twins: Twins) {
        let [first, second, third] = self.prints;
        let (one, other) = match twins {
            Twins::None => return,
            Twins::Items => (second, third),
            Twins::Deliveries => (first, second),
        };
        if one < other {
            return;
        }
        let mut twin = *self;
        twin.mirror(twins);
        if one > other || digest(&twin) < digest(self) {
            *self = twin;
        }
    }

    /// The names of the twins are exchanged.
    fn mirror(&mut self, twins: Twins) {
        if twins == Twins::Items {
            self.members.swap(1, 2);
            self.brought.swap(0, 1);
            for visit in self.members[0].consumers.iter_mut().flatten() {
                if let ConsumerAt::Split(split) = &mut visit.at {
                    split.items.swap(0, 1);
                }
            }
            self.members[0].normalise();
            self.prints.swap(1, 2);
            self.prints[0] = digest(&self.members[0]);
        } else {
            self.members.swap(0, 1);
            self.prints.swap(0, 1);
            for by in self.brought.iter_mut().flatten() {
                by.delivery = 1 - by.delivery;
            }
        }
    }
}
