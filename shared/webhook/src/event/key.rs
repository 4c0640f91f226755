//! How an event's id becomes the key under which the ledger keeps the event.

use protocol::ledger::EventKey;
use sha2::{Digest as _, Sha256};

use crate::reading::encoding::hex_text;

/// What stands before a digest that stands for an id.
pub(crate) const DIGEST: &str = "sha256:";

/// The longest id that is part of a key, in bytes. The ledger takes keys of 2,048.
pub const MAX_ID_BYTES: usize = 1_024;

/// How many hex digits of a digest stand behind an id that the signature doesn't cover.
const BEHIND: usize = 16;

/// The id itself; or its digest if it is too long, or could be taken for a digest.
pub(crate) fn plain(id: &str) -> String {
    if id.starts_with(DIGEST) || id.len() > MAX_ID_BYTES {
        digested(id)
    } else {
        id.to_owned()
    }
}

/// The id's digest.
pub(crate) fn digested(id: &str) -> String {
    format!("{DIGEST}{}", hex_text(&Sha256::digest(id)))
}

/// The key of an event whose id isn't signed: a captured body sent under another event's id must not make that a
/// duplicate.
pub(crate) fn unsigned(mut key: String, digest: &str) -> String {
    key.push('#');
    key.push_str(&digest[..BEHIND]);
    key
}

/// Where to look for an event whose id is known, and nothing else of it. The id may be its key already.
#[derive(Clone, Debug)]
pub struct Search {
    source: String,
    ids: Vec<String>,
}

impl Search {
    /// A search in the events of a source.
    #[must_use]
    pub fn new(source: &str, id: &str) -> Self {
        let prefix = format!("{source}#");
        let id = id.strip_prefix(&prefix).unwrap_or(id);
        let mut ids = Vec::new();
        if id.len() <= MAX_ID_BYTES + 1 + BEHIND {
            ids.push(id.to_owned());
        }
        ids.push(digested(id));
        Self {
            source: source.to_owned(),
            ids,
        }
    }

    /// The keys that the event has where its id is signed.
    pub fn keys(&self) -> impl Iterator<Item = EventKey> {
        let ids = self.ids.iter();
        ids.map(|id| EventKey::new(self.source.as_str(), id.clone()))
    }

    /// Whether the event may have this key where its id isn't signed: such a key can't be known in advance.
    #[must_use]
    pub fn matches(&self, key: &EventKey) -> bool {
        let is_digest =
            |text: &str| text.len() == BEHIND && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let behind = |id: &String| key.id().strip_prefix(id.as_str())?.strip_prefix('#');
        key.source() == self.source && self.ids.iter().filter_map(behind).any(is_digest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEX: &str = "0123456789abcdef0123456789abcdef";

    fn keys(id: &str) -> Vec<String> {
        let search = Search::new("stripe", id);
        search.keys().map(|key| key.to_string()).collect()
    }

    #[test]
    fn an_event_is_looked_for_under_every_key_that_its_id_may_have_become() {
        for id in [
            "evt_1",
            "sha256:00",
            "a#b",
            &"x".repeat(MAX_ID_BYTES),
            &"x".repeat(MAX_ID_BYTES + 1),
        ] {
            for key in [plain(id), digested(id)] {
                assert!(keys(id).contains(&format!("stripe#{key}")), "{key}");
                let unsigned = EventKey::new("stripe", unsigned(key.clone(), HEX));
                assert!(Search::new("stripe", id).matches(&unsigned), "{key}");
            }
        }
    }

    #[test]
    fn an_event_is_found_by_its_key_too() {
        for key in [
            plain("evt_1"),
            digested("evt_1"),
            unsigned(plain(&"x".repeat(MAX_ID_BYTES)), HEX),
        ] {
            assert_eq!(keys(&key)[0], format!("stripe#{key}"));
            assert_eq!(keys(&format!("stripe#{key}"))[0], format!("stripe#{key}"));
        }
    }

    #[test]
    fn another_event_is_not_taken_for_it() {
        let search = Search::new("stripe", "evt_1");
        for (source, id) in [
            ("github", "evt_1#0123456789abcdef"),
            ("stripe", "evt_10#0123456789abcdef"),
            ("stripe", "evt_1#0123456789abcde"),
            ("stripe", "evt_1#0123456789abcdex"),
            ("stripe", "evt_1"),
        ] {
            assert!(!search.matches(&EventKey::new(source, id)), "{source} {id}");
        }
    }
}
