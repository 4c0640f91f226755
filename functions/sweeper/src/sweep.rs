//! A sweep, top to bottom: for each source, shard and age, from where the last sweep came to up to the
//! events that have just come of age.
//!
//! A cursor passes an event only when its work was read and its ticket, if it needed one, is known to
//! be sent. So whatever fails is met again by the next sweep; and whatever a sweep misses, for the
//! index may show an event late, is met at the next age.
//!
//! The queue is asked since when its tickets wait, once a sweep and only where an event would get another ticket: in a
//! stack that keeps up nothing is asked.

use std::{collections::BTreeMap, time::Duration};

use futures_util::stream::{self, StreamExt as _};
use protocol::{
    decide::sweeper::{Look, Looking, look},
    fault::{Fault, FaultKind},
    ledger::{Life, partition},
    ports::{Backlog, Clock, Index, Position, Queue, Written},
    ticket::{Ticket, Why},
    time::{Millis, UnixMillis},
};
use tokio::sync::OnceCell;

/// The step of a partition that is swept.
const SWEEPING: &str = "sweeping";

/// How many events are looked at in one go; a batch read takes no more.
const PAGE: u16 = 100;

/// How many tickets of one page are sent at once.
const SENDS: usize = 10;

/// What a sweep covers, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The sources' names.
    pub sources: Vec<String>,
    /// How many index partitions each has.
    pub shards: u32,
    /// The ages at which an event is looked at, rising.
    pub ages: Vec<Millis>,
    /// For so long after work was due its ticket may still be hidden in the queue.
    pub grace: Millis,
    /// How many partitions are swept at once.
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
    /// By source.
    pub sources: BTreeMap<String, Tally>,
    /// When the queue's oldest ticket was sent, where that was asked.
    pub backlog: Option<Asked>,
}

/// What was said of the queue's oldest ticket. An answer that failed is taken for a queue without a backlog.
pub type Asked = Result<Option<UnixMillis>, Fault>;

/// What a sweep of a source came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Events that a cursor has passed.
    pub looked_at: u64,
    /// Overdue events for which a ticket was sent.
    pub found: u64,
    /// Events that were still unfinished at their last look.
    pub unfinished: u64,
    /// Whether it has been silent for longer than it is said to be, and of all sources how many have; `None` where
    /// nothing is said of that.
    pub silent: Option<u64>,
    /// Why partitions weren't swept to the end. They are left to the next sweep.
    pub faults: Vec<Fault>,
}

/// What all stretches of a sweep share.
struct Sweep {
    deadline: UnixMillis,
    backlog: OnceCell<Asked>,
}

/// One source, shard and age.
struct Stretch<'a> {
    source: &'a str,
    partition: String,
    age: Millis,
    last: bool,
}

impl Settings {
    /// The usual limits.
    #[must_use]
    pub const fn new(sources: Vec<String>, shards: u32, ages: Vec<Millis>, grace: Millis) -> Self {
        Self {
            sources,
            shards,
            ages,
            grace,
            concurrency: 20,
            speakers: BTreeMap::new(),
            to_end: Millis::seconds(5),
        }
    }

    fn stretches(&self) -> Vec<Stretch<'_>> {
        let mut stretches = Vec::new();
        for source in &self.sources {
            for shard in 0..self.shards {
                for age in &self.ages {
                    stretches.push(Stretch {
                        source,
                        partition: partition(source, shard),
                        age: *age,
                        last: Some(age) == self.ages.last(),
                    });
                }
            }
        }
        stretches
    }
}

impl<I: Index, Q: Queue, B: Backlog, C: Clock> Sweeper<I, Q, B, C> {
    /// Sweeps once, until `deadline` at the latest, when the platform ends the invocation.
    pub async fn sweep(&self, deadline: UnixMillis) -> Summary {
        let mut stretches = self.settings.stretches();
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
        let tallies: Vec<(String, Tally)> = stream::iter(stretches)
            .map(|stretch| self.sweep_stretch(stretch, &sweep))
            .buffer_unordered(self.settings.concurrency.max(1))
            .collect()
            .await;
        let mut sources = BTreeMap::<String, Tally>::new();
        for (source, tally) in tallies {
            sources.entry(source).or_default().add(tally);
        }
        for (source, every) in &self.settings.speakers {
            let tally = self.listen(source, *every, deadline).await;
            sources.entry(source.clone()).or_default().add(tally);
        }
        Summary {
            sources,
            backlog: sweep.backlog.into_inner(),
        }
    }

    /// Does this in the time that is left.
    pub(crate) async fn in_time<T>(
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

    async fn sweep_stretch(&self, stretch: Stretch<'_>, sweep: &Sweep) -> (String, Tally) {
        let mut tally = Tally::default();
        let swept = self.sweep_pages(&stretch, sweep, &mut tally);
        let fault = self.in_time(sweep.deadline, swept).await.err();
        tally.faults.extend(fault.map(|fault| {
            let seconds = stretch.age.0 / 1_000;
            let text = format!("{} at {seconds} s: {}", stretch.partition, fault.text);
            Fault { text, ..fault }
        }));
        (stretch.source.to_owned(), tally)
    }

    /// Page by page, from the cursor to the youngest event of this age.
    async fn sweep_pages(
        &self,
        stretch: &Stretch<'_>,
        sweep: &Sweep,
        tally: &mut Tally,
    ) -> Result<(), Fault> {
        let cursor = format!("{}#{}", stretch.partition, stretch.age.0 / 1_000);
        let youngest = self.clock.now().plus(Millis(-stretch.age.0));
        let mut at = self.index.read_cursor(&cursor).await?;
        loop {
            let page = self
                .index
                .page(&stretch.partition, at.as_ref(), youngest, PAGE)
                .await?;
            if page.is_empty() {
                return Ok(());
            }
            let (passed, fault) = self.look_at(&page, stretch.last, sweep, tally).await?;
            if let Some((last, _)) = passed.last() {
                match self.index.move_cursor(&cursor, at.as_ref(), last).await? {
                    Written::Yes => {}
                    // Another sweep is on the same way.
                    Written::No => return Ok(()),
                }
                tally.looked_at += count(passed.len());
                if stretch.last {
                    tally.unfinished += count(
                        passed
                            .iter()
                            .filter(|(_, look)| *look != Look::Finished)
                            .count(),
                    );
                }
                at = Some(last.clone());
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

    /// Reads the work of each event and sends a ticket for those that are overdue. What comes back is
    /// what the cursor may pass: everything before the first ticket that is not known to be sent.
    async fn look_at(
        &self,
        page: &[Position],
        last: bool,
        sweep: &Sweep,
        tally: &mut Tally,
    ) -> Result<(Vec<(Position, Look)>, Option<Fault>), Fault> {
        let keys: Vec<_> = page.iter().map(|event| event.key.clone()).collect();
        let works = self.index.read_works(&keys).await?;
        let mut looking = Looking {
            now: self.clock.now(),
            grace: self.settings.grace,
            last,
            backlog: None,
        };
        let look_with = |looking: &Looking| {
            let looks = page.iter().map(|event| {
                let work = works.get(&event.key);
                let look = look(work, Life(event.received_at), looking);
                (event.clone(), look)
            });
            looks.collect::<Vec<_>>()
        };
        let mut looks = look_with(&looking);
        if !last && looks.iter().any(|(_, look)| *look == Look::Overdue) {
            looking.backlog = self.oldest_ticket(sweep).await;
            looks = look_with(&looking);
        }

        let overdue: Vec<usize> = (0..looks.len())
            .filter(|at| looks[*at].1 == Look::Overdue)
            .collect();
        let mut sends = stream::iter(overdue)
            .map(|at| {
                let event = &looks[at].0;
                let life = Life(event.received_at);
                let ticket = Ticket::new(event.key.clone(), life, Why::Sweep, looking.now);
                async move { (at, self.queue.send(&ticket).await) }
            })
            .buffered(SENDS);
        let mut failed = None;
        while let Some((at, sent)) = sends.next().await {
            match sent {
                Ok(()) => tally.found += 1,
                Err(fault) => {
                    // The cursor stays before this one, so those after it can wait.
                    failed = Some((at, fault));
                    break;
                }
            }
        }
        drop(sends);
        Ok(match failed {
            None => (looks, None),
            Some((at, fault)) => (looks.into_iter().take(at).collect(), Some(fault)),
        })
    }

    /// Since when tickets wait in the queue, if that is known.
    async fn oldest_ticket(&self, sweep: &Sweep) -> Option<UnixMillis> {
        let ask = || self.backlog.oldest_ticket(self.clock.now());
        let asked = sweep.backlog.get_or_init(ask).await;
        asked.as_ref().ok().copied().flatten()
    }
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.looked_at += other.looked_at;
        self.found += other.found;
        self.unfinished += other.unfinished;
        self.silent = (self.silent.into_iter().chain(other.silent)).reduce(|a, b| a + b);
        self.faults.extend(other.faults);
    }
}

impl Summary {
    /// All sources together.
    #[must_use]
    pub fn total(&self) -> Tally {
        let mut total = Tally::default();
        for tally in self.sources.values() {
            total.add(tally.clone());
        }
        total
    }
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
