//! The index finds every event by its time, and a cursor never moves behind another sweeper's back.

use std::collections::BTreeMap;

use protocol::{
    ledger::{EventKey, Leg, LegState, State, Work, partition},
    ports::{Claims as _, Index as _, Position, Recorder as _, Written},
    time::{Millis, UnixMillis},
};
use support::records;

use super::{CAME, LIFE, event, source};
use crate::{run::Check, world::World};

const PORT: &str = "Index";

pub(super) fn checks<W: World>() -> Vec<Check<W>> {
    vec![
        Check {
            port: PORT,
            promise: "a page is of one partition, oldest first, and not younger than asked for",
            run: |world| Box::pin(page_is_in_order(world)),
        },
        Check {
            port: PORT,
            promise: "a page has as many events as asked for, and the next one goes on behind it",
            run: |world| Box::pin(pages_follow(world)),
        },
        Check {
            port: PORT,
            promise: "events of one millisecond are each on one page",
            run: |world| Box::pin(same_time_is_paged(world)),
        },
        Check {
            port: PORT,
            promise: "a page may begin behind an event that isn't there",
            run: |world| Box::pin(begins_behind_what_is_gone(world)),
        },
        Check {
            port: PORT,
            promise: "neither work nor cursors are on a page",
            run: |world| Box::pin(only_events_are_paged(world)),
        },
        Check {
            port: PORT,
            promise: "the works of 100 events are read at once, without those that aren't there",
            run: |world| Box::pin(works_of_100(world)),
        },
        Check {
            port: PORT,
            promise: "works that are too large for one answer are all read",
            run: |world| Box::pin(large_works(world)),
        },
        Check {
            port: PORT,
            promise: "a cursor moves from where it was read, and from nowhere else",
            run: |world| Box::pin(cursor_moves_from_where_it_was_read(world)),
        },
    ]
}

fn place(source: &str, id: &str, after: i64) -> Position {
    Position {
        received_at: CAME.plus(Millis(after)),
        key: EventKey::new(source, id),
    }
}

async fn add(world: &impl World, place: &Position) {
    let after = place.received_at.since(CAME).0;
    let written = event(place.key.source(), place.key.id(), after);
    world.ledger().put_event(&written, CAME).await.unwrap();
}

async fn page(
    world: &impl World,
    source: &str,
    after: Option<&Position>,
    until: UnixMillis,
    limit: u16,
) -> Vec<Position> {
    let partition = partition(source, 0);
    let page = world.index().page(&partition, after, until, limit).await;
    page.unwrap()
}

async fn page_is_in_order(world: &impl World) {
    let (here, there) = (source(world, "order"), source(world, "order-too"));
    let [old, middle, young] =
        [("c", 1), ("a", 20), ("b", 300)].map(|(id, at)| place(&here, id, at));
    for place in [&middle, &young, &place(&there, "x", 10), &old] {
        add(world, place).await;
    }
    let whole = page(world, &here, None, young.received_at, 10).await;
    assert_eq!(whole, [old.clone(), middle.clone(), young.clone()]);
    let until = young.received_at.plus(Millis(-1));
    assert_eq!(
        page(world, &here, None, until, 10).await,
        [old.clone(), middle.clone()]
    );
    assert_eq!(page(world, &here, Some(&old), until, 10).await, [middle]);
    let before = old.received_at.plus(Millis(-1));
    assert_eq!(page(world, &here, None, before, 10).await, []);
    assert_eq!(page(world, &here, Some(&young), until, 10).await, []);
}

async fn pages_follow(world: &impl World) {
    let here = source(world, "pages");
    let places: Vec<_> = (0..5_i64)
        .map(|at| place(&here, &format!("e{at}"), at))
        .collect();
    for place in &places {
        add(world, place).await;
    }
    let until = places[4].received_at;
    assert_eq!(page(world, &here, None, until, 0).await, []);
    let mut after = None;
    for expected in [&places[..2], &places[2..4], &places[4..], &[]] {
        let page = page(world, &here, after.as_ref(), until, 2).await;
        assert_eq!(page, expected);
        after = page.last().cloned().or(after);
    }
}

async fn same_time_is_paged(world: &impl World) {
    let here = source(world, "ties");
    let places: Vec<_> = (0..7)
        .map(|id| place(&here, &format!("e{id}"), 5))
        .collect();
    for place in &places {
        add(world, place).await;
    }
    // AWS promises no order among them.
    let mut seen = Vec::new();
    for _ in &places {
        let page = page(world, &here, seen.last(), places[0].received_at, 1).await;
        assert_eq!(page.len(), 1, "after {seen:?}");
        seen.extend(page);
    }
    assert_eq!(
        page(world, &here, seen.last(), places[0].received_at, 1).await,
        []
    );
    seen.sort();
    assert_eq!(seen, places);
}

async fn begins_behind_what_is_gone(world: &impl World) {
    let here = source(world, "gone");
    let [old, young] = [("a", 1), ("b", 9)].map(|(id, at)| place(&here, id, at));
    for place in [&old, &young] {
        add(world, place).await;
    }
    let gone = place(&here, "was-here", 5);
    let page = page(world, &here, Some(&gone), young.received_at, 10).await;
    assert_eq!(page, [young]);
}

async fn only_events_are_paged(world: &impl World) {
    let here = source(world, "sparse");
    let only = place(&here, "a", 0);
    add(world, &only).await;
    let work = records::work(LIFE, State::Processing);
    let ledger = world.ledger();
    assert_eq!(
        ledger.claim(&only.key, None, &work).await.unwrap(),
        Written::Yes
    );
    let moved = world.index().move_cursor(&here, None, &only).await;
    assert_eq!(moved.unwrap(), Written::Yes);
    assert_eq!(
        page(world, &here, None, CAME.plus(Millis::days(1)), 10).await,
        [only]
    );
}

async fn works_of_100(world: &impl World) {
    let here = source(world, "hundred");
    let keys: Vec<_> = (0..100)
        .map(|id| EventKey::new(&*here, format!("e{id}")))
        .collect();
    let mut written = BTreeMap::new();
    for (key, attempt) in keys.iter().zip(1..).step_by(3) {
        let work = Work {
            attempt,
            ..records::work(LIFE, State::Processing)
        };
        world.ledger().claim(key, None, &work).await.unwrap();
        written.insert(key.clone(), work);
    }
    assert_eq!(world.index().read_works(&keys).await.unwrap(), written);
    let twice = [keys[0].clone(), keys[0].clone()];
    assert_eq!(world.index().read_works(&twice).await.unwrap().len(), 1);
    assert_eq!(
        world.index().read_works(&[]).await.unwrap(),
        BTreeMap::new()
    );
}

async fn large_works(world: &impl World) {
    let here = source(world, "heavy");
    let keys: Vec<_> = (0..60)
        .map(|id| EventKey::new(&*here, format!("e{id}")))
        .collect();
    // AWS's own example: of 300 KB each, 52 fit into an answer.
    let leg = Leg {
        last_error: Some("e".repeat(300 * 1_024)),
        ..records::leg(LegState::Failed)
    };
    let work = Work {
        legs: [("paid".into(), leg)].into(),
        ..records::work(LIFE, State::Failed)
    };
    for key in &keys {
        world.ledger().claim(key, None, &work).await.unwrap();
    }
    let read = world.index().read_works(&keys).await.unwrap();
    assert_eq!(read.len(), keys.len());
    assert!(
        read.values().all(|read| *read == work),
        "one came back otherwise"
    );
}

async fn cursor_moves_from_where_it_was_read(world: &impl World) {
    let name = source(world, "cursor");
    let [first, second, third] =
        [("a", 1), ("b", 1), ("b", 3)].map(|(id, at)| place(&name, id, at));
    let index = world.index();
    let moves = async |from: Option<&Position>, to: &Position| {
        index.move_cursor(&name, from, to).await.unwrap()
    };
    assert_eq!(index.read_cursor(&name).await.unwrap(), None);
    assert_eq!(moves(Some(&first), &second).await, Written::No);
    assert_eq!(index.read_cursor(&name).await.unwrap(), None);
    assert_eq!(moves(None, &first).await, Written::Yes);
    assert_eq!(moves(None, &second).await, Written::No);
    // Another place of the same time, and another time of the same event.
    assert_eq!(moves(Some(&second), &third).await, Written::No);
    let another_time = place(&name, "a", 2);
    assert_eq!(moves(Some(&another_time), &third).await, Written::No);
    assert_eq!(index.read_cursor(&name).await.unwrap(), Some(first.clone()));
    assert_eq!(moves(Some(&first), &second).await, Written::Yes);
    assert_eq!(moves(Some(&first), &third).await, Written::No);
    assert_eq!(index.read_cursor(&name).await.unwrap(), Some(second));
}
