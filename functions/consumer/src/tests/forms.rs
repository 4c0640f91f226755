//! What handlers read of bodies that are forms.

use std::collections::BTreeMap;

use catalogue::{Provider, Source};
use serde::Deserialize;
use serde_json::Value;

use crate::{
    handler::{Event, Failure},
    testing,
};

#[derive(Debug, PartialEq, Eq, Deserialize)]
struct Ping {
    zen: String,
}

fn event(provider: &str, content_type: &str, body: &str) -> Event {
    let source = Source::of(Provider::named(provider).unwrap());
    let mut record = testing::event("e");
    record.headers = BTreeMap::from([("content-type".into(), content_type.into())]);
    Event::new(record, Some(&source), body.into())
}

const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = r#"{"zen":"Keep it logically awesome."}"#;
const PAYLOAD: &str = "payload=%7B%22zen%22%3A%22Keep+it+logically+awesome.%22%7D";

#[test]
fn a_form_delivery_of_github_is_read_like_its_json_delivery() {
    let multipart = format!(
        "--b\r\nContent-Disposition: form-data; name=\"payload\"\r\n\r\n{JSON}\r\n--b--\r\n"
    );
    for (content_type, body) in [
        ("application/json", JSON),
        (FORM, PAYLOAD),
        ("Application/X-WWW-Form-Urlencoded; charset=utf-8", PAYLOAD),
        ("multipart/form-data; boundary=b", &multipart),
    ] {
        let ping: Ping = event("github", content_type, body).json().unwrap();
        assert_eq!(ping.zen, "Keep it logically awesome.", "{content_type}");
    }
}

#[test]
fn of_a_body_that_is_a_token_the_claims_are_read() {
    // {"alg":"RS256"}, {"zen":"Keep it logically awesome."}
    let token = "eyJhbGciOiJSUzI1NiJ9.eyJ6ZW4iOiJLZWVwIGl0IGxvZ2ljYWxseSBhd2Vzb21lLiJ9.c2ln";
    let of_kinde = event("kinde", "application/jwt", token);
    let ping: Ping = of_kinde.json().unwrap();
    assert_eq!(ping.zen, "Keep it logically awesome.");
    assert_eq!(of_kinde.body(), token.as_bytes());
    for body in [JSON, "eyJhbGciOiJSUzI1NiJ9.%%.c2ln", ""] {
        let read = event("kinde", "application/jwt", body).json::<Value>();
        assert_eq!(read.is_ok(), body == JSON, "{body}");
    }
}

#[test]
fn only_where_the_provider_says_so_is_a_form_taken_for_json() {
    for (provider, content_type, body) in [
        ("twilio", FORM, PAYLOAD),
        ("github", "application/json", PAYLOAD),
        ("github", FORM, "other=1"),
        ("github", FORM, "payload=%7B%7D&payload=1"),
    ] {
        let read = event(provider, content_type, body).json::<Value>();
        assert!(
            matches!(read, Err(Failure::Permanent(_))),
            "{provider} {body}"
        );
    }
}

#[test]
fn fields_of_a_form_are_read_by_name() {
    let command = event("slack", FORM, "command=%2Fdeploy&text=a+b&text2=");
    assert_eq!(command.field("command"), Ok(Some("/deploy".into())));
    assert_eq!(command.field("text"), Ok(Some("a b".into())));
    assert_eq!(command.field("none"), Ok(None));
    let twice = event("slack", FORM, "a=1&a=2").field("a");
    assert!(matches!(twice, Err(Failure::Permanent(_))));
}
