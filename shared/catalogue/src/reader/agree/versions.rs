//! Which of its provider's schemes a source counts.

use std::borrow::Cow;

use crate::{
    provider::Provider,
    reader::{
        report::{Report, enumerate, meant, shown},
        slot::Slot,
        source::SourceLayer,
    },
    scheme::Scheme,
};

/// The provider's schemes that count for the source: those that it names, or those that count by themselves.
pub(super) fn agreed(
    layer: &SourceLayer,
    provider: &Provider,
    counting: &'static [Scheme],
    report: &mut Report<'_>,
) -> Option<Cow<'static, [Scheme]>> {
    let versions = match &layer.versions {
        Slot::Absent => return Some(Cow::Borrowed(counting)),
        Slot::Faulty => return None,
        Slot::Given(at, _) if provider.schemes.len() == 1 => {
            report.add(
                *at,
                format!(
                    "{} has one way to sign, of which nothing is to be chosen",
                    provider.title
                ),
                "leave `versions` out",
            );
            return None;
        }
        Slot::Given(_, versions) => versions,
    };
    let there = || provider.schemes.iter().map(|scheme| scheme.version);
    let mut chosen = Vec::new();
    let mut sound = true;
    for (at, version) in versions {
        let known = there().any(|known| known == *version);
        if known && !chosen.contains(version) {
            chosen.push(version);
            continue;
        }
        sound = false;
        let version = shown(version);
        if known {
            report.add(
                *at,
                format!("`{version}` stands there twice"),
                "keep one of the two",
            );
            continue;
        }
        let mend = match meant(&version, there()) {
            Some(version) => format!("did you mean `{version}`?"),
            None => format!("choose from {}", enumerate(there())),
        };
        report.add(
            *at,
            format!("{} has no version `{version}`", provider.title),
            mend,
        );
    }
    sound.then(|| Cow::Owned(provider.chosen(&chosen)))
}

/// Says that there is nothing to choose from without a provider.
pub(super) fn without_provider(layer: &SourceLayer, report: &mut Report<'_>) {
    if let Slot::Given(at, _) = layer.versions {
        report.add(
            at,
            "`versions` chooses among a provider's schemes, but the source names no provider",
            "leave it out: all schemes that are spelled out count",
        );
    }
}
