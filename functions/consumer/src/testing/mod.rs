//! The consumer in the world of the tests.

#![allow(clippy::unwrap_used)]

use std::{
    ops::Deref,
    sync::{Arc, Mutex},
};

use catalogue::{Configuration, Environment, reader};
use protocol::{
    covered::Part,
    decide::limits::Limits,
    fault::FaultKind,
    ledger::{Body, EventKey, EventRecord, Leg, LegState, Life, State, Work},
    ports::{
        BodyStore, Claims, Clock, DeadLetter, Destinations, Gates, Marks, Queue, Receipts,
        Recorder, StoredBodies,
    },
    ticket::{Ticket, Why},
    time::{Millis, UnixMillis, UnixSeconds},
};
pub(crate) use support::world::{Mode, NOW, Plan};
use support::{records, world::Process};
use webhook::ports::{Callbacks, Opening};

use crate::{
    consumer::{Consumer, Settings},
    gate::{Gate, Turned},
    handler::{Context, Event, Failure, Outcome},
    line::{BatchLine, TicketLine},
    projection::Projection,
    registry::Handlers,
    router::Router,
    sqs::{Batch, Record},
    testkit::Table,
    world::World,
};

pub(crate) use crate::testkit::RECEIVED;

pub(crate) const DEADLINE: UnixMillis = UnixMillis(NOW.0 + 60_000);
pub(crate) const LEASE_END: UnixMillis = UnixMillis(NOW.0 + 65_000);

/// The life of the events that were received then.
pub(crate) const LIFE: Life = Life(RECEIVED);
pub(crate) const LIMITS: Limits = Limits {
    tries: 3,
    backoff_base: Millis::seconds(5),
    backoff_max: Millis::seconds(900),
    age: Limits::AGE,
    reopens: Limits::REOPENS,
    reopen_after: Limits::REOPEN_AFTER,
};

/// Items of more bytes than this go to the bucket.
pub(crate) const INLINE: usize = 100;

/// `s`, whose deliveries carry one event, `list`, whose deliveries carry several, `sns`, which asks whether it may send, and
/// `graph`, which encrypts; `closed` does so too, and nothing of it is opened.
const SOURCES: &str = include_str!("sources.toml");

/// What a test configures beside the sources: routes, with the handlers they lead to, and whatever else it says.
#[derive(Default)]
pub(crate) struct Routes {
    text: String,
    handlers: Handlers<()>,
}

impl Routes {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// A route of this source's events of these types, and its handler. Both are called by the source and the beginning
    /// of the types: `s-all`, `s-invoice`.
    pub(crate) fn on<F, R, T>(self, source: &str, types: &str, function: F) -> Self
    where
        F: Fn(Event, Context) -> R + Send + Sync + 'static,
        R: Future<Output = Result<T, Failure>> + Send + 'static,
        T: Into<Outcome> + 'static,
    {
        let beginning = match types.trim_end_matches(['*', '.']) {
            "" => "all",
            beginning => beginning,
        };
        let name: &'static str = format!("{source}-{beginning}").leak();
        let route = format!(
            "[routes.{name}]\nfrom = [\"{source}\"]\ntypes = [\"{types}\"]\nto = \"handler:{name}\"\n"
        );
        let handlers = self.handlers.add(name, function);
        Self { handlers, ..self }.and(&route)
    }

    /// The same, where the file says this too.
    pub(crate) fn and(self, text: &str) -> Self {
        let text = format!("{}{text}\n", self.text);
        Self { text, ..self }
    }

    fn read(&self) -> &'static Configuration {
        let text = format!("{SOURCES}\n{}", self.text);
        let read = reader::read_with_handlers(&text, Environment::Test, &self.handlers.names());
        Box::leak(Box::new(read.unwrap_or_else(|faults| panic!("{faults:?}"))))
    }
}

/// What a call says that fails.
pub(crate) const NO_ANSWER: Mode = Mode::FailedBefore(FaultKind::TimedOut);

/// The world, and what the consumer and its handlers leave in it. Clones share it.
#[derive(Clone)]
pub(crate) struct Memory {
    process: Process,
    table: Table,
    notes: Arc<Mutex<Vec<TicketLine>>>,
}

/// A world where whoever draws a number draws 0.
impl Default for Memory {
    fn default() -> Self {
        let memory = Self {
            process: Process::default(),
            table: Table::default(),
            notes: Arc::default(),
        };
        memory.state().random = Some(0);
        memory
    }
}

impl Deref for Memory {
    type Target = Process;

    fn deref(&self) -> &Process {
        &self.process
    }
}

impl Memory {
    /// Has this happen to every such call from now on.
    pub(crate) fn trouble(&self, call: &'static str, mode: Mode) {
        self.state().door.plan(Plan::From(call, 0, mode));
    }

    /// What somebody else writes just before the next claim.
    pub(crate) fn before_claim(&self, id: &str, work: Work) {
        let key = key(id);
        self.state().door.before("claim", move |services| {
            services.works.insert(key, work);
        });
    }

    /// Records an event of type `t`, with the work that it has.
    pub(crate) fn add(&self, id: &str, work: Option<Work>) -> Record {
        let event = event(id);
        let mut state = self.state();
        if let Some(work) = work {
            state.works.insert(event.key.clone(), work);
        }
        state.events.insert(event.key.clone(), event);
        drop(state);
        message(&ticket(id, Why::New))
    }

    /// The same, with this body, and nothing done yet.
    pub(crate) fn add_body(&self, id: &str, body: &[u8]) -> Record {
        let record = self.add(id, None);
        let mut state = self.state();
        if let Some(event) = state.events.get_mut(&key(id)) {
            event.body = Body::Inline(body.to_vec());
        }
        record
    }

    pub(crate) fn work(&self, id: &str) -> Option<Work> {
        self.state().works.get(&key(id)).cloned()
    }

    /// What calls and handlers brought about.
    pub(crate) fn effects(&self) -> Vec<String> {
        self.state().door.effects.clone()
    }

    pub(crate) fn forget_effects(&self) {
        self.state().door.effects.clear();
    }

    pub(crate) fn letters(&self) -> Vec<DeadLetter> {
        self.state().letters()
    }

    /// Every line.
    pub(crate) fn notes(&self) -> Vec<TicketLine> {
        self.notes.lock().unwrap().clone()
    }

    /// The only line there is.
    pub(crate) fn note(&self) -> TicketLine {
        let notes = self.notes();
        assert_eq!(notes.len(), 1, "{notes:?}");
        notes[0].clone()
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

/// The leg of the route on every event of `s`.
pub(crate) const LEG: &str = "s-all";

/// Work after four claims, whose one leg is in its second try, and was replayed once.
pub(crate) fn work(state: State, until: UnixMillis) -> Work {
    let of_leg = match state {
        State::Waiting => LegState::Waiting,
        State::Processing => LegState::Processing,
        State::Succeeded => LegState::Succeeded,
        State::Failed => LegState::Failed,
    };
    let leg = Leg {
        tries: 2,
        until,
        epoch: 1,
        ..records::leg(of_leg)
    };
    Work {
        attempt: 4,
        until,
        legs: [(LEG.into(), leg)].into(),
        all: 1,
        expires_at: UnixSeconds(NOW.0 / 1_000 + 3 * 86_400),
        ..records::work(LIFE, state)
    }
}

/// The same work, where something is different about its leg.
pub(crate) fn with_leg(mut work: Work, change: impl Fn(&mut Leg)) -> Work {
    work.legs.values_mut().for_each(change);
    work
}

/// What the legs said last.
pub(crate) fn said(work: &Work) -> Option<&str> {
    work.legs.values().find_map(|leg| leg.last_error.as_deref())
}

/// A ticket of an event of `s`, sent a moment ago.
pub(crate) fn ticket(id: &str, why: Why) -> Ticket {
    Ticket::new(key(id), LIFE, why, NOW)
}

/// The message that holds this ticket. Its id is the event's.
pub(crate) fn message(ticket: &Ticket) -> Record {
    Record {
        message_id: format!("m-{}", ticket.key.id()),
        receipt_handle: format!("r-{}", ticket.key.id()),
        body: ticket.encode(),
        ..Record::default()
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
    let mut settings = Settings::new(10, INLINE);
    change(&mut settings);
    let configuration = routes.read();
    Arc::new(Consumer {
        world: world.clone(),
        configuration,
        router: Router::new(configuration, LIMITS),
        handlers: routes.handlers.with(()).unwrap(),
        gate: Gate::default(),
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
        &self.process
    }

    fn queue(&self) -> &impl Queue {
        &self.process
    }

    fn receipts(&self) -> &impl Receipts {
        &self.process
    }

    fn bodies(&self) -> &(impl BodyStore + StoredBodies) {
        &self.process
    }

    fn callbacks(&self) -> &impl Callbacks {
        &self.process
    }

    fn opening(&self) -> &impl Opening {
        &self.process
    }

    fn destinations(&self) -> &impl Destinations {
        &self.process
    }

    fn gates(&self) -> &impl Gates {
        &self.process
    }

    fn marks(&self) -> &impl Marks {
        &self.process
    }

    fn clock(&self) -> &impl Clock {
        &self.process
    }

    fn projection(&self) -> Projection {
        Projection::new(self.table.clone())
    }

    fn note(&self, attempt: &TicketLine, _: &BatchLine) {
        self.notes.lock().unwrap().push(attempt.clone());
    }

    fn sum(&self, _: &BatchLine) {}

    fn turned(&self, destination: &str, turned: Turned) {
        self.state().did(format!("{turned:?} {destination}"));
    }
}
