//! Finds what looks like a signature in a delivery's headers.

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use catalogue::{Algorithm, Encoding, Field};

use crate::delivery::Case;

/// A text that may be a signature, and by what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Candidate {
    pub(super) field: Field,
    pub(super) encoding: Encoding,
    pub(super) algorithm: Algorithm,
}

/// Headers that are long and random and never a signature.
const NEVER: &[&str] = &[
    "cookie",
    "traceparent",
    "tracestate",
    "x-amzn-trace-id",
    "user-agent",
];

pub(super) fn candidates(case: &Case) -> Vec<Candidate> {
    let mut found = Vec::new();
    for (name, _) in &case.header_pairs {
        let Some(value) = case.headers.get(name) else {
            continue;
        };
        if NEVER.iter().any(|never| name.eq_ignore_ascii_case(never)) {
            continue;
        }
        let name: &'static str = name.clone().leak();
        for (field, text) in fields(name, value) {
            found.extend(token(case, field, text).filter(|token| !found.contains(token)));
            for encoding in [Encoding::Hex, Encoding::Base64, Encoding::Base64Url] {
                for algorithm in decode(encoding, text).map(algorithms).unwrap_or_default() {
                    let candidate = Candidate {
                        field,
                        encoding,
                        algorithm: *algorithm,
                    };
                    if !found.contains(&candidate) {
                        found.push(candidate);
                    }
                }
            }
        }
    }
    found
}

/// The value as it is, and the entries of the lists that it may be, each with what may be its prefix.
fn fields<'v>(name: &'static str, value: &'v str) -> Vec<(Field, &'v str)> {
    let whole = Field::header(name);
    let mut fields = vec![(whole, value)];
    fields.extend(prefixed(whole, value, ['=', ' ']));
    for split in [',', ' ', ';'] {
        if !value.contains(split) {
            continue;
        }
        let list = whole.split(split);
        for entry in value.split(split).map(str::trim) {
            fields.push((list, entry));
            fields.extend(prefixed(list, entry, ['=', ',']));
        }
    }
    // Standard Webhooks: one entry of the form `v1,…`.
    fields.extend(prefixed(whole.split(' '), value, [',', ',']));
    fields
}

/// An entry of the form `v1=…`.
fn prefixed(field: Field, entry: &str, marks: [char; 2]) -> Option<(Field, &str)> {
    let end = entry.find(marks)? + 1;
    let (prefix, rest) = entry.split_at(end);
    if rest.is_empty() || prefix.len() > 24 {
        return None;
    }
    let prefixes: &'static [&'static str] = vec![&*prefix.to_owned().leak()].leak();
    Some((field.after(prefixes), rest))
}

/// The secret itself, as it is or as HTTP Basic authentication has it.
fn token(case: &Case, field: Field, text: &str) -> Option<Candidate> {
    let is_secret = |text: &[u8]| {
        let mut secrets = case.secrets.iter();
        secrets.any(|secret| secret.text.as_bytes() == text)
    };
    let encoding = if is_secret(text.as_bytes()) {
        Encoding::Text
    } else if STANDARD.decode(text).is_ok_and(|bytes| is_secret(&bytes)) {
        Encoding::Base64
    } else {
        return None;
    };
    Some(Candidate {
        field,
        encoding,
        algorithm: Algorithm::Token,
    })
}

fn decode(encoding: Encoding, text: &str) -> Option<usize> {
    let decoded = match encoding {
        Encoding::Hex => hex::decode(text).ok(),
        Encoding::Base64 => STANDARD.decode(text).ok(),
        Encoding::Base64Url => URL_SAFE_NO_PAD.decode(text).ok(),
        Encoding::Structured | Encoding::Text | Encoding::Jws => None,
    };
    decoded.map(|bytes| bytes.len())
}

/// What makes signatures of this length.
fn algorithms(length: usize) -> &'static [Algorithm] {
    match length {
        20 => &[Algorithm::HmacSha1],
        32 => &[Algorithm::HmacSha256],
        48 => &[Algorithm::HmacSha384],
        64 => &[Algorithm::HmacSha512, Algorithm::Ed25519],
        // A DER sequence of two integers of up to 33 bytes.
        68..=72 => &[Algorithm::EcdsaP256Sha256],
        256 | 384 | 512 | 1024 => &[Algorithm::RsaPkcs1Sha256],
        _ => &[],
    }
}
