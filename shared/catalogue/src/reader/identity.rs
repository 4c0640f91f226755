//! The reason for which a source's signed bytes tell its events apart.

use super::{report::Report, value::Value};

/// Why the signed bytes are unique, in words: three at least, so that it is a reason and not a switch.
pub(super) fn reason(value: Value<'_>, report: &mut Report<'_>) -> Option<&'static str> {
    let text = value.like("\\S\\s+\\S+\\s+\\S").text(report)?;
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
