//! The private halves of key pairs, for samples, fire drills and tests.

use aws_lc_rs::{
    encoding::{AsDer as _, PublicKeyX509Der},
    rand::SystemRandom,
    rsa,
    signature::{
        ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P256_SHA256_FIXED_SIGNING,
        ECDSA_P521_SHA512_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _,
        RSA_PKCS1_SHA256, RSA_PKCS1_SHA512, RSA_PSS_SHA256, RSA_PSS_SHA512, RsaEncoding,
    },
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use catalogue::{Algorithm, KeyForm, Scheme};

use crate::{
    keys::{key::PRIVATE_PREFIX, pair::pem},
    reading::{base64::LENIENT, message::Message},
};

/// The private half of a pair.
pub(crate) enum PrivateKey {
    Ed25519(Ed25519KeyPair),
    Ecdsa(EcdsaKeyPair),
    Rsa(rsa::KeyPair, &'static dyn RsaEncoding),
}

impl PrivateKey {
    /// The private key of this text, if it is one of this algorithm.
    pub(crate) fn read(algorithm: Algorithm, text: &str) -> Option<Self> {
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
            return pair.ok().map(Self::Ed25519);
        }
        let block = pem::read(text)?;
        let der = &block.der;
        match algorithm {
            Algorithm::Ed25519 => Ed25519KeyPair::from_pkcs8(der).ok().map(Self::Ed25519),
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
                    .map(Self::Ecdsa)
            }
            Algorithm::RsaPkcs1Sha256 => rsa(der, &RSA_PKCS1_SHA256),
            Algorithm::RsaPkcs1Sha512 => rsa(der, &RSA_PKCS1_SHA512),
            Algorithm::RsaPssSha256 => rsa(der, &RSA_PSS_SHA256),
            Algorithm::RsaPssSha512 => rsa(der, &RSA_PSS_SHA512),
            _ => None,
        }
    }

    /// The public half, in the form that the scheme's provider hands out.
    pub(crate) fn public_half(&self, scheme: &Scheme) -> Option<String> {
        let der: PublicKeyX509Der<'_> = match self {
            Self::Ed25519(pair) => match scheme.key {
                KeyForm::Public { prefix } if !prefix.is_empty() => {
                    return Some(format!("{prefix}{}", STANDARD.encode(pair.public_key())));
                }
                _ => pair.public_key().as_der().ok()?,
            },
            Self::Ecdsa(pair) => pair.public_key().as_der().ok()?,
            Self::Rsa(pair, _) => pair.public_key().as_der().ok()?,
        };
        Some(pem::armoured("PUBLIC KEY", der.as_ref()))
    }

    /// The signature of this message.
    pub(crate) fn sign(&self, message: &Message<'_>) -> Option<Vec<u8>> {
        let random = SystemRandom::new();
        match self {
            Self::Ed25519(key) => Some(key.sign(&message.whole()).as_ref().to_vec()),
            Self::Ecdsa(key) => Some(key.sign(&random, &message.whole()).ok()?.as_ref().to_vec()),
            Self::Rsa(key, encoding) => {
                let mut signature = vec![0; key.public_modulus_len()];
                key.sign(*encoding, &random, &message.whole(), &mut signature)
                    .ok()?;
                Some(signature)
            }
        }
    }
}

fn rsa(der: &[u8], encoding: &'static dyn RsaEncoding) -> Option<PrivateKey> {
    let pair = rsa::KeyPair::from_pkcs8(der).or_else(|_| rsa::KeyPair::from_der(der));
    pair.ok().map(|pair| PrivateKey::Rsa(pair, encoding))
}
