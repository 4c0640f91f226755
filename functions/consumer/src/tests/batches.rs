//! Batches: no record harms another, and the answer names exactly what stays in the queue.

use std::sync::{Arc, Mutex};

use protocol::{
    ledger::{State, Work},
    time::{Millis, UnixMillis},
};
use tokio::sync::Barrier;

use crate::{
    batch::Unanswerable,
    handler::Failure,
    line::TicketOutcome,
    sqs::{Batch, Invocation, Record},
    testing::{
        DEADLINE, Memory, Mode, NOW, Routes, consume, consumer, consumer_with, key, message,
        ticket, work,
    },
};
use protocol::ticket::Why;

const PAST: UnixMillis = UnixMillis(NOW.0 - 1);

/// A handler that does what the event's id says, and writes down who ran.
fn as_told(world: &Memory) -> Routes {
    let world = world.clone();
    Routes::new().on("s", "*", move |event, _| {
        let world = world.clone();
        async move {
            world.state().did(format!("run {}", event.id));
            match event.id.split('-').next() {
                Some("retry") => Err(Failure::retry("busy")),
                Some("refuse") => Err(Failure::permanent("no")),
                Some("panic") => panic!("oh"),
                _ => Ok(()),
            }
        }
    })
}

#[tokio::test]
async fn of_ten_records_exactly_those_stay_that_are_not_done() {
    let world = Memory::default();
    let mut records = vec![
        world.add("ok-1", None),
        world.add("panic-1", None),
        world.add("ok-2", None),
        world.add("retry-1", None),
        world.add("ok-3", Some(work(State::Succeeded, PAST))),
        world.add("refuse-1", None),
        world.add(
            "ok-4",
            Some(work(State::Processing, UnixMillis(NOW.0 + 9_000))),
        ),
        world.add("ok-5", None),
        message(&ticket("gone", Why::New)),
    ];
    records.push(Record {
        message_id: "m-bad".into(),
        receipt_handle: "r-bad".into(),
        body: "\u{7f}{".into(),
        ..Record::default()
    });
    let stay = consume(&world, as_told(&world), records).await;
    assert_eq!(stay, ["m-ok-4"]);
    assert_eq!(world.notes().len(), 10);
    for id in ["ok-1", "ok-2", "ok-3", "ok-5"] {
        assert_eq!(world.work(id).unwrap().state, State::Succeeded, "{id}");
    }
}

#[tokio::test]
async fn an_empty_batch_has_an_empty_answer() {
    let world = Memory::default();
    assert_eq!(consume(&world, as_told(&world), []).await, [""; 0]);
}

#[tokio::test]
async fn a_record_without_an_id_fails_the_invocation_before_anything_is_done() {
    let world = Memory::default();
    let records = vec![
        world.add("ok", None),
        Record {
            message_id: String::new(),
            ..world.add("nameless", None)
        },
    ];
    let consumer = consumer(&world, as_told(&world));
    let answer = consumer.work_on(Batch { records }, DEADLINE).await;
    assert_eq!(answer, Err(Unanswerable));
    assert_eq!(world.effects(), [""; 0]);
}

#[test]
fn the_answer_has_the_shape_that_the_event_source_reads() {
    use crate::sqs::{Failed, Response};
    let shape = |ids: &[&str]| {
        let failures = ids.iter().map(|id| Failed {
            item_identifier: (*id).into(),
        });
        serde_json::to_string(&Response {
            batch_item_failures: failures.collect(),
        })
        .unwrap()
    };
    assert_eq!(shape(&[]), r#"{"batchItemFailures":[]}"#);
    assert_eq!(
        shape(&["a", "b"]),
        r#"{"batchItemFailures":[{"itemIdentifier":"a"},{"itemIdentifier":"b"}]}"#
    );
}

#[test]
fn one_strange_record_does_not_make_a_batch_unreadable() {
    let batch: Invocation = serde_json::from_str(
        r#"{"Records":[
            {"messageId":"1","receiptHandle":"r","body":"{}","attributes":{"x":[1]},"md5OfBody":null},
            {"messageId":"2","receiptHandle":null,"body":{"v":1}},
            {"messageId":3,"body":null},
            {}
        ]}"#,
    )
    .unwrap();
    let record = |message_id: &str, receipt_handle: &str, body: &str| Record {
        message_id: message_id.into(),
        receipt_handle: receipt_handle.into(),
        body: body.into(),
        ..Record::default()
    };
    assert_eq!(
        batch.records,
        [
            record("1", "r", "{}"),
            record("2", "", r#"{"v":1}"#),
            record("3", "", ""),
            record("", "", ""),
        ]
    );
}

#[test]
fn a_record_has_the_trace_that_its_sender_gave_it() {
    let trace = |attributes: &str| {
        let text = format!(r#"{{"Records":[{{"messageId":"1","attributes":{attributes}}}]}}"#);
        let batch: Invocation = serde_json::from_str(&text).unwrap();
        batch.records[0].attributes.trace.clone()
    };
    assert_eq!(
        trace(r#"{"AWSTraceHeader":"Root=1"}"#).as_deref(),
        Some("Root=1")
    );
    for none in ["{}", "null", "3", r#"{"AWSTraceHeader":1}"#] {
        assert_eq!(trace(none), None, "{none}");
    }
}

#[test]
fn what_no_tree_of_json_can_hold_is_one_record_too() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let batch: Invocation = serde_json::from_str(&format!(
        r#"{{"Records":[{{"messageId":"1","body":{deep}}},{{"messageId":"2","body":"\ud800"}},{{"messageId":"3"}}]}}"#,
    ))
    .unwrap();
    let bodies: Vec<_> = batch.records.iter().map(|record| &record.body).collect();
    assert_eq!(bodies, [&deep, r#""\ud800""#, ""]);
}

#[tokio::test]
async fn the_same_event_twice_in_a_batch_runs_once() {
    let world = Memory::default();
    let records: Vec<Record> = (0..10)
        .map(|copy| Record {
            message_id: format!("m{copy}"),
            ..world.add("ok", None)
        })
        .collect();
    consume(&world, as_told(&world), records).await;
    let effects = world.effects();
    assert_eq!(
        effects.iter().filter(|effect| *effect == "run ok").count(),
        1
    );
    assert_eq!(world.work("ok").unwrap().attempt, 1);
}

#[tokio::test]
async fn records_run_side_by_side_up_to_the_limit() {
    // All ten handlers wait for one another: were fewer run at once, none would end.
    let world = Memory::default();
    let records: Vec<Record> = (0..10).map(|n| world.add(&format!("e{n}"), None)).collect();
    let barrier = Arc::new(Barrier::new(10));
    let routes = Routes::new().on("s", "*", move |_, _| {
        let barrier = Arc::clone(&barrier);
        async move {
            barrier.wait().await;
            Ok(())
        }
    });
    assert_eq!(consume(&world, routes, records).await, [""; 0]);
}

#[tokio::test]
async fn never_more_run_at_once_than_the_limit_allows() {
    let world = Memory::default();
    let records: Vec<Record> = (0..10).map(|n| world.add(&format!("e{n}"), None)).collect();
    let running = Arc::new(Mutex::new((0, 0)));
    let seen = Arc::clone(&running);
    let routes = Routes::new().on("s", "*", move |_, _| {
        let running = Arc::clone(&running);
        async move {
            {
                let mut running = running.lock().unwrap();
                running.0 += 1;
                running.1 = running.1.max(running.0);
            }
            for _ in 0..50 {
                tokio::task::yield_now().await;
            }
            running.lock().unwrap().0 -= 1;
            Ok(())
        }
    });
    let consumer = consumer_with(&world, |settings| settings.concurrency = 3, routes);
    let answer = consumer.work_on(Batch { records }, DEADLINE).await.unwrap();
    assert!(answer.batch_item_failures.is_empty());
    let (left, most) = *seen.lock().unwrap();
    assert_eq!(left, 0);
    assert!((1..=3).contains(&most), "{most}");
}

#[tokio::test]
async fn near_the_deadline_nothing_new_is_started() {
    let world = Memory::default();
    world.state().set_now(UnixMillis(DEADLINE.0 - 5_000));
    let records = vec![world.add("ok-1", None), world.add("ok-2", None)];
    let stay = consume(&world, as_told(&world), records).await;
    assert_eq!(stay, ["m-ok-1", "m-ok-2"]);
    assert_eq!(world.effects(), [""; 0]);
    let notes = world.notes();
    assert!(
        notes
            .iter()
            .all(|note| note.outcome == TicketOutcome::PutBack)
    );
    assert!(notes.iter().all(|note| note.reason == Some("no_time")));
}

#[tokio::test]
async fn what_has_begun_near_the_deadline_is_finished_and_the_rest_stays() {
    // The first handler uses up the time.
    let world = Memory::default();
    let records = vec![world.add("first", None), world.add("second", None)];
    let clock = world.clone();
    let routes = Routes::new().on("s", "*", move |_, _| {
        let clock = clock.clone();
        async move {
            clock.state().set_now(UnixMillis(DEADLINE.0 - 4_000));
            Ok(())
        }
    });
    let consumer = consumer_with(&world, |settings| settings.concurrency = 1, routes);
    let answer = consumer.work_on(Batch { records }, DEADLINE).await.unwrap();
    assert_eq!(answer.batch_item_failures.len(), 1);
    assert_eq!(answer.batch_item_failures[0].item_identifier, "m-second");
    assert_eq!(world.work("first").unwrap().state, State::Succeeded);
    assert_eq!(world.work("second"), None);
}

#[tokio::test]
async fn a_call_that_hangs_does_not_keep_the_answer_from_being_given() {
    for step in ["read", "finish_succeeded"] {
        let world = Memory::default();
        world.trouble(step, Mode::Hangs);
        let records = vec![world.add("ok-1", None)];
        let consumer = consumer_with(
            &world,
            |settings| settings.to_answer = Millis(59_980),
            as_told(&world),
        );
        let answer = consumer.work_on(Batch { records }, DEADLINE).await.unwrap();
        assert_eq!(answer.batch_item_failures.len(), 1, "{step}");
        assert_eq!(world.note().reason, Some("no_answer"));
    }
}

fn lapsed() -> Work {
    work(State::Processing, PAST)
}

#[tokio::test]
async fn those_whose_holder_never_came_back_run_after_all_others_one_by_one() {
    let world = Memory::default();
    let records = vec![
        world.add("lapsed-1", Some(lapsed())),
        world.add("ok-1", None),
        world.add("lapsed-2", Some(lapsed())),
        world.add("ok-2", Some(work(State::Waiting, PAST))),
    ];
    assert_eq!(consume(&world, as_told(&world), records).await, [""; 0]);
    let effects = world.effects();
    // Each is claimed only when its turn has come: one that ends the process leaves the next untouched.
    assert_eq!(
        effects[6..],
        [
            "claim lapsed-1",
            "run lapsed-1",
            "finish succeeded",
            "claim lapsed-2",
            "run lapsed-2",
            "finish succeeded",
        ]
    );
    assert!(effects[..6].iter().all(|effect| !effect.contains("lapsed")));
}

#[tokio::test]
async fn one_that_ends_the_process_takes_no_try_from_its_neighbours() {
    // Seen from the handler of the first that runs alone, where the process would end: the others' work is done
    // or not begun.
    let world = Memory::default();
    let records = vec![
        world.add("kills", Some(lapsed())),
        world.add("alone", Some(lapsed())),
        world.add("ok", None),
    ];
    let seen = Arc::new(Mutex::new(Vec::new()));
    let (watched, saw) = (world.clone(), Arc::clone(&seen));
    let routes = Routes::new().on("s", "*", move |event, _| {
        if event.id == "kills" {
            saw.lock()
                .unwrap()
                .extend([watched.work("alone"), watched.work("ok")]);
        }
        async { Ok(()) }
    });
    consume(&world, routes, records).await;
    let seen = seen.lock().unwrap();
    assert_eq!(seen[0], Some(lapsed()));
    assert_eq!(seen[1].as_ref().unwrap().state, State::Succeeded);
}

#[tokio::test]
async fn one_that_runs_alone_is_looked_at_again_when_its_turn_has_come() {
    // While the first one ran, another consumer has done the second.
    let world = Memory::default();
    let records = vec![
        world.add("one", Some(lapsed())),
        world.add("two", Some(lapsed())),
    ];
    let other = world.clone();
    let routes = Routes::new().on("s", "*", move |event, _| {
        assert_eq!(event.id, "one");
        let done = Work {
            attempt: 5,
            ..work(State::Succeeded, NOW)
        };
        other.state().works.insert(key("two"), done);
        async { Ok(()) }
    });
    assert_eq!(consume(&world, routes, records).await, [""; 0]);
    assert_eq!(world.effects(), ["claim one", "finish succeeded"]);
}

#[tokio::test]
async fn those_that_run_alone_and_for_whom_no_time_is_left_stay_unclaimed() {
    let world = Memory::default();
    let records = vec![world.add("ok", None), world.add("lapsed", Some(lapsed()))];
    let clock = world.clone();
    let routes = Routes::new().on("s", "*", move |_, _| {
        clock.state().set_now(UnixMillis(DEADLINE.0 - 4_000));
        async { Ok(()) }
    });
    assert_eq!(consume(&world, routes, records).await, ["m-lapsed"]);
    assert_eq!(world.work("lapsed"), Some(lapsed()));
}
