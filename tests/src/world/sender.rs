//! The provider's side: sources, events, signed deliveries; and the handler that works on them.

use std::sync::{Arc, LazyLock, Mutex};

use catalogue::{Configuration, Environment, Sources, reader};
use consumer::{
    handler::{Context, Event, Failure},
    registry::{Handlers, Registry},
};
use protocol::{
    ledger::{EventKey, Life},
    time::UnixMillis,
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use support::{
    gateway,
    world::{NOW, lock},
};

use super::{destinations, state::State};

/// The source of the crash tests.
pub const SOURCE: &str = "shop";

/// The source whose deliveries carry several events.
pub const LISTS: &str = "lists";

/// Their secret.
pub const SECRET: &str = "it's a secret to everybody";

/// The source whose deliveries name the address of their key.
pub const NAMED: &str = "named";

/// The address of its key.
pub(super) const ADDRESS: &str = "https://keys.example.com/1";

/// What it signs with, and what stands at the address: the first key pair of RFC 8032, section 7.1.
const PRIVATE_KEY: &str = "whsk_nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=";
pub(super) const PUBLIC_KEY: &str = "whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";

/// Bodies above this go to the bucket.
pub const INLINE_BODY_BYTES: usize = 1_000;

const CONFIGURATION: &str = r#"
[routes.all]
from = ["shop", "lists", "named", "github", "slack", "stripe", "financbase", "listed"]
to = "handler:handle"

[routes.both]
from = ["shop"]
types = ["both"]
to = "handler:handle"

[sources.shop]
event_id = "{json:id}"
event_type = "{json:type}"
enrolment = { header = "X-Hook-Secret" }
subscription = { json = "type", value = "asks", url = "url", hosts = ["shop.example.com"] }
[sources.shop.scheme]
algorithm = "hmac-sha256"
key = "text"
signature = { header = "X-Shop-Signature", prefix = "sha256=" }
encoding = "hex"
message = "{body}"

[sources.lists]
event_id = "{json:id}"
event_type = "{json:type}"
bundle = { items = "events", item_id = "{json:id}", item_type = "{json:type}" }
[sources.lists.scheme]
algorithm = "hmac-sha256"
key = "text"
signature = { header = "X-Shop-Signature", prefix = "sha256=" }
encoding = "hex"
message = "{body}"

[sources.named]
keys = { header = "X-Key-Url", hosts = ["keys.example.com"] }
event_id = "{json:id}"
event_type = "{json:type}"
[sources.named.scheme]
algorithm = "ed25519"
key = "public"
signature = { header = "X-Signature" }
encoding = "hex"
message = "{body}"

[sources.github]
provider = "github"
max_body_bytes = 20000

[sources.slack]
provider = "slack"

[sources.stripe]
provider = "stripe"

[sources.financbase]
provider = "financbase"

[sources.listed]
provider = "github"
source_ips = ["203.0.113.7"]
"#;

/// What is laid behind that where Landfall tells of itself.
const TELLING: &str = r#"
[routes.told]
from = ["landfall"]
to = "handler:handle"
"#;

/// A configuration that says nothing.
#[must_use]
pub fn nothing() -> &'static Configuration {
    static NONE: LazyLock<Configuration> = LazyLock::new(|| {
        reader::read("", Environment::Test).expect("nothing is wrong with nothing")
    });
    &NONE
}

/// The sources of these tests, and where their events go.
#[must_use]
pub fn configuration() -> &'static Configuration {
    static ALL: LazyLock<Configuration> = LazyLock::new(|| read(""));
    &ALL
}

/// The same, where Landfall tells of itself.
#[must_use]
pub fn telling() -> &'static Configuration {
    static ALL: LazyLock<Configuration> = LazyLock::new(|| read(TELLING));
    &ALL
}

fn read(more: &str) -> Configuration {
    let text = format!("{CONFIGURATION}{}{more}", destinations::CONFIGURATION);
    let read = reader::read_with_handlers(&text, Environment::Test, &["handle"]);
    read.expect("the configuration is right")
}

/// The sources of these tests.
#[must_use]
pub fn sources() -> &'static Sources {
    &configuration().sources
}

/// An event as a provider sends it, again and again if need be.
#[derive(Clone, Debug)]
pub struct Sent {
    /// Where it will stand in the ledger.
    pub key: EventKey,
    /// API Gateway's event.
    pub request: Value,
    /// Its body.
    pub body: Vec<u8>,
    /// The events that it carries, each with its body; `None`: it is one itself.
    pub items: Option<Vec<(EventKey, Vec<u8>)>>,
    /// Whether the source's provider signed it, so that no 4xx may ever send it away.
    pub authentic: bool,
}

/// What the handler is to do with an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fortune {
    /// Succeed.
    Fine,
    /// Fail in so many tries of a round.
    Fails(u32),
    /// Fail in its first attempts, so many of them, whatever the round.
    FailsAtFirst(u32),
    /// Fail in this attempt.
    FailsIn(u32),
    /// Say that it will never succeed.
    Refused,
    /// Panic in so many tries of a round.
    Panics(u32),
}

/// An event that goes two ways, and what is to become of each.
#[must_use]
pub fn both(id: &str, one: Fortune, other: Fortune) -> Sent {
    let part = |fortune| {
        let (kind, times) = kind_of(fortune);
        json!({"kind": kind, "times": times})
    };
    let body = json!({"id": id, "type": "both", "one": part(one), "other": part(other)});
    let body = body.to_string();
    Sent {
        key: EventKey::new(SOURCE, id),
        request: delivery(SOURCE, &body, &[], SECRET, NOW),
        body: body.into_bytes(),
        items: None,
        authentic: true,
    }
}

/// An event of the shop's.
#[must_use]
pub fn event(id: &str, fortune: Fortune) -> Sent {
    signed(id, fortune, SECRET, 0)
}

/// An event whose body is too large for the ledger.
#[must_use]
pub fn large_event(id: &str, fortune: Fortune) -> Sent {
    signed(id, fortune, SECRET, 2_000)
}

/// An event, signed with this secret, whose body is longer by `padding`.
#[must_use]
pub fn signed(id: &str, fortune: Fortune, secret: &str, padding: usize) -> Sent {
    let body = body_of(id, fortune, padding);
    Sent {
        key: EventKey::new(SOURCE, id),
        request: delivery(SOURCE, &body, &[], secret, NOW),
        body: body.into_bytes(),
        items: None,
        authentic: true,
    }
}

/// A delivery that carries these events, the last of which is longer by `padding`.
#[must_use]
pub fn list(id: &str, events: &[(&str, Fortune)], padding: usize) -> Sent {
    let padding = |at| if at + 1 == events.len() { padding } else { 0 };
    let each = events.iter().enumerate();
    let bodies: Vec<_> = each
        .map(|(at, (id, fortune))| body_of(id, *fortune, padding(at)))
        .collect();
    let body = format!(r#"{{"id":"{id}","events":[{}]}}"#, bodies.join(", "));
    let keys = events.iter().map(|(id, _)| EventKey::new(LISTS, *id));
    let items = keys.zip(bodies.into_iter().map(String::into_bytes));
    Sent {
        items: Some(items.collect()),
        ..to_lists(id, body)
    }
}

/// A delivery to the source of lists that carries none.
#[must_use]
pub fn no_list(id: &str, fortune: Fortune) -> Sent {
    to_lists(id, body_of(id, fortune, 0))
}

fn to_lists(id: &str, body: String) -> Sent {
    // The delivery's own id is never an item's.
    let digest = hex::encode(Sha256::digest(id));
    Sent {
        key: EventKey::new(LISTS, format!("sha256:{digest}")),
        request: delivery(LISTS, &body, &[], SECRET, NOW),
        body: body.into_bytes(),
        items: None,
        authentic: true,
    }
}

/// An event whose delivery names the address of its key.
#[must_use]
pub fn named_event(id: &str) -> Sent {
    let body = body_of(id, Fortune::Fine, 0);
    let headers = [("X-Key-Url", ADDRESS)];
    Sent {
        key: EventKey::new(NAMED, id),
        request: delivery(NAMED, &body, &headers, PRIVATE_KEY, NOW),
        body: body.into_bytes(),
        items: None,
        authentic: true,
    }
}

/// An event that asks whether its provider may send.
#[must_use]
pub fn question(id: &str) -> Sent {
    let url = format!("https://shop.example.com/{id}");
    let body = json!({"id": id, "type": "asks", "url": url}).to_string();
    Sent {
        key: EventKey::new(SOURCE, id),
        request: delivery(SOURCE, &body, &[], SECRET, NOW),
        body: body.into_bytes(),
        items: None,
        authentic: true,
    }
}

/// The event that asks to have this address called.
pub(super) fn event_that_asks(url: &str) -> EventKey {
    let last = url.rsplit('/').next().unwrap_or_default();
    EventKey::new(SOURCE, last.split('?').next().unwrap_or_default())
}

/// A request that hands this secret over. Nothing signs it, so it may be sent away.
#[must_use]
pub fn handover(secret: &str) -> Sent {
    let headers = [("X-Hook-Secret".to_owned(), secret.to_owned())];
    Sent {
        key: EventKey::new(SOURCE, "handover"),
        request: gateway::request(SOURCE, "{}", &headers),
        body: b"{}".to_vec(),
        items: None,
        authentic: false,
    }
}

fn body_of(id: &str, fortune: Fortune, padding: usize) -> String {
    let (kind, times) = kind_of(fortune);
    let padding = "x".repeat(padding);
    json!({"id": id, "type": kind, "times": times, "padding": padding}).to_string()
}

const fn kind_of(fortune: Fortune) -> (&'static str, u32) {
    match fortune {
        Fortune::Fine => ("fine", 0),
        Fortune::Fails(times) => ("fails", times),
        Fortune::FailsAtFirst(times) => ("fails_at_first", times),
        Fortune::FailsIn(attempt) => ("fails_in", attempt),
        Fortune::Refused => ("refused", 0),
        Fortune::Panics(times) => ("panics", times),
    }
}

/// A delivery to this source with these headers, signed with this secret at this time.
#[must_use]
pub fn delivery(
    source: &str,
    body: &str,
    headers: &[(&str, &str)],
    secret: &str,
    now: UnixMillis,
) -> Value {
    let source = sources().get(source).expect("a source");
    gateway::signed(source, body, headers, secret, now)
}

/// The handler: one call that leaves the process, then what the event's type says.
pub(super) fn handlers(state: &Arc<Mutex<State>>) -> Registry {
    let state = Arc::clone(state);
    let handle = move |event, context| handle(Arc::clone(&state), event, context);
    let handlers = Handlers::new().add("handle", handle).with(());
    handlers.expect("one handler has one name")
}

async fn handle(state: Arc<Mutex<State>>, event: Event, context: Context) -> Result<(), Failure> {
    let (life, attempt) = (Life(context.received_at), context.attempt);
    let key = lock(&state).key_of(&event.source, &event.id, life);
    let route = &context.route;
    lock(&state).ran(&key, life, attempt, route, event.body());
    let table = &context.projection;
    table.count(&key.to_string(), "runs").await?;
    let body: Value = event.json()?;
    let (part, kind) = match event.event_type.as_str() {
        "both" => {
            let way = if route == "both" { "other" } else { "one" };
            (&body[way], body[way]["kind"].as_str().unwrap_or_default())
        }
        kind => (&body, kind),
    };
    let times = part["times"].as_u64().unwrap_or(0);
    let again = u64::from(context.tries) <= times;
    match kind {
        "fails" if again => Err(Failure::retry("not now")),
        "fails_at_first" if attempt <= times => Err(Failure::retry("not yet")),
        "fails_in" if attempt == times => Err(Failure::retry("not this time")),
        "refused" => Err(Failure::permanent("never")),
        // A panic that no hook reports: the test's output stays readable.
        "panics" if again => std::panic::resume_unwind(Box::new("as it was told")),
        _ => {
            lock(&state).did_run(&key, life, attempt, route);
            Ok(())
        }
    }
}
