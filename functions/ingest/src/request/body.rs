//! A body as the platform hands it over: texts as they are, all else in base64.

use std::{borrow::Cow, fmt};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;

/// A body that isn't decoded yet.
#[derive(Clone, PartialEq, Eq)]
pub enum EncodedBody<'a> {
    /// The body itself, which can be handed on without a copy.
    Text(Bytes),
    /// The body in base64.
    Base64(Cow<'a, str>),
}

impl EncodedBody<'_> {
    /// How many bytes it has once decoded, told from its length.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
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
    pub fn decode(&self) -> Option<Cow<'_, Bytes>> {
        match self {
            Self::Text(text) => Some(Cow::Borrowed(text)),
            Self::Base64(text) => {
                let decoded = STANDARD.decode(text.as_bytes()).ok()?;
                Some(Cow::Owned(decoded.into()))
            }
        }
    }
}

impl<'a> EncodedBody<'a> {
    /// The body itself.
    #[must_use]
    pub fn text(text: Cow<'a, str>) -> Self {
        Self::Text(text.into_owned().into())
    }
}

impl Default for EncodedBody<'_> {
    fn default() -> Self {
        Self::Text(Bytes::new())
    }
}

impl fmt::Debug for EncodedBody<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EncodedBody({} bytes)", self.len())
    }
}
