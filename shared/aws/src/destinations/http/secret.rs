//! A destination's own secret: what signs the events that are posted to it, and what its headers say that nobody else may
//! know. Read when first needed, and again when it is old, so that a rotation needs no deploy.

use std::sync::Arc;

use aws_sdk_secretsmanager::Client;
use protocol::{
    outgoing::Refusal,
    time::{Millis, UnixMillis},
};
use serde_json::Value;
use tokio::sync::Mutex;

use crate::{
    fault,
    metrics::Metric,
    secrets::{destination::Entry, has_no_value, text},
};

/// How soon a secret is read again that couldn't be read, or held nothing.
const AFTER_NOTHING: Millis = Millis::seconds(5);

/// How soon a secret is read again because the destination doesn't take what it says.
const AFTER_MISMATCH: Millis = Millis::seconds(60);

/// Where the secret stands, and what it said when it was last read.
pub(in super::super) struct Secret {
    client: Client,
    id: String,
    /// The destination's name there; `None` in a secret of its own.
    name: Option<&'static str>,
    ttl: Millis,
    /// Locked while the secret is read: whoever comes meanwhile would read the same.
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    entry: Option<Arc<Entry>>,
    read_at: UnixMillis,
    /// Not to be read again before, unless for a reason.
    next: UnixMillis,
    /// Why the last read has brought nothing.
    fault: Option<String>,
}

impl Secret {
    /// The entry of this name in the destinations' secret; without a name, a secret of the destination's own.
    pub(in super::super) fn new(
        client: Client,
        id: impl Into<String>,
        name: Option<&'static str>,
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
    pub(super) async fn entry(&self, now: UnixMillis) -> Result<Arc<Entry>, Refusal> {
        let mut held = self.held.lock().await;
        if held.next <= now {
            self.read(&mut held, now).await;
        }
        held.entry.clone().ok_or_else(|| {
            let why = held.fault.as_deref();
            let why = why.unwrap_or("it holds nothing for this destination");
            Refusal::transient(format!("the secret {}: {why}", self.id))
        })
    }

    /// Whether it says something else by now: somebody may have rotated it while the old text was still remembered.
    pub(super) async fn has_changed(&self, since: &Arc<Entry>, now: UnixMillis) -> bool {
        let mut held = self.held.lock().await;
        if now.since(held.read_at) >= AFTER_MISMATCH {
            self.read(&mut held, now).await;
        }
        let known = held.entry.as_ref();
        known.is_some_and(|entry| entry.differs(since))
    }

    async fn read(&self, held: &mut Held, now: UnixMillis) {
        held.read_at = now;
        held.next = now.plus(AFTER_NOTHING);
        let read = self.client.get_secret_value().secret_id(&self.id).send();
        let read = read.await;
        // The stack's may have no value yet. One that had a value never loses it.
        let may_be_empty = self.name.is_some() && held.entry.is_none();
        let stated = match read {
            _ if may_be_empty && has_no_value(&read) => Ok(None),
            Ok(value) => self.find(value.secret_string().unwrap_or_default()),
            Err(error) => Err(fault::of("reading the secret", &error).to_string()),
        };
        match stated {
            Ok(Some(stated)) => {
                held.next = now.plus(self.ttl);
                held.fault = None;
                let (entry, faults) = Entry::of(stated);
                for fault in faults {
                    tracing::error!(
                        counts = Metric::KeysUnreadable.name(),
                        secret = self.id,
                        destination = self.name.unwrap_or_default(),
                        error = fault,
                        "a destination's secret is unusable in part"
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
                    destination = self.name.unwrap_or_default(),
                    error = fault,
                    "a destination's secret can't be read"
                );
                held.fault = Some(fault);
            }
        }
    }

    /// What the text of the secret says of the destination.
    fn find(&self, text: &str) -> Result<Option<Value>, String> {
        match self.name {
            Some(name) => text::stack(text).map(|mut entries| entries.remove(name)),
            None => text::own_entry(text).map(Some),
        }
        .map_err(|fault| fault.to_string())
    }
}
