//! Whether a scheme that the file spells out proves what it should.

use crate::scheme::Scheme;

use super::{report::Report, slot::Slot};

pub(super) fn sound(scheme: Scheme, at: usize, report: &mut Report<'_>) -> Option<Scheme> {
    if let Some(fault) = scheme.fault() {
        report.add(at, fault, "make the parameters of the scheme agree");
        return None;
    }
    Some(scheme)
}

/// The scheme, if what it signs can be read in one way only.
pub(super) fn readable(scheme: Scheme, at: usize, report: &mut Report<'_>) -> Option<Scheme> {
    let Some(fault) = scheme.ambiguity() else {
        return Some(scheme);
    };
    report.add(
        at,
        fault,
        "write the mark that stands between them; where the provider sets none beside a body of JSON, add \
         body = \"json\"",
    );
    None
}

/// The scheme, if its signature covers the whole body, or else the file says that it doesn't: nobody
/// is to get there by mistake.
pub(super) fn proves(
    scheme: Scheme,
    at: usize,
    body_unsigned: &Slot<()>,
    report: &mut Report<'_>,
) -> Option<Scheme> {
    match (scheme.covers_body(), body_unsigned) {
        (true, Slot::Absent) | (false, Slot::Given(..)) => Some(scheme),
        (true, Slot::Given(at, ())) => {
            let fault = "`body_unsigned` is not so: the signature covers the whole body";
            report.add(*at, fault, "leave it out");
            None
        }
        (false, Slot::Absent) => {
            report.add(
                at,
                "the body is not signed: a signature would prove who sent, and not what",
                "sign it, for example message = \"{timestamp}.{body}\"; or write body_unsigned = true, if that is \
                 how the provider does it",
            );
            None
        }
        (_, Slot::Faulty) => None,
    }
}
