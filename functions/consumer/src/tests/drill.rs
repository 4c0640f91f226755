//! The fire drill does as the event tells it.

use serde_json::{Value, json};

use crate::{
    drill::drill,
    handler::{Context, Failure},
    testing::{Memory, RECEIVED, context_in, event_of},
};

async fn run(world: &Memory, event_type: &str, tries: u32, body: Value) -> Result<(), Failure> {
    let context = Context {
        tries,
        ..context_in(world, RECEIVED)
    };
    drill(event_of("drill", event_type, &body.to_string()), context).await
}

#[tokio::test]
async fn it_misbehaves_in_the_tries_that_it_is_told_and_counts_its_runs() {
    let world = Memory::default();
    let run = |event_type, tries, body| run(&world, event_type, tries, body);
    let is_permanent = |result| matches!(result, Err(Failure::Permanent(_)));
    let is_retry = |result| matches!(result, Err(Failure::Retry(_)));
    assert_eq!(run("drill.ok", 1, json!({})).await, Ok(()));
    assert!(is_retry(run("drill.fail", 99, json!({})).await));
    assert!(is_retry(run("drill.fail", 2, json!({"times": 2})).await));
    assert_eq!(run("drill.fail", 3, json!({"times": 2})).await, Ok(()));
    assert!(is_permanent(run("drill.refuse", 1, json!({})).await));
    assert_eq!(run("drill.panic", 2, json!({"times": 1})).await, Ok(()));
    assert_eq!(run("drill.exit", 2, json!({"times": 1})).await, Ok(()));
    assert_eq!(run("drill.slow", 1, json!({"ms": 0})).await, Ok(()));
    assert!(is_permanent(run("drill.nonsense", 1, json!({})).await));
    assert_eq!(world.lock().counts["drill#evt_1.runs"], 9);
}

#[tokio::test]
#[should_panic(expected = "the drill asked for a panic")]
async fn it_panics_where_it_is_told() {
    let _ = run(&Memory::default(), "drill.panic", 1, json!({"times": 1})).await;
}

#[tokio::test]
async fn it_quotes_nothing_of_the_data_that_it_stumbles_over() {
    let world = Memory::default();
    for (event_type, body) in [("drill.ok", json!({"times": "hush"})), ("hush", json!({}))] {
        let failure = run(&world, event_type, 1, body).await.unwrap_err();
        assert!(!failure.to_string().contains("hush"), "{failure}");
    }
}
