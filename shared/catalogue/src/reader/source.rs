//! A source's settings as one table of the file gives them: `[sources.name]`, or `[sources.name.live]`.

use std::{ops::RangeInclusive, time::Duration};

use ipnet::IpNet;

use crate::{
    handshake::{Accepted, Handshake, Method},
    leaked::leaked,
    provider::{Bundle, Enrolment, KeyOrigin, Provider, Subscription},
    providers::PROVIDERS,
    size::LARGEST_BODY_BYTES,
    source::SourceName,
    template::{INTO, Piece, Place, Template},
};

use super::{
    addresses::addresses,
    duration::{DAY, MINUTE, duration},
    enrolment::{enrolment, subscription},
    field::{HEADER_NAME, is_header_name, template},
    handshake::{accepted, handshakes, methods},
    identity::reason,
    keys::keys,
    layers::Layer,
    report::{Report, meant, shown},
    schemes::SchemesLayer,
    settings::{self, Settings},
    shape::Rule,
    slot::Slot,
    table::Table,
    tolerance::ToleranceLayer,
    url::entered_url,
    value::Value,
    versions,
};

const SETTINGS: &[&str] = &[
    "provider",
    "versions",
    "scheme",
    "tolerance",
    "keys",
    "event_id",
    "event_type",
    "every_delivery",
    "unique_because",
    "signed_repeats",
    "reference",
    "bundle",
    "keep_encrypted",
    "headers",
    "settings",
    "handshake",
    "methods",
    "accepted",
    "enrolment",
    "subscription",
    "source_ips",
    "max_body_bytes",
    "retry_hours",
    "retention_days",
    "speaks_every",
    "refusal_status",
    "tries",
    "secret",
    "entered_url",
];

/// A sweep comes once a minute, and an alarm's period is longer; more than a month is in few ledgers.
const SPEAKS_EVERY: RangeInclusive<u64> = 5 * MINUTE..=30 * DAY;

/// The settings of one table. What is absent is said by another table, the provider, or a default.
#[derive(Clone, Debug, Default)]
pub(super) struct SourceLayer {
    pub(super) provider: Slot<&'static Provider>,
    pub(super) versions: Slot<Vec<(usize, &'static str)>>,
    pub(super) scheme: Slot<SchemesLayer>,
    pub(super) tolerance: Slot<ToleranceLayer>,
    pub(super) keys: Slot<&'static KeyOrigin>,
    pub(super) event_id: Slot<Template>,
    pub(super) event_type: Slot<Template>,
    pub(super) every_delivery: Slot<()>,
    pub(super) unique_because: Slot<&'static str>,
    pub(super) signed_repeats: Slot<()>,
    pub(super) reference: Slot<&'static (&'static str, Template)>,
    pub(super) bundle: Slot<&'static Bundle>,
    pub(super) keep_encrypted: Slot<()>,
    pub(super) headers: Slot<&'static [&'static str]>,
    pub(super) settings: Slot<Settings>,
    pub(super) handshakes: Slot<&'static [Handshake]>,
    pub(super) methods: Slot<&'static [Method]>,
    pub(super) accepted: Slot<Accepted>,
    pub(super) enrolment: Slot<&'static Enrolment>,
    pub(super) subscription: Slot<&'static Subscription>,
    pub(super) source_ips: Slot<Vec<IpNet>>,
    pub(super) max_body_bytes: Slot<usize>,
    pub(super) retry_hours: Slot<u16>,
    pub(super) retention_days: Slot<u16>,
    pub(super) speaks_every: Slot<Duration>,
    pub(super) refusal_status: Slot<u16>,
    pub(super) tries: Slot<u32>,
    pub(super) secret: Slot<&'static str>,
    pub(super) entered_url: Slot<&'static str>,
}

impl Layer for SourceLayer {
    const NOUN: &'static str = "source";
    const NAME_IS: &'static str = ": it is the end of the URL";
    const RESERVED: &'static [&'static str] = &SourceName::RESERVED;
    const SETTINGS: &'static [&'static str] = SETTINGS;

    fn read(table: &Table<'_>, report: &mut Report<'_>) -> Self {
        Self {
            provider: table.slot("provider", report, provider),
            versions: table.slot("versions", report, versions::read),
            scheme: table.slot("scheme", report, SchemesLayer::read),
            tolerance: table.slot("tolerance", report, ToleranceLayer::read),
            keys: table.slot("keys", report, |value, report| {
                keys(value, report).map(leaked)
            }),
            event_id: table.slot("event_id", report, event_id),
            event_type: table.slot("event_type", report, event_text),
            every_delivery: table.slot("every_delivery", report, Value::yes),
            unique_because: table.slot("unique_because", report, reason),
            signed_repeats: table.slot("signed_repeats", report, Value::yes),
            reference: table.slot("reference", report, |value, report| {
                reference(value, report).map(leaked)
            }),
            bundle: table.slot("bundle", report, |value, report| {
                bundle(value, report).map(leaked)
            }),
            keep_encrypted: table.slot("keep_encrypted", report, Value::yes),
            headers: table.slot("headers", report, headers),
            settings: table.slot("settings", report, settings::read),
            handshakes: table.slot("handshake", report, handshakes),
            methods: table.slot("methods", report, methods),
            accepted: table.slot("accepted", report, accepted),
            enrolment: table.slot("enrolment", report, |value, report| {
                enrolment(value, report).map(leaked)
            }),
            subscription: table.slot("subscription", report, |value, report| {
                subscription(value, report).map(leaked)
            }),
            source_ips: table.slot("source_ips", report, |value, report| {
                value.list_of(report, addresses)
            }),
            max_body_bytes: table.slot("max_body_bytes", report, |value, report| {
                value.number(
                    1..=i64::try_from(LARGEST_BODY_BYTES).unwrap_or(i64::MAX),
                    report,
                )
            }),
            retry_hours: table.slot("retry_hours", report, |value, report| {
                value.number(0..=8_760, report)
            }),
            retention_days: table.slot("retention_days", report, |value, report| {
                value.number(1..=3_650, report)
            }),
            speaks_every: table.slot("speaks_every", report, |value, report| {
                duration(value, SPEAKS_EVERY, report)
            }),
            refusal_status: table.slot("refusal_status", report, |value, report| {
                value.number(400..=499, report)
            }),
            // The queue moves a message aside after 100 receives, and put-backs count too.
            tries: table.slot("tries", report, |value, report| {
                value.number(1..=50, report)
            }),
            secret: table.slot("secret", report, Value::text),
            entered_url: table.slot("entered_url", report, entered_url),
        }
    }

    fn or(self, base: Self) -> Self {
        let scheme = match (self.scheme, base.scheme) {
            (Slot::Given(_, mine), Slot::Given(at, theirs)) => Slot::Given(at, mine.or(theirs)),
            (mine, theirs) => mine.or(theirs),
        };
        Self {
            provider: self.provider.or(base.provider),
            versions: self.versions.or(base.versions),
            scheme,
            tolerance: self.tolerance.or(base.tolerance),
            keys: self.keys.or(base.keys),
            event_id: self.event_id.or(base.event_id),
            event_type: self.event_type.or(base.event_type),
            every_delivery: self.every_delivery.or(base.every_delivery),
            unique_because: self.unique_because.or(base.unique_because),
            signed_repeats: self.signed_repeats.or(base.signed_repeats),
            reference: self.reference.or(base.reference),
            bundle: self.bundle.or(base.bundle),
            keep_encrypted: self.keep_encrypted.or(base.keep_encrypted),
            headers: self.headers.or(base.headers),
            settings: self.settings.or(base.settings),
            handshakes: self.handshakes.or(base.handshakes),
            methods: self.methods.or(base.methods),
            accepted: self.accepted.or(base.accepted),
            enrolment: self.enrolment.or(base.enrolment),
            subscription: self.subscription.or(base.subscription),
            source_ips: self.source_ips.or(base.source_ips),
            max_body_bytes: self.max_body_bytes.or(base.max_body_bytes),
            retry_hours: self.retry_hours.or(base.retry_hours),
            retention_days: self.retention_days.or(base.retention_days),
            speaks_every: self.speaks_every.or(base.speaks_every),
            refusal_status: self.refusal_status.or(base.refusal_status),
            tries: self.tries.or(base.tries),
            secret: self.secret.or(base.secret),
            entered_url: self.entered_url.or(base.entered_url),
        }
    }
}

fn provider(value: Value<'_>, report: &mut Report<'_>) -> Option<&'static Provider> {
    let known = || PROVIDERS.iter().map(|provider| provider.name);
    let name = value.among(known()).text(report)?;
    let provider = Provider::named(name);
    if provider.is_none() {
        report.add(
            value.at(),
            format!("no provider is called `{}`", shown(name)),
            match meant(name, known()) {
                Some(name) => format!("did you mean `{name}`?"),
                None => {
                    "`landfall providers` lists them; or spell out [sources.name.scheme] instead"
                        .into()
                }
            },
        );
    }
    provider
}

/// A template of texts taken from the delivery, and of nothing that another delivery of the same
/// event has otherwise.
fn event_text(value: Value<'_>, report: &mut Report<'_>) -> Option<Template> {
    let template = template(value, report)?;
    let fits = template
        .pieces()
        .all(|piece| matches!(piece, Piece::Literal(_) | Piece::Value(_)));
    if !fits {
        report.add(
            value.at(),
            format!(
                "`{}` has a placeholder that names no single value",
                value.key
            ),
            "use {header:NAME}, {json:PATH}, {form:FIELD} or {query:NAME}",
        );
    }
    fits.then_some(template)
}

fn event_id(value: Value<'_>, report: &mut Report<'_>) -> Option<Template> {
    let template = event_text(value, report)?;
    let differs = template
        .pieces()
        .any(|piece| matches!(piece, Piece::Value(_)));
    if !differs {
        report.add(
            value.at(),
            "`event_id` is the same for every event, so all would be duplicates of the first",
            "take it from the delivery, for example event_id = \"{json:id}\"",
        );
    }
    differs.then_some(template)
}

fn reference(value: Value<'_>, report: &mut Report<'_>) -> Option<(&'static str, Template)> {
    let example = "reference = { order_id = \"{json:order.id}\" }";
    let entries = value.table(example, report)?;
    let Some(pair) = entries.only_pair(Some("^[a-z_]+$")) else {
        let mend = format!("write {example}");
        report.add(
            value.at(),
            "`reference` is not one name and its template",
            mend,
        );
        return None;
    };
    let template = event_text(pair.value, report);
    let name = pair.name;
    if !name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_') || name.is_empty() {
        report.add(
            pair.at,
            format!("`{}` can't be a field of the log", shown(name)),
            "use lower-case letters and `_`",
        );
        return None;
    }
    Some((name.to_owned().leak(), template?))
}

fn bundle(value: Value<'_>, report: &mut Report<'_>) -> Option<Bundle> {
    let example = "bundle = { items = \"events\", item_id = \"{json:id}\" }";
    let entries = value.table(example, report)?;
    let table = Table::open(entries, &["items", "item_id", "item_type"], report);
    table.rule(Rule::Needs(&["items"]));
    let items = table.slot("items", report, items);
    if items.is_absent() {
        report.missing(
            value.at(),
            "`bundle` has no `items`",
            "add the path of the array, for example items = \"data.events\", or items = \"\" where the body is the array",
        );
    }
    let item_id = table.slot("item_id", report, |value, report| {
        item_text(value, report).and_then(|_| event_id(value, report))
    });
    let item_type = table.slot("item_type", report, item_text);
    if item_id.is_faulty() || item_type.is_faulty() {
        return None;
    }
    Some(Bundle {
        items: items.value()?,
        item_id: item_id.value(),
        item_type: item_type.value(),
    })
}

/// The path of an array: names, each in the one before; and behind `>` that of a list in each of its items.
fn items(value: Value<'_>, report: &mut Report<'_>) -> Option<&'static str> {
    let path = value
        .like_or_empty("^([^.|>]+(\\.[^.|>]+)*)?(>[^.|>]+(\\.[^.|>]+)*)?$")
        .any_text(report)?;
    let is_path = |path: &str| !path.contains(['|', INTO]) && !path.split('.').any(str::is_empty);
    let fits = match path.split_once(INTO) {
        Some((items, each)) => (items.is_empty() || is_path(items)) && is_path(each),
        None => path.is_empty() || is_path(path),
    };
    if !fits {
        report.add(
            value.at(),
            format!("`{}` is no path", shown(path)),
            "write names separated by dots, for example items = \"data.events\", or items = \"entry>changes\"",
        );
    }
    fits.then_some(path)
}

/// A template over an item's own JSON: an item has nothing else.
fn item_text(value: Value<'_>, report: &mut Report<'_>) -> Option<Template> {
    let template = template(value, report)?;
    let fits = template
        .pieces()
        .all(|piece| matches!(piece, Piece::Literal(_) | Piece::Value(Place::Json(_))));
    if !fits {
        report.add(
            value.at(),
            format!("`{}` asks for more than an item has", value.key),
            "use {json:PATH}, which is looked up in the item",
        );
    }
    fits.then_some(template)
}

fn headers(value: Value<'_>, report: &mut Report<'_>) -> Option<&'static [&'static str]> {
    let names = value.list_of(report, |item, report| {
        let name = item.like(HEADER_NAME).text(report)?;
        let fits = is_header_name(name);
        if !fits {
            report.add(
                item.at(),
                format!("`{}` is no header name", shown(name)),
                "header names have letters, digits and `-`",
            );
        }
        fits.then_some(name)
    })?;
    Some(names.leak())
}
