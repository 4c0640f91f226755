use super::*;
use crate::{
    ledger::State,
    time::{UnixMillis, UnixSeconds},
};

const LIFE: Life = Life(UnixMillis(1_000));
const NOW: UnixMillis = UnixMillis(2_000);

fn there(delivery_id: &str) -> Put {
    Put::Exists(Existing {
        delivery_id: delivery_id.into(),
        life: LIFE,
        body_digest: "d".into(),
    })
}

fn work(state: State, life: Life) -> Work {
    Work {
        life,
        state,
        attempt: 1,
        until: NOW,
        token: 0,
        legs: [].into(),
        all: 0,
        expires_at: UnixSeconds(9_999),
    }
}

#[test]
fn an_item_that_is_written_gets_its_ticket() {
    let sent = Step::Send {
        life: Life(NOW),
        why: Why::New,
    };
    assert_eq!(after_put(&Put::Stored, "mine", Life(NOW), 0), sent);
    assert_eq!(after_put(&Put::Stored, "mine", Life(NOW), 3), sent);
}

#[test]
fn an_item_that_is_there_is_looked_at_for_what_it_is() {
    for (delivery_id, epoch, found) in [
        ("mine", 0, Found::Again),
        ("mine", 1, Found::Replayed),
        ("another's", 0, Found::Redelivered),
        ("another's", 1, Found::Replayed),
    ] {
        assert_eq!(
            after_put(&there(delivery_id), "mine", Life(NOW), epoch),
            Step::ReadWork { life: LIFE, found },
            "{delivery_id} {epoch}"
        );
    }
}

#[test]
fn a_ticket_is_sent_where_nobody_knows_of_one() {
    for found in [Found::Again, Found::Redelivered, Found::Replayed] {
        let sent = Step::Send {
            life: LIFE,
            why: Why::New,
        };
        assert_eq!(after_read(None, LIFE, found), sent);
        for state in [
            State::Waiting,
            State::Processing,
            State::Succeeded,
            State::Failed,
        ] {
            let older = work(state, Life(UnixMillis(LIFE.0.0 - 1)));
            assert_eq!(after_read(Some(&older), LIFE, found), sent);
        }
    }
}

#[test]
fn what_is_in_hand_or_done_is_left() {
    for found in [Found::Again, Found::Redelivered, Found::Replayed] {
        for state in [State::Waiting, State::Processing, State::Succeeded] {
            for life in [LIFE, Life(UnixMillis(LIFE.0.0 + 1))] {
                let work = work(state, life);
                assert_eq!(after_read(Some(&work), LIFE, found), Step::Leave);
            }
        }
    }
}

#[test]
fn a_failed_item_is_reopened_by_whoever_asks_and_not_by_a_split_that_is_tried_again() {
    let failed = work(State::Failed, LIFE);
    let after = |found| after_read(Some(&failed), LIFE, found);
    let send = |why| Step::Send { life: LIFE, why };
    assert_eq!(after(Found::Redelivered), send(Why::Reopen));
    assert_eq!(after(Found::Replayed), send(Why::Redrive));
    assert_eq!(after(Found::Again), Step::Leave);
}
