//! What the services hold.

use std::collections::BTreeMap;

use chance::Chance;
use protocol::{
    ledger::{EventKey, EventRecord, Life, Work},
    ports::Position,
    time::{Millis, UnixMillis},
};
use webhook::endpoint::enrolment::Entry;

use super::{
    contract::Ghost,
    effect::{Mode, Plan},
    sqs::Sqs,
};

/// When every history begins.
pub const START: UnixMillis = UnixMillis(1_800_000_000_000);

/// Everything outside the processes.
#[derive(Default)]
pub struct State {
    /// How much later than at the start it is, beside what tokio's clock says.
    pub moved: Millis,
    /// When the history began by tokio's clock.
    pub(super) began: Option<tokio::time::Instant>,
    /// What is drawn from the seed.
    pub chance: Chance,
    /// The events.
    pub events: BTreeMap<EventKey, EventRecord>,
    /// Their works.
    pub works: BTreeMap<EventKey, Work>,
    /// The bucket.
    pub objects: BTreeMap<String, Vec<u8>>,
    /// The sweeper's cursors.
    pub cursors: BTreeMap<String, Position>,
    /// How late the index shows these events.
    pub late: BTreeMap<EventKey, Millis>,
    /// The queue and its dead-letter queue.
    pub sqs: Sqs,
    /// The table that handlers write to.
    pub projection: BTreeMap<String, u64>,
    /// The secret as Secrets Manager has it, newest first.
    pub stored: Vec<String>,
    /// Secrets that wait for the operator, by source.
    pub enrolments: BTreeMap<String, Entry>,
    /// Ingest's container: what it knows of the secret, and until when.
    pub held: Option<Held>,
    /// The same container: the key at the address that deliveries name, once it has fetched it.
    pub fetched: Option<&'static str>,
    /// Every line that was logged.
    pub log: Vec<String>,
    /// What happens when.
    pub plan: Plan,
    /// How often something has happened.
    pub happened: u32,
    /// The effects since the plan was made.
    pub trace: Vec<&'static str>,
    /// What the contract's checks remember.
    pub ghost: Ghost,
}

/// What a container of ingest knows of the secret.
#[derive(Clone, Debug)]
pub struct Held {
    /// As it was read, newest first.
    pub secrets: Vec<String>,
    /// When it is to be read again.
    pub due: UnixMillis,
    /// When a mismatch last led to a read.
    pub refetched: Option<UnixMillis>,
}

impl State {
    /// The time.
    #[must_use]
    pub fn now(&self) -> UnixMillis {
        let ran = self.began.map_or(0, |began| began.elapsed().as_millis());
        START
            .plus(self.moved)
            .plus(Millis(i64::try_from(ran).unwrap_or(i64::MAX)))
    }

    /// Counts an effect and says what happens to it.
    pub(super) fn enter(&mut self, kind: &'static str) -> Option<Mode> {
        let number = self.trace.iter().filter(|seen| **seen == kind).count();
        if self.plan != Plan::Off {
            self.trace.push(kind);
        }
        let mode = self.mode_of(kind, number);
        self.happened += u32::from(mode.is_some());
        mode
    }

    fn mode_of(&mut self, kind: &str, number: usize) -> Option<Mode> {
        match self.plan {
            Plan::Off | Plan::Count => None,
            Plan::At(of, at, mode) => (of == kind && at == number).then_some(mode),
            Plan::Random { one_in, left } => {
                if left == 0 || !self.chance.draw().is_multiple_of(one_in) {
                    return None;
                }
                // A call that hangs stops the clock for whoever stands still beside it.
                let mode = Mode::ALL[self.chance.below(Mode::ALL.len())];
                if mode == Mode::Hangs || !mode.can_happen_to(kind) {
                    return None;
                }
                self.plan = Plan::Random {
                    one_in,
                    left: left - 1,
                };
                Some(mode)
            }
        }
    }

    /// Whether this secret waits for the operator.
    #[must_use]
    pub fn waits(&self, secret: &str) -> bool {
        let mut pending = self.enrolments.values().filter_map(|e| e.pending.as_ref());
        pending.any(|pending| pending.secret == secret)
    }

    /// How everything stands, in a line: each event's state, runs and epoch, then the letters' reasons.
    #[must_use]
    pub fn summary(&self) -> String {
        let events = self.events.iter().map(|(key, event)| {
            let work = self.works.get(key);
            let state = work.map_or("untouched", |work| work.state.as_str());
            let epoch = work.map_or(0, |work| work.epoch);
            let id = &event.event_id;
            format!("{id} {state}, runs {}, epoch {epoch}", self.runs(key))
        });
        let letters = self
            .sqs
            .letters
            .iter()
            .map(|letter| letter.reason.unwrap_or("moved"));
        let events: Vec<_> = events.collect();
        let letters: Vec<_> = letters.collect();
        format!("{} | {}", events.join("; "), letters.join(" "))
            .trim_end()
            .into()
    }

    /// Where an event stands of which a handler knows id and life.
    pub(super) fn key_of(&self, source: &str, id: &str, life: Life) -> EventKey {
        let mut events = self.events.values();
        let found = events.find(|event| {
            (event.key.source(), &*event.event_id, event.life()) == (source, id, life)
        });
        found.map_or_else(|| EventKey::new(source, id), |event| event.key.clone())
    }

    /// The events that still count.
    pub fn current(&self) -> impl Iterator<Item = &EventRecord> {
        let now = self.now();
        self.events
            .values()
            .filter(move |event| event.is_current(now))
    }
}
