//! Requests and answers of HTTP/1.1, as far as a browser on this machine needs them: one request a connection, and bodies
//! of a known length.

use std::{
    io::{self, Read, Write},
    net::TcpStream,
    time::Instant,
};

use super::fields::Fields;

/// How long a request's head may be, and its body.
const MOST_HEAD: usize = 32 * 1_024;
const MOST_BODY: usize = 2 * 1_024 * 1_024;

/// How many headers it may have.
const MOST_HEADERS: usize = 64;

/// A connection, which is read until then and no longer: one that sends a letter now and then takes nobody's place for long.
pub(super) struct Patient<'s> {
    pub(super) stream: &'s TcpStream,
    pub(super) until: Instant,
}

impl Read for Patient<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let left = self.until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        self.stream.set_read_timeout(Some(left))?;
        self.stream.read(into)
    }
}

/// What a browser asks for.
#[derive(Debug, Default)]
pub(super) struct Request {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) query: Fields,
    /// The fields of a form.
    pub(super) form: Fields,
    headers: Vec<(String, String)>,
}

/// What it gets.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) kind: &'static str,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Vec<u8>,
}

/// Why a request can't be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// Nothing came, or it broke off: nobody waits for an answer.
    Gone,
    Malformed,
    TooLarge,
}

impl Request {
    #[cfg(test)]
    pub(super) fn new(method: &str, target: &str, headers: &[(&str, &str)], form: &str) -> Self {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let headers = headers.iter();
        Self {
            method: method.to_owned(),
            path: path.to_owned(),
            query: Fields::read(query.as_bytes()),
            form: Fields::read(form.as_bytes()),
            headers: headers
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
        }
    }

    /// Reads one.
    pub(super) fn read(from: &mut impl Read) -> Result<Self, Unreadable> {
        let mut bytes = Vec::new();
        let (mut request, start, length) = loop {
            if more(from, &mut bytes)? == 0 {
                return Err(Unreadable::Gone);
            }
            if let Some(read) = head(&bytes)? {
                break read;
            }
            if bytes.len() > MOST_HEAD {
                return Err(Unreadable::TooLarge);
            }
        };
        if length > MOST_BODY {
            return Err(Unreadable::TooLarge);
        }
        while bytes.len() < start + length {
            if more(from, &mut bytes)? == 0 {
                return Err(Unreadable::Gone);
            }
        }
        request.form = Fields::read(&bytes[start..start + length]);
        Ok(request)
    }

    /// The value of a header that there is once. What a browser sends twice isn't believed.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.headers.iter();
        let mut found = found
            .by_ref()
            .filter(|(of, _)| of.eq_ignore_ascii_case(name));
        let (_, value) = found.next()?;
        found.next().is_none().then_some(value.as_str())
    }

    /// The value of a cookie.
    pub(super) fn cookie(&self, name: &str) -> Option<&str> {
        let cookies = self.header("cookie")?.split(';');
        let mut pairs = cookies.filter_map(|cookie| cookie.trim().split_once('='));
        pairs.find(|(of, _)| *of == name).map(|(_, value)| value)
    }
}

fn more(from: &mut impl Read, bytes: &mut Vec<u8>) -> Result<usize, Unreadable> {
    let mut part = [0; 8 * 1_024];
    let count = from.read(&mut part).map_err(|_| Unreadable::Gone)?;
    bytes.extend_from_slice(&part[..count]);
    Ok(count)
}

/// The request without its body, where that begins and how long it is. `None`: there isn't enough yet.
fn head(bytes: &[u8]) -> Result<Option<(Request, usize, usize)>, Unreadable> {
    let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut parsed = httparse::Request::new(&mut headers);
    let start = match parsed.parse(bytes) {
        Ok(httparse::Status::Complete(start)) => start,
        Ok(httparse::Status::Partial) => return Ok(None),
        Err(_) => return Err(Unreadable::Malformed),
    };
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let headers = parsed.headers.iter();
    let target = parsed.path.unwrap_or_default();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let request = Request {
        method: parsed.method.unwrap_or_default().to_owned(),
        path: path.to_owned(),
        query: Fields::read(query.as_bytes()),
        form: Fields::default(),
        headers: headers
            .map(|header| (header.name.to_owned(), text(header.value)))
            .collect(),
    };
    let has = |name: &str| {
        let mut headers = request.headers.iter();
        headers.any(|(of, _)| of.eq_ignore_ascii_case(name))
    };
    if has("transfer-encoding") {
        return Err(Unreadable::Malformed);
    }
    let length = match request.header("content-length") {
        None if has("content-length") => return Err(Unreadable::Malformed),
        None => 0,
        Some(text) => text.parse().map_err(|_| Unreadable::Malformed)?,
    };
    Ok(Some((request, start, length)))
}

impl Answer {
    pub(super) fn new(status: u16, kind: &'static str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            kind,
            headers: Vec::new(),
            body: body.into(),
        }
    }

    /// Has the browser ask for another page.
    pub(super) fn see(path: String) -> Self {
        let mut answer = Self::new(303, "text/plain; charset=utf-8", "");
        answer.headers.push(("Location", path));
        answer
    }

    /// Writes it. Nothing of it is kept by the browser, run from elsewhere, or shown within another page.
    pub(super) fn write(&self, to: &mut impl Write) -> io::Result<()> {
        let mut head = format!(
            "HTTP/1.1 {} \r\nContent-Type: {}\r\nContent-Length: {}\r\nConnection: close\r\nCache-Control: no-store\r\n\
             Content-Security-Policy: {POLICY}\r\nX-Content-Type-Options: nosniff\r\nX-Frame-Options: DENY\r\n\
             Referrer-Policy: same-origin\r\nCross-Origin-Opener-Policy: same-origin\r\n\
             Cross-Origin-Resource-Policy: same-origin\r\n",
            self.status,
            self.kind,
            self.body.len()
        );
        for (name, value) in &self.headers {
            let value: String = value.chars().filter(|c| !c.is_control()).collect();
            head.extend([name, ": ", &value, "\r\n"]);
        }
        head.push_str("\r\n");
        to.write_all(head.as_bytes())?;
        to.write_all(&self.body)?;
        to.flush()
    }
}

/// All that a page has comes from the console itself. A form's `Origin` is told to the console, which is why the policy for
/// referrers isn't `no-referrer`.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::{net::TcpListener, time::Duration};

    use super::*;

    fn read(text: &str) -> Result<Request, Unreadable> {
        Request::read(&mut text.as_bytes())
    }

    #[test]
    fn a_form_is_read_with_its_target_its_headers_and_its_fields() {
        let request = read(
            "POST /dlq?source=a%20b HTTP/1.1\r\nHost: 127.0.0.1:1\r\nCookie: a=1; b=2\r\nContent-Length: 9\r\n\r\nx=1&y=%26&",
        );
        let request = request.unwrap();
        assert_eq!(
            (request.method.as_str(), request.path.as_str()),
            ("POST", "/dlq")
        );
        assert_eq!(request.query.one("source"), "a b");
        assert_eq!(request.form.one("y"), "&");
        assert_eq!(request.header("host"), Some("127.0.0.1:1"));
        assert_eq!(
            (request.cookie("b"), request.cookie("c")),
            (Some("2"), None)
        );
    }

    #[test]
    fn what_is_cut_malformed_ambiguous_or_too_large_is_no_request() {
        let long = format!("GET /{} HTTP/1.1\r\n", "x".repeat(MOST_HEAD + 9_000));
        for (text, why) in [
            ("", Unreadable::Gone),
            ("GET / HTTP/1.1\r\nHost: a", Unreadable::Gone),
            (
                "POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nab",
                Unreadable::Gone,
            ),
            ("nonsense\r\n\r\n", Unreadable::Malformed),
            (
                "POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
                Unreadable::Malformed,
            ),
            (
                "POST / HTTP/1.1\r\nContent-Length: 0\r\nContent-Length: 1\r\n\r\n",
                Unreadable::Malformed,
            ),
            (
                "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
                Unreadable::Malformed,
            ),
            (
                "POST / HTTP/1.1\r\nContent-Length: 9999999\r\n\r\n",
                Unreadable::TooLarge,
            ),
            (&long, Unreadable::TooLarge),
        ] {
            assert_eq!(read(text).unwrap_err(), why, "{text:.60}");
        }
        // Of two hosts neither is believed.
        let request = read("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n").unwrap();
        assert_eq!(request.header("host"), None);
    }

    #[test]
    fn a_connection_has_so_much_time_in_all_however_it_is_spent() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (stream, _) = listener.accept().unwrap();
        client.write_all(b"GET / HTTP/1.1\r\n\r\n").unwrap();
        let now = Instant::now();
        let read = |until| {
            Request::read(&mut Patient {
                stream: &stream,
                until,
            })
        };
        // It is all there, and comes too late.
        assert_eq!(read(now).unwrap_err(), Unreadable::Gone);
        assert_eq!(read(now + Duration::from_mins(5)).unwrap().path, "/");
    }

    #[test]
    fn an_answer_can_be_kept_nowhere_and_has_no_header_that_a_value_began() {
        let mut answer = Answer::new(200, "text/html; charset=utf-8", "body");
        answer
            .headers
            .push(("Location", "/a\r\nSet-Cookie: b=1".to_owned()));
        let mut written = Vec::new();
        answer.write(&mut written).unwrap();
        let text = String::from_utf8(written).unwrap();
        assert!(text.starts_with("HTTP/1.1 200 "));
        for line in [
            "Cache-Control: no-store\r\n",
            "X-Frame-Options: DENY\r\n",
            "default-src 'none'",
            "Location: /aSet-Cookie: b=1\r\n",
        ] {
            assert!(text.contains(line), "{line}");
        }
        assert!(text.ends_with("\r\n\r\nbody"));
    }
}
