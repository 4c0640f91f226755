//! What a handler is told of its attempt.

use protocol::{ledger::Life, outgoing::idempotency_key, time::UnixMillis};

use super::holders::before_try;
use crate::{
    line::TicketOutcome,
    testing::{DEADLINE, LEG, LIFE, Memory, RECEIVED, Routes, consume, key, said},
};

#[tokio::test]
async fn a_handler_is_told_what_it_may_know() {
    // https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
    const TRACE: &str =
        "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";
    let world = Memory::default();
    let mut record = world.add("e", Some(before_try(2)));
    record.attributes.trace = Some(format!("{TRACE};Lineage=a:1"));
    let routes = Routes::new().on("s", "*", |event, context| async move {
        assert_eq!(
            (event.source.as_str(), event.event_type.as_str()),
            ("s", "t")
        );
        assert_eq!(
            context.idempotency_key,
            idempotency_key(&key("e"), LIFE, LEG)
        );
        assert_eq!(
            (context.attempt, context.tries, context.tries_limit),
            (5, 2, 3)
        );
        assert_eq!(context.deadline, UnixMillis(DEADLINE.0 - 3_000));
        assert_eq!((context.received_at, context.epoch), (RECEIVED, 1));
        assert!(context.is_replay() && context.covered.id());
        assert_eq!(context.route, LEG);
        assert_eq!(context.trace.as_deref(), Some(TRACE));
        let parent = "00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01";
        assert_eq!(context.trace_parent().as_deref(), Some(parent));
        assert_eq!(context.secret_label, "2026-11");
        assert_eq!(context.headers["content-type"], "application/json");
        Ok(())
    });
    consume(&world, routes, [record]).await;
    assert_eq!(said(&world.work("e").unwrap()), None);
    assert_eq!(world.note().outcome, TicketOutcome::Succeeded);
}

#[test]
fn an_idempotency_key_names_one_life_of_one_event_on_one_route() {
    let keys = [
        idempotency_key(&key("e"), LIFE, "a"),
        idempotency_key(&key("f"), LIFE, "a"),
        idempotency_key(&key("e"), Life(UnixMillis(RECEIVED.0 + 1)), "a"),
        idempotency_key(&key("e"), LIFE, "b"),
    ];
    assert!(keys[1..].iter().all(|other| *other != keys[0]));
    assert_eq!(keys[0], idempotency_key(&key("e"), LIFE, "a"));
    assert!(keys.iter().all(|key| key.len() == 64));
}
