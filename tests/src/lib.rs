//! What the tests of the core share: sources, deliveries, keys, and the vectors from outside.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::missing_panics_doc)]

pub mod fuzz;
pub mod keys;
pub mod schemes;
pub mod vectors;
#[cfg(feature = "functions")]
pub mod world;

use catalogue::{Provider, Scheme, Source, SourceName};
use webhook::{
    delivery::{Delivery, Headers},
    event::Authentic,
    key::{Keys, Secret},
    refusal::Refusal,
    sign::{SigningKey, sign},
    time::UnixMillis,
    verify::verify,
};

/// A source of this provider, as `sources.toml` would make it.
#[must_use]
pub fn source_of(provider: &'static Provider) -> Source {
    Source {
        provider: Some(provider),
        event_id: provider.event_id,
        event_type: provider.event_type,
        reference: provider.reference,
        headers: provider.headers,
        handshake: provider.handshake,
        batch: provider.batch,
        refusal_status: provider.refusal_status,
        ..own_source(provider.schemes)
    }
}

/// A source that spells out its own schemes, and nothing else.
#[must_use]
pub fn own_source(schemes: &'static [Scheme]) -> Source {
    Source {
        name: SourceName::new("own").unwrap(),
        provider: None,
        schemes,
        event_id: None,
        event_type: None,
        reference: None,
        headers: &[],
        handshake: None,
        batch: None,
        refusal_status: 400,
        source_ips: Vec::new(),
        max_body_bytes: catalogue::source::MAX_BODY_BYTES,
        retention_days: catalogue::source::RETENTION_DAYS,
        tries: None,
        secret: None,
    }
}

/// Keys of these secrets, every one of which must be a key.
#[must_use]
pub fn keys(schemes: &'static [Scheme], secrets: &[&str]) -> Keys {
    let secrets: Vec<_> = secrets
        .iter()
        .enumerate()
        .map(|(at, value)| Secret::new(*value, at.to_string()))
        .collect();
    let (keys, faults) = Keys::load(schemes, &secrets);
    assert_eq!(faults, []);
    keys
}

/// A request that owns its parts, so that a test can change them.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// Names and values, in order.
    pub headers: Vec<(String, String)>,
    /// The raw body.
    pub body: Vec<u8>,
    /// The query.
    pub query: String,
}

/// The URL of every request here.
pub const URL: &str = "https://example.com/webhooks/own?a=1";

impl Request {
    /// Sets a header, in place of one of the same name.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.headers
            .retain(|(found, _)| !found.eq_ignore_ascii_case(name));
        self.headers.push((name.into(), value.into()));
    }

    /// The value of a header.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(found, _)| found.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// Passes the request to `read` as a delivery.
    pub fn as_delivery<T>(&self, read: impl FnOnce(Delivery<'_>) -> T) -> T {
        let headers: Headers = self.headers.iter().map(|(n, v)| (n, v)).collect();
        read(Delivery {
            method: "POST",
            path: "/webhooks/own",
            query: &self.query,
            url: URL,
            headers: &headers,
            body: &self.body,
        })
    }

    /// Signs the request as the sender would that holds this secret.
    pub fn sign(&mut self, schemes: &'static [Scheme], secret: &str, now: UnixMillis) {
        let key = SigningKey::load(schemes, &Secret::new(secret, "0")).unwrap();
        let headers = self
            .as_delivery(|delivery| sign(&key, &delivery, now))
            .unwrap();
        for (name, value) in headers {
            self.set(&name, value);
        }
    }

    /// Verifies the request, and passes the event to `read`.
    pub fn verified<T>(
        &self,
        source: &Source,
        keys: &Keys,
        now: UnixMillis,
        read: impl FnOnce(&Authentic<'_>) -> T,
    ) -> Result<T, Refusal> {
        self.as_delivery(|delivery| verify(source, keys, delivery, now).map(|event| read(&event)))
    }

    /// Verifies the request.
    pub fn verify(&self, source: &Source, keys: &Keys, now: UnixMillis) -> Result<(), Refusal> {
        self.verified(source, keys, now, |_| ())
    }
}
