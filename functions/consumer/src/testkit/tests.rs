//! What a handler is shown in the kit is what the consumer shows it.

use std::time::Duration;

use protocol::time::Millis;
use serde_json::json;

use super::{Api, Attempt, Part, RECEIVED, RunOutcome, Table, event, form, start_with_aws};
use crate::{
    handler::{Context, Event, Failure, Outcome},
    registry::{Handlers, Registry},
};

/// One handler for each way to end.
fn handlers() -> Registry {
    let handlers: Handlers<()> = Handlers::new()
        .add("done", async |_, _| Ok(()))
        .add("skipped", async |_, _| {
            Ok(Outcome::skipped("nothing to do"))
        })
        .add("snoozed", async |_, _| {
            Ok(Outcome::Snoozed(Duration::from_secs(90)))
        })
        .add("retry", async |_, _| {
            Err::<(), _>(Failure::retry("not yet"))
        })
        .add("retry-after", async |_, _| {
            Err::<(), _>(Failure::retry_after("busy", Duration::from_secs(7)))
        })
        .add("permanent", async |_, _| {
            Err::<(), _>(Failure::permanent("never"))
        })
        .add("panic", panicking)
        .add("hang", async |_, _| {
            std::future::pending::<Result<(), Failure>>().await
        })
        .add("replay", async |_: Event, context: Context| {
            Ok(Outcome::skipped(context.is_replay().to_string()))
        });
    handlers.with(()).unwrap()
}

#[expect(clippy::panic, reason = "that is what is tried")]
async fn panicking(_: Event, _: Context) -> Result<(), Failure> {
    panic!("a bug")
}

fn attempt() -> Attempt {
    Attempt::new(event("s", "t", &json!({})), &Table::default())
}

#[tokio::test]
async fn a_test_sees_what_the_consumer_makes_of_every_end() {
    let handlers = handlers();
    let retry = |error: &str, after| RunOutcome::Retry {
        error: error.into(),
        after,
    };
    for (name, expected) in [
        ("done", RunOutcome::Done),
        ("skipped", RunOutcome::Skipped("nothing to do".into())),
        (
            "snoozed",
            RunOutcome::Held {
                by: "its handler".into(),
                until: RECEIVED.plus(Millis::seconds(90)),
            },
        ),
        ("retry", retry("not yet", None)),
        ("retry-after", retry("busy", Some(Millis::seconds(7)))),
        ("permanent", RunOutcome::Permanent("never".into())),
        ("panic", retry("it panicked: a bug", None)),
    ] {
        assert_eq!(attempt().run(&handlers, name).await, expected, "{name}");
    }
    let mut brief = attempt();
    brief.context.deadline = RECEIVED.plus(Millis(50));
    let expected = retry("its time was over", None);
    assert_eq!(brief.run(&handlers, "hang").await, expected);
}

#[tokio::test]
async fn tries_and_replays_of_an_event_have_its_key_and_other_events_have_others() {
    let (first, handlers) = (attempt(), handlers());
    let (again, replay) = (first.clone().again(), first.clone().again().replayed());
    let numbers = |attempt: &Attempt| {
        let Context {
            attempt,
            tries,
            epoch,
            ..
        } = attempt.context;
        (attempt, tries, epoch)
    };
    assert_eq!(numbers(&again), (2, 2, 0));
    assert_eq!(numbers(&replay), (3, 1, 1));
    for (attempt, is_replay) in [(&first, "false"), (&again, "false"), (&replay, "true")] {
        let told = attempt.run(&handlers, "replay").await;
        assert_eq!(told, RunOutcome::Skipped(is_replay.into()));
        let key = &attempt.context.idempotency_key;
        assert_eq!(*key, first.context.idempotency_key);
        assert_eq!(key.len(), 64);
    }
    let mut other = event("s", "t", &json!({}));
    other.id = "evt_2".into();
    let other = Attempt::new(other, &Table::default());
    assert_ne!(other.context.idempotency_key, first.context.idempotency_key);
}

#[test]
fn a_handler_is_told_what_is_not_signed_and_which_trace_it_is_in() {
    let root = "1-5759e988-bd862e3fe1be46a994272793";
    let trace = format!("Root={root};Parent=53995c3f42cd8ad8;Sampled=1");
    let attempt = attempt()
        .unsigned(Part::Body)
        .header("X-Topic", "orders")
        .traced(&trace);
    let context = attempt.context;
    assert!(context.covered.id() && !context.covered.body());
    assert_eq!(context.headers["x-topic"], "orders");
    assert!(!context.covered.header("x-topic"));
    // https://www.w3.org/TR/trace-context/#traceparent-header
    let parent = "00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01";
    assert_eq!(context.trace_parent().as_deref(), Some(parent));
}

#[test]
fn a_form_is_read_as_one() {
    let event = form("s", "t", "command=%2Ftry&payload=%7B%22id%22%3A%221%22%7D");
    assert_eq!(event.field("command").unwrap().as_deref(), Some("/try"));
    assert_eq!(event.json::<serde_json::Value>().unwrap()["id"], "1");
}

#[tokio::test]
async fn an_api_stands_in_for_aws() {
    let api = Api::answering(200);
    api.answer(400, &json!({"__type": "ResourceNotFoundException"}));
    let start = start_with_aws(&json!({}), &api);
    let clients = landfall_aws::clients::Clients::new(&start.aws);
    let asked = clients.dynamodb.list_tables().send().await;
    assert!(asked.is_err());
    let target = &api.asked()[0].headers["x-amz-target"];
    assert_eq!(target, "DynamoDB_20120810.ListTables");
}
