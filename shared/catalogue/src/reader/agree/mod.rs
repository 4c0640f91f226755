//! A source of one environment: its tables laid over each other and over its provider's entry. Here it is checked that
//! they agree.

mod identity;
mod keys;
mod settings;
mod versions;

use std::{borrow::Cow, collections::BTreeMap, time::Duration};

use crate::{
    encrypted::Encrypted,
    handshake::{Accepted, Handshake, Method},
    provider::Provider,
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

/// The providers that the file names, as a source has them that says nothing else: what all sources of a provider have in
/// common is made once.
#[derive(Default)]
pub(super) struct Providers(BTreeMap<&'static str, Source>);

impl Providers {
    fn source_of(&mut self, provider: &'static Provider) -> &Source {
        let plain = || Source::of(provider).with_settings(&[]);
        self.0.entry(provider.name).or_insert_with(plain)
    }
}

/// A source of one environment, if everything in it is well and agrees.
pub(super) fn source(
    name: Option<SourceName>,
    layer: &SourceLayer,
    environment: Environment,
    providers: &mut Providers,
    at: usize,
    report: &mut Report<'_>,
) -> Option<Source> {
    let provider = layer.provider.get().copied();
    let theirs = provider.map(|provider| providers.source_of(provider));
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
    let retention_days = (layer.retention_days.get().copied()).unwrap_or(least.max(RETENTION_DAYS));
    if let Slot::Given(at, every) = layer.speaks_every
        && every > Duration::from_secs(u64::from(retention_days) * DAY)
    {
        report.add(
            at,
            format!("`speaks_every` is longer than events are remembered, which is for {retention_days} days"),
            format!("write at most speaks_every = \"{retention_days}d\""),
        );
    }
    let settings = settings::agreed(layer, at, report);
    let schemes = schemes(layer, theirs, &settings, at, report);
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
        layer,
        schemes.unwrap_or_default(),
        provider,
        environment,
        report,
    );
    keys::reachable(keys, &settings, layer, report);
    let handshakes = handshakes(layer, theirs, schemes.unwrap_or_default(), report);
    let identity = identity::agreed(layer, theirs, report);
    let encrypted = encrypted(layer, report);
    let source = Source {
        name: name?,
        provider,
        schemes: schemes?,
        keys,
        identity,
        event_type: (layer.event_type.get().copied())
            .or(theirs.and_then(|theirs| theirs.event_type)),
        reference: (layer.reference.get().copied()).or(theirs.and_then(|theirs| theirs.reference)),
        headers: headers(layer, theirs),
        handshakes: handshakes?,
        methods: (layer.methods.get().copied())
            .or(theirs.map(|theirs| theirs.methods))
            .unwrap_or(&[Method::Post]),
        accepted: (layer.accepted.get().copied())
            .or(theirs.map(|theirs| theirs.accepted))
            .unwrap_or(Accepted::Outcome),
        enrolment: (layer.enrolment.get().copied()).or(theirs.and_then(|theirs| theirs.enrolment)),
        subscription: (layer.subscription.get().copied())
            .or(theirs.and_then(|theirs| theirs.subscription)),
        bundle: (layer.bundle.get().copied()).or(theirs.and_then(|theirs| theirs.bundle)),
        encrypted,
        entered_url: layer.entered_url.get().copied(),
        refusal_status: (layer.refusal_status.get().copied())
            .or(theirs.map(|theirs| theirs.refusal_status))
            .unwrap_or(400),
        source_ips: layer.source_ips.get().cloned().unwrap_or_default(),
        max_body_bytes: (layer.max_body_bytes.get().copied())
            .or(theirs.map(|theirs| theirs.max_body_bytes))
            .unwrap_or(MAX_BODY_BYTES),
        retention_days,
        speaks_every: layer.speaks_every.get().copied(),
        tries: layer.tries.get().copied(),
        secret: layer.secret.get().copied(),
    };
    // Without settings nothing is filled in, and all templates are taken apart already.
    Some(if settings.is_empty() {
        source
    } else {
        source.with_settings(&settings)
    })
}

/// Headers that are kept for handlers: the provider's, and those that the file names.
fn headers(layer: &SourceLayer, theirs: Option<&Source>) -> &'static [&'static str] {
    let theirs = theirs.map_or(&[][..], |theirs| theirs.headers);
    match layer.headers.get() {
        Some(ours) => [theirs, ours].concat().leak(),
        None => theirs,
    }
}

/// What is decrypted of an event: what the provider encrypts, unless the file says that it stays as it came.
fn encrypted(layer: &SourceLayer, report: &mut Report<'_>) -> Option<&'static Encrypted> {
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
    theirs: Option<&Source>,
    schemes: &[Scheme],
    report: &mut Report<'_>,
) -> Option<&'static [Handshake]> {
    match &layer.handshakes {
        Slot::Faulty => None,
        Slot::Given(at, handshakes) => {
            handshake::agree(handshakes, schemes, *at, report).then_some(handshakes)
        }
        Slot::Absent => Some(theirs.map_or(&[], |theirs| theirs.handshakes)),
    }
}

/// How the source's deliveries are signed. There is no source without it.
fn schemes(
    layer: &SourceLayer,
    theirs: Option<&Source>,
    settings: &[(&str, &str)],
    at: usize,
    report: &mut Report<'_>,
) -> Option<&'static [Scheme]> {
    let filled = |schemes: &[Scheme]| -> Vec<Scheme> {
        let schemes = schemes.iter();
        schemes
            .map(|scheme| scheme.with_settings(settings))
            .collect()
    };
    let theirs = match &layer.provider {
        Slot::Given(_, provider) => {
            let counting = theirs.map_or(&[][..], |theirs| theirs.schemes);
            let theirs = versions::agreed(layer, provider, counting, report)?;
            if settings.is_empty() {
                theirs
            } else {
                Cow::Owned(filled(&theirs))
            }
        }
        Slot::Absent => {
            versions::without_provider(layer, report);
            Cow::Borrowed(&[][..])
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
        (Slot::Absent, Slot::Given(at, own)) => {
            Cow::Owned(own.spelled_out(&layer.tolerance, at, report)?)
        }
        (Slot::Given(..), Slot::Absent) => theirs,
        (Slot::Given(..), Slot::Given(at, own)) => Cow::Owned(own.over(&theirs, at, report)?),
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
        let schemes = schemes.to_mut();
        for scheme in schemes {
            *scheme = tolerance.applied(*scheme);
        }
    }
    Some(match schemes {
        Cow::Borrowed(shared) => shared,
        Cow::Owned(own) => filled(&own).leak(),
    })
}
