//! Reads single fields of queries and form bodies.

use std::borrow::Cow;

use crate::reading::multipart;

/// The text of a field of a form body, which is multipart where it begins with a boundary, and else
/// percent-encoded. `None` where there is no such field. A field that stands there twice, or isn't
/// UTF-8, can't be taken for a text; why is said.
///
/// The body itself tells which, and no header: a header isn't signed, and whoever changes it would have
/// the same bytes read as another event, or as none.
pub fn field<'a>(body: &'a [u8], name: &str) -> Result<Option<Cow<'a, str>>, &'static str> {
    match multipart::opened(body) {
        Some(boundary) => Ok(multipart::find(body, boundary, name)?.map(Cow::Borrowed)),
        None => find(body, name),
    }
}

/// Whether a content type is that of a form.
#[must_use]
pub fn is_form(content_type: &str) -> bool {
    let kind = content_type.split(';').next().unwrap_or_default().trim();
    multipart::boundary(content_type).is_some()
        || kind.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

/// The decoded value of this field of an `application/x-www-form-urlencoded` text. A field that
/// stands there with two values, or isn't UTF-8, can't be taken for a text; why is said.
pub(crate) fn find<'a>(
    encoded: &'a [u8],
    name: &str,
) -> Result<Option<Cow<'a, str>>, &'static str> {
    let mut found: Option<Cow<'a, [u8]>> = None;
    for pair in encoded.split(|byte| *byte == b'&') {
        let (field, value) = match pair.iter().position(|byte| *byte == b'=') {
            Some(at) => (&pair[..at], &pair[at + 1..]),
            None => (pair, &[][..]),
        };
        if *decode(field) != *name.as_bytes() {
            continue;
        }
        let value = decode(value);
        if found.as_ref().is_some_and(|other| *other != value) {
            return Err("the field stands there with two values");
        }
        found = Some(value);
    }
    let not_utf8 = "the field is not UTF-8";
    match found {
        None => Ok(None),
        Some(Cow::Borrowed(value)) => std::str::from_utf8(value)
            .map(|value| Some(value.into()))
            .map_err(|_| not_utf8),
        Some(Cow::Owned(value)) => String::from_utf8(value)
            .map(|value| Some(value.into()))
            .map_err(|_| not_utf8),
    }
}

/// How often a field of this name stands in the text.
pub(crate) fn count(encoded: &[u8], name: &str) -> usize {
    let named = pairs(encoded).into_iter();
    named
        .filter(|(field, _)| **field == *name.as_bytes())
        .count()
}

/// A field's name and value.
pub(crate) type Pair<'a> = (Cow<'a, [u8]>, Cow<'a, [u8]>);

/// Every field in its order, decoded; a text that is empty has none.
pub(crate) fn pairs(encoded: &[u8]) -> Vec<Pair<'_>> {
    encoded
        .split(|byte| *byte == b'&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = match pair.iter().position(|byte| *byte == b'=') {
                Some(at) => (&pair[..at], &pair[at + 1..]),
                None => (pair, &[][..]),
            };
            (decode(name), decode(value))
        })
        .collect()
}

/// Every field in its order as texts; `None` if one isn't UTF-8.
pub(crate) fn text_pairs(encoded: &[u8]) -> Option<Vec<(String, String)>> {
    let text = |bytes: Cow<'_, [u8]>| String::from_utf8(bytes.into_owned()).ok();
    pairs(encoded)
        .into_iter()
        .map(|(name, value)| Some((text(name)?, text(value)?)))
        .collect()
}

/// Percent-encodes all but letters, digits and `-._~`, as RFC 3986 has it.
pub(crate) fn escape(bytes: &[u8]) -> String {
    escape_but(bytes, b"-._~")
}

/// Percent-encodes all but letters, digits and these ASCII characters.
pub(crate) fn escape_but(bytes: &[u8], kept: &[u8]) -> String {
    let mut escaped = String::with_capacity(bytes.len());
    for byte in bytes {
        if byte.is_ascii_alphanumeric() || kept.contains(byte) {
            escaped.push(char::from(*byte));
        } else {
            escaped.push('%');
            escaped.push_str(&hex::encode_upper([*byte]));
        }
    }
    escaped
}

/// Percent-decodes; `+` is a space, and a `%` that begins no escape stands for itself.
fn decode(encoded: &[u8]) -> Cow<'_, [u8]> {
    if !encoded.iter().any(|byte| matches!(byte, b'%' | b'+')) {
        return encoded.into();
    }
    let mut decoded = Vec::with_capacity(encoded.len());
    let mut rest = encoded;
    while let Some((first, after)) = rest.split_first() {
        let mut byte = [0];
        rest = after;
        match first {
            b'+' => decoded.push(b' '),
            b'%' if after.len() >= 2 && hex::decode_to_slice(&after[..2], &mut byte).is_ok() => {
                decoded.push(byte[0]);
                rest = &after[2..];
            }
            other => decoded.push(*other),
        }
    }
    decoded.into()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_decoded() {
        let form = b"a=1&b+c=x%20y+z&d%3d=%C3%A9&e&f=&g=%zz%4";
        let get = |name| find(form, name).unwrap();
        assert_eq!(get("a").as_deref(), Some("1"));
        assert_eq!(get("b c").as_deref(), Some("x y z"));
        assert_eq!(get("d=").as_deref(), Some("é"));
        assert_eq!(get("e").as_deref(), Some(""));
        assert_eq!(get("f").as_deref(), Some(""));
        assert_eq!(get("g").as_deref(), Some("%zz%4"));
        assert_eq!(get("h"), None);
    }

    // Twilio's URLs have the digest of the body twice: <https://github.com/twilio/twilio-php/issues/861>
    #[test]
    fn a_field_that_says_the_same_twice_says_one_thing() {
        for encoded in [&b"a=1&a=1"[..], b"a=1&b=2&%61=%31"] {
            assert_eq!(find(encoded, "a").unwrap().as_deref(), Some("1"));
        }
    }

    #[test]
    fn what_could_be_read_in_two_ways_is_not_read() {
        assert!(find(b"a=1&a=2", "a").is_err());
        assert!(find(b"a=1&%61=2", "a").is_err());
        assert!(find(b"a=1&a", "a").is_err());
        assert!(find(b"a=%ff", "a").is_err());
        assert!(find(b"a=\xff", "a").is_err());
    }
}
