//! How large an event's item is: in `docs/evidence/item-sizes.md`, which is held to this.
#![allow(clippy::unwrap_used)]

use std::{fmt::Write as _, fs, path::Path};

use protocol::ledger::{EventRecord, LegState};
use support::records;

use super::*;

/// The bytes that `DynamoDB` counts of an item: names and values; three for a map or a list, and one for each of its
/// members; of a number one for two digits, and one more.
pub(super) fn of(item: &Item) -> usize {
    let attributes = item.iter();
    attributes
        .map(|(name, value)| name.len() + size(value))
        .sum()
}

fn size(value: &AttributeValue) -> usize {
    match value {
        AttributeValue::S(text) => text.len(),
        AttributeValue::B(bytes) => bytes.as_ref().len(),
        AttributeValue::N(digits) => digits.len().div_ceil(2) + 1,
        AttributeValue::M(map) => {
            let members = map.iter();
            let members = members.map(|(name, value)| 1 + name.len() + size(value));
            3 + members.sum::<usize>()
        }
        other => panic!("{other:?}"),
    }
}

/// An event with this body, with an id, a type and headers as long as they usually are.
fn event(name: &str, body: Vec<u8>) -> EventRecord {
    let id = "0f8fad5b-d9cb-469f-a165-70867728950e";
    let headers = [
        ("content-type", "application/json; charset=utf-8"),
        (
            "user-agent",
            "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        ),
    ];
    EventRecord {
        event_type: "customer.subscription.updated".into(),
        delivery_id: "00112233445566778899aabbccddeeff".into(),
        headers: headers
            .map(|(name, text)| (name.into(), text.into()))
            .into(),
        body: Body::Inline(body),
        ..records::event(name, id)
    }
}

/// Name, bytes of the body, bytes of the item; sorted by the size of the body.
fn measured(folder: &str) -> Vec<(String, usize, usize)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let files = fs::read_dir(&folder).unwrap();
    let mut found: Vec<_> = files
        .map(|file| {
            let path = file.unwrap().path();
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            let body = fs::read(&path).unwrap();
            let bytes = body.len();
            let item = event_item(&event(&name, body), 1);
            (name, bytes, of(&item))
        })
        .collect();
    found.sort_by(|one, other| (one.1, &one.0).cmp(&(other.1, &other.0)));
    found
}

/// The share of items that take one write.
fn within(items: &[(String, usize, usize)]) -> String {
    let fit = items.iter().filter(|(_, _, item)| *item <= 1_024).count();
    format!("{fit} of {}", items.len())
}

#[test]
fn the_page_says_how_large_items_are() {
    let bodies = measured("src/codec/bodies");
    let mut table = String::from("| body | its bytes | the item's bytes |\n|---|--:|--:|\n");
    for (name, body, item) in &bodies {
        writeln!(table, "| {name} | {body} | {item} |").unwrap();
    }
    let line = format!("Within a write unit: {}.", within(&bodies));
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/evidence/item-sizes.md");
    let page = fs::read_to_string(page).unwrap();
    for part in [&table, &line] {
        assert!(
            page.contains(part),
            "the page says something else than:\n{table}\n{line}"
        );
    }
}

#[test]
fn usual_events_of_two_kilobytes_take_one_write() {
    for (name, body, item) in measured("src/codec/bodies") {
        assert!(body > 1_400 && item <= 1_024, "{name}: {body}, {item}");
    }
    for (name, _, item) in measured("../../cli/src/samples") {
        assert!(item <= 1_024, "{name}: {item}");
    }
}

/// What `landfall cost` goes by.
#[test]
fn the_price_is_computed_from_these_sizes() {
    let mean = |items: &[(String, usize, usize)]| {
        let sum = |of: fn(&(String, usize, usize)) -> usize| items.iter().map(of).sum::<usize>();
        [sum(|item| item.1), sum(|item| item.2)].map(|sum| sum / items.len())
    };
    let bodies = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/codec/bodies");
    let mut names: Vec<_> = fs::read_dir(bodies)
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    names.sort();
    let mut all = b"[".to_vec();
    all.append(
        &mut names
            .iter()
            .map(|file| fs::read(file).unwrap())
            .collect::<Vec<_>>()
            .join(&b","[..]),
    );
    all.push(b']');
    let item = |body: &[u8]| {
        [
            body.len(),
            of(&event_item(&event("acme-billing", body.to_vec()), 1)),
        ]
    };
    let items = [item(b""), mean(&measured("src/codec/bodies")), item(&all)];

    let whole = event_item(&event("acme-billing", Vec::new()), 1);
    let keys = [name::PK, name::SK, name::SHARD, name::RECEIVED_AT];
    let entry: Item = keys.map(|key| (key.to_owned(), whole[key].clone())).into();
    let work = Work {
        legs: [(
            "paid-invoices".to_owned(),
            records::leg(LegState::Succeeded),
        )]
        .into(),
        token: u64::MAX,
        ..records::work(Life(UnixMillis(1_800_000_000_123)), State::Succeeded)
    };
    let work = work_item(&event("acme-billing", Vec::new()).key, &work, 1);

    let known = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cli/src/cost/measured.json");
    let known: serde_json::Value = serde_json::from_slice(&fs::read(known).unwrap()).unwrap();
    let expected = serde_json::json!([items, of(&work), of(&entry)]);
    let found = ["event_item_bytes", "work_item_bytes", "index_entry_bytes"]
        .map(|size| &known[size]["value"]);
    assert_eq!(serde_json::json!(found), expected);
}
