//! What is known of the keys at providers' addresses, and when to ask again. Time and keys in, decisions
//! out: no client, no clock.

use std::{collections::HashMap, sync::Arc};

use protocol::time::{Millis, UnixMillis};
use webhook::{keys::Keys, reading::address::Address};

/// How long keys of a set are taken as they are, unless one of them explains no signature.
const FRESH: Millis = Millis::seconds(3_600);

/// How long it is believed that an address has no key, and how soon a mismatch may lead to a call again.
const SETTLED: Millis = Millis::seconds(60);

/// How many calls to addresses that nobody has vouched for a source may cost in a minute: anybody can write an
/// address into a delivery.
const CALLS: usize = 5;

/// How soon an address that is vouched for is called again. Strangers can't make its next call come later.
const AGAIN: Millis = Millis::seconds(5);

/// How many addresses of a source are kept with what was found there. Those that are vouched for stay.
const MOST: usize = 64;

/// How many addresses of a source are vouched for, the latest of them.
pub(super) const VOUCHED: usize = 8;

/// The keys of every source that has them from an address.
#[derive(Default)]
pub(super) struct Cache(HashMap<String, Held>);

#[derive(Default)]
struct Held {
    /// The one that was needed last stands last.
    entries: Vec<Entry>,
    /// Addresses that are known to be the provider's, the latest last: the configuration names them, or a
    /// signature was proven by their keys.
    vouched: Vec<Vouched>,
    /// When the last minute's calls to other addresses were made.
    calls: Vec<UnixMillis>,
    /// When the source's addresses were last looked up that other processes had vouched for.
    recalled: Option<UnixMillis>,
    /// When an address was last to be remembered.
    remembered: Option<UnixMillis>,
}

struct Vouched {
    address: Address,
    called: Option<UnixMillis>,
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
        let rested = self.0.get(source).is_none_or(|held| {
            let called = held
                .vouched
                .iter()
                .filter_map(|vouched| vouched.called.as_ref());
            held.calls.iter().chain(called).all(is_past)
        });
        let is_fresh = |entry: &Entry| now.since(entry.read_at) < FRESH;
        rested && !self.entry(source, address).is_some_and(is_fresh)
    }

    /// Whether the keys at an address were read a moment ago.
    pub(super) fn is_settled(&self, source: &str, address: &Address, now: UnixMillis) -> bool {
        self.entry(source, address)
            .is_some_and(|entry| now.since(entry.read_at) < SETTLED)
    }

    /// Vouches for an address.
    pub(super) fn vouch(&mut self, source: &str, address: &Address) {
        let held = self.0.entry(source.to_owned()).or_default();
        if held.is_vouched(address) {
            return;
        }
        if held.vouched.len() == VOUCHED {
            held.vouched.remove(0);
        }
        held.vouched.push(Vouched {
            address: address.clone(),
            called: None,
        });
    }

    /// The addresses of a source that are vouched for, the latest last.
    pub(super) fn vouched(&self, source: &str) -> Vec<Address> {
        let held = self.0.get(source);
        let vouched = held.into_iter().flat_map(|held| &held.vouched);
        vouched.map(|vouched| vouched.address.clone()).collect()
    }

    /// Whether it is time to ask which addresses other processes have vouched for; whoever is told so asks.
    pub(super) fn take_recall(&mut self, source: &str, address: &Address, now: UnixMillis) -> bool {
        let held = self.0.entry(source.to_owned()).or_default();
        let asked = held
            .recalled
            .is_some_and(|asked| now.since(asked) < SETTLED);
        let takes = !asked && !held.is_vouched(address);
        if takes {
            held.recalled = Some(now);
        }
        takes
    }

    /// Whether an address is to be remembered for other processes; whoever is told so does it.
    pub(super) fn take_memory(&mut self, source: &str, address: &Address, now: UnixMillis) -> bool {
        let held = self.0.entry(source.to_owned()).or_default();
        let tried = held
            .remembered
            .is_some_and(|tried| now.since(tried) < SETTLED);
        let takes = !tried && !held.is_vouched(address);
        if takes {
            held.remembered = Some(now);
        }
        takes
    }

    /// Whether an address may be called now; whoever is told so calls it. The calls to one that is vouched for
    /// are its own: those that strangers cause count elsewhere.
    pub(super) fn take_call(&mut self, source: &str, address: &Address, now: UnixMillis) -> bool {
        let held = self.0.entry(source.to_owned()).or_default();
        let mut vouched = held.vouched.iter_mut();
        if let Some(vouched) = vouched.find(|vouched| vouched.address == *address) {
            let may = vouched.called.is_none_or(|call| now.since(call) >= AGAIN);
            if may {
                vouched.called = Some(now);
            }
            return may;
        }
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
            let entries = &held.entries;
            let empty = entries.iter().position(|entry| entry.keys.is_empty());
            let strange = || {
                entries
                    .iter()
                    .position(|entry| !held.is_vouched(&entry.address))
            };
            let at = empty.or_else(strange).unwrap_or_default();
            held.entries.remove(at);
        }
        held.entries.push(Entry {
            address: address.clone(),
            keys: Arc::new(keys),
            read_at: now,
        });
    }
}

impl Held {
    fn is_vouched(&self, address: &Address) -> bool {
        self.vouched
            .iter()
            .any(|vouched| vouched.address == *address)
    }
}

#[cfg(test)]
#[path = "flood.rs"]
mod flood;

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use catalogue::{Environment, Source, reader};
    use webhook::keys::{
        Secret,
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
        let sources = reader::read(&text, Environment::Test).unwrap().sources;
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
        for number in 0..CALLS {
            assert!(cache.take_call("own", &address(number), NOW));
        }
        assert!(!cache.take_call("own", &address(9), NOW));
        assert!(cache.take_call("other", &address(9), NOW));
    }

    #[test]
    fn an_address_that_is_vouched_for_is_called_whatever_strangers_have_cost() {
        let mut cache = Cache::default();
        for number in 0..=CALLS {
            cache.take_call("own", &address(number), NOW);
        }
        let good = address(99);
        cache.vouch("own", &good);
        assert!(cache.take_call("own", &good, NOW));
        let later = |millis| NOW.plus(Millis(millis));
        assert!(!cache.take_call("own", &good, later(4_999)));
        assert!(cache.take_call("own", &good, later(5_000)));
        assert!(!cache.take_call("own", &address(98), later(5_000)));
        assert!(cache.take_call("own", &address(98), later(60_000)));
    }

    #[test]
    fn the_latest_addresses_are_vouched_for_and_their_keys_stay() {
        let mut cache = Cache::default();
        for number in 0..=VOUCHED {
            cache.vouch("own", &address(number));
            cache.vouch("own", &address(number));
            cache.read("own", &address(number), keys(KEY), NOW);
        }
        let vouched: Vec<_> = (1..=VOUCHED).map(address).collect();
        assert_eq!(cache.vouched("own"), vouched);
        assert!(cache.vouched("other").is_empty());
        for number in 100..100 + 2 * MOST {
            cache.read("own", &address(number), keys(KEY), NOW);
        }
        assert!((1..=VOUCHED).all(|number| holds(&mut cache, number)));
        assert!(!holds(&mut cache, 0));
    }

    #[test]
    fn what_others_vouch_for_is_asked_once_a_minute_and_only_for_what_is_unknown() {
        let mut cache = Cache::default();
        let (known, unknown) = (address(1), address(2));
        cache.vouch("own", &known);
        let later = |seconds| NOW.plus(Millis::seconds(seconds));
        let ask = Cache::take_recall;
        assert!(!ask(&mut cache, "own", &known, NOW));
        assert!(ask(&mut cache, "own", &unknown, NOW));
        assert!(!ask(&mut cache, "own", &unknown, later(59)));
        assert!(ask(&mut cache, "own", &unknown, later(60)));
        let keep = Cache::take_memory;
        assert!(!keep(&mut cache, "own", &known, NOW));
        assert!(keep(&mut cache, "own", &unknown, NOW));
        assert!(!keep(&mut cache, "own", &unknown, later(59)));
        assert!(keep(&mut cache, "own", &unknown, later(60)));
    }
}
