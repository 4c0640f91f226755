use super::*;
use crate::{
    fault::FaultKind,
    ledger::{Leg, LegState, State},
    ports::Existing,
    time::{UnixMillis, UnixSeconds},
};

const LIFE: Life = Life(UnixMillis(1_800_000_000_000));
const OLDER: Life = Life(UnixMillis(LIFE.0.0 - 86_400_000));

fn exists(delivery_id: &str, life: Life) -> Put {
    Put::Exists(Existing {
        delivery_id: delivery_id.into(),
        life,
        body_digest: "of another body, even".into(),
    })
}

fn read(life: Life, state: State) -> Work {
    Work {
        life,
        state,
        attempt: 1,
        until: LIFE.0,
        token: 0,
        legs: [].into(),
        all: 0,
        expires_at: UnixSeconds(i64::MAX),
    }
}

fn fault<T>() -> Result<T, Fault> {
    Err(Fault::new(FaultKind::TimedOut, "call", "no answer"))
}

const fn send(why: Why, sent: Answer, unsent: Answer) -> Step {
    Step::Send {
        life: LIFE,
        why,
        sent,
        unsent,
    }
}

const ACCEPTED: Step = Step::Send {
    life: LIFE,
    why: Why::New,
    sent: Answer::Accepted,
    unsent: Answer::Accepted,
};

#[test]
fn a_new_event_is_accepted_whether_its_ticket_is_sent_or_not() {
    let step = after_put(&Ok(Put::Stored), "mine", LIFE);
    assert_eq!(step, ACCEPTED);
}

#[test]
fn a_write_that_met_itself_is_a_new_event() {
    let step = after_put(&Ok(exists("mine", LIFE)), "mine", LIFE);
    assert_eq!(step, ACCEPTED);
}

#[test]
fn a_write_that_failed_or_whose_fate_is_unknown_is_not_acknowledged() {
    let step = after_put(&fault(), "mine", LIFE);
    assert_eq!(step, Step::Answer(Answer::Unavailable));
}

#[test]
fn anothers_write_makes_it_a_duplicate_of_the_life_that_stands_there() {
    let step = after_put(&Ok(exists("another", OLDER)), "mine", LIFE);
    assert_eq!(step, Step::ReadWork { life: OLDER });
}

#[test]
fn a_duplicate_without_work_is_nudged_and_may_be() {
    let step = after_read(&Ok(None), LIFE);
    assert_eq!(step, send(Why::New, Answer::Duplicate, Answer::Duplicate));
}

#[test]
fn a_duplicate_with_an_older_lifes_work_is_nudged_whatever_that_says() {
    for state in [
        State::Waiting,
        State::Processing,
        State::Succeeded,
        State::Failed,
    ] {
        let step = after_read(&Ok(Some(read(OLDER, state))), LIFE);
        assert_eq!(
            step,
            send(Why::New, Answer::Duplicate, Answer::Duplicate),
            "{state:?}"
        );
    }
}

#[test]
fn a_duplicate_that_is_in_hand_or_done_is_a_duplicate() {
    for state in [State::Waiting, State::Processing, State::Succeeded] {
        let step = after_read(&Ok(Some(read(LIFE, state))), LIFE);
        assert_eq!(step, Step::Answer(Answer::Duplicate), "{state:?}");
    }
}

#[test]
fn a_failed_duplicate_is_opened_again_or_must_be_sent_again() {
    let step = after_read(&Ok(Some(read(LIFE, State::Failed))), LIFE);
    assert_eq!(
        step,
        send(Why::Reopen, Answer::Reopened, Answer::Unavailable)
    );
}

#[test]
fn a_duplicate_of_which_a_leg_failed_is_opened_again_while_another_waits() {
    let leg = |state| Leg {
        state,
        ..Leg::opened(LIFE.0)
    };
    for state in [State::Waiting, State::Processing] {
        let work = |one| Work {
            legs: [
                ("a".to_owned(), leg(one)),
                ("b".to_owned(), leg(LegState::Waiting)),
            ]
            .into(),
            ..read(LIFE, state)
        };
        let step = after_read(&Ok(Some(work(LegState::Failed))), LIFE);
        assert_eq!(
            step,
            send(Why::Reopen, Answer::Reopened, Answer::Unavailable)
        );
        let step = after_read(&Ok(Some(work(LegState::Succeeded))), LIFE);
        assert_eq!(step, Step::Answer(Answer::Duplicate));
    }
}

#[test]
fn a_duplicate_whose_work_is_unreadable_must_be_nudged_or_sent_again() {
    let step = after_read(&fault(), LIFE);
    assert_eq!(
        step,
        send(Why::Reopen, Answer::Duplicate, Answer::Unavailable)
    );
}

#[test]
fn only_what_stands_in_the_ledger_is_ever_answered_with_success() {
    let after_put = [
        Ok(Put::Stored),
        Ok(exists("mine", LIFE)),
        Ok(exists("another", LIFE)),
        fault(),
    ]
    .map(|put| (put.is_ok(), after_put(&put, "mine", LIFE)));
    for (stored, step) in after_put {
        assert_eq!(step == Step::Answer(Answer::Unavailable), !stored);
    }
}

#[test]
fn every_answer_has_its_word() {
    let answers = [
        Answer::Accepted,
        Answer::Duplicate,
        Answer::Reopened,
        Answer::Unavailable,
    ];
    assert_eq!(
        answers.map(Answer::as_str),
        ["accepted", "duplicate", "reopened", "unavailable"]
    );
}
