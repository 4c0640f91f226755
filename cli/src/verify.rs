//! `landfall verify`: the same judgement as the deployed stack's. Its interface is public and stable.

use std::{path::Path, process::ExitCode};

use landfall_aws::clock::SystemClock;
use protocol::ports::Clock as _;
use serde_json::{Value, json};
use webhook::{
    authenticity::verify::verify,
    event::{Authentic, Name},
    refusal::{Reason, Refusal},
};

use crate::{
    args::GivenDelivery,
    clock::Distance,
    delivery::Case,
    explain::{Suspect, others},
    failure::Failure,
    print,
};

pub(crate) fn run(given: &GivenDelivery, config: Option<&Path>) -> Result<ExitCode, Failure> {
    let case = Case::read(given, config)?;
    let keys = case.keys()?;
    let verdict = verify(&case.source, &keys, case.delivery(), case.now);
    let mut json = verdict_json(&verdict);
    if let Err(refusal) = &verdict
        && let Some(more) = more(&case, refusal)
    {
        json["detail"] = format!("{}; {more}", refusal.detail).into();
    }
    if verdict.is_ok() && !case.unchecked.is_empty() {
        json["unchecked"] = case.unchecked.clone().into();
    }
    print::json(&json);
    Ok(ExitCode::from(u8::from(verdict.is_err())))
}

/// What can be said of a refusal beside what the stack says: by how much a delivery is stale, and who signs so.
fn more(case: &Case, refusal: &Refusal) -> Option<String> {
    if refusal.reason == Reason::Stale {
        return Distance::of(case).map(|distance| distance.in_words());
    }
    let found = others::fitting(&Suspect::new(case, refusal));
    let words = others::in_words(&found);
    (!found.is_empty()).then(|| words.replacen("This", "this", 1))
}

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
