//! The event that an authentic delivery carries.

use std::collections::{BTreeMap, BTreeSet};

use catalogue::{Piece, Place, Source, Template};
use sha2::{Digest as _, Sha256};

use crate::{
    delivery::Delivery, extract, key::Key, ledger::EventKey, time::UnixMillis, verify::Proof,
};

/// What stands before a digest that stands for an id.
pub(crate) const DIGEST: &str = "sha256:";

/// The longest id that is part of a key, in bytes. The ledger takes keys of 2,048.
pub const MAX_ID_BYTES: usize = 1_024;

/// The longest type, and the longest reference, in bytes. What is longer is none.
pub const MAX_NAME_BYTES: usize = 256;

/// How much of a header's value is kept, in bytes.
pub const MAX_HEADER_BYTES: usize = 1_024;

/// A delivery that has been verified. Only [`verify`](crate::verify::verify) makes one.
#[derive(Clone, Debug)]
pub struct Authentic<'a> {
    source: &'a Source,
    delivery: Delivery<'a>,
    key_of_signature: &'a Key,
    event_id: String,
    event_type: String,
    id_signed: bool,
    body_signed: bool,
    body_digest: String,
    timestamp: Option<String>,
    key: EventKey,
}

impl<'a> Authentic<'a> {
    pub(crate) fn new(
        source: &'a Source,
        delivery: Delivery<'a>,
        proof: &Proof<'a, '_>,
        now: UnixMillis,
    ) -> Self {
        let body_digest = hex::encode(Sha256::digest(delivery.body));
        let timestamp = proof.timestamp;
        let fill = |template: Option<Template>| {
            template.and_then(|template| extract::fill(template, &delivery, timestamp))
        };
        let (event_id, id_signed, key) = if let Some(id) = fill(source.event_id) {
            let signed = source.id_is_signed();
            // The ids of a delivery and of the items in it are of two kinds: one may not hide the other.
            let is_apart = source.batch.is_some();
            let mut key = if is_apart || id.starts_with(DIGEST) || id.len() > MAX_ID_BYTES {
                format!("{DIGEST}{}", hex::encode(Sha256::digest(&id)))
            } else {
                id.clone()
            };
            if !signed {
                // A captured body sent under another event's id must not make that a duplicate.
                key.push('#');
                key.push_str(&body_digest[..16]);
            }
            (id, signed, key)
        } else {
            // What was signed tells events apart; of a body that wasn't signed, the body too.
            let mut further: Vec<&[u8]> = Vec::new();
            if !proof.covers_body {
                further.push(delivery.body);
            }
            let time = now.0.to_be_bytes();
            if source.every_delivery {
                further.push(&time);
            }
            let id = format!("{DIGEST}{}", proof.message.digest(&further));
            (id.clone(), proof.covers_body, id)
        };
        Self {
            source,
            delivery,
            key_of_signature: proof.key,
            key: EventKey::new(source.name.as_str(), key),
            event_id,
            event_type: fill(source.event_type)
                .filter(|name| name.len() <= MAX_NAME_BYTES)
                .unwrap_or_else(|| "unknown".into()),
            id_signed,
            body_signed: proof.covers_body,
            body_digest,
            timestamp: timestamp.map(str::to_owned),
        }
    }

    /// The source it came to.
    #[must_use]
    pub fn source(&self) -> &'a Source {
        self.source
    }

    /// The id as the provider gave it, or `sha256:` and the digest of the signed bytes.
    #[must_use]
    pub fn event_id(&self) -> &str {
        &self.event_id
    }

    /// The type as the provider gave it, or `unknown`.
    #[must_use]
    pub fn event_type(&self) -> &str {
        &self.event_type
    }

    /// Whether the signature covers the event id.
    #[must_use]
    pub fn id_signed(&self) -> bool {
        self.id_signed
    }

    /// Whether the signature covers the whole body. Where it doesn't, the origin is authentic, but not
    /// all that the body says.
    #[must_use]
    pub fn body_signed(&self) -> bool {
        self.body_signed
    }

    /// The label of the secret that matched.
    #[must_use]
    pub fn secret_label(&self) -> &'a str {
        &self.key_of_signature.label
    }

    pub(crate) fn key_of_signature(&self) -> &'a Key {
        self.key_of_signature
    }

    pub(crate) fn delivery(&self) -> &Delivery<'a> {
        &self.delivery
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

    /// Where the ledger keeps the event.
    #[must_use]
    pub fn key(&self) -> &EventKey {
        &self.key
    }

    /// The headers that handlers get: content type and user agent, those that the templates of event id,
    /// type and reference and the timestamp name, and those that the source lists; never a signature.
    /// Names in lower case, long values cut off.
    #[must_use]
    pub fn headers(&self) -> BTreeMap<String, String> {
        let lower = |name: &str| name.to_ascii_lowercase();
        let names_at = |place: Place| {
            let header = matches!(place, Place::Header(_));
            place.names().filter(move |_| header).map(lower)
        };
        let source = self.source;
        let templates = [
            source.event_id,
            source.event_type,
            source.reference.map(|(_, t)| t),
        ];
        let pieces = templates.into_iter().flatten().flat_map(Template::pieces);
        let named = pieces
            .filter_map(|piece| match piece {
                Piece::Value(place) => Some(place),
                _ => None,
            })
            .chain(
                source
                    .schemes
                    .iter()
                    .filter_map(|scheme| Some(scheme.timestamp?.field.place)),
            )
            .flat_map(names_at);
        let signatures: BTreeSet<_> = source
            .schemes
            .iter()
            .flat_map(|scheme| names_at(scheme.signature.place))
            .collect();
        ["content-type", "user-agent"]
            .into_iter()
            .chain(source.headers.iter().copied())
            .map(lower)
            .chain(named)
            .filter(|name| !signatures.contains(name))
            .filter_map(|name| {
                let value = self.delivery.headers.get(&name)?;
                let end = value.floor_char_boundary(MAX_HEADER_BYTES);
                Some((name, value[..end].to_owned()))
            })
            .collect()
    }

    /// The further name that operators search for: field and text.
    #[must_use]
    pub fn reference(&self) -> Option<(String, String)> {
        let (field, template) = self.source.reference?;
        let text = extract::fill(template, &self.delivery, self.timestamp.as_deref())?;
        (text.len() <= MAX_NAME_BYTES).then(|| (field.to_owned(), text))
    }
}
