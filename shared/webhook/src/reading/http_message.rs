//! HTTP message signatures: <https://www.rfc-editor.org/rfc/rfc9421>, with the body's digest in a field of its own:
//! <https://www.rfc-editor.org/rfc/rfc9530>.

use std::fmt::Write as _;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use catalogue::{Algorithm, Scheme};
use sha2::{Digest as _, Sha256, Sha512};

use crate::{
    reading::{
        delivery::Delivery,
        form,
        message::Message,
        structured::{self, Bare, Item, Member},
        url::Parts,
    },
    refusal::Refusal,
};

pub(crate) const INPUT: &str = "Signature-Input";
const DIGEST: &str = "Content-Digest";

/// The parameters of a signature that say when it was made, and until when it counts.
const CREATED: &str = "created";
const EXPIRES: &str = "expires";

/// The labels that are looked at: a message for each, and a signature for each active key.
const MAX_LABELS: usize = 4;

/// A message for each label whose signature was made at this time: what its list of components names, and that list. One
/// that doesn't name the digest of the body, which must be right, is none; nor is one of another algorithm or of what isn't
/// known here: a proxy may have signed, too, and so may the sender by its other key.
pub(crate) fn messages(
    scheme: &Scheme,
    delivery: &Delivery<'_>,
    created: &str,
) -> Result<Vec<String>, Refusal> {
    let (mut messages, mut unfit) = (Vec::new(), None);
    for member in &made_at(delivery, created)? {
        match message(scheme, member, delivery) {
            Ok(message) => messages.push(message),
            Err(refusal) => unfit = unfit.or(Some(refusal)),
        }
    }
    if let (true, Some(refusal)) = (messages.is_empty(), unfit) {
        return Err(refusal);
    }
    digest_is_right(delivery)?;
    Ok(messages)
}

fn message(
    scheme: &Scheme,
    member: &Member<'_>,
    delivery: &Delivery<'_>,
) -> Result<String, Refusal> {
    let covers_body = (member.items.iter())
        .any(|item| item.name == "content-digest" && item.parameters.is_empty());
    if !covers_body {
        return Err(Refusal::malformed(
            "a signature doesn't cover the digest of the body",
        ));
    }
    let algorithm = member.parameter("alg");
    if algorithm.is_some_and(|named| Some(named.text()) != name_of(scheme.algorithm)) {
        return Err(Refusal::malformed(
            "a signature is not by the scheme's algorithm",
        ));
    }
    base(member, delivery)
}

/// Whether one of the signatures that were made at this time has expired by now, in seconds since 1970.
pub(crate) fn has_expired(
    delivery: &Delivery<'_>,
    created: &str,
    now: i64,
) -> Result<bool, Refusal> {
    let members = made_at(delivery, created)?;
    let mut ends = members
        .iter()
        .filter_map(|member| member.parameter(EXPIRES));
    Ok(ends.any(|end| match end {
        Bare::Integer(text) => text.parse::<i64>().map_or(true, |end| end < now),
        Bare::Text(_) | Bare::Other(_) => true,
    }))
}

/// The headers that the signature over this message lists. A label beside it, which anybody may have written there, neither
/// adds to them nor takes from them.
pub(crate) fn listed(delivery: &Delivery<'_>, created: &str, message: &Message<'_>) -> Vec<String> {
    let members = made_at(delivery, created).unwrap_or_default();
    let is_it = |member: &&Member<'_>| {
        base(member, delivery).is_ok_and(|base| message.parts().any(|part| part == base.as_bytes()))
    };
    let items = members.iter().find(is_it).map(|member| &member.items);
    let names = items.into_iter().flatten().map(|item| item.name);
    names
        .filter(|name| !name.starts_with('@'))
        .map(str::to_owned)
        .collect()
}

/// The labels whose signatures were made at the time that was held against the clock.
fn made_at<'d>(delivery: &Delivery<'d>, created: &str) -> Result<Vec<Member<'d>>, Refusal> {
    let input = (delivery.headers.get(INPUT))
        .ok_or_else(|| Refusal::missing("the header `Signature-Input` is absent or empty"))?;
    let members = structured::members(input).ok_or_else(|| {
        Refusal::malformed("the header `Signature-Input` is no list of what is signed")
    })?;
    let is_then = |member: &Member<'_>| member.parameter(CREATED) == Some(Bare::Integer(created));
    Ok(members
        .into_iter()
        .filter(is_then)
        .take(MAX_LABELS)
        .collect())
}

/// The signature base: RFC 9421, section 2.5.
fn base(member: &Member<'_>, delivery: &Delivery<'_>) -> Result<String, Refusal> {
    let mut base = String::new();
    let mut seen: Vec<&str> = Vec::new();
    for item in &member.items {
        if seen.contains(&item.text) {
            return Err(Refusal::malformed("a signature lists a component twice"));
        }
        seen.push(item.text);
        let _ = writeln!(base, "{}: {}", item.text, value(item, delivery)?);
    }
    base.push_str("\"@signature-params\": ");
    base.push_str(member.text);
    Ok(base)
}

/// The value of a component: RFC 9421, sections 2.1 and 2.2. Fields that are to be taken apart first aren't read, nor what
/// belongs to responses.
fn value(item: &Item<'_>, delivery: &Delivery<'_>) -> Result<String, Refusal> {
    let unknown = || Refusal::malformed("a signature covers a component that isn't known here");
    if let ("@query-param", [("name", Bare::Text(name))]) = (item.name, &*item.parameters) {
        return query_parameter(name, delivery);
    }
    if !item.parameters.is_empty() {
        return Err(unknown());
    }
    if !item.name.starts_with('@') {
        let is_lower = !item.name.bytes().any(|byte| byte.is_ascii_uppercase());
        let field = delivery.headers.get(item.name).filter(|_| is_lower);
        return field.map(str::to_owned).ok_or_else(|| {
            Refusal::missing("a header that is listed as signed is absent or empty")
        });
    }
    if delivery.url.is_empty() {
        return Err(Refusal::missing("the URL is not known"));
    }
    let parts = Parts::of(delivery.url);
    let (scheme, host) = parts.origin.split_once("://").unwrap_or_default();
    Ok(match item.name {
        "@method" => delivery.method.to_owned(),
        "@target-uri" => delivery.url.to_owned(),
        "@scheme" => scheme.to_ascii_lowercase(),
        "@authority" => {
            let host = host.to_ascii_lowercase();
            let default = match &*scheme.to_ascii_lowercase() {
                "http" => ":80",
                _ => ":443",
            };
            host.strip_suffix(default)
                .map(str::to_owned)
                .unwrap_or(host)
        }
        "@request-target" => delivery.path_and_query().to_owned(),
        "@path" => delivery.path.to_owned(),
        "@query" => format!("?{}", delivery.query),
        _ => return Err(unknown()),
    })
}

/// The one parameter of this name, encoded anew: RFC 9421, section 2.2.8.
fn query_parameter(name: &str, delivery: &Delivery<'_>) -> Result<String, Refusal> {
    let pairs = form::pairs(delivery.query.as_bytes());
    let mut values = pairs
        .iter()
        .filter(|(found, _)| form::escape_but(found, b"-._*") == name)
        .map(|(_, value)| value);
    match (values.next(), values.next()) {
        (Some(value), None) => Ok(form::escape_but(value, b"-._*")),
        _ => Err(Refusal::malformed(
            "a signed parameter does not stand in the query once",
        )),
    }
}

/// Whether the header has SHA-256 or SHA-512 of the body, and no other of them than the body's.
fn digest_is_right(delivery: &Delivery<'_>) -> Result<(), Refusal> {
    let unread = || Refusal::malformed("the header `Content-Digest` has no digest that is known");
    let header = (delivery.headers.get(DIGEST))
        .ok_or_else(|| Refusal::missing("the header `Content-Digest` is absent or empty"))?;
    let mut known = 0;
    for (name, encoded) in structured::bytes(header).ok_or_else(unread)? {
        let expected = match name {
            "sha-256" => Sha256::digest(delivery.body).to_vec(),
            "sha-512" => Sha512::digest(delivery.body).to_vec(),
            _ => continue,
        };
        known += 1;
        // Each takes a hash of the whole body.
        if known > 2 {
            return Err(unread());
        }
        if STANDARD.decode(encoded).ok().as_deref() != Some(&*expected) {
            return Err(Refusal::forged("the signed digest is of another body"));
        }
    }
    if known == 0 {
        return Err(unread());
    }
    Ok(())
}

/// What makes a delivery one that can be signed: a digest of its body, and what is signed.
pub(crate) fn unsigned(
    scheme: &Scheme,
    delivery: &Delivery<'_>,
    label: &str,
    created: &str,
) -> [(String, String); 2] {
    let digest = STANDARD.encode(Sha256::digest(delivery.body));
    let algorithm = name_of(scheme.algorithm)
        .map(|name| format!(";alg=\"{name}\""))
        .unwrap_or_default();
    [
        (DIGEST.to_owned(), format!("sha-256=:{digest}:")),
        (
            INPUT.to_owned(),
            format!(
                r#"{label}=("@method" "@target-uri" "content-digest");created={created}{algorithm}"#
            ),
        ),
    ]
}

/// The name of the algorithm in the registry of RFC 9421, where it has one.
const fn name_of(algorithm: Algorithm) -> Option<&'static str> {
    match algorithm {
        Algorithm::HmacSha256 => Some("hmac-sha256"),
        Algorithm::Ed25519 => Some("ed25519"),
        Algorithm::EcdsaP256Sha256Fixed => Some("ecdsa-p256-sha256"),
        Algorithm::RsaPkcs1Sha256 => Some("rsa-v1_5-sha256"),
        Algorithm::RsaPssSha512 => Some("rsa-pss-sha512"),
        _ => None,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use hmac::{Hmac, KeyInit as _, Mac as _};

    use super::*;
    use crate::reading::delivery::Headers;

    const BODY: &[u8] = br#"{"hello": "world"}"#;
    const OF_BODY: &str = "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:";

    /// The request of RFC 9421, appendix B.2.
    fn with<T>(input: &str, digest: &str, read: impl Fn(&Delivery<'_>) -> T) -> T {
        let headers: Headers = [
            ("Host", "example.com"),
            ("Date", "Tue, 20 Apr 2021 02:07:55 GMT"),
            ("Content-Type", "application/json"),
            ("Content-Digest", digest),
            ("Content-Length", "18"),
            (INPUT, input),
        ]
        .into_iter()
        .collect();
        let url = "https://example.com/foo?param=Value&Pet=dog";
        read(&Delivery::new("POST", url, &headers, BODY))
    }

    #[test]
    fn the_base_is_that_of_the_standards_example() {
        // Appendices B.1.5 and B.2.5: what is not to be proven by it still has a base.
        let input = r#"sig-b25=("date" "@authority" "content-type");created=1618884473;keyid="test-shared-secret""#;
        let made = with(input, OF_BODY, |delivery| {
            base(&made_at(delivery, "1618884473").unwrap()[0], delivery).unwrap()
        });
        let secret = "uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ==";
        let mut hmac = Hmac::<Sha256>::new_from_slice(&STANDARD.decode(secret).unwrap()).unwrap();
        hmac.update(made.as_bytes());
        assert_eq!(
            STANDARD.encode(hmac.finalize().into_bytes()),
            "pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8="
        );
    }

    #[test]
    fn derived_components_are_those_of_the_url() {
        let line = |item: &str| {
            let input = format!("a=({item});created=1");
            with(&input, OF_BODY, |delivery| {
                let members = made_at(delivery, "1").unwrap();
                value(&members[0].items[0], delivery).ok()
            })
        };
        for (item, expected) in [
            (r#""@method""#, "POST"),
            (
                r#""@target-uri""#,
                "https://example.com/foo?param=Value&Pet=dog",
            ),
            (r#""@authority""#, "example.com"),
            (r#""@scheme""#, "https"),
            (r#""@request-target""#, "/foo?param=Value&Pet=dog"),
            (r#""@path""#, "/foo"),
            (r#""@query""#, "?param=Value&Pet=dog"),
            (r#""@query-param";name="Pet""#, "dog"),
            (r#""content-length""#, "18"),
        ] {
            assert_eq!(line(item).as_deref(), Some(expected), "{item}");
        }
        for item in [
            r#""@status""#,
            r#""@query-param";name="other""#,
            r#""@query-param""#,
            r#""content-type";sf"#,
            r#""content-type";req"#,
            r#""Content-Type""#,
            r#""x-absent""#,
        ] {
            assert_eq!(line(item), None, "{item}");
        }
    }

    #[test]
    fn a_signature_that_does_not_cover_the_body_proves_nothing() {
        let scheme = Scheme::PLAIN;
        let of = |input: &str, digest: &str| {
            with(input, digest, |delivery| {
                messages(&scheme, delivery, "1").map(|all| all.len())
            })
            .ok()
        };
        let good = r#"a=("content-digest");created=1"#;
        let both = format!("sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:, {OF_BODY}");
        assert_eq!(of(good, OF_BODY), Some(1));
        assert_eq!(of(good, &both), Some(1));
        assert_eq!(
            of(
                &format!(r#"{good}, b=("content-digest" "date");created=1"#),
                OF_BODY
            ),
            Some(2)
        );
        assert_eq!(
            of(&format!(r#"{good}, b=("date");created=2"#), OF_BODY),
            Some(1)
        );
        for (input, digest) in [
            (r#"a=("date");created=1"#, OF_BODY),
            (r#"a=("content-digest";sf);created=1"#, OF_BODY),
            (
                r#"a=("content-digest" "content-digest");created=1"#,
                OF_BODY,
            ),
            (
                r#"a=("content-digest");created=1;alg="hmac-sha512""#,
                OF_BODY,
            ),
            (r#"a=("content-digest"),b=("date");created=1"#, OF_BODY),
            (r#"a=("date");created=1,b=("date");created=1"#, OF_BODY),
            (
                good,
                "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPA=:",
            ),
            (good, "sha=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:"),
            (good, "sha-256=X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE="),
        ] {
            assert_eq!(of(input, digest), None, "{input} {digest}");
        }
    }

    #[test]
    fn a_signature_may_say_when_it_ends() {
        let ended = |expires: &str, now| {
            let input = format!(r#"a=("date");created=1{expires}"#);
            with(&input, OF_BODY, |delivery| has_expired(delivery, "1", now)).unwrap()
        };
        assert!(!ended("", 9) && !ended(";expires=9", 9));
        assert!(ended(";expires=9", 10) && ended(";expires=\"9\"", 1));
    }
}
