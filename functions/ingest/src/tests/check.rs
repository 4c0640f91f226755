//! A version is checked before it gets deliveries.

use protocol::{
    fault::FaultKind,
    time::{Millis, UnixMillis},
};
use serde_json::{Value, json};
use support::gateway;

use crate::{
    check::{check, is_asked},
    receive::Settings,
    testing::{FAILS, INLINE_BODY_BYTES, Memory, Mode, SECRET, request, signed, sources},
};

/// The secret, identifier, time, payload and signature of Standard Webhooks' own libraries (their tests,
/// `test_valid_payload_is_valid`), in Landfall's event of a check.
const KEY: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const SIGNED_AT: UnixMillis = UnixMillis(1_614_265_330_000);
const SIGNATURE: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

fn asked(signature: &str) -> String {
    let own = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    let headers = [
        ("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"),
        ("webhook-timestamp", "1614265330"),
        ("webhook-signature", signature),
    ];
    let delivery = gateway::request(
        "landfall.check",
        r#"{"test": 2432232314}"#,
        &headers.map(own),
    );
    // As whoever asks writes it.
    let text = json!({"secret": KEY, "delivery": delivery}).to_string();
    format!("{{\"landfall-check\": {text}}}")
}

/// A world at the time of the signature.
fn memory() -> Memory {
    let memory = Memory::new();
    memory.state().set_now(SIGNED_AT);
    memory
}

async fn told(memory: &Memory, event: &str) -> Value {
    let settings = Settings {
        stack: "landfall-test",
        version: "7",
        sources: sources(),
        inline_body_bytes: INLINE_BODY_BYTES,
    };
    let deadline = SIGNED_AT.plus(Millis::seconds(10));
    let told = check(memory, &settings, event, deadline).await.unwrap();
    serde_json::to_value(told).unwrap()
}

#[tokio::test]
async fn a_signed_delivery_of_a_check_goes_the_way_of_all() {
    let memory = memory();
    let told = told(&memory, &asked(SIGNATURE)).await;
    assert_eq!(told["answer"]["statusCode"], 200);
    let body: Value = serde_json::from_str(told["answer"]["body"].as_str().unwrap()).unwrap();
    assert_eq!(body["outcome"], "accepted");
    assert_eq!(told["line"]["outcome"], "accepted");
    assert!(told["line"]["enqueue.deferred"].is_null());
    assert_eq!(told["line"], memory.note(), "it is logged as any");
    assert_eq!(told["unreadable"], json!([]));
    assert_eq!(memory.calls(), ["put_event", "send"]);
    let sources = memory
        .state()
        .events
        .keys()
        .map(|key| key.source().to_owned())
        .collect::<Vec<_>>();
    assert_eq!(sources, ["landfall.check"]);
}

#[tokio::test]
async fn a_forged_delivery_of_a_check_is_refused_without_a_call() {
    let memory = memory();
    let told = told(&memory, &asked(&SIGNATURE.replace("g0h", "g1h"))).await;
    assert_eq!(told["answer"]["statusCode"], 400);
    assert_eq!(told["line"]["reason"], "forged");
    assert_eq!(memory.calls(), [""; 0]);
}

#[tokio::test]
async fn what_a_version_can_not_do_is_told() {
    for (call, path) in [("put_event", "answer"), ("send", "line")] {
        let memory = memory();
        memory.trouble(call, FAILS);
        let told = told(&memory, &asked(SIGNATURE)).await;
        match path {
            "answer" => assert_eq!(told["answer"]["statusCode"], 503),
            _ => assert_eq!(told["line"]["enqueue.deferred"], 1),
        }
    }
    let memory = memory();
    memory.state().held = None;
    memory.trouble("secret", Mode::FailedBefore(FaultKind::Denied));
    let told = told(&memory, &asked(SIGNATURE)).await;
    assert_eq!(told["unreadable"], json!(["secret: not permitted"]));
}

#[test]
fn only_what_is_invoked_by_itself_asks_for_a_check() {
    assert!(is_asked(&asked(SIGNATURE)));
    let body = r#"{"landfall-check":{}}"#;
    assert!(!is_asked(&request("landfall.check", body, &[]).to_string()));
}

#[tokio::test]
async fn nothing_else_can_be_posted_to_the_source_of_checks() {
    let memory = Memory::new();
    let event = signed("github", "{}", &[], SECRET).to_string();
    let event: Value = serde_json::from_str(&event.replace("/github", "/landfall.check")).unwrap();
    let (status, _) = memory.receive(&event).await;
    assert_eq!(status, 404);
}

#[tokio::test]
async fn what_asks_for_no_delivery_is_named_and_not_quoted() {
    let settings = Settings {
        stack: "landfall-test",
        version: "7",
        sources: sources(),
        inline_body_bytes: INLINE_BODY_BYTES,
    };
    let event = r#"{"landfall-check":{"secret":5,"delivery":"hush"}}"#;
    let fault = check(&Memory::new(), &settings, event, SIGNED_AT).await;
    let text = fault.err().unwrap().to_string();
    assert_eq!(
        text,
        "reading what is to be checked: it has no secret, or no delivery"
    );
}
