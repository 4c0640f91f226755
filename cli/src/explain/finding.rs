//! What was found, told: in words and in JSON.

use catalogue::{KeyForm, Scheme};
use serde_json::{Value, json};

use super::{
    composition::{Match, no_mend},
    suspect::{Change, Guess, Suspect},
};
use crate::{delivery::Case, describe};

/// One explanation.
pub(super) struct Finding {
    /// Which kind, in a word that doesn't change.
    pub(super) kind: &'static str,
    /// The one sentence.
    pub(super) sentence: String,
    /// What to do about it; may be empty.
    pub(super) mend: String,
    /// What differs from what was expected.
    pub(super) differences: Vec<String>,
    /// Lines that make the source's scheme of it, where that is a mend.
    pub(super) toml: Vec<String>,
    scheme: Value,
}

impl Finding {
    /// A guess that holds.
    pub(super) fn of_guess(kind: &'static str, guess: Guess, suspect: &Suspect<'_>) -> Self {
        let case = suspect.case;
        let mut scheme = case.source.schemes[0];
        let mut toml = Vec::new();
        let difference = match &guess.change {
            Change::Body(_) => {
                Some("the body: it isn't what was signed; verify the raw bytes".to_owned())
            }
            Change::Url(url) => Some(format!(
                "the URL: it is `{url}`; the delivery came to `{}`",
                case.signed_url
            )),
            Change::Method(method) => Some(format!(
                "the method: it is {method}; the delivery has {}",
                case.method
            )),
            Change::Key { secret, form, .. } => {
                if let Some(form) = form.filter(|form| !is_same(*form, scheme.key)) {
                    let configured = scheme;
                    scheme.key = form;
                    if no_mend(&scheme, case).is_none() {
                        toml = describe::toml(&scheme, Some(&configured));
                    }
                }
                case.secrets.get(*secret).map(|secret| {
                    format!("the secret ({}): it is used in another form", secret.label)
                })
            }
            Change::Schemes(schemes) => {
                scheme = schemes.first().copied().unwrap_or(scheme);
                None
            }
            Change::Source(source) => {
                scheme = source.schemes.first().copied().unwrap_or(scheme);
                None
            }
            Change::Evident | Change::Clock | Change::NoHandshakes => None,
        };
        Self {
            kind,
            sentence: guess.sentence,
            mend: guess.mend,
            differences: difference.into_iter().collect(),
            toml,
            scheme: describe::json(&scheme),
        }
    }

    /// A scheme that matches.
    pub(super) fn of_match(suspect: &Suspect<'_>, found: &Match) -> Self {
        let case = suspect.case;
        let configured = &case.source.schemes[0];
        let scheme = &found.scheme;
        let over = match scheme.message.text() {
            "{body}" => "the body alone",
            "" => "nothing",
            text => text,
        };
        let further = if scheme.covers_body() {
            (found.body_change.as_ref()).map_or(String::new(), |change| format!(" {change}"))
        } else {
            format!(
                " It covers no byte of the body; what is refused is this: {}.",
                suspect.refusal.detail
            )
        };
        let sentence = format!(
            "This signature is {} over {over}, {}, from the {}, and right with this secret: so it isn't the secret.{further}",
            describe::algorithm(scheme.algorithm),
            describe::encoding(scheme.encoding),
            describe::field(scheme.signature),
        );
        let weaker = no_mend(scheme, case);
        Self {
            kind: "composition",
            sentence,
            mend: match &weaker {
                Some(why) => format!(
                    "It is not a mend to take it: {why}. See who sent this, and what the provider says of it."
                ),
                None => String::new(),
            },
            differences: differences(case, found, configured),
            toml: match weaker {
                Some(_) => Vec::new(),
                None => describe::toml(scheme, Some(configured)),
            },
            scheme: describe::json(scheme),
        }
    }

    /// What is likely where nothing holds.
    pub(super) fn of_nothing((kind, sentence, mend): (&'static str, String, &'static str)) -> Self {
        Self {
            kind,
            sentence,
            mend: mend.to_owned(),
            differences: Vec::new(),
            toml: Vec::new(),
            scheme: Value::Null,
        }
    }

    /// Whether this holds, and isn't only likely.
    pub(super) fn is_match(&self) -> bool {
        !self.scheme.is_null()
    }

    pub(super) fn json(&self) -> Value {
        json!({
            "kind": self.kind,
            "summary": self.sentence,
            "mend": self.mend,
            "differences": self.differences,
            "scheme": self.scheme,
            "landfall_toml": self.toml,
        })
    }
}

fn is_same(one: KeyForm, other: KeyForm) -> bool {
    one == other
        || matches!(
            (one, other),
            (KeyForm::Base64 { .. }, KeyForm::Base64 { .. })
        )
}

/// Only what differs in itself, and not what is said otherwise.
fn differences(case: &Case, found: &Match, configured: &Scheme) -> Vec<String> {
    let scheme = &found.scheme;
    let schemes = case.source.schemes;
    let mut differences = Vec::new();
    let mut differs = |what: &str, theirs: String, ours: String| {
        if theirs != ours {
            differences.push(format!("{what}: it is {theirs}; your scheme has {ours}"));
        }
    };
    let message = |scheme: &Scheme| match scheme.message.text() {
        "" => "nothing".to_owned(),
        text => text.to_owned(),
    };
    differs("the signed bytes", message(scheme), message(configured));
    let algorithm = |scheme: &Scheme| describe::algorithm(scheme.algorithm).to_owned();
    differs("the algorithm", algorithm(scheme), algorithm(configured));
    let encoding = |scheme: &Scheme| describe::encoding(scheme.encoding).to_owned();
    differs("the encoding", encoding(scheme), encoding(configured));
    differs(
        "the secret",
        describe::key_form(scheme, schemes),
        describe::key_form(configured, schemes),
    );
    if scheme.signature != configured.signature {
        differences.push(format!(
            "the signature: it is in the {}; your scheme has it in the {}",
            describe::field(scheme.signature),
            describe::field(configured.signature)
        ));
    }
    if let Some(change) = found.secret_change {
        differences.push(format!(
            "the secret ({}): it is used {change}",
            found.secret
        ));
    }
    if found.body_change.is_some() {
        differences.push("the body: it isn't what was signed; verify the raw bytes".to_owned());
    }
    differences
}
