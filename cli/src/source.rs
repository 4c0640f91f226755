//! Who is said to have sent a delivery: a provider of the catalogue, or a source of a configuration.

use catalogue::{Environment, PROVIDERS, Provider, Scheme, Setting, Source, Sources, reader};

use crate::{configuration::Configuration, escape, failure::Failure};

/// The source of this name in a configuration: of this environment, or of the first that has it.
pub(crate) fn configured(
    name: &str,
    configuration: &Configuration,
    environment: Option<Environment>,
) -> Result<Source, Failure> {
    let unknown = |sources: &Sources, environment| {
        let names = sources.iter().map(|source| source.name.as_str());
        Failure::usage(unknown(
            "source",
            name,
            names,
            &configuration.called,
            environment,
        ))
    };
    if let Some(environment) = environment {
        let sources = configuration.read(environment)?.sources;
        let found = sources.get(name).cloned();
        return found.ok_or_else(|| unknown(&sources, environment));
    }
    for environment in [Environment::Live, Environment::Test, Environment::Local] {
        if let Some(source) = configuration.read(environment)?.sources.get(name) {
            return Ok(source.clone());
        }
    }
    let everything = configuration.read(Environment::Local)?.sources;
    Err(unknown(&everything, Environment::Local))
}

/// That a configuration has no such thing of this name, and which it may be.
pub(crate) fn unknown<'n>(
    what: &str,
    name: &str,
    names: impl Iterator<Item = &'n str>,
    configuration: &str,
    environment: Environment,
) -> String {
    let names: Vec<&str> = names.collect();
    let guess = reader::meant(name, names.iter().copied());
    let environment = environment.as_str();
    let there = match guess {
        Some(guess) => format!("did you mean `{guess}`?"),
        None if names.is_empty() => "there are none".to_owned(),
        None => format!("there are {}", names.join(", ")),
    };
    let name = escape::value(name);
    format!("the {what} `{name}` isn't in {configuration} (environment {environment}); {there}")
}

/// The entry of the catalogue.
pub(crate) fn provider(name: &str) -> Result<&'static Provider, Failure> {
    Provider::named(name).ok_or_else(|| {
        let names: Vec<&str> = PROVIDERS.iter().map(|provider| provider.name).collect();
        let guess = reader::meant(name, names.iter().copied());
        Failure::usage(match guess {
            Some(guess) => format!("no provider is called `{name}`; did you mean `{guess}`?"),
            None => format!(
                "no provider is called `{name}`; there are {}",
                names.join(", ")
            ),
        })
    })
}

/// The provider's schemes of these versions, or those that count by themselves.
pub(crate) fn versions(
    provider: &'static Provider,
    given: &[String],
) -> Result<&'static [Scheme], Failure> {
    if given.is_empty() {
        return Ok(provider.counting());
    }
    let there: Vec<&str> = (provider.schemes.iter())
        .map(|scheme| scheme.version)
        .filter(|version| !version.is_empty())
        .collect();
    if let Some(strange) = given.iter().find(|given| !there.contains(&given.as_str())) {
        return Err(Failure::usage(match there.as_slice() {
            [] => format!("{} has one way to sign, without a version", provider.title),
            there => format!(
                "{} has no version `{strange}`; it has {}",
                provider.title,
                there.join(", ")
            ),
        }));
    }
    let given: Vec<&str> = given.iter().map(String::as_str).collect();
    Ok(provider.chosen(&given).leak())
}

/// The texts that a provider asks for, as `--setting NAME=VALUE` gives them: those at least that are
/// signed.
pub(crate) fn settings<'g>(
    provider: &Provider,
    given: &'g [String],
) -> Result<Vec<(&'g str, &'g str)>, Failure> {
    let mut settings = Vec::new();
    for text in given {
        let Some((name, value)) = text.split_once('=').filter(|(_, value)| !value.is_empty())
        else {
            return Err(Failure::usage("a --setting is written NAME=VALUE"));
        };
        if !provider.settings.iter().any(|asked| asked.name == name) {
            let names: Vec<&str> = provider.settings.iter().map(|asked| asked.name).collect();
            return Err(Failure::usage(match names.as_slice() {
                [] => format!("{} asks for no settings", provider.title),
                names => format!(
                    "{} asks for no setting `{name}`; it asks for {}",
                    provider.title,
                    names.join(", ")
                ),
            }));
        }
        settings.push((name, value));
    }
    let is_signed = |asked: &Setting| {
        let placeholder = format!("{{setting:{}}}", asked.name);
        let mut schemes = provider.schemes.iter();
        schemes.any(|scheme| scheme.message.text().contains(&placeholder))
    };
    let is_missing = |asked: &&Setting| {
        is_signed(asked) && !settings.iter().any(|(name, _)| *name == asked.name)
    };
    if let Some(asked) = provider.settings.iter().find(is_missing) {
        return Err(Failure::usage(format!(
            "{0} asks for the setting `{1}`: {2}. Give it as --setting {1}={3}",
            provider.title, asked.name, asked.help, asked.example
        )));
    }
    Ok(settings)
}
