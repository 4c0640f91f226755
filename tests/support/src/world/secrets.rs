//! What a container of ingest knows of the sources' keys.

use std::{collections::BTreeMap, sync::Arc};

use catalogue::Source;
use protocol::{
    fault::{Fault, FaultKind},
    time::{Millis, UnixMillis},
};
use webhook::{
    keys::{Keys, Purpose, Secret, origin::Origin},
    ports::Secrets,
    refusal::Reason,
};

use super::{Process, Services, Watched};

/// How long what was read of a secret counts.
const TTL: Millis = Millis::seconds(300);

/// How soon a mismatch may lead to a read again.
const AFTER_MISMATCH: Millis = Millis::seconds(60);

/// What a container of ingest knows of the secret.
#[derive(Clone, Debug)]
pub struct Held {
    /// As it was read, newest first.
    pub secrets: Vec<String>,
    /// When it is to be read again.
    pub due: UnixMillis,
    /// When a mismatch last led to a read, by source.
    pub refetched: BTreeMap<String, UnixMillis>,
}

impl<S: Watched> Secrets for Process<S> {
    async fn keys(
        &self,
        source: &Source,
        origin: &Origin,
        now: UnixMillis,
    ) -> Result<Arc<Keys>, Fault> {
        if let Origin::Named(address) | Origin::Published(address) | Origin::Asked(address) = origin
        {
            return self.fetch(source, address.url()).await;
        }
        if self.state().services().held.is_none() {
            self.read_secret(now).await?;
        }
        let held = self.state().services().keys_of(source);
        let keys = match held {
            Some(keys) => Some(keys),
            None => self.refetch(source, origin, now).await?,
        };
        let none = "the secret stack: it holds nothing";
        keys.ok_or_else(|| Fault::new(FaultKind::Other, "keys", none))
    }

    async fn refresh(&self, _: &Source, origin: &Origin, now: UnixMillis) {
        let is_due = {
            let mut state = self.state();
            let held = state.services().held.as_ref();
            held.is_none_or(|held| held.due <= now)
        };
        if *origin == Origin::Secret && is_due {
            let _ = self.read_secret(now).await;
        }
    }

    async fn refetch(
        &self,
        source: &Source,
        origin: &Origin,
        now: UnixMillis,
    ) -> Result<Option<Arc<Keys>>, Fault> {
        if *origin != Origin::Secret {
            return Ok(None);
        }
        let name = source.name.as_str();
        let before = self.state().services().held.clone();
        let last = before.as_ref().and_then(|held| held.refetched.get(name));
        if last.is_some_and(|last| now.since(*last) < AFTER_MISMATCH) {
            return Ok(None);
        }
        self.read_secret(now).await?;
        let mut state = self.state();
        let services = state.services();
        let Some(held) = &mut services.held else {
            return Ok(None);
        };
        held.refetched.insert(name.into(), now);
        let changed = before.is_none_or(|before| before.secrets != held.secrets);
        Ok(changed.then(|| services.keys_of(source)).flatten())
    }

    async fn quarantined_until(
        &self,
        source: &Source,
        _: Reason,
        _: UnixMillis,
    ) -> Option<UnixMillis> {
        let mut state = self.state();
        let room = state.services().rooms.get(source.name.as_str());
        room.map(|room| room.open_until)
    }
}

impl<S: Watched> Process<S> {
    /// The key at an address, from memory if it was fetched before.
    async fn fetch(&self, source: &Source, url: &str) -> Result<Arc<Keys>, Fault> {
        let known = self.state().services().fetched.get(url).copied();
        let key = match known {
            Some(key) => key,
            None => {
                self.call("fetch", |state| {
                    state.services().published.get(url).copied()
                })
                .await?
            }
        };
        self.state().services().fetched.insert(url.into(), key);
        let secrets: Vec<_> = key.iter().map(|key| Secret::new(*key, "fetched")).collect();
        Ok(Arc::new(Keys::load(source.schemes, &secrets).0))
    }

    async fn read_secret(&self, now: UnixMillis) -> Result<(), Fault> {
        let read = self.call("secret", |state| state.services().stored.clone());
        let secrets = read.await?;
        let mut state = self.state();
        let held = &mut state.services().held;
        let refetched = held.take().map(|held| held.refetched);
        *held = Some(Held {
            secrets,
            due: now.plus(TTL),
            refetched: refetched.unwrap_or_default(),
        });
        Ok(())
    }
}

impl Services {
    /// The keys of a source, as ingest's container has read them.
    fn keys_of(&self, source: &Source) -> Option<Arc<Keys>> {
        let name = source.name.as_str();
        let held = self.held.as_ref().filter(|_| !self.unset.contains(name))?;
        let texts = held.secrets.iter().enumerate();
        let mut secrets: Vec<_> = texts
            .map(|(at, text)| Secret::new(text, format!("label-{at}")))
            .collect();
        if let Some(token) = self.verify_tokens.get(name) {
            secrets.push(Secret::new(*token, "token").for_purpose(Purpose::VerifyToken));
        }
        let (keys, _) = Keys::load(source.schemes, &secrets);
        (!keys.is_empty()).then(|| Arc::new(keys))
    }
}
