//! Taking a delivery apart: body, if it goes to the bucket → put → read, if it was there → send, one effect a step, for
//! each item beside the others. The first call that fails ends it.

use protocol::{
    decide::split::{Found, Step as Decided, after_put, after_read},
    ports::{Existing, Put},
    ticket::Why,
};

use super::{By, Mutant, Turn};
use crate::{
    convert::work_of,
    state::{ConsumerAt, ITEMS, ItemAt, Letter, Split, Tick},
    step::{self, Fault, Ran, Step, life_of, tick},
};

/// Who takes the delivery apart.
#[derive(Clone, Copy)]
struct Holder {
    by: By,
    epoch: u64,
    clock: Tick,
}

impl Step<'_> {
    /// What the holder of a delivery's claim begins with.
    pub(crate) fn split_of(&self, clock: Tick) -> Split {
        let first = if self.config.large {
            ItemAt::Body
        } else {
            ItemAt::Put
        };
        let mut items = [ItemAt::Dealt; ITEMS];
        items[..usize::from(self.config.items)].fill(first);
        Split { clock, items }
    }
}

impl By {
    /// The delivery id: it is the record's, the same in every attempt to take that apart.
    fn id(self) -> String {
        format!("{} of life {}", self.delivery, self.life)
    }
}

impl Turn<'_> {
    /// The next effect for an item.
    pub(super) fn split(&mut self, delivery: usize, slot: usize, item: usize, fault: Fault) {
        let Some(visit) = self.family.members[delivery].consumers[slot] else {
            return;
        };
        let (ConsumerAt::Split(mut split), Some(claim)) = (visit.at, visit.claim) else {
            return;
        };
        let holder = Holder {
            by: By {
                delivery: u8::try_from(delivery).unwrap_or(u8::MAX),
                life: claim.work.life,
            },
            epoch: u64::from(claim.work.legs[0].map_or(0, |leg| leg.epoch)),
            clock: split.clock,
        };
        self.name(delivery);
        let next = match split.items[item] {
            ItemAt::Body | ItemAt::BodyLate => {
                self.put_body(item, split.items[item], split.clock, fault)
            }
            ItemAt::Put => self.put(holder, item, fault),
            ItemAt::Read { life, found } => self.read_work(holder, item, life, found, fault),
            ItemAt::Send { letter, asks } => self.send(item, letter, asks, fault),
            ItemAt::Dealt => return,
        };
        let next = next.or(self.is(Mutant::FailedCallCounts).then_some(ItemAt::Dealt));
        let ran = next.map_or(Some(Ran::Retry), |at| {
            split.items[item] = at;
            let all = split.items.iter().all(|&at| at == ItemAt::Dealt);
            all.then_some(Ran::Done)
        });
        self.with(delivery, |step| {
            if let Some(visit) = &mut step.world.consumers[slot] {
                visit.at = ConsumerAt::Split(split);
            }
            if let Some(ran) = ran {
                step.run(slot, 0, ran);
            }
            step.settle();
        });
    }

    fn put_body(&mut self, item: usize, at: ItemAt, clock: Tick, fault: Fault) -> Option<ItemAt> {
        self.on_item(item, |step| {
            step.tell(|| "the consumer stores the item's body in the bucket".into());
            step.spend(fault);
            step.world.bucket |= fault != Fault::Before;
        });
        let next = if at == ItemAt::BodyLate {
            ItemAt::Send {
                letter: Letter::of(clock, Why::New),
                asks: false,
            }
        } else {
            ItemAt::Put
        };
        (fault == Fault::None).then_some(next)
    }

    fn put(&mut self, holder: Holder, item: usize, fault: Fault) -> Option<ItemAt> {
        let Holder { by, epoch, clock } = holder;
        let brought = self.family.brought[item];
        let overwrites = self.is(Mutant::ItemIsOverwritten);
        let put = self.on_item(item, |step| {
            step.tell(|| "the consumer puts the item".into());
            step.spend(fault);
            if fault == Fault::Before {
                return None;
            }
            let counts = step.world.event.filter(|_| step.stands(clock));
            if let Some(event) = counts.filter(|_| !overwrites) {
                step.tell(|| "it is there already".into());
                return Some(Put::Exists(Existing {
                    delivery_id: brought.map(By::id).unwrap_or_default(),
                    life: life_of(event.life),
                    body_digest: String::new(),
                }));
            }
            // Written over while it counts, it is the same event still: what was done is done.
            let done = &mut step.world.ghost.legs[0].done;
            *done = done.map(|life| match counts {
                Some(event) if event.life == life => clock,
                _ => life,
            });
            step.record(clock, true);
            Some(Put::Stored)
        })?;
        if put == Put::Stored {
            self.family.brought[item] = Some(by);
        }
        match fault {
            Fault::Retried => Some(ItemAt::Put),
            Fault::None => {
                let decided = after_put(&put, &by.id(), life_of(clock), epoch);
                Some(self.decided(holder, item, decided))
            }
            Fault::Before | Fault::After => None,
        }
    }

    fn read_work(
        &mut self,
        holder: Holder,
        item: usize,
        life: Tick,
        found: Found,
        fault: Fault,
    ) -> Option<ItemAt> {
        let work = self.on_item(item, |step| {
            step.tell(|| "the consumer reads the item's work".into());
            step.spend(fault);
            step.world
                .work
                .as_ref()
                .map(|work| work_of(step.config, work))
        });
        let found = if self.is(Mutant::FailedIsLeft) {
            Found::Again
        } else {
            found
        };
        let decided = after_read(work.as_ref(), life_of(life), found);
        (fault == Fault::None).then(|| self.decided(holder, item, decided))
    }

    fn send(&mut self, item: usize, letter: Letter, asks: bool, fault: Fault) -> Option<ItemAt> {
        self.on_item(item, |step| {
            step.tell(|| "the consumer sends the item's ticket".into());
            step.spend(fault);
            if fault != Fault::Before {
                step.world.send(letter);
            }
        });
        match fault {
            Fault::None => {
                let member = self.model.config.deliveries + item;
                let ghost = &self.family.members[member].ghost.legs[0];
                let served = ghost.opened_by & 1 << (letter.ask & 15) != 0;
                self.owe(item, asks && !served);
                Some(ItemAt::Dealt)
            }
            Fault::Retried => Some(ItemAt::Send { letter, asks }),
            Fault::After | Fault::Before => None,
        }
    }

    /// What follows a decision.
    fn decided(&mut self, holder: Holder, item: usize, decided: Decided) -> ItemAt {
        let asks = self.asks(holder, item);
        match decided {
            Decided::ReadWork { .. } if self.is(Mutant::ThereIsDealt) => ItemAt::Dealt,
            Decided::ReadWork { life, found } => ItemAt::Read {
                life: tick(life.0),
                found,
            },
            Decided::Send { .. } if self.is(Mutant::ItemBeforeBody) => ItemAt::BodyLate,
            Decided::Send { .. } if self.is(Mutant::FinishedBeforeTickets) => ItemAt::Dealt,
            Decided::Send { life, why } => {
                let member = self.model.config.deliveries + item;
                let ask = if why == Why::New {
                    0
                } else {
                    self.family.members[member].ask()
                };
                ItemAt::Send {
                    letter: Letter {
                        ask,
                        ..Letter::of(tick(life.0), why)
                    },
                    asks,
                }
            }
            Decided::Leave => {
                self.owe(item, asks);
                ItemAt::Dealt
            }
        }
    }

    /// Ghost: whether who brings this item asks for a run: it has failed, and came with another delivery, or this one is
    /// replayed.
    fn asks(&self, holder: Holder, item: usize) -> bool {
        let by_another = self.family.brought[item] != Some(holder.by);
        self.has_failed(item) && (by_another || holder.epoch > 0)
    }

    /// Ghost: the item is dealt with. If it was asked for and is failed still, it must be in a queue now.
    fn owe(&mut self, item: usize, asks: bool) {
        let failed = self.has_failed(item);
        self.on_item(item, |step| {
            step.world.ghost.legs[0].owed_run |= asks && failed;
        });
    }

    fn has_failed(&self, item: usize) -> bool {
        let world = &self.family.members[self.model.config.deliveries + item];
        let life = world.event.map(|event| event.life);
        world
            .work
            .is_some_and(|work| Some(work.life) == life && work.has_failed(0))
    }

    fn on_item<T>(&mut self, item: usize, act: impl FnOnce(&mut Step<'_>) -> T) -> T {
        let member = self.model.config.deliveries + item;
        self.with(member, |step| {
            let result = act(step);
            step.settle();
            result
        })
    }

    /// A mutant's: the delivery is finished, and now the tickets are sent, in the step that deletes its own.
    pub(super) fn send_late(&mut self, member: usize, action: step::Action) {
        let step::Action::Consumer(slot, Fault::None) = action else {
            return;
        };
        let visit = self.family.members[member].consumers[usize::from(slot)];
        let deletes =
            visit.is_some_and(|visit| visit.at == ConsumerAt::Delete && visit.claim.is_some());
        if !(self.is(Mutant::FinishedBeforeTickets) && self.model.is_delivery(member) && deletes) {
            return;
        }
        for item in 0..usize::from(self.model.config.delivery.items) {
            self.on_item(item, |step| {
                let life = step.world.event.map(|event| event.life);
                if let Some(life) = life.filter(|_| step.world.work.is_none()) {
                    step.world.send(Letter::of(life, Why::New));
                }
            });
        }
    }

    /// A mutant's: whoever has just claimed a delivery finishes it first.
    pub(super) fn begin(&mut self) {
        if !self.is(Mutant::FinishedFirst) {
            return;
        }
        for delivery in 0..self.model.config.deliveries {
            let fresh = self.family.members[delivery]
                .consumers
                .iter()
                .position(|visit| {
                    visit.is_some_and(|visit| matches!(visit.at, ConsumerAt::Split(_)))
                });
            if let Some(slot) = fresh {
                self.with(delivery, |step| {
                    step.run(slot, 0, Ran::Done);
                    step.settle();
                });
            }
        }
    }
}
