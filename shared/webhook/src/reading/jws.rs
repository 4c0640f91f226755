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

/// The token that these bytes are, if they have the form of one: three parts, and no character beside theirs.
pub(crate) fn text(bytes: &[u8]) -> Option<&str> {
    let is_of_token = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
    let text = str::from_utf8(bytes).ok()?;
    (bytes.iter().all(is_of_token) && parts(text).is_ok()).then_some(text)
}

/// The payload of a token, decoded.
#[must_use]
pub fn payload(token: &str) -> Option<Vec<u8>> {
    let payload = parts(token).ok()?.payload;
    URL_SAFE_NO_PAD.decode(payload).ok()
}

/// The claims of the token that a body is, as JSON. That its signature holds was found when the event was recorded.
#[must_use]
pub fn claims(body: &[u8]) -> Option<String> {
    String::from_utf8(payload(text(body)?)?).ok()
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
