//! What a destination's secret says: in what is one JSON object for all of them as a source's secrets do, or in a secret of the
//! destination's own. Entries without `use` sign, as Standard Webhooks do; one with it is what headers call by that name.

use std::collections::BTreeMap;

use catalogue::{PROVIDERS, Scheme};
use serde_json::Value;
use webhook::keys::{self, SigningKey};

#[cfg(feature = "destinations")]
use super::reader::FromEntry;
use super::text;

/// How many secrets sign: the newest, and the one before it, by which a receiver may still go.
const SIGNING: usize = 2;

/// What the secret says. It can't be printed.
#[derive(Default)]
pub(crate) struct Entry {
    stated: Value,
    keys: Vec<SigningKey>,
    named: BTreeMap<String, String>,
}

impl Entry {
    /// What is stated, newest first: without `use` it signs, with it it is what headers call by that name. And what is wrong
    /// with it.
    pub(crate) fn read(stated: Value) -> (Self, Vec<String>) {
        let (written, faults) = text::written(&stated);
        let mut faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
        let mut keys = Vec::new();
        let mut named = BTreeMap::new();
        for secret in written {
            match secret.used_for {
                Some(name) => {
                    named
                        .entry(name.to_owned())
                        .or_insert_with(|| secret.value.to_owned());
                }
                None if keys.len() == SIGNING => {}
                None => {
                    let signs = keys::Secret::new(secret.value, secret.label);
                    match SigningKey::load(schemes(), &signs) {
                        Ok(key) => keys.push(key),
                        Err(fault) => faults.push(fault.to_string()),
                    }
                }
            }
        }
        let entry = Self {
            stated,
            keys,
            named,
        };
        (entry, faults)
    }

    /// What signs, newest first.
    pub(crate) fn keys(&self) -> &[SigningKey] {
        &self.keys
    }

    /// What headers call by this name.
    pub(crate) fn named(&self, name: &str) -> Option<&str> {
        self.named.get(name).map(String::as_str)
    }

    /// Whether this one says something else.
    #[cfg_attr(
        not(feature = "destinations"),
        expect(dead_code, reason = "only who sends asks whether it differs")
    )]
    pub(crate) fn differs(&self, other: &Self) -> bool {
        self.stated != other.stated
    }
}

#[cfg(feature = "destinations")]
impl FromEntry for Entry {
    fn of(stated: Value) -> (Self, Vec<String>) {
        Self::read(stated)
    }
}

/// Those of Standard Webhooks.
pub(crate) fn schemes() -> &'static [Scheme] {
    let provider = PROVIDERS
        .iter()
        .find(|known| known.name == "standard-webhooks");
    provider.map_or(&[], |provider| provider.schemes)
}
