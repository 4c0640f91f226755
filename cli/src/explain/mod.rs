//! `landfall explain`: why is this delivery refused?
//!
//! What may have happened is a table of hypotheses. Each makes guesses of the source, the secrets and the delivery, and
//! each guess is tried with the same `verify` that the stack uses: what matches here would match there. The first that
//! holds is told, in one sentence, with what to do about it; a weaker check is never that.

mod body;
mod clocks;
pub(crate) mod composition;
mod evident;
mod finding;
mod form;
mod guesses;
mod json;
pub(crate) mod others;
mod product;
mod secret;
mod signatures;
mod suspect;
mod unexplained;
mod url;

use std::{path::Path, process::ExitCode};

use serde_json::{Value, json};
use webhook::{authenticity::verify::verify, keys::Keys, refusal::Refusal};

pub(crate) use self::suspect::Suspect;
use self::{finding::Finding, suspect::Guess};
use crate::{
    args::GivenDelivery, delivery::Case, describe, failure::Failure, print, verdict::verdict_json,
};

/// What may have happened: a word for it, and what would have to be so.
type Hypothesis = (
    &'static str,
    for<'s> fn(&'s Suspect<'_>) -> Box<dyn Iterator<Item = Guess> + 's>,
);

/// In the order in which they are tried. The clock comes first for it changes nothing else: whoever is right but for the
/// time would be right with any other change, too, that the signature doesn't notice.
const HYPOTHESES: &[Hypothesis] = &[
    ("clock", clocks::guesses),
    ("url", url::guesses),
    ("body_written_again", json::guesses),
    ("form_encoded_anew", form::guesses),
    ("line_end", body::line_ends),
    ("character_set", body::charsets),
    ("raw_delivery", evident::raw_deliveries),
    ("secret_form", secret::guesses),
    ("other_version", product::guesses),
    ("no_event", evident::unsigned),
    ("other_provider", others::guesses),
    ("other_bytes", body::others),
];

pub(crate) fn run(
    given: &GivenDelivery,
    config: Option<&Path>,
    as_json: bool,
) -> Result<ExitCode, Failure> {
    let case = Case::read(given, config)?;
    // A secret that is no key of the configured scheme may be one of another: it is only said.
    let secrets: Vec<_> = case
        .secrets
        .iter()
        .map(crate::input::GivenSecret::secret)
        .collect();
    let (keys, _) = Keys::load(case.source.schemes, &secrets);
    let verdict = verify(&case.source, &keys, case.delivery(), case.now);
    let authentic = verdict.is_ok();
    let explained = verdict
        .as_ref()
        .err()
        .map(|refusal| explain(&case, refusal));

    if as_json {
        let mut json = verdict_json(&verdict);
        let (findings, hints) = explained.unwrap_or_default();
        json["explanation"] = findings.first().map_or(Value::Null, |finding| {
            json!({"kind": finding.kind, "sentence": finding.sentence, "mend": finding.mend})
        });
        let matches = findings.iter().filter(|finding| finding.is_match());
        json["matches"] = matches.map(Finding::json).collect();
        json["hints"] = Value::from(hints);
        print::json(&json);
    } else {
        say(&case, &verdict.map(|_| ()), explained.as_ref());
    }
    Ok(ExitCode::from(u8::from(!authentic)))
}

/// What explains the refusal, the likeliest first, and what else is worth a look.
type Explained = (Vec<Finding>, Vec<String>);

fn explain(case: &Case, refusal: &Refusal) -> Explained {
    let suspect = Suspect::new(case, refusal);
    let mut hints = suspect.faults();
    let findings = find(&suspect);
    hints.extend(unexplained::hints(&suspect, &findings));
    (findings, hints)
}

fn find(suspect: &Suspect<'_>) -> Vec<Finding> {
    for (kind, guesses) in HYPOTHESES {
        let guess = guesses(suspect).find(|guess| suspect.holds(&guess.change));
        if let Some(guess) = guess {
            return vec![Finding::of_guess(kind, guess, suspect)];
        }
    }
    let matches = composition::find(suspect);
    if matches.is_empty() {
        return vec![Finding::of_nothing(unexplained::likeliest(suspect))];
    }
    matches
        .iter()
        .map(|found| Finding::of_match(suspect, found))
        .collect()
}

fn say(case: &Case, verdict: &Result<(), Refusal>, explained: Option<&Explained>) {
    let title = case
        .source
        .provider
        .map_or("the provider", |provider| provider.title);
    let Err(refusal) = verdict else {
        print::line(&format!(
            "Authentic: it is signed as {title} signs. There is nothing to explain."
        ));
        return;
    };
    print::line(&format!(
        "Refused as {}: {}.",
        refusal.reason, refusal.detail
    ));
    print::line(&format!(
        "Your scheme ({title}): {}, in the {}.",
        describe::in_short(&case.source.schemes[0]),
        describe::field(case.source.schemes[0].signature)
    ));
    let Some((findings, hints)) = explained else {
        return;
    };
    for finding in findings {
        print::line(&format!("\n{}", finding.sentence));
        for difference in &finding.differences {
            print::line(&format!("  - {difference}"));
        }
        if !finding.mend.is_empty() {
            print::line(&finding.mend);
        }
        if !finding.toml.is_empty() {
            print::line("  In infra/landfall.toml, for the source that gets these deliveries:");
            print::line("    [sources.NAME.scheme]");
            for line in &finding.toml {
                print::line(&format!("    {line}"));
            }
        }
    }
    let is_said = |hint: &&String| {
        findings
            .iter()
            .any(|finding| finding.sentence.starts_with(hint.as_str()))
    };
    for hint in hints.iter().filter(|hint| !is_said(hint)) {
        print::line(&format!("\nHint: {hint}."));
    }
}
