//! What the parser of TOML finds wrong, in our words where its own don't say which thing is meant.

use toml::de::Error;

use super::report::{Fault, Report, shown};

/// The parser's word for what stands there twice: a key, or a table.
const TWICE: &str = "duplicate key";

pub(super) fn faults(text: &str, errors: &[Error]) -> Vec<Fault> {
    let place = |error: &Error| error.span().map_or(0, |span| span.start);
    let is_twice = |error: &Error| error.message().contains(TWICE);
    // A table that stands there twice has keys that do, too: the table is the fault.
    let tables: Vec<&str> = (errors.iter())
        .filter(|error| is_twice(error))
        .filter_map(|error| header(text, place(error)))
        .collect();
    let mut report = Report::new(text, true);
    for error in errors {
        let at = place(error);
        if is_twice(error) {
            let name = error.span().and_then(|span| text.get(span));
            let name = shown(name.unwrap_or_default());
            if let Some(header) = header(text, at) {
                let mend = "keep one of the two, or give the second another name";
                report.add(
                    at,
                    format!("the table `{}` stands there twice", shown(header)),
                    mend,
                );
            } else if !tables
                .iter()
                .any(|table| last_header(text, at) == Some(*table))
            {
                report.add(
                    at,
                    format!("`{name}` stands there twice"),
                    "keep one of the two",
                );
            }
            continue;
        }
        let message = error.message().lines().collect::<Vec<_>>().join(", ");
        report.add(
            at,
            message,
            "write key = \"text\", key = 1, key = [\"a\", \"b\"] or a table's name in brackets",
        );
    }
    // One slip can trouble the parser several times: the first word about a line says it.
    let mut faults = report.finish();
    faults.dedup_by_key(|fault| fault.line);
    faults
}

/// The line of this byte, where it is the header of a table.
fn header(text: &str, at: usize) -> Option<&str> {
    let start = text.get(..at)?.rfind('\n').map_or(0, |end| end + 1);
    let line = text.get(start..)?.lines().next()?.trim();
    line.starts_with('[').then_some(line)
}

/// The header above this byte.
fn last_header(text: &str, at: usize) -> Option<&str> {
    let mut lines = text.get(..at)?.lines().rev().map(str::trim);
    lines.find(|line| line.starts_with('['))
}
