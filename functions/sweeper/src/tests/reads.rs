//! What sweeps read, and at which price.

use super::*;

const DAY: i64 = 86_400;

/// The ages of the template.
const ALL_AGES: [i64; 5] = [120, 900, 7_200, 57_600, 432_000];

/// Sweeps this much later, with all the ages of the template. What was read of works then, in order.
async fn reads_after(world: &Process, seconds: i64) -> (Summary, Vec<&'static str>) {
    world.state().moved = Millis::seconds(seconds);
    world.state().door.take_calls();
    let deadline = UnixMillis(NOW.0 + i64::from(u32::MAX));
    let swept = sweep_until(world, deadline, |settings| {
        settings.ages = ALL_AGES.map(Millis::seconds).to_vec();
    })
    .await;
    let mut reads = world.state().door.take_calls();
    reads.retain(|call| call.ends_with("_works"));
    (swept, reads)
}

/// Has every look gone on past younger events that were finished, as it does where events come all the time.
fn looks_go_on(world: &Process) {
    let mut state = world.state();
    let now = state.now();
    for cursor in state.cursors.values_mut() {
        cursor.at.received_at = now;
    }
}

#[tokio::test]
async fn a_sweep_at_rest_makes_as_few_calls_for_a_thousand_sources_as_for_one() {
    for sources in [1, 100, 1_000] {
        let world = world();
        for source in 0..sources {
            let event = add_to(&world, &format!("s{source}"), "e", 6 * DAY);
            set_work(&world, &event, State::Succeeded, NOW);
        }
        reads_after(&world, 0).await;
        let deadline = UnixMillis(NOW.0 + 60_000);
        sweep_until(&world, deadline, |settings| {
            settings.ages = ALL_AGES.map(Millis::seconds).to_vec();
            settings.speakers = (0..sources)
                .map(|source| (format!("s{source}"), Millis::days(30)))
                .collect();
        })
        .await;
        let mut calls = world.state().door.take_calls();
        calls.retain(|call| *call != "note_heard");
        calls.sort_unstable();
        let count = |name| calls.iter().filter(|call| **call == name).count();
        // Of a hundred sources at a time it is read when they were heard.
        let heard = usize::try_from(sources).unwrap().div_ceil(100);
        let of_aws = calls.len() - count("read_heard") + heard;
        assert_eq!(
            (count("read_cursor"), count("page"), count("most_shards")),
            (5, 5, 1)
        );
        assert_eq!(of_aws, 11 + heard, "{calls:?}");
        assert!(of_aws <= 100);
    }
}

/// What a read at half the price shows may be older than what stands there.
#[tokio::test]
async fn what_looks_unfinished_is_read_again_before_a_ticket_is_sent() {
    let world = world();
    add(&world, "lost", 500);
    for (id, state) in [("done", State::Succeeded), ("in-hand", State::Processing)] {
        let event = add(&world, id, 500);
        set_work(&world, &event, state, UnixMillis(NOW.0 + 1));
        world.state().unseen.insert(event.key);
    }
    let swept = sweep(&world).await;
    assert_eq!(sent(&world), ["lost"]);
    assert_eq!((swept.total().looked_at, swept.total().found), (3, 1));
}

#[tokio::test]
async fn the_last_look_sends_nothing_for_what_only_an_old_state_shows_unfinished() {
    let world = world();
    let event = add(&world, "e", 8_000);
    set_work(&world, &event, State::Succeeded, NOW);
    world.state().unseen.insert(event.key);
    let swept = sweep(&world).await;
    assert_eq!(sent(&world), [""; 0]);
    assert_eq!(swept.total().unfinished, 0);
}

#[tokio::test]
async fn an_event_that_was_seen_finished_twice_is_not_read_again_before_its_last_look() {
    let world = world();
    let event = add(&world, "e", 130);
    set_work(&world, &event, State::Succeeded, NOW);
    let mut reads = Vec::new();
    for seconds in [0, 800, 7_100, 57_500, 5 * DAY] {
        let (swept, read) = reads_after(&world, seconds).await;
        assert_eq!(swept.total().looked_at, 1, "after {seconds} s");
        reads.push(read);
        looks_go_on(&world);
    }
    let peek = || vec!["peek_works"];
    assert_eq!(reads, [peek(), peek(), vec![], vec![], peek()]);
}

#[tokio::test]
async fn an_event_that_was_seen_unfinished_is_looked_at_until_it_is_finished() {
    let world = world();
    let event = add(&world, "e", 130);
    set_work(&world, &event, State::Processing, UnixMillis(i64::MAX));
    let both = || vec!["peek_works", "read_works"];
    for seconds in [0, 800, 7_100] {
        assert_eq!(reads_after(&world, seconds).await.1, both(), "{seconds} s");
        looks_go_on(&world);
    }
    set_work(&world, &event, State::Succeeded, NOW);
    assert_eq!(reads_after(&world, 57_500).await.1, ["peek_works"]);
}

/// An old state may show it finished, as do the looks before; the last look is at every event.
#[tokio::test]
async fn an_event_that_was_opened_again_and_forgotten_is_found_at_its_last_look() {
    let world = world();
    let event = add(&world, "e", 130);
    set_work(&world, &event, State::Failed, NOW);
    for seconds in [0, 800] {
        reads_after(&world, seconds).await;
        looks_go_on(&world);
    }
    set_work(&world, &event, State::Waiting, NOW);
    for seconds in [7_100, 57_500] {
        assert_eq!(reads_after(&world, seconds).await.0.total().found, 0);
        looks_go_on(&world);
    }
    let (swept, _) = reads_after(&world, 5 * DAY).await;
    assert_eq!(
        (swept.total().found, sent(&world)),
        (1, vec!["e".to_owned()])
    );
}

/// The index may show an event late, when the first look has passed its place.
#[tokio::test]
async fn an_event_that_the_first_look_has_missed_is_found_by_the_second() {
    let world = world();
    let event = add(&world, "e", 130);
    let late = world.state().events.remove(&event.key).unwrap();
    add(&world, "other", 129);
    reads_after(&world, 0).await;
    assert_eq!(sent(&world), ["other"]);
    world.state().events.insert(late.key.clone(), late);
    reads_after(&world, 800).await;
    assert_eq!(sent(&world), ["e", "other"]);
}

#[tokio::test]
async fn a_look_passes_nothing_that_the_one_before_has_not_passed() {
    let world = world();
    let event = add(&world, "e", 130);
    set_work(&world, &event, State::Succeeded, NOW);
    // Nobody swept before; no look knows of another.
    let (_, reads) = reads_after(&world, 8_000).await;
    assert_eq!(reads, ["peek_works"; 3]);
}
