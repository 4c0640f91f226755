//! The public keys that providers have at addresses of theirs. Fetched when a delivery first needs them and
//! kept as long as the process lives, so that verification itself never waits for a provider.
//!
//! Where each delivery names the address, anybody can name one. Those by whose keys an event was proven are
//! remembered in the ledger's table and fetched when a process starts; their calls aren't strangers' to use up.

mod asking;
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
        Credential, Keys, Secret,
        fetched::{key_in, unfit},
        origin::{self, Origin},
    },
    reading::address::Address,
};

pub(crate) use self::memory::Memory;
use self::{asking::Asking, cache::Cache};
use crate::{
    metrics::Metric,
    outbound::{FETCHING, Outbound},
};

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
    asking: Asking,
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
                    // What wants a credential for a key is asked by the first delivery: the secrets may not be read yet.
                    if !matches!(source.keys, KeyOrigin::Asked(_)) {
                        let _ = self.read(source, address, None, now).await;
                    }
                }
            }
        };
        // What isn't read by then is read by the first delivery that needs it.
        let _ = tokio::time::timeout(AT_THE_START, all).await;
    }

    /// The keys at an address, none where it has none, fetched if that isn't known, for this credential if it wants to see
    /// one. A fault: it can't be known now.
    pub(crate) async fn keys(
        &self,
        source: &Source,
        address: &Address,
        credential: Option<&Credential>,
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
        let read = self.read(source, address, credential, now).await;
        match (self.known(source, address, now), read) {
            (Some(known), _) => Ok(known),
            (None, Err(fault)) => Err(fault),
            (None, Ok(())) => Err(unread(FaultKind::Other, "they were not kept")),
        }
    }

    /// Reads the keys at an address again if they are old.
    pub(crate) async fn refresh(
        &self,
        source: &Source,
        address: &Address,
        credential: Option<&Credential>,
        now: UnixMillis,
    ) {
        let due = self.cache().is_due(source.name.as_str(), address, now);
        if due {
            // Those of old stay, and the log was told.
            let _ = self.read(source, address, credential, now).await;
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
            Err(fault) => tell(source, &fault.to_string(), None),
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
            Err(fault) => tell(source, &fault.to_string(), None),
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
        match self.read(source, address, None, now).await {
            Ok(()) => Ok(self.known(source, address, now)),
            Err(fault) => Err(Fault {
                text: format!("{}; those at hand may be old", fault.text),
                ..fault
            }),
        }
    }

    /// Reads the keys at an address, if the source may cost a call. A fault: it has none now, and why.
    async fn read(
        &self,
        source: &Source,
        address: &Address,
        credential: Option<&Credential>,
        now: UnixMillis,
    ) -> Result<(), Fault> {
        let name = source.name.as_str();
        if !self.cache().take_call(name, address, now) {
            let why = "too many calls were made a moment ago";
            return Err(unread(FaultKind::Throttled, why));
        }
        let counts = counts(source, address);
        let read = match (source.keys, credential) {
            (KeyOrigin::Asked(asked), Some(credential)) => {
                let asking = &self.asking;
                (asking.ask(&self.outbound, asked, address, credential, now)).await
            }
            (KeyOrigin::Asked(_), None) => Err(unread(FaultKind::Absent, NO_CREDENTIAL)),
            _ => self.outbound.text(address, LONGEST).await,
        };
        let text = match read {
            Ok(text) => text,
            Err(fault) => {
                // Whatever a stranger names: a credential that isn't taken is the operator's.
                let denied = fault.kind == FaultKind::Denied;
                let counts = counts.or(denied.then(|| Metric::KeysUnreadable.name()));
                tell(source, &fault.text, counts);
                return Err(fault);
            }
        };
        let unfit = text.as_deref().and_then(|text| unfit(source, text, now));
        if let Some(unfit) = unfit {
            tell(source, &unfit.to_string(), None);
        }
        let key = (text.as_deref())
            .filter(|_| unfit.is_none())
            .and_then(|text| key_in(source, text));
        let secrets: Vec<_> = key.map(|key| Secret::new(key, LABEL)).into_iter().collect();
        let (keys, faults) = Keys::published(source.schemes, &secrets);
        for fault in faults {
            tell(source, &fault.to_string(), None);
        }
        let found = if keys.is_empty() {
            tell(source, NO_KEY, counts);
            Err(unread(FaultKind::Malformed, NO_KEY))
        } else {
            Ok(())
        };
        self.cache().read(name, address, keys, now);
        found
    }

    /// The keys at an address as they were last read, if that is known.
    pub(crate) fn known(
        &self,
        source: &Source,
        address: &Address,
        now: UnixMillis,
    ) -> Option<Arc<Keys>> {
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

/// Said of a source that has nothing to show.
const NO_CREDENTIAL: &str = "the source's secret holds no credential to ask for them with";

/// Said of an address that has no key.
const NO_KEY: &str = "there is no key of the source's schemes";

fn unread(kind: FaultKind, why: &str) -> Fault {
    Fault::new(kind, FETCHING, why)
}

/// Keys at the provider's own address count as unreadable. An address that a delivery names may be a stranger's, and keys that
/// aren't there are nobody's fault.
fn counts(source: &Source, address: &Address) -> Option<&'static str> {
    let own = matches!(origin::known(source), Some(Origin::Published(own)) if own == *address);
    own.then(|| Metric::KeysUnreadable.name())
}

/// Tells the operator. The address may be a stranger's text, and is left out.
fn tell(source: &Source, fault: &str, counts: Option<&str>) {
    let source = source.name.as_str();
    tracing::error!(
        counts,
        source,
        error = fault,
        "the provider's public keys can't be read"
    );
}

#[cfg(test)]
mod tests;
