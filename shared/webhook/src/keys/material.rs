//! Checks signatures, and computes those of shared keys. Compares in constant time, always.

use catalogue::Algorithm;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};

use crate::{keys::pair::PublicKey, reading::message::Message};

/// What verifies a signature.
pub(crate) enum Material {
    Shared(SharedKey),
    Public(PublicKey),
}

/// A shared secret; an HMAC key is taken in by its hash already, in as much room as that hash needs.
#[derive(Clone)]
pub(crate) enum SharedKey {
    Sha1(Box<Hmac<Sha1>>),
    Sha256(Box<Hmac<Sha256>>),
    Sha384(Box<Hmac<Sha384>>),
    Sha512(Box<Hmac<Sha512>>),
    /// A hash that has taken in the secret.
    Concat(Box<Sha256>),
    /// A secret that a hash takes in last.
    Suffix(Suffixed, Vec<u8>),
    /// The digest of what must be sent, so that texts of any length compare in constant time.
    Token([u8; 32]),
}

/// The hash of a secret that comes last.
#[derive(Clone, Copy)]
pub(crate) enum Suffixed {
    Sha1,
    Sha256,
}

impl Material {
    /// Whether a signature of the algorithm's shape can be this key's: only RSA keys differ in that.
    pub(crate) fn fits(&self, signature: &[u8]) -> bool {
        match self {
            Self::Public(key) => key.fits(signature),
            Self::Shared(_) => true,
        }
    }

    /// Whether one of these is the signature of this message. The message is hashed once, however
    /// many there are (but for Ed25519, which can't); beside that a shared key costs each of them a
    /// comparison.
    pub(crate) fn signed<'c>(
        &self,
        message: &Message<'_>,
        mut candidates: impl Iterator<Item = &'c [u8]>,
    ) -> bool {
        match self {
            Self::Shared(key) => match key {
                // A secret that is sent in several places must be right in each.
                SharedKey::Token(expected) => {
                    candidates.all(|candidate| is_token(candidate, expected))
                }
                key => {
                    let expected = key.sign(message);
                    candidates.any(|candidate| equal(candidate, &expected))
                }
            },
            Self::Public(key) => key.signed(message, candidates),
        }
    }
}

impl Material {
    /// The HMAC of these bytes, where this is the key of one.
    pub(crate) fn hmac(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        match self {
            Self::Shared(key) => match key {
                SharedKey::Concat(_) | SharedKey::Suffix(..) | SharedKey::Token(_) => None,
                key => Some(key.sign(&Message::of(bytes))),
            },
            Self::Public(_) => None,
        }
    }
}

/// What stands for a token, so that texts of any length compare in constant time.
pub(crate) fn token_digest(token: &[u8]) -> [u8; 32] {
    Sha256::digest(token).into()
}

/// Whether this is the token of which that is the digest.
pub(crate) fn is_token(token: &[u8], digest: &[u8; 32]) -> bool {
    equal(&token_digest(token), digest)
}

impl SharedKey {
    /// A key for this algorithm. `None` for an empty key, which HMAC itself would take and with which
    /// anyone can sign, and for an algorithm that has a public key.
    pub(crate) fn new(algorithm: Algorithm, key: &[u8]) -> Option<Self> {
        if key.is_empty() {
            return None;
        }
        Some(match algorithm {
            Algorithm::HmacSha1 => Self::Sha1(hmac(key)?),
            Algorithm::HmacSha256 => Self::Sha256(hmac(key)?),
            Algorithm::HmacSha384 => Self::Sha384(hmac(key)?),
            Algorithm::HmacSha512 => Self::Sha512(hmac(key)?),
            Algorithm::Sha256Concat => Self::Concat(Box::new(Sha256::new_with_prefix(key))),
            Algorithm::Sha1Suffixed => Self::Suffix(Suffixed::Sha1, key.to_vec()),
            Algorithm::Sha256Suffixed => Self::Suffix(Suffixed::Sha256, key.to_vec()),
            Algorithm::Token => Self::Token(token_digest(key)),
            Algorithm::Ed25519
            | Algorithm::EcdsaP256Sha256
            | Algorithm::EcdsaP256Sha256Fixed
            | Algorithm::EcdsaP256Sha1
            | Algorithm::EcdsaP521Sha512Fixed
            | Algorithm::RsaPkcs1Sha1
            | Algorithm::RsaPkcs1Sha256
            | Algorithm::RsaPkcs1Sha512
            | Algorithm::RsaPssSha256
            | Algorithm::RsaPssSha512 => return None,
        })
    }

    /// The signature of this message.
    pub(crate) fn sign(&self, message: &Message<'_>) -> Vec<u8> {
        match self {
            Self::Sha1(key) => fed(&**key, message).finalize().into_bytes().to_vec(),
            Self::Sha256(key) => fed(&**key, message).finalize().into_bytes().to_vec(),
            Self::Sha384(key) => fed(&**key, message).finalize().into_bytes().to_vec(),
            Self::Sha512(key) => fed(&**key, message).finalize().into_bytes().to_vec(),
            Self::Concat(key) => {
                let mut digest = Sha256::clone(key);
                message.parts().for_each(|part| digest.update(part));
                digest.finalize().to_vec()
            }
            Self::Suffix(Suffixed::Sha1, key) => digest_before::<Sha1>(message, key),
            Self::Suffix(Suffixed::Sha256, key) => digest_before::<Sha256>(message, key),
            // Who holds a token sends it; there is nothing to compute.
            Self::Token(digest) => digest.to_vec(),
        }
    }
}

#[cfg(feature = "public-keys")]
fn equal(one: &[u8], other: &[u8]) -> bool {
    aws_lc_rs::constant_time::verify_slices_are_equal(one, other).is_ok()
}

#[cfg(not(feature = "public-keys"))]
fn equal(one: &[u8], other: &[u8]) -> bool {
    ctutils::CtEq::ct_eq(one, other).to_bool()
}

/// The digest of a message and, behind it, a secret.
fn digest_before<D: Digest>(message: &Message<'_>, key: &[u8]) -> Vec<u8> {
    let mut digest = D::new();
    message.parts().for_each(|part| digest.update(part));
    digest.chain_update(key).finalize().to_vec()
}

fn hmac<M: KeyInit>(key: &[u8]) -> Option<Box<M>> {
    M::new_from_slice(key).ok().map(Box::new)
}

fn fed<M: Mac + Clone>(key: &M, message: &Message<'_>) -> M {
    let mut mac = key.clone();
    message.parts().for_each(|part| mac.update(part));
    mac
}

/// Whether these bytes have the shape of a signature by this algorithm, whatever the key.
pub(crate) fn has_form(algorithm: Algorithm, signature: &[u8]) -> bool {
    match (algorithm.signature_len(), algorithm) {
        (Some(len), _) => signature.len() == len,
        (None, Algorithm::EcdsaP256Sha256 | Algorithm::EcdsaP256Sha1) => is_ecdsa_der(signature),
        // As long as the modulus of a key that is taken.
        (None, algorithm) if algorithm.is_rsa() => (256..=1_024).contains(&signature.len()),
        (None, _) => !signature.is_empty(),
    }
}

/// Whether this is a SEQUENCE of two INTEGERs that P-256 can have. The values are the library's
/// matter; this only tells a signature from something else.
fn is_ecdsa_der(signature: &[u8]) -> bool {
    let [0x30, length, integers @ ..] = signature else {
        return false;
    };
    usize::from(*length) == integers.len()
        && integer(integers)
            .and_then(integer)
            .is_some_and(<[u8]>::is_empty)
}

fn integer(der: &[u8]) -> Option<&[u8]> {
    let [0x02, length @ 1..=33, rest @ ..] = der else {
        return None;
    };
    rest.get(usize::from(*length)..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_key_is_no_key() {
        assert!(SharedKey::new(Algorithm::HmacSha256, b"").is_none());
        assert!(SharedKey::new(Algorithm::HmacSha256, b"k").is_some());
        assert!(SharedKey::new(Algorithm::Ed25519, b"k").is_none());
    }

    #[test]
    fn an_ecdsa_signature_is_told_from_other_bytes() {
        assert!(is_ecdsa_der(&[0x30, 6, 2, 1, 1, 2, 1, 1]));
        for other in [
            &[][..],
            &[0x30],
            &[0x30, 0],
            &[0x30, 6, 2, 1, 1, 2, 1],
            &[0x30, 7, 2, 1, 1, 2, 1, 1, 0],
            &[0x30, 3, 2, 1, 1],
            &[0x30, 5, 2, 0, 2, 1, 1],
            &[0x31, 6, 2, 1, 1, 2, 1, 1],
            &[7; 64],
        ] {
            assert!(!is_ecdsa_der(other), "{other:?}");
        }
    }
}
