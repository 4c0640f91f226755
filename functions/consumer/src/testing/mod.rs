//! The world of the tests: in memory, with the real one's conditions, and calls that fail on demand.

#![allow(clippy::unwrap_used)]

mod ports;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, LazyLock, Mutex, MutexGuard},
};

use catalogue::{Environment, Sources, reader};
use fakes::records;
use protocol::{
    covered::Part,
    decide::consumer::Limits,
    fault::{Fault, FaultKind},
    ledger::{EventKey, EventRecord, Life, State, Work},
    ports::{BodyStore, Claims, Clock, DeadLetter, Queue, Receipts, Recorder, StoredBodies},
    ticket::Ticket,
    time::{Millis, UnixMillis, UnixSeconds},
};
use webhook::ports::Callbacks;

use crate::{
    consumer::{Consumer, Settings},
    line::TicketLine,
    projection::Projection,
    router::{Router, Routes},
    sqs::{Batch, Record},
    testkit::Table,
    world::World,
};

pub(crate) use crate::testkit::RECEIVED;

pub(crate) const NOW: UnixMillis = UnixMillis(RECEIVED.0 + 600_000);
pub(crate) const DEADLINE: UnixMillis = UnixMillis(NOW.0 + 60_000);
pub(crate) const LEASE_END: UnixMillis = UnixMillis(NOW.0 + 65_000);

/// The life of the events that were received then.
pub(crate) const LIFE: Life = Life(RECEIVED);
pub(crate) const LIMITS: Limits = Limits {
    tries: 3,
    backoff_base: Millis::seconds(5),
    backoff_max: Millis::seconds(900),
    reopens: Limits::REOPENS,
    reopen_after: Limits::REOPEN_AFTER,
};

/// Items of more bytes than this go to the bucket.
pub(crate) const INLINE: usize = 100;

/// `s`, whose deliveries carry one event, `list`, whose deliveries carry several, and `sns`, which asks
/// whether it may send.
pub(crate) fn sources() -> &'static Sources {
    static ALL: LazyLock<Sources> = LazyLock::new(|| {
        let text = r#"
            [sources.s]
            provider = "financbase"
            [sources.list]
            provider = "financbase"
            retention_days = 40
            bundle = { items = "events", item_id = "{json:id}", item_type = "{json:type}" }
            [sources.sns]
            event_id = "{json:MessageId}"
            [sources.sns.scheme]
            algorithm = "hmac-sha256"
            key = "text"
            signature = { header = "X-Sig" }
            encoding = "hex"
            message = "{body}"
            [sources.sns.subscription]
            json = "Type"
            value = "SubscriptionConfirmation"
            url = "SubscribeURL"
            hosts = ["sns.{region}.amazonaws.com", "sns.{region}.amazonaws.com.cn"]
        "#;
        reader::read(text, Environment::Test).unwrap().sources
    });
    &ALL
}

/// The world. Clones share it.
#[derive(Clone, Default)]
pub(crate) struct Memory(Arc<Mutex<Inner>>);

#[derive(Default)]
pub(crate) struct Inner {
    pub(crate) now: Option<UnixMillis>,
    pub(crate) random: u64,
    pub(crate) events: BTreeMap<EventKey, EventRecord>,
    pub(crate) works: BTreeMap<EventKey, Work>,
    pub(crate) objects: BTreeMap<String, Vec<u8>>,
    pub(crate) table: Table,
    pub(crate) notes: Vec<TicketLine>,
    /// Every effect, in the order in which they came.
    pub(crate) effects: Vec<String>,
    pub(crate) letters: Vec<DeadLetter>,
    /// What addresses of providers answer, and which were called.
    pub(crate) status: u16,
    pub(crate) called: Vec<String>,
    /// Every ticket that was sent.
    pub(crate) tickets: Vec<Ticket>,
    /// Calls that fail without effect.
    pub(crate) failing: BTreeSet<&'static str>,
    /// So many calls go well before these fail.
    pub(crate) failing_after: BTreeMap<&'static str, usize>,
    /// Calls that take effect once and are then made again by the SDK, for their answer was lost.
    pub(crate) doubled: BTreeSet<&'static str>,
    /// Calls that never return.
    pub(crate) hanging: BTreeSet<&'static str>,
    /// How many of them were made.
    pub(crate) hung: usize,
    /// What somebody else writes just before the next claim.
    pub(crate) before_claim: Option<Work>,
}

impl Memory {
    pub(crate) fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap()
    }

    fn call(&self, name: &'static str) -> Result<MutexGuard<'_, Inner>, Fault> {
        let mut inner = self.lock();
        let spent = match inner.failing_after.get_mut(name) {
            Some(0) => true,
            Some(left) => {
                *left -= 1;
                false
            }
            None => false,
        };
        if spent || inner.failing.contains(name) {
            Err(Fault::new(FaultKind::TimedOut, name, "no answer"))
        } else {
            Ok(inner)
        }
    }

    async fn hang(&self, name: &'static str) {
        let hangs = self.lock().hanging.contains(name);
        if hangs {
            self.lock().hung += 1;
            std::future::pending::<()>().await;
        }
    }

    /// Records an event of type `t`, with the work that it has.
    pub(crate) fn add(&self, id: &str, work: Option<Work>) -> Record {
        let event = event(id);
        let mut inner = self.lock();
        if let Some(work) = work {
            inner.works.insert(event.key.clone(), work);
        }
        inner.events.insert(event.key.clone(), event);
        drop(inner);
        message(&Ticket::new(key(id), LIFE))
    }

    pub(crate) fn work(&self, id: &str) -> Option<Work> {
        self.lock().works.get(&key(id)).cloned()
    }

    pub(crate) fn effects(&self) -> Vec<String> {
        self.lock().effects.clone()
    }

    /// The only line there is.
    pub(crate) fn note(&self) -> TicketLine {
        let inner = self.lock();
        assert_eq!(inner.notes.len(), 1, "{:?}", inner.notes);
        inner.notes[0].clone()
    }
}

pub(crate) fn key(id: &str) -> EventKey {
    EventKey::new("s", id)
}

pub(crate) fn event(id: &str) -> EventRecord {
    EventRecord {
        event_type: "t".into(),
        received_at: RECEIVED,
        covered: [Part::Id, Part::Type, Part::Reference, Part::Body]
            .into_iter()
            .collect(),
        reference: Some(("verification_id".into(), format!("ref-{id}"))),
        expires_at: UnixSeconds(NOW.0 / 1_000 + 86_400),
        ..records::event("s", id)
    }
}

pub(crate) fn work(state: State, until: UnixMillis) -> Work {
    Work {
        attempt: 4,
        tries: 2,
        until,
        epoch: 1,
        expires_at: UnixSeconds(NOW.0 / 1_000 + 3 * 86_400),
        ..records::work(LIFE, state)
    }
}

/// The message that holds this ticket. Its id is the event's.
pub(crate) fn message(ticket: &Ticket) -> Record {
    Record {
        message_id: format!("m-{}", ticket.key.id()),
        receipt_handle: format!("r-{}", ticket.key.id()),
        body: ticket.encode(),
    }
}

pub(crate) fn consumer(world: &Memory, routes: Routes) -> Arc<Consumer<Memory>> {
    consumer_with(world, |_| {}, routes)
}

pub(crate) fn consumer_with(
    world: &Memory,
    change: impl Fn(&mut Settings),
    routes: Routes,
) -> Arc<Consumer<Memory>> {
    let mut settings = Settings::new(LIMITS, BTreeMap::new(), 10, INLINE);
    change(&mut settings);
    Arc::new(Consumer {
        world: world.clone(),
        sources: sources(),
        router: Router::new(routes, ()).unwrap(),
        settings,
    })
}

/// Works on these messages, and says which stay in the queue.
pub(crate) async fn consume(
    world: &Memory,
    routes: Routes,
    records: impl IntoIterator<Item = Record>,
) -> Vec<String> {
    let batch = Batch {
        records: records.into_iter().collect(),
    };
    let response = consumer(world, routes)
        .work_on(batch, DEADLINE)
        .await
        .unwrap();
    response
        .batch_item_failures
        .into_iter()
        .map(|failed| failed.item_identifier)
        .collect()
}

/// Works on these messages so that `to_finish` of a minute is not the handlers', and says how many stay.
pub(crate) async fn hurried(
    world: &Memory,
    routes: Routes,
    to_finish: Millis,
    records: Vec<Record>,
) -> usize {
    let consumer = consumer_with(world, |settings| settings.to_finish = to_finish, routes);
    let response = consumer.work_on(Batch { records }, DEADLINE).await.unwrap();
    response.batch_item_failures.len()
}

impl World for Memory {
    fn ledger(&self) -> &(impl Recorder + Claims) {
        self
    }

    fn queue(&self) -> &impl Queue {
        self
    }

    fn receipts(&self) -> &impl Receipts {
        self
    }

    fn bodies(&self) -> &(impl BodyStore + StoredBodies) {
        self
    }

    fn callbacks(&self) -> &impl Callbacks {
        self
    }

    fn clock(&self) -> &impl Clock {
        self
    }

    fn projection(&self) -> Projection {
        Projection::new(self.lock().table.clone())
    }

    fn note(&self, attempt: &TicketLine) {
        self.lock().notes.push(attempt.clone());
    }
}
