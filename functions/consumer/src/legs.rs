//! The legs of a claim: which routes an event goes, and the runs along them, side by side.

use catalogue::Source;
use futures_util::future::join_all;
use landfall_aws::trace;
use protocol::{
    decide::{
        consumer::Claim,
        finish::RunOutcome,
        limits::{RESERVED, Routes},
    },
    fault::Fault,
    ledger::{Body, EventRecord},
    outgoing::idempotency_key,
    ports::StoredBodies as _,
    time::{Millis, UnixMillis},
};
use webhook::{
    endpoint::subscription,
    event::bundle::{self, Item},
};

use crate::{
    confirm::confirm,
    handler::Context,
    line::{Tally, TicketOutcome},
    open::EventBody,
    split::Split,
    work::TicketWork,
    world::World,
};

/// What is to be run.
pub(crate) struct Legs<'a> {
    pub(crate) event: &'a EventRecord,
    pub(crate) claim: &'a Claim,
    pub(crate) routes: &'a Routes,
}

/// What a leg's run came to.
pub(crate) struct Ran {
    pub(crate) route: String,
    pub(crate) outcome: RunOutcome,
    /// What it is called where all went well.
    pub(crate) done: TicketOutcome,
    pub(crate) took: Millis,
    /// What became of a bundle's items.
    pub(crate) items: Option<Tally>,
}

impl<W: World> TicketWork<'_, W> {
    /// The routes that an event goes. A question of its provider's and a bundle go none: the reserved leg sees to them; and
    /// to an event whose body can't be read or opened now, where that would have to be known.
    pub(crate) async fn ways_of(
        &self,
        event: &EventRecord,
        body: &mut Option<EventBody>,
    ) -> Vec<String> {
        // The landing's own events have none: they are what they are.
        let source = (self.consumer.configuration.sources).get(event.key.source());
        let source =
            source.filter(|source| source.subscription.is_some() || source.bundle.is_some());
        let router = &self.consumer.router;
        if source.is_none() && !router.wants_body(event) {
            return router.ways(event, &[]);
        }
        let Ok(came) = self.load_in_time(&event.body).await else {
            return vec![RESERVED.into()];
        };
        if source.is_some_and(|source| is_no_event(source, event, &came)) {
            *body = Some(EventBody::Came(came));
            return vec![RESERVED.into()];
        }
        let Ok(opened) = self.open(event, &came).await else {
            *body = Some(EventBody::Came(came));
            return vec![RESERVED.into()];
        };
        let opened = opened.unwrap_or(came);
        let ways = router.ways(event, &opened);
        *body = Some(EventBody::Opened(opened));
        ways
    }

    /// Runs the legs of a claim, side by side.
    pub(crate) async fn run(&self, legs: &Legs<'_>, body: Option<EventBody>) -> Vec<Ran> {
        if legs.claim.run.is_empty() {
            return Vec::new();
        }
        let body = match body {
            Some(body) => Ok(body),
            None => match self.load_in_time(&legs.event.body).await {
                Ok(came) => Ok(EventBody::Came(came)),
                Err(why) => Err(RunOutcome::retry(why)),
            },
        };
        let body = match body {
            // The reserved leg opens it where it comes to that.
            Ok(body) if legs.claim.run != [RESERVED] => self.opened(legs.event, body).await,
            body => body,
        };
        let body = body.as_ref();
        let payload = (self.consumer.router).payload(legs.event.key.source());
        // Read once, when a route first asks for something of it.
        let event = body.map(|body| routing::Event::new(legs.event, body.bytes(), payload));
        let event = &event;
        let each = legs.claim.run.iter().map(|name| async move {
            let began = self.now();
            let (outcome, done, items) = match (body, event) {
                (Ok(body), _) if name == RESERVED => self.run_reserved(legs, body).await,
                (Ok(body), Ok(event)) => {
                    let outcome = self.run_way(legs, name, event, body.bytes()).await;
                    (outcome, TicketOutcome::Succeeded, None)
                }
                (Err(outcome), _) | (_, &Err(outcome)) => {
                    (outcome.clone(), TicketOutcome::Succeeded, None)
                }
            };
            Ran {
                route: name.clone(),
                outcome,
                done,
                took: self.now().since(began),
                items,
            }
        });
        join_all(each).await
    }

    /// What comes before an event's routes, or in their place.
    async fn run_reserved(
        &self,
        legs: &Legs<'_>,
        body: &EventBody,
    ) -> (RunOutcome, TicketOutcome, Option<Tally>) {
        let (consumer, event) = (self.consumer, legs.event);
        let source = consumer.configuration.sources.get(event.key.source());
        let asked = source.and_then(|source| source.subscription);
        if let Some(asked) = asked.and_then(|asks| subscription::asked(asks, body.bytes())) {
            let left = self.until(self.cut_off());
            let outcome = confirm(consumer.world.callbacks(), asked, left).await;
            return (outcome, TicketOutcome::Confirmed, None);
        }
        if let Some(source) = source.filter(|source| source.bundle.is_some())
            && let Some(items) = bundle::items(source, event, body.bytes())
        {
            let (outcome, tally) = self.split(legs, source, &items).await;
            return (outcome, TicketOutcome::Split, Some(tally));
        }
        let ways = match body {
            EventBody::Opened(body) => Ok(consumer.router.ways(event, body)),
            EventBody::Came(came) => self.open(event, came).await.map(|opened| {
                let body = opened.as_deref().unwrap_or(came);
                consumer.router.ways(event, body)
            }),
        };
        let outcome = ways.map_or_else(|outcome| outcome, RunOutcome::Routed);
        (outcome, TicketOutcome::Waits, None)
    }

    /// Makes events of the items of a delivery.
    async fn split(
        &self,
        legs: &Legs<'_>,
        source: &Source,
        items: &[Item<'_>],
    ) -> (RunOutcome, Tally) {
        let leg = legs.claim.work.legs.get(RESERVED);
        let split = Split {
            world: &self.consumer.world,
            source,
            delivery: legs.event,
            epoch: leg.map_or(0, |leg| leg.epoch),
            inline_body_bytes: self.consumer.settings.inline_body_bytes,
        };
        let mut tally = Tally {
            all: items.len() as u64,
            ..Tally::default()
        };
        let written = split.write(items, &mut tally);
        let outcome = match tokio::time::timeout(self.until(self.cut_off()), written).await {
            Ok(Ok(())) => RunOutcome::Done,
            Ok(Err(fault)) => {
                RunOutcome::retry(format!("its items could not be recorded: {fault}"))
            }
            Err(_) => RunOutcome::retry("its items could not be recorded in time"),
        };
        (outcome, tally)
    }

    /// The body, or why it can't be had.
    async fn load_in_time(&self, body: &Body) -> Result<Vec<u8>, String> {
        match tokio::time::timeout(self.until(self.cut_off()), self.load(body)).await {
            Ok(Ok(body)) => Ok(body),
            Ok(Err(fault)) => Err(format!("its body could not be read: {fault}")),
            Err(_) => Err("its body could not be read in time".into()),
        }
    }

    async fn load(&self, body: &Body) -> Result<Vec<u8>, Fault> {
        match body {
            Body::Inline(bytes) => Ok(bytes.clone()),
            Body::Object { key, .. } => self.consumer.world.bodies().get_body(key).await,
        }
    }

    /// The end of a run is early enough for what follows it to be written.
    pub(crate) fn cut_off(&self) -> UnixMillis {
        let to_finish = self.consumer.settings.to_finish;
        self.deadline.plus(Millis(-to_finish.0))
    }

    pub(crate) fn context(&self, legs: &Legs<'_>, route: &str) -> Context {
        let (event, work) = (legs.event, &legs.claim.work);
        let leg = work.legs.get(route);
        Context {
            idempotency_key: idempotency_key(&event.key, event.life(), route),
            route: route.into(),
            attempt: work.attempt,
            tries: leg.map_or(1, |leg| leg.tries),
            tries_limit: legs.routes.limits_of(route).tries,
            deadline: self.cut_off(),
            received_at: event.received_at,
            epoch: leg.map_or(0, |leg| leg.epoch),
            headers: event.headers.clone(),
            covered: event.covered.clone(),
            secret_label: event.secret_label.clone(),
            trace: trace::header(self.record.attributes.trace.as_deref()),
            projection: self.consumer.world.projection(),
        }
    }
}

/// Whether this is a question of the provider's, or a bundle of events.
fn is_no_event(source: &Source, event: &EventRecord, body: &[u8]) -> bool {
    let asked = source.subscription;
    asked.is_some_and(|asks| subscription::asked(asks, body).is_some())
        || source.bundle.is_some() && bundle::items(source, event, body).is_some()
}
