//! A JSON body that was parsed and written again: what was signed is the same JSON, written otherwise.

use super::suspect::{Change, Guess, Suspect};

/// How strings, numbers and keys may have been written, and how one says it.
type Writing = (&'static str, fn(&str) -> Vec<String>);

const WRITINGS: &[Writing] = &[
    ("", |json| vec![json.to_owned()]),
    (
        "with all that isn't ASCII written as `\\u` escapes",
        |json| vec![ascii(json)],
    ),
    ("with `\\/` for `/`", |json| vec![json.replace('/', "\\/")]),
    ("with `/` for `\\/`", |json| vec![json.replace("\\/", "/")]),
    ("with its `\\u` escapes as characters", |json| {
        unescaped(json).into_iter().collect()
    }),
    ("with `<`, `>` and `&` written as `\\u` escapes", |json| {
        vec![as_go_writes(json)]
    }),
    ("with its keys in alphabetical order", |json| {
        sorted(json).into_iter().collect()
    }),
    ("with a number written otherwise", numbers),
];

/// Where white space may have stood, and how one says it.
type Layout = (&'static str, fn(&str) -> String);

const LAYOUTS: &[Layout] = &[
    ("without white space", str::to_owned),
    ("with a blank after each `:` and `,`", |compact| {
        spaced(compact, ", ", ": ")
    }),
    ("indented by 2 blanks", |compact| {
        layout(compact, Some("  "))
    }),
    ("indented by 4 blanks", |compact| {
        layout(compact, Some("    "))
    }),
    ("indented by tabs", |compact| layout(compact, Some("\t"))),
    ("with a blank after each `:`", |compact| {
        spaced(compact, ",", ": ")
    }),
    ("with a blank after each `,`", |compact| {
        spaced(compact, ", ", ":")
    }),
];

/// How many numbers are tried one by one.
const MOST_NUMBERS: usize = 32;

pub(super) fn guesses<'s>(suspect: &'s Suspect<'_>) -> Box<dyn Iterator<Item = Guess> + 's> {
    let title = suspect.title();
    Box::new(variants(&suspect.case.body).map(move |(how, body)| Guess {
        change: Change::Body(body),
        sentence: format!(
            "The body was parsed and written again on its way: what was signed is the same JSON {how}."
        ),
        mend: format!(
            "{title} signs the body as it sends it: hand over what came in before any parser, and verify the raw bytes."
        ),
    }))
}

/// The bodies that may have been sent, and how each is written. The likeliest first, and each made when it is asked for.
fn variants(body: &[u8]) -> impl Iterator<Item = (String, Vec<u8>)> {
    let text = std::str::from_utf8(body).ok();
    let text = text.filter(|text| serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok());
    text.into_iter()
        .flat_map(written)
        .flat_map(|(how, json)| {
            let ended = format!("{json}\n");
            let how_ended = format!("{how} and with a line end after it");
            [(how, json), (how_ended, ended)]
        })
        .map(|(how, json)| (how, json.into_bytes()))
        // What differs in the white space around it only wasn't parsed.
        .filter(move |(_, json)| json.trim_ascii() != body.trim_ascii())
}

fn written(text: &str) -> impl Iterator<Item = (String, String)> {
    let compact = layout(text, None);
    let in_layouts = move |(how, write): &'static Writing| {
        let written = write(&compact);
        let layouts = LAYOUTS.iter().flat_map(move |(laid_out, lay_out)| {
            let how = match *how {
                "" => (*laid_out).to_owned(),
                how => format!("{laid_out} and {how}"),
            };
            let jsons = written.iter().map(|json| (how.clone(), lay_out(json)));
            jsons.collect::<Vec<_>>()
        });
        layouts.collect::<Vec<_>>()
    };
    // Some frameworks keep the white space and touch the rest.
    let kept = (WRITINGS.iter().skip(1)).flat_map(move |(how, write)| {
        let written = write(text).into_iter();
        written.map(move |json| ((*how).to_owned(), json))
    });
    let plain = WRITINGS.iter().take(1).flat_map(in_layouts.clone());
    plain
        .chain(kept)
        .chain(WRITINGS.iter().skip(1).flat_map(in_layouts))
}

/// The same JSON, compact or with each entry on a line of its own. Strings and numbers stay as they are written.
fn layout(json: &str, indent: Option<&str>) -> String {
    let mut out = String::with_capacity(json.len());
    let mut depth = 0_usize;
    let mut opened = false;
    let line = |out: &mut String, depth: usize| {
        if let Some(indent) = indent {
            out.push('\n');
            // Deeper than any event: a body that nests for its own sake isn't worth gigabytes.
            (0..depth.min(64)).for_each(|_| out.push_str(indent));
        }
    };
    tokens(json, |token| match token {
        "{" | "[" => {
            if std::mem::take(&mut opened) {
                line(&mut out, depth);
            }
            out.push_str(token);
            depth += 1;
            opened = true;
        }
        "}" | "]" => {
            depth = depth.saturating_sub(1);
            if !std::mem::take(&mut opened) {
                line(&mut out, depth);
            }
            out.push_str(token);
        }
        "," => {
            out.push(',');
            line(&mut out, depth);
        }
        ":" => out.push_str(if indent.is_some() { ": " } else { ":" }),
        _ => {
            if std::mem::take(&mut opened) {
                line(&mut out, depth);
            }
            out.push_str(token);
        }
    });
    out
}

/// The JSON on one line, with these marks.
fn spaced(compact: &str, comma: &str, colon: &str) -> String {
    let mut out = String::with_capacity(compact.len() * 2);
    tokens(compact, |token| {
        out.push_str(match token {
            "," => comma,
            ":" => colon,
            token => token,
        });
    });
    out
}

/// With what `\u` escapes stand for in their place.
fn unescaped(json: &str) -> Option<String> {
    if !json.contains("\\u") {
        return None;
    }
    let mut out = String::with_capacity(json.len());
    tokens_and_space(json, |token| {
        let is_escaped = token.starts_with('"') && token.contains("\\u");
        let text = is_escaped.then(|| serde_json::from_str::<String>(token).ok());
        match text.flatten() {
            // Writing a text as JSON can't fail.
            Some(text) => out.push_str(&serde_json::to_string(&text).unwrap_or_default()),
            None => out.push_str(token),
        }
    });
    Some(out)
}

/// With the characters escaped that HTML could take for its own, as Go writes JSON.
fn as_go_writes(json: &str) -> String {
    json.replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('&', "\\u0026")
}

/// Compact, each object's keys in order.
fn sorted(json: &str) -> Option<String> {
    let value: serde_json::Value = serde_json::from_str(json).ok()?;
    Some(value.to_string())
}

/// The JSON with each of its numbers written otherwise, one at a time, and with all of them.
fn numbers(json: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    tokens_and_space(json, |token| tokens.push(token));
    let written: Vec<(usize, Vec<String>)> = (tokens.iter().enumerate())
        .map(|(at, token)| (at, otherwise(token)))
        .filter(|(_, written)| !written.is_empty())
        .collect();
    let with = |changed: &[(usize, &String)]| {
        let mut tokens = tokens.clone();
        for (at, number) in changed {
            tokens[*at] = number;
        }
        tokens.concat()
    };
    let mut found = Vec::new();
    for (at, written) in written.iter().take(MOST_NUMBERS) {
        found.extend(written.iter().map(|number| with(&[(*at, number)])));
    }
    let first: Vec<(usize, &String)> = (written.iter())
        .filter_map(|(at, written)| Some((*at, written.first()?)))
        .collect();
    if first.len() > 1 {
        found.push(with(&first));
    }
    found
}

/// Other ways to write a number: a language with one kind of number writes `136.0` as `136` and `1.50` as `1.5`.
fn otherwise(token: &str) -> Vec<String> {
    if !token.starts_with(|c: char| c.is_ascii_digit() || c == '-') {
        return Vec::new();
    }
    let is_whole = token.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    match token.split_once('.') {
        None if is_whole => vec![format!("{token}.0"), format!("{token}.00")],
        Some((whole, "0")) => vec![whole.to_owned()],
        Some((_, fraction)) if fraction.bytes().all(|b| b.is_ascii_digit()) => {
            vec![format!("{token}0")]
        }
        _ => Vec::new(),
    }
}

/// The tokens, and the white space between them as it is.
fn tokens_and_space<'j>(json: &'j str, mut each: impl FnMut(&'j str)) {
    let mut rest = json;
    tokens(json, |token| {
        let start = rest.len() - rest.trim_ascii_start().len();
        if start > 0 {
            each(&rest[..start]);
        }
        each(token);
        rest = &rest[start + token.len()..];
    });
    if !rest.is_empty() {
        each(rest);
    }
}

/// The strings, marks and bare words of a JSON text that is known to be well formed.
fn tokens<'j>(json: &'j str, mut each: impl FnMut(&'j str)) {
    let bytes = json.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let end = match bytes[at] {
            b' ' | b'\t' | b'\r' | b'\n' => {
                at += 1;
                continue;
            }
            b'"' => {
                let mut end = at + 1;
                while end < bytes.len() && bytes[end] != b'"' {
                    end += if bytes[end] == b'\\' { 2 } else { 1 };
                }
                (end + 1).min(bytes.len())
            }
            b'{' | b'}' | b'[' | b']' | b',' | b':' => at + 1,
            _ => {
                let rest = &bytes[at..];
                let ends = |b: &u8| b" \t\r\n{}[],:\"".contains(b);
                at + rest.iter().position(ends).unwrap_or(rest.len())
            }
        };
        each(&json[at..end]);
        at = end;
    }
}

fn ascii(json: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::with_capacity(json.len());
    let mut units = [0; 2];
    for c in json.chars() {
        if c.is_ascii() {
            out.push(c);
        } else {
            for unit in c.encode_utf16(&mut units) {
                // Writing to a String can't fail.
                let _ = write!(out, "\\u{unit:04x}");
            }
        }
    }
    out
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn json_is_laid_out_without_touching_its_strings_and_numbers() {
        let json = r#" { "a" : [ 1.50 , "x, \"y\": {" ] , "b" : { } , "c":[[]] } "#;
        assert_eq!(
            layout(json, None),
            r#"{"a":[1.50,"x, \"y\": {"],"b":{},"c":[[]]}"#
        );
        let value: serde_json::Value =
            serde_json::from_str(r#"{"a":[1.5,"x"],"b":{},"c":[[]]}"#).unwrap();
        assert_eq!(
            layout(&value.to_string(), Some("  ")),
            serde_json::to_string_pretty(&value).unwrap()
        );
        assert_eq!(
            spaced(r#"{"a":[1,"b:c"]}"#, ", ", ": "),
            r#"{"a": [1, "b:c"]}"#
        );
        assert_eq!(ascii("\"\u{e9}\u{1f980}\""), r#""\u00e9\ud83e\udd80""#);
    }

    #[test]
    fn the_json_that_was_sent_is_among_those_that_mean_the_same() {
        let received = "{\"b\":1,\"a\":\"\u{e9}/<\"}";
        for sent in [
            "{\"b\": 1, \"a\": \"\u{e9}/<\"}",
            "{\"b\": 1,\"a\": \"\u{e9}/<\"}",
            "{\n  \"b\": 1,\n  \"a\": \"\u{e9}/<\"\n}",
            "{\n    \"b\": 1,\n    \"a\": \"\u{e9}/<\"\n}\n",
            "{\n\t\"b\": 1,\n\t\"a\": \"\u{e9}/<\"\n}",
            "{\"a\":\"\u{e9}/<\",\"b\":1}",
            "{\"b\":1,\"a\":\"\\u00e9/<\"}",
            "{\"b\":1,\"a\":\"\u{e9}\\/<\"}",
            "{\"b\":1,\"a\":\"\u{e9}/\\u003c\"}",
            "{\"b\":1.0,\"a\":\"\u{e9}/<\"}",
            "{\"b\": 1.0, \"a\": \"\u{e9}/<\"}",
        ] {
            let found = variants(received.as_bytes()).any(|(_, body)| body == sent.as_bytes());
            assert!(found, "{sent}");
        }
        let sent = "{\"a\":\"\u{e9}\\\"\u{1f980}\"}";
        let received = br#"{"a":"\u00e9\u0022\ud83e\udd80"}"#;
        assert!(variants(received).any(|(_, body)| body == sent.as_bytes()));
    }

    #[test]
    fn no_variant_is_the_body_and_what_is_no_json_has_none() {
        let body = b"{\"a\": [1, 2.50]}\n";
        assert!(
            variants(body)
                .all(|(how, other)| other.trim_ascii() != body.trim_ascii() && !how.is_empty())
        );
        for body in [&b""[..], b"\xff", b"a=b", b"{", b"\"\\"] {
            assert_eq!(variants(body).count(), 0);
        }
        assert!(variants(b"[1]").count() > 10);
    }
}
