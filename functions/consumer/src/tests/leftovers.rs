//! What handlers leave behind is known when their runs are over, and what ends with them is not taken for it.

use std::{
    sync::{Arc, Mutex, mpsc},
    time::Duration,
};

use serde_json::json;

use crate::{
    handler::{Context, Event, Failure},
    leftover::{Holders, Runs, is_told},
    registry::{Handlers, Registry},
    run::run,
    testkit::{RECEIVED, Table, event},
};

type Outcome = Result<(), Failure>;

/// Runs the handler `h` as the consumer does.
async fn ran(registry: &Registry, limit: Duration) {
    let held = registry.begin("h", "s", "evt_1");
    let event = event("s", "t", &json!({})).for_run(held.clone());
    let mut context = Table::default().context();
    context.projection = context.projection.for_run(held);
    let handler = registry.get("h").unwrap().clone();
    run(handler, event, context, limit, || RECEIVED).await;
}

fn of<R>(function: fn(Event, Context, Arc<State>) -> R) -> (Registry, mpsc::Sender<()>)
where
    R: Future<Output = Outcome> + Send + 'static,
{
    let (end, ends) = mpsc::channel();
    let state = State {
        ends: Mutex::new(ends),
    };
    let handlers = Handlers::new().add_with("h", function);
    (handlers.with(state).unwrap(), end)
}

/// Until when whatever is left behind goes on.
struct State {
    ends: Mutex<mpsc::Receiver<()>>,
}

const LONG: Duration = Duration::from_mins(1);

async fn blocks(_: Event, _: Context, state: Arc<State>) -> Outcome {
    let _ = state.ends.lock().unwrap().recv();
    Ok(())
}

async fn leaves_with_its_event(event: Event, _: Context, _: Arc<State>) -> Outcome {
    tokio::spawn(async move {
        std::future::pending::<()>().await;
        drop(event);
    });
    Ok(())
}

async fn leaves_with_the_table(_: Event, context: Context, _: Arc<State>) -> Outcome {
    let table = context.projection;
    tokio::spawn(async move {
        std::future::pending::<()>().await;
        drop(table);
    });
    Ok(())
}

async fn leaves_with_the_state(_: Event, _: Context, state: Arc<State>) -> Outcome {
    tokio::spawn(async move {
        std::future::pending::<()>().await;
        drop(state);
    });
    Ok(())
}

async fn waits(_: Event, _: Context, _: Arc<State>) -> Outcome {
    std::future::pending().await
}

async fn joins(event: Event, context: Context, state: Arc<State>) -> Outcome {
    let mut tasks = tokio::task::JoinSet::new();
    tasks.spawn(async move { (event, context, state) });
    while tasks.join_next().await.is_some() {}
    Ok(())
}

#[expect(clippy::panic, reason = "that is what is tried")]
async fn panics(_: Event, _: Context, _: Arc<State>) -> Outcome {
    panic!("a bug")
}

#[tokio::test]
async fn a_thread_that_is_blocked_is_left_behind_until_it_ends() {
    let (registry, end) = of(blocks);
    ran(&registry, Duration::from_millis(1)).await;
    assert!(registry.left_something());
    end.send(()).unwrap();
    while registry.left_something() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_task_that_holds_something_of_its_run_is_left_behind() {
    let (with_event, _end) = of(leaves_with_its_event);
    let (with_table, _end) = of(leaves_with_the_table);
    let (with_state, _end) = of(leaves_with_the_state);
    for registry in [with_event, with_table, with_state] {
        assert!(!registry.left_something());
        ran(&registry, LONG).await;
        assert!(registry.left_something());
    }
}

#[tokio::test]
async fn a_handler_that_is_dropped_panics_or_waits_for_its_tasks_leaves_nothing() {
    let (late, _end) = of(waits);
    let (panicking, _end) = of(panics);
    let (joining, _end) = of(joins);
    for (registry, limit) in [
        (late, Duration::from_millis(1)),
        (panicking, LONG),
        (joining, LONG),
    ] {
        ran(&registry, limit).await;
        assert!(!registry.left_something());
    }
}

#[test]
fn a_state_has_its_usual_holders() {
    let state = Arc::new(());
    let usual = Arc::clone(&state);
    let holders = Holders::of(state);
    assert!(!is_told(&Runs::default(), Some(&holders)));
    let more = Arc::clone(&usual);
    assert!(is_told(&Runs::default(), Some(&holders)));
    drop(more);
    assert!(!is_told(&Runs::default(), Some(&holders)));
}

#[test]
fn every_run_that_is_still_held_is_known() {
    let runs = Runs::default();
    let first = runs.begin("h", "s", "1");
    let second = runs.begin("h", "s", "2");
    assert_eq!(runs.left().len(), 2);
    drop(first);
    assert_eq!(runs.left().len(), 1);
    drop(second);
    assert!(runs.left().is_empty());
}
