//! What of a request is looked at before any key: which source, method, size and address. The cheapest refusal comes first.

use std::borrow::Cow;

use catalogue::{Source, Sources};
use webhook::refusal::{Reason, Refusal};

use crate::{
    answer::{Cause, Denied},
    request::Request,
};

/// 404 and 405.
pub(crate) fn source_of(
    request: &Request,
    sources: &'static Sources,
) -> Result<&'static Source, Denied> {
    let source = request
        .source()
        .and_then(|name| sources.get(name))
        .ok_or(Denied::Refused(Cause::UnknownSource))?;
    if methods(source).any(|method| method == request.method) {
        Ok(source)
    } else {
        Err(no_method(request, source))
    }
}

/// The methods by which deliveries or handshakes come to a source.
fn methods(source: &Source) -> impl Iterator<Item = &'static str> {
    let of_handshakes = source
        .handshakes
        .iter()
        .map(|handshake| handshake.method.as_str())
        .filter(|method| !source.takes(method));
    of_handshakes.chain(source.methods.iter().map(|method| method.as_str()))
}

/// The refusal of a request whose method this source has no use for; the answer names those that it has.
pub(crate) fn no_method(request: &Request, source: &Source) -> Denied {
    let mut allowed: Vec<_> = methods(source)
        .filter(|method| *method != request.method)
        .collect();
    allowed.dedup();
    Denied::Refused(Cause::Method(allowed.join(", ")))
}

/// 413 and 403; then the body's bytes.
pub(crate) fn admit<'a>(request: &'a Request, source: &Source) -> Result<Cow<'a, [u8]>, Denied> {
    if request.body.len() > source.max_body_bytes {
        return Err(Denied::Refused(Cause::TooLarge));
    }
    if !source.allows(request.source_ip) {
        return Err(Denied::Refused(Cause::Address));
    }
    request.body.decode().ok_or_else(|| {
        refused(
            source,
            Refusal::new(Reason::Malformed, "the body is no base64"),
        )
    })
}

/// The refusal of a delivery that proves nothing, as its source answers it.
pub(crate) fn refused(source: &Source, refusal: Refusal) -> Denied {
    Denied::Refused(Cause::Signature {
        refusal,
        status: source.refusal_status,
        accepted: source.accepted,
    })
}
