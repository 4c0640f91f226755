//! A sweep, top to bottom: for each shard and age, from where the last sweep came to up to the events that have just come
//! of age, whatever their source. So a sweep that finds nothing costs the same with one source as with a thousand.
//!
//! A cursor passes an event only when its work was read and its ticket, if it needed one, is known to
//! be sent. So whatever fails is met again by the next sweep; and whatever a sweep misses, for the
//! index may show an event late, is met at the next age. How works are read is in [`looks`](crate::looks).
//!
//! The queue is asked since when its tickets wait, once a sweep and only where an event would get another ticket: in a
//! stack that keeps up nothing is asked.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use futures_util::stream::{self, StreamExt as _};
use protocol::{
    decide::sweeper::Look,
    fault::{Fault, FaultKind},
    ledger::partition,
    ports::{Backlog, Clock, Cursor, Index, Position, Queue, Written},
    time::{Millis, UnixMillis},
};
use tokio::sync::OnceCell;

/// The step of a shard that is swept.
const SWEEPING: &str = "sweeping";

/// How many events are looked at in one go; a batch read takes no more.
pub(crate) const PAGE: u16 = 100;

/// How many looks are at every event before one only makes up for them.
const FIRST_LOOKS: usize = 2;

/// What a sweep covers, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// How many shards the index is given now. As many are swept as it was ever given.
    pub shards: u32,
    /// The ages at which an event is looked at, rising.
    pub ages: Vec<Millis>,
    /// For so long after work was due its ticket may still be hidden in the queue.
    pub grace: Millis,
    /// How many shards and ages are swept at once.
    pub concurrency: usize,
    /// The sources of which one is told when they are silent for longer than this.
    pub speakers: BTreeMap<String, Millis>,
    /// A sweep ends when less than this is left; the next goes on.
    pub to_end: Millis,
}

/// The sweeper.
pub struct Sweeper<I, Q, B, C> {
    /// The ledger's index by time.
    pub index: I,
    /// The queue of tickets.
    pub queue: Q,
    /// What waits in it.
    pub backlog: B,
    /// Time and chance.
    pub clock: C,
    /// What it covers, and how.
    pub settings: Settings,
}

/// What a sweep came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// By source, where an event of it was passed.
    pub sources: BTreeMap<String, Tally>,
    /// Which sources have been silent for longer than they are said to be; `None` where nothing is said of that, or this
    /// sweep couldn't tell.
    pub silent: Option<BTreeSet<String>>,
    /// Why shards weren't swept to the end. They are left to the next sweep.
    pub faults: Vec<Fault>,
    /// When the queue's oldest ticket was sent, where that was asked.
    pub backlog: Option<Asked>,
}

/// What was said of the queue's oldest ticket. An answer that failed is taken for a queue without a backlog.
pub type Asked = Result<Option<UnixMillis>, Fault>;

/// What a sweep came to for a source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Events that a cursor has passed.
    pub looked_at: u64,
    /// Overdue events for which a ticket was sent.
    pub found: u64,
    /// Events that were still unfinished at their last look.
    pub unfinished: u64,
}

/// What all stretches of a sweep share.
pub(crate) struct Sweep {
    deadline: UnixMillis,
    pub(crate) backlog: OnceCell<Asked>,
}

/// One shard and age.
pub(crate) struct Stretch {
    partition: String,
    age: Millis,
    /// Whether no event is younger when it is looked at.
    first: bool,
    /// Whether none is older.
    pub(crate) last: bool,
    /// The age before, where the look only makes up for the one at that.
    makes_up_for: Option<Millis>,
}

/// What a stretch came to.
#[derive(Default)]
pub(crate) struct Swept {
    sources: BTreeMap<String, Tally>,
    /// When speakers were heard, as far as the first looks came.
    heard: BTreeMap<String, UnixMillis>,
    /// Whether another sweep was on the same way.
    overtaken: bool,
    fault: Option<Fault>,
}

impl Settings {
    /// The usual limits.
    #[must_use]
    pub const fn new(shards: u32, ages: Vec<Millis>, grace: Millis) -> Self {
        Self {
            shards,
            ages,
            grace,
            concurrency: 20,
            speakers: BTreeMap::new(),
            to_end: Millis::seconds(5),
        }
    }

    fn stretches(&self, shards: u32) -> Vec<Stretch> {
        let of_shard = |shard| {
            self.ages.iter().enumerate().map(move |(at, age)| {
                let last = at + 1 == self.ages.len();
                Stretch {
                    partition: partition(shard),
                    age: *age,
                    first: at == 0,
                    last,
                    makes_up_for: (at >= FIRST_LOOKS && !last).then(|| self.ages[at - 1]),
                }
            })
        };
        (0..shards).flat_map(of_shard).collect()
    }
}

impl Stretch {
    fn cursor(&self, age: Millis) -> String {
        format!("{}#{}", self.partition, age.0 / 1_000)
    }
}

impl<I: Index, Q: Queue, B: Backlog, C: Clock> Sweeper<I, Q, B, C> {
    /// Sweeps once, until `deadline` at the latest, when the platform ends the invocation.
    pub async fn sweep(&self, deadline: UnixMillis) -> Summary {
        let began = self.clock.now();
        let mut summary = Summary::default();
        let mut shards = self.settings.shards;
        match self.in_time(deadline, self.index.most_shards()).await {
            Ok(most) => shards = shards.max(most),
            Err(fault) => summary.faults.push(fault),
        }
        let mut stretches = self.settings.stretches(shards);
        if !stretches.is_empty() {
            // Were time never enough for all, the same ones would never come to their turn.
            let many = u64::try_from(stretches.len()).unwrap_or(u64::MAX);
            let first = usize::try_from(self.clock.random() % many).unwrap_or(0);
            stretches.rotate_left(first);
        }
        let sweep = Sweep {
            deadline,
            backlog: OnceCell::new(),
        };
        let all: Vec<(bool, Swept)> = stream::iter(stretches)
            .map(async |stretch| (stretch.first, self.sweep_stretch(&stretch, &sweep).await))
            .buffer_unordered(self.settings.concurrency.max(1))
            .collect()
            .await;
        let mut heard = BTreeMap::new();
        let mut all_heard = summary.faults.is_empty();
        for (first, swept) in all {
            all_heard &= !first || swept.fault.is_none() && !swept.overtaken;
            summary.faults.extend(swept.fault);
            for (source, tally) in swept.sources {
                summary.sources.entry(source).or_default().add(tally);
            }
            for (source, at) in swept.heard {
                hear(&mut heard, &source, at);
            }
        }
        if !self.settings.speakers.is_empty() {
            match self.in_time(deadline, self.listen(&heard, began)).await {
                Ok(silent) => summary.silent = all_heard.then_some(silent),
                Err(fault) => summary.faults.push(fault),
            }
        }
        summary.backlog = sweep.backlog.into_inner();
        summary
    }

    /// Does this in the time that is left.
    async fn in_time<T>(
        &self,
        deadline: UnixMillis,
        work: impl Future<Output = Result<T, Fault>>,
    ) -> Result<T, Fault> {
        let left = deadline.since(self.clock.now()).0;
        let left = left.saturating_sub(self.settings.to_end.0);
        let left = Duration::from_millis(u64::try_from(left).unwrap_or(0));
        let late = |text| Fault::new(FaultKind::TimedOut, SWEEPING, text);
        if left.is_zero() {
            return Err(late("no time was left"));
        }
        let done = tokio::time::timeout(left, work).await;
        done.unwrap_or_else(|_| Err(late("its time was over")))
    }

    async fn sweep_stretch(&self, stretch: &Stretch, sweep: &Sweep) -> Swept {
        let mut swept = Swept::default();
        let pages = self.sweep_pages(stretch, sweep, &mut swept);
        let fault = self.in_time(sweep.deadline, pages).await.err();
        swept.fault = fault.map(|fault| {
            let (shard, seconds) = (&stretch.partition, stretch.age.0 / 1_000);
            let text = format!("shard {shard} at {seconds} s: {}", fault.text);
            Fault { text, ..fault }
        });
        swept
    }

    /// Page by page, from the cursor to the youngest event of this age.
    async fn sweep_pages(
        &self,
        stretch: &Stretch,
        sweep: &Sweep,
        swept: &mut Swept,
    ) -> Result<(), Fault> {
        let name = stretch.cursor(stretch.age);
        let youngest = self.clock.now().plus(Millis(-stretch.age.0));
        let mut cursor = self.index.read_cursor(&name).await?;
        let mut before = None;
        loop {
            let at = cursor.as_ref().map(|cursor| &cursor.at);
            let page = (self.index)
                .page(&stretch.partition, at, youngest, PAGE)
                .await?;
            if page.is_empty() {
                return Ok(());
            }
            if stretch.first {
                self.overhear(&page, &mut swept.heard);
            }
            if let (None, Some(age)) = (&before, stretch.makes_up_for) {
                before = self.index.read_cursor(&stretch.cursor(age)).await?;
            }
            let (passed, fault) = (self)
                .look_at(&page, stretch, before.as_ref(), sweep, swept)
                .await?;
            if let Some((last, _)) = passed.last() {
                let unfinished = passed.iter().filter(|(_, look)| *look != Look::Finished);
                let unfinished = unfinished.map(|(event, _)| event.received_at);
                let known = cursor.as_ref().and_then(|cursor| cursor.unfinished);
                let to = Cursor {
                    at: last.clone(),
                    unfinished: unfinished.chain(known).max(),
                };
                match self.index.move_cursor(&name, at, &to).await? {
                    Written::Yes => {}
                    Written::No => {
                        swept.overtaken = true;
                        return Ok(());
                    }
                }
                for (event, look) in &passed {
                    let tally = swept.of(event);
                    tally.looked_at += 1;
                    tally.unfinished += u64::from(stretch.last && *look != Look::Finished);
                }
                cursor = Some(to);
            }
            if let Some(fault) = fault {
                return Err(fault);
            }
            if page.len() < usize::from(PAGE) {
                return Ok(());
            }
            if sweep.deadline.since(self.clock.now()) <= self.settings.to_end {
                let text = "its time was over";
                return Err(Fault::new(FaultKind::TimedOut, SWEEPING, text));
            }
        }
    }

    /// Notes when speakers were heard.
    fn overhear(&self, page: &[Position], heard: &mut BTreeMap<String, UnixMillis>) {
        for event in page {
            if self.settings.speakers.contains_key(event.key.source()) {
                hear(heard, event.key.source(), event.received_at);
            }
        }
    }
}

fn hear(heard: &mut BTreeMap<String, UnixMillis>, source: &str, at: UnixMillis) {
    let last = heard.entry(source.to_owned()).or_insert(at);
    *last = at.max(*last);
}

impl Tally {
    const fn add(&mut self, other: Self) {
        self.looked_at += other.looked_at;
        self.found += other.found;
        self.unfinished += other.unfinished;
    }
}

impl Swept {
    /// What there is to tell of this event's source.
    pub(crate) fn of(&mut self, event: &Position) -> &mut Tally {
        let source = event.key.source();
        self.sources.entry(source.to_owned()).or_default()
    }
}

impl Summary {
    /// All sources together.
    #[must_use]
    pub fn total(&self) -> Tally {
        let mut total = Tally::default();
        for tally in self.sources.values() {
            total.add(*tally);
        }
        total
    }
}
