//! The index finds every event by its time, and a cursor never moves behind another sweeper's back.

use std::collections::BTreeMap;

use protocol::{
    ledger::{EventKey, Leg, LegState, State, Work, partition},
    ports::{Claims as _, Cursor, Index as _, Position, Reads, Recorder as _, Written},
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
            promise: "the first page begins with the oldest event",
            run: |world| Box::pin(a_first_page_begins_at_the_oldest(world)),
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
        Check {
            port: PORT,
            promise: "the number of shards that was noted grows, and never falls",
            run: |world| Box::pin(shards_never_fall(world)),
        },
        Check {
            port: PORT,
            promise: "a source was heard when it last was, in whatever order that is noted",
            run: |world| Box::pin(the_last_time_is_noted(world)),
        },
    ]
}

/// The checks that read pages. All events of a table are in one partition, so those of each check have a second of their own,
/// which has come by the clock of the tests' world, and not by that of a stack whose sweeper might look at them.
const PAGED: [&str; 6] = ["order", "first", "pages", "ties", "gone", "sparse"];

fn second(source: &str) -> UnixMillis {
    let check = PAGED.iter().position(|check| source.starts_with(check));
    let number = i64::try_from(check.unwrap_or_default()).unwrap_or_default();
    CAME.plus(Millis(1_000 * (1 + number)))
}

fn place(source: &str, id: &str, after: i64) -> Position {
    Position {
        received_at: second(source).plus(Millis(after)),
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
    let begin = Position {
        received_at: second(source).plus(Millis(-1)),
        key: EventKey::new(source, "before"),
    };
    let after = Some(after.unwrap_or(&begin));
    let page = world.index().page(&partition(0), after, until, limit).await;
    page.unwrap()
}

async fn page_is_in_order(world: &impl World) {
    let here = source(world, "order");
    let [old, middle, young] =
        [("c", 1), ("a", 20), ("b", 300)].map(|(id, at)| place(&here, id, at));
    for place in [&middle, &young, &old] {
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
    let index = world.index();
    let elsewhere = index.page(&partition(1), Some(&old), until, 10).await;
    assert_eq!(elsewhere.unwrap(), []);
}

async fn a_first_page_begins_at_the_oldest(world: &impl World) {
    let here = source(world, "first");
    let places = [("a", 1), ("b", 9)].map(|(id, at)| place(&here, id, at));
    for place in &places {
        add(world, place).await;
    }
    let index = world.index();
    let until = places[0].received_at;
    let page = index.page(&partition(0), None, until, 1).await.unwrap();
    assert_eq!(page.len(), 1);
    assert!(page[0].received_at <= until);
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
    let cursor = cursor(&only, None);
    let moved = world.index().move_cursor(&here, None, &cursor).await;
    assert_eq!(moved.unwrap(), Written::Yes);
    let until = only.received_at.plus(Millis(1));
    assert_eq!(page(world, &here, None, until, 10).await, [only]);
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
    let read = async |keys: &[EventKey], reads| world.index().read_works(keys, reads).await;
    assert_eq!(read(&keys, Reads::Strongly).await.unwrap(), written);
    let twice = [keys[0].clone(), keys[0].clone()];
    for reads in [Reads::Strongly, Reads::Eventually] {
        assert_eq!(read(&twice, reads).await.unwrap().len(), 1);
        assert_eq!(read(&[], reads).await.unwrap(), BTreeMap::new());
    }
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
    let index = world.index();
    let read = index.read_works(&keys, Reads::Strongly).await.unwrap();
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
        let to = cursor(to, None);
        index.move_cursor(&name, from, &to).await.unwrap()
    };
    let at = async || {
        let cursor = index.read_cursor(&name).await.unwrap();
        cursor.map(|cursor| cursor.at)
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
    assert_eq!(at().await, Some(first.clone()));
    assert_eq!(moves(Some(&first), &second).await, Written::Yes);
    assert_eq!(moves(Some(&first), &third).await, Written::No);
    assert_eq!(at().await, Some(second.clone()));
    let to = cursor(&third, Some(UnixMillis(7)));
    let written = index.move_cursor(&name, Some(&second), &to).await;
    assert_eq!(written.unwrap(), Written::Yes);
    assert_eq!(index.read_cursor(&name).await.unwrap(), Some(to));
}

fn cursor(at: &Position, unfinished: Option<UnixMillis>) -> Cursor {
    Cursor {
        at: at.clone(),
        unfinished,
    }
}

async fn shards_never_fall(world: &impl World) {
    let index = world.index();
    for (noted, most) in [(2, 2), (3, 3), (3, 3), (1, 3)] {
        world.note_shards(noted).await;
        assert_eq!(index.most_shards().await.unwrap(), most, "{noted}");
    }
}

async fn the_last_time_is_noted(world: &impl World) {
    let (heard, never) = (source(world, "heard"), source(world, "never"));
    let index = world.index();
    for (at, last) in [(5, 5), (9, 9), (7, 9), (9, 9)] {
        index.note_heard(&heard, UnixMillis(at)).await.unwrap();
        let read = index.read_heard(&[&heard, &never]).await.unwrap();
        assert_eq!(read, [(heard.clone(), UnixMillis(last))].into());
    }
}
