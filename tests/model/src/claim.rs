//! A claim, its runs and its finish, and what the properties say of each.

use protocol::{
    decide::finish::{Finish, RunOutcome, after_runs},
    ledger::{LegState, State as Status},
    ticket::Why,
};

use crate::{
    config::{AGE, TRIES},
    convert::{by_name, claim_of, item_of, number, routes_of, version},
    mutant::Mutant,
    parts::{TICKET, WHOLE, bit},
    property::Property,
    state::{Claimed, ConsumerAt as At, GONE, Held, Item, LegItem, Letter, ROUTES, Visit},
    step::{Fault, Ran, Step, TICK, millis},
};

impl Step<'_> {
    pub(crate) fn write_claim(
        &mut self,
        slot: usize,
        visit: &mut Visit,
        as_read: Option<Item>,
        fault: Fault,
    ) -> Option<At> {
        self.tell(|| "claims".into());
        self.spend(fault);
        let claim = visit.claim?;
        // The token in it says whose it is.
        let stands = self.world.work == Some(claim.work) && visit.held == Held::Mine;
        let holds = stands
            || version(self.config, self.world.work) == version(self.config, as_read)
            || self.is(Mutant::UnconditionalClaim);
        if fault == Fault::Before {
            return None;
        }
        if stands {
            self.tell(|| "it stands there already".into());
        } else if holds {
            self.claimed(slot, visit, &claim, as_read);
            visit.held = Held::Mine;
            visit.permit = claim.run;
        } else {
            self.tell(|| "it is no longer as it was read".into());
        }
        match (fault, holds) {
            (Fault::Retried, _) => Some(At::Claim { as_read }),
            (Fault::After, _) => None,
            (_, true) => Some(self.begin(slot, visit, &claim)),
            (_, false) if self.is(Mutant::RunUnclaimed) => Some(At::Run),
            (_, false) => Some(At::Hide(self.clock_of(slot))),
        }
    }

    /// The claim has taken effect, whether its holder knows or not.
    fn claimed(&mut self, slot: usize, visit: &Visit, claim: &Claimed, as_read: Option<Item>) {
        self.world.work = Some(claim.work);
        for (other, visit) in self.world.consumers.iter_mut().enumerate() {
            if let Some(visit) = visit
                .as_mut()
                .filter(|visit| other != slot && visit.held == Held::Mine)
            {
                visit.held = Held::Lost;
            }
        }
        let before = as_read.filter(|item| item.life == claim.work.life);
        for leg in 0..ROUTES {
            self.leg_claimed(slot, visit, claim, before, leg);
        }
        let letter = &visit.letter;
        let ghost = &mut self.world.ghost;
        if letter.why == Why::Replay && letter.route == 0 && letter.life == claim.work.life {
            ghost.all_served = ghost.all_served.max(letter.epoch);
        }
        // Nobody knew its routes: whatever was asked of it begins with it.
        if before.is_none_or(|item| item.legs == [None; ROUTES]) && claim.give_up == 0 {
            ghost.forgive_runs();
            ghost.forgive_replays();
        }
    }

    fn leg_claimed(
        &mut self,
        slot: usize,
        visit: &Visit,
        claim: &Claimed,
        before: Option<Item>,
        leg: usize,
    ) {
        let letter = &visit.letter;
        let runs = claim.run & bit(leg) != 0;
        let now = claim.work.legs[leg];
        let was = before.and_then(|item| item.legs[leg]);
        let ended = |leg: LegItem| !matches!(leg.state, LegState::Waiting | LegState::Processing);
        let begins = before.is_none_or(|item| item.legs == [None; ROUTES]);
        let fresh = now.is_some_and(|now| !ended(now) && now.tries == u8::from(runs));
        let opened = now.is_some_and(|now| !ended(now)) && was.is_some_and(ended)
            || was.is_some_and(|was| now.is_some_and(|now| now.epoch > was.epoch))
            || fresh && was.is_some_and(|was| was.tries > 0 && was.state == LegState::Processing)
            || was.is_none() && now.is_some() && !begins;
        if opened {
            self.opened(slot, letter, before, leg);
        }
        if was.is_some_and(|was| !ended(was)) && now.is_some_and(ended) {
            // Only a finish ends a leg.
            self.breaks(Property::L1);
        }
        let ghost = &mut self.world.ghost.legs[leg];
        if opened || begins {
            ghost.runs = 0;
        }
        ghost.runs += u8::from(runs);
        if u32::from(ghost.runs) > TRIES {
            self.breaks(Property::S4);
        }
        let ghost = &mut self.world.ghost.legs[leg];
        let current = self
            .world
            .event
            .is_some_and(|event| event.life == claim.work.life);
        let open = now.is_some_and(|now| !ended(now));
        if open && ghost.done == Some(claim.work.life) {
            ghost.done = None;
            if letter.why != Why::Replay {
                self.breaks(Property::S4);
            }
        }
        let ghost = &mut self.world.ghost.legs[leg];
        let given_up = claim.give_up & (bit(leg) | WHOLE) != 0;
        // Where its source is gone, its letter is for whoever asked, too.
        let told = visit.configured & GONE != 0;
        if current && open && (!given_up || told) {
            ghost.owed_run = false;
        }
        let served = now.map_or(claim.work.all >= ghost.owed_epoch, |now| {
            now.epoch >= ghost.owed_epoch
        });
        if current && served {
            ghost.owed_epoch = 0;
        }
        if let Some(now) = now {
            ghost.epoch_served = ghost.epoch_served.max(now.epoch);
        }
    }

    /// A round was opened that nobody's time had come for: somebody must have asked, and each ask opens one.
    fn opened(&mut self, slot: usize, letter: &Letter, before: Option<Item>, leg: usize) {
        let ghost = &mut self.world.ghost;
        let there = before.and_then(|item| item.legs[leg]);
        let mask = 1_u16 << (letter.ask & 15);
        let rightly = match letter.why {
            Why::New | Why::Again | Why::Sweep => false,
            Why::Redrive | Why::Reopen => {
                let first = ghost.legs[leg].opened_by & mask == 0;
                ghost.legs[leg].opened_by |= mask;
                first && letter.names(leg)
            }
            Why::Replay => {
                let first = letter.epoch > ghost.legs[leg].epoch_served;
                // A route that was added since isn't run by a replay of all that was served before.
                let late = there.is_none() && letter.route == 0 && letter.epoch <= ghost.all_served;
                first && letter.names(leg) && !late
            }
        };
        let again = there.is_some_and(|was| u32::from(was.reopens) >= self.config.reopens);
        let at_once = self.world.work.is_some_and(|item| {
            item.legs[leg].is_some_and(|leg| leg.tries > 0 || leg.until <= self.clock_of(slot))
        });
        let soon = there.is_some_and(|was| self.clock_of(slot) <= was.until);
        if !rightly || letter.why == Why::Reopen && again && at_once && soon {
            self.breaks(Property::S4);
        }
    }

    fn begin(&self, slot: usize, visit: &Visit, claim: &Claimed) -> At {
        if self.is(Mutant::UnknownIsDone) && visit.configured & GONE != 0 {
            return At::Write(Item {
                state: Status::Succeeded,
                until: self.clock_of(slot),
                ..claim.work
            });
        }
        if claim.run == 0 && claim.give_up == 0 {
            return self.after_write(slot, visit, claim.work);
        }
        if claim.run == 0 {
            return self.ended(slot, visit, claim);
        }
        if self.config.items > 0 {
            return At::Split(self.split_of(self.clock_of(slot)));
        }
        At::Run
    }

    /// A leg runs, and what follows when all have is decided.
    pub(crate) fn run(&mut self, slot: usize, leg: usize, ran: Ran) {
        let Some(mut visit) = self.world.consumers[slot] else {
            return;
        };
        let Some(mut claim) = visit.claim else {
            return;
        };
        let what = match visit.at {
            At::Split(_) => "the delivery is taken apart",
            _ => "the handler runs",
        };
        self.tell(|| {
            format!(
                "{what} for attempt {}, leg {leg}: {ran:?}",
                claim.work.attempt
            )
        });
        if visit.permit & bit(leg) == 0 {
            self.breaks(Property::S4);
        }
        if ran == Ran::Held {
            self.world.left.holds = self.world.left.holds.saturating_sub(1);
        }
        visit.permit &= !bit(leg);
        claim.ran[leg] = Some(ran);
        visit.claim = Some(claim);
        let all = (0..ROUTES).all(|leg| claim.run & bit(leg) == 0 || claim.ran[leg].is_some());
        if all || matches!(visit.at, At::Split(_)) {
            visit.at = self.ended(slot, &visit, &claim);
        }
        self.world.consumers[slot] = Some(visit);
    }

    /// All legs have run: what the holder of the claim does first.
    fn ended(&self, slot: usize, visit: &Visit, claim: &Claimed) -> At {
        let now = millis(self.clock_of(slot));
        let ran = (0..ROUTES).filter_map(|leg| Some((leg, claim.ran[leg]?)));
        let outcomes = by_name(
            self.config,
            ran.map(|(leg, ran)| {
                let outcome = match ran {
                    Ran::Done => RunOutcome::Done,
                    Ran::Retry => RunOutcome::retry(""),
                    Ran::Permanent => RunOutcome::Permanent(String::new()),
                    Ran::Held if self.is(Mutant::HeldUsesTry) => RunOutcome::retry(""),
                    Ran::Held => RunOutcome::Held {
                        by: String::new(),
                        until: now.plus(TICK),
                    },
                };
                (leg, outcome)
            }),
        );
        let routes = routes_of(self.config, visit.configured);
        let decided = claim_of(self.config, claim);
        let finish = after_runs(&decided, outcomes, routes.as_ref(), now, || u64::MAX);
        self.follow(claim, &finish)
    }

    /// The first effect of what the holder of a claim does.
    fn follow(&self, claim: &Claimed, finish: &Finish) -> At {
        let mut work = item_of(self.config, &finish.work);
        if self.is(Mutant::FailedBeforeOthers)
            && (0..ROUTES).any(|leg| work.legs[leg].is_some() && work.has_failed(leg))
        {
            work.state = Status::Failed;
        }
        let letters = finish.letters.iter();
        let mut letters = letters.fold(0, |bits, letter| {
            bits | letter
                .route
                .as_deref()
                .map_or(WHOLE, |name| bit(number(name)))
        });
        if claim.bury {
            letters |= TICKET;
        }
        if work.state == Status::Succeeded && self.is(Mutant::DeleteBeforeWrite) {
            At::DeleteThenWrite(work)
        } else if letters == 0 || self.is(Mutant::FailedBeforeBuried) {
            At::Write(work)
        } else {
            At::BuryHeld(letters, work)
        }
    }

    pub(crate) fn write_finish(
        &mut self,
        slot: usize,
        visit: &Visit,
        work: Item,
        fault: Fault,
    ) -> Option<At> {
        self.tell(|| format!("writes {:?} {:?}", work.state, work.legs));
        self.spend(fault);
        let claim = visit.claim?.work;
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
            self.finished(visit, work);
        } else {
            self.tell(|| "the claim is no longer held".into());
        }
        match (fault, holds) {
            (Fault::Retried, _) => Some(At::Write(work)),
            (Fault::After, _) => None,
            (_, true) => Some(self.after_write(slot, visit, work)),
            (_, false) => Some(At::Check(work)),
        }
    }

    /// The finish has taken effect, whether its holder knows or not.
    fn finished(&mut self, visit: &Visit, work: Item) {
        self.world.work = Some(work);
        if visit.held != Held::Mine {
            self.breaks(Property::S3);
        }
        if work.state == Status::Failed && work.legs == [None; ROUTES] && visit.buried & WHOLE == 0
        {
            self.breaks(Property::L1);
        }
        let given_up = visit.claim.is_some_and(|claim| claim.give_up & WHOLE != 0);
        if work.state == Status::Succeeded && given_up {
            self.breaks(Property::L1);
        }
        let unfinished = work
            .legs
            .iter()
            .flatten()
            .any(|leg| matches!(leg.state, LegState::Waiting | LegState::Processing));
        if work.is_finished() && unfinished {
            self.breaks(Property::L1);
        }
        let Some(claim) = visit.claim else { return };
        for leg in 0..ROUTES {
            let Some((was, now)) = claim.work.legs[leg].zip(work.legs[leg]) else {
                continue;
            };
            if was.state != LegState::Processing {
                continue;
            }
            let ran = claim.run & bit(leg) != 0 && visit.permit & bit(leg) == 0;
            if now.state == LegState::Failed && visit.buried & bit(leg) == 0
                || now.state == LegState::Succeeded && !ran
            {
                self.breaks(Property::L1);
            }
            if claim.ran[leg] == Some(Ran::Held) && now.state == LegState::Waiting {
                let runs = &mut self.world.ghost.legs[leg].runs;
                *runs = runs.saturating_sub(1);
            }
            if now.state == LegState::Succeeded {
                let ghost = &mut self.world.ghost.legs[leg];
                ghost.done = Some(work.life);
                ghost.owed_run = false;
            }
            // Given up though it was neither hopeless, nor tried often enough, nor waiting for too long. Of a life that is
            // over nobody has counted on.
            let counted = (self.world.event).is_some_and(|event| event.life == work.life);
            let may_succeed = matches!(claim.ran[leg], Some(Ran::Retry | Ran::Held));
            let runs = u32::from(self.world.ghost.legs[leg].runs);
            let young = !self.config.ages_matter() || now.until < was.since + AGE;
            if now.state == LegState::Failed
                && ran
                && may_succeed
                && counted
                && runs < TRIES
                && young
            {
                self.breaks(Property::L1);
            }
        }
    }

    pub(crate) fn after_write(&self, slot: usize, visit: &Visit, work: Item) -> At {
        let bury_last = (0..ROUTES)
            .filter(|leg| work.legs[*leg].is_some_and(|leg| leg.state == LegState::Failed));
        let letters = bury_last.fold(0, |bits, leg| bits | bit(leg)) & !visit.buried;
        match work.state {
            Status::Waiting => self.again(work.life, slot, work.until),
            Status::Failed if self.is(Mutant::FailedBeforeBuried) && letters != 0 => {
                At::BuryLast(letters)
            }
            _ => At::Delete,
        }
    }
}
