//! The consumer: read → decide → claim → run → finish, one effect a step, in the order of the design's two tables.

use protocol::{
    decide::{
        consumer::{self, Action as Decided, Configured, Lease, Then},
        finish::{self, Finish, RunOutcome},
    },
    ledger::{EventKey, State as Status, Work, WorkVersion},
    ticket::{Ticket, Why},
    time::UnixSeconds,
};

use crate::{
    mutant::Mutant,
    property::Property,
    state::{ConsumerAt as At, Held, Item, Letter, Next, Tick, Visit, Wanted},
    step::{Fault, LEASE, Ran, Step, VISIBILITY, life_of, millis, tick},
};

impl Step<'_> {
    /// A message is delivered to an idle invocation.
    pub(crate) fn receive(&mut self, slot: usize, place: u8, twice: bool) {
        let hidden = self.world.now + VISIBILITY;
        let Some(message) = self.world.queue[usize::from(place)].as_mut() else {
            return;
        };
        message.hidden = hidden;
        let letter = message.letter;
        if !self.config.stale_receipts {
            self.world.void_receipts(place);
        }
        self.world.consumers[slot] = Some(Visit {
            at: At::Read,
            message: Some(place),
            letter,
            lease_end: self.clock_of(slot) + LEASE,
            claim: None,
            held: Held::Never,
            permit: false,
            buried: false,
        });
        if twice {
            self.world.left.twice -= 1;
        }
        self.tell(|| {
            let again = if twice {
                ", though another holds it"
            } else {
                ""
            };
            format!(
                "a consumer receives the ticket of life {} epoch {}{again}",
                letter.life, letter.epoch
            )
        });
    }

    pub(crate) fn clock_of(&self, slot: usize) -> Tick {
        self.world.now + self.world.clocks.consumers[slot]
    }

    /// The next effect of a visit.
    pub(crate) fn consumer(&mut self, slot: usize, fault: Fault) {
        let Some(mut visit) = self.world.consumers[slot] else {
            return;
        };
        self.tell(|| {
            format!(
                "consumer with the ticket of life {} epoch {}",
                visit.letter.life, visit.letter.epoch
            )
        });
        let next = match visit.at {
            At::Read => self.read(slot, &mut visit, fault),
            At::ReadWork(event) => {
                self.tell(|| "reads the work".into());
                self.spend(fault);
                (fault == Fault::None).then(|| self.decide(slot, &mut visit, event))
            }
            At::Bury => self.bury_unclaimed(&visit, fault),
            At::Hide(until) => {
                self.hide(slot, &visit, until, fault);
                None
            }
            At::Delete => {
                self.delete(&visit, fault);
                None
            }
            At::Claim { as_read, then } => self.write_claim(slot, &mut visit, as_read, then, fault),
            At::Run | At::Split(_) => None,
            At::BuryHeld(wanted) => self.bury_held(&mut visit, fault).map(|done| {
                if done {
                    At::Write(wanted)
                } else {
                    At::BuryHeld(wanted)
                }
            }),
            At::BuryLast => self
                .bury_held(&mut visit, fault)
                .map(|done| if done { At::Delete } else { At::BuryLast }),
            At::Write(wanted) => self.write_finish(&visit, wanted, fault),
            At::Check(wanted) => {
                self.tell(|| "looks whether its finish is written all the same".into());
                self.spend(fault);
                let mine = fault == Fault::None && self.world.work == finished(&visit, wanted);
                mine.then(|| self.after_write(wanted))
            }
            At::DeleteThenWrite(wanted) => {
                self.delete(&visit, fault);
                visit.message = None;
                (fault == Fault::None).then_some(At::Write(wanted))
            }
        };
        let next = match next {
            None if fault != Fault::None
                && self.is(Mutant::DeleteOnError)
                && visit.at != At::Delete =>
            {
                Some(At::Delete)
            }
            next => next,
        };
        // What was removed from the queue meanwhile is gone for this visit too.
        let message = self.world.consumers[slot].and_then(|visit| visit.message);
        self.world.consumers[slot] = next.map(|at| Visit {
            at,
            message,
            ..visit
        });
    }

    fn read(&mut self, slot: usize, visit: &mut Visit, fault: Fault) -> Option<At> {
        self.tell(|| "reads".into());
        self.spend(fault);
        if fault != Fault::None {
            return None;
        }
        let event = self.world.event.map(|event| event.life);
        if self.config.torn {
            Some(At::ReadWork(event))
        } else {
            Some(self.decide(slot, visit, event))
        }
    }

    fn decide(&mut self, slot: usize, visit: &mut Visit, event: Option<Tick>) -> At {
        let clock = self.clock_of(slot);
        let work = self.world.work.as_ref().map(work_of);
        let mut ticket = Ticket {
            key: EventKey::new("s", "e"),
            life: life_of(visit.letter.life),
            epoch: u64::from(visit.letter.epoch),
            why: if visit.letter.reopen {
                Why::Reopen
            } else {
                Why::Look
            },
        };
        let source = if self.world.gone && !self.is(Mutant::UnknownIsDone) {
            Configured::No
        } else {
            Configured::Yes
        };
        let lease = Lease {
            ends: millis(visit.lease_end),
            token: 0,
        };
        let seen = self.mutant.map_or(work.clone(), |mutant| {
            mutant.misreads(&mut ticket, work.clone(), event)
        });
        let action = consumer::on_ticket(
            &ticket,
            event.map(|life| self.config.recording(life)),
            seen.as_ref(),
            source,
            millis(clock),
            lease,
            &self.config.limits(),
        );
        let action = self.mutant.map_or(action.clone(), |mutant| {
            mutant.decides(action, &ticket, work.as_ref(), millis(clock))
        });
        self.tell(|| match &action {
            Decided::Claim(claim) => format!(
                "it would claim: attempt {}, {:?}",
                claim.work.attempt, claim.then
            ),
            other => format!("decides {other:?}"),
        });
        match action {
            Decided::Bury(_) => At::Bury,
            Decided::PutBack { until } => At::Hide(tick(until)),
            Decided::Drop => At::Delete,
            Decided::Claim(claim) => {
                visit.claim = Some(item_of(&claim.work));
                At::Claim {
                    as_read: self.world.work,
                    then: match claim.then {
                        Then::Run | Then::RunAlone => Next::Run,
                        Then::GiveUp => Next::GiveUp,
                        Then::Disown => Next::Disown,
                    },
                }
            }
            Decided::Postpone { work, .. } => {
                visit.claim = Some(item_of(&work));
                At::Claim {
                    as_read: self.world.work,
                    then: Next::Wait,
                }
            }
        }
    }

    fn bury_unclaimed(&mut self, visit: &Visit, fault: Fault) -> Option<At> {
        self.tell(|| "puts the ticket into the dead-letter queue".into());
        self.spend(fault);
        if fault != Fault::Before {
            // The letter asks for whoever moves it back.
            self.world.bury(Letter {
                reopen: false,
                ..visit.letter
            });
            self.world.ghost.owed_run = false;
        }
        match fault {
            Fault::None => Some(At::Delete),
            Fault::Before | Fault::After => None,
            Fault::Retried => Some(At::Bury),
        }
    }

    /// `None`: the call failed; `Some(false)`: the SDK calls again.
    fn bury_held(&mut self, visit: &mut Visit, fault: Fault) -> Option<bool> {
        let next = self.bury_unclaimed(visit, fault);
        visit.buried |= fault != Fault::Before;
        self.world.ghost.gave_up |= fault != Fault::Before;
        next.map(|at| at == At::Delete)
    }

    fn hide(&mut self, slot: usize, visit: &Visit, until: Tick, fault: Fault) {
        self.tell(|| {
            format!("hides the ticket until {until} by its clock and reports it as failed")
        });
        self.spend(fault);
        // The jitter is at least a second: what is put back isn't seen again at the same moment.
        let length = (until - self.clock_of(slot)).max(1);
        let hidden = self.world.now + length;
        let message = visit
            .message
            .and_then(|place| self.world.queue[usize::from(place)].as_mut());
        if let Some(message) = message.filter(|_| fault != Fault::Before) {
            message.hidden = hidden;
        }
    }

    fn delete(&mut self, visit: &Visit, fault: Fault) {
        self.tell(|| "deletes the ticket".into());
        self.spend(fault);
        if let Some(place) = visit.message.filter(|_| fault != Fault::Before) {
            self.world.remove(place);
        }
    }

    fn write_claim(
        &mut self,
        slot: usize,
        visit: &mut Visit,
        as_read: Option<Item>,
        then: Next,
        fault: Fault,
    ) -> Option<At> {
        self.tell(|| "claims".into());
        self.spend(fault);
        let claim = visit.claim?;
        // The token in it says whose it is.
        let stands =
            self.world.work == Some(claim) && (visit.held == Held::Mine || then == Next::Wait);
        let holds = stands
            || version(self.world.work) == version(as_read)
            || self.is(Mutant::UnconditionalClaim);
        if fault == Fault::Before {
            return None;
        }
        if stands {
            self.tell(|| "it stands there already".into());
        } else if holds && then == Next::Wait {
            self.world.work = Some(claim);
        } else if holds {
            self.opens(slot, visit.letter, as_read);
            self.claimed(slot, &claim);
            visit.held = Held::Mine;
            visit.permit = true;
        } else {
            self.tell(|| "it is no longer as it was read".into());
        }
        match (fault, holds) {
            (Fault::Retried, _) => Some(At::Claim { as_read, then }),
            (Fault::After, _) => None,
            (_, true) => Some(self.begin(slot, visit, then)),
            (_, false) if self.is(Mutant::RunUnclaimed) => Some(At::Run),
            (_, false) => Some(At::Hide(self.clock_of(slot))),
        }
    }

    /// A redelivery's ticket opens a failed event: that it must not do as often as it comes.
    fn opens(&mut self, slot: usize, letter: Letter, as_read: Option<Item>) {
        let Some(failed) = as_read.filter(|item| item.state == Status::Failed) else {
            return;
        };
        let again = u32::from(failed.reopens) >= self.config.reopens;
        let same_life = self
            .world
            .event
            .is_some_and(|event| event.life == failed.life);
        if letter.reopen && same_life && again && self.clock_of(slot) <= failed.until {
            self.breaks(Property::S4);
        }
    }

    /// The claim has taken effect, whether its holder knows or not.
    fn claimed(&mut self, slot: usize, claim: &Item) {
        self.world.work = Some(*claim);
        for (other, visit) in self.world.consumers.iter_mut().enumerate() {
            if let Some(visit) = visit
                .as_mut()
                .filter(|visit| other != slot && visit.held == Held::Mine)
            {
                visit.held = Held::Lost;
            }
        }
        let ghost = &mut self.world.ghost;
        if ghost.done == Some(claim.life) {
            let asked = std::mem::take(&mut ghost.asked);
            ghost.done = None;
            if !asked {
                self.breaks(Property::S4);
            }
        }
        let ghost = &mut self.world.ghost;
        if self
            .world
            .event
            .is_some_and(|event| event.life == claim.life)
        {
            ghost.owed_run = false;
            if claim.epoch >= ghost.owed_epoch {
                ghost.owed_epoch = 0;
            }
        }
    }

    fn begin(&self, slot: usize, visit: &Visit, then: Next) -> At {
        let now = millis(self.clock_of(slot));
        match (then, visit.claim) {
            (Next::GiveUp, Some(claim)) => self.follow(&finish::give_up(&work_of(&claim), now)),
            (Next::Disown, Some(claim)) => self.follow(&finish::disown(&work_of(&claim), now)),
            (Next::Wait, Some(claim)) => At::Hide(claim.until),
            _ if self.world.gone && self.is(Mutant::UnknownIsDone) => At::Write(Wanted {
                state: Status::Succeeded,
                until: self.clock_of(slot),
            }),
            _ if self.config.items > 0 => At::Split(self.split_of(self.clock_of(slot))),
            _ => At::Run,
        }
    }

    /// The handler runs, and what follows is decided.
    pub(crate) fn run(&mut self, slot: usize, ran: Ran) {
        let Some(mut visit) = self.world.consumers[slot] else {
            return;
        };
        let Some(claim) = visit.claim else {
            return;
        };
        let what = match visit.at {
            At::Split(_) => "the delivery is taken apart",
            _ => "the handler runs",
        };
        self.tell(|| format!("{what} for attempt {}: {ran:?}", claim.attempt));
        if !visit.permit {
            self.breaks(Property::S4);
        }
        visit.permit = false;
        let outcome = match ran {
            Ran::Done => RunOutcome::Done,
            Ran::Retry => RunOutcome::Retry(String::new()),
            Ran::Permanent => RunOutcome::Permanent(String::new()),
        };
        let now = millis(self.clock_of(slot));
        let finish = finish::after_run(
            &work_of(&claim),
            outcome,
            now,
            u64::MAX,
            &self.config.limits(),
        );
        visit.at = self.follow(&finish);
        self.world.consumers[slot] = Some(visit);
    }

    /// The first effect of what the holder of a claim does.
    fn follow(&self, finish: &Finish) -> At {
        let wanted = |work: &Work| Wanted {
            state: work.state,
            until: tick(work.until),
        };
        match finish {
            Finish::Succeed(work) if self.is(Mutant::DeleteBeforeWrite) => {
                At::DeleteThenWrite(wanted(work))
            }
            Finish::Succeed(work) | Finish::Wait(work) => At::Write(wanted(work)),
            Finish::Fail(work, _) if self.is(Mutant::FailedBeforeBuried) => At::Write(wanted(work)),
            Finish::Fail(work, _) => At::BuryHeld(wanted(work)),
        }
    }

    fn write_finish(&mut self, visit: &Visit, wanted: Wanted, fault: Fault) -> Option<At> {
        self.tell(|| format!("writes {:?}", wanted.state));
        self.spend(fault);
        let claim = visit.claim?;
        let holder = |item: Item| (item.life, item.attempt, item.until);
        let holds = match self.mutant {
            Some(Mutant::UnfencedFinish) => true,
            Some(Mutant::FenceOnAttempt) => {
                self.world.work.map(|item| item.attempt) == Some(claim.attempt)
            }
            _ => self.world.work.map(holder) == Some(holder(claim)),
        };
        if fault == Fault::Before {
            return None;
        }
        if holds {
            self.finished(visit, wanted);
        } else {
            self.tell(|| "the claim is no longer held".into());
        }
        match (fault, holds) {
            (Fault::Retried, _) => Some(At::Write(wanted)),
            (Fault::After, _) => None,
            (_, true) => Some(self.after_write(wanted)),
            (_, false) => Some(At::Check(wanted)),
        }
    }

    /// The finish has taken effect, whether its holder knows or not.
    fn finished(&mut self, visit: &Visit, wanted: Wanted) {
        self.world.work = finished(visit, wanted);
        if visit.held != Held::Mine {
            self.breaks(Property::S3);
        }
        if wanted.state == Status::Failed && !visit.buried {
            self.breaks(Property::L1);
        }
        if wanted.state == Status::Succeeded && visit.permit {
            self.breaks(Property::L1);
        }
        if wanted.state == Status::Succeeded {
            let life = visit.claim.map(|claim| claim.life);
            // A write that meets itself finds what it did, and maybe a replay asked for since.
            self.world.ghost.asked &= self.world.ghost.done == life;
            self.world.ghost.done = life;
            self.world.ghost.owed_run = false;
        }
    }

    fn after_write(&self, wanted: Wanted) -> At {
        match wanted.state {
            Status::Waiting => At::Hide(wanted.until),
            Status::Failed if self.is(Mutant::FailedBeforeBuried) => At::BuryLast,
            _ => At::Delete,
        }
    }
}

fn finished(visit: &Visit, wanted: Wanted) -> Option<Item> {
    visit.claim.map(|claim| Item {
        state: wanted.state,
        until: wanted.until,
        ..claim
    })
}

fn version(item: Option<Item>) -> Option<WorkVersion> {
    item.map(|item| work_of(&item).version())
}

/// The work item as the decisions know it.
pub(crate) fn work_of(item: &Item) -> Work {
    Work {
        life: life_of(item.life),
        state: item.state,
        attempt: u64::from(item.attempt),
        tries: u32::from(item.tries),
        until: millis(item.until),
        epoch: u64::from(item.epoch),
        reopens: u32::from(item.reopens),
        token: 0,
        last_error: None,
        expires_at: UnixSeconds(0),
    }
}

fn item_of(work: &Work) -> Item {
    Item {
        life: tick(work.life.0),
        state: work.state,
        attempt: u8::try_from(work.attempt).unwrap_or(u8::MAX),
        tries: u8::try_from(work.tries).unwrap_or(u8::MAX),
        until: tick(work.until),
        epoch: u8::try_from(work.epoch).unwrap_or(u8::MAX),
        reopens: u8::try_from(work.reopens).unwrap_or(u8::MAX),
    }
}
