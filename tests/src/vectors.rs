//! The vectors from outside the code: deliveries whose verdict is known.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use catalogue::Provider;
use serde::Deserialize;
use webhook::{refusal::Reason, time::UnixMillis};

use crate::Request;

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

impl Vector {
    /// Every vector of this file.
    #[must_use]
    pub fn of(provider: &Provider) -> Vec<Self> {
        let path = format!(
            "{}/vectors/{}.json",
            env!("CARGO_MANIFEST_DIR"),
            provider.name
        );
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
        Request {
            headers: self
                .headers
                .iter()
                .map(|(n, v)| (n.clone(), v.clone()))
                .collect(),
            body: STANDARD.decode(&self.body_b64).unwrap(),
            query: String::new(),
        }
    }

    /// Why it is refused, in our words. `None`: it isn't.
    #[must_use]
    pub fn refusal(&self) -> Option<Reason> {
        if self.expect == Verdict::Valid {
            return None;
        }
        Some(
            match (self.name.as_str(), self.reason.as_deref().unwrap()) {
                // The collection says "mismatch" of whatever doesn't match; these decode to no signature at all.
                (
                    "literal_invalid" | "partial_v1_comma" | "partial_signature_v1_comma_only",
                    "signature_mismatch",
                )
                | (_, "no_candidate_signature" | "bad_timestamp") => Reason::Malformed,
                (_, "missing_signature_header" | "missing_timestamp" | "missing_id") => {
                    Reason::Missing
                }
                (_, "timestamp_too_old" | "timestamp_in_future") => Reason::Stale,
                (_, "signature_mismatch") => Reason::Forged,
                (_, other) => panic!(
                    "{}: {other} has no place among our reasons yet",
                    self.title()
                ),
            },
        )
    }
}
