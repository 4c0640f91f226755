//! Reads single fields of `multipart/form-data`, RFC 7578: total, in one pass over the body, and nothing that two
//! readers could read in two ways.

use memchr::memmem;

/// The boundary that a content type names, where it is `multipart/form-data`.
pub(crate) fn boundary(content_type: &str) -> Option<&str> {
    let (kind, parameters) = content_type.split_once(';')?;
    if !kind.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let boundary = parameter(parameters, "boundary")?;
    // RFC 2046, section 5.1.1: 1 to 70 characters.
    (1..=70).contains(&boundary.len()).then_some(boundary)
}

/// The boundary that a body begins with, where it does: no percent-encoded form has an end of line.
pub(crate) fn opened(body: &[u8]) -> Option<&str> {
    let rest = body.strip_prefix(b"--")?;
    // RFC 2046, section 5.1.1, with some blanks behind it.
    let line = &rest[..memmem::find(&rest[..rest.len().min(128)], b"\r\n")?];
    let boundary = std::str::from_utf8(line.trim_ascii_end()).ok()?;
    (1..=70).contains(&boundary.len()).then_some(boundary)
}

/// The text of the field of this name that is no file. A field that stands there twice, or isn't UTF-8, and a body
/// whose last boundary is missing can't be read; why is said.
pub(crate) fn find<'b>(
    body: &'b [u8],
    boundary: &str,
    name: &str,
) -> Result<Option<&'b str>, &'static str> {
    let delimiter = [b"\r\n--", boundary.as_bytes()].concat();
    let finder = memmem::Finder::new(&delimiter);
    let behind = |bytes: &'b [u8]| {
        let at = finder.find(bytes)?;
        Some((&bytes[..at], &bytes[at + delimiter.len()..]))
    };
    let mut found = None;
    // Nothing stands before the first delimiter, so that it has no line end in front.
    let first = body.strip_prefix(&delimiter[2..]);
    let mut rest = first.ok_or("the form has no part")?;
    while let Some(opened) = part(rest)? {
        let (part, after) = behind(opened).ok_or("the form is not closed")?;
        rest = after;
        let end = memmem::find(part, b"\r\n\r\n").ok_or("a part has no content")?;
        let headers = std::str::from_utf8(&part[..end]).map_err(|_| "a part is not UTF-8")?;
        let is_field = field(headers)? == Some(name);
        if is_field && found.replace(&part[end + 4..]).is_some() {
            return Err("the field stands there twice");
        }
    }
    let text = |bytes| std::str::from_utf8(bytes).map_err(|_| "the field is not UTF-8");
    found.map(text).transpose()
}

/// The part behind a delimiter, from the end of the delimiter's line on; `None` behind the last.
fn part(bytes: &[u8]) -> Result<Option<&[u8]>, &'static str> {
    if bytes.starts_with(b"--") {
        return Ok(None);
    }
    let padding = bytes.iter().take_while(|byte| matches!(byte, b' ' | b'\t'));
    let line = &bytes[padding.count()..];
    if line.starts_with(b"\r\n") {
        return Ok(Some(line));
    }
    Err("what stands behind a boundary is no part")
}

/// The name of the field that these are the headers of; `None` for a file, and for what is no field.
fn field(headers: &str) -> Result<Option<&str>, &'static str> {
    let mut disposition = None;
    for line in headers.split("\r\n").filter(|line| !line.is_empty()) {
        let (name, value) = line.split_once(':').ok_or("a part's header has no colon")?;
        let value = value.trim_matches([' ', '\t']);
        let is = |wanted: &str| name.eq_ignore_ascii_case(wanted);
        let plain = ["7bit", "8bit", "binary"];
        if is("content-transfer-encoding")
            && !plain.iter().any(|as_is| value.eq_ignore_ascii_case(as_is))
        {
            return Err("a part is encoded");
        }
        if is("content-disposition") && disposition.replace(value).is_some() {
            return Err("a part has two names");
        }
    }
    let Some((kind, parameters)) = disposition.and_then(|value| value.split_once(';')) else {
        return Ok(None);
    };
    let is_file = ["filename", "filename*"]
        .iter()
        .any(|name| parameter(parameters, name).is_some());
    if is_file || !kind.trim().eq_ignore_ascii_case("form-data") {
        return Ok(None);
    }
    Ok(parameter(parameters, "name"))
}

/// The value of the first parameter of this name. Nothing is unescaped: a quotation mark or a line end in a name is sent
/// as an escape, and no name that is asked for here has one.
fn parameter<'t>(parameters: &'t str, wanted: &str) -> Option<&'t str> {
    let mut rest = parameters;
    while let Some((name, after)) = rest.split_once('=') {
        let (value, after) = if let Some(quoted) = after.strip_prefix('"') {
            quoted.split_once('"')?
        } else {
            let (value, after) = after.split_once(';').unwrap_or((after, ""));
            (value.trim_matches([' ', '\t']), after)
        };
        let name = name.trim_matches([' ', '\t', ';']);
        if name.eq_ignore_ascii_case(wanted) {
            return Some(value);
        }
        rest = after;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORM: &str = "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n\
        --b \t\r\ncontent-disposition:form-data;name=b\r\nContent-Type: text/plain\r\n\r\n\r\n2\r\n\r\n\r\n\
        --b\r\nContent-Disposition: form-data; name=\"c\"; filename=\"name.txt\"\r\n\r\n3\r\n\
        --b\r\nContent-Disposition: form-data; name=\"d\"\r\n\r\n\r\n\
        --b\r\n\r\nof no name\r\n\
        --b--\r\nbehind";

    #[test]
    fn fields_are_what_stands_between_the_boundaries() {
        let get = |name| find(FORM.as_bytes(), "b", name);
        assert_eq!(get("a"), Ok(Some("1")));
        assert_eq!(get("b"), Ok(Some("\r\n2\r\n\r\n")));
        assert_eq!(get("c"), Ok(None), "a file is no text");
        assert_eq!(get("d"), Ok(Some("")));
        assert_eq!(get("e"), Ok(None));
        assert_eq!(opened(FORM.as_bytes()), Some("b"));
        for (body, boundary) in [
            ("--a b \t\r\n", Some("a b")),
            ("--a=1&b=2", None),
            ("a=1\r\n--b\r\n", None),
            ("--\r\n", None),
            ("--a\n", None),
        ] {
            assert_eq!(opened(body.as_bytes()), boundary, "{body}");
        }
        let long = format!("--{}\r\n", "b".repeat(71));
        assert_eq!(opened(long.as_bytes()), None);
    }

    #[test]
    fn what_could_be_read_in_two_ways_is_not_read() {
        let part = |headers: &str| format!("--b\r\n{headers}\r\n\r\n1\r\n--b--");
        let named = "Content-Disposition: form-data; name=a";
        assert_eq!(find(part(named).as_bytes(), "b", "a"), Ok(Some("1")));
        for body in [
            String::new(),
            "no part".into(),
            "--b".into(),
            "--b\r\n".into(),
            "--bx\r\n".into(),
            format!("--b\r\n{named}\r\n\r\n1"),
            format!("--b\r\n{named}\r\n1\r\n--b--"),
            format!("{}\r\n--b--", part(named).trim_end_matches("--")),
            FORM.replace("name=b", "name=a"),
            part(&format!("{named}\r\n{named}")),
            part(&format!("{named}\r\nno colon")),
            part(&format!("{named}\r\nContent-Transfer-Encoding: base64")),
        ] {
            assert!(find(body.as_bytes(), "b", "a").is_err(), "{body:?}");
        }
        let bytes = [
            b"--b\r\nContent-Disposition: form-data; name=a\r\n\r\n",
            &[0xff][..],
            b"\r\n--b--",
        ];
        assert!(find(&bytes.concat(), "b", "a").is_err());
    }

    #[test]
    fn a_content_type_names_the_boundary() {
        for (content_type, expected) in [
            ("multipart/form-data; boundary=xYz", Some("xYz")),
            (
                "Multipart/Form-Data;charset=utf-8; Boundary=\"a b\"",
                Some("a b"),
            ),
            ("multipart/form-data", None),
            ("multipart/form-data; boundary=", None),
            ("multipart/form-data; boundary=\"a", None),
            ("multipart/mixed; boundary=a", None),
            ("application/x-www-form-urlencoded", None),
            ("", None),
        ] {
            assert_eq!(boundary(content_type), expected, "{content_type}");
        }
        let long = format!("multipart/form-data; boundary={}", "b".repeat(71));
        assert_eq!(boundary(&long), None);
    }
}
