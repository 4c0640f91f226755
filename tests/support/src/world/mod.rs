//! The world of the tests: the services in memory, with the real ones' conditions, and the processes that call them.
//!
//! Whatever leaves a process is a call through a port, and every call goes through one [`door`], which counts it and may do
//! to it what can happen to a call ([`Mode`]). A process that is killed there is dropped, as death would drop it: nothing
//! after that point takes place, and what it held (a lease, a received message) stays as it was. The clock stands still
//! until a test moves it, or runs with tokio's; chance is drawn from a seed, or is what a test says.
//!
//! The functions' tests and the crash tests live in this world, and what its ports promise is held to the same suite as the
//! services (`tests/ports`).
//!
//! | | |
//! |---|---|
//! | [`door`] | what happens to which call, and what was called |
//! | [`process`] | a process, which can be killed or stopped at every call |
//! | `ports`, `gates`, `marks`, `secrets` | the ports, each call through the door |
//! | [`sqs`] | the queue and its dead-letter queue |

pub mod door;
mod gates;
mod marks;
mod ports;
pub mod process;
mod secrets;
pub mod sqs;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, MutexGuard, PoisonError},
};

use chance::Chance;
use protocol::{
    destination::Health,
    ledger::{EventKey, EventRecord, Work},
    outgoing::{Outgoing, Refusal},
    ports::{Cursor, DeadLetter, Mark},
    ticket::Ticket,
    time::{Millis, UnixMillis, UnixSeconds},
};
use webhook::endpoint::{
    enrolment::Entry,
    quarantine::{Kept as KeptDelivery, Room},
};

pub use door::{Door, Mode, Plan};
pub use gates::Kept;
pub use process::{Process, Reply, Stopped};
pub use secrets::Held;
use sqs::Sqs;

/// When every history begins.
pub const NOW: UnixMillis = UnixMillis(1_800_000_000_000);

/// What the services hold, and the door to them.
#[derive(Default)]
pub struct Services {
    /// The door.
    pub door: Door,
    /// How much later than at the start it is, beside what tokio's clock says.
    pub moved: Millis,
    /// When the history began by tokio's clock, if time runs with it.
    pub began: Option<tokio::time::Instant>,
    /// What is drawn from the seed.
    pub chance: Chance,
    /// What processes draw instead.
    pub random: Option<u64>,
    /// The events.
    pub events: BTreeMap<EventKey, EventRecord>,
    /// Their works.
    pub works: BTreeMap<EventKey, Work>,
    /// Whose works only a strongly consistent read shows as yet.
    pub unseen: BTreeSet<EventKey>,
    /// The bucket.
    pub objects: BTreeMap<String, Vec<u8>>,
    /// The sweeper's cursors.
    pub cursors: BTreeMap<String, Cursor>,
    /// When sources were last heard.
    pub heard: BTreeMap<String, UnixMillis>,
    /// Over how many shards events are spread.
    pub shards: Shards,
    /// How late the index shows these events.
    pub late: BTreeMap<EventKey, Millis>,
    /// The queue and its dead-letter queue.
    pub sqs: Sqs,
    /// The secret as Secrets Manager has it, newest first.
    pub stored: Vec<String>,
    /// The sources of which it says nothing.
    pub unset: BTreeSet<&'static str>,
    /// The tokens that providers show in handshakes, by source.
    pub verify_tokens: BTreeMap<&'static str, &'static str>,
    /// Ingest's container: what it knows of the secret, and until when.
    pub held: Option<Held>,
    /// The keys at providers' addresses.
    pub published: BTreeMap<&'static str, &'static str>,
    /// The same container: what it has found at such an address.
    pub fetched: BTreeMap<String, Option<&'static str>>,
    /// Secrets that wait for the operator, by source.
    pub enrolments: BTreeMap<String, Entry>,
    /// Quarantines that the operator has opened, by source.
    pub rooms: BTreeMap<String, Room>,
    /// What was kept in them.
    pub quarantined: Vec<KeptDelivery>,
    /// The private keys that are stored for a source, each with the name of its certificate.
    pub private_keys: BTreeMap<String, Vec<(&'static str, &'static str)>>,
    /// What addresses of providers answer.
    pub status: u16,
    /// Which of them were called.
    pub called: Vec<String>,
    /// What destinations say that take nothing.
    pub refusals: BTreeMap<String, Refusal>,
    /// Those of them that lie: they take what they refuse.
    pub liars: BTreeSet<&'static str>,
    /// What the others have taken, each by its name.
    pub delivered: Vec<(String, Outgoing)>,
    /// What consumers share of destinations.
    pub gates: Kept,
    /// The newest version of each entity that each route has passed on, and until when that counts.
    pub marks: BTreeMap<(String, String), (Mark, UnixSeconds)>,
}

/// A number of shards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shards {
    /// Over so many events are spread.
    pub now: u32,
    /// And so many were noted at most.
    pub most: u32,
}

impl Default for Shards {
    fn default() -> Self {
        Self { now: 1, most: 1 }
    }
}

/// What a world is made of: the services, and whoever watches them.
pub trait Watched: Send + 'static {
    /// The services.
    fn services(&mut self) -> &mut Services;
    /// A process has done this, at this very moment.
    fn saw(&mut self, _process: u64, _seen: Seen<'_>) {}
}

impl Watched for Services {
    fn services(&mut self) -> &mut Services {
        self
    }
}

/// What can be seen of a process.
pub enum Seen<'a> {
    /// It claims an event, or settles it with no claim, over what stood there.
    Claimed(&'a EventKey, Option<Work>, &'a Work),
    /// It ends its claim, and these events tell of it.
    Finished(&'a EventKey, &'a Work, &'a [EventRecord]),
    /// It writes a destination's health over this one, and this event tells of it.
    Turned(Option<Health>, &'a Health, Option<&'a EventRecord>),
    /// It sends a ticket.
    Sent(&'a Ticket),
    /// It buries a ticket.
    Buried(&'a DeadLetter),
    /// It sends an event to a destination, which says this.
    Delivered(&'a Outgoing, &'a Result<(), Refusal>),
}

impl Services {
    /// The time.
    #[must_use]
    pub fn now(&self) -> UnixMillis {
        let ran = self.began.map_or(0, |began| began.elapsed().as_millis());
        NOW.plus(self.moved)
            .plus(Millis(i64::try_from(ran).unwrap_or(i64::MAX)))
    }

    /// Lets so much time pass.
    pub fn pass(&mut self, length: Millis) {
        self.moved = Millis(self.moved.0 + length.0);
    }

    /// Makes it this time.
    pub fn set_now(&mut self, now: UnixMillis) {
        self.pass(now.since(self.now()));
    }

    /// Has these secrets stored, newest first, and read by ingest's container a moment ago.
    pub fn hold(&mut self, secrets: &[&str]) {
        self.stored = secrets.iter().map(|&secret| secret.into()).collect();
        self.held = Some(Held {
            secrets: self.stored.clone(),
            due: UnixMillis(i64::MAX),
            refetched: BTreeMap::new(),
        });
    }

    /// Has what was read of the secret be due for another read.
    pub fn secret_is_due(&mut self) {
        let now = self.now();
        if let Some(held) = &mut self.held {
            held.due = now;
        }
    }

    /// Notes what a call, or a handler, has brought about.
    pub fn did(&mut self, what: String) {
        self.door.effects.push(what);
    }

    /// Records these events in the same step as what they tell of.
    fn tell<'e>(&mut self, told: impl Iterator<Item = &'e EventRecord>) {
        for event in told {
            self.events.insert(event.key.clone(), event.clone());
            self.did(format!("tell {}", event.event_type));
        }
    }

    /// Has writers of events start with so many shards.
    pub fn note_shards(&mut self, shards: u32) {
        self.shards.most = self.shards.most.max(shards);
    }

    /// The tickets in the queue.
    #[must_use]
    pub fn tickets(&self) -> Vec<Ticket> {
        let messages = self.sqs.messages.iter();
        messages
            .filter_map(|message| Ticket::decode(&message.body))
            .collect()
    }

    /// What processes have put into the dead-letter queue.
    #[must_use]
    pub fn letters(&self) -> Vec<DeadLetter> {
        let letters = self.sqs.letters.iter();
        letters.filter_map(|letter| letter.told.clone()).collect()
    }
}

/// Locks, also after a panic: an assertion that failed elsewhere is told there.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
