#![allow(clippy::unwrap_used)]

mod sizes;
mod times;

use super::*;
use crate::{
    handshake::{Accepted, Method},
    provider::Fact,
    scheme::{Algorithm, Scheme},
};

#[test]
fn names_are_unique_and_sorted_and_fit_a_path() {
    assert!(PROVIDERS.windows(2).all(|pair| pair[0].name < pair[1].name));
    for provider in PROVIDERS {
        assert!(
            provider
                .name
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'),
            "{}",
            provider.name
        );
        assert_eq!(Provider::named(provider.name), Some(provider));
    }
    assert_eq!(Provider::named("nobody"), None);
}

#[test]
fn every_entry_says_when_it_was_checked() {
    for provider in PROVIDERS {
        let shape = provider
            .checked
            .bytes()
            .map(|b| if b.is_ascii_digit() { b'0' } else { b });
        assert!(shape.eq(*b"0000-00-00"), "{}", provider.name);
    }
}

#[test]
fn every_entry_is_complete() {
    for provider in PROVIDERS {
        let name = provider.name;
        assert!(provider.docs.starts_with("https://"), "{name}");
        for text in [provider.title, provider.setup, provider.retries] {
            assert!(!text.is_empty(), "{name}");
        }
        let refusal = provider.refusal_status;
        // WebSub wants 202: https://www.w3.org/TR/websub/#signature-validation
        assert!(
            (400..500).contains(&refusal) || refusal == 202 && name == "websub",
            "{name}"
        );
        assert!(!provider.schemes.is_empty(), "{name}");
        for template in provider
            .identity
            .id
            .into_iter()
            .chain(provider.event_type)
            .chain(provider.reference.map(|(_, template)| *template))
            .chain(provider.bundle.and_then(|bundle| bundle.item_id))
            .chain(provider.bundle.and_then(|bundle| bundle.item_type))
        {
            assert_eq!(template.fault(), None, "{name}");
        }
    }
}

// A signature that covers no body proves nothing of what a chosen method says.
#[test]
fn other_methods_than_post_are_taken_where_a_body_is_signed() {
    for provider in PROVIDERS {
        let name = provider.name;
        assert_eq!(provider.methods.first(), Some(&Method::Post), "{name}");
        for method in &provider.methods[1..] {
            let with_body = [Method::Put, Method::Patch, Method::Delete];
            assert!(with_body.contains(method), "{name}: {method:?}");
            assert!(provider.schemes.iter().all(Scheme::covers_body), "{name}");
        }
    }
}

#[test]
fn every_scheme_agrees_with_itself_once_the_settings_are_filled_in() {
    for provider in PROVIDERS {
        let examples: Vec<_> = provider
            .settings
            .iter()
            .map(|setting| (setting.name, setting.example))
            .collect();
        for scheme in provider.schemes {
            let filled = scheme.with_settings(&examples);
            assert_eq!(filled.fault(), None, "{}", provider.name);
        }
    }
}

#[test]
fn every_message_is_read_in_one_way_or_its_entry_says_why_it_counts() {
    for provider in PROVIDERS {
        let found = provider.schemes.iter().find_map(Scheme::ambiguity);
        let says = !provider.joined.is_empty();
        assert_eq!(found.is_some(), says, "{}: {found:?}", provider.name);
    }
}

#[test]
fn every_handshake_agrees_with_itself_and_the_schemes_once_the_settings_are_filled_in() {
    for provider in PROVIDERS {
        let examples: Vec<_> = (provider.settings.iter())
            .map(|setting| (setting.name, setting.example))
            .collect();
        for handshake in provider.handshakes {
            let filled = handshake.with_settings(&examples);
            assert_eq!(filled.fault(provider.schemes), None, "{}", provider.name);
        }
        if let Accepted::Fixed(fixed) = provider.accepted {
            assert!((200..300).contains(&fixed.status), "{}", provider.name);
            assert_eq!(fixed.body.is_empty(), fixed.content_type.is_empty());
        }
    }
}

#[test]
fn every_answer_is_what_the_provider_takes_it_for_or_is_said_to_be_unconfirmed() {
    for provider in PROVIDERS {
        let name = provider.name;
        let Some(answers) = provider.answers else {
            assert!(!provider.confirms(Fact::Answer), "{name}");
            continue;
        };
        assert!(provider.confirms(Fact::Answer), "{name}");
        assert!(answers.source.starts_with("https://"), "{name}");
        let accepted = match provider.accepted {
            Accepted::Outcome | Accepted::Echoed { .. } => 200,
            Accepted::Fixed(fixed) => fixed.status,
        };
        assert!(answers.is_delivered(accepted), "{name}");
        // WebSub's hubs are told nothing of a signature that doesn't hold.
        let hides = name == "websub";
        assert_eq!(
            answers.is_delivered(provider.refusal_status),
            hides,
            "{name}"
        );
        // An outage is never taken for "delivered".
        assert!(!answers.is_delivered(503), "{name}");
    }
}

// Slack shows it to whoever used a command, Teams to the channel; Twilio, Plivo and Vonage read instructions in it,
// Supabase a decision; Airtable, Discord, Microsoft Graph, WebSub and Xero ask for none.
#[test]
fn nobody_is_shown_a_body_that_means_something_else_to_the_provider() {
    for name in [
        "airtable",
        "discord",
        "microsoft-graph",
        "microsoft-teams",
        "plivo",
        "slack",
        "supabase",
        "twilio",
        "vonage",
        "websub",
        "xero",
    ] {
        let accepted = Provider::named(name).map(|provider| provider.accepted);
        assert!(matches!(accepted, Some(Accepted::Fixed(_))), "{name}");
    }
}

#[test]
fn statuses_of_a_refusal_are_those_that_providers_ask_for() {
    for (name, status) in [
        // https://shopify.dev/docs/apps/build/compliance/privacy-law-compliance
        ("shopify", 401),
        ("discord", 401),
        ("xero", 401),
        ("gocardless", 498),
        ("self", 400),
        ("websub", 202),
    ] {
        let refused = Provider::named(name).map(|provider| provider.refusal_status);
        assert_eq!(refused, Some(status), "{name}");
    }
}

#[test]
fn of_several_schemes_each_has_a_name_and_those_that_count_say_why() {
    for provider in PROVIDERS {
        let name = provider.name;
        let counting = provider.counting();
        assert!(!counting.is_empty(), "{name}");
        assert!(
            provider.schemes[counting.len()..].iter().all(|s| s.opt_in),
            "{name}"
        );
        assert_eq!(
            counting.len() > 1,
            !provider.side_by_side.is_empty(),
            "{name}"
        );
        if provider.schemes.len() == 1 {
            continue;
        }
        let mut versions: Vec<_> = provider.schemes.iter().map(|s| s.version).collect();
        assert!(versions.iter().all(|version| !version.is_empty()), "{name}");
        versions.sort_unstable();
        versions.dedup();
        assert_eq!(versions.len(), provider.schemes.len(), "{name}");
    }
}

#[test]
fn a_weaker_scheme_gives_way_to_every_stronger_one() {
    for provider in PROVIDERS {
        let weak = |scheme: &&Scheme| scheme.opt_in || scheme.algorithm == Algorithm::Token;
        let strong = |scheme: &&Scheme| !weak(scheme);
        for weaker in provider.schemes.iter().filter(weak) {
            for stronger in provider.schemes.iter().filter(strong) {
                assert_eq!(
                    weaker.unless,
                    Some(&stronger.signature),
                    "{}: {} beside {}",
                    provider.name,
                    weaker.version,
                    stronger.version
                );
            }
        }
    }
}

#[test]
fn a_scheme_that_is_chosen_alone_gives_way_to_none() {
    let hubspot = hubspot::PROVIDER;
    let versions = |schemes: &[Scheme]| -> Vec<_> {
        let each = schemes.iter().map(|s| (s.version, s.unless.is_some()));
        each.collect()
    };
    assert_eq!(versions(hubspot.counting()), [("v3", false)]);
    assert_eq!(versions(&hubspot.chosen(&["v1"])), [("v1", false)]);
    assert_eq!(
        versions(&hubspot.chosen(&["v1", "v3"])),
        [("v3", false), ("v1", true)]
    );
}

#[test]
fn what_is_not_signed_is_said() {
    for provider in PROVIDERS {
        let whole = provider.schemes.iter().all(Scheme::covers_body);
        assert_eq!(whole, provider.unsigned.is_empty(), "{}", provider.name);
    }
}

#[test]
fn only_hosts_with_an_owner_are_called() {
    for provider in PROVIDERS {
        let hosts = provider.subscription.map_or(&[][..], |asks| asks.hosts);
        for host in hosts {
            assert!(crate::reader::is_host(host), "{}: {host}", provider.name);
        }
    }
}

#[test]
fn an_unconfirmed_signature_is_explained() {
    for provider in PROVIDERS {
        assert!(
            provider.confirms(Fact::Signature) || !provider.note.is_empty(),
            "{}",
            provider.name
        );
    }
}
