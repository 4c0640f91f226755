//! The ledger's items as DynamoDB attributes, and back. No client, no IO.

mod legs;

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::{primitives::Blob, types::AttributeValue};
use catalogue::size::LARGEST_BODY_BYTES;
use miniz_oxide::{deflate::compress_to_vec, inflate::decompress_to_vec_with_limit};
use protocol::{
    covered::Covered,
    fault::{Fault, FaultKind},
    ledger::{Body, EventKey, EventRecord, Life, State, Work, shard},
    ports::{Existing, Position},
    time::{UnixMillis, UnixSeconds},
};

/// An item.
pub(crate) type Item = HashMap<String, AttributeValue>;

/// The attributes' names.
pub(crate) mod name {
    pub(crate) const PK: &str = "pk";
    pub(crate) const SK: &str = "sk";
    pub(crate) const EXPIRES_AT: &str = "expires_at";
    pub(crate) const SHARD: &str = "shard";
    pub(crate) const RECEIVED_AT: &str = "received_at";
    pub(crate) const KEY: &str = "key";
    pub(crate) const LIFE: &str = "life";
    pub(crate) const STATE: &str = "state";
    pub(crate) const ATTEMPT: &str = "attempt";
    pub(crate) const UNTIL: &str = "until";
    pub(crate) const EVENT_ID: &str = "event_id";
    pub(crate) const EVENT_TYPE: &str = "event_type";
    pub(super) const DELIVERY_ID: &str = "delivery_id";
    pub(super) const BODY: &str = "body";
    pub(super) const ENCODING: &str = "encoding";
    pub(super) const OBJECT: &str = "object";
    pub(super) const BODY_BYTES: &str = "body_bytes";
    pub(super) const BODY_DIGEST: &str = "body_digest";
    pub(super) const HEADERS: &str = "headers";
    pub(super) const SECRET_LABEL: &str = "secret_label";
    pub(super) const SIGNED: &str = "signed";
    pub(super) const REFERENCE: &str = "reference";
    pub(super) const PARENT: &str = "parent";
    pub(crate) const LEGS: &str = "legs";
    pub(crate) const ALL: &str = "all";
    pub(crate) const TOKEN: &str = "token";
    pub(crate) const LAST_ERROR: &str = "last_error";
}

/// The sort keys.
pub(crate) mod sort {
    pub(crate) const EVENT: &str = "event";
    pub(crate) const WORK: &str = "work";
    pub(crate) const CURSOR: &str = "cursor";
    pub(crate) const CONFIGURATION: &str = "configuration";
    pub(crate) const KEYS: &str = "keys";
}

const IDENTITY: &str = "identity";
const DEFLATE: &str = "deflate";

/// Smaller bodies are not worth the trial: an item is paid for by the kilobyte.
const WORTH_COMPRESSING: usize = 512;

/// Of miniz's ten: the slower ones gain a few percent, at several times the cost.
const LEVEL: u8 = 3;

pub(crate) fn s(text: impl Into<String>) -> AttributeValue {
    AttributeValue::S(text.into())
}

pub(crate) fn n(number: impl std::fmt::Display) -> AttributeValue {
    AttributeValue::N(number.to_string())
}

/// The primary key of an item.
pub(crate) fn primary(pk: &str, sk: &str) -> Item {
    HashMap::from([(name::PK.into(), s(pk)), (name::SK.into(), s(sk))])
}

pub(crate) fn event_item(event: &EventRecord, shards: u32) -> Item {
    let mut item = primary(&event.key.to_string(), sort::EVENT);
    let mut put = |name: &str, value| item.insert(name.to_owned(), value);
    put(name::SHARD, s(shard(&event.key, shards)));
    put(name::RECEIVED_AT, n(event.received_at.0));
    put(name::EVENT_ID, s(&event.event_id));
    put(name::EVENT_TYPE, s(&event.event_type));
    put(name::DELIVERY_ID, s(&event.delivery_id));
    put(name::BODY_DIGEST, s(&event.body_digest));
    let headers = event
        .headers
        .iter()
        .map(|(name, value)| (name.clone(), s(value)));
    put(name::HEADERS, AttributeValue::M(headers.collect()));
    put(name::SECRET_LABEL, s(&event.secret_label));
    put(name::SIGNED, s(event.covered.encode(event.headers.keys())));
    put(name::EXPIRES_AT, n(event.expires_at.0));
    if let Some((field, text)) = &event.reference {
        put(name::REFERENCE, AttributeValue::L(vec![s(field), s(text)]));
    }
    if let Some(parent) = &event.parent {
        put(name::PARENT, s(parent.to_string()));
    }
    match &event.body {
        Body::Inline(bytes) => {
            let (encoding, stored) = encode(bytes);
            put(name::BODY, AttributeValue::B(Blob::new(stored)));
            put(name::ENCODING, s(encoding));
            put(name::BODY_BYTES, n(bytes.len()));
        }
        Body::Object { key, bytes } => {
            put(name::OBJECT, s(key));
            put(name::BODY_BYTES, n(bytes));
        }
    }
    item
}

pub(crate) fn read_event(item: &Item) -> Result<EventRecord, Fault> {
    let body = match item.get(name::OBJECT) {
        Some(key) => Body::Object {
            key: key.as_s().map_err(|_| broken(name::OBJECT))?.clone(),
            bytes: number(item, name::BODY_BYTES)?,
        },
        None => Body::Inline(decode(text(item, name::ENCODING)?, blob(item)?)?),
    };
    let headers: BTreeMap<String, String> = attribute(item, name::HEADERS, AttributeValue::as_m)?
        .iter()
        .map(|(name, value)| Some((name.clone(), value.as_s().ok()?.clone())))
        .collect::<Option<_>>()
        .ok_or_else(|| broken(name::HEADERS))?;
    let covered = Covered::decode(text(item, name::SIGNED)?, headers.keys())
        .ok_or_else(|| broken(name::SIGNED))?;
    Ok(EventRecord {
        key: read_key(item)?,
        event_id: text(item, name::EVENT_ID)?.to_owned(),
        event_type: text(item, name::EVENT_TYPE)?.to_owned(),
        received_at: UnixMillis(number(item, name::RECEIVED_AT)?),
        delivery_id: text(item, name::DELIVERY_ID)?.to_owned(),
        body,
        body_digest: text(item, name::BODY_DIGEST)?.to_owned(),
        headers,
        secret_label: text(item, name::SECRET_LABEL)?.to_owned(),
        covered,
        reference: reference(item)?,
        parent: parent(item)?,
        expires_at: UnixSeconds(number(item, name::EXPIRES_AT)?),
    })
}

/// The few attributes by which a duplicate is known.
pub(crate) fn read_existing(item: &Item) -> Result<Existing, Fault> {
    Ok(Existing {
        delivery_id: text(item, name::DELIVERY_ID)?.to_owned(),
        life: Life(UnixMillis(number(item, name::RECEIVED_AT)?)),
        body_digest: text(item, name::BODY_DIGEST)?.to_owned(),
    })
}

pub(crate) fn work_item(key: &EventKey, work: &Work) -> Item {
    let mut item = primary(&key.to_string(), sort::WORK);
    let mut put = |name: &str, value| item.insert(name.to_owned(), value);
    put(name::LIFE, n(work.life.0.0));
    put(name::STATE, s(work.state.as_str()));
    put(name::ATTEMPT, n(work.attempt));
    put(name::UNTIL, n(work.until.0));
    put(name::TOKEN, n(work.token));
    put(name::EXPIRES_AT, n(work.expires_at.0));
    if work.all > 0 {
        put(name::ALL, n(work.all));
    }
    let legs = (work.legs.iter()).map(|(route, leg)| (route.clone(), legs::attribute(leg)));
    put(name::LEGS, AttributeValue::M(legs.collect()));
    item
}

/// The key of the event that an item is about.
pub(crate) fn read_key(item: &Item) -> Result<EventKey, Fault> {
    EventKey::parse(text(item, name::PK)?).ok_or_else(|| broken(name::PK))
}

pub(crate) fn read_work(item: &Item) -> Result<Work, Fault> {
    Ok(Work {
        life: Life(UnixMillis(number(item, name::LIFE)?)),
        state: State::named(text(item, name::STATE)?).ok_or_else(|| broken(name::STATE))?,
        attempt: number(item, name::ATTEMPT)?,
        until: UnixMillis(number(item, name::UNTIL)?),
        token: number_or_zero(item, name::TOKEN)?,
        legs: attribute(item, name::LEGS, AttributeValue::as_m)?
            .iter()
            .map(|(route, leg)| Ok((route.clone(), legs::read(leg)?)))
            .collect::<Result<_, Fault>>()?,
        all: number_or_zero(item, name::ALL)?,
        expires_at: UnixSeconds(number(item, name::EXPIRES_AT)?),
    })
}

/// A cursor's item. It has no end: it is moved for as long as its source is swept.
pub(crate) fn cursor_item(pk: &str, at: &Position) -> Item {
    let mut item = primary(pk, sort::CURSOR);
    // Not under the index's own names: a cursor is no event.
    item.insert(name::UNTIL.into(), n(at.received_at.0));
    item.insert(name::KEY.into(), s(at.key.to_string()));
    item
}

pub(crate) fn read_cursor(item: &Item) -> Result<Position, Fault> {
    position(item, name::UNTIL, name::KEY)
}

/// An index entry's place.
pub(crate) fn read_position(item: &Item) -> Result<Position, Fault> {
    position(item, name::RECEIVED_AT, name::PK)
}

/// An index entry's keys: those of the index and those of the table, so that of events received in
/// one millisecond none is read twice or left out.
pub(crate) fn start_key(partition: &str, at: &Position) -> Item {
    let mut item = primary(&at.key.to_string(), sort::EVENT);
    item.insert(name::SHARD.into(), s(partition));
    item.insert(name::RECEIVED_AT.into(), n(at.received_at.0));
    item
}

fn position(item: &Item, at: &str, key: &str) -> Result<Position, Fault> {
    Ok(Position {
        received_at: UnixMillis(number(item, at)?),
        key: EventKey::parse(text(item, key)?).ok_or_else(|| broken(key))?,
    })
}

fn reference(item: &Item) -> Result<Option<(String, String)>, Fault> {
    let Some(value) = item.get(name::REFERENCE) else {
        return Ok(None);
    };
    match value.as_l().map(Vec::as_slice) {
        Ok([AttributeValue::S(field), AttributeValue::S(text)]) => {
            Ok(Some((field.clone(), text.clone())))
        }
        _ => Err(broken(name::REFERENCE)),
    }
}

fn parent(item: &Item) -> Result<Option<EventKey>, Fault> {
    let Some(value) = item.get(name::PARENT) else {
        return Ok(None);
    };
    let key = value.as_s().ok().and_then(|text| EventKey::parse(text));
    key.map(Some).ok_or_else(|| broken(name::PARENT))
}

fn encode(body: &[u8]) -> (&'static str, Vec<u8>) {
    if body.len() >= WORTH_COMPRESSING {
        let smaller = compress_to_vec(body, LEVEL);
        if smaller.len() < body.len() {
            return (DEFLATE, smaller);
        }
    }
    (IDENTITY, body.to_vec())
}

fn decode(encoding: &str, stored: &[u8]) -> Result<Vec<u8>, Fault> {
    match encoding {
        IDENTITY => Ok(stored.to_vec()),
        DEFLATE => {
            decompress_to_vec_with_limit(stored, LARGEST_BODY_BYTES).map_err(|_| broken(name::BODY))
        }
        _ => Err(broken(name::ENCODING)),
    }
}

pub(crate) fn text<'a>(item: &'a Item, name: &str) -> Result<&'a str, Fault> {
    attribute(item, name, AttributeValue::as_s).map(String::as_str)
}

pub(crate) fn number<T: std::str::FromStr>(item: &Item, name: &str) -> Result<T, Fault> {
    attribute(item, name, AttributeValue::as_n)?
        .parse()
        .map_err(|_| broken(name))
}

/// A number that may be left out.
fn number_or_zero<T: std::str::FromStr + Default>(item: &Item, name: &str) -> Result<T, Fault> {
    if item.contains_key(name) {
        number(item, name)
    } else {
        Ok(T::default())
    }
}

fn blob(item: &Item) -> Result<&[u8], Fault> {
    attribute(item, name::BODY, AttributeValue::as_b).map(AsRef::as_ref)
}

fn attribute<'a, T: ?Sized, E>(
    item: &'a Item,
    name: &str,
    read: impl FnOnce(&'a AttributeValue) -> Result<&'a T, E>,
) -> Result<&'a T, Fault> {
    item.get(name)
        .and_then(|value| read(value).ok())
        .ok_or_else(|| broken(name))
}

pub(crate) fn broken(name: &str) -> Fault {
    Fault::new(
        FaultKind::Malformed,
        "reading an item",
        format!("it has no readable `{name}`"),
    )
}

#[cfg(test)]
mod tests;
