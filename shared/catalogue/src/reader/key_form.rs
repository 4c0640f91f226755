//! How a secret's text becomes a key.

use crate::scheme::KeyForm;

use super::{report::Report, shape::Rule, slot::Slot, table::Table, value::Value};

const KEY_FORMS: &[(&str, KeyForm)] = &[
    ("text", KeyForm::Text),
    ("text-nfkd", KeyForm::TextNfkd),
    ("sha1", KeyForm::Sha1),
    ("base64", KeyForm::Base64 { prefix: "" }),
    ("text-or-base64", KeyForm::TextOrBase64 { prefix: "" }),
    ("hex", KeyForm::Hex),
    ("public", KeyForm::Public { prefix: "" }),
];

pub(super) fn key_form(value: Value<'_>, report: &mut Report<'_>) -> Option<KeyForm> {
    if value.is_text() {
        return value.word(KEY_FORMS, report);
    }
    let example = "key = \"text\" or key = { form = \"base64\", prefix = \"whsec_\" }";
    let entries = value.table(example, report)?;
    let table = Table::open(entries, &["form", "prefix"], report);
    table.rule(Rule::Needs(&["form"]));
    let form = table.slot("form", report, |value, report| {
        value.word(KEY_FORMS, report)
    });
    let prefix = table.slot("prefix", report, Value::text);
    if form.is_absent() {
        report.missing(
            value.at(),
            "`key` has no `form`",
            format!("write {example}"),
        );
    }
    match (form.value()?, prefix) {
        (form, Slot::Absent) => Some(form),
        (_, Slot::Faulty) => None,
        (KeyForm::Base64 { .. }, Slot::Given(_, prefix)) => Some(KeyForm::Base64 { prefix }),
        (KeyForm::TextOrBase64 { .. }, Slot::Given(_, prefix)) => {
            Some(KeyForm::TextOrBase64 { prefix })
        }
        (KeyForm::Public { .. }, Slot::Given(_, prefix)) => Some(KeyForm::Public { prefix }),
        (_, Slot::Given(at, _)) => {
            report.add(
                at,
                "only keys of the forms base64, text-or-base64 and public have a `prefix`",
                "leave it out: text is used as it is, a prefix included",
            );
            None
        }
    }
}
