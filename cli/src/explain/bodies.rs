//! What proxies, frameworks, logs and editors do to a body on its way.

/// The bodies that may have been sent, if this one was changed since, and what each of them is.
pub(super) fn variants(body: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let mut variants: Vec<(&'static str, Vec<u8>)> = Vec::new();
    let mut add = |what, bytes: Vec<u8>| {
        if bytes != body && variants.iter().all(|(_, known)| *known != bytes) {
            variants.push((what, bytes));
        }
    };
    if let Some(cut) = body.strip_suffix(b"\r\n").or(body.strip_suffix(b"\n")) {
        add("without the line end at its end", cut.to_vec());
    }
    add("with a line end (\\n) after it", [body, b"\n"].concat());
    add(
        "with a line end (\\r\\n) after it",
        [body, b"\r\n"].concat(),
    );
    add(
        "without the white space around it",
        body.trim_ascii().to_vec(),
    );
    if let Some(cut) = body.strip_prefix(b"\xef\xbb\xbf") {
        add("without the byte order mark before it", cut.to_vec());
    }
    let Ok(text) = std::str::from_utf8(body) else {
        return variants;
    };
    add(
        "with \\n for every \\r\\n",
        text.replace("\r\n", "\n").into_bytes(),
    );
    add(
        "with \\r\\n for every \\n",
        text.replace("\r\n", "\n")
            .replace('\n', "\r\n")
            .into_bytes(),
    );
    if serde_json::from_str::<serde::de::IgnoredAny>(text).is_err() {
        return variants;
    }
    let compact = layout(text, None);
    add("as compact JSON", compact.clone().into_bytes());
    add(
        "as JSON with a space after every `:` and `,`",
        spaced(&compact).into_bytes(),
    );
    for (what, indent) in [
        ("as JSON indented by 2", "  "),
        ("as JSON indented by 4", "    "),
        ("as JSON indented by tabs", "\t"),
    ] {
        let pretty = layout(text, Some(indent));
        add(what, format!("{pretty}\n").into_bytes());
        add(what, pretty.into_bytes());
    }
    add(
        "as compact JSON in ASCII (\\u escapes)",
        ascii(&compact).into_bytes(),
    );
    add("in ASCII (\\u escapes)", ascii(text).into_bytes());
    add(
        "as compact JSON with \\/ for /",
        compact.replace('/', "\\/").into_bytes(),
    );
    add("with / for \\/", text.replace("\\/", "/").into_bytes());
    // Sorted keys, and every escape in its shortest form.
    if let Ok(value) = serde_json::from_str::<serde_json::Value>(text) {
        add(
            "as compact JSON with sorted keys",
            value.to_string().into_bytes(),
        );
    }
    variants
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

/// Python's way to write JSON on one line.
fn spaced(compact: &str) -> String {
    let mut out = String::with_capacity(compact.len() * 2);
    tokens(compact, |token| {
        out.push_str(token);
        if matches!(token, "," | ":") {
            out.push(' ');
        }
    });
    out
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
        assert_eq!(spaced(r#"{"a":[1,"b:c"]}"#), r#"{"a": [1, "b:c"]}"#);
        assert_eq!(ascii(r#"{"a":"é🦀"}"#), r#"{"a":"\u00e9\ud83e\udd80"}"#);
    }

    #[test]
    fn every_variant_differs_from_the_body_and_from_the_others() {
        let body = b"{\"a\": \"b/c\xc3\xa9\"}\r\n";
        let variants = variants(body);
        assert!(
            variants
                .iter()
                .any(|(_, bytes)| bytes == b"{\"a\":\"b/c\xc3\xa9\"}")
        );
        for (at, (_, bytes)) in variants.iter().enumerate() {
            assert_ne!(bytes, body);
            assert!(variants[..at].iter().all(|(_, other)| other != bytes));
        }
    }

    #[test]
    fn a_body_that_is_no_json_has_variants_too() {
        assert!(!variants(b"\xff\xfe").is_empty());
        assert!(!variants(b"").is_empty());
        assert!(!variants("\"\\".as_bytes()).is_empty());
    }
}
