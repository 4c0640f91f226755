//! What tells a source's events from each other, as the file says it.

use super::*;

const REASON: &str = "unique_because = \"every body has a number of its own\"";

fn identity(text: &str) -> Identity {
    one(text).identity
}

#[test]
fn a_reason_stands_where_the_provider_gives_none() {
    let dropbox = Provider::named("dropbox").unwrap();
    assert_eq!(dropbox.identity, Identity::EVERY_DELIVERY);
    let found = identity(&source_of("dropbox", REASON));
    assert_eq!(
        found,
        Identity::unique("every body has a number of its own")
    );
    let own = identity(&acme_with(REASON));
    assert_eq!(own.unique, Some("every body has a number of its own"));
}

#[test]
fn every_delivery_is_an_event_of_its_own_unless_there_is_a_reason() {
    assert_eq!(identity(ACME).unique, None);
    let sinch = Provider::named("sinch").unwrap();
    assert!(sinch.identity.unique.is_some());
    assert_eq!(identity(&source_of("sinch", "")), sinch.identity);
    let withdrawn = identity(&source_of("sinch", "every_delivery = true"));
    assert_eq!(withdrawn, Identity::EVERY_DELIVERY);
    let named = identity(&source_of("sinch", "event_id = \"{json:id}\""));
    assert_eq!(named.unique, sinch.identity.unique);
    assert_eq!(named.id.unwrap().text(), "{json:id}");
}

#[test]
fn a_source_says_that_what_is_signed_may_be_that_of_two_events() {
    let unsigned_body = acme("message = \"{header:X-Kind}\"\nbody_unsigned = true");
    let source = one(&unsigned_body);
    assert!(source.identity.is_told_by_signature(&source.schemes[0]));
    let repeats = unsigned_body.replacen('\n', "\nsigned_repeats = true\n", 1);
    let source = one(&repeats);
    assert!(!source.identity.is_told_by_signature(&source.schemes[0]));
    assert!(identity(&source_of("dropbox-sign", "")).signed_repeats);
    let wrong = source_of("dropbox", "signed_repeats = false");
    fault(&wrong, 3, "`signed_repeats`", "true");
}

#[test]
fn what_is_no_reason_in_words_or_contradicts_itself_is_a_fault() {
    for text in ["yes", "it is"] {
        let line = format!("unique_because = \"{text}\"");
        fault(
            &source_of("dropbox", &line),
            3,
            "no reason in words",
            "say what is signed",
        );
    }
    let both = format!("{REASON}\nevery_delivery = true");
    fault(&source_of("dropbox", &both), 4, "contradict", "keep one");
}
