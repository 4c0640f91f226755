//! The vectors from outside the code: deliveries whose verdict is known.

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use catalogue::{Provider, Scheme, Source};
use protocol::time::UnixMillis;
use serde::Deserialize;
use webhook::refusal::Reason;

use crate::Request;

/// Where the vectors are, a file for each provider that has any.
pub const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../vectors");

/// One delivery and its verdict. The files say more of it, which is for people: what kind of report
/// it comes from (`provenance`, `kind`), the form of the secret (`secret_form`), a library's word on it
/// (`library`, `version`, `library_said`), and the rule in words (`scheme`, `note`).
#[derive(Clone, Debug, Deserialize)]
pub struct Vector {
    /// The provider's name in the catalogue.
    pub provider: String,
    /// The vector's own name.
    pub name: String,
    /// Where it comes from.
    pub source: String,
    /// The active secrets.
    pub secret: Secrets,
    /// The versions of the provider's that count, where they aren't those that do by themselves.
    pub versions: Option<Vec<String>>,
    /// The headers.
    pub headers: BTreeMap<String, String>,
    /// What the source says under `settings`. One that isn't given isn't held against the delivery,
    /// as with `landfall verify`.
    #[serde(default)]
    pub settings: BTreeMap<String, String>,
    /// The URL that was called, where it is signed.
    pub url: Option<String>,
    /// The URL as it was entered at the provider, where it is another.
    pub entered_url: Option<String>,
    /// The method, where it isn't POST.
    pub method: Option<String>,
    /// The raw body, in base64.
    pub body_b64: String,
    /// The clock, where one is needed.
    pub now_unix: Option<i64>,
    /// The tolerance, where the provider has one.
    pub tolerance_s: Option<u32>,
    /// The verdict.
    pub expect: Verdict,
    /// Why it is refused, in the collection's own words; where it doesn't say, any refusal will do.
    pub reason: Option<String>,
}

/// One secret or several.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Secrets {
    /// One.
    One(String),
    /// Several, all active.
    Several(Vec<String>),
}

/// A verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Authentic.
    Valid,
    /// Refused.
    Invalid,
}

/// Vectors whose signature is none: of no known form, or of another length.
const NO_SIGNATURE: &[&str] = &[
    "adyen/banking_malformed_same_length",
    "adyen/payments_notification_bad",
    "braintree/py_other_public_key",
    "castle/malformed",
    "cloudinary/sha1_other_signature",
    "cronofy/none_of_two",
    "discord/signature_not_hex",
    "gogs/not_a_signature",
    "line/invalid",
    "notion/malformed_hex",
    "modern-treasury/modified_signature",
    "razorpay/empty_body_no_signature",
    "sanity/hash_changed",
    "shopify/literal_invalid",
    "square/invalid_header_sha1_length",
    "standard-webhooks/partial_signature_v1_comma_only",
    "svix/partial_v1_comma",
    "twilio/py_shared_key_sha256_without_settings_header",
    "twilio/wrong_signature",
];

impl Vector {
    /// Every vector of this file.
    #[must_use]
    pub fn of(provider: &Provider) -> Vec<Self> {
        let path = format!("{FOLDER}/{}.json", provider.name);
        if !std::path::Path::new(&path).exists() {
            return Vec::new();
        }
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// The provider and the name, for messages.
    #[must_use]
    pub fn title(&self) -> String {
        format!("{}/{}", self.provider, self.name)
    }

    /// The source that it was sent to, with the versions and settings that the vector has.
    #[must_use]
    pub fn source_for(&self, provider: &'static Provider) -> Source {
        let given: Vec<(&str, &str)> = (self.settings.iter())
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let mut source = Source::of(provider);
        if let Some(versions) = &self.versions {
            let versions: Vec<&str> = versions.iter().map(String::as_str).collect();
            source.schemes = provider.chosen(&versions).leak();
        }
        let source = source.with_settings(&given);
        let schemes: Vec<_> = source.schemes.iter().map(Scheme::of_any_customer).collect();
        Source {
            schemes: schemes.leak(),
            ..source
        }
    }

    /// The active secrets.
    #[must_use]
    pub fn secrets(&self) -> Vec<&str> {
        match &self.secret {
            Secrets::One(secret) => vec![secret],
            Secrets::Several(secrets) => secrets.iter().map(String::as_str).collect(),
        }
    }

    /// The clock.
    #[must_use]
    pub fn now(&self) -> UnixMillis {
        UnixMillis(self.now_unix.unwrap_or_default() * 1_000)
    }

    /// The request.
    #[must_use]
    pub fn request(&self) -> Request {
        let url = self.url.as_deref().unwrap_or("https://example.com/");
        let (url, query) = url.split_once('?').unwrap_or((url, ""));
        Request {
            headers: self
                .headers
                .iter()
                .map(|(n, v)| (n.clone(), v.clone()))
                .collect(),
            body: STANDARD.decode(&self.body_b64).unwrap(),
            method: self.method.clone().unwrap_or_else(|| "POST".into()),
            url: url.into(),
            query: query.into(),
            entered_url: self.entered_url.clone(),
        }
    }

    /// Whether it is authentic.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.expect == Verdict::Valid
    }

    /// Whether this is the verdict: refused for that reason, or `None`, not refused.
    #[must_use]
    pub fn agrees(&self, refused: Option<Reason>) -> bool {
        match (self.expect, &self.reason) {
            (Verdict::Valid, _) => refused.is_none(),
            (Verdict::Invalid, None) => refused.is_some(),
            (Verdict::Invalid, Some(word)) => refused == Some(self.in_our_words(word)),
        }
    }

    /// The reason that the collection calls by this word.
    fn in_our_words(&self, word: &str) -> Reason {
        match (self.title().as_str(), word) {
            // The collection says "mismatch" of whatever doesn't match; these decode to no signature at all.
            (title, "signature_mismatch") if NO_SIGNATURE.contains(&title) => Reason::Malformed,
            (
                _,
                "missing_signature_header" | "missing_timestamp" | "missing_id" | "missing_fields",
            )
            | ("pagerduty/malformed_header_empty", _) => Reason::Missing,
            (
                _,
                "no_candidate_signature"
                | "bad_timestamp"
                | "bad_algorithm"
                | "bad_signature_version"
                | "untrusted_cert_url"
                | "code_not_hexadecimal",
            ) => Reason::Malformed,
            (_, "timestamp_too_old" | "timestamp_in_future" | "outside_tolerance") => Reason::Stale,
            (
                _,
                "signature_mismatch"
                | "code_mismatch"
                | "body_hash_mismatch"
                | "claim_mismatch"
                | "could_be_a_challenge",
            ) => Reason::Forged,
            (_, other) => panic!(
                "{}: {other} has no place among our reasons yet",
                self.title()
            ),
        }
    }
}
