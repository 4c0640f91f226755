//! Keys that sign, for samples, fire drills and tests.

use std::fmt;

use catalogue::{Algorithm, KeyForm, Scheme};

use crate::{
    keys::{
        key::{self, KeyFault, PRIVATE_PREFIX, Secret},
        material::SharedKey,
        pair::{PrivateKey, is_armoured},
    },
    reading::message::Message,
};

/// What signs: the shared secret, or the private half of a key pair.
pub struct SigningKey {
    scheme: &'static Scheme,
    label: String,
    half: Half,
}

enum Half {
    Shared(SharedKey),
    Private(PrivateKey),
    /// What is sent instead of a signature.
    Token(String),
}

impl SigningKey {
    /// The signing half of a secret. For HMAC the text is what the receiver holds, too. For
    /// public-key schemes it is the private key: PEM (PKCS#8; PKCS#1 for RSA, SEC 1 for ECDSA), or
    /// `whsk_…` for Ed25519. A private key belongs to the first of these schemes that can sign with it,
    /// a shared secret to the scheme to which it belongs when it verifies.
    pub fn load(schemes: &'static [Scheme], secret: &Secret) -> Result<Self, KeyFault> {
        let text = secret.value().trim();
        let is_private = text.starts_with(PRIVATE_PREFIX) || is_armoured(text);
        let (scheme, half) = if is_private {
            schemes
                .iter()
                .find_map(|scheme| Some((scheme, PrivateKey::read(scheme.algorithm, text)?)))
                .map(|(scheme, key)| (scheme, Half::Private(key)))
                .ok_or("is a key with which none of the schemes signs")
        } else {
            match key::scheme_of(schemes, text) {
                Some(scheme) if matches!(scheme.key, KeyForm::Public { .. }) => {
                    Err("is no private key; the scheme signs with one")
                }
                Some(scheme) if scheme.algorithm == Algorithm::Token => {
                    key::shared(scheme, secret.value())
                        .map(|_| (scheme, Half::Token(secret.value().to_owned())))
                }
                Some(scheme) => key::shared(scheme, secret.value()).and_then(|keys| {
                    let newest = keys.into_iter().next().ok_or("holds no key")?;
                    Ok((scheme, Half::Shared(newest)))
                }),
                None => Err("has no scheme to belong to"),
            }
        }
        .map_err(|fault| secret.fault(fault))?;
        Ok(Self {
            scheme,
            label: secret.label().to_owned(),
            half,
        })
    }

    /// The scheme that it signs by.
    #[must_use]
    pub fn scheme(&self) -> &'static Scheme {
        self.scheme
    }

    /// What a receiver holds to verify with: the public half of a key pair. `None` of a shared secret, which is the
    /// same text on both sides.
    #[must_use]
    pub fn public_half(&self) -> Option<String> {
        match &self.half {
            Half::Shared(_) | Half::Token(_) => None,
            Half::Private(key) => key.public_half(self.scheme),
        }
    }

    /// What is sent instead of a signature, where the scheme is a token's.
    pub(crate) fn token(&self) -> Option<&str> {
        match &self.half {
            Half::Token(text) => Some(text),
            _ => None,
        }
    }

    /// The signature of this message.
    pub(crate) fn sign(&self, message: &Message<'_>) -> Option<Vec<u8>> {
        match &self.half {
            Half::Shared(key) => Some(key.sign(message)),
            Half::Private(key) => key.sign(message),
            Half::Token(text) => Some(text.clone().into_bytes()),
        }
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.label)
    }
}
