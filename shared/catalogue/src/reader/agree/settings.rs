//! The texts that a source's provider asks for, and those that the file has.

use crate::reader::{
    report::{Report, meant, shown},
    slot::Slot,
    source::SourceLayer,
};

/// All texts that the provider asks for. What is missing is reported, and stands there as its example,
/// so that nothing else is found wrong with it.
pub(super) fn agreed(
    layer: &SourceLayer,
    at: usize,
    report: &mut Report<'_>,
) -> Vec<(&'static str, &'static str)> {
    let asked = match &layer.provider {
        Slot::Given(_, provider) => provider.settings,
        Slot::Absent => &[],
        Slot::Faulty => return Vec::new(),
    };
    let given = match &layer.settings {
        Slot::Given(_, given) => given.as_slice(),
        Slot::Absent => &[],
        Slot::Faulty => return asked.iter().map(|one| (one.name, one.example)).collect(),
    };
    for (name, at, _) in given {
        if !asked.iter().any(|setting| setting.name == name) {
            report.add(
                *at,
                format!("nothing asks for the setting `{}`", shown(name)),
                match meant(name, asked.iter().map(|setting| setting.name)) {
                    Some(name) => format!("did you mean `{name}`?"),
                    None => "leave it out; `landfall providers NAME` says what a provider asks for"
                        .into(),
                },
            );
        }
    }
    asked
        .iter()
        .map(|setting| {
            let found = given.iter().find(|(name, _, _)| name == setting.name);
            if found.is_none() {
                report.missing(
                    at,
                    format!(
                        "the setting `{}` is missing: {}",
                        setting.name, setting.help
                    ),
                    format!(
                        "write settings = {{ {} = \"{}\" }}",
                        setting.name, setting.example
                    ),
                );
            }
            (
                setting.name,
                found.map_or(setting.example, |(_, _, text)| *text),
            )
        })
        .collect()
}
