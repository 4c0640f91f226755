//! The sources' keys, wherever they come from.

use std::sync::Arc;

use catalogue::{Source, Sources};
use protocol::{
    fault::{Fault, FaultKind},
    time::{Millis, UnixMillis},
};
use webhook::{
    keys::{Keys, origin::Origin},
    ports,
    reading::address::Address,
    refusal::Reason,
};

use crate::{
    outbound::FETCHING,
    published::{Memory, Published},
    secrets::{Secrets, SecretsManager},
};

/// The keys of every source.
#[derive(Clone)]
pub struct Keyring {
    sources: &'static Sources,
    secrets: Secrets,
    published: Published,
}

impl Keyring {
    /// The keys of these sources, none of which is read yet. `stack` is the secret of those that name none
    /// of their own.
    #[must_use]
    pub fn new(
        client: SecretsManager,
        sources: &'static Sources,
        stack: impl Into<String>,
        ttl: Millis,
    ) -> Self {
        Self {
            sources,
            secrets: Secrets::new(client, sources, stack, ttl),
            published: Published::default(),
        }
    }

    /// The same, where this table of the ledger's remembers the addresses of keys.
    #[must_use]
    pub fn remembering(self, client: aws_sdk_dynamodb::Client, table: impl Into<String>) -> Self {
        Self {
            published: Published::remembering(Memory::new(client, table)),
            ..self
        }
    }

    /// Reads every key that can be had before there is a delivery.
    pub async fn load(&self, now: UnixMillis) {
        tokio::join!(
            self.secrets.load(now),
            self.published.load(self.sources, now)
        );
    }

    /// The key at an address, for the credential in the source's secret. One that the provider doesn't take may be an old one:
    /// then the secret is read again, for the next delivery.
    async fn ask(
        &self,
        source: &Source,
        address: &Address,
        now: UnixMillis,
    ) -> Result<Arc<Keys>, Fault> {
        if let Some(known) = self.published.known(source, address, now) {
            return Ok(known);
        }
        let held = self.secrets.keys(source, now).await?;
        let credential = held.credential();
        let asked = self.published.keys(source, address, credential, now).await;
        let is_denied = |fault: &Fault| fault.kind == FaultKind::Denied;
        if asked.as_ref().is_err_and(is_denied) {
            let _ = self.secrets.refetch(source, now).await;
        }
        asked
    }
}

impl ports::Secrets for Keyring {
    async fn keys(
        &self,
        source: &Source,
        origin: &Origin,
        now: UnixMillis,
    ) -> Result<Arc<Keys>, Fault> {
        match origin {
            Origin::Secret => self.secrets.keys(source, now).await,
            // Whoever publishes keys has one; of an address that a stranger names it is no fault of ours.
            Origin::Published(address) => {
                let keys = self.published.keys(source, address, None, now).await?;
                if keys.is_empty() {
                    return Err(Fault::new(
                        FaultKind::Malformed,
                        FETCHING,
                        "there is none where the provider publishes them",
                    ));
                }
                Ok(keys)
            }
            Origin::Named(address) => self.published.keys(source, address, None, now).await,
            Origin::Asked(address) => self.ask(source, address, now).await,
        }
    }

    async fn refresh(&self, source: &Source, origin: &Origin, now: UnixMillis) {
        match origin {
            Origin::Secret => self.secrets.refresh(source, now).await,
            Origin::Published(address) => {
                self.published.refresh(source, address, None, now).await;
            }
            Origin::Named(address) => self.published.remember(source, address, now).await,
            Origin::Asked(address) => {
                self.secrets.refresh(source, now).await;
                self.published.remember(source, address, now).await;
                if let Ok(held) = self.secrets.keys(source, now).await {
                    let credential = held.credential();
                    (self.published.refresh(source, address, credential, now)).await;
                }
            }
        }
    }

    async fn refetch(
        &self,
        source: &Source,
        origin: &Origin,
        now: UnixMillis,
    ) -> Result<Option<Arc<Keys>>, Fault> {
        match origin {
            Origin::Secret => self.secrets.refetch(source, now).await,
            Origin::Published(address) => self.published.refetch(source, address, now).await,
            Origin::Named(_) | Origin::Asked(_) => Ok(None),
        }
    }

    async fn quarantined_until(
        &self,
        source: &Source,
        reason: Reason,
        now: UnixMillis,
    ) -> Option<UnixMillis> {
        let may_read = reason == Reason::Forged;
        (self.secrets)
            .quarantined_until(source, may_read, now)
            .await
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use catalogue::{Asked, KeyOrigin};
    use webhook::{keys::origin, ports::Secrets as _};

    use super::*;
    use crate::{clients::stand_in, outbound::testing::Provider, secrets::testing::Manager};

    const NOW: UnixMillis = UnixMillis(1_700_000_000_000);

    /// The first public key of RFC 8032, section 7.1.
    const KEY: &str = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

    struct World {
        provider: Provider,
        source: Source,
        address: Address,
        keyring: Keyring,
    }

    impl World {
        /// One in which Secrets Manager is never asked.
        fn new() -> Self {
            let provider = Provider::start();
            let sources: &'static Sources = Box::leak(Box::new(provider.sources("/keys")));
            let source = provider.source("/keys");
            let Some(Origin::Published(address)) = origin::known(&source) else {
                panic!("{source:?}")
            };
            let client = SecretsManager::new(&stand_in("http://127.0.0.1:1"));
            let keyring = Keyring {
                published: Published::to_localhost(),
                ..Keyring::new(client, sources, "stack", Millis::seconds(300))
            };
            Self {
                provider,
                source,
                address,
                keyring,
            }
        }

        async fn keys(&self, origin: &Origin) -> Result<Arc<Keys>, Fault> {
            self.keyring.keys(&self.source, origin, NOW).await
        }
    }

    #[tokio::test]
    async fn whoever_publishes_no_key_is_out_of_order_and_whoever_names_none_proves_nothing() {
        let world = World::new();
        world.provider.answers("404 Not Found", "", "");
        assert!(
            world
                .keys(&Origin::Published(world.address.clone()))
                .await
                .is_err()
        );
        let named = world.keys(&Origin::Named(world.address.clone())).await;
        assert!(named.unwrap().is_empty());
        assert_eq!(world.provider.calls(), 1);
    }

    #[tokio::test]
    async fn a_key_that_was_named_is_never_asked_for_again() {
        let world = World::new();
        let origin = Origin::Named(world.address.clone());
        world.provider.answers("200 OK", "", KEY);
        assert!(!world.keys(&origin).await.unwrap().is_empty());
        let later = NOW.plus(Millis::days(7));
        world.keyring.refresh(&world.source, &origin, later).await;
        let found = world.keyring.refetch(&world.source, &origin, later).await;
        assert!(found.unwrap().is_none());
        assert_eq!(world.provider.calls(), 1);
    }

    /// A keyring of a source, `own`, that shows its secret for the key of an id; and its address.
    fn asking(provider: &Provider, manager: &Manager) -> (Keyring, Source, Origin) {
        let sources: &'static Sources = Box::leak(Box::new(provider.asking("/keys/{id}")));
        let source = sources.get("own").unwrap().clone();
        let keyring = Keyring {
            published: Published::to_localhost(),
            ..Keyring::new(manager.client(), sources, "stack", Millis::seconds(300))
        };
        let origin = asked_for(&source, "a");
        (keyring, source, origin)
    }

    #[tokio::test]
    async fn a_key_is_asked_for_with_the_secret_and_kept() {
        let (provider, manager) = (Provider::start(), Manager::default());
        let (keyring, source, origin) = asking(&provider, &manager);
        manager.holds("1", r#"{"own": "bearer"}"#);
        let answer = format!(r#"{{"key": "{KEY}"}}"#);
        provider.answers("200 OK", "", &answer);
        let has_key = async |at| !keyring.keys(&source, &origin, at).await.unwrap().is_empty();
        assert!(has_key(NOW).await);
        let asked = provider.asked().concat();
        assert!(
            asked.contains("authorization: Bearer bearer\r\n"),
            "{asked}"
        );
        let week = NOW.plus(Millis::days(7));
        assert!(has_key(week).await);
        let again = keyring.refetch(&source, &origin, week).await;
        assert!(again.unwrap().is_none());
        assert_eq!(provider.calls(), 0);
        // Beside an event it is asked for again when it is old; what is known stays.
        provider.answers("401 Unauthorized", "", "");
        keyring.refresh(&source, &origin, week).await;
        assert_eq!(provider.calls(), 1);
        assert!(has_key(week).await);
    }

    #[tokio::test]
    async fn a_credential_that_is_not_taken_refuses_nothing_and_is_read_again() {
        let (provider, manager) = (Provider::start(), Manager::default());
        let (keyring, source, origin) = asking(&provider, &manager);
        let kind = async |seconds| {
            let now = NOW.plus(Millis::seconds(seconds));
            let keys = keyring.keys(&source, &origin, now).await;
            keys.map_err(|fault| fault.kind)
        };
        // Without a credential nothing is asked, and the fault is ours.
        assert_eq!(kind(0).await.unwrap_err(), FaultKind::Absent);
        assert_eq!(provider.calls(), 0);
        manager.holds("1", r#"{"own": "old"}"#);
        provider.answers("401 Unauthorized", "", "");
        assert_eq!(kind(61).await.unwrap_err(), FaultKind::Denied);
        manager.holds("2", r#"{"own": "new"}"#);
        provider.answers("403 Forbidden", "", "");
        assert_eq!(kind(122).await.unwrap_err(), FaultKind::Denied);
        provider.answers("200 OK", "", &format!(r#"{{"key": "{KEY}"}}"#));
        assert!(kind(183).await.is_ok());
        let asked = provider.asked();
        assert!(asked[2].contains("Bearer new\r\n"), "{}", asked[2]);
        // Of an id that the provider doesn't know there is no key, and whoever sent it is refused.
        let address = asked_for(&source, "b");
        provider.answers("404 Not Found", "", "");
        let keys = keyring
            .keys(&source, &address, NOW.plus(Millis::seconds(190)))
            .await;
        assert!(keys.unwrap().is_empty());
    }

    fn asked_for(source: &Source, id: &str) -> Origin {
        let KeyOrigin::Asked(asked) = *source.keys else {
            panic!("it asks")
        };
        let url = asked.url.replace(Asked::ID, id);
        Origin::Asked(origin::remembered(source, &url).unwrap())
    }

    #[tokio::test]
    async fn published_keys_are_read_at_the_start_and_when_they_are_old() {
        let world = World::new();
        let origin = Origin::Published(world.address.clone());
        world.provider.answers("200 OK", "", KEY);
        world.keyring.load(NOW).await;
        assert!(!world.keys(&origin).await.unwrap().is_empty());
        assert_eq!(world.provider.calls(), 1);
        let later = NOW.plus(Millis::seconds(3_600));
        world.provider.answers("200 OK", "", KEY);
        world.keyring.refresh(&world.source, &origin, later).await;
        assert_eq!(world.provider.calls(), 1);
    }
}
