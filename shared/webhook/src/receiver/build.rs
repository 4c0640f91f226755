//! What a receiver is made of. Whatever can be wrong with it is said here, and not when the first delivery comes.

use catalogue::{
    Environment, KeyOrigin, PROVIDERS, Provider, Source,
    reader::{self, meant},
};
use serde_json::Value;

use crate::{
    keys::{KeyFault, Keys, Purpose, Secret},
    receiver::Receiver,
};

/// What a [`Receiver`] is made of.
#[derive(Clone, Debug)]
#[must_use]
pub struct Builder {
    of: Of,
    secrets: Vec<Secret>,
}

#[derive(Clone, Debug)]
#[allow(clippy::large_enum_variant, reason = "there is one in a builder")]
enum Of {
    Provider {
        name: String,
        /// Names of a source's table, and what stands behind them, as `landfall.toml` has it.
        lines: Vec<(&'static str, String)>,
        settings: Vec<(String, String)>,
    },
    Source(Source),
}

/// Why no receiver can be made. No text quotes a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unbuildable {
    /// The catalogue has no provider of this name.
    #[error("no provider is called `{name}`{}", guess(*.meant))]
    Provider {
        /// The name.
        name: String,
        /// Which one may be meant.
        meant: Option<&'static str>,
    },
    /// Versions, settings or the entered URL aren't what the provider asks for. Each text says what is wrong, and what to
    /// write instead.
    #[error("{}", .0.join("; "))]
    Configuration(Vec<String>),
    /// A secret can't be a key of the provider's schemes.
    #[error("{0}")]
    Secret(#[from] KeyFault),
    /// There is nothing to verify deliveries with.
    #[error("there is no secret, and without one nothing can be proven")]
    NoSecret,
    /// The provider signs with a private key alone, and this build knows no public keys.
    #[error(
        "its deliveries are proven by public keys, and this build lacks the feature `public-keys`"
    )]
    NoPublicKeys,
    /// The provider has its keys at an address, and this receiver would never get them.
    #[error("its keys are fetched at the provider's: build it with `build_fetching`")]
    Fetched,
}

impl Builder {
    pub(super) fn new(provider: &str) -> Self {
        Self {
            of: Of::Provider {
                name: provider.to_owned(),
                lines: Vec::new(),
                settings: Vec::new(),
            },
            secrets: Vec::new(),
        }
    }

    pub(super) const fn of_source(source: Source) -> Self {
        Self {
            of: Of::Source(source),
            secrets: Vec::new(),
        }
    }

    /// A secret as the provider hands it out: the text of its dashboard, a public key in PEM. Several hold at the same
    /// time, while one replaces another: newest first.
    pub fn secret(self, text: impl Into<String>) -> Self {
        self.with(text.into(), Purpose::Signature)
    }

    /// A verify token, by which a provider as Meta is known when it proves the endpoint. It is never taken for a key.
    pub fn verify_token(self, text: impl Into<String>) -> Self {
        self.with(text.into(), Purpose::VerifyToken)
    }

    /// A text that the provider asks for beside a secret ([`Provider::settings`]).
    pub fn setting(mut self, name: &str, text: &str) -> Self {
        if let Of::Provider { settings, .. } = &mut self.of {
            settings.push((name.to_owned(), text.to_owned()));
        }
        self
    }

    /// The versions of the provider's schemes that count, where it isn't those that do by themselves.
    pub fn versions(self, versions: &[&str]) -> Self {
        self.line("versions", Value::from(versions).to_string())
    }

    /// The URL as it was entered at the provider, whole or its scheme and host alone, where it isn't the one that the
    /// server sees, and the provider signs it.
    pub fn entered_url(self, url: &str) -> Self {
        self.line("entered_url", Value::from(url).to_string())
    }

    /// The receiver.
    ///
    /// # Errors
    ///
    /// An [`Unbuildable`] says what is wrong: with the provider's name, with what it asks for, or with a secret. A
    /// source that needs what this build lacks is refused here.
    pub fn build(self) -> Result<Receiver, Unbuildable> {
        let (source, keys) = self.made()?;
        if *source.keys != KeyOrigin::Secret {
            return Err(Unbuildable::Fetched);
        }
        if keys.is_empty() {
            return Err(Unbuildable::NoSecret);
        }
        Ok(Receiver { source, keys })
    }

    /// The receiver of a provider that has its public keys at an address (Google Pub/Sub, Amazon SNS, PayPal), and what
    /// gets them.
    ///
    /// # Errors
    ///
    /// As [`Builder::build`].
    #[cfg(feature = "public-keys")]
    pub fn build_fetching<P: super::PublicKeys>(
        self,
        public_keys: P,
    ) -> Result<super::FetchingReceiver<P>, Unbuildable> {
        let (source, keys) = self.made()?;
        if *source.keys == KeyOrigin::Secret && keys.is_empty() {
            return Err(Unbuildable::NoSecret);
        }
        let receiver = Receiver { source, keys };
        Ok(super::FetchingReceiver::new(receiver, public_keys))
    }

    fn made(self) -> Result<(Source, Keys), Unbuildable> {
        let mut source = match self.of {
            Of::Source(source) => source,
            Of::Provider {
                name,
                lines,
                settings,
            } => configured(&name, &lines, &settings)?,
        };
        let mut schemes = source.schemes.iter();
        if !cfg!(feature = "public-keys") && schemes.all(|scheme| scheme.algorithm.is_public_key())
        {
            return Err(Unbuildable::NoPublicKeys);
        }
        let (keys, faults) = Keys::load(source.schemes, &self.secrets);
        // Whoever has the keys needs to ask for none.
        if let (KeyOrigin::Asked(_), false) = (source.keys, keys.is_empty()) {
            source.keys = &KeyOrigin::Secret;
        }
        match faults.into_iter().next() {
            Some(fault) => Err(fault.into()),
            None => Ok((source, keys)),
        }
    }

    fn with(mut self, text: String, purpose: Purpose) -> Self {
        let label = (self.secrets.len() + 1).to_string();
        let secret = Secret::new(text, label).for_purpose(purpose);
        self.secrets.push(secret);
        self
    }

    fn line(mut self, name: &'static str, value: String) -> Self {
        if let Of::Provider { lines, .. } = &mut self.of {
            lines.retain(|(known, _)| *known != name);
            lines.push((name, value));
        }
        self
    }
}

/// The source of this provider, by the rules of `landfall.toml`. JSON's strings and lists of them are TOML's, too.
fn configured(
    name: &str,
    lines: &[(&str, String)],
    settings: &[(String, String)],
) -> Result<Source, Unbuildable> {
    let provider = Provider::named(name).ok_or_else(|| Unbuildable::Provider {
        name: name.to_owned(),
        meant: meant(name, PROVIDERS.iter().map(|provider| provider.name)),
    })?;
    let name = provider.name;
    let quoted = |text: &str| Value::from(text).to_string();
    let mut table = vec![
        format!("[sources.{name}]"),
        format!("provider = {}", quoted(name)),
    ];
    table.extend(
        lines
            .iter()
            .map(|(line, value)| format!("{line} = {value}")),
    );
    if !settings.is_empty() {
        let each = settings.iter();
        let each: Vec<_> = each
            .map(|(name, text)| format!("{} = {}", quoted(name), quoted(text)))
            .collect();
        table.push(format!("settings = {{ {} }}", each.join(", ")));
    }
    let configuration = reader::read(&table.join("\n"), Environment::Live).map_err(|faults| {
        let faults = faults.into_iter();
        let words = faults.map(|fault| format!("{}: {}", fault.fault, fault.mend));
        Unbuildable::Configuration(words.collect())
    })?;
    let source = configuration.sources.get(name).cloned();
    source.ok_or_else(|| Unbuildable::Configuration(Vec::new()))
}

fn guess(meant: Option<&str>) -> String {
    meant.map_or_else(String::new, |meant| format!("; did you mean `{meant}`?"))
}
