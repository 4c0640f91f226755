//! The bytes that are signed.

use std::borrow::Cow;

use sha2::{Digest as _, Sha256};

use crate::reading::encoding::hex_text;

/// A signed message in parts, so that the body needn't be copied to be hashed.
pub(crate) struct Message<'a>(pub(crate) Vec<Cow<'a, [u8]>>);

impl<'a> Message<'a> {
    /// A message of these bytes.
    pub(crate) fn of(bytes: &'a [u8]) -> Self {
        Self(vec![Cow::Borrowed(bytes)])
    }

    pub(crate) fn parts(&self) -> impl Iterator<Item = &[u8]> {
        self.0.iter().map(Cow::as_ref)
    }

    /// The message in one piece; borrowed where it is one.
    pub(crate) fn whole(&self) -> Cow<'_, [u8]> {
        match self.0.as_slice() {
            [part] => Cow::Borrowed(part),
            parts => Cow::Owned(parts.concat()),
        }
    }

    /// SHA-256 of the message, in hex.
    pub(crate) fn digest(&self) -> String {
        let mut digest = Sha256::new();
        for part in self.parts() {
            digest.update(part);
        }
        hex_text(&digest.finalize())
    }
}
