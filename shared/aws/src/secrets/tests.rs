#![allow(clippy::unwrap_used)]

use catalogue::{Environment, reader};
use protocol::fault::FaultKind;

use super::{testing::Manager, *};

const START: UnixMillis = UnixMillis(1_700_000_000_000);

fn secrets_in(manager: &Manager) -> Secrets {
    Secrets::new(manager.client(), sources(), "stack", Millis::seconds(300))
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
    let secrets = secrets_in(&manager);
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
    let secrets = secrets_in(&manager);
    assert_eq!(kind(&secrets, "github", 0).await, None);
    for (seconds, text) in [(301, None), (602, Some(""))] {
        match text {
            None => manager.holds_nothing(),
            Some(text) => manager.holds("2", text),
        }
        assert_eq!(kind(&secrets, "github", seconds).await, None, "{text:?}");
    }
}
