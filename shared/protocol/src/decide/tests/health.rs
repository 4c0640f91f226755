use super::*;

#[path = "backlog.rs"]
mod backlog;

const NOW: UnixMillis = UnixMillis(1_800_000_000_000);
const TRIAL_ENDS: UnixMillis = UnixMillis(NOW.0 + 65_000);

fn ago(seconds: i64) -> UnixMillis {
    NOW.plus(Millis::seconds(-seconds))
}

fn ahead(seconds: i64) -> UnixMillis {
    ago(-seconds)
}

fn health(standing: Standing, since: UnixMillis, until: UnixMillis) -> Health {
    Health {
        standing,
        since,
        until,
        revision: 7,
        ..Health::default()
    }
}

fn tally(reached: u32, failed: u32) -> Tally {
    Tally {
        reached,
        failed,
        error: (failed > 0).then(|| "503".into()),
        tried: false,
    }
}

/// What follows from outcomes, one batch after another.
fn after(outcomes: &[(u32, u32, i64)]) -> Option<Health> {
    let mut health: Option<Health> = None;
    for (reached, failed, at) in outcomes {
        let now = NOW.plus(Millis::seconds(*at));
        health = match leave(health.as_ref(), &tally(*reached, *failed), now, 9) {
            Change::None => health,
            Change::Counted(health)
            | Change::Opened(health)
            | Change::StillOpen(health)
            | Change::Closed(health) => Some(health),
        };
    }
    health
}

fn standing(outcomes: &[(u32, u32, i64)]) -> Standing {
    after(outcomes).map_or(Standing::Closed, |health| health.standing)
}

#[test]
fn a_destination_of_which_nothing_is_known_is_sent_to() {
    assert_eq!(enter(None, NOW, 0, TRIAL_ENDS, 9), Entry::Pass);
    let closed = health(Standing::Closed, ago(9), UnixMillis(0));
    assert_eq!(enter(Some(&closed), NOW, 0, TRIAL_ENDS, 9), Entry::Pass);
}

#[test]
fn success_alone_is_never_written() {
    assert_eq!(leave(None, &tally(10, 0), NOW, 9), Change::None);
    let once = after(&[(0, 1, 0)]);
    let later = NOW.plus(WINDOW);
    assert_eq!(leave(once.as_ref(), &tally(10, 0), later, 9), Change::None);
}

#[test]
fn five_failures_that_are_half_of_all_open_it() {
    assert_eq!(standing(&[(0, 4, 0)]), Standing::Closed);
    assert_eq!(standing(&[(0, 5, 0)]), Standing::Open);
    assert_eq!(
        standing(&[(0, 1, 0), (0, 1, 60), (0, 3, 299)]),
        Standing::Open
    );
    assert_eq!(standing(&[(5, 5, 0)]), Standing::Open);
    assert_eq!(standing(&[(6, 5, 0)]), Standing::Closed);
    assert_eq!(standing(&[(0, 1, 0), (4, 0, 1), (0, 4, 2)]), Standing::Open);
    assert_eq!(
        standing(&[(0, 1, 0), (5, 0, 1), (0, 3, 2)]),
        Standing::Closed
    );
}

#[test]
fn failures_are_counted_together_for_five_minutes() {
    assert_eq!(standing(&[(0, 4, 0), (0, 1, 300)]), Standing::Closed);
    assert_eq!(standing(&[(0, 4, 0), (0, 1, 299)]), Standing::Open);
    let window = after(&[(0, 4, 0), (0, 1, 300)]).map(|health| health.window);
    let expected = Window {
        began: ahead(300),
        reached: 0,
        failed: 1,
    };
    assert_eq!(window, Some(expected));
}

#[test]
fn what_succeeds_never_opens_it() {
    // Four failures and then many successes: none of the successes is the moment at which it opens.
    assert_eq!(standing(&[(0, 4, 0), (1, 0, 1)]), Standing::Closed);
}

#[test]
fn what_opens_says_since_when_and_what_was_said() {
    let Change::Opened(opened) = leave(None, &tally(0, 5), NOW, 9) else {
        panic!("it opens");
    };
    assert_eq!((opened.since, opened.until), (NOW, ahead(10)));
    assert_eq!(opened.last_error.as_deref(), Some("503"));
    assert_eq!(opened.revision, 1);
}

#[test]
fn an_open_destination_holds_legs_until_after_its_next_trial() {
    let open = health(Standing::Open, ago(100), ahead(20));
    for (random, until) in [(0, ahead(20)), (u64::MAX, ahead(120))] {
        let held = Entry::Hold {
            by: Standing::Open,
            until,
        };
        assert_eq!(enter(Some(&open), NOW, random, TRIAL_ENDS, 9), held);
    }
}

#[test]
fn held_legs_are_spread_over_a_quarter_of_an_hour_at_most() {
    let a_day = health(Standing::Open, ago(86_400), ahead(20));
    let Entry::Hold { until, .. } = enter(Some(&a_day), NOW, u64::MAX, TRIAL_ENDS, 9) else {
        panic!("it holds");
    };
    assert_eq!(until, ahead(20 + 900));
    let just_now = health(Standing::Open, NOW, ahead(10));
    assert_eq!(held_until(&just_now, NOW, u64::MAX), ahead(20));
}

#[test]
fn the_first_leg_after_the_time_is_the_trial() {
    for standing in [Standing::Open, Standing::Trial] {
        let due = health(standing, ago(100), NOW);
        let expected = Health {
            standing: Standing::Trial,
            until: TRIAL_ENDS,
            revision: 8,
            token: 9,
            ..due.clone()
        };
        assert_eq!(
            enter(Some(&due), NOW, 0, TRIAL_ENDS, 9),
            Entry::Try(expected)
        );
    }
    let under_way = health(Standing::Trial, ago(100), ahead(1));
    let entry = enter(Some(&under_way), NOW, 0, TRIAL_ENDS, 9);
    assert!(matches!(entry, Entry::Hold { .. }), "{entry:?}");
}

#[test]
fn a_trial_that_arrives_closes_it() {
    let trial = health(Standing::Trial, ago(100), ahead(60));
    let tried = Tally {
        tried: true,
        ..tally(1, 0)
    };
    let Change::Closed(closed) = leave(Some(&trial), &tried, NOW, 9) else {
        panic!("it closes");
    };
    assert_eq!((closed.standing, closed.since), (Standing::Closed, NOW));
    assert_eq!(enter(Some(&closed), NOW, 0, TRIAL_ENDS, 9), Entry::Pass);
}

#[test]
fn trials_that_fail_are_further_and_further_apart() {
    for (failed, seconds) in [
        (0, 20),
        (1, 40),
        (3, 160),
        (4, 300),
        (40, 300),
        (u32::MAX, 300),
    ] {
        let trial = Health {
            failed_trials: failed,
            ..health(Standing::Trial, ago(1_000), ahead(60))
        };
        let tried = Tally {
            tried: true,
            ..tally(0, 1)
        };
        let Change::StillOpen(open) = leave(Some(&trial), &tried, NOW, 9) else {
            panic!("it stays open");
        };
        assert_eq!((open.standing, open.since), (Standing::Open, ago(1_000)));
        assert_eq!(open.until, ahead(seconds), "after {failed}");
    }
}

#[test]
fn whoever_was_under_way_says_nothing_of_a_destination_that_opened_meanwhile() {
    for standing in [Standing::Open, Standing::Trial, Standing::Paused] {
        let health = health(standing, ago(5), ahead(5));
        for tally in [tally(3, 0), tally(0, 3)] {
            assert_eq!(leave(Some(&health), &tally, NOW, 9), Change::None);
        }
    }
}

#[test]
fn a_person_stops_it_and_lets_it_go_on() {
    let paused = pause(None, NOW, 9);
    assert_eq!((paused.standing, paused.since), (Standing::Paused, NOW));
    assert_eq!(pause(Some(&paused), ahead(9), 9), paused);
    for (random, until) in [(0, 50), (u64::MAX, 100)] {
        let held = Entry::Hold {
            by: Standing::Paused,
            until: ahead(100 + until),
        };
        assert_eq!(
            enter(Some(&paused), ahead(100), random, TRIAL_ENDS, 9),
            held
        );
    }
    let resumed = resume(Some(&paused), ahead(9), 9);
    assert_eq!(
        enter(Some(&resumed), ahead(9), 0, TRIAL_ENDS, 9),
        Entry::Pass
    );
    assert!(resumed.revision > paused.revision);
}

#[test]
fn every_standing_has_a_name() {
    for (standing, name) in [
        (Standing::Closed, "closed"),
        (Standing::Open, "open"),
        (Standing::Trial, "trial"),
        (Standing::Paused, "paused"),
    ] {
        assert_eq!(
            (standing.as_str(), Standing::named(name)),
            (name, Some(standing))
        );
    }
    assert_eq!(Standing::named(""), None);
}
