//! The world of the tests: in memory, with the real one's conditions, and calls that fail on demand.

#![allow(clippy::unwrap_used)]

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, LazyLock, Mutex, MutexGuard},
};

use catalogue::{Environment, Sources, reader};
use fakes::{records, tables};
use futures_util::future::{BoxFuture, FutureExt as _};
use protocol::{
    covered::Part,
    decide::consumer::Limits,
    fault::{Fault, FaultKind},
    ledger::{EventKey, EventRecord, Holder, Life, State, Work, WorkVersion},
    ports::{
        BodyStore, Claims, Clock, DeadLetter, Entry, Put, Queue, Receipts, Recorder, StoredBodies,
        Written,
    },
    ticket::Ticket,
    time::{Millis, UnixMillis, UnixSeconds},
};
use webhook::{ports::Callbacks, reading::address::Address};

use crate::{
    consumer::{Consumer, Settings},
    handler::{Context, Event},
    line::TicketLine,
    projection::{Projection, Store},
    router::{Router, Routes},
    sqs::{Batch, Record},
    world::World,
};

pub(crate) const NOW: UnixMillis = UnixMillis(1_800_000_000_000);
pub(crate) const DEADLINE: UnixMillis = UnixMillis(NOW.0 + 60_000);
pub(crate) const LEASE_END: UnixMillis = UnixMillis(NOW.0 + 65_000);
pub(crate) const RECEIVED: UnixMillis = UnixMillis(NOW.0 - 600_000);

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
        reader::read(text, Environment::Test).unwrap()
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
    pub(crate) projected: BTreeMap<String, (i64, String)>,
    pub(crate) counts: BTreeMap<String, u64>,
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
        router: Router::new(routes).unwrap(),
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

pub(crate) fn context() -> Context {
    context_in(&Memory::default(), RECEIVED)
}

pub(crate) fn context_in(world: &Memory, received_at: UnixMillis) -> Context {
    Context {
        idempotency_key: "k".into(),
        attempt: 1,
        tries: 1,
        tries_limit: 3,
        deadline: DEADLINE,
        received_at,
        epoch: 0,
        headers: BTreeMap::new(),
        covered: [Part::Id, Part::Type, Part::Reference, Part::Body]
            .into_iter()
            .collect(),
        secret_label: "2026-11".into(),
        projection: Projection::new(world.clone()),
    }
}

/// The state that is kept under a key; null where there is none.
pub(crate) fn projected(world: &Memory, key: &str) -> serde_json::Value {
    let kept = world.lock().projected.get(key).cloned();
    kept.map_or_else(Default::default, |(_, state)| {
        serde_json::from_str(&state).unwrap()
    })
}

pub(crate) fn event_of(source: &str, event_type: &str, body: &str) -> Event {
    Event {
        source: source.into(),
        id: "evt_1".into(),
        event_type: event_type.into(),
        content_type: "application/json".into(),
        payload_field: None,
        body: crate::handler::RawBody(body.into()),
    }
}

impl Clock for Memory {
    fn now(&self) -> UnixMillis {
        self.lock().now.unwrap_or(NOW)
    }

    fn random(&self) -> u64 {
        self.lock().random
    }
}

impl Recorder for Memory {
    async fn put_event(&self, event: &EventRecord, now: UnixMillis) -> Result<Put, Fault> {
        self.hang("put_event").await;
        let mut inner = self.call("put_event")?;
        let put = tables::put_event(&mut inner.events, event, now);
        if put == Put::Stored {
            inner.effects.push(format!("put_event {}", event.key.id()));
        }
        Ok(put)
    }

    async fn read_work(&self, key: &EventKey) -> Result<Option<Work>, Fault> {
        Ok(self.call("read_work")?.works.get(key).cloned())
    }
}

impl Claims for Memory {
    async fn read(&self, key: &EventKey) -> Result<Entry, Fault> {
        self.hang("read").await;
        let inner = self.call("read")?;
        Ok(Entry {
            event: inner.events.get(key).cloned(),
            work: inner.works.get(key).cloned(),
        })
    }

    async fn claim(
        &self,
        key: &EventKey,
        as_read: Option<WorkVersion>,
        work: &Work,
    ) -> Result<Written, Fault> {
        let mut inner = self.call("claim")?;
        if let Some(work) = inner.before_claim.take() {
            inner.works.insert(key.clone(), work);
        }
        let written = tables::claim(&mut inner.works, key, as_read, work);
        if written == Written::Yes {
            let what = match work.state {
                State::Waiting => "postpone",
                _ => "claim",
            };
            inner.effects.push(format!("{what} {}", key.id()));
        }
        if inner.doubled.contains("claim") {
            return Ok(tables::claim(&mut inner.works, key, as_read, work));
        }
        Ok(written)
    }

    async fn finish(&self, key: &EventKey, holder: Holder, work: &Work) -> Result<Written, Fault> {
        self.hang("finish").await;
        let mut inner = self.call("finish")?;
        let written = tables::finish(&mut inner.works, key, holder, work);
        if written == Written::Yes {
            let state = work.state.as_str();
            inner.effects.push(format!("finish {state}"));
        }
        if inner.doubled.contains("finish") {
            return Ok(tables::finish(&mut inner.works, key, holder, work));
        }
        Ok(written)
    }
}

impl Queue for Memory {
    async fn send(&self, ticket: &Ticket) -> Result<(), Fault> {
        let mut inner = self.call("send")?;
        inner.effects.push(format!("send {}", ticket.key.id()));
        inner.tickets.push(ticket.clone());
        Ok(())
    }
}

impl Receipts for Memory {
    async fn hide(&self, receipt: &str, length: Millis) -> Result<(), Fault> {
        let mut inner = self.call("hide")?;
        inner.effects.push(format!("hide {receipt} {}", length.0));
        Ok(())
    }

    async fn bury(&self, letter: &DeadLetter) -> Result<(), Fault> {
        let mut inner = self.call("bury")?;
        inner.effects.push(format!("bury {}", letter.reason));
        inner.letters.push(letter.clone());
        Ok(())
    }
}

impl BodyStore for Memory {
    async fn put_body(&self, key: &str, body: &[u8]) -> Result<(), Fault> {
        let mut inner = self.call("put_body")?;
        inner.effects.push("put_body".into());
        inner.objects.insert(key.into(), body.to_vec());
        Ok(())
    }
}

impl StoredBodies for Memory {
    async fn get_body(&self, key: &str) -> Result<Vec<u8>, Fault> {
        let mut inner = self.call("get_body")?;
        inner.effects.push(format!("get_body {key}"));
        let found = inner.objects.get(key).cloned();
        found.ok_or_else(|| Fault::new(FaultKind::Other, "get_body", "no such object"))
    }
}

impl Callbacks for Memory {
    async fn get(&self, callback: &Address) -> Result<u16, Fault> {
        self.hang("get").await;
        let mut inner = self.call("get")?;
        inner.effects.push("get".into());
        inner.called.push(callback.url().into());
        Ok(inner.status)
    }
}

impl Store for Memory {
    fn put_if_newer<'a>(
        &'a self,
        key: &'a str,
        occurred_at: UnixMillis,
        json: &'a str,
    ) -> BoxFuture<'a, Result<Written, Fault>> {
        async move {
            let mut inner = self.call("project")?;
            if inner
                .projected
                .get(key)
                .is_some_and(|(at, _)| *at > occurred_at.0)
            {
                return Ok(Written::No);
            }
            inner
                .projected
                .insert(key.into(), (occurred_at.0, json.into()));
            Ok(Written::Yes)
        }
        .boxed()
    }

    fn count<'a>(&'a self, key: &'a str, name: &'a str) -> BoxFuture<'a, Result<u64, Fault>> {
        async move {
            let mut inner = self.call("count")?;
            let count = inner.counts.entry(format!("{key}.{name}")).or_default();
            *count += 1;
            Ok(*count)
        }
        .boxed()
    }
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
        Projection::new(self.clone())
    }

    fn note(&self, attempt: &TicketLine) {
        self.lock().notes.push(attempt.clone());
    }
}
