//! The one small language of the table: text with placeholders.
//!
//! A message to sign, an event id and an event type are all templates:
//! `{timestamp}.{body}`, `{json:verification_id}-{json:type}`, `{header:X-GitHub-Event}`.
//!
//! | placeholder | stands for |
//! |---|---|
//! | `{body}` | the raw body, byte for byte |
//! | `{timestamp}` | the timestamp's text exactly as it was sent, never the parsed number |
//! | `{method}` | the HTTP method, in capitals |
//! | `{url}` | the URL that the provider signs: as it was entered there, if the source says so, else as it was called |
//! | `{url_without_query}` | the same without `?` and what follows |
//! | `{host}` | the host of that URL, without a port |
//! | `{path_and_query}` `{path}` | the same without scheme and host, and without all but the path |
//! | `{header:A\|B}` | the first of these headers that is there |
//! | `{json:a.b\|c}` | the first of these paths of the JSON body that is there: a string's text, or a number as written |
//! | `{form:f}` `{query:q}` | a field of the form body, or of the query, percent-decoded |
//! | `{jwt:a.b\|c}` | the same of the claims of the JSON Web Token that the body is |
//! | `{setting:name}` | what the source says under `settings`; filled in when `landfall.toml` is read |
//! | `{body_sha256:hex}` `{body_sha256:base64}` | SHA-256 of the body |
//! | `{jws}`, `{twilio}`, … | bytes that no template can express, made by a function of that name: [`Code`] |
//!
//! Behind `>` stands a path into the JSON that such a text is, by itself or in base64: `{form:payload>event.id}`,
//! `{header:X-Signature>kid}`.
//!
//! A number in a JSON path is a position in an array, `*` stands for every element. A header name that
//! ends in `-*` stands for the same name with every number.

mod code;
mod place;

use std::{borrow::Cow, fmt};

pub use self::{
    code::Code,
    place::{INTO, Place, WHOLE},
};

/// A text with placeholders. Construct it with [`Template::new`]; [`Template::fault`] tells
/// whether it is well formed, and the table's tests and the reader of `landfall.toml` ask it.
#[derive(Clone, Copy)]
pub struct Template {
    text: &'static str,
    /// The parts, once a source has it: each of its deliveries asks for them, several times over. A template
    /// of the table is text alone, and read anew whenever somebody asks.
    parts: Option<&'static [Piece]>,
}

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
    /// The host, without a port.
    Host,
    /// The path, without the query.
    Path,
    /// The path and, where there is a query, `?` and the query.
    PathAndQuery,
    /// Scheme, host, path and query.
    Url,
    /// Scheme, host and path.
    UrlWithoutQuery,
    /// A text taken from the delivery.
    Value(Place),
    /// Bytes that a function of its own makes of the delivery.
    Code(Code),
}

impl Template {
    /// A template with this text.
    #[must_use]
    pub const fn new(text: &'static str) -> Self {
        Self { text, parts: None }
    }

    /// The text as written.
    #[must_use]
    pub fn text(self) -> &'static str {
        self.text
    }

    /// The parts, in order. What is not well formed stands for itself.
    pub fn pieces(self) -> impl Iterator<Item = Piece> {
        let (parts, unread) = match self.parts {
            Some(parts) => (parts, ""),
            None => (&[][..], self.text),
        };
        parts.iter().copied().chain(Pieces(unread))
    }

    /// Whether the template has this part.
    #[must_use]
    pub fn contains(self, piece: Piece) -> bool {
        self.pieces().any(|found| found == piece)
    }

    /// Whether the template is the body and nothing else.
    #[must_use]
    pub fn is_body(self) -> bool {
        self.text == "{body}"
    }

    /// Whether the URL, or a part of it, is in the template.
    #[must_use]
    pub fn has_url(self) -> bool {
        self.pieces().any(|piece| match piece {
            Piece::Url
            | Piece::UrlWithoutQuery
            | Piece::Host
            | Piece::Path
            | Piece::PathAndQuery => true,
            Piece::Code(code) => code.signs_url(),
            _ => false,
        })
    }

    /// Whether a setting of the source's is still to be filled in.
    #[must_use]
    pub fn has_setting(self) -> bool {
        self.text.contains("{setting:")
    }

    /// Whether it is as a source has it: nothing is to be filled in, and it is taken apart.
    pub(crate) fn is_filled(self) -> bool {
        self.parts.is_some() && !self.has_setting()
    }

    /// The template as a source has it: with these texts for `{setting:name}`, and taken apart. Other settings
    /// stay as they are.
    pub(crate) fn with_settings(self, settings: &[(&str, &str)]) -> Self {
        let mut filled = Cow::Borrowed(self.text);
        for (name, text) in settings {
            let placeholder = format!("{{setting:{name}}}");
            if filled.contains(&placeholder) {
                filled = filled.replace(&placeholder, text).into();
            }
        }
        let text = match filled {
            // A scheme's templates come by twice.
            Cow::Borrowed(_) if self.parts.is_some() => return self,
            Cow::Borrowed(text) => text,
            Cow::Owned(text) => text.leak(),
        };
        Self {
            text,
            // A list has room for four, and most templates have one part.
            parts: Some(Box::leak(Pieces(text).collect())),
        }
    }

    /// The template, taken apart.
    pub(crate) fn taken_apart(self) -> Self {
        self.with_settings(&[])
    }

    /// Whether it is.
    #[cfg(test)]
    pub(crate) fn is_taken_apart(self) -> bool {
        self.parts.is_some()
    }

    /// What is wrong with the template, if anything.
    #[must_use]
    pub fn fault(self) -> Option<String> {
        if self.text.is_empty() {
            return Some("the template is empty".into());
        }
        self.pieces().find_map(|piece| match piece {
            Piece::Literal(text) if text.starts_with("{setting:") => {
                Some(format!("`{text}` is to be filled in under `settings`"))
            }
            Piece::Literal(text) if text.contains(['{', '}']) => Some(format!(
                "`{text}` is no placeholder; there are {{body}}, {{timestamp}}, {{method}}, {{url}}, \
                 {{url_without_query}}, {{host}}, {{path_and_query}}, {{path}}, {{header:NAME}}, {{json:PATH}}, {{form:FIELD}}, {{query:NAME}} and {{jwt:PATH}}"
            )),
            _ => None,
        })
    }
}

impl PartialEq for Template {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Template {}

impl fmt::Debug for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Template").field(&self.text).finish()
    }
}

/// Takes a text apart.
struct Pieces(&'static str);

impl Iterator for Pieces {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        if self.0.is_empty() {
            return None;
        }
        let bytes = self.0.as_bytes();
        if bytes[0] == b'{'
            && let Some(end) = bytes.iter().position(|byte| *byte == b'}')
        {
            let name = &self.0[1..end];
            let piece = placeholder(name).unwrap_or(Piece::Literal(&self.0[..=end]));
            self.0 = &self.0[end + 1..];
            return Some(piece);
        }
        // At least one character, so that an opening brace that never closes can't stop the reading.
        let end = bytes[1..]
            .iter()
            .position(|byte| *byte == b'{')
            .map_or(bytes.len(), |at| at + 1);
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
        "host" => Piece::Host,
        "path" => Piece::Path,
        "path_and_query" => Piece::PathAndQuery,
        "url" => Piece::Url,
        "url_without_query" => Piece::UrlWithoutQuery,
        _ => match Code::named(name) {
            Some(code) => Piece::Code(code),
            None => Piece::Value(Place::parse(name)?),
        },
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
    fn a_source_has_the_parts_that_the_text_says() {
        for (text, filled) in [
            (
                "v0:{timestamp}:{setting:a}{body}",
                "v0:{timestamp}:{header:X}{body}",
            ),
            ("{json:a}-{setting:b}", "{json:a}-{setting:b}"),
            ("", ""),
        ] {
            let template = Template::new(text).with_settings(&[("a", "{header:X}")]);
            assert_eq!(template, Template::new(filled));
            assert_eq!(template.pieces().collect::<Vec<_>>(), pieces(filled));
        }
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
