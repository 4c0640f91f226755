//! The world of the tests: in memory, with the real one's conditions, and calls that fail on demand.

#![allow(clippy::unwrap_used)]

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, MutexGuard},
};

use fakes::{records, tables};
use protocol::{
    fault::{Fault, FaultKind},
    ledger::{EventKey, Life, State, Work},
    ports::{Clock, Index, Position, Queue, Written},
    ticket::Ticket,
    time::{Millis, UnixMillis},
};

use crate::{Settings, Sweeper, Tally};

pub(crate) const NOW: UnixMillis = UnixMillis(1_800_000_000_000);
pub(crate) const AGES: [i64; 3] = [120, 900, 7_200];
pub(crate) const GRACE: Millis = Millis::seconds(360);

#[derive(Default)]
pub(crate) struct Inner {
    pub(crate) now: i64,
    pub(crate) events: BTreeSet<Position>,
    pub(crate) works: BTreeMap<EventKey, Work>,
    pub(crate) cursors: BTreeMap<String, Position>,
    pub(crate) sent: Vec<Ticket>,
    pub(crate) pages: usize,
    /// Events whose tickets can't be sent.
    pub(crate) unsendable: BTreeSet<EventKey>,
    pub(crate) failing: BTreeSet<&'static str>,
    /// Another sweeper, which moves this cursor while ours is on its way.
    pub(crate) rival: Option<Position>,
    pub(crate) random: u64,
}

#[derive(Default)]
pub(crate) struct Memory(Mutex<Inner>);

impl Memory {
    pub(crate) fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap()
    }

    fn call(&self, name: &'static str) -> Result<MutexGuard<'_, Inner>, Fault> {
        let inner = self.lock();
        if inner.failing.contains(name) {
            Err(Fault::new(FaultKind::TimedOut, name, "no answer"))
        } else {
            Ok(inner)
        }
    }
}

impl Clock for &Memory {
    fn now(&self) -> UnixMillis {
        UnixMillis(NOW.0 + self.lock().now)
    }

    fn random(&self) -> u64 {
        self.lock().random
    }
}

impl Queue for &Memory {
    async fn send(&self, ticket: &Ticket) -> Result<(), Fault> {
        let mut inner = self.call("send")?;
        if inner.unsendable.contains(&ticket.key) {
            return Err(Fault::new(FaultKind::Throttled, "send", "slow down"));
        }
        inner.sent.push(ticket.clone());
        Ok(())
    }
}

impl Index for &Memory {
    async fn page(
        &self,
        partition: &str,
        after: Option<&Position>,
        until: UnixMillis,
        limit: u16,
    ) -> Result<Vec<Position>, Fault> {
        let mut inner = self.call("page")?;
        inner.pages += 1;
        let events = inner.events.iter().cloned();
        Ok(tables::page(events, partition, after, until, limit))
    }

    async fn read_works(&self, keys: &[EventKey]) -> Result<BTreeMap<EventKey, Work>, Fault> {
        assert!(keys.len() <= 100);
        let inner = self.call("read_works")?;
        let work = |key: &EventKey| Some((key.clone(), inner.works.get(key)?.clone()));
        Ok(keys.iter().filter_map(work).collect())
    }

    async fn read_cursor(&self, name: &str) -> Result<Option<Position>, Fault> {
        Ok(self.call("read_cursor")?.cursors.get(name).cloned())
    }

    async fn move_cursor(
        &self,
        name: &str,
        from: Option<&Position>,
        to: &Position,
    ) -> Result<Written, Fault> {
        let mut inner = self.call("move_cursor")?;
        if let Some(rival) = inner.rival.clone() {
            inner.cursors.insert(name.into(), rival);
        }
        Ok(tables::move_cursor(&mut inner.cursors, name, from, to))
    }
}

pub(crate) fn position(id: &str, age_seconds: i64) -> Position {
    Position {
        received_at: UnixMillis(NOW.0 - age_seconds * 1_000),
        key: EventKey::new("s", id),
    }
}

pub(crate) fn add(world: &Memory, id: &str, age_seconds: i64) -> Position {
    let event = position(id, age_seconds);
    world.lock().events.insert(event.clone());
    event
}

pub(crate) fn set_work(world: &Memory, event: &Position, state: State, until: UnixMillis) {
    let work = Work {
        until,
        ..records::work(Life(event.received_at), state)
    };
    world.lock().works.insert(event.key.clone(), work);
}

pub(crate) async fn sweep(world: &Memory) -> Tally {
    sweep_with(world, |_| {}).await
}

pub(crate) async fn sweep_with(world: &Memory, change: impl Fn(&mut Settings)) -> Tally {
    sweep_until(world, UnixMillis(NOW.0 + 60_000), change).await
}

pub(crate) async fn sweep_until(
    world: &Memory,
    deadline: UnixMillis,
    change: impl Fn(&mut Settings),
) -> Tally {
    let ages = AGES.map(Millis::seconds).to_vec();
    let mut settings = Settings::new(vec!["s".into()], 1, ages, GRACE);
    change(&mut settings);
    let sweeper = Sweeper {
        index: world,
        queue: world,
        clock: world,
        settings,
    };
    sweeper.sweep(deadline).await.total()
}

/// The ids of the events whose tickets were sent since this was asked for the last time.
pub(crate) fn sent(world: &Memory) -> Vec<String> {
    let sent = std::mem::take(&mut world.lock().sent);
    sent.iter()
        .map(|ticket| ticket.key.id().to_owned())
        .collect()
}
