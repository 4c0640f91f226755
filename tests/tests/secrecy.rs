//! S6: marked secrets, bodies, headers and queries go through every path, accepted and refused, and no mark comes out:
//! not in a log line, not in what `tracing` says, not in an error, not in the queues, not in a `Debug`. Of an accepted
//! event the id, the type and the reference may be told, and its body and headers stand in the ledger. What an operator has
//! had kept, by an enrolment or a quarantine, is looked at where these are tested.
#![allow(clippy::unwrap_used)]

use std::{
    io::Write,
    sync::{Mutex, Once},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use ingest::request::Request;
use landfall_tests::world::{
    Recovery, World,
    marks::assert_unmarked,
    sender::{Fortune, LISTS, SOURCE, Sent, delivery, event, handover, sources},
};
use protocol::{
    fault::FaultKind,
    ledger::{Body, EventKey, EventRecord},
    time::{Millis, UnixMillis},
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use support::world::{Mode, NOW, Plan};
use tracing_subscriber::filter::LevelFilter;
use webhook::{
    authenticity::verify::verify,
    endpoint::enrolment::Entry,
    keys::{Keys, Secret, SigningKey},
    reading::delivery::Headers,
};

const SECRET: &str = "MARK-secret-MARK";
const BODY: &str = "MARK-body-MARK";
const HEADER: &str = "MARK-header-MARK";
const QUERY: &str = "MARK-query-MARK";
const PATH: &str = "MARK-path-MARK";

/// What `tracing` has said.
static HEARD: Mutex<Vec<u8>> = Mutex::new(Vec::new());

struct Ear;

impl Write for Ear {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        HEARD.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// A delivery to this source with marks wherever there is room, signed with this secret.
fn marked(source: &str, id: &str, secret: &str, now: UnixMillis) -> Sent {
    let body = json!({"id": id, "type": "fine", "times": 0, "text": BODY}).to_string();
    let headers = [
        ("X-GitHub-Delivery", id),
        ("X-GitHub-Event", "issues"),
        ("Webhook-Id", id),
        ("Authorization", HEADER),
        ("Cookie", HEADER),
        ("User-Agent", HEADER),
        ("Content-Type", HEADER),
        ("X-Forwarded-For", HEADER),
    ];
    let mut request = delivery(source, &body, &headers, secret, now);
    request["rawQueryString"] = QUERY.into();
    let digest = hex::encode(Sha256::digest(&body));
    let id = match source {
        "github" => format!("{id}#{}", &digest[..16]),
        _ => id.to_owned(),
    };
    Sent {
        key: EventKey::new(source, id),
        request,
        body: body.into_bytes(),
        items: None,
        authentic: false,
    }
}

/// A delivery with this body and no headers but the signature's.
fn plain(source: &str, id: &str, body: &Value) -> Sent {
    let body = body.to_string();
    Sent {
        key: EventKey::new(source, id),
        request: delivery(source, &body, &[], SECRET, NOW),
        body: body.into_bytes(),
        items: None,
        authentic: true,
    }
}

/// A delivery with another value at this place of the request.
fn with(mut sent: Sent, place: &[&str], value: impl Into<Value>) -> Sent {
    let mut at = &mut sent.request;
    for name in place {
        at = &mut at[*name];
    }
    *at = value.into();
    sent
}

/// Deliveries that nobody may believe, and the status of each refusal.
fn refused() -> Vec<(i64, Sent)> {
    let forged = |source| marked(source, "e", "a forger's", NOW);
    let path = format!("/webhooks/{PATH}");
    let method = ["requestContext", "http", "method"];
    let github = ["headers", "x-hub-signature-256"];
    let stripe = ["headers", "stripe-signature"];
    let signature = format!("t={HEADER},v1={HEADER}");
    let slack = ["headers", "x-slack-request-timestamp"];
    let headers = json!({HEADER: HEADER});
    let right = marked(SOURCE, "e", SECRET, NOW);
    let long_ago = UnixMillis(NOW.0 - 86_400_000);
    vec![
        (404, with(forged(SOURCE), &["rawPath"], path)),
        (404, with(forged(SOURCE), &["rawPath"], PATH)),
        (405, with(forged(SOURCE), &method, PATH)),
        (413, with(forged("github"), &["body"], BODY.repeat(2_000))),
        (403, forged("listed")),
        (400, with(forged("github"), &["isBase64Encoded"], true)),
        (400, with(forged("github"), &github, "")),
        (400, with(forged("github"), &github, HEADER)),
        (400, with(forged("github"), &github, "sha256=MARK-")),
        (400, with(forged("stripe"), &stripe, signature)),
        (400, with(forged("slack"), &slack, HEADER)),
        (400, with(forged("financbase"), &["headers"], headers)),
        // No request of API Gateway's.
        (400, with(forged(SOURCE), &["headers"], HEADER)),
        (400, with(forged(SOURCE), &["body"], json!({BODY: BODY}))),
        (400, marked("slack", "e", SECRET, long_ago)),
        (400, marked("stripe", "e", SECRET, UnixMillis(0))),
        // The right secret, another body.
        (400, with(right, &["body"], BODY)),
        (400, forged(SOURCE)),
        (400, forged("github")),
        (400, forged("slack")),
        (400, forged("stripe")),
    ]
}

fn world() -> World {
    let world = World::new(3);
    let mut state = world.state();
    state.stored = vec![SECRET.into(), "MARK-older-secret".into()];
    state.held = None;
    drop(state);
    world
}

async fn deliver(world: &World, sent: &Sent) -> i64 {
    use landfall_tests::world::drive::Answer;
    match world.deliver(sent).await {
        Some(Answer::Ingest(status, _)) => status,
        other => panic!("{other:?}"),
    }
}

/// Everything that came out of the functions and stays outside the ledger's events.
fn said(world: &World) -> String {
    let state = world.state();
    assert_eq!(state.ghost.violations, [""; 0]);
    format!(
        "{:#?} {:#?} {:#?} {:#?} {:#?}",
        state.log, state.sqs, state.works, state.cursors, state.projection
    )
}

/// What `tracing` says on any thread, at every level, from the first call on.
fn heard() -> String {
    static BEGIN: Once = Once::new();
    BEGIN.call_once(|| {
        tracing_subscriber::fmt()
            .with_max_level(LevelFilter::TRACE)
            .with_writer(|| Ear)
            .init();
    });
    String::from_utf8_lossy(&HEARD.lock().unwrap()).into_owned()
}

#[tokio::test(start_paused = true)]
async fn of_a_refused_delivery_nothing_is_kept_and_nothing_told() {
    heard();
    for (status, sent) in refused() {
        let world = world();
        assert_eq!(deliver(&world, &sent).await, status, "{}", sent.request);
        let told = said(&world);
        assert_unmarked("what was said", &told);
        let state = world.state();
        assert_eq!(state.log.len(), 1, "{told}");
        assert!(
            state.events.is_empty() && state.objects.is_empty(),
            "{told}"
        );
        assert!(state.sqs.messages.is_empty() && state.sqs.letters.is_empty());
    }
    assert_unmarked("tracing", &heard());
}

#[tokio::test(start_paused = true)]
async fn of_an_accepted_event_neither_body_nor_headers_nor_secret_is_told() {
    heard();
    let world = world();
    for source in [SOURCE, "github", "stripe"] {
        let sent = marked(source, "e", SECRET, NOW);
        assert_eq!(deliver(&world, &sent).await, 200, "{source}");
        // A duplicate, and one with another body.
        assert_eq!(deliver(&world, &sent).await, 200, "{source}");
    }
    let large = json!({"id": "l", "type": "fine", "text": BODY.repeat(500)});
    assert_eq!(deliver(&world, &plain(SOURCE, "l", &large)).await, 200);
    let slack = json!({"type": "url_verification", "challenge": BODY});
    assert_eq!(deliver(&world, &plain("slack", "s", &slack)).await, 200);
    world
        .recover(Recovery {
            provider: true,
            sweeper: true,
        })
        .await;
    let told = said(&world);
    assert!(told.contains("accepted") && told.contains("duplicate") && told.contains("succeeded"));
    assert_unmarked("what was said", &told);
    assert_unmarked("tracing", &heard());
}

#[tokio::test(start_paused = true)]
async fn a_call_that_fails_says_nothing_of_what_it_was_about() {
    heard();
    for kind in [
        "secret",
        "put_body",
        "put_event",
        "read_work",
        "send",
        "read",
        "claim",
        "get_body",
        "project",
        "finish_succeeded",
        "finish_waiting",
        "hide",
        "bury",
        "page",
        "read_works",
        "move_cursor",
    ] {
        let world = world();
        let sent = marked(SOURCE, "e", SECRET, NOW);
        world.plan(Plan::At(kind, 0, Mode::FailedBefore(FaultKind::Other)));
        world.deliver(&sent).await;
        world.deliver(&sent).await;
        world.consume().await;
        world.pass(Millis::seconds(150));
        world.sweep().await;
        world
            .recover(Recovery {
                provider: true,
                sweeper: true,
            })
            .await;
        assert_unmarked(kind, &said(&world));
    }
    assert_unmarked("tracing", &heard());
}

/// A delivery of two events with marks in both.
fn marked_list() -> Sent {
    let item = |id: &str| json!({"id": id, "type": "fine", "times": 0, "text": BODY}).to_string();
    let items = ["a", "b"].map(|id| (EventKey::new(LISTS, id), item(id).into_bytes()));
    let body = format!(r#"{{"id":"l","events":[{},{}]}}"#, item("a"), item("b"));
    let headers = [("User-Agent", HEADER), ("Content-Type", HEADER)];
    let digest = hex::encode(Sha256::digest("l"));
    Sent {
        key: EventKey::new(LISTS, format!("sha256:{digest}")),
        request: delivery(LISTS, &body, &headers, SECRET, NOW),
        body: body.into_bytes(),
        items: Some(items.into()),
        authentic: true,
    }
}

#[tokio::test(start_paused = true)]
async fn a_delivery_that_is_taken_apart_says_nothing_of_what_is_in_it() {
    heard();
    for kind in [
        "nothing",
        "put_event",
        "send",
        "read_work",
        "finish_succeeded",
    ] {
        let world = world();
        let sent = marked_list();
        world.deliver(&sent).await;
        world.plan(Plan::At(kind, 0, Mode::AnswerLost(FaultKind::Other)));
        world.consume().await;
        world
            .recover(Recovery {
                provider: false,
                sweeper: true,
            })
            .await;
        assert_eq!(world.state().ghost.violations, [""; 0], "{kind}");
        assert_eq!(world.state().events.len(), 3);
        assert_unmarked(kind, &said(&world));
    }
    assert_unmarked("tracing", &heard());
}

#[tokio::test(start_paused = true)]
async fn of_a_secret_that_is_handed_over_nothing_is_told_but_to_its_sender() {
    heard();
    let secret = "MARK-secret-b537207f20cbfa02357cf448134da559";
    let sent = handover(secret);
    let address = "https://shop.example.com/q?token=MARK-token";
    let question = json!({"id": "q", "type": "asks", "url": address});
    for kind in ["nothing", "keep", "get"] {
        for is_open in [false, true] {
            let world = world();
            if is_open {
                let now = world.state().now();
                let entry = Entry::opened(now);
                world.state().enrolments.insert(SOURCE.into(), entry);
            }
            world.plan(Plan::At(kind, 0, Mode::FailedBefore(FaultKind::Other)));
            let answer = world.deliver(&sent).await;
            let answer = format!("{answer:?}");
            assert_unmarked("the answer", &answer);
            assert_eq!(world.state().waits(secret), is_open && kind != "keep");
            world.deliver(&plain(SOURCE, "q", &question)).await;
            world.consume().await;
            assert_unmarked(kind, &said(&world));
        }
    }
    assert_unmarked("tracing", &heard());
}

fn record(key: &EventKey, kind: &str, body: &str, now: UnixMillis) -> EventRecord {
    EventRecord {
        event_type: kind.into(),
        received_at: now,
        body: Body::Inline(body.into()),
        body_digest: hex::encode(Sha256::digest(body)),
        headers: [("user-agent".to_owned(), HEADER.to_owned())].into(),
        expires_at: EventRecord::expiry(now, 30),
        ..support::records::event(key.source(), key.id())
    }
}

#[test]
fn no_type_that_holds_a_secret_a_body_or_a_header_shows_it() {
    let sent = marked(SOURCE, "e", SECRET, NOW);
    let source = sources().get(SOURCE).unwrap();
    let secret = Secret::new(SECRET, "a");
    assert_unmarked("Secret", &format!("{secret:#?}"));
    let (keys, faults) = Keys::load(source.schemes, &[secret.clone(), Secret::new(" ", "b")]);
    assert_unmarked("Keys", &format!("{keys:?} {faults:?}"));
    assert_unmarked(
        "SigningKey",
        &format!("{:?}", SigningKey::load(source.schemes, &secret)),
    );

    let event = sent.request.to_string();
    let read = Request::read(&event).unwrap();
    assert_unmarked("Request", &format!("{read:?} {read:#?}"));
    let body = read.body.decode().unwrap();
    let url = read.signed_url(None);
    let delivery = read.delivery(&url, &body);
    assert_unmarked("Delivery", &format!("{delivery:?} {delivery:#?}"));
    let authentic = verify(source, &keys, delivery, NOW).unwrap();
    assert_unmarked("Authentic", &format!("{authentic:?} {authentic:#?}"));

    let record = record(&sent.key, "fine", BODY, NOW);
    let note = ingest::note::Event::of(&record);
    assert_unmarked("note::Event", &format!("{note:?}"));
    assert_unmarked("EventRecord", &format!("{record:?} {record:#?}"));
    let headers: Headers = [("a", HEADER)].into_iter().collect();
    assert_unmarked("Headers", &format!("{headers:?}"));
    for (_, sent) in refused() {
        let event = sent.request.to_string();
        let Ok(read) = Request::read(&event) else {
            continue;
        };
        let Some(source) = read.source().and_then(|name| sources().get(name)) else {
            continue;
        };
        let Some(body) = read.body.decode() else {
            continue;
        };
        let refusal = verify(source, &keys, read.delivery(&url, &body), NOW);
        assert_unmarked(
            "Refusal",
            &format!("{:?}", refusal.map(|_| ()).unwrap_err()),
        );
    }
}

#[test]
fn the_marks_would_be_seen() {
    for text in [
        BODY.to_owned(),
        hex::encode(BODY),
        STANDARD.encode(BODY),
        STANDARD.encode(format!("1{BODY}")),
        STANDARD.encode(format!("22{BODY}")),
        format!("{:?}", BODY.as_bytes()),
    ] {
        let seen = std::panic::catch_unwind(|| assert_unmarked("this", &text));
        assert!(seen.is_err(), "{text}");
    }
    heard();
    tracing::trace!("this is heard");
    assert!(heard().contains("this is heard"));
    let plain = event("e", Fortune::Fine);
    assert_unmarked("this", &format!("{:?}", plain.request));
}
