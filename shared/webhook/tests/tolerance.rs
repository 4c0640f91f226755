//! A delivery's time, as it is signed, read and held against the clock.
#![allow(clippy::unwrap_used)]

use catalogue::{
    Algorithm, Encoding, Field, KeyForm, Scheme, Template, Timestamp, Tolerance, Unit,
};
use protocol::time::UnixMillis;
use support::{NOW, Request, WHSEC, keys, own_source, standard};
use webhook::refusal::Reason;

const OWN_PLAIN: Scheme = Scheme {
    algorithm: Algorithm::HmacSha256,
    key: KeyForm::Text,
    signature: Field::header("X-Signature"),
    encoding: Encoding::Hex,
    message: Template::new("{body}"),
    ..Scheme::PLAIN
};

#[test]
fn a_time_that_is_no_time_is_malformed() {
    for text in ["hello", "1.7e9", "17000000 00", "0x1", "-", "1700000000Z"] {
        let (source, keys, mut request) = standard();
        request.set("webhook-timestamp", text);
        assert_eq!(
            request.reason(&source, &keys, NOW),
            Some(Reason::Malformed),
            "{text}"
        );
    }
}

#[test]
fn extreme_timestamps_are_stale() {
    let nines = "9".repeat(10_000);
    for text in [
        "0",
        "-1",
        "9223372036854775807",
        "-9223372036854775808",
        "99999999999999999999",
        "-99999999999999999999",
        &nines,
    ] {
        let (source, keys, mut request) = standard();
        request.set("webhook-timestamp", text);
        assert_eq!(
            request.reason(&source, &keys, NOW),
            Some(Reason::Stale),
            "{text}"
        );
        for now in [i64::MIN, i64::MAX] {
            let refusal = request.verify(&source, &keys, UnixMillis(now)).unwrap_err();
            assert_eq!(refusal.reason, Reason::Stale, "{text}");
        }
    }
}

#[test]
fn the_timestamp_is_signed_as_it_was_written() {
    // A sender that pads or writes a sign: the text is signed, not the number.
    static RAW: &[Scheme] = &[Scheme {
        message: Template::new("{header:webhook-id}.{header:webhook-timestamp}.{body}"),
        signature: Field::header("webhook-signature").after(&["v1,"]),
        key: KeyForm::Base64 { prefix: "whsec_" },
        encoding: Encoding::Base64,
        ..OWN_PLAIN
    }];
    for text in ["01700000000", "+1700000000"] {
        let (source, keys, mut request) = standard();
        request.set("webhook-timestamp", text);
        assert_eq!(request.reason(&source, &keys, NOW), Some(Reason::Forged));
        request.sign(RAW, WHSEC, NOW);
        assert_eq!(request.reason(&source, &keys, NOW), None, "{text}");
    }
}

#[test]
fn a_tolerance_of_zero_means_equal() {
    static ZERO: &[Scheme] = &[Scheme {
        message: Template::new("{timestamp}.{body}"),
        timestamp: Some(Timestamp {
            field: Field::header("X-Timestamp"),
            unit: Unit::Seconds,
            tolerance: Tolerance::both(0),
        }),
        ..OWN_PLAIN
    }];
    let source = own_source(ZERO);
    let keys = keys(ZERO, &["text"]);
    let mut request = Request::default();
    request.sign(source.schemes, "text", NOW);
    assert_eq!(request.verify(&source, &keys, NOW), Ok(()));
    for distance in [-1_000, 1_000] {
        let refusal = request
            .verify(&source, &keys, UnixMillis(NOW.0 + distance))
            .unwrap_err();
        assert_eq!(refusal.reason, Reason::Stale);
    }
}
