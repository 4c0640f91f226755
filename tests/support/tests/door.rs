//! What can happen to a call at the door of the world.
#![allow(clippy::unwrap_used)]

use std::time::Duration;

use protocol::{
    covered::Covered,
    fault::FaultKind,
    ledger::{EventKey, Life, State},
    outgoing::{Origin, Outgoing, Refusal},
    ports::{Claims as _, Clock as _, Destinations as _, Queue as _, Recorder as _, Written},
    ticket::{Ticket, Why},
    time::{Millis, UnixMillis},
};
use support::{
    records,
    world::{Mode, NOW, Plan, Process, Stopped},
};

fn ticket(id: &str) -> Ticket {
    Ticket::new(EventKey::new("shop", id), Life(NOW), Why::New, NOW)
}

#[tokio::test]
async fn a_call_of_a_number_fails_in_its_way_and_the_others_go_well() {
    let process = Process::default();
    let plan = Plan::At("send", 1, Mode::FailedBefore(FaultKind::Throttled));
    process.state().door.plan(plan);
    let mut answers = Vec::new();
    for id in ["a", "b", "c"] {
        let fault = process.send(&ticket(id)).await.err();
        answers.push(fault.map(|fault| fault.kind));
    }
    assert_eq!(answers, [None, Some(FaultKind::Throttled), None]);
    assert_eq!(process.state().tickets(), [ticket("a"), ticket("c")]);
    let state = process.state();
    assert_eq!(state.door.calls, ["send"; 3]);
    assert_eq!(state.door.effects, ["send a", "send c"]);
    assert_eq!(state.door.happened, 1);
}

#[tokio::test]
async fn from_a_number_on_every_call_fails_until_the_door_is_healed() {
    let process = Process::default();
    let plan = Plan::From("read_work", 1, Mode::FailedBefore(FaultKind::Denied));
    process.state().door.plan(plan);
    let key = EventKey::new("shop", "1");
    let mut went_well = Vec::new();
    for _ in 0..3 {
        went_well.push(process.read_work(&key).await.is_ok());
    }
    assert_eq!(went_well, [true, false, false]);
    process.state().door.heal();
    assert_eq!(process.read_work(&key).await, Ok(None));
}

#[tokio::test]
async fn an_answer_is_lost_after_the_effect() {
    let process = Process::default();
    let plan = Plan::At("send", 0, Mode::AnswerLost(FaultKind::TimedOut));
    process.state().door.plan(plan);
    let fault = process.send(&ticket("a")).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::TimedOut);
    assert_eq!(process.state().tickets(), [ticket("a")]);
}

#[tokio::test]
async fn a_process_is_killed_before_or_after_its_effect_and_calls_nothing_more() {
    for (mode, sent) in [(Mode::KilledBefore, 0), (Mode::KilledAfter, 1)] {
        let process = Process::default();
        process.state().door.plan(Plan::At("send", 0, mode));
        let ticket = ticket("a");
        tokio::select! {
            biased;
            answer = process.send(&ticket) => panic!("{answer:?}"),
            stopped = process.stopped() => assert_eq!(stopped, Stopped::Killed),
        }
        assert!(process.is_dead());
        assert_eq!(process.state().tickets().len(), sent, "{mode:?}");
    }
}

#[tokio::test]
async fn a_process_that_stands_still_goes_on_when_it_is_woken() {
    let process = Process::default();
    process
        .state()
        .door
        .plan(Plan::At("send", 0, Mode::Suspended));
    let ticket = ticket("a");
    let mut call = Box::pin(process.send(&ticket));
    tokio::select! {
        biased;
        answer = &mut call => panic!("{answer:?}"),
        stopped = process.stopped() => assert_eq!(stopped, Stopped::Suspended),
    }
    assert_eq!(process.state().tickets(), []);
    process.wake();
    call.await.unwrap();
    assert_eq!(process.state().tickets().len(), 1);
}

#[tokio::test]
async fn a_call_takes_its_time_or_comes_after_what_another_does() {
    let process = Process::default();
    let key = EventKey::new("shop", "1");
    let mine = records::work(Life(NOW), State::Processing);
    let theirs = (key.clone(), records::work(Life(NOW), State::Succeeded));
    process.state().door.before("claim", move |services| {
        services.works.extend([theirs]);
    });
    let plan = Plan::At("claim", 0, Mode::Takes(Millis(700)));
    process.state().door.plan(plan);
    let claimed = process.claim(&key, None, &mine).await;
    assert_eq!(claimed, Ok(Written::No));
    assert_eq!(process.now(), NOW.plus(Millis(700)));
}

#[tokio::test(start_paused = true)]
async fn a_destination_takes_an_event_or_says_why_not() {
    let process = Process::default();
    let outgoing = Outgoing {
        source: "shop".into(),
        event_id: "1".into(),
        event_type: "paid".into(),
        received_at: UnixMillis(0),
        route: "billing".into(),
        idempotency_key: "k".repeat(64),
        attempt: 1,
        epoch: 0,
        hops: 1,
        body: b"{}".to_vec(),
        content_type: "application/json".into(),
        headers: [].into(),
        key: None,
        origin: Origin::Verified,
        covered: Covered::default(),
        trace: None,
    };
    let gone = Refusal::permanent("410: gone");
    process
        .state()
        .refusals
        .insert("closed".into(), gone.clone());
    let limit = Duration::from_secs(3);
    let to = |name: &'static str| process.deliver(name, &outgoing, NOW, limit);
    assert_eq!(to("open").await, Ok(()));
    assert_eq!(to("closed").await, Err(gone));
    // No answer within the limit, though the destination has taken it.
    process
        .state()
        .door
        .plan(Plan::At("deliver", 0, Mode::Hangs));
    let refusal = to("open").await.unwrap_err();
    assert_eq!(refusal, Refusal::transient("no answer in time"));
    let state = process.state();
    let taken = state.delivered.iter().map(|(name, _)| name.as_str());
    assert_eq!(taken.collect::<Vec<_>>(), ["open", "open"]);
}
