//! How the URL that a provider signs may differ from the one that it calls, as parameters.
//! `webhook::reading::url` makes the forms; nothing here does.

/// A way in which the signed URL may differ from the called one. Each comes from the provider's own
/// words or from code of its own; a scheme that names none signs the URL as it is.
///
/// The ways of a scheme are gone through one after the other, and each is tried on every form that
/// the ones before it made. The first form is the one that a provider of ours would sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UrlForm {
    /// As it is; and without its port, or, where it names none, with its scheme's own.
    AnyPort,
    /// As it is, with the single quotes of its query escaped, and with its query decoded and then
    /// encoded again as Node.js does it.
    QueryEncodedAnew,
    /// As it is, and with a slash at the end of its path taken away, or put there.
    AnySlash,
    /// With the escapes of these characters decoded, and as it is.
    Decoded(&'static str),
    /// As JavaScript encodes it: the query as if it were one value, then the whole once more. Of a path
    /// that has escapes also without the second time: they may come from that.
    EncodedAgain,
}

impl UrlForm {
    /// At most so many forms of one URL come of it.
    #[must_use]
    pub const fn count(self) -> usize {
        match self {
            Self::QueryEncodedAnew => 3,
            Self::AnyPort | Self::AnySlash | Self::Decoded(_) | Self::EncodedAgain => 2,
        }
    }
}

/// Why a text is no URL that can have been entered at a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UrlFault {
    /// It doesn't begin with a scheme and a host, or holds what no URL can.
    NoUrl,
    /// It is scheme and host with a slash behind them: neither a whole URL nor the two alone.
    SlashAlone,
}

impl UrlFault {
    /// What is wrong with this text, if anything.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let rest = text
            .strip_prefix("https://")
            .or_else(|| text.strip_prefix("http://"))
            .unwrap_or_default();
        let (host, local) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        let in_host = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b':');
        let in_url = |c: char| !c.is_whitespace() && !c.is_control();
        if host.is_empty() || !host.bytes().all(in_host) || !local.chars().all(in_url) {
            return Some(Self::NoUrl);
        }
        (local == "/").then_some(Self::SlashAlone)
    }

    /// The fault in words, to be put behind the text, and its mend.
    #[must_use]
    pub const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::NoUrl => (
                "is no URL",
                "write the URL as it was entered at the provider, \"https://hooks.example.com/stripe\", or its scheme \
                 and host alone, \"https://hooks.example.com\"",
            ),
            Self::SlashAlone => (
                "is scheme and host with a slash behind them",
                "leave the slash out, or write the whole URL",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_whole_or_scheme_and_host_alone() {
        for text in [
            "https://hooks.example.com",
            "http://hooks.example.com:8080/x/",
            "https://hooks.example.com/prod/webhooks/twilio?b=2&a='é#rc=5",
            "https://hooks.example.com?b=2",
        ] {
            assert_eq!(UrlFault::of(text), None, "{text}");
        }
        for text in [
            "",
            "hooks.example.com",
            "//hooks.example.com/x",
            "ftp://hooks.example.com/x",
            "HTTPS://hooks.example.com/x",
            "https://",
            "https:///x",
            "https://user:password@hooks.example.com/x",
            "https://hooks.example.com/a b",
            "https://hooks.example.com/a\n",
        ] {
            assert_eq!(UrlFault::of(text), Some(UrlFault::NoUrl), "{text:?}");
        }
        assert_eq!(
            UrlFault::of("https://a.example/"),
            Some(UrlFault::SlashAlone)
        );
    }
}
