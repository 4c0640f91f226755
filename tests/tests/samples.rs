//! Every provider has a sample, every scheme of it can be signed, and what is signed verifies.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use catalogue::{PROVIDERS, Place, Provider, Unit};
use protocol::time::UnixMillis;
use support::{
    NOW, Request, chosen, filled, keys,
    keys::pair,
    own_source,
    samples::{each, sample, sample_for},
    source_of,
};
use webhook::{
    keys::{Secret, SigningKey, generate},
    refusal::Reason,
};

#[test]
fn what_is_signed_verifies() {
    for (provider, scheme, request) in each() {
        let source = chosen(provider, scheme);
        let keys = keys(source.schemes, &[&pair(scheme).public]);
        let verdict = request.verify(&source, &keys, NOW);
        assert_eq!(verdict, Ok(()), "{}: {scheme:?}", provider.name);
    }
}

#[test]
fn a_secret_that_is_made_up_signs_and_its_public_half_verifies() {
    for provider in PROVIDERS {
        let default = source_of(provider);
        let schemes = generate::signable(default.schemes).into_iter();
        let all = filled(provider)
            .iter()
            .filter(|one| !one.algorithm.is_only_verified());
        for scheme in schemes.chain(all) {
            let source = chosen(provider, scheme);
            let made = generate::secret(scheme).unwrap();
            let key = SigningKey::load(source.schemes, &Secret::new(&*made, "made")).unwrap();
            let public = key.public_half();
            assert_eq!(
                public.is_some(),
                scheme.algorithm.is_public_key(),
                "{}",
                provider.name
            );
            let mut request = sample_for(provider, key.scheme());
            request.sign(source.schemes, &made, NOW);
            let keys = keys(source.schemes, &[&public.unwrap_or(made)]);
            let verdict = request.verify(&source, &keys, NOW);
            assert_eq!(verdict, Ok(()), "{}: {scheme:?}", provider.name);
        }
    }
}

#[test]
fn no_two_secrets_that_are_made_up_are_alike() {
    let all = PROVIDERS.iter().flat_map(|provider| provider.schemes);
    for scheme in all.filter(|scheme| !scheme.algorithm.is_public_key()) {
        let [one, other] = [generate::secret(scheme), generate::secret(scheme)];
        assert_ne!(one.unwrap(), other.unwrap(), "{scheme:?}");
    }
}

#[test]
fn a_list_that_is_signed_anew_has_nothing_of_the_old_signature() {
    let mut lists = 0;
    for (provider, scheme, request) in each() {
        let (Place::Header(_), Some(separator)) = (scheme.signature.place, scheme.signature.split)
        else {
            continue;
        };
        lists += 1;
        let entries = |request: &Request| -> BTreeMap<String, usize> {
            let count = |value: &str| value.split(separator).count();
            let headers = request.headers.iter();
            headers.map(|(n, v)| (n.clone(), count(v))).collect()
        };
        let mut again = request.clone();
        again.sign(std::slice::from_ref(scheme), &pair(scheme).private, NOW);
        assert_eq!(entries(&again), entries(&request), "{}", provider.name);
    }
    assert!(lists > 0);
}

#[test]
fn another_secret_does_not_verify() {
    for (provider, scheme, request) in each() {
        let schemes = std::slice::from_ref(scheme);
        let other = match scheme.key {
            catalogue::KeyForm::Public { .. } => continue,
            catalogue::KeyForm::Base64 { prefix } => format!("{prefix}c29tZXRoaW5nIGVsc2U="),
            _ => "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa".to_owned(),
        };
        let keys = keys(schemes, &[&other]);
        let refusal = request
            .verify(&own_source(schemes), &keys, NOW)
            .unwrap_err();
        assert_eq!(refusal.reason, Reason::Forged, "{}", provider.name);
    }
}

#[test]
fn a_signed_body_can_not_be_changed() {
    for (provider, scheme, request) in each() {
        let schemes = std::slice::from_ref(scheme);
        let keys = keys(schemes, &[&pair(scheme).public]);
        let mut tampered = request;
        tampered.body.insert(0, b' ');
        let verdict = tampered.verify(&own_source(schemes), &keys, NOW);
        if scheme.covers_body() {
            assert!(verdict.is_err(), "{}", provider.name);
        } else {
            // What the entry says of itself is true: the sender is known, and not all that it sent.
            assert!(!provider.unsigned.is_empty(), "{}", provider.name);
        }
    }
}

#[test]
fn another_customers_delivery_does_not_verify() {
    let mut compared = 0;
    let of_one_customer = |provider: &Provider| {
        let texts = provider.schemes.iter().flat_map(|scheme| scheme.equal);
        texts.into_iter().any(|(_, text)| text.has_setting())
    };
    for (provider, scheme, request) in each().filter(|(provider, ..)| of_one_customer(provider)) {
        compared += 1;
        let keys = keys(provider.schemes, &[&pair(scheme).public]);
        // The entry without the operator's settings is nobody's.
        let unfilled = own_source(provider.schemes);
        let refusal = request.verify(&unfilled, &keys, NOW).unwrap_err();
        assert_eq!(refusal.reason, Reason::Forged, "{}", provider.name);
    }
    assert!(compared > 0);
}

#[test]
fn every_sample_has_an_event_with_a_type_and_an_id() {
    for (provider, scheme, request) in each() {
        // Of a delivery of another kind than the sample only what is signed is there.
        let of_form = matches!(scheme.signature.place, Place::Form(_));
        if of_form && sample(provider).body.starts_with(b"{") {
            continue;
        }
        let source = chosen(provider, scheme);
        let keys = keys(source.schemes, &[&pair(scheme).public]);
        let (id, kind, signed) = request
            .verified(&source, &keys, NOW, |event| {
                let signed = (event.covered().id(), event.covered().body());
                (event.name("d").id, event.event_type().to_owned(), signed)
            })
            .unwrap();
        let name = provider.name;
        assert_eq!(
            id.starts_with("sha256:"),
            provider.identity.id.is_none() || provider.identity.is_told_by_signature(scheme),
            "{name}: {id}"
        );
        assert_eq!(
            kind == "unknown",
            provider.event_type.is_none(),
            "{name}: {kind}"
        );
        assert_eq!(signed.1, scheme.covers_body(), "{name}");
        // An id that isn't signed must not name the event alone.
        let key = request
            .verified(&source, &keys, NOW, |event| {
                event.name("d").key.id().to_owned()
            })
            .unwrap();
        assert!(
            signed.0 || key != id || id.starts_with("sha256:"),
            "{name}: {key}"
        );
    }
}

#[test]
fn tolerance_is_inclusive_on_each_side_by_itself() {
    let mut timed = 0;
    for (provider, scheme, request) in each() {
        let Some(timestamp) = scheme.timestamp else {
            continue;
        };
        timed += 1;
        let keys = keys(std::slice::from_ref(scheme), &[&pair(scheme).public]);
        let source = own_source(std::slice::from_ref(scheme));
        let at = |millis| request.reason(&source, &keys, UnixMillis(NOW.0 + millis));
        let name = provider.name;
        let tolerance = timestamp.tolerance;
        for (limit, sign) in [(tolerance.past, 1_000), (tolerance.future, -1_000)] {
            match limit.map(i64::from) {
                Some(limit) => {
                    assert_eq!(at(sign * limit), None, "{name}");
                    assert_eq!(at(sign * (limit + 1)), Some(Reason::Stale), "{name}");
                }
                None => assert_eq!(at(sign * 1_000_000), None, "{name}"),
            }
        }
        // The last millisecond of the last second.
        if let (Unit::Seconds, Some(past)) = (timestamp.unit, tolerance.past) {
            assert_eq!(at(i64::from(past) * 1_000 + 999), None, "{name}");
        }
    }
    assert!(timed >= 40, "{timed}");
}
