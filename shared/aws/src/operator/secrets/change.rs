//! What a secret's text becomes when a secret is set.

use serde_json::{Value, json};
use webhook::keys::Purpose;

use crate::secrets::text::{self, Fault, MOST};

/// A secret that a source is to have. It can't be printed.
pub struct NewSecret<'a> {
    /// The secret as the provider hands it out.
    pub value: &'a str,
    /// The name by which logs speak of it.
    pub label: &'a str,
    /// What it is for.
    pub purpose: Purpose,
    /// What becomes of the source's others that are for the same.
    pub others: Others,
}

/// What becomes of the secrets that a source has already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Others {
    /// They stay, behind the new one, as far as there is room.
    Stay,
    /// They go.
    Go,
}

/// How many secrets a source has after one was set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Those that count.
    pub active: usize,
    /// Those that had to go.
    pub dropped: usize,
}

/// Whose secrets are changed.
#[derive(Clone, Copy)]
pub(super) struct Owner<'a> {
    /// The name under which they stand.
    pub(super) name: &'a str,
    /// Whether they stand in a secret of its own.
    pub(super) has_own: bool,
}

/// The secret that comes to the front.
pub(super) struct Front<'a> {
    pub(super) value: &'a str,
    pub(super) label: &'a str,
    /// What stands under `use`.
    pub(super) used_for: Option<&'a str>,
    pub(super) others: Others,
}

/// A secret's text with one more secret in it.
pub(super) fn changed(
    text: Option<&str>,
    owner: Owner<'_>,
    new: &Front<'_>,
) -> Result<(String, Outcome), Fault> {
    let put = |entry: Option<&Value>| {
        let (list, outcome) = newest(entry, new);
        (Value::from(list), outcome)
    };
    if owner.has_own {
        let (list, outcome) = match text {
            Some(text) => put(Some(&text::own_entry(text)?)),
            None => put(None),
        };
        return Ok((list.to_string(), outcome));
    }
    let mut stack = text::stack(text.unwrap_or("{}"))?;
    let (list, outcome) = put(stack.get(owner.name));
    stack.insert(owner.name.into(), list);
    Ok((Value::from(stack).to_string(), outcome))
}

/// Puts a secret in front of those of an entry. Those that don't count are left out.
fn newest(entry: Option<&Value>, new: &Front<'_>) -> (Vec<Value>, Outcome) {
    let others = match entry {
        Some(Value::Array(list)) => list.as_slice(),
        Some(one) => std::slice::from_ref(one),
        None => &[],
    };
    let text = |entry: &Value| match entry {
        Value::Object(fields) => fields.get("value").cloned().unwrap_or_default(),
        other => other.clone(),
    };
    let is_alike = |entry: &Value| entry.get("use").and_then(Value::as_str) == new.used_for;
    let counts = |entry: &&Value| {
        let text = text(entry);
        let is_new = text == new.value && is_alike(entry);
        !is_new && text.as_str().is_none_or(|text| !text.trim().is_empty())
    };
    let others: Vec<&Value> = others.iter().filter(counts).collect();
    let mut front = json!({"value": new.value, "label": new.label});
    if let Some(used_for) = new.used_for {
        front["use"] = used_for.into();
    }
    let mut list = vec![front];
    let stays = |entry: &&&Value| new.others == Others::Stay || !is_alike(entry);
    list.extend(others.iter().filter(stays).copied().cloned());
    list.truncate(MOST);
    let outcome = Outcome {
        active: list.len(),
        dropped: others.len() + 1 - list.len(),
    };
    (list, outcome)
}
