//! A body as the platform hands it over: texts as they are, all else in base64.

use std::{borrow::Cow, fmt, ops::Deref};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;

/// A body that isn't decoded yet.
#[derive(Clone, PartialEq, Eq)]
pub enum EncodedBody<'a> {
    /// The body itself.
    Text(Cow<'a, str>),
    /// The body itself, as it can be handed on without a copy.
    Large(Bytes),
    /// The body in base64.
    Base64(Cow<'a, str>),
}

/// The raw bytes of a body.
pub enum Body<'a> {
    /// Those of the request.
    Text(&'a str),
    /// The same, or what was made of them, to be handed on without a copy.
    Bytes(Bytes),
}

impl EncodedBody<'_> {
    /// How many bytes it has once decoded, told from its length.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Large(bytes) => bytes.len(),
            // Four digits are three bytes. Padding isn't looked for beyond the two places it can have.
            Self::Base64(text) => {
                let padding = text.bytes().rev().take(2).take_while(|b| *b == b'=');
                let digits = text.len() - padding.count();
                digits / 4 * 3 + digits % 4 * 3 / 4
            }
        }
    }

    /// Whether it has none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The raw bytes. `None`: it is said to be base64 and isn't.
    #[must_use]
    pub fn decode(&self) -> Option<Body<'_>> {
        Some(match self {
            Self::Text(text) => Body::Text(text),
            Self::Large(bytes) => Body::Bytes(bytes.clone()),
            Self::Base64(text) => Body::Bytes(STANDARD.decode(text.as_bytes()).ok()?.into()),
        })
    }
}

impl Body<'_> {
    /// The bytes, for whoever needs them longer than the request is there.
    #[must_use]
    pub fn to_bytes(&self) -> Bytes {
        match self {
            Self::Text(text) => Bytes::copy_from_slice(text.as_bytes()),
            Self::Bytes(bytes) => bytes.clone(),
        }
    }
}

impl Deref for Body<'_> {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::Text(text) => text.as_bytes(),
            Self::Bytes(bytes) => bytes,
        }
    }
}

impl Default for EncodedBody<'_> {
    fn default() -> Self {
        Self::Text(Cow::default())
    }
}

impl fmt::Debug for EncodedBody<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EncodedBody({} bytes)", self.len())
    }
}
