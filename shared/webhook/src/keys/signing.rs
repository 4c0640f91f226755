//! Keys that sign, for samples, fire drills and tests.

use std::fmt;

use aws_lc_rs::{
    encoding::{AsDer as _, PublicKeyX509Der},
    rand::SystemRandom,
    rsa,
    signature::{
        ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P256_SHA256_FIXED_SIGNING,
        ECDSA_P521_SHA512_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _,
        RSA_PKCS1_SHA256,
    },
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use catalogue::{Algorithm, KeyForm, Scheme};

use crate::{
    keys::{
        base64::LENIENT,
        key::{self, KeyFault, PRIVATE_PREFIX, Secret},
        material::SharedKey,
        pem,
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
    Shared(Box<SharedKey>),
    Ed25519(Ed25519KeyPair),
    Ecdsa(EcdsaKeyPair),
    Rsa(rsa::KeyPair),
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
        let is_private = text.starts_with(PRIVATE_PREFIX) || pem::is_armoured(text);
        let (scheme, half) = if is_private {
            schemes
                .iter()
                .find_map(|scheme| Some((scheme, private(scheme.algorithm, text)?)))
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
                    Ok((scheme, Half::Shared(Box::new(newest))))
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
        let der: PublicKeyX509Der<'_> = match &self.half {
            Half::Shared(_) | Half::Token(_) => return None,
            Half::Ed25519(pair) => match self.scheme.key {
                KeyForm::Public { prefix } if !prefix.is_empty() => {
                    return Some(format!("{prefix}{}", STANDARD.encode(pair.public_key())));
                }
                _ => pair.public_key().as_der().ok()?,
            },
            Half::Ecdsa(pair) => pair.public_key().as_der().ok()?,
            Half::Rsa(pair) => pair.public_key().as_der().ok()?,
        };
        Some(pem::armoured("PUBLIC KEY", der.as_ref()))
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
        let random = SystemRandom::new();
        match &self.half {
            Half::Shared(key) => Some(key.sign(message)),
            Half::Ed25519(key) => Some(key.sign(&message.whole()).as_ref().to_vec()),
            Half::Ecdsa(key) => Some(key.sign(&random, &message.whole()).ok()?.as_ref().to_vec()),
            Half::Token(text) => Some(text.clone().into_bytes()),
            Half::Rsa(key) => {
                let mut signature = vec![0; key.public_modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &random, &message.whole(), &mut signature)
                    .ok()?;
                Some(signature)
            }
        }
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.label)
    }
}

/// The private key of this text, if it is one of this algorithm.
fn private(algorithm: Algorithm, text: &str) -> Option<Half> {
    if let Some(encoded) = text.strip_prefix(PRIVATE_PREFIX) {
        let bytes = LENIENT.decode(encoded).ok()?;
        if algorithm != Algorithm::Ed25519 {
            return None;
        }
        let pair = match bytes.len() {
            32 => Ed25519KeyPair::from_seed_unchecked(&bytes),
            64 => Ed25519KeyPair::from_seed_and_public_key(&bytes[..32], &bytes[32..]),
            _ => return None,
        };
        return pair.ok().map(Half::Ed25519);
    }
    let block = pem::read(text)?;
    let der = &block.der;
    match algorithm {
        Algorithm::Ed25519 => Ed25519KeyPair::from_pkcs8(der).ok().map(Half::Ed25519),
        Algorithm::EcdsaP256Sha256
        | Algorithm::EcdsaP256Sha256Fixed
        | Algorithm::EcdsaP521Sha512Fixed => {
            let form = match algorithm {
                Algorithm::EcdsaP256Sha256 => &ECDSA_P256_SHA256_ASN1_SIGNING,
                Algorithm::EcdsaP256Sha256Fixed => &ECDSA_P256_SHA256_FIXED_SIGNING,
                _ => &ECDSA_P521_SHA512_FIXED_SIGNING,
            };
            EcdsaKeyPair::from_pkcs8(form, der)
                .or_else(|_| EcdsaKeyPair::from_private_key_der(form, der))
                .ok()
                .map(Half::Ecdsa)
        }
        Algorithm::RsaPkcs1Sha256 => rsa::KeyPair::from_pkcs8(der)
            .or_else(|_| rsa::KeyPair::from_der(der))
            .ok()
            .map(Half::Rsa),
        _ => None,
    }
}
