//! What one owner has in a secret that the consumer reads: a destination, or a source of which something is encrypted. Read
//! when first needed, and again when it is old, so that a rotation needs no deploy.

use std::{borrow::Cow, sync::Arc};

use protocol::time::{Millis, UnixMillis};
use serde_json::Value;
use tokio::sync::Mutex;

use super::{SecretsManager, has_no_value, text};
use crate::{fault, metrics::Metric};

/// How soon a secret is read again that couldn't be read, or held nothing.
const AFTER_NOTHING: Millis = Millis::seconds(5);

/// How soon a secret is read again because what it says doesn't do.
const AFTER_MISMATCH: Millis = Millis::seconds(60);

/// What is made of an entry of a secret.
pub(crate) trait FromEntry: Sized {
    /// What is made of what is stated, and what is wrong with that.
    fn of(stated: Value) -> (Self, Vec<String>);
}

/// Where the secret stands, and what it said when it was last read.
pub(crate) struct Reader<E> {
    client: SecretsManager,
    id: String,
    /// The owner's name there; `None` in a secret of its own.
    name: Option<Cow<'static, str>>,
    ttl: Millis,
    /// Locked while the secret is read: whoever comes meanwhile would read the same.
    held: Mutex<Held<E>>,
}

struct Held<E> {
    entry: Option<Arc<E>>,
    read_at: UnixMillis,
    /// Not to be read again before, unless for a reason.
    next: UnixMillis,
    /// Why the last read has brought nothing.
    fault: Option<String>,
}

impl<E> Default for Held<E> {
    fn default() -> Self {
        Self {
            entry: None,
            read_at: UnixMillis::default(),
            next: UnixMillis::default(),
            fault: None,
        }
    }
}

impl<E: FromEntry> Reader<E> {
    /// The entry of this name in a secret that several share; without a name, a secret of the owner's own.
    pub(crate) fn new(
        client: SecretsManager,
        id: impl Into<String>,
        name: Option<Cow<'static, str>>,
        ttl: Millis,
    ) -> Self {
        Self {
            client,
            id: id.into(),
            name,
            ttl,
            held: Mutex::default(),
        }
    }

    /// What it says; as it was last read, where it can't be read now.
    pub(crate) async fn entry(&self, now: UnixMillis) -> Result<Arc<E>, String> {
        let mut held = self.held.lock().await;
        if held.next <= now {
            self.read(&mut held, now).await;
        }
        held.entry.clone().ok_or_else(|| {
            let why = held.fault.as_deref();
            let why = why.unwrap_or("it holds nothing under this name");
            format!("the secret {}: {why}", self.id)
        })
    }

    /// What it says by now, because what it said doesn't do: somebody may have changed it while that was still remembered.
    pub(crate) async fn latest(&self, now: UnixMillis) -> Option<Arc<E>> {
        let mut held = self.held.lock().await;
        if now.since(held.read_at) >= AFTER_MISMATCH {
            self.read(&mut held, now).await;
        }
        held.entry.clone()
    }

    async fn read(&self, held: &mut Held<E>, now: UnixMillis) {
        held.read_at = now;
        held.next = now.plus(AFTER_NOTHING);
        let read = self.client.get(&self.id).await;
        // The stack's may have no value yet. One that had a value never loses it.
        let may_be_empty = self.name.is_some() && held.entry.is_none();
        let stated = match read {
            _ if may_be_empty && has_no_value(&read) => Ok(None),
            Ok(value) => self.find(&value.text.unwrap_or_default()),
            Err(error) => Err(fault::of("reading the secret", &error).to_string()),
        };
        match stated {
            Ok(Some(stated)) => {
                held.next = now.plus(self.ttl);
                held.fault = None;
                let (entry, faults) = E::of(stated);
                for fault in faults {
                    tracing::error!(
                        counts = Metric::KeysUnreadable.name(),
                        secret = self.id,
                        owner = self.name.as_deref().unwrap_or_default(),
                        error = fault,
                        "a secret is unusable in part"
                    );
                }
                held.entry = Some(Arc::new(entry));
            }
            Ok(None) => (held.entry, held.fault) = (None, None),
            // What was known stays.
            Err(fault) => {
                tracing::error!(
                    counts = Metric::KeysUnreadable.name(),
                    secret = self.id,
                    owner = self.name.as_deref().unwrap_or_default(),
                    error = fault,
                    "a secret can't be read"
                );
                held.fault = Some(fault);
            }
        }
    }

    /// What the text of the secret says of the owner.
    fn find(&self, text: &str) -> Result<Option<Value>, String> {
        match self.name.as_deref() {
            Some(name) => text::stack(text).map(|mut entries| entries.remove(name)),
            None => text::own_entry(text).map(Some),
        }
        .map_err(|fault| fault.to_string())
    }
}
