//! The sources' keys, wherever they come from.

use std::sync::Arc;

use aws_sdk_secretsmanager::Client;
use catalogue::{Source, Sources};
use protocol::{
    fault::{Fault, FaultKind},
    time::{Millis, UnixMillis},
};
use webhook::{
    keys::{Keys, origin::Origin},
    ports,
    refusal::Reason,
};

use crate::{
    outbound::FETCHING,
    published::{Memory, Published},
    secrets::Secrets,
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
        client: Client,
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
                let keys = self.published.keys(source, address, now).await?;
                if keys.is_empty() {
                    return Err(Fault::new(
                        FaultKind::Malformed,
                        FETCHING,
                        "there is none where the provider publishes them",
                    ));
                }
                Ok(keys)
            }
            Origin::Named(address) => self.published.keys(source, address, now).await,
        }
    }

    async fn refresh(&self, source: &Source, origin: &Origin, now: UnixMillis) {
        match origin {
            Origin::Secret => self.secrets.refresh(source, now).await,
            Origin::Published(address) => self.published.refresh(source, address, now).await,
            Origin::Named(address) => self.published.remember(source, address, now).await,
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
            Origin::Named(_) => Ok(None),
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
    use aws_sdk_secretsmanager::{Config, config::BehaviorVersion};
    use webhook::{keys::origin, ports::Secrets as _, reading::address::Address};

    use super::*;
    use crate::outbound::testing::Provider;

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
            let config = Config::builder().behavior_version(BehaviorVersion::latest());
            let client = Client::from_conf(config.build());
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
