//! Which event types a route takes.

use std::fmt;

/// An event type, or the beginning of one: `invoice.paid` is one type, `invoice.*` every type that begins with
/// `invoice.`, and `*` every type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypePattern {
    text: String,
}

impl TypePattern {
    /// Reads a pattern; the error says what is wrong with it, and the mend.
    pub fn read(text: &str) -> Result<Self, (String, String)> {
        if text.is_empty() {
            return Err((
                "a type is empty".into(),
                "name an event type, or leave `types` out for every type".into(),
            ));
        }
        if text.strip_suffix('*').unwrap_or(text).contains('*') {
            return Err((
                format!("`{text}` has a `*` before its end"),
                "write `*` at the end alone, as in `invoice.*`".into(),
            ));
        }
        Ok(Self { text: text.into() })
    }

    /// Whether it takes events of this type.
    #[must_use]
    pub fn matches(&self, event_type: &str) -> bool {
        match self.text.strip_suffix('*') {
            Some(beginning) => event_type.starts_with(beginning),
            None => self.text == event_type,
        }
    }
}

impl fmt::Display for TypePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_a_beginning_and_every_type() {
        for (pattern, event_type, matches) in [
            ("invoice.paid", "invoice.paid", true),
            ("invoice.paid", "invoice.paid.late", false),
            ("invoice.paid", "Invoice.paid", false),
            ("invoice.*", "invoice.", true),
            ("invoice.*", "invoice.paid", true),
            ("invoice.*", "invoice", false),
            ("*", "unknown", true),
            ("*", "", true),
            ("é*", "éa", true),
        ] {
            let found = TypePattern::read(pattern).map(|pattern| pattern.matches(event_type));
            assert_eq!(found, Ok(matches), "{pattern} {event_type}");
        }
    }

    #[test]
    fn a_star_stands_at_the_end_alone() {
        for pattern in ["", "*.paid", "in*ice", "**"] {
            assert!(TypePattern::read(pattern).is_err(), "{pattern}");
        }
        // A last character of several bytes is no fault of the pattern's.
        assert!(TypePattern::read("é").is_ok());
    }
}
