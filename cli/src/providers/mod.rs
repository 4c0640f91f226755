//! `landfall providers`: the catalogue.

mod answers;
mod handshakes;
mod identity;
mod keys;
mod markdown;
mod new;
mod page;

use std::process::ExitCode;

use catalogue::{Fact, KeyOrigin, PROVIDERS, Provider, Template};
use serde_json::{Value, json};

use crate::{
    args::{GivenProviders, ProvidersCommand},
    describe,
    failure::Failure,
    print, source,
};

pub(crate) fn run(given: &GivenProviders, as_json: bool) -> Result<ExitCode, Failure> {
    if let Some(ProvidersCommand::New(given)) = &given.command {
        return new::run(given);
    }
    let chosen = given.name.as_deref().map(source::provider).transpose()?;
    if given.markdown {
        print::text(&markdown::document());
        return Ok(ExitCode::SUCCESS);
    }
    if given.data {
        print::text(&data());
        return Ok(ExitCode::SUCCESS);
    }
    if as_json {
        let list: Vec<Value> = match chosen {
            Some(provider) => vec![json(provider)],
            None => listed(given).map(json).collect(),
        };
        print::json(&Value::from(list));
        return Ok(ExitCode::SUCCESS);
    }
    match chosen {
        Some(provider) => show(provider),
        None => list(given),
    }
    Ok(ExitCode::SUCCESS)
}

fn listed(given: &GivenProviders) -> impl Iterator<Item = &'static Provider> {
    let since = given.changed_since.as_deref().unwrap_or_default();
    PROVIDERS
        .iter()
        .filter(move |provider| provider.checked >= since)
}

fn list(given: &GivenProviders) {
    let rows: Vec<[String; 4]> = listed(given)
        .map(|provider| {
            let signs: Vec<String> = provider.schemes.iter().map(describe::in_short).collect();
            [
                provider.name.into(),
                provider.title.into(),
                provider.confirmation().into(),
                signs.join("; or "),
            ]
        })
        .collect();
    print::table(["NAME", "PROVIDER", "SIGNATURE", "SIGNS"], &rows);
    print::line(&format!(
        "\n{} providers. `landfall providers NAME` says how to set one up.",
        rows.len()
    ));
}

fn show(provider: &'static Provider) {
    print::line(&format!("{} ({})\n", provider.title, provider.name));
    for part in page::parts(provider) {
        for (number, line) in part.lines.iter().enumerate() {
            let about = if number == 0 { part.about } else { "" };
            print::line(&format!("  {about:<16}{line}"));
        }
    }
    for setting in provider.settings {
        print::line(&format!(
            "  {:<16}`{}`: {}",
            "setting", setting.name, setting.help
        ));
    }
    print::line("\nIn infra/landfall.toml, then deploy:\n");
    for line in page::landfall_toml(provider) {
        print::line(&format!("  {line}"));
    }
    print::line(&format!(
        "\nEnter at the provider: the stack's output ApiUrl + /webhooks/{}\n",
        provider.name
    ));
    if !matches!(provider.keys, KeyOrigin::Secret | KeyOrigin::Asked(_)) {
        print::line(
            "No secret is needed. To use other keys, such as a pair of your own to try it with, add\n\
             keys = \"secret\" to the table above. Then:\n",
        );
    }
    print::line("Its secret, which the command asks for or reads from a file; the others stay:\n");
    for command in page::secret_commands(provider) {
        print::line(&format!("  {command}"));
    }
    print::line("");
    for form in page::secret_forms(provider) {
        print::line(&format!("  {form}"));
    }
    print::line(&format!(
        "\nTry it: landfall --stack STACK send --source {}",
        provider.name
    ));
}

/// The catalogue for other programs, each provider on a line of its own, so that a change of one is a change of one line.
/// Its version changes when something that they read is named otherwise, means something else or is gone, and not when
/// there is more of it.
fn data() -> String {
    let providers: Vec<String> = (PROVIDERS.iter())
        .map(|provider| json(provider).to_string())
        .collect();
    format!(
        "{{\n\"$schema\": \"catalogue.schema.json\",\n\"version\": 1,\n\"license\": \"{}\",\n\"providers\": [\n{}\n]\n}}\n",
        env!("CARGO_PKG_LICENSE"),
        providers.join(",\n")
    )
}

fn json(provider: &'static Provider) -> Value {
    let texts = |templates: Option<Template>| templates.map(Template::text);
    json!({
        "name": provider.name,
        "title": provider.title,
        "docs": provider.docs,
        "checked": provider.checked,
        "read": provider.read,
        "confirmation": provider.confirmation(),
        "unconfirmed": provider.unconfirmed.iter().copied().map(Fact::as_str).collect::<Vec<_>>(),
        "note": provider.note,
        "schemes": provider.schemes.iter().map(describe::json).collect::<Vec<_>>(),
        "side_by_side": provider.side_by_side,
        "keys": keys::in_words(provider.keys),
        "settings": provider.settings.iter().map(|setting| json!({
            "name": setting.name,
            "help": setting.help,
            "example": setting.example,
        })).collect::<Vec<_>>(),
        "event_id": texts(provider.identity.id),
        "unique_because": provider.identity.unique,
        "signed": identity::signed_json(provider),
        "event_type": texts(provider.event_type),
        "reference": provider.reference.map(|&(name, template)| json!({name: template.text()})),
        "headers": provider.headers,
        "unsigned": provider.unsigned,
        "enrolment": provider.enrolment.copied().map(handshakes::enrolment),
        "subscription": provider.subscription.is_some(),
        "handshakes": provider.handshakes.iter().map(handshakes::in_words).collect::<Vec<_>>(),
        "bundle": provider.bundle.map(|bundle| json!({
            "items": bundle.items,
            "item_id": texts(bundle.item_id),
            "item_type": texts(bundle.item_type),
        })),
        "encrypted": provider.encrypted.map(|encrypted| json!({
            "member": encrypted.member,
            "decrypted": encrypted.decrypted,
            "data": encrypted.data,
            "signature": encrypted.signature,
            "key": encrypted.key,
            "certificate": encrypted.certificate,
            "source": encrypted.source,
        })),
        "accepted": answers::accepted(provider),
        "refused": answers::refused(provider),
        "refusal_status": provider.refusal_status,
        "answers": provider.answers.map(|answers| json!({
            "delivered": answers.delivered,
            "note": answers.note,
            "source": answers.source,
        })),
        "payload_field": provider.payload_field,
        "max_body_bytes": provider.max_body.bytes,
        "largest_body_bytes": provider.largest_body_bytes,
        "deadline_seconds": provider.deadline_seconds,
        "retry_hours": provider.retry_hours,
        "retries": provider.retries,
        "source_ips": provider.source_ips,
        "setup": provider.setup,
        "secret_commands": page::secret_commands(provider),
        "secret_forms": page::secret_forms(provider),
        "landfall_toml": page::landfall_toml(provider),
    })
}
