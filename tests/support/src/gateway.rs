//! API Gateway's events.

use std::collections::BTreeMap;

use catalogue::Source;
use protocol::time::UnixMillis;
use serde_json::{Value, json};
use webhook::{
    authenticity::sign::sign,
    keys::{Secret, SigningKey},
    reading::delivery::{Delivery, Headers},
};

/// A POST to the source of this name.
#[must_use]
pub fn request(source: &str, body: &str, headers: &[(String, String)]) -> Value {
    let headers: BTreeMap<_, _> = headers
        .iter()
        .map(|(name, value)| (name.to_ascii_lowercase(), value.clone()))
        .collect();
    json!({
        "rawPath": format!("/webhooks/{source}"),
        "rawQueryString": "",
        "headers": headers,
        "requestContext": {
            "domainName": "example.com",
            "http": {"method": "POST", "sourceIp": "192.0.2.1"},
        },
        "body": body,
        "isBase64Encoded": false,
    })
}

/// A delivery to this source with these headers, signed with this secret at this time as the provider would.
#[must_use]
pub fn signed(
    source: &Source,
    body: &str,
    headers: &[(&str, &str)],
    secret: &str,
    now: UnixMillis,
) -> Value {
    let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    let mut headers: Vec<_> = headers.iter().map(own).collect();
    let unsigned: Headers = headers.iter().cloned().collect();
    let path = format!("/webhooks/{}", source.name);
    let url = format!("https://example.com{path}");
    let delivery = Delivery::new("POST", &url, &unsigned, body.as_bytes());
    let key = SigningKey::load(source.schemes, &Secret::new(secret, "label")).expect("a key");
    headers.extend(sign(&key, &delivery, now).expect("a signature").headers);
    request(source.name.as_str(), body, &headers)
}
