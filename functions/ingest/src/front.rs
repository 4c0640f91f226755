//! A front before the stack's own address: whatever comes past it is refused, and what comes by it is seen as the front
//! saw it.

use protocol::ports::Clock;
use webhook::ports::Front;

use crate::{
    answer::{Cause, Denied},
    budget::Budget,
    note::Note,
    request::Request,
};

/// Lets in what came by the front.
pub(crate) async fn admit(
    front: &impl Front,
    clock: &impl Clock,
    request: &mut Request<'_>,
    budget: Budget,
    note: &mut Note,
) -> Result<(), Denied> {
    note.address = request.source_ip;
    note.bytes = request.body.len();
    let past_the_front = Denied::Refused(Cause::NotByTheFront);
    let Some(shown) = request.take_proof() else {
        return Err(past_the_front);
    };
    let known = front.knows(&shown, clock.now());
    match budget.within_a_second(clock, known).await.flatten() {
        Ok(true) => {
            request.came_by_the_front();
            Ok(())
        }
        Ok(false) => Err(past_the_front),
        Err(fault) => Err(Denied::Unavailable(fault)),
    }
}

/// Has the front's secret be read again if that is due, beside whatever else is done for an answer.
pub(crate) async fn refresh(front: &impl Front, clock: &impl Clock, budget: Budget) {
    // Whether it comes in time or not: what was read before counts.
    let _ = (budget.within_a_second(clock, front.refresh(clock.now()))).await;
}
