//! What a source says where its provider asks for a text of the operator's.

use super::{
    report::{Report, shown},
    table::Pair,
    value::Value,
};

/// A name, where its text stands in the file, and the text.
pub(super) type Settings = Vec<(String, usize, &'static str)>;

pub(super) fn read(value: Value<'_>, report: &mut Report<'_>) -> Option<Settings> {
    let entries = value.table("settings = { name = \"text\" }", report)?;
    let read: Vec<_> = (entries.pairs().into_iter())
        .map(|Pair { name, value, .. }| {
            let text = value.like("^[^{}]+$").text(report)?;
            if text.contains(['{', '}']) {
                report.add(
                    value.at(),
                    format!("the setting `{}` has braces in it", shown(name)),
                    "write the text itself: nothing is filled in here",
                );
                return None;
            }
            Some((name.to_owned(), value.at(), text))
        })
        .collect();
    read.into_iter().collect()
}
