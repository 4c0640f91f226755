//! Who is said to have sent a delivery: a provider of the catalogue, or a source of a configuration.

use catalogue::{Environment, PROVIDERS, Provider, Setting, Sources};

use crate::failure::Failure;

/// That a configuration has no source of this name, and which it may be.
pub(crate) fn unknown(
    name: &str,
    sources: &Sources,
    configuration: &str,
    environment: Environment,
) -> String {
    let names: Vec<&str> = sources.iter().map(|source| source.name.as_str()).collect();
    let guess = catalogue::reader::meant(name, names.iter().copied());
    let environment = environment.as_str();
    let there = match guess {
        Some(guess) => format!("did you mean `{guess}`?"),
        None if names.is_empty() => "there are none".to_owned(),
        None => format!("there are {}", names.join(", ")),
    };
    format!("the source `{name}` isn't in {configuration} (environment {environment}); {there}")
}

/// The entry of the catalogue.
pub(crate) fn provider(name: &str) -> Result<&'static Provider, Failure> {
    Provider::named(name).ok_or_else(|| {
        let names: Vec<&str> = PROVIDERS.iter().map(|provider| provider.name).collect();
        let guess = catalogue::reader::meant(name, names.iter().copied());
        Failure::usage(match guess {
            Some(guess) => format!("no provider is called `{name}`; did you mean `{guess}`?"),
            None => format!(
                "no provider is called `{name}`; there are {}",
                names.join(", ")
            ),
        })
    })
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
    let lacking = |asked: &&Setting| {
        is_signed(asked) && !settings.iter().any(|(name, _)| *name == asked.name)
    };
    if let Some(asked) = provider.settings.iter().find(lacking) {
        return Err(Failure::usage(format!(
            "{0} asks for the setting `{1}`: {2}. Give it as --setting {1}={3}",
            provider.title, asked.name, asked.help, asked.example
        )));
    }
    Ok(settings)
}
