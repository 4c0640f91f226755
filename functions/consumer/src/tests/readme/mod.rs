// functions/consumer/src/handlers/mod.rs
//! What becomes of our events.

mod billing;

use std::time::Duration;

use lambda_runtime::Error;
use serde::Deserialize;

use crate::{registry::Handlers, start::Start};

/// What handlers share.
pub struct State {
    settings: Settings,
    http: ureq::Agent,
}

#[derive(Deserialize)]
struct Settings {
    billing_url: String,
}

/// Runs once, when a process starts.
pub async fn state(start: Start) -> Result<State, Error> {
    let config = ureq::Agent::config_builder().timeout_global(Some(Duration::from_secs(10)));
    Ok(State {
        settings: start.settings()?,
        http: config.build().into(),
    })
}

/// The handlers, by the names that routes lead to.
pub fn all() -> Handlers<State> {
    Handlers::new().add_with("billing", billing::paid)
}
