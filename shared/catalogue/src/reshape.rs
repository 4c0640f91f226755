//! The body that a route sends instead of the original: JSON with placeholders in its texts.
//!
//! A text that is one placeholder and nothing else becomes the value that it stands for, of whatever type; a
//! placeholder within a text becomes text. `routing` fills it in.

use serde_json::Value;

use crate::{
    event_template::{EventPart, EventTemplate},
    misread::{Misread, Misreads},
};

/// How deep a reshape may be nested, so that filling it in can't run out of stack.
const DEEPEST: usize = 32;

/// What stands for the whole payload. It is no part of a text.
const PAYLOAD: &str = "{body}";

/// A JSON value with placeholders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reshape {
    /// A value that is sent as it stands here: no object and no array.
    Fixed(Value),
    /// `{body}`: the whole JSON payload.
    Payload,
    /// What a placeholder stands for.
    Placeholder(EventPart),
    /// A text with placeholders in it.
    Text(EventTemplate),
    /// An array.
    Array(Vec<Reshape>),
    /// An object; its members in the order of their names, in which they are sent.
    Object(Vec<(String, Reshape)>),
}

impl Reshape {
    /// Reads a template, or says all that is wrong with it. What it is made of lives as long as the process.
    pub fn read(template: &Value) -> Result<Self, Vec<Misread>> {
        let mut misreads = Misreads::default();
        let read = read(template, &mut misreads);
        misreads.finish(read)
    }

    /// The template as JSON. [`Reshape::read`] makes the same of it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        match self {
            Self::Fixed(Value::String(text)) => text.replace('{', "{{").replace('}', "}}").into(),
            Self::Fixed(value) => value.clone(),
            Self::Payload => PAYLOAD.into(),
            Self::Placeholder(part) => part.to_string().into(),
            Self::Text(template) => template.text().into(),
            Self::Array(elements) => elements.iter().map(Self::to_json).collect(),
            Self::Object(members) => {
                let members = members
                    .iter()
                    .map(|(name, value)| (name.clone(), value.to_json()));
                Value::Object(members.collect())
            }
        }
    }

    /// All that is filled in from the event, but for the whole payload.
    #[must_use]
    pub fn placeholders(&self) -> Vec<EventPart> {
        match self {
            Self::Fixed(_) | Self::Payload => Vec::new(),
            Self::Placeholder(part) => vec![*part],
            Self::Text(template) => {
                let parts = template.parts().iter().copied();
                parts
                    .filter(|part| !matches!(part, EventPart::Literal(_)))
                    .collect()
            }
            Self::Array(elements) => elements.iter().flat_map(Self::placeholders).collect(),
            Self::Object(members) => (members.iter())
                .flat_map(|(_, value)| value.placeholders())
                .collect(),
        }
    }
}

fn read(template: &Value, misreads: &mut Misreads) -> Option<Reshape> {
    if misreads.depth() > DEEPEST {
        misreads.add(
            format!("a body is nested more than {DEEPEST} levels deep"),
            "make it flatter",
        );
        return None;
    }
    match template {
        Value::String(text) if !text.contains(['{', '}']) => Some(Reshape::Fixed(template.clone())),
        Value::String(text) if text == PAYLOAD => Some(Reshape::Payload),
        Value::String(text) => match EventTemplate::parse(text.clone().leak()) {
            Ok(template) => Some(of_text(template)),
            Err(fault) => {
                misreads.add(fault, "write a placeholder that there is");
                None
            }
        },
        Value::Null | Value::Bool(_) | Value::Number(_) => Some(Reshape::Fixed(template.clone())),
        Value::Array(elements) => {
            let read = elements.iter().enumerate().map(|(position, element)| {
                misreads.below(&position.to_string(), |misreads| read(element, misreads))
            });
            // All are read, so that all faults are told.
            let read: Vec<_> = read.collect();
            read.into_iter().collect::<Option<_>>().map(Reshape::Array)
        }
        Value::Object(members) => {
            let read = members.iter().map(|(name, value)| {
                misreads.below(name, |misreads| {
                    if name.contains(['{', '}']) {
                        misreads.add(
                            "a name has a brace, and names have no placeholders",
                            "write the name as it is to be sent",
                        );
                        return None;
                    }
                    Some((name.clone(), read(value, misreads)?))
                })
            });
            let read: Vec<_> = read.collect();
            let mut members: Vec<_> = read.into_iter().collect::<Option<_>>()?;
            members.sort_by(|(one, _), (other, _)| one.cmp(other));
            Some(Reshape::Object(members))
        }
    }
}

fn of_text(template: EventTemplate) -> Reshape {
    let literal = |part: &EventPart| match part {
        EventPart::Literal(text) => Some(*text),
        _ => None,
    };
    if let Some(part) = template.sole() {
        return Reshape::Placeholder(part);
    }
    let fixed: Option<String> = template.parts().iter().map(literal).collect();
    fixed.map_or(Reshape::Text(template), |text| Reshape::Fixed(text.into()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_template_is_printed_as_it_is_read() {
        let template = json!({
            "id": "{json:id}",
            "text": "{source} says {json:a|b}",
            "payload": "{body}",
            "kept": [1, 2.5, true, null, {}, [], "", "a {{brace}}"],
        });
        let read = Reshape::read(&template);
        assert_eq!(read.as_ref().map(Reshape::to_json), Ok(template));
        let placeholders = read.map(|read| {
            let found = read.placeholders();
            found
                .into_iter()
                .map(|part| part.to_string())
                .collect::<Vec<_>>()
        });
        let expected = ["{json:id}", "{source}", "{json:a|b}"].map(str::to_owned);
        assert_eq!(placeholders, Ok(expected.to_vec()));
    }

    #[test]
    fn every_fault_is_told_with_its_place() {
        let template = json!({ "a": ["{nothing}", "{"], "{json:x}": 1 });
        let faults = Reshape::read(&template).unwrap_err();
        let places: Vec<_> = faults.iter().map(|fault| fault.path.join(".")).collect();
        assert_eq!(places, ["a.0", "a.1", "{json:x}"]);
    }

    #[test]
    fn what_is_nested_too_deep_is_refused() {
        let deep = (0..100).fold(json!(1), |inner, _| json!([inner]));
        assert!(Reshape::read(&deep).is_err());
    }
}
