//! What is done with a ticket, by what is found: each row of the first table.

use protocol::{
    ledger::{EventKey, EventRecord, LegState, Life, State, Work},
    ticket::{Ask, Ticket, Why},
    time::{Millis, UnixMillis, UnixSeconds},
};

use crate::{
    handler::Failure,
    line::{LegOutcome, TicketOutcome},
    sqs::Record,
    testing::{
        DEADLINE, LEASE_END, LEG, LIFE, Memory, Mode, NO_ANSWER, NOW, RECEIVED, Routes, consume,
        event, key, message, ticket, with_leg, work,
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
            let leg = &claim.legs[&context.route];
            let context = (context.attempt, context.tries, context.epoch);
            assert_eq!(context, (claim.attempt, leg.tries, leg.epoch));
            world.state().did(format!(
                "run attempt {} try {} epoch {} until {}",
                claim.attempt, leg.tries, leg.epoch, claim.until.0
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

fn sent(why: Why) -> Record {
    message(&ticket("e", why))
}

fn replay(epoch: u64) -> Record {
    message(&Ticket {
        epoch,
        ..ticket("e", Why::Replay)
    })
}

#[tokio::test]
async fn a_malformed_ticket_is_buried_and_deleted() {
    for body in ["", "not JSON", "{}", r#"{"v":1}"#, "null"] {
        let world = Memory::default();
        let record = Record {
            message_id: "m".into(),
            receipt_handle: "r".into(),
            body: body.into(),
            ..Record::default()
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
    assert_eq!(consume_one(&world, sent(Why::New)).await, [""; 0]);
    assert_eq!(world.effects(), ["bury absent"]);
    let letter = world.letters()[0].clone();
    assert_eq!(letter.body, sent(Why::Redrive).body);
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
async fn what_somebody_has_in_hand_is_put_back_until_then_with_jitter() {
    for (random, jitter) in [(0, 1_000), (u64::MAX, 5_000)] {
        let world = Memory::default();
        world.state().random = Some(random);
        let live = work(State::Processing, AHEAD);
        let record = world.add("e", Some(live.clone()));
        assert_eq!(consume_one(&world, record).await, ["m-e"]);
        assert_eq!(world.effects(), [format!("hide r-e {}", 20_000 + jitter)]);
        assert_eq!(world.work("e"), Some(live));
        assert_eq!(world.note().outcome, TicketOutcome::PutBack);
    }
}

#[tokio::test]
async fn what_waits_gets_a_ticket_for_then_in_place_of_this_one() {
    let world = Memory::default();
    let waits = work(State::Waiting, AHEAD);
    let record = world.add("e", Some(waits.clone()));
    assert_eq!(consume_one(&world, record).await, [""; 0]);
    assert_eq!(world.effects(), ["send_again again e 20000", "delete r-e"]);
    assert_eq!(world.work("e"), Some(waits));
    assert_eq!(world.note().outcome, TicketOutcome::Waits);
    let again = Ticket::new(key("e"), LIFE, Why::Again, NOW);
    assert_eq!(world.state().tickets(), [again]);
}

#[tokio::test]
async fn a_ticket_whose_other_cannot_be_sent_is_hidden_until_then() {
    let world = Memory::default();
    world.trouble("send_again", NO_ANSWER);
    let record = world.add("e", Some(work(State::Waiting, AHEAD)));
    assert_eq!(consume_one(&world, record).await, ["m-e"]);
    assert_eq!(world.effects(), ["hide r-e 20000"]);
    assert_eq!(world.note().reason, Some("timed_out"));
}

#[tokio::test]
async fn a_ticket_that_cannot_be_deleted_is_left_to_the_batch() {
    let world = Memory::default();
    world.trouble("delete", NO_ANSWER);
    let record = world.add("e", Some(work(State::Waiting, AHEAD)));
    assert_eq!(consume_one(&world, record).await, [""; 0]);
    assert_eq!(world.state().tickets().len(), 1);
    assert_eq!(world.note().reason, Some("timed_out"));
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
    let lapsed = with_leg(work(State::Processing, PAST), |leg| leg.tries = 3);
    let record = world.add("e", Some(lapsed));
    assert_eq!(consume_one(&world, record).await, [""; 0]);
    assert_eq!(
        world.effects(),
        ["claim e", "bury exhausted", "finish failed"]
    );
    let letter = world.letters()[0].clone();
    assert_eq!((letter.reason, letter.attempts), ("exhausted", 3));
    assert_eq!(letter.error, "the last attempt never came back");
    assert_eq!(world.work("e").unwrap().state, State::Failed);
    assert_eq!(world.note().outcome, TicketOutcome::Failed);
}

#[tokio::test]
async fn a_succeeded_event_is_run_again_by_a_replay_of_a_newer_number_alone() {
    for spare in [
        sent(Why::New),
        sent(Why::Redrive),
        sent(Why::Reopen),
        replay(1),
    ] {
        let world = Memory::default();
        world.add("e", Some(work(State::Succeeded, PAST)));
        assert_eq!(consume_one(&world, spare).await, [""; 0]);
        assert_eq!(world.effects(), [""; 0]);
        assert_eq!(world.note().outcome, TicketOutcome::Dropped);
    }
    let world = Memory::default();
    world.add("e", Some(work(State::Succeeded, PAST)));
    assert_eq!(consume_one(&world, replay(2)).await, [""; 0]);
    assert_eq!(world.effects(), ran(5, 1, 2));
}

#[tokio::test]
async fn a_failed_event_is_run_again_by_whoever_asks_and_by_no_spare_ticket() {
    for (asks, epoch) in [
        (sent(Why::Redrive), 1),
        (sent(Why::Reopen), 1),
        (replay(2), 2),
    ] {
        let world = Memory::default();
        world.add("e", Some(work(State::Failed, PAST)));
        assert_eq!(consume_one(&world, asks).await, [""; 0]);
        assert_eq!(world.effects(), ran(5, 1, epoch));
    }
    for why in [Why::New, Why::Again, Why::Sweep] {
        let world = Memory::default();
        world.add("e", Some(work(State::Failed, PAST)));
        assert_eq!(consume_one(&world, sent(why)).await, [""; 0]);
        assert_eq!(world.note().outcome, TicketOutcome::Dropped);
    }
}

#[tokio::test]
async fn a_redrive_that_comes_twice_opens_one_round() {
    let world = Memory::default();
    world.add("e", Some(work(State::Failed, PAST)));
    let never = || {
        Routes::new().on("s", "*", |_, _| async {
            Err::<(), _>(Failure::permanent("never"))
        })
    };
    for letters in [1, 1] {
        let stay = consume(&world, never(), [sent(Why::Redrive)]).await;
        assert_eq!((stay, world.letters().len()), (vec![], letters));
    }
}

/// The ticket of a redelivery; each is an ask of its own.
fn redelivery(number: u64) -> Record {
    message(&Ticket {
        ask: Some(Ask(number)),
        ..ticket("e", Why::Reopen)
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
        for leg in work.legs.values_mut() {
            (leg.state, leg.until) = (LegState::Failed, at);
        }
        inner.door.effects.clear();
    };
    for reopened in 1..=3 {
        assert_eq!(consume_one(&world, redelivery(reopened)).await, [""; 0]);
        assert_eq!(world.effects(), ran(4 + reopened, 1, 1));
        failed_at(PAST);
    }

    let due = PAST.plus(Millis::seconds(3_600));
    assert_eq!(consume_one(&world, redelivery(4)).await, [""; 0]);
    let again = format!("send_again again e {}", due.since(NOW).0);
    assert_eq!(world.effects(), ["settle e", &again, "delete r-e"]);
    let waits = world.work("e").unwrap();
    assert_eq!((waits.state, waits.until), (State::Waiting, due));
    assert_eq!(waits.legs[LEG].reopens, 4);
    let note = world.notes().last().cloned().unwrap();
    assert_eq!(note.outcome, TicketOutcome::Waits);

    // Its hour has come.
    {
        let mut inner = world.state();
        let work = inner.works.get_mut(&key("e")).unwrap();
        work.until = NOW;
        work.legs.values_mut().for_each(|leg| leg.until = NOW);
    }
    assert_eq!(consume_one(&world, sent(Why::Again)).await, [""; 0]);
    let done = world.work("e").unwrap();
    assert_eq!((done.state, done.attempt), (State::Succeeded, 9));
}

#[tokio::test]
async fn the_letter_of_a_leg_asks_for_it_when_a_person_moves_it_back() {
    let world = Memory::default();
    world.add("e", Some(work(State::Failed, PAST)));
    let routes = Routes::new().on("s", "*", |_, _| async {
        Err::<(), _>(Failure::permanent("never"))
    });
    consume(&world, routes, [redelivery(1)]).await;
    let letter = Ticket {
        route: Some(LEG.into()),
        ..ticket("e", Why::Redrive)
    };
    assert_eq!(world.letters()[0].body, letter.encode());
    assert_eq!(world.letters()[0].route.as_deref(), Some(LEG));
}

/// Two routes that fit every event: one refuses, the other is done.
fn two_ways(world: &Memory) -> Routes {
    let world = world.clone();
    let refusing = Routes::new().on("s", "t*", |_, _| async {
        Err::<(), _>(Failure::permanent("never"))
    });
    refusing.on("s", "*", move |event, context| {
        let world = world.clone();
        async move {
            world
                .state()
                .did(format!("run {} {}", event.id, context.route));
            Ok(())
        }
    })
}

#[tokio::test]
async fn one_legs_failure_is_its_own() {
    let world = Memory::default();
    let record = world.add("e", None);
    assert_eq!(consume(&world, two_ways(&world), [record]).await, [""; 0]);
    let effects = world.effects();
    assert_eq!(
        effects,
        ["claim e", "run e s-all", "bury permanent", "finish failed"]
    );
    let legs = world.work("e").unwrap().legs;
    assert_eq!(legs["s-all"].state, LegState::Succeeded);
    assert_eq!(legs["s-t"].state, LegState::Failed);
    let note = world.note();
    let outcomes = note
        .legs
        .iter()
        .map(|leg| (leg.route.as_str(), leg.outcome));
    let expected = [
        ("s-all", LegOutcome::Succeeded),
        ("s-t", LegOutcome::Failed),
    ];
    assert!(outcomes.eq(expected), "{:?}", note.legs);
    assert_eq!(
        (note.outcome, note.reason),
        (TicketOutcome::Failed, Some("permanent"))
    );

    // Its letter opens it, and nothing else.
    world.forget_effects();
    let letter = Record {
        message_id: "moved".into(),
        body: world.letters()[0].body.clone(),
        ..sent(Why::Redrive)
    };
    consume(&world, two_ways(&world), [letter]).await;
    assert_eq!(
        world.effects(),
        ["claim e", "bury permanent", "finish failed"]
    );
}

/// An event whose source is in no configuration, and its ticket, which was sent so long ago.
fn homeless(world: &Memory, age: Millis) -> (EventKey, Record) {
    let key = EventKey::new("gone", "e");
    let received_at = UnixMillis(NOW.0 - age.0);
    let event = EventRecord {
        key: key.clone(),
        received_at,
        ..event("e")
    };
    world.state().events.insert(key.clone(), event);
    let ticket = Ticket::new(key.clone(), Life(received_at), Why::New, received_at);
    (key, message(&ticket))
}

#[tokio::test]
async fn an_event_whose_source_is_unknown_is_kept_for_an_hour_and_never_called_done() {
    let world = Memory::default();
    let (key, record) = homeless(&world, Millis::seconds(3_599));
    assert_eq!(consume_one(&world, record.clone()).await, [""; 0]);
    assert_eq!(world.effects(), ["send_again new e 60000", "delete r-e"]);
    assert!(!world.state().works.contains_key(&key));
    let note = world.note();
    assert_eq!(
        (note.outcome, note.reason),
        (TicketOutcome::Waits, Some("unknown_source"))
    );
    // It goes on as itself: what it was sent for, and when.
    let itself = Ticket::decode(&record.body).unwrap();
    let sent = world.state().tickets().remove(0);
    assert_eq!((sent.why, sent.sent_at), (itself.why, itself.sent_at));

    let world = Memory::default();
    let (key, record) = homeless(&world, Millis::seconds(3_600));
    assert_eq!(consume_one(&world, record).await, [""; 0]);
    assert_eq!(
        world.effects(),
        ["claim e", "bury unknown_source", "finish failed"]
    );
    assert_eq!(world.state().works[&key].state, State::Failed);
    let letter = world.letters()[0].clone();
    assert_eq!(letter.error, "the configuration has no such source");
    assert_eq!(world.note().outcome, TicketOutcome::Failed);

    // Redriven long after, it is buried again.
    world.forget_effects();
    let redriven = Ticket {
        sent_at: UnixMillis(NOW.0 - 3_600_000),
        ..Ticket::decode(&letter.body).unwrap()
    };
    assert_eq!(
        (redriven.why, redriven.route.as_deref()),
        (Why::Redrive, None)
    );
    assert_eq!(consume_one(&world, message(&redriven)).await, [""; 0]);
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
        until: LEASE_END,
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
    assert_eq!(consume_one(&world, sent(Why::New)).await, ["m-e"]);
    let note = world.note();
    assert_eq!(note.reason, Some("timed_out"));
    assert!(note.error.unwrap().starts_with("bury: "));
}
