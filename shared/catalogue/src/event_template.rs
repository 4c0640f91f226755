//! Text with placeholders that are filled in from a recorded event: an object's key in S3, a FIFO queue's group, a header
//! that a route adds.
//!
//! | placeholder | stands for |
//! |---|---|
//! | `{source}` | the source's name |
//! | `{route}` | the route's name |
//! | `{event_id}` | the event's id, as the ledger has it |
//! | `{event_type}` | the event's type, `unknown` where it has none |
//! | `{received_at}` | when the event was recorded, in UTC: `2026-11-29T22:31:04.512Z` |
//! | `{date}` | the day of that: `2026-11-29` |
//! | `{header:A\|B}` | the first of these headers that was kept |
//! | `{idempotency_key}` | what the route's destination may know the event again by: the same in every attempt and replay |
//! | `{json:a.b\|c}` | the first of these paths of the JSON payload that is there |
//! | `{form:f}` | a field of a form body, percent-decoded |
//! | `{{` `}}` | a brace |
//!
//! Paths are those of [`Template`]. What a delivery has and the ledger doesn't keep (its URL, its method, its query) has
//! no placeholder here.

use std::fmt;

use crate::template::{Piece, Place, Template};

/// A text to be filled in from a recorded event. There is none that isn't well formed.
#[derive(Clone, Copy)]
pub struct EventTemplate {
    text: &'static str,
    parts: &'static [EventPart],
}

/// One part of an [`EventTemplate`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventPart {
    /// Text that stands for itself.
    Literal(&'static str),
    /// The source's name.
    Source,
    /// The route's name.
    Route,
    /// The event's id.
    EventId,
    /// The event's type.
    EventType,
    /// When the event was recorded.
    ReceivedAt,
    /// The day on which the event was recorded.
    Date,
    /// The key that is the same in every attempt of the route at the event.
    IdempotencyKey,
    /// A text of the event's headers or body, never of its query.
    Value(Place),
}

const NAMED: &[(&str, EventPart)] = &[
    ("{source}", EventPart::Source),
    ("{route}", EventPart::Route),
    ("{event_id}", EventPart::EventId),
    ("{event_type}", EventPart::EventType),
    ("{received_at}", EventPart::ReceivedAt),
    ("{date}", EventPart::Date),
    ("{idempotency_key}", EventPart::IdempotencyKey),
];

impl EventTemplate {
    /// The template with this text, or what is wrong with it. It lives as long as the process.
    pub fn parse(text: &'static str) -> Result<Self, String> {
        if text.is_empty() {
            return Err("the template is empty".into());
        }
        Ok(Self {
            text,
            parts: parts(text)?.leak(),
        })
    }

    /// The text as written.
    #[must_use]
    pub fn text(self) -> &'static str {
        self.text
    }

    /// The parts, in order.
    #[must_use]
    pub fn parts(self) -> &'static [EventPart] {
        self.parts
    }

    /// The placeholder that is the whole of it.
    #[must_use]
    pub fn sole(self) -> Option<EventPart> {
        match self.parts {
            [EventPart::Literal(_)] => None,
            [part] => Some(*part),
            _ => None,
        }
    }
}

/// Takes a text apart, doubled braces first: what is left of them can't be part of a placeholder.
fn parts(text: &'static str) -> Result<Vec<EventPart>, String> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        let (literal, tail) = rest.split_at(at);
        if !literal.is_empty() {
            parts.push(EventPart::Literal(literal));
        }
        let length = if tail.starts_with("{{") || tail.starts_with("}}") {
            parts.push(EventPart::Literal(&tail[..1]));
            2
        } else {
            let length = tail.find('}').map_or(tail.len(), |end| end + 1);
            for piece in Template::new(&tail[..length]).pieces() {
                parts.push(part(piece)?);
            }
            length
        };
        rest = &tail[length..];
    }
    if !rest.is_empty() {
        parts.push(EventPart::Literal(rest));
    }
    Ok(parts)
}

fn part(piece: Piece) -> Result<EventPart, String> {
    let unknown = |text: &str| {
        format!(
            "`{text}` is no placeholder; there are {{source}}, {{route}}, {{event_id}}, {{event_type}}, {{received_at}}, \
             {{date}}, {{idempotency_key}}, {{header:NAME}}, {{json:PATH}} and {{form:FIELD}}; write two braces for one"
        )
    };
    match piece {
        Piece::Literal(text) => {
            let named = NAMED.iter().find(|(name, _)| *name == text);
            match named {
                Some((_, part)) => Ok(*part),
                None if text.contains(['{', '}']) => Err(unknown(text)),
                None => Ok(EventPart::Literal(text)),
            }
        }
        Piece::Value(Place::Json(paths)) if !are_steps(paths) => Err(format!(
            "`{{json:{paths}}}` has a step that names no one value"
        )),
        Piece::Value(place) if place.leads_into() => Err(format!(
            "`{}` leads into a text, which is done for what is signed alone",
            EventPart::Value(place)
        )),
        Piece::Value(place @ (Place::Header(_) | Place::Json(_) | Place::Form(_))) => {
            Ok(EventPart::Value(place))
        }
        Piece::Value(Place::Query(name)) => Err(unknown(&format!("{{query:{name}}}"))),
        // The claims of a token are the payload, of which `{json:…}` speaks.
        Piece::Value(Place::Jwt(name)) => Err(unknown(&format!("{{jwt:{name}}}"))),
        Piece::Body => Err(unknown("{body}")),
        Piece::Timestamp => Err(unknown("{timestamp}")),
        Piece::Method => Err(unknown("{method}")),
        Piece::Host => Err(unknown("{host}")),
        Piece::Path => Err(unknown("{path}")),
        Piece::PathAndQuery => Err(unknown("{path_and_query}")),
        Piece::Url => Err(unknown("{url}")),
        Piece::UrlWithoutQuery => Err(unknown("{url_without_query}")),
        Piece::Code(code) => Err(unknown(&format!("{{{}}}", code.name()))),
    }
}

fn are_steps(paths: &str) -> bool {
    paths
        .split(['.', '|'])
        .all(|name| !name.is_empty() && name != "*")
}

/// As it is written.
impl fmt::Display for EventPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Literal(text) => f.write_str(text),
            Self::Value(Place::Json(paths)) => write!(f, "{{json:{paths}}}"),
            Self::Value(Place::Header(names)) => write!(f, "{{header:{names}}}"),
            Self::Value(Place::Form(names)) => write!(f, "{{form:{names}}}"),
            Self::Value(Place::Query(names)) => write!(f, "{{query:{names}}}"),
            Self::Value(Place::Jwt(names)) => write!(f, "{{jwt:{names}}}"),
            named => {
                let known = NAMED.iter().find(|(_, part)| part == named);
                f.write_str(known.map_or("", |(name, _)| name))
            }
        }
    }
}

impl PartialEq for EventTemplate {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for EventTemplate {}

impl fmt::Debug for EventTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("EventTemplate").field(&self.text).finish()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn an_objects_key_is_made_of_what_the_ledger_keeps() {
        let key = EventTemplate::parse("{source}/{date}/{json:data.id|id}.json").unwrap();
        assert_eq!(
            key.parts(),
            [
                EventPart::Source,
                EventPart::Literal("/"),
                EventPart::Date,
                EventPart::Literal("/"),
                EventPart::Value(Place::Json("data.id|id")),
                EventPart::Literal(".json"),
            ]
        );
    }

    #[test]
    fn a_brace_is_written_twice() {
        let read = |text| EventTemplate::parse(text).map(EventTemplate::parts);
        assert_eq!(
            read("a{{{json:a.0|b}}}"),
            Ok(&[
                EventPart::Literal("a"),
                EventPart::Literal("{"),
                EventPart::Value(Place::Json("a.0|b")),
                EventPart::Literal("}"),
            ][..])
        );
        for text in ["{{json:a}", "{json:{json:a}}", "{json:a", "json:a}"] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_placeholder_is_printed_as_it_is_read() {
        for text in
            NAMED
                .iter()
                .map(|(name, _)| *name)
                .chain(["{json:a.b|c}", "{header:A|B}", "{form:f}"])
        {
            let sole = EventTemplate::parse(text).unwrap().sole();
            assert_eq!(sole.map(|part| part.to_string()).as_deref(), Some(text));
        }
    }

    #[test]
    fn what_the_ledger_does_not_keep_has_no_placeholder() {
        for text in [
            "",
            "{",
            "}",
            "{event}",
            "{body}",
            "{timestamp}",
            "{method}",
            "{host}",
            "{path}",
            "{body_sha256:hex}",
            "{path_and_query}",
            "{url}",
            "{url_without_query}",
            "{query:a}",
            "{jwt:a}",
            "{jws}",
            "{setting:a}",
            "{json:}",
            "{json:a..b}",
            "{json:a.*.b}",
            "{form:payload>id}",
        ] {
            let fault = EventTemplate::parse(text).unwrap_err();
            assert!(fault.contains(text), "{text}: {fault}");
        }
    }
}
