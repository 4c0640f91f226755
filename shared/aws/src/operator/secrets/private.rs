//! The same for the private keys of a source, by which the consumer opens what its provider encrypts.

use catalogue::Source;
use protocol::fault::{Fault, FaultKind};
use serde_json::json;

use super::{
    Others, Outcome, SETTING, SecretStore,
    change::{Front, Owner, changed},
};
use crate::secrets::private;

/// A private key that a source is to have. It can't be printed.
pub struct NewPrivateKey<'a> {
    /// The key, in PEM.
    pub value: &'a str,
    /// The name that the operator has told the provider for its certificate.
    pub certificate: &'a str,
    /// What becomes of the source's others.
    pub others: Others,
}

/// The name under which a source's private keys stand in the destinations' secret.
#[must_use]
pub fn private_keys_of(source: &Source) -> String {
    private::name(source.name.as_str())
}

impl SecretStore {
    /// Puts a private key in front of those of a source. All else in there stays. This is the store of the destinations'
    /// secret.
    ///
    /// What opens nothing is refused. Nothing that others write at the same time is lost.
    pub async fn set_private_key(
        &self,
        source: &Source,
        new: &NewPrivateKey<'_>,
    ) -> Result<Outcome, Fault> {
        let stated = json!({"value": new.value, "label": new.certificate});
        if let Some(fault) = private::read(&stated).1.pop() {
            let text = format!("`{}` can't have it: {fault}", source.name);
            return Err(Fault::new(FaultKind::Malformed, SETTING, text));
        }
        let name = private_keys_of(source);
        let owner = Owner {
            name: &name,
            has_own: false,
        };
        let front = Front {
            value: new.value,
            label: new.certificate,
            used_for: None,
            others: new.others,
        };
        self.change(&self.stack, |text| changed(text, owner, &front))
            .await
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use catalogue::Provider;
    use serde_json::Value;

    use super::{super::fake::Manager, *};

    fn source() -> Source {
        Source::of(Provider::named("microsoft-graph").unwrap())
    }

    async fn set(
        manager: &Manager,
        value: &str,
        certificate: &str,
        others: Others,
    ) -> Result<Outcome, Fault> {
        let new = NewPrivateKey {
            value,
            certificate,
            others,
        };
        manager.store().set_private_key(&source(), &new).await
    }

    #[tokio::test]
    async fn a_private_key_stands_beside_the_secrets_of_destinations_and_in_front_of_older_ones() {
        let manager = Manager::with(r#"{"microsoft-graph": "of the destination of this name"}"#);
        let (old, new) = (support::sealed::OLD, support::sealed::NEW);
        set(&manager, old, "2025", Others::Stay).await.unwrap();
        set(&manager, new, "2026", Others::Stay).await.unwrap();
        let stands = |keys: Value| {
            assert_eq!(
                manager.text(),
                json!({
                    "microsoft-graph": "of the destination of this name",
                    "source:microsoft-graph": keys,
                })
            );
        };
        let key = |value: &str, label: &str| json!({"value": value, "label": label});
        stands(json!([key(new, "2026"), key(old, "2025")]));
        let left = set(&manager, new, "2026", Others::Go).await.unwrap();
        assert_eq!((left.active, left.dropped), (1, 1));
        stands(json!([key(new, "2026")]));
    }

    #[tokio::test]
    async fn what_opens_nothing_is_refused_before_anything_is_read() {
        let manager = Manager::with("{}");
        let public = "-----BEGIN PUBLIC KEY-----\nhush\n-----END PUBLIC KEY-----\n";
        for value in ["", " ", "hush", public] {
            let fault = set(&manager, value, "a", Others::Stay).await.unwrap_err();
            assert!(!fault.text.contains("hush"), "{fault}");
            assert_eq!(manager.calls("GetSecretValue"), 0);
        }
    }
}
