//! Where the keys of a delivery are to be had: in the source's secret, or at an address of the provider's.

use catalogue::{Asked, KeyOrigin, Source};

use crate::{
    reading::{address::Address, delivery::Delivery, extract},
    refusal::Refusal,
};

/// Where the keys of a delivery are to be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// In the source's secret.
    Secret,
    /// At an address where the provider has all its keys, which change.
    Published(Address),
    /// At the address that the delivery names, which has one key for ever.
    Named(Address),
    /// At the address of the key that the delivery names by its id, for the credential in the source's secret.
    Asked(Address),
}

/// Where this delivery's keys are to be had. A delivery that names no address, or one that must not be
/// called, is refused: it can't be proven.
pub fn of(source: &Source, delivery: &Delivery<'_>) -> Result<Origin, Refusal> {
    match *source.keys {
        KeyOrigin::Secret => Ok(Origin::Secret),
        KeyOrigin::Published { url } => Ok(Origin::Published(Address::configured(url))),
        KeyOrigin::Named {
            place, hosts, path, ..
        } => {
            let url = extract::required(place, delivery)?;
            let address = Address::of_key(&url, hosts, path);
            address.map(Origin::Named).map_err(|hostile| {
                Refusal::malformed(format!("{}: {hostile}", extract::describe(place)))
            })
        }
        KeyOrigin::Asked(asked) => {
            let id = extract::required(asked.id, delivery)?;
            let address = Address::of_id(asked.url, Asked::ID, &id);
            address.map(Origin::Asked).map_err(|hostile| {
                Refusal::malformed(format!("{}: {hostile}", extract::describe(asked.id)))
            })
        }
    }
}

/// Where a source's keys are to be had before there is a delivery: nowhere, if each names the address.
#[must_use]
pub fn known(source: &Source) -> Option<Origin> {
    match *source.keys {
        KeyOrigin::Secret => Some(Origin::Secret),
        KeyOrigin::Published { url } => Some(Origin::Published(Address::configured(url))),
        KeyOrigin::Named { .. } | KeyOrigin::Asked(_) => None,
    }
}

/// An address that a delivery named before, if the source's deliveries still may name it.
#[must_use]
pub fn remembered(source: &Source, url: &str) -> Option<Address> {
    match *source.keys {
        KeyOrigin::Named { hosts, path, .. } => Address::of_key(url, hosts, path).ok(),
        KeyOrigin::Asked(asked) => {
            let (before, after) = asked.url.split_once(Asked::ID)?;
            let id = url.strip_prefix(before)?.strip_suffix(after)?;
            Address::of_id(asked.url, Asked::ID, id).ok()
        }
        KeyOrigin::Secret | KeyOrigin::Published { .. } => None,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use catalogue::{PROVIDERS, Provider, Shows};

    use super::*;
    use crate::{reading::delivery::Headers, refusal::Reason};

    const CERTIFICATE: &str =
        "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem";

    fn source(name: &str) -> Source {
        Source::of(Provider::named(name).unwrap())
    }

    fn of_sns(body: &str) -> Result<Origin, Refusal> {
        let headers = Headers::default();
        let delivery = Delivery {
            method: "POST",
            path: "/webhooks/aws-sns",
            url: "https://hooks.example.com/webhooks/aws-sns",
            query: "",
            headers: &headers,
            body: body.as_bytes(),
        };
        of(&source("aws-sns"), &delivery)
    }

    #[test]
    fn a_delivery_names_its_certificate_at_the_providers_own_host() {
        let found = of_sns(&format!(r#"{{"SigningCertURL":"{CERTIFICATE}"}}"#)).unwrap();
        match found {
            Origin::Named(address) => assert_eq!(address.url(), CERTIFICATE),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_delivery_whose_certificate_is_elsewhere_is_refused() {
        for (url, reason) in [
            ("", Reason::Missing),
            (
                "https://sns.us-east-1.amazonaws.com.evil.example/a.pem",
                Reason::Malformed,
            ),
            (
                "http://sns.us-east-1.amazonaws.com/a.pem",
                Reason::Malformed,
            ),
            (
                "https://sns.us-east-1.amazonaws.com/?Action=GetTopicAttributes",
                Reason::Malformed,
            ),
            (
                "https://sns.us-east-1.amazonaws.com/a.pem?b",
                Reason::Malformed,
            ),
            (
                "https://sns.us-east-1.amazonaws.com/a.pem",
                Reason::Malformed,
            ),
        ] {
            let refusal = of_sns(&format!(r#"{{"SigningCertURL":"{url}"}}"#)).unwrap_err();
            assert_eq!(refusal.reason, reason, "{url}");
            assert!(!refusal.to_string().contains("evil"), "{refusal}");
        }
        assert_eq!(of_sns("{}").unwrap_err().reason, Reason::Missing);
        assert_eq!(
            of_sns(r#"{"SigningCertURL":[]}"#).unwrap_err().reason,
            Reason::Malformed
        );
    }

    #[test]
    fn a_delivery_names_its_key_by_an_id_and_by_nothing_else() {
        let of_circle = |id: &str| {
            let headers: Headers = [("X-Circle-Key-Id".to_owned(), id.to_owned())]
                .into_iter()
                .collect();
            let url = "https://hooks.example.com/webhooks/circle";
            of(
                &source("circle"),
                &Delivery::new("POST", url, &headers, b"{}"),
            )
        };
        match of_circle("879dc113-5ca4-4ff7-a6b7-54652083fcf8").unwrap() {
            Origin::Asked(address) => assert_eq!(
                address.url(),
                "https://api.circle.com/v2/notifications/publicKey/879dc113-5ca4-4ff7-a6b7-54652083fcf8"
            ),
            other => panic!("{other:?}"),
        }
        let long = "a".repeat(129);
        for hostile in ["..", "a/b", "a?b", "a%2fb", "a.b", "a b", "a#b", &long] {
            let refusal = of_circle(hostile).unwrap_err();
            assert_eq!(refusal.reason, Reason::Malformed, "{hostile}");
            assert!(!refusal.to_string().contains("api.circle"), "{refusal}");
        }
        assert_eq!(of_circle("").unwrap_err().reason, Reason::Missing);
    }

    #[test]
    fn the_address_of_published_keys_is_known_beforehand() {
        match known(&source("google-pubsub")) {
            Some(Origin::Published(address)) => {
                assert_eq!(address.url(), "https://www.googleapis.com/oauth2/v3/certs");
            }
            other => panic!("{other:?}"),
        }
        assert_eq!(known(&source("github")), Some(Origin::Secret));
        assert_eq!(known(&source("aws-sns")), None);
    }

    #[test]
    fn every_entry_names_addresses_that_may_be_called() {
        for provider in PROVIDERS {
            let texts: Vec<_> = (provider.settings.iter())
                .map(|setting| (setting.name, setting.example))
                .collect();
            match *Source::of(provider).with_settings(&texts).keys {
                KeyOrigin::Secret => {}
                KeyOrigin::Published { url } => {
                    let host = url
                        .trim_start_matches("https://")
                        .split('/')
                        .next()
                        .unwrap();
                    assert!(Address::of_key(url, &[host], "").is_ok(), "{url}");
                }
                KeyOrigin::Named {
                    hosts,
                    sandbox,
                    path,
                    names,
                    ..
                } => {
                    assert!(!path.is_empty(), "{}: any path is called", provider.name);
                    assert!(
                        !names.is_empty(),
                        "{}: anybody's certificate",
                        provider.name
                    );
                    let path = path.replace("{hex}", "0a").replace("{id}", "0-Z");
                    for host in [hosts, sandbox].concat() {
                        let host = host.replace("{region}", "us-east-1");
                        let hosts = [&*host];
                        let of_key =
                            |path| Address::of_key(&format!("https://{host}{path}"), &hosts, "");
                        assert!(of_key(&path).is_ok(), "{host}");
                    }
                    let url = format!(
                        "https://{}{path}",
                        hosts[0].replace("{region}", "us-east-1")
                    );
                    let address = remembered(&Source::of(provider), &url).unwrap();
                    assert_eq!(address.url(), url);
                    assert!(remembered(&Source::of(provider), &format!("{url}/")).is_none());
                }
                KeyOrigin::Asked(asked) => {
                    let tokens = match asked.shows {
                        Shows::ClientToken { url, sandbox, .. } => [url, sandbox],
                        Shows::Bearer | Shows::Fields { .. } => [""; 2],
                    };
                    for url in [asked.url, asked.sandbox].iter().chain(&tokens) {
                        let is_plain = |b: u8| b.is_ascii_graphic() && !b"@?\\ ".contains(&b);
                        let may_be_called =
                            url.starts_with("https://") && url.bytes().all(is_plain);
                        assert!(url.is_empty() || may_be_called, "{url}");
                    }
                    for url in [asked.url, asked.sandbox] {
                        let path = url.trim_start_matches("https://").split_once('/');
                        let has_id = path.is_some_and(|(_, path)| path.contains(Asked::ID));
                        assert!(url.is_empty() || has_id, "{url}");
                    }
                    let source = Source::of(provider);
                    let url = asked.url.replace(Asked::ID, "0-Z");
                    assert_eq!(remembered(&source, &url).unwrap().url(), url);
                    assert!(remembered(&source, &format!("{url}/")).is_none());
                    assert!(remembered(&source, &asked.url.replace(Asked::ID, "")).is_none());
                }
            }
        }
    }
}
