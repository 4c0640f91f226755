//! Reads public keys in the forms in which providers hand them out.

use aws_lc_rs::{
    digest,
    encoding::AsDer as _,
    rsa,
    signature::{
        ECDSA_P256_SHA1_ASN1, ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA256_FIXED,
        ECDSA_P521_SHA512_FIXED, ED25519, ParsedPublicKey,
        RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY, RSA_PKCS1_2048_8192_SHA256,
        RSA_PKCS1_2048_8192_SHA512, RSA_PSS_2048_8192_SHA256, RSA_PSS_2048_8192_SHA512,
        RsaPublicKeyComponents, VerificationAlgorithm,
    },
};
use base64::Engine as _;
use catalogue::Algorithm;
use serde::{Deserialize, de::IgnoredAny};
use serde_json::value::RawValue;
use x509_cert::{
    Certificate,
    der::{Decode as _, Encode as _},
    spki::SubjectPublicKeyInfoRef,
};

use crate::{
    keys::pair::{is_armoured, pem},
    reading::{
        base64::{LENIENT, LENIENT_URL},
        message::Message,
    },
};

const PRIVATE: &str = "is a private key; a receiver holds the public half only";
const UNREADABLE: &str = "is no public key of the scheme's algorithm";
const SIZE: &str = "is an RSA key of less than 2,048 or more than 8,192 bits";

/// A public key of an algorithm.
pub(crate) struct PublicKey {
    algorithm: Algorithm,
    key: ParsedPublicKey,
    /// The length of an RSA key's signatures.
    modulus_len: usize,
}

impl PublicKey {
    /// The keys of this algorithm that a text stands for: one, or all of a key set that fit.
    pub(crate) fn all(algorithm: Algorithm, text: &str) -> Result<Vec<Self>, &'static str> {
        let mut keys = Vec::new();
        let mut fault = "is a key set without a key";
        for one in each(text) {
            match read(algorithm, one) {
                Ok(key) => keys.push(key),
                Err(found) => fault = found,
            }
        }
        if keys.is_empty() {
            return Err(fault);
        }
        Ok(keys)
    }

    /// Whether a signature of the algorithm's shape can be this key's: only RSA keys differ in that.
    pub(crate) fn fits(&self, signature: &[u8]) -> bool {
        !self.algorithm.is_rsa() || signature.len() == self.modulus_len
    }

    /// Whether one of these is the signature of this message. The message is hashed once, but for Ed25519, which
    /// can't.
    pub(crate) fn signed<'c>(
        &self,
        message: &Message<'_>,
        mut candidates: impl Iterator<Item = &'c [u8]>,
    ) -> bool {
        let key = &self.key;
        if self.algorithm == Algorithm::Ed25519 {
            let message = message.whole();
            return candidates.any(|signature| key.verify_sig(&message, signature).is_ok());
        }
        let mut context = digest::Context::new(match self.algorithm {
            Algorithm::RsaPkcs1Sha1 | Algorithm::EcdsaP256Sha1 => &digest::SHA1_FOR_LEGACY_USE_ONLY,
            Algorithm::EcdsaP521Sha512Fixed
            | Algorithm::RsaPkcs1Sha512
            | Algorithm::RsaPssSha512 => &digest::SHA512,
            _ => &digest::SHA256,
        });
        message.parts().for_each(|part| context.update(part));
        let digest = context.finish();
        candidates.any(|signature| key.verify_digest_sig(&digest, signature).is_ok())
    }
}

/// Reads a key: PEM (SPKI, PKCS#1, certificate), JWK, or the bare bytes of any of them or of the key itself in hex or
/// base64.
fn read(algorithm: Algorithm, text: &str) -> Result<PublicKey, &'static str> {
    let text = text.trim();
    if is_armoured(text) {
        let block = pem::read(text).ok_or("is PEM that can't be read")?;
        if block.label.contains("PRIVATE") {
            return Err(PRIVATE);
        }
        return from_bytes(algorithm, &block.der);
    }
    if text.starts_with('{') {
        return from_jwk(algorithm, text);
    }
    let mut fault = UNREADABLE;
    for bytes in bare(text) {
        match from_bytes(algorithm, &bytes) {
            Ok(key) => return Ok(key),
            Err(found) if found != UNREADABLE => fault = found,
            Err(_) => {}
        }
    }
    Err(fault)
}

/// Whether this is a public key or a certificate of whatever algorithm, or was meant to be one. Keys without any
/// form around them aren't told from other bytes.
pub(crate) fn is_public(text: &str) -> bool {
    let text = text.trim();
    let is_key = |bytes: &Vec<u8>| {
        Certificate::from_der(bytes).is_ok()
            || SubjectPublicKeyInfoRef::from_der(bytes).is_ok()
            || rsa::PublicKey::from_der(bytes).is_ok()
    };
    is_armoured(text) || text.starts_with('{') || bare(text).iter().any(is_key)
}

/// The bytes that a text without armour may stand for. Digits are hex before they are base64.
fn bare(text: &str) -> Vec<Vec<u8>> {
    let text: String = text.split_whitespace().collect();
    [
        hex::decode(&text).ok(),
        LENIENT.decode(&text).ok(),
        LENIENT_URL.decode(&text).ok(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn from_bytes(algorithm: Algorithm, bytes: &[u8]) -> Result<PublicKey, &'static str> {
    let inner = Certificate::from_der(bytes).ok().and_then(|certificate| {
        certificate
            .tbs_certificate()
            .subject_public_key_info()
            .to_der()
            .ok()
    });
    let bytes = inner.as_deref().unwrap_or(bytes);
    let (verifier, modulus_len): (&'static dyn VerificationAlgorithm, usize) = match algorithm {
        Algorithm::Ed25519 => (&ED25519, 0),
        Algorithm::EcdsaP256Sha256 => (&ECDSA_P256_SHA256_ASN1, 0),
        Algorithm::EcdsaP256Sha256Fixed => (&ECDSA_P256_SHA256_FIXED, 0),
        Algorithm::EcdsaP256Sha1 => (&ECDSA_P256_SHA1_ASN1, 0),
        Algorithm::EcdsaP521Sha512Fixed => (&ECDSA_P521_SHA512_FIXED, 0),
        algorithm if algorithm.is_rsa() => {
            // Only an encrypting key tells its size; it takes SPKI alone and no other sizes.
            let spki = rsa::PublicKey::from_der(bytes)
                .and_then(|key| Ok(key.as_der()?))
                .map_err(|_| UNREADABLE)?;
            let key = rsa::PublicEncryptingKey::from_der(spki.as_ref()).map_err(|_| SIZE)?;
            let verifier: &'static dyn VerificationAlgorithm = match algorithm {
                Algorithm::RsaPkcs1Sha1 => &RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY,
                Algorithm::RsaPkcs1Sha512 => &RSA_PKCS1_2048_8192_SHA512,
                Algorithm::RsaPssSha256 => &RSA_PSS_2048_8192_SHA256,
                Algorithm::RsaPssSha512 => &RSA_PSS_2048_8192_SHA512,
                _ => &RSA_PKCS1_2048_8192_SHA256,
            };
            (verifier, key.key_size_bytes())
        }
        _ => return Err(UNREADABLE),
    };
    Ok(PublicKey {
        algorithm,
        key: ParsedPublicKey::new(verifier, bytes).map_err(|_| UNREADABLE)?,
        modulus_len,
    })
}

/// The JWKs of a key set, `{"keys":[…]}`; of any other text the text itself.
fn each(text: &str) -> Vec<&str> {
    #[derive(Deserialize)]
    struct KeySet<'a> {
        #[serde(borrow)]
        keys: Vec<&'a RawValue>,
    }
    match serde_json::from_str::<KeySet<'_>>(text) {
        Ok(set) => set.keys.into_iter().map(RawValue::get).collect(),
        Err(_) => vec![text],
    }
}

#[derive(Deserialize)]
struct Jwk<'a> {
    kty: &'a str,
    crv: Option<&'a str>,
    n: Option<&'a str>,
    e: Option<&'a str>,
    x: Option<&'a str>,
    y: Option<&'a str>,
    d: Option<IgnoredAny>,
}

fn from_jwk(algorithm: Algorithm, text: &str) -> Result<PublicKey, &'static str> {
    let jwk: Jwk<'_> = serde_json::from_str(text).map_err(|_| "is no readable JWK")?;
    if jwk.d.is_some() {
        return Err(PRIVATE);
    }
    let part = |text: Option<&str>| {
        text.and_then(|text| LENIENT_URL.decode(text).ok())
            .ok_or("is a JWK without a part of the key")
    };
    let bytes = match (algorithm, jwk.kty, jwk.crv) {
        (algorithm, "RSA", _) if algorithm.is_rsa() => {
            let (n, e) = (part(jwk.n)?, part(jwk.e)?);
            let components = RsaPublicKeyComponents {
                n: without_zeros(&n),
                e: without_zeros(&e),
            };
            components
                .as_der()
                .map_err(|_| UNREADABLE)?
                .as_ref()
                .to_vec()
        }
        (
            Algorithm::EcdsaP256Sha256 | Algorithm::EcdsaP256Sha256Fixed | Algorithm::EcdsaP256Sha1,
            "EC",
            Some("P-256"),
        )
        | (Algorithm::EcdsaP521Sha512Fixed, "EC", Some("P-521")) => {
            [vec![4], part(jwk.x)?, part(jwk.y)?].concat()
        }
        (Algorithm::Ed25519, "OKP", Some("Ed25519")) => part(jwk.x)?,
        _ => return Err("is a JWK of another kind of key than the scheme's"),
    };
    from_bytes(algorithm, &bytes)
}

fn without_zeros(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    &number[zeros..]
}
