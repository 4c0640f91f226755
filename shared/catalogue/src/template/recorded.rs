//! The language of routes: text with placeholders, filled in from a recorded event.
//!
//! It is the language of sources, [`Template`](super::Template), for what is there once a delivery has become an
//! event: the request's method and URL are gone, and there are names for what Landfall itself says of the event.
//!
//! | placeholder | stands for |
//! |---|---|
//! | `{json:a.b\|c}` | the first of these paths of the JSON payload that is there |
//! | `{header:A\|B}` | the first of these headers that is there, of those that the source keeps |
//! | `{form:a\|b}` | the first of these fields of the form body that is there |
//! | `{body}` | the whole JSON payload |
//! | `{event_id}` `{event_type}` `{source}` `{route}` | their names |
//! | `{received_at}` | when the event was received, as `2026-11-29T22:27:21.000Z` |
//! | `{idempotency_key}` | the key that is the same in every attempt of this route at this event |
//! | `{{` `}}` | a brace |

use std::fmt;

/// A text with placeholders, well formed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventTemplate {
    text: String,
    parts: Vec<Part>,
}

/// One part of an [`EventTemplate`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Text that stands for itself.
    Literal(String),
    /// What is filled in.
    Placeholder(Placeholder),
}

/// What is filled in from an event. Names are alternatives: the first that is there counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Placeholder {
    /// The whole JSON payload.
    Body,
    /// The event's id.
    EventId,
    /// Its type.
    EventType,
    /// The source that it came to.
    Source,
    /// When it was received.
    ReceivedAt,
    /// The route that it goes.
    Route,
    /// What the destination may know it again by.
    IdempotencyKey,
    /// Dotted paths into the JSON payload.
    Json(Vec<String>),
    /// Header names; they compare without regard to case.
    Header(Vec<String>),
    /// Fields of the form body.
    Form(Vec<String>),
}

/// What is wrong with a template, and the mend.
pub type TemplateFault = (String, String);

impl EventTemplate {
    /// Reads a template, or says what is wrong with it.
    pub fn read(text: &str) -> Result<Self, TemplateFault> {
        let mut parts = Vec::new();
        let mut literal = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            literal.push_str(&rest[..at]);
            let tail = &rest[at..];
            if let Some(after) = tail.strip_prefix("{{").or_else(|| tail.strip_prefix("}}")) {
                literal.push_str(&tail[..1]);
                rest = after;
                continue;
            }
            let Some((name, after)) = tail[1..]
                .split_once('}')
                .filter(|(name, _)| tail.starts_with('{') && !name.contains('{'))
            else {
                return Err((
                    format!("`{text}` has a brace that belongs to no placeholder"),
                    "write two braces for one".into(),
                ));
            };
            if !literal.is_empty() {
                parts.push(Part::Literal(std::mem::take(&mut literal)));
            }
            parts.push(Part::Placeholder(Placeholder::read(name)?));
            rest = after;
        }
        literal.push_str(rest);
        if !literal.is_empty() {
            parts.push(Part::Literal(literal));
        }
        Ok(Self {
            text: text.into(),
            parts,
        })
    }

    /// The text as written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The parts, in order.
    #[must_use]
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The placeholder that is the whole of it.
    #[must_use]
    pub fn sole(&self) -> Option<&Placeholder> {
        match self.parts.as_slice() {
            [Part::Placeholder(placeholder)] => Some(placeholder),
            _ => None,
        }
    }

    /// What is filled in.
    pub fn placeholders(&self) -> impl Iterator<Item = &Placeholder> {
        self.parts.iter().filter_map(|part| match part {
            Part::Placeholder(placeholder) => Some(placeholder),
            Part::Literal(_) => None,
        })
    }
}

impl Placeholder {
    fn read(name: &str) -> Result<Self, TemplateFault> {
        Ok(match name {
            "body" => Self::Body,
            "event_id" => Self::EventId,
            "event_type" => Self::EventType,
            "source" => Self::Source,
            "received_at" => Self::ReceivedAt,
            "route" => Self::Route,
            "idempotency_key" => Self::IdempotencyKey,
            _ => {
                let (kind, names) = name.split_once(':').unwrap_or((name, ""));
                let names: Vec<_> = names.split('|').map(str::to_owned).collect();
                if names.iter().any(String::is_empty) && ["json", "header", "form"].contains(&kind)
                {
                    return Err((
                        format!("`{{{name}}}` leaves a name empty"),
                        format!("write `{{{kind}:NAME}}`, or `{{{kind}:ONE|OTHER}}`"),
                    ));
                }
                match kind {
                    "json" => Self::Json(json_paths(name, names)?),
                    "header" => Self::Header(names),
                    "form" => Self::Form(names),
                    _ => {
                        return Err((
                            format!("`{{{name}}}` is no placeholder of a route"),
                            "there are {json:PATH}, {header:NAME}, {form:FIELD}, {body}, {event_id}, {event_type}, \
                             {source}, {received_at}, {route} and {idempotency_key}"
                                .into(),
                        ));
                    }
                }
            }
        })
    }
}

fn json_paths(placeholder: &str, paths: Vec<String>) -> Result<Vec<String>, TemplateFault> {
    for path in &paths {
        if path.split('.').any(|name| name.is_empty() || name == "*") {
            return Err((
                format!("`{{{placeholder}}}` has a step that names no one value"),
                "write a name or a position between dots, as in `{json:items.0.id}`".into(),
            ));
        }
    }
    Ok(paths)
}

impl fmt::Display for Placeholder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Body => f.write_str("{body}"),
            Self::EventId => f.write_str("{event_id}"),
            Self::EventType => f.write_str("{event_type}"),
            Self::Source => f.write_str("{source}"),
            Self::ReceivedAt => f.write_str("{received_at}"),
            Self::Route => f.write_str("{route}"),
            Self::IdempotencyKey => f.write_str("{idempotency_key}"),
            Self::Json(paths) => write!(f, "{{json:{}}}", paths.join("|")),
            Self::Header(names) => write!(f, "{{header:{}}}", names.join("|")),
            Self::Form(names) => write!(f, "{{form:{}}}", names.join("|")),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn literal(text: &str) -> Part {
        Part::Literal(text.into())
    }

    #[test]
    fn literals_placeholders_and_braces_are_told_apart() {
        let read = EventTemplate::read("a{{{json:a.0|b}}}-{event_id}");
        let paths = vec!["a.0".to_owned(), "b".to_owned()];
        assert_eq!(
            read.map(|template| template.parts().to_vec()),
            Ok(vec![
                literal("a{"),
                Part::Placeholder(Placeholder::Json(paths)),
                literal("}-"),
                Part::Placeholder(Placeholder::EventId),
            ])
        );
        let empty = EventTemplate::read("").map(|template| template.parts().to_vec());
        assert_eq!(empty, Ok(vec![]));
    }

    #[test]
    fn a_template_that_is_not_well_formed_says_so() {
        for text in [
            "{",
            "}",
            "{json:a",
            "json:a}",
            "{json}",
            "{json:}",
            "{json:a|}",
            "{json:a..b}",
            "{json:a.*.b}",
            "{url}",
            "{query:a}",
            "{timestamp}",
            "{{json:a}",
            "{json:{json:a}}",
            "{header:}",
            "{setting:a}",
            "{}",
        ] {
            assert!(EventTemplate::read(text).is_err(), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_template_or_a_fault(text in "[{}a-z:|.é]{0,20}") {
            if let Ok(template) = EventTemplate::read(&text) {
                prop_assert_eq!(template.text(), text);
            }
        }

        #[test]
        fn text_with_doubled_braces_stands_for_itself(text: String) {
            let doubled = text.replace('{', "{{").replace('}', "}}");
            let template = EventTemplate::read(&doubled).map(|template| template.parts().to_vec());
            let expected = if text.is_empty() { vec![] } else { vec![literal(&text)] };
            prop_assert_eq!(template, Ok(expected));
        }

        #[test]
        fn a_placeholder_is_printed_as_it_is_read(name in "(json|header|form):[a-z0-9]{1,5}(\\.[a-z]{1,3})?(\\|[a-z]{1,3}){0,2}") {
            let text = format!("{{{name}}}");
            let template = EventTemplate::read(&text);
            let printed = template.ok().and_then(|template| Some(template.sole()?.to_string()));
            prop_assert_eq!(printed, Some(text));
        }
    }
}
