#![allow(clippy::unwrap_used)]

use catalogue::Provider;
use proptest::prelude::*;

use super::*;
use protocol::time::UnixSeconds;

const NOW: UnixMillis = UnixMillis(1_800_000_000_000);

const BUNDLE: Bundle = Bundle {
    items: "data.events",
    item_id: Some(Template::new("{json:id}")),
    item_type: Some(Template::new("{json:type}")),
};

fn source(bundle: Bundle) -> Source {
    let financbase = Provider::named("financbase").unwrap();
    Source {
        bundle: Some(Box::leak(Box::new(bundle))),
        ..Source::of(financbase)
    }
}

/// A delivery of which the signature doesn't cover the body.
fn delivery_of_an_unsigned_body() -> EventRecord {
    EventRecord {
        covered: Covered::default(),
        ..delivery()
    }
}

fn delivery() -> EventRecord {
    EventRecord {
        key: EventKey::new("financbase", "sha256:aa"),
        event_id: "d1".into(),
        event_type: "digest".into(),
        received_at: UnixMillis(NOW.0 - 5_000),
        delivery_id: "0123".into(),
        body: Body::Inline(Vec::new()),
        body_digest: "bb".into(),
        headers: [("content-type".to_owned(), "application/json".to_owned())].into(),
        secret_label: "2026-11".into(),
        covered: [Part::Id, Part::Type, Part::Reference, Part::Body]
            .into_iter()
            .collect(),
        reference: Some(("order".into(), "o1".into())),
        parent: None,
        expires_at: UnixSeconds(NOW.0 / 1_000 + 86_400),
    }
}

fn of(source: &Source, list: &str) -> Vec<(String, String, String)> {
    of_delivery(source, &delivery(), list)
}

fn of_delivery(
    source: &Source,
    delivery: &EventRecord,
    list: &str,
) -> Vec<(String, String, String)> {
    let body = format!(r#"{{"data": {{"events": {list}}}}}"#);
    let items = items(source, delivery, body.as_bytes()).unwrap();
    let told = items.iter().map(|item| {
        let body = String::from_utf8(item.body().to_vec()).unwrap();
        assert_eq!(item.key.source(), "financbase");
        (item.key.id().to_owned(), item.event_id.clone(), body)
    });
    told.collect()
}

/// The keys of this list's items.
fn keys(list: &str) -> Vec<String> {
    let items = of(&source(BUNDLE), list);
    items.into_iter().map(|(key, ..)| key).collect()
}

fn number(index: usize) -> String {
    Item::read(
        &Bundle {
            item_id: None,
            ..BUNDLE
        },
        &delivery(),
        index,
        "{}".into(),
    )
    .event_id
}

#[test]
fn an_item_is_an_event_of_its_own_under_its_own_id() {
    let list = "[ {\"id\" : \"a\" },\n{\"id\":17,\"type\":\"t\"} ]";
    let expected = [
        ("a", "a", "{\"id\" : \"a\" }"),
        ("17", "17", "{\"id\":17,\"type\":\"t\"}"),
    ];
    let expected = expected.map(|(key, id, body)| (key.into(), id.into(), body.into()));
    assert_eq!(of(&source(BUNDLE), list), expected);
}

#[test]
fn its_record_says_what_the_delivery_said_and_where_it_came_from() {
    let source = source(BUNDLE);
    let body = br#"{"data":{"events":[{"id":"a","type":"t"}]}}"#;
    let items = items(&source, &delivery(), body).unwrap();
    let record = items[0].record(&source, &delivery(), NOW, 100);
    let item = br#"{"id":"a","type":"t"}"#;
    assert_eq!(
        record,
        EventRecord {
            key: EventKey::new("financbase", "a"),
            event_id: "a".into(),
            event_type: "t".into(),
            received_at: NOW,
            body: Body::Inline(item.to_vec()),
            body_digest: hex::encode(Sha256::digest(item)),
            parent: Some(delivery().key),
            expires_at: EventRecord::expiry(NOW, source.retention_days),
            ..delivery()
        }
    );
    let large = items[0].record(&source, &delivery(), NOW, item.len() - 1);
    let Body::Object { key, bytes } = large.body else {
        panic!("{:?}", large.body);
    };
    assert_eq!(bytes, item.len() as u64);
    assert!(key.starts_with("bodies/") && key.ends_with(&record.body_digest));
}

#[test]
fn an_item_has_its_own_type_or_unknown_and_the_deliverys_where_items_have_none() {
    let types = |bundle: Bundle, list: &str| {
        let body = format!(r#"{{"data":{{"events":{list}}}}}"#);
        let items = items(&source(bundle), &delivery(), body.as_bytes()).unwrap();
        let types = items.into_iter().map(|item| item.event_type);
        types.collect::<Vec<_>>()
    };
    let long = "x".repeat(MAX_NAME_BYTES + 1);
    let list = format!(r#"[{{"type":"t"}},{{}},{{"type":[]}},{{"type":"{long}"}},1]"#);
    assert_eq!(
        types(BUNDLE, &list),
        ["t", "unknown", "unknown", "unknown", "unknown"]
    );
    let untyped = Bundle {
        item_type: None,
        ..BUNDLE
    };
    assert_eq!(types(untyped, &list), ["digest"; 5]);
}

#[test]
fn an_item_without_a_usable_id_is_known_by_its_place() {
    let long = "x".repeat(MAX_ID_BYTES + 1);
    let list = format!(
        r#"[{{}}, {{"id":""}}, {{"id":null}}, {{"id":{{}}}}, {{"id":"a","id":"a"}}, {{"id":"\ud800"}},
            {{"id":"{long}"}}, {{"id":"sha256:00"}}, 1, "a", null, [{{"id":"a"}}]]"#
    );
    let expected: Vec<_> = (0..12).map(number).collect();
    assert_eq!(keys(&list), expected);
    for (key, id, _) in of(&source(BUNDLE), &list) {
        assert_eq!(key, id);
        assert!(key.starts_with("sha256:") && key.len() == 71, "{key}");
    }
}

#[test]
fn the_longest_id_is_a_key() {
    let long = "x".repeat(MAX_ID_BYTES);
    assert_eq!(keys(&format!(r#"[{{"id":"{long}"}}]"#)), [long]);
}

#[test]
fn a_place_names_one_item_of_one_life_of_one_delivery() {
    let at =
        |delivery: &EventRecord, index| Item::read(&BUNDLE, delivery, index, "{}".into()).event_id;
    let later = EventRecord {
        received_at: NOW,
        ..delivery()
    };
    let other = EventRecord {
        key: EventKey::new("financbase", "sha256:ab"),
        ..delivery()
    };
    let named = [
        at(&delivery(), 0),
        at(&delivery(), 1),
        at(&later, 0),
        at(&other, 0),
    ];
    let different: std::collections::BTreeSet<_> = named.iter().collect();
    assert_eq!(different.len(), named.len());
    // The same on every attempt, whatever else the record says.
    let again = EventRecord {
        headers: BTreeMap::new(),
        ..delivery()
    };
    assert_eq!(at(&again, 1), named[1]);
}

#[test]
fn two_items_of_one_id_are_one_event_only_if_they_say_the_same() {
    let same = r#"{"id":"a","n":1}"#;
    let other = r#"{"id":"a","n":2}"#;
    assert_eq!(keys(&format!("[{same},{same}]")), ["a"]);
    assert_eq!(
        keys(&format!("[{same},{other},{same},{other}]")),
        ["a".to_owned(), number(1)]
    );
    // One spelt otherwise is another: which of the two was signed first is all that is known.
    assert_eq!(
        keys(r#"[{"id":"a"},{"id": "a"}]"#),
        ["a".to_owned(), number(1)]
    );
    assert_eq!(
        keys(r#"[{"id":1},{"id":"1"}]"#),
        ["1".to_owned(), number(1)]
    );
}

#[test]
fn an_item_known_by_its_place_is_named_as_surely_as_the_delivery_is() {
    let body = br#"{"data":{"events":[{"id":"a"},{"id":"a","n":1},{}]}}"#;
    for delivery_signed in [true, false] {
        let covered = delivery().covered.with(Part::Id, delivery_signed);
        let delivery = EventRecord {
            covered,
            ..delivery()
        };
        let source = source(BUNDLE);
        let items = items(&source, &delivery, body).unwrap();
        let signed: Vec<_> = items
            .iter()
            .map(|item| item.record(&source, &delivery, NOW, 100).covered.id())
            .collect();
        assert_eq!(signed, [true, delivery_signed, delivery_signed]);
    }
}

#[test]
fn an_id_that_is_not_signed_has_the_items_digest_behind_it() {
    let list = r#"[{"id":"a"},{"id":"a","n":1},{"id":"a"},{}]"#;
    let items = of_delivery(&source(BUNDLE), &delivery_of_an_unsigned_body(), list);
    let key = |at: usize| {
        let digest = hex::encode(Sha256::digest(&items[at].2));
        format!("a#{}", &digest[..16])
    };
    assert_eq!(items.len(), 3);
    assert_eq!((&items[0].0, &items[1].0), (&key(0), &key(1)));
    assert_eq!((&*items[0].1, &items[2].0), ("a", &number(3)));
    let (source, delivery) = (source(BUNDLE), delivery_of_an_unsigned_body());
    let body = br#"{"data":{"events":[{"id":"a"}]}}"#;
    let found = super::items(&source, &delivery, body).unwrap();
    let covered = found[0].record(&source, &delivery, NOW, 100).covered;
    assert_eq!(covered, Covered::default());
}

#[test]
fn what_is_no_bundle_is_one_event() {
    for body in [
        "",
        "{}",
        "[]",
        "nonsense",
        r#"{"data":[]}"#,
        r#"{"data":{"events":{}}}"#,
        r#"{"data":{"events":"[]"}}"#,
        r#"{"data":{"events":[]},"data":{"events":[]}}"#,
        r#"{"data":{"events":[1],"events":[1]}}"#,
        r#"{"data":{"events":[1}}"#,
        "{\"data\":{\"events\":[]}}\u{0}",
    ] {
        let found = items(&source(BUNDLE), &delivery(), body.as_bytes());
        assert_eq!(found, None, "{body}");
    }
    let many = |count| format!("{{\"data\":{{\"events\":[{}1]}}}}", "1,".repeat(count - 1));
    let found = |count| items(&source(BUNDLE), &delivery(), many(count).as_bytes()).is_some();
    assert!(found(MAX_ITEMS) && !found(MAX_ITEMS + 1));
}

#[test]
fn an_item_is_not_taken_apart_again_nor_is_what_comes_from_other_sources() {
    let body = br#"{"data":{"events":[{"id":"a"}]}}"#;
    let item = EventRecord {
        parent: Some(EventKey::new("financbase", "sha256:cc")),
        ..delivery()
    };
    assert_eq!(items(&source(BUNDLE), &item, body), None);
    let plain = Source {
        bundle: None,
        ..source(BUNDLE)
    };
    assert_eq!(items(&plain, &delivery(), body), None);
}

#[test]
fn an_empty_bundle_has_no_items() {
    assert_eq!(
        items(
            &source(BUNDLE),
            &delivery(),
            br#"{"data":{"events":[ ]},"destination":"x"}"#
        ),
        Some(vec![])
    );
}

#[test]
fn an_item_may_be_as_deep_as_a_body_is_long() {
    let depth = 1_000_000;
    let deep = format!(
        r#"{{"id":"a","x":{}{}}}"#,
        "[".repeat(depth),
        "]".repeat(depth)
    );
    assert_eq!(keys(&format!("[{deep}]")), ["a"]);
}

#[test]
fn nothing_of_an_item_is_shown() {
    let body = br#"{"data":{"events":[{"id":"a","secret":"MARK"}]}}"#;
    let shown = format!("{:?}", items(&source(BUNDLE), &delivery(), body));
    assert!(!shown.contains("MARK"), "{shown}");
}

proptest! {
    #[test]
    fn every_item_of_any_list_is_there_once_under_a_key_of_its_own(
        ids in proptest::collection::vec("[ab]{0,1}", 0..12),
        numbers in proptest::collection::vec(0..2_u8, 12),
    ) {
        let list: Vec<_> = ids
            .iter()
            .zip(numbers)
            .map(|(id, number)| format!(r#"{{"id":"{id}","n":{number}}}"#))
            .collect();
        let found = of(&source(BUNDLE), &format!("[{}]", list.join(",")));
        let keys: std::collections::BTreeSet<_> = found.iter().map(|(key, ..)| key).collect();
        prop_assert_eq!(keys.len(), found.len());
        // A text with an id is there once; one without, as often as it stood there.
        for text in &list {
            let stood = list.iter().filter(|other| *other == text).count();
            let is = found.iter().filter(|(_, _, body)| body == text).count();
            let nameless = text.starts_with(r#"{"id":"","#);
            prop_assert_eq!(is, if nameless { stood } else { 1 });
        }
    }

    #[test]
    fn no_body_makes_it_panic(body in proptest::collection::vec(any::<u8>(), 0..200)) {
        let whole = Bundle { items: "", ..BUNDLE };
        for bundle in [BUNDLE, whole] {
            for item in items(&source(bundle), &delivery(), &body).into_iter().flatten() {
                prop_assert!(!item.key.id().is_empty());
            }
        }
    }
}

/// The items of a body that is cut so.
fn cut_at(items_at: &'static str, body: &str) -> Vec<(String, String)> {
    let bundle = Bundle {
        items: items_at,
        item_id: None,
        item_type: Some(Template::new("{json:changes.0.field}")),
    };
    let items = items(&source(bundle), &delivery(), body.as_bytes()).unwrap();
    let told = items.iter().map(|item| {
        let body = String::from_utf8(item.body().to_vec()).unwrap();
        (item.event_type.clone(), body)
    });
    told.collect()
}

#[test]
fn an_item_is_cut_at_a_list_of_its_and_keeps_what_stands_beside() {
    let body = r#"{"entry": [
        {"id": "1", "changes": [ {"field":"a"} , {"field":"b","changes":[1,2]}], "time" : 7},
        {"changes": [{"field":"c"}]}, {"messaging": [1, 2]}, {"changes": []}, {"changes": 1}]}"#;
    let expected = [
        (
            "a",
            r#"{"id": "1", "changes": [ {"field":"a"}], "time" : 7}"#,
        ),
        (
            "b",
            r#"{"id": "1", "changes": [ {"field":"b","changes":[1,2]}], "time" : 7}"#,
        ),
        ("c", r#"{"changes": [{"field":"c"}]}"#),
        ("unknown", r#"{"messaging": [1, 2]}"#),
        ("unknown", r#"{"changes": []}"#),
        ("unknown", r#"{"changes": 1}"#),
    ];
    let expected = expected.map(|(kind, body)| (kind.to_owned(), body.to_owned()));
    assert_eq!(cut_at("entry>changes", body), expected);
    assert_eq!(cut_at("entry", body).len(), 5);
    assert_eq!(cut_at(">c", r#"[{"c":[1,2]}]"#).len(), 2);
}

#[test]
fn items_stay_whole_where_they_would_become_too_many_or_too_large() {
    let entry = |beside: usize, changes: usize| {
        let changes = vec!["0"; changes].join(",");
        let beside = "x".repeat(beside);
        format!(r#"{{"entry":[{{"b":"{beside}","changes":[{changes}]}}]}}"#)
    };
    assert_eq!(
        cut_at("entry>changes", &entry(1, MAX_ITEMS)).len(),
        MAX_ITEMS
    );
    assert_eq!(cut_at("entry>changes", &entry(1, MAX_ITEMS + 1)).len(), 1);
    let fits = MAX_CUT_BYTES / 1_000 - 30;
    assert_eq!(cut_at("entry>changes", &entry(fits, 1_000)).len(), 1_000);
    assert_eq!(cut_at("entry>changes", &entry(fits, 1_001)).len(), 1);
}
