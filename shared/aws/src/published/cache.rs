//! What is known of the keys at providers' addresses, and when to ask again. Time and keys in, decisions
//! out: no client, no clock.

use std::{collections::HashMap, sync::Arc};

use webhook::{
    address::Address,
    key::Keys,
    time::{Millis, UnixMillis},
};

/// How long keys of a set are taken as they are, unless one of them explains no signature.
const FRESH: Millis = Millis::seconds(3_600);

/// How long it is believed that an address has no key, and how soon a mismatch may lead to a call again.
const SETTLED: Millis = Millis::seconds(60);

/// How many calls a source may cost in a minute: anybody can write an address into a delivery.
const CALLS: usize = 5;

/// How many addresses of a source are remembered.
const MOST: usize = 8;

/// The keys of every source that has them from an address.
#[derive(Default)]
pub(super) struct Cache(HashMap<String, Held>);

#[derive(Default)]
struct Held {
    entries: Vec<Entry>,
    /// When the calls of the last minute were made.
    calls: Vec<UnixMillis>,
}

struct Entry {
    address: Address,
    /// None in it: the address has no key.
    keys: Arc<Keys>,
    read_at: UnixMillis,
}

impl Cache {
    fn entry(&self, source: &str, address: &Address) -> Option<&Entry> {
        let entries = &self.0.get(source)?.entries;
        entries.iter().find(|entry| entry.address == *address)
    }

    /// The keys at an address as they were last read, which may be none. `None`: that isn't known.
    pub(super) fn keys(
        &self,
        source: &str,
        address: &Address,
        now: UnixMillis,
    ) -> Option<Arc<Keys>> {
        self.entry(source, address)
            .filter(|entry| !entry.keys.is_empty() || now.since(entry.read_at) < SETTLED)
            .map(|entry| Arc::clone(&entry.keys))
    }

    /// Whether the keys at an address are old, and nobody has tried to read any for a minute.
    pub(super) fn is_due(&self, source: &str, address: &Address, now: UnixMillis) -> bool {
        let is_past = |call: &UnixMillis| now.since(*call) >= SETTLED;
        let rested = self
            .0
            .get(source)
            .is_none_or(|held| held.calls.iter().all(is_past));
        let is_fresh = |entry: &Entry| now.since(entry.read_at) < FRESH;
        rested && !self.entry(source, address).is_some_and(is_fresh)
    }

    /// Whether the keys at an address were read a moment ago.
    pub(super) fn is_settled(&self, source: &str, address: &Address, now: UnixMillis) -> bool {
        self.entry(source, address)
            .is_some_and(|entry| now.since(entry.read_at) < SETTLED)
    }

    /// Whether a source may cost a call now; whoever is told so makes it.
    pub(super) fn take_call(&mut self, source: &str, now: UnixMillis) -> bool {
        let held = self.0.entry(source.to_owned()).or_default();
        held.calls.retain(|call| now.since(*call) < SETTLED);
        let may = held.calls.len() < CALLS;
        if may {
            held.calls.push(now);
        }
        may
    }

    /// Takes in the keys at an address. Where there were some and now are none, they stay.
    pub(super) fn read(&mut self, source: &str, address: &Address, keys: Keys, now: UnixMillis) {
        let held = self.0.entry(source.to_owned()).or_default();
        let known = held
            .entries
            .iter()
            .position(|entry| entry.address == *address);
        if let Some(at) = known {
            if keys.is_empty() && !held.entries[at].keys.is_empty() {
                return;
            }
            held.entries.remove(at);
        } else if held.entries.len() == MOST {
            // In the order in which they were read. What a stranger may have named goes first.
            let empty = held.entries.iter().position(|entry| entry.keys.is_empty());
            held.entries.remove(empty.unwrap_or_default());
        }
        held.entries.push(Entry {
            address: address.clone(),
            keys: Arc::new(keys),
            read_at: now,
        });
    }
}
