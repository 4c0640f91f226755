//! The core in one call: what is refused when a receiver is built, and what a request turns out to be.
#![allow(clippy::unwrap_used)]

use std::{
    future::Future,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll, Waker},
};

use catalogue::{Environment, Source, reader};
use support::{NOW, WHSEC, standard};
use webhook::{
    Denied, PublicKeys, Received, Receiver, Unbuildable, Unfetched, UnixMillis,
    authenticity::sign::sign,
    endpoint::{admission::Inadmissible, handshake::Unproven},
    keys::{Keys, Secret, SigningKey, fetched},
    reading::{
        address::Address,
        delivery::{Delivery, Headers},
    },
    refusal::Reason,
};

/// GitHub's own example: <https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries>.
const GITHUB: &str = "It's a Secret to Everybody";
const OF_GITHUB: [(&str, &str); 2] = [
    ("X-GitHub-Delivery", "72d3162e-cc78-11e3-81ab-4c9367dc0958"),
    (
        "X-Hub-Signature-256",
        "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
    ),
];

fn denied(receiver: &Receiver, method: &str, body: &[u8]) -> Denied {
    let request = receiver.request(method, "/webhooks/github", OF_GITHUB, body);
    receiver.receive(&request, NOW).unwrap_err()
}

#[test]
fn a_request_is_an_event_by_any_of_the_secrets_and_else_is_refused() {
    let receiver = Receiver::of("github", &["the newer one", GITHUB]).unwrap();
    let request = receiver.request("POST", "/webhooks/github", OF_GITHUB, b"Hello, World!");
    let Received::Event(event) = receiver.receive(&request, NOW).unwrap() else {
        panic!("it is no handshake");
    };
    assert_eq!(event.name("").id, OF_GITHUB[0].1);
    assert_eq!(
        (event.body(), event.secret_label()),
        (&b"Hello, World!"[..], "2")
    );

    let forged = denied(&receiver, "POST", b"Hello, Mallory!");
    assert_eq!(forged.status(), 400);
    assert!(matches!(forged, Denied::Refused { refusal, .. } if refusal.reason == Reason::Forged));
    let other = Receiver::of("github", &["the newer one"]).unwrap();
    assert_eq!(denied(&other, "POST", b"Hello, World!").status(), 400);
}

#[test]
fn what_is_no_delivery_of_the_sources_is_not_looked_at() {
    let text = "[sources.github]\nprovider = \"github\"\nsource_ips = [\"192.0.2.1\"]\nmax_body_bytes = 1024\n";
    let read = reader::read(text, Environment::Live).unwrap();
    let source: Source = read.sources.get("github").unwrap().clone();
    let receiver = Receiver::builder_of(source).secret(GITHUB).build().unwrap();
    let get = denied(&receiver, "GET", b"");
    let allowed = "POST".to_owned();
    assert_eq!(get, Denied::Inadmissible(Inadmissible::Method { allowed }));
    assert_eq!(get.status(), 405);
    assert_eq!(denied(&receiver, "POST", &[b'x'; 2_000]).status(), 413);
    assert_eq!(denied(&receiver, "POST", b"Hello, World!").status(), 403);
    let request = receiver.request("POST", "/webhooks/github", OF_GITHUB, b"Hello, World!");
    let request = request.sent_from([192, 0, 2, 1].into());
    assert!(receiver.receive(&request, NOW).is_ok());
}

#[test]
fn time_is_an_argument() {
    let (_, _, signed) = standard();
    let receiver = Receiver::of("standard-webhooks", &[WHSEC]).unwrap();
    let request = receiver.request("POST", "/", signed.headers.clone(), &signed.body);
    assert!(receiver.receive(&request, NOW).is_ok());
    let late = UnixMillis(NOW.0 + 301_000);
    let stale = receiver.receive(&request, late).unwrap_err();
    assert!(matches!(stale, Denied::Refused { refusal, .. } if refusal.reason == Reason::Stale));
}

#[test]
fn handshakes_are_answered() {
    // <https://developers.facebook.com/docs/graph-api/webhooks/getting-started>
    let asked = |token: &str| {
        let meta = Receiver::builder("meta")
            .secret("app secret")
            .verify_token("meatyhamhock");
        let meta = meta.build().unwrap();
        let url = format!(
            "/webhooks/meta?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token={token}"
        );
        let no_headers: [(&str, &str); 0] = [];
        let request = meta.request("GET", &url, no_headers, b"");
        match meta.receive(&request, NOW) {
            Ok(Received::Handshake(reply)) => Ok((reply.status, reply.body)),
            Ok(Received::Event(_)) => panic!("it is no event"),
            Err(denied) => Err(denied),
        }
    };
    assert_eq!(asked("meatyhamhock"), Ok((200, "1158201444".to_owned())));
    assert_eq!(asked("guess"), Err(Denied::Unproven(Unproven::Token)));
    assert_eq!(Denied::Unproven(Unproven::Token).status(), 403);
}

#[test]
fn what_is_wrong_is_said_when_a_receiver_is_built() {
    let fault = |built: Result<Receiver, Unbuildable>| built.unwrap_err().to_string();
    assert_eq!(
        fault(Receiver::of("githup", &["s"])),
        "no provider is called `githup`; did you mean `github`?"
    );
    assert_eq!(
        fault(Receiver::of("no such provider at all", &["s"])),
        "no provider is called `no such provider at all`"
    );
    assert_eq!(
        Receiver::of("github", &[]).unwrap_err(),
        Unbuildable::NoSecret
    );
    let token = Receiver::builder("meta").verify_token("token").build();
    assert_eq!(token.unwrap_err(), Unbuildable::NoSecret);
    assert_eq!(
        fault(Receiver::of("github", &["good", " "])),
        "the secret `2` is blank"
    );
    let key = Receiver::of("standard-webhooks", &["whsec_hush!"]).unwrap_err();
    assert!(!key.to_string().contains("hush"), "{key}");
    assert_eq!(
        Receiver::of("paypal", &[]).unwrap_err(),
        configured(&["webhook_id"])
    );
    let paypal = Receiver::builder("paypal").setting("webhook_id", "1JE4291016473214C");
    assert_eq!(paypal.build().unwrap_err(), Unbuildable::Fetched);
    for wrong in [
        Receiver::builder("github").setting("no_such", "x"),
        Receiver::builder("hubspot").versions(&["v9"]),
        Receiver::builder("square").entered_url("shop.example.com"),
        // A text may not end its string and say more.
        Receiver::builder("square").entered_url("https://a.example\"\nmax_body_bytes = \"1"),
    ] {
        let fault = wrong.secret("0123456789abcdef").build().unwrap_err();
        assert!(matches!(fault, Unbuildable::Configuration(_)), "{fault:?}");
    }
}

/// The fault that names these settings as missing.
fn configured(missing: &[&str]) -> Unbuildable {
    let Err(fault) = Receiver::of("paypal", &[]) else {
        panic!("it is built without what it asks for");
    };
    assert!(
        missing.iter().all(|name| fault.to_string().contains(name)),
        "{fault}"
    );
    assert!(matches!(fault, Unbuildable::Configuration(_)));
    fault
}

/// The keys of RFC 8032, section 7.1, tests 1 and 2: the private and the public half.
const FIRST: (&str, &str) = (
    "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=",
    "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
);
const SECOND: (&str, &str) = (
    "TM0Imyj/ltqdtsNG7BFOD1uKMZ81q6Yk2oz27U+4pvs=",
    "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
);

const FETCHED: &str = "[sources.own]\nkeys = { url = \"https://keys.example.com/all\" }\n[sources.own.scheme]\n\
                       algorithm = \"ed25519\"\nkey = \"public\"\nsignature = { header = \"X-Signature\" }\n\
                       encoding = \"hex\"\nmessage = \"{body}\"\n";

/// A provider that has changed its key: read again, its address has the second.
struct Rotated {
    first: Option<&'static str>,
    calls: AtomicUsize,
}

impl Rotated {
    fn read(&self, source: &Source, address: &Address, text: &str) -> Arc<Keys> {
        assert_eq!(address.url(), "https://keys.example.com/all");
        self.calls.fetch_add(1, Ordering::Relaxed);
        Arc::new(fetched::read(source, text, NOW).unwrap())
    }
}

impl PublicKeys for Rotated {
    async fn keys(
        &self,
        source: &Source,
        address: &Address,
        _: UnixMillis,
    ) -> Result<Arc<Keys>, Unfetched> {
        let text = self
            .first
            .ok_or_else(|| Unfetched("nobody answers".into()))?;
        Ok(self.read(source, address, text))
    }

    async fn newer(
        &self,
        source: &Source,
        address: &Address,
        _: UnixMillis,
    ) -> Result<Option<Arc<Keys>>, Unfetched> {
        Ok(Some(self.read(source, address, SECOND.1)))
    }
}

/// Futures here are ready at once.
fn ready<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("it waits"),
    }
}

/// What comes of a delivery that this key has signed, and how often keys were asked for.
fn fetching(first: Option<&'static str>, signed_by: &str, body: &[u8]) -> (u16, usize) {
    let read = reader::read(FETCHED, Environment::Live).unwrap();
    let source = read.sources.get("own").unwrap().clone();
    let key = Secret::new(format!("whsk_{signed_by}"), "private");
    let key = SigningKey::load(source.schemes, &key).unwrap();
    let unsigned = Headers::default();
    let signed = sign(&key, &Delivery::new("POST", "/", &unsigned, b"{}"), NOW).unwrap();
    let calls = AtomicUsize::new(0);
    let builder = Receiver::builder_of(source);
    let fetching = builder.build_fetching(Rotated { first, calls }).unwrap();
    let request = (fetching.receiver()).request("POST", "/", signed.headers, body);
    let status = match ready(fetching.receive(&request, NOW)) {
        Ok(Received::Event(_)) => 200,
        Ok(Received::Handshake(_)) => panic!("it is no handshake"),
        Err(denied) => denied.status(),
    };
    (status, fetching.public_keys().calls.load(Ordering::Relaxed))
}

#[test]
fn published_keys_are_asked_for_and_once_more_where_they_explain_nothing() {
    assert_eq!(fetching(Some(FIRST.1), FIRST.0, b"{}"), (200, 1));
    assert_eq!(fetching(Some(FIRST.1), SECOND.0, b"{}"), (200, 2));
    assert_eq!(fetching(Some(FIRST.1), FIRST.0, b"[]"), (400, 2));
    assert_eq!(fetching(None, FIRST.0, b"{}"), (503, 0));
}

#[test]
fn nothing_shows_a_secret_or_a_request() {
    let builder = Receiver::builder("github").secret("hush");
    let shown = format!("{builder:?}");
    let receiver = builder.build().unwrap();
    let request = receiver.request("POST", "/hush", [("hush", "hush")], b"hush");
    assert!(!format!("{shown} {receiver:?} {request:?}").contains("hush"));
}
