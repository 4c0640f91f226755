//! Reads a request that somebody wrote down: raw HTTP, `curl -i`, `curl -v`, or what `landfall sign` prints.
//!
//! The body is what stands behind the blank line, byte for byte. Where `Content-Length` says otherwise that is told,
//! never mended in silence; only a line end that an editor put behind the body is left out, and told.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value;

/// What was found, and what the reader of it should know.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) method: Option<String>,
    /// A path and query, or a whole URL.
    pub(crate) target: Option<String>,
    pub(crate) headers: Vec<(String, String)>,
    /// `None` where the form has no place for one.
    pub(crate) body: Option<Vec<u8>>,
    pub(crate) notes: Vec<String>,
}

const FORMS: &str = "write a request line (POST /webhooks/x HTTP/1.1), a header on each line, a blank line and the body; \
                     or give what `landfall sign` printed";

impl Request {
    /// Reads one request. The fault says what to write.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, String> {
        let first = bytes.trim_ascii_start();
        if first.starts_with(b"{") {
            return printed(first);
        }
        if first.starts_with(b"* ") || first.starts_with(b"> ") {
            return verbose(bytes);
        }
        raw(first)
    }

    /// The value of a header, the first of its name.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers
            .find(|(found, _)| found.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

/// What `landfall sign` and `landfall send --print` print.
fn printed(bytes: &[u8]) -> Result<Request, String> {
    let fault = |what: &str| format!("it begins as JSON, but {what}; {FORMS}");
    let json: Value = serde_json::from_slice(bytes).map_err(|_| fault("isn't JSON"))?;
    let pairs = json["headers"]
        .as_array()
        .ok_or_else(|| fault("has no list of `headers`"))?;
    let headers = pairs
        .iter()
        .map(|pair| match (pair[0].as_str(), pair[1].as_str()) {
            (Some(name), Some(value)) => Ok((name.to_owned(), value.to_owned())),
            _ => Err(fault("a header isn't [name, value]")),
        });
    let body = match (json["body_base64"].as_str(), json["body"].as_str()) {
        (Some(text), _) => STANDARD
            .decode(text)
            .map_err(|_| fault("`body_base64` isn't base64"))?,
        (None, Some(text)) => text.as_bytes().to_vec(),
        (None, None) => return Err(fault("has neither `body_base64` nor `body`")),
    };
    let text = |name: &str| {
        let text = json[name].as_str().filter(|text| !text.is_empty());
        text.map(str::to_owned)
    };
    Ok(Request {
        method: text("method"),
        target: text("url"),
        headers: headers.collect::<Result<_, _>>()?,
        body: Some(body),
        notes: Vec::new(),
    })
}

/// What `curl -v` shows of a request: its head, each line behind `>`. It doesn't show the body.
fn verbose(bytes: &[u8]) -> Result<Request, String> {
    let text = String::from_utf8_lossy(bytes);
    let mut head = text
        .lines()
        .skip_while(|line| !line.starts_with("> "))
        .map_while(|line| line.strip_prefix('>'))
        .map(str::trim)
        .take_while(|line| !line.is_empty());
    let mut request = Request::default();
    let first = head
        .next()
        .ok_or_else(|| format!("it has no request; {FORMS}"))?;
    begin(&mut request, first).ok_or_else(|| fault(1))?;
    for (at, line) in head.enumerate() {
        field(&mut request, line).ok_or_else(|| fault(at + 2))?;
    }
    Ok(request)
}

fn fault(line: usize) -> String {
    format!("line {line} is neither a request line nor a header; {FORMS}")
}

fn raw(bytes: &[u8]) -> Result<Request, String> {
    let mut rest = bytes;
    let mut number = 0;
    loop {
        let mut request = Request::default();
        let mut interim = false;
        let mut first = true;
        loop {
            let (line, behind) = match rest.iter().position(|b| *b == b'\n') {
                Some(end) => (&rest[..end], &rest[end + 1..]),
                None => (rest, &[][..]),
            };
            let ended = rest.is_empty();
            rest = behind;
            number += 1;
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if line.is_empty() {
                if ended && first {
                    return Err(format!("it is empty; {FORMS}"));
                }
                break;
            }
            let line = text(line);
            let read = if std::mem::take(&mut first) {
                // `curl -i` shows an interim answer, such as 100 Continue, before the one that counts.
                interim = line.starts_with("HTTP/") && line.contains(" 1");
                begin(&mut request, &line).or_else(|| field(&mut request, &line))
            } else if line.starts_with([' ', '\t']) && !request.headers.is_empty() {
                request.headers.last_mut().map(|(_, value)| {
                    value.push(' ');
                    value.push_str(line.trim());
                })
            } else {
                field(&mut request, &line)
            };
            read.ok_or_else(|| fault(number))?;
        }
        if interim && !rest.is_empty() {
            continue;
        }
        let body = rest.to_vec();
        return Ok(with_body(request, body));
    }
}

/// Header lines are ASCII mostly; any other byte is read as Latin-1, as HTTP once had it.
fn text(line: &[u8]) -> String {
    match std::str::from_utf8(line) {
        Ok(text) => text.to_owned(),
        Err(_) => line.iter().map(|byte| char::from(*byte)).collect(),
    }
}

/// A request line, or a status line, which names neither method nor URL.
fn begin(request: &mut Request, line: &str) -> Option<()> {
    if line.starts_with("HTTP/") {
        return Some(());
    }
    let mut parts = line.split(' ').filter(|part| !part.is_empty());
    let (method, target, version) = (parts.next()?, parts.next()?, parts.next()?);
    let is_method = method.bytes().all(|b| b.is_ascii_uppercase());
    if !is_method || !version.starts_with("HTTP/") || parts.next().is_some() {
        return None;
    }
    request.method = Some(method.to_owned());
    request.target = Some(target.to_owned());
    Some(())
}

fn field(request: &mut Request, line: &str) -> Option<()> {
    let (name, value) = line.split_once(':')?;
    let is_name = |b: u8| b.is_ascii_graphic() && !b"()<>@,;\\\"/[]?={}".contains(&b);
    if name.is_empty() || !name.bytes().all(is_name) {
        return None;
    }
    let value = value.trim_matches([' ', '\t']);
    request.headers.push((name.to_owned(), value.to_owned()));
    Some(())
}

/// The request with this body, held against what its headers say of it.
fn with_body(mut request: Request, mut body: Vec<u8>) -> Request {
    let is_chunked = (request.header("transfer-encoding"))
        .is_some_and(|coding| coding.eq_ignore_ascii_case("chunked"));
    if is_chunked && let Some(whole) = joined(&body) {
        request
            .notes
            .push("the body was written in chunks; they are put together".into());
        body = whole;
    }
    let length = (request.header("content-length")).and_then(|text| text.parse::<usize>().ok());
    if let Some(length) = length
        && length != body.len()
    {
        let further = body.get(length..).unwrap_or_default();
        if matches!(further, b"\n" | b"\r\n") {
            request.notes.push(
                "behind the body stands a line end that Content-Length doesn't count; it is left out".into(),
            );
            body.truncate(length);
        } else {
            request.notes.push(format!(
                "the body has {} bytes, and Content-Length says {length}: it isn't what was sent, or not all of it",
                body.len()
            ));
        }
    }
    request.body = Some(body);
    request
}

/// The chunks of a body put together, if it is written in chunks from its first byte to its last.
fn joined(body: &[u8]) -> Option<Vec<u8>> {
    let (mut rest, mut whole) = (body, Vec::new());
    loop {
        let end = rest.iter().position(|b| *b == b'\n')?;
        let size = std::str::from_utf8(&rest[..end]).ok()?;
        let size = usize::from_str_radix(size.split(';').next()?.trim(), 16).ok()?;
        rest = &rest[end + 1..];
        if size == 0 {
            return rest.trim_ascii().is_empty().then_some(whole);
        }
        whole.extend_from_slice(rest.get(..size)?);
        rest = &rest[size..];
        rest = rest.strip_prefix(b"\r\n").or(rest.strip_prefix(b"\n"))?;
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn read(text: &str) -> Request {
        Request::read(text.as_bytes()).unwrap()
    }

    #[test]
    fn raw_http_is_read_with_either_line_end_and_the_body_kept_byte_for_byte() {
        for end in ["\r\n", "\n"] {
            let text = [
                "POST /hook?a=1 HTTP/1.1",
                "Host: example.com",
                "X-A:  b ",
                "",
                "{\r\n}\n\n",
            ];
            let request = read(&text.join(end));
            assert_eq!(request.method.as_deref(), Some("POST"));
            assert_eq!(request.target.as_deref(), Some("/hook?a=1"));
            assert_eq!(request.header("x-a"), Some("b"));
            assert_eq!(request.body.as_deref(), Some(&b"{\r\n}\n\n"[..]));
            assert!(request.notes.is_empty());
        }
        let binary = Request::read(b"POST / HTTP/2\nX: \xe9\n\n\0\xff\n").unwrap();
        assert_eq!(binary.header("x"), Some("\u{e9}"));
        assert_eq!(binary.body.as_deref(), Some(&b"\0\xff\n"[..]));
        assert_eq!(read("X-A: b\n\nbody").body.as_deref(), Some(&b"body"[..]));
        assert_eq!(
            read("POST / HTTP/1.1\nX-A: b").body.as_deref(),
            Some(&b""[..])
        );
        assert_eq!(
            read("POST / HTTP/1.1\nX-A: b\n c\n\n").header("x-a"),
            Some("b c")
        );
    }

    #[test]
    fn an_answer_that_curl_shows_is_read_past_what_came_before_it() {
        let text = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nX-A: b\r\n\r\nbody";
        let request = read(text);
        assert_eq!(
            (request.method.as_ref(), request.header("x-a")),
            (None, Some("b"))
        );
        assert_eq!(request.body.as_deref(), Some(&b"body"[..]));
        let text = "*   Trying 127.0.0.1\n> POST /hook HTTP/1.1\n> Host: a\n> X-A: b\n>\n< HTTP/1.1 200 OK\n< X-A: c\n";
        let request = read(text);
        assert_eq!(
            (request.target.as_deref(), request.header("x-a")),
            (Some("/hook"), Some("b"))
        );
        assert_eq!(request.body, None);
    }

    #[test]
    fn content_length_is_held_against_the_body() {
        let with = |length: &str, body: &str| {
            read(&format!(
                "POST / HTTP/1.1\nContent-Length: {length}\n\n{body}"
            ))
        };
        for (length, body, kept, note) in [
            ("2", "{}", "{}", ""),
            ("2", "{}\n", "{}", "left out"),
            ("2", "{}\r\n", "{}", "left out"),
            ("3", "{}\n", "{}\n", ""),
            (
                "2",
                "{}\n\n",
                "{}\n\n",
                "4 bytes, and Content-Length says 2",
            ),
            ("9", "{}", "{}", "2 bytes, and Content-Length says 9"),
            ("x", "{}\n", "{}\n", ""),
        ] {
            let request = with(length, body);
            assert_eq!(
                request.body.as_deref(),
                Some(kept.as_bytes()),
                "{length} {body:?}"
            );
            let notes = request.notes.concat();
            assert_eq!(notes.is_empty(), note.is_empty(), "{notes}");
            assert!(notes.contains(note), "{notes}");
        }
    }

    #[test]
    fn chunks_are_put_together_where_all_of_the_body_is_written_so() {
        let with = |body: &str| {
            read(&format!(
                "POST / HTTP/1.1\nTransfer-Encoding: chunked\n\n{body}"
            ))
        };
        let whole = with("4\r\n{\"a\"\r\n3;x=y\r\n:1}\r\n0\r\n\r\n");
        assert_eq!(whole.body.as_deref(), Some(&b"{\"a\":1}"[..]));
        assert_eq!(with("{\"a\":1}").body.as_deref(), Some(&b"{\"a\":1}"[..]));
        assert_eq!(
            with("4\r\n{\"a\"").body.as_deref(),
            Some(&b"4\r\n{\"a\""[..])
        );
    }

    #[test]
    fn what_landfall_prints_is_read_back() {
        let request = read(
            r#"{"method":"PUT","url":"https://a.example/x","headers":[["A","b"]],"body":"{}","body_base64":"e30K"}"#,
        );
        assert_eq!(request.method.as_deref(), Some("PUT"));
        assert_eq!(request.target.as_deref(), Some("https://a.example/x"));
        assert_eq!(request.body.as_deref(), Some(&b"{}\n"[..]));
    }

    #[test]
    fn what_is_no_request_is_a_fault_that_says_what_to_write() {
        for text in [
            "",
            "\n\n",
            "{}",
            "{\"id\":1}\n",
            "hello",
            "POST / HTTP/1.1\nno header\n\n",
            "POST /\n\n",
            "* nothing\n",
            "> nothing\n",
        ] {
            let fault = Request::read(text.as_bytes()).unwrap_err();
            assert!(fault.contains("write a request line"), "{text:?}: {fault}");
        }
        let any: Vec<u8> = (0..=255).collect();
        assert!(Request::read(&any).is_err());
    }
}
