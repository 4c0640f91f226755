//! Deliveries of several events: every item is a piece of the body, under a key of its own, and no other reader of
//! the same JSON sees items that aren't there, or misses one.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use catalogue::{Bundle, Provider, Source, Template};
use protocol::{
    covered::Part,
    ledger::EventRecord,
    ticket::{MAX_TICKET_BYTES, Ticket, Why},
};
use serde_json::Value;
use support::{NOW, source_of};
use webhook::event::{
    MAX_ID_BYTES, MAX_NAME_BYTES,
    bundle::{MAX_ITEMS, items as take_apart},
};

use super::Input;

static SOURCES: LazyLock<Vec<Source>> = LazyLock::new(|| {
    let id = Some(Template::new("{json:id}"));
    ["", "events", "a.b", "events>a"]
        .into_iter()
        .map(|items| Source {
            bundle: Some(Box::leak(Box::new(Bundle {
                items,
                item_id: id,
                item_type: id,
            }))),
            ..source_of(Provider::named("financbase").unwrap())
        })
        .collect()
});

/// Source, body.
pub fn items(bytes: &[u8]) {
    let mut input = Input(bytes);
    let source = input.pick(&SOURCES);
    let body = input.rest();
    let delivery = delivery();
    let found = take_apart(source, &delivery, body);
    assert_eq!(found, take_apart(source, &delivery, body));

    let mut keys = BTreeSet::new();
    let mut pieces = Vec::new();
    for item in found.iter().flatten() {
        let record = item.record(source, &delivery, NOW, 10);
        let (_, each) = source.bundle.map(Bundle::paths).unwrap_or_default();
        assert!(each.is_some() || body.as_ptr_range().contains(&item.body().as_ptr()));
        assert!((1..=MAX_ID_BYTES).contains(&record.key.id().len()));
        assert!((1..=MAX_NAME_BYTES).contains(&record.event_type.len()));
        assert!(
            Ticket::new(record.key.clone(), record.life(), Why::New, NOW)
                .encode()
                .len()
                <= MAX_TICKET_BYTES
        );
        assert_eq!(record.parent.as_ref(), Some(&delivery.key));
        assert!(keys.insert(record.key));
        pieces.push(item.body());
    }
    assert!(keys.len() <= MAX_ITEMS);
    if found.is_some() {
        same_to_every_reader(source, body, &pieces);
    }
}

fn delivery() -> EventRecord {
    EventRecord {
        headers: BTreeMap::new(),
        covered: [Part::Id, Part::Type, Part::Reference, Part::Body]
            .into_iter()
            .collect(),
        ..support::records::event("own", "sha256:00")
    }
}

fn same_to_every_reader(source: &Source, body: &[u8], pieces: &[&[u8]]) {
    let (path, each) = source.bundle.map(Bundle::paths).unwrap_or_default();
    // A reader that builds a tree gives up at a depth where ours, which builds none, does not.
    let Ok(mut json) = serde_json::from_slice::<Value>(body) else {
        return;
    };
    for name in path.split('.').filter(|name| !name.is_empty()) {
        json = json[name].take();
    }
    let read = |piece: &&[u8]| serde_json::from_slice::<Value>(piece).unwrap();
    let pieces: Vec<_> = pieces.iter().map(read).collect();
    let mut seen = json.as_array().unwrap().clone();
    if let Some(each) = each {
        seen = seen.into_iter().flat_map(|item| cut(item, each)).collect();
    }
    // One event twice in a delivery is one item.
    assert!(seen.len() >= pieces.len());
    assert!(seen.iter().all(|value| pieces.contains(value)));
    assert!(pieces.iter().all(|value| seen.contains(value)));
}

/// An item, and for each element of this list of its another.
fn cut(item: Value, each: &str) -> Vec<Value> {
    let Some(elements) = item.get(each).and_then(Value::as_array).cloned() else {
        return vec![item];
    };
    let with = |element: Value| {
        let mut item = item.clone();
        item[each] = Value::Array(vec![element]);
        item
    };
    // What would be too many stays whole.
    let all: Vec<_> = elements.into_iter().map(with).collect();
    [vec![item.clone()], all].concat()
}
