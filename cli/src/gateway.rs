//! A delivery as API Gateway hands it to ingest (payload format 2.0), for functions that are invoked by hand.

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

/// The event of a POST to this URL, `https://HOST/webhooks/SOURCE?QUERY`.
pub(crate) fn event(url: &str, source: &str, headers: &[(String, String)], body: &[u8]) -> Value {
    let (host, target) = url
        .trim_start_matches("https://")
        .split_once('/')
        .unwrap_or((url, ""));
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let path = format!("/{path}");
    let mut all: BTreeMap<String, &str> = [("host".into(), host)].into();
    for (name, value) in headers {
        all.insert(name.to_ascii_lowercase(), value);
    }
    let text = std::str::from_utf8(body);
    json!({
        "version": "2.0",
        "routeKey": "ANY /webhooks/{source}",
        "rawPath": path,
        "rawQueryString": query,
        "headers": all,
        "requestContext": {
            "domainName": host,
            "http": {
                "method": "POST",
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "127.0.0.1",
            },
            "routeKey": "ANY /webhooks/{source}",
            "stage": "$default",
        },
        "pathParameters": {"source": source},
        "body": text.map_or_else(|_| STANDARD.encode(body), str::to_owned),
        "isBase64Encoded": text.is_err(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ingest_reads_is_there() {
        let headers = [("X-Signature".to_owned(), "s".to_owned())];
        let told = event("https://h.example/webhooks/a?b=c", "a", &headers, b"{}");
        assert_eq!(
            (&told["rawPath"], &told["rawQueryString"], &told["body"]),
            (&json!("/webhooks/a"), &json!("b=c"), &json!("{}"))
        );
        assert_eq!(
            told["headers"],
            json!({"host": "h.example", "x-signature": "s"})
        );
        assert_eq!(told["requestContext"]["domainName"], "h.example");
        assert_eq!(told["pathParameters"]["source"], "a");
    }

    #[test]
    fn bytes_that_are_no_text_are_encoded() {
        let told = event("https://h.example/webhooks/a", "a", &[], b"\xff");
        assert_eq!(
            (&told["body"], &told["isBase64Encoded"]),
            (&json!("/w=="), &json!(true))
        );
    }
}
