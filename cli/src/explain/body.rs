//! What logs, editors, terminals and wrong character sets do to a body.

use super::suspect::{Change, Guess, Suspect};
use crate::escape;

/// A body that may have been sent, made of the one that came; and the sentence, if it was.
type Undo = (fn(&[u8]) -> Option<Vec<u8>>, &'static str);

const LINE_ENDS: &[Undo] = &[
    (
        |body| Some([body, b"\n"].concat()),
        "The body lost the line end at its end: with `\\n` after it the signature is right.",
    ),
    (
        |body| Some([body, b"\r\n"].concat()),
        "The body lost the line end at its end: with `\\r\\n` after it the signature is right.",
    ),
    (
        |body| {
            let cut = body.strip_suffix(b"\r\n").or(body.strip_suffix(b"\n"));
            cut.map(<[u8]>::to_vec)
        },
        "The body got a line end at its end that wasn't sent: without it the signature is right.",
    ),
    (
        |body| Some(body.trim_ascii().to_vec()),
        "The body got white space around it that wasn't sent: without it the signature is right.",
    ),
    (
        |body| replaced(body, b"\r\n", b"\n"),
        "The line ends in the body were changed: with `\\n` for every `\\r\\n` the signature is right.",
    ),
    (
        |body| {
            replaced(
                &replaced(body, b"\r\n", b"\n").unwrap_or(body.to_vec()),
                b"\n",
                b"\r\n",
            )
        },
        "The line ends in the body were changed: with `\\r\\n` for every `\\n` the signature is right.",
    ),
    (
        |body| replaced(body, b"\\n", b"\n"),
        "The line ends in the body became the two letters `\\n`: with line ends in their place the signature is right.",
    ),
    (
        |body| replaced(body, b"%5Cn", b"%0A").or(replaced(body, b"%5cn", b"%0a")),
        "The line ends in the form became the two letters `\\n` (`%5Cn`): with line ends (`%0A`) in their place the \
         signature is right.",
    ),
    (
        |body| replaced(body, b"%5Cr%5Cn", b"%0D%0A"),
        "The line ends in the form became the letters `\\r\\n` (`%5Cr%5Cn`): with line ends in their place the signature \
         is right.",
    ),
];

const RAW: &str = "An editor, a terminal or a log changed it: hand over the body byte for byte, for example as a file.";

const CHARSETS: &[Undo] = &[
    (
        |body| body.strip_prefix(BOM).map(<[u8]>::to_vec),
        "The body got a byte order mark before it that wasn't sent: without it the signature is right.",
    ),
    (
        |body| (!body.starts_with(BOM)).then(|| [BOM, body].concat()),
        "The body lost the byte order mark before it: with it the signature is right.",
    ),
    (
        |body| without_mojibake(body, latin_1),
        "The body's UTF-8 was read as Latin-1 and written as UTF-8 again: each character that isn't ASCII became two or \
         more. Undone, the signature is right.",
    ),
    (
        |body| without_mojibake(body, windows_1252),
        "The body's UTF-8 was read as Windows-1252 and written as UTF-8 again: each character that isn't ASCII became two \
         or more. Undone, the signature is right.",
    ),
    (
        |body| {
            let is_latin = std::str::from_utf8(body).is_err();
            is_latin.then(|| {
                body.iter()
                    .map(|byte| char::from(*byte))
                    .collect::<String>()
                    .into_bytes()
            })
        },
        "The body was written in Latin-1: in UTF-8, as it was sent, the signature is right.",
    ),
    (
        |body| {
            let text = std::str::from_utf8(body)
                .ok()
                .filter(|text| !text.is_ascii())?;
            text.chars().map(latin_1).collect()
        },
        "The body was written in UTF-8: in Latin-1, as it was sent, the signature is right.",
    ),
    (
        utf_16,
        "The body was written in UTF-16, as PowerShell does: in UTF-8 the signature is right.",
    ),
    (
        |body| {
            let mut text = std::str::from_utf8(body).ok()?.to_owned();
            for (entity, c) in [
                ("&quot;", "\""),
                ("&#34;", "\""),
                ("&#39;", "'"),
                ("&lt;", "<"),
                ("&gt;", ">"),
                ("&amp;", "&"),
            ] {
                text = text.replace(entity, c);
            }
            Some(text.into_bytes())
        },
        "Characters of the body were written as HTML entities (`&quot;`): as they were sent, the signature is right.",
    ),
];

const BOM: &[u8] = b"\xef\xbb\xbf";

const CHARSET: &str =
    "The body is bytes, and its character set isn't to be changed: hand it over byte for byte.";

pub(super) fn line_ends<'s>(suspect: &'s Suspect<'_>) -> Box<dyn Iterator<Item = Guess> + 's> {
    undone(suspect, LINE_ENDS, RAW)
}

pub(super) fn charsets<'s>(suspect: &'s Suspect<'_>) -> Box<dyn Iterator<Item = Guess> + 's> {
    undone(suspect, CHARSETS, CHARSET)
}

fn undone<'s>(
    suspect: &'s Suspect<'_>,
    undos: &'static [Undo],
    mend: &'static str,
) -> Box<dyn Iterator<Item = Guess> + 's> {
    let body = &suspect.case.body;
    let made = undos
        .iter()
        .filter_map(move |(undo, sentence)| Some((undo(body)?, sentence)));
    Box::new(
        made.filter(move |(made, _)| made != body)
            .map(move |(made, sentence)| Guess {
                change: Change::Body(made),
                sentence: (*sentence).to_owned(),
                mend: mend.to_owned(),
            }),
    )
}

/// Bytes that aren't those of the body as a whole, but were signed in its place.
pub(super) fn others<'s>(suspect: &'s Suspect<'_>) -> Box<dyn Iterator<Item = Guess> + 's> {
    let body = suspect.case.body.as_slice();
    let fixed = FIXED
        .iter()
        .map(|(bytes, what)| ((*what).to_owned(), bytes.to_vec(), EMPTY));
    let inner = inner(body)
        .into_iter()
        .map(|(what, bytes)| (what, bytes, WRAPPED));
    let lengths = LENGTHS
        .iter()
        .copied()
        .filter(move |length| *length < body.len());
    let cut = lengths.map(move |length| {
        (
            format!("the first {length} bytes of this body alone"),
            body[..length].to_vec(),
            CUT,
        )
    });
    let values = form_values(body)
        .into_iter()
        .map(|(what, bytes)| (what, bytes, WRAPPED));
    let all = fixed.chain(inner).chain(values).chain(cut);
    Box::new(all.filter(move |(_, bytes, _)| bytes != body).map(|(what, bytes, mend)| Guess {
        change: Change::Body(bytes),
        sentence: format!("The signature is right for {what}, and not for the body that is given: so it isn't the secret."),
        mend: mend.to_owned(),
    }))
}

const FIXED: &[(&[u8], &str)] = &[
    (b"", "an empty body"),
    (b"{}", "the body `{}`"),
    (b"null", "the body `null`"),
    (b"[]", "the body `[]`"),
    (b"\"\"", "the body `\"\"`"),
    (b"undefined", "the body `undefined`"),
    (b"[object Object]", "the body `[object Object]`"),
];

const EMPTY: &str = "Who signed, signed no body, or had lost it: a framework that has read the body already gives it empty; \
                     and a digest of the body in the URL's query may have been cut off (Twilio's bodySHA256).";
const WRAPPED: &str =
    "What is given is a wrapper around the body that was sent: verify what is in it.";
const CUT: &str = "Who signed had the body up to there only. See whether the body that is given is that of this delivery.";

/// Where buffers and limits end.
const LENGTHS: &[usize] = &[
    1_000, 1_024, 2_048, 4_096, 8_192, 10_000, 10_240, 16_384, 32_768, 65_535, 65_536, 100_000,
    102_400, 131_072, 262_144, 524_288, 1_000_000, 1_048_576, 2_097_152,
];

/// What stands in the body's own wrapping: base64, a JSON string, a field of an event of API Gateway or of a queue.
fn inner(body: &[u8]) -> Vec<(String, Vec<u8>)> {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let mut found = Vec::new();
    if let Ok(bytes) = STANDARD.decode(body.trim_ascii()) {
        found.push(("what this body is in base64".to_owned(), bytes));
    }
    match serde_json::from_slice(body) {
        Ok(serde_json::Value::String(text)) => found.push((
            "the text that this body is as a JSON string".to_owned(),
            text.into_bytes(),
        )),
        Ok(serde_json::Value::Object(fields)) => {
            for (name, value) in &fields {
                let Some(text) = value.as_str() else { continue };
                let what = format!("the text in the body's field `{}`", escape::value(name));
                if fields.get("isBase64Encoded").is_some_and(|is| is == true) {
                    found.extend(
                        STANDARD
                            .decode(text)
                            .ok()
                            .map(|bytes| (what.clone(), bytes)),
                    );
                }
                found.push((what, text.as_bytes().to_vec()));
            }
        }
        _ => {}
    }
    found
}

/// The values of a form's fields.
fn form_values(body: &[u8]) -> Vec<(String, Vec<u8>)> {
    let Some(pairs) = super::form::pairs(body) else {
        return Vec::new();
    };
    let what = |name: &str| format!("the text in the form's field `{}`", escape::value(name));
    pairs
        .into_iter()
        .map(|(name, value)| (what(&name), value.into_bytes()))
        .collect()
}

fn replaced(body: &[u8], from: &[u8], to: &[u8]) -> Option<Vec<u8>> {
    let mut found = false;
    let (mut rest, mut out) = (body, Vec::with_capacity(body.len()));
    while let [first, behind @ ..] = rest {
        if let Some(behind) = rest.strip_prefix(from) {
            out.extend_from_slice(to);
            rest = behind;
            found = true;
        } else {
            out.push(*first);
            rest = behind;
        }
    }
    found.then_some(out)
}

fn without_mojibake(body: &[u8], byte: impl Fn(char) -> Option<u8>) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(body)
        .ok()
        .filter(|text| !text.is_ascii())?;
    text.chars().map(byte).collect()
}

fn latin_1(c: char) -> Option<u8> {
    u8::try_from(u32::from(c)).ok()
}

/// The characters that Windows-1252 has where Latin-1 has control characters, from 0x80.
const WINDOWS: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

fn windows_1252(c: char) -> Option<u8> {
    let at = WINDOWS.iter().position(|known| *known == c);
    at.and_then(|at| u8::try_from(at + 0x80).ok())
        .or_else(|| latin_1(c))
}

fn utf_16(body: &[u8]) -> Option<Vec<u8>> {
    let unit: fn([u8; 2]) -> u16 = match body {
        [0xff, 0xfe, ..] => u16::from_le_bytes,
        [0xfe, 0xff, ..] => u16::from_be_bytes,
        _ => return None,
    };
    let units: Vec<u16> = body[2..]
        .chunks_exact(2)
        .map(|pair| unit([pair[0], pair[1]]))
        .collect();
    String::from_utf16(&units).ok().map(String::into_bytes)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Whether what was sent is among what is made of what came.
    fn is_undone(undos: &[Undo], received: &[u8], sent: &[u8]) -> bool {
        undos
            .iter()
            .any(|(undo, _)| undo(received).as_deref() == Some(sent))
    }

    #[test]
    fn what_happens_to_line_ends_is_undone() {
        for (received, sent) in [
            ("{}", "{}\n"),
            ("{}", "{}\r\n"),
            ("{}\n", "{}"),
            ("{}\r\n", "{}"),
            (" {} ", "{}"),
            ("a\r\nb\r\n", "a\nb\n"),
            ("a\nb\n", "a\r\nb\r\n"),
            ("a\\nb", "a\nb"),
            ("p=a%5Cnb", "p=a%0Ab"),
        ] {
            assert!(
                is_undone(LINE_ENDS, received.as_bytes(), sent.as_bytes()),
                "{received:?}"
            );
        }
    }

    #[test]
    fn what_happens_to_characters_is_undone() {
        let sent = "{\"a\":\"caf\u{e9} \u{2013}\"}";
        let latin: String = sent.bytes().map(char::from).collect();
        let windows: String = (sent.bytes())
            .map(|byte| {
                if (0x80..0xa0).contains(&byte) {
                    WINDOWS[usize::from(byte) - 0x80]
                } else {
                    char::from(byte)
                }
            })
            .collect();
        let utf_16: Vec<u8> = [0xfeff]
            .into_iter()
            .chain(sent.encode_utf16())
            .flat_map(u16::to_le_bytes)
            .collect();
        for received in [
            latin.as_bytes(),
            windows.as_bytes(),
            &utf_16,
            &[BOM, sent.as_bytes()].concat(),
            sent.replace('"', "&quot;").as_bytes(),
        ] {
            assert!(
                is_undone(CHARSETS, received, sent.as_bytes()),
                "{received:?}"
            );
        }
        assert!(is_undone(CHARSETS, b"caf\xe9", "caf\u{e9}".as_bytes()));
        assert!(is_undone(CHARSETS, "caf\u{e9}".as_bytes(), b"caf\xe9"));
    }

    #[test]
    fn what_wraps_a_body_is_taken_off() {
        let has = |body: &[u8], sent: &[u8]| inner(body).iter().any(|(_, bytes)| bytes == sent);
        assert!(has(b"e30=\n", b"{}"));
        assert!(has(br#""{\"a\":1}""#, br#"{"a":1}"#));
        assert!(has(br#"{"body":"e30=","isBase64Encoded":true}"#, b"{}"));
        assert!(has(br#"{"Body":"{}"}"#, b"{}"));
        assert!(
            form_values(b"payload=%7B%7D&x=1")
                .iter()
                .any(|(_, bytes)| bytes == b"{}")
        );
    }
}
