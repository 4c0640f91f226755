//! What the platform hands over: it is read whatever a stranger wrote into it.

use std::sync::LazyLock;

use catalogue::{PROVIDERS, Source};
use consumer::sqs::{Failed, Invocation, Record, Response};
use ingest::request::Request;
use protocol::{ticket::Ticket, time::UnixMillis};
use serde_json::{Value, json};
use webhook::{authenticity::verify::verify, keys::Keys};

static SOURCES: LazyLock<Vec<(Source, Keys)>> = LazyLock::new(|| {
    PROVIDERS
        .iter()
        .map(|provider| {
            let source = Source::of(provider);
            let secret = support::keys::strange(&source.schemes[0]);
            let keys = support::keys(source.schemes, &[&secret]);
            (source, keys)
        })
        .collect()
});

/// API Gateway's event: read or refused as a whole; what it holds is a delivery, and a stranger's.
pub fn request(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(request) = Request::read(&text) {
        taken(&request);
    }
    // Whatever a caller wrote is text to us.
    let text = text.as_ref();
    let event = json!({
        "rawPath": text, "rawQueryString": text, "body": text, "headers": {"x": text, text: "x"},
        "requestContext": {"domainName": text, "http": {"method": text, "sourceIp": text}},
    });
    let event = event.to_string();
    let request = Request::read(&event).expect("a text that can't be read");
    assert_eq!(*request.body.decode().unwrap(), *text.as_bytes());
    assert_eq!([&request.path, &request.query, &request.method], [text; 3]);
    taken(&request);
}

fn taken(request: &Request<'_>) {
    let url = request.signed_url(Some("https://hooks.example.com?a=1"));
    let length = request.body.len();
    let Some(body) = request.body.decode() else {
        return;
    };
    assert_eq!(body.len(), length, "the size is not what was checked");
    let named = request.source();
    let of = |source: &Source| Some(source.name.as_str()) == named;
    for (source, keys) in SOURCES
        .iter()
        .filter(|(source, _)| of(source) || length < 64)
    {
        let delivery = request.delivery(&url, &body);
        let verdict = verify(source, keys, delivery, UnixMillis(1_700_000_000_000));
        assert!(verdict.is_err(), "authentic without the key");
    }
}

fn failed(record: &Record) -> Failed {
    Failed {
        item_identifier: record.message_id.clone(),
    }
}

/// The event source's batch: a record that can't be read is one record, never the batch.
pub fn batch(bytes: &[u8]) {
    if let Ok(batch) = serde_json::from_slice::<Invocation>(bytes) {
        for record in &batch.records {
            let _ = Ticket::decode(&record.body);
        }
        let answer = Response {
            batch_item_failures: batch.records.iter().map(failed).collect(),
        };
        let answer: Value = serde_json::to_value(&answer).unwrap();
        let named = answer["batchItemFailures"].as_array().map(Vec::len);
        assert_eq!(named, Some(batch.records.len()));
    }

    // Beside a strange record stands a good one.
    let text = String::from_utf8_lossy(bytes);
    let good = json!({"messageId": "good", "receiptHandle": "receipt", "body": "{}"});
    let strange = match serde_json::from_str::<&serde_json::value::RawValue>(&text) {
        Ok(value) => value.get().to_owned(),
        Err(_) => Value::from(text.as_ref()).to_string(),
    };
    let strange = format!(
        r#"{{"messageId": {strange}, "receiptHandle": {strange}, "body": {strange}, "attributes": {strange}}}"#
    );
    let event = format!(r#"{{"Records": [{good}, {strange}, {good}]}}"#);
    let batch: Invocation = serde_json::from_str(&event).expect("a record that fails the batch");
    assert_eq!(batch.records.len(), 3);
    assert_eq!(batch.records[0].message_id, "good");
    assert_eq!(batch.records[0], batch.records[2]);
}
