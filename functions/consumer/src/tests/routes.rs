//! Which routes an event goes, and how often each is tried.

use std::sync::{Arc, Mutex};

use catalogue::hops;
use protocol::{
    decide::limits::Limits,
    ledger::{EventKey, EventRecord, LegState, State},
    outgoing::Refusal,
    time::Millis,
};

use crate::{
    gate::Turned,
    handler::{Failure, Outcome},
    line::LegOutcome,
    router::Router,
    testing::{LEASE_END, LIMITS, Memory, NOW, Routes, consume, consumer, event, said},
};

const BILLING: &str = "[destinations.billing]\nhttp = \"https://billing.example.com/hooks\"\n\
                       [routes.paid]\nfrom = [\"s\"]\nto = \"billing\"\n";

fn ways(router: &Router, source: &str, event_type: &str) -> Vec<String> {
    let event = EventRecord {
        key: EventKey::new(source, "e"),
        event_type: event_type.into(),
        ..event("e")
    };
    router.ways(&event, br#"{"amount": 7}"#)
}

fn done(routes: Routes, types: &str) -> Routes {
    routes.on("s", types, async |_, _| Ok(()))
}

#[tokio::test]
async fn all_routes_that_fit_are_gone() {
    let routes = ["*", "invoice.*", "inv*"]
        .into_iter()
        .fold(Routes::new(), done)
        .and("[routes.other]\nfrom = [\"list\"]\nto = \"handler:s-all\"");
    let routes = routes.and(
        "[routes.large]\nfrom = \"*\"\nwhere = { amount = [{ numeric = [\">\", 5] }] }\nto = \"handler:s-all\"",
    );
    let consumer = consumer(&Memory::default(), routes);
    for (source, event_type, expected) in [
        (
            "s",
            "invoice.paid",
            &["large", "s-all", "s-inv", "s-invoice"][..],
        ),
        ("s", "invoice", &["large", "s-all", "s-inv"]),
        ("s", "Invoice.paid", &["large", "s-all"]),
        ("list", "invoice.paid", &["large", "other"]),
        ("sns", "", &["large"]),
        ("S", "invoice.paid", &[]),
    ] {
        assert_eq!(
            ways(&consumer.router, source, event_type),
            expected,
            "{source} {event_type}"
        );
    }
}

#[test]
fn a_leg_is_tried_as_its_route_says_else_its_source_else_the_stack() {
    let text = "[routes.own]\nfrom = [\"s\"]\nto = \"handler:s-all\"\ntries = 20\n\
                backoff = { base = \"1m\", max = \"1h\" }\nage_limit = \"2d\"\n";
    let consumer = consumer(&Memory::default(), done(Routes::new(), "*").and(text));
    let router = &consumer.router;
    let expected = Limits {
        tries: 20,
        backoff_base: Millis::seconds(60),
        backoff_max: Millis::seconds(3_600),
        age: Millis::days(2),
        ..LIMITS
    };
    assert_eq!(router.limits("s", router.get("own")), expected);
    assert_eq!(router.limits("s", router.get("s-all")), LIMITS);
    assert_eq!(router.limits("s", None), LIMITS);
    assert_eq!(router.limits("patient", router.get("own")), expected);
    let patient = Limits {
        tries: 50,
        ..LIMITS
    };
    assert_eq!(router.limits("patient", router.get("s-all")), patient);
}

#[tokio::test]
async fn a_destination_gets_the_event_under_a_key_of_its_own_route() {
    let world = Memory::default();
    let keys = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&keys);
    let routes = Routes::new().on("s", "*", move |_, context| {
        told.lock().unwrap().push(context.idempotency_key);
        async { Ok(()) }
    });
    let record = world.add("e", None);
    assert_eq!(
        consume(&world, routes.and(BILLING), [record]).await,
        [""; 0]
    );
    let delivered = world.state().delivered.clone();
    let [(name, outgoing)] = delivered.as_slice() else {
        panic!("{delivered:?}");
    };
    assert_eq!(
        (
            name.as_str(),
            outgoing.route.as_str(),
            outgoing.event_id.as_str()
        ),
        ("billing", "paid", "e")
    );
    let of_handler = keys.lock().unwrap()[0].clone();
    assert_ne!(outgoing.idempotency_key, of_handler);
    assert_eq!(outgoing.idempotency_key.len(), 64);
    let work = world.work("e").unwrap();
    assert_eq!(work.state, State::Succeeded);
    assert_eq!(work.legs.len(), 2);
}

#[tokio::test]
async fn what_a_destination_refuses_for_now_is_tried_again_when_it_asks_for_it() {
    let world = Memory::default();
    let refusal = Refusal::Transient {
        error: "it answered 503".into(),
        retry_after: Some(Millis::seconds(120)),
    };
    world.state().refusals.insert("billing".into(), refusal);
    let record = world.add("e", None);
    consume(&world, Routes::new().and(BILLING), [record]).await;
    let work = world.work("e").unwrap();
    assert_eq!(
        (work.state, said(&work)),
        (State::Waiting, Some("it answered 503"))
    );
    assert!(work.until >= NOW.plus(Millis::seconds(120)), "{work:?}");
}

#[tokio::test]
async fn what_a_destination_refuses_for_good_is_a_letter_of_its_leg_alone() {
    let world = Memory::default();
    let refusal = Refusal::permanent("it answered 404");
    world.state().refusals.insert("billing".into(), refusal);
    let record = world.add("e", None);
    let routes = done(Routes::new(), "*").and(BILLING);
    assert_eq!(consume(&world, routes, [record]).await, [""; 0]);
    let letters = world.letters();
    assert_eq!(letters.len(), 1);
    assert_eq!(
        (
            letters[0].route.as_deref(),
            letters[0].reason,
            letters[0].error.as_str()
        ),
        (Some("paid"), "permanent", "it answered 404")
    );
    let legs = world.work("e").unwrap().legs;
    assert_eq!(legs["s-all"].state, LegState::Succeeded);
    assert_eq!(legs["paid"].state, LegState::Failed);
}

#[tokio::test]
async fn a_destination_that_fails_too_often_opens_and_holds_without_using_tries() {
    let world = Memory::default();
    let refusal = Refusal::transient("it answered 503");
    world.state().refusals.insert("billing".into(), refusal);
    let records: Vec<_> = ["a", "b", "c", "d", "e", "f"]
        .into_iter()
        .map(|id| world.add(id, None))
        .collect();
    let consumer = consumer(&world, Routes::new().and(BILLING));
    for record in records {
        let batch = crate::sqs::Batch {
            records: vec![record],
        };
        consumer
            .work_on(batch, crate::testing::DEADLINE)
            .await
            .unwrap();
    }
    let opened = format!("{:?} billing", Turned::Opened);
    assert!(world.effects().contains(&opened), "{:?}", world.effects());
    let held = world.work("f").unwrap();
    assert_eq!((held.state, held.legs["paid"].tries), (State::Waiting, 0));
    let notes = world.notes();
    let last = notes.last().unwrap();
    assert_eq!(last.legs[0].outcome, LegOutcome::Held);
    assert_eq!(last.legs[0].error.as_deref(), Some("open"));

    // The leg that tries it, and fails, is held like the others.
    world.state().pass(Millis::seconds(10));
    let record = world.add("g", None);
    let batch = crate::sqs::Batch {
        records: vec![record],
    };
    consumer
        .work_on(batch, crate::testing::DEADLINE)
        .await
        .unwrap();
    let tried = world.work("g").unwrap();
    assert_eq!((tried.state, tried.legs["paid"].tries), (State::Waiting, 0));
    let tried = format!("{:?} billing", Turned::StillOpen { until: tried.until });
    assert!(world.effects().contains(&tried), "{:?}", world.effects());
}

#[tokio::test]
async fn a_route_sends_what_it_makes_of_the_payload() {
    let world = Memory::default();
    let body = br#"{"id":"in_1","amount":12345678901234567890,"secret":"hush"}"#;
    let record = world.add_body("e", body);
    let routes = Routes::new().and(BILLING).and(
        "body = { of = \"{event_id}\", amount = \"{json:amount}\" }\nheaders = { X-Type = \"{event_type}\" }",
    );
    consume(&world, routes, [record]).await;
    let (_, outgoing) = world.state().delivered[0].clone();
    assert_eq!(
        String::from_utf8(outgoing.body).unwrap(),
        r#"{"amount":12345678901234567890,"of":"e"}"#
    );
    assert_eq!(outgoing.content_type, "application/json");
    assert_eq!(
        outgoing.headers.get("X-Type").map(String::as_str),
        Some("t")
    );
}

#[tokio::test]
async fn what_a_route_asks_for_and_does_not_find_fails_its_leg_by_name() {
    let world = Memory::default();
    let record = world.add_body("e", b"{}");
    let routes = Routes::new()
        .and(BILLING)
        .and("body = { id = \"{json:data.id}\" }");
    consume(&world, routes, [record]).await;
    let letters = world.letters();
    assert_eq!(letters[0].error, "`{json:data.id}` finds nothing");
    assert!(world.state().delivered.is_empty());
}

#[tokio::test]
async fn an_older_state_that_comes_late_is_skipped_and_an_equal_one_runs() {
    let world = Memory::default();
    let text =
        format!("{BILLING}order_by = {{ entity = \"{{json:id}}\", version = \"{{json:at}}\" }}");
    for (event, at, expected) in [
        ("a", "2", LegState::Succeeded),
        ("b", "1", LegState::Skipped),
        ("c", "2", LegState::Succeeded),
        ("d", "10", LegState::Succeeded),
        ("e", "9", LegState::Skipped),
    ] {
        let body = format!(r#"{{"id":"in_1","at":{at}}}"#);
        let record = world.add_body(event, body.as_bytes());
        consume(&world, Routes::new().and(&text), [record]).await;
        let legs = world.work(event).unwrap().legs;
        assert_eq!(legs["paid"].state, expected, "{event}");
    }
    let other = world.add_body("f", br#"{"id":"in_2","at":1}"#);
    consume(&world, Routes::new().and(&text), [other]).await;
    assert_eq!(
        world.work("f").unwrap().legs["paid"].state,
        LegState::Succeeded
    );
    assert_eq!(world.state().delivered.len(), 4);
}

#[tokio::test]
async fn versions_of_different_kinds_have_no_order() {
    let world = Memory::default();
    let text =
        format!("{BILLING}order_by = {{ entity = \"{{json:id}}\", version = \"{{json:at}}\" }}");
    for (event, at) in [("a", "2"), ("b", "\"2026-11-29T22:00:00Z\"")] {
        let body = format!(r#"{{"id":"in_1","at":{at}}}"#);
        let record = world.add_body(event, body.as_bytes());
        consume(&world, Routes::new().and(&text), [record]).await;
    }
    let letters = world.letters();
    assert_eq!(
        letters[0].error,
        "its version is a time, and the newest one is a number"
    );
}

#[tokio::test]
async fn a_handler_may_skip_and_may_ask_for_a_later_time() {
    let world = Memory::default();
    let record = world.add("e", None);
    let skips = Routes::new().on("s", "*", async |_, _| {
        Ok(Outcome::skipped("a test payment"))
    });
    consume(&world, skips, [record]).await;
    let work = world.work("e").unwrap();
    assert_eq!(work.state, State::Succeeded);
    assert_eq!(work.legs["s-all"].state, LegState::Skipped);
    assert_eq!(said(&work), Some("a test payment"));

    let record = world.add("f", None);
    let wait = std::time::Duration::from_mins(10);
    let snoozes = Routes::new().on(
        "s",
        "*",
        move |_, _| async move { Ok(Outcome::Snoozed(wait)) },
    );
    consume(&world, snoozes, [record]).await;
    let work = world.work("f").unwrap();
    assert_eq!((work.state, work.legs["s-all"].tries), (State::Waiting, 0));
    assert_eq!(work.until, NOW.plus(Millis::seconds(600)));

    let record = world.add("g", None);
    let asks = Routes::new().on("s", "*", move |_, _| async move {
        Err::<(), _>(Failure::retry_after("429", wait))
    });
    consume(&world, asks, [record]).await;
    let work = world.work("g").unwrap();
    assert_eq!((work.state, work.legs["s-all"].tries), (State::Waiting, 1));
    assert!(work.until >= NOW.plus(Millis::seconds(600)), "{work:?}");
    assert!(work.until > LEASE_END);
}

/// The event, as it came with this count of rounds.
fn came_round(world: &Memory, hops: &str) -> crate::sqs::Record {
    let record = world.add_body("e", b"{}");
    let mut state = world.state();
    let event = state.events.values_mut().next().unwrap();
    let header = (hops::HEADER.to_owned(), hops.to_owned());
    event.headers.extend([header]);
    drop(state);
    record
}

#[tokio::test]
async fn each_round_is_counted_and_the_last_one_is_refused_in_words() {
    for (came_with, goes_with) in [("", 1), ("1", 2), ("7", 8), ("lots", 1)] {
        let world = Memory::default();
        let record = came_round(&world, came_with);
        consume(&world, Routes::new().and(BILLING), [record]).await;
        assert_eq!(world.state().delivered[0].1.hops, goes_with, "{came_with}");
    }
    let world = Memory::default();
    let record = came_round(&world, "8");
    consume(&world, Routes::new().and(BILLING), [record]).await;
    assert!(world.state().delivered.is_empty());
    let letters = world.letters();
    assert_eq!((letters.len(), letters[0].reason), (1, "permanent"));
    let words = "it has gone out of Landfall 8 times by now";
    assert!(letters[0].error.starts_with(words), "{}", letters[0].error);
    assert_eq!(letters[0].route.as_deref(), Some("paid"));
    // Nobody knocked at the destination, so its health is not asked about either.
    assert!(!world.state().door.calls.contains(&"read_health"));
}

#[tokio::test]
async fn a_handler_gets_an_event_however_often_it_came_round() {
    let world = Memory::default();
    let record = came_round(&world, "99");
    consume(&world, done(Routes::new(), "*"), [record]).await;
    assert_eq!(world.work("e").unwrap().state, State::Succeeded);
}
