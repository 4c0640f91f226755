//! API Gateway's HTTP request, as plain texts. Nothing of it is decoded but the body, and nothing
//! that a caller may write makes the reading fail: no URI, no header type, no percent sign.

use std::{borrow::Cow, collections::BTreeMap, net::IpAddr};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::Deserialize;
use webhook::{
    delivery::{Delivery, Headers},
    url,
};

/// A request, of which nothing is believed yet, and nothing shown but its sizes and where it came from.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Request {
    /// The HTTP method, in capitals.
    pub method: String,
    /// The path as the platform hands it over: with the name of a stage in front, where it has one, and
    /// mostly with its escapes decoded.
    pub path: String,
    /// What the platform's route took from the path as the source's name, where it has such a route.
    pub named: Option<String>,
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
    path_parameters: Option<PathParameters>,
    body: Option<String>,
    is_base64_encoded: Option<bool>,
    request_context: Option<Context>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct PathParameters {
    source: Option<String>,
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
    /// Reads an event of payload format 2.0, as an HTTP API of API Gateway or a function URL sends it.
    pub fn read(json: &str) -> Result<Self, NoRequest> {
        // What serde says of a fault may quote the request.
        let event: Event = serde_json::from_str(json).map_err(|_| NoRequest)?;
        let context = event.request_context.unwrap_or_default();
        let http = context.http.unwrap_or_default();
        let body = event.body.unwrap_or_default();
        let headers = event.headers.unwrap_or_default();
        Ok(Self {
            method: http.method.unwrap_or_default(),
            named: event.path_parameters.and_then(|taken| taken.source),
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

    /// The source's name: what the platform's route took from the path. Where no such route was taken, as
    /// of a function URL, the path's last segment, if it stands behind `webhooks`. A stage in front,
    /// a slash at the end and two slashes in a row make no other source.
    #[must_use]
    pub fn source(&self) -> Option<&str> {
        if let Some(named) = &self.named {
            return Some(named.trim_matches('/'));
        }
        let mut segments = self.path.rsplit('/').filter(|segment| !segment.is_empty());
        let name = segments.next()?;
        (segments.next()? == "webhooks").then_some(name)
    }

    /// The URL that the provider signs, if this was entered there.
    #[must_use]
    pub fn signed_url(&self, entered: Option<&str>) -> String {
        url::as_signed(&self.called_url(), entered)
    }

    /// The delivery that this request makes, with the URL that is signed and the body decoded.
    #[must_use]
    pub fn delivery<'a>(&'a self, signed_url: &'a str, body: &'a [u8]) -> Delivery<'a> {
        Delivery::new(&self.method, signed_url, &self.headers, body)
    }

    /// The URL that was called, as far as the platform tells. Behind a domain with a mapping key it doesn't:
    /// the key isn't in the path.
    fn called_url(&self) -> String {
        // Where its escapes are decoded, the path may hold what would end it.
        let path = self.path.replace('?', "%3F").replace('#', "%23");
        match self.query.as_str() {
            "" => format!("https://{}{path}", self.host),
            query => format!("https://{}{path}?{query}", self.host),
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
            request.signed_url(None),
            "https://abc.execute-api.eu-central-1.amazonaws.com/webhooks/stripe?a=1&b=%20"
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
        assert!(request.signed_url(None).ends_with(hostile));
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

    // The shapes of "Create AWS Lambda proxy integrations for HTTP APIs" and "Invoking Lambda function URLs", with
    // what AWS documents, and people report, of stages and mapping keys.
    #[test]
    fn a_source_is_what_the_route_took_from_the_path() {
        for (raw_path, parameters, source) in [
            (
                "/webhooks/stripe",
                json!({"source": "stripe"}),
                Some("stripe"),
            ),
            (
                "/prod/webhooks/stripe",
                json!({"source": "stripe"}),
                Some("stripe"),
            ),
            ("/webhooks/stripe", json!({"source": "orum"}), Some("orum")),
            ("/hooks/stripe", json!({"source": "stripe"}), Some("stripe")),
            (
                "/webhooks/stripe/",
                json!({"source": "stripe/"}),
                Some("stripe"),
            ),
            (
                "/webhooks//stripe",
                json!({"source": "/stripe"}),
                Some("stripe"),
            ),
            ("/webhooks/a/b", json!({"source": "a/b"}), Some("a/b")),
            (
                "/webhooks/stripe",
                json!({"proxy": "webhooks/stripe"}),
                Some("stripe"),
            ),
            ("/webhooks/stripe", json!({}), Some("stripe")),
            ("/webhooks/stripe", json!(null), Some("stripe")),
        ] {
            let event = json!({"rawPath": raw_path, "pathParameters": parameters});
            let request = Request::read(&event.to_string()).unwrap();
            assert_eq!(request.source(), source, "{event}");
            assert_eq!(request.path, raw_path);
        }
    }

    #[test]
    fn without_a_route_a_source_is_found_in_the_path() {
        for (path, source) in [
            ("/webhooks/stripe", Some("stripe")),
            ("/webhooks/stripe/", Some("stripe")),
            ("/webhooks/stripe//", Some("stripe")),
            ("//webhooks/stripe", Some("stripe")),
            ("/webhooks//stripe", Some("stripe")),
            ("/prod/webhooks/stripe", Some("stripe")),
            ("/v1/hooks/webhooks/stripe/", Some("stripe")),
            ("/webhooks/webhooks/stripe", Some("stripe")),
            ("/webhooks/%73tripe", Some("%73tripe")),
            ("/webhooks/", None),
            ("/webhooks", None),
            ("/Webhooks/stripe", None),
            ("/awebhooks/stripe", None),
            ("/webhooks/stripe/more", None),
            ("/stripe", None),
            ("//", None),
            ("", None),
        ] {
            let request = Request {
                path: path.into(),
                ..Request::default()
            };
            assert_eq!(request.source(), source, "{path}");
        }
    }

    // API Gateway hands the path of an HTTP API over decoded.
    #[test]
    fn nothing_of_a_decoded_path_becomes_a_query() {
        let request = Request {
            host: "a.example".into(),
            path: "/a?b#c/webhooks/x".into(),
            query: "d=1".into(),
            ..Request::default()
        };
        assert_eq!(
            request.signed_url(None),
            "https://a.example/a%3Fb%23c/webhooks/x?d=1"
        );
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
