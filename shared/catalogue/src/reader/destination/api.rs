//! A destination that is the very API that takes deliveries.

use crate::{
    destination::{Destination, Kind},
    reader::report::Report,
};

/// Reports a destination that posts to an API at one of these addresses.
pub(in crate::reader) fn no_loop(
    destination: Option<&Destination>,
    api: &[&str],
    at: usize,
    report: &mut Report<'_>,
) {
    let Some(Kind::Http(http)) = destination.map(|destination| &destination.kind) else {
        return;
    };
    if api.iter().any(|api| is_at(http.url, api)) {
        report.add(
            at,
            "the destination is the stack's own API: each of its events would come back as a new one",
            "send the event to the place that it is for, or give the other source's routes this one's events with `from`",
        );
    }
}

/// Whether a URL is of this API: its host and, where the API has one, its path.
fn is_at(url: &str, api: &str) -> bool {
    let (url, api) = (without_scheme(url), without_scheme(api));
    let Some((same, rest)) = url.split_at_checked(api.len()) else {
        return false;
    };
    same.eq_ignore_ascii_case(api) && (rest.is_empty() || rest.starts_with(['/', '?', ':']))
}

fn without_scheme(url: &str) -> &str {
    let url = url.split_once("://").map_or(url, |(_, rest)| rest);
    url.trim_end_matches('/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_api_is_known_by_its_host_and_its_path() {
        const API: &str = "https://abc123.execute-api.eu-central-1.amazonaws.com";
        for (url, expected) in [
            (
                "https://abc123.execute-api.eu-central-1.amazonaws.com",
                true,
            ),
            (
                "https://abc123.execute-api.eu-central-1.amazonaws.com/webhooks/a",
                true,
            ),
            (
                "https://ABC123.execute-api.eu-central-1.amazonaws.com/webhooks/a",
                true,
            ),
            (
                "https://abc123.execute-api.eu-central-1.amazonaws.com:443/webhooks/a",
                true,
            ),
            (
                "https://abc123.execute-api.eu-central-1.amazonaws.com?a",
                true,
            ),
            (
                "https://abc124.execute-api.eu-central-1.amazonaws.com/webhooks/a",
                false,
            ),
            (
                "https://abc123.execute-api.eu-central-1.amazonaws.com.example.com/",
                false,
            ),
            ("https://billing.example.com/", false),
        ] {
            assert_eq!(is_at(url, API), expected, "{url}");
        }
        let here = "http://127.0.0.1:4566/_aws/execute-api/abc123";
        assert!(is_at(
            "http://127.0.0.1:4566/_aws/execute-api/abc123/webhooks/a",
            here
        ));
        assert!(!is_at(
            "http://127.0.0.1:4566/_aws/execute-api/abc124/webhooks/a",
            here
        ));
    }
}
