#![allow(clippy::unwrap_used)]

use catalogue::{EventTemplate, Reshape, route::OrderBy};
use protocol::ledger::EventRecord;
use serde_json::{Value, json};

use super::{Filling, Unfilled};
use crate::{
    event::Event,
    order::{Unordered, Version},
};

fn filled<T>(record: &EventRecord, body: &[u8], fill: impl FnOnce(Filling<'_, '_>) -> T) -> T {
    let event = Event::new(record, body, catalogue::Payload::Field("payload"));
    fill(Filling {
        event: &event,
        route: "paid-invoices",
        idempotency_key: "0123",
    })
}

fn reshaped(template: &Value, payload: &str) -> Result<String, Unfilled> {
    let template = Reshape::read(template).unwrap();
    let body = filled(
        &support::records::event("stripe", "evt_1"),
        payload.as_bytes(),
        |filling| filling.body(&template),
    );
    body.map(|body| String::from_utf8(body).unwrap())
}

fn text(template: &'static str, payload: &str) -> Result<String, Unfilled> {
    let template = EventTemplate::parse(template).unwrap();
    filled(
        &support::records::event("stripe", "evt_1"),
        payload.as_bytes(),
        |filling| filling.text(template),
    )
}

fn missing<T>(placeholder: &str) -> Result<T, Unfilled> {
    Err(Unfilled::Missing {
        placeholder: placeholder.into(),
    })
}

#[test]
fn a_placeholder_by_itself_keeps_the_value_as_it_is_written() {
    for (written, path) in [
        ("123456789012345678901234567890.10", "a"),
        ("1E400", "a"),
        (r#""\u00e9\/""#, "a"),
        (r#"{"b" : [1, 2]}"#, "a"),
        ("[ ]", "a"),
        ("true", "a"),
        ("null", "a"),
        (r#""""#, "a"),
    ] {
        let template = json!({ "x": format!("{{json:{path}}}") });
        let payload = format!("{{\"a\":{written}}}");
        assert_eq!(
            reshaped(&template, &payload),
            Ok(format!("{{\"x\":{written}}}"))
        );
    }
    assert_eq!(
        reshaped(&json!("{json:a.0}"), r#"{"a":[7]}"#),
        Ok("7".into())
    );
    assert_eq!(
        reshaped(&json!({ "all": "{body}" }), r#"{ "a": 1.0 }"#),
        Ok(r#"{"all":{ "a": 1.0 }}"#.into())
    );
}

#[test]
fn a_placeholder_within_a_text_becomes_text() {
    let payload = r#"{"n":1.50,"t":"a\"b","b":false,"z":null,"o":{},"e":""}"#;
    assert_eq!(
        reshaped(&json!(["{json:n} {json:t} {json:b}"]), payload),
        Ok(r#"["1.50 a\"b false"]"#.into())
    );
    assert_eq!(text("{json:t}", payload), Ok("a\"b".into()));
    assert_eq!(text("[{json:e}]", payload), Ok("[]".into()));
    for (name, found) in [("z", "null"), ("o", "an object")] {
        let template = json!(format!("is {{json:{name}}}"));
        let why = Unfilled::NoText {
            placeholder: format!("{{json:{name}}}"),
            found,
        };
        assert_eq!(reshaped(&template, payload), Err(why));
    }
}

#[test]
fn what_is_not_there_fails_by_name_and_is_never_null() {
    assert_eq!(
        reshaped(&json!({ "x": "{json:a.b}" }), r#"{"a":{}}"#),
        missing("{json:a.b}")
    );
    assert_eq!(
        reshaped(&json!("a {json:a|b}"), "{}"),
        missing("{json:a|b}")
    );
    assert_eq!(text("{header:X-No}", "{}"), missing("{header:X-No}"));
    assert_eq!(text("{form:no}", "a=1"), missing("{form:no}"));
}

#[test]
fn of_alternatives_the_first_that_says_something_counts() {
    let payload = r#"{"a":null,"b":"","c":"x","d":"y"}"#;
    assert_eq!(
        reshaped(&json!("{json:z|a|b|c|d}"), payload),
        Ok(r#""x""#.into())
    );
    assert_eq!(
        reshaped(&json!("{json:z|b|a}"), payload),
        Ok(r#""""#.into())
    );
    assert_eq!(reshaped(&json!("{json:a|b}"), payload), Ok("null".into()));
}

#[test]
fn what_landfall_says_of_an_event_has_names() {
    let found = text(
        "{source} {route} {event_id} {event_type} {received_at} {date} {idempotency_key} {header:Content-Type}",
        "{}",
    );
    let expected = "stripe paid-invoices evt_1 issue.opened 2027-01-15T08:00:00.123Z 2027-01-15 0123 application/json";
    assert_eq!(found.as_deref(), Ok(expected));
}

#[test]
fn the_body_is_the_same_bytes_each_time() {
    let template = json!({ "b": 1, "a": [true, null, "{{x}}", { "z": "{event_id}", "y": 2.5 }] });
    let expected = r#"{"a":[true,null,"{x}",{"y":2.5,"z":"evt_1"}],"b":1}"#;
    for _ in 0..3 {
        assert_eq!(reshaped(&template, "{}").as_deref(), Ok(expected));
    }
}

#[test]
fn what_is_no_json_can_be_named_but_not_looked_into() {
    let why = |placeholder: &str| Unfilled::Unreadable {
        placeholder: placeholder.into(),
        why: "it is no readable JSON",
    };
    assert_eq!(
        reshaped(&json!({ "x": "{json:a}" }), "a=1"),
        Err(why("{json:a}"))
    );
    assert_eq!(reshaped(&json!("{body}"), "a=1"), Err(why("{body}")));
    assert_eq!(text("{event_id} {form:a}", "a=1"), Ok("evt_1 1".into()));
}

#[test]
fn a_name_that_stands_twice_is_not_read() {
    let found = text("{json:a}", r#"{"a":1,"a":2}"#);
    assert!(
        matches!(found, Err(Unfilled::Unreadable { .. })),
        "{found:?}"
    );
}

#[test]
fn a_payload_that_came_in_a_form_is_read_out_of_its_field() {
    let record = EventRecord {
        headers: [(
            "content-type".into(),
            "application/x-www-form-urlencoded".into(),
        )]
        .into(),
        ..support::records::event("github", "1")
    };
    let template = Reshape::read(&json!({ "x": "{json:a}" })).unwrap();
    let body = filled(&record, b"payload=%7B%22a%22%3A1%7D", |filling| {
        filling.body(&template)
    });
    assert_eq!(body, Ok(br#"{"x":1}"#.to_vec()));
}

#[test]
fn an_order_needs_an_entity_and_a_version_that_compares() {
    let order = |payload: &str| {
        let entity = EventTemplate::parse("{json:id}").unwrap();
        let version = EventTemplate::parse("{json:created}").unwrap();
        filled(
            &support::records::event("stripe", "evt_1"),
            payload.as_bytes(),
            |filling| filling.order(OrderBy { entity, version }),
        )
    };
    let found = order(r#"{"id":"in_1","created":1764455241}"#).unwrap();
    assert_eq!(
        (found.entity.as_str(), found.version),
        ("in_1", Version::read("1764455241").unwrap())
    );
    assert_eq!(order(r#"{"id":"","created":1}"#), Err(Unordered::NoEntity));
    assert_eq!(
        order(r#"{"id":1,"created":"v9"}"#),
        Err(Unordered::NoVersion)
    );
    assert!(matches!(
        order(r#"{"id":1}"#),
        Err(Unordered::Unfilled(Unfilled::Missing { .. }))
    ));
}

#[test]
fn no_payload_makes_one_header_two() {
    let headers = |payload: &str| {
        let template = EventTemplate::parse("for {json:a}").unwrap();
        filled(
            &support::records::event("stripe", "evt_1"),
            payload.as_bytes(),
            |filling| filling.headers(&[("X-Customer", template)]),
        )
    };
    let expected = [("X-Customer".to_owned(), "for é 1".to_owned())].into();
    assert_eq!(headers(r#"{"a":"é 1"}"#), Ok(expected));
    for text in ["1\\r\\nX-Admin: yes", "\\u0000", "\\u007f", "\\n"] {
        let found = headers(&format!("{{\"a\":\"{text}\"}}"));
        assert!(matches!(found, Err(Unfilled::Unreadable { .. })), "{text}");
    }
}

#[test]
fn nothing_of_a_payload_is_shown() {
    let record = support::records::event("stripe", "evt_1");
    let shown = filled(&record, br#"{"a":"private"}"#, |filling| {
        let payload = filling
            .event
            .payload()
            .map(|payload| format!("{payload:?} {:?}", payload.root()));
        format!("{filling:?} {payload:?}")
    });
    assert!(!shown.contains("private"), "{shown}");
}
