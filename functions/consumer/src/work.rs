//! A ticket's way, top to bottom: message, ledger, decision, claim, run, finish, answer.
//!
//! What to do is decided in [`protocol::decide::consumer`]; here it is done, in the order in which a
//! decision names it. Between any two steps the process may die, and the next holder of the ticket
//! goes on from what the ledger says. Whatever isn't known to be done is left in the queue.

use std::time::Duration;

use catalogue::Source;
use protocol::{
    decide::{
        consumer::{Action, Claim, Configured, Lease, Limits, Reason, Recording, Then, on_ticket},
        finish::{Finish, RunOutcome, after_run, disown, give_up},
    },
    fault::Fault,
    ledger::{Body, EventKey, EventRecord, Work},
    ports::{Claims as _, Clock as _, StoredBodies as _, Written},
    ticket::Ticket,
    time::{Millis, UnixMillis},
};
use webhook::{
    endpoint::subscription,
    event::bundle::{self, Item},
};

use crate::{
    confirm::confirm,
    consumer::{Consumer, Turn},
    handler::{Context, Event, idempotency_key},
    line::{Tally, TicketLine, TicketOutcome},
    run::run,
    split::Split,
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
    deadline: UnixMillis,
    pub(crate) note: TicketLine,
}

impl<'a, W: World> TicketWork<'a, W> {
    pub(crate) fn new(consumer: &'a Consumer<W>, record: &'a Record, deadline: UnixMillis) -> Self {
        Self {
            consumer,
            record,
            deadline,
            note: TicketLine {
                message_id: record.message_id.clone(),
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
        self.consumer.world.note(&self.note);
        fate
    }

    async fn decide_and_act(&mut self, turn: Turn) -> Result<Fate, Stop> {
        let world = &self.consumer.world;
        let Some(ticket) = Ticket::decode(&self.record.body) else {
            return self
                .bury(None, Reason::Malformed, "it is no ticket", 0)
                .await;
        };
        self.note.source = Some(ticket.key.source().into());
        self.note.event_id = Some(ticket.key.id().into());

        let entry = world.ledger().read(&ticket.key).await?;
        if let Some(event) = &entry.event {
            self.describe(event);
        }
        let limits = self.consumer.settings.limits_of(ticket.key.source());
        let lease = Lease {
            ends: self.deadline.plus(self.consumer.settings.lease_grace),
            token: world.clock().random(),
        };
        let recording = entry.event.as_ref().map(Recording::of);
        let work = entry.work.as_ref();
        let source = match self.consumer.sources.get(ticket.key.source()) {
            Some(_) => Configured::Yes,
            None => Configured::No,
        };
        let action = on_ticket(&ticket, recording, work, source, self.now(), lease, &limits);

        match (action, entry.event) {
            (Action::Claim(claim), _) if claim.then == Then::RunAlone && turn == Turn::First => {
                Ok(Fate::RunAlone)
            }
            (Action::Claim(claim), Some(event)) => {
                self.note.attempt = Some(claim.work.attempt);
                self.note.tries = Some(claim.work.tries);
                let written = world
                    .ledger()
                    .claim(&ticket.key, claim.as_read, &claim.work);
                match written.await? {
                    Written::Yes => self.run_claimed(claim, event, &limits).await,
                    Written::No => Ok(self.put_back(self.now(), "overtaken").await),
                }
            }
            (Action::PutBack { until }, _) => {
                let why = match source {
                    Configured::Yes => "not_due",
                    Configured::No => Reason::UnknownSource.as_str(),
                };
                Ok(self.put_back(until, why).await)
            }
            (Action::Postpone { as_read, work }, _) => {
                let written = world.ledger().claim(&ticket.key, Some(as_read), &work);
                match written.await? {
                    Written::Yes => Ok(self.put_back(work.until, "reopened_later").await),
                    Written::No => Ok(self.put_back(self.now(), "overtaken").await),
                }
            }
            (Action::Drop, _) => {
                self.note.outcome = TicketOutcome::Dropped;
                Ok(Fate::Delete)
            }
            (Action::Bury(reason), event) => {
                let attempts = entry.work.map_or(0, |work| work.attempt);
                let error = match (reason, event) {
                    (Reason::UnknownSource, _) => "the configuration has no such source",
                    (_, Some(_)) => "its event is too old to count",
                    (_, None) => "the ledger has no such event",
                };
                self.bury(Some(&ticket), reason, error, attempts).await
            }
            // No event, no claim: the decision never says so.
            (Action::Claim(_), None) => Ok(Fate::Keep),
        }
    }

    /// What the holder of a claim does.
    async fn run_claimed(
        &mut self,
        claim: Claim,
        event: EventRecord,
        limits: &Limits,
    ) -> Result<Fate, Stop> {
        let clock = self.consumer.world.clock();
        let key = event.key.clone();
        let (finish, done) = match claim.then {
            Then::GiveUp => (give_up(&claim.work, self.now()), TicketOutcome::Succeeded),
            Then::Disown => (disown(&claim.work, self.now()), TicketOutcome::Failed),
            Then::Run | Then::RunAlone => {
                let (outcome, done) = self.run(event, &claim.work, limits).await;
                let finish = after_run(&claim.work, outcome, self.now(), clock.random(), limits);
                (finish, done)
            }
        };
        match finish {
            Finish::Succeed(work) => {
                self.finish(&key, &claim.work, &work).await?;
                self.note.outcome = done;
                Ok(Fate::Delete)
            }
            Finish::Wait(work) => {
                self.note.error.clone_from(&work.last_error);
                self.finish(&key, &claim.work, &work).await?;
                self.note.outcome = TicketOutcome::Retried;
                self.hide(work.until.since(self.now())).await;
                Ok(Fate::Keep)
            }
            Finish::Fail(work, reason) => {
                let error = work.last_error.clone().unwrap_or_default();
                self.note.error = Some(error.clone());
                self.send_letter(Some(key.source()), reason, &error, work.attempt)
                    .await?;
                self.finish(&key, &claim.work, &work).await?;
                self.note.outcome = TicketOutcome::Failed;
                self.note.reason = Some(reason.as_str());
                Ok(Fate::Delete)
            }
        }
    }

    /// Runs the handler, or takes the event apart, or answers what its provider asks.
    async fn run(
        &mut self,
        event: EventRecord,
        claim: &Work,
        limits: &Limits,
    ) -> (RunOutcome, TicketOutcome) {
        let consumer = self.consumer;
        let known = consumer.sources.get(event.key.source());
        let subscription = known.and_then(|source| source.subscription);
        let source = known.filter(|source| source.bundle.is_some());
        let handler = consumer.router.find(event.key.source(), &event.event_type);
        if source.is_none() && subscription.is_none() && handler.is_none() {
            return (RunOutcome::Done, TicketOutcome::Unrouted);
        }
        let began = self.now();
        // The end of a run is early enough for what follows it to be written.
        let to_finish = consumer.settings.to_finish;
        let cut_off = self.deadline.plus(Millis(-to_finish.0));
        let outcome = match tokio::time::timeout(self.until(cut_off), self.load(&event.body)).await
        {
            Ok(Ok(body)) => {
                let asked = subscription.and_then(|asks| subscription::asked(&asks, &body));
                if let Some(asked) = asked {
                    let left = self.until(cut_off);
                    let outcome = confirm(consumer.world.callbacks(), asked, left).await;
                    self.note.ran = Some(self.now().since(began));
                    return (outcome, TicketOutcome::Confirmed);
                }
                if let Some(source) = source
                    && let Some(items) = bundle::items(source, &event, &body)
                {
                    let outcome = self.split(source, &event, &items, claim, cut_off).await;
                    return (outcome, TicketOutcome::Split);
                }
                let Some(handler) = handler.cloned() else {
                    return (RunOutcome::Done, TicketOutcome::Unrouted);
                };
                let left = self.until(cut_off);
                let context = self.context(&event, claim, limits, cut_off);
                run(handler, Event::new(event, known, body), context, left).await
            }
            Ok(Err(fault)) => RunOutcome::Retry(format!("its body could not be read: {fault}")),
            Err(_) => RunOutcome::Retry("its body could not be read in time".into()),
        };
        self.note.ran = Some(self.now().since(began));
        (outcome, TicketOutcome::Succeeded)
    }

    /// Makes events of the items of a delivery.
    async fn split(
        &mut self,
        source: &Source,
        delivery: &EventRecord,
        items: &[Item<'_>],
        claim: &Work,
        cut_off: UnixMillis,
    ) -> RunOutcome {
        let split = Split {
            world: &self.consumer.world,
            source,
            delivery,
            epoch: claim.epoch,
            inline_body_bytes: self.consumer.settings.inline_body_bytes,
        };
        let mut tally = Tally {
            all: items.len() as u64,
            ..Tally::default()
        };
        let written = split.write(items, &mut tally);
        let outcome = match tokio::time::timeout(self.until(cut_off), written).await {
            Ok(Ok(())) => RunOutcome::Done,
            Ok(Err(fault)) => {
                RunOutcome::Retry(format!("its items could not be recorded: {fault}"))
            }
            Err(_) => RunOutcome::Retry("its items could not be recorded in time".into()),
        };
        self.note.items = Some(tally);
        outcome
    }

    async fn load(&self, body: &Body) -> Result<Vec<u8>, Fault> {
        match body {
            Body::Inline(bytes) => Ok(bytes.clone()),
            Body::Object { key, .. } => self.consumer.world.bodies().get_body(key).await,
        }
    }

    fn context(
        &self,
        event: &EventRecord,
        claim: &Work,
        limits: &Limits,
        deadline: UnixMillis,
    ) -> Context {
        Context {
            idempotency_key: idempotency_key(&event.key, event.life()),
            attempt: claim.attempt,
            tries: claim.tries,
            tries_limit: limits.tries,
            deadline,
            received_at: event.received_at,
            epoch: claim.epoch,
            headers: event.headers.clone(),
            covered: event.covered.clone(),
            secret_label: event.secret_label.clone(),
            projection: self.consumer.world.projection(),
        }
    }

    /// Writes how a claim ended. That it can't be written because it has been is a success: an answer
    /// was lost, and the call made again.
    async fn finish(&self, key: &EventKey, claim: &Work, work: &Work) -> Result<(), Stop> {
        let ledger = self.consumer.world.ledger();
        let written = ledger.finish(key, claim.holder(), work).await;
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

    fn now(&self) -> UnixMillis {
        self.consumer.world.clock().now()
    }

    fn until(&self, then: UnixMillis) -> Duration {
        let left = u64::try_from(then.since(self.now()).0).unwrap_or(0);
        Duration::from_millis(left)
    }
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}
