//! What a source says of how it is signed: one scheme or several, its own or over a provider's.

use crate::scheme::Scheme;

use super::{
    report::{Report, enumerate, shown},
    scheme::SchemeLayer,
    slot::Slot,
    tolerance::ToleranceLayer,
    value::Value,
};

/// What a source says of how it is signed.
#[derive(Clone, Debug)]
pub(super) enum SchemesLayer {
    /// `[sources.source.scheme]`: one scheme, or what differs from the provider's first, or from the one
    /// that it names.
    One(Box<SchemeLayer>),
    /// `[[sources.source.scheme]]`: all of them, or what differs from those of the provider's that they name;
    /// each with its place in the file.
    Several(Vec<(usize, SchemeLayer)>),
}

impl SchemesLayer {
    pub(super) fn read(value: Value<'_>, report: &mut Report<'_>) -> Option<Self> {
        if value.is_list() {
            let read = |item: Value<'_>, report: &mut Report<'_>| {
                Some((item.at(), SchemeLayer::read(item, report)?))
            };
            return Some(Self::Several(value.list_of(report, read)?));
        }
        Some(Self::One(Box::new(SchemeLayer::read(value, report)?)))
    }

    /// What this table says, over what the other one says; a list says it all.
    pub(super) fn or(self, base: Self) -> Self {
        match (self, base) {
            (Self::One(mine), Self::One(theirs)) => Self::One(Box::new(mine.or(*theirs))),
            (mine, _) => mine,
        }
    }

    /// The schemes of a source that has no provider, or nothing.
    pub(super) fn spelled_out(
        self,
        tolerance: &Slot<ToleranceLayer>,
        at: usize,
        report: &mut Report<'_>,
    ) -> Option<Vec<Scheme>> {
        let layers = match self {
            Self::One(layer) => vec![(at, *layer)],
            Self::Several(layers) => layers,
        };
        let schemes: Vec<Option<Scheme>> = layers
            .into_iter()
            .map(|(at, layer)| layer.spelled_out(tolerance.clone(), at, report))
            .collect();
        schemes.into_iter().collect()
    }

    /// The provider's schemes with what differs in those that are named, or in the first.
    pub(super) fn over(
        self,
        schemes: &[Scheme],
        at: usize,
        report: &mut Report<'_>,
    ) -> Option<Vec<Scheme>> {
        let (layers, is_list) = match self {
            Self::One(layer) => (vec![(at, *layer)], false),
            Self::Several(layers) => (layers, true),
        };
        let mut schemes = schemes.to_vec();
        let mut sound = true;
        for (at, layer) in layers {
            let wanted = match &layer.version {
                Slot::Given(_, version) => Some(*version),
                Slot::Faulty => return None,
                Slot::Absent if is_list => {
                    report.add(
                        at,
                        "one of several schemes over a provider's doesn't say which it differs from",
                        format!("add `version`, {}", versions_of(&schemes)),
                    );
                    return None;
                }
                Slot::Absent => None,
            };
            let found = schemes
                .iter_mut()
                .find(|scheme| wanted.is_none_or(|version| scheme.version == version));
            let Some(found) = found else {
                let version = shown(wanted.unwrap_or_default());
                let there = versions_of(&schemes);
                report.add(
                    at,
                    format!("the scheme differs from version `{version}`, which doesn't count for this source"),
                    format!("name it under `versions`, or here {there}"),
                );
                return None;
            };
            match layer.over(*found, at, report) {
                Some(scheme) => *found = scheme,
                None => sound = false,
            }
        }
        sound.then_some(schemes)
    }
}

/// What there is to choose from.
fn versions_of(schemes: &[Scheme]) -> String {
    match schemes {
        [one] if one.version.is_empty() => "none, for there is but one scheme".into(),
        several => format!("one of {}", enumerate(several.iter().map(|s| s.version))),
    }
}
