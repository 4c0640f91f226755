//! What holds of every handler here, and of handlers and configuration together.
#![allow(clippy::unwrap_used)]

use catalogue::{Environment, reader};
use serde_json::json;

use super::{all, state};
use crate::{
    registry::Registry,
    testkit::{Table, event, start},
};

/// What must not get into a failure's text, which is logged and kept.
const DATA: &str = "4111-1111-1111-1111";

/// The handlers with their state, as a process has them that is told nothing.
async fn handlers() -> Registry {
    let state = state(start(&json!({}))).await.unwrap();
    all().with(state).unwrap()
}

#[test]
fn every_route_of_the_file_leads_to_a_handler_that_is_here() {
    const FILE: &str = include_str!("../../../../infra/landfall.toml");
    for environment in Environment::ALL {
        let read = reader::read_with_handlers(FILE, environment, &all().names());
        if let Err(faults) = read {
            panic!("infra/landfall.toml: {faults:?}");
        }
    }
}

#[tokio::test]
async fn no_handler_quotes_the_data_that_it_stumbles_over() {
    let handlers = handlers().await;
    let bodies = [
        DATA.to_owned(),
        json!(DATA).to_string(),
        json!({DATA: DATA}).to_string(),
        json!({
            "id": DATA, "documentId": [DATA], "verification_id": DATA, "created_at": DATA,
            "status": DATA, "event_data": {DATA: DATA}, "data": DATA, "type": DATA, "times": DATA,
        })
        .to_string(),
        json!({
            "id": format!("{DATA} "), "documentId": format!("{DATA} "), "createdAt": DATA,
            "verification_id": format!("{DATA} "), "created_at": DATA, "status": DATA,
            "event_data": {"transfer": {"id": format!("{DATA} "), "status": DATA}},
            "data": {"id": format!("{DATA} ")}, "created": DATA, "timestamp": DATA,
        })
        .to_string(),
    ];
    let mut failures = 0;
    for name in all().names() {
        for body in &bodies {
            let handler = handlers.get(name).unwrap();
            let result = handler(event("s", "any.type", body), Table::default().context()).await;
            if let Err(failure) = result {
                assert!(!failure.to_string().contains(DATA), "{name}: {failure}");
                failures += 1;
            }
        }
    }
    assert!(failures > 0);
}
