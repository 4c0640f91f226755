//! API Gateway's HTTP request, as plain texts. Nothing of it is decoded but the body, and nothing
//! that a caller may write makes the reading fail: no URI, no header type, no percent sign.

mod body;
mod event;
mod written;

use std::{borrow::Cow, net::IpAddr};

use serde::Deserialize;
use webhook::reading::{
    delivery::{Delivery, Headers},
    url,
};

pub use self::body::{Body, EncodedBody};
use self::{
    event::{Event, Text},
    written::Written,
};

/// The body of a larger event is read by itself: see [`written`].
const LARGE_EVENT_BYTES: usize = 256 * 1_024;

/// The header by which the front proves itself.
const PROOF: &str = "x-landfall-front";

/// The header in which the front tells whose address it saw.
const VIEWER: &str = "x-landfall-viewer";

/// The header in which the front tells as which host it was called.
const CALLED_AS: &str = "x-landfall-host";

/// A request, of which nothing is believed yet, and nothing shown but its sizes and where it came from. Its texts are those of
/// the event, but for what is written there with escapes.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Request<'a> {
    /// The HTTP method, in capitals.
    pub method: Cow<'a, str>,
    /// The path as the platform hands it over: with the name of a stage in front, where it has one, and
    /// mostly with its escapes decoded.
    pub path: Cow<'a, str>,
    /// What the platform's route took from the path as the source's name, where it has such a route.
    pub named: Option<Cow<'a, str>>,
    /// The query as it was sent, without `?`.
    pub query: Cow<'a, str>,
    /// The host that the platform answered as.
    pub host: Cow<'a, str>,
    /// The headers.
    pub headers: Headers<'a>,
    /// The address that the platform saw, or the front where the request came by it; never what another header says.
    pub source_ip: Option<IpAddr>,
    /// The body.
    pub body: EncodedBody<'a>,
}

/// The event is none of API Gateway's: it reads as no JSON of the known shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoRequest;

impl<'a> Request<'a> {
    /// Reads an event of payload format 2.0, as an HTTP API of API Gateway or a function URL sends it.
    pub fn read(json: &'a str) -> Result<Self, NoRequest> {
        if json.len() < LARGE_EVENT_BYTES {
            Self::with_body(
                json,
                |body: Text<'a>| Some(body.or_empty()),
                EncodedBody::Text,
            )
        } else {
            let shared = |text: Cow<'_, str>| EncodedBody::Large(text.into_owned().into());
            Self::with_body(json, Written::read, shared)
        }
    }

    fn with_body<B: Default + Deserialize<'a>>(
        json: &'a str,
        read: impl FnOnce(B) -> Option<Cow<'a, str>>,
        of_text: impl FnOnce(Cow<'a, str>) -> EncodedBody<'a>,
    ) -> Result<Self, NoRequest> {
        // What serde says of a fault may quote the request.
        let event: Event<B> = serde_json::from_str(json).map_err(|_| NoRequest)?;
        let body = read(event.body).ok_or(NoRequest)?;
        let http = event.request_context.http;
        Ok(Self {
            method: http.method.or_empty(),
            named: event.path_parameters.source.0,
            path: event.raw_path.or_empty(),
            query: event.raw_query_string.or_empty(),
            host: event.request_context.domain_name.or_empty(),
            headers: event.headers.0,
            source_ip: http.source_ip.0.and_then(|address| address.parse().ok()),
            body: match event.is_base64_encoded {
                Some(true) => EncodedBody::Base64(body),
                _ => of_text(body),
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
            self.host = host.into();
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
    pub fn delivery<'r>(&'r self, signed_url: &'r str, body: &'r [u8]) -> Delivery<'r> {
        Delivery::new(&self.method, signed_url, &self.headers, body)
    }

    /// The URL that was called, as far as the platform tells. Behind a domain with a mapping key it doesn't:
    /// the key isn't in the path.
    #[must_use]
    pub fn called_url(&self) -> String {
        // Where its escapes are decoded, the path may hold what would end it.
        let path = self.path.replace('?', "%3F").replace('#', "%23");
        match &*self.query {
            "" => format!("https://{}{path}", self.host),
            query => format!("https://{}{path}?{query}", self.host),
        }
    }
}

impl std::fmt::Debug for Request<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Request")
            .field("headers", &self.headers)
            .field("source_ip", &self.source_ip)
            .field("body", &self.body)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
