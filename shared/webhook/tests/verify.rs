//! What a delivery is refused for, and in which order.
#![allow(clippy::unwrap_used)]

use catalogue::{Algorithm, Field, KeyForm, Provider, Scheme, Source, Template};
use support::{NOW, Request, WHSEC, keys, own_source, schemes::OWN, source_of, standard};
use webhook::{
    authenticity::{MAX_CANDIDATES, verify::precheck},
    keys::Keys,
    refusal::Reason,
};

const OTHER_WHSEC: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
const WHPK: &str = "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=";

fn source(provider: &str) -> Source {
    source_of(Provider::named(provider).unwrap())
}

#[test]
fn the_reasons_are_found_in_their_order() {
    let (source, keys, mut request) = standard();
    assert_eq!(request.reason(&source, &keys, NOW), None);
    // Each fault is added to those that come after it.
    request.body.push(b' ');
    assert_eq!(request.reason(&source, &keys, NOW), Some(Reason::Forged));
    request.set("webhook-signature", "v1,AAAA");
    assert_eq!(request.reason(&source, &keys, NOW), Some(Reason::Malformed));
    request.set("webhook-timestamp", "1699999699");
    assert_eq!(request.reason(&source, &keys, NOW), Some(Reason::Stale));
    request.set("webhook-signature", "v2,AAAA");
    assert_eq!(request.reason(&source, &keys, NOW), Some(Reason::Malformed));
    request.set("webhook-id", "  ");
    assert_eq!(request.reason(&source, &keys, NOW), Some(Reason::Missing));
}

#[test]
fn what_no_key_could_mend_is_refused_without_one() {
    let reason = |source: &Source, request: &Request| {
        request.as_delivery(|delivery| precheck(source, delivery, NOW).err())
    };
    let (source, keys, mut request) = standard();
    let proven = request.as_delivery(|delivery| {
        let checked = precheck(&source, delivery, NOW)?;
        let (none, _) = Keys::load(source.schemes, &[]);
        assert_eq!(checked.prove(&none).unwrap_err().reason, Reason::Forged);
        // A key that is fetched later is held against what was found before.
        checked.prove(&keys).map(|event| event.name("d").id)
    });
    assert_eq!(proven.as_deref(), Ok("msg_1"));
    request.body.push(b' ');
    assert_eq!(reason(&source, &request), None, "only a key tells");
    for (name, value, expected) in [
        ("webhook-signature", "v1,AAAA", Reason::Malformed),
        ("webhook-timestamp", "1699999699", Reason::Stale),
        ("webhook-id", "", Reason::Missing),
    ] {
        request.set(name, value);
        let refusal = reason(&source, &request).map(|refusal| refusal.reason);
        assert_eq!(refusal, Some(expected), "{name}");
    }

    let source = source_of(Provider::named("aws-sns").unwrap());
    let mut message = serde_json::json!({
        "Type": "Notification", "MessageId": "m", "Message": "x", "Timestamp": "2026-01-01T00:00:00.000Z",
        "TopicArn": "arn:aws:sns:us-east-1:123456789012:orders", "SignatureVersion": "2",
        "Signature": format!("{}==", "A".repeat(342)),
        "SigningCertURL": "https://sns.us-east-1.amazonaws.com/a.pem",
    });
    let mut of = |name: &str, value: &str| {
        if !name.is_empty() {
            message[name] = value.into();
        }
        let request = Request {
            body: message.to_string().into_bytes(),
            ..Request::default()
        };
        reason(&source, &request).map(|refusal| refusal.reason)
    };
    assert_eq!(of("", ""), None, "only a key tells");
    assert_eq!(of("Message", ""), Some(Reason::Missing));
    assert_eq!(of("Signature", "AAAA"), Some(Reason::Malformed));
    let other_topic = "arn:aws:sns:us-east-1:123456789012:other";
    assert_eq!(of("TopicArn", other_topic), Some(Reason::Forged));
    assert_eq!(of("SignatureVersion", "3"), Some(Reason::Malformed));
}

#[test]
fn every_signed_header_is_required() {
    for name in ["webhook-id", "webhook-timestamp", "webhook-signature"] {
        for empty in [None, Some(""), Some(" \t ")] {
            let (source, keys, mut request) = standard();
            request.headers.retain(|(found, _)| found != name);
            if let Some(empty) = empty {
                request.set(name, empty);
            }
            let refusal = request.verify(&source, &keys, NOW).unwrap_err();
            assert_eq!(refusal.reason, Reason::Missing, "{name}");
            assert!(refusal.detail.contains(name), "{refusal}");
        }
    }
}

#[test]
fn header_names_have_no_case_and_prefixes_have() {
    let (source, keys, mut request) = standard();
    for (name, _) in &mut request.headers {
        *name = name.to_uppercase();
    }
    assert_eq!(request.reason(&source, &keys, NOW), None);
    let signature = request
        .get("webhook-signature")
        .unwrap()
        .replace("v1,", "V1,");
    request.set("webhook-signature", signature);
    assert_eq!(request.reason(&source, &keys, NOW), Some(Reason::Malformed));
}

#[test]
fn a_prefix_of_the_same_length_is_another_prefix() {
    let source = source("github");
    let keys = keys(source.schemes, &["secret"]);
    let mut request = Request {
        body: b"x".to_vec(),
        ..Request::default()
    };
    request.sign(source.schemes, "secret", NOW);
    let good = request.get("X-Hub-Signature-256").unwrap().to_owned();
    for prefix in ["sha512=", "SHA256=", "sha25 6=", "", "sha256", "sha256:"] {
        request.set("X-Hub-Signature-256", good.replace("sha256=", prefix));
        assert_eq!(
            request.reason(&source, &keys, NOW),
            Some(Reason::Malformed),
            "{prefix}"
        );
    }
    request.set(
        "X-Hub-Signature-256",
        good.to_uppercase().replace("SHA256=", "sha256="),
    );
    assert_eq!(request.reason(&source, &keys, NOW), None, "hex has no case");
}

#[test]
fn a_weaker_version_never_rescues_a_forged_one() {
    let source = source("stripe");
    let keys = keys(source.schemes, &["secret"]);
    let mut request = Request {
        body: b"{}".to_vec(),
        ..Request::default()
    };
    request.sign(source.schemes, "secret", NOW);
    let good = request.get("Stripe-Signature").unwrap().to_owned();
    let zeros = "0".repeat(64);
    let v0 = good.replace("v1=", "v0=");
    request.set("Stripe-Signature", v0.as_str());
    assert_eq!(request.reason(&source, &keys, NOW), Some(Reason::Malformed));
    request.set("Stripe-Signature", format!("{v0},v1={zeros}"));
    assert_eq!(request.reason(&source, &keys, NOW), Some(Reason::Forged));
    request.set("Stripe-Signature", format!(" {good} , v1={zeros}"));
    assert_eq!(
        request.reason(&source, &keys, NOW),
        None,
        "any of several suffices"
    );
}

#[test]
fn a_list_without_a_time_lacks_it_and_one_without_either_is_malformed() {
    let source = source("stripe");
    let keys = keys(source.schemes, &["secret"]);
    let zeros = "0".repeat(64);
    for (header, expected) in [
        (format!("v1={zeros}"), Reason::Missing),
        (format!("t=,v1={zeros}"), Reason::Missing),
        ("t=1700000000".into(), Reason::Malformed),
        ("nonsense".into(), Reason::Malformed),
        (",,,".into(), Reason::Malformed),
        (format!("t=x,v1={zeros}"), Reason::Malformed),
        (format!("t=1700000000,v1={zeros}"), Reason::Forged),
        (format!("t=1,t=1700000000,v1={zeros}"), Reason::Stale),
    ] {
        let mut request = Request::default();
        request.set("Stripe-Signature", header.as_str());
        assert_eq!(
            request.reason(&source, &keys, NOW),
            Some(expected),
            "{header}"
        );
    }
}

#[test]
fn any_active_secret_may_match_and_its_label_is_told() {
    let (source, _, request) = standard();
    let keys = keys(source.schemes, &[OTHER_WHSEC, WHPK, WHSEC]);
    let label = request.verified(&source, &keys, NOW, |event| event.secret_label().to_owned());
    assert_eq!(label.as_deref(), Ok("2"));
}

#[test]
fn of_several_schemes_the_one_that_got_furthest_is_reported() {
    let (source, _, mut request) = standard();
    let both = keys(source.schemes, &[WHPK, OTHER_WHSEC]);
    // The v1a key finds no candidate, the v1 key finds one that doesn't match.
    assert_eq!(request.reason(&source, &both, NOW), Some(Reason::Forged));
    let v1a = keys(source.schemes, &[WHPK]);
    assert_eq!(request.reason(&source, &v1a, NOW), Some(Reason::Malformed));
    // And the other way round: only the v1a key finds a candidate.
    let v1a = format!("v1a,{}==", "A".repeat(86));
    request.set("webhook-signature", v1a);
    assert_eq!(request.reason(&source, &both, NOW), Some(Reason::Forged));
    request.set("webhook-signature", "v2,x");
    assert_eq!(request.reason(&source, &both, NOW), Some(Reason::Malformed));
}

#[test]
fn of_two_that_got_equally_far_the_first_is_reported() {
    static BOTH: &[Scheme] = &[
        OWN[0],
        Scheme {
            algorithm: Algorithm::Ed25519,
            key: KeyForm::Public { prefix: "whpk_" },
            signature: Field::header("X-Second"),
            ..OWN[0]
        },
    ];
    let both = keys(BOTH, &[WHPK, "secret"]);
    let refusal = Request::default()
        .verify(&own_source(BOTH), &both, NOW)
        .unwrap_err();
    assert_eq!(refusal.reason, Reason::Missing);
    assert!(refusal.detail.contains("X-Signature"), "{refusal}");
}

#[test]
fn without_a_key_nothing_is_authentic() {
    let (source, _, request) = standard();
    let (none, _) = Keys::load(source.schemes, &[]);
    assert!(none.is_empty());
    assert_eq!(request.reason(&source, &none, NOW), Some(Reason::Forged));
    // Keys of another source are no keys of this one.
    let github = keys(Provider::named("github").unwrap().schemes, &[WHSEC]);
    assert_eq!(request.reason(&source, &github, NOW), Some(Reason::Forged));
}

#[test]
fn headers_that_are_alternatives_may_come_side_by_side() {
    let source = source("svix");
    let keys = keys(source.schemes, &[WHSEC]);
    let mut request = Request {
        body: b"{}".to_vec(),
        ..Request::default()
    };
    request.set("webhook-id", "msg_1");
    request.sign(source.schemes, WHSEC, NOW);
    let good = request.get("svix-signature").unwrap().to_owned();
    request.set("svix-signature", "v1,AAAA");
    request.set("webhook-signature", good);
    assert_eq!(request.reason(&source, &keys, NOW), None);
}

#[test]
fn a_bomb_of_signatures_is_cut_off() {
    let (source, keys, mut request) = standard();
    let good = request.get("webhook-signature").unwrap().to_owned();
    let wrong = format!("v1,{}= ", "A".repeat(43));
    request.set(
        "webhook-signature",
        format!("{}{good}", wrong.repeat(MAX_CANDIDATES - 1)),
    );
    assert_eq!(request.reason(&source, &keys, NOW), None);
    request.set(
        "webhook-signature",
        format!("{}{good}", wrong.repeat(MAX_CANDIDATES)),
    );
    assert_eq!(request.reason(&source, &keys, NOW), Some(Reason::Forged));
    // What is no candidate doesn't count.
    request.set(
        "webhook-signature",
        format!("{}{good}", "v9,A v1,A ".repeat(100_000)),
    );
    assert_eq!(request.reason(&source, &keys, NOW), None);
    request.set("webhook-signature", wrong.repeat(100_000));
    assert_eq!(request.reason(&source, &keys, NOW), Some(Reason::Forged));
}

#[test]
fn a_signed_json_field_must_be_readable_in_one_way() {
    let source = source("orum");
    let pair = support::keys::pair(&source.schemes[0]);
    let keys = keys(source.schemes, &[&pair.public]);
    let deep = format!(r#"{{"created_at":"x","a":{}"#, "[".repeat(4_000_000));
    for (body, expected) in [
        (&br#"{"created_at":"x"}"#[..], None),
        (br#"{"created_at":17e3}"#, None),
        (br#"{"created_at":"x","a":{"created_at":"y"}}"#, None),
        (br#"{"a":{"created_at":"y"}}"#, Some(Reason::Missing)),
        (br#"{"created_at":""}"#, Some(Reason::Missing)),
        (br"[]", Some(Reason::Missing)),
        (
            br#"{"created_at":"x","created_at":"x"}"#,
            Some(Reason::Malformed),
        ),
        (br#"{"created_at":null}"#, Some(Reason::Malformed)),
        (br#"{"created_at":["x"]}"#, Some(Reason::Malformed)),
        (br#"{"created_at":"x""#, Some(Reason::Malformed)),
        (b"{\"created_at\":\"\xff\"}", Some(Reason::Malformed)),
        (b"", Some(Reason::Malformed)),
        (deep.as_bytes(), Some(Reason::Malformed)),
    ] {
        let mut request = Request {
            body: body.to_vec(),
            ..Request::default()
        };
        request.set("Signature", "AAAA");
        if expected.is_none() {
            request.sign(source.schemes, &pair.private, NOW);
        }
        assert_eq!(
            request.reason(&source, &keys, NOW),
            expected,
            "{}",
            body[..body.len().min(60)].escape_ascii()
        );
    }
}

#[test]
fn a_refusal_never_quotes_the_delivery() {
    let (source, keys, mut request) = standard();
    request.set("webhook-timestamp", "a-strangers-text");
    request.set("webhook-signature", "v1,a-strangers-text");
    let refusal = request.verify(&source, &keys, NOW).unwrap_err();
    assert!(!format!("{refusal} {refusal:?}").contains("strangers"));
}

#[test]
fn what_lacks_is_told_before_what_is_malformed_wherever_it_stands() {
    static TWO: &[Scheme] = &[Scheme {
        message: Template::new("{json:a}{header:X-Id}"),
        ..OWN[0]
    }];
    let keys = keys(TWO, &["secret"]);
    let mut request = Request {
        body: b"no JSON".to_vec(),
        ..Request::default()
    };
    request.set("X-Signature", "00".repeat(32));
    let source = own_source(TWO);
    assert_eq!(request.reason(&source, &keys, NOW), Some(Reason::Missing));
    request.set("X-Id", "1");
    assert_eq!(request.reason(&source, &keys, NOW), Some(Reason::Malformed));
}

#[test]
fn every_own_scheme_is_sound() {
    for scheme in OWN {
        assert_eq!(scheme.fault(), None, "{scheme:?}");
    }
}

#[test]
fn a_token_in_every_item_must_be_right_in_each_however_many_there_are() {
    let source = source("microsoft-graph");
    let keys = keys(source.schemes, &["client state"]);
    let verdict = |states: &[&str]| {
        let items: Vec<_> = states
            .iter()
            .map(|state| format!(r#"{{"clientState":"{state}"}}"#))
            .collect();
        let request = Request {
            body: format!(r#"{{"value":[{}]}}"#, items.join(",")).into_bytes(),
            ..Request::default()
        };
        request.reason(&source, &keys, NOW)
    };
    let mut states = vec!["client state"; 100];
    assert_eq!(verdict(&states), None);
    for at in [0, 1, 31, 32, 33, 99] {
        states[at] = "another";
        assert_eq!(verdict(&states), Some(Reason::Forged), "{at}");
        states[at] = "";
        assert_eq!(verdict(&states), Some(Reason::Missing), "{at}");
        states[at] = "client state";
    }
    assert_eq!(verdict(&[]), Some(Reason::Missing));
}
