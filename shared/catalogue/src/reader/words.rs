//! The words for algorithms and forms.

use crate::scheme::{Algorithm, BodyForm, Encoding};

pub(super) const ALGORITHMS: &[(&str, Algorithm)] = &[
    ("hmac-sha256", Algorithm::HmacSha256),
    ("hmac-sha1", Algorithm::HmacSha1),
    ("hmac-sha384", Algorithm::HmacSha384),
    ("hmac-sha512", Algorithm::HmacSha512),
    ("sha256-concat", Algorithm::Sha256Concat),
    ("sha1-suffixed", Algorithm::Sha1Suffixed),
    ("sha256-suffixed", Algorithm::Sha256Suffixed),
    ("token", Algorithm::Token),
    ("ed25519", Algorithm::Ed25519),
    ("ecdsa-p256-sha256", Algorithm::EcdsaP256Sha256),
    ("ecdsa-p256-sha256-fixed", Algorithm::EcdsaP256Sha256Fixed),
    ("ecdsa-p256-sha1", Algorithm::EcdsaP256Sha1),
    ("ecdsa-p521-sha512-fixed", Algorithm::EcdsaP521Sha512Fixed),
    ("rsa-pkcs1-sha1", Algorithm::RsaPkcs1Sha1),
    ("rsa-pkcs1-sha256", Algorithm::RsaPkcs1Sha256),
    ("rsa-pkcs1-sha512", Algorithm::RsaPkcs1Sha512),
    ("rsa-pss-sha256", Algorithm::RsaPssSha256),
    ("rsa-pss-sha512", Algorithm::RsaPssSha512),
];

pub(super) const ENCODINGS: &[(&str, Encoding)] = &[
    ("hex", Encoding::Hex),
    ("base64", Encoding::Base64),
    ("base64url", Encoding::Base64Url),
    ("structured", Encoding::Structured),
    ("text", Encoding::Text),
    ("jws", Encoding::Jws),
];

pub(super) const BODY_FORMS: &[(&str, BodyForm)] =
    &[("any", BodyForm::Any), ("json", BodyForm::Json)];
