//! The URL that is signed: how it was entered, and how it may differ from the called one.

use crate::url::{UrlFault, UrlForm};

use super::{
    report::{Report, shown},
    shape::Rule,
    table::Table,
    value::Value,
};

const URL_FORMS: &[(&str, UrlForm)] = &[
    ("any-port", UrlForm::AnyPort),
    ("query-encoded-anew", UrlForm::QueryEncodedAnew),
    ("any-slash", UrlForm::AnySlash),
    ("encoded-again", UrlForm::EncodedAgain),
];

/// A URL as it was entered at a provider: whole, or scheme and host alone.
pub(super) fn entered_url(value: Value<'_>, report: &mut Report<'_>) -> Option<&'static str> {
    let text = value.text(report)?;
    if let Some(fault) = UrlFault::of(text) {
        let (words, mend) = fault.words();
        report.add(value.at(), format!("`{}` {words}", shown(text)), mend);
        return None;
    }
    Some(text)
}

pub(super) fn url_forms(value: Value<'_>, report: &mut Report<'_>) -> Option<&'static [UrlForm]> {
    let read = |item: Value<'_>, report: &mut Report<'_>| {
        if item.is_text() {
            return item.word(URL_FORMS, report);
        }
        let entries = item.table("url_forms = [{ decoded = \":/?@\" }]", report)?;
        let table = Table::open(entries, &["decoded"], report);
        table.rule(Rule::Needs(&["decoded"]));
        let characters = table.slot("decoded", report, |value, report| {
            let text = value.like("^[!-~]+$").text(report)?;
            let fits = text.chars().all(|c| c.is_ascii_graphic());
            if !fits {
                let fault = format!("`{}` has characters beyond printable ASCII", shown(text));
                report.add(value.at(), fault, "name those whose escapes are decoded");
            }
            fits.then_some(text)
        });
        if characters.is_absent() {
            let mend = "write url_forms = [{ decoded = \":/?@\" }]";
            report.missing(item.at(), "a form of `url_forms` has no `decoded`", mend);
        }
        Some(UrlForm::Decoded(characters.value()?))
    };
    Some(value.list_of(report, read)?.leak())
}
