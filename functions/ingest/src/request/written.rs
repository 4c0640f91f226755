//! A large text, read with the room for one copy of it. serde makes two and grows the first as it goes, and an allocator keeps
//! what both took: of a body of 4 MiB that is a fourth of a process's memory.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

/// A text as it is written in the event, with its quotes, or null.
#[derive(Default, Deserialize)]
#[serde(transparent)]
pub(super) struct Written<'a>(#[serde(borrow)] Option<&'a RawValue>);

impl<'a> Written<'a> {
    /// The text. `None`: it is none.
    pub(super) fn read(self) -> Option<Cow<'a, str>> {
        let Some(written) = self.0 else {
            return Some(Cow::default());
        };
        let within = written.get().strip_prefix('"')?.strip_suffix('"')?;
        unescaped(within)
    }
}

/// What stands between the quotes of sound JSON. `None`: half a surrogate pair is no text.
fn unescaped(written: &str) -> Option<Cow<'_, str>> {
    let Some(mut at) = written.find('\\') else {
        return Some(Cow::Borrowed(written));
    };
    let mut text = String::with_capacity(written.len());
    let mut rest = written;
    loop {
        let (plain, escaped) = rest.split_at(at);
        text.push_str(plain);
        let (character, length) = match escaped.as_bytes().get(1)? {
            b'u' => {
                // Two may be one character, which serde knows.
                let codes = codes(escaped);
                text.push_str(&serde_json::from_str::<String>(&format!("\"{codes}\"")).ok()?);
                (None, codes.len())
            }
            b'b' => (Some('\u{8}'), 2),
            b'f' => (Some('\u{c}'), 2),
            b'n' => (Some('\n'), 2),
            b'r' => (Some('\r'), 2),
            b't' => (Some('\t'), 2),
            itself => (Some(char::from(*itself)), 2),
        };
        text.extend(character);
        rest = escaped.get(length..)?;
        at = rest.find('\\').unwrap_or(rest.len());
        if at == rest.len() {
            text.push_str(rest);
            return Some(Cow::Owned(text));
        }
    }
}

/// The escapes with a code, `\u00e9`, that stand here one behind the other.
fn codes(escaped: &str) -> &str {
    const LENGTH: usize = r"\u0000".len();
    let is_code = |code: &&[u8]| code.starts_with(br"\u") && code.len() == LENGTH;
    let count = escaped.as_bytes().chunks(LENGTH).take_while(is_code);
    &escaped[..count.count() * LENGTH]
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(json: &str) -> Option<String> {
        let written: Written = serde_json::from_str(json).ok()?;
        written.read().map(Cow::into_owned)
    }

    #[test]
    fn null_is_empty_and_what_is_no_text_is_none() {
        assert_eq!(read("null").as_deref(), Some(""));
        for json in ["1", "{}", "[\"a\"]", "true"] {
            assert_eq!(read(json), None, "{json}");
        }
    }

    #[test]
    fn a_text_without_escapes_is_that_of_the_event() {
        let written: Written = serde_json::from_str(r#""é{}""#).unwrap();
        assert!(matches!(written.read(), Some(Cow::Borrowed("é{}"))));
    }

    proptest! {
        #[test]
        fn a_text_is_read_as_serde_reads_it(
            parts in proptest::collection::vec(
                prop_oneof![
                    "[ -~é€🦀]{0,3}",
                    r#"\\["\\/bfnrtux]"#,
                    r"\\u[0-9a-fA-F]{3,4}",
                    r"\\u[dD][89a-fA-F][0-9a-f]{2}",
                ],
                0..12,
            )
        ) {
            let json = format!("\"{}\"", parts.concat());
            let expected = serde_json::from_str::<String>(&json).ok();
            prop_assert_eq!(read(&json), expected, "{}", json);
        }
    }
}
