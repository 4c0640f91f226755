//! Another URL than the one that was called: what was entered at the provider, or what stood before a proxy.

use catalogue::{Piece, Scheme, UrlForm};

use super::suspect::{Change, Guess, Suspect};

/// A URL in the parts in which it is changed.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Parts {
    scheme: String,
    host: String,
    port: Option<String>,
    path: String,
    query: Option<String>,
}

impl Parts {
    fn of(url: &str) -> Option<Self> {
        let (scheme, rest) = url.split_once("://")?;
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, local) = rest.split_at(end);
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => (host, Some(port)),
            _ => (authority, None),
        };
        let (path, query) = match local.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (local, None),
        };
        Some(Self {
            scheme: scheme.into(),
            host: host.into(),
            port: port.map(str::to_owned),
            path: path.into(),
            query: query.map(str::to_owned),
        })
    }

    fn url(&self) -> String {
        let port = self.port.as_ref().map(|port| format!(":{port}"));
        let query = self.query.as_ref().map(|query| format!("?{query}"));
        [
            &self.scheme,
            "://",
            &self.host,
            port.as_deref().unwrap_or_default(),
            &self.path,
            query.as_deref().unwrap_or_default(),
        ]
        .concat()
    }
}

/// What is done to the parts, and what they have then. The likeliest first.
type Edit = (&'static str, fn(&Parts, &Suspect<'_>) -> Vec<Parts>);

const EDITS: &[Edit] = &[
    ("the slash at the end", |url, _| {
        let path = match url.path.strip_suffix('/') {
            Some(path) => path.to_owned(),
            None => format!("{}/", url.path),
        };
        vec![Parts {
            path,
            ..url.clone()
        }]
    }),
    ("the scheme", |url, _| {
        let scheme = if url.scheme == "https" {
            "http"
        } else {
            "https"
        };
        vec![Parts {
            scheme: scheme.into(),
            ..url.clone()
        }]
    }),
    ("the port", |url, _| {
        let ports = [
            None,
            Some("443"),
            Some("80"),
            Some("8443"),
            Some("8080"),
            Some("3000"),
        ];
        let with = |port: Option<&str>| Parts {
            port: port.map(str::to_owned),
            ..url.clone()
        };
        ports.map(with).into()
    }),
    ("the host", |url, suspect| {
        let host = |host: &str| {
            Parts::of(&format!("https://{host}")).map(|parts| Parts {
                host: parts.host,
                port: parts.port,
                ..url.clone()
            })
        };
        let named = ["x-forwarded-host", "x-original-host", "host"]
            .iter()
            .filter_map(|name| suspect.header(name));
        let mut found: Vec<Parts> = named
            .flat_map(|value| value.split(','))
            .filter_map(|name| host(name.trim()))
            .collect();
        found.push(Parts {
            host: url.host.to_ascii_lowercase(),
            ..url.clone()
        });
        if let Some((_, domain)) = url
            .host
            .split_once('.')
            .filter(|(_, domain)| domain.contains('.'))
        {
            found.push(Parts {
                host: domain.to_owned(),
                ..url.clone()
            });
            found.extend(HOSTS.iter().map(|label| Parts {
                host: format!("{label}.{domain}"),
                ..url.clone()
            }));
        }
        found
    }),
    ("the path", |url, suspect| {
        let with = |path: String| Parts {
            path,
            ..url.clone()
        };
        let mut found = Vec::new();
        for name in [
            "x-original-url",
            "x-original-uri",
            "x-forwarded-uri",
            "x-rewrite-url",
        ] {
            let value = suspect.header(name).filter(|value| value.starts_with('/'));
            found.extend(value.map(|value| {
                let (path, query) = value
                    .split_once('?')
                    .map_or((value, None), |(path, query)| (path, Some(query)));
                Parts {
                    path: path.into(),
                    query: query.map(str::to_owned),
                    ..url.clone()
                }
            }));
        }
        let prefix = suspect
            .header("x-forwarded-prefix")
            .map(|prefix| prefix.trim_matches('/'));
        found.extend(
            prefix
                .into_iter()
                .chain(PREFIXES.iter().copied())
                .map(|prefix| with(format!("/{prefix}{}", url.path))),
        );
        // What a proxy put before it.
        found.extend(
            url.path[url.path.len().min(1)..]
                .find('/')
                .map(|at| with(url.path[at + 1..].to_owned())),
        );
        found
    }),
    ("the order of the query", |url, _| {
        let Some(query) = &url.query else {
            return Vec::new();
        };
        let mut pairs: Vec<&str> = query.split('&').collect();
        let reversed = pairs.iter().rev().copied().collect::<Vec<_>>().join("&");
        pairs.sort_unstable();
        [pairs.join("&"), reversed]
            .map(|query| Parts {
                query: Some(query),
                ..url.clone()
            })
            .into()
    }),
    ("the query", |url, _| {
        vec![Parts {
            query: None,
            ..url.clone()
        }]
    }),
];

/// So many of the edits come together often.
const OFTEN: usize = 3;

/// How hosts beside this one are called.
const HOSTS: &[&str] = &[
    "www", "api", "app", "hooks", "webhooks", "old", "new", "dev", "test", "staging", "stage",
    "prod", "live",
];

/// What proxies and stages put before a path.
const PREFIXES: &[&str] = &[
    "prod", "live", "test", "staging", "stage", "dev", "default", "$default", "api", "v1",
    "api/v1", "local",
];

/// Every edit, and every two of them.
pub(super) fn guesses<'s>(suspect: &'s Suspect<'_>) -> Box<dyn Iterator<Item = Guess> + 's> {
    let url = &suspect.case.signed_url;
    let (Some(parts), true) = (Parts::of(url), signs_url(suspect)) else {
        return Box::new(std::iter::empty());
    };
    let mut seen = vec![url.clone()];
    let mut found = Vec::new();
    let mut add = |words: &str, edited: &Parts| {
        let edited = edited.url();
        if !seen.contains(&edited) {
            seen.push(edited.clone());
            found.push(guess(suspect, words, edited));
        }
    };
    let once: Vec<(usize, Parts)> = (EDITS.iter().enumerate())
        .flat_map(|(at, (_, edit))| {
            edit(&parts, suspect)
                .into_iter()
                .map(move |edited| (at, edited))
        })
        .collect();
    for (at, edited) in &once {
        add(EDITS[*at].0, edited);
    }
    for (first, edited) in &once {
        for (second, (words, edit)) in EDITS.iter().enumerate().skip(first + 1) {
            let words = format!("{} and {words}", EDITS[*first].0);
            for twice in edit(edited, suspect) {
                add(&words, &twice);
                // The parts that a proxy most often changes may all be others.
                for (third, edit) in EDITS.iter().take(OFTEN).skip(second + 1) {
                    for thrice in edit(&twice, suspect) {
                        add(&format!("{words} and {third}"), &thrice);
                    }
                }
            }
        }
    }
    let methods = METHODS
        .iter()
        .filter(|method| **method != suspect.case.method)
        .map(|method| Guess {
            change: Change::Method(method),
            sentence: format!(
                "The signature is right for the method {method}; the delivery is given as {}.",
                suspect.case.method
            ),
            mend: "Give the method that the provider used, with --method.".into(),
        });
    Box::new(
        found
            .into_iter()
            .chain(written_anew(suspect))
            .chain(methods),
    )
}

const METHODS: [&str; 5] = ["POST", "GET", "PUT", "PATCH", "DELETE"];

fn guess(suspect: &Suspect<'_>, words: &str, url: String) -> Guess {
    Guess {
        sentence: format!(
            "The URL that was signed is another: the signature is right for `{url}`, and the delivery came to `{}`. They differ \
             in {words}.",
            suspect.case.signed_url
        ),
        mend: entered(suspect),
        change: Change::Url(url),
    }
}

/// The ways in which some provider writes a URL anew before it signs it: this one may do so, too.
const WRITTEN_ANEW: [(&str, UrlForm); 3] = [
    ("with its query encoded anew", UrlForm::QueryEncodedAnew),
    (
        "with its escapes decoded",
        UrlForm::Decoded("!'()*:/?@$,; \"<>[]{}|^`~"),
    ),
    ("encoded once more", UrlForm::EncodedAgain),
];

fn written_anew<'s>(suspect: &'s Suspect<'_>) -> impl Iterator<Item = Guess> + 's {
    WRITTEN_ANEW.into_iter().map(|(how, form)| {
        let forms: &'static [UrlForm] = vec![form].leak();
        let schemes = suspect.schemes().iter().map(|scheme| Scheme { url_forms: forms, ..*scheme });
        Guess {
            change: Change::Schemes(schemes.collect()),
            sentence: format!(
                "The URL that was signed is written otherwise: the signature is right for `{}` {how}.",
                suspect.case.signed_url
            ),
            mend: entered(suspect),
        }
    })
}

fn entered(suspect: &Suspect<'_>) -> String {
    format!(
        "Tell the source which URL is entered at {}, as it stands there (`entered_url`, or here --entered-url); or enter it \
         there just as it is called.",
        suspect.title()
    )
}

/// Whether a scheme's message depends on the URL, the path or the method.
pub(super) fn signs_url(suspect: &Suspect<'_>) -> bool {
    let signs = |scheme: &Scheme| scheme.signs_url() || scheme.message.contains(Piece::Method);
    suspect.schemes().iter().any(signs)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_taken_apart_and_put_together_again() {
        for url in [
            "https://a.example",
            "https://a.example/",
            "http://a.example:8080/b/c?d=e&f",
            "https://a.example?x",
            "https://[::1]:80/?",
        ] {
            assert_eq!(Parts::of(url).unwrap().url(), url);
        }
        assert_eq!(Parts::of("/path"), None);
    }
}
