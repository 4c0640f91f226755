//! A source: one configured endpoint, `/webhooks/{source}`.

use std::{net::IpAddr, time::Duration};

use ipnet::IpNet;

use crate::{
    encrypted::Encrypted,
    handshake::{Accepted, Handshake, Method},
    identity::Identity,
    leaked::leaked,
    name::name,
    provider::{Bundle, Enrolment, KeyOrigin, Provider, Subscription},
    providers::PROVIDERS,
    scheme::Scheme,
    template::{Piece, Place, Template},
};

/// Where in a body the event's JSON stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Payload {
    /// The body is it.
    Body,
    /// In this field, where the body is a form.
    Field(&'static str),
    /// It is the claims of the JSON Web Token that the body is.
    Jwt,
}

/// How long the ledger remembers an event, in days, unless the source says otherwise.
pub const RETENTION_DAYS: u16 = 30;

/// How long a ticket may live in the queue and then in the dead-letter queue, in days. An event's
/// retention is never shorter than this and the provider's retries together.
pub const QUEUE_DAYS: u16 = 7 + 14;

/// The shortest retention that outlives every redelivery and every ticket, in days.
#[must_use]
pub const fn retention_at_least(retry_hours: u16) -> u16 {
    retry_hours.div_ceil(24) + QUEUE_DAYS
}

name! {
    /// The name of a source: 1 to 64 of `[a-z0-9-]`, so that `#` can separate it from an event id.
    SourceName
}

/// Which of a stack's environments a configuration is read for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Environment {
    /// The stack on one machine.
    Local,
    /// The providers' test or sandbox side.
    Test,
    /// Real events.
    Live,
}

/// One endpoint: how its deliveries are verified, and its policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The last segment of its path.
    pub name: SourceName,
    /// The catalogue's entry, unless the source spells out everything itself.
    pub provider: Option<&'static Provider>,
    /// How deliveries are signed.
    pub schemes: &'static [Scheme],
    /// Where the keys come from.
    pub keys: &'static KeyOrigin,
    /// What tells an event from every other.
    pub identity: Identity,
    /// What kind of event it is.
    pub event_type: Option<Template>,
    /// A further name for the log: field and template.
    pub reference: Option<&'static (&'static str, Template)>,
    /// Headers that are kept for handlers, beside those that the templates name.
    pub headers: &'static [&'static str],
    /// How the endpoint is proven.
    pub handshakes: &'static [Handshake],
    /// The methods of deliveries.
    pub methods: &'static [Method],
    /// What a delivery is answered with that was taken.
    pub accepted: Accepted,
    /// How the provider hands over its secret.
    pub enrolment: Option<&'static Enrolment>,
    /// How the provider asks whether it may send.
    pub subscription: Option<&'static Subscription>,
    /// How a delivery that carries several events is taken apart.
    pub bundle: Option<&'static Bundle>,
    /// What of an event is decrypted before routes look at it.
    pub encrypted: Option<&'static Encrypted>,
    /// The URL as it was entered at the provider, where it isn't the one that is called: whole, or
    /// scheme and host alone.
    pub entered_url: Option<&'static str>,
    /// The status that answers a refused delivery.
    pub refusal_status: u16,
    /// Who may send; empty: anyone who signs.
    pub source_ips: Vec<IpNet>,
    /// The largest body that is taken, decoded, in bytes.
    pub max_body_bytes: usize,
    /// How long the ledger remembers an event, in days.
    pub retention_days: u16,
    /// How often it speaks at least, where somebody is to be told when it doesn't.
    pub speaks_every: Option<Duration>,
    /// How often a handler is tried, where it differs from the stack's parameter.
    pub tries: Option<u32>,
    /// A Secrets Manager secret of the source's own, by name or ARN.
    pub secret: Option<&'static str>,
}

/// The sources of one environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sources(Vec<Source>);

impl Source {
    /// The source that names this provider and says nothing else.
    #[must_use]
    pub fn of(provider: &'static Provider) -> Self {
        Self {
            name: SourceName(provider.name),
            provider: Some(provider),
            schemes: provider.counting(),
            keys: provider.keys,
            identity: provider.identity,
            event_type: provider.event_type,
            reference: provider.reference,
            headers: provider.headers,
            handshakes: provider.handshakes,
            methods: provider.methods,
            accepted: provider.accepted,
            enrolment: provider.enrolment,
            subscription: provider.subscription,
            bundle: provider.bundle,
            encrypted: provider.encrypted,
            entered_url: None,
            refusal_status: provider.refusal_status,
            source_ips: Vec::new(),
            max_body_bytes: provider.max_body.bytes,
            retention_days: RETENTION_DAYS.max(retention_at_least(provider.retry_hours)),
            speaks_every: None,
            tries: None,
            secret: None,
        }
    }

    /// The source with its own texts for `{setting:name}`, and its templates taken apart. A configuration is
    /// read once: what is made of it lives as long as the process; and nothing is made where nothing changes.
    #[must_use]
    pub fn with_settings(self, settings: &[(&str, &str)]) -> Self {
        let fill = |template: Template| template.with_settings(settings);
        let reference = |reference: &'static (&'static str, Template)| match reference {
            (_, template) if template.is_filled() => reference,
            (field, template) => leaked((*field, fill(*template))),
        };
        Self {
            schemes: each(self.schemes, Scheme::is_filled, |scheme| {
                scheme.with_settings(settings)
            }),
            keys: self.keys.with_settings(settings),
            identity: self.identity.with_settings(settings),
            event_type: self.event_type.map(fill),
            reference: self.reference.map(reference),
            handshakes: each(self.handshakes, Handshake::is_filled, |handshake| {
                handshake.with_settings(settings)
            }),
            bundle: self.bundle.map(|bundle| bundle.with_settings(settings)),
            ..self
        }
    }

    /// Where in a body of its deliveries the event's JSON stands.
    #[must_use]
    pub fn payload(&self) -> Payload {
        if self.schemes.iter().any(Scheme::token_is_body) {
            return Payload::Jwt;
        }
        let field = self.provider.and_then(|provider| provider.payload_field);
        field.map_or(Payload::Body, Payload::Field)
    }

    /// The headers that are kept for handlers, as the configuration writes them: content type and user agent, those
    /// that the templates of event id, type and reference and the timestamp name, and those that the source lists;
    /// never a signature. One may come twice.
    pub fn kept_headers(&self) -> impl Iterator<Item = &'static str> {
        let names_at = |place: Place| {
            let is_header = matches!(place, Place::Header(_));
            place.outer_names().filter(move |_| is_header)
        };
        let templates = [
            self.identity.id,
            self.event_type,
            self.reference.map(|(_, template)| *template),
        ];
        let named = (templates.into_iter().flatten().flat_map(Template::pieces))
            .filter_map(|piece| match piece {
                Piece::Value(place) => Some(place),
                _ => None,
            })
            .chain((self.schemes.iter()).filter_map(|scheme| Some(scheme.timestamp?.field.place)))
            .flat_map(names_at);
        let places = self.schemes.iter().map(|scheme| scheme.signature.place);
        let signatures: Vec<_> = places.flat_map(names_at).collect();
        let is_signature = move |name: &str| {
            let mut signatures = signatures.iter();
            signatures.any(|signature| signature.eq_ignore_ascii_case(name))
        };
        ["content-type", "user-agent"]
            .into_iter()
            .chain(self.headers.iter().copied())
            .chain(named)
            .filter(move |name| !is_signature(name))
    }

    /// Whether a delivery may have this method.
    #[must_use]
    pub fn takes(&self, method: &str) -> bool {
        self.methods.iter().any(|taken| taken.as_str() == method)
    }

    /// Whether this address may send. Without a list, every address may.
    #[must_use]
    pub fn allows(&self, address: Option<IpAddr>) -> bool {
        self.source_ips.is_empty()
            || address.is_some_and(|address| {
                let address = address.to_canonical();
                self.source_ips.iter().any(|net| net.contains(&address))
            })
    }
}

/// What is made of each; the same ones where all of them are made already.
fn each<T>(
    list: &'static [T],
    is_made: impl Fn(&T) -> bool,
    make: impl Fn(&T) -> T,
) -> &'static [T] {
    if list.iter().all(is_made) {
        return list;
    }
    list.iter().map(make).collect::<Vec<T>>().leak()
}

impl Sources {
    pub(crate) fn new(mut list: Vec<Source>) -> Self {
        list.sort_unstable_by_key(|source| source.name);
        Self(list)
    }

    /// The one that a deployment posts to when it checks a version. Its secret comes with each delivery, and its events
    /// are soon forgotten.
    #[must_use]
    pub fn of_check() -> Self {
        let provider = PROVIDERS
            .iter()
            .find(|known| known.name == "standard-webhooks");
        let source = provider.map(|provider| Source {
            name: SourceName::CHECK,
            retention_days: 1,
            ..Source::of(provider)
        });
        Self::new(source.into_iter().collect())
    }

    /// The source of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Source> {
        self.position(name).map(|at| &self.0[at])
    }

    /// At which place among them, from 0, the source of this name comes when they are [gone through](Self::iter).
    #[must_use]
    pub fn position(&self, name: &str) -> Option<usize> {
        let found = (self.0).binary_search_by(|source| source.name.as_str().cmp(name));
        found.ok()
    }

    /// Every source, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Source> {
        self.0.iter()
    }
}

impl SourceName {
    /// The source of the landing's own events: that one has failed, that a destination is out of order. Nobody can
    /// post to it.
    pub const LANDFALL: Self = Self("landfall");

    /// The source of a deployment's checks. Nobody can configure it: a name has no dot.
    pub const CHECK: Self = Self("landfall.check");

    /// Names that no source may have: the ledger keeps other things under them.
    pub const RESERVED: [&str; 3] = ["landfall", "destination", "order"];
}

impl Environment {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Local, Self::Test, Self::Live];

    /// `local`, `test` or `live`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|environment| environment.as_str() == name)
    }

    /// The name, as the template's parameter has it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Test => "test",
            Self::Live => "live",
        }
    }
}
