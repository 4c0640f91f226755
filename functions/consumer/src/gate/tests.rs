#![allow(clippy::unwrap_used, clippy::panic)]

use protocol::fault::FaultKind;
use support::world::{Mode, NOW, Plan, Process};

use super::*;

const DUE: Due = Due {
    since: NOW,
    ends: UnixMillis(NOW.0 + 65_000),
};
const NONE: Bounds = Bounds {
    rate: None,
    concurrency: None,
};

fn pass_time(world: &Process, seconds: i64) {
    world.state().pass(Millis::seconds(seconds));
}

/// How often the ledger was called since this was asked for the last time.
fn calls(world: &Process) -> usize {
    world.state().door.take_calls().len()
}

async fn enter(gate: &Gate, world: &Process, bounds: Bounds) -> Entered {
    gate.enter(world, world, "a", bounds, DUE).await
}

async fn pass(gate: &Gate, world: &Process, bounds: Bounds) -> Permit {
    match enter(gate, world, bounds).await {
        Entered::Pass(permit) => permit,
        held @ Entered::Held { .. } => panic!("{held:?}"),
    }
}

async fn hold(gate: &Gate, world: &Process, bounds: Bounds) -> HeldBy {
    match enter(gate, world, bounds).await {
        Entered::Held { by, .. } => by,
        passed @ Entered::Pass(_) => panic!("{passed:?}"),
    }
}

async fn leave(gate: &Gate, world: &Process, permit: &Permit, came: Came) -> Left {
    let left = gate.leave(world, world, "a", permit, came, |_| None);
    left.await.unwrap()
}

/// A leg that is let through, and fails.
async fn fail(gate: &Gate, world: &Process) -> Option<Turned> {
    let permit = pass(gate, world, NONE).await;
    let came = Came::Failed("503".into());
    leave(gate, world, &permit, came).await.turned
}

async fn arrive(gate: &Gate, world: &Process) -> Option<Turned> {
    let permit = pass(gate, world, NONE).await;
    leave(gate, world, &permit, Came::Reached).await.turned
}

#[tokio::test]
async fn a_sound_destination_costs_one_read_in_five_seconds() {
    let (gate, world) = (Gate::default(), Process::default());
    for _ in 0..100 {
        arrive(&gate, &world).await;
    }
    assert_eq!(calls(&world), 1);
    pass_time(&world, 5);
    arrive(&gate, &world).await;
    assert_eq!(calls(&world), 1);
}

#[tokio::test]
async fn arrivals_beside_failures_are_written_ten_at_a_time() {
    let (gate, world) = (Gate::default(), Process::default());
    fail(&gate, &world).await;
    calls(&world);
    for _ in 0..9 {
        arrive(&gate, &world).await;
    }
    assert_eq!(calls(&world), 0);
    arrive(&gate, &world).await;
    assert_eq!(calls(&world), 2);
    let reached = |health: &Health| health.window.reached;
    assert_eq!(world.state().gates.health.get("a").map(reached), Some(10));
}

#[tokio::test]
async fn a_dead_destination_opens_holds_and_is_tried_by_one_leg() {
    let (gate, world) = (Gate::default(), Process::default());
    for _ in 0..4 {
        assert_eq!(fail(&gate, &world).await, None);
    }
    assert_eq!(fail(&gate, &world).await, Some(Turned::Opened));
    let by = hold(&gate, &world, NONE).await;
    assert_eq!(by, HeldBy::Standing(Standing::Open));

    pass_time(&world, 10);
    let trial = pass(&gate, &world, NONE).await;
    // Another process, which knows nothing yet, and this one.
    for gate in [&Gate::default(), &gate] {
        let by = hold(gate, &world, NONE).await;
        assert_eq!(by, HeldBy::Standing(Standing::Trial));
    }
    let came = Came::Failed("503".into());
    let turned = leave(&gate, &world, &trial, came).await.turned;
    let Some(Turned::StillOpen { until }) = turned else {
        panic!("{turned:?}")
    };
    assert!(until >= NOW.plus(Millis::seconds(30)), "{until:?}");

    pass_time(&world, 20);
    assert_eq!(arrive(&gate, &world).await, Some(Turned::Closed));
    assert_eq!(arrive(&gate, &world).await, None);
}

#[tokio::test]
async fn of_two_processes_that_would_try_it_one_does() {
    let world = Process::default();
    let (one, other) = (Gate::default(), Gate::default());
    for _ in 0..5 {
        fail(&one, &world).await;
    }
    pass_time(&world, 6);
    hold(&other, &world, NONE).await;
    pass_time(&world, 4);
    pass(&one, &world, NONE).await;
    // The other believes what it read four seconds ago: its write finds that it is too late.
    let by = hold(&other, &world, NONE).await;
    assert_eq!(by, HeldBy::Standing(Standing::Trial));
}

#[tokio::test]
async fn a_trial_that_never_comes_back_is_another_legs_turn() {
    let (gate, world) = (Gate::default(), Process::default());
    for _ in 0..5 {
        fail(&gate, &world).await;
    }
    pass_time(&world, 10);
    pass(&gate, &world, NONE).await;
    pass_time(&world, 60);
    assert_eq!(arrive(&gate, &world).await, Some(Turned::Closed));
}

#[tokio::test]
async fn a_rate_lets_so_many_through_in_each_window_over_all_processes() {
    let world = Process::default();
    world.state().random = Some(0);
    let bounds = Bounds {
        rate: Some((3, Millis::seconds(1))),
        ..NONE
    };
    for gate in [Gate::default(), Gate::default(), Gate::default()] {
        pass(&gate, &world, bounds).await;
    }
    let held = enter(&Gate::default(), &world, bounds).await;
    let until = NOW.plus(Millis::seconds(1));
    let by = HeldBy::Rate;
    assert_eq!(held, Entered::Held { by, until });
    pass_time(&world, 1);
    pass(&Gate::default(), &world, bounds).await;
}

#[tokio::test]
async fn so_many_are_sent_at_once_and_no_more() {
    let (gate, world) = (Gate::default(), Process::default());
    let bounds = Bounds {
        concurrency: Some(2),
        ..NONE
    };
    let first = pass(&gate, &world, bounds).await;
    pass(&gate, &world, bounds).await;
    assert_eq!(hold(&gate, &world, bounds).await, HeldBy::Concurrency);
    let left = leave(&gate, &world, &first, Came::Reached).await;
    assert_eq!(left, Left::default());
    pass(&gate, &world, bounds).await;
    assert_eq!(hold(&gate, &world, bounds).await, HeldBy::Concurrency);
    // Two died: their claims lapse, and so do their places.
    pass_time(&world, 65);
    pass(&gate, &world, bounds).await;
}

#[tokio::test]
async fn a_leg_that_finds_the_rate_used_up_gives_its_place_back() {
    let (gate, world) = (Gate::default(), Process::default());
    let bounds = Bounds {
        rate: Some((1, Millis::seconds(60))),
        concurrency: Some(2),
    };
    pass(&gate, &world, bounds).await;
    assert_eq!(hold(&gate, &world, bounds).await, HeldBy::Rate);
    assert_eq!(
        world
            .state()
            .gates
            .places
            .values()
            .filter(|(_, until)| *until > NOW)
            .count(),
        1
    );
}

#[tokio::test]
async fn a_leg_that_is_held_uses_no_rate_and_begins_no_trial() {
    let (gate, world) = (Gate::default(), Process::default());
    for _ in 0..5 {
        fail(&gate, &world).await;
    }
    let bounds = Bounds {
        rate: Some((1, Millis::seconds(60))),
        ..NONE
    };
    hold(&gate, &world, bounds).await;
    assert!(world.state().gates.counters.is_empty());
    pass_time(&world, 10);
    let window = window(world.state().now(), Millis::seconds(60));
    (world.state().gates.counters).insert(("a".into(), window), 1);
    assert_eq!(hold(&gate, &world, bounds).await, HeldBy::Rate);
    let standing = |health: &Health| health.standing;
    let health = world.state().gates.health.get("a").map(standing);
    assert_eq!(health, Some(Standing::Open));
}

#[tokio::test]
async fn where_the_ledger_does_not_answer_the_leg_is_held_a_moment() {
    let (gate, world) = (Gate::default(), Process::default());
    let fails = Mode::FailedBefore(FaultKind::Throttled);
    world.state().door.plan(Plan::From("read_health", 0, fails));
    let held = enter(&gate, &world, NONE).await;
    let by = HeldBy::Unknown(Fault::new(FaultKind::Throttled, "read_health", "slow down"));
    let until = NOW.plus(Millis::seconds(10));
    assert_eq!(held, Entered::Held { by, until });
}
