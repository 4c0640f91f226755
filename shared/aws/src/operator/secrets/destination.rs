//! The same for a service that is posted to: what signs for it, and what its headers say that nobody else may know.

use catalogue::destination::{Destination, HeaderValue, Http};
use protocol::fault::{Fault, FaultKind};
use serde_json::Value;
use webhook::keys::{Secret, SigningKey, generate};

use super::{
    Others, Outcome, Revealed, SETTING, SecretStore,
    change::{Front, Owner, changed},
};
use crate::secrets::{
    destination::{Entry, schemes},
    text,
};

/// A secret that a destination is to have. It can't be printed.
pub struct DestinationSecret<'a> {
    /// The secret.
    pub value: &'a str,
    /// The name by which logs speak of it.
    pub label: &'a str,
    /// What headers call it; without, it signs.
    pub header: Option<&'a str>,
    /// What becomes of the destination's others that are for the same.
    pub others: Others,
}

impl SecretStore {
    /// Puts a secret in front of those of a destination. All else in there stays.
    ///
    /// What can't sign, or be a header, is refused. Nothing that others write at the same time is lost.
    pub async fn set_of_destination(
        &self,
        to: &Destination,
        http: &Http,
        new: &DestinationSecret<'_>,
    ) -> Result<Outcome, Fault> {
        check(to, new)?;
        let owner = Owner {
            name: to.name.as_str(),
            has_own: http.secret.is_some(),
        };
        let front = Front {
            value: new.value,
            label: new.label,
            used_for: new.header,
            others: new.others,
        };
        let secret = http.secret.unwrap_or(&self.stack);
        self.change(secret, |text| changed(text, owner, &front))
            .await
    }

    /// What a destination still needs of its secret before anything can be sent to it: `None` for what signs, and the names
    /// that its headers call.
    pub async fn missing_of_destination(
        &self,
        to: &Destination,
        http: &Http,
    ) -> Result<Vec<Option<&'static str>>, Fault> {
        let stated = self.stated_of_destination(to, http).await?;
        let (entry, _) = Entry::read(stated);
        let signs = entry.keys().is_empty().then_some(None);
        let named = http.headers.iter().filter_map(|(_, value)| match value {
            HeaderValue::Secret(name) if entry.named(name).is_none() => Some(Some(*name)),
            _ => None,
        });
        Ok(signs.into_iter().chain(named).collect())
    }

    /// The secrets of a destination, to be shown to the operator.
    pub async fn reveal_of_destination(
        &self,
        to: &Destination,
        http: &Http,
    ) -> Result<Vec<Revealed>, Fault> {
        let stated = self.stated_of_destination(to, http).await?;
        let (written, _) = text::written(&stated);
        let revealed = written.into_iter().map(|written| Revealed {
            value: written.value.to_owned(),
            label: written.label,
            purpose: written.used_for.map(str::to_owned),
        });
        Ok(revealed.collect())
    }

    /// What stands there of a destination; an empty list where nothing does.
    async fn stated_of_destination(&self, to: &Destination, http: &Http) -> Result<Value, Fault> {
        let secret = http.secret.unwrap_or(&self.stack);
        let (_, text) = self.current(secret).await?;
        let stated = match (text, http.secret) {
            (None, _) => Ok(None),
            (Some(text), Some(_)) => text::own_entry(&text).map(Some),
            (Some(text), None) => {
                text::stack(&text).map(|mut entries| entries.remove(to.name.as_str()))
            }
        };
        let stated = stated.map_err(|fault| {
            let text = format!("the secret {secret} can't be used: {fault}");
            Fault::new(FaultKind::Malformed, "reading the secret", text)
        })?;
        Ok(stated.unwrap_or(Value::Array(Vec::new())))
    }

    /// Something new that signs, in the form of Standard Webhooks.
    pub fn signing_secret() -> Result<String, Fault> {
        let made = schemes().first().map(generate::secret);
        match made {
            Some(Ok(secret)) => Ok(secret),
            _ => Err(Fault::new(FaultKind::Other, SETTING, "no key can be made")),
        }
    }
}

/// Refuses what the consumer couldn't use.
fn check(to: &Destination, new: &DestinationSecret<'_>) -> Result<(), Fault> {
    let name = to.name.as_str();
    let unfit = |why: &str| {
        let text = format!("`{name}` can't have it: the secret {why}");
        Err(Fault::new(FaultKind::Malformed, SETTING, text))
    };
    if new.value.trim().is_empty() {
        return unfit("is blank");
    }
    if new.header.is_some() {
        let fits = |b: u8| b == b' ' || b.is_ascii_graphic();
        return if new.value.bytes().all(fits) {
            Ok(())
        } else {
            unfit("is no header's value")
        };
    }
    match SigningKey::load(schemes(), &Secret::new(new.value, new.label)) {
        Ok(_) => Ok(()),
        Err(fault) => unfit(fault.fault),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use catalogue::{Environment, destination::Kind, reader};
    use serde_json::json;

    use super::{super::fake::Manager, *};

    const NEW: DestinationSecret<'static> = DestinationSecret {
        value: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        label: "l",
        header: None,
        others: Others::Stay,
    };

    fn destination(own: bool) -> (Destination, Http) {
        let own = if own { "secret = \"stack\"\n" } else { "" };
        let text = format!(
            "[destinations.billing]\nhttp = \"https://a.example/\"\n{own}headers = {{ Authorization = {{ secret = \"token\" }} }}\n"
        );
        let read = reader::read(&text, Environment::Test).unwrap();
        let to = read.destinations.get("billing").unwrap().clone();
        let Kind::Http(http) = &to.kind else {
            panic!("{to:?}")
        };
        (to.clone(), http.clone())
    }

    #[tokio::test]
    async fn what_signs_and_what_headers_say_stand_beside_each_other() {
        let signs = json!({"value": NEW.value, "label": "l"});
        let token = json!({"value": "Bearer t", "label": "l", "use": "token"});
        for (own, before, after) in [
            (
                false,
                json!({"other": "x"}),
                json!({"other": "x", "billing": [token, signs]}),
            ),
            (true, json!([]), json!([token, signs])),
        ] {
            let (to, http) = destination(own);
            let manager = Manager::with(&before.to_string());
            let store = manager.store();
            let missing = store.missing_of_destination(&to, &http).await;
            assert_eq!(missing, Ok(vec![None, Some("token")]));
            store.set_of_destination(&to, &http, &NEW).await.unwrap();
            let missing = store.missing_of_destination(&to, &http).await;
            assert_eq!(missing, Ok(vec![Some("token")]));
            let header = DestinationSecret {
                value: "Bearer t",
                header: Some("token"),
                others: Others::Go,
                ..NEW
            };
            store.set_of_destination(&to, &http, &header).await.unwrap();
            let missing = store.missing_of_destination(&to, &http).await;
            assert_eq!(missing, Ok(Vec::new()));
            assert_eq!(manager.text(), after);
        }
    }

    #[tokio::test]
    async fn what_the_consumer_can_not_use_is_refused_before_anything_is_read() {
        let (to, http) = destination(false);
        let manager = Manager::with("{}");
        for (value, header) in [
            (" ", None),
            ("hush!", None),
            ("whsec_hush!", None),
            ("hush\nx: y", Some("token")),
            ("hushé", Some("token")),
        ] {
            let new = DestinationSecret {
                value,
                header,
                ..NEW
            };
            let set = manager.store().set_of_destination(&to, &http, &new).await;
            let fault = set.unwrap_err();
            assert!(!fault.text.contains("hush"), "{fault}");
            assert_eq!(manager.calls("GetSecretValue"), 0);
        }
    }

    #[test]
    fn what_is_made_signs() {
        let made = SecretStore::signing_secret().unwrap();
        let new = DestinationSecret {
            value: &made,
            ..NEW
        };
        assert_eq!(check(&destination(false).0, &new), Ok(()));
    }
}
