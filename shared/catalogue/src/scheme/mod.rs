//! How a provider signs, as parameters. `webhook::authenticity::verify` interprets them; nothing here computes.

mod algorithm;
pub mod coverage;
mod fault;
mod readings;
mod settings;

pub use self::algorithm::Algorithm;
use crate::{
    leaked::leaked,
    template::{Place, Template, WHOLE},
    url::UrlForm,
};

/// One way to sign a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scheme {
    /// Its name among the schemes of its entry, for example `v1`; empty where there is but one.
    pub version: &'static str,
    /// It counts only for sources that name it under `versions`: a newer one is there, and the provider
    /// sends both, or this one can be reached by leaving the newer one out.
    pub opt_in: bool,
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
    /// How the URL in the message may differ from the one that was called. Empty: it doesn't.
    pub url_forms: &'static [UrlForm],
    /// The time of the delivery, where the scheme has one that can be held against the clock.
    pub timestamp: Option<Timestamp>,
    /// What a token's claims must say, where the signature is one.
    pub claims: Option<&'static Claims>,
    /// Texts that must be these, for where a signature doesn't tell this source's deliveries from
    /// another customer's.
    pub equal: &'static [(Place, Template)],
    /// The scheme counts only for deliveries in which this text is this value: the provider says
    /// which version it signed with.
    pub when: Option<&'static (Field, &'static str)>,
    /// The scheme doesn't count for deliveries in which this field has an entry: a stronger proof is
    /// there, which a valid weaker one must not rescue. Where a scheme of the same source reads that
    /// field, this holds if a key of that scheme's is known.
    pub unless: Option<&'static Field>,
    /// What a delivery may say about its own signing: where the text is there it must be this one.
    pub named: &'static [(Field, &'static str)],
    /// What the body must look like.
    pub body: BodyForm,
}

/// What a body must look like, so that what is signed for one purpose can't be sent for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyForm {
    /// Anything.
    Any,
    /// Nothing, or what begins and ends with the brackets of a JSON object or array.
    Json,
}

/// How a secret's text becomes key bytes. It is the provider's choice and is never guessed from the
/// text: `whsec_…` is base64 to Svix and literal text to Stripe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyForm {
    /// The text's own bytes, all of them.
    Text,
    /// The text's bytes in the Unicode normalisation form NFKD.
    TextNfkd,
    /// The SHA-1 digest of the text's bytes.
    Sha1,
    /// Base64, decoded leniently (padding may be missing); the prefix is cut off where it is there.
    Base64 {
        /// For example `whsec_`.
        prefix: &'static str,
    },
    /// The text's own bytes; and where it begins with the prefix, also what follows in base64. For a
    /// provider that went over from the one to the other: the text doesn't tell which of the two it
    /// signs with, so it stands for both keys.
    TextOrBase64 {
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
    /// As a structured field has bytes: base64 between colons.
    Structured,
    /// As it is: a token.
    Text,
    /// The third part of a JSON Web Signature in its compact form, `header.payload.signature`. The
    /// header's `alg` must be the scheme's algorithm; it never chooses one.
    Jws,
}

/// A text that stands somewhere in the delivery, alone or as an entry of a list.
///
/// One shape covers the field: `sha256=…` is a prefix; Stripe's `t=…,v1=…` splits at `,` and picks
/// by prefix, for the signature and the timestamp alike; Standard Webhooks' `v1,… v1a,…` splits at a
/// space with the prefix `v1,`. Persona's `t=…,v1=… t=…,v1=…` is two such lists, a group for each of
/// two active secrets: the time of a group belongs to its signatures alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Where the text stands.
    pub place: Place,
    /// What separates groups of entries, each of which is a list with a time of its own.
    pub group: Option<char>,
    /// What separates the entries of a list. White space around an entry is dropped.
    pub split: Option<char>,
    /// An entry counts if it begins with one of these, which is then cut off. An empty prefix takes
    /// an entry as it is; one that begins with `*` stands for anything up to what follows the `*`; and an entry
    /// whose prefix ends with a quote ends with another, which is cut off, too.
    pub prefixes: &'static [&'static str],
}

/// What stands around a text in quotes.
pub const QUOTE: char = '"';

/// What the claims of a JSON Web Token must say. What isn't asked for isn't looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claims {
    /// The claim that holds SHA-256 of the body, and how it is written: where there is one, the body
    /// is signed with the token.
    pub body_digest: Option<(&'static str, Encoding)>,
    /// The claim that holds SHA-256 of the URL, and how it is written.
    pub url_digest: Option<(&'static str, Encoding)>,
    /// The claim that holds Atlassian's digest of method, path and query.
    pub request_digest: Option<&'static str>,
    /// How far `iat` may lie from the clock.
    pub issued: Option<Tolerance>,
    /// `exp` must be there and not be over for more than so many seconds.
    pub expires: Option<u32>,
    /// Claims that must be there, whatever they say: what tells the token from others that the same key signs.
    pub required: &'static [&'static str],
    /// Claims that must have the text of a template; of a list one element must.
    pub equal: &'static [(&'static str, Template)],
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
    /// Whole seconds or milliseconds since 1970, told apart by their size, where the provider has sent both.
    SecondsOrMillis,
    /// ISO 8601 with a UTC offset.
    Iso,
    /// ISO 8601 without an offset, in UTC.
    IsoUtc,
    /// A date as HTTP writes it: `Sun, 06 Nov 1994 08:49:37 GMT`.
    HttpDate,
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

impl Unit {
    /// Whether a time that is written now is of whole seconds.
    #[must_use]
    pub const fn is_in_seconds(self) -> bool {
        matches!(self, Self::Seconds | Self::SecondsOrMillis | Self::HttpDate)
    }
}

impl Field {
    /// A header that holds one value and nothing else.
    #[must_use]
    pub const fn header(names: &'static str) -> Self {
        Self {
            place: Place::Header(names),
            group: None,
            split: None,
            prefixes: &[""],
        }
    }

    /// A field of a JSON body.
    #[must_use]
    pub const fn json(path: &'static str) -> Self {
        Self {
            place: Place::Json(path),
            ..Self::header("")
        }
    }

    /// The JSON Web Token that the body is.
    #[must_use]
    pub const fn jwt() -> Self {
        Self {
            place: Place::Jwt(WHOLE),
            ..Self::header("")
        }
    }

    /// A field of a form body.
    #[must_use]
    pub const fn form(name: &'static str) -> Self {
        Self {
            place: Place::Form(name),
            ..Self::header("")
        }
    }

    /// The same field, of which only what follows one of these prefixes counts.
    #[must_use]
    pub const fn after(self, prefixes: &'static [&'static str]) -> Self {
        Self { prefixes, ..self }
    }

    /// The same field, read as groups, each of which is what the field was before.
    #[must_use]
    pub const fn grouped(self, separator: char) -> Self {
        Self {
            group: Some(separator),
            ..self
        }
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

impl Claims {
    /// Nothing is asked for.
    pub const NONE: Self = Self {
        body_digest: None,
        url_digest: None,
        request_digest: None,
        issued: None,
        expires: None,
        required: &[],
        equal: &[],
    };
}

impl Scheme {
    /// HMAC-SHA256 in hex over the raw body, in one header: the commonest shape. Entries name what
    /// differs, the header at least.
    pub const PLAIN: Self = Self {
        version: "",
        opt_in: false,
        algorithm: Algorithm::HmacSha256,
        key: KeyForm::Text,
        signature: Field::header(""),
        encoding: Encoding::Hex,
        message: Template::new("{body}"),
        url_forms: &[],
        timestamp: None,
        claims: None,
        equal: &[],
        when: None,
        unless: None,
        named: &[],
        body: BodyForm::Any,
    };

    /// The secret itself in a header, and nothing signed.
    pub const TOKEN: Self = Self {
        algorithm: Algorithm::Token,
        encoding: Encoding::Text,
        message: Template::new(""),
        ..Self::PLAIN
    };

    /// HTTP Basic authentication; the secret is `user:password`.
    pub const BASIC: Self = Self {
        signature: Field::header("Authorization").after(&["Basic ", "basic "]),
        encoding: Encoding::Base64,
        ..Self::TOKEN
    };

    /// The same with what is made of its claims, where it asks for any.
    #[must_use]
    pub fn with_claims(self, make: impl FnOnce(&Claims) -> Claims) -> Self {
        let claims = self.claims.map(|claims| leaked(make(claims)));
        Self { claims, ..self }
    }
}
