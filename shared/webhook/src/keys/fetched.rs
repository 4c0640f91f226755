//! Public keys of what was read at an address of a provider's, which anyone can read and, in between, somebody may have
//! changed.

use std::borrow::Cow;

use catalogue::{KeyOrigin, Source};
use protocol::time::UnixMillis;
use serde_json::Value;

use crate::keys::{
    KeyFault, Keys, Secret,
    certificate::{self, Unfit},
};

/// By what name an event tells that such a key has proven it.
const LABEL: &str = "published";

/// Why a text that was read at an address has no key for a source.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// It has to be a certificate of the provider's, and is none.
    #[error("{0}")]
    Certificate(#[from] Unfit),
    /// It isn't what a provider answers that is asked for a key.
    #[error("the answer holds no key")]
    Answer,
    /// It is no public key of the source's schemes.
    #[error("{0}")]
    Key(#[from] KeyFault),
}

/// The keys of a text that was read at an address which [`origin`](crate::keys::origin) has told.
pub fn read(source: &Source, text: &str, now: UnixMillis) -> Result<Keys, Unusable> {
    if let Some(unfit) = unfit(source, text, now) {
        return Err(unfit.into());
    }
    let text = key_in(source, text).ok_or(Unusable::Answer)?;
    let text = Secret::new(text, LABEL);
    let (keys, faults) = Keys::published(source.schemes, std::slice::from_ref(&text));
    if keys.is_empty() {
        let fault = faults.into_iter().next();
        return Err(fault.unwrap_or_else(|| text.fault("holds no key")).into());
    }
    Ok(keys)
}

/// The key in what was answered: all of it, or where the source's entry says it stands. `None`: it isn't there.
#[must_use]
pub fn key_in<'t>(source: &Source, text: &'t str) -> Option<Cow<'t, str>> {
    let KeyOrigin::Asked(asked) = *source.keys else {
        return Some(text.into());
    };
    let answer: Value = serde_json::from_str(text).ok()?;
    let mut path = asked.answer.split('.');
    let found = path.try_fold(&answer, |value, name| value.get(name))?;
    match found {
        Value::String(key) => Some(key.clone().into()),
        // A JSON Web Key.
        Value::Object(_) => Some(found.to_string().into()),
        _ => None,
    }
}

/// Why what stands at an address is none of the provider's certificates, where it has to be one.
#[must_use]
pub fn unfit(source: &Source, text: &str, now: UnixMillis) -> Option<Unfit> {
    match *source.keys {
        KeyOrigin::Named { names, .. } if !names.is_empty() => {
            certificate::check(text, names, now).err()
        }
        _ => None,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use catalogue::Provider;

    use super::*;

    const START: UnixMillis = UnixMillis(1_700_000_000_000);

    /// The public key of RFC 8032, section 7.1, test 1.
    const BARE: &str = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

    /// Of the common name `sns.amazonaws.com`.
    const CERTIFICATE: &str = include_str!("certificate/common-name.pem");

    fn source(name: &str) -> Source {
        Source::of(Provider::named(name).unwrap())
    }

    #[test]
    fn only_certificates_of_the_providers_names_are_taken_where_it_has_any() {
        let (sns, paypal) = (source("aws-sns"), source("paypal"));
        assert_eq!(unfit(&sns, CERTIFICATE, START), None);
        assert_eq!(unfit(&sns, CERTIFICATE, UnixMillis(0)), Some(Unfit::Time));
        assert_eq!(unfit(&paypal, CERTIFICATE, START), Some(Unfit::Name));
        assert_eq!(unfit(&sns, BARE, START), Some(Unfit::Unreadable));
        assert_eq!(unfit(&source("truelayer"), BARE, START), None);
    }

    /// As developers.circle.com has it.
    const OF_CIRCLE: &str = r#"{"data": {"id": "879dc113-5ca4-4ff7-a6b7-54652083fcf8", "algorithm": "ECDSA_SHA_256",
        "publicKey": "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAESl76SZPBJemW0mJNN4KTvYkLT8bOT4UGhFhzNk3fJqf6iuPlLQLq533FelXwczJbjg2U1PHTvQTK7qOQnDL2Tg==",
        "createDate": "2026-01-15T21:47:35.107250Z"}}"#;

    #[test]
    fn the_key_stands_where_the_entry_says_in_an_answer() {
        let (circle, plaid) = (source("circle"), source("plaid"));
        assert!(!read(&circle, OF_CIRCLE, START).unwrap().is_empty());
        // RFC 7517, A.1.
        let jwk = r#"{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}"#;
        let answer = format!(r#"{{"key": {jwk}, "request_id": "a"}}"#);
        assert!(!read(&plaid, &answer, START).unwrap().is_empty());
        for none in [
            jwk,
            "",
            "{}",
            r#"{"data": 1}"#,
            r#"{"data": {"publicKey": 1}}"#,
        ] {
            let unusable = read(&circle, none, START).unwrap_err();
            assert_eq!(unusable, Unusable::Answer, "{none}");
        }
    }

    #[test]
    fn a_text_without_a_key_of_the_sources_says_why() {
        // It is SNS's, and its key is none of the kind that SNS signs with.
        let other_kind = read(&source("aws-sns"), CERTIFICATE, START).unwrap_err();
        assert!(matches!(other_kind, Unusable::Key(_)), "{other_kind}");
        let forged = read(&source("paypal"), CERTIFICATE, START).unwrap_err();
        assert_eq!(forged, Unusable::Certificate(Unfit::Name));
        let another = read(&source("truelayer"), BARE, START).unwrap_err();
        assert!(matches!(another, Unusable::Key(_)), "{another}");
        // A text that anyone can read is nobody's shared secret.
        let shared = read(&source("github"), "It's a Secret to Everybody", START).unwrap_err();
        assert!(matches!(shared, Unusable::Key(_)), "{shared}");
    }
}
