//! Signed bytes can be read in one way: whoever cuts a captured delivery elsewhere is refused, and so is
//! whoever sends what one scheme signed as another's.
#![allow(clippy::unwrap_used)]

use base64::{Engine as _, engine::general_purpose::STANDARD};
use catalogue::{Environment, Provider, Source, reader};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};
use support::{NOW, Request, keys, source_of, standard};
use webhook::refusal::Reason;

const SECRET: &str = "a secret of sixteen";

fn of(provider: &str, versions: &[&str]) -> Source {
    let provider = Provider::named(provider).unwrap();
    let mut source = source_of(provider);
    if !versions.is_empty() {
        source.schemes = provider.chosen(versions).leak();
    }
    source
}

fn post(headers: &[(&str, &str)], body: &str) -> Request {
    let mut request = Request {
        body: body.into(),
        ..Request::default()
    };
    for (name, value) in headers {
        request.set(name, *value);
    }
    request
}

#[test]
fn an_id_with_a_dot_could_hide_a_time_and_half_a_body() {
    let (source, keys, request) = standard();
    let signature = request.get("webhook-signature").unwrap().to_owned();
    let cut = post(
        &[
            ("webhook-id", "msg_1.1700000000.{"),
            ("webhook-timestamp", "1700000000"),
            ("webhook-signature", &signature),
        ],
        "}",
    );
    assert_eq!(cut.reason(&source, &keys, NOW), Some(Reason::Malformed));
}

#[test]
fn a_body_can_not_be_cut_where_nothing_marks_its_end() {
    let klaviyo = of("klaviyo", &[]);
    let held = keys(klaviyo.schemes, &[SECRET]);
    let time = "Sun, 29 Nov 2020 00:00:00 GMT";
    let body = r#"{"data":[{"external_id":"1","topic":"x"}]}"#;
    let mut whole = post(&[("Klaviyo-Timestamp", time)], body);
    whole.sign(klaviyo.schemes, SECRET, NOW);
    assert_eq!(whole.reason(&klaviyo, &held, NOW), None);
    for at in 0..body.len() {
        let mut cut = whole.clone();
        cut.set("Klaviyo-Timestamp", format!("{}{time}", &body[at..]));
        cut.body = body[..at].into();
        assert!(cut.verify(&klaviyo, &held, NOW).is_err(), "{at}");
    }
    for at in 1..time.len() {
        let mut cut = whole.clone();
        cut.set("Klaviyo-Timestamp", &time[at..]);
        cut.body = format!("{body}{}", &time[..at]).into();
        assert!(cut.verify(&klaviyo, &held, NOW).is_err(), "{at}");
    }

    let lob = of("lob", &[]);
    let held = keys(lob.schemes, &[SECRET]);
    let body = r#"{"id":"evt_1","event_type":{"id":"letter.created"},"n":"a. b"}"#;
    let mut whole = post(&[("Lob-Signature-Timestamp", "1500000000")], body);
    whole.sign(lob.schemes, SECRET, NOW);
    for (at, _) in body.match_indices('.') {
        let mut cut = whole.clone();
        cut.set(
            "Lob-Signature-Timestamp",
            format!("1500000000.{}", &body[..at]),
        );
        cut.body = body[at + 1..].into();
        assert_eq!(
            cut.reason(&lob, &held, NOW),
            Some(Reason::Malformed),
            "{at}"
        );
    }
}

#[test]
fn an_id_of_the_query_can_not_hold_the_id_of_the_request() {
    let source = of("mercado-pago", &[]);
    let held = keys(source.schemes, &[SECRET]);
    let mut request = post(&[("x-request-id", "r1")], r#"{"data":{"id":"123"}}"#);
    request.query = "data.id=123&type=payment".into();
    request.sign(source.schemes, SECRET, NOW);
    assert_eq!(request.reason(&source, &held, NOW), None);
    request.headers.retain(|(name, _)| name != "x-request-id");
    request.query = "data.id=123;request-id:r1&type=payment".into();
    assert!(request.verify(&source, &held, NOW).is_err());
}

#[test]
fn what_one_version_signs_is_no_body_of_another() {
    let both = of("hook0", &["v1", "v0"]);
    let held = keys(both.schemes, &[SECRET]);
    let mut newer = post(
        &[
            ("X-Hook0-Signature", "h=x-event-id x-event-type"),
            ("X-Event-Id", "e1"),
            ("X-Event-Type", "t1"),
        ],
        r#"{"a":1}"#,
    );
    newer.sign(&both.schemes[..1], SECRET, NOW);
    assert_eq!(newer.reason(&both, &held, NOW), None);
    let header = newer.get("X-Hook0-Signature").unwrap();
    let signature = header
        .split(',')
        .find_map(|e| e.strip_prefix("v1="))
        .unwrap();
    let older = post(
        &[
            ("X-Hook0-Signature", &format!("t=1700000000,v0={signature}")),
            ("X-Event-Id", "forged"),
        ],
        r#"x-event-id x-event-type.e1.t1.{"a":1}"#,
    );
    assert_eq!(older.reason(&both, &held, NOW), Some(Reason::Malformed));
}

/// What a source of one's own calls the event of a request that is authentic, and whether its id is signed.
fn event(source: &Source, request: &Request) -> (String, bool) {
    let held = keys(source.schemes, &[SECRET]);
    let named = request.verified(source, &held, NOW, |event| {
        (event.name("d").key.to_string(), event.covered().id())
    });
    named.unwrap()
}

fn own(lines: &str) -> Source {
    let text = format!("[sources.acme]\n{lines}");
    let read = reader::read(&text, Environment::Test).unwrap();
    read.sources.get("acme").unwrap().clone()
}

/// The HMAC of RFC 9421, section 3.3.3.
fn hmac(text: &str) -> String {
    let mut hmac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    hmac.update(text.as_bytes());
    STANDARD.encode(hmac.finalize().into_bytes())
}

#[test]
fn a_label_that_is_written_beside_a_signature_takes_nothing_from_what_it_signs() {
    let source = own(
        "event_id = \"{header:x-event-id}\"\n[sources.acme.scheme]\nalgorithm = \"hmac-sha256\"\n\
         key = \"text\"\nsignature = { header = \"Signature\", split = \",\", prefix = \"*=\" }\nencoding = \"structured\"\n\
         message = \"{http-message}\"\ntimestamp = { header = \"Signature-Input>created\", unit = \"s\" }\ntolerance = 300\n",
    );
    let body = r#"{"a":1}"#;
    let digest = format!("sha-256=:{}:", STANDARD.encode(Sha256::digest(body)));
    let created = NOW.0 / 1_000;
    let list = format!(r#"("x-event-id" "content-digest");created={created}"#);
    let base = format!(
        "\"x-event-id\": evt_1\n\"content-digest\": {digest}\n\"@signature-params\": {list}"
    );
    let sent = |more: &str| {
        let headers = [
            ("X-Event-Id", "evt_1"),
            ("Content-Digest", &digest),
            ("Signature", &format!("sig=:{}:", hmac(&base))),
            ("Signature-Input", &format!("sig={list}{more}")),
        ];
        event(&source, &post(&headers, body))
    };
    let honest = ("acme#evt_1".to_owned(), true);
    assert_eq!(sent(""), honest);
    for more in [
        // Of somebody who sends it once more.
        r#"("content-digest");created=NOW"#,
        // Of a proxy that it passed in the same second, and of the sender's by another algorithm.
        r#"("@authority" "signature";key="sig");created=NOW"#,
        r#"("x-event-id" "content-digest");created=NOW;alg="ed25519""#,
        r#"("x-absent" "content-digest");created=NOW"#,
    ] {
        let more = more.replace("NOW", &created.to_string());
        assert_eq!(sent(&format!(", x={more}")), honest, "{more}");
    }
}

#[test]
fn a_form_is_the_same_event_whatever_an_unsigned_header_calls_it() {
    let source = own(
        "event_id = \"{form:id}\"\n[sources.acme.scheme]\nalgorithm = \"hmac-sha256\"\nkey = \"text\"\n\
         signature = { header = \"X-Sig\" }\nencoding = \"base64\"\nmessage = \"{body}\"\n",
    );
    let field = |of: &str, name: &str, value: &str| {
        format!("--{of}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    // A person's text may look like a form of its own.
    let within = format!("\r\n{}--c--", field("c", "id", "2"));
    let multipart = format!(
        "{}{}--b--\r\n",
        field("b", "id", "1"),
        field("b", "text", &within)
    );
    for body in ["id=1&text=x", &multipart] {
        for kind in [
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=b",
            "multipart/form-data; boundary=c",
            "multipart/form-data; boundary=d",
            "text/plain",
        ] {
            let sent = post(&[("Content-Type", kind), ("X-Sig", &hmac(body))], body);
            assert_eq!(
                event(&source, &sent),
                ("acme#1".to_owned(), true),
                "{kind}: {body}"
            );
        }
    }
}
