//! How the destinations fare, as an operator sees it; stops one and lets it go on.

use aws_sdk_dynamodb::Client;
use protocol::{
    decide::health::{pause, resume},
    destination::Health,
    fault::{Fault, FaultKind},
    ports::{Clock, Gates as _, Written},
};

use crate::gates::Gates;

/// How often a change is tried that consumers overtake.
const TRIES: u32 = 5;

/// The destinations of a stack, by name.
#[derive(Clone, Debug)]
pub struct Destinations(Gates);

impl Destinations {
    pub(super) fn new(client: Client, table: &str) -> Self {
        // A person's hand is told to nobody.
        Self(Gates::new(client, table, 1))
    }

    /// How a destination fares; `None`: nothing was ever wrong with it.
    pub async fn health(&self, destination: &str) -> Result<Option<Health>, Fault> {
        self.0.read_health(destination).await
    }

    /// Stops a destination: what is sent to it waits. Says how it fares now.
    pub async fn pause(&self, destination: &str, clock: &impl Clock) -> Result<Health, Fault> {
        self.change(destination, |health| {
            pause(health, clock.now(), clock.random())
        })
        .await
    }

    /// Lets a destination go on, whether it was stopped or had opened. Says how it fares now.
    pub async fn resume(&self, destination: &str, clock: &impl Clock) -> Result<Health, Fault> {
        self.change(destination, |health| {
            resume(health, clock.now(), clock.random())
        })
        .await
    }

    async fn change(
        &self,
        destination: &str,
        to: impl Fn(Option<&Health>) -> Health,
    ) -> Result<Health, Fault> {
        for _ in 0..TRIES {
            let found = self.0.read_health(destination).await?;
            let changed = to(found.as_ref());
            if found.as_ref() == Some(&changed)
                || self.0.write_health(destination, &changed, None).await? == Written::Yes
            {
                return Ok(changed);
            }
        }
        let step = "writing a destination's health";
        Err(Fault::new(
            FaultKind::Other,
            step,
            "consumers write it all the time: try again",
        ))
    }
}
