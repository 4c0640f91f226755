//! Key pairs in a build that knows none. There are no values of these types, so nothing is ever proven by one.

use std::convert::Infallible;

use catalogue::{Algorithm, Scheme};

use crate::reading::message::Message;

/// A public key, which this build can't have.
pub(crate) struct PublicKey(Infallible);

/// The private half of a pair, which this build can't have.
pub(crate) struct PrivateKey(Infallible);

/// Whether a text is a public key can't be told here, so that it is never taken for a shared secret.
pub(crate) fn is_public(_text: &str) -> bool {
    true
}

impl PublicKey {
    pub(crate) fn all(_algorithm: Algorithm, _text: &str) -> Result<Vec<Self>, &'static str> {
        Err(
            "is to be a public key, which this build doesn't know: it lacks the feature `public-keys`",
        )
    }

    pub(crate) fn fits(&self, _signature: &[u8]) -> bool {
        match self.0 {}
    }

    pub(crate) fn signed<'c>(
        &self,
        _message: &Message<'_>,
        _candidates: impl Iterator<Item = &'c [u8]>,
    ) -> bool {
        match self.0 {}
    }
}

impl PrivateKey {
    pub(crate) fn read(_algorithm: Algorithm, _text: &str) -> Option<Self> {
        None
    }

    pub(crate) fn public_half(&self, _scheme: &Scheme) -> Option<String> {
        match self.0 {}
    }

    pub(crate) fn sign(&self, _message: &Message<'_>) -> Option<Vec<u8>> {
        match self.0 {}
    }
}
