#![allow(clippy::unwrap_used, clippy::panic)]

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering},
};

use protocol::fault::FaultKind;

use super::*;

const NOW: UnixMillis = UnixMillis(1_800_000_000_250);
const DUE: Due = Due {
    since: NOW,
    ends: UnixMillis(NOW.0 + 65_000),
};
const NONE: Bounds = Bounds {
    rate: None,
    concurrency: None,
};

/// What consumers share, as maps; and how often it was asked.
#[derive(Default)]
struct Shared {
    health: Mutex<BTreeMap<String, Health>>,
    counters: Mutex<BTreeMap<(String, UnixMillis), u32>>,
    places: Mutex<BTreeMap<(String, u32), (u64, UnixMillis)>>,
    calls: AtomicU64,
    fails: AtomicBool,
}

impl Shared {
    fn called(&self) -> Result<(), Fault> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        if self.fails.load(Ordering::SeqCst) {
            return Err(fault());
        }
        Ok(())
    }

    fn calls(&self) -> u64 {
        self.calls.swap(0, Ordering::SeqCst)
    }

    fn standing(&self) -> Standing {
        let health = self.health.lock().unwrap();
        health
            .get("a")
            .map_or(Standing::Closed, |health| health.standing)
    }
}

fn fault() -> Fault {
    Fault::new(
        FaultKind::Throttled,
        "reading a destination's health",
        "slow down",
    )
}

impl Gates for Shared {
    async fn read_health(&self, destination: &str) -> Result<Option<Health>, Fault> {
        self.called()?;
        Ok(self.health.lock().unwrap().get(destination).cloned())
    }

    async fn write_health(&self, destination: &str, health: &Health) -> Result<Written, Fault> {
        self.called()?;
        let mut all = self.health.lock().unwrap();
        let stands = all.get(destination).map_or(0, |health| health.revision);
        if stands + 1 != health.revision {
            return Ok(Written::No);
        }
        all.insert(destination.into(), health.clone());
        Ok(Written::Yes)
    }

    async fn count(
        &self,
        destination: &str,
        window: UnixMillis,
        _: Millis,
        limit: u32,
    ) -> Result<Written, Fault> {
        self.called()?;
        let mut counters = self.counters.lock().unwrap();
        let used = counters.entry((destination.into(), window)).or_default();
        if *used >= limit {
            return Ok(Written::No);
        }
        *used += 1;
        Ok(Written::Yes)
    }

    async fn take_place(
        &self,
        destination: &str,
        place: u32,
        token: u64,
        now: UnixMillis,
        until: UnixMillis,
    ) -> Result<Written, Fault> {
        self.called()?;
        let mut places = self.places.lock().unwrap();
        let held = places.get(&(destination.to_owned(), place));
        if held.is_some_and(|(_, until)| *until > now) {
            return Ok(Written::No);
        }
        places.insert((destination.into(), place), (token, until));
        Ok(Written::Yes)
    }

    async fn free_place(
        &self,
        destination: &str,
        place: u32,
        token: u64,
    ) -> Result<Written, Fault> {
        self.called()?;
        let mut places = self.places.lock().unwrap();
        let key = (destination.to_owned(), place);
        if places.get(&key).is_none_or(|(holder, _)| *holder != token) {
            return Ok(Written::No);
        }
        places.remove(&key);
        Ok(Written::Yes)
    }
}

/// A clock that is set, and numbers that differ.
struct Time(AtomicI64, AtomicU64);

impl Time {
    fn new() -> Self {
        Self(AtomicI64::new(NOW.0), AtomicU64::new(0))
    }

    fn pass(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1_000, Ordering::SeqCst);
    }
}

impl Clock for Time {
    fn now(&self) -> UnixMillis {
        UnixMillis(self.0.load(Ordering::SeqCst))
    }

    fn random(&self) -> u64 {
        self.1.fetch_add(1, Ordering::SeqCst)
    }
}

async fn enter(gate: &Gate, shared: &Shared, time: &Time, bounds: Bounds) -> Entered {
    gate.enter(shared, time, "a", bounds, DUE).await
}

async fn pass(gate: &Gate, shared: &Shared, time: &Time, bounds: Bounds) -> Permit {
    match enter(gate, shared, time, bounds).await {
        Entered::Pass(permit) => permit,
        held @ Entered::Held { .. } => panic!("{held:?}"),
    }
}

async fn hold(gate: &Gate, shared: &Shared, time: &Time, bounds: Bounds) -> HeldBy {
    match enter(gate, shared, time, bounds).await {
        Entered::Held { by, .. } => by,
        passed @ Entered::Pass(_) => panic!("{passed:?}"),
    }
}

/// A leg that is let through, and fails.
async fn fail(gate: &Gate, shared: &Shared, time: &Time) -> Option<Turned> {
    let permit = pass(gate, shared, time, NONE).await;
    let came = Came::Failed("503".into());
    gate.leave(shared, time, "a", &permit, came).await.unwrap()
}

async fn arrive(gate: &Gate, shared: &Shared, time: &Time) -> Option<Turned> {
    let permit = pass(gate, shared, time, NONE).await;
    gate.leave(shared, time, "a", &permit, Came::Reached)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_sound_destination_costs_one_read_in_five_seconds() {
    let (gate, shared, time) = (Gate::default(), Shared::default(), Time::new());
    for _ in 0..100 {
        arrive(&gate, &shared, &time).await;
    }
    assert_eq!(shared.calls(), 1);
    time.pass(5);
    arrive(&gate, &shared, &time).await;
    assert_eq!(shared.calls(), 1);
}

#[tokio::test]
async fn arrivals_beside_failures_are_written_ten_at_a_time() {
    let (gate, shared, time) = (Gate::default(), Shared::default(), Time::new());
    fail(&gate, &shared, &time).await;
    shared.calls();
    for _ in 0..9 {
        arrive(&gate, &shared, &time).await;
    }
    assert_eq!(shared.calls(), 0);
    arrive(&gate, &shared, &time).await;
    assert_eq!(shared.calls(), 2);
    let reached = |health: &Health| health.window.reached;
    assert_eq!(
        shared.health.lock().unwrap().get("a").map(reached),
        Some(10)
    );
}

#[tokio::test]
async fn a_dead_destination_opens_holds_and_is_tried_by_one_leg() {
    let (gate, shared, time) = (Gate::default(), Shared::default(), Time::new());
    for _ in 0..4 {
        assert_eq!(fail(&gate, &shared, &time).await, None);
    }
    assert_eq!(fail(&gate, &shared, &time).await, Some(Turned::Opened));
    let by = hold(&gate, &shared, &time, NONE).await;
    assert_eq!(by, HeldBy::Standing(Standing::Open));

    time.pass(10);
    let trial = pass(&gate, &shared, &time, NONE).await;
    // Another process, which knows nothing yet, and this one.
    for gate in [&Gate::default(), &gate] {
        let by = hold(gate, &shared, &time, NONE).await;
        assert_eq!(by, HeldBy::Standing(Standing::Trial));
    }
    let came = Came::Failed("503".into());
    let turned = gate.leave(&shared, &time, "a", &trial, came).await;
    assert_eq!(turned, Ok(Some(Turned::StillOpen)));

    time.pass(20);
    assert_eq!(arrive(&gate, &shared, &time).await, Some(Turned::Closed));
    assert_eq!(arrive(&gate, &shared, &time).await, None);
}

#[tokio::test]
async fn of_two_processes_that_would_try_it_one_does() {
    let (shared, time) = (Shared::default(), Time::new());
    let (one, other) = (Gate::default(), Gate::default());
    for _ in 0..5 {
        fail(&one, &shared, &time).await;
    }
    time.pass(6);
    hold(&other, &shared, &time, NONE).await;
    time.pass(4);
    pass(&one, &shared, &time, NONE).await;
    // The other believes what it read four seconds ago: its write finds that it is too late.
    let by = hold(&other, &shared, &time, NONE).await;
    assert_eq!(by, HeldBy::Standing(Standing::Trial));
}

#[tokio::test]
async fn a_trial_that_never_comes_back_is_another_legs_turn() {
    let (gate, shared, time) = (Gate::default(), Shared::default(), Time::new());
    for _ in 0..5 {
        fail(&gate, &shared, &time).await;
    }
    time.pass(10);
    pass(&gate, &shared, &time, NONE).await;
    time.pass(60);
    assert_eq!(arrive(&gate, &shared, &time).await, Some(Turned::Closed));
}

#[tokio::test]
async fn a_rate_lets_so_many_through_in_each_window_over_all_processes() {
    let (shared, time) = (Shared::default(), Time::new());
    let bounds = Bounds {
        rate: Some((3, Millis::seconds(1))),
        ..NONE
    };
    for gate in [Gate::default(), Gate::default(), Gate::default()] {
        pass(&gate, &shared, &time, bounds).await;
    }
    let held = enter(&Gate::default(), &shared, &time, bounds).await;
    let until = UnixMillis(1_800_000_001_000);
    let by = HeldBy::Rate;
    assert_eq!(held, Entered::Held { by, until });
    time.pass(1);
    pass(&Gate::default(), &shared, &time, bounds).await;
}

#[tokio::test]
async fn so_many_are_sent_at_once_and_no_more() {
    let (gate, shared, time) = (Gate::default(), Shared::default(), Time::new());
    let bounds = Bounds {
        concurrency: Some(2),
        ..NONE
    };
    let first = pass(&gate, &shared, &time, bounds).await;
    pass(&gate, &shared, &time, bounds).await;
    assert_eq!(
        hold(&gate, &shared, &time, bounds).await,
        HeldBy::Concurrency
    );
    let left = gate.leave(&shared, &time, "a", &first, Came::Reached).await;
    assert_eq!(left, Ok(None));
    pass(&gate, &shared, &time, bounds).await;
    assert_eq!(
        hold(&gate, &shared, &time, bounds).await,
        HeldBy::Concurrency
    );
    // Two died: their claims lapse, and so do their places.
    time.pass(65);
    pass(&gate, &shared, &time, bounds).await;
}

#[tokio::test]
async fn a_leg_that_finds_the_rate_used_up_gives_its_place_back() {
    let (gate, shared, time) = (Gate::default(), Shared::default(), Time::new());
    let bounds = Bounds {
        rate: Some((1, Millis::seconds(60))),
        concurrency: Some(2),
    };
    pass(&gate, &shared, &time, bounds).await;
    assert_eq!(hold(&gate, &shared, &time, bounds).await, HeldBy::Rate);
    assert_eq!(shared.places.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn a_leg_that_is_held_uses_no_rate_and_begins_no_trial() {
    let (gate, shared, time) = (Gate::default(), Shared::default(), Time::new());
    for _ in 0..5 {
        fail(&gate, &shared, &time).await;
    }
    let bounds = Bounds {
        rate: Some((1, Millis::seconds(60))),
        ..NONE
    };
    hold(&gate, &shared, &time, bounds).await;
    assert!(shared.counters.lock().unwrap().is_empty());
    time.pass(10);
    shared
        .counters
        .lock()
        .unwrap()
        .insert(("a".into(), window(time.now(), Millis::seconds(60))), 1);
    assert_eq!(hold(&gate, &shared, &time, bounds).await, HeldBy::Rate);
    assert_eq!(shared.standing(), Standing::Open);
}

#[tokio::test]
async fn where_the_ledger_does_not_answer_the_leg_is_held_a_moment() {
    let (gate, shared, time) = (Gate::default(), Shared::default(), Time::new());
    shared.fails.store(true, Ordering::SeqCst);
    let held = enter(&gate, &shared, &time, NONE).await;
    let by = HeldBy::Unknown(fault());
    let until = NOW.plus(Millis::seconds(10));
    assert_eq!(held, Entered::Held { by, until });
}
