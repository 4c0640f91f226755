//! The event that an authentic delivery carries.

use std::{collections::BTreeMap, fmt, sync::Arc};

use catalogue::{Accepted, Form, Piece, Place, Scheme, Source, Template, ToldBy};
use protocol::{
    covered::{Covered, Part},
    ledger::EventKey,
};
use sha2::{Digest as _, Sha256};

use crate::{
    event::{
        key::{self, DIGEST},
        proof::Proof,
    },
    keys::Key,
    reading::{delivery::Delivery, encoding::hex_text, extract, listed::Listed, message::Message},
};

/// The longest type, and the longest reference, in bytes. What is longer is none.
pub const MAX_NAME_BYTES: usize = 256;

/// How much of a header's value is kept, in bytes.
pub const MAX_HEADER_BYTES: usize = 1_024;

/// A delivery that has been verified. Only [`Checked::prove`](crate::authenticity::verify::Checked::prove) makes one.
#[derive(Clone, Debug)]
pub struct Authentic<'a> {
    source: &'a Source,
    delivery: Delivery<'a>,
    scheme: &'a Scheme,
    key_of_signature: Arc<Key>,
    event_type: String,
    body_digest: String,
    timestamp: Option<String>,
    /// The headers that handlers get: their names as the configuration writes them, and their values. One may
    /// come twice.
    kept: Kept<'a>,
    /// The headers that the delivery lists as signed.
    listed: Listed,
    identity: Identity,
    told_by: ToldBy,
}

/// Headers by name. Their values aren't shown.
#[derive(Clone)]
struct Kept<'a>(Vec<(&'static str, &'a str)>);

impl fmt::Debug for Kept<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.0.iter().map(|(name, _)| name))
            .finish()
    }
}

/// The texts that tell an event from every other, as [`catalogue::identity`] has it for the scheme that proved it.
#[derive(Clone, Debug)]
enum Identity {
    /// The id, and the digest that stands behind it in the key where it isn't signed.
    Id(String, Option<String>),
    /// The digest of what is signed, or of the body where nothing is.
    Digest(String),
    /// The delivery itself.
    EveryDelivery,
}

/// What an event is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The id as the provider gave it, or `sha256:` and a digest that stands for it.
    pub id: String,
    /// Where the ledger keeps the event.
    pub key: EventKey,
}

impl<'a> Authentic<'a> {
    pub(crate) fn new(source: &'a Source, delivery: Delivery<'a>, proof: &Proof<'_, '_>) -> Self {
        let body_digest = hex_text(&Sha256::digest(delivery.body));
        let timestamp = proof.timestamp;
        let fill = |template: Option<Template>| {
            template.and_then(|template| extract::fill(template, &delivery, timestamp))
        };
        let id = fill(source.identity.id);
        let listed = Listed::of(proof.scheme, &delivery, proof.message);
        let (identity, told_by) = identity(source, proof, &delivery, &listed, id, &body_digest);
        Self {
            source,
            delivery,
            scheme: proof.scheme,
            key_of_signature: Arc::clone(proof.key),
            identity,
            told_by,
            listed,
            event_type: fill(source.event_type)
                .filter(|name| name.len() <= MAX_NAME_BYTES)
                .unwrap_or_else(|| "unknown".into()),
            body_digest,
            kept: Kept(
                (source.kept_headers())
                    .filter_map(|name| Some((name, delivery.headers.get(name)?)))
                    .collect(),
            ),
            timestamp: timestamp.map(str::to_owned),
        }
    }

    /// The source it came to.
    #[must_use]
    pub fn source(&self) -> &'a Source {
        self.source
    }

    /// What the event is called. `delivery_id` is ours and no other delivery's: it makes the name where every
    /// delivery is an event of its own.
    #[must_use]
    pub fn name(&self, delivery_id: &str) -> Name {
        let digest = |hex: &str| format!("{DIGEST}{hex}");
        let (id, key) = match &self.identity {
            Identity::Id(id, unsigned) => {
                // The ids of a delivery and of the items in it are of two kinds: one may not hide the other.
                let is_apart = self.source.bundle.is_some();
                let key = if is_apart {
                    key::digested(id)
                } else {
                    key::plain(id)
                };
                let key = match unsigned {
                    Some(signed) => key::unsigned(key, signed),
                    None => key,
                };
                (id.clone(), key)
            }
            Identity::Digest(signed) => (digest(signed), digest(signed)),
            Identity::EveryDelivery => {
                let arrival = Sha256::new()
                    .chain_update(&self.body_digest)
                    .chain_update(delivery_id);
                let id = digest(&hex_text(&arrival.finalize()));
                (id.clone(), id)
            }
        };
        Name {
            id,
            key: EventKey::new(self.source.name.as_str(), key),
        }
    }

    /// Whether nothing in the delivery names the event, so that every delivery is one of its own.
    #[must_use]
    pub const fn is_of_its_own(&self) -> bool {
        matches!(self.told_by, ToldBy::Nothing)
    }

    /// The type as the provider gave it, or `unknown`.
    #[must_use]
    pub fn event_type(&self) -> &str {
        &self.event_type
    }

    /// What of the event the signature covers.
    #[must_use]
    pub fn covered(&self) -> Covered {
        let (scheme, source) = (self.scheme, self.source);
        let signs_text = |template| signs_text(scheme, &self.listed, template);
        let id = matches!(self.told_by, ToldBy::Id | ToldBy::Signed);
        let signed = scheme.signed_headers();
        let headers = self.kept.0.iter().filter(|(name, _)| {
            let is_there = |name: &str| self.delivery.headers.get(name).is_some();
            signed.contain(name, is_there) || self.listed.contains(Place::Header(name))
        });
        [
            (Part::Id, id),
            (Part::Type, source.event_type.is_some_and(signs_text)),
            (
                Part::Reference,
                source.reference.is_some_and(|(_, text)| signs_text(*text)),
            ),
            (Part::Body, scheme.covers_body()),
        ]
        .into_iter()
        .filter_map(|(part, is_signed)| is_signed.then_some(part))
        .chain(headers.map(|(name, _)| Part::Header(name.to_ascii_lowercase())))
        .collect()
    }

    /// The label of the secret that matched.
    #[must_use]
    pub fn secret_label(&self) -> &str {
        &self.key_of_signature.label
    }

    pub(crate) fn key_of_signature(&self) -> &Key {
        &self.key_of_signature
    }

    pub(crate) fn delivery(&self) -> &Delivery<'a> {
        &self.delivery
    }

    /// What the provider wants echoed in the answer, where it does and the text has a form that may be.
    #[must_use]
    pub fn echo(&self) -> Option<&'a str> {
        let Accepted::Echoed { header, .. } = self.source.accepted else {
            return None;
        };
        let text = self.delivery.headers.get(header)?;
        Form::Token.allows(text.as_bytes()).then_some(text)
    }

    /// The raw body.
    #[must_use]
    pub fn body(&self) -> &'a [u8] {
        self.delivery.body
    }

    /// SHA-256 of the body, in hex.
    #[must_use]
    pub fn body_digest(&self) -> &str {
        &self.body_digest
    }

    /// The headers that handlers get: content type and user agent, those that the templates of event id,
    /// type and reference and the timestamp name, and those that the source lists; never a signature.
    /// Names in lower case, long values cut off.
    #[must_use]
    pub fn headers(&self) -> BTreeMap<String, String> {
        let cut = |value: &str| value[..value.floor_char_boundary(MAX_HEADER_BYTES)].to_owned();
        let kept = self.kept.0.iter();
        kept.map(|(name, value)| (name.to_ascii_lowercase(), cut(value)))
            .collect()
    }

    /// The further name that operators search for: field and text.
    #[must_use]
    pub fn reference(&self) -> Option<(String, String)> {
        let &(field, template) = self.source.reference?;
        let text = extract::fill(template, &self.delivery, self.timestamp.as_deref())?;
        (text.len() <= MAX_NAME_BYTES).then(|| (field.to_owned(), text))
    }
}

/// Whether the signature covers what stands at this place of this delivery: by what the scheme signs, or by the
/// delivery's own list of signed headers, which is signed too.
fn signs(scheme: &Scheme, listed: &Listed, place: Place) -> bool {
    scheme.covers(place) || listed.contains(place)
}

fn signs_text(scheme: &Scheme, listed: &Listed, template: Template) -> bool {
    template.pieces().all(|piece| match piece {
        Piece::Literal(_) => true,
        Piece::Value(place) => signs(scheme, listed, place),
        _ => false,
    })
}

/// What tells the event from others, and by what.
fn identity(
    source: &Source,
    proof: &Proof<'_, '_>,
    delivery: &Delivery<'_>,
    listed: &Listed,
    id: Option<String>,
    body_digest: &str,
) -> (Identity, ToldBy) {
    let scheme = proof.scheme;
    let is_signed =
        (source.identity.id).is_some_and(|template| signs_text(scheme, listed, template));
    let told_by = (source.identity).told_by(scheme, id.is_some().then_some(is_signed));
    let signed = || digest_of(proof.message, delivery.body, body_digest);
    let id = id.unwrap_or_default();
    let identity = match told_by {
        ToldBy::Id => Identity::Id(id, None),
        ToldBy::IdAndSigned => Identity::Id(id, Some(signed())),
        ToldBy::IdAndBody => Identity::Id(id, Some(body_digest.to_owned())),
        ToldBy::Signed => Identity::Digest(signed()),
        ToldBy::Body => Identity::Digest(body_digest.to_owned()),
        ToldBy::Nothing => Identity::EveryDelivery,
    };
    (identity, told_by)
}

/// SHA-256 of what is signed, in hex; of the body alone it is known.
fn digest_of(message: &Message<'_>, body: &[u8], body_digest: &str) -> String {
    let mut parts = message.parts();
    match (parts.next(), parts.next()) {
        (Some(part), None) if std::ptr::eq(part, body) => body_digest.to_owned(),
        _ => message.digest(),
    }
}
