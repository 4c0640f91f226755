//! What of a request is looked at before any key: which source, method, size and address. The cheapest refusal comes first.

use catalogue::{Source, Sources};
use webhook::{
    endpoint::admission,
    refusal::{Reason, Refusal},
};

use crate::{
    answer::{Cause, Denied},
    request::{Body, Request},
};

/// 404 and 405.
pub(crate) fn source_of(
    request: &Request<'_>,
    sources: &'static Sources,
) -> Result<&'static Source, Denied> {
    let source = request
        .source()
        .and_then(|name| sources.get(name))
        .ok_or(Denied::Refused(Cause::UnknownSource))?;
    admission::by_method(source, &request.method)?;
    Ok(source)
}

/// 413 and 403; then the body's bytes.
pub(crate) fn admit<'a>(request: &'a Request<'_>, source: &Source) -> Result<Body<'a>, Denied> {
    admission::by_size_and_sender(source, request.body.len(), request.source_ip)?;
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
