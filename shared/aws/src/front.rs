//! The secret by which ingest knows the front. It stands in Secrets Manager as a JSON object whose texts all count, so that
//! the front can be given another one with none of its deliveries refused. Read when the process starts, again when it is
//! old, and once more when it doesn't explain what a request shows.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use protocol::{
    fault::{Fault, FaultKind},
    time::{Millis, UnixMillis},
};
use webhook::{keys::Token, ports};

use crate::{fault, metrics::Metric, secrets::SecretsManager};

/// The step of each read.
const READING: &str = "reading the front's secret";

/// A text shorter than this could be guessed, and is none.
const SHORTEST: usize = 32;

/// How soon a read that failed may be tried again.
const AFTER_FAILURE: Millis = Millis::seconds(5);

/// How soon after a read another one can't bring anything new to a request that shows what isn't known.
const AFTER_MISMATCH: Millis = Millis::seconds(60);

/// What the front shows, as Secrets Manager has it. Clones share what was read.
#[derive(Clone)]
pub struct Front {
    client: SecretsManager,
    secret: String,
    ttl: Millis,
    known: Arc<Mutex<Known>>,
}

/// What was read, and when to read again.
#[derive(Default)]
struct Known {
    tokens: Vec<Token>,
    /// When it was read for the last time and could be used.
    read_at: Option<UnixMillis>,
    asked_at: Option<UnixMillis>,
    fault: Option<Fault>,
}

/// What to make of what a request shows.
#[derive(Debug, PartialEq)]
enum Verdict {
    /// It is the front's.
    Known,
    /// It isn't.
    Foreign,
    /// It isn't, as far as is known: whoever is told so reads the secret.
    Read,
    /// It isn't, as far as is known, and it is too soon for another read.
    Unsure(Fault),
}

impl Front {
    /// What this secret holds, none of which is read yet.
    #[must_use]
    pub fn new(client: SecretsManager, secret: impl Into<String>, ttl: Millis) -> Self {
        Self {
            client,
            secret: secret.into(),
            ttl,
            known: Arc::default(),
        }
    }

    /// Reads the secret. What fails is logged.
    pub async fn load(&self, now: UnixMillis) {
        self.known().asked_at = Some(now);
        let tokens = match self.client.get(&self.secret).await {
            Ok(value) => tokens(&value.text.unwrap_or_default()),
            Err(error) => Err(fault::of(READING, &error)),
        };
        if let Err(fault) = &tokens {
            let (counts, secret) = (Metric::KeysUnreadable.name(), self.secret.as_str());
            tracing::error!(counts, secret, error = %fault, "the front's secret can't be read: the last one stays");
        }
        self.known().take_in(tokens, now);
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        // Whatever panicked left whole values behind: each is replaced in one step.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ports::Front for Front {
    async fn knows(&self, shown: &str, now: UnixMillis) -> Result<bool, Fault> {
        let before = self.known().judge(shown, now);
        let verdict = match before {
            Verdict::Read => {
                self.load(now).await;
                self.known().judge(shown, now)
            }
            verdict => verdict,
        };
        match verdict {
            Verdict::Known => Ok(true),
            Verdict::Foreign => Ok(false),
            Verdict::Unsure(fault) => Err(fault),
            Verdict::Read => Err(unread()),
        }
    }

    async fn refresh(&self, now: UnixMillis) {
        let due = self.known().take_due(self.ttl, now);
        if due {
            self.load(now).await;
        }
    }
}

impl Known {
    fn judge(&mut self, shown: &str, now: UnixMillis) -> Verdict {
        // Each is compared, whichever it is.
        let known = (self.tokens.iter()).fold(false, |known, token| token.is(shown) | known);
        let within = |at: Option<UnixMillis>, length| at.is_some_and(|at| now.since(at) < length);
        if known {
            Verdict::Known
        } else if within(self.read_at, AFTER_MISMATCH) {
            Verdict::Foreign
        } else if within(self.asked_at, AFTER_FAILURE) {
            Verdict::Unsure(self.fault.clone().unwrap_or_else(unread))
        } else {
            self.asked_at = Some(now);
            Verdict::Read
        }
    }

    /// Whether the secret is to be read now because it is old; whoever is told so reads it.
    fn take_due(&mut self, ttl: Millis, now: UnixMillis) -> bool {
        let is_old = self.read_at.is_none_or(|at| now.since(at) >= ttl);
        let may = (self.asked_at).is_none_or(|at| now.since(at) >= AFTER_FAILURE);
        let due = is_old && may;
        if due {
            self.asked_at = Some(now);
        }
        due
    }

    fn take_in(&mut self, tokens: Result<Vec<Token>, Fault>, now: UnixMillis) {
        match tokens {
            Ok(tokens) => {
                self.tokens = tokens;
                self.read_at = Some(now);
                self.fault = None;
            }
            Err(fault) => self.fault = Some(fault),
        }
    }
}

fn unread() -> Fault {
    Fault::new(FaultKind::Other, READING, "it has not been read yet")
}

/// The texts of a secret. What is too short to be one is none: the slot of a text that doesn't count yet is empty.
fn tokens(text: &str) -> Result<Vec<Token>, Fault> {
    let malformed = |what| Fault::new(FaultKind::Malformed, READING, what);
    // What serde says of a fault may quote the text.
    let slots: BTreeMap<String, String> = serde_json::from_str(text)
        .map_err(|_| malformed("it is no JSON object from names to texts"))?;
    let long = slots.values().filter(|text| text.len() >= SHORTEST);
    let tokens: Vec<Token> = long.map(|text| Token::new(text)).collect();
    if tokens.is_empty() {
        return Err(malformed("none of its texts has 32 characters"));
    }
    Ok(tokens)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const START: UnixMillis = UnixMillis(1_700_000_000_000);
    const OLD: &str = "old-0123456789abcdef0123456789abcdef";
    const NEW: &str = "new-0123456789abcdef0123456789abcdef";

    fn later(seconds: i64) -> UnixMillis {
        START.plus(Millis::seconds(seconds))
    }

    fn holding(text: &str) -> Known {
        let mut known = Known::default();
        known.take_in(tokens(text), START);
        known
    }

    #[test]
    fn every_text_counts_that_could_not_be_guessed() {
        let mut known = holding(&format!(r#"{{"a": "{OLD}", "b": "{NEW}", "c": "short"}}"#));
        assert_eq!(known.judge(OLD, START), Verdict::Known);
        assert_eq!(known.judge(NEW, START), Verdict::Known);
        for foreign in ["short", "", "a", &OLD[1..]] {
            assert_eq!(known.judge(foreign, START), Verdict::Foreign, "{foreign}");
        }
    }

    #[test]
    fn a_secret_without_a_text_is_a_fault_that_quotes_nothing() {
        for text in [
            "",
            "null",
            "[]",
            "{}",
            r#"{"a": ""}"#,
            r#"{"a": "hunter2"}"#,
            r#"{"a": 1, "b": "hunter2"}"#,
        ] {
            let fault = tokens(text).err().unwrap();
            assert_eq!(fault.kind, FaultKind::Malformed, "{text}");
            assert!(!fault.to_string().contains("hunter2"));
        }
    }

    #[test]
    fn what_is_not_known_has_the_secret_read_once_a_minute() {
        let mut known = holding(&format!(r#"{{"a": "{OLD}"}}"#));
        assert_eq!(known.judge(NEW, later(59)), Verdict::Foreign);
        assert_eq!(known.judge(NEW, later(60)), Verdict::Read);
        // The others that come meanwhile hear that nobody knows: a rotation may be under way.
        assert!(matches!(known.judge(NEW, later(60)), Verdict::Unsure(_)));
        known.take_in(
            tokens(&format!(r#"{{"a": "{OLD}", "b": "{NEW}"}}"#)),
            later(60),
        );
        assert_eq!(known.judge(NEW, later(60)), Verdict::Known);
        assert_eq!(known.judge("else", later(61)), Verdict::Foreign);
    }

    #[test]
    fn while_it_cant_be_read_what_was_known_is_known_and_nobody_is_foreign() {
        let mut known = holding(&format!(r#"{{"a": "{OLD}"}}"#));
        assert_eq!(known.judge(NEW, later(60)), Verdict::Read);
        let denied = Fault::new(FaultKind::Denied, READING, "no");
        known.take_in(Err(denied.clone()), later(60));
        assert_eq!(known.judge(OLD, later(61)), Verdict::Known);
        assert_eq!(known.judge(NEW, later(61)), Verdict::Unsure(denied));
        assert_eq!(known.judge(NEW, later(65)), Verdict::Read);
    }

    #[test]
    fn what_is_old_is_read_again_by_one() {
        let ttl = Millis::seconds(300);
        let mut known = holding(&format!(r#"{{"a": "{OLD}"}}"#));
        assert!(!known.take_due(ttl, later(299)));
        assert!(known.take_due(ttl, later(300)));
        assert!(!known.take_due(ttl, later(300)));
        assert!(known.take_due(ttl, later(305)));
        assert!(Known::default().take_due(ttl, START));
    }
}
