#![allow(clippy::unwrap_used)]

use std::sync::Mutex as Lock;

use aws_sdk_secretsmanager::config::{BehaviorVersion, Credentials, Region};
use aws_smithy_runtime_api::{
    client::{
        http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn},
        orchestrator::{HttpRequest, HttpResponse},
    },
    http::StatusCode,
};
use catalogue::{Environment, reader};
use protocol::fault::FaultKind;
use serde_json::json;

use super::*;

const START: UnixMillis = UnixMillis(1_700_000_000_000);

/// What `GetSecretValue` is answered with: the text of a secret's version, or nothing, as Secrets Manager says both of a secret
/// without a value and of none.
#[derive(Clone, Debug, Default)]
struct Manager(Arc<Lock<Option<(String, String)>>>);

impl Manager {
    fn holds(&self, version: &str, text: &str) {
        *self.0.lock().unwrap() = Some((version.into(), text.into()));
    }

    fn holds_nothing(&self) {
        *self.0.lock().unwrap() = None;
    }

    fn secrets(&self) -> Secrets {
        let manager = self.clone();
        let config = aws_sdk_secretsmanager::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .credentials_provider(Credentials::new("test", "test", None, None, "test"))
            .http_client(http_client_fn(move |_, _| {
                SharedHttpConnector::new(manager.clone())
            }))
            .build();
        let client = Client::from_conf(config);
        Secrets::new(client, sources(), "stack", Millis::seconds(300))
    }
}

impl HttpConnector for Manager {
    fn call(&self, _: HttpRequest) -> HttpConnectorFuture {
        let (status, body) = match &*self.0.lock().unwrap() {
            Some((version, text)) => (200, json!({"VersionId": version, "SecretString": text})),
            None => (400, json!({"__type": "ResourceNotFoundException"})),
        };
        let status = StatusCode::try_from(status).unwrap();
        HttpConnectorFuture::ready(Ok(HttpResponse::new(status, body.to_string().into())))
    }
}

fn sources() -> &'static Sources {
    let text = "[sources.github]\nprovider = \"github\"\n[sources.own]\nprovider = \"github\"\nsecret = \"mine\"\n";
    Box::leak(Box::new(
        reader::read(text, Environment::Test).unwrap().sources,
    ))
}

/// Why a source has no keys so many seconds after the start; `None` where it has.
async fn kind(secrets: &Secrets, source: &str, seconds: i64) -> Option<FaultKind> {
    let source = sources().get(source).unwrap();
    let now = START.plus(Millis::seconds(seconds));
    secrets.refresh(source, now).await;
    secrets
        .keys(source, now)
        .await
        .err()
        .map(|fault| fault.kind)
}

#[tokio::test]
async fn a_stack_whose_secret_has_no_value_yet_has_sources_without_a_secret() {
    let manager = Manager::default();
    let secrets = manager.secrets();
    assert_eq!(kind(&secrets, "github", 0).await, Some(FaultKind::Absent));
    // Of a secret of its own nobody knows whether it is there at all.
    assert_eq!(kind(&secrets, "own", 0).await, Some(FaultKind::Other));
    // An empty text is none, either.
    manager.holds("0", "");
    assert_eq!(kind(&secrets, "github", 301).await, Some(FaultKind::Absent));
    manager.holds("1", r#"{"github": "g"}"#);
    assert_eq!(kind(&secrets, "github", 602).await, None);
}

#[tokio::test]
async fn a_secret_that_had_a_value_and_can_not_be_found_leaves_its_keys() {
    let manager = Manager::default();
    manager.holds("1", r#"{"github": "g"}"#);
    let secrets = manager.secrets();
    assert_eq!(kind(&secrets, "github", 0).await, None);
    for (seconds, text) in [(301, None), (602, Some(""))] {
        match text {
            None => manager.holds_nothing(),
            Some(text) => manager.holds("2", text),
        }
        assert_eq!(kind(&secrets, "github", seconds).await, None, "{text:?}");
    }
}
