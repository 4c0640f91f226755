//! The landing's own events: what Landfall tells of itself, under the source `landfall`.
//!
//! | type | told of | its id is a digest of |
//! |---|---|---|
//! | `landfall.event.failed` | a leg that is given up | event, life, route, attempt |
//! | `landfall.destination.opened`, `landfall.destination.closed` | a destination that turns | destination, health's revision, time |
//!
//! Such an event is written in one step with what it tells of: neither is there without the other, and a step that is made
//! again writes the same event. From then on it is an event like any, which the sweeper finds if its ticket is lost.
//!
//! Written is only what goes a route. Nothing is told of these events themselves, nor of the destinations that get them, or
//! one failure would tell of another for ever.

use std::time::Duration;

use catalogue::{Destination, OwnEvent, SourceName, route::To, source::RETENTION_DAYS};
use futures_util::future::join_all;
use protocol::{
    covered::{Covered, Part},
    decide::{
        finish::{Finish, LegLetter},
        limits::RESERVED,
    },
    ledger::{Body, EventKey, EventRecord, Work},
    outgoing::idempotency_key,
    ports::{MOST_TOLD, Queue as _},
    ticket::{Ticket, Why},
    time::UnixMillis,
};
use routing::instant;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::{
    consumer::Consumer,
    gate::{Turn, Turned},
    world::World,
};

/// How long the tickets of such events may take to be sent: what is sent with them can't wait for long, and the sweeper
/// sends what is missing.
const LONGEST_SEND: Duration = Duration::from_secs(1);

const CONTENT_TYPE: &str = "content-type";

impl<W> Consumer<W> {
    /// The events that tell of the legs of this event which are given up.
    pub(crate) fn told_of_failures(
        &self,
        event: &EventRecord,
        finish: &Finish,
        now: UnixMillis,
    ) -> Vec<EventRecord> {
        if event.key.source() == SourceName::LANDFALL.as_str() {
            return Vec::new();
        }
        let each = finish.letters.iter();
        let each = each.filter_map(|letter| self.told_of(event, &finish.work, letter, now));
        each.take(MOST_TOLD).collect()
    }

    fn told_of(
        &self,
        event: &EventRecord,
        work: &Work,
        letter: &LegLetter,
        now: UnixMillis,
    ) -> Option<EventRecord> {
        // An event that is given up as a whole never came to know its routes.
        let route = letter.route.as_deref().unwrap_or(RESERVED);
        let leg = work.legs.get(route);
        let to = self.router.get(route).map(|route| match route.to {
            To::Destination(name) => name.to_string(),
            To::Handler(name) => format!("handler:{name}"),
        });
        let body = json!({
            "event": {
                "source": event.key.source(),
                "id": event.event_id,
                "type": event.event_type,
                "received_at": instant(event.received_at),
                "unsigned": unsigned(&event.covered),
            },
            "route": route,
            "to": to.unwrap_or_default(),
            "reason": letter.reason.as_str(),
            "error": letter.error,
            "tries": letter.tries,
            "attempt": work.attempt,
            "replay": leg.map_or(0, |leg| leg.epoch),
            "since": instant(leg.map_or(event.received_at, |leg| leg.since)),
            "failed_at": instant(now),
        });
        let key = idempotency_key(&event.key, event.life(), route);
        let about = format!("{key}@{}", work.attempt);
        self.own_event(OwnEvent::EventFailed, &about, &body, now)
    }

    /// The event that tells of a destination which opens or closes.
    pub(crate) fn told_of_turn(&self, to: &Destination, turn: Turn<'_>) -> Option<EventRecord> {
        let name = to.name.as_str();
        if self.configuration.gets_own(name) {
            return None;
        }
        let health = turn.after;
        let mut body = json!({
            "destination": name,
            "kind": to.kind.word(),
            "error": health.last_error.as_deref().unwrap_or_default(),
        });
        let what = match turn.turned {
            Turned::Opened => {
                body["opened_at"] = instant(health.since).into();
                body["next_trial_at"] = instant(health.until).into();
                OwnEvent::DestinationOpened
            }
            Turned::Closed => {
                let before = turn.before?;
                body["opened_at"] = instant(before.since).into();
                body["failed_trials"] = before.failed_trials.into();
                body["closed_at"] = instant(health.since).into();
                OwnEvent::DestinationClosed
            }
            Turned::StillOpen { .. } => return None,
        };
        let about = format!("{name}@{}/{}", health.since.0, health.revision);
        self.own_event(what, &about, &body, turn.at)
    }

    /// The event, if it goes a route. `about` is what tells it from any other of its type.
    fn own_event(
        &self,
        what: OwnEvent,
        about: &str,
        body: &Value,
        now: UnixMillis,
    ) -> Option<EventRecord> {
        let body = body.to_string().into_bytes();
        let id = digest(format!("{}/{about}", what.as_str()).as_bytes());
        let covered = [Part::Id, Part::Type, Part::Body];
        let covered = covered.into_iter();
        let event = EventRecord {
            key: EventKey::new(SourceName::LANDFALL.as_str(), &id),
            event_type: what.as_str().into(),
            received_at: now,
            delivery_id: id[..16].to_owned(),
            body_digest: digest(&body),
            headers: [(CONTENT_TYPE.to_owned(), "application/json".to_owned())].into(),
            secret_label: String::new(),
            covered: covered.chain([Part::Header(CONTENT_TYPE.into())]).collect(),
            reference: None,
            parent: None,
            expires_at: EventRecord::expiry(now, RETENTION_DAYS),
            event_id: id,
            // A few kilobytes at most.
            body: Body::Inline(body.clone()),
        };
        let is_taken = !self.router.ways(&event, &body).is_empty();
        is_taken.then_some(event)
    }
}

impl<W: World> Consumer<W> {
    /// Sends the tickets of events that were told.
    pub(crate) async fn send_told(&self, told: impl IntoIterator<Item = &EventRecord>) {
        let sends = told.into_iter().map(|event| {
            let ticket = Ticket::new(event.key.clone(), event.life(), Why::New, event.received_at);
            async move { self.world.queue().send(&ticket).await }
        });
        let Ok(sent) = tokio::time::timeout(LONGEST_SEND, join_all(sends)).await else {
            tracing::warn!("an own event is left to the sweeper: its ticket took too long");
            return;
        };
        for fault in sent.into_iter().filter_map(Result::err) {
            tracing::warn!(error = %fault, "an own event is left to the sweeper");
        }
    }
}

/// What of an event anybody may have written who has seen a delivery.
fn unsigned(covered: &Covered) -> Vec<&'static str> {
    let parts = [
        ("body", covered.body()),
        ("id", covered.id()),
        ("type", covered.event_type()),
    ];
    let unsigned = parts.into_iter().filter(|(_, signed)| !signed);
    unsigned.map(|(part, _)| part).collect()
}

fn digest(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}
