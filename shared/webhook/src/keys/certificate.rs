//! Whose a certificate is, and when it holds: what the providers' own libraries look at beside the address that a
//! certificate was fetched from.
//!
//! The chain is not followed. What vouches for a certificate is the provider's host, by its TLS certificate; its own
//! name makes sure that it is one that the provider signs messages with.

use protocol::time::UnixMillis;
use x509_cert::{
    Certificate,
    der::Decode as _,
    ext::pkix::{SubjectAltName, name::GeneralName},
};

use crate::{keys::pair::pem, reading::address::is_host};

/// Why a certificate is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// The text is no certificate in PEM.
    #[error("there is no certificate that can be read")]
    Unreadable,
    /// It is somebody else's.
    #[error("the certificate is not one that the provider signs with")]
    Name,
    /// It is over, or has not begun.
    #[error("the certificate has expired or is not valid yet")]
    Time,
}

/// Whether the first certificate of a PEM text has one of these names and holds at this time. A label `{region}` of a
/// name stands for the name of an AWS region. The names of the certificate are its common name and its DNS names.
pub fn check(text: &str, names: &[&str], now: UnixMillis) -> Result<(), Unfit> {
    let certificate = pem::read(text)
        .and_then(|block| Certificate::from_der(&block.der).ok())
        .ok_or(Unfit::Unreadable)?;
    let is_one = |name: &str| names.iter().any(|known| is_host(name, known));
    if !names_of(&certificate)?.iter().any(|name| is_one(name)) {
        return Err(Unfit::Name);
    }
    let validity = certificate.tbs_certificate().validity();
    let from = validity.not_before.to_unix_duration().as_millis();
    let to = validity.not_after.to_unix_duration().as_millis();
    // A clock before 1970 is before every certificate.
    match u128::try_from(now.0) {
        Ok(now) if (from..=to).contains(&now) => Ok(()),
        _ => Err(Unfit::Time),
    }
}

fn names_of(certificate: &Certificate) -> Result<Vec<String>, Unfit> {
    let content = certificate.tbs_certificate();
    let common = (content.subject().common_name()).map_err(|_| Unfit::Unreadable)?;
    let alternative = (content.get_extension::<SubjectAltName>()).map_err(|_| Unfit::Unreadable)?;
    let alternative = alternative.map_or(Vec::new(), |(_, names)| names.0);
    let dns = alternative.into_iter().filter_map(|name| match name {
        GeneralName::DnsName(name) => Some(name.to_string()),
        _ => None,
    });
    Ok(common
        .iter()
        .map(|name| name.value().to_string())
        .chain(dns)
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SNS: &[&str] = &["sns.amazonaws.com", "sns-signing.{region}.amazonaws.com"];
    /// Common name `sns.amazonaws.com`, valid from 2020 to 2100.
    const BY_COMMON_NAME: &str = include_str!("certificate/common-name.pem");
    /// Common name `Somebody`, DNS name `sns-signing.af-south-1.amazonaws.com`, valid from 2020 to 2100.
    const BY_DNS_NAME: &str = include_str!("certificate/dns-name.pem");

    const START: i64 = 1_577_836_800_000;
    const END: i64 = 4_102_444_800_000;

    #[test]
    fn a_certificate_is_known_by_one_of_its_names() {
        let now = UnixMillis(START + 1);
        for text in [BY_COMMON_NAME, BY_DNS_NAME] {
            assert_eq!(check(text, SNS, now), Ok(()));
            assert_eq!(
                check(text, &["sns.amazonaws.com.cn"], now),
                Err(Unfit::Name)
            );
            assert_eq!(check(text, &["amazonaws.com"], now), Err(Unfit::Name));
            assert_eq!(check(text, &[], now), Err(Unfit::Name));
        }
        assert_eq!(check(BY_DNS_NAME, &SNS[..1], now), Err(Unfit::Name));
        let chain = format!("{BY_COMMON_NAME}{BY_DNS_NAME}");
        assert_eq!(check(&chain, &SNS[1..], now), Err(Unfit::Name));
    }

    #[test]
    fn a_certificate_holds_for_its_time_both_ends_included() {
        for (now, expected) in [
            (i64::MIN, Err(Unfit::Time)),
            (-1, Err(Unfit::Time)),
            (START - 1, Err(Unfit::Time)),
            (START, Ok(())),
            (END, Ok(())),
            (END + 1, Err(Unfit::Time)),
            (i64::MAX, Err(Unfit::Time)),
        ] {
            assert_eq!(
                check(BY_COMMON_NAME, SNS, UnixMillis(now)),
                expected,
                "{now}"
            );
        }
    }

    #[test]
    fn what_is_no_certificate_is_not_taken() {
        let key = "-----BEGIN PUBLIC KEY-----\nAQID\n-----END PUBLIC KEY-----\n";
        for text in ["", "sns.amazonaws.com", key, &BY_COMMON_NAME[..200]] {
            assert_eq!(check(text, SNS, UnixMillis(START)), Err(Unfit::Unreadable));
        }
    }
}
