//! The words of `landfall.toml` for the parts of a scheme.

use catalogue::{Algorithm, BodyForm, Encoding, Place, Unit};

pub(super) fn body_form(form: BodyForm) -> &'static str {
    match form {
        BodyForm::Any => "any",
        BodyForm::Json => "json",
    }
}

pub(super) fn place(place: Place) -> (&'static str, &'static str) {
    match place {
        Place::Header(names) => ("header", names),
        Place::Json(names) => ("json", names),
        Place::Form(names) => ("form", names),
        Place::Query(names) => ("query", names),
        Place::Jwt(names) => ("jwt", names),
    }
}

pub(super) fn algorithm(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::HmacSha1 => "hmac-sha1",
        Algorithm::HmacSha256 => "hmac-sha256",
        Algorithm::HmacSha384 => "hmac-sha384",
        Algorithm::HmacSha512 => "hmac-sha512",
        Algorithm::Sha256Concat => "sha256-concat",
        Algorithm::Sha1Suffixed => "sha1-suffixed",
        Algorithm::Sha256Suffixed => "sha256-suffixed",
        Algorithm::Token => "token",
        Algorithm::Ed25519 => "ed25519",
        Algorithm::EcdsaP256Sha256 => "ecdsa-p256-sha256",
        Algorithm::EcdsaP256Sha256Fixed => "ecdsa-p256-sha256-fixed",
        Algorithm::EcdsaP256Sha1 => "ecdsa-p256-sha1",
        Algorithm::EcdsaP521Sha512Fixed => "ecdsa-p521-sha512-fixed",
        Algorithm::RsaPkcs1Sha1 => "rsa-pkcs1-sha1",
        Algorithm::RsaPkcs1Sha256 => "rsa-pkcs1-sha256",
        Algorithm::RsaPkcs1Sha512 => "rsa-pkcs1-sha512",
        Algorithm::RsaPssSha256 => "rsa-pss-sha256",
        Algorithm::RsaPssSha512 => "rsa-pss-sha512",
    }
}

pub(super) fn encoding(encoding: Encoding) -> &'static str {
    match encoding {
        Encoding::Hex => "hex",
        Encoding::Base64 => "base64",
        Encoding::Base64Url => "base64url",
        Encoding::Structured => "structured",
        Encoding::Text => "text",
        Encoding::Jws => "jws",
    }
}

pub(super) fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Seconds => "s",
        Unit::Millis => "ms",
        Unit::SecondsOrMillis => "s-or-ms",
        Unit::Iso => "iso",
        Unit::IsoUtc => "iso-utc",
        Unit::HttpDate => "http-date",
    }
}
