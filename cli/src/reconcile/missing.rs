//! Which of the events that a provider sent the ledger doesn't have.

use std::collections::{BTreeMap, BTreeSet};

use protocol::ledger::EventKey;
use webhook::event::Search;

use super::Sent;

/// The keys of a source's events, without the source.
#[derive(Default)]
pub(super) struct Known(BTreeSet<String>);

impl Extend<String> for Known {
    fn extend<I: IntoIterator<Item = String>>(&mut self, keys: I) {
        self.0.extend(keys);
    }
}

impl Known {
    /// Whether an event of this id is among them. Where the signature doesn't cover an id, the key has a digest behind it.
    fn has(&self, source: &str, id: &str) -> bool {
        let search = Search::new(source, id);
        search.keys().any(|key| {
            let from = format!("{}#", key.id());
            let behind = self.0.range(from.clone()..);
            self.0.contains(key.id())
                || behind
                    .take_while(|known| known.starts_with(&from))
                    .any(|known| search.matches(&EventKey::new(source, known.as_str())))
        })
    }
}

/// What a provider sent, by what became of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Sorted {
    /// How many events there are.
    pub(super) all: usize,
    /// How many of them the ledger has.
    pub(super) there: usize,
    /// Those that it doesn't have, and that the provider couldn't deliver: the last attempt of each.
    pub(super) failed: Vec<Sent>,
    /// Those that it doesn't have, though the provider takes them for delivered.
    pub(super) delivered: Vec<Sent>,
}

impl Sorted {
    pub(super) fn of(attempts: Vec<Sent>, source: &str, known: &Known) -> Self {
        // The attempts of an event are told by its id: one that was delivered is enough.
        let mut events: BTreeMap<String, Sent> = BTreeMap::new();
        for sent in attempts {
            match events.get_mut(&sent.event_id) {
                Some(other) => {
                    let is_delivered = other.is_delivered || sent.is_delivered;
                    if sent.at > other.at {
                        *other = sent;
                    }
                    other.is_delivered = is_delivered;
                }
                None => drop(events.insert(sent.event_id.clone(), sent)),
            }
        }
        let all = events.len();
        let missing = events.into_values();
        let missing: Vec<Sent> = missing
            .filter(|sent| !known.has(source, &sent.event_id))
            .collect();
        let there = all - missing.len();
        let (delivered, failed) = missing.into_iter().partition(|sent| sent.is_delivered);
        Self {
            all,
            there,
            failed,
            delivered,
        }
    }
}

#[cfg(test)]
mod tests {
    use protocol::time::UnixMillis;

    use super::*;

    fn sent(id: &str, at: i64, is_delivered: bool) -> Sent {
        Sent {
            event_id: id.to_owned(),
            attempt: at.to_string(),
            event_type: "issues".to_owned(),
            at: UnixMillis(at),
            is_delivered,
            said: String::new(),
        }
    }

    #[test]
    fn an_event_is_missing_if_no_attempt_at_it_came_to_the_ledger() {
        let mut known = Known::default();
        known.extend([
            "a#0123456789abcdef".to_owned(),
            "b".to_owned(),
            "c-other".to_owned(),
        ]);
        let attempts = vec![
            sent("a", 1, false),
            sent("b", 2, false),
            sent("c", 3, false),
            sent("c", 5, false),
            sent("d", 6, true),
            sent("e", 8, false),
            sent("e", 7, true),
        ];
        let sorted = Sorted::of(attempts, "github", &known);
        assert_eq!((sorted.all, sorted.there), (5, 2));
        // By its last attempt.
        assert_eq!(sorted.failed, [sent("c", 5, false)]);
        let ids: Vec<&str> = sorted
            .delivered
            .iter()
            .map(|sent| sent.event_id.as_str())
            .collect();
        assert_eq!(ids, ["d", "e"]);
    }
}
