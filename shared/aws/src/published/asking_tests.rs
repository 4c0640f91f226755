#![allow(clippy::unwrap_used)]

use catalogue::{KeyOrigin, Place, Source};
use webhook::keys::{
    Keys, Secret,
    origin::{self, Origin},
};

use super::*;
use crate::outbound::testing::Provider;

const NOW: UnixMillis = UnixMillis(1_700_000_000_000);

struct World {
    provider: Provider,
    asking: Asking,
}

impl World {
    fn new() -> Self {
        Self {
            provider: Provider::start(),
            asking: Asking::default(),
        }
    }

    /// A source that shows this, and asks at this path.
    fn source(&self, shows: Shows, path: &str) -> Source {
        let url = self.provider.url("https", path);
        Source {
            keys: Box::leak(Box::new(KeyOrigin::Asked(Asked {
                id: Place::Header("X-Key-Id"),
                url,
                sandbox: "",
                answer: "key",
                shows,
            }))),
            ..self.provider.source("/keys")
        }
    }

    async fn ask(
        &self,
        shows: Shows,
        path: &str,
        secret: &str,
        after: i64,
    ) -> Result<Option<String>, Fault> {
        let source = self.source(shows, path);
        let KeyOrigin::Asked(asked) = *source.keys else {
            panic!("it asks")
        };
        let url = asked.url.replace(Asked::ID, "k-1");
        let address = origin::remembered(&source, &url).unwrap();
        let (keys, _) = Keys::of(&source, &[Secret::new(secret, "label")]);
        let (outbound, now) = (Outbound::to_localhost(), NOW.plus(Millis::seconds(after)));
        let credential = keys.credential().unwrap();
        (self
            .asking
            .ask(&outbound, &asked, &address, credential, now))
        .await
    }

    fn client_token(&self) -> Shows {
        Shows::ClientToken {
            url: self.provider.url("https", "/token"),
            sandbox: "",
            scope: "https://a.example/scope",
        }
    }
}

#[tokio::test]
async fn a_bearer_shows_the_secret_and_asks_for_the_key_of_the_id() {
    let world = World::new();
    world.provider.answers("200 OK", "", "{}");
    let answer = world.ask(Shows::Bearer, "/keys/{id}", "A:B:C", 0).await;
    assert_eq!(answer, Ok(Some("{}".into())));
    let asked = world.provider.asked().concat();
    assert!(asked.starts_with("GET /keys/k-1 HTTP/1.1\r\n"), "{asked}");
    assert!(asked.contains("authorization: Bearer A:B:C\r\n"), "{asked}");
}

#[tokio::test]
async fn a_token_is_had_once_and_as_long_as_it_holds() {
    let world = World::new();
    let ask = async |secret, after| {
        world
            .ask(world.client_token(), "/keys/{id}", secret, after)
            .await
    };
    let token =
        r#"{"access_token": "t1", "expires_in": 300, "token_type": "Application Access Token"}"#;
    for answer in [token, "{}", "{}"] {
        world.provider.answers("200 OK", "", answer);
    }
    assert!(ask("app:cert", 0).await.is_ok());
    assert!(ask("app:cert", 239).await.is_ok());
    let asked = world.provider.asked();
    assert_eq!(asked.len(), 3);
    // RFC 6749, 2.3.1 and 4.4.2.
    assert!(
        asked[0].starts_with("POST /token HTTP/1.1\r\n"),
        "{}",
        asked[0]
    );
    assert!(
        asked[0].contains("authorization: Basic YXBwOmNlcnQ=\r\n"),
        "{}",
        asked[0]
    );
    let body = "grant_type=client_credentials&scope=https%3A%2F%2Fa.example%2Fscope";
    assert!(
        asked[0].ends_with(&format!("\r\n\r\n{body}")),
        "{}",
        asked[0]
    );
    for question in &asked[1..] {
        assert!(
            question.contains("authorization: Bearer t1\r\n"),
            "{question}"
        );
    }

    // It ends a minute early; and another secret has another.
    for (secret, after) in [("app:cert", 240), ("app:new", 241)] {
        world.provider.answers("200 OK", "", token);
        world.provider.answers("200 OK", "", "{}");
        assert!(ask(secret, after).await.is_ok());
        assert_eq!(world.provider.calls(), 2, "{secret}");
    }
}

#[tokio::test]
async fn a_token_that_is_no_longer_taken_is_had_anew() {
    let world = World::new();
    let ask = async || {
        world
            .ask(world.client_token(), "/keys/{id}", "a:b", 0)
            .await
    };
    let token = r#"{"access_token": "t1", "expires_in": 7200}"#;
    world.provider.answers("200 OK", "", token);
    world.provider.answers("401 Unauthorized", "", "");
    assert_eq!(ask().await.unwrap_err().kind, FaultKind::Denied);
    world.provider.answers("200 OK", "", token);
    world.provider.answers("200 OK", "", "{}");
    assert!(ask().await.is_ok());
    assert_eq!(world.provider.calls(), 4);
}

#[tokio::test]
async fn fields_are_posted_and_the_id_is_not_called() {
    let world = World::new();
    let shows = Shows::Fields {
        id: "client_id",
        secret: "secret",
        key_id: "key_id",
    };
    world.provider.answers("200 OK", "", "{}");
    assert!(world.ask(shows, "/get#{id}", "one:two", 0).await.is_ok());
    let asked = world.provider.asked().concat();
    assert!(asked.starts_with("POST /get HTTP/1.1\r\n"), "{asked}");
    assert!(
        asked.contains("content-type: application/json\r\n"),
        "{asked}"
    );
    let (_, body) = asked.split_once("\r\n\r\n").unwrap();
    let body: Value = serde_json::from_str(body).unwrap();
    let stated = json!({"client_id": "one", "secret": "two", "key_id": "k-1"});
    assert_eq!(body, stated);
}

#[tokio::test]
async fn only_an_id_that_is_not_known_has_no_key_and_no_fault_shows_the_secret() {
    let world = World::new();
    let ask = async || {
        world
            .ask(Shows::Bearer, "/keys/{id}", "top-secret", 0)
            .await
    };
    world.provider.answers("404 Not Found", "", "top-secret");
    assert_eq!(ask().await, Ok(None));
    for (status, kind) in [
        ("400 Bad Request", FaultKind::Other),
        ("401 Unauthorized", FaultKind::Denied),
        ("403 Forbidden", FaultKind::Denied),
        ("429 Too Many Requests", FaultKind::Throttled),
        ("500 Internal Server Error", FaultKind::Other),
        ("307 Temporary Redirect", FaultKind::Other),
    ] {
        let elsewhere = "location: /keys/other\r\n";
        world.provider.answers(status, elsewhere, "top-secret");
        let fault = ask().await.unwrap_err();
        assert_eq!(fault.kind, kind, "{status}");
        assert!(!fault.to_string().contains("top-secret"), "{fault}");
    }
    assert_eq!(world.provider.calls(), 7);
}

#[tokio::test]
async fn what_gives_out_no_token_is_a_fault() {
    let world = World::new();
    for answer in [
        "",
        "[]",
        r#"{"access_token": 1, "expires_in": 1}"#,
        r#"{"access_token": "t"}"#,
    ] {
        world.provider.answers("200 OK", "", answer);
        let asked = world
            .ask(world.client_token(), "/keys/{id}", "a:b", 0)
            .await;
        assert_eq!(asked.unwrap_err().kind, FaultKind::Malformed, "{answer}");
    }
    assert_eq!(world.provider.calls(), 4);
}

#[test]
fn the_origin_of_a_key_that_is_asked_for_is_not_known_beforehand() {
    let world = World::new();
    let source = world.source(Shows::Bearer, "/keys/{id}");
    assert_eq!(origin::known(&source), None);
    let other = world.source(Shows::Bearer, "/other/{id}");
    let KeyOrigin::Asked(asked) = *other.keys else {
        panic!("it asks")
    };
    let elsewhere = asked.url.replace(Asked::ID, "k-1");
    assert_eq!(origin::remembered(&source, &elsewhere), None);
    assert!(!matches!(origin::known(&other), Some(Origin::Named(_))));
}
