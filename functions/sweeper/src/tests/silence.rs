//! Which sources have gone silent.

use super::*;

const HOUR: i64 = 3_600;

/// The first look is two minutes behind.
const FIRST: i64 = 120;

async fn listen(world: &Process, seconds: i64) -> Summary {
    world.state().moved = Millis::seconds(seconds);
    let deadline = UnixMillis(NOW.0 + i64::from(u32::MAX));
    sweep_until(world, deadline, |settings| {
        settings.speakers = BTreeMap::from([("s".into(), Millis::seconds(HOUR))]);
    })
    .await
}

async fn is_silent(world: &Process, seconds: i64) -> bool {
    let swept = listen(world, seconds).await;
    assert!(swept.faults.is_empty(), "{:?}", swept.faults);
    !swept.silent.unwrap().is_empty()
}

#[tokio::test]
async fn a_source_is_silent_when_nothing_came_for_longer_than_it_is_said_to_be_quiet() {
    let world = world();
    add(&world, "e", 0);
    for (seconds, silent) in [
        (FIRST, false),
        (FIRST + HOUR, false),
        (FIRST + HOUR + 1, true),
        (FIRST + 100 * HOUR, true),
    ] {
        assert_eq!(is_silent(&world, seconds).await, silent, "{seconds} s");
    }
    // Another source's event is none of it.
    add_to(&world, "another", "e", -200 * HOUR);
    assert!(is_silent(&world, FIRST + 200 * HOUR).await);
    add(&world, "last", -201 * HOUR);
    assert!(!is_silent(&world, FIRST + 201 * HOUR).await);
    assert_eq!(sweep(&world).await.silent, None, "nothing is said of it");
}

#[tokio::test]
async fn a_source_that_has_never_spoken_is_silent_once_it_was_listened_to_for_so_long() {
    let world = world();
    assert!(!is_silent(&world, 0).await);
    assert!(!is_silent(&world, HOUR).await);
    assert!(is_silent(&world, HOUR + 1).await);
}

#[tokio::test]
async fn when_a_source_was_heard_is_noted_once_and_read_by_the_next_sweep() {
    let world = world();
    let event = add(&world, "e", 0);
    for seconds in [FIRST, FIRST + 60, FIRST + 120] {
        listen(&world, seconds).await;
    }
    let state = world.state();
    let notes = state
        .door
        .calls
        .iter()
        .filter(|call| **call == "note_heard");
    assert_eq!(notes.count(), 1);
    assert_eq!(state.heard["s"], event.received_at);
}

#[tokio::test]
async fn a_source_that_can_not_be_listened_to_is_a_fault_and_not_silent() {
    for step in ["read_heard", "note_heard", "page"] {
        let world = world();
        world.state().heard.insert("s".into(), UnixMillis(0));
        // Heard now, so that there is something to note.
        add(&world, "e", FIRST);
        trouble(&world, step, NO_ANSWER);
        let swept = listen(&world, 0).await;
        assert!(
            swept.faults.iter().any(|fault| fault.step == step),
            "{step}"
        );
        assert_eq!(swept.silent, None, "{step}");
    }
}

/// Of what another sweep has passed this one hears nothing.
#[tokio::test]
async fn a_sweep_that_was_overtaken_says_nothing_of_silence() {
    let world = world();
    world.state().heard.insert("s".into(), UnixMillis(0));
    add_to(&world, "another", "e", 500);
    let rival = position("zzz", 500);
    world.state().door.before("move_cursor", |services| {
        services.cursors.insert("0#120".into(), cursor(rival));
    });
    assert_eq!(listen(&world, 0).await.silent, None);
}
