use super::*;
use crate::ledger::EventKey;

const NOW: UnixMillis = UnixMillis(1_800_000_000_000);
const LEASE: Lease = Lease {
    ends: UnixMillis(NOW.0 + 65_000),
    token: 77,
};
const RECEIVED: Life = Life(UnixMillis(NOW.0 - 3_600_000));
const EVENT: Recording = Recording {
    life: RECEIVED,
    expires_at: UnixSeconds(NOW.0 / 1_000 + 86_400),
};
const LIMITS: Limits = Limits {
    tries: 8,
    backoff_base: Millis::seconds(5),
    backoff_max: Millis::seconds(900),
    reopens: 3,
    reopen_after: Millis::seconds(3_600),
};
const STATES: [State; 4] = [
    State::Waiting,
    State::Processing,
    State::Succeeded,
    State::Failed,
];

fn ticket(epoch: u64) -> Ticket {
    Ticket {
        key: EventKey::new("stripe", "evt_1"),
        life: RECEIVED,
        epoch,
        why: Why::Look,
    }
}

/// A ticket from another life of the event, whose epochs don't count in this one.
fn stray(epoch: u64) -> Ticket {
    Ticket {
        life: Life(UnixMillis(RECEIVED.0.0 - 1)),
        ..ticket(epoch)
    }
}

fn work(state: State, until: UnixMillis) -> Work {
    Work {
        life: RECEIVED,
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

fn decide(ticket: &Ticket, work: Option<&Work>) -> Action {
    let known = Configured::Yes;
    on_ticket(ticket, Some(EVENT), work, known, NOW, LEASE, &LIMITS)
}

/// The ticket of a redelivery.
fn redelivery(epoch: u64) -> Ticket {
    Ticket {
        why: Why::Reopen,
        ..ticket(epoch)
    }
}

/// A claim with these numbers on what was read.
fn claim(
    read: Option<&Work>,
    (attempt, tries, epoch): (u64, u32, u64),
    error: Option<&str>,
    then: Then,
) -> Action {
    Action::Claim(Claim {
        as_read: read.map(|read| WorkVersion {
            life: read.life,
            state: read.state,
            attempt: read.attempt,
            until: read.until,
        }),
        work: Work {
            life: RECEIVED,
            state: State::Processing,
            attempt,
            tries,
            until: LEASE.ends,
            epoch,
            reopens: read
                .filter(|read| read.life == RECEIVED)
                .map_or(0, |read| read.reopens),
            token: LEASE.token,
            last_error: error.map(Into::into),
            expires_at: UnixSeconds(EVENT.expires_at.0 + 2 * 86_400),
        },
        then,
    })
}

const PAST: UnixMillis = UnixMillis(NOW.0 - 1);
const AHEAD: UnixMillis = UnixMillis(NOW.0 + 1);

#[test]
fn a_ticket_without_an_event_is_buried_whatever_its_work_says() {
    for work in [
        None,
        Some(work(State::Waiting, PAST)),
        Some(work(State::Succeeded, PAST)),
    ] {
        for source in [Configured::Yes, Configured::No] {
            let work = work.as_ref();
            let action = on_ticket(&ticket(0), None, work, source, NOW, LEASE, &LIMITS);
            assert_eq!(action, Action::Bury(Reason::Absent));
        }
    }
}

#[test]
fn an_event_counts_until_the_second_before_it_expires() {
    let at = |expires_at| {
        let event = Recording {
            expires_at,
            ..EVENT
        };
        let known = Configured::Yes;
        on_ticket(&ticket(0), Some(event), None, known, NOW, LEASE, &LIMITS)
    };
    let now = NOW.seconds().0;
    assert_eq!(at(UnixSeconds(now - 1)), Action::Bury(Reason::Expired));
    assert_eq!(at(UnixSeconds(now)), Action::Bury(Reason::Expired));
    assert!(matches!(at(UnixSeconds(now + 1)), Action::Claim(_)));
}

#[test]
fn an_event_without_work_is_claimed_for_the_first_time() {
    assert_eq!(
        decide(&ticket(0), None),
        claim(None, (1, 1, 0), None, Then::Run)
    );
    assert_eq!(
        decide(&ticket(4), None),
        claim(None, (1, 1, 4), None, Then::Run)
    );
    assert_eq!(
        decide(&stray(4), None),
        claim(None, (1, 1, 0), None, Then::Run)
    );
}

#[test]
fn the_work_of_an_older_life_hides_nothing_and_hands_on_its_fence_only() {
    for state in STATES {
        for until in [PAST, AHEAD] {
            let old = Work {
                life: Life(UnixMillis(RECEIVED.0.0 - 1)),
                ..work(state, until)
            };
            let expected = claim(Some(&old), (6, 1, 0), None, Then::Run);
            assert_eq!(decide(&ticket(0), Some(&old)), expected, "{state:?}");
            // The old life's own ticket, come late, can bring no epoch with it.
            assert_eq!(decide(&stray(9), Some(&old)), expected, "{state:?}");
        }
    }
}

#[test]
fn work_of_a_newer_life_than_the_event_read_is_put_back() {
    for state in STATES {
        let newer = Work {
            life: Life(UnixMillis(RECEIVED.0.0 + 1)),
            ..work(state, PAST)
        };
        assert_eq!(
            decide(&ticket(0), Some(&newer)),
            Action::PutBack { until: NOW }
        );
    }
}

#[test]
fn waiting_work_whose_time_has_come_is_claimed_for_the_next_try() {
    for until in [PAST, NOW] {
        let waiting = work(State::Waiting, until);
        for (ticket, epoch) in [
            (ticket(0), 2),
            (ticket(2), 2),
            (ticket(3), 3),
            (stray(3), 2),
        ] {
            let expected = claim(Some(&waiting), (6, 4, epoch), Some("no"), Then::Run);
            assert_eq!(decide(&ticket, Some(&waiting)), expected);
        }
    }
}

#[test]
fn waiting_work_whose_time_is_ahead_is_put_back_until_then() {
    for ticket in [ticket(0), ticket(9), stray(9)] {
        let waiting = work(State::Waiting, AHEAD);
        assert_eq!(
            decide(&ticket, Some(&waiting)),
            Action::PutBack { until: AHEAD }
        );
    }
}

#[test]
fn a_lapsed_lease_is_taken_over_but_not_beside_others() {
    for until in [PAST, NOW] {
        let lapsed = work(State::Processing, until);
        for (ticket, epoch) in [(ticket(0), 2), (ticket(3), 3), (stray(3), 2)] {
            let expected = claim(Some(&lapsed), (6, 4, epoch), Some("no"), Then::RunAlone);
            assert_eq!(decide(&ticket, Some(&lapsed)), expected);
        }
    }
}

#[test]
fn a_lapsed_lease_of_the_last_try_is_taken_over_to_give_up() {
    let lapsed = |tries| Work {
        tries,
        ..work(State::Processing, PAST)
    };
    let then = |tries| match decide(&ticket(0), Some(&lapsed(tries))) {
        Action::Claim(claim) => (claim.work.tries, claim.then),
        other => panic!("{other:?}"),
    };
    assert_eq!(then(7), (8, Then::RunAlone));
    assert_eq!(then(8), (9, Then::GiveUp));
    assert_eq!(then(9), (10, Then::GiveUp));
}

#[test]
fn a_live_lease_is_never_taken_and_its_ticket_never_dropped() {
    for ticket in [ticket(0), ticket(9), stray(9)] {
        let live = work(State::Processing, AHEAD);
        assert_eq!(
            decide(&ticket, Some(&live)),
            Action::PutBack { until: AHEAD }
        );
    }
}

#[test]
fn a_succeeded_event_runs_again_only_for_a_newer_epoch() {
    // `until` says nothing here.
    for until in [PAST, AHEAD] {
        let done = Work {
            last_error: None,
            ..work(State::Succeeded, until)
        };
        for ticket in [ticket(0), ticket(1), ticket(2), stray(3)] {
            assert_eq!(decide(&ticket, Some(&done)), Action::Drop);
        }
        let replay = claim(Some(&done), (6, 1, 3), None, Then::Run);
        assert_eq!(decide(&ticket(3), Some(&done)), replay);
    }
}

#[test]
fn a_failed_event_is_opened_by_any_ticket_but_a_redeliverys_as_often_as_it_comes() {
    for until in [PAST, AHEAD] {
        let failed = work(State::Failed, until);
        for (ticket, epoch) in [
            (ticket(0), 2),
            (ticket(2), 2),
            (ticket(3), 3),
            (stray(3), 2),
        ] {
            for reopens in [0, 2, 3, u32::MAX] {
                let failed = Work {
                    reopens,
                    ..failed.clone()
                };
                let expected = claim(Some(&failed), (6, 1, epoch), Some("no"), Then::Run);
                assert_eq!(decide(&ticket, Some(&failed)), expected);
            }
        }
    }
}

/// Work that failed at this time, after redeliveries had opened so many rounds.
fn failed(at: UnixMillis, reopens: u32) -> Work {
    Work {
        reopens,
        ..work(State::Failed, at)
    }
}

#[test]
fn redeliveries_open_three_rounds_of_a_failed_event_at_once() {
    for reopens in 0..3 {
        let found = failed(PAST, reopens);
        let Action::Claim(claimed) = decide(&redelivery(0), Some(&found)) else {
            panic!("{reopens}");
        };
        assert_eq!(claimed.then, Then::Run);
        assert_eq!(claimed.as_read, Some(found.version()));
        assert_eq!(claimed.work.reopens, reopens + 1);
        let numbers = (claimed.work.attempt, claimed.work.tries, claimed.work.epoch);
        assert_eq!(numbers, (6, 1, 2));
    }
}

#[test]
fn a_further_round_waits_until_an_hour_after_the_failure_and_is_counted_at_once() {
    let hour = 3_600_000;
    for (ago, reopens) in [(0, 3), (1, 3), (hour - 1, 3), (1, u32::MAX)] {
        let found = failed(UnixMillis(NOW.0 - ago), reopens);
        let expected = Action::Postpone {
            as_read: found.version(),
            work: Work {
                state: State::Waiting,
                tries: 0,
                until: UnixMillis(NOW.0 - ago + hour),
                reopens: reopens.saturating_add(1),
                token: LEASE.token,
                expires_at: UnixSeconds(EVENT.expires_at.0 + 2 * 86_400),
                ..found.clone()
            },
        };
        assert_eq!(decide(&redelivery(0), Some(&found)), expected, "{ago}");
        let Action::Postpone { work, .. } = expected else {
            continue;
        };
        // The round is begun: its ticket, or the sweeper's, runs it when its hour has come, and no redelivery
        // makes it come later.
        for ticket in [redelivery(0), ticket(0)] {
            let until = work.until;
            assert_eq!(decide(&ticket, Some(&work)), Action::PutBack { until });
            let due = Work {
                until: NOW,
                ..work.clone()
            };
            let expected = claim(Some(&due), (6, 1, 2), Some("no"), Then::Run);
            assert_eq!(decide(&ticket, Some(&due)), expected);
        }
    }
}

#[test]
fn an_hour_after_the_failure_a_further_round_is_opened_at_once() {
    for ago in [3_600_000, 9_999_999] {
        let found = failed(UnixMillis(NOW.0 - ago), 3);
        let Action::Claim(claimed) = decide(&redelivery(0), Some(&found)) else {
            panic!("{ago}");
        };
        assert_eq!((claimed.work.reopens, claimed.work.tries), (4, 1));
    }
}

#[test]
fn a_redeliverys_ticket_is_like_any_other_where_the_event_has_not_failed() {
    let mut works = vec![None];
    for state in [State::Waiting, State::Processing, State::Succeeded] {
        works.extend([PAST, NOW, AHEAD].map(|until| Some(work(state, until))));
    }
    for work in works {
        let work = work.as_ref();
        assert_eq!(decide(&redelivery(0), work), decide(&ticket(0), work));
    }
}

/// What is done with the ticket of an event of this age whose source isn't configured.
fn homeless(ticket: &Ticket, age: i64, work: Option<&Work>) -> Action {
    let event = Recording {
        life: Life(UnixMillis(NOW.0 - age)),
        ..EVENT
    };
    let ticket = Ticket {
        life: event.life,
        ..ticket.clone()
    };
    let work = work.map(|work| Work {
        life: event.life,
        ..work.clone()
    });
    let gone = Configured::No;
    let (event, work) = (Some(event), work.as_ref());
    on_ticket(&ticket, event, work, gone, NOW, LEASE, &LIMITS)
}

#[test]
fn an_event_whose_source_is_not_configured_waits_an_hour_for_it_and_is_then_given_up() {
    let again = Action::PutBack {
        until: UnixMillis(NOW.0 + 60_000),
    };
    let unfinished = [
        None,
        Some(work(State::Waiting, PAST)),
        Some(work(State::Processing, PAST)),
    ];
    for work in unfinished {
        for ticket in [ticket(0), redelivery(0), ticket(9)] {
            for age in [-1, 0, 3_599_999] {
                assert_eq!(homeless(&ticket, age, work.as_ref()), again);
            }
            for age in [3_600_000, 9_999_999] {
                match homeless(&ticket, age, work.as_ref()) {
                    Action::Claim(claim) => assert_eq!(claim.then, Then::Disown),
                    other => panic!("{other:?}"),
                }
            }
        }
    }
}

#[test]
fn what_is_asked_of_an_ended_event_without_its_source_is_buried_after_the_hour() {
    for (ticket, found) in [
        (ticket(0), failed(PAST, 0)),
        (redelivery(0), failed(PAST, 0)),
        (redelivery(0), failed(PAST, 3)),
        (ticket(3), work(State::Succeeded, PAST)),
    ] {
        let young = homeless(&ticket, 3_599_999, Some(&found));
        assert!(matches!(young, Action::PutBack { .. }), "{young:?}");
        let old = homeless(&ticket, 3_600_000, Some(&found));
        assert_eq!(old, Action::Bury(Reason::UnknownSource));
    }
}

#[test]
fn without_its_source_a_live_lease_is_let_live_and_what_is_done_is_done() {
    for age in [0, 3_600_000] {
        for state in [State::Waiting, State::Processing] {
            let live = work(state, AHEAD);
            let until = Action::PutBack { until: AHEAD };
            assert_eq!(homeless(&ticket(0), age, Some(&live)), until);
        }
        let done = work(State::Succeeded, PAST);
        assert_eq!(homeless(&ticket(2), age, Some(&done)), Action::Drop);
    }
}

#[test]
fn whatever_is_found_no_claim_lowers_attempt_or_epoch_or_leaves_the_condition_out() {
    for state in STATES {
        for until in [PAST, NOW, AHEAD] {
            for life in [RECEIVED.0.0 - 1, RECEIVED.0.0, RECEIVED.0.0 + 1] {
                for (attempt, tries, epoch) in [(1, 1, 0), (5, 8, 2), (900, 9, 7)] {
                    for ticket in [ticket(0), ticket(3), ticket(8), stray(9)] {
                        let found = Work {
                            life: Life(UnixMillis(life)),
                            attempt,
                            tries,
                            epoch,
                            ..work(state, until)
                        };
                        let Action::Claim(claim) = decide(&ticket, Some(&found)) else {
                            continue;
                        };
                        assert_eq!(claim.as_read, Some(found.version()));
                        assert_eq!(claim.work.attempt, attempt + 1);
                        assert_eq!(claim.work.life, RECEIVED);
                        assert_eq!(claim.work.state, State::Processing);
                        assert_eq!(claim.work.until, LEASE.ends);
                        assert!(claim.work.expires_at > EVENT.expires_at);
                        assert!(life < RECEIVED.0.0 || claim.work.epoch >= epoch);
                        assert!(claim.work.tries == 1 || claim.work.tries == tries + 1);
                    }
                }
            }
        }
    }
}

#[test]
fn what_is_put_back_comes_1_to_5_seconds_later() {
    assert_eq!(put_back_jitter(0), Millis(1_000));
    assert_eq!(put_back_jitter(u64::MAX / 2), Millis(3_000));
    assert_eq!(put_back_jitter(u64::MAX), Millis(5_000));
    for bit in 0..64 {
        assert!((1_000..=5_000).contains(&put_back_jitter(1 << bit).0));
    }
}

#[test]
fn every_reason_has_its_own_word() {
    let reasons = [
        Reason::Malformed,
        Reason::Absent,
        Reason::Expired,
        Reason::Permanent,
        Reason::Exhausted,
        Reason::UnknownSource,
    ];
    let words: std::collections::BTreeSet<_> = reasons.map(Reason::as_str).into();
    assert_eq!(words.len(), reasons.len());
}
