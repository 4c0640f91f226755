//! The sources' keys, wherever they come from.

use std::sync::Arc;

use aws_sdk_secretsmanager::Client;
use catalogue::{Source, Sources};
use webhook::{
    key::Keys,
    origin::Origin,
    ports::{self, Fault},
    time::{Millis, UnixMillis},
};

use crate::{published::Published, secrets::Secrets};

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

    /// Reads every key that can be had before there is a delivery.
    pub async fn load(&self, now: UnixMillis) {
        tokio::join!(
            self.secrets.load(now),
            self.published.load(self.sources, now)
        );
    }
}

impl ports::Secrets for Keyring {
    async fn keys(&self, source: &Source, origin: &Origin, now: UnixMillis) -> Option<Arc<Keys>> {
        match origin {
            Origin::Secret => self.secrets.keys(source, now).await,
            // Whoever publishes keys has one; of an address that a stranger names it is no fault of ours.
            Origin::Published(address) => {
                (self.published.keys(source, address, now).await).filter(|keys| !keys.is_empty())
            }
            Origin::Named(address) => self.published.keys(source, address, now).await,
        }
    }

    async fn refresh(&self, source: &Source, origin: &Origin, now: UnixMillis) {
        match origin {
            Origin::Secret => self.secrets.refresh(source, now).await,
            Origin::Published(address) => self.published.refresh(source, address, now).await,
            Origin::Named(_) => {}
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
}
