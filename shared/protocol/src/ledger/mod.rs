//! What the ledger holds: for every event an `event` item, written once, by ingest or by the consumer that
//! takes a delivery of several events apart, and a `work` item, written only by the holder of a claim.

mod leg;
mod work;

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};

use crate::{
    covered::Covered,
    time::{Millis, UnixMillis, UnixSeconds},
};

pub use leg::{By, Leg, LegState};
pub use work::{Holder, State, Trouble, Work, WorkVersion};

/// How much longer than its event a `work` item lives: TTL deletion may lag by two days, and an
/// event must never outlive the record that it was done.
pub const WORK_OUTLIVES_EVENT: Millis = Millis::days(2);

/// The partition key: `source#id`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventKey {
    source: String,
    id: String,
}

/// The ledger's record of an event. Its `Debug` shows neither the body nor what the headers say.
#[derive(Clone, PartialEq, Eq)]
pub struct EventRecord {
    /// Where it stands.
    pub key: EventKey,
    /// The id as the provider gave it, or the digest that stands for it.
    pub event_id: String,
    /// The type as the provider gave it, or `unknown`.
    pub event_type: String,
    /// When this life of the event was written; it names the life.
    pub received_at: UnixMillis,
    /// Names the invocation's attempt to write, so that a retried write recognises itself.
    pub delivery_id: String,
    /// The body, exactly.
    pub body: Body,
    /// SHA-256 of the body, hex.
    pub body_digest: String,
    /// The headers that handlers get.
    pub headers: BTreeMap<String, String>,
    /// Which secret matched.
    pub secret_label: String,
    /// What of this the signature covers.
    pub covered: Covered,
    /// The further name that operators search for: field and text.
    pub reference: Option<(String, String)>,
    /// The delivery of several events that this is an item of, where it is one.
    pub parent: Option<EventKey>,
    /// When the record stops counting.
    pub expires_at: UnixSeconds,
}

/// Where an event's body is.
#[derive(Clone, PartialEq, Eq)]
pub enum Body {
    /// In the item itself.
    Inline(Vec<u8>),
    /// In the bucket, under this key.
    Object {
        /// The object's key.
        key: String,
        /// The body's length in bytes.
        bytes: u64,
    },
}

/// One recording of an event id, named by when it was received. An id that comes again after its retention begins a
/// new life, and what was decided of an older one counts no more. Of two lives the younger is the greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Life(pub UnixMillis);

impl EventKey {
    /// The key of this event. `id` is the part after `source#`.
    pub fn new(source: impl Into<String>, id: impl Into<String>) -> Self {
        Self {
            source: source.into(),
            id: id.into(),
        }
    }

    /// The source's name.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The part after `source#`.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Reads `source#id`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (source, id) = text.split_once('#')?;
        (!source.is_empty() && !id.is_empty()).then(|| Self::new(source, id))
    }
}

impl fmt::Display for EventKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}", self.source, self.id)
    }
}

impl EventRecord {
    /// Whether the record still counts.
    #[must_use]
    pub fn is_current(&self, now: UnixMillis) -> bool {
        self.expires_at > now.seconds()
    }

    /// When a record of this source, written now, stops counting.
    #[must_use]
    pub fn expiry(received_at: UnixMillis, retention_days: u16) -> UnixSeconds {
        received_at
            .plus(Millis::days(i64::from(retention_days)))
            .seconds()
    }
}

impl fmt::Debug for EventRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventRecord")
            .field("key", &self.key)
            .field("event_id", &self.event_id)
            .field("event_type", &self.event_type)
            .field("received_at", &self.received_at)
            .field("delivery_id", &self.delivery_id)
            .field("body", &self.body)
            .field("body_digest", &self.body_digest)
            .field("headers", &self.headers.keys())
            .field("secret_label", &self.secret_label)
            .field("covered", &self.covered)
            .field("reference", &self.reference)
            .field("parent", &self.parent)
            .field("expires_at", &self.expires_at)
            .finish()
    }
}

impl Body {
    /// A body where it belongs: in the item, or in the bucket if it has more than `inline` bytes.
    #[must_use]
    pub fn place(bytes: &[u8], key: &EventKey, digest: &str, inline: usize) -> Self {
        if bytes.len() > inline {
            Self::Object {
                key: object_key(key, digest),
                bytes: bytes.len() as u64,
            }
        } else {
            Self::Inline(bytes.to_vec())
        }
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Inline(bytes) => write!(f, "Inline({} bytes)", bytes.len()),
            Self::Object { key, bytes } => write!(f, "Object({key}, {bytes} bytes)"),
        }
    }
}

impl EventRecord {
    /// Which life of its id this record is.
    #[must_use]
    pub const fn life(&self) -> Life {
        Life(self.received_at)
    }
}

/// The most shards that a stack may be given.
pub const MOST_SHARDS: u32 = 100;

/// The index partition of an event: the events of all sources are spread over `shards` of them by the key's digest.
#[must_use]
pub fn shard(key: &EventKey, shards: u32) -> String {
    use sha2::{Digest, Sha256};
    let digest = Sha256::digest(key.to_string());
    let number = u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]]);
    partition(number % shards.max(1))
}

/// The name of an index partition.
#[must_use]
pub fn partition(shard: u32) -> String {
    shard.to_string()
}

/// Where the bucket keeps a body that is too large for the ledger. One place for one body of one
/// event: whoever writes it twice writes the same.
#[must_use]
pub fn object_key(key: &EventKey, body_digest: &str) -> String {
    use sha2::{Digest, Sha256};
    let key = hex::encode(Sha256::digest(key.to_string()));
    format!("bodies/{key}/{body_digest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(id: &str) -> EventKey {
        EventKey::new("s", id)
    }

    #[test]
    fn a_key_is_read_as_it_is_written() {
        for id in ["a", "a#b", "#"] {
            let text = key(id).to_string();
            assert_eq!(text, format!("s#{id}"));
            assert_eq!(EventKey::parse(&text), Some(key(id)));
        }
        for text in ["", "s", "s#", "#", "#a"] {
            assert_eq!(EventKey::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_record_counts_until_its_days_are_over() {
        let received_at = UnixMillis(1_999);
        let record = EventRecord {
            key: key("a"),
            event_id: "a".into(),
            event_type: "t".into(),
            received_at,
            delivery_id: "d".into(),
            body: Body::Inline(Vec::new()),
            body_digest: String::new(),
            headers: BTreeMap::new(),
            secret_label: "l".into(),
            covered: Covered::default(),
            reference: None,
            parent: None,
            expires_at: EventRecord::expiry(received_at, 2),
        };
        assert_eq!(record.expires_at, UnixSeconds(1 + 2 * 86_400));
        let end = record.expires_at.millis();
        assert!(record.is_current(received_at) && record.is_current(end.plus(Millis(-1))));
        assert!(!record.is_current(end) && !record.is_current(end.plus(Millis::days(1))));
    }

    #[test]
    fn a_body_of_as_many_bytes_as_fit_stays_in_the_item() {
        let place = |inline| Body::place(b"abc", &key("a"), "digest", inline);
        assert_eq!(place(3), Body::Inline(b"abc".to_vec()));
        let object = Body::Object {
            key: object_key(&key("a"), "digest"),
            bytes: 3,
        };
        assert_eq!(place(2), object);
    }

    #[test]
    fn events_are_spread_over_the_shards_by_their_keys() {
        // printf %s 's#a' | sha256sum | head -c 8, modulo 4.
        for (id, partition) in [("a", "2"), ("b", "0"), ("c", "1")] {
            assert_eq!(shard(&key(id), 4), partition);
        }
        for shards in [0, 1] {
            assert_eq!(shard(&key("a"), shards), "0");
        }
    }
}
