//! What consumers share of destinations, on the services.

use std::collections::BTreeMap;

use protocol::{
    destination::Health,
    fault::Fault,
    ledger::EventRecord,
    ports::{Gates, Written},
    time::{Millis, UnixMillis},
};

use super::{Process, Seen, Watched};

/// What is kept of destinations, by their names.
#[derive(Default)]
pub struct Kept {
    /// How they fare.
    pub health: BTreeMap<String, Health>,
    /// How many legs each window has counted.
    pub counters: BTreeMap<(String, UnixMillis), u32>,
    /// Who holds which place, and until when.
    pub places: BTreeMap<(String, u32), (u64, UnixMillis)>,
}

impl<S: Watched> Gates for Process<S> {
    async fn read_health(&self, destination: &str) -> Result<Option<Health>, Fault> {
        self.call("read_health", |state| {
            state.services().gates.health.get(destination).cloned()
        })
        .await
    }

    async fn write_health(
        &self,
        destination: &str,
        health: &Health,
        told: Option<&EventRecord>,
    ) -> Result<Written, Fault> {
        self.call("write_health", |state| {
            let services = state.services();
            let all = &mut services.gates.health;
            let stands = all.get(destination);
            if stands == Some(health) {
                return Written::Yes;
            }
            if stands.map_or(0, |health| health.revision) + 1 != health.revision {
                return Written::No;
            }
            let before = all.insert(destination.into(), health.clone());
            services.tell(told.into_iter());
            state.saw(self.number(), Seen::Turned(before, health, told));
            Written::Yes
        })
        .await
    }

    async fn count(
        &self,
        destination: &str,
        window: UnixMillis,
        _: Millis,
        limit: u32,
    ) -> Result<Written, Fault> {
        self.call("count", |state| {
            let counters = &mut state.services().gates.counters;
            let used = counters.entry((destination.into(), window)).or_default();
            if *used >= limit {
                return Written::No;
            }
            *used += 1;
            Written::Yes
        })
        .await
    }

    async fn take_place(
        &self,
        destination: &str,
        place: u32,
        token: u64,
        now: UnixMillis,
        until: UnixMillis,
    ) -> Result<Written, Fault> {
        self.call("take_place", |state| {
            let places = &mut state.services().gates.places;
            let key = (destination.to_owned(), place);
            let free = |(holder, ends): &(u64, UnixMillis)| *ends <= now || *holder == token;
            if !places.get(&key).is_none_or(free) {
                return Written::No;
            }
            places.insert(key, (token, until));
            Written::Yes
        })
        .await
    }

    async fn free_place(
        &self,
        destination: &str,
        place: u32,
        token: u64,
    ) -> Result<Written, Fault> {
        self.call("free_place", |state| {
            let places = &mut state.services().gates.places;
            let key = (destination.to_owned(), place);
            if places.get(&key).is_none_or(|(holder, _)| *holder != token) {
                return Written::No;
            }
            places.insert(key, (token, UnixMillis(0)));
            Written::Yes
        })
        .await
    }
}
