//! Makes secrets: for the local stack, and for deliveries that are to be refused as forged.

use aws_lc_rs::{
    encoding::{AsDer as _, Pkcs8V1Der},
    error::Unspecified,
    rand,
    rsa::{self, KeySize},
    signature::{
        ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P521_SHA512_FIXED_SIGNING, EcdsaKeyPair,
        Ed25519KeyPair,
    },
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use catalogue::{Algorithm, Encoding, KeyForm, Scheme};

use super::pair::pem;

/// No random bytes could be had, or no key made of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no key can be made")]
pub struct Unmade;

/// The first of these schemes that a delivery can be signed by here: nobody signs with a key pair and SHA-1 any more.
#[must_use]
pub fn signable(schemes: &'static [Scheme]) -> Option<&'static Scheme> {
    let is_signable = |scheme: &&Scheme| !scheme.algorithm.is_only_verified();
    schemes.iter().find(is_signable)
}

/// A secret that nobody has yet, in the form that the scheme's provider hands out; of a scheme with public keys the
/// private half of a new pair, whose public half is [`SigningKey::public_half`](crate::keys::SigningKey::public_half).
pub fn secret(scheme: &Scheme) -> Result<String, Unmade> {
    made(scheme).map_err(|Unspecified| Unmade)
}

fn made(scheme: &Scheme) -> Result<String, Unspecified> {
    let mut bytes = [0; 32];
    rand::fill(&mut bytes)?;
    let is_password = scheme.algorithm == Algorithm::Token && scheme.encoding == Encoding::Base64;
    Ok(match scheme.key {
        // HTTP Basic authentication: a user and a password.
        KeyForm::Text if is_password => format!("landfall:{}", hex::encode(bytes)),
        KeyForm::Text | KeyForm::TextNfkd | KeyForm::Sha1 | KeyForm::Hex => hex::encode(bytes),
        KeyForm::Base64 { prefix } | KeyForm::TextOrBase64 { prefix } => {
            format!("{prefix}{}", STANDARD.encode(bytes))
        }
        KeyForm::Public { .. } => pem::armoured("PRIVATE KEY", &private_key(scheme.algorithm)?),
    })
}

/// A new private key, PKCS#8.
fn private_key(algorithm: Algorithm) -> Result<Vec<u8>, Unspecified> {
    let ecdsa = |form| {
        Ok(EcdsaKeyPair::generate(form)?
            .to_pkcs8v1()?
            .as_ref()
            .to_vec())
    };
    match algorithm {
        Algorithm::Ed25519 => Ok(Ed25519KeyPair::generate()?.to_pkcs8v1()?.as_ref().to_vec()),
        Algorithm::EcdsaP256Sha256 | Algorithm::EcdsaP256Sha256Fixed | Algorithm::EcdsaP256Sha1 => {
            ecdsa(&ECDSA_P256_SHA256_ASN1_SIGNING)
        }
        Algorithm::EcdsaP521Sha512Fixed => ecdsa(&ECDSA_P521_SHA512_FIXED_SIGNING),
        Algorithm::RsaPkcs1Sha1
        | Algorithm::RsaPkcs1Sha256
        | Algorithm::RsaPkcs1Sha512
        | Algorithm::RsaPssSha256
        | Algorithm::RsaPssSha512
        | Algorithm::HmacSha1
        | Algorithm::HmacSha256
        | Algorithm::HmacSha384
        | Algorithm::HmacSha512
        | Algorithm::Sha256Concat
        | Algorithm::Sha1Suffixed
        | Algorithm::Sha256Suffixed
        | Algorithm::Token => {
            let pair = rsa::KeyPair::generate(KeySize::Rsa2048)?;
            let der: Pkcs8V1Der<'_> = pair.as_der()?;
            Ok(der.as_ref().to_vec())
        }
    }
}
