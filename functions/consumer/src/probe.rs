//! A test of a destination: one event that an operator asks for, sent as all others are, by the consumer's role, over its
//! network and with the destination's own secrets.
//!
//! The ledger has no such event, and the gate isn't asked: a destination is tried that is paused, open or busy too, and what
//! it says decides about nothing.

use std::time::Duration;

use catalogue::{Payload, SourceName, destination::Destination};
use landfall_aws::probe::{Came, Told};
use protocol::{
    covered::Part,
    ledger::{Body, EventKey, EventRecord},
    outgoing::{Origin, Outgoing, Refusal, idempotency_key},
    ports::{Clock as _, Destinations as _},
    time::UnixMillis,
};
use routing::{Event, Filling};
use serde_json::json;

use crate::{consumer::Consumer, run::cut, world::World};

/// The type of a test event.
const TYPE: &str = "landfall.destination.test";

/// What stands for its route: no route can be called so.
const ROUTE: &str = "landfall.test";

/// What stands in a destination's own template for what a payload would say.
const INSTEAD: &str = "landfall-test";

/// For how many days a test event would be kept, were it kept.
const RETENTION_DAYS: u16 = 1;

impl<W: World> Consumer<W> {
    /// Sends a test event to this destination, and says what came of it before `deadline`, when the platform ends the
    /// invocation.
    pub async fn test(&self, destination: &str, deadline: UnixMillis) -> Told {
        let clock = self.world.clock();
        let now = clock.now();
        let id = format!("test-{:016x}", clock.random());
        let Some(to) = self.configuration.destinations.get(destination) else {
            return Told {
                event_id: id,
                ms: 0,
                came: Came::Unknown,
            };
        };
        let outgoing = outgoing(to, &id, now);
        let left = deadline
            .since(now)
            .0
            .saturating_sub(self.settings.to_finish.0);
        let left = Duration::from_millis(u64::try_from(left).unwrap_or(0));
        let limit = to.timeout.map_or(left, |timeout| timeout.min(left));
        let sent = self.world.destinations();
        let answer = sent.deliver(to.name.as_str(), &outgoing, now, limit).await;
        let came = match answer {
            Ok(()) => Came::Taken,
            Err(Refusal::Permanent { error }) => Came::Permanent { error: cut(&error) },
            Err(Refusal::Transient { error, retry_after }) => Came::Transient {
                error: cut(&error),
                retry_after_ms: retry_after.map(|wait| wait.0),
            },
        };
        Told {
            event_id: id,
            ms: clock.now().since(now).0,
            came,
        }
    }
}

/// The test event, on its way.
fn outgoing(to: &Destination, id: &str, now: UnixMillis) -> Outgoing {
    let body = json!({
        "type": TYPE,
        "id": id,
        "destination": to.name.as_str(),
        "note": "Somebody has tried out this destination with `landfall destinations test`. Nothing has happened.",
    });
    let body = body.to_string().into_bytes();
    let content_type = "application/json";
    let key = EventKey::new(SourceName::LANDFALL.as_str(), id);
    let record = EventRecord {
        event_id: id.to_owned(),
        event_type: TYPE.to_owned(),
        received_at: now,
        delivery_id: id.to_owned(),
        body: Body::Inline(body.clone()),
        body_digest: String::new(),
        headers: [("content-type".to_owned(), content_type.to_owned())].into(),
        secret_label: String::new(),
        covered: [Part::Id, Part::Type, Part::Body].into_iter().collect(),
        reference: None,
        parent: None,
        expires_at: EventRecord::expiry(now, RETENTION_DAYS),
        key,
    };
    let idempotency_key = idempotency_key(&record.key, record.life(), ROUTE);
    let event = Event::new(&record, &body, Payload::Body);
    let filling = Filling {
        event: &event,
        route: ROUTE,
        idempotency_key: &idempotency_key,
    };
    let key = to.kind.template();
    Outgoing {
        source: record.key.source().to_owned(),
        event_id: id.to_owned(),
        event_type: TYPE.to_owned(),
        received_at: now,
        route: ROUTE.to_owned(),
        attempt: 1,
        epoch: 0,
        hops: 1,
        content_type: content_type.to_owned(),
        headers: [].into(),
        key: key.map(|(_, template)| filling.text_or(template, INSTEAD)),
        // It is Landfall's own.
        origin: Origin::Verified,
        covered: record.covered.clone(),
        trace: None,
        body: body.clone(),
        idempotency_key: idempotency_key.clone(),
    }
}
