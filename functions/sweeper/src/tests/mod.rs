//! Sweeps in a world in memory.
#![allow(clippy::unwrap_used)]

mod backlog;
mod reads;
mod rivals;
mod shards;
mod silence;
mod together;

use std::collections::{BTreeMap, BTreeSet};

use protocol::{
    fault::FaultKind,
    ledger::{Life, State},
    ports::{Cursor, Position},
    ticket::{Ticket, Why},
    time::{Millis, UnixMillis},
};

use crate::{
    Summary,
    testing::{
        GRACE, Mode, NOW, Plan, Process, add, add_to, cursor, position, sent, set_work, sweep,
        sweep_until, sweep_with, trouble, world,
    },
};

const NO_ANSWER: Mode = Mode::FailedBefore(FaultKind::TimedOut);

/// How many pages of the index were read.
fn pages(world: &Process) -> usize {
    let state = world.state();
    let calls = state.door.calls.iter();
    calls.filter(|call| **call == "page").count()
}

#[tokio::test]
async fn a_ticket_that_was_never_sent_is_sent_once_the_event_has_come_of_age() {
    let world = world();
    let event = add(&world, "old", 120);
    add(&world, "young", 119);
    let swept = sweep(&world).await;
    let ticket = Ticket::new(event.key.clone(), Life(event.received_at), Why::Sweep, NOW);
    assert_eq!(world.state().tickets(), [ticket]);
    assert_eq!(
        (
            swept.total().looked_at,
            swept.total().found,
            swept.total().unfinished
        ),
        (1, 1, 0)
    );
    assert!(swept.faults.is_empty());
    assert_eq!(
        world.state().cursors,
        BTreeMap::from([(
            "0#120".into(),
            Cursor {
                unfinished: Some(event.received_at),
                at: event,
            }
        )])
    );
}

#[tokio::test]
async fn only_what_is_overdue_gets_a_ticket() {
    let world = world();
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
    let swept = sweep(&world).await;
    assert_eq!(
        sent(&world),
        ["processing-overdue", "waiting-overdue", "without-work"]
    );
    assert_eq!((swept.total().looked_at, swept.total().found), (7, 3));
}

#[tokio::test]
async fn a_sweep_that_finds_nothing_new_does_nothing() {
    let world = world();
    add(&world, "e", 500);
    sweep(&world).await;
    sent(&world);
    let before = world.state().cursors.clone();
    assert_eq!(sweep(&world).await, Summary::default());
    assert_eq!(sent(&world), [""; 0]);
    assert_eq!(world.state().cursors, before);
}

#[tokio::test]
async fn what_is_still_overdue_is_found_again_at_the_next_age() {
    let world = world();
    add(&world, "e", 130);
    for (seconds, found) in [
        (0, 1),
        (769, 0),
        (770, 1),
        (7_069, 0),
        (7_070, 1),
        (99_999, 0),
    ] {
        world.state().moved = Millis::seconds(seconds);
        let deadline = UnixMillis(NOW.0 + i64::from(u32::MAX));
        let swept = sweep_until(&world, deadline, |_| {}).await;
        assert_eq!(swept.total().found, found, "after {seconds} s");
    }
}

#[tokio::test]
async fn a_ticket_that_could_not_be_sent_is_not_passed() {
    let world = world();
    let first = add(&world, "1", 504);
    add(&world, "2", 503);
    let done = add(&world, "3", 502);
    set_work(&world, &done, State::Succeeded, NOW);
    let last = add(&world, "4", 501);
    world.state().sqs.refused.insert("2".into());
    let swept = sweep(&world).await;
    assert_eq!(swept.total().looked_at, 1);
    let [fault] = swept.faults.as_slice() else {
        panic!("{:?}", swept.faults)
    };
    assert_eq!(fault.kind, FaultKind::Throttled);
    assert_eq!(
        fault.to_string(),
        "send_together: shard 0 at 120 s: slow down"
    );
    assert_eq!(world.state().cursors["0#120"].at, first);

    // The next sweep begins with it.
    world.state().sqs.refused.clear();
    sent(&world);
    let swept = sweep(&world).await;
    assert_eq!(swept.total().looked_at, 3);
    assert_eq!(sent(&world), ["2", "4"]);
    assert_eq!(world.state().cursors["0#120"].at, last);
}

#[tokio::test]
async fn when_the_first_ticket_could_not_be_sent_the_cursor_stays() {
    let world = world();
    add(&world, "1", 500);
    trouble(&world, "send_together", NO_ANSWER);
    let swept = sweep(&world).await;
    assert_eq!(
        (
            swept.total().looked_at,
            swept.total().found,
            swept.faults.len()
        ),
        (0, 0, 1)
    );
    assert!(world.state().cursors.is_empty());
}

#[tokio::test]
async fn an_event_whose_work_could_not_be_read_is_not_passed() {
    for step in [
        "peek_works",
        "read_works",
        "page",
        "read_cursor",
        "move_cursor",
    ] {
        let world = world();
        add(&world, "1", 500);
        trouble(&world, step, NO_ANSWER);
        let swept = sweep(&world).await;
        let fault = &swept.faults[0];
        assert_eq!((fault.step, fault.kind), (step, FaultKind::TimedOut));
        assert_eq!(swept.total().looked_at, 0);
        assert!(world.state().cursors.is_empty(), "{step}");
        // And is met again.
        world.state().door.heal();
        assert_eq!(sweep(&world).await.total().found, 1, "{step}");
    }
}

#[tokio::test]
async fn a_page_follows_the_other_until_the_youngest_event_of_age() {
    let world = world();
    for n in 0..250 {
        // All at one time: the key orders them.
        add(&world, &format!("{n:03}"), 500);
    }
    let swept = sweep(&world).await;
    assert_eq!((swept.total().looked_at, swept.total().found), (250, 250));
    let sent: BTreeSet<String> = sent(&world).into_iter().collect();
    assert_eq!(sent.len(), 250);
    assert_eq!(world.state().cursors["0#120"].at.key.id(), "249");
}

#[tokio::test]
async fn two_sweepers_on_one_way_do_not_both_go_on() {
    let world = world();
    for n in 0..250 {
        add(&world, &format!("{n:03}"), 500);
    }
    let rival = position("zzz", 500);
    world.state().door.before("move_cursor", |services| {
        services.cursors.insert("0#120".into(), cursor(rival));
    });
    let swept = sweep_with(&world, |settings| settings.ages.truncate(1)).await;
    assert_eq!(swept.total().looked_at, 0);
    assert!(swept.faults.is_empty());
    assert_eq!(pages(&world), 1);
    assert_eq!(world.state().cursors["0#120"].at, position("zzz", 500));
}

#[tokio::test]
async fn what_is_unfinished_at_its_last_look_is_counted_apart() {
    let world = world();
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
    let swept = sweep(&world).await;
    // Three ages, four events each; only the last look counts.
    assert_eq!((swept.total().looked_at, swept.total().unfinished), (12, 2));
    assert_eq!(sweep(&world).await.total().unfinished, 0);
}

#[tokio::test]
async fn a_sweep_ends_in_time_and_the_next_one_goes_on() {
    let world = world();
    for n in 0..150 {
        add(&world, &format!("{n:03}"), 500);
    }
    // Less than the margin is left from the beginning.
    world.state().moved = Millis(55_000);
    let swept = sweep(&world).await;
    assert_eq!(swept.total().looked_at, 0);
    // Nor for the number of shards to be read.
    assert_eq!(swept.faults.len(), 4);
    assert_eq!(pages(&world), 0);
    world.state().moved = Millis(0);
    assert_eq!(sweep(&world).await.total().looked_at, 150);
}

#[tokio::test]
async fn every_source_and_shard_is_swept_wherever_the_sweep_begins() {
    for random in [0, 1, 7, u64::MAX] {
        let world = world();
        world.state().random = Some(random);
        shards::spread(&world, 2);
        // The ids are such that each shard has both sources' events.
        for id in ["1", "2", "3", "4"] {
            add_to(&world, "a", id, 500);
            add_to(&world, "b", id, 500);
        }
        let swept = sweep_with(&world, |settings| settings.shards = 2).await;
        let found = (swept.sources.iter()).map(|(source, tally)| (source.as_str(), tally.found));
        assert_eq!(found.collect::<Vec<_>>(), [("a", 4), ("b", 4)]);
        let cursors = world.state().cursors.clone();
        assert_eq!(cursors.keys().collect::<Vec<_>>(), ["0#120", "1#120"]);
    }
}

#[tokio::test]
async fn one_stretch_at_fault_leaves_the_others_swept() {
    let world = world();
    add(&world, "e", 1_000);
    // That of the first age; the second one's goes out.
    let first = Plan::At("send_together", 0, NO_ANSWER);
    world.state().door.plan(first);
    let swept = sweep(&world).await;
    assert_eq!((swept.total().found, swept.faults.len()), (1, 1));
    assert_eq!(sent(&world), ["e"]);
}

/// Has a ticket wait in the queue that was sent so many seconds ago.
fn wait_in_queue(world: &Process, event: &Position, seconds: i64) {
    let sent_at = UnixMillis(NOW.0 - seconds * 1_000);
    let ticket = Ticket::new(
        event.key.clone(),
        Life(event.received_at),
        Why::New,
        sent_at,
    );
    world.state().sqs.send(ticket.encode(), sent_at);
}

fn asked(world: &Process) -> usize {
    let state = world.state();
    let calls = state.door.calls.iter();
    calls.filter(|call| **call == "oldest_ticket").count()
}

#[tokio::test]
async fn an_event_behind_the_queues_oldest_ticket_gets_no_second_one() {
    let world = world();
    let before = add(&world, "before", 600);
    add(&world, "behind", 500);
    wait_in_queue(&world, &before, 550);
    let summary = sweep(&world).await;
    // The backlog began after this one, so its own ticket is not in it.
    let found = &summary.total();
    assert_eq!((found.looked_at, found.found), (2, 1));
    assert_eq!(sent(&world), ["before", "before"]);
    let oldest = UnixMillis(NOW.0 - 550_000);
    assert_eq!(summary.backlog, Some(Ok(Some(oldest))));
}

#[tokio::test]
async fn at_its_last_look_an_event_gets_a_ticket_whatever_waits() {
    let world = world();
    let event = add(&world, "e", 7_200);
    wait_in_queue(&world, &event, 7_200);
    let swept = sweep(&world).await;
    // Three looks, and only the last of them sends.
    assert_eq!(
        (
            swept.total().looked_at,
            swept.total().found,
            swept.total().unfinished
        ),
        (3, 1, 1)
    );
}

#[tokio::test]
async fn a_backlog_hides_nothing_of_work_that_is_overdue() {
    let world = world();
    let event = add(&world, "e", 500);
    set_work(
        &world,
        &event,
        State::Waiting,
        UnixMillis(NOW.0 - GRACE.0 - 1),
    );
    wait_in_queue(&world, &event, 7_200);
    assert_eq!(sweep(&world).await.total().found, 1);
}

#[tokio::test]
async fn without_an_answer_there_is_no_backlog() {
    let world = world();
    let event = add(&world, "e", 500);
    wait_in_queue(&world, &event, 7_200);
    trouble(
        &world,
        "oldest_ticket",
        Mode::FailedBefore(FaultKind::Denied),
    );
    let summary = sweep(&world).await;
    assert_eq!(summary.total().found, 1);
    // Nor is it a reason to sweep again.
    assert!(summary.faults.is_empty());
    let Some(Err(fault)) = summary.backlog else {
        panic!("{:?}", summary.backlog)
    };
    assert_eq!(fault.kind, FaultKind::Denied);
}

#[tokio::test]
async fn the_queue_is_asked_once_a_sweep_and_only_where_an_event_seems_overdue() {
    let world = world();
    let done = add(&world, "done", 1_100);
    set_work(&world, &done, State::Succeeded, NOW);
    assert_eq!(sweep(&world).await.backlog, None);
    assert_eq!(asked(&world), 0);
    for source in ["a", "b"] {
        add_to(&world, source, "e", 1_000);
    }
    let swept = sweep(&world).await;
    // Each at two ages.
    assert_eq!((swept.total().found, asked(&world)), (4, 1));
}
