//! The private keys of sources, by which the consumer opens what their providers encrypt.

use landfall_aws::operator::{NewPrivateKey, Outcome};
use serde_json::{Value, json};

use super::{kept, others, value};
use crate::{args::GivenSet, escape, failure::Failure, stack::Stack};

pub(super) async fn set(
    given: &GivenSet,
    certificate: &str,
    stack: &Stack,
) -> Result<(Value, String), Failure> {
    let source = stack.source(&given.source)?;
    let name = source.name.as_str();
    if source.encrypted.is_none() {
        let usage = format!(
            "nothing that `{name}` gets is opened: its provider encrypts nothing, or `keep_encrypted` is set"
        );
        return Err(Failure::usage(usage));
    }
    let value = value(given.secret_file.as_deref(), name)?;
    let new = NewPrivateKey {
        value: &value,
        certificate,
        others: others(given),
    };
    let store = stack.deployed.destination_secrets()?;
    let Outcome { active, dropped } = store.set_private_key(source, &new).await?;
    kept::keep(&store, stack, kept::Owners::Destinations).await?;
    let told =
        json!({"source": name, "certificate": certificate, "active": active, "dropped": dropped});
    let words = format!(
        "The private key of the certificate `{}` is the newest of `{name}`, which has {active} now. The consumer knows it \
         within a minute of the first event that is encrypted for it.",
        escape::value(certificate)
    );
    Ok((told, words))
}
