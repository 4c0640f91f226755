//! Puts a secret into Secrets Manager, in front of a source's others. For operators: no function of the
//! stack may do this.

use aws_sdk_secretsmanager::{
    Client, operation::update_secret_version_stage::UpdateSecretVersionStageError,
};
use catalogue::Source;
use serde_json::Value;
use webhook::ports::Fault;

use super::text::{self, Newest};
use crate::fault;

/// The stage that marks the version whose secrets count.
const CURRENT: &str = "AWSCURRENT";

/// The stage of a version that doesn't count yet.
const NEXT: &str = "LANDFALL_NEXT";

/// How often it is tried while others write the same secret.
const ROUNDS: u8 = 3;

/// How many secrets a source has after one was added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Added {
    /// Those that count.
    pub active: usize,
    /// The oldest, for which there was no room.
    pub dropped: usize,
}

/// Puts a secret in front of those of a source, in the source's own secret or in `stack`, the stack's.
/// One that is there already comes to the front. All else in there stays.
///
/// Nothing that others write at the same time is lost: a new version counts only if the version that it
/// was made from still does.
pub async fn add(
    client: &Client,
    stack: &str,
    source: &Source,
    value: &str,
    label: &str,
) -> Result<Added, Fault> {
    let secret = source.secret.unwrap_or(stack);
    for _ in 0..ROUNDS {
        let read = client
            .get_secret_value()
            .secret_id(secret)
            .send()
            .await
            .map_err(|error| fault::of("reading the secret", &error))?;
        let old = read.version_id().unwrap_or_default();
        let text = read.secret_string().unwrap_or_default();
        let (text, added) = changed(text, source, value, label)
            .map_err(|fault| Fault(format!("the secret {secret} is left as it is: {fault}")))?;
        let put = client
            .put_secret_value()
            .secret_id(secret)
            .secret_string(text)
            .version_stages(NEXT)
            .send()
            .await
            .map_err(|error| fault::of("writing the secret", &error))?;
        let moved = client
            .update_secret_version_stage()
            .secret_id(secret)
            .version_stage(CURRENT)
            .move_to_version_id(put.version_id().unwrap_or_default())
            .remove_from_version_id(old)
            .send()
            .await;
        match moved {
            Ok(_) => return Ok(added),
            // The stage has left the version that was read.
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(UpdateSecretVersionStageError::is_invalid_parameter_exception) => {
            }
            Err(error) => return Err(fault::of("making the new secret count", &error)),
        }
    }
    Err(Fault(format!(
        "the secret {secret} is being changed by others; try again"
    )))
}

/// A secret's text with one more secret in it.
fn changed(
    text: &str,
    source: &Source,
    value: &str,
    label: &str,
) -> Result<(String, Added), text::Fault> {
    let (
        text,
        Newest {
            active, dropped, ..
        },
    ) = if source.secret.is_some() {
        let newest = text::newest(Some(&text::own_entry(text)?), value, label);
        (Value::from(newest.list.clone()).to_string(), newest)
    } else {
        let mut stack = text::stack(text)?;
        let name = source.name.as_str();
        let newest = text::newest(stack.get(name), value, label);
        stack.insert(name.into(), newest.list.clone().into());
        (Value::from(stack).to_string(), newest)
    };
    Ok((text, Added { active, dropped }))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use catalogue::{Environment, reader};
    use serde_json::json;

    use super::*;

    fn source(name: &str) -> Source {
        let text = "[sources.github]\nprovider = \"github\"\n[sources.own]\nprovider = \"github\"\nsecret = \"mine\"\n";
        let sources = reader::read(text, Environment::Test).unwrap();
        sources.get(name).unwrap().clone()
    }

    fn add_to(text: &str, name: &str) -> (Value, usize, usize) {
        let (text, Added { active, dropped }) = changed(text, &source(name), "n", "l").unwrap();
        (serde_json::from_str(&text).unwrap(), active, dropped)
    }

    #[test]
    fn the_new_secret_comes_first_and_all_others_stay() {
        let new = json!({"value": "n", "label": "l"});
        for (before, after, active, dropped) in [
            (json!({}), json!({"github": [new]}), 1, 0),
            (json!({"github": []}), json!({"github": [new]}), 1, 0),
            (json!({"github": " "}), json!({"github": [new]}), 1, 0),
            (
                json!({"github": "a", "stripe": ["s", {"value": "t"}]}),
                json!({"github": [new, "a"], "stripe": ["s", {"value": "t"}]}),
                2,
                0,
            ),
            (
                json!({"github": {"value": "a", "label": "x"}}),
                json!({"github": [new, {"value": "a", "label": "x"}]}),
                2,
                0,
            ),
            (
                json!({"github": ["a", "b", "c", "d", {"value": "e"}]}),
                json!({"github": [new, "a", "b", "c", "d"]}),
                5,
                1,
            ),
        ] {
            let found = add_to(&before.to_string(), "github");
            assert_eq!(found, (after, active, dropped), "{before}");
        }
    }

    #[test]
    fn a_secret_that_is_there_already_is_there_once() {
        let before = json!({"github": ["a", {"value": "n", "label": "old"}, "n", "b"]});
        let after = json!({"github": [{"value": "n", "label": "l"}, "a", "b"]});
        assert_eq!(add_to(&before.to_string(), "github"), (after, 3, 0));
    }

    #[test]
    fn a_source_with_a_secret_of_its_own_has_a_list_there() {
        let new = json!({"value": "n", "label": "l"});
        for (before, after, active) in [
            ("", json!([new]), 1),
            ("bare", json!([new, "bare"]), 2),
            (r#"{"kty":"RSA"}"#, json!([new, r#"{"kty":"RSA"}"#]), 2),
            (r#"["a","b"]"#, json!([new, "a", "b"]), 3),
        ] {
            assert_eq!(add_to(before, "own"), (after, active, 0), "{before}");
        }
    }

    #[test]
    fn a_secret_that_can_not_be_read_is_left_as_it_is() {
        for (text, name) in [("hush", "github"), ("[]", "github"), ("[hush", "own")] {
            let fault = changed(text, &source(name), "n", "l").unwrap_err();
            assert!(!format!("{fault} {fault:?}").contains("hush"));
        }
    }
}
