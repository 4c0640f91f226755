//! How a provider signs, as parameters. `webhook::verify` interprets them; nothing here computes.

use crate::template::{Place, Template};

/// One way to sign a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scheme {
    /// What makes the signature.
    pub algorithm: Algorithm,
    /// How the secret's text, as the provider hands it out, becomes key bytes.
    pub key: KeyForm,
    /// Where the signatures stand. Every entry found is a candidate.
    pub signature: Field,
    /// How a signature is written.
    pub encoding: Encoding,
    /// The bytes that are signed.
    pub message: Template,
    /// The time of the delivery, where the scheme has one that can be held against the clock.
    pub timestamp: Option<Timestamp>,
}

/// What makes a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// HMAC with SHA-1: for the providers that have nothing newer.
    HmacSha1,
    /// HMAC with SHA-256.
    HmacSha256,
    /// HMAC with SHA-384.
    HmacSha384,
    /// HMAC with SHA-512.
    HmacSha512,
    /// Ed25519, a signature of 64 bytes.
    Ed25519,
    /// ECDSA over P-256 with SHA-256, the signature in DER.
    EcdsaP256Sha256,
    /// RSASSA-PKCS1-v1_5 with SHA-256, keys of 2,048 to 8,192 bits.
    RsaPkcs1Sha256,
}

/// How a secret's text becomes key bytes. It is the provider's choice and is never guessed from the
/// text: `whsec_…` is base64 to Svix and literal text to Stripe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyForm {
    /// The text's own bytes, all of them.
    Text,
    /// Base64, decoded leniently (padding may lack); the prefix is cut off where it is there.
    Base64 {
        /// For example `whsec_`.
        prefix: &'static str,
    },
    /// Hexadecimal digits.
    Hex,
    /// A public key: PEM (SPKI, PKCS#1 or a certificate), JWK, or bare base64 or hex of the key.
    Public {
        /// What the text must begin with to be a key of this scheme; empty where nothing is asked.
        prefix: &'static str,
    },
}

/// How a signature is written. Signatures are decoded strictly: one spelling, one meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Two digits a byte, either case.
    Hex,
    /// The standard alphabet, padded.
    Base64,
    /// The URL-safe alphabet, not padded.
    Base64Url,
}

/// A text that stands somewhere in the delivery, alone or as an entry of a list.
///
/// One shape covers the field: `sha256=…` is a prefix; Stripe's `t=…,v1=…` splits at `,` and picks
/// by prefix, for the signature and the timestamp alike; Standard Webhooks' `v1,… v1a,…` splits at a
/// space with the prefix `v1,`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Where the text stands.
    pub place: Place,
    /// What separates the entries of a list. White space around an entry is dropped.
    pub split: Option<char>,
    /// An entry counts if it begins with one of these, which is then cut off. An empty prefix takes
    /// an entry as it is.
    pub prefixes: &'static [&'static str],
}

/// The time of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timestamp {
    /// Where it stands; of several entries the first counts.
    pub field: Field,
    /// How it is written.
    pub unit: Unit,
    /// How far it may lie from the clock.
    pub tolerance: Tolerance,
}

/// How a time is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Whole seconds since 1970.
    Seconds,
    /// Whole milliseconds since 1970.
    Millis,
    /// ISO 8601 with a UTC offset.
    Iso,
}

/// The allowed distance between a delivery's time and the clock, in seconds, each side by itself.
/// Both ends are inclusive: zero means equal, to the unit. `None` means that the side is not checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tolerance {
    /// How old a delivery may be.
    pub past: Option<u32>,
    /// How far ahead of our clock a delivery may be.
    pub future: Option<u32>,
}

impl Tolerance {
    /// The same distance on both sides.
    #[must_use]
    pub const fn both(seconds: u32) -> Self {
        Self {
            past: Some(seconds),
            future: Some(seconds),
        }
    }

    /// Only the past is checked, as the official libraries of Stripe and others do.
    #[must_use]
    pub const fn past(seconds: u32) -> Self {
        Self {
            past: Some(seconds),
            future: None,
        }
    }
}

impl Field {
    /// A header that holds one value and nothing else.
    #[must_use]
    pub const fn header(names: &'static str) -> Self {
        Self {
            place: Place::Header(names),
            split: None,
            prefixes: &[""],
        }
    }

    /// The same field, of which only what follows one of these prefixes counts.
    #[must_use]
    pub const fn after(self, prefixes: &'static [&'static str]) -> Self {
        Self { prefixes, ..self }
    }

    /// The same field, read as a list.
    #[must_use]
    pub const fn split(self, separator: char) -> Self {
        Self {
            split: Some(separator),
            ..self
        }
    }
}

impl Algorithm {
    /// The number of bytes of every signature, where it doesn't depend on the key.
    #[must_use]
    pub const fn signature_len(self) -> Option<usize> {
        match self {
            Self::HmacSha1 => Some(20),
            Self::HmacSha256 => Some(32),
            Self::HmacSha384 => Some(48),
            Self::HmacSha512 | Self::Ed25519 => Some(64),
            Self::EcdsaP256Sha256 | Self::RsaPkcs1Sha256 => None,
        }
    }

    /// Whether the receiver holds only a public key.
    #[must_use]
    pub const fn is_public_key(self) -> bool {
        matches!(
            self,
            Self::Ed25519 | Self::EcdsaP256Sha256 | Self::RsaPkcs1Sha256
        )
    }
}

impl Scheme {
    /// Whether the signature covers this place of the delivery, so that what stands there is proven.
    #[must_use]
    pub fn covers(&self, place: Place) -> bool {
        use crate::template::Piece;
        self.message.pieces().any(|piece| match piece {
            Piece::Body => place.is_in_body(),
            Piece::Url => matches!(place, Place::Query(_)),
            Piece::Value(signed) => signed == place,
            _ => false,
        })
    }

    /// Whether the signature covers the whole body. Where it doesn't, a delivery's origin is proven,
    /// but not all that it says.
    #[must_use]
    pub fn covers_body(&self) -> bool {
        self.message.contains(crate::template::Piece::Body)
    }
}

impl Scheme {
    /// What makes the parameters contradict each other, if anything.
    #[must_use]
    pub fn fault(&self) -> Option<String> {
        use crate::template::Piece;
        if let Some(fault) = self.message.fault() {
            return Some(fault);
        }
        let signed_time = self.message.contains(Piece::Timestamp);
        match self.timestamp {
            None if signed_time => {
                return Some(
                    "the message has {timestamp}, but the scheme names no timestamp".into(),
                );
            }
            // A time that stands in the signed body is signed with it.
            Some(timestamp) if !signed_time && !self.covers(timestamp.field.place) => {
                return Some(
                    "the timestamp is not in the message: unsigned, it proves nothing and must not be checked"
                        .into(),
                );
            }
            _ => {}
        }
        if self.algorithm.is_public_key() != matches!(self.key, KeyForm::Public { .. }) {
            return Some(format!(
                "a key of the form {:?} does not fit {:?}",
                self.key, self.algorithm
            ));
        }
        if self.signature.prefixes.is_empty() {
            return Some(
                "the signature has no prefix to look for; an empty one takes it as it is".into(),
            );
        }
        None
    }
}
