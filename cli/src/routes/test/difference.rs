//! What differs between two texts, line by line.

use landfall_aws::config::digest;
use similar::TextDiff;

use crate::indent::indented;

/// How many lines stand around what differs.
const AROUND: usize = 3;

/// The lines that go, with `-`, and those that come, with `+`.
pub(super) fn lines(before: &str, now: &str) -> String {
    let difference = TextDiff::from_lines(before, now);
    let mut lines = difference.unified_diff();
    lines.context_radius(AROUND).to_string()
}

/// A body over several lines, as far as it is JSON or text.
pub(super) fn readable(body: &[u8]) -> String {
    match std::str::from_utf8(body) {
        Ok(text) => indented(text).unwrap_or_else(|| text.to_owned()),
        Err(_) => format!("{} bytes that are no text: {}", body.len(), digest(body)),
    }
}
