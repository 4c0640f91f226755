//! One leg's run: the event's order, the body that its route sends, and its handler or its destination.

use std::time::Duration;

use catalogue::{
    destination::Destination,
    hops,
    route::{Route, To},
};
use protocol::{
    decide::finish::RunOutcome,
    destination::Standing,
    ledger::WORK_OUTLIVES_EVENT,
    outgoing::{Origin, Outgoing, Refusal, idempotency_key},
    ports::{Destinations as _, Mark, Marks as _},
};
use routing::{Event, Filling, Order, Unfilled, Version, order::VersionKind};

use crate::{
    gate::{Bounds, Came, Due, Entered, HeldBy, Left, Turn, Turned},
    handler,
    legs::Legs,
    run::{cut, millis, run},
    work::TicketWork,
    world::World,
};

impl<W: World> TicketWork<'_, W> {
    /// Runs the leg of this route.
    pub(crate) async fn run_way(
        &self,
        legs: &Legs<'_>,
        name: &str,
        event: &Event<'_>,
        body: &[u8],
    ) -> RunOutcome {
        let Some(route) = self.consumer.router.get(name) else {
            return RunOutcome::retry("the configuration has lost the route");
        };
        let key = idempotency_key(&legs.event.key, legs.event.life(), name);
        let filling = Filling {
            event,
            route: name,
            idempotency_key: &key,
        };
        let place = match route.order_by.map(|by| filling.order(by)).transpose() {
            Ok(place) => place,
            Err(why) => return RunOutcome::Permanent(why.to_string()),
        };
        if let Some(place) = &place
            && let Some(instead) = self.overtaken(name, place).await
        {
            return instead;
        }
        let outcome = match route.to {
            To::Handler(handler) => self.run_handler(legs, name, handler.as_str(), body).await,
            To::Destination(to) => {
                match self.consumer.configuration.destinations.get(to.as_str()) {
                    Some(to) => self.send(legs, route, to, &filling, body).await,
                    None => RunOutcome::retry("the configuration has lost the destination"),
                }
            }
        };
        if let (RunOutcome::Done, Some(place)) = (&outcome, &place) {
            self.pass_mark(legs, name, place).await;
        }
        outcome
    }

    async fn run_handler(
        &self,
        legs: &Legs<'_>,
        route: &str,
        name: &str,
        body: &[u8],
    ) -> RunOutcome {
        let consumer = self.consumer;
        let Some(handler) = consumer.handlers.get(name).cloned() else {
            return RunOutcome::retry("the consumer has lost the handler");
        };
        let known = consumer.configuration.sources.get(legs.event.key.source());
        let held = (consumer.handlers).begin(name, legs.event.key.source(), &legs.event.event_id);
        let event = handler::Event::new(legs.event.clone(), known, body.to_vec());
        let event = event.for_run(held.clone());
        let (mut context, left) = (self.context(legs, route), self.until(self.cut_off()));
        context.projection = context.projection.for_run(held);
        run(handler, event, context, left, || self.now()).await
    }

    /// Sends the event to a destination that can be sent to now.
    async fn send(
        &self,
        legs: &Legs<'_>,
        route: &Route,
        to: &Destination,
        filling: &Filling<'_, '_>,
        body: &[u8],
    ) -> RunOutcome {
        let outgoing = match self.outgoing(legs, route, to, filling, body) {
            Ok(outgoing) => outgoing,
            Err(why) => return RunOutcome::Permanent(why.to_string()),
        };
        if outgoing.hops > hops::MOST {
            return RunOutcome::Permanent(goes_round());
        }
        let (world, gate, name) = (&self.consumer.world, &self.consumer.gate, to.name.as_str());
        let bounds = Bounds {
            rate: to.rate.map(|rate| (rate.count, millis(rate.per))),
            concurrency: to.concurrency,
        };
        let leg = legs.claim.work.legs.get(route.name.as_str());
        let due = Due {
            since: leg.map_or_else(|| self.now(), |leg| leg.since),
            ends: legs.claim.work.until,
        };
        let entered = gate.enter(world.gates(), world.clock(), name, bounds, due);
        let permit = match entered.await {
            Entered::Pass(permit) => permit,
            Entered::Held { by, until } => {
                if let HeldBy::Unknown(fault) = &by {
                    tracing::warn!(destination = name, error = %fault, "can't be asked about");
                }
                let by = by.as_str().to_owned();
                return RunOutcome::Held { by, until };
            }
        };
        let left = self.until(self.cut_off());
        let limit = to.timeout.map_or(left, |timeout| timeout.min(left));
        let sent = world.destinations();
        let answer = sent.deliver(name, &outgoing, self.now(), limit).await;
        let came = match &answer {
            Err(Refusal::Transient { error, .. }) => Came::Failed(cut(error)),
            Ok(()) | Err(Refusal::Permanent { .. }) => Came::Reached,
        };
        let tell = |turn: Turn<'_>| self.consumer.told_of_turn(to, turn);
        let left = gate.leave(world.gates(), world.clock(), name, &permit, came, tell);
        match left.await {
            Ok(Left { turned, told }) => {
                if let Some(turned) = turned {
                    world.turned(name, turned);
                }
                self.consumer.send_told(&told).await;
                if let Some(Turned::StillOpen { until }) = turned {
                    let by = Standing::Open.as_str().to_owned();
                    return RunOutcome::Held { by, until };
                }
            }
            // What one leg has to say of its destination, others will say again.
            Err(fault) => tracing::warn!(destination = name, error = %fault, "not counted"),
        }
        match answer {
            Ok(()) => RunOutcome::Done,
            Err(Refusal::Permanent { error }) => RunOutcome::Permanent(cut(&error)),
            Err(Refusal::Transient { error, retry_after }) => RunOutcome::Retry {
                error: cut(&error),
                after: retry_after,
            },
        }
    }

    fn outgoing(
        &self,
        legs: &Legs<'_>,
        route: &Route,
        to: &Destination,
        filling: &Filling<'_, '_>,
        body: &[u8],
    ) -> Result<Outgoing, Unfilled> {
        let (event, work) = (legs.event, &legs.claim.work);
        let (body, content_type) = if let Some(reshape) = &route.body {
            (filling.body(reshape)?, "application/json".to_owned())
        } else {
            let content_type = event.headers.get("content-type").cloned();
            (body.to_vec(), content_type.unwrap_or_default())
        };
        let key = to.kind.template();
        let epoch = (work.legs.get(route.name.as_str())).map_or(0, |leg| leg.epoch);
        // Whoever replays an event wants it sent, whatever it says of itself.
        let came_with = match epoch {
            0 => hops::count(event.headers.get(hops::HEADER).map(String::as_str)),
            _ => 0,
        };
        Ok(Outgoing {
            source: event.key.source().into(),
            event_id: event.event_id.clone(),
            event_type: event.event_type.clone(),
            received_at: event.received_at,
            route: route.name.as_str().into(),
            idempotency_key: filling.idempotency_key.into(),
            attempt: work.attempt,
            epoch,
            hops: came_with.saturating_add(1),
            body,
            content_type,
            headers: filling.headers(&route.headers)?,
            key: key.map(|(_, key)| filling.text(key)).transpose()?,
            // Nothing gets into the ledger without a signature that holds.
            origin: Origin::Verified,
            covered: event.covered.clone(),
            trace: self.record.attributes.trace.clone(),
        })
    }

    /// What becomes of a leg instead of a run, where a newer state of its entity has gone its route before.
    async fn overtaken(&self, route: &str, place: &Order) -> Option<RunOutcome> {
        let marks = self.consumer.world.marks();
        let mark = match marks.read_mark(route, &place.entity, self.now()).await {
            Ok(mark) => mark?,
            Err(fault) => return Some(RunOutcome::retry(fault.to_string())),
        };
        let kind = VersionKind::named(&mark.kind);
        let newest = kind.and_then(|kind| Version::stored(kind, &mark.version));
        match newest.and_then(|newest| newest.compare(&place.version)) {
            None => {
                let (kind, found) = (place.version.kind().as_str(), mark.kind);
                let why = format!("its version is a {kind}, and the newest one is a {found}");
                Some(RunOutcome::Permanent(why))
            }
            Some(std::cmp::Ordering::Greater) => {
                Some(RunOutcome::Skipped("a newer state has gone before".into()))
            }
            Some(_) => None,
        }
    }

    /// Remembers how new the state is that has gone a route. Where that fails, an older one may go after it.
    async fn pass_mark(&self, legs: &Legs<'_>, route: &str, place: &Order) {
        let mark = Mark {
            kind: place.version.kind().as_str().into(),
            version: place.version.number(),
        };
        let expires_at = legs.event.expires_at.millis().plus(WORK_OUTLIVES_EVENT);
        let marks = self.consumer.world.marks();
        let raised = marks.raise_mark(
            route,
            &place.entity,
            &mark,
            self.now(),
            expires_at.seconds(),
        );
        let raised = tokio::time::timeout(LONGEST_RAISE, raised).await;
        if let Ok(Err(fault)) = raised {
            tracing::warn!(route, error = %fault, "the mark of an entity was not raised");
        }
    }
}

/// Why an event isn't sent that has come back too often.
fn goes_round() -> String {
    format!(
        "it has gone out of Landfall {} times by now, says its header `{}`: where this route leads posts it back here. It \
         is sent no more, unless somebody replays it",
        hops::MOST,
        hops::HEADER
    )
}

/// How long the write of a mark may take: what comes after it must be written too.
const LONGEST_RAISE: Duration = Duration::from_secs(1);
