//! One HTTP request, as plain texts and bytes. Nothing in it is believed before it is verified, and nothing of it is
//! shown, verified or not: its `Debug` tells sizes.

use std::{borrow::Cow, fmt};

use crate::reading::url::Parts;

/// A delivery: the body decoded to its raw bytes, nothing else parsed. [`Delivery::new`] makes it, so that
/// path and query are those of the URL.
#[derive(Clone, Copy)]
pub struct Delivery<'a> {
    /// The HTTP method, in capitals.
    pub method: &'a str,
    /// The path of that URL.
    pub path: &'a str,
    /// The query of that URL, without `?`; empty if there is none.
    pub query: &'a str,
    /// The URL that the provider signs, as far as it is known: see [`as_signed`](crate::reading::url::as_signed).
    pub url: &'a str,
    /// The headers.
    pub headers: &'a Headers<'a>,
    /// The raw body.
    pub body: &'a [u8],
}

/// Headers by name, without regard to case. Values of one name are joined with commas, as API
/// Gateway does. They may be parts of a text that stays elsewhere.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Headers<'a>(Vec<(Cow<'a, str>, Cow<'a, str>)>);

impl<'a> Delivery<'a> {
    /// A delivery of this method, at the URL that [`as_signed`](crate::reading::url::as_signed) gives. The URL may be
    /// empty where it isn't known.
    #[must_use]
    pub fn new(method: &'a str, url: &'a str, headers: &'a Headers<'a>, body: &'a [u8]) -> Self {
        let parts = Parts::of(url);
        Self {
            method,
            path: match parts.path {
                "" => "/",
                path => path,
            },
            query: parts.query.unwrap_or_default(),
            url,
            headers,
            body,
        }
    }

    /// The host of the URL, without a port.
    #[must_use]
    pub fn host(&self) -> &'a str {
        let origin = Parts::of(self.url).origin;
        let authority = origin.split_once("://").map_or("", |(_, rest)| rest);
        match authority.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
            _ => authority,
        }
    }

    /// The URL up to its query.
    #[must_use]
    pub fn url_without_query(&self) -> &'a str {
        self.url.split('?').next().unwrap_or_default()
    }

    /// Path and query of the URL.
    #[must_use]
    pub fn path_and_query(&self) -> &'a str {
        match self.url.strip_prefix(Parts::of(self.url).origin) {
            None | Some("") => self.path,
            Some(local) => local,
        }
    }
}

impl Headers<'_> {
    /// The value of this header, white space around it dropped; `None` where absent or empty.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(found, _)| found.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim_matches([' ', '\t']))
            .filter(|value| !value.is_empty())
    }

    /// The value of this header, which is no longer there then.
    pub fn take(&mut self, name: &str) -> Option<String> {
        let value = self.get(name).map(str::to_owned);
        self.0
            .retain(|(found, _)| !found.eq_ignore_ascii_case(name));
        value
    }

    /// Names and values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_ref(), value.as_ref()))
    }

    /// The same, with texts of their own.
    #[must_use]
    pub fn into_owned(self) -> Headers<'static> {
        let owned = |(name, value): (Cow<str>, Cow<str>)| (name.into_owned(), value.into_owned());
        self.0.into_iter().map(owned).collect()
    }

    /// The headers with these in the place of those of the same name.
    #[must_use]
    pub fn replaced(&self, newer: &[(String, String)]) -> Headers<'static> {
        let is_newer = |name: &str| {
            newer
                .iter()
                .any(|(found, _)| found.eq_ignore_ascii_case(name))
        };
        let kept = self.iter().filter(|(name, _)| !is_newer(name));
        let newer = newer.iter().map(|(name, value)| (&**name, &**value));
        kept.chain(newer).collect::<Headers>().into_owned()
    }

    /// The values of the headers whose name is this and a number behind it, by that number.
    #[must_use]
    pub fn numbered(&self, name: &str) -> Vec<&str> {
        let mut found: Vec<(u16, &str)> = self
            .0
            .iter()
            .filter_map(|(found, value)| {
                let (head, number) = found.split_at_checked(name.len())?;
                let digits = number.bytes().all(|b| b.is_ascii_digit());
                let value = value.trim_matches([' ', '\t']);
                if !head.eq_ignore_ascii_case(name) || !digits || value.is_empty() {
                    return None;
                }
                Some((number.parse().ok()?, value))
            })
            .collect();
        found.sort_unstable();
        found.into_iter().map(|(_, value)| value).collect()
    }
}

impl<'a, N: Into<Cow<'a, str>>, V: Into<Cow<'a, str>>> FromIterator<(N, V)> for Headers<'a> {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        let pairs = pairs.into_iter();
        let mut headers: Vec<(Cow<str>, Cow<str>)> = Vec::with_capacity(pairs.size_hint().0);
        for (name, value) in pairs {
            let (name, value) = (name.into(), value.into());
            match headers
                .iter_mut()
                .find(|(found, _)| found.eq_ignore_ascii_case(&name))
            {
                Some((_, joined)) => {
                    let joined = joined.to_mut();
                    joined.push(',');
                    joined.push_str(&value);
                }
                None => headers.push((name, value)),
            }
        }
        Self(headers)
    }
}

impl fmt::Debug for Delivery<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Delivery({:?}, {} bytes)", self.headers, self.body.len())
    }
}

impl fmt::Debug for Headers<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} headers", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_has_no_port() {
        let headers = Headers::default();
        for (url, host) in [
            ("https://hooks.example.com/a?b=:1", "hooks.example.com"),
            ("https://hooks.example.com:8443/a", "hooks.example.com"),
            ("http://[::1]:80/", "[::1]"),
            ("http://[::1]/", "[::1]"),
            ("", ""),
        ] {
            assert_eq!(
                Delivery::new("POST", url, &headers, b"").host(),
                host,
                "{url}"
            );
        }
    }

    #[test]
    fn numbered_headers_are_read_in_the_order_of_their_numbers() {
        let headers: Headers = [
            ("X-Sig-10", "c"),
            ("x-sig-2", " b\t"),
            ("X-SIG-1", "a"),
            ("X-Sig-3", " "),
            ("X-Sig", "d"),
            ("X-Sig-", "e"),
            ("X-Sig-x", "f"),
            ("X-Sig-+4", "g"),
            ("X-Sig-70000", "h"),
            ("Y-Sig-1", "i"),
        ]
        .into_iter()
        .collect();
        assert_eq!(headers.numbered("X-Sig-"), ["a", "b", "c"]);
    }

    #[test]
    fn a_header_that_is_taken_is_gone() {
        let mut headers: Headers = [("A", "1"), ("b", " 2 ")].into_iter().collect();
        assert_eq!(headers.take("B").as_deref(), Some("2"));
        assert_eq!(headers.take("B"), None);
        assert_eq!(headers, [("A", "1")].into_iter().collect());
    }

    #[test]
    fn newer_headers_take_the_place_of_those_of_the_same_name() {
        let headers: Headers = [("A", "1"), ("B", "2")].into_iter().collect();
        let newer = [("a", "3"), ("C", "4")].map(|(n, v)| (n.to_owned(), v.to_owned()));
        let expected = [("B", "2"), ("a", "3"), ("C", "4")].into_iter().collect();
        assert_eq!(headers.replaced(&newer), expected);
    }
}
