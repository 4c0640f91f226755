//! Addresses that a delivery names. They lead out of here, so each is held against the hosts that the
//! provider's entry names before anybody calls it.

use std::fmt;

/// The longest address, in bytes.
const LONGEST: usize = 2_048;

/// An address that may be called: over HTTPS, at the usual port, at a host that the entry names. It may
/// carry a token, and so is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Address(String);

/// An address that must not be called. The text says why, and quotes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Hostile(pub(crate) &'static str);

impl Address {
    /// The address that a delivery names, if it is at one of these hosts. A label `{region}` of a host
    /// stands for the name of an AWS region.
    pub(crate) fn new(url: &str, hosts: &[&str]) -> Result<Self, Hostile> {
        if url.len() > LONGEST {
            return Err(Hostile("the address is too long"));
        }
        if !url.bytes().all(is_plain) {
            return Err(Hostile("the address has characters that a URL can't have"));
        }
        let rest = url
            .strip_prefix("https://")
            .ok_or(Hostile("the address is not one of HTTPS"))?;
        // No host has a port or a user name in it, so none of either passes here.
        match rest.split_once('/') {
            Some((host, _)) if hosts.iter().any(|known| is_host(host, known)) => {
                Ok(Self(url.to_owned()))
            }
            _ => Err(Hostile("the address is at a host that must not be called")),
        }
    }

    /// The address of a key that a delivery names: as [`Address::new`], with a path of this form, and
    /// without a query, by which whoever writes the address would have a say in what the answer holds.
    pub(crate) fn of_key(url: &str, hosts: &[&str], path: &str) -> Result<Self, Hostile> {
        if url.contains('?') {
            return Err(Hostile("the address has a query"));
        }
        let address = Self::new(url, hosts)?;
        let rest = url.strip_prefix("https://").unwrap_or_default();
        let start = rest.find('/').unwrap_or(rest.len());
        if is_path(&rest[start..], path) {
            Ok(address)
        } else {
            Err(Hostile("the address is not one of the provider's keys"))
        }
    }

    /// The address of the key of this id, which a delivery names: `mark` stands for it in the provider's own address. Of
    /// what is called the id says nothing but that.
    pub(crate) fn of_id(url: &str, mark: &str, id: &str) -> Result<Self, Hostile> {
        if is_name(id, "id") {
            Ok(Self(url.replacen(mark, id, 1)))
        } else {
            Err(Hostile("the key's id has characters that none has"))
        }
    }

    /// An address that the operator or the catalogue names, wherever it is.
    pub(crate) fn configured(url: &str) -> Self {
        Self(url.to_owned())
    }

    /// The URL.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({} bytes)", self.0.len())
    }
}

/// Whether RFC 3986 lets this byte stand in a URL that has no fragment and no IPv6 address.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~:/?@!$&'()*+,;=%".contains(&byte)
}

/// The longest text that a placeholder of a path stands for, in bytes.
const LONGEST_NAME: usize = 128;

/// Whether a path is of this form, which has one placeholder at most.
fn is_path(path: &str, form: &str) -> bool {
    let Some((before, rest)) = form.split_once('{') else {
        return form.is_empty() || path == form;
    };
    let Some((kind, after)) = rest.split_once('}') else {
        return false;
    };
    let name = path
        .strip_prefix(before)
        .and_then(|rest| rest.strip_suffix(after));
    name.is_some_and(|name| is_name(name, kind))
}

/// Whether a placeholder of this kind may stand for this text.
fn is_name(name: &str, kind: &str) -> bool {
    (1..=LONGEST_NAME).contains(&name.len())
        && name.bytes().all(|b| match kind {
            "hex" => b.is_ascii_digit() || (b'a'..=b'f').contains(&b),
            _ => b.is_ascii_alphanumeric() || b == b'-',
        })
}

/// Whether a name is this one, in which a label `{region}` stands for the name of an AWS region.
pub(crate) fn is_host(host: &str, known: &str) -> bool {
    let labels = host.split('.').zip(known.split('.'));
    host.split('.').count() == known.split('.').count()
        && labels.into_iter().all(|(label, known)| match known {
            "{region}" => is_region(label),
            _ => label == known,
        })
}

/// Whether this is the name of an AWS region: words of letters, then a number (`us-gov-east-1`). What
/// S3 calls its older hosts (`s3-us-west-2`) is none: there a bucket's owner answers.
fn is_region(label: &str) -> bool {
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase());
    let is_number =
        |word: &str| (1..=2).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_digit());
    match label.rsplit_once('-') {
        Some((words, number)) => {
            is_number(number) && words.contains('-') && words.split('-').all(is_word)
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SNS: &[&str] = &[
        "sns.{region}.amazonaws.com",
        "sns.{region}.amazonaws.com.cn",
    ];
    const GOOD: &str = "https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription\
                        &TopicArn=arn:aws:sns:us-east-1:123456789012:orders&Token=2336412f37";

    #[test]
    fn addresses_at_the_hosts_may_be_called() {
        for url in [
            GOOD,
            "https://sns.cn-north-1.amazonaws.com.cn/?Token=a",
            "https://sns.us-gov-east-1.amazonaws.com/",
            "https://sns.us-isob-east-1.amazonaws.com/a%20b?c=d:e@f",
        ] {
            assert_eq!(Address::new(url, SNS), Ok(Address(url.into())), "{url}");
        }
    }

    #[test]
    fn hostile_addresses_are_not_called() {
        for url in [
            "",
            "https://",
            "https:///",
            "https://sns.us-east-1.amazonaws.com",
            "http://sns.us-east-1.amazonaws.com/",
            "HTTPS://sns.us-east-1.amazonaws.com/",
            "ftp://sns.us-east-1.amazonaws.com/",
            "file:///etc/passwd",
            "//sns.us-east-1.amazonaws.com/",
            " https://sns.us-east-1.amazonaws.com/",
            "https://sns.us-east-1.amazonaws.com /",
            "https://sns.us-east-1.amazonaws.com:443/",
            "https://sns.us-east-1.amazonaws.com:8443/",
            "https://sns.us-east-1.amazonaws.com:/",
            "https://user@sns.us-east-1.amazonaws.com/",
            "https://user:pass@sns.us-east-1.amazonaws.com/",
            "https://sns.us-east-1.amazonaws.com@evil.example/",
            "https://evil.example/@sns.us-east-1.amazonaws.com/",
            "https://evil.example?sns.us-east-1.amazonaws.com/",
            "https://evil.example#sns.us-east-1.amazonaws.com/",
            "https://evil.example\\.sns.us-east-1.amazonaws.com/",
            "https://evil.example\\@sns.us-east-1.amazonaws.com/",
            "https://sns.us-east-1.amazonaws.com\\@evil.example/",
            "https://sns.us-east-1.amazonaws.com?/",
            "https://sns.us-east-1.amazonaws.com#/",
            "https://sns.us-east-1.amazonaws.com/#fragment",
            "https://sns.us-east-1.amazonaws.com.evil.example/",
            "https://sns.us-east-1.amazonaws.com./",
            "https://sns.us-east-1.amazonaws.com.cn.evil.example/",
            "https://sns.us-east-1.amazonaws.org/",
            "https://evil.sns.us-east-1.amazonaws.com/",
            "https://sqs.us-east-1.amazonaws.com/",
            "https://SNS.us-east-1.amazonaws.com/",
            "https://sns.us-east-1.amazonaws%2ecom/",
            "https://sns.us-east-1.amazonaws\u{3002}com/",
            "https://\u{ff53}ns.us-east-1.amazonaws.com/",
            "https://sns..amazonaws.com/",
            "https://sns.s3.amazonaws.com/",
            "https://sns.s3-us-west-2.amazonaws.com/",
            "https://sns.s3-1.amazonaws.com/",
            "https://sns.us-1.amazonaws.com/",
            "https://sns.us-east-123.amazonaws.com/",
            "https://sns.-us-east-1.amazonaws.com/",
            "https://sns.us-east-1-.amazonaws.com/",
            "https://sns.us--east-1.amazonaws.com/",
            "https://sns.{region}.amazonaws.com/",
            "https://sns.a.b.amazonaws.com/",
            "https://169.254.169.254/latest/meta-data/",
            "https://[::1]/",
            "https://localhost/",
            "https://sns.us-east-1.amazonaws.com/\r\nHost: evil.example",
            "https://sns.us-east-1.amazonaws.com/\u{0}",
            "https://sns.us-east-1.amazonaws.com/a b",
            "https://sns.us-east-1.amazonaws.com/é",
            "https://sns.us-east-1.amazonaws.com/\"",
        ] {
            assert!(Address::new(url, SNS).is_err(), "{url:?}");
        }
        let longest = |length: usize| format!("{GOOD}{}", "a".repeat(length - GOOD.len()));
        assert!(Address::new(&longest(2_048), SNS).is_ok());
        assert!(Address::new(&longest(2_049), SNS).is_err());
    }

    #[test]
    fn a_key_is_only_where_its_provider_has_keys() {
        const FORM: &str = "/SimpleNotificationService-{hex}.pem";
        let of_key = |path: &str, form| {
            let url = format!("https://sns.us-east-1.amazonaws.com{path}");
            Address::of_key(&url, SNS, form).is_ok()
        };
        let hex = "01234567890abcdef".repeat(2);
        assert!(of_key(
            &format!("/SimpleNotificationService-{hex}.pem"),
            FORM
        ));
        for path in [
            "",
            "/",
            "/a.pem",
            "/SimpleNotificationService-.pem",
            "/SimpleNotificationService-0.pem.pem",
            "/SimpleNotificationService-0A.pem",
            "/SimpleNotificationService-0/1.pem",
            "/SimpleNotificationService-%30.pem",
            "/SimpleNotificationService-0.pem/",
            "//SimpleNotificationService-0.pem",
            "/a/../SimpleNotificationService-0.pem",
            "/SimpleNotificationService-0.pem?a",
            "/simplenotificationservice-0.pem",
        ] {
            assert!(!of_key(path, FORM), "{path}");
        }
        let long = |length: usize| format!("/SimpleNotificationService-{}.pem", "0".repeat(length));
        assert!(of_key(&long(128), FORM) && !of_key(&long(129), FORM));
        assert!(of_key("/certs/CERT-360caa42-Zz", "/certs/CERT-{id}"));
        assert!(!of_key("/certs/CERT-360caa42.Zz", "/certs/CERT-{id}"));
        assert!(of_key("/keys", "/keys") && !of_key("/keys/", "/keys"));
        assert!(of_key("/any/where", "") && !of_key("/any?where", ""));
    }

    #[test]
    fn an_address_is_shown_to_nobody() {
        let shown = format!(
            "{:?} {:?}",
            Address::new(GOOD, SNS),
            Address::new("https://hush.example/", SNS)
        );
        assert!(
            !shown.contains("hush") && !shown.contains("2336"),
            "{shown}"
        );
    }
}
