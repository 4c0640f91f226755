//! Takes a delivery apart that carries several events.
//!
//! Each item becomes an event of its own: its body is the item's JSON exactly as it stood in the
//! delivery, or, where items are cut at a list of theirs, that with one element of the list. Its id is
//! the same in every attempt to take the delivery apart, so that an attempt finds what an earlier one
//! wrote.
//!
//! | an item whose id | stands under |
//! |---|---|
//! | is a text or a number | the id, as any event's |
//! | is not covered by the signature, since the body isn't | the id, `#` and 16 hex digits of the item's digest |
//! | is missing, is nothing that can be read as a text, is too long, or looks like a digest | a digest of delivery, life and index |
//! | stood before in the delivery, with the same bytes | nothing: it is one event |
//! | stood before in the delivery, with other bytes | a digest of delivery, life and index: it doesn't name the event |

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use catalogue::{Bundle, Source, Template};
use protocol::{
    covered::{Covered, Part},
    ledger::{Body, EventKey, EventRecord},
    time::UnixMillis,
};
use sha2::{Digest as _, Sha256};

use crate::{
    event::{
        authentic::MAX_NAME_BYTES,
        key::{self, DIGEST, MAX_ID_BYTES},
    },
    reading::{
        delivery::{Delivery, Headers},
        encoding::hex_text,
        extract, json,
    },
};

/// The most items that a delivery is taken apart into. Providers send up to a few thousand; what has
/// more is handed over whole.
pub const MAX_ITEMS: usize = 10_000;

/// The most bytes that items which are cut come to, of which each has what stands beside the list. Items that would come to
/// more stay whole.
const MAX_CUT_BYTES: usize = 32 * 1_024 * 1_024;

/// One of the events that a delivery carries.
#[derive(Clone, PartialEq, Eq)]
pub struct Item<'a> {
    key: EventKey,
    event_id: String,
    event_type: String,
    covered: Covered,
    body: Cow<'a, [u8]>,
}

/// The events that a delivery carries. `None`: it is one event, because its source knows no bundles,
/// because it is an item itself, or because its body is not the JSON that was to be expected.
#[must_use]
pub fn items<'a>(source: &Source, delivery: &EventRecord, body: &'a [u8]) -> Option<Vec<Item<'a>>> {
    let bundle = source.bundle.filter(|_| delivery.parent.is_none())?;
    let (path, each) = bundle.paths();
    let whole = json::items(body, path, MAX_ITEMS)?;
    let pieces = match each {
        None => whole.into_iter().map(Cow::Borrowed).collect(),
        Some(each) => cut(&whole, each),
    };
    let mut bodies: BTreeMap<EventKey, BTreeSet<String>> = BTreeMap::new();
    let mut items = Vec::new();
    for (index, json) in pieces.into_iter().enumerate() {
        let mut item = Item::read(bundle, delivery, index, json);
        let before = bodies.entry(item.key.clone()).or_default();
        // By their digests: bodies may be long, and alike but for their ends.
        if !before.insert(item.body_digest()) {
            continue;
        }
        if before.len() > 1 {
            item = item.numbered(delivery, index);
        }
        items.push(item);
    }
    Some(items)
}

/// Items of which those that have several elements in this list become several, each with one element and with all else
/// as it stands. All stay whole where that would be too many, or too large.
fn cut<'a>(whole: &[&'a str], each: &str) -> Vec<Cow<'a, str>> {
    let (mut pieces, mut bytes) = (Vec::new(), 0);
    for item in whole {
        match json::items(item.as_bytes(), each, MAX_ITEMS) {
            Some(elements) if elements.len() > 1 => {
                // Elements are pieces of the item.
                let at = |element: &str| element.as_ptr() as usize - item.as_ptr() as usize;
                let last = elements[elements.len() - 1];
                let before = &item[..at(elements[0])];
                let after = &item[at(last) + last.len()..];
                for element in elements {
                    bytes += before.len() + element.len() + after.len();
                    if bytes > MAX_CUT_BYTES {
                        return whole.iter().copied().map(Cow::Borrowed).collect();
                    }
                    pieces.push(Cow::Owned([before, element, after].concat()));
                }
            }
            _ => pieces.push(Cow::Borrowed(*item)),
        }
        if pieces.len() > MAX_ITEMS {
            return whole.iter().copied().map(Cow::Borrowed).collect();
        }
    }
    pieces
}

impl<'a> Item<'a> {
    fn read(bundle: &Bundle, delivery: &EventRecord, index: usize, json: Cow<'a, str>) -> Self {
        let body = match json {
            Cow::Borrowed(json) => Cow::Borrowed(json.as_bytes()),
            Cow::Owned(json) => Cow::Owned(json.into_bytes()),
        };
        let event_type = match bundle.item_type {
            Some(template) => fill(template, &body)
                .filter(|name| name.len() <= MAX_NAME_BYTES)
                .unwrap_or_else(|| "unknown".into()),
            None => delivery.event_type.clone(),
        };
        // All that is said of the item alone is read from the body.
        let type_signed = match bundle.item_type {
            Some(_) => delivery.covered.body(),
            None => delivery.covered.event_type(),
        };
        let id = bundle
            .item_id
            .and_then(|template| fill(template, &body))
            .filter(|id| id.len() <= MAX_ID_BYTES && !id.starts_with(DIGEST));
        let item = Self {
            key: delivery.key.clone(),
            event_id: String::new(),
            event_type,
            covered: delivery.covered.clone().with(Part::Type, type_signed),
            body,
        };
        match id {
            Some(id) => item.named(id),
            None => item.numbered(delivery, index),
        }
    }

    /// The item under the id that the provider gave it.
    fn named(self, id: String) -> Self {
        let id_signed = self.covered.body();
        let key = if id_signed {
            id.clone()
        } else {
            key::unsigned(id.clone(), &self.body_digest())
        };
        Self {
            key: EventKey::new(self.key.source(), key),
            event_id: id,
            covered: self.covered.with(Part::Id, id_signed),
            body: self.body,
            event_type: self.event_type,
        }
    }

    /// The item under the digest of its place. No provider's id is what is digested: that is text.
    fn numbered(self, delivery: &EventRecord, index: usize) -> Self {
        let place = Sha256::new()
            .chain_update(b"\xff")
            .chain_update(delivery.key.to_string())
            .chain_update(b"\xff")
            .chain_update(delivery.received_at.0.to_string())
            .chain_update(b"\xff")
            .chain_update(index.to_string())
            .finalize();
        let id = format!("{DIGEST}{}", hex_text(&place));
        Self {
            key: EventKey::new(delivery.key.source(), id.clone()),
            event_id: id,
            covered: self.covered.with(Part::Id, delivery.covered.id()),
            body: self.body,
            event_type: self.event_type,
        }
    }

    fn body_digest(&self) -> String {
        hex_text(&Sha256::digest(&self.body))
    }

    /// The raw JSON of the item.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The item as the ledger is to hold it. It came with the delivery, and is remembered for as long
    /// as any event of the source that is received now.
    #[must_use]
    pub fn record(
        &self,
        source: &Source,
        delivery: &EventRecord,
        now: UnixMillis,
        inline_body_bytes: usize,
    ) -> EventRecord {
        let body_digest = self.body_digest();
        EventRecord {
            key: self.key.clone(),
            event_id: self.event_id.clone(),
            event_type: self.event_type.clone(),
            received_at: now,
            delivery_id: delivery.delivery_id.clone(),
            body: Body::place(&self.body, &self.key, &body_digest, inline_body_bytes),
            body_digest,
            headers: delivery.headers.clone(),
            secret_label: delivery.secret_label.clone(),
            covered: self.covered.clone(),
            reference: delivery.reference.clone(),
            parent: Some(delivery.key.clone()),
            expires_at: EventRecord::expiry(now, source.retention_days),
        }
    }
}

/// A template over an item's own JSON.
fn fill(template: Template, item: &[u8]) -> Option<String> {
    let nothing_else = Delivery {
        method: "",
        path: "",
        query: "",
        url: "",
        headers: &Headers::default(),
        body: item,
    };
    extract::fill(template, &nothing_else, None)
}

impl fmt::Debug for Item<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Item({}, {} bytes)", self.key, self.body.len())
    }
}

#[cfg(test)]
mod tests;
