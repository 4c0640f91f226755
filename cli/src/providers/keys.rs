//! Where a provider's keys are, in words.

use catalogue::{KeyOrigin, Shows};

use crate::describe;

/// Where they are fetched that stand in no secret.
pub(super) fn in_words(keys: &KeyOrigin) -> Option<String> {
    match *keys {
        KeyOrigin::Secret => None,
        KeyOrigin::Published { url } => Some(format!(
            "fetched from {url}, and again when they are an hour old or explain no signature"
        )),
        KeyOrigin::Named {
            place,
            hosts,
            sandbox,
            path,
            names,
        } => {
            let but = if sandbox.is_empty() {
                String::new()
            } else {
                format!(", in `local` and `test` at {} too", hosts_in_words(sandbox))
            };
            let path = if path.is_empty() {
                String::new()
            } else {
                format!(", under the path `{path}`")
            };
            let names = if names.is_empty() {
                String::new()
            } else {
                format!("; its certificate is of {}", hosts_in_words(names))
            };
            Some(format!(
                "fetched from the address in the {}, at {}{but} and nowhere else{path}{names}",
                describe::place(place),
                hosts_in_words(hosts)
            ))
        }
        KeyOrigin::Asked(asked) => {
            let but = if asked.sandbox.is_empty() {
                String::new()
            } else {
                format!(", in `local` and `test` `{}`", asked.sandbox)
            };
            let shown = match asked.shows {
                Shows::Bearer => "the secret as a bearer token".to_owned(),
                Shows::ClientToken { url, .. } => {
                    format!("a token that is had at {url} for id and secret")
                }
                Shows::Fields { .. } => "id and secret in the question".to_owned(),
            };
            Some(format!(
                "asked for at `{}`{but}, where `{{id}}` is the {}; shown is {shown}",
                asked.url,
                describe::place(asked.id)
            ))
        }
    }
}

/// Hosts, one or the other.
pub(super) fn hosts_in_words(hosts: &[&str]) -> String {
    let hosts: Vec<_> = hosts.iter().map(|host| format!("`{host}`")).collect();
    hosts.join(" or ")
}

/// What follows from that.
pub(super) const ASKED_BY_SECRET: &str = "the source's secret is what is shown, unless its table says `keys = \"secret\"`: then it is the key itself";

/// And where nothing is shown.
pub(super) const NO_SECRET: &str =
    "the source needs no secret, unless its table says `keys = \"secret\"`";
