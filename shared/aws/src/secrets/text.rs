//! Secrets as they stand in Secrets Manager. No fault quotes one.

use std::{collections::BTreeMap, fmt, vec};

use protocol::time::UnixMillis;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;
use webhook::keys::{Purpose, Secret};

/// How many secrets of a source count at a time.
pub(crate) const MOST: usize = 5;

/// By what those are called that say no label.
const LABELS: [&str; MOST] = ["1", "2", "3", "4", "5"];

/// The entry of the stack's secret that says which sources' quarantines are open, and until when. No source has such a name.
pub(crate) const QUARANTINE: &str = "landfall.quarantine";

/// What is wrong with a secret's text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Fault {
    /// The whole can't be read.
    #[error("it is no JSON object from sources' names to their secrets")]
    NoObject,
    /// An own secret that begins like JSON and isn't.
    #[error("it begins like JSON and is none")]
    NoJson,
    /// One entry can't be read.
    #[error("secret {0} is neither a text nor an object with the texts `value` and `label`")]
    NoSecret(usize),
    /// One entry is for something that isn't known, so that it must not be taken for a key.
    #[error("the `use` of secret {0} is none; the only one is `verify_token`")]
    NoUse(usize),
    /// One entry is blank.
    #[error("secret {0} is blank")]
    Blank(usize),
    /// What says which quarantines are open can't be read.
    #[error("`{QUARANTINE}` is no object from sources' names to times")]
    NoQuarantine,
    /// There are more than count.
    #[error("only the first {MOST} secrets count")]
    TooMany,
}

/// The stack's secret: an object from sources' names to their secrets.
#[cfg(any(test, feature = "destinations", feature = "operator"))]
pub(crate) fn stack(text: &str) -> Result<serde_json::Map<String, Value>, Fault> {
    // What serde says of a fault may quote the text.
    serde_json::from_str(text).map_err(|_| Fault::NoObject)
}

/// The same, to be gone through beside the sources in the order of the names: of many nothing is looked for.
pub(crate) struct Entries(vec::IntoIter<(String, Value)>);

impl Entries {
    /// The entries of the stack's secret.
    pub(crate) fn read(text: &str) -> Result<Self, Fault> {
        serde_json::from_str(text).map_err(|_| Fault::NoObject)
    }

    /// The entry of this name among those that are left; of several the last one.
    pub(crate) fn find(&self, name: &str) -> Option<&Value> {
        let mut entries = self.0.as_slice().iter();
        let found = entries.rfind(|(key, _)| key == name);
        found.map(|(_, entry)| entry)
    }

    /// The entry of this name; of several the last one. Those up to it are left behind.
    pub(crate) fn take(&mut self, name: &str) -> Option<Value> {
        let mut found = None;
        while let [(key, _), ..] = self.0.as_slice()
            && key.as_str() <= name
        {
            found = self.0.next().filter(|(key, _)| key == name);
        }
        found.map(|(_, entry)| entry)
    }
}

impl<'de> Deserialize<'de> for Entries {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ReadEntries)
    }
}

struct ReadEntries;

impl<'de> Visitor<'de> for ReadEntries {
    type Value = Entries;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        // Those of a name stay in their order.
        entries.sort_by(|(one, _): &(String, Value), (other, _)| one.cmp(other));
        Ok(Entries(entries.into_iter()))
    }
}

/// Until when which sources' quarantines are open, by what the stack's secret says of it.
pub(crate) fn openings(entry: Option<&Value>) -> Result<BTreeMap<String, UnixMillis>, Fault> {
    let Some(entry) = entry else {
        return Ok(BTreeMap::new());
    };
    let all = entry.as_object().ok_or(Fault::NoQuarantine)?.iter();
    all.map(|(source, until)| {
        let until = until.as_i64().ok_or(Fault::NoQuarantine)?;
        Ok((source.clone(), UnixMillis(until)))
    })
    .collect()
}

/// An entry of a list as it is written there, whatever it is for. It can't be printed.
pub(crate) struct Written<'a> {
    number: usize,
    pub(crate) value: &'a str,
    pub(crate) label: String,
    /// What stands under `use`; empty where that is no text.
    pub(crate) used_for: Option<&'a str>,
}

/// A secret as it is stated there. It can't be printed.
pub(crate) struct Stated<'a> {
    pub(crate) value: &'a str,
    pub(crate) label: String,
    pub(crate) purpose: Purpose,
}

/// The secrets of one source.
pub(crate) fn entry(entry: &Value) -> (Vec<Secret>, Vec<Fault>) {
    let (stated, faults) = stated(entry);
    let secret =
        |stated: Stated<'_>| Secret::new(stated.value, stated.label).for_purpose(stated.purpose);
    (stated.into_iter().map(secret).collect(), faults)
}

/// The same as they are stated.
pub(crate) fn stated(entry: &Value) -> (Vec<Stated<'_>>, Vec<Fault>) {
    let (written, mut faults) = written(entry);
    let mut secrets = Vec::new();
    for written in written {
        let purpose = match written.used_for {
            None => Purpose::Signature,
            found if found == use_of(Purpose::VerifyToken) => Purpose::VerifyToken,
            Some(_) => {
                faults.push(Fault::NoUse(written.number));
                continue;
            }
        };
        secrets.push(Stated {
            value: written.value,
            label: written.label,
            purpose,
        });
    }
    (secrets, faults)
}

/// What an entry says: a text, an object with `value`, `label` and `use`, or a list of such, newest first.
pub(crate) fn written(entry: &Value) -> (Vec<Written<'_>>, Vec<Fault>) {
    let list = match entry {
        Value::Array(list) => list.as_slice(),
        one => std::slice::from_ref(one),
    };
    let mut faults = Vec::new();
    let mut secrets = Vec::new();
    for (number, entry) in (1..).zip(list.iter().take(MOST)) {
        match secret(entry, number) {
            Ok(secret) => secrets.push(secret),
            Err(fault) => faults.push(fault),
        }
    }
    if list.len() > MOST {
        faults.push(Fault::TooMany);
    }
    (secrets, faults)
}

/// A source's own secret: as its entry in the stack's, or the secret's bare text. A JSON object
/// without `value` is such a text too, for a key may be a JWK.
pub(crate) fn own(text: &str) -> Result<(Vec<Secret>, Vec<Fault>), Fault> {
    Ok(entry(&own_entry(text)?))
}

/// A source's own secret as it would stand in the stack's.
pub(crate) fn own_entry(text: &str) -> Result<Value, Fault> {
    let is_json = text.trim_start().starts_with(['{', '[', '"']);
    if !is_json {
        return Ok(Value::String(text.to_owned()));
    }
    let json: Value = serde_json::from_str(text).map_err(|_| Fault::NoJson)?;
    if json.is_object() && json.get("value").is_none() {
        return Ok(Value::String(text.to_owned()));
    }
    Ok(json)
}

/// What stands under `use`.
pub(crate) const fn use_of(purpose: Purpose) -> Option<&'static str> {
    match purpose {
        Purpose::Signature => None,
        Purpose::VerifyToken => Some("verify_token"),
    }
}

fn secret(entry: &Value, number: usize) -> Result<Written<'_>, Fault> {
    let (value, label, used_for) = match entry {
        Value::String(value) => (value, None, None),
        Value::Object(fields) => {
            let text = |name| match fields.get(name) {
                None => Ok(None),
                Some(Value::String(text)) => Ok(Some(text)),
                Some(_) => Err(Fault::NoSecret(number)),
            };
            let value = text("value")?.ok_or(Fault::NoSecret(number))?;
            let used_for = fields.get("use").map(|used| used.as_str().unwrap_or(""));
            (value, text("label")?, used_for)
        }
        _ => return Err(Fault::NoSecret(number)),
    };
    if value.trim().is_empty() {
        return Err(Fault::Blank(number));
    }
    Ok(Written {
        number,
        value,
        label: label.map_or_else(|| LABELS[number - 1].to_owned(), String::clone),
        used_for,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::json;

    use super::*;

    fn labels((secrets, faults): (Vec<Secret>, Vec<Fault>)) -> (Vec<String>, Vec<Fault>) {
        (
            secrets
                .iter()
                .map(|secret| secret.label().to_owned())
                .collect(),
            faults,
        )
    }

    #[test]
    fn a_source_has_one_secret_or_several_newest_first() {
        let (found, faults) = labels(entry(&json!([
            {"value": "b", "label": "2026-11"},
            {"value": "a"},
            "c"
        ])));
        assert_eq!(
            (found.as_slice(), faults.len()),
            (["2026-11", "2", "3"].map(String::from).as_slice(), 0)
        );
        assert_eq!(labels(entry(&json!("bare"))), (vec!["1".into()], vec![]));
        assert_eq!(
            labels(entry(&json!({"value": "a", "label": "x"}))),
            (vec!["x".into()], vec![])
        );
    }

    #[test]
    fn a_faulty_secret_is_left_out_and_the_others_count() {
        let list =
            json!([{"value": " "}, {"label": "x"}, 5, {"value": "a", "label": 1}, "good", "six"]);
        assert_eq!(
            labels(entry(&list)),
            (
                vec!["5".into()],
                vec![
                    Fault::Blank(1),
                    Fault::NoSecret(2),
                    Fault::NoSecret(3),
                    Fault::NoSecret(4),
                    Fault::TooMany
                ]
            )
        );
        assert_eq!(labels(entry(&json!(""))), (vec![], vec![Fault::Blank(1)]));
        assert_eq!(labels(entry(&json!([]))), (vec![], vec![]));
    }

    #[test]
    fn a_secret_says_what_it_is_for() {
        let (found, faults) = entry(&json!([
            {"value": "key"},
            {"value": "token", "label": "t", "use": "verify_token"},
            {"value": "x", "use": "verify-token"},
            {"value": "x", "use": null},
        ]));
        let purposes: Vec<_> = found.iter().map(Secret::purpose).collect();
        assert_eq!(purposes, [Purpose::Signature, Purpose::VerifyToken]);
        assert_eq!(faults, [Fault::NoUse(3), Fault::NoUse(4)]);
    }

    #[test]
    fn an_own_secret_may_be_the_bare_text() {
        for text in [
            "whsec_abc",
            "-----BEGIN PUBLIC KEY-----",
            r#"{"kty":"RSA"}"#,
            r#""x""#,
        ] {
            assert_eq!(
                labels(own(text).unwrap()),
                (vec!["1".into()], vec![]),
                "{text}"
            );
        }
        assert_eq!(
            labels(own(r#"[{"value":"a","label":"l"}]"#).unwrap()).0,
            ["l"]
        );
        assert_eq!(own("[oops").unwrap_err(), Fault::NoJson);
        assert_eq!(labels(own(" ").unwrap()), (vec![], vec![Fault::Blank(1)]));
    }

    #[test]
    fn entries_are_gone_through_in_the_order_of_their_names_and_the_last_of_a_name_counts() {
        let text =
            r#"{"shop": "1", "a": {"value": "2"}, "shop": "3", "shop-\u0062": ["4"], "z": 5}"#;
        let mut entries = Entries::read(text).unwrap();
        assert_eq!(entries.find("shop"), Some(&json!("3")));
        assert_eq!(entries.find("sho"), None);
        for (name, entry) in [
            ("", None),
            ("a", Some(json!({"value": "2"}))),
            ("b", None),
            ("shop", Some(json!("3"))),
            ("shop-", None),
            ("shop-b", Some(json!(["4"]))),
            ("zz", None),
        ] {
            assert_eq!(entries.take(name), entry, "{name}");
        }
        for text in ["", "[]", "null", r#"{"a": }"#, r#"{"a": "1"} x"#] {
            assert_eq!(Entries::read(text).err(), Some(Fault::NoObject), "{text}");
        }
    }

    #[test]
    fn no_fault_quotes_a_secret() {
        for text in [r#"["hush"]"#, r#""hush""#, r#"{"orum": hush}"#, "hush"] {
            for fault in [stack(text).err(), Entries::read(text).err()] {
                assert!(!format!("{} {fault:?}", fault.clone().unwrap()).contains("hush"));
            }
        }
    }
}
