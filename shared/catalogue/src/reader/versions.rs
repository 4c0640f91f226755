//! The versions of its provider's schemes that a source names.

use super::{report::Report, value::Value};

pub(super) fn read(
    value: Value<'_>,
    report: &mut Report<'_>,
) -> Option<Vec<(usize, &'static str)>> {
    value.list_of(report, |item, report| Some((item.at(), item.text(report)?)))
}
