use super::*;
use crate::{decide::consumer::GiveUp, ledger::Life, time::UnixSeconds};

const NOW: UnixMillis = UnixMillis(1_800_000_000_000);
const BEGAN: UnixMillis = UnixMillis(NOW.0 - 60_000);
const LIMITS: Limits = Limits {
    tries: 8,
    backoff_base: Millis::seconds(5),
    backoff_max: Millis::seconds(900),
    age: Millis::days(3),
    reopens: 3,
    reopen_after: Millis::seconds(3_600),
};

fn leg(state: LegState, tries: u32) -> Leg {
    Leg {
        state,
        tries,
        lapsed: true,
        last_error: Some("no".into()),
        reason: Some(Reason::TooOld),
        ..Leg::opened(BEGAN)
    }
}

/// A claim that runs `a`, `tries` of which are used, beside `b`, which stands so.
fn claim(tries: u32, b: Leg) -> Claim {
    Claim {
        as_read: None,
        work: Work {
            life: Life(BEGAN),
            state: State::Processing,
            attempt: 5,
            until: UnixMillis(NOW.0 + 65_000),
            token: 1,
            legs: [
                ("a".to_owned(), leg(LegState::Processing, tries)),
                ("b".to_owned(), b),
            ]
            .into(),
            all: 0,
            expires_at: UnixSeconds(0),
        },
        run: vec!["a".into()],
        give_up: Vec::new(),
        alone: false,
        bury: false,
    }
}

fn after(claim: &Claim, outcome: RunOutcome) -> Finish {
    let routes = Routes {
        limits: [("a".to_owned(), LIMITS), ("b".to_owned(), LIMITS)].into(),
        matching: Vec::new(),
        of_gone: LIMITS,
    };
    let outcomes = [("a".to_owned(), outcome)].into();
    after_runs(claim, outcomes, Some(&routes), NOW, || u64::MAX)
}

fn done() -> Leg {
    leg(LegState::Succeeded, 1)
}

#[test]
fn a_run_that_is_done_succeeds_and_forgets_the_last_failure() {
    for (outcome, state, said) in [
        (RunOutcome::Done, LegState::Succeeded, None),
        (
            RunOutcome::Skipped("older".into()),
            LegState::Skipped,
            Some("older".to_owned()),
        ),
    ] {
        let finish = after(&claim(3, done()), outcome);
        let leg = &finish.work.legs["a"];
        assert_eq!((leg.state, leg.until, &leg.last_error), (state, NOW, &said));
        assert_eq!(leg.reason, None);
        assert!(!leg.lapsed);
        assert_eq!(
            (finish.work.state, finish.work.until),
            (State::Succeeded, NOW)
        );
        assert_eq!((finish.letters, finish.again), (vec![], None));
        assert_eq!(finish.work.legs["b"], done());
    }
}

#[test]
fn a_failed_run_with_tries_left_waits_for_the_backoff_and_keeps_the_claims_numbers() {
    for tries in 1..8 {
        let finish = after(&claim(tries, done()), RunOutcome::retry("again"));
        let until = NOW.plus(Millis::seconds((5_i64 << tries).min(900)));
        let leg = &finish.work.legs["a"];
        assert_eq!(
            (leg.state, leg.until, leg.tries),
            (LegState::Waiting, until, tries)
        );
        assert_eq!(
            (leg.last_error.as_deref(), leg.reason),
            (Some("again"), None)
        );
        assert_eq!(
            (finish.work.state, finish.again),
            (State::Waiting, Some(until))
        );
        assert_eq!(finish.work.attempt, 5);
    }
}

#[test]
fn a_failed_run_waits_for_as_long_as_it_asks_but_not_beyond_its_age() {
    let asks = |after| RunOutcome::Retry {
        error: "busy".into(),
        after: Some(after),
    };
    let until = |outcome| after(&claim(1, done()), outcome).work.legs["a"].until;
    assert_eq!(until(asks(Millis(7))), UnixMillis(NOW.0 + 7));
    assert_eq!(until(asks(Millis(-7))), NOW);
    // There it is tried once more.
    assert_eq!(until(asks(Millis::days(9))), BEGAN.plus(LIMITS.age));
}

#[test]
fn a_failed_run_without_tries_left_and_a_hopeless_one_fail_with_a_letter() {
    for (tries, outcome, reason, error) in [
        (8, RunOutcome::retry("again"), Reason::Exhausted, "again"),
        (
            u32::MAX,
            RunOutcome::retry("again"),
            Reason::Exhausted,
            "again",
        ),
        (
            1,
            RunOutcome::Permanent("never".into()),
            Reason::Permanent,
            "never",
        ),
    ] {
        let finish = after(&claim(tries, done()), outcome);
        let letter = LegLetter {
            route: Some("a".into()),
            reason,
            error: error.into(),
            tries,
        };
        assert_eq!(finish.letters, [letter]);
        let leg = &finish.work.legs["a"];
        let said = leg.last_error.as_deref();
        assert_eq!(
            (leg.state, leg.until, said, leg.reason),
            (LegState::Failed, NOW, Some(error), Some(reason))
        );
        assert_eq!((finish.work.state, finish.again), (State::Failed, None));
    }
}

#[test]
fn an_event_fails_when_none_of_its_legs_waits_any_more() {
    let waits = Leg {
        until: UnixMillis(NOW.0 + 9),
        ..leg(LegState::Waiting, 1)
    };
    let finish = after(&claim(1, waits), RunOutcome::Permanent("never".into()));
    assert_eq!(finish.letters.len(), 1);
    assert_eq!(finish.work.state, State::Waiting);
    assert_eq!(finish.again, Some(UnixMillis(NOW.0 + 9)));
}

#[test]
fn a_leg_that_is_held_uses_no_try_and_waits_no_longer_than_its_age() {
    let held = |until| RunOutcome::Held {
        by: "billing is paused".into(),
        until,
    };
    let finish = after(&claim(8, done()), held(UnixMillis(NOW.0 + 5)));
    let leg = &finish.work.legs["a"];
    assert_eq!((leg.state, leg.tries), (LegState::Waiting, 7));
    assert_eq!(leg.until, UnixMillis(NOW.0 + 5));
    assert_eq!(leg.last_error.as_deref(), Some("billing is paused"));
    assert_eq!(leg.reason, None);
    let long = after(&claim(1, done()), held(UnixMillis(i64::MAX)));
    assert_eq!(long.work.legs["a"].until, BEGAN.plus(LIMITS.age));

    let mut old = claim(1, done());
    old.work
        .legs
        .values_mut()
        .for_each(|leg| leg.since = UnixMillis(NOW.0 - LIMITS.age.0));
    for outcome in [held(UnixMillis(NOW.0 + 5)), RunOutcome::retry("busy")] {
        let finish = after(&old, outcome);
        assert_eq!(finish.letters[0].reason, Reason::TooOld);
        assert_eq!(finish.work.state, State::Failed);
    }
}

#[test]
fn what_is_given_up_fails_without_a_run_beside_what_runs() {
    let mut claim = claim(1, leg(LegState::Processing, 8));
    claim.give_up.push(GiveUp {
        route: Some("b".into()),
        reason: Reason::Exhausted,
    });
    let finish = after(&claim, RunOutcome::Done);
    let letter = &finish.letters[0];
    assert_eq!((letter.route.as_deref(), letter.tries), (Some("b"), 8));
    assert_eq!(letter.error, "the last attempt never came back");
    assert_eq!(finish.work.legs["a"].state, LegState::Succeeded);
    assert_eq!(finish.work.legs["b"].state, LegState::Failed);
    assert_eq!(finish.work.legs["b"].reason, Some(Reason::Exhausted));
    // It runs alone, should it be opened again.
    assert!(finish.work.legs["b"].lapsed);
    assert_eq!(finish.work.state, State::Failed);
}

#[test]
fn an_event_whose_source_is_gone_before_its_routes_are_known_fails_as_a_whole() {
    let mut claim = claim(1, done());
    claim.work.legs.clear();
    claim.run.clear();
    claim.give_up.push(GiveUp {
        route: None,
        reason: Reason::UnknownSource,
    });
    let finish = after_runs(&claim, [].into(), None, NOW, || 0);
    assert_eq!(finish.letters[0].route, None);
    assert_eq!(finish.work.reasons(), [Reason::UnknownSource].into());
    assert_eq!((finish.work.state, finish.again), (State::Failed, None));
}

#[test]
fn routes_that_are_known_now_are_legs_that_are_due() {
    let found = RunOutcome::Routed(vec!["b".into(), "c".into()]);
    let finish = after(&claim(2, done()), found);
    assert_eq!(finish.work.legs["a"].state, LegState::Succeeded);
    // Each is made once.
    assert_eq!(finish.work.legs["b"], done());
    let leg = &finish.work.legs["c"];
    assert_eq!(
        (leg.state, leg.tries, leg.until),
        (LegState::Waiting, 0, NOW)
    );
    assert_eq!(finish.again, Some(NOW));
}

#[test]
fn a_letter_asks_for_its_leg_of_this_life() {
    let finish = after(&claim(8, done()), RunOutcome::retry("again"));
    let key = EventKey::new("stripe", "evt_1");
    let ticket = finish.letters[0].ticket(&key, &finish.work, NOW);
    assert_eq!(
        (ticket.why, ticket.route.as_deref()),
        (Why::Redrive, Some("a"))
    );
    assert_eq!(
        (ticket.life, ticket.sent_at, ticket.ask),
        (Life(BEGAN), NOW, None)
    );
}
