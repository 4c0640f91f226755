//! What `verify` and `explain` say of a delivery in JSON. It is public and stable.

use landfall_aws::clock::SystemClock;
use protocol::ports::Clock as _;
use serde_json::{Value, json};
use webhook::{
    event::{Authentic, Name},
    refusal::Refusal,
};

use crate::print;

pub(crate) fn verdict_json(verdict: &Result<Authentic<'_>, Refusal>) -> Value {
    match verdict {
        Ok(event) => {
            // Where every delivery is an event of its own, so is this one.
            let Name { id, key } = event.name(&format!("{:016x}", SystemClock.random()));
            let mut json = json!({
                "verdict": "authentic",
                "event_id": id,
                "event_type": event.event_type(),
                "key": key.id(),
            });
            let headers = event.headers();
            print::covered(&mut json, &event.covered(), headers.keys());
            json
        }
        Err(refusal) => json!({
            "verdict": "refused",
            "reason": refusal.reason.as_str(),
            "detail": refusal.detail,
        }),
    }
}
