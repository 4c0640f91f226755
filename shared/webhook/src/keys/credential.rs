//! What is shown to a provider for its keys: to it, and to nobody else.

use std::fmt;

use catalogue::Shows;

/// What is shown to a provider for its keys. It can't be printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Credential(String);

impl Credential {
    /// The credential of this kind that a secret holds.
    pub(super) fn read(shows: Shows, text: &str) -> Result<Self, &'static str> {
        let text = text.trim();
        if text.is_empty() {
            return Err("is blank");
        }
        // It goes into a header, and a line break in it would begin another one.
        if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err("has characters that no credential has");
        }
        let credential = Self(text.to_owned());
        match shows {
            Shows::Bearer => Ok(credential),
            Shows::ClientToken { .. } | Shows::Fields { .. } => match credential.parts() {
                Some(_) => Ok(credential),
                None => Err("is no id and secret with a colon between them"),
            },
        }
    }

    /// All of it.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }

    /// What stands before and behind its first colon, where both are there.
    #[must_use]
    pub fn parts(&self) -> Option<(&str, &str)> {
        let (id, secret) = self.0.split_once(':')?;
        (!id.is_empty() && !secret.is_empty()).then_some((id, secret))
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credential")
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use catalogue::{Provider, Source};

    use super::*;
    use crate::keys::{Keys, Purpose, Secret};

    const FIELDS: Shows = Shows::Fields {
        id: "id",
        secret: "secret",
        key_id: "key",
    };

    #[test]
    fn a_credential_is_one_line_of_what_its_kind_asks_for() {
        let read = |shows, text| Credential::read(shows, text).ok();
        for text in ["", " \n", "a\nb", "a b", "\u{e9}"] {
            assert_eq!(read(Shows::Bearer, text), None, "{text:?}");
        }
        assert_eq!(read(Shows::Bearer, " key\n").unwrap().text(), "key");
        for text in ["key", ":secret", "id:", ":"] {
            assert_eq!(read(FIELDS, text), None, "{text:?}");
        }
        let both = read(FIELDS, "id:se:cret").unwrap();
        assert_eq!(both.parts(), Some(("id", "se:cret")));
        assert_eq!(format!("{both:?}"), "Credential");
    }

    #[test]
    fn the_secret_of_a_source_that_asks_is_no_key() {
        let ebay = Source::of(Provider::named("ebay").unwrap());
        let secrets = [
            Secret::new("id:new", "2"),
            Secret::new("id:old", "1"),
            Secret::new("token", "0").for_purpose(Purpose::VerifyToken),
        ];
        let (keys, faults) = Keys::of(&ebay, &secrets);
        assert!(faults.is_empty());
        assert_eq!(keys.credential().unwrap().text(), "id:new");
        assert!(keys.is_verify_token("token") && !keys.is_empty());
        assert_eq!(format!("{keys:?}"), "Keys([])");
        let (keys, faults) = Keys::of(&ebay, &[Secret::new("id", "1")]);
        assert!(keys.is_empty());
        let fault = faults[0].to_string();
        assert!(fault.contains("colon") && !fault.contains("id:"), "{fault}");
    }
}
