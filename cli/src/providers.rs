//! `landfall providers`: the catalogue.

use std::process::ExitCode;

use catalogue::{Fact, Handshake, PROVIDERS, Provider, Subscription, Template};
use serde_json::{Value, json};

use crate::{delivery, describe, failure::Failure, print};

pub(crate) fn run(name: Option<&str>, as_json: bool) -> Result<ExitCode, Failure> {
    let chosen = name.map(delivery::provider).transpose()?;
    if as_json {
        let list: Vec<Value> = match chosen {
            Some(provider) => vec![json(provider)],
            None => PROVIDERS.iter().map(json).collect(),
        };
        print::json(&Value::from(list));
        return Ok(ExitCode::SUCCESS);
    }
    match chosen {
        Some(provider) => show(provider),
        None => list(),
    }
    Ok(ExitCode::SUCCESS)
}

fn list() {
    let rows: Vec<[String; 4]> = PROVIDERS
        .iter()
        .map(|provider| {
            [
                provider.name.into(),
                provider.title.into(),
                provider
                    .schemes
                    .iter()
                    .map(describe::in_short)
                    .collect::<Vec<_>>()
                    .join("; or "),
                provider.confirmation().into(),
            ]
        })
        .collect();
    print::table(["NAME", "PROVIDER", "SIGNS", "SCHEME"], &rows);
}

fn show(provider: &Provider) {
    let or_dash = |template: Option<Template>| template.map_or("-", Template::text).to_owned();
    let mut rows: Vec<(&str, String)> = vec![
        ("name", provider.name.into()),
        ("docs", provider.docs.into()),
    ];
    if !provider.unconfirmed.is_empty() {
        let facts: Vec<_> = (provider.unconfirmed.iter())
            .map(|fact| fact.as_str())
            .collect();
        rows.push(("unconfirmed", facts.join(", ")));
    }
    if !provider.note.is_empty() {
        rows.push(("note", provider.note.into()));
    }
    for scheme in provider.schemes {
        rows.push(("signs", describe::in_short(scheme)));
        rows.push(("  with", describe::key_form(scheme.key)));
        rows.push(("  signature in", describe::field(scheme.signature)));
        if let Some(timestamp) = scheme.timestamp {
            rows.push((
                "  time in",
                format!(
                    "{}, {}",
                    describe::field(timestamp.field),
                    describe::unit(timestamp.unit)
                ),
            ));
            rows.push(("  tolerance", describe::tolerance(timestamp.tolerance)));
        }
    }
    rows.push(("event id", or_dash(provider.event_id)));
    rows.push(("event type", or_dash(provider.event_type)));
    if let Some(Handshake::SignedEcho {
        kind: (path, value),
        echo,
    }) = provider.handshake
    {
        rows.push((
            "handshake",
            format!("a signed delivery whose `{path}` is `{value}`: `{echo}` is echoed"),
        ));
    }
    if let Some(enrolment) = provider.enrolment {
        rows.push(("hands over", describe::enrolment(enrolment)));
    }
    if let Some(Subscription {
        kind: (path, value),
        url,
        hosts,
    }) = provider.subscription
    {
        rows.push((
            "asks first",
            format!(
                "a signed delivery whose `{path}` is `{value}`: the consumer gets its `{url}`, at {} only",
                hosts.join(" or ")
            ),
        ));
    }
    if let Some(seconds) = provider.deadline_seconds {
        rows.push(("answer within", format!("{seconds} s")));
    }
    rows.push(("sends again", provider.retries.into()));
    rows.push(("refused with", provider.refusal_status.to_string()));
    rows.push(("set up", provider.setup.into()));

    print::line(provider.title);
    for (name, text) in rows {
        print::line(&format!("  {name:<16}{text}"));
    }
    print::line(&format!(
        "\nIn infra/sources.toml:\n\n  [{0}]\n  provider = \"{0}\"",
        provider.name
    ));
}

fn json(provider: &Provider) -> Value {
    json!({
        "name": provider.name,
        "title": provider.title,
        "docs": provider.docs,
        "confirmation": provider.confirmation(),
        "unconfirmed": provider.unconfirmed.iter().copied().map(Fact::as_str).collect::<Vec<_>>(),
        "note": provider.note,
        "schemes": provider.schemes.iter().map(describe::json).collect::<Vec<_>>(),
        "event_id": provider.event_id.map(Template::text),
        "event_type": provider.event_type.map(Template::text),
        "handshake": provider.handshake.is_some(),
        "enrolment": provider.enrolment.map(describe::enrolment),
        "subscription": provider.subscription.is_some(),
        "refusal_status": provider.refusal_status,
        "deadline_seconds": provider.deadline_seconds,
        "retry_hours": provider.retry_hours,
        "retries": provider.retries,
        "setup": provider.setup,
    })
}
