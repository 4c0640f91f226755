//! The URL that a provider signs. It isn't always the one that it calls: there may be a proxy or a
//! domain of one's own in between, and some providers write a URL anew before they sign it, or after.

use std::borrow::Cow;

use catalogue::UrlForm;
use memchr::{memchr2, memmem};

use crate::reading::form;

/// Characters that JavaScript's `encodeURIComponent` and Node's `querystring.escape` leave as they are,
/// beside letters and digits.
const KEPT_IN_A_VALUE: &[u8] = b"-._~!'()*";

/// Those that JavaScript's `encodeURI` leaves as they are.
const KEPT_IN_A_URL: &[u8] = b"-._~!'()*;/?:@&=+$,#";

/// The URL as it was entered at the provider; without a word on that, as it was called. Both without
/// the fragment, which is never sent.
///
/// What was entered counts as far as it goes: scheme and host; the path, if it has one; and, if it has a
/// query, the order and the spelling of the parameters, with those behind them that the provider put
/// there. A parameter that wasn't sent isn't taken from it, so that nothing counts as signed that the
/// delivery doesn't say.
#[must_use]
pub fn as_signed(called: &str, entered: Option<&str>) -> String {
    let called = without_fragment(called);
    let Some(entered) = entered.map(without_fragment) else {
        return called.to_owned();
    };
    let (called, entered) = (Parts::of(called), Parts::of(entered));
    let query = match (entered.query, called.query) {
        (Some(entered), Some(called)) => Some(in_order_of(entered, called)),
        (_, called) => called.map(Cow::Borrowed),
    };
    Parts {
        origin: entered.origin,
        path: match entered.path {
            "" => called.path,
            path => path,
        },
        query: query.as_deref(),
    }
    .joined()
}

/// The query of a URL, without `?`; empty where it has none.
#[must_use]
pub fn query(url: &str) -> &str {
    Parts::of(without_fragment(url)).query.unwrap_or_default()
}

/// The parts of a URL, as they are written.
#[derive(Clone, Copy)]
pub(crate) struct Parts<'u> {
    /// Scheme and authority; empty where the text has none.
    pub(crate) origin: &'u str,
    pub(crate) path: &'u str,
    /// What stands behind the first `?`, where there is one.
    pub(crate) query: Option<&'u str>,
}

impl<'u> Parts<'u> {
    pub(crate) fn of(url: &'u str) -> Self {
        let host = memmem::find(url.as_bytes(), b"://").map_or(0, |at| at + "://".len());
        let authority = memchr2(b'/', b'?', &url.as_bytes()[host..]).unwrap_or(url.len() - host);
        let (origin, local) = match host {
            0 => ("", url),
            _ => url.split_at(host + authority),
        };
        let (path, query) = match local.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (local, None),
        };
        Self {
            origin,
            path,
            query,
        }
    }

    fn joined(self) -> String {
        let Self {
            origin,
            path,
            query,
        } = self;
        match query {
            Some(query) => format!("{origin}{path}?{query}"),
            None => format!("{origin}{path}"),
        }
    }
}

fn without_fragment(url: &str) -> &str {
    url.split('#').next().unwrap_or_default()
}

/// The parameters of `called` in the order and the spelling of `entered`, then the others. Where one of
/// `entered` isn't among them, as they are.
fn in_order_of<'c>(entered: &str, called: &'c str) -> Cow<'c, str> {
    let pairs = |query: &'c str| query.split('&').filter(|pair| !pair.is_empty());
    let mut rest: Vec<_> = pairs(called)
        .map(|pair| (pair, form::pairs(pair.as_bytes())))
        .collect();
    let mut ordered = Vec::new();
    for pair in entered.split('&').filter(|pair| !pair.is_empty()) {
        let meant = form::pairs(pair.as_bytes());
        match rest.iter().position(|(_, sent)| *sent == meant) {
            Some(at) => {
                rest.remove(at);
                ordered.push(pair);
            }
            None => return called.into(),
        }
    }
    ordered.extend(rest.into_iter().map(|(pair, _)| pair));
    ordered.join("&").into()
}

/// The forms of a URL, or of a part of one, in which a provider may have signed it; never none.
pub(crate) fn forms(url: &str, ways: &[UrlForm]) -> Vec<String> {
    let mut forms = vec![url.to_owned()];
    for way in ways {
        let mut further = Vec::with_capacity(forms.len() * way.count());
        for url in &forms {
            for form in of_one(url, *way) {
                if !further.contains(&form) {
                    further.push(form);
                }
            }
        }
        forms = further;
    }
    forms
}

fn of_one(url: &str, way: UrlForm) -> Vec<String> {
    let parts = Parts::of(url);
    let with_query = |query: &str| {
        Parts {
            query: Some(query),
            ..parts
        }
        .joined()
    };
    let as_it_is = url.to_owned();
    match way {
        UrlForm::AnyPort => any_port(parts),
        UrlForm::QueryEncodedAnew => match parts.query {
            None | Some("") => vec![as_it_is],
            Some(query) => {
                let escaped = with_query(&query.replace('\'', "%27"));
                let anew = encoded_anew(query).map(|query| with_query(&query));
                [as_it_is, escaped].into_iter().chain(anew).collect()
            }
        },
        UrlForm::AnySlash => {
            let other = match parts.path.strip_suffix('/') {
                Some(path) => path.to_owned(),
                None => format!("{}/", parts.path),
            };
            let path = other.as_str();
            vec![as_it_is, Parts { path, ..parts }.joined()]
        }
        UrlForm::Decoded(characters) => vec![decoded(url, characters), as_it_is],
        UrlForm::EncodedAgain => {
            let query = parts.query.map(|query| {
                let as_one_value = form::escape_but(query.as_bytes(), KEPT_IN_A_VALUE);
                form::escape_but(as_one_value.as_bytes(), KEPT_IN_A_URL)
            });
            let query = query.as_deref().filter(|query| !query.is_empty());
            let again = form::escape_but(parts.path.as_bytes(), KEPT_IN_A_URL);
            let path = again.as_str();
            let with_path = |path| {
                Parts {
                    path,
                    query,
                    ..parts
                }
                .joined()
            };
            vec![with_path(path), with_path(parts.path)]
        }
    }
}

fn any_port(parts: Parts<'_>) -> Vec<String> {
    let with_origin = |origin: &str| Parts { origin, ..parts }.joined();
    let mut forms = vec![parts.joined()];
    let Some((scheme, authority)) = parts.origin.split_once("://") else {
        return forms;
    };
    match authority.rsplit_once(':') {
        Some((host, port)) if !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()) => {
            forms.push(with_origin(&format!("{scheme}://{host}")));
        }
        _ => {
            let port = if scheme == "http" { 80 } else { 443 };
            forms.push(with_origin(&format!("{}:{port}", parts.origin)));
        }
    }
    forms
}

/// The parameters as Node's `querystring` writes them when it has read them: those of one name
/// together. `None`: one isn't UTF-8.
fn encoded_anew(query: &str) -> Option<String> {
    let pairs = form::text_pairs(query.as_bytes())?;
    let mut groups: Vec<(&str, Vec<&str>)> = Vec::new();
    for (name, value) in &pairs {
        match groups.iter_mut().find(|(known, _)| known == name) {
            Some((_, values)) => values.push(value),
            None => groups.push((name, vec![value])),
        }
    }
    let escape = |text: &str| form::escape_but(text.as_bytes(), KEPT_IN_A_VALUE);
    let written: Vec<String> = groups
        .iter()
        .flat_map(|(name, values)| values.iter().map(move |value| (*name, *value)))
        .map(|(name, value)| format!("{}={}", escape(name), escape(value)))
        .collect();
    Some(written.join("&"))
}

/// The URL with the escapes of these ASCII characters decoded.
fn decoded(url: &str, characters: &str) -> String {
    let mut decoded = String::with_capacity(url.len());
    let mut rest = url;
    while let Some(at) = rest.find('%') {
        decoded.push_str(&rest[..at]);
        rest = &rest[at..];
        let mut byte = [0];
        let digits = rest.as_bytes().get(1..3).unwrap_or_default();
        let known = hex::decode_to_slice(digits, &mut byte).is_ok()
            && characters.contains(char::from(byte[0]));
        if known {
            decoded.push(char::from(byte[0]));
            rest = &rest[3..];
        } else {
            decoded.push('%');
            rest = &rest[1..];
        }
    }
    decoded.push_str(rest);
    decoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_entered_counts_as_far_as_it_goes() {
        let called = "https://abc.execute-api.eu-west-1.amazonaws.com/prod/webhooks/x?a=1&b=2";
        for (entered, signed) in [
            (None, called),
            (
                Some("https://hooks.example.com"),
                "https://hooks.example.com/prod/webhooks/x?a=1&b=2",
            ),
            (
                Some("https://hooks.example.com:8443/x"),
                "https://hooks.example.com:8443/x?a=1&b=2",
            ),
            (
                Some("https://hooks.example.com/x/#rc=5"),
                "https://hooks.example.com/x/?a=1&b=2",
            ),
            (
                Some("https://hooks.example.com/x?b=2"),
                "https://hooks.example.com/x?b=2&a=1",
            ),
            (
                Some("https://hooks.example.com?b=2&a=1"),
                "https://hooks.example.com/prod/webhooks/x?b=2&a=1",
            ),
        ] {
            assert_eq!(as_signed(called, entered), signed);
        }
        assert_eq!(
            as_signed("https://a.example/x#y?z", None),
            "https://a.example/x"
        );
        assert_eq!(
            as_signed("https://a.example/x", Some("https://b.example?c=1")),
            "https://b.example/x"
        );
    }

    #[test]
    fn only_parameters_that_were_sent_count() {
        for (entered, called, signed) in [
            ("b=456&a=123", "a=123&b=456", "b=456&a=123"),
            ("q=Couldn't", "q=Couldn%27t", "q=Couldn't"),
            ("q=a+b", "q=a%20b&more=1", "q=a+b&more=1"),
            ("a=1&a=2", "a=2&a=1", "a=1&a=2"),
            ("a=1&a=1", "a=1", "a=1"),
            ("a=1", "a=2&b=3", "a=2&b=3"),
            ("a", "a=", "a"),
            ("", "b=2&a=1", "b=2&a=1"),
            ("a=1&", "&b=2&&a=1", "a=1&b=2"),
        ] {
            assert_eq!(in_order_of(entered, called), signed, "{entered} {called}");
        }
    }

    #[test]
    fn a_scheme_without_ways_signs_the_url_as_it_is() {
        for url in ["https://a.example:443/p/?q='", "no url", ""] {
            assert_eq!(forms(url, &[]), [url]);
        }
    }

    #[test]
    fn a_port_is_left_out_or_put_there() {
        let forms = |url| forms(url, &[UrlForm::AnyPort]);
        assert_eq!(
            forms("https://a.example/p?q=1:2"),
            ["https://a.example/p?q=1:2", "https://a.example:443/p?q=1:2"]
        );
        assert_eq!(
            forms("http://u:p@a.example/"),
            ["http://u:p@a.example/", "http://u:p@a.example:80/"]
        );
        assert_eq!(
            forms("https://a.example:1234/"),
            ["https://a.example:1234/", "https://a.example/"]
        );
        assert_eq!(forms("/p"), ["/p"]);
    }

    // What `querystring.stringify(querystring.parse(query))` gives in Node.js 20.
    #[test]
    fn a_query_is_encoded_anew_as_node_does_it() {
        let forms = |url| forms(url, &[UrlForm::QueryEncodedAnew]);
        assert_eq!(
            forms("https://a.example/'?q='"),
            ["https://a.example/'?q='", "https://a.example/'?q=%27"]
        );
        assert_eq!(
            forms("https://a.example/?q=it%27s+a,b&r"),
            [
                "https://a.example/?q=it%27s+a,b&r",
                "https://a.example/?q=it's%20a%2Cb&r="
            ]
        );
        assert_eq!(forms("/?a=1&b=2&a=3"), ["/?a=1&b=2&a=3", "/?a=1&a=3&b=2"]);
        assert_eq!(forms("/?a=%ff"), ["/?a=%ff"]);
        assert_eq!(forms("/?"), ["/?"]);
        assert_eq!(forms("/"), ["/"]);
    }

    #[test]
    fn a_slash_at_the_end_of_the_path_comes_and_goes() {
        let forms = |url| forms(url, &[UrlForm::AnySlash]);
        assert_eq!(forms("/a"), ["/a", "/a/"]);
        assert_eq!(forms("/a/"), ["/a/", "/a"]);
        assert_eq!(
            forms("https://h.example/a?b=/"),
            ["https://h.example/a?b=/", "https://h.example/a/?b=/"]
        );
    }

    #[test]
    fn only_the_listed_escapes_are_decoded() {
        let forms = |url| forms(url, &[UrlForm::Decoded(":/?@")]);
        assert_eq!(
            forms("https://a.example/?n=%2Fc%3fid%3D1&who=a%40b&s=%20%26%2"),
            [
                "https://a.example/?n=/c?id%3D1&who=a@b&s=%20%26%2",
                "https://a.example/?n=%2Fc%3fid%3D1&who=a%40b&s=%20%26%2"
            ]
        );
        assert_eq!(forms("/%zz%é"), ["/%zz%é"]);
        assert_eq!(forms("/%2540"), ["/%2540"]);
    }

    // What `getNormalizedEncodedURI` of @contentful/node-apps-toolkit 3.16.1 gives.
    #[test]
    fn a_url_is_encoded_again_as_javascript_does_it() {
        let forms = |url| forms(url, &[UrlForm::EncodedAgain]);
        assert_eq!(forms("/hook"), ["/hook"]);
        assert_eq!(forms("/hook?a=b&c=d"), ["/hook?a%253Db%2526c%253Dd"]);
        assert_eq!(forms("/hook/a%20b"), ["/hook/a%2520b", "/hook/a%20b"]);
        assert_eq!(forms("/hook/a b"), ["/hook/a%20b", "/hook/a b"]);
        assert_eq!(forms("/hook?"), ["/hook"]);
        assert_eq!(forms("/é?é"), ["/%C3%A9?%25C3%25A9", "/é?%25C3%25A9"]);
    }

    #[test]
    fn each_form_is_there_once_and_their_number_is_bounded() {
        let ways = [UrlForm::AnyPort, UrlForm::QueryEncodedAnew];
        let made = forms("https://a.example/p?q='x+y%27", &ways);
        assert_eq!(made.len(), 6, "{made:?}");
        assert_eq!(made[0], "https://a.example/p?q='x+y%27");
        assert!(made.len() <= ways.iter().map(|way| way.count()).product());
    }
}
