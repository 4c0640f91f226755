use super::*;
use crate::{
    ledger::{EventKey, State},
    ports::Position,
    time::UnixSeconds,
};

const NOW: UnixMillis = UnixMillis(1_800_000_000_000);
const LIFE: Life = Life(UnixMillis(NOW.0 - 7_200_000));
const GRACE: Millis = Millis::seconds(360);

fn work(state: State, until: i64) -> Work {
    Work {
        life: LIFE,
        state,
        attempt: 2,
        until: UnixMillis(until),
        token: 0,
        legs: [].into(),
        all: 0,
        expires_at: UnixSeconds(i64::MAX),
    }
}

const LOOKING: Looking = Looking {
    now: NOW,
    grace: GRACE,
    last: false,
    backlog: None,
};

const LAST: Looking = Looking {
    last: true,
    ..LOOKING
};

fn look_at(work: &Work) -> Look {
    look(Some(work), LIFE, &LOOKING)
}

#[test]
fn an_event_without_work_is_overdue() {
    assert_eq!(look(None, LIFE, &LOOKING), Look::Overdue);
}

#[test]
fn an_older_lifes_work_hides_nothing() {
    for state in [
        State::Waiting,
        State::Processing,
        State::Succeeded,
        State::Failed,
    ] {
        let old = Work {
            life: Life(UnixMillis(LIFE.0.0 - 1)),
            ..work(state, i64::MAX)
        };
        assert_eq!(look_at(&old), Look::Overdue, "{state:?}");
    }
}

#[test]
fn a_finished_event_is_left_alone_however_old() {
    for state in [State::Succeeded, State::Failed] {
        for until in [i64::MIN, 0, NOW.0, i64::MAX] {
            assert_eq!(look_at(&work(state, until)), Look::Finished);
        }
    }
}

#[test]
fn unfinished_work_is_overdue_once_its_ticket_can_no_longer_be_hidden() {
    for state in [State::Waiting, State::Processing] {
        for (until, expected) in [
            (i64::MIN, Look::Overdue),
            (NOW.0 - GRACE.0 - 1, Look::Overdue),
            (NOW.0 - GRACE.0, Look::InHand),
            (NOW.0, Look::InHand),
            (NOW.0 + 1, Look::InHand),
            (i64::MAX, Look::InHand),
        ] {
            assert_eq!(
                look_at(&work(state, until)),
                expected,
                "{state:?} until {until}"
            );
        }
    }
}

#[test]
fn the_last_look_trusts_nothing_that_is_unfinished() {
    for state in [State::Waiting, State::Processing] {
        for until in [NOW.0 - GRACE.0, i64::MAX] {
            let in_hand = work(state, until);
            assert_eq!(look(Some(&in_hand), LIFE, &LAST), Look::Overdue);
        }
    }
    for state in [State::Succeeded, State::Failed] {
        assert_eq!(look(Some(&work(state, 0)), LIFE, &LAST), Look::Finished);
    }
}

#[test]
fn an_event_without_work_waits_behind_an_older_backlog_but_not_at_its_last_look() {
    let behind = |looking: Looking, ago| {
        let backlog = Some(UnixMillis(LIFE.0.0 - ago));
        look(None, LIFE, &Looking { backlog, ..looking })
    };
    assert_eq!(behind(LOOKING, 1), Look::InHand);
    assert_eq!(behind(LOOKING, 0), Look::InHand);
    assert_eq!(behind(LOOKING, -1), Look::Overdue);
    assert_eq!(behind(LAST, 1), Look::Overdue);
}

#[test]
fn a_newer_lifes_work_is_looked_at_as_it_stands() {
    // The index still lists the life that has passed.
    let newer = Work {
        life: Life(UnixMillis(LIFE.0.0 + 1)),
        ..work(State::Succeeded, NOW.0)
    };
    assert_eq!(look_at(&newer), Look::Finished);
}

#[test]
fn what_the_look_before_has_seen_finished_is_between_what_it_saw_unfinished_and_where_it_stands() {
    let cursor = |at, unfinished: Option<i64>| Cursor {
        at: Position {
            received_at: UnixMillis(at),
            key: EventKey::new("s", "e"),
        },
        unfinished: unfinished.map(UnixMillis),
    };
    let saw = |cursor| saw_finished(&cursor, UnixMillis(10), UnixMillis(20));
    assert!(saw(cursor(21, None)));
    assert!(saw(cursor(21, Some(9))));
    // Of one millisecond some events may stand behind a cursor, and some before it.
    assert!(!saw(cursor(20, None)));
    for unfinished in [10, 15, 20, 21] {
        assert!(!saw(cursor(21, Some(unfinished))), "{unfinished}");
    }
}
