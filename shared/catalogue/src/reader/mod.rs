//! Reads `landfall.toml`.
//!
//! ```toml
//! [sources.orum]                              # deliveries to /webhooks/orum
//! provider = "orum"                   # an entry of the catalogue
//!
//! [sources.orum.live]                         # what differs in the environment live
//! source_ips = ["203.0.113.7"]
//!
//! [sources.acme]                              # a provider that is not in the catalogue
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

mod addresses;
mod agree;
mod claims;
mod enrolment;
mod field;
mod handshake;
mod identity;
mod key_form;
mod keys;
mod layer;
mod probe;
mod report;
mod schema;
mod scheme;
mod schemes;
mod settings;
mod shape;
mod sound;
mod table;
#[cfg(test)]
mod tests;
mod tolerance;
mod url;
mod versions;
mod words;

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use crate::source::{Environment, Source, SourceName, Sources};

#[cfg(test)]
pub(crate) use self::enrolment::is_host;
pub use self::{
    report::{Fault, meant},
    schema::schema,
};

use self::{
    layer::Layers,
    report::Report,
    table::{Entries, shown},
};

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
    let layers = Layers::read(Entries::File(entries), report);
    let mut found = None;
    // Environments in which nothing differs have the same faults: one of them is checked, the wanted one first.
    let mut is_checked = false;
    let others = (layers.environments.iter()).filter(|environment| **environment != wanted);
    let is_wanted = layers.environments.contains(&wanted);
    for environment in is_wanted.then_some(&wanted).into_iter().chain(others) {
        let differing = layers.differing.iter().find(|(of, _)| of == environment);
        let layer = match differing {
            Some((_, layer)) => layer.clone().or(layers.base.clone()),
            None if is_checked => continue,
            None => {
                is_checked = true;
                layers.base.clone()
            }
        };
        let source = agree::source(name, layer, *environment, at, report);
        if *environment == wanted {
            found = source;
        }
    }
    found
}
