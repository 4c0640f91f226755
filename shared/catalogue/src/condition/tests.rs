#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use serde_json::{Value, json};

use super::Condition;

/// The faults of a pattern: where, and what.
fn faults(pattern: &Value) -> Vec<String> {
    match Condition::read(pattern) {
        Ok(_) => Vec::new(),
        Err(faults) => faults.iter().map(ToString::to_string).collect(),
    }
}

#[track_caller]
fn refused(pattern: &Value, with: &str) {
    let faults = faults(pattern);
    assert!(
        faults.iter().any(|fault| fault.contains(with)),
        "{pattern}: {faults:?}"
    );
}

/// The examples of AWS's page on comparison operators, but for those that say something else than they seem to.
#[test]
fn awss_own_examples_are_read_and_printed_alike() {
    for pattern in [
        json!({ "Location": ["New York"], "Day": ["Monday"] }),
        json!({ "state": [{ "anything-but": "initializing" }] }),
        json!({ "Region": [{ "anything-but": { "prefix": "us-" } }] }),
        json!({ "FileName": [{ "anything-but": { "suffix": ".png" } }] }),
        json!({ "state": [{ "anything-but": { "equals-ignore-case": "initializing" } }] }),
        json!({ "FilePath": [{ "anything-but": { "wildcard": "*/lib/*" } }] }),
        json!({ "Region": [{ "prefix": "us-" }] }),
        json!({ "service": [{ "prefix": { "equals-ignore-case": "eventb" } }] }),
        json!({ "LastName": [""] }),
        json!({ "Name": [{ "equals-ignore-case": "alice" }] }),
        json!({ "FileName": [{ "suffix": ".png" }] }),
        json!({ "service": [{ "suffix": { "equals-ignore-case": "tBridge" } }] }),
        json!({ "ProductName": [{ "exists": true }] }),
        json!({ "ProductName": [{ "exists": false }] }),
        json!({ "Weather": [{ "anything-but": ["Raining"] }] }),
        json!({ "UserID": [null] }),
        json!({ "Price": [{ "numeric": ["=", 100] }] }),
        json!({ "Price": [{ "numeric": [">", 10, "<=", 20] }] }),
        json!({ "PaymentType": ["Credit", "Debit"] }),
        json!({ "$or": [{ "Location": ["New York"] }, { "Day": ["Monday"] }] }),
        json!({ "FileName": [{ "wildcard": "dir/*.png" }] }),
        json!({ "source-ip": [{ "cidr": "10.0.0.0/24" }] }),
        json!({ "x-limit": [{ "anything-but": [100, 200, 300] }] }),
        json!({ "EventBusArn": [{ "wildcard": "arn:aws:events:us-east-1:*:event-bus/*" }] }),
    ] {
        let read =
            Condition::read(&pattern).unwrap_or_else(|faults| panic!("{pattern}: {faults:?}"));
        let printed = read.to_json();
        assert_eq!(Condition::read(&printed), Ok(read), "{pattern} {printed}");
    }
}

#[test]
fn what_is_forgotten_or_misspelt_is_refused_with_the_mend() {
    refused(&json!([]), "a condition is a table");
    refused(&json!({}), "a table of a condition is empty");
    refused(&json!({ "a": {} }), "a table of a condition is empty");
    refused(&json!({ "a": "x" }), "write it in brackets");
    refused(&json!({ "a": [] }), "an empty list");
    refused(&json!({ "a": [["x"]] }), "side by side");
    refused(
        &json!({ "a": [{ "numric": [">", 0] }] }),
        "`numric` is no operator",
    );
    refused(
        &json!({ "a": [{ "prefix": "a", "suffix": "b" }] }),
        "a table of its own",
    );
    refused(&json!({ "a": [{}] }), "has one name");
    refused(&json!({ "a": [{ "exactly": "x" }] }), "the value itself");
    refused(&json!({ "a": { "prefix": "x" } }), "`[{ prefix = … }]`");
    refused(&json!({ "": ["x"] }), "no name");
}

#[test]
fn what_eventbridge_reads_otherwise_than_it_seems_is_refused() {
    // Without brackets, these are lists of values of a field that is called as the operator.
    refused(
        &json!({ "a": { "numeric": [">", 0] } }),
        "takes `numeric` for a field",
    );
    refused(
        &json!({ "a": { "anything-but": ["x"] } }),
        "takes `anything-but` for a field",
    );
    // A dot makes a path of a name.
    refused(&json!({ "a.b": ["x"] }), "a dot");
    // The last one counts, in the order in which they are written.
    refused(
        &json!({ "a": ["1"], "$or": [{ "a": ["2"] }, { "b": ["3"] }] }),
        "depends on the order",
    );
    refused(
        &json!({ "$or": [{ "a": ["2"], "$or": [{ "c": [1] }, { "a": [1] }] }, { "b": ["3"] }] }),
        "depends on the order",
    );
    // Both would have to hold of one element of an array, which no alternative says.
    refused(
        &json!({ "a": { "x": [1] }, "$or": [{ "a": { "y": [2] } }, { "b": [3] }] }),
        "depends on the order",
    );
    // With such a name in it `$or` is a field.
    refused(
        &json!({ "$or": [{ "prefix": ["a"] }, { "b": [1] }] }),
        "no field within `$or`",
    );
    refused(
        &json!({ "$or": [{ "a": { "cidr": ["a"] } }, { "b": [1] }] }),
        "no field within `$or`",
    );
    refused(&json!({ "$or": [{ "a": [1] }] }), "two or more");
    refused(
        &json!({ "$or": ["a", "b"] }),
        "an alternative of `$or` is a table",
    );
    refused(&json!({ "$or": { "a": [1] } }), "two or more");
    // An address equals whatever names the same address.
    refused(&json!({ "ip": ["10.0.0.1"] }), "an address");
    refused(&json!({ "ip": ["010.0.0.1"] }), "an address");
    refused(&json!({ "ip": ["::1"] }), "an address");
    // AWS's pages call 300 and 300.0 different numbers, its code calls them one.
    refused(&json!({ "price": [300.5] }), "numeric = [\"=\", 300.5]");
    // Java's capitals.
    refused(
        &json!({ "a": [{ "equals-ignore-case": "straße" }] }),
        "ASCII",
    );
    refused(
        &json!({ "a": [{ "prefix": { "equals-ignore-case": "É" } }] }),
        "ASCII",
    );
}

#[test]
fn what_is_no_address_is_a_text() {
    for text in [
        "1.2.3",
        "1.2.3.256",
        "v1.2.3.4",
        "1.2.3.4.5",
        "12:30",
        "12:30:45",
        "a:b",
        ".",
        "...",
    ] {
        assert_eq!(faults(&json!({ "a": [text] })), [""; 0], "{text}");
    }
}

#[test]
fn a_numeric_comparison_is_one_or_a_range() {
    for operand in [
        json!([]),
        json!(5),
        json!([">"]),
        json!([">", "5"]),
        json!(["!=", 5]),
        json!(["<", 5, ">", 1]),
        json!(["=", 5, "<", 6]),
        json!([">", 5, "<", 5]),
        json!([">", 1, "<", 2, "<", 3]),
    ] {
        refused(
            &json!({ "a": [{ "numeric": operand }] }),
            "is a comparison, or a range",
        );
    }
    for number in [
        json!(5_000_000_001_i64),
        json!(-5_000_000_001_i64),
        json!(0.000_000_1),
        json!(1e300),
    ] {
        refused(
            &json!({ "a": [{ "numeric": ["=", number] }] }),
            "sure to compare",
        );
    }
    for number in [
        json!(5e9),
        json!(-5_000_000_000_i64),
        json!(0.000_001),
        json!(0),
    ] {
        assert_eq!(
            faults(&json!({ "a": [{ "numeric": ["<=", number] }] })),
            [""; 0]
        );
    }
}

#[test]
fn anything_but_excludes_texts_or_numbers_or_one_form_of_texts() {
    for operand in [
        json!([]),
        json!(["a", 1]),
        json!(true),
        json!([null]),
        json!({}),
        json!({ "numeric": ["=", 1] }),
        json!({ "cidr": "10.0.0.0/8" }),
        json!({ "prefix": "" }),
        json!({ "prefix": [] }),
        json!({ "prefix": { "equals-ignore-case": "a" } }),
        json!({ "wildcard": "a**b" }),
    ] {
        assert_ne!(
            faults(&json!({ "a": [{ "anything-but": operand }] })),
            [""; 0],
            "{operand}"
        );
    }
}

#[test]
fn a_network_is_written_in_one_way() {
    for (network, with) in [
        ("10.0.0.1", "no network"),
        ("10.0.0.1/24", "`10.0.0.0/24`"),
        ("10.0.0.1/32", "equals-ignore-case"),
        ("::1/128", "equals-ignore-case"),
        ("10.0.0.0/33", "no network"),
        ("10.0.0.0/255.0.0.0", ""),
        ("::ffff:0:0/96", "not everyone"),
        ("10.0.0.0/08", ""),
    ] {
        refused(&json!({ "a": [{ "cidr": network }] }), with);
    }
}

#[test]
fn a_star_is_escaped_by_a_backslash_and_nothing_else_is() {
    for pattern in ["a**b", r"a\b", r"a\"] {
        assert_ne!(
            faults(&json!({ "a": [{ "wildcard": pattern }] })),
            [""; 0],
            "{pattern}"
        );
    }
    let read = Condition::read(&json!({ "a": [{ "wildcard": r"\**\\*" }] })).unwrap();
    assert_eq!(read.to_json(), json!({ "a": [{ "wildcard": r"\**\\*" }] }));
}

#[test]
fn what_eventbridge_would_make_too_many_rules_of_is_refused() {
    let ten = |name: &str| -> Value {
        (0..10)
            .map(|number| json!({ format!("{name}{number}"): [1] }))
            .collect()
    };
    let thousand = json!({ "a": { "$or": ten("a") }, "b": { "$or": ten("b") }, "$or": ten("c") });
    assert_eq!(faults(&thousand), [""; 0]);
    let more = json!({ "a": { "$or": ten("a") }, "b": { "$or": ten("b") }, "c": { "$or": ten("c") }, "$or": [{ "d": [1] }, { "e": [1] }] });
    refused(&more, "more than 1000 rules");
}

#[test]
fn every_fault_is_told_with_its_place() {
    let pattern = json!({ "a": { "b": [{ "prefix": 1 }, [1]] }, "c": 1 });
    let found = Condition::read(&pattern).unwrap_err();
    let places: Vec<_> = found.iter().map(|fault| fault.path.join(".")).collect();
    assert_eq!(places, ["a.b.0.prefix", "a.b.1", "c"]);
}

#[test]
fn what_is_nested_too_deep_is_refused() {
    let deep = (0..100).fold(json!([1]), |inner, _| json!({ "a": inner }));
    refused(&deep, "levels deep");
    let deep = (0..100).fold(
        json!({ "z": [1] }),
        |inner, _| json!({ "$or": [inner, { "y": [1] }] }),
    );
    refused(&deep, "levels deep");
}

/// JSON that is often nearly a pattern.
fn near_patterns() -> impl Strategy<Value = Value> {
    let name = prop_oneof![
        Just("a".to_owned()),
        Just("b".to_owned()),
        Just("$or".to_owned()),
        Just("prefix".to_owned()),
        Just("suffix".to_owned()),
        Just("numeric".to_owned()),
        Just("anything-but".to_owned()),
        Just("equals-ignore-case".to_owned()),
        Just("wildcard".to_owned()),
        Just("exists".to_owned()),
        Just("cidr".to_owned()),
        any::<String>(),
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-100..100_i64).prop_map(Value::from),
        any::<f64>().prop_map(|number| json!(number)),
        Just(json!(">")),
        Just(json!("<=")),
        Just(json!("10.0.0.0/8")),
        "[a*\\\\é]{0,4}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 40, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(name.clone(), inner, 0..3)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn whatever_is_read_is_printed_and_read_as_the_same(pattern in near_patterns()) {
        if let Ok(read) = Condition::read(&pattern) {
            prop_assert_eq!(Condition::read(&read.to_json()), Ok(read));
        }
    }
}
