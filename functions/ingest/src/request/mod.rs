//! API Gateway's HTTP request, as plain texts. Nothing of it is decoded but the body, and nothing
//! that a caller may write makes the reading fail: no URI, no header type, no percent sign.

use std::{borrow::Cow, collections::BTreeMap, net::IpAddr};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::Deserialize;
use webhook::reading::{
    delivery::{Delivery, Headers},
    url,
};

/// The header by which the front proves itself.
const PROOF: &str = "x-landfall-front";

/// The header in which the front tells whose address it saw.
const VIEWER: &str = "x-landfall-viewer";

/// The header in which the front tells as which host it was called.
const CALLED_AS: &str = "x-landfall-host";

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
    /// The address that the platform saw, or the front where the request came by it; never what another header says.
    pub source_ip: Option<IpAddr>,
    /// The body.
    pub body: EncodedBody,
}

/// A body as the platform hands it over: texts as they are, all else in base64.
#[derive(Clone, PartialEq, Eq)]
pub enum EncodedBody {
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
                Some(true) => EncodedBody::Base64(body),
                _ => EncodedBody::Text(body),
            },
        })
    }

    /// What is to prove that it came by the front. It is no header any more then.
    pub fn take_proof(&mut self) -> Option<String> {
        self.headers.take(PROOF)
    }

    /// It came by the front: what that tells of its caller counts, in the place of what the platform saw of the front.
    pub fn came_by_the_front(&mut self) {
        self.source_ip = (self.headers.take(VIEWER)).and_then(|address| address.parse().ok());
        if let Some(host) = self.headers.take(CALLED_AS) {
            self.host = host;
        }
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
    #[must_use]
    pub fn called_url(&self) -> String {
        // Where its escapes are decoded, the path may hold what would end it.
        let path = self.path.replace('?', "%3F").replace('#', "%23");
        match self.query.as_str() {
            "" => format!("https://{}{path}", self.host),
            query => format!("https://{}{path}?{query}", self.host),
        }
    }
}

impl EncodedBody {
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

impl Default for EncodedBody {
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

impl std::fmt::Debug for EncodedBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "EncodedBody({} bytes)", self.len())
    }
}

#[cfg(test)]
mod tests;
