#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use insta::assert_snapshot;
use proptest::{collection, prelude::*};
use protocol::{
    covered::Part,
    ledger::{Leg, LegState},
    reason::Reason,
    ticket::Ask,
};
use support::records;

use super::*;

/// An event of which every attribute stands in its item, but for the type.
fn record(body: Body) -> EventRecord {
    EventRecord {
        body,
        event_type: String::new(),
        headers: [("content-type".to_owned(), String::new())].into(),
        covered: [Part::Body, Part::Header("content-type".into())]
            .into_iter()
            .collect(),
        reference: Some(("verification_id".into(), "v".into())),
        ..records::event("github", "a#b")
    }
}

/// The item as text, an attribute a line. A binary one shows its length only.
fn shown(item: &Item) -> String {
    let attributes: BTreeMap<_, _> = item.iter().collect();
    let attributes = attributes.iter();
    let lines: Vec<_> = attributes
        .map(|(name, value)| format!("{name}: {}", in_words(value)))
        .collect();
    lines.join("\n")
}

fn in_words(value: &AttributeValue) -> String {
    match value {
        AttributeValue::B(bytes) => format!("{} bytes", bytes.as_ref().len()),
        AttributeValue::S(text) => format!("{text:?}"),
        AttributeValue::N(number) => number.clone(),
        AttributeValue::M(map) => {
            let members: BTreeMap<_, _> = map.iter().collect();
            let members = members.iter();
            let members: Vec<_> = members
                .map(|(name, value)| format!("{name}: {}", in_words(value)))
                .collect();
            format!("{{{}}}", members.join(", "))
        }
        other => format!("{other:?}"),
    }
}

fn round_trip(event: &EventRecord) -> EventRecord {
    read_event(&event_item(event, 1)).unwrap()
}

proptest! {
    #[test]
    fn an_event_comes_back_as_it_was(
        body in collection::vec(any::<u8>(), 0..4_000),
        repeated in 1_usize..20,
        id in ".{1,40}",
        received_at in any::<i64>(),
        parent in proptest::option::of(".{1,40}"),
    ) {
        let mut event = record(Body::Inline(body.repeat(repeated)));
        event.key = EventKey::new("github", id);
        event.received_at = UnixMillis(received_at);
        event.parent = parent.map(|id| EventKey::new("github", id));
        prop_assert_eq!(round_trip(&event), event);
    }

    #[test]
    fn work_comes_back_as_it_was(
        numbers in any::<(i64, u64, i64, u64, u64, i64)>(),
        legs in collection::btree_map("[a-z0-9-]{1,64}", leg(), 0..6),
        state in proptest::sample::select(&[
            State::Waiting, State::Processing, State::Succeeded, State::Failed,
        ][..]),
    ) {
        let (life, attempt, until, token, all, expires_at) = numbers;
        let work = Work {
            life: Life(UnixMillis(life)),
            state,
            attempt,
            until: UnixMillis(until),
            token,
            legs,
            all,
            expires_at: UnixSeconds(expires_at),
        };
        let key = EventKey::new("github", "1");
        prop_assert_eq!(read_work(&work_item(&key, &work, 1)), Ok(work));
    }

    #[test]
    fn no_item_makes_the_reading_panic(
        names in collection::hash_map("[a-z_]{1,12}", any::<u8>(), 0..8),
        bytes in collection::vec(any::<u8>(), 0..64),
    ) {
        let mut item = event_item(&record(Body::Inline(vec![7; 2_000])), 1);
        for (name, kind) in names {
            item.insert(name, if kind % 2 == 0 { s("x") } else { n("-1") });
        }
        item.insert(name::DATA.into(), AttributeValue::B(Blob::new(bytes)));
        let _ = (read_event(&item), read_work(&item), read_position(&item), read_cursor(&item));
    }
}

/// Any leg.
fn leg() -> impl Strategy<Value = Leg> {
    let numbers = any::<(u32, i64, i64, u64, u32, bool)>();
    let asks = collection::vec(any::<u64>(), 0..6);
    let said = proptest::option::of(".{0,40}");
    let reasons = proptest::option::of(proptest::sample::select(&Reason::ALL[..]));
    let states = proptest::sample::select(&LegState::ALL[..]);
    let all = (numbers, asks, said, reasons, states);
    all.prop_map(|(numbers, asks, last_error, reason, state)| {
        let (tries, until, since, epoch, reopens, lapsed) = numbers;
        Leg {
            state,
            tries,
            until: UnixMillis(until),
            since: UnixMillis(since),
            epoch,
            reopens,
            by: asks.into_iter().map(Ask).collect(),
            lapsed,
            last_error,
            reason,
        }
    })
}

#[test]
fn an_event_with_five_routes_costs_one_unit_of_writing() {
    let leg = records::leg(LegState::Succeeded);
    let names = ["paid-invoices", "crm", "billing-export", "audit", "slack"];
    let work = Work {
        legs: names.map(|name| (name.to_owned(), leg.clone())).into(),
        ..records::work(Life(UnixMillis(1_800_000_000_123)), State::Succeeded)
    };
    let key = EventKey::new("stripe", "evt_1MqqbKLt4dXK03v5qaIbiNCC");
    let bytes = sizes::of(&work_item(&key, &work, 1));
    assert!(bytes < 600, "{bytes}");
}

#[test]
fn a_body_in_the_bucket_is_named_not_held() {
    let body = Body::Object {
        key: "bodies/a/b".into(),
        bytes: 3_000_000,
    };
    let event = record(body);
    assert_eq!(round_trip(&event), event);
    assert_eq!(unpacked(&event).1, b"");
}

/// What is stored of an event in one attribute.
fn data(event: &EventRecord) -> Vec<u8> {
    let item = event_item(event, 1);
    item[name::DATA].as_b().unwrap().as_ref().to_vec()
}

fn unpacked(event: &EventRecord) -> (Front<'static>, Vec<u8>) {
    unpack(&data(event)).unwrap()
}

#[test]
fn a_body_is_compressed_only_where_that_makes_it_smaller() {
    let tiny = b"{}".to_vec();
    let json = br#"{"type":"invoice.paid"},"#.repeat(500);
    let noise: Vec<u8> = (0..4_096_u32)
        .flat_map(|at| at.wrapping_mul(2_654_435_761).to_le_bytes())
        .collect();
    let data = |body: &[u8]| data(&record(Body::Inline(body.to_vec())));
    assert_eq!(data(&tiny)[0], packed::PLAIN);
    assert!(data(&tiny).ends_with(&tiny));
    assert_eq!(data(&json)[0], packed::FIRST);
    assert!(data(&json).len() < json.len() / 20);
    assert!(data(&noise).len() < noise.len() + 200);
}

#[test]
fn what_is_no_whole_frame_or_would_unpack_beyond_all_limits_is_a_fault() {
    let json = br#"{"type":"invoice.paid"},"#.repeat(500);
    let good = data(&record(Body::Inline(json)));
    assert!(unpack(&good).is_some());
    // By RFC 8878: four bytes of magic number, a descriptor (0x60: one segment, and a length of two bytes that counts from
    // 256), the length.
    assert_eq!(good[1..6], [0x28, 0xb5, 0x2f, 0xfd, 0x60]);
    let changed = |at: usize, byte: u8| {
        let mut bad = good.clone();
        bad[at] = byte;
        unpack(&bad)
    };
    // Another encoding, another number, a greater length, and a smaller one.
    for (at, byte) in [(0, 2), (1, 0), (6, good[6] + 1), (6, good[6] - 1)] {
        assert_eq!(changed(at, byte), None, "{at}: {byte}");
    }
    for end in 0..good.len() {
        assert_eq!(unpack(&good[..end]), None, "{end}");
    }
    // A length of eight bytes that no memory has, and none at all.
    let mut endless = vec![1, 0x28, 0xb5, 0x2f, 0xfd, 0xe0];
    endless.extend((1_u64 << 46).to_le_bytes());
    assert_eq!(unpack(&endless), None);
    assert_eq!(unpack(&[1, 0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58]), None);
}

/// What was written with a dictionary can be read with that one only.
#[test]
fn the_first_dictionary_is_what_it_was() {
    use sha2::{Digest as _, Sha256};
    let digest = hex::encode(Sha256::digest(packed::dictionary()));
    assert_eq!(
        digest,
        "68b8b4c7f96d62c5021dbb10a55718e02833342ea47e5e489bc78be08e88d464"
    );
}

#[test]
fn random_numbers_and_digests_are_bytes_and_other_texts_are_kept() {
    for text in [
        "0123456789abcdef",
        "0123456789ABCDEF",
        "012",
        "",
        "delivery",
    ] {
        let mut item = Item::new();
        item.insert("by".into(), hex_or_text(text));
        assert_eq!(text_or_hex(&item, "by").as_deref(), Ok(text));
    }
    assert_eq!(hex_or_text("00ff"), b(vec![0, 255]));
}

#[test]
fn an_id_that_the_key_says_is_left_out() {
    let same = records::event("github", "1");
    let other = EventRecord {
        event_id: "2".into(),
        ..same.clone()
    };
    assert!(!event_item(&same, 1).contains_key(name::EVENT_ID));
    assert_eq!((round_trip(&same), round_trip(&other)), (same, other));
}

#[test]
fn only_an_event_stands_in_the_index() {
    let event = event_item(&record(Body::Inline(Vec::new())), 1);
    assert_eq!(event[name::SHARD], s("0"));
    let work = records::work(Life(UnixMillis(1)), State::Waiting);
    let at = Position {
        received_at: UnixMillis(1),
        key: EventKey::new("github", "1"),
    };
    let cursor = |unfinished| Cursor {
        at: at.clone(),
        unfinished,
    };
    for unfinished in [None, Some(UnixMillis(0)), Some(UnixMillis(1))] {
        let item = cursor_item("#cursor#x", &cursor(unfinished));
        assert_eq!(read_cursor(&item), Ok(cursor(unfinished)));
    }
    for item in [
        work_item(&at.key, &work, 1),
        cursor_item("#cursor#x", &cursor(None)),
    ] {
        assert!(!item.contains_key(name::SHARD) && !item.contains_key(name::RECEIVED_AT));
    }
}

#[test]
fn only_what_is_in_trouble_stands_in_the_index_of_that() {
    let key = EventKey::new("github", "1");
    let item = |state, leg| {
        let work = Work {
            legs: [("paid".to_owned(), leg)].into(),
            ..records::work(Life(UnixMillis(1)), state)
        };
        work_item(&key, &work, 1)
    };
    let succeeded = item(State::Succeeded, records::leg(LegState::Succeeded));
    assert!(!succeeded.contains_key(name::TROUBLE) && !succeeded.contains_key(name::REASONS));
    let leg = Leg {
        reason: Some(Reason::Permanent),
        ..records::leg(LegState::Failed)
    };
    let failed = item(State::Failed, leg);
    let reasons = AttributeValue::Ss(vec!["permanent".into()]);
    assert_eq!(failed[name::REASONS], reasons);
    let partition = trouble_partition(Trouble::Failed, &shard(&key, 1));
    assert_eq!(failed[name::TROUBLE], s(partition));
    let at = Position {
        received_at: UnixMillis(1),
        key,
    };
    assert_eq!(read_entry(&failed, name::LIFE), Ok(at));
}

#[test]
fn items_look_like_this() {
    let event = EventRecord {
        reference: Some(("verification_id".into(), "v1".into())),
        parent: Some(EventKey::new("github", "bundle")),
        ..records::event("github", "1")
    };
    assert_snapshot!("event", shown(&event_item(&event, 4)));

    let body = Body::Object {
        key: "bodies/github/0123".into(),
        bytes: 3_000_000,
    };
    let event = EventRecord { body, ..event };
    assert_snapshot!(
        "event_with_its_body_in_the_bucket",
        shown(&event_item(&event, 4))
    );

    let failed = Leg {
        tries: 8,
        reopens: 1,
        by: [Ask(1), Ask(u64::MAX)].into_iter().collect(),
        lapsed: true,
        last_error: Some("the billing API answered 503".into()),
        reason: Some(Reason::Exhausted),
        ..records::leg(LegState::Failed)
    };
    let replayed = Leg {
        epoch: 3,
        ..records::leg(LegState::Waiting)
    };
    let work = Work {
        attempt: 7,
        token: 99,
        all: 2,
        legs: [("billing".into(), failed), ("crm".into(), replayed)].into(),
        ..records::work(event.life(), State::Waiting)
    };
    assert_snapshot!("work", shown(&work_item(&event.key, &work, 1)));

    let cursor = Cursor {
        at: Position {
            received_at: event.received_at,
            key: event.key,
        },
        unfinished: Some(UnixMillis(1_799_999_999_000)),
    };
    assert_snapshot!("cursor", shown(&cursor_item("#cursor#0#120", &cursor)));
}
