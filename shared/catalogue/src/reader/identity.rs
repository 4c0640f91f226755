//! What tells a source's events from each other.

use crate::identity::Identity;

use super::{
    layer::Layer,
    report::Report,
    table::{Slot, Value},
};

/// Why the signed bytes are unique, in words: three at least, so that it is a reason and not a switch.
pub(super) fn reason(value: Value<'_>, report: &mut Report<'_>) -> Option<&'static str> {
    let text = value.text(report)?;
    let fits = text.split_whitespace().count() >= 3;
    if !fits {
        report.add(
            value.at(),
            format!("`{}` is no reason in words", value.key),
            "say what is signed that no two events have in common, for example unique_because = \"every body has a \
             number of its own\"; or leave it out: then every delivery without an id is an event of its own",
        );
    }
    fits.then_some(text)
}

/// What the file says, and the provider's entry where the file is silent.
pub(super) fn agreed(layer: &Layer, report: &mut Report<'_>) -> Identity {
    let theirs = match &layer.provider {
        Slot::Given(_, provider) => provider.identity,
        _ => Identity::EVERY_DELIVERY,
    };
    if let (Slot::Given(at, ()), Slot::Given(..)) = (&layer.every_delivery, &layer.unique_because) {
        report.add(
            *at,
            "`every_delivery` and `unique_because` contradict each other",
            "keep one: signed bytes that are unique are told apart by themselves",
        );
    }
    Identity {
        id: layer.event_id.clone().value().or(theirs.id),
        unique: match layer.every_delivery {
            Slot::Given(..) => None,
            _ => layer.unique_because.clone().value().or(theirs.unique),
        },
    }
}
