//! The table of providers, sorted by name: a file each, readable beside the provider's own page.

mod prelude;

mod docusign;
mod financbase;
mod formify;
mod frontitude;
mod github;
mod gitlab;
mod hubspot;
mod mailgun;
mod orum;
mod plaid;
mod self_;
mod shopify;
mod slack;
mod standard_webhooks;
mod stripe;
mod svix;

use crate::provider::Provider;

/// Every provider that Landfall knows by name.
pub static PROVIDERS: &[Provider] = &[
    docusign::PROVIDER,
    financbase::PROVIDER,
    formify::PROVIDER,
    frontitude::PROVIDER,
    github::PROVIDER,
    gitlab::PROVIDER,
    hubspot::PROVIDER,
    mailgun::PROVIDER,
    orum::PROVIDER,
    plaid::PROVIDER,
    self_::PROVIDER,
    shopify::PROVIDER,
    slack::PROVIDER,
    standard_webhooks::PROVIDER,
    stripe::PROVIDER,
    svix::PROVIDER,
];

impl Provider {
    /// The entry of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        PROVIDERS
            .binary_search_by(|provider| provider.name.cmp(name))
            .ok()
            .map(|at| &PROVIDERS[at])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{provider::Fact, scheme::Scheme};

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
    fn every_entry_is_complete() {
        for provider in PROVIDERS {
            let name = provider.name;
            assert!(provider.docs.starts_with("https://"), "{name}");
            for text in [provider.title, provider.setup, provider.retries] {
                assert!(!text.is_empty(), "{name}");
            }
            assert!((400..500).contains(&provider.refusal_status), "{name}");
            assert!(!provider.schemes.is_empty(), "{name}");
            for template in provider
                .event_id
                .into_iter()
                .chain(provider.event_type)
                .chain(provider.reference.map(|(_, template)| template))
                .chain(provider.batch.and_then(|batch| batch.item_id))
                .chain(provider.batch.and_then(|batch| batch.item_type))
            {
                assert_eq!(template.fault(), None, "{name}");
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
}
