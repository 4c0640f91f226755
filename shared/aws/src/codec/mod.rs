//! The ledger's items as DynamoDB attributes, and back. No client, no IO.

mod legs;
mod packed;

use std::{borrow::Cow, collections::HashMap};

use aws_sdk_dynamodb::{primitives::Blob, types::AttributeValue};
use protocol::{
    covered::Covered,
    fault::{Fault, FaultKind},
    ledger::{Body, EventKey, EventRecord, Life, State, Trouble, Work, shard},
    ports::{Cursor, Existing, Position},
    time::{UnixMillis, UnixSeconds},
};

use self::packed::{Front, pack, unpack};

pub(crate) use self::packed::warm_up;

/// An item.
pub(crate) type Item = HashMap<String, AttributeValue>;

/// The attributes' names. Those of an event are short: an item is paid for by the kilobyte, names included.
pub(crate) mod name {
    pub(crate) const PK: &str = "pk";
    pub(crate) const SK: &str = "sk";
    pub(crate) const EXPIRES_AT: &str = "expires_at";
    pub(crate) const SHARD: &str = "shard";
    pub(crate) const RECEIVED_AT: &str = "at";
    pub(crate) const KEY: &str = "key";
    pub(crate) const TROUBLE: &str = "trouble";
    pub(crate) const REASONS: &str = "reasons";
    pub(crate) const LIFE: &str = "life";
    pub(crate) const STATE: &str = "state";
    pub(crate) const ATTEMPT: &str = "attempt";
    pub(crate) const UNTIL: &str = "until";
    pub(crate) const UNFINISHED: &str = "unfinished";
    pub(crate) const EVENT_ID: &str = "id";
    pub(crate) const EVENT_TYPE: &str = "type";
    pub(super) const DELIVERY_ID: &str = "by";
    pub(super) const DATA: &str = "data";
    pub(super) const OBJECT: &str = "object";
    pub(super) const BODY_BYTES: &str = "bytes";
    pub(super) const BODY_DIGEST: &str = "sha";
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
    pub(crate) const HEARD: &str = "heard";
    pub(crate) const KEYS: &str = "keys";
    pub(crate) const SHARDS: &str = "shards";
}

pub(crate) fn s(text: impl Into<String>) -> AttributeValue {
    AttributeValue::S(text.into())
}

pub(crate) fn n(number: impl std::fmt::Display) -> AttributeValue {
    AttributeValue::N(number.to_string())
}

fn b(bytes: Vec<u8>) -> AttributeValue {
    AttributeValue::B(Blob::new(bytes))
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
    // Most often the key says it.
    if event.event_id != event.key.id() {
        put(name::EVENT_ID, s(&event.event_id));
    }
    put(name::EVENT_TYPE, s(&event.event_type));
    put(name::DELIVERY_ID, hex_or_text(&event.delivery_id));
    put(name::BODY_DIGEST, hex_or_text(&event.body_digest));
    put(name::EXPIRES_AT, n(event.expires_at.0));
    let front = Front {
        headers: Cow::Borrowed(&event.headers),
        secret_label: Cow::Borrowed(&event.secret_label),
        covered: event.covered.encode(event.headers.keys()).into(),
        reference: event.reference.as_ref().map(Cow::Borrowed),
        parent: event.parent.as_ref().map(|key| key.to_string().into()),
    };
    let body: &[u8] = match &event.body {
        Body::Inline(bytes) => bytes,
        Body::Object { key, bytes } => {
            put(name::OBJECT, s(key));
            put(name::BODY_BYTES, n(bytes));
            &[]
        }
    };
    put(name::DATA, b(pack(&front, body)));
    item
}

pub(crate) fn read_event(item: &Item) -> Result<EventRecord, Fault> {
    let key = read_key(item)?;
    let data = attribute(item, name::DATA, AttributeValue::as_b)?;
    let (front, body) = unpack(data.as_ref()).ok_or_else(|| broken(name::DATA))?;
    let body = match item.get(name::OBJECT) {
        Some(key) => Body::Object {
            key: key.as_s().map_err(|_| broken(name::OBJECT))?.clone(),
            bytes: number(item, name::BODY_BYTES)?,
        },
        None => Body::Inline(body),
    };
    let covered = Covered::decode(&front.covered, front.headers.keys());
    let parent = front
        .parent
        .map(|text| EventKey::parse(&text).ok_or_else(|| broken(name::DATA)));
    let parent = parent.transpose()?;
    Ok(EventRecord {
        event_id: read_event_id(item, &key)?,
        event_type: text(item, name::EVENT_TYPE)?.to_owned(),
        received_at: UnixMillis(number(item, name::RECEIVED_AT)?),
        delivery_id: text_or_hex(item, name::DELIVERY_ID)?,
        body,
        body_digest: text_or_hex(item, name::BODY_DIGEST)?,
        headers: front.headers.into_owned(),
        secret_label: front.secret_label.into_owned(),
        covered: covered.ok_or_else(|| broken(name::DATA))?,
        reference: front.reference.map(Cow::into_owned),
        parent,
        expires_at: UnixSeconds(number(item, name::EXPIRES_AT)?),
        key,
    })
}

/// The event's id, which is left out where its key says the same.
pub(crate) fn read_event_id(item: &Item, key: &EventKey) -> Result<String, Fault> {
    if item.contains_key(name::EVENT_ID) {
        text(item, name::EVENT_ID).map(str::to_owned)
    } else {
        Ok(key.id().to_owned())
    }
}

/// The few attributes by which a duplicate is known.
pub(crate) fn read_existing(item: &Item) -> Result<Existing, Fault> {
    Ok(Existing {
        delivery_id: text_or_hex(item, name::DELIVERY_ID)?,
        life: Life(UnixMillis(number(item, name::RECEIVED_AT)?)),
        body_digest: text_or_hex(item, name::BODY_DIGEST)?,
    })
}

/// A partition of the index of what is in trouble, as large as one of the index by time.
pub(crate) fn trouble_partition(trouble: Trouble, shard: &str) -> String {
    format!("{}#{shard}", trouble.as_str())
}

pub(crate) fn work_item(key: &EventKey, work: &Work, shards: u32) -> Item {
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
    // Only then has the index an entry of it: what succeeds at once costs it nothing.
    if let Some(trouble) = work.trouble() {
        let partition = trouble_partition(trouble, &shard(key, shards));
        put(name::TROUBLE, s(partition));
        // Beside the legs, which the index can't look into.
        let reasons = work.reasons().into_iter();
        let reasons: Vec<String> = reasons.map(|reason| reason.as_str().to_owned()).collect();
        if !reasons.is_empty() {
            put(name::REASONS, AttributeValue::Ss(reasons));
        }
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

/// A cursor's item. It has no end: it is moved for as long as there is a stack.
pub(crate) fn cursor_item(pk: &str, cursor: &Cursor) -> Item {
    let mut item = primary(pk, sort::CURSOR);
    let mut put = |name: &str, value| item.insert(name.to_owned(), value);
    // Not under the index's own names: a cursor is no event.
    put(name::UNTIL, n(cursor.at.received_at.0));
    put(name::KEY, s(cursor.at.key.to_string()));
    if let Some(at) = cursor.unfinished {
        put(name::UNFINISHED, n(at.0));
    }
    item
}

pub(crate) fn read_cursor(item: &Item) -> Result<Cursor, Fault> {
    let unfinished = item.contains_key(name::UNFINISHED);
    let unfinished = unfinished.then(|| number(item, name::UNFINISHED));
    Ok(Cursor {
        at: position(item, name::UNTIL, name::KEY)?,
        unfinished: unfinished.transpose()?.map(UnixMillis),
    })
}

/// An index entry's place.
pub(crate) fn read_position(item: &Item) -> Result<Position, Fault> {
    read_entry(item, name::RECEIVED_AT)
}

/// The place of an entry of an index that has the time under this name.
pub(crate) fn read_entry(item: &Item, time: &str) -> Result<Position, Fault> {
    position(item, time, name::PK)
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

/// Digits of a digest or a random number as the bytes that they stand for; any other text as it is.
fn hex_or_text(text: &str) -> AttributeValue {
    let is_hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    match hex::decode(text) {
        Ok(bytes) if text.bytes().all(is_hex) => b(bytes),
        _ => s(text),
    }
}

fn text_or_hex(item: &Item, name: &str) -> Result<String, Fault> {
    match item.get(name) {
        Some(AttributeValue::B(bytes)) => Ok(hex::encode(bytes)),
        Some(AttributeValue::S(text)) => Ok(text.clone()),
        _ => Err(broken(name)),
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
mod sizes;
#[cfg(test)]
mod tests;
