//! Gathers faults, so that one reading names them all.

use std::fmt;

use strsim::osa_distance;

/// Something wrong in `landfall.toml`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub fault: String,
    /// What to write instead.
    pub mend: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}; {}", self.line, self.fault, self.mend)
    }
}

/// What has been found wrong so far.
pub(super) struct Report<'t> {
    text: &'t str,
    readable: bool,
    faults: Vec<Fault>,
}

impl<'t> Report<'t> {
    pub(super) fn new(text: &'t str, readable: bool) -> Self {
        Self {
            text,
            readable,
            faults: Vec::new(),
        }
    }

    /// Notes a fault at this byte of the text.
    pub(super) fn add(&mut self, offset: usize, fault: impl Into<String>, mend: impl Into<String>) {
        let before = self.text.get(..offset).unwrap_or_default();
        // A fault is told in one line, whatever it quotes.
        let line = |text: String| text.replace(char::is_control, " ");
        self.faults.push(Fault {
            line: 1 + before.matches('\n').count(),
            fault: line(fault.into()),
            mend: line(mend.into()),
        });
    }

    /// Notes that something isn't there, unless it may stand in a line that can't be read.
    pub(super) fn missing(
        &mut self,
        offset: usize,
        fault: impl Into<String>,
        mend: impl Into<String>,
    ) {
        if self.readable {
            self.add(offset, fault, mend);
        }
    }

    /// How many faults have been noted so far.
    pub(super) fn count(&self) -> usize {
        self.faults.len()
    }

    /// Everything found, by line, each fault once.
    pub(super) fn finish(mut self) -> Vec<Fault> {
        self.faults.sort();
        self.faults.dedup();
        self.faults
    }
}

/// The word that was probably meant: the nearest of the known ones, if it is near enough.
#[must_use]
pub fn meant<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain = |text: &str| text.to_ascii_lowercase().replace(['_', ' '], "-");
    let word = plain(word);
    if word.len() > 64 {
        return None;
    }
    known
        .into_iter()
        // Letters that are added, dropped, changed or swapped with their neighbour.
        .map(|candidate| (osa_distance(&word, &plain(candidate)), candidate))
        .min_by_key(|(distance, _)| *distance)
        .filter(|(distance, candidate)| *distance <= 1 + candidate.len() / 4)
        .map(|(_, candidate)| candidate)
}

/// The words as an enumeration in prose: "a, b and c".
#[must_use]
pub fn enumerate<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let words: Vec<&str> = words.into_iter().collect();
    match words.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        Some((only, _)) => (*only).to_owned(),
        None => String::new(),
    }
}

/// A piece of the file, short and on one line, for a fault's text.
pub(super) fn shown(text: &str) -> String {
    let mut shown: String = text.escape_debug().take(60).collect();
    if shown.len() < text.len() && text.chars().count() > 60 {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_pen_is_understood_and_another_word_is_not() {
        let known = ["provider", "headers", "event_id", "tries"];
        assert_eq!(meant("provder", known), Some("provider"));
        assert_eq!(meant("Provider", known), Some("provider"));
        assert_eq!(meant("event-id", known), Some("event_id"));
        assert_eq!(meant("tires", known), Some("tries"));
        assert_eq!(meant("colour", known), None);
        assert_eq!(meant("", known), None);
    }
}
