//! Reads `landfall.toml`.
//!
//! ```toml
//! [sources.orum]                              # deliveries to /webhooks/orum
//! provider = "orum"                   # an entry of the catalogue
//!
//! [sources.orum.live]                         # what differs in the environment live
//! source_ips = ["203.0.113.7"]
//!
//! [sources.acme]                              # a provider that the catalogue lacks
//! event_id = "{json:id}"
//! [sources.acme.scheme]
//! algorithm = "hmac-sha256"
//! key = "text"
//! signature = { header = "X-Acme-Signature", prefix = "sha256=" }
//! encoding = "hex"
//! message = "{body}"
//! ```
//!
//! Every table is read first, each value by itself; then the tables of a source are laid over each
//! other for each environment, and what must agree is checked. Nothing stops at the first fault.

mod claims;
mod enrolment;
mod field;
mod handshake;
mod identity;
mod key_form;
mod keys;
mod layer;
mod report;
mod scheme;
mod settings;
mod table;
#[cfg(test)]
mod tests;
mod tolerance;
mod url;
mod versions;

use std::fmt;

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use crate::{
    handshake::{Accepted, Handshake, Method},
    scheme::Scheme,
    source::{
        Environment, MAX_BODY_BYTES, QUEUE_DAYS, RETENTION_DAYS, Source, SourceName, Sources,
        retention_at_least,
    },
};

#[cfg(test)]
pub(crate) use self::enrolment::is_host;
pub use self::report::meant;

use self::{
    layer::{Layer, Layers},
    report::Report,
    table::{Slot, shown},
    tolerance::{NO_TIME, NO_TIME_MEND},
};

/// How long a provider that the catalogue lacks is taken to send an event again, in hours.
const RETRY_HOURS: u16 = 72;

/// Something wrong in `landfall.toml`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub fault: String,
    /// What to write instead.
    pub mend: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}; {}", self.line, self.fault, self.mend)
    }
}

/// The sources that this text configures for this environment, or everything that is wrong with it,
/// in whichever environment. A process reads its configuration once: the texts in it live as long as
/// the process.
pub fn read(text: &str, environment: Environment) -> Result<Sources, Vec<Fault>> {
    let text: &'static str = text.to_owned().leak();
    let (document, errors) = DeTable::parse_recoverable(text);
    let syntax = syntax_faults(text, &errors);

    // What a line that can't be read was to say is not known: then nothing is called missing.
    let mut report = Report::new(text, syntax.is_empty());
    let mut sources = Vec::new();
    let tables = table_of_sources(document.get_ref(), &mut report);
    for (key, item) in tables.into_iter().flatten() {
        sources.extend(read_source(key, item, environment, &mut report));
    }
    let mut faults = report.finish();
    faults.retain(|fault| !syntax.iter().any(|known| known.line == fault.line));
    faults.extend(syntax);
    faults.sort();
    if faults.is_empty() {
        Ok(Sources::new(sources))
    } else {
        Err(faults)
    }
}

/// The table `sources`, where there is one. Nothing else may stand at the top of the file.
fn table_of_sources<'d>(
    document: &'d DeTable<'static>,
    report: &mut Report<'_>,
) -> Option<&'d DeTable<'static>> {
    let mut sources = None;
    for (key, item) in document {
        let name: &str = key.get_ref();
        match item.get_ref() {
            DeValue::Table(entries) if name == "sources" => sources = Some(entries),
            _ if name == "sources" => report.missing(
                key.span().start,
                "`sources` is no table",
                "write each source as a table, for example [sources.stripe]",
            ),
            DeValue::Table(_) | DeValue::Array(_) => report.missing(
                key.span().start,
                format!("nothing reads the table `{}`", shown(name)),
                format!("a source is a table [sources.{}]", shown(name)),
            ),
            _ => report.missing(
                key.span().start,
                format!("`{}` stands outside of a source", shown(name)),
                "put it below the source's name in brackets, for example [sources.stripe]",
            ),
        }
    }
    sources
}

fn syntax_faults(text: &str, errors: &[toml::de::Error]) -> Vec<Fault> {
    let mut report = Report::new(text, true);
    for error in errors {
        let at = error.span().map_or(0, |span| span.start);
        let message = error.message();
        let mend = if message.contains("duplicate key") {
            "keep one of the two"
        } else {
            "write key = \"text\", key = 1, key = [\"a\", \"b\"] or a table's name in brackets"
        };
        report.add(at, message.lines().collect::<Vec<_>>().join(", "), mend);
    }
    // One slip can trouble the parser several times: the first word about a line says it.
    let mut faults = report.finish();
    faults.dedup_by_key(|fault| fault.line);
    faults
}

/// Checks a source in every environment and returns that of one.
fn read_source(
    key: &Spanned<std::borrow::Cow<'static, str>>,
    item: &Spanned<DeValue<'static>>,
    wanted: Environment,
    report: &mut Report<'_>,
) -> Option<Source> {
    let at = key.span().start;
    let text: &str = key.get_ref();
    let DeValue::Table(entries) = item.get_ref() else {
        report.add(
            at,
            format!("`{}` stands outside of a source", shown(text)),
            "put it below the source's name in brackets, for example [sources.stripe]",
        );
        return None;
    };
    let name = SourceName::new(text.to_owned().leak());
    if name.is_none() {
        report.add(
            at,
            format!("`{}` can't be the name of a source", shown(text)),
            "use 1 to 64 lower-case letters, digits and `-`: it is the end of the URL",
        );
    }
    let layers = Layers::read(entries, report);
    let mut found = None;
    for environment in layers.environments {
        let differing = layers.differing.iter().find(|(of, _)| *of == environment);
        let layer = match differing {
            Some((_, layer)) => layer.clone().or(layers.base.clone()),
            None => layers.base.clone(),
        };
        let source = build(name, layer, environment, at, report);
        if environment == wanted {
            found = source;
        }
    }
    found
}

/// A source of one environment, if everything in it is well and agrees.
fn build(
    name: Option<SourceName>,
    layer: Layer,
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
        batch: (layer.batch.value()).or(provider.and_then(|provider| provider.batch)),
        entered_url: layer.entered_url.value(),
        refusal_status: (layer.refusal_status.value())
            .or(provider.map(|provider| provider.refusal_status))
            .unwrap_or(400),
        source_ips: layer.source_ips.value().unwrap_or_default(),
        max_body_bytes: (layer.max_body_bytes.value())
            .or(provider.map(|provider| provider.max_body.bytes))
            .unwrap_or(MAX_BODY_BYTES),
        retention_days,
        tries: layer.tries.value(),
        secret: layer.secret.value(),
    };
    Some(source.with_settings(&settings))
}

/// How the endpoint is proven: as the file says, or else the provider.
fn handshakes(
    layer: &Layer,
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
    layer: &Layer,
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
