//! The consumer: read → decide → claim → run → finish, one effect a step, in the order of `protocol::decide`'s tables. What a
//! claim and its end do is in `claim.rs`.

use protocol::{
    decide::{
        asked::Asked,
        consumer::{self, Action as Decided, Lease},
    },
    ticket::{Ask, Why},
};

use crate::{
    convert::{claimed_of, routes_of, ticket_of, work_of},
    mutant::Mutant,
    parts::{TICKET, WHOLE},
    state::{ConsumerAt as At, Held, Letter, Tick, Visit},
    step::{Fault, LEASE, Step, VISIBILITY, life_of, millis, tick},
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
            configured: self.world.configured,
            claim: None,
            held: Held::Never,
            permit: 0,
            buried: 0,
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
            format!("a consumer receives {letter:?}{again}")
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
                "consumer {slot} with {:?} {:?}",
                visit.letter.why, visit.letter.ask
            )
        });
        let next = match visit.at {
            At::Read => self.read(slot, &mut visit, fault),
            At::ReadWork(event) => {
                self.tell(|| "reads the work".into());
                self.spend(fault);
                (fault == Fault::None).then(|| self.decide(slot, &mut visit, event))
            }
            At::Bury => self
                .bury(&visit, visit.letter.buried(), fault)
                .map(|done| if done { At::Delete } else { At::Bury }),
            At::Hide(until) => {
                self.hide(slot, &visit, until, fault);
                None
            }
            At::Send(letter, until) => Some(self.send_again(slot, letter, until, fault)),
            At::DeleteThenSend(letter, until) => {
                self.delete(&visit, fault);
                visit.message = None;
                (fault == Fault::None).then_some(At::SendLast(letter, until))
            }
            At::SendLast(letter, until) => {
                let sent = self.send_again(slot, letter, until, fault);
                (fault == Fault::Retried).then_some(sent)
            }
            At::Delete => {
                self.delete(&visit, fault);
                None
            }
            At::Claim { as_read } => self.write_claim(slot, &mut visit, as_read, fault),
            At::Run | At::Split(_) => None,
            At::BuryHeld(letters, work) => self.bury_held(&mut visit, letters, fault).map(|left| {
                if left == 0 {
                    At::Write(work)
                } else {
                    At::BuryHeld(left, work)
                }
            }),
            At::BuryLast(letters) => self.bury_held(&mut visit, letters, fault).map(|left| {
                if left == 0 {
                    At::Delete
                } else {
                    At::BuryLast(left)
                }
            }),
            At::Write(work) => self.write_finish(slot, &visit, work, fault),
            At::Check(work) => {
                self.tell(|| "looks whether its finish is written all the same".into());
                self.spend(fault);
                let mine = fault == Fault::None && self.world.work == Some(work);
                mine.then(|| self.after_write(slot, &visit, work))
            }
            At::DeleteThenWrite(work) => {
                self.delete(&visit, fault);
                visit.message = None;
                (fault == Fault::None).then_some(At::Write(work))
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
        let config = self.config;
        let real = self.world.work.as_ref().map(|work| work_of(config, work));
        let mut ticket = ticket_of(config, &visit.letter);
        let mut work = real.clone();
        let mut routes = routes_of(config, visit.configured);
        if let Some(mutant) = self.mutant {
            mutant.misreads(&mut ticket, &mut work, &mut routes, event);
        }
        // What decides whether routes are looked at is asked too.
        let own = event.and_then(|life| work.as_ref().filter(|work| work.life == life_of(life)));
        let asked = event.map(|life| Asked::by(&ticket, Ask(0), life_of(life)));
        if let Some(routes) = &mut routes
            && !asked.is_some_and(|asked| asked.needs_matching(own))
        {
            routes.matching.clear();
        }
        let lease = Lease {
            ends: millis(visit.lease_end),
            token: 0,
        };
        let decide = |ticket: &_, work: Option<&_>| {
            consumer::on_ticket(
                ticket,
                Ask(u64::from(visit.letter.ask)),
                event.map(|life| config.recording(life)),
                work,
                routes.as_ref(),
                millis(clock),
                lease,
            )
        };
        let action = decide(&ticket, work.as_ref());
        let action = match self.mutant {
            Some(mutant) => mutant.decides(action, &ticket, work.as_ref(), millis(clock)),
            None => action,
        };
        self.tell(|| match &action {
            Decided::Claim(claim) => format!(
                "it would claim: attempt {}, run {:?}, give up {:?}",
                claim.work.attempt, claim.run, claim.give_up
            ),
            other => format!("decides {other:?}"),
        });
        match action {
            Decided::Bury(_) => At::Bury,
            Decided::PutBack { until } => At::Hide(tick(until)),
            Decided::Defer { until, .. } => At::Send(visit.letter, tick(until)),
            Decided::Again { until } => self.again(event.unwrap_or(0), slot, tick(until)),
            Decided::Drop => At::Delete,
            Decided::Claim(claim) => {
                visit.claim = Some(claimed_of(config, &claim));
                At::Claim {
                    as_read: self.world.work,
                }
            }
        }
    }

    /// A ticket for the legs that wait, and then the deletion.
    pub(crate) fn again(&self, life: Tick, slot: usize, until: Tick) -> At {
        let letter = Letter {
            sent: self.config.sent(self.clock_of(slot)),
            ..Letter::of(life, Why::Again)
        };
        if self.is(Mutant::DeletedBeforeAgain) {
            At::DeleteThenSend(letter, until)
        } else {
            At::Send(letter, until)
        }
    }

    fn send_again(&mut self, slot: usize, letter: Letter, until: Tick, fault: Fault) -> At {
        self.tell(|| format!("sends {letter:?} for {until} by its clock"));
        self.spend(fault);
        if fault != Fault::Before {
            let at = self.world.now + (until - self.clock_of(slot)).max(0);
            self.world.send_for(letter, at);
        }
        match fault {
            Fault::None => At::Delete,
            Fault::Before | Fault::After if self.is(Mutant::UnsentAgainIsDeleted) => At::Delete,
            Fault::Before | Fault::After => At::Hide(until),
            Fault::Retried => At::Send(letter, until),
        }
    }

    /// `None`: the call failed; `Some(false)`: the SDK calls again.
    fn bury(&mut self, visit: &Visit, letter: Letter, fault: Fault) -> Option<bool> {
        self.tell(|| format!("puts {letter:?} into the dead-letter queue"));
        self.spend(fault);
        if fault != Fault::Before {
            self.world.bury(letter);
            if visit.claim.is_none() {
                self.world.ghost.forgive_runs();
            }
        }
        match fault {
            Fault::None => Some(true),
            Fault::Before | Fault::After => None,
            Fault::Retried => Some(false),
        }
    }

    /// Puts the first of these letters into the dead-letter queue. `None`: the call failed; else what is left.
    fn bury_held(&mut self, visit: &mut Visit, letters: u8, fault: Fault) -> Option<u8> {
        let claim = visit.claim?;
        let mut first = letters & letters.wrapping_neg();
        if self.is(Mutant::AskIsNotBuried) && first == TICKET {
            first = 0;
        }
        let letter = match first {
            0 => return Some(0),
            TICKET => visit.letter.buried(),
            WHOLE => Letter::of(claim.work.life, Why::Redrive),
            leg => Letter {
                // Counted from 1.
                route: u8::try_from(leg.trailing_zeros()).unwrap_or(0) + 1,
                ..Letter::of(claim.work.life, Why::Redrive)
            },
        };
        let done = self.bury(visit, letter, fault);
        if fault != Fault::Before {
            visit.buried |= first;
            // What it asks waits for a person.
            if first == TICKET {
                self.world.ghost.forgive_runs();
            }
        }
        done.map(|done| if done { letters & !first } else { letters })
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
}
