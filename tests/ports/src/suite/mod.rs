//! The promises, by port. Each check has names of its own, so that all of them fit into one table.

mod bodies;
mod claims;
mod enrolments;
mod gates;
mod index;
mod quarantines;
mod queue;
mod recorder;

use protocol::{
    ledger::{EventRecord, Life},
    time::{Millis, UnixMillis},
};
use support::records;

use crate::{run::Check, world::World};

/// When the events of the suite came. Before the world of the tests begins, whose index shows nothing of the future.
const CAME: UnixMillis = UnixMillis(1_799_999_000_000);

/// The life of the first.
const LIFE: Life = Life(CAME);

/// All of them.
#[must_use]
pub fn checks<W: World>() -> Vec<Check<W>> {
    let mut checks = recorder::checks();
    checks.extend(claims::checks());
    checks.extend(index::checks());
    checks.extend(queue::checks());
    checks.extend(bodies::checks());
    checks.extend(enrolments::checks());
    checks.extend(quarantines::checks());
    checks.extend(gates::checks());
    checks
}

/// The source of a check, which no other check and no other run has.
fn source(world: &impl World, check: &str) -> String {
    format!("{check}-{}", world.run())
}

/// An event of this source that came so many milliseconds after the first.
fn event(source: &str, id: &str, after: i64) -> EventRecord {
    EventRecord {
        received_at: CAME.plus(Millis(after)),
        ..records::event(source, id)
    }
}
