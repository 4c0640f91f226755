#![allow(clippy::unwrap_used)]

use catalogue::Provider;
use support::sealed::{Expected, SealedEvent, event, events};

use super::*;
use crate::keys::Secret;

fn graph() -> &'static Encrypted {
    let provider = Provider::named("microsoft-graph").unwrap();
    provider.encrypted.unwrap()
}

fn keys(event: &SealedEvent) -> PrivateKeys {
    let secrets = event.keys();
    let secrets: Vec<_> = secrets
        .map(|(key, certificate)| Secret::new(key, certificate))
        .collect();
    let (keys, faults) = PrivateKeys::load(&secrets);
    assert!(faults.is_empty(), "{faults:?}");
    keys
}

/// What comes of an event, in the words of the vectors.
fn outcome(encrypted: &Encrypted, keys: &PrivateKeys, body: &str) -> Expected {
    let opened = match Sealed::find(encrypted, body.as_bytes()) {
        Ok(None) => return Expected::None(true),
        Ok(Some(sealed)) => sealed.open(keys),
        Err(why) => Err(why),
    };
    match opened {
        Ok(opened) => Expected::Opens(String::from_utf8(opened).unwrap()),
        Err(why) => Expected::Unopened(format!("{why:?}")),
    }
}

#[test]
fn every_event_opens_or_is_refused_as_whoever_made_it_says() {
    for event in events() {
        let found = outcome(graph(), &keys(&event), &event.body);
        let (found, expected) = (parsed(found), parsed(event.expect));
        assert_eq!(found, expected, "{}: {}", event.name, event.source);
    }
}

/// With the event's JSON read: spaces within it are nobody's concern.
fn parsed(expected: Expected) -> Result<serde_json::Value, Expected> {
    match expected {
        Expected::Opens(text) => Ok(serde_json::from_str(&text).unwrap()),
        other => Err(other),
    }
}

/// What the tests of Microsoft's library say of the event that they open.
#[test]
fn the_event_of_microsofts_tests_says_hello() {
    let event = event("microsoft_sdk");
    let Ok(opened) = parsed(outcome(graph(), &keys(&event), &event.body)) else {
        panic!("it opens")
    };
    let message = &opened["decryptedContent"];
    assert_eq!(message["etag"], "1625126194597");
    assert_eq!(message["body"]["content"], "Hello World");
    assert_eq!(message["body"]["contentType"], "text");
    assert_eq!(opened["encryptedContent"], serde_json::Value::Null);
}

#[test]
fn no_bit_of_what_is_encrypted_can_be_changed() {
    let event = event("a_block");
    let keys = keys(&event);
    let json: serde_json::Value = serde_json::from_str(&event.body).unwrap();
    for field in ["data", "dataSignature", "dataKey"] {
        let text = json["encryptedContent"][field].as_str().unwrap();
        let bytes = STANDARD.decode(text).unwrap();
        for bit in 0..bytes.len() * 8 {
            let mut changed = bytes.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            let body = event.body.replace(text, &STANDARD.encode(changed));
            let expected = match field {
                "dataKey" => "OtherKey",
                _ => "Forged",
            };
            let found = outcome(graph(), &keys, &body);
            assert_eq!(found, Expected::Unopened(expected.into()), "{field} {bit}");
        }
    }
}

#[test]
fn what_else_an_event_says_stays_as_it_is_written() {
    let event = event("one_character");
    let body = event.body.replacen('{', "{ \"n\" : 1.00 ,\"n\":[ ],", 1);
    let Expected::Opens(opened) = outcome(graph(), &keys(&event), &body) else {
        panic!("it opens")
    };
    let expected = r#"{"n":1.00,"n":[ ],"id":"n1","changeType":"created","decryptedContent":0,"tenantId":"t"}"#;
    assert_eq!(opened, expected);
}

/// The fields are the entry's to name.
#[test]
fn another_provider_may_call_it_otherwise() {
    let event = event("one_character");
    let body = (event.body)
        .replace("encryptedContent", "secret")
        .replace("dataKey", "k")
        .replace("dataSignature", "s")
        .replace("encryptionCertificateId", "c")
        .replace("\"data\"", "\"d\"");
    let theirs = Encrypted {
        member: "secret",
        decrypted: "open",
        data: "d",
        signature: "s",
        key: "k",
        certificate: "c",
        source: "",
    };
    let Expected::Opens(opened) = outcome(&theirs, &keys(&event), &body) else {
        panic!("it opens")
    };
    assert!(opened.contains(r#""open":0"#), "{opened}");
}

#[test]
fn nothing_of_an_event_or_a_key_is_shown() {
    let event = event("a_block");
    let keys = keys(&event);
    let graph = graph();
    let sealed = Sealed::find(graph, event.body.as_bytes()).unwrap().unwrap();
    let shown = format!("{sealed:?} {keys:?}");
    assert_eq!(shown, r#"Sealed PrivateKeys(["old"])"#);
}
