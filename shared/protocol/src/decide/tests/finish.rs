use super::*;
use crate::ledger::Life;
use crate::time::UnixSeconds;

const NOW: UnixMillis = UnixMillis(1_800_000_000_000);
const LIMITS: Limits = Limits {
    tries: 8,
    backoff_base: Millis::seconds(5),
    backoff_max: Millis::seconds(900),
    reopens: 3,
    reopen_after: Millis::seconds(3_600),
};

const LEASE_ENDS: UnixMillis = UnixMillis(NOW.0 + 65_000);

fn work(state: State, until: UnixMillis) -> Work {
    Work {
        life: Life(UnixMillis(NOW.0 - 3_600_000)),
        state,
        attempt: 5,
        tries: 3,
        until,
        epoch: 2,
        reopens: 0,
        token: 0,
        last_error: Some("no".into()),
        expires_at: UnixSeconds(0),
    }
}

fn held(tries: u32) -> Work {
    Work {
        tries,
        ..work(State::Processing, LEASE_ENDS)
    }
}

#[test]
fn a_run_that_is_done_succeeds_and_forgets_the_last_error() {
    let expected = Work {
        last_error: None,
        ..work(State::Succeeded, NOW)
    };
    let finish = after_run(
        &work(State::Processing, LEASE_ENDS),
        RunOutcome::Done,
        NOW,
        0,
        &LIMITS,
    );
    assert_eq!(finish, Finish::Succeed(expected));
}

#[test]
fn a_failed_run_with_tries_left_waits_and_keeps_the_claims_numbers() {
    for tries in 1..8 {
        let finish = after_run(
            &held(tries),
            RunOutcome::Retry("again".into()),
            NOW,
            u64::MAX,
            &LIMITS,
        );
        let seconds = (5_i64 << tries).min(900);
        let expected = Work {
            state: State::Waiting,
            until: NOW.plus(Millis::seconds(seconds)),
            last_error: Some("again".into()),
            ..held(tries)
        };
        assert_eq!(finish, Finish::Wait(expected), "try {tries}");
    }
}

#[test]
fn a_failed_run_without_tries_left_fails() {
    for tries in [8, 9, u32::MAX] {
        let finish = after_run(
            &held(tries),
            RunOutcome::Retry("again".into()),
            NOW,
            0,
            &LIMITS,
        );
        let expected = Work {
            state: State::Failed,
            until: NOW,
            last_error: Some("again".into()),
            ..held(tries)
        };
        assert_eq!(
            finish,
            Finish::Fail(expected, Reason::Exhausted),
            "try {tries}"
        );
    }
}

#[test]
fn a_permanent_failure_fails_at_once() {
    let finish = after_run(
        &held(1),
        RunOutcome::Permanent("never".into()),
        NOW,
        0,
        &LIMITS,
    );
    let expected = Work {
        state: State::Failed,
        until: NOW,
        last_error: Some("never".into()),
        ..held(1)
    };
    assert_eq!(finish, Finish::Fail(expected, Reason::Permanent));
}

#[test]
fn giving_up_fails_without_a_run() {
    let expected = Work {
        state: State::Failed,
        until: NOW,
        last_error: Some("the last attempt never came back".into()),
        ..held(9)
    };
    assert_eq!(
        give_up(&held(9), NOW),
        Finish::Fail(expected, Reason::Exhausted)
    );
}

#[test]
fn an_event_without_its_source_fails_without_a_run() {
    let expected = Work {
        state: State::Failed,
        until: NOW,
        last_error: Some("the configuration has no such source".into()),
        ..held(1)
    };
    assert_eq!(
        disown(&held(1), NOW),
        Finish::Fail(expected, Reason::UnknownSource)
    );
}

#[test]
fn backoff_lies_between_nothing_and_its_ceiling_whatever_chance_says() {
    let chances = (0..=64).map(|bit| if bit == 64 { 0 } else { u64::MAX >> bit });
    for random in chances {
        for tries in (0..=70).chain([u32::MAX]) {
            let ceiling = 5_000_u128
                .saturating_mul(1_u128.checked_shl(tries).unwrap_or(u128::MAX))
                .min(900_000);
            let backoff = backoff(tries, random, &LIMITS);
            assert!((0..=900_000).contains(&backoff.0));
            assert!(
                u128::try_from(backoff.0).is_ok_and(|length| length <= ceiling),
                "{tries}"
            );
        }
    }
}

#[test]
fn backoff_reaches_both_ends() {
    assert_eq!(backoff(1, 0, &LIMITS), Millis(0));
    assert_eq!(backoff(1, u64::MAX, &LIMITS), Millis(10_000));
    assert_eq!(backoff(1, u64::MAX / 2, &LIMITS), Millis(5_000));
    assert_eq!(backoff(7, u64::MAX, &LIMITS), Millis(640_000));
    assert_eq!(backoff(8, u64::MAX, &LIMITS), Millis(900_000));
    assert_eq!(backoff(u32::MAX, u64::MAX, &LIMITS), Millis(900_000));
}

#[test]
fn backoff_without_a_length_is_none() {
    for (base, max) in [(0, 900_000), (5_000, 0), (-1, -1)] {
        let limits = Limits {
            backoff_base: Millis(base),
            backoff_max: Millis(max),
            ..LIMITS
        };
        assert_eq!(backoff(3, u64::MAX, &limits), Millis(0));
    }
}
