//! TrueLayer: <https://github.com/TrueLayer/truelayer-signing/blob/main/request-signing-v2.md>

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;

use crate::{
    delivery::Delivery,
    refusal::{Reason, Refusal},
    token,
};

use super::malformed;

/// A token whose payload isn't sent: method and path on a line, the headers that the token's header
/// lists on one each, then the body.
pub(super) fn message(signature: &str, delivery: &Delivery<'_>) -> Result<String, Refusal> {
    let parts = token::parts(signature)?;
    if !parts.payload.is_empty() {
        return Err(malformed("the token has a payload of its own"));
    }
    let header = token::object(parts.header)?;
    let text = |name: &str| header.get(name).and_then(Value::as_str);
    if text("tl_version") != Some("2") {
        return Err(malformed("the signature is not of version 2"));
    }
    let mut payload = format!("{} {}\n", delivery.method, delivery.path).into_bytes();
    let listed = text("tl_headers").unwrap_or_default();
    for name in listed
        .split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty())
    {
        let value = delivery.headers.get(name).ok_or_else(|| {
            let detail = "a header that is listed as signed is absent or empty";
            Refusal::new(Reason::Missing, detail)
        })?;
        payload.extend(format!("{name}: {value}\n").bytes());
    }
    payload.extend_from_slice(delivery.body);
    Ok(format!(
        "{}.{}",
        parts.header,
        URL_SAFE_NO_PAD.encode(payload)
    ))
}
