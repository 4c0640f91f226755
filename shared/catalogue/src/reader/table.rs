//! Tables of the file, read with a word about every key that isn't known.

use super::{
    probe::{Probe, TableProbe},
    report::{Report, enumerate, meant, shown},
    shape::Rule,
    slot::Slot,
    tree::{Entry, Node},
    value::Value,
};

/// A table, of which only known keys are read.
pub(super) struct Table<'a> {
    keys: Keys<'a>,
    misspelt: Vec<&'static str>,
}

/// The keys of a table: of the file, or of none (see [`super::probe`]).
enum Keys<'a> {
    /// Looked through each time, for a table has a few of some thirty keys that are asked for.
    File(&'a [Entry]),
    Probe(&'static TableProbe),
}

/// What stands in a table: of the file, or of none (see [`super::probe`]).
#[derive(Clone, Copy)]
pub(super) enum Entries<'a> {
    File(&'a [Entry]),
    Probe(&'static TableProbe),
}

/// A key of the user's own, with its place and its value.
#[derive(Clone, Copy)]
pub(super) struct Pair<'a> {
    pub(super) name: &'a str,
    pub(super) at: usize,
    pub(super) value: Value<'a>,
}

impl<'a> Entries<'a> {
    /// Whether there is nothing. Whoever asks takes that for a fault.
    pub(super) fn is_empty(self) -> bool {
        match self {
            Self::File(entries) => entries.is_empty(),
            Self::Probe(probe) => {
                probe.count(1, None);
                false
            }
        }
    }

    /// Everything in a table whose keys are the user's own.
    pub(super) fn pairs(self) -> Vec<Pair<'a>> {
        match self {
            Self::File(entries) => (entries.iter())
                .map(|entry| Pair {
                    name: entry.key,
                    at: entry.at,
                    value: Value::new(entry.key, &entry.node),
                })
                .collect(),
            Self::Probe(probe) => {
                // Of a name that suits wherever a name must be a place.
                let name = "{json:name}";
                let value = Value::probe(name, probe.any_key());
                vec![Pair { name, at: 0, value }]
            }
        }
    }

    /// Reads everything in a table whose keys are the user's own and look like this; all of it, before what can't be read
    /// makes nothing of it.
    pub(super) fn each<T>(
        self,
        pattern: &'static str,
        mut read: impl FnMut(Pair<'a>) -> Option<T>,
    ) -> Option<Vec<T>> {
        if let Self::Probe(probe) = self {
            probe.name_keys(pattern);
            probe.any_value(Probe::explore(|value| {
                let (name, value) = ("name", Value::probe("name", value));
                read(Pair { name, at: 0, value });
            }));
            return None;
        }
        let read: Vec<Option<T>> = self.pairs().into_iter().map(read).collect();
        read.into_iter().collect()
    }

    /// The one thing in a table, or nothing where there is not one. Its name looks like this, where that is given.
    pub(super) fn only_pair(self, pattern: Option<&'static str>) -> Option<Pair<'a>> {
        if let Self::Probe(probe) = self {
            probe.count(1, Some(1));
            if let Some(pattern) = pattern {
                probe.name_keys(pattern);
            }
        }
        let pairs = self.pairs();
        match pairs.as_slice() {
            [pair] => Some(*pair),
            _ => None,
        }
    }
}

impl<'a> Table<'a> {
    /// Reports every key that isn't known.
    pub(super) fn open(
        entries: Entries<'a>,
        known: &[&'static str],
        report: &mut Report<'_>,
    ) -> Self {
        Self::open_of(entries, &[known], report)
    }

    /// The same, where the known keys are those of several lists.
    pub(super) fn open_of(
        entries: Entries<'a>,
        known: &[&[&'static str]],
        report: &mut Report<'_>,
    ) -> Self {
        let entries = match entries {
            Entries::File(entries) => entries,
            Entries::Probe(probe) => {
                return Self {
                    keys: Keys::Probe(probe),
                    misspelt: Vec::new(),
                };
            }
        };
        let mut misspelt = Vec::new();
        let is_known = |entry: &&Entry| known.iter().any(|keys| keys.contains(&entry.key));
        for entry in entries.iter().filter(|entry| !is_known(entry)) {
            let known = || known.iter().copied().flatten().copied();
            let guess = meant(entry.key, known());
            let mend = match guess {
                Some(word) => format!("did you mean `{word}`?"),
                None => format!("the keys here are {}", enumerate(known())),
            };
            report.add(
                entry.at,
                format!("unknown key `{}`", shown(entry.key)),
                mend,
            );
            misspelt.extend(guess);
        }
        Self {
            keys: Keys::File(entries),
            misspelt,
        }
    }

    fn find(&self, key: &str) -> Option<&'a Node> {
        let Keys::File(entries) = self.keys else {
            return None;
        };
        let entry = entries.iter().find(|entry| entry.key == key)?;
        Some(&entry.node)
    }

    /// Whether this key is there.
    pub(super) fn has(&self, key: &str) -> bool {
        self.find(key).is_some()
    }

    /// Reads one setting.
    pub(super) fn slot<T>(
        &self,
        key: &'static str,
        report: &mut Report<'_>,
        read: impl Fn(Value<'a>, &mut Report<'_>) -> Option<T>,
    ) -> Slot<T> {
        if let Keys::Probe(table) = self.keys {
            table.key(
                key,
                Probe::explore(|probe| {
                    read(Value::probe(key, probe), report);
                }),
            );
            return Slot::Faulty;
        }
        match self.find(key) {
            Some(node) => match read(Value::new(key, node), report) {
                Some(value) => Slot::Given(node.at, value),
                None => Slot::Faulty,
            },
            None if self.misspelt.contains(&key) => Slot::Faulty,
            None => Slot::Absent,
        }
    }

    /// What the reader holds several keys to, for the schema; the reader reports it in words of its own.
    pub(super) fn rule(&self, rule: Rule) {
        if let Keys::Probe(probe) = self.keys {
            probe.rule(rule);
        }
    }
}
