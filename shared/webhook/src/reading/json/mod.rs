//! Reads single values out of JSON that nobody vouches for.
//!
//! One pass per step of a path, in constant stack: what isn't looked for is skipped by `serde_json`'s
//! iterative reader, so that four megabytes of `[[[[` cost a scan and nothing else.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// What stands at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// Nothing.
    Absent,
    /// A string, decoded.
    Text(String),
    /// A number, as it was written.
    Number(String),
    /// Something that can't be taken for a text; why.
    Unusable(&'static str),
}

/// Looks up a dotted path, `a.b`. The whole document must be readable, and the names on the path must
/// be unique in their objects: two readers of the same bytes must never see two values.
pub(crate) fn find(document: &[u8], path: &str) -> Found {
    match value(document, path) {
        Ok(Some(json)) => leaf(json),
        Ok(None) => Found::Absent,
        Err(fault) => Found::Unusable(fault),
    }
}

/// What stands at a path that has `*` for every element of an array, for each of them.
pub(crate) fn find_all(document: &[u8], path: &str) -> Vec<Found> {
    let Some((array, rest)) = path.split_once('*') else {
        return vec![find(document, path)];
    };
    match elements(document, array.trim_end_matches('.')) {
        Ok(Some(elements)) => elements
            .into_iter()
            .map(|element| find(element.as_bytes(), rest.trim_start_matches('.')))
            .collect(),
        Ok(None) => Vec::new(),
        Err(fault) => vec![Found::Unusable(fault)],
    }
}

/// The raw values of the array at a path; an empty path is the document. `None`: there is no array.
pub(crate) fn elements<'a>(
    document: &'a [u8],
    path: &str,
) -> Result<Option<Vec<&'a str>>, &'static str> {
    let array = if path.is_empty() {
        Some(std::str::from_utf8(document).map_err(|_| NOT_UTF8)?)
    } else {
        value(document, path)?
    };
    match array {
        Some(json) if json.trim_start().starts_with('[') => {
            let elements: Vec<&RawValue> = serde_json::from_str(json).map_err(|_| UNREADABLE)?;
            Ok(Some(elements.into_iter().map(RawValue::get).collect()))
        }
        _ => Ok(None),
    }
}

/// Whether the document is an object with so many members.
pub(crate) fn has_members(document: &[u8], members: usize) -> bool {
    let mut reader = serde_json::Deserializer::from_slice(document);
    let count = reader.deserialize_map(Count);
    count.is_ok_and(|count| count == members) && reader.end().is_ok()
}

/// The members of an object in their order, each value as it stands there. `None`: the document is no object that can be
/// read.
#[cfg(feature = "public-keys")]
pub(crate) fn members(document: &[u8]) -> Option<Vec<(String, &str)>> {
    let mut reader = serde_json::Deserializer::from_slice(document);
    let members = reader.deserialize_map(AllMembers).ok()?;
    reader.end().ok()?;
    Some(members)
}

const NOT_UTF8: &str = "the body is not UTF-8";
const UNREADABLE: &str = "the body is no readable JSON";

/// The raw value at a path.
fn value<'a>(document: &'a [u8], path: &str) -> Result<Option<&'a str>, &'static str> {
    let mut json = std::str::from_utf8(document).map_err(|_| NOT_UTF8)?;
    for name in path.split('.') {
        json = match member(json, name)? {
            Some(value) => value,
            None => return Ok(None),
        };
    }
    Ok(Some(json))
}

/// The items of the array at a dotted path, each exactly as it stands there; the empty path is the
/// document itself. `None`: there is no such array, there could be two, or it has more than `most`
/// items.
pub(crate) fn items<'a>(document: &'a [u8], path: &str, most: usize) -> Option<Vec<&'a str>> {
    let mut json = std::str::from_utf8(document).ok()?;
    for name in path.split('.').filter(|_| !path.is_empty()) {
        json = member(json, name).ok()??;
    }
    let mut reader = serde_json::Deserializer::from_str(json);
    let items = reader.deserialize_seq(Items { most }).ok()?;
    reader.end().ok()?;
    Some(items)
}

fn leaf(json: &str) -> Found {
    match json.as_bytes().first() {
        Some(b'"') => serde_json::from_str(json).map_or(
            Found::Unusable("the string holds half a surrogate pair"),
            Found::Text,
        ),
        Some(b'-' | b'0'..=b'9') => Found::Number(json.to_owned()),
        _ => Found::Unusable("the value is neither a string nor a number"),
    }
}

/// The raw value of this member of an object, or of this element of an array; `None` if there is none.
fn member<'a>(json: &'a str, name: &str) -> Result<Option<&'a str>, &'static str> {
    let start = json.trim_start();
    if start.starts_with('[')
        && let Ok(position) = name.parse::<usize>()
    {
        let elements: Vec<&RawValue> = serde_json::from_str(json).map_err(|_| UNREADABLE)?;
        return Ok(elements.get(position).map(|element| element.get()));
    }
    if !start.starts_with('{') {
        return serde_json::from_str::<IgnoredAny>(json).map_or(Err(UNREADABLE), |_| Ok(None));
    }
    let mut reader = serde_json::Deserializer::from_str(json);
    let values = reader
        .deserialize_map(Members { name })
        .map_err(|_| UNREADABLE)?;
    reader.end().map_err(|_| UNREADABLE)?;
    match values {
        (value, false) => Ok(value),
        (_, true) => Err("the name stands twice in its object"),
    }
}

/// Reads an object: the raw value of a member, and whether there is a second one of the name.
struct Members<'n> {
    name: &'n str,
}

impl<'de> Visitor<'de> for Members<'_> {
    type Value = (Option<&'de str>, bool);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut value = None;
        let mut twice = false;
        while let Some(sought) = map.next_key_seed(IsName(self.name))? {
            if sought {
                twice |= value.is_some();
                value = Some(map.next_value::<&'de RawValue>()?.get());
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok((value, twice))
    }
}

/// Reads an object: every name and raw value.
#[cfg(feature = "public-keys")]
struct AllMembers;

#[cfg(feature = "public-keys")]
impl<'de> Visitor<'de> for AllMembers {
    type Value = Vec<(String, &'de str)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some((name, value)) = map.next_entry::<String, &'de RawValue>()? {
            members.push((name, value.get()));
        }
        Ok(members)
    }
}

/// Counts the members of an object.
struct Count;

impl<'de> Visitor<'de> for Count {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<usize, A::Error> {
        let mut count = 0;
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {
            count += 1;
        }
        Ok(count)
    }
}

/// Reads an array: the raw values in it, if there are not too many.
struct Items {
    most: usize,
}

impl<'de> Visitor<'de> for Items {
    type Value = Vec<&'de str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element::<&'de RawValue>()? {
            if items.len() == self.most {
                return Err(Error::custom("too many items"));
            }
            items.push(item.get());
        }
        Ok(items)
    }
}

/// Compares a decoded name, so that `"\u0069d"` is `"id"`.
struct IsName<'n>(&'n str);

impl<'de> DeserializeSeed<'de> for IsName<'_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for IsName<'_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<bool, E> {
        Ok(name == self.0)
    }
}

#[cfg(test)]
mod tests;
