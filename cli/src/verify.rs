//! `landfall verify`: the same judgement as the deployed stack's. Its interface is public and stable.

use std::process::ExitCode;

use serde_json::{Value, json};
use webhook::{event::Authentic, refusal::Refusal, verify::verify};

use crate::{args::GivenDelivery, delivery::Case, failure::Failure, print};

pub(crate) fn run(given: &GivenDelivery) -> Result<ExitCode, Failure> {
    let case = Case::read(given)?;
    let keys = case.keys()?;
    let verdict = verify(&case.source, &keys, case.delivery(), case.now);
    let mut json = verdict_json(&verdict);
    if verdict.is_ok() && !case.unchecked.is_empty() {
        json["unchecked"] = case.unchecked.clone().into();
    }
    print::json(&json);
    Ok(ExitCode::from(u8::from(verdict.is_err())))
}

pub(crate) fn verdict_json(verdict: &Result<Authentic<'_>, Refusal>) -> Value {
    match verdict {
        Ok(event) => json!({
            "verdict": "authentic",
            "event_id": event.event_id(),
            "event_type": event.event_type(),
            "id_signed": event.id_signed(),
            "body_signed": event.body_signed(),
        }),
        Err(refusal) => json!({
            "verdict": "refused",
            "reason": refusal.reason.as_str(),
            "detail": refusal.detail,
        }),
    }
}
