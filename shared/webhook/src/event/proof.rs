//! What a signature was found to cover.

use std::sync::Arc;

use catalogue::Scheme;

use crate::{keys::Key, reading::message::Message};

/// What a signature was found to cover.
pub(crate) struct Proof<'k, 'm> {
    pub(crate) key: &'k Arc<Key>,
    pub(crate) message: &'m Message<'m>,
    /// How it was signed.
    pub(crate) scheme: &'static Scheme,
    pub(crate) timestamp: Option<&'m str>,
}
