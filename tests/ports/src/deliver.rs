//! `deliver_event` sends one event by the adapters of destinations, with the rights that the environment names, and says what
//! came of it: JSON in, JSON out. By it the end-to-end tests try each kind of destination by itself.
#![allow(clippy::expect_used, clippy::print_stdout)]

use std::time::Duration;

use catalogue::{Environment, reader};
use landfall_aws::{
    clients::{Profile, of_environment},
    clock::SystemClock,
    destinations::Destinations,
};
use protocol::{
    covered::{Covered, Part},
    outgoing::{Origin, Outgoing, Refusal},
    ports::{Clock as _, Destinations as _},
    time::{Millis, UnixMillis},
};
use serde_json::{Value, json};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let asked: Value = serde_json::from_reader(std::io::stdin()).expect("JSON");
    let text = |name: &str| asked[name].as_str().unwrap_or_default().to_owned();
    let read = reader::read(&text("configuration"), Environment::Local);
    let configuration = read.expect("a configuration");
    let destinations = Destinations::new(
        &Box::leak(Box::new(configuration)).destinations,
        &of_environment(Profile::Working),
        &text("secret"),
        Millis::seconds(300),
    );
    let signed = [Part::Id, Part::Type, Part::Body];
    let outgoing = Outgoing {
        source: text("source"),
        event_id: text("event_id"),
        event_type: text("event_type"),
        received_at: UnixMillis(asked["received_at"].as_i64().unwrap_or_default()),
        route: text("route"),
        idempotency_key: text("idempotency_key"),
        attempt: asked["attempt"].as_u64().unwrap_or(1),
        epoch: asked["epoch"].as_u64().unwrap_or_default(),
        hops: 1,
        body: text("body").into_bytes(),
        content_type: text("content_type"),
        headers: serde_json::from_value(asked["headers"].clone()).unwrap_or_default(),
        key: asked["key"].as_str().map(str::to_owned),
        origin: Origin::Verified,
        covered: signed.into_iter().collect::<Covered>(),
        trace: asked["trace"].as_str().map(str::to_owned),
    };
    let limit = Duration::from_millis(asked["limit_ms"].as_u64().unwrap_or(20_000));
    let destination = text("destination");
    let delivered = destinations.deliver(&destination, &outgoing, SystemClock.now(), limit);
    let told = match delivered.await {
        Ok(()) => json!({"outcome": "taken"}),
        Err(Refusal::Permanent { error }) => json!({"outcome": "permanent", "error": error}),
        Err(Refusal::Transient { error, retry_after }) => {
            let after = retry_after.map(|wait| wait.0);
            json!({"outcome": "transient", "error": error, "retry_after": after})
        }
    };
    println!("{told}");
}
