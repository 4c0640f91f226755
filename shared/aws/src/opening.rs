//! The private keys of sources, by which the consumer opens what their providers encrypt.

use std::{collections::BTreeMap, sync::Arc};

use catalogue::Sources;
use protocol::{
    fault::{Fault, FaultKind},
    time::{Millis, UnixMillis},
};
use webhook::{keys::PrivateKeys, ports};

use crate::secrets::{SecretsManager, private, reader::Reader};

const READING: &str = "reading the private keys";

/// The private keys of sources.
pub struct Opening(BTreeMap<&'static str, Reader<PrivateKeys>>);

impl Opening {
    /// Those of these sources, of which none is read yet. `secret` is the one that the destinations share; what was read of it
    /// is read again after `ttl`.
    #[must_use]
    pub fn new(
        client: &SecretsManager,
        sources: &'static Sources,
        secret: &str,
        ttl: Millis,
    ) -> Self {
        let sources = sources.iter().filter(|source| source.encrypted.is_some());
        let readers = sources.map(|source| {
            let source = source.name.as_str();
            let name = private::name(source).into();
            (source, Reader::new(client.clone(), secret, Some(name), ttl))
        });
        Self(readers.collect())
    }
}

impl ports::Opening for Opening {
    async fn private_keys(&self, source: &str, now: UnixMillis) -> Result<Arc<PrivateKeys>, Fault> {
        let none = || {
            let text = "the configuration has lost the source";
            Fault::new(FaultKind::Absent, READING, text)
        };
        let reader = self.0.get(source).ok_or_else(none)?;
        let keys = reader.entry(now).await;
        keys.map_err(|why| Fault::new(FaultKind::Absent, READING, why))
    }

    async fn latest_private_keys(&self, source: &str, now: UnixMillis) -> Option<Arc<PrivateKeys>> {
        self.0.get(source)?.latest(now).await
    }
}
