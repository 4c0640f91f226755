//! What the tests share: sources, deliveries, keys, the vectors from outside, and the world that the functions run in.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::missing_panics_doc)]

pub mod gateway;
pub mod keys;
pub mod records;
pub mod samples;
pub mod schemes;
pub mod sealed;
pub mod vectors;
pub mod world;

use catalogue::{
    Accepted, Handshake, Identity, KeyOrigin, Method, Provider, Scheme, Source, SourceName,
};
use protocol::time::UnixMillis;
use webhook::{
    authenticity::{
        sign::{Signed, sign},
        verify::verify,
    },
    event::Authentic,
    keys::{Keys, Secret, SigningKey},
    reading::{
        delivery::{Delivery, Headers},
        url::as_signed,
    },
    refusal::{Reason, Refusal},
};

/// The time in these tests, unless one asks about time.
pub const NOW: UnixMillis = UnixMillis(1_700_000_000_000);

/// The secret of [`standard`].
pub const WHSEC: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// An authentic Standard Webhooks delivery.
#[must_use]
pub fn standard() -> (Source, Keys, Request) {
    let source = source_of(Provider::named("standard-webhooks").unwrap());
    let mut request = Request {
        body: b"{\"type\":\"x\"}".to_vec(),
        ..Request::default()
    };
    request.set("webhook-id", "msg_1");
    request.sign(source.schemes, WHSEC, NOW);
    let keys = keys(source.schemes, &[WHSEC]);
    (source, keys, request)
}

/// A source of this provider, as `landfall.toml` would make it.
#[must_use]
pub fn source_of(provider: &'static Provider) -> Source {
    Source {
        provider: Some(provider),
        identity: provider.identity,
        event_type: provider.event_type,
        reference: provider.reference,
        headers: provider.headers,
        handshakes: filled_handshakes(provider),
        accepted: provider.accepted,
        enrolment: provider.enrolment,
        subscription: provider.subscription,
        bundle: provider.bundle,
        refusal_status: provider.refusal_status,
        max_body_bytes: provider.max_body.bytes,
        ..own_source(filled_in(provider, provider.counting()))
    }
}

/// A source of this provider that counts this scheme of it.
#[must_use]
pub fn chosen(provider: &'static Provider, scheme: &Scheme) -> Source {
    let chosen = provider.chosen(&[scheme.version]).leak();
    Source {
        schemes: filled_in(provider, chosen),
        ..source_of(provider)
    }
}

/// All schemes of a provider's with the examples of its settings filled in.
#[must_use]
pub fn filled(provider: &Provider) -> &'static [Scheme] {
    filled_in(provider, provider.schemes)
}

/// Schemes of a provider's with the examples of its settings filled in.
fn filled_in(provider: &Provider, schemes: &'static [Scheme]) -> &'static [Scheme] {
    if provider.settings.is_empty() {
        return schemes;
    }
    let schemes: Vec<_> = schemes
        .iter()
        .map(|scheme| scheme.with_settings(&examples(provider)))
        .collect();
    schemes.leak()
}

/// A provider's handshakes, likewise.
#[must_use]
pub fn filled_handshakes(provider: &'static Provider) -> &'static [Handshake] {
    let handshakes: Vec<_> = provider
        .handshakes
        .iter()
        .map(|handshake| handshake.with_settings(&examples(provider)))
        .collect();
    handshakes.leak()
}

fn examples(provider: &Provider) -> Vec<(&'static str, &'static str)> {
    provider
        .settings
        .iter()
        .map(|setting| (setting.name, setting.example))
        .collect()
}

/// A source that spells out its own schemes, and nothing else.
#[must_use]
pub fn own_source(schemes: &'static [Scheme]) -> Source {
    Source {
        name: SourceName::new("own").unwrap(),
        provider: None,
        schemes,
        keys: &KeyOrigin::Secret,
        identity: Identity::EVERY_DELIVERY,
        event_type: None,
        reference: None,
        headers: &[],
        handshakes: &[],
        methods: &[Method::Post],
        accepted: Accepted::Outcome,
        enrolment: None,
        subscription: None,
        bundle: None,
        encrypted: None,
        entered_url: None,
        refusal_status: 400,
        source_ips: Vec::new(),
        max_body_bytes: catalogue::size::MAX_BODY_BYTES,
        retention_days: catalogue::source::RETENTION_DAYS,
        speaks_every: None,
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
#[derive(Clone, Debug)]
pub struct Request {
    /// The method.
    pub method: String,
    /// The URL without its query.
    pub url: String,
    /// Names and values, in order.
    pub headers: Vec<(String, String)>,
    /// The raw body.
    pub body: Vec<u8>,
    /// The query.
    pub query: String,
    /// The URL as it was entered at the provider, where it is another.
    pub entered_url: Option<String>,
}

impl Default for Request {
    fn default() -> Self {
        Self {
            method: "POST".into(),
            url: "https://example.com/webhooks/own".into(),
            headers: Vec::new(),
            body: Vec::new(),
            query: String::new(),
            entered_url: None,
        }
    }
}

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

    /// The URL that is called, with its query.
    #[must_use]
    pub fn called_url(&self) -> String {
        match self.query.as_str() {
            "" => self.url.clone(),
            query => format!("{}?{query}", self.url),
        }
    }

    /// Passes the request to `read` as a delivery.
    pub fn as_delivery<T>(&self, read: impl FnOnce(Delivery<'_>) -> T) -> T {
        let headers: Headers = self.headers.iter().map(|(n, v)| (n, v)).collect();
        let url = as_signed(&self.called_url(), self.entered_url.as_deref());
        read(Delivery::new(&self.method, &url, &headers, &self.body))
    }

    /// Signs the request as the sender would that holds this secret.
    pub fn sign(&mut self, schemes: &'static [Scheme], secret: &str, now: UnixMillis) {
        let key = SigningKey::load(schemes, &Secret::new(secret, "0")).unwrap();
        let signed = self
            .as_delivery(|delivery| sign(&key, &delivery, now))
            .unwrap_or_else(|fault| panic!("{fault}: {self:?}"));
        self.take(signed);
    }

    /// Takes over what makes it authentic.
    pub fn take(&mut self, signed: Signed) {
        for (name, value) in signed.headers {
            self.set(&name, value);
        }
        if let Some(body) = signed.body {
            self.body = body;
        }
        if let Some(query) = signed.query {
            self.query = query;
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

    /// Why the request is refused, if it is.
    #[must_use]
    pub fn reason(&self, source: &Source, keys: &Keys, now: UnixMillis) -> Option<Reason> {
        let refused = self.verify(source, keys, now).err();
        refused.map(|refusal| refusal.reason)
    }

    /// Verifies the request.
    pub fn verify(&self, source: &Source, keys: &Keys, now: UnixMillis) -> Result<(), Refusal> {
        self.verified(source, keys, now, |_| ())
    }
}
