//! Schemes in words, in JSON, and as `landfall.toml` has them.

mod json;
mod key;
mod toml;

use catalogue::{
    Algorithm, BodyForm, Claims, Code, Encoding, Field, KeyForm, Piece, Place, Scheme, Tolerance,
    Unit, UrlForm, WHOLE,
};

pub(crate) use self::{json::json, toml::toml};

/// `HMAC-SHA256 over {timestamp}.{body}, hex`; `a token`; `a JSON Web Token, ES256`.
pub(crate) fn in_short(scheme: &Scheme) -> String {
    match (scheme.algorithm, scheme.encoding) {
        (Algorithm::Token, Encoding::Base64) => "user and password".into(),
        (Algorithm::Token, _) => "a token".into(),
        (algorithm, Encoding::Jws) => {
            format!(
                "a JSON Web Token, {}",
                algorithm.jws_name().unwrap_or_default()
            )
        }
        _ => format!(
            "{} over {}, {}",
            algorithm(scheme.algorithm),
            scheme.message.text().replace('\n', "\\n"),
            encoding(scheme.encoding)
        ),
    }
}

/// What `{twilio}` and its like stand for.
pub(crate) fn codes(scheme: &Scheme) -> Vec<String> {
    let code = |piece| match piece {
        Piece::Code(code) if code.is_standard() => None,
        Piece::Code(code) => Some(format!("`{{{}}}` is {}", code.name(), words(code))),
        _ => None,
    };
    scheme.message.pieces().filter_map(code).collect()
}

/// What is signed of the URL, and in which of its forms, a sentence each.
pub(crate) fn url(scheme: &Scheme) -> Vec<String> {
    let mut said = Vec::new();
    if scheme.signs_url() {
        said.push(
            "the URL is signed as it was entered there: `entered_url`, if it is not the one that is called"
                .into(),
        );
    }
    said.extend(scheme.url_forms.iter().map(|form| match form {
        UrlForm::AnyPort => "the URL counts with and without its port".to_owned(),
        UrlForm::QueryEncodedAnew => {
            "the query of the URL counts as it is, with `'` escaped, and encoded anew".to_owned()
        }
        UrlForm::AnySlash => "the path counts with and without a slash at its end".to_owned(),
        UrlForm::Decoded(characters) => {
            format!("the URL counts with the escapes of `{characters}` decoded, and as it is")
        }
        UrlForm::EncodedAgain => {
            "path and query count encoded once more, as JavaScript does it".to_owned()
        }
    }));
    said
}

fn words(code: Code) -> &'static str {
    match code {
        Code::Adyen => "eight fields of the one payment notification, joined by colons",
        Code::BodySha256(_) => "SHA-256 of the body",
        Code::Braintree => "the form field `bt_payload`",
        Code::Contentful => {
            "the headers that a header lists, as `name:value`, joined by semicolons"
        }
        Code::Crc32 => "CRC-32 of the body, as a decimal number",
        Code::Hook0 => {
            "the time, the names of the signed headers and their values, a dot behind each"
        }
        Code::HttpMessage => "the components that the delivery lists, and the list",
        Code::Hygraph => "JSON of the body as a text, the environment, and the time",
        Code::JwsDetached => "the token's header, and the body as its payload",
        Code::Jws => "header and payload of the token",
        Code::MercadoPago => {
            "the query's `data.id`, the request id and the time, those that are there"
        }
        Code::PlivoV3 => "the URL, its sorted query, the sorted form fields, and the nonce",
        Code::Sns => "the signed fields of the message with their names, in alphabetical order",
        Code::Truelayer => {
            "the token's header, method, path, the headers that it lists, and the body"
        }
        Code::Twilio => {
            "the sorted form fields; of another body the URL has the digest, and nothing is behind it"
        }
    }
}

/// What the scheme asks of a delivery beside the signature, a sentence each.
pub(crate) fn conditions(scheme: &Scheme) -> Vec<String> {
    let mut asked = Vec::new();
    if let Some(claims) = scheme.claims {
        asked.extend(claims_in_words(claims));
    }
    for (at, text) in scheme.equal {
        asked.push(format!("{} must be `{}`", place(*at), text.text()));
    }
    if let Some(&(at, text)) = scheme.when {
        asked.push(format!("counts only where the {} is `{text}`", field(at)));
    }
    if let Some(&stronger) = scheme.unless {
        asked.push(format!(
            "doesn't count where there is a stronger one in the {}",
            field(stronger)
        ));
    }
    for (at, text) in scheme.named {
        asked.push(format!(
            "where there is a {} it must be `{text}`",
            field(*at)
        ));
    }
    if scheme.body == BodyForm::Json {
        asked.push("the body must begin and end with the brackets of JSON, or be empty".into());
    }
    asked
}

fn claims_in_words(claims: &Claims) -> Vec<String> {
    let mut asked = Vec::new();
    if let Some((claim, written)) = claims.body_digest {
        asked.push(format!(
            "the claim `{claim}` must be SHA-256 of the body, {}",
            encoding(written)
        ));
    }
    if let Some((claim, written)) = claims.url_digest {
        asked.push(format!(
            "the claim `{claim}` must be SHA-256 of the URL, {}",
            encoding(written)
        ));
    }
    if let Some(claim) = claims.request_digest {
        asked.push(format!(
            "the claim `{claim}` must be SHA-256 of method, path and query, hex"
        ));
    }
    if let Some(issued) = claims.issued {
        asked.push(format!("`iat`: {}", tolerance(issued)));
    }
    if let Some(leeway) = claims.expires {
        asked.push(format!("`exp` must not be over for more than {leeway} s"));
    }
    for claim in claims.required {
        asked.push(format!("the claim `{claim}` must be there"));
    }
    for (claim, text) in claims.equal {
        asked.push(format!("the claim `{claim}` must be `{}`", text.text()));
    }
    asked
}

pub(crate) fn algorithm(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::HmacSha1 => "HMAC-SHA1",
        Algorithm::HmacSha256 => "HMAC-SHA256",
        Algorithm::HmacSha384 => "HMAC-SHA384",
        Algorithm::HmacSha512 => "HMAC-SHA512",
        Algorithm::Sha256Concat => "SHA-256 of the secret and what follows",
        Algorithm::Sha1Suffixed => "SHA-1 of what follows and then the secret",
        Algorithm::Sha256Suffixed => "SHA-256 of what follows and then the secret",
        Algorithm::Token => "the secret itself",
        Algorithm::Ed25519 => "Ed25519",
        Algorithm::EcdsaP256Sha256 => "ECDSA-P256-SHA256",
        Algorithm::EcdsaP256Sha256Fixed => "ECDSA-P256-SHA256 (r and s)",
        Algorithm::EcdsaP256Sha1 => "ECDSA-P256-SHA1",
        Algorithm::EcdsaP521Sha512Fixed => "ECDSA-P521-SHA512 (r and s)",
        Algorithm::RsaPkcs1Sha1 => "RSA-PKCS1-SHA1",
        Algorithm::RsaPkcs1Sha256 => "RSA-PKCS1-SHA256",
        Algorithm::RsaPkcs1Sha512 => "RSA-PKCS1-SHA512",
        Algorithm::RsaPssSha256 => "RSA-PSS-SHA256",
        Algorithm::RsaPssSha512 => "RSA-PSS-SHA512",
    }
}

pub(crate) fn encoding(encoding: Encoding) -> &'static str {
    match encoding {
        Encoding::Hex => "hex",
        Encoding::Base64 => "base64",
        Encoding::Base64Url => "base64url",
        Encoding::Structured => "base64 between colons",
        Encoding::Text => "as it is",
        Encoding::Jws => "a JSON Web Signature",
    }
}

/// What the provider hands out, and how it becomes a key of this scheme.
pub(crate) fn key_form(scheme: &Scheme, of: &[Scheme]) -> String {
    match scheme.key {
        KeyForm::Text => "a secret that is used as text, all of it".into(),
        KeyForm::TextNfkd => "a secret that is used as text, in the Unicode form NFKD".into(),
        KeyForm::Sha1 => "a secret of which the SHA-1 digest is the key".into(),
        KeyForm::Base64 { prefix: "" } => "a secret in base64".into(),
        KeyForm::Base64 { prefix } if takes_any(scheme, of) => {
            format!("a secret in base64 behind `{prefix}`, which may be missing")
        }
        KeyForm::Base64 { prefix } => format!("a secret in base64 behind `{prefix}`"),
        KeyForm::TextOrBase64 { prefix } => format!(
            "a secret that is used as text, all of it, or as base64 behind `{prefix}`: both are tried"
        ),
        KeyForm::Hex => "a secret in hex digits".into(),
        KeyForm::Public { prefix: "" } => "a public key".into(),
        KeyForm::Public { prefix } if takes_any(scheme, of) => {
            format!("a public key behind `{prefix}`, which may be missing")
        }
        KeyForm::Public { prefix } => format!("a public key behind `{prefix}`"),
    }
}

/// Whether a secret that has none of the prefixes is this scheme's: those are the first one's.
fn takes_any(scheme: &Scheme, of: &[Scheme]) -> bool {
    of.first().is_none_or(|first| first.key == scheme.key)
}

/// Where a text stands, for example "the header X-Sig, behind `sha256=`".
pub(crate) fn field(field: Field) -> String {
    let prefixes: Vec<String> = (field.prefixes.iter())
        .filter(|prefix| !prefix.is_empty())
        .map(|prefix| match prefix.strip_prefix('*') {
            Some(end) if !end.is_empty() => format!("anything and `{end}`"),
            _ => format!("`{prefix}`"),
        })
        .collect();
    let optional = prefixes.len() < field.prefixes.len();
    let mut parts = vec![place(field.place)];
    for (what, separator) in [("groups", field.group), ("entries", field.split)] {
        match separator {
            None => {}
            Some(' ') => parts.push(format!("{what} between spaces")),
            Some(separator) => parts.push(format!("{what} between `{separator}`")),
        }
    }
    if !prefixes.is_empty() {
        parts.push(format!("behind {}", prefixes.join(" or ")));
        parts.extend(optional.then(|| "which may be missing".into()));
    }
    parts.join(", ")
}

/// A place, for example "header X-Sig".
pub(crate) fn place(place: Place) -> String {
    let kind = match place {
        Place::Header(_) => "header",
        Place::Json(_) => "JSON field",
        Place::Form(_) => "form field",
        Place::Query(_) => "query parameter",
        Place::Jwt(WHOLE) => return "JSON Web Token that the body is".into(),
        Place::Jwt(_) => "claim",
    };
    format!("{kind} {}", place.names().collect::<Vec<_>>().join(" or "))
}

pub(crate) fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Seconds => "seconds since 1970",
        Unit::Millis => "milliseconds since 1970",
        Unit::SecondsOrMillis => "seconds or milliseconds since 1970",
        Unit::Iso => "ISO 8601",
        Unit::IsoUtc => "ISO 8601 without an offset, in UTC",
        Unit::HttpDate => "the form of HTTP's dates",
    }
}

pub(crate) fn tolerance(tolerance: Tolerance) -> String {
    match (tolerance.past, tolerance.future) {
        (Some(past), Some(future)) if past == future => format!("{past} s, past and future"),
        (Some(past), Some(future)) => format!("{past} s into the past, {future} s into the future"),
        (Some(past), None) => format!("{past} s into the past; the future is not checked"),
        (None, Some(future)) => format!("{future} s into the future; the past is not checked"),
        (None, None) => "not checked".into(),
    }
}

#[cfg(test)]
mod tests {
    use catalogue::PROVIDERS;

    use super::*;

    #[test]
    fn a_prefix_that_may_be_missing_is_said_to_be_and_no_other() {
        let field_with = |prefixes| field(Field::header("X").after(prefixes));
        assert_eq!(field_with(&[""]), "header X");
        assert_eq!(field_with(&["v1="]), "header X, behind `v1=`");
        assert_eq!(
            field_with(&["a=", "b=", ""]),
            "header X, behind `a=` or `b=`, which may be missing"
        );
        for provider in PROVIDERS {
            for scheme in provider.schemes {
                let optional =
                    scheme.signature.prefixes.len() > 1 && scheme.signature.prefixes.contains(&"");
                let said = field(scheme.signature).contains("may be missing");
                assert_eq!(said, optional, "{}", provider.name);
            }
        }
    }

    #[test]
    fn a_prefix_that_tells_a_secret_from_another_ones_is_not_called_optional() {
        for provider in PROVIDERS {
            for scheme in provider.schemes {
                let (KeyForm::Base64 { prefix } | KeyForm::Public { prefix }) = scheme.key else {
                    continue;
                };
                let first = provider.schemes[0].key == scheme.key;
                let said = key_form(scheme, provider.schemes).contains("may be missing");
                assert_eq!(said, first && !prefix.is_empty(), "{}", provider.name);
            }
        }
    }
}
