//! The private keys of certificates for which a provider encrypts.

use std::{collections::BTreeMap, fmt};

use crate::keys::{KeyFault, Secret, pair::opening::OpeningKey};

/// The private keys of an operator's certificates, by the names of the certificates. They can't be printed.
#[derive(Default)]
pub struct PrivateKeys(BTreeMap<String, Vec<OpeningKey>>);

impl PrivateKeys {
    /// Reads private keys: RSA, in PEM, without a passphrase. The label of each is the name that the operator has told the
    /// provider for the certificate. Several may have the same. Those that can't be read are reported and left out.
    #[must_use]
    pub fn load(secrets: &[Secret]) -> (Self, Vec<KeyFault>) {
        let (mut keys, mut faults) = (Self::default(), Vec::new());
        for secret in secrets {
            match OpeningKey::read(secret.value()) {
                Ok(key) => {
                    let of_name = keys.0.entry(secret.label().to_owned());
                    of_name.or_default().push(key);
                }
                Err(fault) => faults.push(secret.fault(fault)),
            }
        }
        (keys, faults)
    }

    /// Those of the certificate of this name.
    pub(crate) fn of_certificate(&self, name: &str) -> &[OpeningKey] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }
}

impl fmt::Debug for PrivateKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.0.keys().collect();
        write!(f, "PrivateKeys({names:?})")
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use support::sealed::{NEW, OLD};

    use super::*;

    fn fault(text: &str) -> Option<&'static str> {
        let (keys, faults) = PrivateKeys::load(&[Secret::new(text, "a")]);
        assert_eq!(keys.0.is_empty(), !faults.is_empty());
        faults.first().map(|fault| fault.fault)
    }

    #[test]
    fn a_private_key_is_read_in_the_forms_in_which_openssl_writes_it() {
        let certificate = include_str!("certificate/common-name.pem");
        let one_line = OLD.replace('\n', "\\n");
        let bag =
            format!("Bag Attributes\n    friendlyName: a\nKey Attributes: <No Attributes>\n{OLD}");
        for text in [
            OLD,
            NEW,
            &one_line,
            &bag,
            &format!("{certificate}{NEW}"),
            &format!("{NEW}{certificate}"),
        ] {
            assert_eq!(fault(text), None, "{text}");
        }
    }

    #[test]
    fn what_opens_nothing_is_told_without_being_shown() {
        let unreadable = "is no private key in PEM that can be read";
        let not_rsa = "is no RSA key of 2,048 to 8,192 bits";
        let block = |label: &str, text: &str| {
            format!("-----BEGIN {label}-----\n{text}\n-----END {label}-----\n")
        };
        // RFC 8410, 10.3.
        let ed25519 = "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC";
        let certificate = include_str!("certificate/common-name.pem");
        for (text, expected) in [
            (String::new(), unreadable),
            ("hush".into(), unreadable),
            (certificate.into(), unreadable),
            (block("PUBLIC KEY", "AQID"), unreadable),
            (OLD[..OLD.len() / 2].into(), unreadable),
            (block("PRIVATE KEY", "AQID"), not_rsa),
            (block("PRIVATE KEY", ed25519), not_rsa),
            (block("EC PRIVATE KEY", "AQID"), not_rsa),
            (
                block("ENCRYPTED PRIVATE KEY", "AQID"),
                "is a private key under a passphrase: store it without",
            ),
        ] {
            assert_eq!(fault(&text), Some(expected), "{text}");
        }
    }

    #[test]
    fn those_that_can_be_read_count_beside_one_that_can_not() {
        let secrets = [
            Secret::new("hush", "a"),
            Secret::new(OLD, "b"),
            Secret::new(NEW, "b"),
        ];
        let (keys, faults) = PrivateKeys::load(&secrets);
        assert_eq!(faults.len(), 1);
        assert!(!faults[0].to_string().contains("hush"));
        let lengths = ["a", "b", "c"].map(|name| keys.of_certificate(name).len());
        assert_eq!(lengths, [0, 2, 0]);
    }
}
