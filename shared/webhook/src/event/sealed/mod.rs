//! What of an event its provider has encrypted for the operator's certificate.
//!
//! That it can be opened proves nothing of who has sent it: a certificate is no secret, and whoever has it can encrypt. What
//! is encrypted is signed by the key that it is encrypted with, so that nothing of it can be changed by others. Who sends,
//! the delivery's own signature says.
//!
//! A sender learns nothing of how far it comes here: its delivery was answered before.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use catalogue::Encrypted;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::de::IgnoredAny;
use sha2::Sha256;

use crate::{
    keys::{
        PrivateKeys,
        pair::opening::{self, ONCE_BYTES},
    },
    reading::json::{self, Found},
};

/// An event of which a member is encrypted. It can't be printed.
pub struct Sealed<'a> {
    encrypted: &'a Encrypted,
    /// Those of the event in their order, and which of them is encrypted.
    members: Vec<(String, &'a str)>,
    at: usize,
    certificate: String,
    once: Vec<u8>,
    data: Vec<u8>,
    signature: Vec<u8>,
}

/// Why what is encrypted isn't opened. Nothing of the event is quoted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unopened {
    /// The operator has stored no key for the certificate that it names.
    #[error("no private key is stored under the name of the certificate that it is encrypted for")]
    NoKey,
    /// Those that are stored are others, or the encrypted key was changed.
    #[error("no private key that is stored under the name of its certificate opens it")]
    OtherKey,
    /// It isn't what the provider sends.
    #[error("what is encrypted of it isn't in the form that its provider has for it")]
    Malformed,
    /// Whoever reads it would take the sender's word for what was decrypted.
    #[error("it came with a member of the name that what is decrypted has")]
    Taken,
    /// It was changed, or cut.
    #[error("the signature of what is encrypted doesn't hold")]
    Forged,
    /// It is signed, and yet nothing that was encrypted as the provider does.
    #[error("what is encrypted can't be decrypted")]
    Undecryptable,
    /// It is decrypted, and can't stand in an event.
    #[error("what was decrypted is no JSON")]
    NotJson,
}

impl Unopened {
    /// Whether another key may open it.
    #[must_use]
    pub const fn wants_key(self) -> bool {
        matches!(self, Self::NoKey | Self::OtherKey)
    }
}

impl<'a> Sealed<'a> {
    /// What of an event's JSON is encrypted. `None`: nothing is, or the body is no JSON object.
    pub fn find(encrypted: &'a Encrypted, body: &'a [u8]) -> Result<Option<Self>, Unopened> {
        let Some(members) = json::members(body) else {
            return Ok(None);
        };
        if members.iter().any(|(name, _)| name == encrypted.decrypted) {
            return Err(Unopened::Taken);
        }
        let mut called = (members.iter().enumerate())
            .filter(|(_, (name, _))| name == encrypted.member)
            .map(|(at, _)| at);
        let (first, second) = (called.next(), called.next());
        let Some(at) = first else {
            return Ok(None);
        };
        let content = members[at].1;
        match (second, content) {
            (Some(_), _) => return Err(Unopened::Malformed),
            // There is none for those who haven't asked for it.
            (None, "null") => return Ok(None),
            (None, _) => {}
        }
        let text = |field| match json::find(content.as_bytes(), field) {
            Found::Text(text) => Ok(text),
            _ => Err(Unopened::Malformed),
        };
        let bytes = |field| {
            STANDARD
                .decode(text(field)?)
                .map_err(|_| Unopened::Malformed)
        };
        Ok(Some(Self {
            encrypted,
            certificate: text(encrypted.certificate)?,
            once: bytes(encrypted.key)?,
            data: bytes(encrypted.data)?,
            signature: bytes(encrypted.signature)?,
            members,
            at,
        }))
    }

    /// The event's JSON with what was encrypted in the place of what is. The signature is looked at before anything is
    /// decrypted.
    pub fn open(&self, keys: &PrivateKeys) -> Result<Vec<u8>, Unopened> {
        let keys = keys.of_certificate(&self.certificate);
        if keys.is_empty() {
            return Err(Unopened::NoKey);
        }
        let once = keys.iter().find_map(|key| key.once(&self.once));
        let once = once.ok_or(Unopened::OtherKey)?;
        if !self.is_signed(&once) {
            return Err(Unopened::Forged);
        }
        let json = opening::decrypt(&once, self.data.clone()).ok_or(Unopened::Undecryptable)?;
        if serde_json::from_slice::<IgnoredAny>(&json).is_err() {
            return Err(Unopened::NotJson);
        }
        let json = String::from_utf8(json).map_err(|_| Unopened::NotJson)?;
        Ok(self.with(&json))
    }

    /// Whether this key has signed what is encrypted; compared in constant time.
    fn is_signed(&self, once: &[u8; ONCE_BYTES]) -> bool {
        let Ok(mut hmac) = Hmac::<Sha256>::new_from_slice(once) else {
            return false;
        };
        hmac.update(&self.data);
        hmac.verify_slice(&self.signature).is_ok()
    }

    fn with(&self, json: &str) -> Vec<u8> {
        let mut text = String::from("{");
        for (at, (name, value)) in self.members.iter().enumerate() {
            let (name, value) = if at == self.at {
                (self.encrypted.decrypted, json)
            } else {
                (name.as_str(), *value)
            };
            if at > 0 {
                text.push(',');
            }
            text.push_str(&serde_json::Value::from(name).to_string());
            text.push(':');
            text.push_str(value);
        }
        text.push('}');
        text.into_bytes()
    }
}

impl fmt::Debug for Sealed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealed")
    }
}

#[cfg(test)]
mod tests;
