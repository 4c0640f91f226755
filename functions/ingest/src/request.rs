//! API Gateway's HTTP request, as plain texts. Nothing of it is decoded but the body, and nothing
//! that a caller may write makes the reading fail: no URI, no header type, no percent sign.

use std::{borrow::Cow, collections::BTreeMap, net::IpAddr};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::Deserialize;
use webhook::delivery::{Delivery, Headers};

/// A request, of which nothing is believed yet, and nothing shown but its sizes and where it came from.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Request {
    /// The HTTP method, in capitals.
    pub method: String,
    /// The path as it was sent.
    pub path: String,
    /// The query as it was sent, without `?`.
    pub query: String,
    /// The host that the platform answered as.
    pub host: String,
    /// The headers.
    pub headers: Headers,
    /// The address that the platform saw; never what a header says.
    pub source_ip: Option<IpAddr>,
    /// The body.
    pub body: Body,
}

/// A body as the platform hands it over: texts as they are, all else in base64.
#[derive(Clone, PartialEq, Eq)]
pub enum Body {
    /// The body itself.
    Text(String),
    /// The body in base64.
    Base64(String),
}

/// The event is none of API Gateway's: it reads as no JSON of the known shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoRequest;

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Event {
    raw_path: Option<String>,
    raw_query_string: Option<String>,
    headers: Option<BTreeMap<String, Option<String>>>,
    body: Option<String>,
    is_base64_encoded: Option<bool>,
    request_context: Option<Context>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Context {
    domain_name: Option<String>,
    http: Option<Http>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Http {
    method: Option<String>,
    source_ip: Option<String>,
}

impl Request {
    /// Reads an API Gateway event of payload format 2.0.
    pub fn read(json: &str) -> Result<Self, NoRequest> {
        // What serde says of a fault may quote the request.
        let event: Event = serde_json::from_str(json).map_err(|_| NoRequest)?;
        let context = event.request_context.unwrap_or_default();
        let http = context.http.unwrap_or_default();
        let body = event.body.unwrap_or_default();
        let headers = event.headers.unwrap_or_default();
        Ok(Self {
            method: http.method.unwrap_or_default(),
            path: event.raw_path.unwrap_or_default(),
            query: event.raw_query_string.unwrap_or_default(),
            host: context.domain_name.unwrap_or_default(),
            headers: headers
                .into_iter()
                .filter_map(|(name, value)| Some((name, value?)))
                .collect(),
            source_ip: http.source_ip.and_then(|address| address.parse().ok()),
            body: match event.is_base64_encoded {
                Some(true) => Body::Base64(body),
                _ => Body::Text(body),
            },
        })
    }

    /// The source's name: what stands behind `/webhooks/`.
    #[must_use]
    pub fn source(&self) -> Option<&str> {
        self.path.strip_prefix("/webhooks/")
    }

    /// The URL that the provider was given: with this scheme and host, or those that the platform
    /// answered as.
    #[must_use]
    pub fn url(&self, base: Option<&str>) -> String {
        let mut url = match base {
            Some(base) => format!("{base}{}", self.path),
            None => format!("https://{}{}", self.host, self.path),
        };
        if !self.query.is_empty() {
            url.push('?');
            url.push_str(&self.query);
        }
        url
    }

    /// The delivery that this request makes, with its body decoded.
    #[must_use]
    pub fn delivery<'a>(&'a self, url: &'a str, body: &'a [u8]) -> Delivery<'a> {
        Delivery {
            method: &self.method,
            path: &self.path,
            query: &self.query,
            url,
            headers: &self.headers,
            body,
        }
    }
}

impl Body {
    /// How many bytes it has once decoded, told from its length.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            // Four digits are three bytes. Padding isn't looked for beyond the two places it can have.
            Self::Base64(text) => {
                let padding = text
                    .bytes()
                    .rev()
                    .take(2)
                    .take_while(|b| *b == b'=')
                    .count();
                let digits = text.len() - padding;
                digits / 4 * 3 + digits % 4 * 3 / 4
            }
        }
    }

    /// Whether it has none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The raw bytes. `None`: it is said to be base64 and isn't.
    #[must_use]
    pub fn decode(&self) -> Option<Cow<'_, [u8]>> {
        match self {
            Self::Text(text) => Some(Cow::Borrowed(text.as_bytes())),
            Self::Base64(text) => STANDARD.decode(text).ok().map(Cow::Owned),
        }
    }
}

impl Default for Body {
    fn default() -> Self {
        Self::Text(String::new())
    }
}

impl std::fmt::Debug for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Request")
            .field("headers", &self.headers)
            .field("source_ip", &self.source_ip)
            .field("body", &self.body)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Body {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Body({} bytes)", self.len())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_event_of_api_gateway_is_read() {
        let event = json!({
            "version": "2.0",
            "routeKey": "ANY /webhooks/{source}",
            "rawPath": "/webhooks/stripe",
            "rawQueryString": "a=1&b=%20",
            "headers": {"stripe-signature": "t=1,v1=aa", "content-type": "application/json"},
            "requestContext": {
                "domainName": "abc.execute-api.eu-central-1.amazonaws.com",
                "http": {"method": "POST", "path": "/webhooks/stripe", "sourceIp": "192.0.2.1"},
                "timeEpoch": 1_700_000_000_000_i64,
            },
            "body": "eyJhIjoxfQ==",
            "isBase64Encoded": true,
        });
        let request = Request::read(&event.to_string()).unwrap();
        assert_eq!(request.method, "POST");
        assert_eq!(request.source(), Some("stripe"));
        assert_eq!(request.source_ip, Some([192, 0, 2, 1].into()));
        assert_eq!(request.headers.get("Stripe-Signature"), Some("t=1,v1=aa"));
        assert_eq!(request.body.decode().unwrap(), br#"{"a":1}"#.as_slice());
        assert_eq!(
            request.url(None),
            "https://abc.execute-api.eu-central-1.amazonaws.com/webhooks/stripe?a=1&b=%20"
        );
        assert_eq!(
            request.url(Some("https://hooks.example.com")),
            "https://hooks.example.com/webhooks/stripe?a=1&b=%20"
        );
    }

    #[test]
    fn whatever_is_absent_or_null_is_empty() {
        for event in [
            "{}",
            r#"{"rawPath":null,"headers":null,"body":null,"isBase64Encoded":null,"requestContext":null}"#,
            r#"{"headers":{"a":null},"requestContext":{"http":null}}"#,
            r#"{"requestContext":{"http":{"sourceIp":"not an address"}}}"#,
        ] {
            assert_eq!(Request::read(event), Ok(Request::default()), "{event}");
        }
    }

    #[test]
    fn hostile_texts_are_plain_texts() {
        let hostile = "<>\" \u{0}\u{7f}\r\n%zz\u{fffe}žluť🦀";
        let event = json!({
            "rawPath": hostile,
            "rawQueryString": hostile,
            "headers": {"host": hostile, "x-forwarded-proto": hostile, hostile: hostile},
            "requestContext": {"domainName": hostile, "http": {"method": hostile}},
            "body": hostile,
        });
        let request = Request::read(&event.to_string()).unwrap();
        assert_eq!(request.query, hostile);
        assert_eq!(request.headers.get("host"), Some(hostile));
        assert_eq!(request.body.decode().unwrap(), hostile.as_bytes());
        assert!(request.url(None).ends_with(hostile));
    }

    #[test]
    fn what_is_no_event_is_said_to_be_none() {
        for event in [
            "",
            "null",
            "[1]",
            "1",
            r#"{"body":1}"#,
            r#"{"body":"\ud800"}"#,
            r#"{"headers":[1]}"#,
        ] {
            assert_eq!(Request::read(event), Err(NoRequest), "{event}");
        }
    }

    #[test]
    fn a_source_is_the_rest_of_the_path_as_it_stands() {
        for (path, source) in [
            ("/webhooks/stripe", Some("stripe")),
            ("/webhooks/stripe/", Some("stripe/")),
            ("/webhooks/%73tripe", Some("%73tripe")),
            ("/webhooks/", Some("")),
            ("/webhooks", None),
            ("/Webhooks/stripe", None),
            ("//webhooks/stripe", None),
            ("", None),
        ] {
            let request = Request {
                path: path.into(),
                ..Request::default()
            };
            assert_eq!(request.source(), source, "{path}");
        }
    }

    #[test]
    fn the_decoded_length_is_known_before_decoding() {
        for bytes in 0..64 {
            let body = Body::Base64(STANDARD.encode(vec![7; bytes]));
            assert_eq!(body.len(), bytes);
            assert_eq!(body.decode().unwrap().len(), bytes);
        }
        assert_eq!(Body::Text("é".into()).len(), 2);
    }

    #[test]
    fn bad_base64_is_no_body() {
        for text in [
            "a", "ab=c", "%%%%", "====", "QQ", "QR==", "QQ==\n", "_-8=", "é",
        ] {
            let body = Body::Base64(text.into());
            assert_eq!(body.decode(), None, "{text:?}");
            assert!(body.len() <= text.len());
        }
    }
}
