//! Events of which their provider has encrypted a part.

use protocol::{
    decide::limits::RESERVED,
    ledger::{Body, EventKey, EventRecord, State, Work},
    ticket::{Ticket, Why},
    time::UnixMillis,
};
use serde_json::{Value, json};
use support::sealed::{self, NEW, OLD};

use crate::{
    line::TicketOutcome,
    sqs::Record,
    testing::{
        LIFE, LIMITS, Memory, Mode, NO_ANSWER, NOW, Routes, consume, event, message, said, with_leg,
    },
};

const OPENED: &str =
    r#"{"id":"n1","changeType":"created","decryptedContent":{"a":"abcdefgh"},"tenantId":"t"}"#;

fn of(source: &str) -> EventKey {
    EventKey::new(source, "e")
}

/// Records an event of this source, as an item of a delivery, and its ticket.
fn add(world: &Memory, source: &str, body: &str) -> Record {
    let record = EventRecord {
        key: of(source),
        parent: Some(EventKey::new(source, "d")),
        event_type: "created".into(),
        body: Body::Inline(body.into()),
        ..event("e")
    };
    world.state().events.insert(record.key.clone(), record);
    message(&Ticket::new(of(source), LIFE, Why::New, NOW))
}

/// The body of a sealed event, for which `old` is the key.
fn body(name: &str) -> String {
    sealed::event(name).body
}

/// A world where this private key is stored.
fn with_key(name: &'static str, key: &'static str) -> Memory {
    let world = Memory::default();
    store(&world, name, key);
    world
}

fn store(world: &Memory, name: &'static str, key: &'static str) {
    let mut state = world.state();
    let keys = state.private_keys.entry("graph".into()).or_default();
    keys.push((name, key));
}

/// A handler that writes down what it gets, and two destinations, of which one wants something of what is encrypted.
fn routes(world: &Memory) -> Routes {
    let world = world.clone();
    let wants = r#"where = { decryptedContent = { a = [{ prefix = "abc" }] } }"#;
    let text = format!(
        "[destinations.whole]\nhttp = \"https://whole.example.com/hooks\"\n\
         [destinations.part]\nhttp = \"https://part.example.com/hooks\"\n\
         [routes.whole]\nfrom = [\"graph\", \"closed\"]\nto = \"whole\"\n\
         [routes.part]\nfrom = [\"graph\"]\n{wants}\nto = \"part\"\nbody = {{ a = \"{{json:decryptedContent.a}}\" }}\n"
    );
    Routes::new()
        .on("graph", "*", move |event, _| {
            let body = String::from_utf8_lossy(event.body()).into_owned();
            world.state().did(format!("handler {body}"));
            async { Ok(()) }
        })
        .and(&text)
}

fn work(world: &Memory) -> Work {
    world.state().works[&of("graph")].clone()
}

/// What destinations got, by name.
fn delivered(world: &Memory) -> Vec<(String, String)> {
    let delivered = world.state().delivered.clone();
    let each = delivered.into_iter();
    let each = each.map(|(to, outgoing)| (to, String::from_utf8(outgoing.body).unwrap()));
    let mut each: Vec<_> = each.collect();
    each.sort();
    each
}

async fn work_on(world: &Memory, record: Record) {
    assert_eq!(consume(world, routes(world), [record]).await, [""; 0]);
}

/// The ticket of the legs that wait, when they are due.
fn again(world: &Memory) -> Record {
    let due = UnixMillis(NOW.0 - 1);
    let waits = with_leg(work(world), |leg| leg.until = due);
    let work = Work {
        until: due,
        ..waits
    };
    world.state().works.insert(of("graph"), work);
    message(&Ticket::new(of("graph"), LIFE, Why::Again, NOW))
}

#[tokio::test]
async fn conditions_handlers_reshapes_and_destinations_get_what_is_encrypted_opened() {
    let world = with_key("old", OLD);
    let record = add(&world, "graph", &body("a_block"));
    work_on(&world, record).await;
    assert_eq!(work(&world).state, State::Succeeded);
    assert!(world.effects().contains(&format!("handler {OPENED}")));
    let part = json!({"a": "abcdefgh"}).to_string();
    let expected = [
        ("part".to_owned(), part),
        ("whole".to_owned(), OPENED.to_owned()),
    ];
    assert_eq!(delivered(&world), expected);
}

#[tokio::test]
async fn nothing_keeps_what_was_opened() {
    let world = with_key("old", OLD);
    let sealed = body("a_block");
    let record = add(&world, "graph", &sealed);
    work_on(&world, record).await;
    let state = world.state();
    assert_eq!(state.events.len(), 1);
    assert_eq!(state.events[&of("graph")].body, Body::Inline(sealed.into()));
    assert!(state.objects.is_empty());
    let kept = format!(
        "{:?} {:?} {:?}",
        state.works,
        state.tickets(),
        state.letters()
    );
    drop(state);
    let told = format!("{kept} {:?}", world.notes());
    assert!(!told.contains("abcdefgh"), "{told}");
}

#[tokio::test]
async fn a_condition_that_what_was_opened_does_not_meet_leads_nowhere() {
    let world = with_key("old", OLD);
    let record = add(
        &world,
        "graph",
        &body("one_byte_less_than_a_block").replace("n1", "n2"),
    );
    work_on(&world, record).await;
    assert_eq!(delivered(&world).len(), 2, "`abcdefg` begins with `abc`");
    let world = with_key("old", OLD);
    let record = add(&world, "graph", &body("one_character"));
    work_on(&world, record).await;
    let to: Vec<_> = delivered(&world).into_iter().map(|(to, _)| to).collect();
    assert_eq!(
        (to, work(&world).state),
        (vec!["whole".to_owned()], State::Succeeded)
    );
}

#[tokio::test]
async fn events_of_which_nothing_is_encrypted_need_no_key() {
    for body in [r#"{"id":"n1"}"#, r#"{"encryptedContent":null}"#, "a=1"] {
        let world = Memory::default();
        let record = add(&world, "graph", body);
        work_on(&world, record).await;
        assert!(
            world.effects().contains(&format!("handler {body}")),
            "{body}"
        );
    }
}

#[tokio::test]
async fn a_source_that_keeps_it_encrypted_hands_it_on_as_it_came() {
    let world = Memory::default();
    let sealed = body("a_block");
    let record = add(&world, "closed", &sealed);
    assert_eq!(consume(&world, routes(&world), [record]).await, [""; 0]);
    assert_eq!(delivered(&world), [("whole".to_owned(), sealed)]);
}

#[tokio::test]
async fn without_its_key_an_event_waits_and_goes_its_ways_when_the_key_is_stored() {
    for (name, key, words) in [
        (
            "other",
            OLD,
            "no private key is stored under the name of the certificate that it is encrypted for",
        ),
        (
            "old",
            NEW,
            "no private key that is stored under the name of its certificate opens it",
        ),
    ] {
        let world = with_key(name, key);
        let record = add(&world, "graph", &body("a_block"));
        work_on(&world, record).await;
        let waits = work(&world);
        assert_eq!((waits.state, said(&waits)), (State::Waiting, Some(words)));
        assert_eq!(world.note().outcome, TicketOutcome::Retried);
        assert_eq!(delivered(&world), []);
        store(&world, "old", OLD);
        // The first leg finds the ways that the event goes.
        for _ in 0..2 {
            let record = again(&world);
            work_on(&world, record).await;
        }
        assert_eq!(
            (work(&world).state, delivered(&world).len()),
            (State::Succeeded, 2)
        );
    }
}

#[tokio::test]
async fn an_event_whose_key_never_comes_ends_in_a_letter_that_says_so() {
    let world = with_key("other", OLD);
    let record = add(&world, "graph", &body("a_block"));
    work_on(&world, record).await;
    for _ in 1..LIMITS.tries {
        let record = again(&world);
        work_on(&world, record).await;
    }
    let letters = world.letters();
    let [letter] = letters.as_slice() else {
        panic!("{letters:?}")
    };
    assert_eq!(letter.reason, "exhausted");
    assert!(
        letter.error.starts_with("no private key is stored"),
        "{letter:?}"
    );
    assert_eq!(
        (work(&world).state, delivered(&world).len()),
        (State::Failed, 0)
    );
}

#[tokio::test]
async fn what_was_tampered_with_goes_to_a_person_at_once_and_nowhere_else() {
    for (name, words) in [
        (
            "a_bit_of_the_first_byte",
            "the signature of what is encrypted doesn't hold",
        ),
        (
            "signed_without_data",
            "what is encrypted can't be decrypted",
        ),
        (
            "signed_with_a_padding_of_17",
            "what is encrypted can't be decrypted",
        ),
        ("signed_and_no_json", "what was decrypted is no JSON"),
        (
            "without_dataKey",
            "what is encrypted of it isn't in the form that its provider has for it",
        ),
        (
            "only_what_it_would_be",
            "it came with a member of the name that what is decrypted has",
        ),
        (
            "beside_what_it_would_be",
            "it came with a member of the name that what is decrypted has",
        ),
    ] {
        let world = with_key("old", OLD);
        let record = add(&world, "graph", &body(name));
        work_on(&world, record).await;
        let failed = work(&world);
        assert_eq!(
            (failed.state, said(&failed)),
            (State::Failed, Some(words)),
            "{name}"
        );
        assert_eq!(
            world.effects(),
            ["claim e", "bury permanent", "finish failed"],
            "{name}"
        );
        let letters = world.letters();
        assert_eq!(letters[0].error, words);
        assert_eq!(delivered(&world), []);
    }
}

#[tokio::test(start_paused = true)]
async fn keys_that_can_not_be_read_are_asked_for_again() {
    for (mode, words) in [
        (NO_ANSWER, "private_keys: no answer"),
        (Mode::Hangs, "its private keys could not be read in time"),
    ] {
        let world = with_key("old", OLD);
        world.trouble("private_keys", mode);
        world.state().began = Some(tokio::time::Instant::now());
        let record = add(&world, "graph", &body("a_block"));
        assert_eq!(consume(&world, routes(&world), [record]).await, [""; 0]);
        let waits = work(&world);
        assert_eq!((waits.state, said(&waits)), (State::Waiting, Some(words)));
    }
}

/// The keys go between the decision, which has seen what is encrypted, and the runs.
#[tokio::test]
async fn legs_that_can_not_have_the_event_wait_each_for_itself() {
    let world = with_key("old", OLD);
    let record = add(&world, "graph", &body("a_block"));
    let failing = Routes::new().on("graph", "*", async |_, _| {
        Err::<(), _>(crate::handler::Failure::retry("not now"))
    });
    assert_eq!(consume(&world, failing, [record]).await, [""; 0]);
    let waits = work(&world);
    assert_eq!(said(&waits), Some("not now"));
    world.state().private_keys.clear();
    let record = again(&world);
    work_on(&world, record).await;
    let waits = work(&world);
    let legs: Vec<_> = waits.legs.keys().map(String::as_str).collect();
    assert_eq!(legs, ["graph-all"]);
    assert!(
        said(&waits)
            .unwrap()
            .starts_with("no private key is stored")
    );
}

#[tokio::test]
async fn a_delivery_of_several_events_is_taken_apart_as_it_came() {
    let world = Memory::default();
    let delivery = format!(
        r#"{{"value":[{}],"validationTokens":["a"]}}"#,
        body("a_block")
    );
    let record = add(&world, "graph", &delivery);
    world.state().events.get_mut(&of("graph")).unwrap().parent = None;
    assert_eq!(consume(&world, routes(&world), [record]).await, [""; 0]);
    let state = world.state();
    assert_eq!(
        state.works[&of("graph")].legs.keys().collect::<Vec<_>>(),
        [RESERVED]
    );
    let item = state
        .events
        .values()
        .find(|event| event.parent == Some(of("graph")));
    let Body::Object { key, .. } = &item.unwrap().body else {
        panic!("it is a long one")
    };
    let stored: Value = serde_json::from_slice(&state.objects[key]).unwrap();
    let came: Value = serde_json::from_str(&body("a_block")).unwrap();
    assert_eq!(stored, came);
}
