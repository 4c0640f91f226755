//! What the APIs of providers have in common: where they are, and by whose token they are asked.

use std::{io::IsTerminal as _, path::Path};

use landfall_aws::config::environment;
use ureq::http::Uri;

use crate::{
    failure::Failure,
    input::{GivenSecret, secret_file},
};

/// An API's address, without a slash at its end: over https, or on this machine.
pub(super) fn address(url: &str) -> Result<&str, Failure> {
    let api = url.trim_end_matches('/');
    let wrong = |why: &str| Failure::usage(format!("--api-url {api}: {why}"));
    let uri: Uri = api.parse().map_err(|_| wrong("it is no URL"))?;
    let host = uri.host().unwrap_or_default();
    let is_here = matches!(host, "localhost" | "127.0.0.1" | "[::1]");
    match uri.scheme_str() {
        Some("https") => Ok(api),
        Some("http") if is_here => Ok(api),
        _ => Err(wrong("a token is sent over https alone")),
    }
}

/// The token: of this file, of this variable, or as somebody types it.
pub(super) fn token(
    file: Option<&Path>,
    variable: &str,
    title: &str,
) -> Result<GivenSecret, Failure> {
    let named = |text: String, label: &str| GivenSecret {
        text,
        label: label.to_owned(),
    };
    let token = match (file, environment(variable)) {
        (Some(file), _) => secret_file(file)?,
        (None, Some(text)) => named(text, variable),
        (None, None) if std::io::stdin().is_terminal() => {
            let asked = rpassword::prompt_password(format!("The token for {title}: "));
            let text = asked
                .map_err(|error| Failure::trouble(format!("the token can't be read: {error}")))?;
            named(text, "the token")
        }
        (None, None) => {
            return Err(Failure::usage(format!(
                "which token? Give --token-file, or set the variable {variable}"
            )));
        }
    };
    // What no header can hold would be quoted by whoever refuses it.
    if token.text.is_empty() || !token.text.bytes().all(|byte| byte.is_ascii_graphic()) {
        let label = &token.label;
        return Err(Failure::usage(format!("{label}: this is no token")));
    }
    Ok(token)
}
