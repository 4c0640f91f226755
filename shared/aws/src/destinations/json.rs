//! Bodies as JSON: by themselves, or as a `CloudEvent` for services that have no place beside the body.

use aws_smithy_types::{DateTime, date_time::Format};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use protocol::outgoing::{Outgoing, Refusal};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::{attributes, trace};

/// The event as a `CloudEvent` (<https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md>), on one
/// line: `data` is the body, or `data_base64` where the body isn't JSON. The same in every try.
pub(super) fn cloud_event(outgoing: &Outgoing) -> Result<String, Refusal> {
    let data = compact(&outgoing.body);
    let data_base64 = data.is_none().then(|| STANDARD.encode(&outgoing.body));
    let event = CloudEvent {
        specversion: "1.0",
        id: &outgoing.event_id,
        source: &outgoing.source,
        event_type: &outgoing.event_type,
        time: DateTime::from_millis(outgoing.received_at.0)
            .fmt(Format::DateTime)
            .ok(),
        datacontenttype: &outgoing.content_type,
        route: &outgoing.route,
        idempotencykey: &outgoing.idempotency_key,
        replay: outgoing.epoch,
        hops: outgoing.hops,
        unsigned: attributes::unsigned(outgoing),
        traceparent: trace::parent(outgoing.trace.as_deref()),
        data,
        data_base64,
    };
    serde_json::to_string(&event)
        .map_err(|_| Refusal::permanent("the event can't be written as a CloudEvent"))
}

/// The names of extensions are small letters and digits.
#[derive(Serialize)]
struct CloudEvent<'a> {
    specversion: &'static str,
    id: &'a str,
    source: &'a str,
    #[serde(rename = "type")]
    event_type: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    time: Option<String>,
    #[serde(skip_serializing_if = "str::is_empty")]
    datacontenttype: &'a str,
    route: &'a str,
    idempotencykey: &'a str,
    #[serde(skip_serializing_if = "is_none")]
    replay: u64,
    hops: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    unsigned: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    traceparent: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data_base64: Option<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's form")]
fn is_none(replay: &u64) -> bool {
    *replay == 0
}

/// The body as a JSON object, where a service takes nothing else.
pub(super) fn object(kind: &str, outgoing: &Outgoing) -> Result<String, Refusal> {
    match compact(&outgoing.body) {
        Some(json) if json.get().starts_with('{') => Ok(json.get().to_owned()),
        _ => Err(Refusal::permanent(format!(
            "{kind} takes JSON objects only, and the body is none; a route's `body` can make one"
        ))),
    }
}

/// JSON without the white space between its parts, and so on one line; numbers and texts as they were written. Nothing where
/// the bytes are no JSON.
fn compact(bytes: &[u8]) -> Option<Box<RawValue>> {
    let json: &RawValue = serde_json::from_slice(bytes).ok()?;
    let mut in_text = false;
    let mut is_escaped = false;
    let kept = json.get().chars().filter(|character| {
        if in_text {
            in_text = is_escaped || *character != '"';
            is_escaped = !is_escaped && *character == '\\';
            return true;
        }
        in_text = *character == '"';
        !matches!(character, ' ' | '\t' | '\n' | '\r')
    });
    RawValue::from_string(kept.collect()).ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use protocol::covered::{Covered, Part};
    use serde_json::{Value, json};

    use super::{super::testing::outgoing, *};

    #[test]
    fn json_loses_its_white_space_and_nothing_else() {
        for (text, compacted) in [
            ("{ }", Some("{}")),
            (
                "{\n  \"a b\": [ 1.50, 1e3,\ttrue ] }\r\n",
                Some(r#"{"a b":[1.50,1e3,true]}"#),
            ),
            (r#" "a \" b \\" "#, Some(r#""a \" b \\""#)),
            (r#"["\\" , "x y"]"#, Some(r#"["\\","x y"]"#)),
            (r#"{"a": 1, "a": 2}"#, Some(r#"{"a":1,"a":2}"#)),
            (
                "123456789012345678901234567890",
                Some("123456789012345678901234567890"),
            ),
            ("", None),
            ("a=b", None),
            ("{} {}", None),
            ("\u{feff}{}", None),
        ] {
            let found = compact(text.as_bytes());
            assert_eq!(found.as_deref().map(RawValue::get), compacted, "{text}");
        }
        assert!(compact(b"\"\xff\"").is_none());
    }

    #[test]
    fn an_event_is_a_cloud_event_with_what_is_to_be_known_of_it() {
        let event = outgoing();
        let written: Value = serde_json::from_str(&cloud_event(&event).unwrap()).unwrap();
        let expected = json!({
            "specversion": "1.0",
            "id": "evt_1",
            "source": "stripe",
            "type": "invoice.paid",
            "time": "2027-01-15T08:00:00.123Z",
            "datacontenttype": "application/json",
            "route": "paid-invoices",
            "idempotencykey": event.idempotency_key,
            "hops": 1,
            "data": {"id": "in_1", "note": "hush"},
        });
        assert_eq!(written, expected);
    }

    #[test]
    fn a_try_changes_nothing_and_a_replay_is_told() {
        let first = outgoing();
        let second = Outgoing {
            attempt: 2,
            ..first.clone()
        };
        assert_eq!(cloud_event(&first), cloud_event(&second));
        let replay = Outgoing {
            epoch: 1,
            covered: [Part::Id].into_iter().collect::<Covered>(),
            trace: Some(
                "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1".into(),
            ),
            ..first
        };
        let written: Value = serde_json::from_str(&cloud_event(&replay).unwrap()).unwrap();
        assert_eq!(
            (&written["replay"], &written["unsigned"]),
            (&json!(1), &json!("body,type"))
        );
        let parent = "00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01";
        assert_eq!(written["traceparent"], parent);
    }

    #[test]
    fn a_body_that_is_no_json_is_in_base64_and_no_object() {
        let form = Outgoing {
            body: b"a=b\n".to_vec(),
            content_type: "application/x-www-form-urlencoded".into(),
            ..outgoing()
        };
        let text = cloud_event(&form).unwrap();
        let written: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(
            (&written["data_base64"], &written["data"]),
            (&json!("YT1iCg=="), &Value::Null)
        );
        for body in ["a=b", "[]", "1", "\"{}\""] {
            let body = body.into();
            let refusal = object("EventBridge", &Outgoing { body, ..outgoing() });
            assert!(
                matches!(refusal, Err(Refusal::Permanent { .. })),
                "{refusal:?}"
            );
        }
        assert_eq!(
            object("EventBridge", &outgoing()).unwrap(),
            r#"{"id":"in_1","note":"hush"}"#
        );
    }
}
