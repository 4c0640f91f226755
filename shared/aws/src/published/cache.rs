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

/// How many addresses of a source are remembered. At five calls a minute it takes a stranger so long to name
/// as many that keys which are in use stay.
const MOST: usize = 64;

/// The keys of every source that has them from an address.
#[derive(Default)]
pub(super) struct Cache(HashMap<String, Held>);

#[derive(Default)]
struct Held {
    /// The one that was needed last stands last.
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
        &mut self,
        source: &str,
        address: &Address,
        now: UnixMillis,
    ) -> Option<Arc<Keys>> {
        let entries = &mut self.0.get_mut(source)?.entries;
        let at = entries.iter().position(|entry| entry.address == *address)?;
        entries[at..].rotate_left(1);
        entries
            .last()
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
            // Where there is no key goes first: a stranger may have named it.
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use catalogue::{Environment, Source, reader};
    use webhook::{
        key::Secret,
        origin::{self, Origin},
    };

    use super::*;

    const NOW: UnixMillis = UnixMillis(1_700_000_000_000);

    /// The first public key of RFC 8032, section 7.1.
    const KEY: &str = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

    fn source(number: usize) -> Source {
        let text = format!(
            "[sources.own]\nkeys = {{ url = \"https://a.example/{number}\" }}\n[sources.own.scheme]\n\
             algorithm = \"ed25519\"\nkey = \"public\"\nsignature = {{ header = \"X-Signature\" }}\n\
             encoding = \"hex\"\nmessage = \"{{body}}\"\n"
        );
        let sources = reader::read(&text, Environment::Test).unwrap();
        sources.get("own").unwrap().clone()
    }

    fn address(number: usize) -> Address {
        match origin::known(&source(number)) {
            Some(Origin::Published(address)) => address,
            other => panic!("{other:?}"),
        }
    }

    fn keys(text: &str) -> Keys {
        Keys::load(source(0).schemes, &[Secret::new(text, "label")]).0
    }

    fn holds(cache: &mut Cache, number: usize) -> bool {
        cache.keys("own", &address(number), NOW).is_some()
    }

    #[test]
    fn of_many_addresses_those_that_were_needed_last_are_remembered() {
        let mut cache = Cache::default();
        for number in 0..MOST {
            cache.read("own", &address(number), keys(KEY), NOW);
        }
        assert!(holds(&mut cache, 0));
        cache.read("own", &address(MOST), keys(KEY), NOW);
        assert!(!holds(&mut cache, 1));
        assert!(
            [0, 2, MOST]
                .into_iter()
                .all(|number| holds(&mut cache, number))
        );
    }

    #[test]
    fn addresses_without_a_key_drive_each_other_out() {
        let mut cache = Cache::default();
        for number in 1..MOST {
            cache.read("own", &address(number), keys(KEY), NOW);
        }
        for number in MOST..MOST + 20 {
            cache.read("own", &address(number), keys("no key"), NOW);
        }
        assert!((1..MOST).all(|number| holds(&mut cache, number)));
        assert!(holds(&mut cache, MOST + 19) && !holds(&mut cache, MOST + 18));
    }

    #[test]
    fn sources_keep_to_themselves() {
        let mut cache = Cache::default();
        cache.read("own", &address(0), keys(KEY), NOW);
        assert!(cache.keys("other", &address(0), NOW).is_none());
        for _ in 0..CALLS {
            assert!(cache.take_call("own", NOW));
        }
        assert!(!cache.take_call("own", NOW));
        assert!(cache.take_call("other", NOW));
    }
}
