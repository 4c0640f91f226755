//! What the holder of a claim does, by what the run came to: each row of the second table.

use std::{future::pending, time::Duration};

use protocol::{
    ledger::{Body, EventRecord, State, Work},
    ticket::{Ticket, Why},
    time::{Millis, UnixMillis},
};

use crate::{
    handler::Failure,
    line::TicketOutcome,
    testing::{
        DEADLINE, LEG, Memory, Mode, NO_ANSWER, NOW, Routes, consume, event, hurried, key, said,
        ticket, with_leg, work,
    },
};

fn failing(failure: Failure) -> Routes {
    Routes::new().on("s", "*", move |_, _| {
        let failure = failure.clone();
        async move { Err::<(), _>(failure) }
    })
}

fn fine() -> Routes {
    Routes::new().on("s", "*", |_, _| async { Ok(()) })
}

/// A handler during whose run somebody else takes the event over, as after a lapse.
fn overtaken(world: &Memory, by: Work) -> Routes {
    let world = world.clone();
    Routes::new().on("s", "*", move |_, _| {
        let (world, by) = (world.clone(), by.clone());
        async move {
            world.state().works.insert(key("e"), by);
            Ok(())
        }
    })
}

/// Waiting work that becomes attempt 5 and try `tries` when it is claimed.
pub(super) fn before_try(tries: u32) -> Work {
    with_leg(work(State::Waiting, NOW), |leg| leg.tries = tries - 1)
}

#[tokio::test]
async fn done_is_written_and_then_deleted() {
    let world = Memory::default();
    let record = world.add("e", None);
    assert_eq!(consume(&world, fine(), [record]).await, [""; 0]);
    assert_eq!(world.effects(), ["claim e", "finish succeeded"]);
    let note = world.note();
    assert_eq!(note.outcome, TicketOutcome::Succeeded);
    assert_eq!(note.source.as_deref(), Some("s"));
    assert_eq!(note.event_id.as_deref(), Some("e"));
    assert_eq!(
        note.reference,
        Some(("verification_id".into(), "ref-e".into()))
    );
    assert_eq!(note.age, Some(Millis(600_000)));
    assert_eq!((note.attempt, note.legs[0].tries), (Some(1), 1));
}

#[tokio::test]
async fn a_retry_waits_for_its_backoff_outside_the_queue() {
    let world = Memory::default();
    world.state().random = Some(u64::MAX);
    let record = world.add("e", Some(before_try(2)));
    let stay = consume(&world, failing(Failure::retry("busy")), [record]).await;
    assert_eq!(stay, [""; 0]);
    // 5 s × 2², in full: the random number is the largest.
    let again = "send_again again e 20000";
    assert_eq!(
        world.effects(),
        ["claim e", "finish waiting", again, "delete r-e"]
    );
    let waiting = world.work("e").unwrap();
    assert_eq!(waiting.until, UnixMillis(NOW.0 + 20_000));
    assert_eq!(said(&waiting), Some("busy"));
    let note = world.note();
    assert_eq!(
        (note.outcome, note.legs[0].error.as_deref()),
        (TicketOutcome::Retried, Some("busy"))
    );
}

#[tokio::test]
async fn a_retry_without_tries_left_is_buried_and_then_failed() {
    let world = Memory::default();
    let record = world.add("e", Some(before_try(3)));
    let letter_of = Ticket {
        route: Some(LEG.into()),
        ..ticket("e", Why::Redrive)
    };
    assert_eq!(
        consume(&world, failing(Failure::retry("busy")), [record]).await,
        [""; 0]
    );
    assert_eq!(
        world.effects(),
        ["claim e", "bury exhausted", "finish failed"]
    );
    let letter = world.letters()[0].clone();
    assert_eq!(
        (letter.body, letter.source),
        (letter_of.encode(), Some("s".into()))
    );
    assert_eq!(
        (letter.reason, letter.error.as_str(), letter.attempts),
        ("exhausted", "busy", 3)
    );
    let note = world.note();
    assert_eq!(
        (note.outcome, note.reason),
        (TicketOutcome::Failed, Some("exhausted"))
    );
}

#[tokio::test]
async fn a_permanent_failure_is_buried_and_then_failed_at_the_first_try() {
    let world = Memory::default();
    let record = world.add("e", None);
    assert_eq!(
        consume(&world, failing(Failure::permanent("no")), [record]).await,
        [""; 0]
    );
    assert_eq!(
        world.effects(),
        ["claim e", "bury permanent", "finish failed"]
    );
    assert_eq!(said(&world.work("e").unwrap()), Some("no"));
}

#[tokio::test]
async fn what_cannot_be_buried_is_not_marked_failed() {
    let world = Memory::default();
    world.trouble("bury", NO_ANSWER);
    let record = world.add("e", None);
    let stay = consume(&world, failing(Failure::permanent("no")), [record]).await;
    assert_eq!(stay, ["m-e"]);
    assert_eq!(world.effects(), ["claim e"]);
    assert_eq!(world.work("e").unwrap().state, State::Processing);
}

#[tokio::test]
async fn a_finish_that_fails_leaves_the_ticket_in_the_queue() {
    for (routes, finish) in [
        (fine(), "finish_succeeded"),
        (failing(Failure::retry("busy")), "finish_waiting"),
        (failing(Failure::permanent("no")), "finish_failed"),
    ] {
        let world = Memory::default();
        world.trouble(finish, NO_ANSWER);
        let record = world.add("e", None);
        assert_eq!(consume(&world, routes, [record]).await, ["m-e"]);
        assert_eq!(world.work("e").unwrap().state, State::Processing);
        let note = world.note();
        assert_eq!(
            (note.outcome, note.reason),
            (TicketOutcome::Unavailable, Some("timed_out"))
        );
        assert!(note.error.unwrap().starts_with(finish));
    }
}

#[tokio::test]
async fn a_finish_that_met_itself_counts_as_written() {
    for (routes, finish, stay, outcome) in [
        (
            fine(),
            "finish_succeeded",
            Vec::<String>::new(),
            TicketOutcome::Succeeded,
        ),
        (
            failing(Failure::retry("busy")),
            "finish_waiting",
            vec![],
            TicketOutcome::Retried,
        ),
        (
            failing(Failure::permanent("no")),
            "finish_failed",
            vec![],
            TicketOutcome::Failed,
        ),
    ] {
        let world = Memory::default();
        world.trouble(finish, Mode::AskedTwice);
        let record = world.add("e", None);
        assert_eq!(consume(&world, routes, [record]).await, stay);
        assert_eq!(world.note().outcome, outcome);
    }
}

#[tokio::test]
async fn a_holder_whose_claim_was_taken_over_marks_and_deletes_nothing() {
    let next = |state, attempt, until| Work {
        attempt,
        ..work(state, until)
    };
    for by in [
        next(State::Processing, 2, DEADLINE),
        next(State::Waiting, 2, DEADLINE),
        // The other succeeded: still not for this one to say.
        next(State::Succeeded, 2, NOW),
        next(State::Failed, 2, NOW),
        // The event expired, came again, and its attempts began anew: the lease's end tells them apart.
        next(State::Processing, 1, UnixMillis(DEADLINE.0 + 99_000)),
    ] {
        let world = Memory::default();
        let record = world.add("e", None);
        let stay = consume(&world, overtaken(&world, by.clone()), [record]).await;
        assert_eq!(stay, ["m-e"]);
        assert_eq!(world.work("e"), Some(by));
        assert_eq!(world.note().outcome, TicketOutcome::Fenced);
    }
}

#[tokio::test]
async fn a_panic_is_a_retry_and_says_what_it_said() {
    let world = Memory::default();
    let record = world.add("e", None);
    let routes = Routes::new().on("s", "*", |event, _| async move {
        assert!(event.id.is_empty(), "so it is");
        Ok(())
    });
    assert_eq!(consume(&world, routes, [record]).await, [""; 0]);
    let work = world.work("e").unwrap();
    let error = said(&work).unwrap();
    assert!(error.starts_with("it panicked: so it is"), "{error}");
    assert_eq!(world.note().outcome, TicketOutcome::Retried);
}

#[tokio::test]
async fn an_error_is_never_empty_and_never_longer_than_an_item_has_room_for() {
    for (said, kept) in [
        ("no", "no"),
        ("", "it said nothing"),
        (" \n", "it said nothing"),
    ] {
        let world = Memory::default();
        let record = world.add("e", None);
        consume(&world, failing(Failure::permanent(said)), [record]).await;
        assert_eq!(world.letters()[0].error, kept);
    }
    let world = Memory::default();
    let record = world.add("e", None);
    consume(
        &world,
        failing(Failure::permanent("ž".repeat(500_000))),
        [record],
    )
    .await;
    assert_eq!(world.letters()[0].error.chars().count(), 1_024);
}

/// Of the platform's minute, so that half a second is the handlers'.
const TO_FINISH: Millis = Millis(59_500);

#[tokio::test]
async fn a_handler_that_never_ends_is_cut_off_in_time_to_write_so() {
    let world = Memory::default();
    let record = world.add("e", None);
    let routes = Routes::new().on("s", "*", |_, context| async move {
        assert_eq!(context.deadline, UnixMillis(NOW.0 + 500));
        pending::<Result<(), Failure>>().await
    });
    let stay = hurried(&world, routes, TO_FINISH, vec![record]).await;
    assert_eq!(stay, 0);
    let waiting = world.work("e").unwrap();
    assert_eq!(waiting.state, State::Waiting);
    assert_eq!(said(&waiting), Some("its time was over"));
}

#[tokio::test]
async fn a_handler_that_blocks_is_left_behind_and_holds_up_nobody() {
    let world = Memory::default();
    let records = vec![world.add("blocks", None), world.add("e", None)];
    let (release, held) = std::sync::mpsc::channel::<()>();
    let held = std::sync::Mutex::new(Some(held));
    let routes = Routes::new().on("s", "*", move |event, _| {
        let held = (event.id == "blocks").then(|| held.lock().unwrap().take().unwrap());
        async move {
            if let Some(held) = held {
                // Blocks the thread, as a careless handler would.
                let _ = held.recv_timeout(Duration::from_mins(1));
            }
            Ok(())
        }
    });
    let stay = hurried(&world, routes, TO_FINISH, records).await;
    assert_eq!(stay, 0);
    release.send(()).unwrap();
    assert_eq!(world.work("e").unwrap().state, State::Succeeded);
    let left_behind = world.work("blocks").unwrap();
    assert_eq!(left_behind.state, State::Waiting);
    assert!(said(&left_behind).unwrap().contains("blocks its thread"));
}

#[tokio::test]
async fn a_large_body_is_read_from_the_bucket_once_the_event_is_claimed() {
    let large = |world: &Memory| {
        let record = world.add("e", None);
        let body = Body::Object {
            key: "bodies/1".into(),
            bytes: 3,
        };
        let event = EventRecord { body, ..event("e") };
        world.state().events.insert(key("e"), event);
        record
    };
    let routes = || {
        Routes::new().on("s", "*", |event, _| async move {
            assert_eq!(event.body(), b"\xff\0\n");
            Ok(())
        })
    };
    let world = Memory::default();
    let record = large(&world);
    world
        .state()
        .objects
        .insert("bodies/1".into(), b"\xff\0\n".to_vec());
    assert_eq!(consume(&world, routes(), [record]).await, [""; 0]);
    assert_eq!(
        world.effects(),
        ["claim e", "get_body bodies/1", "finish succeeded"]
    );

    // A bucket that fails is a retry, not a reason to give up.
    let world = Memory::default();
    let record = large(&world);
    world.trouble("get_body", NO_ANSWER);
    assert_eq!(consume(&world, routes(), [record]).await, [""; 0]);
    assert_eq!(world.work("e").unwrap().state, State::Waiting);
}

#[tokio::test]
async fn an_event_that_nothing_routes_has_succeeded() {
    let world = Memory::default();
    let record = world.add("e", None);
    let routes = Routes::new().on("s", "other", |_, _| async {
        Err::<(), _>(Failure::retry("no"))
    });
    assert_eq!(consume(&world, routes, [record]).await, [""; 0]);
    assert_eq!(world.work("e").unwrap().state, State::Succeeded);
    assert_eq!(world.note().outcome, TicketOutcome::Unrouted);
}
