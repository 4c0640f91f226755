//! What holds for every scheme and every input.
#![allow(clippy::unwrap_used)]

use catalogue::{Encoding, Handshake, PROVIDERS, Piece, Place, Provider, Scheme, Source, Unit};
use proptest::prelude::*;
use protocol::time::UnixMillis;
use support::{
    Request, keys,
    keys::pair,
    own_source,
    schemes::{OWN, is_plain, plain},
    source_of,
};
use webhook::{endpoint::handshake, refusal::Reason};

const NOW: std::ops::Range<i64> = 0..4_000_000_000_000;

/// A request that has everything that the scheme signs, but for time and signature.
fn unsigned(scheme: &Scheme, body: &[u8], text: &str, now: i64) -> Request {
    let mut request = Request {
        body: body.to_vec(),
        ..Request::default()
    };
    let mut json = serde_json::Map::new();
    let time = scheme.timestamp.map(|timestamp| {
        let written = match timestamp.unit {
            Unit::Iso => jiff::Timestamp::from_millisecond(now)
                .unwrap()
                .to_string()
                .into(),
            _ => serde_json::json!(now),
        };
        (timestamp.field.place, written)
    });
    let places = scheme
        .message
        .pieces()
        .filter_map(|piece| match piece {
            Piece::Value(place) => Some((place, serde_json::json!(text))),
            _ => None,
        })
        // The signer writes a time's header itself.
        .chain(time.filter(|(place, _)| place.is_in_body()));
    for (place, value) in places {
        let name = place.names().next().unwrap();
        match place {
            Place::Header(_) => request.set(name, text),
            Place::Query(_) => {
                let escaped = text.bytes().fold(String::new(), |text, byte| {
                    text + "%" + &hex::encode([byte])
                });
                request.query = format!("a=1&{name}=b%20{escaped}");
            }
            Place::Json(_) => {
                let (name, value) = match name.split_once('.') {
                    Some((outer, inner)) => (outer, serde_json::json!({ inner: value })),
                    None => (name, value),
                };
                json.insert(name.into(), value);
            }
            Place::Form(_) | Place::Jwt(_) => {
                unreachable!("no scheme here signs form fields or claims")
            }
        }
    }
    if !json.is_empty() {
        json.insert("rest".into(), String::from_utf8_lossy(body).into());
        request.body = serde_json::to_vec(&json).unwrap();
    }
    request
}

fn signed(scheme: &'static Scheme, mut request: Request, now: UnixMillis) -> Request {
    request.sign(std::slice::from_ref(scheme), &pair(scheme).private, now);
    request
}

fn reason(scheme: &'static Scheme, request: &Request, now: i64) -> Option<Reason> {
    let schemes = std::slice::from_ref(scheme);
    let keys = keys(schemes, &[&pair(scheme).public]);
    request.reason(&own_source(schemes), &keys, UnixMillis(now))
}

/// A text without the marks that stand beside one in a message: with one it is refused.
fn text() -> impl Strategy<Value = String> {
    "[0-9A-Za-z_-]{1,40}"
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_signed_verifies_and_what_is_tampered_with_does_not(
        body in proptest::collection::vec(any::<u8>(), 0..300),
        text in text(),
        now in NOW,
        at in any::<proptest::sample::Index>(),
        bit in 0..8_u8,
    ) {
        for scheme in plain() {
            let request = signed(scheme, unsigned(scheme, &body, &text, now), UnixMillis(now));
            prop_assert_eq!(reason(scheme, &request, now), None, "{:?}", scheme);
            if !request.body.is_empty() {
                let mut tampered = request.clone();
                let at = at.index(tampered.body.len());
                tampered.body[at] ^= 1 << bit;
                prop_assert!(reason(scheme, &tampered, now).is_some(), "{:?}", scheme);
            }
            let mut longer = request.clone();
            longer.body.push(b' ');
            prop_assert!(reason(scheme, &longer, now).is_some(), "{:?}", scheme);
            for (name, value) in &request.headers {
                let mut tampered = request.clone();
                let mut bytes = value.clone().into_bytes();
                let at = at.index(bytes.len());
                bytes[at] ^= 1 << bit;
                let value: String = bytes.iter().copied().map(char::from).collect();
                tampered.set(name, value.as_str());
                // Hex digits have no case.
                let harmless = scheme.encoding == Encoding::Hex && value.eq_ignore_ascii_case(request.get(name).unwrap());
                prop_assert!(harmless || reason(scheme, &tampered, now).is_some(), "{:?} {}", scheme, value);
            }
        }
    }

    #[test]
    fn tolerance_is_inclusive_for_every_scheme(now in NOW, body in "[a-z]{0,20}") {
        for scheme in plain() {
            let Some(timestamp) = scheme.timestamp else { continue };
            let request = signed(scheme, unsigned(scheme, body.as_bytes(), "x", now), UnixMillis(now));
            let unit = if timestamp.unit.is_in_seconds() { 1_000 } else { 1 };
            for (limit, sign) in [(timestamp.tolerance.past, 1), (timestamp.tolerance.future, -1)] {
                let Some(limit) = limit else { continue };
                let edge = now + sign * i64::from(limit) * 1_000;
                prop_assert_eq!(reason(scheme, &request, edge), None, "{:?}", scheme);
                prop_assert_eq!(reason(scheme, &request, edge + sign * unit), Some(Reason::Stale), "{:?}", scheme);
            }
        }
    }

    #[test]
    fn no_other_key_signs_for_a_source(body in proptest::collection::vec(any::<u8>(), 0..50), now in NOW) {
        for scheme in plain().filter(|scheme| !scheme.algorithm.is_public_key()) {
            let request = signed(scheme, unsigned(scheme, &body, "x", now), UnixMillis(now));
            let schemes = std::slice::from_ref(scheme);
            let keys = keys(schemes, &["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"]);
            let refusal = request.verify(&own_source(schemes), &keys, UnixMillis(now)).unwrap_err();
            prop_assert_eq!(refusal.reason, Reason::Forged);
        }
    }

    #[test]
    fn a_stranger_is_refused_and_never_causes_a_panic(
        body in proptest::collection::vec(any::<u8>(), 0..200),
        values in proptest::collection::vec("\\PC{0,60}|[0-9]{0,30}|(v1|v1a|t|v0|sha256)[=,][A-Za-z0-9+/=, ]{0,100}", 8),
        query in "\\PC{0,40}",
        now in any::<i64>(),
    ) {
        for (source, scheme) in PROVIDERS
            .iter()
            .flat_map(|provider| provider.schemes.iter().map(move |scheme| (source_of(provider), scheme)))
            .map(|(source, scheme)| (Source { schemes: source.provider.unwrap().schemes, ..source }, scheme))
            .chain(OWN.iter().map(|scheme| (own_source(std::slice::from_ref(scheme)), scheme)))
        {
            let mut request = Request { body: body.clone(), query: query.clone(), ..Request::default() };
            let places = scheme.message.pieces().filter_map(|piece| match piece {
                Piece::Value(place) => Some(place),
                _ => None,
            });
            let places = places
                .chain([scheme.signature.place])
                .chain(scheme.timestamp.map(|timestamp| timestamp.field.place));
            let names = places.filter(|place| matches!(place, Place::Header(_))).flat_map(Place::names);
            for (name, value) in names.zip(&values) {
                request.set(name, value.as_str());
            }
            let keys = keys(source.schemes, &[&pair(scheme).public]);
            prop_assert!(request.verify(&source, &keys, UnixMillis(now)).is_err());
        }
    }

    #[test]
    fn an_authentic_event_is_named_whatever_its_body(
        body in prop_oneof![
            proptest::collection::vec(any::<u8>(), 0..200),
            r#"\{("(id|type|event_id|verification_id|challenge)":("\PC{0,10}"|[0-9.e-]{1,5}|null|\{\}|\[\]),?){0,5}\}"#.prop_map(String::into_bytes),
        ],
        header in "\\PC{0,2000}",
    ) {
        let now = UnixMillis(1_700_000_000_000);
        let plain = |provider: &&Provider| {
            let scheme = &provider.schemes[0];
            is_plain(scheme) && !scheme.message.pieces().any(|p| matches!(p, Piece::Value(place) if place.is_in_body()))
        };
        for provider in PROVIDERS.iter().filter(plain) {
            let source = source_of(provider);
            let scheme = &source.schemes[0];
            let mut request = unsigned(scheme, &body, "x", now.0);
            for name in ["X-GitHub-Delivery", "X-GitHub-Event", "Content-Type", "X-Shopify-Webhook-Id"] {
                request.set(name, header.as_str());
            }
            let request = signed(scheme, request, now);
            let keys = keys(source.schemes, &[&pair(scheme).public]);
            let found = request.verified(&source, &keys, now, |event| {
                let _ = (handshake::signed(event), event.headers(), event.reference());
                (event.name("d").id, event.event_type().to_owned(), event.name("d").key)
            });
            // A body that anyone may have had signed as a challenge is no event.
            if source.handshakes.iter().any(Handshake::signs_for_strangers) && found.is_err() {
                prop_assert_eq!(found.unwrap_err().reason, Reason::Forged);
                continue;
            }
            let (id, kind, key) = found.unwrap();
            prop_assert!(!id.is_empty() && !kind.is_empty() && kind.len() <= 256);
            prop_assert!(!key.id().is_empty() && key.id().len() <= 1_024 + 17);
            prop_assert_eq!(protocol::ledger::EventKey::parse(&key.to_string()), Some(key));
        }
    }
}
