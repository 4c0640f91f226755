//! Sweeps in a world in memory.

#![allow(clippy::unwrap_used)]

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, MutexGuard},
};

use fakes::tables;
use webhook::{
    ledger::{EventKey, State, Work},
    ports::{Clock, Fault, Index, Position, Queue, Written},
    ticket::Ticket,
    time::{Millis, UnixMillis, UnixSeconds},
};

use crate::{Settings, Sweeper, Tally};

const NOW: UnixMillis = UnixMillis(1_800_000_000_000);
const AGES: [i64; 3] = [120, 900, 7_200];
const GRACE: Millis = Millis::seconds(360);

#[derive(Default)]
struct Inner {
    now: i64,
    events: BTreeSet<Position>,
    works: BTreeMap<EventKey, Work>,
    cursors: BTreeMap<String, Position>,
    sent: Vec<Ticket>,
    pages: usize,
    /// Events whose tickets can't be sent.
    unsendable: BTreeSet<EventKey>,
    failing: BTreeSet<&'static str>,
    /// Another sweeper, which moves this cursor while ours is on its way.
    rival: Option<Position>,
    random: u64,
}

#[derive(Default)]
struct Memory(Mutex<Inner>);

impl Memory {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap()
    }

    fn call(&self, name: &'static str) -> Result<MutexGuard<'_, Inner>, Fault> {
        let inner = self.lock();
        if inner.failing.contains(name) {
            Err(Fault(format!("{name} timed out")))
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
            return Err(Fault("throttled".into()));
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

fn position(id: &str, age_seconds: i64) -> Position {
    Position {
        received_at: UnixMillis(NOW.0 - age_seconds * 1_000),
        key: EventKey::new("s", id),
    }
}

fn add(world: &Memory, id: &str, age_seconds: i64) -> Position {
    let event = position(id, age_seconds);
    world.lock().events.insert(event.clone());
    event
}

fn set_work(world: &Memory, event: &Position, state: State, until: UnixMillis) {
    let work = Work {
        life: event.received_at,
        state,
        attempt: 1,
        tries: 1,
        until,
        epoch: 0,
        last_error: None,
        expires_at: UnixSeconds(i64::MAX),
    };
    world.lock().works.insert(event.key.clone(), work);
}

async fn sweep(world: &Memory) -> Tally {
    sweep_with(world, |_| {}).await
}

async fn sweep_with(world: &Memory, change: impl Fn(&mut Settings)) -> Tally {
    let ages = AGES.map(Millis::seconds).to_vec();
    let mut settings = Settings::new(vec!["s".into()], 1, ages, GRACE);
    change(&mut settings);
    let sweeper = Sweeper {
        index: world,
        queue: world,
        clock: world,
        settings,
    };
    sweeper.sweep(UnixMillis(NOW.0 + 60_000)).await.total()
}

/// The ids of the events whose tickets were sent since this was asked for the last time.
fn sent(world: &Memory) -> Vec<String> {
    let sent = std::mem::take(&mut world.lock().sent);
    sent.iter()
        .map(|ticket| ticket.key.id().to_owned())
        .collect()
}

#[tokio::test]
async fn a_ticket_that_was_never_sent_is_sent_once_the_event_has_come_of_age() {
    let world = Memory::default();
    let event = add(&world, "old", 120);
    add(&world, "young", 119);
    let tally = sweep(&world).await;
    let ticket = Ticket {
        key: event.key.clone(),
        received_at: event.received_at,
        epoch: 0,
    };
    assert_eq!(world.lock().sent, [ticket]);
    assert_eq!((tally.looked_at, tally.found, tally.unfinished), (1, 1, 0));
    assert!(tally.faults.is_empty());
    assert_eq!(
        world.lock().cursors,
        BTreeMap::from([("s#0#120".into(), event)])
    );
}

#[tokio::test]
async fn only_what_is_overdue_gets_a_ticket() {
    let world = Memory::default();
    let long_ago = UnixMillis(NOW.0 - GRACE.0 - 1);
    for (id, state, until) in [
        ("waiting-overdue", State::Waiting, long_ago),
        ("processing-overdue", State::Processing, long_ago),
        ("waiting-due", State::Waiting, NOW),
        ("processing-live", State::Processing, UnixMillis(NOW.0 + 1)),
        ("succeeded", State::Succeeded, long_ago),
        ("failed", State::Failed, long_ago),
    ] {
        let event = add(&world, id, 500);
        set_work(&world, &event, state, until);
    }
    add(&world, "without-work", 500);
    let tally = sweep(&world).await;
    assert_eq!(
        sent(&world),
        ["processing-overdue", "waiting-overdue", "without-work"]
    );
    assert_eq!((tally.looked_at, tally.found), (7, 3));
}

#[tokio::test]
async fn a_sweep_that_finds_nothing_new_does_nothing() {
    let world = Memory::default();
    add(&world, "e", 500);
    sweep(&world).await;
    sent(&world);
    let before = world.lock().cursors.clone();
    assert_eq!(sweep(&world).await, Tally::default());
    assert_eq!(sent(&world), [""; 0]);
    assert_eq!(world.lock().cursors, before);
}

#[tokio::test]
async fn what_is_still_overdue_is_found_again_at_the_next_age() {
    let world = Memory::default();
    add(&world, "e", 130);
    for (seconds, found) in [
        (0, 1),
        (769, 0),
        (770, 1),
        (7_069, 0),
        (7_070, 1),
        (99_999, 0),
    ] {
        world.lock().now = seconds * 1_000;
        let sweeper = Sweeper {
            index: &world,
            queue: &world,
            clock: &world,
            settings: Settings::new(
                vec!["s".into()],
                1,
                AGES.map(Millis::seconds).to_vec(),
                GRACE,
            ),
        };
        let tally = sweeper
            .sweep(UnixMillis(NOW.0 + i64::from(u32::MAX)))
            .await
            .total();
        assert_eq!(tally.found, found, "after {seconds} s");
    }
}

#[tokio::test]
async fn a_ticket_that_could_not_be_sent_is_not_passed() {
    let world = Memory::default();
    let first = add(&world, "1", 504);
    let second = add(&world, "2", 503);
    let done = add(&world, "3", 502);
    set_work(&world, &done, State::Succeeded, NOW);
    let last = add(&world, "4", 501);
    world.lock().unsendable.insert(second.key.clone());
    let tally = sweep(&world).await;
    assert_eq!(tally.looked_at, 1);
    assert_eq!(tally.faults, ["s#0 at 120 s: throttled"]);
    assert_eq!(world.lock().cursors["s#0#120"], first);

    // The next sweep begins with it.
    sent(&world);
    world.lock().unsendable.clear();
    let tally = sweep(&world).await;
    assert_eq!(tally.looked_at, 3);
    assert_eq!(sent(&world), ["2", "4"]);
    assert_eq!(world.lock().cursors["s#0#120"], last);
}

#[tokio::test]
async fn when_the_first_ticket_could_not_be_sent_the_cursor_stays() {
    let world = Memory::default();
    add(&world, "1", 500);
    world.lock().failing.insert("send");
    let tally = sweep(&world).await;
    assert_eq!(
        (tally.looked_at, tally.found, tally.faults.len()),
        (0, 0, 1)
    );
    assert!(world.lock().cursors.is_empty());
}

#[tokio::test]
async fn an_event_whose_work_could_not_be_read_is_not_passed() {
    for step in ["read_works", "page", "read_cursor", "move_cursor"] {
        let world = Memory::default();
        add(&world, "1", 500);
        world.lock().failing.insert(step);
        let tally = sweep(&world).await;
        assert!(
            tally.faults[0].ends_with(&format!("{step} timed out")),
            "{:?}",
            tally.faults
        );
        assert_eq!(tally.looked_at, 0);
        assert!(world.lock().cursors.is_empty(), "{step}");
        // And is met again.
        world.lock().failing.clear();
        assert_eq!(sweep(&world).await.found, 1, "{step}");
    }
}

#[tokio::test]
async fn a_page_follows_the_other_until_the_youngest_event_of_age() {
    let world = Memory::default();
    for n in 0..250 {
        // All at one time: the key orders them.
        add(&world, &format!("{n:03}"), 500);
    }
    let tally = sweep(&world).await;
    assert_eq!((tally.looked_at, tally.found), (250, 250));
    let sent: BTreeSet<String> = sent(&world).into_iter().collect();
    assert_eq!(sent.len(), 250);
    assert_eq!(world.lock().cursors["s#0#120"].key.id(), "249");
}

#[tokio::test]
async fn two_sweepers_on_one_way_do_not_both_go_on() {
    let world = Memory::default();
    for n in 0..250 {
        add(&world, &format!("{n:03}"), 500);
    }
    world.lock().rival = Some(position("zzz", 500));
    let tally = sweep_with(&world, |settings| settings.ages.truncate(1)).await;
    assert_eq!(tally.looked_at, 0);
    assert!(tally.faults.is_empty());
    assert_eq!(world.lock().pages, 1);
    assert_eq!(world.lock().cursors["s#0#120"], position("zzz", 500));
}

#[tokio::test]
async fn what_is_unfinished_at_its_last_look_is_counted_apart() {
    let world = Memory::default();
    for (id, state) in [
        ("done", Some(State::Succeeded)),
        ("failed", Some(State::Failed)),
        ("in-hand", Some(State::Processing)),
        ("untouched", None),
    ] {
        let event = add(&world, id, 7_200);
        if let Some(state) = state {
            set_work(&world, &event, state, UnixMillis(NOW.0 + 1));
        }
    }
    let tally = sweep(&world).await;
    // Three ages, four events each; only the last look counts.
    assert_eq!((tally.looked_at, tally.unfinished), (12, 2));
    assert_eq!(sweep(&world).await.unfinished, 0);
}

#[tokio::test]
async fn a_sweep_ends_in_time_and_the_next_one_goes_on() {
    let world = Memory::default();
    for n in 0..150 {
        add(&world, &format!("{n:03}"), 500);
    }
    // Less than the margin is left from the beginning.
    world.lock().now = 55_000;
    let tally = sweep(&world).await;
    assert_eq!(tally.looked_at, 0);
    assert_eq!(tally.faults.len(), 3);
    assert_eq!(world.lock().pages, 0);
    world.lock().now = 0;
    assert_eq!(sweep(&world).await.looked_at, 150);
}

#[tokio::test]
async fn every_source_and_shard_is_swept_wherever_the_sweep_begins() {
    for random in [0, 1, 7, u64::MAX] {
        let world = Memory::default();
        world.lock().random = random;
        for source in ["a", "b"] {
            let event = Position {
                key: EventKey::new(source, "e"),
                ..position("e", 500)
            };
            world.lock().events.insert(event);
        }
        let tally = sweep_with(&world, |settings| {
            settings.sources = vec!["a".into(), "b".into()];
            settings.shards = 2;
        })
        .await;
        let cursors = world.lock().cursors.clone();
        let names: Vec<&str> = cursors.keys().map(String::as_str).collect();
        // The world of the tests shows each shard all of a source's events.
        assert_eq!(names, ["a#0#120", "a#1#120", "b#0#120", "b#1#120"]);
        assert_eq!(tally.found, 4);
    }
}

#[tokio::test]
async fn one_partition_at_fault_leaves_the_others_swept() {
    let world = Memory::default();
    for source in ["a", "b"] {
        let event = Position {
            key: EventKey::new(source, "e"),
            ..position("e", 500)
        };
        world.lock().events.insert(event);
    }
    world.lock().unsendable.insert(EventKey::new("a", "e"));
    let tally = sweep_with(&world, |settings| {
        settings.sources = vec!["a".into(), "b".into()];
    })
    .await;
    assert_eq!((tally.found, tally.faults.len()), (1, 1));
    assert_eq!(sent(&world), ["e"]);
}

#[tokio::test]
async fn without_sources_there_is_nothing_to_sweep() {
    let world = Memory::default();
    assert_eq!(
        sweep_with(&world, |settings| settings.sources.clear()).await,
        Tally::default()
    );
}
