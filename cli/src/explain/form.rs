//! A form that was decoded and encoded anew: each language escapes other characters.

use percent_encoding::percent_encode_byte;

use super::suspect::{Change, Guess, Suspect};

/// The characters that stay beside letters and digits, and how a blank is written; and whose way it is.
type Way = (&'static str, &'static [u8], &'static str);

const WAYS: &[Way] = &[
    ("JavaScript's encodeURIComponent", b"-_.!~*'()", "%20"),
    ("browsers and Java", b"*-._", "+"),
    ("RFC 3986", b"-._~", "%20"),
    ("Python's urlencode", b"-._~", "+"),
    ("PHP's http_build_query", b"-._", "+"),
    ("browsers, with blanks as %20", b"*-._", "%20"),
    ("JavaScript's, with blanks as +", b"-_.!~*'()", "+"),
    ("few escapes", b"-_.!~*'():/@,;$?[]", "%20"),
    ("few escapes, with blanks as +", b"-_.!~*'():/@,;$?[]", "+"),
];

pub(super) fn guesses<'s>(suspect: &'s Suspect<'_>) -> Box<dyn Iterator<Item = Guess> + 's> {
    let body = suspect.case.body.as_slice();
    let Some(pairs) = pairs(body) else {
        return Box::new(std::iter::empty());
    };
    let mut sorted = pairs.clone();
    sorted.sort();
    let orders = [
        (pairs, ""),
        (sorted, ", with its fields in alphabetical order"),
    ];
    let title = suspect.title();
    let written = orders.into_iter().flat_map(|(pairs, order)| {
        WAYS.iter().flat_map(move |way| {
            let upper = encoded(&pairs, way, true);
            let lower = encoded(&pairs, way, false);
            [
                (way.0, "", order, upper),
                (way.0, ", with small hex digits", order, lower),
            ]
        })
    });
    Box::new(written.filter(move |(.., form)| form.as_bytes() != body).map(move |(whose, digits, order, form)| Guess {
        change: Change::Body(form.into_bytes()),
        sentence: format!(
            "The form was decoded and encoded anew on its way: what was signed is the same form as it is written by \
             {whose}{digits}{order}."
        ),
        mend: format!("{title} signs the form as it sends it: hand over the raw bytes, before any parser."),
    }))
}

/// The fields of a form, if the body is one.
pub(super) fn pairs(body: &[u8]) -> Option<Vec<(String, String)>> {
    let text = std::str::from_utf8(body).ok()?;
    let is_form = text.contains('=')
        && text
            .bytes()
            .all(|b| b.is_ascii_graphic() && b != b'"' && b != b'<');
    if !is_form {
        return None;
    }
    text.split('&')
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Some((decoded(name)?, decoded(value)?))
        })
        .collect()
}

fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, behind @ ..] = rest {
        rest = behind;
        match first {
            b'+' => bytes.push(b' '),
            b'%' => {
                bytes.extend(hex::decode(behind.get(..2)?).ok()?);
                rest = &behind[2..];
            }
            byte => bytes.push(*byte),
        }
    }
    String::from_utf8(bytes).ok()
}

fn encoded(pairs: &[(String, String)], (_, stay, blank): &Way, upper: bool) -> String {
    let escape = |text: &str| -> String {
        text.bytes()
            .map(|byte| match byte {
                b' ' => (*blank).to_owned(),
                byte if byte.is_ascii_alphanumeric() || stay.contains(&byte) => {
                    char::from(byte).to_string()
                }
                byte if upper => percent_encode_byte(byte).to_owned(),
                byte => percent_encode_byte(byte).to_ascii_lowercase(),
            })
            .collect()
    };
    let pairs: Vec<String> = pairs
        .iter()
        .map(|(name, value)| format!("{}={}", escape(name), escape(value)))
        .collect();
    pairs.join("&")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_written_in_each_way() {
        let form = pairs(b"a%20b=%2Ax%2A%7E&c=%C3%A9+%21").unwrap();
        let written: Vec<String> = WAYS.iter().map(|way| encoded(&form, way, true)).collect();
        for expected in [
            "a%20b=*x*~&c=%C3%A9%20!",
            "a+b=*x*%7E&c=%C3%A9+%21",
            "a%20b=%2Ax%2A~&c=%C3%A9%20%21",
            "a+b=%2Ax%2A~&c=%C3%A9+%21",
            "a+b=%2Ax%2A%7E&c=%C3%A9+%21",
        ] {
            assert!(
                written.iter().any(|form| form == expected),
                "{expected}: {written:?}"
            );
        }
        assert_eq!(encoded(&form, &WAYS[0], false), "a%20b=*x*~&c=%c3%a9%20!");
    }

    #[test]
    fn what_is_no_form_has_no_fields() {
        for body in [
            &b""[..],
            b"{\"a\":\"b=c\"}",
            b"a",
            b"a=%f",
            b"a=%ff",
            b"a b=c",
            b"\xff=",
        ] {
            assert_eq!(pairs(body), None, "{body:?}");
        }
    }
}
