//! The sources' keys out of Secrets Manager. Read when the process starts, again when they are old,
//! and once more when they explain no signature: so a rotation needs no deploy and loses nothing.

mod cache;
#[cfg(any(feature = "destinations", feature = "operator"))]
pub(crate) mod destination;
mod manager;
#[cfg(any(feature = "destinations", feature = "operator"))]
pub(crate) mod private;
#[cfg(feature = "destinations")]
pub(crate) mod reader;
pub(crate) mod text;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use aws_smithy_types::error::metadata::ProvideErrorMetadata as _;
use catalogue::{Source, Sources};
use protocol::{
    fault::Fault,
    time::{Millis, UnixMillis},
};
use webhook::keys::Keys;

pub use self::manager::{SecretValue, SecretsManager};
use crate::{fault, metrics::Metric, service::Failure};
use cache::{Cache, Mismatch, SecretId};

/// The sources' secrets.
#[derive(Clone)]
pub struct Secrets {
    client: SecretsManager,
    cache: Arc<Mutex<Cache>>,
}

impl Secrets {
    /// The secrets of these sources, none of which is read yet. `stack` is the secret of those that
    /// name none of their own.
    #[must_use]
    pub fn new(
        client: SecretsManager,
        sources: &'static Sources,
        stack: impl Into<String>,
        ttl: Millis,
    ) -> Self {
        Self {
            client,
            cache: Arc::new(Mutex::new(Cache::new(sources, stack.into(), ttl))),
        }
    }

    /// Reads every secret. What fails is logged, and tried again when a delivery needs it.
    pub async fn load(&self, now: UnixMillis) {
        // Not in the loop's head, which would hold the lock to its end.
        let secrets = self.cache().secrets();
        // One after the other: nearly always there is one.
        for secret in secrets {
            self.read_if_due(&secret, now).await;
        }
    }

    async fn read_if_due(&self, secret: &SecretId, now: UnixMillis) {
        let due = self.cache().take_due(secret, now);
        if due {
            self.read(secret, now).await;
        }
    }

    async fn read(&self, secret: &SecretId, now: UnixMillis) {
        let read = self.client.get(secret).await;
        let (version, text) = match &read {
            _ if has_no_value(&read) && self.cache().may_be_empty(secret) => (None, "{}"),
            Ok(value) => (
                value.version.as_deref(),
                value.text.as_deref().unwrap_or_default(),
            ),
            Err(error) => {
                let fault = fault::of("reading the secret", error);
                let counts = Metric::KeysUnreadable.name();
                tracing::error!(counts, secret, error = %fault, "a secret can't be read: its last keys stay");
                self.cache().failed(secret, &fault);
                return;
            }
        };
        let complaints = self.cache().loaded(secret, version, text, now);
        for complaint in complaints {
            let source = complaint.source.unwrap_or("*");
            tracing::error!(
                counts = Metric::KeysUnreadable.name(),
                secret,
                source,
                error = complaint.fault,
                "a secret is unusable"
            );
        }
    }

    fn cache(&self) -> MutexGuard<'_, Cache> {
        // Whatever panicked left whole values behind: each is replaced in one step.
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn known(&self, source: &Source) -> Option<Arc<Keys>> {
        self.cache().keys(source)
    }

    /// The keys of a source as they were last read; where there are none, those that one read now may
    /// bring.
    pub(crate) async fn keys(&self, source: &Source, now: UnixMillis) -> Result<Arc<Keys>, Fault> {
        if let Some(keys) = self.known(source) {
            return Ok(keys);
        }
        // Perhaps somebody has put one there since.
        match self.refetch(source, now).await? {
            Some(keys) => Ok(keys),
            None => Err(self.cache().why(source)),
        }
    }

    /// Reads the keys of a source again if that is due. Those of old stay where it fails.
    pub(crate) async fn refresh(&self, source: &Source, now: UnixMillis) {
        let secret = self.cache().secret_of(source);
        self.read_if_due(&secret, now).await;
    }

    /// Until when the operator has what this source refuses kept. The stack's secret says it; whoever may read is to do so
    /// where that is due.
    pub(crate) async fn quarantined_until(
        &self,
        source: &Source,
        may_read: bool,
        now: UnixMillis,
    ) -> Option<UnixMillis> {
        if may_read {
            let stack = self.cache().stack();
            self.read_if_due(&stack, now).await;
        }
        self.cache().opening(source)
    }

    /// Reads the keys of a source again because they explain no signature: once a source and minute.
    pub(crate) async fn refetch(
        &self,
        source: &Source,
        now: UnixMillis,
    ) -> Result<Option<Arc<Keys>>, Fault> {
        let unsure = || self.cache().why(source);
        let mismatch = self.cache().take_mismatch(source, now);
        match mismatch {
            Mismatch::Known => return Ok(None),
            Mismatch::Unsure => return Err(unsure()),
            Mismatch::Read => {}
        }
        let before = self.known(source);
        let secret = self.cache().secret_of(source);
        self.read(&secret, now).await;
        if self.cache().is_unsure(&secret) {
            return Err(unsure());
        }
        let changed = |after: &Arc<Keys>| {
            before
                .as_ref()
                .is_none_or(|before| !Arc::ptr_eq(before, after))
        };
        Ok(self.known(source).filter(changed))
    }
}

/// Whether a secret has no value yet, or isn't there: Secrets Manager says the same of both. `MiniStack`, which stands in for it,
/// gives an empty text instead, which is no value that Secrets Manager takes.
///
/// The template makes the stack's secrets without a value, so that no deployment writes over one.
pub(crate) fn has_no_value(read: &Result<SecretValue, Failure>) -> bool {
    match read {
        Ok(value) => value.text.as_deref() == Some(""),
        Err(error) => error.code() == Some("ResourceNotFoundException"),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
