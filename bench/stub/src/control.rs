//! How whoever measures steers what is measured, and learns what came of it.

use std::{collections::BTreeMap, time::Duration};

use hyper::{Method, StatusCode};
use serde::Deserialize;

use crate::{
    World,
    http::{Answer, Whole, json, text},
    services::sqs::Message,
};

#[derive(Default, Deserialize)]
#[serde(default)]
struct Settings {
    delay_ms: Option<u64>,
    secrets: Option<BTreeMap<String, String>>,
}

pub(crate) async fn answer(world: &World, request: Whole) -> Answer {
    let uri = &request.head.uri;
    let asked = |name: &str| {
        let pairs = uri.query().unwrap_or_default().split('&');
        let mut pairs = pairs.filter_map(|pair| pair.split_once('='));
        pairs
            .find(|(found, _)| *found == name)
            .map(|(_, text)| text)
    };
    let services = &world.services;
    let parts: Vec<_> = uri.path().split('/').skip(1).collect();
    match (&request.head.method, parts.as_slice()) {
        (&Method::POST, ["clear"]) => {
            services.clear();
            done()
        }
        (&Method::POST, ["settings"]) => {
            let Ok(settings) = serde_json::from_slice::<Settings>(&request.body) else {
                return text(StatusCode::BAD_REQUEST, "no settings");
            };
            if let Some(delay) = settings.delay_ms {
                services.delay.set(Duration::from_millis(delay));
            }
            if let Some(secrets) = settings.secrets {
                *services.secrets.borrow_mut() = secrets;
            }
            done()
        }
        (&Method::GET, ["state"]) => json(StatusCode::OK, services.state().to_string()),
        (&Method::POST, ["messages"]) => {
            let taken = services.sqs.receive(usize::MAX);
            let records: Vec<_> = taken.iter().map(Message::record).collect();
            json(StatusCode::OK, serde_json::json!(records).to_string())
        }
        (method, ["functions", name, what]) => {
            let found = world.functions.iter().find(|(found, _)| found == name);
            let Some((_, function)) = found else {
                return text(StatusCode::NOT_FOUND, "no such function");
            };
            match (method, *what) {
                (&Method::POST, "restart") => {
                    function.restart(asked("feeds") == Some("true"));
                    done()
                }
                (&Method::POST, "events") => {
                    let rate = asked("rate").and_then(|rate| rate.parse().ok());
                    function.add(&request.body, rate);
                    done()
                }
                (&Method::GET, "idle") => {
                    function.idle().await;
                    done()
                }
                (&Method::GET, "seen") => {
                    let count = asked("count").and_then(|count| count.parse().ok());
                    let seen = function.seen(count.unwrap_or(0)).await;
                    let seen = serde_json::to_vec(&seen).unwrap_or_default();
                    json(StatusCode::OK, seen)
                }
                _ => text(StatusCode::NOT_FOUND, ""),
            }
        }
        _ => text(StatusCode::NOT_FOUND, ""),
    }
}

fn done() -> Answer {
    json(StatusCode::OK, "{}")
}
