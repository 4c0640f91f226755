//! Addresses that deliveries name: only hosts of the entry's are ever called, whoever reads the address.

use catalogue::{Asked, INTO, KeyOrigin, PROVIDERS, Place, Source};
use serde_json::json;
use support::Request;
use url::{Host, Url};
use webhook::{
    endpoint::subscription,
    keys::origin::{self, Origin},
    reading::address::Address,
};

use super::Input;

/// The address, written where SNS writes it and where PayPal does.
pub fn address(bytes: &[u8]) {
    let mut input = Input(bytes);
    let text = input.text();
    for provider in PROVIDERS {
        let source = Source::of(provider);
        if let Some(subscription) = source.subscription {
            let (path, value) = subscription.kind;
            let body = json!({path: value, subscription.url: text}).to_string();
            if let Some(Ok(found)) = subscription::asked(subscription, body.as_bytes()) {
                is_at(&found, subscription.hosts);
                assert_eq!(found.url(), text);
            }
        }
        if let KeyOrigin::Named { place, hosts, .. } = *source.keys {
            let mut request = Request::default();
            match place {
                Place::Header(name) => request.set(name, text.to_string()),
                Place::Json(name) => request.body = json!({name: text}).to_string().into_bytes(),
                Place::Form(_) | Place::Query(_) | Place::Jwt(_) => panic!("write it there, too"),
            }
            match request.as_delivery(|delivery| origin::of(&source, &delivery)) {
                Ok(Origin::Named(found)) => {
                    is_at(&found, hosts);
                    assert!(!found.url().contains('?'));
                }
                Ok(other) => panic!("{other:?}"),
                Err(_) => {}
            }
        }
        if let KeyOrigin::Asked(asked) = *source.keys {
            let (before, after) = asked.url.split_once(Asked::ID).expect("it has an id");
            let mut request = Request::default();
            let Place::Header(name) = asked.id else {
                panic!("write it there, too")
            };
            // As it is, or in what a token's header says.
            request.set(name.split(INTO).next().expect("a name"), text.to_string());
            match request.as_delivery(|delivery| origin::of(&source, &delivery)) {
                Ok(Origin::Asked(found)) => {
                    let id = found.url().strip_prefix(before).expect("it is there");
                    let id = id.strip_suffix(after).expect("it ends there");
                    assert!(id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'));
                }
                Ok(other) => panic!("{other:?}"),
                Err(_) => {}
            }
        }
    }
}

/// What a browser's reader makes of the address: HTTPS, the usual port, no user, and one of these hosts.
fn is_at(address: &Address, hosts: &[&str]) {
    let read = Url::parse(address.url()).expect("it is a URL");
    assert_eq!(read.scheme(), "https");
    assert_eq!((read.username(), read.password()), ("", None));
    assert_eq!((read.port(), read.fragment()), (None, None));
    let Some(Host::Domain(host)) = read.host() else {
        panic!("{read} is at no domain");
    };
    let is = |known: &&str| match known.split_once("{region}") {
        Some((before, after)) => (host.strip_prefix(before))
            .and_then(|rest| rest.strip_suffix(after))
            .is_some_and(|region| !region.contains('.') && !region.starts_with("s3")),
        None => host == *known,
    };
    assert!(hosts.iter().any(is), "{host}");
}
