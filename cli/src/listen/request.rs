//! What a service on this machine is sent of an event: what a destination gets over HTTP, but for the signature, and with the
//! headers that are kept of the provider's delivery.

use catalogue::hops;
use landfall_aws::attributes::{IDEMPOTENCY_KEY, attributes, printable};
use protocol::{
    ledger::EventRecord,
    outgoing::{Origin, Outgoing, idempotency_key},
};

/// What stands where a route's name does. No route has a dot in its name.
const ROUTE: &str = "landfall.listen";

/// The headers of a request with this event. `epoch` is the number of its replay, `attempt` that of the request.
pub(super) fn headers(event: &EventRecord, epoch: u64, attempt: u64) -> Vec<(String, String)> {
    let kept = |name: &str| event.headers.get(name).map(String::as_str);
    let outgoing = Outgoing {
        source: event.key.source().into(),
        event_id: event.event_id.clone(),
        event_type: event.event_type.clone(),
        received_at: event.received_at,
        route: ROUTE.into(),
        idempotency_key: idempotency_key(&event.key, event.life(), ROUTE),
        attempt,
        epoch,
        hops: hops::count(kept(hops::HEADER)).saturating_add(1),
        body: Vec::new(),
        content_type: String::new(),
        headers: event.headers.clone(),
        key: None,
        origin: Origin::Verified,
        covered: event.covered.clone(),
        trace: None,
    };
    let mut ours: Vec<(String, String)> = attributes(&outgoing)
        .into_iter()
        // It is the webhook's id.
        .filter(|(name, _)| *name != IDEMPOTENCY_KEY)
        .map(|(name, text)| (name.to_owned(), text))
        .collect();
    ours.push(("landfall-attempt".into(), attempt.to_string()));
    ours.push(("webhook-id".into(), outgoing.idempotency_key));
    if kept("content-type").is_none() {
        ours.push(("content-type".into(), "application/octet-stream".into()));
    }
    let is_ours = |name: &str| ours.iter().any(|(known, _)| known == name);
    let kept = event.headers.iter();
    let mut all: Vec<(String, String)> = kept
        .map(|(name, value)| (name.to_ascii_lowercase(), sendable(value)))
        .filter(|(name, _)| !is_ours(name))
        .collect();
    all.append(&mut ours);
    all
}

/// A header's value as it came, or percent-encoded where it can't be sent so.
fn sendable(value: &str) -> String {
    if value
        .bytes()
        .all(|byte| matches!(byte, b'\t' | b' '..=b'~'))
    {
        value.to_owned()
    } else {
        printable(value)
    }
}

#[cfg(test)]
mod tests {
    use support::records;

    use super::*;

    fn of(event: &EventRecord, epoch: u64, name: &str) -> Vec<String> {
        let all = headers(event, epoch, 3).into_iter();
        let named = all.filter(|(known, _)| known == name);
        named.map(|(_, value)| value).collect()
    }

    #[test]
    fn it_is_what_a_destination_gets_with_the_headers_of_the_delivery() {
        let mut event = records::event("github", "1");
        event.headers = [
            ("content-type", "application/json; charset=utf-8"),
            ("x-github-event", "pu\u{e9}sh"),
            ("x-of-it", "100%"),
            ("webhook-id", "theirs"),
            ("landfall-hops", "2"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
        for (name, value) in [
            ("content-type", "application/json; charset=utf-8"),
            ("x-github-event", "pu%C3%A9sh"),
            ("x-of-it", "100%"),
            ("landfall-source", "github"),
            ("landfall-event-id", "1"),
            ("landfall-route", "landfall.listen"),
            ("landfall-attempt", "3"),
            ("landfall-hops", "3"),
        ] {
            assert_eq!(of(&event, 0, name), [value], "{name}");
        }
        let [id] = &of(&event, 0, "webhook-id")[..] else {
            panic!("one id")
        };
        assert_eq!(id.len(), 64);
        assert!(of(&event, 0, "landfall-replay").is_empty());
        // A replay is the same event.
        assert_eq!(of(&event, 2, "landfall-replay"), ["2"]);
        assert_eq!(of(&event, 2, "webhook-id"), std::slice::from_ref(id));
    }

    #[test]
    fn a_body_of_which_nobody_says_what_it_is_is_bytes() {
        let mut event = records::event("github", "1");
        event.headers.clear();
        assert_eq!(of(&event, 0, "content-type"), ["application/octet-stream"]);
    }
}
