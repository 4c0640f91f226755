//! `landfall secrets generate`: a secret for every source of the local stack that wants one and has none, and for every
//! service that is posted to.

use std::{fs, io, path::Path};

use catalogue::{Environment, KeyOrigin, Source};
use landfall_aws::operator::{
    NewSecret, Others, Revealed, SecretStore, asks_for_token, can_verify,
};
use protocol::fault::Fault;
use serde_json::{Value, json};
use webhook::keys::{Purpose, Secret, SigningKey, generate};

use super::{destination, kept};
use crate::{escape, failure::Failure, stack::Stack};

/// By this name logs speak of what is made here.
pub(super) const LABEL: &str = "local";

/// What became of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It has a secret now.
    Made,
    /// It had one.
    There,
    /// It wants none.
    Fetched,
    /// It names a secret of its own, which somebody else makes.
    Own,
    /// Nobody can sign by its schemes any more.
    Unsignable,
}

impl Outcome {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Made => "made",
            Self::There => "there",
            Self::Fetched => "fetched",
            Self::Own => "own",
            Self::Unsignable => "unsignable",
        }
    }

    /// The same for a person, with the sources that it became of.
    fn in_words(self, sources: &str) -> String {
        match self {
            Self::Made => format!("A secret was made for {sources}."),
            Self::There => format!("A secret was there for {sources}."),
            Self::Fetched => {
                format!("No secret is wanted where ingest fetches the keys: {sources}.")
            }
            Self::Own => format!(
                "A secret of its own, to be created in Secrets Manager by somebody else, isn't there: {sources}."
            ),
            Self::Unsignable => {
                format!("Nobody signs with RSA and SHA-1 any more: no secret for {sources}.")
            }
        }
    }
}

/// A source, or `destination:` and a destination's name, what became of it, and the secrets that it has now, if they are to
/// be shown.
pub(super) struct Generated {
    pub(super) source: String,
    pub(super) outcome: Outcome,
    pub(super) shown: Option<Vec<Revealed>>,
}

/// Gives these sources and destinations a secret, or all that have none.
pub(super) async fn run(
    stack: &Stack,
    names: &[String],
    show: bool,
) -> Result<Vec<Generated>, Failure> {
    let (Environment::Local, Some(folder)) = (stack.environment, stack.folder()) else {
        return Err(Failure::usage(format!(
            "secrets are made up for the stack that `make up` starts on this machine, and `{}` is none: set the \
             provider's with `landfall secrets set`",
            stack.deployed.name()
        )));
    };
    let mut sources: Vec<&Source> = Vec::new();
    let mut services = Vec::new();
    for name in names {
        match name.strip_prefix(destination::PREFIX) {
            Some(name) => services.push(stack.service(name)?),
            None => sources.push(stack.source(name)?),
        }
    }
    if names.is_empty() {
        sources = stack.configured.sources.iter().collect();
        services = stack.services().collect();
    }
    let store = stack.deployed.secrets()?;
    kept::restore(&store, folder, kept::Owners::Sources).await?;
    let there = store.read_all(sources.iter().copied()).await;
    let mut all = Vec::new();
    for (source, there) in sources.into_iter().zip(there) {
        let outcome = give(&store, folder, source, there).await?;
        let shown = if show {
            Some(store.reveal(source).await?)
        } else {
            None
        };
        all.push(Generated {
            source: source.name.as_str().to_owned(),
            outcome,
            shown,
        });
    }
    kept::keep(&store, stack, kept::Owners::Sources).await?;
    all.extend(destination::generate(stack, folder, services, show).await?);
    Ok(all)
}

async fn give(
    store: &SecretStore,
    folder: &Path,
    source: &Source,
    there: Result<Vec<Secret>, Fault>,
) -> Result<Outcome, Failure> {
    if *source.keys != KeyOrigin::Secret {
        return Ok(Outcome::Fetched);
    }
    let trouble = |fault: Fault| {
        Failure::trouble(format!("`{}` gets no secret: {}", source.name, fault.text))
    };
    let there = there.map_err(trouble)?;
    if source.secret.is_some() && there.is_empty() {
        return Ok(Outcome::Own);
    }
    let mut made = Vec::new();
    let is_token = |secret: &Secret| secret.purpose() == Purpose::VerifyToken;
    if asks_for_token(source) && !there.iter().any(is_token) {
        made.push((token()?, Purpose::VerifyToken));
    }
    if !can_verify(source, &there) {
        let private_key = kept::private_key(folder, source.name.as_str());
        match signing(source, &private_key)? {
            Some(value) => made.push((value, Purpose::Signature)),
            None => return Ok(Outcome::Unsignable),
        }
    }
    if made.is_empty() {
        return Ok(Outcome::There);
    }
    for (value, purpose) in made {
        let new = NewSecret {
            value: &value,
            label: LABEL,
            purpose,
            // What is there can't be used.
            others: Others::Go,
        };
        store.set(source, &new).await.map_err(trouble)?;
    }
    Ok(Outcome::Made)
}

/// What verifies for this source. Of a key pair the private half is in the file, or comes there.
fn signing(source: &Source, private_key: &Path) -> Result<Option<String>, Failure> {
    let Some(scheme) = generate::signable(source.schemes) else {
        return Ok(None);
    };
    match fs::read_to_string(private_key) {
        Ok(pem) => {
            let key = SigningKey::load(source.schemes, &Secret::new(pem, LABEL));
            // One of another scheme was made when the source had another provider.
            if let Some(public) = key.ok().and_then(|key| key.public_half()) {
                return Ok(Some(public));
            }
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => {
            let file = private_key.display();
            return Err(Failure::trouble(format!("{file} can't be read: {error}")));
        }
    }
    let unmade = |fault: &dyn std::fmt::Display| Failure::trouble(fault.to_string());
    let value = generate::secret(scheme).map_err(|fault| unmade(&fault))?;
    let key = SigningKey::load(
        std::slice::from_ref(scheme),
        &Secret::new(value.clone(), LABEL),
    )
    .map_err(|fault| unmade(&fault))?;
    Ok(Some(match key.public_half() {
        Some(public) => {
            kept::write(private_key, &value)?;
            public
        }
        None => value,
    }))
}

fn token() -> Result<String, Failure> {
    generate::secret(&catalogue::Scheme::PLAIN).map_err(|fault| Failure::trouble(fault.to_string()))
}

/// What the command prints for programs.
pub(super) fn told(generated: &[Generated]) -> Value {
    let one = |generated: &Generated| {
        let mut told = json!({"source": generated.source, "outcome": generated.outcome.as_str()});
        if let Some(shown) = &generated.shown {
            told["secrets"] = json!(shown);
        }
        told
    };
    generated.iter().map(one).collect()
}

/// The same for a person: of sources that weren't asked for only what is news.
pub(super) fn in_words(generated: &[Generated], all: bool) -> Vec<String> {
    let mut lines = Vec::new();
    let news = [Outcome::Made, Outcome::Own, Outcome::Unsignable];
    let rest = [Outcome::There, Outcome::Fetched];
    for said in news.into_iter().chain(rest.into_iter().filter(|_| all)) {
        let of_it = generated.iter().filter(|one| one.outcome == said);
        let names: Vec<&str> = of_it.map(|one| one.source.as_str()).collect();
        if !names.is_empty() {
            lines.push(said.in_words(&names.join(", ")));
        }
    }
    for Generated { source, shown, .. } in generated {
        for Revealed { value, label, .. } in shown.iter().flatten() {
            let (value, label) = (escape::value(value), escape::value(label));
            lines.push(format!("{source} ({label}): {value}"));
        }
    }
    if lines.is_empty() {
        lines.push("Every source and destination that wants a secret has one.".into());
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn generated() -> Vec<Generated> {
        let one = |(source, outcome): (&str, _)| Generated {
            source: source.to_owned(),
            outcome,
            shown: None,
        };
        [
            ("a", Outcome::Made),
            ("b", Outcome::There),
            ("c", Outcome::Made),
            ("d", Outcome::Fetched),
        ]
        .map(one)
        .into()
    }

    #[test]
    fn only_what_is_news_is_said_of_sources_that_were_not_asked_for() {
        let mut generated = generated();
        assert_eq!(in_words(&generated, false), ["A secret was made for a, c."]);
        assert_eq!(in_words(&generated, true).len(), 3);
        generated.retain(|one| one.outcome == Outcome::There);
        assert_eq!(
            in_words(&generated, false),
            ["Every source and destination that wants a secret has one."]
        );
    }
    #[test]
    fn a_secret_is_printed_where_it_is_asked_for_only() {
        let mut generated = generated();
        assert_eq!(
            told(&generated)[0],
            json!({"source": "a", "outcome": "made"})
        );
        generated[0].shown = Some(vec![Revealed {
            value: "hush".into(),
            label: "local".into(),
            purpose: None,
        }]);
        assert_eq!(in_words(&generated, false)[1], "a (local): hush");
        assert_eq!(
            told(&generated)[0]["secrets"],
            json!([{"value": "hush", "label": "local"}])
        );
    }
}
