//! TrueLayer: <https://github.com/TrueLayer/truelayer-signing/blob/main/request-signing-v2.md>

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use catalogue::Scheme;
use serde_json::Value;

use crate::{
    reading::{delivery::Delivery, jws, listed, url},
    refusal::Refusal,
};

/// A token whose payload isn't sent: method and path on a line, the headers that the token's header
/// lists on one each, then the body. The path has the forms of the scheme.
pub(super) fn messages(
    scheme: &Scheme,
    signature: &str,
    delivery: &Delivery<'_>,
) -> Result<Vec<String>, Refusal> {
    let parts = jws::parts(signature)?;
    if !parts.payload.is_empty() {
        return Err(Refusal::malformed("the token has a payload of its own"));
    }
    let header = jws::object(parts.header)?;
    let text = |name: &str| header.get(name).and_then(Value::as_str);
    if text("tl_version") != Some("2") {
        return Err(Refusal::malformed("the signature is not of version 2"));
    }
    if delivery.url.is_empty() {
        return Err(Refusal::missing("the URL is not known"));
    }
    let mut behind = Vec::new();
    let listed = listed::truelayer(&header);
    // The time is only worth something if it is among them.
    if !listed
        .split(',')
        .any(|name| name.trim().eq_ignore_ascii_case("X-Tl-Webhook-Timestamp"))
    {
        return Err(Refusal::malformed(
            "the time is not among the signed headers",
        ));
    }
    for name in listed
        .split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty())
    {
        let value = delivery.headers.get(name).ok_or_else(|| {
            let detail = "a header that is listed as signed is absent or empty";
            Refusal::missing(detail)
        })?;
        behind.extend(format!("{name}: {value}\n").bytes());
    }
    behind.extend_from_slice(delivery.body);
    let message = |path: &String| {
        let mut payload = format!("{} {path}\n", delivery.method).into_bytes();
        payload.extend_from_slice(&behind);
        format!("{}.{}", parts.header, URL_SAFE_NO_PAD.encode(payload))
    };
    let paths = url::forms(delivery.path, scheme.url_forms);
    Ok(paths.iter().map(message).collect())
}
