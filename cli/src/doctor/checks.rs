//! What must hold of a deployed stack, one by one: how it is, and what mends it. Pure: what was asked is handed in.

use landfall_aws::operator::{MappingFacts, QueueFacts, Readiness};
use protocol::{
    fault::Fault,
    time::{Millis, UnixMillis},
};
use serde_json::{Value, json};

/// How one thing is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Check {
    pub(super) what: &'static str,
    pub(super) verdict: Verdict,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Good,
    /// What is wrong, and what mends it.
    Wrong(String),
    /// Why it can't be said.
    Unknown(String),
}

impl Check {
    pub(super) fn json(&self) -> Value {
        let (word, text) = self.verdict.words();
        json!({"check": self.what, "verdict": word, "text": text})
    }
}

impl Verdict {
    pub(super) fn words(&self) -> (&'static str, Option<&str>) {
        match self {
            Self::Good => ("good", None),
            Self::Wrong(text) => ("wrong", Some(text)),
            Self::Unknown(text) => ("unknown", Some(text)),
        }
    }
}

/// How late a sweep may be, which runs each minute.
const LATE_SWEEP: Millis = Millis(300_000);

pub(super) fn check<T>(
    what: &'static str,
    asked: &Result<T, Fault>,
    wrong: impl FnOnce(&T) -> Option<String>,
) -> Check {
    let verdict = match asked {
        Ok(found) => wrong(found).map_or(Verdict::Good, Verdict::Wrong),
        Err(fault) => Verdict::Unknown(fault.to_string()),
    };
    Check { what, verdict }
}

/// The configuration that the stack runs with is the file at hand.
pub(super) fn configuration(
    running: &Result<Option<String>, Fault>,
    digest: &str,
    file: &str,
) -> Check {
    check(
        "the stack runs with this configuration",
        running,
        |running| match running.as_deref() {
            Some(running) if running == digest => None,
            Some(_) => Some(format!(
                "it runs with another one than {file}: deploy it, or name the file that it was deployed with by --config"
            )),
            None => Some(
                "its sweeper has never run: see the schedule of the sweeper's function".to_owned(),
            ),
        },
    )
}

/// Every source can verify what comes.
pub(super) fn secrets<'s>(sources: impl Iterator<Item = (&'s str, &'s Readiness)>) -> Check {
    let (mut missing, mut unknown) = (Vec::new(), None);
    for (source, readiness) in sources {
        match readiness {
            Readiness::There | Readiness::Fetched => {}
            Readiness::Missing => missing.push(source),
            Readiness::Unknown(fault) => unknown = Some(fault.to_string()),
        }
    }
    let verdict = match (missing.as_slice(), unknown) {
        ([], None) => Verdict::Good,
        ([], Some(fault)) => Verdict::Unknown(fault),
        ([first, ..], _) => Verdict::Wrong(format!(
            "there is none for {}: `landfall secrets set {first}`",
            missing.join(", ")
        )),
    };
    Check {
        what: "every source has a secret",
        verdict,
    }
}

/// A ticket stays hidden while it is worked on.
pub(super) fn visibility(
    queue: &Result<QueueFacts, Fault>,
    timeout: &Result<Millis, Fault>,
) -> Check {
    let what = "tickets stay hidden for six times the consumer's timeout";
    match timeout {
        Err(fault) => check::<()>(what, &Err(fault.clone()), |()| None),
        Ok(timeout) => check(what, queue, |queue| {
            (queue.visibility.0 < 6 * timeout.0).then(|| {
                format!(
                    "they are hidden for {} s, and it may run for {} s: raise the parameter VisibilityTimeoutSeconds",
                    queue.visibility.0 / 1_000,
                    timeout.0 / 1_000
                )
            })
        }),
    }
}

/// What is given up too often goes to the dead-letter queue.
pub(super) fn backstop(queue: &Result<QueueFacts, Fault>) -> Check {
    check("the queue has a dead-letter queue", queue, |queue| {
        let mend = "it has no redrive policy: deploy infra/template.yaml as it is";
        (!queue.has_backstop).then(|| mend.to_owned())
    })
}

/// A letter outlives what it is about.
pub(super) fn retention(
    queue: &Result<QueueFacts, Fault>,
    letters: &Result<QueueFacts, Fault>,
) -> Check {
    let what = "letters are kept for longer than tickets";
    match letters {
        Err(fault) => check::<()>(what, &Err(fault.clone()), |()| None),
        Ok(letters) => check(what, queue, |queue| {
            (letters.retention <= queue.retention).then(|| {
                "what SQS itself moves there counts from its first sending, and would be gone at once: raise the parameter \
                 DlqRetentionSeconds above QueueRetentionSeconds"
                    .to_owned()
            })
        }),
    }
}

/// The consumer gets its tickets.
pub(super) fn is_fed(mapping: &Result<MappingFacts, Fault>) -> Check {
    check("the consumer gets its tickets", mapping, |mapping| {
        let mend = "its event source mapping is not enabled: `aws lambda update-event-source-mapping --enabled`";
        (!mapping.is_enabled).then(|| mend.to_owned())
    })
}

/// One ticket that fails takes no other with it.
pub(super) fn partial_responses(mapping: &Result<MappingFacts, Fault>) -> Check {
    let what = "one ticket that fails takes no other with it";
    check(what, mapping, |mapping| {
        let mend = "the event source mapping takes no partial responses: deploy infra/template.yaml as it is";
        (!mapping.has_partial_responses).then(|| mend.to_owned())
    })
}

/// What has expired is deleted.
pub(super) fn expiry(deletes: &Result<bool, Fault>) -> Check {
    check("the ledger deletes what has expired", deletes, |deletes| {
        let mend = "its time to live is off, so that it grows for ever: deploy infra/template.yaml as it is";
        (!deletes).then(|| mend.to_owned())
    })
}

/// Sweeps come to their end.
pub(super) fn sweeps(last: &Result<Option<UnixMillis>, Fault>, now: UnixMillis) -> Check {
    check("the sweeper runs", last, |last| {
        let mend = "see docs/alarms.md, \"The sweeper stands still\"";
        match last {
            Some(last) if now.since(*last) <= LATE_SWEEP => None,
            Some(_) => Some(format!("no sweep came to its end for five minutes: {mend}")),
            None => Some(format!("no sweep came to its end for an hour: {mend}")),
        }
    })
}

#[cfg(test)]
mod tests {
    use protocol::fault::FaultKind;

    use super::*;

    const QUEUE: QueueFacts = QueueFacts {
        waiting: 0,
        in_flight: 0,
        delayed: 0,
        visibility: Millis(360_000),
        retention: Millis::days(7),
        has_backstop: true,
    };

    fn word(check: &Check) -> &'static str {
        check.verdict.words().0
    }

    #[test]
    fn each_thing_is_good_wrong_with_a_mend_or_unknown() {
        let timeout = Ok(Millis(60_000));
        assert_eq!(word(&visibility(&Ok(QUEUE), &timeout)), "good");
        let short = QueueFacts {
            visibility: Millis(359_000),
            ..QUEUE
        };
        let wrong = visibility(&Ok(short), &timeout);
        assert!(
            matches!(&wrong.verdict, Verdict::Wrong(mend) if mend.contains("VisibilityTimeoutSeconds"))
        );
        let fault = Fault::new(FaultKind::Denied, "asking", "no");
        assert_eq!(
            word(&visibility(&Ok(QUEUE), &Err(fault.clone()))),
            "unknown"
        );
        assert_eq!(word(&visibility(&Err(fault), &timeout)), "unknown");
    }

    #[test]
    fn letters_must_outlive_tickets() {
        let of = |days| {
            Ok(QueueFacts {
                retention: Millis::days(days),
                ..QUEUE
            })
        };
        assert_eq!(word(&retention(&of(7), &of(14))), "good");
        assert_eq!(word(&retention(&of(7), &of(7))), "wrong");
    }

    #[test]
    fn what_is_not_running_or_has_no_secret_is_named() {
        let wrong = configuration(&Ok(Some("a".into())), "b", "landfall.toml");
        assert_eq!(word(&wrong), "wrong");
        assert_eq!(
            word(&configuration(&Ok(Some("b".into())), "b", "f")),
            "good"
        );
        assert_eq!(word(&configuration(&Ok(None), "b", "f")), "wrong");
        let missing = secrets([("a", &Readiness::There), ("b", &Readiness::Missing)].into_iter());
        assert!(matches!(&missing.verdict, Verdict::Wrong(mend) if mend.contains("secrets set b")));
        assert_eq!(
            word(&sweeps(&Ok(Some(UnixMillis(0))), UnixMillis(300_000))),
            "good"
        );
        assert_eq!(
            word(&sweeps(&Ok(Some(UnixMillis(0))), UnixMillis(300_001))),
            "wrong"
        );
        assert_eq!(word(&sweeps(&Ok(None), UnixMillis(0))), "wrong");
        let mapping = MappingFacts {
            is_enabled: false,
            has_partial_responses: true,
            most_at_once: None,
        };
        assert_eq!(word(&is_fed(&Ok(mapping))), "wrong");
        assert_eq!(word(&partial_responses(&Ok(mapping))), "good");
        assert_eq!(word(&expiry(&Ok(false))), "wrong");
        assert_eq!(word(&backstop(&Ok(QUEUE))), "good");
    }
}
