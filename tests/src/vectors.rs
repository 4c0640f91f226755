//! The vectors from outside the code: deliveries whose verdict is known.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use catalogue::Provider;
use serde::Deserialize;
use webhook::{refusal::Reason, time::UnixMillis};

use crate::Request;

/// Where the vectors are, a file for each provider that has any.
pub const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/vectors");

/// One delivery and its verdict. The files beside have more fields: where it comes from, and the rule
/// in words.
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
    /// The headers.
    pub headers: std::collections::BTreeMap<String, String>,
    /// The URL, where it is signed.
    pub url: Option<String>,
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
    /// Why it is refused, in the collection's own words.
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
    "discord/signature_not_hex",
    "line/invalid",
    "notion/malformed_hex",
    "modern-treasury/modified_signature",
    "sanity/hash_changed",
    "shopify/literal_invalid",
    "square/invalid_header_sha1_length",
    "standard-webhooks/partial_signature_v1_comma_only",
    "svix/partial_v1_comma",
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
        }
    }

    /// Why it is refused, in our words. `None`: it isn't.
    #[must_use]
    pub fn refusal(&self) -> Option<Reason> {
        if self.expect == Verdict::Valid {
            return None;
        }
        Some(
            match (self.title().as_str(), self.reason.as_deref().unwrap()) {
                // The collection says "mismatch" of whatever doesn't match; these decode to no signature at all.
                (title, "signature_mismatch") if NO_SIGNATURE.contains(&title) => Reason::Malformed,
                (
                    _,
                    "missing_signature_header"
                    | "missing_timestamp"
                    | "missing_id"
                    | "missing_fields",
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
                (_, "timestamp_too_old" | "timestamp_in_future" | "outside_tolerance") => {
                    Reason::Stale
                }
                (_, "signature_mismatch" | "code_mismatch" | "body_hash_mismatch") => {
                    Reason::Forged
                }
                (_, other) => panic!(
                    "{}: {other} has no place among our reasons yet",
                    self.title()
                ),
            },
        )
    }
}
