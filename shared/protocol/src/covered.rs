//! What of an event a signature covers.

use std::fmt;

/// The parts of an event that the signature covers. What isn't among them, anyone may have written who has seen
/// a single delivery: a captured body under another type, id or header has a valid signature.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Covered(
    /// Each once, in their order.
    Vec<Part>,
);

/// A part of an event that a signature may cover.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The event's id.
    Id,
    /// The event's type.
    Type,
    /// The further name that operators search for.
    Reference,
    /// The whole body.
    Body,
    /// A header that is kept, by its name in lower case.
    Header(String),
}

impl Covered {
    /// Whether the event's id is signed.
    #[must_use]
    pub fn id(&self) -> bool {
        self.0.contains(&Part::Id)
    }

    /// Whether the event's type is signed.
    #[must_use]
    pub fn event_type(&self) -> bool {
        self.0.contains(&Part::Type)
    }

    /// Whether the further name is signed.
    #[must_use]
    pub fn reference(&self) -> bool {
        self.0.contains(&Part::Reference)
    }

    /// Whether the whole body is signed. Where it isn't, the sender is authentic, and not all that it says: ask the
    /// provider's API before anything that matters.
    #[must_use]
    pub fn body(&self) -> bool {
        self.0.contains(&Part::Body)
    }

    /// Whether this header is signed.
    #[must_use]
    pub fn header(&self, name: &str) -> bool {
        let is_it =
            |part: &Part| matches!(part, Part::Header(known) if name.eq_ignore_ascii_case(known));
        self.0.iter().any(is_it)
    }

    /// The same with, or without, this part.
    #[must_use]
    pub fn with(mut self, part: Part, is_signed: bool) -> Self {
        self.0.retain(|known| *known != part);
        let parts = self.0.into_iter().chain(is_signed.then_some(part));
        parts.collect()
    }

    /// The parts in a short text, for the ledger: a letter for each, and for headers their places among those that
    /// are kept, in the order of their names.
    #[must_use]
    pub fn encode<'h>(&self, kept: impl Iterator<Item = &'h String>) -> String {
        let letters = LETTERS.iter().filter(|(part, _)| self.0.contains(part));
        let letters: String = letters.map(|(_, letter)| letter).collect();
        let headers = kept.enumerate().filter(|(_, name)| self.header(name));
        let places = headers.map(|(at, _)| at.to_string());
        let words: Vec<String> = [letters].into_iter().chain(places).collect();
        words.join(" ")
    }

    /// Reads what [`encode`](Self::encode) wrote.
    #[must_use]
    pub fn decode<'h>(text: &str, kept: impl Iterator<Item = &'h String>) -> Option<Self> {
        let kept: Vec<_> = kept.collect();
        let mut words = text.split(' ');
        let letters = words.next().unwrap_or_default().chars().map(|letter| {
            let known = LETTERS.iter().find(|(_, known)| *known == letter);
            known.map(|(part, _)| part.clone())
        });
        let headers = words.map(|at| {
            let name = kept.get(at.parse::<usize>().ok()?)?;
            Some(Part::Header((*name).clone()))
        });
        letters.chain(headers).collect()
    }
}

const LETTERS: [(Part, char); 4] = [
    (Part::Id, 'i'),
    (Part::Type, 't'),
    (Part::Reference, 'r'),
    (Part::Body, 'b'),
];

impl FromIterator<Part> for Covered {
    fn from_iter<P: IntoIterator<Item = Part>>(parts: P) -> Self {
        let mut parts: Vec<Part> = parts.into_iter().collect();
        parts.sort_unstable();
        parts.dedup();
        Self(parts)
    }
}

impl fmt::Debug for Covered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(&self.0).finish()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let kept = ["a", "b", "c"].map(str::to_owned);
        let every = LETTERS.map(|(part, _)| part).into_iter();
        let every: Vec<Part> = every.chain(kept.clone().map(Part::Header)).collect();
        // Each part by itself, in every combination.
        for bits in 0..1_u32 << every.len() {
            let parts = every
                .iter()
                .enumerate()
                .filter(|(at, _)| bits >> at & 1 == 1);
            let covered: Covered = parts.map(|(_, part)| part.clone()).collect();
            let text = covered.encode(kept.iter());
            assert!(text.len() <= 10, "{text}");
            assert_eq!(Covered::decode(&text, kept.iter()), Some(covered), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_nothing() {
        let kept = ["a".to_owned()];
        for text in ["x", "i 1", "i a", "i  0", "i -1"] {
            assert_eq!(Covered::decode(text, kept.iter()), None, "{text:?}");
        }
    }

    #[test]
    fn headers_are_found_by_their_names_in_any_case() {
        let covered: Covered = [Part::Header("x-id".into())].into_iter().collect();
        assert!(covered.header("X-Id") && !covered.header("x-type"));
        assert!(
            !covered
                .with(Part::Header("x-id".into()), false)
                .header("x-id")
        );
    }
}
