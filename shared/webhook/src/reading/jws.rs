//! JSON Web Signatures in the compact form, taken apart. Nothing of one is believed here.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value};

use catalogue::Field;

use crate::{
    reading::{delivery::Delivery, extract},
    refusal::Refusal,
};

/// The parts of a token in the compact form. The payload is empty where it is sent apart.
pub(crate) struct Parts<'t> {
    pub(crate) header: &'t str,
    pub(crate) payload: &'t str,
    /// Header and payload with the dot between them.
    pub(crate) signed: &'t str,
}

pub(crate) fn parts(token: &str) -> Result<Parts<'_>, Refusal> {
    let mut dots = token.match_indices('.').map(|(at, _)| at);
    match (dots.next(), dots.next(), dots.next()) {
        (Some(first), Some(second), None) => Ok(Parts {
            header: &token[..first],
            payload: &token[first + 1..second],
            signed: &token[..second],
        }),
        _ => Err(Refusal::malformed("the token has not three parts")),
    }
}

/// A part of a token, which is a JSON object.
pub(crate) fn object(part: &str) -> Result<Map<String, Value>, Refusal> {
    URL_SAFE_NO_PAD
        .decode(part)
        .ok()
        .and_then(|json| serde_json::from_slice(&json).ok())
        .ok_or_else(|| Refusal::malformed("a part of the token is no JSON object in base64url"))
}

/// The token of this field; of several the first.
pub(crate) fn sent(field: &Field, delivery: &Delivery<'_>) -> Result<String, Refusal> {
    let text = extract::required(field.place, delivery)?;
    extract::entries(field, &text)
        .next()
        .map(str::to_owned)
        .ok_or_else(|| Refusal::malformed("there is no token of a known form"))
}
