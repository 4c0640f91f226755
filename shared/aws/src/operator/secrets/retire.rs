//! Takes one of a source's secrets away.

use catalogue::Source;
use protocol::fault::Fault;
use serde_json::Value;

use super::{
    SecretStore,
    change::{Outcome, Owner},
};
use crate::secrets::text;

impl SecretStore {
    /// Takes the secret away that logs call by this label. All else stays, and nothing that others write at the same time
    /// is lost.
    pub async fn retire(&self, source: &Source, label: &str) -> Result<Outcome, Fault> {
        let owner = Owner {
            name: source.name.as_str(),
            has_own: source.secret.is_some(),
        };
        let secret = self.secret_of(source);
        self.change(secret, |text| without(text, owner, label))
            .await
    }
}

/// A secret's text without the one that has this label.
fn without(
    text: Option<&str>,
    owner: Owner<'_>,
    label: &str,
) -> Result<(String, Outcome), text::Fault> {
    if owner.has_own {
        let entry = text.map(text::own_entry).transpose()?;
        let (list, outcome) = left(entry.as_ref(), label);
        return Ok((Value::from(list).to_string(), outcome));
    }
    let mut stack = text::stack(text.unwrap_or("{}"))?;
    let (list, outcome) = left(stack.get(owner.name), label);
    stack.insert(owner.name.into(), list.into());
    Ok((Value::from(stack).to_string(), outcome))
}

fn left(entry: Option<&Value>, label: &str) -> (Vec<Value>, Outcome) {
    let all = match entry {
        Some(Value::Array(list)) => list.clone(),
        Some(one) => vec![one.clone()],
        None => Vec::new(),
    };
    let before = all.len();
    let is_meant = |number: usize, entry: &Value| {
        let stated = entry.get("label").and_then(Value::as_str);
        // One without a label is called by its number.
        stated.map_or_else(|| number.to_string() == label, |stated| stated == label)
    };
    let stays = |(number, entry): (usize, Value)| (!is_meant(number, &entry)).then_some(entry);
    let list: Vec<Value> = (1..).zip(all).filter_map(stays).collect();
    let outcome = Outcome {
        active: list.len(),
        dropped: before - list.len(),
    };
    (list, outcome)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::json;

    use super::*;

    fn retired(text: &Value, has_own: bool, label: &str) -> (Value, usize, usize) {
        let owner = Owner {
            name: "github",
            has_own,
        };
        let (text, Outcome { active, dropped }) =
            without(Some(&text.to_string()), owner, label).unwrap();
        (serde_json::from_str(&text).unwrap(), active, dropped)
    }

    #[test]
    fn the_secret_of_a_label_goes_and_all_else_stays() {
        let (new, old) = (
            json!({"value": "n", "label": "new"}),
            json!({"value": "o", "label": "old"}),
        );
        let before = json!({"github": [new, old, "bare"], "stripe": "s"});
        assert_eq!(
            retired(&before, false, "old"),
            (json!({"github": [new, "bare"], "stripe": "s"}), 2, 1)
        );
        // One without a label is called by its number.
        assert_eq!(
            retired(&before, false, "3"),
            (json!({"github": [new, old], "stripe": "s"}), 2, 1)
        );
        assert_eq!(retired(&before, false, "none"), (before, 3, 0));
        assert_eq!(
            retired(&json!([new, old]), true, "old"),
            (json!([new]), 1, 1)
        );
    }
}
