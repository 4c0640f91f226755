//! What a source refuses as forged or stale, kept for the operator who has opened its quarantine. The answer is the refusal,
//! whatever comes of this; and where none is open nothing is done.

use catalogue::Sources;
use protocol::{
    ports::{Clock as _, Written},
    time::Millis,
};
use webhook::{
    endpoint::quarantine::{self, Kept},
    ports::{Quarantine as _, Secrets as _},
};

use crate::{
    admission::source_of,
    answer::{Cause, Denied},
    budget::Budget,
    note::Note,
    request::Request,
    world::World,
};

/// Whether a delivery that was denied so may be kept.
pub(crate) const fn concerns(denied: &Denied) -> bool {
    matches!(
        denied,
        Denied::Refused(Cause::Signature { refusal, .. }) if quarantine::is_kept(refusal.reason)
    )
}

/// Keeps a delivery that was denied so, if its source's quarantine is open.
pub(crate) async fn keep(
    world: &impl World,
    sources: &'static Sources,
    request: &Request<'_>,
    denied: &Denied,
    budget: Budget,
    note: &mut Note,
) {
    let (Ok(source), Denied::Refused(Cause::Signature { refusal, .. })) =
        (source_of(request, sources), denied)
    else {
        return;
    };
    let clock = world.clock();
    let now = clock.now();
    let until = world
        .secrets()
        .quarantined_until(source, refusal.reason, now);
    let until = budget.within_a_second(clock, until).await;
    if !matches!(until, Ok(Some(until)) if until.since(now) > Millis(0)) {
        return;
    }
    let Some(body) = request.body.decode() else {
        return;
    };
    let kept = Kept {
        source: source.name.to_string(),
        delivery_id: format!("{:016x}{:016x}", clock.random(), clock.random()),
        received_at: now,
        source_ip: request.source_ip,
        reason: refusal.reason.as_str().to_owned(),
        detail: refusal.detail.to_string(),
        method: request.method.to_string(),
        called_url: request.called_url(),
        headers: request.headers.clone().into_owned(),
        body: body.to_vec(),
    };
    let keeping = world.quarantine().keep(&kept);
    let came = budget.within(clock, "keeping what was refused", keeping);
    note.quarantine = Some(match came.await {
        Ok(Written::Yes) => "kept",
        Ok(Written::No) => "closed, or full",
        Err(_) => "failed",
    });
}
