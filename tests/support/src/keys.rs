//! Secrets and key pairs for every algorithm and key form, made when a test runs.

use std::sync::LazyLock;

use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der},
    rsa,
    signature::{
        ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P521_SHA512_FIXED_SIGNING, EcdsaKeyPair,
        Ed25519KeyPair, KeyPair as _,
    },
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use catalogue::{Algorithm, KeyForm, Scheme};

/// What signs and what verifies, as texts. Equal for a shared secret.
#[derive(Clone, Debug)]
pub struct Pair {
    /// For the signer.
    pub private: String,
    /// For the receiver.
    pub public: String,
}

static RSA: LazyLock<Pair> = LazyLock::new(|| {
    let key = rsa::KeyPair::generate(rsa::KeySize::Rsa2048).unwrap();
    let private: Pkcs8V1Der<'_> = key.as_der().unwrap();
    let public: PublicKeyX509Der<'_> = key.public_key().as_der().unwrap();
    pems(private.as_ref(), public.as_ref())
});

static ECDSA: LazyLock<Pair> = LazyLock::new(|| {
    let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap();
    let public: PublicKeyX509Der<'_> = key.public_key().as_der().unwrap();
    pems(key.to_pkcs8v1().unwrap().as_ref(), public.as_ref())
});

static ECDSA_P521: LazyLock<Pair> = LazyLock::new(|| {
    let key = EcdsaKeyPair::generate(&ECDSA_P521_SHA512_FIXED_SIGNING).unwrap();
    let public: PublicKeyX509Der<'_> = key.public_key().as_der().unwrap();
    pems(key.to_pkcs8v1().unwrap().as_ref(), public.as_ref())
});

static ED25519: LazyLock<Pair> = LazyLock::new(|| {
    let key = Ed25519KeyPair::generate().unwrap();
    let public: PublicKeyX509Der<'_> = key.public_key().as_der().unwrap();
    pems(key.to_pkcs8v1().unwrap().as_ref(), public.as_ref())
});

static STANDARD_V1A: LazyLock<Pair> = LazyLock::new(|| {
    let seed = [7; 32];
    let key = Ed25519KeyPair::from_seed_unchecked(&seed).unwrap();
    let public = key.public_key();
    Pair {
        private: format!(
            "whsk_{}",
            STANDARD.encode([&seed, public.as_ref()].concat())
        ),
        public: format!("whpk_{}", STANDARD.encode(public)),
    }
});

/// A pair that fits this scheme.
#[must_use]
pub fn pair(scheme: &Scheme) -> Pair {
    match (scheme.algorithm, scheme.key) {
        (Algorithm::Token, _) => shared("user:It's a Secret to Everybody"),
        (_, KeyForm::Text | KeyForm::TextNfkd | KeyForm::Sha1) => {
            shared("It's a Secret to Everybody")
        }
        (_, KeyForm::Hex) => shared("00112233445566778899aabbCCDDEEFF"),
        (_, KeyForm::Base64 { prefix } | KeyForm::TextOrBase64 { prefix }) => {
            shared(&format!("{prefix}MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
        }
        (Algorithm::Ed25519, KeyForm::Public { prefix }) if !prefix.is_empty() => {
            STANDARD_V1A.clone()
        }
        (Algorithm::Ed25519, _) => ED25519.clone(),
        (
            Algorithm::EcdsaP256Sha256 | Algorithm::EcdsaP256Sha256Fixed | Algorithm::EcdsaP256Sha1,
            _,
        ) => ECDSA.clone(),
        (Algorithm::EcdsaP521Sha512Fixed, _) => ECDSA_P521.clone(),
        (_, KeyForm::Public { .. }) => RSA.clone(),
    }
}

/// What verifies, and signed nothing outside the tests.
#[must_use]
pub fn strange(scheme: &Scheme) -> String {
    match scheme.key {
        KeyForm::Text | KeyForm::TextNfkd | KeyForm::Sha1 => {
            "no vector was signed with this text".into()
        }
        KeyForm::Hex => "6e6f20766563746f7220776173207369".into(),
        KeyForm::Base64 { prefix } | KeyForm::TextOrBase64 { prefix } => {
            format!("{prefix}bm8gdmVjdG9yIHdhcyBzaWduZWQ=")
        }
        KeyForm::Public { .. } => pair(scheme).public,
    }
}

fn shared(text: &str) -> Pair {
    Pair {
        private: text.into(),
        public: text.into(),
    }
}

fn pems(private: &[u8], public: &[u8]) -> Pair {
    let armour = |label, der| {
        format!(
            "-----BEGIN {label}-----\n{}\n-----END {label}-----\n",
            STANDARD.encode(der)
        )
    };
    Pair {
        private: armour("PRIVATE KEY", private),
        public: armour("PUBLIC KEY", public),
    }
}
