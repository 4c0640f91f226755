//! The handler that the README shows: compiled as it stands there, in the folder `readme`, with its test.

use serde_json::json;

use crate::testkit::start;

use super::readme;

#[test]
fn the_readmes_handler_is_the_one_that_is_compiled_here() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../README.md");
    let page = std::fs::read_to_string(page).unwrap();
    let shown: Vec<&str> = (page.split("```rust\n").skip(1))
        .map(|rest| rest.split("```").next().unwrap())
        .collect();
    let compiled = [
        include_str!("readme/mod.rs"),
        include_str!("readme/billing/mod.rs"),
        include_str!("readme/billing/tests.rs"),
    ];
    assert_eq!(shown, compiled);
}

#[tokio::test]
async fn the_readmes_handlers_can_be_taken() {
    let state = readme::state(start(&json!({"billing_url": "https://a"}))).await;
    assert!(readme::all().with(state.unwrap()).is_ok());
}

#[tokio::test]
async fn a_setting_that_is_missing_is_named() {
    let fault = readme::state(start(&json!({}))).await.err().unwrap();
    assert_eq!(
        fault.to_string(),
        "HandlerSettings: missing field `billing_url`"
    );
}
