//! Runs checks, and says what each came to.

use std::{any::Any, fmt, panic::AssertUnwindSafe};

use futures_util::future::{FutureExt as _, LocalBoxFuture};

use crate::differences::{self, Difference, Engine};

/// One promise, and how it is tried: whoever breaks it panics.
pub struct Check<W> {
    /// Whose promise.
    pub port: &'static str,
    /// The promise, in a sentence.
    pub promise: &'static str,
    /// Tries it.
    pub run: for<'a> fn(&'a W) -> LocalBoxFuture<'a, ()>,
}

/// What a check came to.
#[derive(Debug)]
pub enum Outcome {
    /// The promise is kept.
    Kept,
    /// It isn't, and that is known.
    Differs(&'static Difference),
    /// It isn't.
    Broken(String),
    /// It is, though it is said that it isn't.
    Gone(&'static Difference),
}

/// A check, and what it came to.
#[derive(Debug)]
pub struct Verdict {
    port: &'static str,
    promise: &'static str,
    outcome: Outcome,
}

impl Verdict {
    /// Whether somebody has to look at it.
    #[must_use]
    pub fn is_fault(&self) -> bool {
        matches!(self.outcome, Outcome::Broken(_) | Outcome::Gone(_))
    }
}

/// Runs the checks one after the other.
pub async fn run<W>(world: &W, engine: Engine, checks: Vec<Check<W>>) -> Vec<Verdict> {
    let mut verdicts = Vec::new();
    for check in checks {
        let known = differences::find(engine, check.port, check.promise);
        let ran = AssertUnwindSafe((check.run)(world)).catch_unwind().await;
        let outcome = match (ran, known) {
            (Ok(()), None) => Outcome::Kept,
            (Ok(()), Some(known)) => Outcome::Gone(known),
            (Err(_), Some(known)) => Outcome::Differs(known),
            (Err(panic), None) => Outcome::Broken(text(&*panic)),
        };
        verdicts.push(Verdict {
            port: check.port,
            promise: check.promise,
            outcome,
        });
    }
    verdicts
}

fn text(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    text.unwrap_or("no text").replace('\n', " ")
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (word, why) = match &self.outcome {
            Outcome::Kept => ("kept", ""),
            Outcome::Differs(known) => ("differs", known.found),
            Outcome::Broken(said) => ("BROKEN", said.as_str()),
            Outcome::Gone(known) => ("GONE", known.found),
        };
        write!(f, "{word:8}{}: {}", self.port, self.promise)?;
        if !why.is_empty() {
            write!(f, " ({why})")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::differences::KNOWN;

    async fn verdict(engine: Engine, run: fn(&()) -> LocalBoxFuture<'_, ()>) -> Verdict {
        let known = &KNOWN[0];
        let check = Check {
            port: known.port,
            promise: known.promise,
            run,
        };
        super::run(&(), engine, vec![check]).await.remove(0)
    }

    #[tokio::test]
    async fn what_is_broken_without_being_known_and_what_is_known_and_gone_are_faults() {
        let known = KNOWN[0].engine;
        let other = Engine::ALL.into_iter().find(|engine| *engine != known);
        for (engine, breaks, word, fault) in [
            (known, true, "differs", false),
            (known, false, "GONE", true),
            (other.unwrap(), true, "BROKEN", true),
            (other.unwrap(), false, "kept", false),
        ] {
            let verdict = if breaks {
                verdict(engine, |()| Box::pin(async { panic!("a\nb") })).await
            } else {
                verdict(engine, |()| Box::pin(async {})).await
            };
            assert_eq!(verdict.is_fault(), fault, "{verdict}");
            assert!(verdict.to_string().starts_with(word), "{verdict}");
            assert_eq!(verdict.to_string().lines().count(), 1);
        }
    }
}
