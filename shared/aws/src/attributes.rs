//! What a receiver is told of an event beside its body: by HTTP as headers, by a queue or topic as attributes, by a bus as
//! resources, by a bucket as metadata. One list, so that they all say the same.

use catalogue::hops;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use protocol::outgoing::{Origin, Outgoing};

/// A name and what it says, in printable ASCII.
pub type Attribute = (&'static str, String);

/// The attribute by which a receiver knows an event again. By HTTP it is the header `webhook-id`.
pub const IDEMPOTENCY_KEY: &str = "landfall-idempotency-key";

/// What no header, attribute or metadata may hold; and `%`, so that a reader can tell.
const UNPRINTABLE: &AsciiSet = &CONTROLS.add(b'%');

/// The attributes of an event on its route, the same in every try. None of them is empty.
#[must_use]
pub fn attributes(outgoing: &Outgoing) -> Vec<Attribute> {
    let mut attributes = vec![
        ("landfall-source", printable(&outgoing.source)),
        ("landfall-event-id", printable(&outgoing.event_id)),
        ("landfall-event-type", printable(&outgoing.event_type)),
        ("landfall-route", printable(&outgoing.route)),
        (IDEMPOTENCY_KEY, outgoing.idempotency_key.clone()),
        (hops::HEADER, outgoing.hops.to_string()),
    ];
    if outgoing.epoch > 0 {
        attributes.push(("landfall-replay", outgoing.epoch.to_string()));
    }
    if let Some(unsigned) = unsigned(outgoing) {
        attributes.push(("landfall-unsigned", unsigned));
    }
    attributes.retain(|(_, text)| !text.is_empty());
    attributes
}

/// What of the event its provider hasn't signed, so that whoever has seen one delivery may have written it.
pub(crate) fn unsigned(outgoing: &Outgoing) -> Option<String> {
    let covered = &outgoing.covered;
    let verified = outgoing.origin == Origin::Verified;
    let parts = [
        ("body", covered.body()),
        ("id", covered.id()),
        ("type", covered.event_type()),
    ];
    let unsigned = parts.iter().filter(|(_, signed)| !(verified && *signed));
    let unsigned: Vec<&str> = unsigned.map(|(part, _)| *part).collect();
    (!unsigned.is_empty()).then(|| unsigned.join(","))
}

/// A text without white space at its ends, percent-encoded where it isn't printable ASCII: ids and types are a stranger's.
#[must_use]
pub fn printable(text: &str) -> String {
    utf8_percent_encode(text.trim(), UNPRINTABLE).to_string()
}

#[cfg(all(test, feature = "destinations"))]
mod tests {
    use protocol::{
        covered::{Covered, Part},
        outgoing::Origin,
    };

    use super::*;
    use crate::destinations::testing::outgoing;

    #[test]
    fn a_text_of_a_strangers_becomes_printable_ascii() {
        for (text, printed) in [
            ("evt_1", "evt_1"),
            ("a b", "a b"),
            (" a\t", "a"),
            ("a\r\nx: y", "a%0D%0Ax: y"),
            ("100%", "100%25"),
            ("é", "%C3%A9"),
            ("\u{7f}", "%7F"),
        ] {
            assert_eq!(printable(text), printed);
        }
    }

    #[test]
    fn what_the_provider_has_not_signed_is_told() {
        let signed = |parts: &[Part], origin| {
            let covered: Covered = parts.iter().cloned().collect();
            unsigned(&Outgoing {
                covered,
                origin,
                ..outgoing()
            })
        };
        let all = [Part::Id, Part::Type, Part::Body];
        assert_eq!(signed(&all, Origin::Verified), None);
        let found = signed(&all, Origin::Unverified);
        assert_eq!(found.as_deref(), Some("body,id,type"));
        let found = signed(&[Part::Body], Origin::Verified);
        assert_eq!(found.as_deref(), Some("id,type"));
        let found = signed(&[Part::Id, Part::Type], Origin::Verified);
        assert_eq!(found.as_deref(), Some("body"));
    }

    #[test]
    fn a_replay_is_told_and_nothing_is_told_that_is_empty() {
        let event = Outgoing {
            event_type: String::new(),
            epoch: 2,
            ..outgoing()
        };
        let attributes = attributes(&event);
        assert!(attributes.contains(&("landfall-replay", "2".into())));
        assert!(
            !attributes
                .iter()
                .any(|(name, _)| *name == "landfall-event-type")
        );
    }
}
