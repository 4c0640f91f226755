//! Very many events that wait for a consumer, or whose tickets are lost; and what `landfall capacity` says of that.

use protocol::fault::Fault;
use serde_json::Value;

use super::*;
use crate::sweep::PAGE;

const DAY: i64 = 86_400;

/// The ages of the template.
const ALL_AGES: [i64; 5] = [120, 900, 7_200, 57_600, 5 * DAY];

async fn sweep_after(world: &Process, seconds: i64) -> Summary {
    world.state().moved = Millis::seconds(seconds);
    let deadline = UnixMillis(NOW.0 + i64::from(u32::MAX));
    sweep_until(world, deadline, |settings| {
        settings.ages = ALL_AGES.map(Millis::seconds).to_vec();
    })
    .await
}

#[tokio::test]
async fn a_backlog_is_passed_without_a_second_ticket_until_the_last_look_which_sends_one_of_each() {
    const WAITING: usize = 2_050;
    let world = world();
    for n in 0..WAITING {
        let event = add(&world, &format!("{n:04}"), 130);
        wait_in_queue(&world, &event, 130);
    }
    let waiting = |world: &Process| world.state().sqs.messages.len();
    for seconds in [0, 60, 800, 7_100, 57_500] {
        let swept = sweep_after(&world, seconds).await;
        assert_eq!(
            (swept.total().found, waiting(&world)),
            (0, WAITING),
            "{seconds} s"
        );
        assert!(swept.faults.is_empty());
    }
    let swept = sweep_after(&world, 5 * DAY).await;
    assert_eq!(swept.total().unfinished, WAITING as u64);
    assert_eq!(waiting(&world), 2 * WAITING);
    sweep_after(&world, 6 * DAY).await;
    assert_eq!(waiting(&world), 2 * WAITING);
}

/// What `landfall capacity` goes by.
fn known(name: &str) -> i64 {
    let known = include_str!("../../../../cli/src/cost/measured.json");
    let known: Value = serde_json::from_str(known).unwrap();
    known[name]["value"].as_i64().unwrap()
}

/// How many events a sweep passes in two seconds in which each call that waits for the one before takes ten milliseconds.
async fn passed_in_two_seconds(prepare: impl Fn(&Process, &Position)) -> i64 {
    let world = world();
    for n in 0..5_500 {
        let event = add(&world, &format!("{n:04}"), 500);
        prepare(&world, &event);
    }
    for call in ["page", "peek_works", "read_works", "move_cursor"] {
        trouble(&world, call, Mode::Takes(Millis(10)));
    }
    // Ten of these are under way at the same time.
    trouble(&world, "send_together", Mode::Takes(Millis(1)));
    let deadline = UnixMillis(NOW.0 + 2_000 + known("sweep_end_seconds") * 1_000);
    // The first look; of the second age there is none.
    let swept = sweep_until(&world, deadline, |settings| settings.ages.truncate(2)).await;
    let is_late = |fault: &Fault| fault.kind == FaultKind::TimedOut;
    assert!(!swept.faults.is_empty() && swept.faults.iter().all(is_late));
    i64::try_from(swept.total().looked_at).unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_sweep_looks_at_as_many_events_as_capacity_says() {
    assert_eq!(known("sweep_page"), i64::from(PAGE));
    let pages = |calls| 2_000 / (10 * known(calls)) * known("sweep_page");
    let healed = passed_in_two_seconds(|_, _| ()).await;
    assert_eq!(healed, pages("heal_calls"));
    let passed = passed_in_two_seconds(|world, event| {
        set_work(world, event, State::Processing, UnixMillis(i64::MAX));
    });
    assert_eq!(passed.await, pages("look_calls"));
}
