//! The right secret in another form: with what doesn't belong to it, without what does, or encoded otherwise.

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use catalogue::KeyForm;

use super::suspect::{Change, Guess, Suspect};
use crate::describe;

/// What got around a secret on its way into this machine, taken off; and how one says it.
type Clean = (&'static str, fn(&str) -> Option<String>);

const CLEANED: &[Clean] = &[
    ("", |text| Some(text.to_owned())),
    ("without the white space around it", |text| {
        Some(text.trim().to_owned())
    }),
    ("without the quotes around it", |text| {
        let text = text.trim();
        let inner = |quote| {
            text.strip_prefix(quote)
                .and_then(|text| text.strip_suffix(quote))
        };
        inner('"').or(inner('\'')).or(inner('`')).map(str::to_owned)
    }),
    ("without the letters `\\n` at its end", |text| {
        text.trim().strip_suffix("\\n").map(str::to_owned)
    }),
    ("with the line end at its end that it has there", |text| {
        Some(format!("{text}\n"))
    }),
    ("up to its first line end", |text| {
        text.trim_start().lines().next().map(str::to_owned)
    }),
    ("with its percent escapes decoded", |text| {
        let form = super::form::pairs(format!("x={}", text.replace('+', "%2B")).as_bytes())?;
        form.into_iter().next().map(|(_, value)| value)
    }),
];

/// How a secret's text becomes a key, with the form in which a source says so; and how one says it.
struct Reading {
    how: &'static str,
    form: fn(&str) -> Option<KeyForm>,
    key: fn(&str) -> Option<Vec<u8>>,
}

const READINGS: &[Reading] = &[
    Reading {
        how: "as text, all of it",
        form: |_| Some(KeyForm::Text),
        key: |text| Some(text.as_bytes().to_vec()),
    },
    Reading {
        how: "as text, without the prefix before it",
        form: |_| None,
        key: |text| Some(behind_prefix(text)?.as_bytes().to_vec()),
    },
    Reading {
        how: "as base64",
        form: |_| Some(KeyForm::Base64 { prefix: "" }),
        key: from_base64,
    },
    Reading {
        how: "as base64 behind a prefix",
        form: |text| {
            let rest = behind_prefix(text)?;
            let prefix = text[..text.len() - rest.len()].to_owned();
            Some(KeyForm::Base64 {
                prefix: prefix.leak(),
            })
        },
        key: |text| from_base64(behind_prefix(text)?),
    },
    Reading {
        how: "as hex digits",
        form: |_| Some(KeyForm::Hex),
        key: |text| hex::decode(text).ok(),
    },
    Reading {
        how: "as hex digits behind a prefix",
        form: |_| None,
        key: |text| hex::decode(behind_prefix(text)?).ok(),
    },
    Reading {
        how: "encoded in base64",
        form: |_| None,
        key: |text| Some(STANDARD.encode(text).into_bytes()),
    },
    Reading {
        how: "encoded in hex digits",
        form: |_| None,
        key: |text| Some(hex::encode(text).into_bytes()),
    },
    Reading {
        how: "with `whsec_` before it",
        form: |_| None,
        key: |text| Some(format!("whsec_{text}").into_bytes()),
    },
    Reading {
        how: "in small letters",
        form: |_| None,
        key: |text| Some(text.to_lowercase().into_bytes()),
    },
    Reading {
        how: "in capital letters",
        form: |_| None,
        key: |text| Some(text.to_uppercase().into_bytes()),
    },
];

pub(super) fn guesses<'s>(suspect: &'s Suspect<'_>) -> Box<dyn Iterator<Item = Guess> + 's> {
    let case = suspect.case;
    let shared = suspect
        .schemes()
        .iter()
        .any(|scheme| !scheme.algorithm.is_public_key());
    let secrets = case.secrets.iter().enumerate().filter(move |_| shared);
    let title = suspect.title();
    Box::new(secrets.flat_map(move |(at, secret)| {
        let mut seen: Vec<Vec<u8>> = Vec::new();
        let mut guesses = Vec::new();
        for (cleaning, clean) in CLEANED {
            let Some(text) = clean(&secret.text) else {
                continue;
            };
            for reading in READINGS {
                let Some(key) =
                    (reading.key)(&text).filter(|key| !key.is_empty() && !seen.contains(key))
                else {
                    continue;
                };
                seen.push(key.clone());
                let how = match *cleaning {
                    "" => reading.how.to_owned(),
                    cleaning => format!("{cleaning}, {}", reading.how),
                };
                guesses.push(Guess {
                    change: Change::Key {
                        secret: at,
                        key,
                        form: (reading.form)(&text).filter(|_| cleaning.is_empty()),
                    },
                    sentence: format!(
                        "The secret ({}) is the right one in another form: the signature is right if it is taken {how}.",
                        secret.label
                    ),
                    mend: format!(
                        "Enter it just as {title} hands it out, which is {}, and as this source is told to use it.",
                        describe::key_form(&suspect.schemes()[0], suspect.schemes())
                    ),
                });
            }
        }
        guesses
    }))
}

/// What stands behind a prefix such as `whsec_`: short, and set off by an underscore.
fn behind_prefix(text: &str) -> Option<&str> {
    let (prefix, rest) = text.split_once('_')?;
    (prefix.len() <= 12 && !rest.is_empty()).then_some(rest)
}

fn from_base64(text: &str) -> Option<Vec<u8>> {
    let bare = text.trim_end_matches('=');
    let standard = bare.replace('-', "+").replace('_', "/");
    let url_safe = standard.replace('+', "-").replace('/', "_");
    URL_SAFE_NO_PAD.decode(url_safe).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether this key is made of a secret that is written so.
    fn is_made(text: &str, key: &[u8]) -> bool {
        let cleaned = CLEANED.iter().filter_map(|(_, clean)| clean(text));
        let mut keys = cleaned.flat_map(|text| {
            READINGS
                .iter()
                .filter_map(|reading| (reading.key)(&text))
                .collect::<Vec<_>>()
        });
        keys.any(|made| made == key)
    }

    #[test]
    fn a_key_is_made_of_each_form_of_its_secret() {
        let key = b"0123456789abcdef";
        for text in [
            "0123456789abcdef",
            " 0123456789abcdef",
            "0123456789abcdef\n",
            "\"0123456789abcdef\"",
            "'0123456789abcdef'\n",
            "0123456789abcdef\\n",
            "whsec_0123456789abcdef",
            "MDEyMzQ1Njc4OWFiY2RlZg==",
            "MDEyMzQ1Njc4OWFiY2RlZg",
            "whsec_MDEyMzQ1Njc4OWFiY2RlZg==",
            "30313233343536373839616263646566",
            "0123456789ABCDEF",
        ] {
            assert!(is_made(text, key), "{text:?}");
        }
        assert!(is_made("hush", b"whsec_hush"));
        assert!(is_made("hush", b"aHVzaA=="));
        assert!(is_made("hush", b"hush\n"));
        assert!(is_made("a%2Bb", b"a+b"));
        assert!(!is_made("hush", b"rush"));
    }
}
