#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::*;

fn raw_at(json: &str, path: &str) -> Result<Option<String>, Twice> {
    let payload = Payload::read(json).unwrap();
    let found = payload.root().at(path)?;
    Ok(found.map(|value| value.raw().to_owned()))
}

#[test]
fn values_stand_as_they_are_written() {
    let json = r#" { "a" : [ 1.50 , {"b":"x\u00e9\"y"} , [ ] ],"n":123456789012345678901234567890, "":{"c" : null} }"#;
    for (path, raw) in [
        ("a", Some(r#"[ 1.50 , {"b":"x\u00e9\"y"} , [ ] ]"#)),
        ("a.0", Some("1.50")),
        ("a.1.b", Some(r#""x\u00e9\"y""#)),
        ("a.2", Some("[ ]")),
        ("a.2.0", None),
        ("a.3", None),
        ("a.b", None),
        ("n", Some("123456789012345678901234567890")),
        ("n.x", None),
        (".c", Some("null")),
        ("nothing", None),
    ] {
        assert_eq!(raw_at(json, path), Ok(raw.map(str::to_owned)), "{path}");
    }
}

#[test]
fn a_name_that_stands_twice_is_no_ones() {
    assert_eq!(raw_at(r#"{"a":1,"\u0061":2}"#, "a"), Err(Twice));
    assert_eq!(raw_at(r#"{"a":1,"a":1}"#, "a"), Err(Twice));
    assert_eq!(raw_at(r#"{"b":{"a":1},"a":1}"#, "a"), Ok(Some("1".into())));
}

#[test]
fn half_a_surrogate_pair_is_no_text() {
    let payload = Payload::read(r#"["\ud800","\ud83d\ude00"]"#).unwrap();
    let texts: Vec<_> = payload.root().flattened().map(Value::text).collect();
    assert_eq!(texts, [None, Some("😀".into())]);
}

#[test]
fn what_is_no_json_says_so() {
    for text in [
        "",
        "{",
        "a=1",
        "{\"a\":1}x",
        "[1,]",
        "\"\u{1}\"",
        "01",
        "nul",
    ] {
        assert!(Payload::read(text).is_err(), "{text}");
    }
}

#[test]
fn no_nesting_is_too_deep() {
    let deep = format!("{}1{}", "[".repeat(300_000), "]".repeat(300_000));
    let payload = Payload::read(deep).unwrap();
    let flat: Vec<_> = payload.root().flattened().map(Value::kind).collect();
    assert_eq!(flat, [Kind::Number("1")]);
}

#[test]
fn more_values_than_there_is_memory_for_are_refused() {
    let many = format!("[{}1]", "1,".repeat(MOST_VALUES));
    assert!(Payload::read(many).is_err());
}

fn documents() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<String>().prop_map(Into::into),
    ];
    leaf.prop_recursive(5, 50, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Into::into),
            prop::collection::btree_map(any::<String>(), inner, 0..5).prop_map(|members| {
                members
                    .into_iter()
                    .collect::<serde_json::Map<_, _>>()
                    .into()
            }),
        ]
    })
}

/// The same value, made of what a payload says.
fn rebuilt(value: Value<'_>, like: &serde_json::Value) -> Option<serde_json::Value> {
    Some(match like {
        serde_json::Value::Array(elements) => {
            assert!(value.element(elements.len()).is_none());
            let rebuilt = (elements.iter().enumerate())
                .map(|(position, like)| rebuilt(value.element(position)?, like));
            rebuilt.collect::<Option<Vec<_>>>()?.into()
        }
        serde_json::Value::Object(members) => {
            let rebuilt = members.iter().map(|(name, like)| {
                Some((name.clone(), rebuilt(value.member(name).ok()??, like)?))
            });
            serde_json::Value::Object(rebuilt.collect::<Option<_>>()?)
        }
        serde_json::Value::String(_) => value.text()?.into_owned().into(),
        _ => serde_json::from_str(value.raw()).ok()?,
    })
}

proptest! {
    #[test]
    fn a_payload_says_what_another_reader_says(document in documents(), pretty: bool) {
        let text = if pretty {
            serde_json::to_string_pretty(&document).unwrap()
        } else {
            document.to_string()
        };
        let payload = Payload::read(text.as_str()).unwrap();
        prop_assert_eq!(payload.root().raw(), text.as_str());
        prop_assert_eq!(rebuilt(payload.root(), &document), Some(document));
    }

    #[test]
    fn any_text_is_a_payload_or_none(text in "[\\[\\]{}:,\"\\\\a1 ]{0,12}") {
        let strict = serde_json::from_str::<serde_json::Value>(&text).is_ok();
        prop_assert_eq!(Payload::read(text).is_ok(), strict);
    }
}
