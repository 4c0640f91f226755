//! What Landfall tells of itself: legs that failed, destinations that turned.

use protocol::{
    ledger::{Body, EventRecord, State},
    outgoing::Refusal,
    ticket::{Ticket, Why},
    time::Millis,
};
use serde_json::{Value, json};

use crate::{
    handler::Failure,
    sqs::{Batch, Record},
    testing::{
        DEADLINE, LIFE, Memory, Mode, NO_ANSWER, NOW, Plan, Routes, consume, consumer, event,
        message,
    },
};

/// Where everything of `s` goes, and where what is told goes.
const BILLING: &str = "[destinations.billing]\nhttp = \"https://billing.example.com/hooks\"\n\
                       [routes.paid]\nfrom = [\"s\"]\nto = \"billing\"\n";
const ALERTS: &str = "[destinations.on-call]\nhttp = \"https://alerts.example.com\"\n\
                      [routes.alerts]\nfrom = [\"landfall\"]\nto = \"on-call\"\n";

fn refused(world: &Memory, destination: &str, refusal: Refusal) {
    world.state().refusals.insert(destination.into(), refusal);
}

/// The landing's own events, as they are recorded: in no order.
fn told(world: &Memory) -> Vec<EventRecord> {
    let state = world.state();
    let events = state.events.values();
    let own = events.filter(|event| event.key.source() == "landfall");
    own.cloned().collect()
}

fn only(world: &Memory) -> EventRecord {
    let told = told(world);
    assert_eq!(told.len(), 1, "{told:?}");
    told[0].clone()
}

fn payload(event: &EventRecord) -> Value {
    let Body::Inline(body) = &event.body else {
        panic!("{event:?}");
    };
    serde_json::from_slice(body).unwrap()
}

/// The message that holds this event's ticket.
fn ticket_of(event: &EventRecord) -> Record {
    message(&Ticket::new(event.key.clone(), event.life(), Why::New, NOW))
}

/// The tickets that nobody has looked at yet.
fn sent(world: &Memory) -> Vec<Ticket> {
    let mut tickets = world.state().tickets();
    tickets.retain(|ticket| ticket.why == Why::New);
    tickets
}

#[tokio::test]
async fn a_leg_that_is_given_up_is_told_in_the_step_that_says_so() {
    let world = Memory::default();
    refused(&world, "billing", Refusal::permanent("it answered 404"));
    let record = world.add_body("e", br#"{"card":"4242"}"#);
    let routes = || Routes::new().and(BILLING).and(ALERTS);
    assert_eq!(consume(&world, routes(), [record]).await, [""; 0]);
    let own = only(&world);
    assert_eq!(
        world.effects(),
        [
            "claim e",
            "bury permanent",
            "finish failed",
            "tell landfall.event.failed",
            &format!("send {}", own.key.id()),
        ]
    );
    assert_eq!(
        payload(&own),
        json!({
            "event": {
                "source": "s",
                "id": "e",
                "type": "t",
                "received_at": "2027-01-15T07:50:00.000Z",
                "unsigned": [],
            },
            "route": "paid",
            "to": "billing",
            "reason": "permanent",
            "error": "it answered 404",
            "tries": 1,
            "attempt": 1,
            "replay": 0,
            "since": "2027-01-15T08:00:00.000Z",
            "failed_at": "2027-01-15T08:00:00.000Z",
        })
    );
    assert!(own.covered.id() && own.covered.event_type() && own.covered.body());
    assert_eq!(own.expires_at, EventRecord::expiry(NOW, 30));

    // It is an event like any.
    let record = message(&sent(&world)[0]);
    assert_eq!(consume(&world, routes(), [record]).await, [""; 0]);
    let (to, outgoing) = world.state().delivered[0].clone();
    assert_eq!(
        (to.as_str(), outgoing.route.as_str()),
        ("on-call", "alerts")
    );
    assert_eq!(outgoing.event_type, "landfall.event.failed");
    let work = world.state().works[&own.key].clone();
    assert_eq!(work.state, State::Succeeded);
}

#[tokio::test]
async fn a_failure_that_goes_no_route_is_told_to_nobody_at_no_cost() {
    let types = |types: &str| format!("{ALERTS}types = [\"{types}\"]\n");
    let reason = |reason: &str| format!("{ALERTS}where = {{ reason = [\"{reason}\"] }}\n");
    for (alerts, many) in [
        (String::new(), 0),
        (types("landfall.destination.*"), 0),
        (types("landfall.event.*"), 1),
        (reason("exhausted"), 0),
        (reason("permanent"), 1),
    ] {
        let world = Memory::default();
        refused(&world, "billing", Refusal::permanent("it answered 404"));
        let record = world.add("e", None);
        consume(&world, Routes::new().and(BILLING).and(&alerts), [record]).await;
        assert_eq!(told(&world).len(), many, "{alerts}");
        assert_eq!(sent(&world).len(), many, "{alerts}");
        let calls = world.state().door.take_calls();
        assert_eq!(calls.contains(&"send"), many > 0, "{calls:?}");
    }
}

#[tokio::test]
async fn nothing_is_told_of_what_was_told() {
    let world = Memory::default();
    refused(&world, "billing", Refusal::permanent("it answered 404"));
    refused(&world, "on-call", Refusal::permanent("it answered 410"));
    let record = world.add("e", None);
    let routes = || Routes::new().and(BILLING).and(ALERTS);
    consume(&world, routes(), [record]).await;
    let own = only(&world);
    consume(&world, routes(), [ticket_of(&own)]).await;
    assert_eq!(only(&world), own);
    let letters = world.letters();
    assert_eq!(letters.len(), 2);
    assert_eq!(letters[1].source.as_deref(), Some("landfall"));
    assert_eq!(world.state().works[&own.key].state, State::Failed);
}

#[tokio::test]
async fn each_leg_that_fails_is_told_and_each_of_its_rounds() {
    let world = Memory::default();
    refused(&world, "billing", Refusal::permanent("it answered 404"));
    let routes = || {
        let fails = async |_, _| Err::<(), _>(Failure::permanent("no"));
        Routes::new().on("s", "*", fails).and(BILLING).and(ALERTS)
    };
    let record = world.add("e", None);
    consume(&world, routes(), [record]).await;
    let mut ways: Vec<_> = told(&world)
        .iter()
        .map(|own| {
            let told = payload(own);
            format!("{} {}", told["route"], told["to"])
        })
        .collect();
    ways.sort_unstable();
    let expected = [r#""paid" "billing""#, r#""s-all" "handler:s-all""#];
    assert_eq!(ways, expected);

    let redrive = Ticket {
        route: Some("paid".into()),
        ..Ticket::new(event("e").key, LIFE, Why::Redrive, NOW)
    };
    consume(&world, routes(), [message(&redrive)]).await;
    assert_eq!(told(&world).len(), 3);
}

#[tokio::test]
async fn a_step_that_is_made_again_tells_once_and_one_that_is_not_made_tells_nothing() {
    for (mode, many, kept) in [
        (Mode::AskedTwice, 1, 0),
        (NO_ANSWER, 0, 1),
        (Mode::AnswerLost(protocol::fault::FaultKind::TimedOut), 1, 1),
    ] {
        let world = Memory::default();
        refused(&world, "billing", Refusal::permanent("it answered 404"));
        let record = world.add("e", None);
        let plan = Plan::At("finish_failed", 0, mode);
        world.state().door.plan(plan);
        let routes = || Routes::new().and(BILLING).and(ALERTS);
        let stay = consume(&world, routes(), [record.clone()]).await;
        assert_eq!((told(&world).len(), stay.len()), (many, kept), "{mode:?}");
        // The ticket comes again when the lease is over.
        world.state().pass(Millis::seconds(361));
        let later = Batch {
            records: vec![record],
        };
        let consumer = consumer(&world, routes());
        let deadline = DEADLINE.plus(Millis::seconds(361));
        consumer.work_on(later, deadline).await.unwrap();
        assert_eq!(told(&world).len(), 1, "{mode:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_ticket_that_cannot_be_sent_is_the_sweepers_and_costs_the_leg_nothing() {
    for mode in [NO_ANSWER, Mode::Hangs] {
        let world = Memory::default();
        refused(&world, "billing", Refusal::permanent("it answered 404"));
        let record = world.add("e", None);
        world.trouble("send", mode);
        let routes = Routes::new().and(BILLING).and(ALERTS);
        assert_eq!(consume(&world, routes, [record]).await, [""; 0]);
        only(&world);
        assert_eq!(world.work("e").unwrap().state, State::Failed);
    }
}

#[tokio::test]
async fn an_event_that_is_given_up_as_a_whole_is_told_too() {
    let world = Memory::default();
    let gone = EventRecord {
        key: protocol::ledger::EventKey::new("gone", "e"),
        covered: [protocol::covered::Part::Body].into_iter().collect(),
        ..event("e")
    };
    world.state().events.insert(gone.key.clone(), gone.clone());
    let old = NOW.plus(Millis::seconds(-3_600));
    let ticket = Ticket::new(gone.key.clone(), gone.life(), Why::New, old);
    consume(&world, Routes::new().and(ALERTS), [message(&ticket)]).await;
    let told = payload(&only(&world));
    assert_eq!(
        (&told["route"], &told["to"], &told["reason"]),
        (
            &json!("landfall.delivery"),
            &json!(""),
            &json!("unknown_source")
        )
    );
    assert_eq!(told["event"]["unsigned"], json!(["id", "type"]));
    assert_eq!(told["since"], "2027-01-15T07:50:00.000Z");
}

/// Works on this event alone.
async fn work_on(consumer: &std::sync::Arc<crate::Consumer<Memory>>, record: Record) {
    let batch = Batch {
        records: vec![record],
    };
    consumer.work_on(batch, DEADLINE).await.unwrap();
}

#[tokio::test]
async fn a_destination_that_opens_and_closes_is_told_once_each_time() {
    let world = Memory::default();
    refused(&world, "billing", Refusal::transient("it answered 503"));
    let consumer = consumer(&world, Routes::new().and(BILLING).and(ALERTS));
    for id in ["a", "b", "c", "d", "e", "f"] {
        work_on(&consumer, world.add(id, None)).await;
    }
    let opened = only(&world);
    assert_eq!(opened.event_type, "landfall.destination.opened");
    assert_eq!(
        payload(&opened),
        json!({
            "destination": "billing",
            "kind": "http",
            "error": "it answered 503",
            "opened_at": "2027-01-15T08:00:00.000Z",
            "next_trial_at": "2027-01-15T08:00:10.000Z",
        })
    );
    assert_eq!(sent(&world).len(), 1);

    // A trial that fails is no news.
    world.state().pass(Millis::seconds(10));
    work_on(&consumer, world.add("g", None)).await;
    only(&world);

    world.state().refusals.clear();
    world.state().pass(Millis::seconds(20));
    work_on(&consumer, world.add("h", None)).await;
    let all = told(&world);
    let closed = all.iter().find(|own| own.key != opened.key).unwrap();
    assert_eq!(closed.event_type, "landfall.destination.closed");
    assert_eq!(
        payload(closed),
        json!({
            "destination": "billing",
            "kind": "http",
            "error": "it answered 503",
            "opened_at": "2027-01-15T08:00:00.000Z",
            "failed_trials": 1,
            "closed_at": "2027-01-15T08:00:30.000Z",
        })
    );
    assert_eq!((all.len(), sent(&world).len()), (2, 2));
}

#[tokio::test]
async fn a_destination_that_gets_what_is_told_is_told_of_to_nobody() {
    let world = Memory::default();
    refused(&world, "billing", Refusal::permanent("it answered 404"));
    refused(&world, "on-call", Refusal::transient("it answered 503"));
    let consumer = consumer(&world, Routes::new().and(BILLING).and(ALERTS));
    for id in ["a", "b", "c", "d", "e", "f"] {
        work_on(&consumer, world.add(id, None)).await;
    }
    let failures = told(&world);
    for own in &failures {
        work_on(&consumer, ticket_of(own)).await;
    }
    let turned = world.effects();
    assert!(turned.contains(&"Opened on-call".to_owned()), "{turned:?}");
    assert_eq!(told(&world), failures);
}
