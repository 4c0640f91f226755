//! Sets a value of a JSON text. What stands around it stays as it is written: numbers, the order of members, white space.

use std::{fmt, ops::Range};

use serde::de::{Deserializer as _, MapAccess, Visitor};
use serde_json::{Value, value::RawValue};

/// The raw value at a dotted path, in which a number is a position in an array. `None`: there is none.
pub(super) fn raw<'t>(text: &'t str, path: &str) -> Result<Option<&'t str>, String> {
    Ok(match find(text, path)? {
        Found::There(range) => Some(&text[range]),
        Found::Absent { .. } => None,
    })
}

/// The text with this raw value at a dotted path. A member that isn't there comes behind the others, with the objects that the
/// path names; an element of an array, only right behind the last.
pub(super) fn set(text: &str, path: &str, value: &str) -> Result<String, String> {
    let (range, new) = match find(text, path)? {
        Found::There(range) => (range, value.to_owned()),
        Found::Absent { end, before, rest } => {
            let mut new = value.to_owned();
            for name in rest.iter().skip(1).rev() {
                new = format!("{{{}:{new}}}", Value::from(*name));
            }
            (end..end, before + &new)
        }
    };
    Ok(format!(
        "{}{new}{}",
        &text[..range.start],
        &text[range.end..]
    ))
}

/// What stands at a path.
enum Found<'p> {
    /// A value, here.
    There(Range<usize>),
    /// Nothing: it would have to come here, behind this. What is left of the path begins with its name.
    Absent {
        end: usize,
        before: String,
        rest: Vec<&'p str>,
    },
}

fn find<'p>(text: &str, path: &'p str) -> Result<Found<'p>, String> {
    let mut at = place_of(text, text.trim_ascii());
    let names: Vec<&str> = path.split('.').collect();
    for (step, name) in names.iter().enumerate() {
        let json = &text[at.clone()];
        let end = at.end - 1;
        let rest = names[step..].to_vec();
        if json.starts_with('[') {
            let elements: Vec<&RawValue> =
                serde_json::from_str(json).map_err(|error| error.to_string())?;
            let position = name.parse().ok().filter(|at: &usize| *at <= elements.len());
            let position = position.ok_or_else(|| {
                format!("`{name}` is no position in a list of {}", elements.len())
            })?;
            let Some(element) = elements.get(position) else {
                let before = comma(elements.is_empty()).to_owned();
                return Ok(Found::Absent { end, before, rest });
            };
            at = place_of(text, element.get());
        } else if json.starts_with('{') {
            let mut reader = serde_json::Deserializer::from_str(json);
            let members = reader.deserialize_map(Members);
            let members = members.map_err(|error| error.to_string())?;
            let mut same = members.iter().filter(|(known, _)| known == name);
            match (same.next(), same.next()) {
                (_, Some(_)) => return Err(format!("`{name}` stands twice in its object")),
                (Some((_, value)), None) => at = place_of(text, value.get()),
                (None, None) => {
                    let before = format!("{}{}:", comma(members.is_empty()), Value::from(*name));
                    return Ok(Found::Absent { end, before, rest });
                }
            }
        } else {
            return Err(format!(
                "what should hold `{name}` is neither an object nor a list"
            ));
        }
    }
    Ok(Found::There(at))
}

fn comma(is_first: bool) -> &'static str {
    if is_first { "" } else { "," }
}

/// Where a part of a text stands in it.
fn place_of(text: &str, part: &str) -> Range<usize> {
    let start = part.as_ptr().addr() - text.as_ptr().addr();
    start..start + part.len()
}

/// Reads the members of an object as they are written.
struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Vec<(String, &'de RawValue)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(members)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn one_value_is_set_and_all_else_stays_as_it_is_written() {
        let text =
            r#" { "z" : 1.0e5, "list":[ 1,{"id" : "a.b"} ],"big":12345678901234567890, "e":{ } } "#;
        for (path, value, expected) in [
            ("z", "2.50", text.replace("1.0e5", "2.50")),
            ("big", "-0", text.replace("12345678901234567890", "-0")),
            ("list.0", "[]", text.replace("[ 1,", "[ [],")),
            ("list.1.id", "\"c\"", text.replace("\"a.b\"", "\"c\"")),
            ("list.2", "3", text.replace("} ],", "} ,3],")),
            (
                "list.1.new",
                "3",
                text.replace("\"a.b\"}", "\"a.b\",\"new\":3}"),
            ),
            ("e.x.y", "{}", text.replace("{ }", "{ \"x\":{\"y\":{}}}")),
            ("q\"", "1", text.replace("{ } }", "{ } ,\"q\\\"\":1}")),
        ] {
            let set = set(text, path, value).unwrap();
            assert_eq!(set, expected, "{path}");
            assert!(serde_json::from_str::<&RawValue>(&set).is_ok(), "{set}");
            assert_eq!(raw(&set, path).unwrap(), Some(value), "{set}");
        }
    }

    #[test]
    fn what_a_path_can_not_reach_is_said() {
        let text = r#"{"a":1,"list":[1],"twice":1,"twice":2}"#;
        for path in ["a.b", "list.x", "list.2", "twice", "list.0.x"] {
            assert!(set(text, path, "1").is_err(), "{path}");
        }
        assert!(set("1", "a", "1").is_err());
        assert_eq!(raw(text, "b.c").unwrap(), None);
    }
}
