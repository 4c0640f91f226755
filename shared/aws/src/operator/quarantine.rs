//! Opens, reads and ends quarantines, and admits what proved to be authentic after all: by the steps by which ingest records
//! an event.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::error::ProvideErrorMetadata as _;
use bytes::Bytes;
use protocol::{
    decide::ingest::{Answer, Step, after_put, after_read},
    fault::{Fault, FaultKind},
    ledger::{Body, EventRecord},
    ports::{BodyStore as _, Clock, Queue as _, Recorder as _},
    ticket::{Ask, Ticket, Why},
    time::{Millis, UnixMillis},
};
use webhook::{
    endpoint::quarantine::{Kept, Room},
    event::Authentic,
};

use super::SecretStore;
use crate::{
    bodies::Bodies,
    clients::Clients,
    codec::{self, Item},
    fault,
    ledger::Ledger,
    quarantine::{PREFIX, decode, name, pk},
    queue::Queue,
};

const EXPIRES_AT: &str = "expires_at";

/// How long an entry stays after its end, so that it can be said how much was kept.
const TOLD_FOR: Millis = Millis::days(3);

/// Larger bodies go to the bucket; whoever reads an event finds them there, whatever ingest was told.
const INLINE_BODY_BYTES: usize = 256 * 1_024;

/// The quarantines of a stack.
#[derive(Clone, Debug)]
pub struct Quarantine {
    clients: Clients,
    table: String,
    bucket: String,
    secrets: SecretStore,
    ledger: Ledger,
    queue: Queue,
}

/// What of a stack's quarantines an operator needs.
pub(super) struct Places<'a> {
    pub(super) enrolment_table: &'a str,
    pub(super) bucket: &'a str,
    pub(super) ledger: &'a str,
    pub(super) secrets: SecretStore,
    pub(super) queue: Queue,
}

/// Where a kept delivery stands, and how large it is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    key: String,
    /// The source that it came to.
    pub source: String,
    /// How many bytes it takes.
    pub bytes: u64,
}

impl Quarantine {
    pub(super) fn new(clients: &Clients, places: Places<'_>) -> Self {
        Self {
            clients: clients.clone(),
            table: places.enrolment_table.to_owned(),
            bucket: places.bucket.to_owned(),
            secrets: places.secrets,
            // Of several shards the first is always looked into, whether this process could note a number or not.
            ledger: Ledger::new(clients.dynamodb.clone(), places.ledger, 1),
            queue: places.queue,
        }
    }

    /// Opens a source's quarantine, with so much room. One that is open is opened anew.
    pub async fn open(&self, source: &str, room: Room) -> Result<(), Fault> {
        self.give_room(source, room).await?;
        self.secrets
            .set_quarantine(source, Some(room.open_until))
            .await
    }

    /// Gives it the room that ingest takes from. Ingest doesn't ask for any where the stack's secret doesn't say that it is
    /// open.
    pub async fn give_room(&self, source: &str, room: Room) -> Result<(), Fault> {
        self.clients
            .dynamodb
            .put_item()
            .table_name(&self.table)
            .set_item(Some(item(source, room)))
            .send()
            .await
            .map(drop)
            .map_err(|error| fault::of("opening the quarantine", &error))
    }

    /// Ends it. What was kept stays.
    pub async fn close(&self, source: &str) -> Result<(), Fault> {
        // First what ingest asks: the other is only what it goes by meanwhile.
        self.clients
            .dynamodb
            .delete_item()
            .table_name(&self.table)
            .key(name::PK, codec::s(pk(source)))
            .send()
            .await
            .map_err(|error| fault::of("closing the quarantine", &error))?;
        self.secrets.set_quarantine(source, None).await
    }

    /// The quarantines that were opened and not closed, by source, with the room that is left.
    pub async fn rooms(&self) -> Result<BTreeMap<String, Option<Room>>, Fault> {
        let mut rooms = BTreeMap::new();
        for (source, _) in self.secrets.quarantines().await? {
            let found = self
                .clients
                .dynamodb
                .get_item()
                .table_name(&self.table)
                .key(name::PK, codec::s(pk(&source)))
                .consistent_read(true)
                .send()
                .await
                .map_err(|error| fault::of("reading the quarantine", &error))?;
            let room = found.item().map(read_item).transpose()?;
            rooms.insert(source, room);
        }
        Ok(rooms)
    }

    /// Where the kept deliveries stand, of this source or of all, in the order in which they came.
    pub async fn kept(&self, source: Option<&str>) -> Result<Vec<Place>, Fault> {
        let prefix = source.map_or_else(|| PREFIX.to_owned(), |name| format!("{PREFIX}{name}/"));
        let mut places = Vec::new();
        let mut next = None;
        loop {
            let page = (self.clients.s3)
                .list(&self.bucket, &prefix, next.as_deref())
                .await
                .map_err(|error| fault::of("listing the quarantine", &error))?;
            places.extend(page.objects.into_iter().filter_map(|object| {
                let (source, _) = object.key.strip_prefix(PREFIX)?.split_once('/')?;
                Some(Place {
                    source: source.to_owned(),
                    bytes: object.size,
                    key: object.key,
                })
            }));
            next = page.next;
            if next.is_none() {
                return Ok(places);
            }
        }
    }

    /// A kept delivery. `None`: it is gone.
    pub async fn read(&self, place: &Place) -> Result<Option<Kept>, Fault> {
        match self.clients.s3.get(&self.bucket, &place.key).await {
            Ok(bytes) => decode(&bytes).map(Some),
            Err(error) if error.code() == Some("NoSuchKey") => Ok(None),
            Err(error) => Err(fault::of("reading the quarantine", &error)),
        }
    }

    /// Forgets a kept delivery.
    pub async fn forget(&self, place: &Place) -> Result<(), Fault> {
        (self.clients.s3)
            .delete(&self.bucket, &place.key)
            .await
            .map_err(|error| fault::of("taking it out of the quarantine", &error))
    }

    /// Records the event of a delivery that proved to be authentic, as ingest does, and as received now: the sweeper looks at it
    /// as at any other.
    pub async fn admit(
        &self,
        event: &Authentic<'_>,
        kept: &Kept,
        clock: &impl Clock,
    ) -> Result<Answer, Fault> {
        let record = record(event, kept, clock);
        if let Body::Object { key, .. } = &record.body {
            let bodies = Bodies::new(self.clients.s3.clone(), &self.bucket);
            let body = Bytes::copy_from_slice(event.body());
            bodies.put_body(key, body, event.body_digest()).await?;
        }
        let put = self.ledger.put_event(&record, record.received_at).await;
        let step = match after_put(&put, &record.delivery_id, record.life()) {
            Step::ReadWork { life } => after_read(&self.ledger.read_work(&record.key).await, life),
            step => step,
        };
        let answer = match step {
            Step::Send {
                life,
                why,
                sent,
                unsent,
            } => match self.queue.send(&ticket(&record, life, why, clock)).await {
                Ok(()) => sent,
                Err(_) => unsent,
            },
            Step::Answer(answer) => answer,
            Step::ReadWork { .. } => Answer::Unavailable,
        };
        match (answer, put) {
            (Answer::Unavailable, Err(fault)) => Err(fault),
            (Answer::Unavailable, Ok(_)) => Err(Fault::new(
                FaultKind::Other,
                "admitting an event",
                "its ticket could not be sent",
            )),
            (answer, _) => Ok(answer),
        }
    }
}

/// The record of what was kept. Where every delivery is an event of its own it is named after the one that was kept, so that it
/// is one event however often it is admitted; and it says of itself that it is another delivery each time, so that the second
/// is a duplicate.
fn record(event: &Authentic<'_>, kept: &Kept, clock: &impl Clock) -> EventRecord {
    let record = event.record(kept.delivery_id.clone(), clock.now(), INLINE_BODY_BYTES);
    EventRecord {
        delivery_id: format!("{:032x}", clock.unique()),
        ..record
    }
}

fn ticket(
    record: &EventRecord,
    life: protocol::ledger::Life,
    why: Why,
    clock: &impl Clock,
) -> Ticket {
    // Should the queue get the ticket of a redelivery twice, it is one ask all the same.
    let ask = (why == Why::Reopen).then(|| Ask::named(&record.delivery_id));
    Ticket {
        ask,
        ..Ticket::new(record.key.clone(), life, why, clock.now())
    }
}

fn item(source: &str, room: Room) -> Item {
    let expires_at = room.open_until.plus(TOLD_FOR).seconds();
    Item::from([
        (name::PK.into(), codec::s(pk(source))),
        (name::OPEN_UNTIL.into(), codec::n(room.open_until.0)),
        (name::DELIVERIES.into(), codec::n(room.deliveries)),
        (name::BYTES.into(), codec::n(room.bytes)),
        (EXPIRES_AT.into(), codec::n(expires_at.0)),
    ])
}

fn read_item(item: &Item) -> Result<Room, Fault> {
    Ok(Room {
        open_until: UnixMillis(codec::number(item, name::OPEN_UNTIL)?),
        deliveries: codec::number(item, name::DELIVERIES)?,
        bytes: codec::number(item, name::BYTES)?,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use catalogue::{Provider, Source};
    use webhook::keys::{Keys, Secret};

    use super::*;
    use crate::clock::SystemClock;

    /// `printf '{}' | openssl dgst -sha256 -hmac right`
    const SIGNATURE: &str = "604cfe6182421c4ca50fb9ef5a44b85265f965dbb0a8f409317ccdfd747891c8";

    fn admitted(delivery_id: &str) -> EventRecord {
        // Its deliveries have no id.
        let source = Source::of(Provider::named("lemon-squeezy").unwrap());
        let kept = Kept {
            source: "lemon-squeezy".into(),
            delivery_id: delivery_id.into(),
            received_at: UnixMillis(1_800_000_000_000),
            source_ip: None,
            reason: "forged".into(),
            detail: String::new(),
            method: "POST".into(),
            called_url: "https://example.com/webhooks/lemon-squeezy".into(),
            headers: [("X-Signature", SIGNATURE)].into_iter().collect(),
            body: b"{}".to_vec(),
        };
        let (keys, _) = Keys::load(source.schemes, &[Secret::new("right", "l")]);
        let url = kept.signed_url(None);
        let event = kept.verify(&source, &keys, &url).unwrap();
        record(&event, &kept, &SystemClock)
    }

    #[test]
    fn what_is_admitted_again_is_the_same_event_by_another_delivery() {
        let (once, again) = (admitted("a"), admitted("a"));
        assert_eq!((&once.key, &once.event_id), (&again.key, &again.event_id));
        assert_ne!(once.delivery_id, again.delivery_id);
        assert_ne!(admitted("b").key, once.key);
    }

    #[test]
    fn an_entry_comes_back_as_it_was() {
        let room = Room {
            open_until: UnixMillis(1_800_000_000_123),
            deliveries: 1_000,
            bytes: 64 * 1_024 * 1_024,
        };
        assert_eq!(read_item(&item("stripe", room)).unwrap(), room);
    }
}
