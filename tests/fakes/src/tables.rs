//! DynamoDB's tables as maps. The conditions are those of `landfall_aws`, written once more.

use std::{collections::BTreeMap, net::IpAddr};

use protocol::{
    ledger::{EventKey, EventRecord, Holder, State, Work, WorkVersion},
    ports::{Existing, Position, Put, Written},
    time::UnixMillis,
};
use webhook::endpoint::enrolment::{self, Offer, Pending};

type Events = BTreeMap<EventKey, EventRecord>;

type Works = BTreeMap<EventKey, Work>;

/// Writes an event if none stands there, or an expired one.
pub fn put_event(events: &mut Events, event: &EventRecord, now: UnixMillis) -> Put {
    match events.get(&event.key) {
        Some(found) if found.is_current(now) => Put::Exists(Existing {
            delivery_id: found.delivery_id.clone(),
            life: found.life(),
            body_digest: found.body_digest.clone(),
        }),
        _ => {
            events.insert(event.key.clone(), event.clone());
            Put::Stored
        }
    }
}

/// Writes the work of an event if it is as it was read, or finds this very work.
pub fn claim(
    works: &mut Works,
    key: &EventKey,
    as_read: Option<WorkVersion>,
    work: &Work,
) -> Written {
    let found = works.get(key);
    if found.map(Work::version) == as_read {
        works.insert(key.clone(), work.clone());
        return Written::Yes;
    }
    match found {
        Some(found) if found == work => Written::Yes,
        _ => Written::No,
    }
}

/// Writes the work of an event if the claim is still held.
pub fn finish(works: &mut Works, key: &EventKey, holder: Holder, work: &Work) -> Written {
    let held = WorkVersion {
        life: holder.life,
        state: State::Processing,
        attempt: holder.attempt,
        until: holder.until,
    };
    if works.get(key).map(Work::version) != Some(held) {
        return Written::No;
    }
    works.insert(key.clone(), work.clone());
    Written::Yes
}

/// Up to `limit` of these places of the index, oldest first, after `after` and not younger than `until`.
/// A source has one partition.
pub fn page(
    places: impl IntoIterator<Item = Position>,
    partition: &str,
    after: Option<&Position>,
    until: UnixMillis,
    limit: u16,
) -> Vec<Position> {
    let source = partition.split('#').next().unwrap_or_default();
    let mut page: Vec<_> = places
        .into_iter()
        .filter(|place| place.key.source() == source && place.received_at <= until)
        .filter(|place| after.is_none_or(|after| place > after))
        .collect();
    page.sort();
    page.truncate(limit.into());
    page
}

/// Moves a cursor if it is where it was read.
pub fn move_cursor(
    cursors: &mut BTreeMap<String, Position>,
    name: &str,
    from: Option<&Position>,
    to: &Position,
) -> Written {
    if cursors.get(name) != from {
        return Written::No;
    }
    cursors.insert(name.into(), to.clone());
    Written::Yes
}

/// Keeps a secret where the source's entry takes it. When and from where it came first stays.
pub fn keep(
    enrolments: &mut BTreeMap<String, enrolment::Entry>,
    source: &str,
    offer: &Offer,
    from: Option<IpAddr>,
    now: UnixMillis,
) -> Written {
    let Some(entry) = enrolments.get_mut(source) else {
        return Written::No;
    };
    if !entry.takes(offer, now) {
        return Written::No;
    }
    entry.pending.get_or_insert(Pending {
        secret: offer.secret().into(),
        received_at: now,
        source_ip: from,
    });
    Written::Yes
}
