//! What a provider asks for before its first event: that its secret is taken, that it may send.

use crate::provider::{Enrolment, Subscription};

use super::{
    field::{HEADER_NAME, is_header_name},
    report::{Report, shown},
    shape::Rule,
    slot::Slot,
    table::Table,
    value::Value,
};

const ENROLMENT: &str = "enrolment = { header = \"X-Hook-Secret\" }, or \
                         enrolment = { json = \"verification_token\", prefix = \"secret_\" }";

const SUBSCRIPTION: &str = "subscription = { json = \"Type\", value = \"SubscriptionConfirmation\", \
                            url = \"SubscribeURL\", hosts = [\"sns.{region}.amazonaws.com\"] }";

pub(super) fn enrolment(value: Value<'_>, report: &mut Report<'_>) -> Option<Enrolment> {
    let entries = value.table(ENROLMENT, report)?;
    let table = Table::open(entries, &["header", "json", "prefix"], report);
    table.rule(Rule::AllOfOne(&[&["header"], &["json", "prefix"]]));
    table.rule(Rule::AtMostOne(&[&["header"], &["json", "prefix"]]));
    let header = table.slot("header", report, header);
    let field = table.slot("json", report, Value::text);
    let prefix = table.slot("prefix", report, Value::text);
    match (header, field, prefix) {
        (Slot::Given(_, header), Slot::Absent, Slot::Absent) => Some(Enrolment::Echoed { header }),
        (Slot::Absent, Slot::Given(_, field), Slot::Given(_, prefix)) => {
            Some(Enrolment::Entered { field, prefix })
        }
        (Slot::Faulty, _, _) | (_, Slot::Faulty, _) | (_, _, Slot::Faulty) => None,
        _ => {
            report.add(
                value.at(),
                "`enrolment` is neither a header nor a JSON field with a prefix",
                format!("write {ENROLMENT}"),
            );
            None
        }
    }
}

pub(super) fn header(value: Value<'_>, report: &mut Report<'_>) -> Option<&'static str> {
    let name = value.like(HEADER_NAME).text(report)?;
    if is_header_name(name) {
        return Some(name);
    }
    report.add(
        value.at(),
        format!("`{}` is no header name", shown(name)),
        "header names have letters, digits and `-`",
    );
    None
}

pub(super) fn subscription(value: Value<'_>, report: &mut Report<'_>) -> Option<Subscription> {
    let entries = value.table(SUBSCRIPTION, report)?;
    let table = Table::open(entries, &["json", "value", "url", "hosts"], report);
    table.rule(Rule::Needs(&["json", "value", "url", "hosts"]));
    let path = table.slot("json", report, Value::text);
    let kind = table.slot("value", report, Value::text);
    let url = table.slot("url", report, Value::text);
    let hosts = table.slot("hosts", report, |value, report| value.list_of(report, host));
    if [&path, &kind, &url].iter().any(|slot| slot.is_absent()) || hosts.is_absent() {
        report.missing(
            value.at(),
            "`subscription` needs `json`, `value`, `url` and `hosts`",
            format!("write {SUBSCRIPTION}"),
        );
    }
    Some(Subscription {
        kind: (path.value()?, kind.value()?),
        url: url.value()?,
        hosts: hosts.value()?.leak(),
    })
}

/// The same as [`is_host`].
const HOST: &str = "^((\\{region\\}|[a-z0-9-]+)\\.)*[a-z0-9-]+\\.[a-z0-9-]+$";

/// A host, in full but for an AWS region.
pub(super) fn host(value: Value<'_>, report: &mut Report<'_>) -> Option<&'static str> {
    let text = value.like(HOST).text(report)?;
    if is_host(text) {
        return Some(text);
    }
    report.add(
        value.at(),
        format!("`{}` is no host that may be called", shown(text)),
        "write a host in lower case, for example \"api.example.com\" or \"sns.{region}.amazonaws.com\"",
    );
    None
}

/// Whether every label is a name or `{region}`, and the last two, which say whose it is, are names.
pub(crate) fn is_host(text: &str) -> bool {
    let is_name = |label: &str| {
        !label.is_empty()
            && label
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    let mut labels = text.rsplit('.');
    let ends = labels.by_ref().take(2).filter(|label| is_name(label));
    ends.count() == 2 && labels.all(|label| label == "{region}" || is_name(label))
}
