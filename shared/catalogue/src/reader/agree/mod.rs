//! A source of one environment: its tables laid over each other and over its provider's entry. Here it is checked that
//! they agree.

mod identity;
mod keys;
mod settings;
mod versions;

use std::time::Duration;

use crate::{
    encrypted::Encrypted,
    handshake::{Accepted, Handshake, Method},
    reader::{
        duration::DAY,
        handshake,
        report::Report,
        slot::Slot,
        source::SourceLayer,
        tolerance::{self, NO_TIME, NO_TIME_MEND},
    },
    scheme::Scheme,
    size::MAX_BODY_BYTES,
    source::{Environment, QUEUE_DAYS, RETENTION_DAYS, Source, SourceName, retention_at_least},
};

/// How long a provider that is not in the catalogue is taken to send an event again, in hours.
const RETRY_HOURS: u16 = 72;

/// A source of one environment, if everything in it is well and agrees.
pub(super) fn source(
    name: Option<SourceName>,
    layer: SourceLayer,
    environment: Environment,
    at: usize,
    report: &mut Report<'_>,
) -> Option<Source> {
    let retry_hours = match (&layer.retry_hours, &layer.provider) {
        (Slot::Given(_, hours), _) => *hours,
        (_, Slot::Given(_, provider)) => provider.retry_hours,
        _ => RETRY_HOURS,
    };
    let least = retention_at_least(retry_hours);
    if let Slot::Given(at, days) = layer.retention_days
        && days < least
    {
        report.add(
            at,
            format!(
                "`retention_days` is too short: the provider may send an event again for {retry_hours} h, \
                 and tickets live for {QUEUE_DAYS} days"
            ),
            format!("write at least retention_days = {least}"),
        );
    }
    let retention_days =
        (layer.retention_days.clone().value()).unwrap_or(least.max(RETENTION_DAYS));
    if let Slot::Given(at, every) = layer.speaks_every
        && every > Duration::from_secs(u64::from(retention_days) * DAY)
    {
        report.add(
            at,
            format!("`speaks_every` is longer than events are remembered, which is for {retention_days} days"),
            format!("write at most speaks_every = \"{retention_days}d\""),
        );
    }
    let settings = settings::agreed(&layer, at, report);
    let schemes = schemes(&layer, &settings, at, report);
    if let Some(days) = schemes.map(tolerance::accepted_for)
        && days > u32::from(retention_days)
    {
        let at = match (&layer.tolerance, &layer.retention_days) {
            (Slot::Given(at, _), _) | (_, Slot::Given(at, _)) => *at,
            _ => at,
        };
        report.add(
            at,
            format!(
                "the tolerance is longer than events are remembered: a captured delivery could be accepted for {days} \
                 days, and after {retention_days} its event is forgotten and would be a new one"
            ),
            format!("write a shorter tolerance, or at least retention_days = {days}"),
        );
    }
    let keys = keys::agreed(
        &layer,
        schemes.unwrap_or_default(),
        layer.provider.clone().value(),
        environment,
        report,
    );
    let handshakes = handshakes(&layer, schemes.unwrap_or_default(), report);
    let identity = identity::agreed(&layer, report);
    let encrypted = encrypted(&layer, report);
    let provider = layer.provider.value();
    let mut headers = provider.map_or(Vec::new(), |provider| provider.headers.to_vec());
    headers.extend(layer.headers.value().unwrap_or_default());
    let source = Source {
        name: name?,
        provider,
        schemes: schemes?,
        keys,
        identity,
        event_type: (layer.event_type.value())
            .or(provider.and_then(|provider| provider.event_type)),
        reference: (layer.reference.value()).or(provider.and_then(|provider| provider.reference)),
        headers: headers.leak(),
        handshakes: handshakes?,
        methods: (layer.methods.value())
            .or(provider.map(|provider| provider.methods))
            .unwrap_or(&[Method::Post]),
        accepted: (layer.accepted.value())
            .or(provider.map(|provider| provider.accepted))
            .unwrap_or(Accepted::Outcome),
        enrolment: (layer.enrolment.value()).or(provider.and_then(|provider| provider.enrolment)),
        subscription: (layer.subscription.value())
            .or(provider.and_then(|provider| provider.subscription)),
        bundle: (layer.bundle.value()).or(provider.and_then(|provider| provider.bundle)),
        encrypted,
        entered_url: layer.entered_url.value(),
        refusal_status: (layer.refusal_status.value())
            .or(provider.map(|provider| provider.refusal_status))
            .unwrap_or(400),
        source_ips: layer.source_ips.value().unwrap_or_default(),
        max_body_bytes: (layer.max_body_bytes.value())
            .or(provider.map(|provider| provider.max_body.bytes))
            .unwrap_or(MAX_BODY_BYTES),
        retention_days,
        speaks_every: layer.speaks_every.value(),
        tries: layer.tries.value(),
        secret: layer.secret.value(),
    };
    Some(source.with_settings(&settings))
}

/// What is decrypted of an event: what the provider encrypts, unless the file says that it stays as it came.
fn encrypted(layer: &SourceLayer, report: &mut Report<'_>) -> Option<Encrypted> {
    let theirs = match &layer.provider {
        Slot::Given(_, provider) => provider.encrypted,
        // Whoever can't say which provider it is can't be told what it encrypts.
        Slot::Faulty => return None,
        Slot::Absent => None,
    };
    match layer.keep_encrypted {
        Slot::Given(at, ()) if theirs.is_none() => {
            report.add(
                at,
                "`keep_encrypted` says nothing: the source's provider encrypts nothing",
                "leave it out",
            );
            None
        }
        Slot::Given(..) => None,
        Slot::Absent | Slot::Faulty => theirs,
    }
}

/// How the endpoint is proven: as the file says, or else the provider.
fn handshakes(
    layer: &SourceLayer,
    schemes: &[Scheme],
    report: &mut Report<'_>,
) -> Option<&'static [Handshake]> {
    match (&layer.handshakes, &layer.provider) {
        (Slot::Faulty, _) => None,
        (Slot::Given(at, handshakes), _) => {
            handshake::agree(handshakes, schemes, *at, report).then_some(handshakes)
        }
        (Slot::Absent, Slot::Given(_, provider)) => Some(provider.handshakes),
        (Slot::Absent, _) => Some(&[]),
    }
}

/// How the source's deliveries are signed. There is no source without it.
fn schemes(
    layer: &SourceLayer,
    settings: &[(&str, &str)],
    at: usize,
    report: &mut Report<'_>,
) -> Option<&'static [Scheme]> {
    let filled = |schemes: Vec<Scheme>| -> Vec<Scheme> {
        let schemes = schemes.iter();
        schemes
            .map(|scheme| scheme.with_settings(settings))
            .collect()
    };
    let theirs = match &layer.provider {
        Slot::Given(_, provider) => filled(versions::agreed(layer, provider, report)?),
        Slot::Absent => {
            versions::without_provider(layer, report);
            Vec::new()
        }
        Slot::Faulty => return None,
    };
    let mut schemes = match (&layer.provider, layer.scheme.clone()) {
        (Slot::Faulty, _) | (_, Slot::Faulty) => return None,
        (Slot::Absent, Slot::Absent) => {
            report.missing(
                at,
                "the source has no `provider` and no scheme",
                "write provider = \"…\" (`landfall providers` lists them), or spell out [sources.name.scheme]",
            );
            return None;
        }
        (Slot::Absent, Slot::Given(at, own)) => own.spelled_out(&layer.tolerance, at, report)?,
        (Slot::Given(..), Slot::Absent) => theirs,
        (Slot::Given(..), Slot::Given(at, own)) => own.over(&theirs, at, report)?,
    };
    match layer.tolerance {
        Slot::Faulty => return None,
        Slot::Given(at, _) if schemes.iter().all(|scheme| scheme.timestamp.is_none()) => {
            report.add(at, NO_TIME, NO_TIME_MEND);
            return None;
        }
        _ => {}
    }
    if let Slot::Given(_, tolerance) = layer.tolerance {
        schemes = schemes
            .into_iter()
            .map(|scheme| tolerance.applied(scheme))
            .collect();
    }
    Some(schemes.leak())
}
