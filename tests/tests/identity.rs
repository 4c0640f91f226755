//! What tells an event from every other, and what of it is signed: over the whole table.
#![allow(clippy::unwrap_used)]
// A method's path names one lifetime; `verified` takes what holds for all of them.
#![allow(clippy::redundant_closure_for_method_calls)]

use std::collections::BTreeMap;

use catalogue::{PROVIDERS, Place, Provider, Scheme, ToldBy};
use protocol::{covered::Covered, ledger::EventRecord};
use support::{NOW, Request, chosen, filled, keys, keys::pair, samples::each, source_of};
use webhook::event::{Name, bundle::items};

/// What the event is called that comes as the delivery of this id, and what of it is signed.
fn event(
    provider: &'static Provider,
    scheme: &'static Scheme,
    request: &Request,
    delivery_id: &str,
) -> Option<(Name, Covered, BTreeMap<String, String>)> {
    let source = chosen(provider, scheme);
    let keys = keys(source.schemes, &[&pair(scheme).public]);
    let read = |event: &webhook::event::Authentic<'_>| {
        (event.name(delivery_id), event.covered(), event.headers())
    };
    request.verified(&source, &keys, NOW, read).ok()
}

fn key(provider: &'static Provider, scheme: &'static Scheme, request: &Request) -> String {
    event(provider, scheme, request, "d")
        .unwrap()
        .0
        .key
        .to_string()
}

/// A request of this provider's with its first scheme.
fn request(provider: &str, headers: &[(&str, &str)], body: &str) -> (&'static Provider, Request) {
    let provider = Provider::named(provider).unwrap();
    let mut request = Request {
        body: body.into(),
        ..Request::default()
    };
    for (name, value) in headers {
        request.set(name, *value);
    }
    request.sign(filled(provider), &pair(&filled(provider)[0]).private, NOW);
    (provider, request)
}

/// The key of that request, as the delivery of this id.
fn key_of(delivery_id: &str, (provider, request): &(&'static Provider, Request)) -> String {
    let (name, ..) = event(provider, &filled(provider)[0], request, delivery_id).unwrap();
    name.key.to_string()
}

#[test]
fn an_entry_says_why_signed_bytes_are_unique_wherever_they_name_the_event() {
    for provider in PROVIDERS {
        let needs = |scheme: &Scheme| provider.identity.is_told_by_signature(scheme);
        let reason = provider.identity.unique;
        if provider.schemes.iter().any(needs) {
            assert!(reason.is_some(), "{}", provider.name);
        }
        let words = reason.map(|reason| reason.split(' ').count());
        assert!(
            words.is_none_or(|words| words >= 5),
            "{}: {reason:?}",
            provider.name
        );
    }
}

#[test]
fn two_equal_deliveries_are_one_event_unless_every_delivery_is_one() {
    let (mut named, mut nameless) = (0, 0);
    for (provider, scheme, request) in each() {
        let name = provider.name;
        let (first, covered, _) = event(provider, scheme, &request, "1").unwrap();
        let (again, ..) = event(provider, scheme, &request, "2").unwrap();
        let id_signed = provider.identity.id.map(|_| covered.id());
        let told_by = provider.identity.told_by(scheme, id_signed);
        assert_eq!(first == again, told_by != ToldBy::Nothing, "{name}");
        if told_by == ToldBy::Nothing {
            nameless += 1;
            assert!(
                provider.identity.unique.is_none() && !covered.id(),
                "{name}"
            );
            assert_ne!((&first.id, &first.key), (&again.id, &again.key));
        } else {
            named += 1;
        }
    }
    assert!(named > 90 && nameless > 15, "{named} {nameless}");
}

#[test]
fn one_signature_is_one_event_where_the_body_is_not_signed() {
    let mut with_another_body = 0;
    for (provider, scheme, request) in each() {
        if !provider.identity.is_told_by_signature(scheme) {
            continue;
        }
        let (name, covered, _) = event(provider, scheme, &request, "1").unwrap();
        assert!(
            name.id.starts_with("sha256:") && covered.id(),
            "{}",
            provider.name
        );
        assert!(
            !covered.body() && !covered.event_type(),
            "{}",
            provider.name
        );
        let text = String::from_utf8(request.body.clone()).unwrap();
        for (old, new) in [("an-id", "another"), ("\"type\"", "\"kind\""), ("=", "=x")] {
            let mut other = request.clone();
            other.body = text.replacen(old, new, 1).into_bytes();
            if other.body != request.body
                && let Some((other, ..)) = event(provider, scheme, &other, "2")
            {
                with_another_body += 1;
                assert_eq!(other, name, "{}", provider.name);
            }
        }
    }
    assert!(with_another_body >= 3, "{with_another_body}");
}

#[test]
fn a_header_is_said_to_be_signed_just_where_it_can_not_be_changed() {
    let (mut signed, mut unsigned) = (0, 0);
    for (provider, scheme, request) in each() {
        let mut request = request;
        request.set("user-agent", "sender/1.0");
        let (_, covered, headers) = event(provider, scheme, &request, "d").unwrap();
        for (name, value) in headers {
            let mut changed = request.clone();
            // Another last character: a time stays one.
            let last = if value.ends_with('1') { "2" } else { "1" };
            changed.set(&name, format!("{}{last}", &value[..value.len() - 1]));
            let holds = event(provider, scheme, &changed, "d").is_some();
            // What a header says of the signature is held against the scheme, signed or not.
            let of_signature = name.contains("signature") && !holds;
            let is_right = covered.header(&name) != holds || of_signature;
            assert!(is_right, "{}: {name}", provider.name);
            *if holds { &mut unsigned } else { &mut signed } += 1;
        }
        if provider.event_type.is_some_and(|kind| {
            let in_header = |piece| matches!(piece, catalogue::Piece::Value(Place::Header(_)));
            kind.pieces().any(in_header)
        }) && scheme.covers_body()
        {
            let mut names = provider
                .event_type
                .unwrap()
                .pieces()
                .filter_map(|piece| match piece {
                    catalogue::Piece::Value(Place::Header(name)) => Some(name),
                    _ => None,
                });
            assert_eq!(covered.event_type(), names.all(|name| covered.header(name)));
        }
    }
    assert!(signed > 40 && unsigned > 100, "{signed} {unsigned}");
}

#[test]
fn what_is_signed_is_worked_out_for_the_scheme_that_proved_the_delivery() {
    for (provider, scheme, request) in each() {
        let (_, covered, _) = event(provider, scheme, &request, "d").unwrap();
        assert_eq!(covered.body(), scheme.covers_body(), "{}", provider.name);
    }
    let gitlab = Provider::named("gitlab").unwrap();
    let found: Vec<_> = each()
        .filter(|(provider, ..)| provider.name == "gitlab")
        .map(|(_, scheme, request)| {
            let (name, covered, _) = event(gitlab, scheme, &request, "d").unwrap();
            (covered.id(), covered.body(), name.key.id().contains('#'))
        })
        .collect();
    assert!(found.contains(&(true, true, false)), "{found:?}");
    assert!(found.contains(&(false, false, true)), "{found:?}");
}

#[test]
fn an_unsigned_id_stands_with_what_is_signed_and_not_with_the_body_alone() {
    // The time is signed: another event with the same body can't be hidden under its own id.
    let at = |seconds: i64| {
        let zendesk = Provider::named("zendesk").unwrap();
        let mut request = Request {
            body: b"{}".to_vec(),
            ..Request::default()
        };
        request.set("X-Zendesk-Webhook-Invocation-Id", "i");
        let now = protocol::time::UnixMillis(NOW.0 - seconds * 1_000);
        request.sign(zendesk.schemes, &pair(&zendesk.schemes[0]).private, now);
        key(zendesk, &zendesk.schemes[0], &request)
    };
    assert_eq!(at(1), at(1));
    assert_ne!(at(1), at(2));
}

/// `order.created` and `order.updated` have one body; webhooks are told apart by their ids, of which the
/// delivery's id is made, with the second: `WC_Webhook::get_new_delivery_id`.
#[test]
fn two_topics_of_woocommerce_with_one_body_are_two_events() {
    let body = r#"{"id":727,"status":"processing","total":"29.35"}"#;
    let sent = |topic, webhook, delivery| {
        request(
            "woocommerce",
            &[
                ("X-WC-Webhook-Topic", topic),
                ("X-WC-Webhook-ID", webhook),
                ("X-WC-Webhook-Delivery-ID", delivery),
            ],
            body,
        )
    };
    let (created, updated) = (
        sent("order.created", "142", "a"),
        sent("order.updated", "143", "b"),
    );
    assert_ne!(key_of("1", &created), key_of("2", &updated));
    assert_eq!(key_of("1", &created), key_of("3", &created));
}

#[test]
fn a_topic_that_is_again_what_it_was_is_a_new_event() {
    let keys = ["A", "B", "A"].into_iter().enumerate();
    let keys: std::collections::BTreeSet<_> = keys
        .map(|(at, body)| key_of(&at.to_string(), &request("websub", &[], body)))
        .collect();
    assert_eq!(keys.len(), 3);
}

#[test]
fn two_events_of_one_call_are_two() {
    let sent = |body: &str, nonce| {
        key_of(
            "d",
            &request("plivo", &[("X-Plivo-Signature-V3-Nonce", nonce)], body),
        )
    };
    let ringing = sent("CallUUID=c&CallStatus=ringing", "1");
    let completed = sent("CallUUID=c&CallStatus=completed", "2");
    assert_ne!(ringing, completed);
    assert_eq!(ringing, sent("CallUUID=c&CallStatus=ringing", "1"));
}

/// A notification names its id where the service sets one, and two changes of a drive are the same bytes:
/// <https://learn.microsoft.com/graph/api/resources/changenotification>
#[test]
fn items_without_ids_are_told_apart_by_their_deliveries_and_others_by_their_ids() {
    let body = r#"{"value":[{"clientState":"s","changeType":"updated","resource":"me/drive/root"},{"clientState":"s","id":"n1"}]}"#;
    let delivery = request("microsoft-graph", &[], body);
    let source = source_of(delivery.0);
    let items_of = |delivery_id: &str| -> Vec<String> {
        let (provider, request) = &delivery;
        let scheme = &filled(provider)[0];
        let (name, covered, headers) = event(provider, scheme, request, delivery_id).unwrap();
        let record = EventRecord {
            event_id: name.id,
            delivery_id: delivery_id.into(),
            headers,
            covered,
            ..support::records::event(name.key.source(), name.key.id())
        };
        let items = items(&source, &record, &request.body).unwrap();
        let records = items
            .iter()
            .map(|item| item.record(&source, &record, NOW, 1_000));
        records.map(|record| record.key.to_string()).collect()
    };
    let (first, second) = (items_of("1"), items_of("2"));
    assert_ne!(first[0], second[0]);
    assert_eq!(first[1], second[1]);
    assert!(first[1].starts_with("own#n1#"), "{first:?}");
}
