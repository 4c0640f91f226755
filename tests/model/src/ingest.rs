//! Ingest, in its order: body, if it goes to the bucket → put → read, if it is a duplicate → send → answer.
//! The answer is no effect of its own: dying before it is dying after the last effect.

use protocol::{
    decide::ingest::{self, Answer, Step as Decided},
    fault::{self, FaultKind},
    ports::{Existing, Put},
    ticket::Why,
};

use crate::{
    convert::work_of,
    mutant::Mutant,
    parts::bit,
    property::Property,
    state::{Delivery, Event, Ghost, IngestAt, Item, Letter, ROUTES, Reply, Tick},
    step::{Fault, Step, life_of, tick},
};

impl Step<'_> {
    /// A delivery arrives, and is authentic.
    pub(crate) fn deliver(&mut self) {
        self.world.left.deliveries -= 1;
        let Some(slot) = self.world.ingests.iter().position(Option::is_none) else {
            return;
        };
        let late = self.is(Mutant::ItemBeforeBody);
        let life = self.world.now + self.world.clocks.ingest;
        let at = if self.is(Mutant::AnswerBeforePut) {
            IngestAt::Send(Letter::of(life, Why::New), Reply::Accepted, Reply::Accepted)
        } else if self.config.large && !late {
            IngestAt::Body
        } else {
            IngestAt::Put
        };
        self.world.ingests[slot] = Some(Delivery {
            at,
            clock: life,
            mine: false,
            durable: false,
            failed: 0,
        });
        self.tell(|| "the provider sends the event".into());
    }

    /// The next effect of a delivery.
    pub(crate) fn ingest(&mut self, slot: usize, fault: Fault) {
        let Some(mut delivery) = self.world.ingests[slot] else {
            return;
        };
        let next = match delivery.at {
            IngestAt::Body | IngestAt::BodyLate => self.put_body(&delivery, fault),
            IngestAt::Put => self.put(slot, &mut delivery, fault),
            IngestAt::PutAfterAnswer => {
                // Whatever it comes to: the answer is given.
                self.put(slot, &mut delivery, fault)
                    .map_or(Ok(None), |_| Ok(None))
            }
            IngestAt::Read(life) => self.read_work(&mut delivery, life, fault),
            IngestAt::Send(letter, sent, unsent) => self.send_ticket(letter, sent, unsent, fault),
        };
        match next {
            Ok(at) => {
                self.world.ingests[slot] = at.map(|at| Delivery { at, ..delivery });
            }
            Err(reply) => {
                self.answer(reply, &delivery);
                let put_late =
                    delivery.at != IngestAt::PutAfterAnswer && self.is(Mutant::AnswerBeforePut);
                self.world.ingests[slot] = put_late.then_some(Delivery {
                    at: IngestAt::PutAfterAnswer,
                    ..delivery
                });
            }
        }
    }

    fn put_body(&mut self, delivery: &Delivery, fault: Fault) -> Result<Option<IngestAt>, Reply> {
        self.tell(|| "ingest stores the body in the bucket".into());
        self.spend(fault);
        self.world.bucket |= fault != Fault::Before;
        if delivery.at == IngestAt::BodyLate && fault == Fault::None {
            return Ok(Some(IngestAt::Send(
                Letter::of(delivery.clock, Why::New),
                Reply::Accepted,
                Reply::Accepted,
            )));
        }
        if fault == Fault::None {
            Ok(Some(IngestAt::Put))
        } else {
            Err(Reply::Unavailable)
        }
    }

    fn put(
        &mut self,
        slot: usize,
        delivery: &mut Delivery,
        fault: Fault,
    ) -> Result<Option<IngestAt>, Reply> {
        self.tell(|| "ingest puts the event".into());
        self.spend(fault);
        let now = delivery.clock;
        let counts =
            self.stands(now) || self.is(Mutant::ExpiredStillCounts) && self.world.event.is_some();
        let put = if fault == Fault::Before {
            Err(failed())
        } else if let Some(event) = self.world.event.filter(|_| counts) {
            self.tell(|| "it is there already".into());
            Ok(Put::Exists(Existing {
                delivery_id: if delivery.mine { "mine" } else { "another" }.into(),
                life: life_of(event.life),
                body_digest: String::new(),
            }))
        } else {
            self.record(now, !self.is(Mutant::IdWithoutBody));
            for (other, delivery) in self.world.ingests.iter_mut().enumerate() {
                if let Some(delivery) = delivery.as_mut().filter(|_| other != slot) {
                    delivery.mine = false;
                }
            }
            delivery.mine = true;
            Ok(Put::Stored)
        };
        delivery.durable = self.is_durable(now);
        if fault == Fault::Retried {
            return Ok(Some(delivery.at));
        }
        let put = if fault == Fault::After {
            Err(failed())
        } else {
            put
        };
        let put = if put.is_err() && self.is(Mutant::FailedPutIsAccepted) {
            Ok(Put::Stored)
        } else {
            put
        };
        let decided = ingest::after_put(&put, "mine", life_of(now));
        let clock = delivery.clock;
        if matches!(decided, Decided::Send { .. }) && self.is(Mutant::ItemBeforeBody) {
            return Ok(Some(IngestAt::BodyLate));
        }
        self.decided(&decided, clock)
    }

    /// The event is written.
    pub(crate) fn record(&mut self, life: Tick, body: bool) {
        self.world.event = Some(Event { life, body });
        self.world.indexed = !self.config.late_index;
        self.world.passed = 0;
        let ghost = &mut self.world.ghost;
        let done = ghost.legs.map(|leg| leg.done);
        *ghost = Ghost::default();
        for (leg, done) in ghost.legs.iter_mut().zip(done) {
            leg.done = done;
        }
    }

    fn read_work(
        &mut self,
        delivery: &mut Delivery,
        life: Tick,
        fault: Fault,
    ) -> Result<Option<IngestAt>, Reply> {
        self.tell(|| "ingest reads the work".into());
        self.spend(fault);
        let current = self.world.work.filter(|work| work.life == life);
        delivery.failed = current.map_or(0, failed_legs);
        let read = if fault == Fault::None {
            Ok(self.world.work.map(|item| work_of(self.config, &item)))
        } else {
            Err(failed())
        };
        let decided = match ingest::after_read(&read, life_of(life)) {
            Decided::Send {
                life,
                why,
                sent,
                unsent,
            } if self.is(Mutant::ReopenedUnsent) => Decided::Send {
                life,
                why,
                sent,
                unsent: if unsent == Answer::Unavailable {
                    Answer::Duplicate
                } else {
                    unsent
                },
            },
            Decided::Send {
                sent: Answer::Reopened,
                ..
            } if self.is(Mutant::FailedIsDuplicate) => Decided::Answer(Answer::Duplicate),
            Decided::Send {
                sent: Answer::Reopened,
                ..
            } if self.is(Mutant::WaitingIsDuplicate)
                && current.is_some_and(|work| !work.is_finished()) =>
            {
                Decided::Answer(Answer::Duplicate)
            }
            decided => decided,
        };
        self.decided(&decided, delivery.clock)
    }

    fn send_ticket(
        &mut self,
        letter: Letter,
        sent: Reply,
        unsent: Reply,
        fault: Fault,
    ) -> Result<Option<IngestAt>, Reply> {
        self.tell(|| "ingest sends a ticket".into());
        self.spend(fault);
        if fault != Fault::Before {
            self.world.send(letter);
            self.world.ghost.body_sent = true;
        }
        match fault {
            Fault::None => Err(sent),
            // Where the ledger isn't the outbox, the ticket is all there is, and its loss must be told.
            Fault::Before | Fault::After if self.is(Mutant::IdWithoutBody) => {
                Err(Reply::Unavailable)
            }
            Fault::Before | Fault::After => Err(unsent),
            Fault::Retried => Ok(Some(IngestAt::Send(letter, sent, unsent))),
        }
    }

    fn decided(&mut self, step: &Decided, clock: Tick) -> Result<Option<IngestAt>, Reply> {
        match *step {
            Decided::Answer(answer) => Err(answer.into()),
            Decided::Send {
                life,
                why,
                sent,
                unsent,
            } => {
                let ask = if why == Why::Reopen {
                    self.world.ask()
                } else {
                    0
                };
                let letter = Letter {
                    ask,
                    sent: self.config.sent(clock),
                    ..Letter::of(tick(life.0), why)
                };
                Ok(Some(IngestAt::Send(letter, sent.into(), unsent.into())))
            }
            Decided::ReadWork { life } => Ok(Some(IngestAt::Read(tick(life.0)))),
        }
    }

    /// S1 and S2 are said of the moment of the answer, or of the put before it: an event that expires in between was
    /// durable. Ingest's own clock decides what is expired.
    fn answer(&mut self, reply: Reply, delivery: &Delivery) {
        self.tell(|| format!("the provider is told: {reply:?}"));
        let durable = delivery.durable || self.is_durable(delivery.clock);
        match reply {
            Reply::Unavailable => return,
            Reply::Accepted if !durable => self.breaks(Property::S1),
            Reply::Duplicate | Reply::Reopened if !durable => self.breaks(Property::S2),
            _ => {}
        }
        let life = self.world.event.map(|event| event.life);
        let current = self.world.work.filter(|work| Some(work.life) == life);
        // What expires on the way is owed by nobody.
        let counts = self.stands(self.world.now);
        let failed = delivery.failed & current.filter(|_| counts).map_or(0, failed_legs);
        // What it asks may have been served already, where the queue has its ticket twice.
        let ask = match delivery.at {
            IngestAt::Send(letter, ..) => letter.ask,
            _ => 0,
        };
        for leg in 0..ROUTES {
            let ghost = &mut self.world.ghost.legs[leg];
            let served = ghost.opened_by & 1 << (ask & 15) != 0;
            ghost.owed_run |= failed & bit(leg) != 0 && !served;
        }
    }

    fn is_durable(&self, now: Tick) -> bool {
        let body = |event: Event| {
            let inline = event.body && !self.config.large;
            inline
                || self.config.large && self.world.bucket
                || self.world.ghost.body_sent && !event.body
        };
        self.stands(now) && self.world.event.is_some_and(body)
    }
}

impl From<Answer> for Reply {
    fn from(answer: Answer) -> Self {
        match answer {
            Answer::Accepted => Self::Accepted,
            Answer::Duplicate => Self::Duplicate,
            Answer::Reopened => Self::Reopened,
            Answer::Unavailable => Self::Unavailable,
        }
    }
}

/// The legs that failed, one bit each.
fn failed_legs(work: Item) -> u8 {
    let failed = (0..ROUTES).filter(|leg| work.has_failed(*leg));
    failed.fold(0, |bits, leg| bits | bit(leg))
}

/// What a call comes to whose answer is lost, or that never was carried out.
fn failed() -> fault::Fault {
    fault::Fault::new(FaultKind::TimedOut, "the step", "no answer")
}
