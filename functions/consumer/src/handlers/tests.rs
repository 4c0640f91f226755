//! What holds of every handler here, and of routes and configuration together.
#![allow(clippy::unwrap_used)]

use catalogue::{Environment, reader};
use serde_json::json;

use super::{routes, state};
use crate::{
    router::Router,
    testkit::{Table, event, start},
};

/// What must not get into a failure's text, which is logged and kept.
const DATA: &str = "4111-1111-1111-1111";

/// The handlers with their state, as a process has them that is told nothing.
async fn router() -> Router {
    let state = state(start(&json!({}))).await.unwrap();
    Router::new(routes(), state).unwrap()
}

#[tokio::test]
async fn every_route_is_of_a_source_that_is_configured() {
    const FILE: &str = include_str!("../../../../infra/landfall.toml");
    let router = router().await;
    let configured =
        Environment::ALL.map(|environment| reader::read(FILE, environment).unwrap().sources);
    for source in router.sources() {
        let is_configured = (configured.iter()).any(|sources| sources.get(source).is_some());
        assert!(is_configured, "infra/landfall.toml has no `{source}`");
    }
}

#[tokio::test]
async fn no_handler_quotes_the_data_that_it_stumbles_over() {
    let router = router().await;
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
    for (source, event_type) in [
        ("financbase", "invoice.paid"),
        ("financbase", "payment.failed"),
        ("formify", "document.signed"),
        ("frontitude", "text.updated"),
        ("orum", "transfer_updated"),
        ("orum", "person_updated"),
        ("orum", "business_updated"),
        ("orum", "external_account_updated"),
        ("self", "verification.completed"),
    ] {
        for body in &bodies {
            let names = router.matching(source, event_type);
            let handler = router.handler(&names[0]).unwrap();
            let result = handler(event(source, event_type, body), Table::default().context()).await;
            if let Err(failure) = result {
                assert!(!failure.to_string().contains(DATA), "{source}: {failure}");
                failures += 1;
            }
        }
    }
    assert!(failures > 0);
}
