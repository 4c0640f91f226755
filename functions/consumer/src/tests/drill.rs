//! The fire drill does as the event tells it.

use serde_json::{Value, json};

use crate::{
    drill::drill,
    handler::{Context, Failure},
    testkit::{Table, event},
};

async fn run(table: &Table, event_type: &str, tries: u32, body: Value) -> Result<(), Failure> {
    let context = Context {
        tries,
        ..table.context()
    };
    drill(event("drill", event_type, &body), context).await
}

#[tokio::test]
async fn it_misbehaves_in_the_tries_that_it_is_told_and_counts_its_runs() {
    let table = Table::default();
    let run = |event_type, tries, body| run(&table, event_type, tries, body);
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
    assert_eq!(table.count("drill#evt_1", "runs"), 9);
}

#[tokio::test]
#[should_panic(expected = "the drill asked for a panic")]
async fn it_panics_where_it_is_told() {
    let _ = run(&Table::default(), "drill.panic", 1, json!({"times": 1})).await;
}

#[tokio::test]
async fn without_its_table_it_is_tried_again() {
    let table = Table::default();
    table.fail();
    let failure = run(&table, "drill.ok", 1, json!({})).await.unwrap_err();
    assert!(matches!(failure, Failure::Retry(_)), "{failure}");
    assert!(table.is_empty());
}

#[tokio::test]
async fn it_quotes_nothing_of_the_data_that_it_stumbles_over() {
    let table = Table::default();
    for (event_type, body) in [("drill.ok", json!({"times": "hush"})), ("hush", json!({}))] {
        let failure = run(&table, event_type, 1, body).await.unwrap_err();
        assert!(!failure.to_string().contains("hush"), "{failure}");
    }
}
