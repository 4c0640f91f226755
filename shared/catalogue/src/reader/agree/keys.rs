//! Where a source's public keys come from: the file's word, or the provider's.

use crate::{
    leaked::leaked,
    provider::{KeyOrigin, Provider},
    reader::{
        enrolment::is_host,
        report::{Report, shown},
        slot::Slot,
        source::SourceLayer,
    },
    scheme::{KeyForm, Scheme},
    source::Environment,
};

/// A provider's hosts as they may be called in this environment.
fn allowed(keys: &'static KeyOrigin, environment: Environment) -> &'static KeyOrigin {
    let allowed = match *keys {
        KeyOrigin::Named {
            place,
            hosts,
            sandbox,
            path,
            names,
        } if environment != Environment::Live && !sandbox.is_empty() => KeyOrigin::Named {
            place,
            hosts: [hosts, sandbox].concat().leak(),
            sandbox: &[],
            path,
            names,
        },
        KeyOrigin::Asked(asked) => KeyOrigin::Asked(asked.of(environment)),
        _ => return keys,
    };
    if allowed == *keys {
        return keys;
    }
    leaked(allowed)
}

/// Whether the address of the keys is one, once the source's own texts are filled in.
pub(super) fn reachable(
    keys: &'static KeyOrigin,
    settings: &[(&str, &str)],
    layer: &SourceLayer,
    report: &mut Report<'_>,
) {
    let filled = keys.with_settings(settings);
    let (KeyOrigin::Published { url }, Slot::Given(at, _)) = (filled, &layer.settings) else {
        return;
    };
    let rest = url.strip_prefix("https://").unwrap_or_default();
    if filled != keys && !rest.split('/').next().is_some_and(is_host) {
        report.add(
            *at,
            format!("the settings make no address of `{}`", shown(url)),
            "write the name of a host, without `https://` and without a path",
        );
    }
}

/// Where the keys come from: as the file says, or else the provider, unless the file says how it signs.
pub(super) fn agreed(
    layer: &SourceLayer,
    schemes: &[Scheme],
    provider: Option<&Provider>,
    environment: Environment,
    report: &mut Report<'_>,
) -> &'static KeyOrigin {
    let said = match layer.keys {
        Slot::Given(at, origin) => {
            let is_public = |scheme: &Scheme| matches!(scheme.key, KeyForm::Public { .. });
            if *origin != KeyOrigin::Secret && !schemes.is_empty() && !schemes.iter().any(is_public)
            {
                report.add(
                    at,
                    "`keys` names an address, but the scheme takes a shared secret",
                    "leave `keys` out: what stands at an address is no secret",
                );
            }
            return origin;
        }
        Slot::Absent | Slot::Faulty => provider.map(|provider| allowed(provider.keys, environment)),
    };
    match layer.scheme {
        Slot::Absent => said.unwrap_or(&KeyOrigin::Secret),
        _ => &KeyOrigin::Secret,
    }
}
