#![allow(clippy::unwrap_used)]

use catalogue::Condition;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::holds;
use crate::payload::Payload;

/// Which field of the pattern isn't met, and what is asked of it; nothing where all are.
fn mismatch(pattern: &Value, payload: &str) -> Option<String> {
    let condition = Condition::read(pattern).unwrap();
    let payload = Payload::read(payload).unwrap();
    holds(&condition, &payload).err().map(|why| why.to_string())
}

#[track_caller]
fn matches(pattern: &Value, payloads: &[&str]) {
    for payload in payloads {
        assert_eq!(mismatch(pattern, payload), None, "{pattern} {payload}");
    }
}

#[track_caller]
fn differs(pattern: &Value, payloads: &[&str]) {
    for payload in payloads {
        assert!(mismatch(pattern, payload).is_some(), "{pattern} {payload}");
    }
}

/// The event of AWS's page on null values and empty strings.
#[test]
fn null_and_an_empty_text_are_not_the_same() {
    let event = r#"{"eventVersion":"","responseElements":null}"#;
    matches(&json!({ "eventVersion": [""] }), &[event]);
    matches(&json!({ "responseElements": [null] }), &[event]);
    differs(&json!({ "eventVersion": [null] }), &[event]);
    differs(&json!({ "responseElements": [""] }), &[event]);
    differs(&json!({ "other": [null] }), &[event]);
}

#[test]
fn all_fields_must_match_and_one_value_of_each() {
    let pattern = json!({ "a": ["x", "y"], "b": { "c": [true] } });
    matches(
        &pattern,
        &[
            r#"{"a":"x","b":{"c":true}}"#,
            r#"{"a":"y","b":{"c":true,"d":1},"e":1}"#,
        ],
    );
    differs(
        &pattern,
        &[
            r#"{"a":"z","b":{"c":true}}"#,
            r#"{"a":"x","b":{"c":"true"}}"#,
            r#"{"a":"x"}"#,
            r#"{"a":"x","b":true}"#,
            r#"["x"]"#,
            "1",
        ],
    );
}

/// AWS's page on arrays: a pattern matches if the intersection of its array and the event's isn't empty.
#[test]
fn an_array_matches_if_one_of_its_elements_does() {
    let pattern = json!({ "resources": ["a", "b"] });
    matches(
        &pattern,
        &[
            r#"{"resources":["c","b"]}"#,
            r#"{"resources":[["c"],["a"]]}"#,
        ],
    );
    differs(
        &pattern,
        &[
            r#"{"resources":["c"]}"#,
            r#"{"resources":[]}"#,
            r#"{"resources":[{"a":"a"}]}"#,
        ],
    );
}

/// The employees of Event Ruler's documentation.
#[test]
fn what_is_asked_of_an_object_holds_of_one_element() {
    let event = r#"{"employees":[{"firstName":"John","lastName":"Doe"},{"firstName":"Anna","lastName":"Smith"},{"firstName":"Peter","lastName":"Jones"}]}"#;
    let nested = r#"{"employees":[[{"firstName":"John"},{"firstName":"Anna","lastName":"Smith"}],[{"lastName":"Jones"}]]}"#;
    matches(
        &json!({ "employees": { "firstName": ["Anna"] } }),
        &[event, nested],
    );
    matches(
        &json!({ "employees": { "firstName": ["Anna"], "lastName": ["Smith"] } }),
        &[event, nested],
    );
    let mixed = json!({ "employees": { "firstName": ["Anna"], "lastName": ["Jones"] } });
    differs(&mixed, &[event, nested]);
    let why = mismatch(&mixed, event);
    assert_eq!(
        why.as_deref(),
        Some("`employees` (one element of which all holds)")
    );
}

#[test]
fn texts_are_compared_by_their_ends_their_case_and_stars() {
    matches(
        &json!({ "a": [{ "prefix": "us-" }] }),
        &[r#"{"a":"us-east-1"}"#, r#"{"a":"us-"}"#],
    );
    differs(
        &json!({ "a": [{ "prefix": "us-" }] }),
        &[r#"{"a":"US-east-1"}"#, r#"{"a":"us"}"#, r#"{"a":5}"#],
    );
    matches(
        &json!({ "a": [{ "prefix": "" }] }),
        &[r#"{"a":""}"#, r#"{"a":"x"}"#],
    );
    differs(
        &json!({ "a": [{ "prefix": "" }] }),
        &[r#"{"a":5}"#, r#"{"a":null}"#],
    );
    matches(
        &json!({ "a": [{ "prefix": { "equals-ignore-case": "EventB" } }] }),
        &[r#"{"a":"eventbridge"}"#],
    );
    differs(
        &json!({ "a": [{ "prefix": { "equals-ignore-case": "EventB" } }] }),
        &[r#"{"a":"event"}"#, r#"{"a":"évent"}"#],
    );
    matches(
        &json!({ "a": [{ "suffix": ".png" }] }),
        &[r#"{"a":".png"}"#, r#"{"a":"\u00e9.png"}"#],
    );
    differs(
        &json!({ "a": [{ "suffix": ".png" }] }),
        &[r#"{"a":".PNG"}"#, r#"{"a":"png"}"#],
    );
    matches(
        &json!({ "a": [{ "suffix": { "equals-ignore-case": "tBridge" } }] }),
        &[r#"{"a":"EVENTBRIDGE"}"#],
    );
    differs(
        &json!({ "a": [{ "suffix": { "equals-ignore-case": "tBridge" } }] }),
        &[r#"{"a":"bridge"}"#, r#"{"a":"ébridge"}"#],
    );
    matches(
        &json!({ "a": [{ "equals-ignore-case": "alice" }] }),
        &[r#"{"a":"aLICE"}"#],
    );
    differs(
        &json!({ "a": [{ "equals-ignore-case": "alice" }] }),
        &[r#"{"a":"alices"}"#],
    );
    // K is the sign for kelvin, which other rules take for a k.
    differs(
        &json!({ "a": [{ "equals-ignore-case": "k" }] }),
        &[r#"{"a":"\u212a"}"#],
    );
}

#[test]
fn a_star_stands_for_any_characters_or_none() {
    for (pattern, text, fits) in [
        ("dir/*.png", "dir/a.png", true),
        ("dir/*.png", "dir/.png", true),
        ("dir/*.png", "dir/a.png.gif", false),
        ("*", "", true),
        ("", "", true),
        ("", "a", false),
        ("a*a", "a", false),
        ("a*a", "aa", true),
        ("*ab*ab*", "abab", true),
        ("*ab*ab*", "aab", false),
        ("a*b*c", "a-c-b-c", true),
        ("a*bc*bc", "abc", false),
        (r"\**", "*x", true),
        (r"\**", "x", false),
        (r"a\\*", r"a\b", true),
        ("a*", "a\nb", true),
        ("[a]?", "[a]?", true),
        ("[a]?", "ab", false),
    ] {
        let pattern = json!({ "a": [{ "wildcard": pattern }] });
        let payload = json!({ "a": text }).to_string();
        assert_eq!(
            mismatch(&pattern, &payload).is_none(),
            fits,
            "{pattern} {payload}"
        );
    }
}

#[test]
fn numbers_are_compared_by_what_they_are() {
    let range = json!({ "a": [{ "numeric": [">", 10, "<=", 20] }] });
    matches(
        &range,
        &[
            r#"{"a":10.000001}"#,
            r#"{"a":20}"#,
            r#"{"a":2e1}"#,
            r#"{"a":["x",15]}"#,
        ],
    );
    differs(
        &range,
        &[
            r#"{"a":10}"#,
            r#"{"a":10.0}"#,
            r#"{"a":20.0000000000000000001}"#,
            r#"{"a":"15"}"#,
            r#"{"a":true}"#,
            r#"{"a":null}"#,
        ],
    );
    matches(
        &json!({ "a": [300] }),
        &[r#"{"a":300}"#, r#"{"a":300.0}"#, r#"{"a":3.0e2}"#],
    );
    differs(&json!({ "a": [300] }), &[r#"{"a":"300"}"#, r#"{"a":301}"#]);
    differs(&json!({ "a": ["300"] }), &[r#"{"a":300}"#]);
    let long = json!({ "a": [9_007_199_254_740_993_i64] });
    matches(&long, &[r#"{"a":9007199254740993}"#]);
    differs(&long, &[r#"{"a":9007199254740992}"#]);
    differs(&json!({ "a": [1] }), &[r#"{"a":true}"#]);
}

#[test]
fn anything_but_wants_a_value_that_is_another() {
    matches(
        &json!({ "a": [{ "anything-but": "x" }] }),
        &[
            r#"{"a":"y"}"#,
            r#"{"a":5}"#,
            r#"{"a":null}"#,
            r#"{"a":["x","y"]}"#,
        ],
    );
    differs(
        &json!({ "a": [{ "anything-but": "x" }] }),
        &[
            r#"{"a":"x"}"#,
            "{}",
            r#"{"a":[]}"#,
            r#"{"a":{}}"#,
            r#"{"a":["x","x"]}"#,
        ],
    );
    differs(
        &json!({ "a": [{ "anything-but": [100, 200] }] }),
        &[r#"{"a":100}"#, r#"{"a":2e2}"#],
    );
    matches(
        &json!({ "a": [{ "anything-but": [100, 200] }] }),
        &[r#"{"a":"100"}"#, r#"{"a":300}"#],
    );
    differs(
        &json!({ "a": [{ "anything-but": { "prefix": ["a", "b"] } }] }),
        &[r#"{"a":"ax"}"#, r#"{"a":"b"}"#],
    );
    matches(
        &json!({ "a": [{ "anything-but": { "prefix": ["a", "b"] } }] }),
        &[r#"{"a":"xa"}"#, r#"{"a":7}"#],
    );
    differs(
        &json!({ "a": [{ "anything-but": { "equals-ignore-case": "ab" } }] }),
        &[r#"{"a":"AB"}"#],
    );
    differs(
        &json!({ "a": [{ "anything-but": { "wildcard": "*/lib/*" } }] }),
        &[r#"{"a":"x/lib/y"}"#],
    );
}

#[test]
fn an_address_is_in_a_network_however_it_is_written() {
    let v4 = json!({ "a": [{ "cidr": "10.0.0.0/24" }] });
    matches(&v4, &[r#"{"a":"10.0.0.255"}"#, r#"{"a":"010.0.0.1"}"#]);
    differs(
        &v4,
        &[
            r#"{"a":"10.0.1.0"}"#,
            r#"{"a":"10.0.0"}"#,
            r#"{"a":"10.0.0.256"}"#,
            r#"{"a":"::a00:1"}"#,
            r#"{"a":167772161}"#,
            r#"{"a":"10.0.0.1.1"}"#,
        ],
    );
    let v6 = json!({ "a": [{ "cidr": "2001:db8::/32" }] });
    matches(
        &v6,
        &[r#"{"a":"2001:DB8::1"}"#, r#"{"a":"2001:db8:0:0:0:0:0:1"}"#],
    );
    differs(
        &v6,
        &[
            r#"{"a":"2001:db9::1"}"#,
            r#"{"a":"2001:db8::1%eth0"}"#,
            r#"{"a":"2001:db8::1.2.3.4"}"#,
        ],
    );
}

#[test]
fn exists_asks_for_a_value_and_neither_for_an_object_nor_for_an_empty_array() {
    let exists = json!({ "a": { "b": [{ "exists": true }] } });
    let absent = json!({ "a": { "b": [{ "exists": false }] } });
    for there in [
        r#"{"a":{"b":null}}"#,
        r#"{"a":{"b":0}}"#,
        r#"{"a":[{},{"b":[[1]]}]}"#,
        r#"{"a":{"b":"\ud800"}}"#,
    ] {
        matches(&exists, &[there]);
        differs(&absent, &[there]);
    }
    for not_there in [
        "{}",
        r#"{"a":1}"#,
        r#"{"a":{}}"#,
        r#"{"a":{"b":{"c":1}}}"#,
        r#"{"a":{"b":[]}}"#,
        r#"{"a":[]}"#,
    ] {
        differs(&exists, &[not_there]);
        matches(&absent, &[not_there]);
    }
}

/// Event Ruler's answer depends on which of the names comes first in the alphabet; ours doesn't.
#[test]
fn what_exists_in_one_element_of_an_array_is_not_absent() {
    let event = r#"{"items":[{"sku":"A","discount":1},{"sku":"A"}]}"#;
    differs(
        &json!({ "items": { "discount": [{ "exists": false }] } }),
        &[event],
    );
    differs(
        &json!({ "items": { "sku": ["A"], "discount": [{ "exists": false }] } }),
        &[event],
    );
    matches(
        &json!({ "items": { "sku": ["A"], "price": [{ "exists": false }] } }),
        &[event],
    );
}

#[test]
fn absent_or_a_value() {
    let pattern = json!({ "a": [{ "exists": false }, "x"] });
    matches(&pattern, &["{}", r#"{"a":"x"}"#]);
    differs(&pattern, &[r#"{"a":"y"}"#]);
}

#[test]
fn one_of_the_alternatives_holds_beside_all_else() {
    let pattern = json!({
        "source": ["aws.cloudwatch"],
        "$or": [
            { "metricName": ["CPUUtilization"] },
            { "metricType": ["MetricType"], "namespace": ["AWS/EC2"], "$or": [{ "metricId": [1234] }, { "spaceId": [1000] }] },
        ]
    });
    matches(
        &pattern,
        &[
            r#"{"source":"aws.cloudwatch","metricName":"CPUUtilization"}"#,
            r#"{"source":"aws.cloudwatch","metricType":"MetricType","namespace":"AWS/EC2","spaceId":1000}"#,
        ],
    );
    differs(
        &pattern,
        &[
            r#"{"metricName":"CPUUtilization"}"#,
            r#"{"source":"aws.cloudwatch"}"#,
            r#"{"source":"aws.cloudwatch","metricType":"MetricType","namespace":"AWS/EC2"}"#,
        ],
    );
}

#[test]
fn a_mismatch_names_the_field_and_what_is_asked_and_no_value() {
    let pattern = json!({ "data": { "object": { "amount": [{ "numeric": [">", 4242] }], "state": ["secret-a", { "prefix": "secret-b" }] } } });
    for (payload, why) in [
        (
            r#"{"data":{"object":{"amount":1}}}"#,
            "`data.object.amount` (numeric)",
        ),
        (
            r#"{"data":{"object":{"amount":5000}}}"#,
            "`data.object.state` (exact value or prefix)",
        ),
        (r#"{"data":1}"#, "`data.object.amount` (numeric)"),
        (
            r#"{"data":{"object":{"amount":5000,"amount":1}}}"#,
            "`data.object.amount` (a name that stands once)",
        ),
        ("[]", "the payload (an object)"),
    ] {
        assert_eq!(
            mismatch(&pattern, payload).as_deref(),
            Some(why),
            "{payload}"
        );
    }
    let either = json!({ "a": { "$or": [{ "b": [1] }, { "c": [1] }] } });
    assert_eq!(
        mismatch(&either, r#"{"a":{}}"#).as_deref(),
        Some("`a` ($or)")
    );
    // What an alternative has in vain is not what the next one is measured by.
    let next = json!({ "a": [{ "exists": true }], "$or": [{ "b": { "c": [1] } }, { "d": [1] }] });
    assert_eq!(mismatch(&next, r#"{"a":1,"b":{"c":2},"d":1}"#), None);
}

#[test]
fn a_long_array_is_asked_for_absence_once() {
    let elements = vec![r#"{"a":1}"#; 100_000].join(",");
    differs(
        &json!({ "items": { "b": [{ "exists": false }], "c": [1] } }),
        &[&format!("{{\"items\":[{elements}]}}")],
    );
}

proptest! {
    #[test]
    fn any_payload_is_answered(payload in "[\\[\\]{}:,\"ab1 ]{0,40}", with in prop::sample::select(vec![
        r#"{"a":[{"exists":false}]}"#, r#"{"a":{"b":[1]},"b":["a"]}"#, r#"{"$or":[{"a":[null]},{"b":[{"anything-but":"a"}]}]}"#,
    ])) {
        let condition = Condition::read(&serde_json::from_str(with).unwrap()).unwrap();
        if let Ok(payload) = Payload::read(payload) {
            let _ = holds(&condition, &payload);
        }
    }
}

#[test]
fn a_text_that_nobody_can_read_is_there_and_no_more_is_said_of_it() {
    let half = r#"{"a":"\ud800"}"#;
    matches(&json!({ "a": [{ "exists": true }] }), &[half]);
    differs(&json!({ "a": [{ "anything-but": "x" }] }), &[half]);
    differs(&json!({ "a": [{ "prefix": "" }, "", null] }), &[half]);
}
