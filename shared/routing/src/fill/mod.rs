//! Fills in what a route says with what an event is: bodies, headers, keys.
//!
//! What finds nothing is told by its name, and nothing is sent in its place.

use std::{borrow::Cow, collections::BTreeMap, fmt};

use catalogue::{EventPart, EventTemplate, Place, Reshape};
use jiff::Timestamp;
use protocol::time::UnixMillis;

use crate::{
    event::Event,
    payload::{Kind, Value},
};

/// An event on its way along one route.
#[derive(Clone, Copy, Debug)]
pub struct Filling<'e, 'a> {
    /// The event.
    pub event: &'e Event<'a>,
    /// The route's name.
    pub route: &'e str,
    /// What the route's destination may know the event again by.
    pub idempotency_key: &'e str,
}

/// Why something can't be filled in. Nothing of the event is quoted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unfilled {
    /// A placeholder finds nothing.
    Missing {
        /// As it is written: `{json:data.id}`.
        placeholder: String,
    },
    /// A placeholder within a text finds `null`, an array or an object.
    NoText {
        /// As it is written.
        placeholder: String,
        /// What it finds.
        found: &'static str,
    },
    /// What a placeholder names can't be read.
    Unreadable {
        /// As it is written.
        placeholder: String,
        /// Why not.
        why: &'static str,
    },
}

impl fmt::Display for Unfilled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { placeholder } => write!(f, "`{placeholder}` finds nothing"),
            Self::NoText { placeholder, found } => {
                write!(f, "`{placeholder}` stands in a text, and finds {found}")
            }
            Self::Unreadable { placeholder, why } => {
                write!(f, "`{placeholder}` can't be read: {why}")
            }
        }
    }
}

impl std::error::Error for Unfilled {}

/// What a placeholder finds.
enum Found<'e> {
    Json(Value<'e>),
    Text(Cow<'e, str>),
}

impl<'e> Filling<'e, '_> {
    /// The body that a route sends: JSON, byte for byte the same whenever it is made of the same event.
    pub fn body(&self, reshape: &Reshape) -> Result<Vec<u8>, Unfilled> {
        let mut body = String::new();
        self.push(reshape, &mut body)?;
        Ok(body.into_bytes())
    }

    /// A text with its placeholders filled in.
    pub fn text(&self, template: EventTemplate) -> Result<String, Unfilled> {
        let mut filled = String::new();
        for part in template.parts() {
            filled.push_str(&self.text_of(*part)?);
        }
        Ok(filled)
    }

    /// The same, with this text for each placeholder that finds nothing: of an event that nothing was sent for.
    #[must_use]
    pub fn text_or(&self, template: EventTemplate, instead: &str) -> String {
        let parts = template.parts().iter();
        let texts = parts.map(|part| self.text_of(*part).unwrap_or(Cow::Borrowed(instead)));
        texts.collect()
    }

    /// The headers that a route adds. A text that no header can carry is refused, lest it become two headers.
    pub fn headers(
        &self,
        headers: &[(&str, EventTemplate)],
    ) -> Result<BTreeMap<String, String>, Unfilled> {
        let filled = headers.iter().map(|(name, template)| {
            let text = self.text(*template)?;
            if text.chars().any(|character| character != '\t' && character.is_control()) {
                return Err(Unfilled::Unreadable {
                    placeholder: template.text().into(),
                    why: "it holds a line end or another control character, which no header can carry",
                });
            }
            Ok(((*name).to_owned(), text))
        });
        filled.collect()
    }

    fn push(&self, reshape: &Reshape, body: &mut String) -> Result<(), Unfilled> {
        match reshape {
            Reshape::Fixed(value) => body.push_str(&value.to_string()),
            Reshape::Payload => body.push_str(self.payload("{body}")?.raw()),
            Reshape::Placeholder(part) => match self.find(*part)? {
                Found::Json(value) => body.push_str(value.raw()),
                Found::Text(text) => push_text(&text, body),
            },
            Reshape::Text(template) => push_text(&self.text(*template)?, body),
            Reshape::Array(elements) => {
                body.push('[');
                for (position, element) in elements.iter().enumerate() {
                    if position > 0 {
                        body.push(',');
                    }
                    self.push(element, body)?;
                }
                body.push(']');
            }
            Reshape::Object(members) => {
                body.push('{');
                for (position, (name, value)) in members.iter().enumerate() {
                    if position > 0 {
                        body.push(',');
                    }
                    push_text(name, body);
                    body.push(':');
                    self.push(value, body)?;
                }
                body.push('}');
            }
        }
        Ok(())
    }

    /// The text that a part of a template stands for.
    pub(crate) fn text_of(&self, part: EventPart) -> Result<Cow<'e, str>, Unfilled> {
        let value = match self.find(part)? {
            Found::Text(text) => return Ok(text),
            Found::Json(value) => value,
        };
        let found = match value.kind() {
            Kind::Text => {
                return value.text().ok_or_else(|| Unfilled::Unreadable {
                    placeholder: part.to_string(),
                    why: "the string holds half a surrogate pair",
                });
            }
            Kind::Number(_) | Kind::Bool(_) => return Ok(Cow::Borrowed(value.raw())),
            Kind::Null => "null",
            Kind::Array => "an array",
            Kind::Object => "an object",
        };
        Err(Unfilled::NoText {
            placeholder: part.to_string(),
            found,
        })
    }

    fn find(&self, part: EventPart) -> Result<Found<'e>, Unfilled> {
        let Self {
            event,
            route,
            idempotency_key,
        } = *self;
        let record = event.record;
        let text = match part {
            EventPart::Literal(text) => Cow::Borrowed(text),
            EventPart::Source => record.key.source().into(),
            EventPart::Route => route.into(),
            EventPart::EventId => record.event_id.as_str().into(),
            EventPart::EventType => record.event_type.as_str().into(),
            EventPart::IdempotencyKey => idempotency_key.into(),
            EventPart::ReceivedAt => self.received_at().into(),
            EventPart::Date => self.received_at()[..10].to_owned().into(),
            EventPart::Value(place) => return self.at(place, &part.to_string()),
        };
        Ok(Found::Text(text))
    }

    fn received_at(&self) -> String {
        instant(self.event.record.received_at)
    }

    /// What stands at a place: of its alternatives the first that says something, or else the first that is there.
    fn at(&self, place: Place, placeholder: &str) -> Result<Found<'e>, Unfilled> {
        let mut empty = None;
        for name in place.names() {
            let unreadable = |why| Unfilled::Unreadable {
                placeholder: placeholder.to_owned(),
                why,
            };
            let found = match place {
                Place::Json(_) => {
                    let found = self.payload(placeholder)?.at(name);
                    let found =
                        found.map_err(|_| unreadable("the name stands twice in its object"));
                    found?.map(Found::Json)
                }
                Place::Header(_) => {
                    let headers = self.event.record.headers.iter();
                    let mut named = headers.filter(|(known, _)| known.eq_ignore_ascii_case(name));
                    named.next().map(|(_, text)| Found::Text(text.into()))
                }
                Place::Form(_) => {
                    let field = self.event.form_field(name).map_err(unreadable)?;
                    field.map(|text| Found::Text(text.into()))
                }
                // The claims of a token are the payload, of which `{json:…}` speaks.
                Place::Query(_) | Place::Jwt(_) => None,
            };
            match found {
                Some(found) if !found.is_empty() => return Ok(found),
                found => empty = empty.or(found),
            }
        }
        empty.ok_or_else(|| Unfilled::Missing {
            placeholder: placeholder.to_owned(),
        })
    }

    fn payload(&self, placeholder: &str) -> Result<Value<'e>, Unfilled> {
        let payload = self.event.payload().map_err(|why| Unfilled::Unreadable {
            placeholder: placeholder.to_owned(),
            why: why.0,
        })?;
        Ok(payload.root())
    }
}

/// A time as routes write it: `2026-11-29T22:31:04.512Z`.
#[must_use]
pub fn instant(time: UnixMillis) -> String {
    let time = Timestamp::from_millisecond(time.0);
    format!("{:.3}", time.unwrap_or(Timestamp::UNIX_EPOCH))
}

impl Found<'_> {
    fn is_empty(&self) -> bool {
        match self {
            Self::Text(text) => text.is_empty(),
            Self::Json(value) => ["null", "\"\""].contains(&value.raw()),
        }
    }
}

fn push_text(text: &str, body: &mut String) {
    body.push_str(&serde_json::Value::from(text).to_string());
}

#[cfg(test)]
mod tests;
