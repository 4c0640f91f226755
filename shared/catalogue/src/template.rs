//! The one small language of the table: text with placeholders.
//!
//! A message to sign, an event id and an event type are all templates:
//! `{timestamp}.{body}`, `{json:verification_id}-{json:type}`, `{header:X-GitHub-Event}`.
//!
//! | placeholder | stands for |
//! |---|---|
//! | `{body}` | the raw body, byte for byte |
//! | `{timestamp}` | the timestamp's text exactly as it was sent, never the parsed number |
//! | `{method}` `{path}` `{url}` | the request line as the platform received it |
//! | `{header:A\|B}` | the first of these headers that is there |
//! | `{json:a.b\|c}` | the first of these paths of the JSON body that is there: a string's text, or a number as written |
//! | `{form:f}` `{query:q}` | a field of the form body, or of the query, percent-decoded |

/// A text with placeholders. Construct it with [`Template::new`]; [`Template::fault`] tells
/// whether it is well formed, and the table's tests and the reader of `sources.toml` ask it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Template(&'static str);

/// One part of a [`Template`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Text that stands for itself.
    Literal(&'static str),
    /// The raw body.
    Body,
    /// The timestamp as it was sent.
    Timestamp,
    /// The HTTP method.
    Method,
    /// The path, without the query.
    Path,
    /// Scheme, host, path and query.
    Url,
    /// A text taken from the delivery.
    Value(Place),
}

/// Where in a delivery a text stands. Several names are alternatives, separated by `|`: the first
/// that is there counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Header names; they compare without regard to case.
    Header(&'static str),
    /// Dotted paths into the JSON body.
    Json(&'static str),
    /// Fields of an `application/x-www-form-urlencoded` body.
    Form(&'static str),
    /// Parameters of the query.
    Query(&'static str),
}

impl Place {
    /// Reads `header:NAME`, `json:PATH`, `form:FIELD` or `query:NAME`, alternatives separated by `|`.
    #[must_use]
    pub fn parse(text: &'static str) -> Option<Self> {
        let (kind, names) = text.split_once(':')?;
        if names.split('|').any(str::is_empty) {
            return None;
        }
        match kind {
            "header" => Some(Self::Header(names)),
            "json" => Some(Self::Json(names)),
            "form" => Some(Self::Form(names)),
            "query" => Some(Self::Query(names)),
            _ => None,
        }
    }

    /// The alternatives, in the order in which they are tried.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        let (Self::Header(names) | Self::Json(names) | Self::Form(names) | Self::Query(names)) =
            self;
        names.split('|')
    }

    /// Whether the text stands in the body.
    #[must_use]
    pub fn is_in_body(self) -> bool {
        matches!(self, Self::Json(_) | Self::Form(_))
    }
}

impl Template {
    /// A template with this text.
    #[must_use]
    pub const fn new(text: &'static str) -> Self {
        Self(text)
    }

    /// The text as written.
    #[must_use]
    pub fn text(self) -> &'static str {
        self.0
    }

    /// The parts, in order. What is not well formed stands for itself.
    pub fn pieces(self) -> impl Iterator<Item = Piece> {
        Pieces(self.0)
    }

    /// Whether the template has this part.
    #[must_use]
    pub fn contains(self, piece: Piece) -> bool {
        self.pieces().any(|found| found == piece)
    }

    /// What is wrong with the template, if anything.
    #[must_use]
    pub fn fault(self) -> Option<String> {
        if self.0.is_empty() {
            return Some("the template is empty".into());
        }
        self.pieces().find_map(|piece| match piece {
            Piece::Literal(text) if text.contains(['{', '}']) => Some(format!(
                "`{text}` is no placeholder; there are {{body}}, {{timestamp}}, {{method}}, {{path}}, {{url}}, \
                 {{header:NAME}}, {{json:PATH}}, {{form:FIELD}} and {{query:NAME}}"
            )),
            _ => None,
        })
    }
}

struct Pieces(&'static str);

impl Iterator for Pieces {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        if self.0.is_empty() {
            return None;
        }
        if let Some(inner) = self.0.strip_prefix('{')
            && let Some((name, rest)) = inner.split_once('}')
        {
            let piece = placeholder(name).unwrap_or(Piece::Literal(&self.0[..name.len() + 2]));
            self.0 = rest;
            return Some(piece);
        }
        // At least one character, so that an opening brace that never closes can't stop the reading.
        let end = self
            .0
            .char_indices()
            .skip(1)
            .find(|(_, c)| *c == '{')
            .map_or(self.0.len(), |(at, _)| at);
        let (literal, rest) = self.0.split_at(end);
        self.0 = rest;
        Some(Piece::Literal(literal))
    }
}

fn placeholder(name: &'static str) -> Option<Piece> {
    Some(match name {
        "body" => Piece::Body,
        "timestamp" => Piece::Timestamp,
        "method" => Piece::Method,
        "path" => Piece::Path,
        "url" => Piece::Url,
        _ => Piece::Value(Place::parse(name)?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(text: &'static str) -> Vec<Piece> {
        Template::new(text).pieces().collect()
    }

    #[test]
    fn literals_and_placeholders_are_told_apart() {
        assert_eq!(
            pieces("v0:{timestamp}:{body}"),
            [
                Piece::Literal("v0:"),
                Piece::Timestamp,
                Piece::Literal(":"),
                Piece::Body
            ]
        );
        assert_eq!(
            pieces("{json:a.b|c}-{header:X-Id}"),
            [
                Piece::Value(Place::Json("a.b|c")),
                Piece::Literal("-"),
                Piece::Value(Place::Header("X-Id"))
            ]
        );
    }

    #[test]
    fn alternatives_are_tried_in_their_order() {
        let names: Vec<_> = Place::Header("svix-id|webhook-id").names().collect();
        assert_eq!(names, ["svix-id", "webhook-id"]);
    }

    #[test]
    fn a_template_that_is_not_well_formed_says_so() {
        for text in [
            "",
            "{",
            "{bod}",
            "{header:}",
            "{header:a|}",
            "{body",
            "body}",
            "{json}",
            "é{",
        ] {
            assert!(Template::new(text).fault().is_some(), "{text:?}");
        }
        for text in ["{body}", "{url}{body}", "hmacsha256={body}", "é{body}"] {
            assert_eq!(Template::new(text).fault(), None, "{text:?}");
        }
    }
}
