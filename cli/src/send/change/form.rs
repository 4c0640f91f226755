//! Sets a field of a form, or a parameter of a query. The other pairs stay as they are written.

use percent_encoding::percent_decode_str;

use super::json;
use crate::form::escape;

/// The first value of this name.
pub(super) fn value(pairs: &str, name: &str) -> Option<String> {
    let mut fields = pairs.split('&').map(split);
    let found = fields.find(|(known, _)| decoded(known) == name)?;
    Some(decoded(found.1))
}

/// The pairs with this value under this name. Where no field has the name, and what stands before its first dot is a field
/// with JSON in it, it is set in that.
pub(super) fn set(pairs: &str, name: &str, new: &str) -> Result<String, String> {
    if value(pairs, name).is_none()
        && let Some((field, path)) = name.split_once('.')
        && let Some(held) = value(pairs, field)
    {
        let held = json::set(&held, path, &super::written(new))?;
        return Ok(put(pairs, field, &held));
    }
    Ok(put(pairs, name, new))
}

fn put(pairs: &str, name: &str, new: &str) -> String {
    let pair = format!("{}={}", escape(name), escape(new));
    let mut is_set = false;
    let mut all: Vec<&str> = Vec::new();
    for old in pairs.split('&').filter(|pair| !pair.is_empty()) {
        if decoded(split(old).0) != name {
            all.push(old);
        } else if !is_set {
            is_set = true;
            all.push(&pair);
        }
    }
    if !is_set {
        all.push(&pair);
    }
    all.join("&")
}

fn split(pair: &str) -> (&str, &str) {
    pair.split_once('=').unwrap_or((pair, ""))
}

fn decoded(text: &str) -> String {
    let spaced = text.replace('+', " ");
    percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_set_in_its_place_and_the_others_stay() {
        for (name, new, expected) in [
            ("b", "x y&z", "a=%7e1&b=x%20y%26z&c"),
            ("a", "", "a=&b=1+2&c"),
            ("d", "4", "a=%7e1&b=1+2&c&d=4"),
            ("c", "5", "a=%7e1&b=1+2&c=5"),
        ] {
            assert_eq!(set("a=%7e1&b=1+2&c", name, new).unwrap(), expected);
        }
        assert_eq!(value("a=%7e1&b=1+2&c", "b").unwrap(), "1 2");
        assert_eq!(set("", "a", "1").unwrap(), "a=1");
    }

    #[test]
    fn json_within_a_field_is_changed_within_it() {
        let pairs = "payload=%7B%22n%22%3A1.0%2C%22id%22%3A%22a%22%7D&x=1";
        let set = set(pairs, "payload.id", "b").unwrap();
        assert_eq!(value(&set, "payload").unwrap(), r#"{"n":1.0,"id":"b"}"#);
        assert!(set.ends_with("&x=1"));
    }
}
