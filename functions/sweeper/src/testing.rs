//! The sweeper in the world of the tests.

use protocol::{
    ledger::{EventKey, EventRecord, Life, State, Work},
    ports::{Cursor, Position},
    time::{Millis, UnixMillis},
};
use support::records;
pub(crate) use support::world::{Mode, NOW, Plan, Process};

use crate::{Settings, Summary, Sweeper};

pub(crate) const AGES: [i64; 3] = [120, 900, 7_200];
pub(crate) const GRACE: Millis = Millis::seconds(360);

/// A world where whoever draws a number draws 0.
pub(crate) fn world() -> Process {
    let world = Process::default();
    world.state().random = Some(0);
    world
}

/// Has this happen to every such call from now on.
pub(crate) fn trouble(world: &Process, call: &'static str, mode: Mode) {
    world.state().door.plan(Plan::From(call, 0, mode));
}

pub(crate) fn position(id: &str, age_seconds: i64) -> Position {
    Position {
        received_at: UnixMillis(NOW.0 - age_seconds * 1_000),
        key: EventKey::new("s", id),
    }
}

pub(crate) fn add(world: &Process, id: &str, age_seconds: i64) -> Position {
    add_to(world, "s", id, age_seconds)
}

pub(crate) fn add_to(world: &Process, source: &str, id: &str, age_seconds: i64) -> Position {
    let place = Position {
        key: EventKey::new(source, id),
        ..position(id, age_seconds)
    };
    let event = EventRecord {
        received_at: place.received_at,
        ..records::event(source, id)
    };
    world.state().events.insert(place.key.clone(), event);
    place
}

pub(crate) fn set_work(world: &Process, event: &Position, state: State, until: UnixMillis) {
    let work = Work {
        until,
        ..records::work(Life(event.received_at), state)
    };
    world.state().works.insert(event.key.clone(), work);
}

pub(crate) async fn sweep(world: &Process) -> Summary {
    sweep_with(world, |_| {}).await
}

pub(crate) async fn sweep_with(world: &Process, change: impl Fn(&mut Settings)) -> Summary {
    sweep_until(world, UnixMillis(NOW.0 + 60_000), change).await
}

pub(crate) async fn sweep_until(
    world: &Process,
    deadline: UnixMillis,
    change: impl Fn(&mut Settings),
) -> Summary {
    let ages = AGES.map(Millis::seconds).to_vec();
    let mut settings = Settings::new(1, ages, GRACE);
    change(&mut settings);
    let sweeper = Sweeper {
        index: world.clone(),
        queue: world.clone(),
        backlog: world.clone(),
        clock: world.clone(),
        settings,
    };
    sweeper.sweep(deadline).await
}

/// A cursor that has passed this event, and seen every one finished.
pub(crate) const fn cursor(at: Position) -> Cursor {
    Cursor {
        at,
        unfinished: None,
    }
}

/// The ids of the events whose tickets were sent since this was asked for the last time.
pub(crate) fn sent(world: &Process) -> Vec<String> {
    let mut state = world.state();
    let tickets = state.tickets();
    state.sqs.messages.clear();
    let ids = tickets.iter().map(|ticket| ticket.key.id().to_owned());
    ids.collect()
}
