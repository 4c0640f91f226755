//! Deliveries of several events, taken apart.

use protocol::{
    decide::limits::RESERVED,
    ledger::{Body, EventKey, EventRecord, Leg, Life, State, Work},
    ticket::{Ticket, Why},
    time::{Millis, UnixMillis},
};

use crate::{
    handler::Failure,
    line::{Tally, TicketOutcome},
    sqs::Record,
    testing::{
        INLINE, LEG, LIFE, LIMITS, Memory, Mode, NO_ANSWER, NOW, Plan, Routes, consume, event,
        hurried, message, said, work,
    },
};

const THREE: &str = r#"{"id":"d","events":[{"id":"a","type":"t"}, {"id":"b"},{"n":3}]}"#;
const PAST: UnixMillis = UnixMillis(NOW.0 - 1);

fn key(id: &str) -> EventKey {
    EventKey::new("list", id)
}

/// A delivery with this body, as ingest has recorded it, and its ticket.
fn delivery(world: &Memory, id: &str, body: &str) -> Record {
    let record = EventRecord {
        key: key(id),
        event_type: "digest".into(),
        delivery_id: format!("of {id}"),
        body: Body::Inline(body.into()),
        ..event(id)
    };
    world.state().events.insert(record.key.clone(), record);
    message(&Ticket::new(key(id), LIFE, Why::New, NOW))
}

fn state(world: &Memory, id: &str) -> Option<State> {
    world.state().works.get(&key(id)).map(|work| work.state)
}

fn stands(world: &Memory, id: &str, state: State) {
    let received_at = world.state().events[&key(id)].received_at;
    let leg = work(state, PAST).legs[LEG].clone();
    let leg = Leg { epoch: 0, ..leg };
    let name = if id == "d" { RESERVED } else { "list-all" };
    let work = Work {
        life: Life(received_at),
        legs: [(name.to_owned(), leg)].into(),
        all: 0,
        ..work(state, PAST)
    };
    world.state().works.insert(key(id), work);
}

/// A handler that writes down what it gets.
fn writing(world: &Memory) -> Routes {
    let world = world.clone();
    Routes::new().on("list", "*", move |event, context| {
        let world = world.clone();
        async move {
            let body = String::from_utf8_lossy(event.body()).into_owned();
            let line = format!("run {} {} {body}", event.id, event.event_type);
            world.state().did(line);
            assert_eq!(context.headers["content-type"], "application/json");
            if event.event_type == "bad" {
                return Err(Failure::permanent("no"));
            }
            Ok(())
        }
    })
}

/// The keys of the items in the ledger that came with a delivery.
fn items_of(world: &Memory, id: &str) -> Vec<String> {
    let inner = world.state();
    let items = inner.events.values();
    let items = items.filter(|event| event.parent == Some(key(id)));
    items.map(|event| event.key.id().to_owned()).collect()
}

/// The events of which somebody is to look at, but for deliveries that wait.
fn tickets(world: &Memory) -> Vec<String> {
    let mut tickets = world.state().tickets();
    tickets.retain(|ticket| ticket.why != Why::Again);
    let ids = tickets.iter().map(|ticket| ticket.key.id().to_owned());
    ids.collect()
}

#[tokio::test]
async fn every_item_is_written_and_gets_its_ticket_before_the_delivery_has_succeeded() {
    let world = Memory::default();
    let record = delivery(&world, "d", THREE);
    assert_eq!(consume(&world, writing(&world), [record]).await, [""; 0]);
    let nameless = items_of(&world, "d")[2].clone();
    assert!(nameless.starts_with("sha256:"), "{nameless}");
    assert_eq!(
        world.effects(),
        [
            "claim d",
            "put_event a",
            "send a",
            "put_event b",
            "send b",
            &format!("put_event {nameless}"),
            &format!("send {nameless}"),
            "finish succeeded",
        ]
    );
    let note = world.note();
    assert_eq!(note.outcome, TicketOutcome::Split);
    let tally = Tally {
        all: 3,
        written: 3,
        conflicts: 0,
    };
    assert_eq!(
        (note.items, note.legs[0].route.as_str()),
        (Some(tally), RESERVED)
    );
}

#[tokio::test]
async fn an_item_is_recorded_like_an_event_that_was_received_now() {
    let world = Memory::default();
    let record = delivery(&world, "d", THREE);
    consume(&world, writing(&world), [record]).await;
    let inner = world.state();
    let item = &inner.events[&key("a")];
    assert_eq!(
        *item,
        EventRecord {
            key: key("a"),
            event_id: "a".into(),
            event_type: "t".into(),
            received_at: NOW,
            delivery_id: "of d".into(),
            body: Body::Inline(br#"{"id":"a","type":"t"}"#.to_vec()),
            body_digest: item.body_digest.clone(),
            parent: Some(key("d")),
            expires_at: EventRecord::expiry(NOW, 40),
            ..event("d")
        }
    );
    let new = Ticket::new(key("a"), Life(NOW), Why::New, NOW);
    assert_eq!(inner.tickets()[0], new);
}

#[tokio::test]
async fn the_tickets_lead_each_item_to_its_handler() {
    let world = Memory::default();
    // An item that looks like a delivery is an item all the same.
    let inner = r#"{"id":"a","type":"t","events":[{"id":"b"}]}"#;
    let record = delivery(&world, "d", &format!(r#"{{"events":[ {inner} ]}}"#));
    consume(&world, writing(&world), [record]).await;
    let tickets = world.state().tickets();
    let records = tickets.iter().map(message);
    assert_eq!(consume(&world, writing(&world), records).await, [""; 0]);
    assert_eq!(
        world.effects()[4..],
        ["claim a", &format!("run a t {inner}"), "finish succeeded"]
    );
    assert_eq!(items_of(&world, "a"), [""; 0]);
}

#[tokio::test]
async fn a_body_that_is_no_bundle_is_handed_over_whole() {
    for body in ["{}", "no JSON", r#"{"events":{}}"#, r#"{"events":[1}"#] {
        let world = Memory::default();
        let record = delivery(&world, "d", body);
        assert_eq!(consume(&world, writing(&world), [record]).await, [""; 0]);
        let ran = format!("run d digest {body}");
        assert_eq!(world.effects(), ["claim d", &ran, "finish succeeded"]);
        assert_eq!(world.note().items, None);
    }
    let world = Memory::default();
    let record = delivery(&world, "d", "{}");
    assert_eq!(consume(&world, Routes::new(), [record]).await, [""; 0]);
    assert_eq!(world.note().outcome, TicketOutcome::Unrouted);
}

#[tokio::test]
async fn items_are_written_though_nothing_routes_them() {
    let world = Memory::default();
    let record = delivery(&world, "d", THREE);
    consume(&world, Routes::new(), [record]).await;
    assert_eq!(items_of(&world, "d").len(), 3);
}

#[tokio::test]
async fn an_empty_bundle_has_succeeded() {
    let world = Memory::default();
    let record = delivery(&world, "d", r#"{"destination":"x","events":[]}"#);
    assert_eq!(consume(&world, writing(&world), [record]).await, [""; 0]);
    assert_eq!(world.effects(), ["claim d", "finish succeeded"]);
    assert_eq!(world.note().items, Some(Tally::default()));
}

#[tokio::test]
async fn a_call_that_fails_is_a_retry_and_the_next_attempt_goes_on_from_there() {
    for (call, good) in [("put_event", 0), ("put_event", 2), ("send", 0), ("send", 1)] {
        let world = Memory::default();
        world.state().door.plan(Plan::From(call, good, NO_ANSWER));
        let record = delivery(&world, "d", THREE);
        let stay = consume(&world, writing(&world), [record.clone()]).await;
        assert_eq!(stay, [""; 0]);
        assert_eq!(state(&world, "d"), Some(State::Waiting));
        let expected = format!("its items could not be recorded: {call}: no answer");
        assert_eq!(said(&world.state().works[&key("d")]), Some(&*expected));
        let before = world.state().events.clone();

        world.state().door.heal();
        world.state().set_now(UnixMillis(NOW.0 + 20_000));
        assert_eq!(consume(&world, writing(&world), [record]).await, [""; 0]);
        assert_eq!(state(&world, "d"), Some(State::Succeeded));
        // What was there stays as it was, and nobody is without a ticket.
        let inner = world.state();
        for (key, event) in &before {
            assert_eq!(inner.events[key], *event);
        }
        for item in inner.events.values().filter(|event| event.parent.is_some()) {
            let mut tickets = inner.tickets().into_iter();
            let found =
                tickets.any(|sent| (sent.key, sent.life) == (item.key.clone(), item.life()));
            assert!(found, "{call} {good}: {item:?}");
        }
        drop(inner);
        assert_eq!(items_of(&world, "d").len(), 3);
    }
}

#[tokio::test]
async fn work_that_cannot_be_read_is_a_retry() {
    let world = Memory::default();
    let record = delivery(&world, "d", THREE);
    delivery(&world, "a", "{}");
    world.trouble("read_work", NO_ANSWER);
    assert_eq!(consume(&world, writing(&world), [record]).await, [""; 0]);
    assert_eq!(state(&world, "d"), Some(State::Waiting));
}

#[tokio::test]
async fn a_delivery_that_can_never_be_split_is_given_up_like_any_event() {
    let world = Memory::default();
    let record = delivery(&world, "d", THREE);
    stands(&world, "d", State::Waiting);
    if let Some(work) = world.state().works.get_mut(&key("d")) {
        work.legs
            .values_mut()
            .for_each(|leg| leg.tries = LIMITS.tries - 1);
    }
    world.trouble("put_event", NO_ANSWER);
    assert_eq!(consume(&world, writing(&world), [record]).await, [""; 0]);
    assert_eq!(
        world.effects(),
        ["claim d", "bury exhausted", "finish failed"]
    );
}

#[tokio::test]
async fn what_has_its_work_gets_no_second_ticket_from_a_split_that_is_tried_again() {
    let world = Memory::default();
    let list = r#"{"events":[{"id":"w"},{"id":"p"},{"id":"s"},{"id":"f"},{"id":"n"}]}"#;
    let record = delivery(&world, "d", list);
    consume(&world, writing(&world), [record.clone()]).await;
    stands(&world, "d", State::Waiting);
    for (id, state) in [
        ("w", State::Waiting),
        ("p", State::Processing),
        ("s", State::Succeeded),
        ("f", State::Failed),
    ] {
        stands(&world, id, state);
    }
    world.state().sqs.messages.clear();
    consume(&world, writing(&world), [record]).await;
    assert_eq!(state(&world, "d"), Some(State::Succeeded));
    assert_eq!(tickets(&world), ["n"]);
}

/// A world in which a delivery of three items was taken apart. Of those `s` has succeeded since, `f` was given up,
/// and `n` nobody has worked on.
async fn taken_apart() -> Memory {
    let world = Memory::default();
    let list = r#"{"events":[{"id":"s"},{"id":"f"},{"id":"n"}]}"#;
    let record = delivery(&world, "d", list);
    consume(&world, writing(&world), [record]).await;
    stands(&world, "s", State::Succeeded);
    stands(&world, "f", State::Failed);
    world.state().sqs.messages.clear();
    world
}

#[tokio::test]
async fn another_delivery_that_carries_an_item_again_reopens_it_if_it_was_given_up() {
    let world = taken_apart().await;
    let again = r#"{"events":[{"id":"f"},{"id":"s","redelivery":true},{"id":"m"}]}"#;
    let record = delivery(&world, "e", again);
    consume(&world, writing(&world), [record]).await;
    assert_eq!(tickets(&world), ["f", "m"]);
    assert_eq!(items_of(&world, "e"), ["m"]);
    let note = world.notes()[1].clone();
    let tally = Tally {
        all: 3,
        written: 1,
        conflicts: 1,
    };
    assert_eq!(note.items, Some(tally));
}

#[tokio::test]
async fn a_replay_writes_what_lacks_and_asks_for_what_was_given_up() {
    let world = taken_apart().await;
    world.state().events.remove(&key("n"));
    let replay = Ticket {
        epoch: 1,
        ..Ticket::new(key("d"), LIFE, Why::Replay, NOW)
    };
    assert_eq!(
        consume(&world, writing(&world), [message(&replay)]).await,
        [""; 0]
    );
    assert_eq!(tickets(&world), ["f", "n"]);
    assert_eq!(items_of(&world, "d"), ["f", "n", "s"]);
}

#[tokio::test]
async fn large_bodies_go_by_the_bucket() {
    let world = Memory::default();
    let padding = "x".repeat(INLINE);
    let list = format!(r#"{{"events":[{{"id":"a","x":"{padding}"}},{{"id":"b"}}]}}"#);
    let record = delivery(&world, "d", "");
    {
        let mut inner = world.state();
        let body = Body::Object {
            key: "bodies/d".into(),
            bytes: list.len() as u64,
        };
        inner.objects.insert("bodies/d".into(), list.into_bytes());
        inner.events.get_mut(&key("d")).unwrap().body = body;
        inner.door.plan(Plan::From("put_body", 0, NO_ANSWER));
    }
    let stay = consume(&world, writing(&world), [record.clone()]).await;
    assert_eq!((stay, items_of(&world, "d").len()), (vec![], 0));

    world.state().door.heal();
    world.state().set_now(UnixMillis(NOW.0 + 20_000));
    consume(&world, writing(&world), [record]).await;
    assert_eq!(state(&world, "d"), Some(State::Succeeded));
    let inner = world.state();
    let Body::Object { key: at, bytes } = &inner.events[&key("a")].body else {
        panic!("it is inline");
    };
    let expected = format!(r#"{{"id":"a","x":"{padding}"}}"#);
    assert_eq!(inner.objects[at], expected.as_bytes());
    assert_eq!(*bytes, expected.len() as u64);
    assert!(matches!(inner.events[&key("b")].body, Body::Inline(_)));
}

#[tokio::test]
async fn a_split_stays_within_its_time_and_writes_some_items_at_once() {
    let world = Memory::default();
    world.trouble("put_event", Mode::Hangs);
    let list = vec!["{}"; 1_000].join(",");
    let record = delivery(&world, "d", &format!(r#"{{"events":[{list}]}}"#));
    let stay = hurried(&world, Routes::new(), Millis(59_900), vec![record]).await;
    assert_eq!(stay, 0);
    assert_eq!(state(&world, "d"), Some(State::Waiting));
    let expected = "its items could not be recorded in time";
    assert_eq!(said(&world.state().works[&key("d")]), Some(expected));
    let calls = world.state().door.calls.clone();
    let hung = calls.iter().filter(|call| **call == "put_event");
    assert_eq!(hung.count(), 16);
}

#[tokio::test]
async fn a_thousand_items_are_written() {
    let world = Memory::default();
    let list: Vec<_> = (0..1_000).map(|id| format!(r#"{{"id":{id}}}"#)).collect();
    let body = format!(r#"{{"events":[{}]}}"#, list.join(","));
    let record = delivery(&world, "d", &body);
    consume(&world, writing(&world), [record]).await;
    assert_eq!(items_of(&world, "d").len(), 1_000);
    assert_eq!(world.state().tickets().len(), 1_000);
}
