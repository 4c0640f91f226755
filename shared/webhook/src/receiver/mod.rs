//! All of it in one call, for anyone's server: a request in, an authentic event or a reason out.

mod build;
mod denied;
#[cfg(feature = "public-keys")]
mod fetching;

use std::{borrow::Cow, fmt, net::IpAddr};

use catalogue::{Accepted, Fixed, Source};
use protocol::time::UnixMillis;

use crate::{
    authenticity::verify::{Checked, precheck},
    endpoint::{
        admission,
        handshake::{self, Reply},
    },
    event::Authentic,
    keys::{
        Keys,
        origin::{self, Origin},
    },
    reading::{
        delivery::{Delivery, Headers},
        url,
    },
    refusal::Refusal,
};

#[cfg(feature = "public-keys")]
pub use self::fetching::{FetchingReceiver, PublicKeys, Unfetched};
pub use self::{
    build::{Builder, Unbuildable},
    denied::Denied,
};

/// A source with its keys: takes what one provider sends to one URL.
///
/// It is made once, when a server starts, and shared by all requests: the texts of its configuration live as long as
/// the process.
pub struct Receiver {
    source: Source,
    keys: Keys,
}

/// One HTTP request, for the receiver that [made](Receiver::request) it.
pub struct Request<'r> {
    method: &'r str,
    /// The URL that the provider signs.
    url: String,
    headers: Headers<'r>,
    body: &'r [u8],
    from: Option<IpAddr>,
}

/// What a request turned out to be.
#[derive(Clone, Debug)]
#[allow(
    clippy::large_enum_variant,
    reason = "it is matched where it is made, and most are events"
)]
pub enum Received<'r> {
    /// An event, or a bundle of them, which [`event::bundle`](crate::event::bundle) takes apart. The provider is
    /// answered with [`Receiver::accepted`], once the event is where it can't be lost.
    Event(Authentic<'r>),
    /// No event: the provider proves the endpoint, and wants exactly this answer.
    Handshake(Reply),
}

/// What a request is before its keys are known.
enum Begun<'r> {
    Handshake(Reply),
    Delivery(Origin, Checked<'r>),
}

impl Receiver {
    /// The receiver of a provider that asks for nothing but secrets, newest first: `Receiver::of("github", &[secret])`.
    ///
    /// # Errors
    ///
    /// As [`Builder::build`].
    pub fn of(provider: &str, secrets: &[&str]) -> Result<Self, Unbuildable> {
        let builder = Self::builder(provider);
        secrets
            .iter()
            .fold(builder, |builder, secret| builder.secret(*secret))
            .build()
    }

    /// What makes the receiver of a provider of the [catalogue](catalogue::PROVIDERS), by its name there.
    pub fn builder(provider: &str) -> Builder {
        Builder::new(provider)
    }

    /// What makes the receiver of a source that stands elsewhere: in a text that
    /// [`catalogue::reader`] reads, say, where a scheme can be spelled out that isn't in the catalogue.
    pub fn builder_of(source: Source) -> Builder {
        Builder::of_source(source)
    }

    /// The request as this receiver takes it.
    ///
    /// - `method` is in capitals, as it came.
    /// - `url` is the URL that was called, whole. Path and query do where the provider signs no URL, or where
    ///   [`Builder::entered_url`] says what stands before them.
    /// - `headers` are all of them; values of one name are joined, and it doesn't matter how names are written.
    /// - `body` is the raw body, as it came: not parsed, and not written anew.
    pub fn request<'r, N: Into<Cow<'r, str>>, V: Into<Cow<'r, str>>>(
        &self,
        method: &'r str,
        url: &str,
        headers: impl IntoIterator<Item = (N, V)>,
        body: &'r [u8],
    ) -> Request<'r> {
        Request {
            method,
            url: url::as_signed(url, self.source.entered_url),
            headers: headers.into_iter().collect(),
            body,
            from: None,
        }
    }

    /// What this request is at this time, by this receiver's secrets.
    ///
    /// # Errors
    ///
    /// A [`Denied`] says why the request is not taken, and by which status its sender is told. Nothing else may be told:
    /// it would help whoever forges.
    pub fn receive<'r>(
        &'r self,
        request: &'r Request<'r>,
        now: UnixMillis,
    ) -> Result<Received<'r>, Denied> {
        match self.begin(request, now)? {
            Begun::Handshake(reply) => Ok(Received::Handshake(reply)),
            Begun::Delivery(Origin::Secret, checked) => self.prove(&checked, &self.keys),
            // A builder makes no such receiver without what fetches keys.
            Begun::Delivery(Origin::Published(_) | Origin::Named(_) | Origin::Asked(_), _) => {
                Err(self.refused(Refusal::forged("there is no key that was fetched")))
            }
        }
    }

    /// What the provider wants to hear of this event, which was taken.
    #[must_use]
    pub fn accepted(&self, event: &Authentic<'_>) -> Reply {
        match (self.source.accepted, event.echo()) {
            (Accepted::Fixed(fixed), _) => fixed.into(),
            (Accepted::Echoed { field, .. }, Some(text)) => Reply::object(&[(field, text)]),
            (Accepted::Outcome | Accepted::Echoed { .. }, _) => Fixed::EMPTY.into(),
        }
    }

    /// The source: whose deliveries these are, and how they are told.
    #[must_use]
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// The cheapest refusal first, as in ingest; no key is asked for before all is checked that needs none.
    fn begin<'r>(&'r self, request: &'r Request<'r>, now: UnixMillis) -> Result<Begun<'r>, Denied> {
        let source = &self.source;
        admission::by_method(source, request.method)?;
        admission::by_size_and_sender(source, request.body.len(), request.from)?;
        let delivery = Delivery::new(request.method, &request.url, &request.headers, request.body);
        if let Some(question) = handshake::unsigned(source, &delivery) {
            return Ok(Begun::Handshake(question.reply(Some(&self.keys))?));
        }
        admission::as_event(source, &delivery)?;
        let origin = origin::of(source, &delivery).map_err(|refusal| self.refused(refusal))?;
        let checked = precheck(source, delivery, now).map_err(|refusal| self.refused(refusal))?;
        Ok(Begun::Delivery(origin, checked))
    }

    fn prove<'r>(&self, checked: &Checked<'r>, keys: &Keys) -> Result<Received<'r>, Denied> {
        let event = checked
            .prove(keys)
            .map_err(|refusal| self.refused(refusal))?;
        Ok(match handshake::signed(&event) {
            Some(reply) => Received::Handshake(reply),
            None => Received::Event(event),
        })
    }

    fn refused(&self, refusal: Refusal) -> Denied {
        Denied::Refused {
            refusal,
            status: self.source.refusal_status,
        }
    }
}

impl Request<'_> {
    /// The same request, where the server saw it come from this address; never what a header says. Only sources that
    /// list addresses look at it.
    #[must_use]
    pub fn sent_from(self, address: IpAddr) -> Self {
        Self {
            from: Some(address),
            ..self
        }
    }
}

impl fmt::Debug for Receiver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Receiver({}, {:?})",
            self.source.name.as_str(),
            self.keys
        )
    }
}

impl fmt::Debug for Request<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Request({:?}, {} bytes)", self.headers, self.body.len())
    }
}
