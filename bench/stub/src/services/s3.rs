//! S3, with the bucket in the path, as it is addressed where an endpoint is named.

use std::{cell::RefCell, collections::HashMap};

use bytes::Bytes;
use hyper::{Method, StatusCode, header::HeaderValue};

use crate::http::{Answer, Whole, text};

/// Objects, by path.
#[derive(Default)]
pub(crate) struct Buckets(RefCell<HashMap<String, Bytes>>);

impl Buckets {
    pub(crate) fn clear(&self) {
        self.0.borrow_mut().clear();
    }

    pub(crate) fn count(&self) -> usize {
        self.0.borrow().len()
    }

    /// The call's name, and its answer.
    pub(crate) fn call(&self, request: &Whole) -> (&'static str, Answer) {
        let path = request.head.uri.path();
        match request.head.method {
            Method::PUT => {
                let encoding = request.head.headers.get("content-encoding");
                let is_chunked = encoding.is_some_and(|name| name == "aws-chunked");
                let body = if is_chunked {
                    unchunked(&request.body)
                } else {
                    request.body.clone()
                };
                self.0.borrow_mut().insert(path.to_owned(), body);
                let mut answer = text(StatusCode::OK, "");
                let tag = HeaderValue::from_static("\"0\"");
                answer.headers_mut().insert("etag", tag);
                ("S3.PutObject", answer)
            }
            Method::GET => {
                let objects = self.0.borrow();
                let answer = objects.get(path).map_or_else(
                    || {
                        let missing = "<Error><Code>NoSuchKey</Code></Error>";
                        text(StatusCode::NOT_FOUND, missing)
                    },
                    |body| text(StatusCode::OK, body.clone()),
                );
                ("S3.GetObject", answer)
            }
            _ => ("unknown", text(StatusCode::BAD_REQUEST, "")),
        }
    }
}

/// Takes the SDK's chunks apart: each has its length before it, and what follows the empty one is the checksum's.
fn unchunked(body: &Bytes) -> Bytes {
    let (mut whole, mut rest) = (Vec::with_capacity(body.len()), &body[..]);
    while let Some(end) = rest.windows(2).position(|pair| pair == b"\r\n") {
        let length = rest[..end].split(|byte| *byte == b';').next();
        let length = length.and_then(|length| std::str::from_utf8(length).ok());
        let length = length.and_then(|length| usize::from_str_radix(length, 16).ok());
        let Some(length @ 1..) = length else { break };
        let (from, to) = (end + 2, end + 2 + length);
        let Some(chunk) = rest.get(from..to) else {
            break;
        };
        whole.extend_from_slice(chunk);
        rest = rest.get(to + 2..).unwrap_or_default();
    }
    whole.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_in_the_sdks_chunks_is_kept_as_it_was() {
        let body = Bytes::from_static(
            b"3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nx-amz-checksum-crc32:AAAA\r\n\r\n",
        );
        assert_eq!(unchunked(&body), "abcde");
        assert_eq!(unchunked(&Bytes::from_static(b"zz")), "");
    }
}
