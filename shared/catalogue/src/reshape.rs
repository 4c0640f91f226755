//! The body that a route sends instead of the original: JSON with placeholders in its texts.
//!
//! A text that is one placeholder and nothing else becomes the value that it stands for, of whatever type; a
//! placeholder within a text becomes text. `routing` fills it in.

use serde_json::{Number, Value};

use crate::{
    misread::{Misread, Misreads},
    template::{EventTemplate, Placeholder},
};

/// How deep a reshape may be nested, so that filling it in can't run out of stack.
const DEEPEST: usize = 32;

/// A JSON value with placeholders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reshape {
    /// `null`, as it stands in the template.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A text, or the one placeholder that stands for a value.
    Text(EventTemplate),
    /// An array.
    Array(Vec<Reshape>),
    /// An object; its members in the order of their names, in which they are sent.
    Object(Vec<(String, Reshape)>),
}

impl Reshape {
    /// Reads a template, or says all that is wrong with it.
    pub fn read(template: &Value) -> Result<Self, Vec<Misread>> {
        let mut misreads = Misreads::default();
        let read = read(template, &mut misreads);
        misreads.finish(read)
    }

    /// The template as JSON. [`Reshape::read`] makes the same of it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(value) => (*value).into(),
            Self::Number(number) => Value::Number(number.clone()),
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

    /// All that is filled in.
    #[must_use]
    pub fn placeholders(&self) -> Vec<&Placeholder> {
        match self {
            Self::Null | Self::Bool(_) | Self::Number(_) => Vec::new(),
            Self::Text(template) => template.placeholders().collect(),
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
        Value::Null => Some(Reshape::Null),
        Value::Bool(value) => Some(Reshape::Bool(*value)),
        Value::Number(number) => Some(Reshape::Number(number.clone())),
        Value::String(text) => match EventTemplate::read(text) {
            Ok(template) => Some(Reshape::Text(template)),
            Err((fault, mend)) => {
                misreads.add(fault, mend);
                None
            }
        },
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
            "kept": [1, 2.5, true, null, {}, []],
        });
        let read = Reshape::read(&template);
        assert_eq!(read.as_ref().map(Reshape::to_json), Ok(template));
        let placeholders = read.map(|read| {
            let found = read.placeholders();
            found
                .into_iter()
                .map(ToString::to_string)
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
