//! What tells a source's events from each other: the file's word, and the provider's where the file is silent.

use crate::{
    identity::Identity,
    reader::{report::Report, slot::Slot, source::SourceLayer},
    source::Source,
};

/// What the file says, and the provider's entry where the file is silent.
pub(super) fn agreed(
    layer: &SourceLayer,
    theirs: Option<&Source>,
    report: &mut Report<'_>,
) -> Identity {
    let theirs = theirs.map_or(Identity::EVERY_DELIVERY, |theirs| theirs.identity);
    if let (Slot::Given(at, ()), Slot::Given(..)) = (&layer.every_delivery, &layer.unique_because) {
        report.add(
            *at,
            "`every_delivery` and `unique_because` contradict each other",
            "keep one: signed bytes that are unique are told apart by themselves",
        );
    }
    Identity {
        id: layer.event_id.get().copied().or(theirs.id),
        unique: match layer.every_delivery {
            Slot::Given(..) => None,
            _ => layer.unique_because.get().copied().or(theirs.unique),
        },
        signed_repeats: theirs.signed_repeats || !layer.signed_repeats.is_absent(),
    }
}
