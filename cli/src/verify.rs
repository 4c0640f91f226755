//! `landfall verify`: the same judgement as the deployed stack's. Its interface is public and stable.

use std::{path::Path, process::ExitCode};

use webhook::{
    authenticity::verify::verify,
    refusal::{Reason, Refusal},
};

use crate::{
    args::GivenDelivery,
    clock::Distance,
    delivery::Case,
    explain::{Suspect, others},
    failure::Failure,
    print,
    verdict::verdict_json,
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
