//! What an authentic event says of itself: bounded, never empty, and the same to every reader of JSON.

use std::sync::LazyLock;

use catalogue::{
    Field, Handshake, Identity, PROVIDERS, Piece, Place, Provider, Scheme, Source, SourceName,
    Template,
};
use protocol::ticket::{MAX_TICKET_BYTES, Ticket, Why};
use serde_json::Value;
use support::{NOW, Request, keys::pair, own_source, schemes::is_plain, source_of};
use webhook::{
    authenticity::sign::sign,
    endpoint::handshake,
    event::{MAX_HEADER_BYTES, MAX_ID_BYTES, MAX_NAME_BYTES},
    keys::{Keys, Secret, SigningKey},
    refusal::Reason,
};

use super::Input;

struct Held {
    source: Source,
    keys: Keys,
    /// None where nobody signs any more, as with SHA-1 and RSA.
    key: Option<SigningKey>,
}

impl Held {
    fn new(source: Source) -> Self {
        let pair = pair(&source.schemes[0]);
        Self {
            keys: support::keys(source.schemes, &[&pair.public]),
            key: SigningKey::load(source.schemes, &Secret::new(pair.private, "0")).ok(),
            source,
        }
    }

    /// Signs the request, where that can be done, and verifies it.
    fn authentic<T>(
        &self,
        request: &mut Request,
        read: impl FnOnce(&webhook::event::Authentic<'_>) -> T,
    ) -> Option<T> {
        // For others no delivery can be made up.
        if !is_plain(&self.source.schemes[0]) {
            return None;
        }
        let key = self.key.as_ref()?;
        let signed = request
            .as_delivery(|delivery| sign(key, &delivery, NOW))
            .ok()?;
        request.take(signed);
        let handshakes = self.source.handshakes;
        let time_in_body = self.source.schemes[0]
            .timestamp
            .is_some_and(|timestamp| timestamp.field.place.is_in_body());
        let signs_for_strangers = handshakes.iter().any(Handshake::signs_for_strangers);
        match request.verified(&self.source, &self.keys, NOW, read) {
            Ok(found) => Some(found),
            // What anyone may have had signed as a challenge is no event.
            Err(refusal) if signs_for_strangers && refusal.reason == Reason::Forged => None,
            // A time in the body is the sender's own, and may be any.
            Err(refusal) if time_in_body && refusal.reason != Reason::Forged => None,
            Err(refusal) => panic!("refused what was signed: {refusal}"),
        }
    }
}

static BODY: &[Scheme] = &[Scheme {
    signature: Field::header("X-Signature"),
    ..Scheme::PLAIN
}];

static REFERENCE: (&str, Template) = ("form", Template::new("{form:id}"));

/// The providers, and sources that take their ids from every other place.
static SOURCES: LazyLock<Vec<Held>> = LazyLock::new(|| {
    let own = [
        "{form:id}",
        "{query:id}",
        "{header:X-Id}",
        "{json:a.b|c}",
        "{json:id}-{form:id|type}{query:id}",
        "{method} {path} {url}",
    ];
    let own = own.into_iter().map(|id| Source {
        identity: Identity::id(id),
        event_type: Some(Template::new("{json:type|a.b}")),
        reference: Some(&REFERENCE),
        headers: &["X-Id", "X-Signature", "Content-Type"],
        ..own_source(BODY)
    });
    PROVIDERS
        .iter()
        .map(source_of)
        .chain(own)
        .map(Held::new)
        .collect()
});

/// The header that every kind of id in a header comes by; the sources above and the providers use these.
const HEADERS: [&str; 7] = [
    "X-Id",
    "X-GitHub-Delivery",
    "X-GitHub-Event",
    "X-Shopify-Webhook-Id",
    "webhook-id",
    "svix-id",
    "user-agent",
];

/// An event's names are bounded and never empty, and name the event to everyone who reads it.
///
/// Source, a text for the headers, query, body.
pub fn event(bytes: &[u8]) {
    let mut input = Input(bytes);
    let held = input.pick_of_many(&SOURCES);
    let mut request = Request::default();
    let header = input.text();
    for name in HEADERS {
        request.set(name, header.clone());
    }
    request.query = input.text().into_owned();
    request.body = input.rest().to_vec();
    let Some((id, key)) = held.authentic(&mut request, |event| {
        bounded(event);
        (event.name("d").id, event.name("d").key)
    }) else {
        return;
    };

    let again = held.authentic(&mut request, |event| event.name("d").key);
    // ECDSA signs at random, and the id doesn't hang on the signature.
    assert_eq!(again, Some(key));
    if let Some(path) = json_path(&held.source) {
        same_to_every_reader(held, &request, path, &id);
    }
}

fn bounded(event: &webhook::event::Authentic<'_>) {
    let webhook::event::Name { id, key } = event.name("d");
    let kind = event.event_type();
    assert!(!id.is_empty());
    assert!((1..=MAX_NAME_BYTES).contains(&kind.len()), "{kind}");
    // What nobody signed never names an event alone.
    let is_whole = event.covered().id() || id == key.id();
    let whole = if is_whole {
        MAX_ID_BYTES
    } else {
        MAX_ID_BYTES + 17
    };
    assert!((1..=whole).contains(&key.id().len()), "{key}");
    let mark = key.id().rsplit_once('#').map_or("", |(_, mark)| mark);
    assert!(
        is_whole || mark.len() == 16 && mark.bytes().all(|b| b.is_ascii_hexdigit()),
        "{key}"
    );
    assert_eq!(
        protocol::ledger::EventKey::parse(&key.to_string()).as_ref(),
        Some(&key)
    );
    let ticket = Ticket::new(key.clone(), protocol::ledger::Life(NOW), Why::New, NOW).encode();
    assert!(ticket.len() <= MAX_TICKET_BYTES);
    assert_eq!(
        Ticket::decode(&ticket).map(|ticket| ticket.key).as_ref(),
        Some(&key)
    );
    let signatures: Vec<_> = event
        .source()
        .schemes
        .iter()
        .flat_map(|scheme| scheme.signature.place.outer_names())
        .map(str::to_ascii_lowercase)
        .collect();
    for (name, value) in event.headers() {
        assert!(!signatures.contains(&name), "{name}");
        assert!((1..=MAX_HEADER_BYTES).contains(&value.len()), "{name}");
    }
    if let Some((_, text)) = event.reference() {
        assert!(text.len() <= MAX_NAME_BYTES);
    }
    assert_eq!(event.body_digest().len(), 64);
}

/// The only path that the source's event id is taken from, if it is that.
fn json_path(source: &Source) -> Option<&'static str> {
    let mut pieces = source.identity.id?.pieces();
    match (pieces.next()?, pieces.next()) {
        (Piece::Value(Place::Json(path)), None) if !path.contains('|') => Some(path),
        _ => None,
    }
}

/// Another reader of the same JSON finds the same id, or none of us does.
fn same_to_every_reader(held: &Held, request: &Request, path: &str, id: &str) {
    let Ok(json) = serde_json::from_slice::<Value>(&request.body) else {
        return;
    };
    let at = |json: &Value| {
        path.split('.')
            .try_fold(json.clone(), |v, n| v.get(n).cloned())
    };
    match at(&json) {
        // A number stays as it was written, which a Value doesn't.
        Some(Value::Number(_)) => {}
        // An id that begins like ours is hashed only in the key.
        Some(Value::String(text)) if !text.is_empty() => {
            assert!(id == text || id.starts_with("sha256:"), "{id:?} {text:?}");
            // Without names that stand twice, nobody can differ.
            let mut plain = request.clone();
            plain.body = serde_json::to_vec(&json).unwrap();
            let found = held.authentic(&mut plain, |event| event.name("d").id);
            assert!(found.is_none_or(|found| found == text));
        }
        _ => assert!(id.starts_with("sha256:"), "{id:?}"),
    }
}

/// A handshake is answered with its challenge and nothing else, and only where the provider has one.
///
/// The body; and, of requests that nobody signed, the query too.
pub fn handshake(bytes: &[u8]) {
    static HELD: LazyLock<[Held; 2]> = LazyLock::new(|| {
        let slack = Provider::named("slack").unwrap();
        [
            Held::new(source_of(slack)),
            // The same, but for the handshake.
            Held::new(Source {
                handshakes: &[],
                name: SourceName::new("plain").unwrap(),
                ..source_of(slack)
            }),
        ]
    });
    unsigned(bytes);
    let mut request = Request {
        body: bytes.to_vec(),
        ..Request::default()
    };
    let [slack, plain] = &*HELD;
    assert_eq!(plain.authentic(&mut request, handshake::signed), Some(None));
    let reply = slack.authentic(&mut request, handshake::signed).unwrap();
    let (kind, value, echo) = ("type", "url_verification", "challenge");
    let json = serde_json::from_slice::<Value>(bytes).ok();
    match (reply, json) {
        (Some(reply), Some(json)) => {
            assert_eq!(json[kind], value);
            let answer: Value = serde_json::from_str(&reply.body).unwrap();
            assert_eq!(answer, serde_json::json!({ echo: json[echo] }));
            assert!(answer[echo].is_string());
            assert_eq!(
                (reply.status, reply.content_type),
                (200, "application/json")
            );
        }
        (None, Some(json)) if json[kind] == value && json[echo].is_string() => {
            // Only where a name stands twice does another reader see one.
            request.body = serde_json::to_vec(&json).unwrap();
            let reply = slack.authentic(&mut request, handshake::signed).unwrap();
            assert!(reply.is_some() && bytes.len() > request.body.len());
        }
        // A reader that builds a tree gives up at a depth where ours, which builds none, does not.
        _ => {}
    }
}

/// What a stranger may have said is short and no markup, whoever the provider is.
fn unsigned(bytes: &[u8]) {
    static SOURCES: LazyLock<Vec<Source>> = LazyLock::new(|| {
        let asked = |provider: &&Provider| !provider.handshakes.is_empty();
        PROVIDERS.iter().filter(asked).map(source_of).collect()
    });
    for (source, method) in SOURCES
        .iter()
        .flat_map(|source| ["GET", "HEAD", "POST"].map(|method| (source, method)))
    {
        let request = Request {
            method: method.into(),
            query: String::from_utf8_lossy(bytes).into_owned(),
            body: bytes.to_vec(),
            ..Request::default()
        };
        request.as_delivery(|delivery| {
            let _ = handshake::awaits_proof(source, &delivery);
            let Some(question) = handshake::unsigned(source, &delivery) else {
                return;
            };
            // Without keys there is neither a verify token nor an HMAC.
            if let Ok(reply) = question.reply(None) {
                assert!(reply.body.len() <= 2_100 && reply.body.is_ascii());
                assert!(!reply.body.contains(['<', '>']) && !reply.body.contains(char::is_control));
                assert!(!question.needs_keys());
            }
        });
    }
}
