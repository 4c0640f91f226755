//! A ticket's way, top to bottom: message, ledger, decision, claim, run, finish, answer.
//!
//! What to do is decided in [`protocol::decide`]; here it is done, in the order in which a decision names it. How
//! the legs of a claim are run is in [`legs`](crate::legs). Between any two steps the process may die, and the next holder of the ticket
//! goes on from what the ledger says. Whatever isn't known to be done is left in the queue.

use std::time::Duration;

use catalogue::SourceName;
use landfall_aws::trace;
use protocol::{
    decide::{
        asked::Asked,
        consumer::{Action, Claim, Lease, Recording, on_ticket},
        finish::{Finish, after_runs},
        limits::{RESERVED, Routes},
    },
    fault::Fault,
    ledger::{EventKey, EventRecord, State, Work},
    ports::{Claims as _, Clock as _, DeadLetter, Entry, Written},
    reason::Reason,
    ticket::{Ask, Ticket, Why},
    time::UnixMillis,
};

use crate::{
    consumer::{Consumer, Turn},
    legs::Legs,
    line::{BatchLine, LegLine, TicketLine, TicketOutcome},
    open::EventBody,
    sqs::Record,
    world::World,
};

/// What becomes of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is deleted: what it asked for is done, or safe elsewhere.
    Delete,
    /// It is reported as failed, and comes again.
    Keep,
    /// Nothing was done yet: its event's last holder never came back, so it waits until all others
    /// are done.
    RunAlone,
}

/// Why a ticket's way ended early.
pub(crate) enum Stop {
    /// A call failed.
    Fault(Fault),
    /// The claim is another's.
    Fenced,
}

/// A ticket that is being worked on.
pub(crate) struct TicketWork<'a, W> {
    pub(crate) consumer: &'a Consumer<W>,
    pub(crate) record: &'a Record,
    pub(crate) deadline: UnixMillis,
    pub(crate) note: TicketLine,
    batch: &'a BatchLine,
}

impl<'a, W: World> TicketWork<'a, W> {
    pub(crate) fn new(
        consumer: &'a Consumer<W>,
        record: &'a Record,
        deadline: UnixMillis,
        batch: &'a BatchLine,
    ) -> Self {
        Self {
            batch,
            consumer,
            record,
            deadline,
            note: TicketLine {
                message_id: record.message_id.clone(),
                trace: trace::kept(record.attributes.trace.as_deref()),
                ..TicketLine::default()
            },
        }
    }

    /// Does what the ticket asks for, and logs it.
    pub(crate) async fn work_on(mut self, turn: Turn) -> Fate {
        let began = self.now();
        let fate = match self.decide_and_act(turn).await {
            Ok(Fate::RunAlone) => return Fate::RunAlone,
            Ok(fate) => fate,
            Err(Stop::Fault(fault)) => {
                self.note.outcome = TicketOutcome::Unavailable;
                self.note.tell(&fault);
                Fate::Keep
            }
            Err(Stop::Fenced) => {
                self.note.outcome = TicketOutcome::Fenced;
                Fate::Keep
            }
        };
        self.note.took = self.now().since(began);
        self.consumer.world.note(&self.note, self.batch);
        fate
    }

    async fn decide_and_act(&mut self, turn: Turn) -> Result<Fate, Stop> {
        let world = &self.consumer.world;
        let Some(ticket) = Ticket::decode(&self.record.body) else {
            return self.bury(None, Reason::Malformed, 0).await;
        };
        self.note.source = Some(ticket.key.source().into());
        self.note.event_id = Some(ticket.key.id().into());
        self.note.why = Some(ticket.why);
        self.note.epoch = (ticket.why == Why::Replay).then_some(ticket.epoch);

        let entry = world.ledger().read(&ticket.key).await?;
        if let Some(event) = &entry.event {
            self.describe(event);
        }
        let message = Ask::named(&self.record.message_id);
        let mut body = None;
        let routes = self.routes(&ticket, message, &entry, &mut body).await;
        let lease = Lease {
            ends: self.deadline.plus(self.consumer.settings.lease_grace),
            token: world.clock().random(),
        };
        let recording = entry.event.as_ref().map(Recording::of);
        let (work, now) = (entry.work.as_ref(), self.now());
        let action = on_ticket(
            &ticket,
            message,
            recording,
            work,
            routes.as_ref(),
            now,
            lease,
        );

        match (action, entry.event) {
            (Action::Claim(claim), _)
                if claim.alone && !claim.run.is_empty() && turn == Turn::First =>
            {
                Ok(Fate::RunAlone)
            }
            (Action::Claim(claim), Some(event)) => {
                self.note.attempt = Some(claim.work.attempt);
                let written = world
                    .ledger()
                    .claim(&ticket.key, claim.as_read, &claim.work);
                match written.await? {
                    Written::Yes => self.hold(ticket, claim, event, routes, body).await,
                    Written::No => Ok(self.put_back(self.now(), "overtaken").await),
                }
            }
            (Action::PutBack { until }, _) => Ok(self.put_back(until, "in_hand").await),
            (Action::Defer { until, reason }, _) => {
                self.note.outcome = TicketOutcome::Waits;
                self.note.reason = Some(reason.as_str());
                let again = Ticket {
                    ask: Some(ticket.ask.unwrap_or(message)),
                    ..ticket
                };
                Ok(self.send_again(&again, until).await)
            }
            (Action::Again { until }, Some(event)) => {
                self.note.outcome = TicketOutcome::Waits;
                Ok(self.again(&event, until).await)
            }
            (Action::Drop, _) => {
                self.note.outcome = TicketOutcome::Dropped;
                Ok(Fate::Delete)
            }
            (Action::Bury(reason), _) => {
                let attempts = entry.work.map_or(0, |work| work.attempt);
                self.bury(Some(&ticket), reason, attempts).await
            }
            // No event, no claim, and nothing that waits: the decision never says so.
            (Action::Claim(_) | Action::Again { .. }, None) => Ok(Fate::Keep),
        }
    }

    /// The routes that concern the event: those of its source, those of its legs, and the one that the ticket names; and
    /// which of them match, where that is asked. What had to be read for it is kept.
    async fn routes(
        &self,
        ticket: &Ticket,
        message: Ask,
        entry: &Entry,
        body: &mut Option<EventBody>,
    ) -> Option<Routes> {
        let (consumer, name) = (self.consumer, ticket.key.source());
        if !consumer.configuration.knows(name) {
            return None;
        }
        let known = &consumer.router;
        let of_legs = entry.work.iter().flat_map(|work| work.legs.keys());
        let named = of_legs.chain(&ticket.route);
        let named = named.filter_map(|route| known.get(route));
        let all = known.of_source(name).iter().copied().chain(named);
        let limits = all.map(|route| {
            let limits = known.limits(name, Some(route));
            (route.name.as_str().to_owned(), limits)
        });
        let usual = known.limits(name, None);
        let mut routes = Routes {
            limits: limits.chain([(RESERVED.to_owned(), usual)]).collect(),
            matching: Vec::new(),
            of_gone: usual,
        };
        if let Some(event) = &entry.event {
            let life = event.life();
            let own = entry.work.as_ref().filter(|work| work.life == life);
            if Asked::by(ticket, message, life).needs_matching(own) {
                routes.matching = self.ways_of(event, body).await;
            }
        }
        Some(routes)
    }

    /// What the holder of a claim does: runs → letters → finish, with what tells of the legs that failed → `again`, if legs
    /// wait → delete.
    async fn hold(
        &mut self,
        ticket: Ticket,
        claim: Claim,
        event: EventRecord,
        routes: Option<Routes>,
        body: Option<EventBody>,
    ) -> Result<Fate, Stop> {
        if claim.ends_with_the_write() {
            return Ok(self.written(&event, &claim.work).await);
        }
        let outcomes = match &routes {
            Some(routes) => {
                let legs = Legs {
                    event: &event,
                    claim: &claim,
                    routes,
                };
                self.run(&legs, body).await
            }
            None => Vec::new(),
        };
        let clock = self.consumer.world.clock();
        let ran = outcomes.iter();
        let ran = ran.map(|leg| (leg.route.clone(), leg.outcome.clone()));
        let (ran, now) = (ran.collect(), self.now());
        let finish = after_runs(&claim, ran, routes.as_ref(), now, || clock.random());
        self.note.legs = LegLine::all(&claim, &outcomes, &finish);
        self.send_letters(&ticket, &claim, &event.key, &finish)
            .await?;
        let told = self.consumer.told_of_failures(&event, &finish, now);
        self.finish(&event.key, &claim.work, &finish.work, &told)
            .await?;
        self.note.finished(&claim, &outcomes, &finish);
        let fate = match finish.again {
            Some(until) => self.again(&event, until).await,
            None => Fate::Delete,
        };
        self.consumer.send_told(&told).await;
        Ok(fate)
    }

    /// A claim that had nothing to run.
    async fn written(&mut self, event: &EventRecord, work: &Work) -> Fate {
        if work.state == State::Waiting {
            self.note.outcome = TicketOutcome::Waits;
            return self.again(event, work.until).await;
        }
        // That nothing takes a deployment's check is as it should be.
        let is_check = event.key.source() == SourceName::CHECK.as_str();
        self.note.outcome = if work.legs.is_empty() && !is_check {
            TicketOutcome::Unrouted
        } else {
            TicketOutcome::Dropped
        };
        Fate::Delete
    }

    /// A letter for each leg that is given up, and one for the ticket itself if it asks for what can't be done.
    async fn send_letters(
        &self,
        ticket: &Ticket,
        claim: &Claim,
        key: &EventKey,
        finish: &Finish,
    ) -> Result<(), Stop> {
        let now = self.now();
        for letter in &finish.letters {
            let attempts = letter.route.as_ref().map(|_| u64::from(letter.tries));
            self.send_letter(&DeadLetter {
                body: letter.ticket(key, &claim.work, now).encode(),
                source: Some(key.source().into()),
                route: letter.route.clone(),
                reason: letter.reason.as_str(),
                error: letter.error.clone(),
                attempts: attempts.unwrap_or(claim.work.attempt),
            })
            .await?;
        }
        if claim.bury {
            let reason = finish.letters.first().map(|letter| letter.reason);
            let reason = reason.unwrap_or(Reason::UnknownSource);
            self.send_own_letter(Some(ticket), reason, claim.work.attempt)
                .await?;
        }
        Ok(())
    }

    /// A ticket for the legs that wait.
    async fn again(&mut self, event: &EventRecord, until: UnixMillis) -> Fate {
        let ticket = Ticket::new(event.key.clone(), event.life(), Why::Again, self.now());
        self.send_again(&ticket, until).await
    }

    /// Writes how a claim ended. That it can't be written because it has been is a success: an answer
    /// was lost, and the call made again.
    async fn finish(
        &self,
        key: &EventKey,
        claim: &Work,
        work: &Work,
        told: &[EventRecord],
    ) -> Result<(), Stop> {
        let ledger = self.consumer.world.ledger();
        let written = ledger.finish(key, claim.holder(), work, told).await;
        if written? == Written::Yes {
            return Ok(());
        }
        match ledger.read(key).await?.work {
            Some(found) if found.version() == work.version() => Ok(()),
            _ => Err(Stop::Fenced),
        }
    }

    fn describe(&mut self, event: &EventRecord) {
        self.note.event_id = Some(event.event_id.clone());
        self.note.event_type = Some(event.event_type.clone());
        self.note.reference.clone_from(&event.reference);
        self.note.age = Some(self.now().since(event.received_at));
    }

    pub(crate) fn now(&self) -> UnixMillis {
        self.consumer.world.clock().now()
    }

    pub(crate) fn until(&self, then: UnixMillis) -> Duration {
        let left = u64::try_from(then.since(self.now()).0).unwrap_or(0);
        Duration::from_millis(left)
    }
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}
