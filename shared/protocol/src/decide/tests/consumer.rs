use super::*;
use crate::{
    decide::limits::Limits,
    ledger::{By, EventKey},
    ticket::Why,
};

const NOW: UnixMillis = UnixMillis(1_800_000_000_000);
const PAST: UnixMillis = UnixMillis(NOW.0 - 1);
const AHEAD: UnixMillis = UnixMillis(NOW.0 + 1);
const HOUR: i64 = 3_600_000;
const MESSAGE: Ask = Ask(1);
const LEASE: Lease = Lease {
    ends: UnixMillis(NOW.0 + 65_000),
    token: 77,
};
const RECEIVED: Life = Life(UnixMillis(NOW.0 - HOUR));
const EVENT: Recording = Recording {
    life: RECEIVED,
    expires_at: UnixSeconds(NOW.0 / 1_000 + 86_400),
};
const LIMITS: Limits = Limits {
    tries: 8,
    backoff_base: Millis::seconds(5),
    backoff_max: Millis::seconds(900),
    age: Millis::days(3),
    reopens: 3,
    reopen_after: Millis::seconds(3_600),
};
const STATES: [State; 4] = [
    State::Waiting,
    State::Processing,
    State::Succeeded,
    State::Failed,
];
const WHYS: [Why; 6] = [
    Why::New,
    Why::Again,
    Why::Sweep,
    Why::Reopen,
    Why::Redrive,
    Why::Replay,
];
use LegState::{Failed, Processing, Skipped, Succeeded, Waiting};

fn ticket(why: Why) -> Ticket {
    let key = EventKey::new("stripe", "evt_1");
    Ticket {
        epoch: u64::from(why == Why::Replay),
        ..Ticket::new(key, RECEIVED, why, PAST)
    }
}

fn naming(why: Why, route: &str) -> Ticket {
    Ticket {
        route: Some(route.into()),
        ..ticket(why)
    }
}

/// A configuration of these routes, all of which match.
fn routes(names: &[&str]) -> Routes {
    Routes {
        limits: names
            .iter()
            .map(|name| ((*name).to_owned(), LIMITS))
            .collect(),
        matching: names.iter().map(|name| (*name).to_owned()).collect(),
        of_gone: LIMITS,
    }
}

fn leg(state: LegState, tries: u32, until: UnixMillis) -> Leg {
    Leg {
        state,
        tries,
        until,
        ..Leg::opened(RECEIVED.0)
    }
}

fn work(state: State, until: UnixMillis, legs: &[(&str, Leg)]) -> Work {
    let legs = legs.iter();
    Work {
        life: RECEIVED,
        state,
        attempt: 5,
        until,
        token: 0,
        legs: legs
            .map(|(name, leg)| ((*name).to_owned(), leg.clone()))
            .collect(),
        all: 0,
        expires_at: UnixSeconds(0),
    }
}

fn decide(ticket: &Ticket, work: Option<&Work>) -> Action {
    let routes = routes(&["a", "b"]);
    on_ticket(
        ticket,
        MESSAGE,
        Some(EVENT),
        work,
        Some(&routes),
        NOW,
        LEASE,
    )
}

/// The claim that is made.
#[track_caller]
fn claim(action: Action) -> Claim {
    match action {
        Action::Claim(claim) => claim,
        other => panic!("{other:?}"),
    }
}

fn runs(action: Action) -> Vec<(String, u32)> {
    let claim = claim(action);
    let run = claim.run.iter();
    run.map(|name| (name.clone(), claim.work.legs[name].tries))
        .collect()
}

fn named(legs: &[(&str, u32)]) -> Vec<(String, u32)> {
    legs.iter()
        .map(|(name, tries)| ((*name).to_owned(), *tries))
        .collect()
}

#[test]
fn a_ticket_without_an_event_is_buried_whatever_its_work_says() {
    for work in [None, Some(work(State::Waiting, PAST, &[]))] {
        for routes in [None, Some(&routes(&["a"]))] {
            let work = work.as_ref();
            let action = on_ticket(&ticket(Why::New), MESSAGE, None, work, routes, NOW, LEASE);
            assert_eq!(action, Action::Bury(Reason::Absent));
        }
    }
}

#[test]
fn an_event_counts_until_the_second_before_it_expires() {
    let at = |expires_at| {
        let event = Some(Recording {
            expires_at,
            ..EVENT
        });
        let routes = routes(&["a"]);
        on_ticket(
            &ticket(Why::New),
            MESSAGE,
            event,
            None,
            Some(&routes),
            NOW,
            LEASE,
        )
    };
    let now = NOW.seconds().0;
    assert_eq!(at(UnixSeconds(now - 1)), Action::Bury(Reason::Expired));
    assert_eq!(at(UnixSeconds(now)), Action::Bury(Reason::Expired));
    assert!(matches!(at(UnixSeconds(now + 1)), Action::Claim(_)));
}

#[test]
fn an_event_without_work_is_claimed_along_every_route_that_matches() {
    for why in WHYS {
        let claim = claim(decide(&ticket(why), None));
        assert_eq!(claim.as_read, None);
        assert_eq!(
            (claim.run.as_slice(), claim.alone),
            (&["a".into(), "b".into()][..], false)
        );
        let work = &claim.work;
        assert_eq!(
            (work.attempt, work.state, work.until),
            (1, State::Processing, LEASE.ends)
        );
        assert_eq!(work.token, LEASE.token);
        assert_eq!(
            work.expires_at,
            UnixSeconds(EVENT.expires_at.0 + 2 * 86_400)
        );
        let epoch = u64::from(why == Why::Replay);
        assert_eq!(work.all, epoch);
        for leg in work.legs.values() {
            let numbers = (leg.state, leg.tries, leg.until, leg.since, leg.epoch);
            assert_eq!(numbers, (Processing, 1, LEASE.ends, NOW, epoch));
        }
    }
}

#[test]
fn an_event_that_no_route_matches_has_succeeded_with_one_write() {
    let none = routes(&[]);
    let action = on_ticket(
        &ticket(Why::New),
        MESSAGE,
        Some(EVENT),
        None,
        Some(&none),
        NOW,
        LEASE,
    );
    let claim = claim(action);
    assert!(claim.ends_with_the_write());
    assert_eq!(
        (claim.work.state, claim.work.attempt),
        (State::Succeeded, 1)
    );
}

#[test]
fn the_work_of_an_older_life_hides_nothing_and_hands_on_its_fence_only() {
    for state in STATES {
        for until in [PAST, AHEAD] {
            let old = Work {
                life: Life(UnixMillis(RECEIVED.0.0 - 1)),
                all: 9,
                ..work(state, until, &[("a", leg(Failed, 8, PAST))])
            };
            // The old life's own ticket, come late, asks nothing of this one.
            let stray = Ticket {
                life: old.life,
                ..ticket(Why::Replay)
            };
            for ticket in [ticket(Why::New), stray] {
                let claim = claim(decide(&ticket, Some(&old)));
                assert_eq!(claim.as_read, Some(old.version()));
                let numbers = (claim.work.attempt, claim.work.life, claim.work.all);
                assert_eq!(numbers, (6, RECEIVED, 0));
                assert_eq!(claim.work.legs["a"].tries, 1);
            }
        }
    }
}

#[test]
fn work_of_a_newer_life_than_the_event_read_is_put_back() {
    for state in STATES {
        let newer = Work {
            life: Life(UnixMillis(RECEIVED.0.0 + 1)),
            ..work(state, PAST, &[])
        };
        let action = decide(&ticket(Why::New), Some(&newer));
        assert_eq!(action, Action::PutBack { until: NOW });
    }
}

#[test]
fn a_live_lease_is_never_taken_and_its_ticket_never_dropped() {
    let live = work(
        State::Processing,
        AHEAD,
        &[("a", leg(Processing, 8, AHEAD))],
    );
    for why in WHYS {
        let action = decide(&ticket(why), Some(&live));
        assert_eq!(action, Action::PutBack { until: AHEAD }, "{why:?}");
        let gone = on_ticket(
            &ticket(why),
            MESSAGE,
            Some(EVENT),
            Some(&live),
            None,
            NOW,
            LEASE,
        );
        assert_eq!(gone, Action::PutBack { until: AHEAD }, "{why:?}");
    }
}

#[test]
fn legs_that_are_due_run_together_and_the_others_wait_on() {
    for until in [PAST, NOW] {
        let legs = [("a", leg(Waiting, 3, until)), ("b", leg(Waiting, 1, AHEAD))];
        let found = work(State::Waiting, until, &legs);
        let action = decide(&ticket(Why::Again), Some(&found));
        assert_eq!(runs(action.clone()), named(&[("a", 4)]));
        let claim = claim(action);
        assert_eq!(claim.work.legs["b"], legs[1].1);
        assert_eq!(
            (claim.work.attempt, claim.work.state),
            (6, State::Processing)
        );
    }
    let both = [("a", leg(Waiting, 3, PAST)), ("b", leg(Waiting, 1, PAST))];
    let action = decide(
        &ticket(Why::Again),
        Some(&work(State::Waiting, PAST, &both)),
    );
    assert_eq!(runs(action), named(&[("a", 4), ("b", 2)]));
}

#[test]
fn legs_whose_time_is_ahead_get_a_ticket_for_then() {
    let legs = [("a", leg(Failed, 8, PAST)), ("b", leg(Waiting, 1, AHEAD))];
    let found = work(State::Waiting, AHEAD, &legs);
    for why in [Why::New, Why::Again, Why::Sweep] {
        let action = decide(&ticket(why), Some(&found));
        assert_eq!(action, Action::Again { until: AHEAD });
    }
}

#[test]
fn of_what_lapsed_one_leg_runs_the_one_with_the_fewest_tries_and_alone() {
    let legs = [
        ("a", leg(Processing, 3, PAST)),
        ("b", leg(Processing, 2, PAST)),
    ];
    let found = work(State::Processing, PAST, &legs);
    let first = claim(decide(&ticket(Why::New), Some(&found)));
    assert_eq!(
        (first.run.as_slice(), first.alone),
        (&["b".to_owned()][..], true)
    );
    assert_eq!(first.work.legs["b"].tries, 3);
    let waits = &first.work.legs["a"];
    assert_eq!((waits.state, waits.tries, waits.until), (Waiting, 3, NOW));
    assert!(waits.lapsed);
    // The other one's turn comes when this one is back, and it is alone too.
    let done = [("a", waits.clone()), ("b", leg(Succeeded, 3, PAST))];
    let next = claim(decide(
        &ticket(Why::Again),
        Some(&work(State::Waiting, NOW, &done)),
    ));
    assert_eq!(
        (next.run.as_slice(), next.alone),
        (&["a".to_owned()][..], true)
    );
}

#[test]
fn whoever_never_lapsed_runs_before_those_who_did() {
    let lapsed = Leg {
        lapsed: true,
        ..leg(Waiting, 0, PAST)
    };
    let legs = [("a", lapsed), ("b", leg(Waiting, 4, PAST))];
    let action = decide(
        &ticket(Why::Again),
        Some(&work(State::Waiting, PAST, &legs)),
    );
    let claim = claim(action);
    assert_eq!(
        (claim.run.as_slice(), claim.alone),
        (&["b".to_owned()][..], false)
    );
    assert_eq!(claim.work.legs["a"].state, Waiting);
}

#[test]
fn a_leg_that_lapsed_at_its_limit_is_given_up_and_its_neighbour_runs() {
    for tries in [8, 9] {
        let legs = [
            ("a", leg(Processing, tries, PAST)),
            ("b", leg(Processing, 7, PAST)),
        ];
        let claim = claim(decide(
            &ticket(Why::New),
            Some(&work(State::Processing, PAST, &legs)),
        ));
        let given_up = GiveUp {
            route: Some("a".into()),
            reason: Reason::Exhausted,
        };
        assert_eq!(
            (claim.give_up, claim.run),
            (vec![given_up], vec!["b".into()])
        );
        assert_eq!(claim.work.legs["a"].tries, tries);
    }
}

#[test]
fn what_has_ended_is_left_alone_by_whoever_asks_nothing() {
    let legs = [("a", leg(Failed, 8, PAST)), ("b", leg(Succeeded, 1, PAST))];
    let found = work(State::Failed, PAST, &legs);
    for why in [Why::New, Why::Again, Why::Sweep] {
        assert_eq!(decide(&ticket(why), Some(&found)), Action::Drop);
    }
    // Nor does anything that was sent to another life.
    for why in WHYS {
        let stray = Ticket {
            life: Life(UnixMillis(RECEIVED.0.0 - 1)),
            ..ticket(why)
        };
        assert_eq!(decide(&stray, Some(&found)), Action::Drop);
    }
    assert_eq!(
        decide(
            &ticket(Why::Redrive),
            Some(&work(State::Succeeded, PAST, &[]))
        ),
        Action::Drop
    );
}

#[test]
fn a_redrive_opens_what_failed_once() {
    let legs = [("a", leg(Failed, 8, PAST)), ("b", leg(Succeeded, 1, PAST))];
    let found = work(State::Failed, PAST, &legs);
    let opened = claim(decide(&ticket(Why::Redrive), Some(&found)));
    assert_eq!(opened.run, ["a"]);
    let leg = &opened.work.legs["a"];
    assert_eq!((leg.tries, leg.since, leg.reopens), (1, NOW, 0));
    assert!(leg.by.knows(MESSAGE));
    assert_eq!(opened.work.legs["b"], legs[1].1);
    assert_eq!(
        claim(decide(&naming(Why::Redrive, "a"), Some(&found))).run,
        ["a"]
    );
    assert_eq!(
        decide(&naming(Why::Redrive, "b"), Some(&found)),
        Action::Drop
    );
    // The same message again, when the round has failed too; and another one.
    let failed = Leg {
        state: Failed,
        until: PAST,
        ..leg.clone()
    };
    let again = work(State::Failed, PAST, &[("a", failed)]);
    assert_eq!(decide(&ticket(Why::Redrive), Some(&again)), Action::Drop);
    let (routes, redrive) = (routes(&["a", "b"]), ticket(Why::Redrive));
    let other = on_ticket(
        &redrive,
        Ask(2),
        Some(EVENT),
        Some(&again),
        Some(&routes),
        NOW,
        LEASE,
    );
    assert_eq!(claim(other).run, ["a"]);
    // An ask that has a name of its own is that one, whatever message it comes with.
    let named = Ticket {
        ask: Some(MESSAGE),
        ..redrive
    };
    let same = on_ticket(
        &named,
        Ask(2),
        Some(EVENT),
        Some(&again),
        Some(&routes),
        NOW,
        LEASE,
    );
    assert_eq!(same, Action::Drop);
}

#[test]
fn an_ask_is_served_before_the_legs_that_wait_are_waited_for() {
    let legs = [("a", leg(Failed, 8, PAST)), ("b", leg(Waiting, 1, AHEAD))];
    let found = work(State::Waiting, AHEAD, &legs);
    for why in [Why::Redrive, Why::Reopen] {
        let claim = claim(decide(&ticket(why), Some(&found)));
        assert_eq!(claim.run, ["a"]);
        let told = Leg {
            by: By::from_iter([MESSAGE]),
            ..legs[1].1.clone()
        };
        assert_eq!(claim.work.legs["b"], told);
    }
}

#[test]
fn a_redrive_that_meets_a_leg_which_lapsed_at_its_limit_opens_it() {
    let legs = [("a", leg(Processing, 8, PAST))];
    let found = work(State::Processing, PAST, &legs);
    let claim = claim(decide(&ticket(Why::Redrive), Some(&found)));
    assert_eq!(
        (claim.run.as_slice(), claim.give_up),
        (&["a".to_owned()][..], vec![])
    );
    assert_eq!((claim.work.legs["a"].tries, claim.alone), (1, true));
}

#[test]
fn an_ask_that_finds_its_leg_still_to_be_run_is_served_by_that_run() {
    for why in [Why::Redrive, Why::Reopen] {
        let legs = [("a", leg(Processing, 1, PAST))];
        let found = work(State::Processing, PAST, &legs);
        let claimed = claim(decide(&ticket(why), Some(&found)));
        assert_eq!(
            (claimed.work.legs["a"].tries, claimed.work.legs["a"].reopens),
            (2, 0)
        );
        // The run has failed, and the same message comes again.
        let failed = Leg {
            state: Failed,
            ..claimed.work.legs["a"].clone()
        };
        let again = work(State::Failed, PAST, &[("a", failed)]);
        assert_eq!(decide(&ticket(why), Some(&again)), Action::Drop, "{why:?}");
    }
}

#[test]
fn redeliveries_open_three_rounds_of_a_failed_leg_at_once() {
    for reopens in 0..3 {
        let failed = Leg {
            reopens,
            ..leg(Failed, 8, PAST)
        };
        let found = work(State::Failed, PAST, &[("a", failed)]);
        let claim = claim(decide(&ticket(Why::Reopen), Some(&found)));
        let leg = &claim.work.legs["a"];
        assert_eq!(
            (claim.run, leg.tries, leg.reopens),
            (vec!["a".into()], 1, reopens + 1)
        );
    }
}

#[test]
fn a_further_round_waits_until_an_hour_after_the_failure_and_is_in_the_ledger_at_once() {
    for (ago, reopens) in [(0, 3), (1, 3), (HOUR - 1, 3), (1, u32::MAX)] {
        let failed = Leg {
            reopens,
            ..leg(Failed, 8, UnixMillis(NOW.0 - ago))
        };
        let found = work(State::Failed, PAST, &[("a", failed)]);
        let claimed = claim(decide(&ticket(Why::Reopen), Some(&found)));
        assert!(claimed.ends_with_the_write());
        let due = UnixMillis(NOW.0 - ago + HOUR);
        assert_eq!(
            (claimed.work.state, claimed.work.until),
            (State::Waiting, due)
        );
        // A write of its own: whoever read what stood there before can't claim it any more.
        assert_eq!(claimed.work.attempt, 6);
        let leg = &claimed.work.legs["a"];
        let numbers = (leg.state, leg.tries, leg.until, leg.reopens);
        assert_eq!(numbers, (Waiting, 0, due, reopens.saturating_add(1)));
        // From here on it is a leg that waits: no redelivery makes it come later.
        let again = decide(&ticket(Why::Reopen), Some(&claimed.work));
        assert_eq!(again, Action::Again { until: due });
    }
}

#[test]
fn an_hour_after_the_failure_a_further_round_is_opened_at_once() {
    for ago in [HOUR, 9_999_999] {
        let failed = Leg {
            reopens: 3,
            ..leg(Failed, 8, UnixMillis(NOW.0 - ago))
        };
        let found = work(State::Failed, PAST, &[("a", failed)]);
        let claim = claim(decide(&ticket(Why::Reopen), Some(&found)));
        assert_eq!(
            (claim.run, claim.work.legs["a"].reopens),
            (vec!["a".into()], 4)
        );
    }
}

#[test]
fn a_replay_opens_whatever_has_an_older_number_in_any_state() {
    for state in [Waiting, Succeeded, Skipped, Failed] {
        let legs = [("a", leg(state, 2, AHEAD))];
        let found = work(State::Succeeded, PAST, &legs);
        let found = Work { all: 1, ..found };
        let replay = Ticket {
            epoch: 2,
            ..naming(Why::Replay, "a")
        };
        let claim = claim(decide(&replay, Some(&found)));
        let leg = &claim.work.legs["a"];
        assert_eq!((claim.run, leg.tries, leg.epoch), (vec!["a".into()], 1, 2));
        assert_eq!(claim.work.all, 1);
        let old = Ticket { epoch: 0, ..replay };
        let spare = decide(&old, Some(&found));
        assert!(!matches!(spare, Action::Claim(_)), "{spare:?}");
    }
}

#[test]
fn a_replay_runs_a_route_that_was_added_if_it_is_named_or_the_replay_is_newer_than_all_before() {
    let legs = [("a", leg(Succeeded, 1, PAST))];
    let found = |all| Work {
        all,
        ..work(State::Succeeded, PAST, &legs)
    };
    let run = |ticket: &Ticket, all| match decide(ticket, Some(&found(all))) {
        Action::Claim(claim) => claim.run,
        _ => Vec::new(),
    };
    assert_eq!(run(&naming(Why::Replay, "b"), 1), ["b"]);
    assert_eq!(run(&ticket(Why::Replay), 0), ["a", "b"]);
    // One that comes late opens the leg that it was for, and none that was added since.
    assert_eq!(run(&ticket(Why::Replay), 1), ["a"]);
}

#[test]
fn a_replay_that_finds_nothing_to_run_is_remembered() {
    let found = work(State::Succeeded, PAST, &[]);
    let none = routes(&[]);
    let replay = ticket(Why::Replay);
    let action = on_ticket(
        &replay,
        MESSAGE,
        Some(EVENT),
        Some(&found),
        Some(&none),
        NOW,
        LEASE,
    );
    let claim = claim(action);
    assert!(claim.ends_with_the_write());
    assert_eq!((claim.work.all, claim.work.state), (1, State::Succeeded));
}

#[test]
fn a_leg_whose_route_is_gone_is_held_without_a_try_and_given_up_in_the_end() {
    let legs = [("gone", leg(Waiting, 1, PAST))];
    let found = work(State::Waiting, PAST, &legs);
    let held = claim(decide(&ticket(Why::Again), Some(&found)));
    assert!(held.ends_with_the_write());
    let leg = &held.work.legs["gone"];
    assert_eq!((leg.state, leg.tries), (Waiting, 1));
    assert!(leg.until > NOW && held.work.until == leg.until);

    let old = Leg {
        since: UnixMillis(NOW.0 - Millis::days(3).0),
        ..legs[0].1.clone()
    };
    let found = work(State::Waiting, PAST, &[("gone", old)]);
    let claim = claim(decide(&ticket(Why::Again), Some(&found)));
    let given_up = GiveUp {
        route: Some("gone".into()),
        reason: Reason::UnknownRoute,
    };
    assert_eq!((claim.give_up, claim.run), (vec![given_up], vec![]));
}

#[test]
fn a_ticket_that_names_a_route_which_is_gone_waits_an_hour_and_is_then_buried() {
    let legs = [("a", leg(Failed, 8, PAST))];
    let found = work(State::Failed, PAST, &legs);
    for why in [Why::Redrive, Why::Replay] {
        let sent = |ago| Ticket {
            sent_at: UnixMillis(NOW.0 - ago),
            ..naming(why, "gone")
        };
        let young = decide(&sent(HOUR - 1), Some(&found));
        let reason = Reason::UnknownRoute;
        assert!(
            matches!(young, Action::Defer { until, reason: why } if until > NOW && why == reason)
        );
        assert_eq!(decide(&sent(HOUR), Some(&found)), Action::Bury(reason));
    }
}

#[test]
fn a_ticket_whose_ask_was_served_before_its_route_went_sees_to_the_legs_that_wait() {
    // Its holder died: there may be no other ticket.
    let served = Leg {
        epoch: 1,
        by: By::from_iter([MESSAGE]),
        ..leg(Processing, 1, PAST)
    };
    let found = work(State::Processing, PAST, &[("gone", served)]);
    for why in [Why::Redrive, Why::Replay] {
        let old = Ticket {
            sent_at: UnixMillis(NOW.0 - HOUR),
            ..naming(why, "gone")
        };
        let claim = claim(decide(&old, Some(&found)));
        assert_eq!(claim.work.legs["gone"].state, Waiting, "{why:?}");
    }
}

/// What is done with a ticket of this age whose source isn't configured.
fn homeless(why: Why, ago: i64, work: Option<&Work>) -> Action {
    let ticket = Ticket {
        sent_at: UnixMillis(NOW.0 - ago),
        ..ticket(why)
    };
    on_ticket(&ticket, MESSAGE, Some(EVENT), work, None, NOW, LEASE)
}

#[test]
fn an_event_whose_source_is_not_configured_waits_an_hour_for_it_and_is_then_given_up() {
    let legs = [
        ("a", leg(Waiting, 1, AHEAD)),
        ("b", leg(Succeeded, 1, PAST)),
    ];
    let waiting = work(State::Waiting, AHEAD, &legs);
    let lapsed = work(State::Processing, PAST, &[("a", leg(Processing, 1, PAST))]);
    for (found, given_up) in [
        (None, None),
        (Some(waiting), Some("a")),
        (Some(lapsed), Some("a")),
    ] {
        for why in WHYS {
            for ago in [-1, 0, HOUR - 1] {
                let young = homeless(why, ago, found.as_ref());
                assert!(matches!(young, Action::Defer { .. }), "{young:?}");
            }
            let claim = claim(homeless(why, HOUR, found.as_ref()));
            let expected = GiveUp {
                route: given_up.map(Into::into),
                reason: Reason::UnknownSource,
            };
            assert_eq!((claim.run, claim.give_up), (vec![], vec![expected]));
            // What is asked goes into a letter of its own.
            let asks = matches!(why, Why::Reopen | Why::Redrive | Why::Replay);
            assert_eq!(claim.bury, asks);
        }
    }
}

#[test]
fn what_is_asked_of_an_ended_event_without_its_source_is_buried_after_the_hour() {
    let found = work(State::Failed, PAST, &[("a", leg(Failed, 8, PAST))]);
    for why in [Why::Reopen, Why::Redrive, Why::Replay] {
        let young = homeless(why, HOUR - 1, Some(&found));
        assert!(matches!(young, Action::Defer { .. }), "{young:?}");
        let old = homeless(why, HOUR, Some(&found));
        assert_eq!(old, Action::Bury(Reason::UnknownSource));
    }
    for why in [Why::New, Why::Again, Why::Sweep] {
        assert_eq!(homeless(why, HOUR, Some(&found)), Action::Drop);
    }
}

#[test]
fn an_event_that_was_given_up_before_its_routes_were_known_begins_anew_when_somebody_asks() {
    let found = work(State::Failed, PAST, &[]);
    for why in [Why::Reopen, Why::Redrive, Why::Replay] {
        let claim = claim(decide(&ticket(why), Some(&found)));
        assert_eq!(
            (claim.run, claim.work.attempt),
            (vec!["a".into(), "b".into()], 6)
        );
        // The same message again opens no second round.
        let failed = claim.work.legs.into_iter().map(|(name, leg)| {
            let leg = Leg {
                state: Failed,
                ..leg
            };
            (name, leg)
        });
        let failed = Work {
            state: State::Failed,
            legs: failed.collect(),
            all: claim.work.all,
            ..found.clone()
        };
        assert_eq!(decide(&ticket(why), Some(&failed)), Action::Drop, "{why:?}");
    }
    assert_eq!(decide(&ticket(Why::Sweep), Some(&found)), Action::Drop);
    // Whoever was to say so never came back.
    let lapsed = work(State::Processing, PAST, &[]);
    assert_eq!(
        claim(decide(&ticket(Why::Sweep), Some(&lapsed))).run,
        ["a", "b"]
    );
}

#[test]
fn whatever_is_found_no_claim_lowers_a_number_or_leaves_the_condition_out() {
    for state in STATES {
        for until in [PAST, NOW, AHEAD] {
            for life in [RECEIVED.0.0 - 1, RECEIVED.0.0, RECEIVED.0.0 + 1] {
                for of_a in LegState::ALL {
                    for why in WHYS {
                        let old = Leg {
                            epoch: 3,
                            reopens: 2,
                            by: By::from_iter([Ask(9)]),
                            ..leg(of_a, 8, until)
                        };
                        let found = Work {
                            life: Life(UnixMillis(life)),
                            ..work(state, until, &[("a", old.clone())])
                        };
                        let Action::Claim(claim) = decide(&ticket(why), Some(&found)) else {
                            continue;
                        };
                        assert_eq!(claim.as_read, Some(found.version()));
                        assert_eq!((claim.work.attempt, claim.work.life), (6, RECEIVED));
                        assert!(claim.work.expires_at > EVENT.expires_at);
                        let leg = &claim.work.legs["a"];
                        let same = life == RECEIVED.0.0;
                        assert!(
                            !same || leg.epoch >= 3 && leg.reopens >= 2 && leg.by.knows(Ask(9))
                        );
                        let in_hand = claim.work.legs.values().any(|leg| leg.state == Processing);
                        assert_eq!(in_hand, !claim.ends_with_the_write());
                        assert_eq!(in_hand, claim.work.state == State::Processing);
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
