//! Questions whether a provider may send, answered in the place of a handler.

use protocol::{
    ledger::{Body, EventKey, LegState, State, Work},
    ticket::{Ticket, Why},
    time::UnixMillis,
};
use serde_json::json;

use crate::{
    handler::Failure,
    line::TicketOutcome,
    sqs::Record,
    testing::{LIFE, Memory, Mode, NO_ANSWER, NOW, Routes, consume, event, message, said},
};

const URL: &str = "https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription&Token=2336412f";

/// A world in which SNS answers so.
fn answering(status: u16) -> Memory {
    let world = Memory::default();
    world.state().status = status;
    world
}

/// Records a message of SNS.
fn add(world: &Memory, source: &str, kind: &str, url: &str) -> Record {
    let body = json!({"Type": kind, "SubscribeURL": url, "Token": "2336412f"});
    let mut event = event("1");
    event.key = EventKey::new(source, "1");
    event.event_type = kind.into();
    event.body = Body::Inline(body.to_string().into_bytes());
    let ticket = Ticket::new(event.key.clone(), LIFE, Why::New, NOW);
    world.state().events.insert(event.key.clone(), event);
    message(&ticket)
}

fn question(world: &Memory, url: &str) -> Record {
    add(world, "sns", "SubscriptionConfirmation", url)
}

fn work(world: &Memory) -> Work {
    world.state().works[&EventKey::new("sns", "1")].clone()
}

/// No question may come to a handler.
fn nobody() -> Routes {
    Routes::new().on("sns", "*", async |_, _| {
        Err::<(), _>(Failure::permanent("a handler was run"))
    })
}

fn handled() -> Routes {
    Routes::new()
        .on("sns", "*", async |_, _| Ok(()))
        .on("s", "*", async |_, _| Ok(()))
}

#[tokio::test]
async fn a_question_is_answered_by_one_call_and_no_handler() {
    for status in [200, 204, 299] {
        let world = answering(status);
        let record = question(&world, URL);
        assert_eq!(consume(&world, nobody(), [record]).await, [""; 0]);
        assert_eq!(world.effects(), ["claim 1", "get", "finish succeeded"]);
        assert_eq!(world.state().called, [URL]);
        let note = world.note();
        assert_eq!(note.outcome, TicketOutcome::Confirmed);
        assert!(!format!("{note:?}").contains("2336412f"));
    }
}

#[tokio::test]
async fn an_answer_that_is_no_success_is_waited_for() {
    for status in [100, 199, 300, 302, 400, 403, 404, 429, 500, 503] {
        let world = answering(status);
        let record = question(&world, URL);
        assert_eq!(consume(&world, nobody(), [record]).await, [""; 0]);
        assert_eq!(world.state().called.len(), 1, "no redirect is followed");
        let work = work(&world);
        assert_eq!(work.state, State::Waiting);
        let error = format!("the provider's address answered {status}");
        assert_eq!(said(&work), Some(&*error));
        assert_eq!(world.note().outcome, TicketOutcome::Retried);
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_that_fails_or_hangs_is_tried_again() {
    for (mode, expected) in [(NO_ANSWER, "get: no answer"), (Mode::Hangs, "in time")] {
        let world = answering(200);
        world.trouble("get", mode);
        let record = question(&world, URL);
        assert_eq!(consume(&world, nobody(), [record]).await, [""; 0]);
        let work = work(&world);
        assert_eq!(work.state, State::Waiting);
        assert!(said(&work).unwrap().contains(expected), "{mode:?}");
    }
}

#[tokio::test]
async fn an_address_of_a_stranger_is_never_called_and_goes_to_a_person() {
    for url in [
        "https://evil.example/?Token=2336412f",
        "http://sns.us-east-1.amazonaws.com/?Token=2336412f",
        "https://sns.us-east-1.amazonaws.com@evil.example/?Token=2336412f",
        "https://sns.us-east-1.amazonaws.com:8443/?Token=2336412f",
        "https://sns.s3-us-west-2.amazonaws.com/?Token=2336412f",
        "https://169.254.169.254/latest/meta-data/",
        "",
    ] {
        let world = answering(200);
        let record = question(&world, url);
        assert_eq!(consume(&world, nobody(), [record]).await, [""; 0]);
        assert_eq!(
            world.effects(),
            ["claim 1", "bury permanent", "finish failed"],
            "{url}"
        );
        assert_eq!(world.state().called, [""; 0]);
        let shown = format!("{:?} {:?}", world.letters(), world.notes());
        assert!(
            !shown.contains("2336412f") && !shown.contains("evil"),
            "{shown}"
        );
    }
}

#[tokio::test]
async fn whatever_else_comes_is_for_the_handlers() {
    for (source, kind) in [
        ("sns", "Notification"),
        ("sns", "UnsubscribeConfirmation"),
        ("s", "SubscriptionConfirmation"),
    ] {
        let world = answering(200);
        let record = add(&world, source, kind, URL);
        assert_eq!(consume(&world, handled(), [record]).await, [""; 0]);
        assert_eq!(world.effects(), ["claim 1", "finish succeeded"], "{kind}");
        assert_eq!(world.note().outcome, TicketOutcome::Succeeded);
    }
    let world = answering(200);
    let record = add(&world, "sns", "Notification", URL);
    consume(&world, Routes::new(), [record]).await;
    assert_eq!(world.note().outcome, TicketOutcome::Unrouted);
}

#[tokio::test]
async fn a_deployments_check_goes_nowhere_and_is_missed_by_no_route() {
    let world = Memory::default();
    let record = add(&world, "landfall.check", "check", URL);
    assert_eq!(consume(&world, handled(), [record]).await, [""; 0]);
    assert_eq!(world.note().outcome, TicketOutcome::Dropped);
    assert_eq!(world.letters().len(), 0);
    let key = EventKey::new("landfall.check", "1");
    assert_eq!(world.state().works[&key].state, State::Succeeded);
}

#[tokio::test]
async fn a_question_whose_body_can_not_be_read_is_tried_again() {
    let world = answering(200);
    let record = question(&world, URL);
    let key = EventKey::new("sns", "1");
    if let Some(event) = world.state().events.get_mut(&key) {
        event.body = Body::Object {
            key: "bodies/gone".into(),
            bytes: 1_700,
        };
    }
    assert_eq!(consume(&world, nobody(), [record]).await, [""; 0]);
    assert_eq!(world.state().called, [""; 0]);
    let waits = work(&world);
    assert_eq!(waits.state, State::Waiting);
    assert!(said(&waits).unwrap().contains("body could not be read"));

    // When it can be read, and is no question, it goes the ways that it would have gone.
    let world = answering(200);
    let record = add(&world, "sns", "Notification", URL);
    let body = std::mem::replace(
        &mut world.state().events.get_mut(&key).unwrap().body,
        Body::Object {
            key: "bodies/late".into(),
            bytes: 1_700,
        },
    );
    consume(&world, handled(), [record]).await;
    assert_eq!(work(&world).state, State::Waiting);
    let Body::Inline(bytes) = body else {
        panic!("it is elsewhere");
    };
    world.state().objects.insert("bodies/late".into(), bytes);
    world.state().set_now(UnixMillis(NOW.0 + 20_000));
    for _ in 0..2 {
        let again = world.state().tickets().pop().unwrap();
        consume(&world, handled(), [message(&again)]).await;
    }
    let legs = work(&world).legs;
    assert_eq!((work(&world).state, legs.len()), (State::Succeeded, 2));
    assert_eq!(legs["sns-all"].state, LegState::Succeeded);
}
