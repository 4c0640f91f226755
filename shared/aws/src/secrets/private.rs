//! What a secret says of the private keys of a source: they open what its provider encrypts.
//!
//! They stand in the destinations' secret, which the consumer reads and ingest may not: ingest, which anyone can call, opens
//! nothing. No destination is called as their entries are.

use serde_json::Value;
use webhook::keys::{PrivateKeys, Secret};

#[cfg(feature = "destinations")]
use super::reader::FromEntry;
use super::text;

/// The name under which those of a source stand.
pub(crate) fn name(source: &str) -> String {
    format!("{PREFIX}{source}")
}

/// What stands before the source's name.
pub(crate) const PREFIX: &str = "source:";

/// What is stated: private keys, each with the name of its certificate as its label. And what is wrong with them.
pub(crate) fn read(stated: &Value) -> (PrivateKeys, Vec<String>) {
    let (written, faults) = text::written(stated);
    let mut faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
    let secrets = written.into_iter();
    let secrets = secrets.map(|written| Secret::new(written.value, written.label));
    let (keys, unfit) = PrivateKeys::load(&secrets.collect::<Vec<_>>());
    faults.extend(unfit.iter().map(ToString::to_string));
    (keys, faults)
}

#[cfg(feature = "destinations")]
impl FromEntry for PrivateKeys {
    fn of(stated: Value) -> (Self, Vec<String>) {
        read(&stated)
    }
}
