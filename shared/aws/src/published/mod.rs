//! The public keys that providers have at addresses of theirs. Fetched when a delivery first needs them and
//! kept as long as the process lives, so that verification itself never waits for a provider.
//!
//! Where each delivery names the address, anybody can name one. Those by whose keys an event was proven are
//! remembered in the ledger's table and fetched when a process starts; their calls aren't strangers' to use up.

mod cache;
mod memory;

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use catalogue::{KeyOrigin, Source, Sources};
use protocol::{
    fault::{Fault, FaultKind},
    time::UnixMillis,
};
use webhook::{
    keys::{
        Keys, Secret,
        certificate::{self, Unfit},
        origin::{self, Origin},
    },
    reading::address::Address,
};

use self::cache::Cache;
pub(crate) use self::memory::Memory;
use crate::outbound::Outbound;

/// The longest text that is taken for keys, in bytes.
const LONGEST: usize = 65_536;

/// How long the start of a process waits for keys.
const AT_THE_START: Duration = Duration::from_secs(1);

/// By what name logs and ledger speak of such a key.
const LABEL: &str = "published";

/// The sources' published keys.
#[derive(Clone, Default)]
pub(crate) struct Published {
    outbound: Outbound,
    cache: Arc<Mutex<Cache>>,
    memory: Option<Memory>,
}

impl Published {
    /// Published keys whose addresses this table remembers.
    pub(crate) fn remembering(memory: Memory) -> Self {
        Self {
            memory: Some(memory),
            ..Self::default()
        }
    }

    /// Reads the keys of all sources whose address is known, or was when a process last proved anything, for a
    /// second at most. What fails is logged, and tried again when a delivery needs it.
    pub(crate) async fn load(&self, sources: &Sources, now: UnixMillis) {
        let all = async {
            for source in sources.iter() {
                match origin::known(source) {
                    Some(Origin::Published(address)) => {
                        self.cache().vouch(source.name.as_str(), &address);
                    }
                    Some(_) => {}
                    None => self.recall(source).await,
                }
            }
            for source in sources.iter() {
                // Not in the loop's head, which would hold the lock to its end.
                let vouched = self.cache().vouched(source.name.as_str());
                // The latest first.
                for address in vouched.iter().rev() {
                    let _ = self.read(source, address, now).await;
                }
            }
        };
        // What isn't read by then is read by the first delivery that needs it.
        let _ = tokio::time::timeout(AT_THE_START, all).await;
    }

    /// The keys at an address, none where it has none, fetched if that isn't known. A fault: it can't be
    /// known now.
    pub(crate) async fn keys(
        &self,
        source: &Source,
        address: &Address,
        now: UnixMillis,
    ) -> Result<Arc<Keys>, Fault> {
        if let Some(known) = self.known(source, address, now) {
            return Ok(known);
        }
        // Another process may know better whether it is the provider's.
        let recalls = self.cache().take_recall(source.name.as_str(), address, now);
        if recalls {
            self.recall(source).await;
        }
        let read = self.read(source, address, now).await;
        match (self.known(source, address, now), read) {
            (Some(known), _) => Ok(known),
            (None, Err(fault)) => Err(fault),
            (None, Ok(())) => Err(unread(FaultKind::Other, "they were not kept")),
        }
    }

    /// Reads the keys at an address again if they are old.
    pub(crate) async fn refresh(&self, source: &Source, address: &Address, now: UnixMillis) {
        let due = self.cache().is_due(source.name.as_str(), address, now);
        if due {
            // Those of old stay, and the log was told.
            let _ = self.read(source, address, now).await;
        }
    }

    /// Vouches for the addresses that other processes have kept.
    async fn recall(&self, source: &Source) {
        let Some(memory) = &self.memory else {
            return;
        };
        match memory.read(source).await {
            Ok(addresses) => {
                let mut cache = self.cache();
                for address in &addresses {
                    cache.vouch(source.name.as_str(), address);
                }
            }
            Err(fault) => tell(source, &fault.to_string()),
        }
    }

    /// Keeps the address of a key by which an event was proven, for other processes and those to come. Costs
    /// nothing where it is known.
    pub(crate) async fn remember(&self, source: &Source, address: &Address, now: UnixMillis) {
        let name = source.name.as_str();
        let takes = self.cache().take_memory(name, address, now);
        let Some(memory) = self.memory.as_ref().filter(|_| takes) else {
            return;
        };
        let mut addresses = self.cache().vouched(name);
        addresses.push(address.clone());
        let latest = addresses.len().saturating_sub(cache::VOUCHED);
        match memory.write(source, &addresses[latest..]).await {
            Ok(()) => self.cache().vouch(name, address),
            Err(fault) => tell(source, &fault.to_string()),
        }
    }

    /// Reads the keys at an address again because they explain no signature.
    pub(crate) async fn refetch(
        &self,
        source: &Source,
        address: &Address,
        now: UnixMillis,
    ) -> Result<Option<Arc<Keys>>, Fault> {
        let settled = self.cache().is_settled(source.name.as_str(), address, now);
        if settled {
            return Ok(None);
        }
        match self.read(source, address, now).await {
            Ok(()) => Ok(self.known(source, address, now)),
            Err(fault) => Err(Fault {
                text: format!("{}; those at hand may be old", fault.text),
                ..fault
            }),
        }
    }

    /// Reads the keys at an address, if the source may cost a call. A fault: it has none now, and why.
    async fn read(&self, source: &Source, address: &Address, now: UnixMillis) -> Result<(), Fault> {
        let name = source.name.as_str();
        if !self.cache().take_call(name, address, now) {
            let why = "too many calls were made a moment ago";
            return Err(unread(FaultKind::Throttled, why));
        }
        let text = match self.outbound.text(address, LONGEST).await {
            Ok(text) => text,
            Err(fault) => {
                tell(source, &fault.text);
                return Err(fault);
            }
        };
        let unfit = text.as_deref().and_then(|text| unfit(source, text, now));
        if let Some(unfit) = unfit {
            tell(source, &unfit.to_string());
        }
        let secrets: Vec<_> = text
            .filter(|_| unfit.is_none())
            .map(|text| Secret::new(text, LABEL))
            .into_iter()
            .collect();
        let (keys, faults) = Keys::published(source.schemes, &secrets);
        for fault in faults {
            tell(source, &fault.to_string());
        }
        let found = if keys.is_empty() {
            tell(source, NO_KEY);
            Err(unread(FaultKind::Malformed, NO_KEY))
        } else {
            Ok(())
        };
        self.cache().read(name, address, keys, now);
        found
    }

    fn known(&self, source: &Source, address: &Address, now: UnixMillis) -> Option<Arc<Keys>> {
        self.cache().keys(source.name.as_str(), address, now)
    }

    fn cache(&self) -> MutexGuard<'_, Cache> {
        // Whatever panicked left whole values behind: each is replaced in one step.
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
impl Published {
    /// Published keys on a way out on which the provider on this machine is trusted.
    pub(crate) fn to_localhost() -> Self {
        Self {
            outbound: Outbound::to_localhost(),
            ..Self::default()
        }
    }
}

/// Why what stands at an address is none of the provider's certificates, where it has to be one.
fn unfit(source: &Source, text: &str, now: UnixMillis) -> Option<Unfit> {
    match source.keys {
        KeyOrigin::Named { names, .. } if !names.is_empty() => {
            certificate::check(text, names, now).err()
        }
        _ => None,
    }
}

/// Said of an address that has no key.
const NO_KEY: &str = "there is no key of the source's schemes";

fn unread(kind: FaultKind, why: &str) -> Fault {
    Fault::new(kind, "reading the provider's keys", why)
}

/// Tells the operator. The address may be a stranger's text, and is left out.
fn tell(source: &Source, fault: &str) {
    let source = source.name.as_str();
    tracing::error!(
        source,
        error = fault,
        "the provider's public keys can't be read"
    );
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use protocol::time::Millis;

    use super::*;
    use crate::outbound::testing::Provider;

    const START: UnixMillis = UnixMillis(1_700_000_000_000);

    #[test]
    fn only_certificates_of_the_providers_names_are_taken_where_it_has_any() {
        let sns = Source::of(catalogue::Provider::named("aws-sns").unwrap());
        let paypal = Source::of(catalogue::Provider::named("paypal").unwrap());
        let certificate = include_str!("../../../webhook/src/keys/certificate/common-name.pem");
        assert_eq!(unfit(&sns, certificate, START), None);
        assert_eq!(unfit(&sns, certificate, UnixMillis(0)), Some(Unfit::Time));
        assert_eq!(unfit(&paypal, certificate, START), Some(Unfit::Name));
        assert_eq!(unfit(&sns, FIRST, START), Some(Unfit::Unreadable));
        let published = Source::of(catalogue::Provider::named("truelayer").unwrap());
        assert_eq!(unfit(&published, FIRST, START), None);
    }

    /// The public keys of RFC 8032, section 7.1, tests 1 and 2.
    const FIRST: &str = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
    const SECOND: &str = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";

    struct World {
        provider: Provider,
        source: Source,
        address: Address,
        published: Published,
    }

    impl World {
        fn new() -> Self {
            let provider = Provider::start();
            let source = provider.source("/keys");
            let Some(Origin::Published(address)) = origin::known(&source) else {
                panic!("{source:?}")
            };
            let published = Published::to_localhost();
            Self {
                provider,
                source,
                address,
                published,
            }
        }

        async fn keys(&self, after: Millis) -> Result<Arc<Keys>, Fault> {
            let now = START.plus(after);
            self.published.keys(&self.source, &self.address, now).await
        }

        async fn refetch(&self, after: Millis) -> Result<Option<Arc<Keys>>, Fault> {
            let now = START.plus(after);
            self.published
                .refetch(&self.source, &self.address, now)
                .await
        }
    }

    #[tokio::test]
    async fn keys_are_fetched_once_and_kept() {
        let world = World::new();
        world.provider.answers("200 OK", "", FIRST);
        let first = world.keys(Millis(0)).await.unwrap();
        assert!(!first.is_empty());
        let later = world.keys(Millis::days(7)).await.unwrap();
        assert!(Arc::ptr_eq(&first, &later));
        assert_eq!(world.provider.calls(), 1);
    }

    #[tokio::test]
    async fn keys_are_there_when_the_process_has_started() {
        let world = World::new();
        world.provider.answers("200 OK", "", FIRST);
        let sources = world.provider.sources("/keys");
        world.published.load(&sources, START).await;
        assert!(!world.keys(Millis(0)).await.unwrap().is_empty());
        assert_eq!(world.provider.calls(), 1);
    }

    #[tokio::test]
    async fn old_keys_are_read_again_and_stay_where_that_fails() {
        let world = World::new();
        world.provider.answers("200 OK", "", FIRST);
        let first = world.keys(Millis(0)).await.unwrap();
        let refresh = async |after| {
            let now = START.plus(after);
            world
                .published
                .refresh(&world.source, &world.address, now)
                .await;
        };

        refresh(Millis::seconds(3_599)).await;
        assert_eq!(world.provider.calls(), 1);
        world.provider.answers("404 Not Found", "", "");
        refresh(Millis::seconds(3_600)).await;
        refresh(Millis::seconds(3_659)).await;
        assert_eq!(world.provider.calls(), 1);
        assert!(Arc::ptr_eq(
            &first,
            &world.keys(Millis::seconds(3_659)).await.unwrap()
        ));

        world.provider.answers("200 OK", "", SECOND);
        refresh(Millis::seconds(3_660)).await;
        assert_eq!(world.provider.calls(), 1);
        assert!(!Arc::ptr_eq(
            &first,
            &world.keys(Millis::seconds(3_660)).await.unwrap()
        ));
    }

    #[tokio::test]
    async fn a_mismatch_reads_keys_again_once_a_minute() {
        let world = World::new();
        world.provider.answers("200 OK", "", FIRST);
        world.keys(Millis(0)).await.unwrap();
        assert!(world.refetch(Millis::seconds(59)).await.unwrap().is_none());
        assert_eq!(world.provider.calls(), 1);

        world.provider.answers("200 OK", "", SECOND);
        assert!(world.refetch(Millis::seconds(60)).await.unwrap().is_some());
        world.provider.answers("500 Internal Server Error", "", "");
        assert!(world.refetch(Millis::seconds(120)).await.is_err());
        assert_eq!(world.provider.calls(), 2);
    }

    #[tokio::test]
    async fn where_there_is_no_key_is_remembered_for_a_minute() {
        let world = World::new();
        for (text, status) in [("no key", "200 OK"), ("", "404 Not Found")] {
            world.provider.answers(status, "", text);
        }
        for (after, calls) in [(0, 1), (59, 0), (60, 1), (119, 0)] {
            assert!(
                world.keys(Millis::seconds(after)).await.unwrap().is_empty(),
                "{after}"
            );
            assert_eq!(world.provider.calls(), calls, "{after}");
        }
        world.provider.answers("200 OK", "", FIRST);
        assert!(!world.keys(Millis::seconds(120)).await.unwrap().is_empty());
    }

    #[tokio::test]
    async fn unknown_addresses_of_a_source_cost_five_calls_a_minute_at_most() {
        let world = World::new();
        for _ in 0..5 {
            assert!(world.keys(Millis(0)).await.is_err());
        }
        world.provider.answers("200 OK", "", FIRST);
        let fault = world.keys(Millis(59_999)).await.unwrap_err();
        assert_eq!(
            fault.to_string(),
            "reading the provider's keys: too many calls were made a moment ago"
        );
        assert!(world.keys(Millis(60_000)).await.is_ok());
    }
}
