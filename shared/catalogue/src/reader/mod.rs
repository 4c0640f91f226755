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
//!
//! [destinations.billing]                      # where events go
//! http = "https://billing.example.com/hooks"
//!
//! [routes.paid]                               # which events go there
//! from = ["orum"]
//! types = ["transfer_*"]
//! to = "billing"
//! ```
//!
//! Every table is read first, each value by itself; then the tables of a source, a destination or a route are laid over
//! each other for each environment, and what must agree is checked. Nothing stops at the first fault.

mod addresses;
mod agree;
mod claims;
mod destination;
mod duration;
mod enrolment;
mod event_template;
mod field;
mod handshake;
mod headers;
mod identity;
mod json;
mod key_form;
mod keys;
mod layers;
mod probe;
mod report;
mod route;
mod schema;
mod scheme;
mod schemes;
mod sections;
mod settings;
mod shape;
mod slot;
mod sound;
mod source;
mod syntax;
mod table;
#[cfg(test)]
mod tests;
mod tolerance;
mod tree;
mod url;
mod value;
mod versions;
mod words;

use crate::{configuration::Configuration, source::Environment};

#[cfg(test)]
pub(crate) use self::enrolment::is_host;
pub use self::{
    report::{Fault, enumerate, meant},
    schema::schema,
};

use self::{report::Report, sections::Sections};

/// What this text configures for this environment, or everything that is wrong with it, in whichever
/// environment. A process reads its configuration once: the texts in it live as long as the process.
///
/// Whether the handlers that routes name are there, only the consumer knows: it reads with
/// [`read_with_handlers`].
pub fn read(text: &str, environment: Environment) -> Result<Configuration, Vec<Fault>> {
    read_all(text, environment, None, &[])
}

/// The same, where the consumer has these handlers and no others.
pub fn read_with_handlers(
    text: &str,
    environment: Environment,
    handlers: &[&str],
) -> Result<Configuration, Vec<Fault>> {
    read_all(text, environment, Some(handlers), &[])
}

/// The same as [`read`], for a stack whose API is at these addresses: no destination may be there.
pub fn read_for_api(
    text: &str,
    environment: Environment,
    api: &[&str],
) -> Result<Configuration, Vec<Fault>> {
    read_all(text, environment, None, api)
}

fn read_all(
    text: &str,
    environment: Environment,
    handlers: Option<&[&str]>,
    api: &[&str],
) -> Result<Configuration, Vec<Fault>> {
    let text: &'static str = text.to_owned().leak();
    let (document, errors) = tree::parse(text);
    let syntax = syntax::faults(text, &errors);

    // What a line that can't be read was to say is not known: then nothing is called missing.
    let mut report = Report::new(text, syntax.is_empty());
    let sections = Sections::open(&document, &mut report);
    let configuration = sections.read(environment, handlers, api, &mut report);
    let mut faults = report.finish();
    faults.retain(|fault| !syntax.iter().any(|known| known.line == fault.line));
    faults.extend(syntax);
    faults.sort();
    if faults.is_empty() {
        Ok(configuration)
    } else {
        Err(faults)
    }
}
