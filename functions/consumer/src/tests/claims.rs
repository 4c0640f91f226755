//! What is done with a ticket, by what is found: each row of the first table.

use protocol::{
    ledger::{EventKey, EventRecord, Life, State, Work},
    ticket::{Ticket, Why},
    time::{Millis, UnixMillis, UnixSeconds},
};

use crate::{
    handler::Failure,
    line::TicketOutcome,
    router::Routes,
    sqs::Record,
    testing::{
        DEADLINE, LEASE_END, LIFE, Memory, Mode, NO_ANSWER, NOW, RECEIVED, consume, event, key,
        message, work,
    },
};

const PAST: UnixMillis = UnixMillis(NOW.0 - 1);
const AHEAD: UnixMillis = UnixMillis(NOW.0 + 20_000);

/// The handler counts its runs and notes the claim that it runs under.
fn counting(world: &Memory) -> Routes {
    let world = world.clone();
    Routes::new().on("s", "*", move |event, context| {
        let world = world.clone();
        async move {
            let claim = world.work(&event.id).expect("a claim");
            let context = (context.attempt, context.tries, context.epoch);
            assert_eq!(context, (claim.attempt, claim.tries, claim.epoch));
            world.state().did(format!(
                "run attempt {} try {} epoch {} until {}",
                claim.attempt, claim.tries, claim.epoch, claim.until.0
            ));
            Ok(())
        }
    })
}

async fn consume_one(world: &Memory, record: Record) -> Vec<String> {
    consume(world, counting(world), [record]).await
}

fn ran(attempt: u64, tries: u32, epoch: u64) -> Vec<String> {
    vec![
        "claim e".into(),
        format!(
            "run attempt {attempt} try {tries} epoch {epoch} until {}",
            LEASE_END.0
        ),
        "finish succeeded".into(),
    ]
}

fn at_epoch(epoch: u64) -> Record {
    message(&Ticket {
        epoch,
        ..Ticket::new(key("e"), LIFE)
    })
}

#[tokio::test]
async fn a_malformed_ticket_is_buried_and_deleted() {
    for body in ["", "not JSON", "{}", r#"{"v":2}"#, "null"] {
        let world = Memory::default();
        let record = Record {
            message_id: "m".into(),
            receipt_handle: "r".into(),
            body: body.into(),
        };
        assert_eq!(consume_one(&world, record).await, [""; 0]);
        assert_eq!(world.effects(), ["bury malformed"]);
        let letter = world.letters()[0].clone();
        assert_eq!(
            (letter.body.as_str(), letter.source, letter.attempts),
            (body, None, 0)
        );
        assert_eq!(world.note().outcome, TicketOutcome::Buried);
        assert_eq!(world.note().reason, Some("malformed"));
    }
}

#[tokio::test]
async fn a_ticket_whose_event_is_absent_is_buried_and_deleted() {
    let world = Memory::default();
    assert_eq!(consume_one(&world, at_epoch(0)).await, [""; 0]);
    assert_eq!(world.effects(), ["bury absent"]);
    let letter = world.letters()[0].clone();
    assert_eq!(letter.body, at_epoch(0).body);
    assert_eq!(letter.source.as_deref(), Some("s"));
    assert!(!letter.error.is_empty());
}

#[tokio::test]
async fn a_ticket_whose_event_has_expired_is_buried_and_deleted() {
    let world = Memory::default();
    let record = world.add("e", Some(work(State::Waiting, PAST)));
    let expired = protocol::ledger::EventRecord {
        expires_at: UnixSeconds(NOW.0 / 1_000),
        ..event("e")
    };
    world.state().events.insert(key("e"), expired);
    assert_eq!(consume_one(&world, record).await, [""; 0]);
    assert_eq!(world.effects(), ["bury expired"]);
    assert_eq!(world.letters()[0].attempts, 4);
}

#[tokio::test]
async fn an_event_without_work_is_claimed_and_run() {
    let world = Memory::default();
    let record = world.add("e", None);
    assert_eq!(consume_one(&world, record).await, [""; 0]);
    assert_eq!(world.effects(), ran(1, 1, 0));
    let done = world.work("e").unwrap();
    assert_eq!(
        (done.state, done.attempt, done.life),
        (State::Succeeded, 1, LIFE)
    );
    assert_eq!(done.expires_at, UnixSeconds(NOW.0 / 1_000 + 3 * 86_400));
    assert_eq!(LEASE_END.0, DEADLINE.0 + 5_000);
}

#[tokio::test]
async fn an_older_lifes_work_is_taken_over_from_its_fence() {
    let world = Memory::default();
    let old = Work {
        life: Life(UnixMillis(RECEIVED.0 - 1)),
        ..work(State::Succeeded, PAST)
    };
    let record = world.add("e", Some(old));
    assert_eq!(consume_one(&world, record).await, [""; 0]);
    assert_eq!(world.effects(), ran(5, 1, 0));
}

#[tokio::test]
async fn work_of_a_newer_life_is_put_back() {
    let world = Memory::default();
    let newer = Work {
        life: Life(UnixMillis(RECEIVED.0 + 1)),
        ..work(State::Waiting, PAST)
    };
    let record = world.add("e", Some(newer));
    assert_eq!(consume_one(&world, record).await, ["m-e"]);
    assert_eq!(world.effects(), ["hide r-e 1000"]);
}

#[tokio::test]
async fn waiting_work_whose_time_has_come_is_claimed_and_run() {
    let world = Memory::default();
    let record = world.add("e", Some(work(State::Waiting, PAST)));
    assert_eq!(consume_one(&world, record).await, [""; 0]);
    assert_eq!(world.effects(), ran(5, 3, 1));
}

#[tokio::test]
async fn what_is_not_yet_due_is_put_back_until_then_with_jitter() {
    for state in [State::Waiting, State::Processing] {
        for (random, jitter) in [(0, 1_000), (u64::MAX, 5_000)] {
            let world = Memory::default();
            world.state().random = Some(random);
            let record = world.add("e", Some(work(state, AHEAD)));
            assert_eq!(consume_one(&world, record).await, ["m-e"]);
            assert_eq!(world.effects(), [format!("hide r-e {}", 20_000 + jitter)]);
            assert_eq!(world.work("e"), Some(work(state, AHEAD)));
            assert_eq!(world.note().outcome, TicketOutcome::PutBack);
        }
    }
}

#[tokio::test]
async fn a_ticket_that_cannot_be_hidden_is_left_in_the_queue_all_the_same() {
    let world = Memory::default();
    world.trouble("hide", NO_ANSWER);
    let record = world.add("e", Some(work(State::Processing, AHEAD)));
    assert_eq!(consume_one(&world, record).await, ["m-e"]);
    let note = world.note();
    assert_eq!(
        (note.outcome, note.reason),
        (TicketOutcome::PutBack, Some("timed_out"))
    );
    assert_eq!(note.error.as_deref(), Some("hide: no answer"));
}

#[tokio::test]
async fn a_lapsed_lease_is_taken_over_and_run() {
    let world = Memory::default();
    let record = world.add("e", Some(work(State::Processing, PAST)));
    assert_eq!(consume_one(&world, record).await, [""; 0]);
    assert_eq!(world.effects(), ran(5, 3, 1));
}

#[tokio::test]
async fn a_lapsed_lease_of_the_last_try_is_failed_without_a_run() {
    let world = Memory::default();
    let lapsed = Work {
        tries: 3,
        ..work(State::Processing, PAST)
    };
    let record = world.add("e", Some(lapsed));
    assert_eq!(consume_one(&world, record).await, [""; 0]);
    assert_eq!(
        world.effects(),
        ["claim e", "bury exhausted", "finish failed"]
    );
    let letter = world.letters()[0].clone();
    assert_eq!((letter.reason, letter.attempts), ("exhausted", 5));
    assert_eq!(letter.error, "the last attempt never came back");
    assert_eq!(world.work("e").unwrap().state, State::Failed);
    assert_eq!(world.note().outcome, TicketOutcome::Failed);
}

#[tokio::test]
async fn a_succeeded_event_is_dropped_by_a_ticket_of_its_epoch_and_replayed_by_a_newer_one() {
    for epoch in [0, 1] {
        let world = Memory::default();
        world.add("e", Some(work(State::Succeeded, PAST)));
        assert_eq!(consume_one(&world, at_epoch(epoch)).await, [""; 0]);
        assert_eq!(world.effects(), [""; 0]);
        assert_eq!(world.note().outcome, TicketOutcome::Dropped);
    }
    let world = Memory::default();
    world.add("e", Some(work(State::Succeeded, PAST)));
    assert_eq!(consume_one(&world, at_epoch(2)).await, [""; 0]);
    assert_eq!(world.effects(), ran(5, 1, 2));
}

#[tokio::test]
async fn a_failed_event_is_run_again_by_any_ticket() {
    for (epoch, expected) in [(0, 1), (1, 1), (2, 2)] {
        let world = Memory::default();
        world.add("e", Some(work(State::Failed, PAST)));
        assert_eq!(consume_one(&world, at_epoch(epoch)).await, [""; 0]);
        assert_eq!(world.effects(), ran(5, 1, expected));
    }
}

/// A redelivery's ticket.
fn redelivery() -> Record {
    message(&Ticket {
        why: Why::Reopen,
        ..Ticket::new(key("e"), LIFE)
    })
}

#[tokio::test]
async fn the_fourth_redelivery_of_a_failed_event_is_run_an_hour_after_the_failure() {
    let world = Memory::default();
    world.add("e", Some(work(State::Failed, PAST)));
    let failed_at = |at: UnixMillis| {
        let mut inner = world.state();
        let work = inner.works.get_mut(&key("e")).unwrap();
        (work.state, work.until) = (State::Failed, at);
        inner.door.effects.clear();
    };
    for reopened in 1..=3 {
        assert_eq!(consume_one(&world, redelivery()).await, [""; 0]);
        assert_eq!(world.effects(), ran(4 + reopened, 1, 1));
        failed_at(PAST);
    }

    let due = PAST.plus(Millis::seconds(3_600));
    assert_eq!(consume_one(&world, redelivery()).await, ["m-e"]);
    let hidden = format!("hide r-e {}", due.since(NOW).0 + 1_000);
    assert_eq!(world.effects(), ["postpone e".to_owned(), hidden]);
    let waits = world.work("e").unwrap();
    assert_eq!(
        (waits.state, waits.until, waits.reopens),
        (State::Waiting, due, 4)
    );
    let note = world.notes().last().cloned().unwrap();
    assert_eq!(
        (note.outcome, note.reason),
        (TicketOutcome::PutBack, Some("reopened_later"))
    );

    // Its hour has come.
    {
        let mut inner = world.state();
        inner.works.get_mut(&key("e")).unwrap().until = NOW;
        inner.door.effects.clear();
    }
    assert_eq!(consume_one(&world, redelivery()).await, [""; 0]);
    assert_eq!(world.work("e").unwrap().state, State::Succeeded);
    assert_eq!(world.work("e").unwrap().attempt, 8);
}

#[tokio::test]
async fn the_letter_of_a_redelivery_asks_for_whoever_redrives_it() {
    let world = Memory::default();
    let failed = Work {
        reopens: 1,
        ..work(State::Failed, PAST)
    };
    world.add("e", Some(failed));
    let routes = Routes::new().on("s", "*", |_, _| async { Err(Failure::permanent("never")) });
    consume(&world, routes, [redelivery()]).await;
    assert_eq!(world.letters()[0].body, at_epoch(0).body);
}

/// An event of this age whose source is in no configuration, and its ticket.
fn homeless(world: &Memory, age: Millis) -> (EventKey, Record) {
    let key = EventKey::new("gone", "e");
    let received_at = UnixMillis(NOW.0 - age.0);
    let event = EventRecord {
        key: key.clone(),
        received_at,
        ..event("e")
    };
    world.state().events.insert(key.clone(), event);
    (key.clone(), message(&Ticket::new(key, Life(received_at))))
}

#[tokio::test]
async fn an_event_whose_source_is_unknown_is_kept_for_an_hour_and_never_called_done() {
    let world = Memory::default();
    let (key, record) = homeless(&world, Millis::seconds(3_599));
    assert_eq!(consume_one(&world, record).await, ["m-e"]);
    assert_eq!(world.effects(), ["hide r-e 61000"]);
    assert!(!world.state().works.contains_key(&key));
    let note = world.note();
    assert_eq!(
        (note.outcome, note.reason),
        (TicketOutcome::PutBack, Some("unknown_source"))
    );

    let world = Memory::default();
    let (key, record) = homeless(&world, Millis::seconds(3_600));
    assert_eq!(consume_one(&world, record.clone()).await, [""; 0]);
    assert_eq!(
        world.effects(),
        ["claim e", "bury unknown_source", "finish failed"]
    );
    assert_eq!(world.state().works[&key].state, State::Failed);
    let letter = world.letters()[0].clone();
    assert_eq!(letter.error, "the configuration has no such source");
    assert_eq!(world.note().outcome, TicketOutcome::Failed);

    // Redriven, it is buried again.
    world.forget_effects();
    assert_eq!(consume_one(&world, record).await, [""; 0]);
    assert_eq!(world.effects(), ["bury unknown_source"]);
    assert_eq!(world.letters()[1].error, letter.error);
}

#[tokio::test]
async fn a_claim_that_met_itself_is_held_and_its_lease_not_wasted() {
    for found in [None, Some(work(State::Waiting, PAST))] {
        let world = Memory::default();
        world.trouble("claim", Mode::AskedTwice);
        let attempt = found.as_ref().map_or(1, |work| work.attempt + 1);
        let record = world.add("e", found);
        assert_eq!(consume_one(&world, record).await, [""; 0]);
        let work = world.work("e").unwrap();
        assert_eq!((work.state, work.attempt), (State::Succeeded, attempt));
    }
}

#[tokio::test]
async fn the_same_claim_of_another_is_anothers() {
    let world = Memory::default();
    let record = world.add("e", None);
    let (mine, theirs) = (world.clone(), world.clone());
    // All is the same but the token.
    consume_one(&mine, record.clone()).await;
    let token = mine.work("e").unwrap().token;
    let standing = Work {
        token: token + 1,
        life: LIFE,
        state: State::Processing,
        attempt: 1,
        tries: 1,
        until: LEASE_END,
        epoch: 0,
        ..world.work("e").unwrap()
    };
    theirs.state().works.clear();
    theirs.forget_effects();
    theirs.before_claim("e", standing.clone());
    assert_eq!(consume_one(&theirs, record).await, ["m-e"]);
    assert_eq!(theirs.work("e"), Some(standing));
}

#[tokio::test]
async fn a_claim_that_another_was_quicker_to_make_is_put_back() {
    let world = Memory::default();
    world.before_claim("e", work(State::Processing, AHEAD));
    let record = world.add("e", None);
    assert_eq!(consume_one(&world, record).await, ["m-e"]);
    assert_eq!(world.effects(), ["hide r-e 1000"]);
    assert_eq!(world.work("e"), Some(work(State::Processing, AHEAD)));
}

#[tokio::test]
async fn a_ledger_that_fails_leaves_the_ticket_in_the_queue() {
    for step in ["read", "claim"] {
        let world = Memory::default();
        world.trouble(step, NO_ANSWER);
        let record = world.add("e", None);
        assert_eq!(consume_one(&world, record).await, ["m-e"]);
        assert_eq!(world.effects(), [""; 0]);
        let note = world.note();
        assert_eq!(
            (note.outcome, note.reason),
            (TicketOutcome::Unavailable, Some("timed_out"))
        );
        assert_eq!(note.error, Some(format!("{step}: no answer")));
    }
}

#[tokio::test]
async fn a_dead_letter_queue_that_fails_keeps_the_ticket_in_the_queue() {
    let world = Memory::default();
    world.trouble("bury", NO_ANSWER);
    assert_eq!(consume_one(&world, at_epoch(0)).await, ["m-e"]);
    let note = world.note();
    assert_eq!(note.reason, Some("timed_out"));
    assert!(note.error.unwrap().starts_with("bury: "));
}
