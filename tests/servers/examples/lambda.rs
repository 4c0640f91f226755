//! GitHub's deliveries in an AWS Lambda function with `lambda_http`, whose environment has the secret as `GITHUB_SECRET`.

use std::{env, time::SystemTime};

use lambda_http::{Body, Error, Request, Response, http::header::CONTENT_TYPE, run, service_fn};
use webhook::{Received, Receiver, Reply};

#[tokio::main]
#[expect(clippy::disallowed_methods, reason = "here the environment comes in")]
async fn main() -> Result<(), Error> {
    let github = Receiver::of("github", &[&env::var("GITHUB_SECRET")?])?;
    let github = &github;
    run(service_fn(|request: Request| async move {
        receive(github, &request)
    }))
    .await
}

fn receive(receiver: &Receiver, request: &Request) -> Result<Response<Body>, Error> {
    let headers = request.headers().iter().map(|(name, value)| {
        let value = String::from_utf8_lossy(value.as_bytes());
        (name.as_str(), value)
    });
    let (method, url) = (request.method().as_str(), request.uri().to_string());
    let request = receiver.request(method, &url, headers, request.body());
    let reply = match receiver.receive(&request, now()) {
        Ok(Received::Event(event)) => {
            // Here it is kept, under its name, before the provider is told that it was taken.
            println!("{} {}", event.event_type(), event.name("").id);
            receiver.accepted(&event)
        }
        Ok(Received::Handshake(reply)) => reply,
        Err(denied) => {
            eprintln!("{denied}");
            let response = Response::builder().status(denied.status());
            return Ok(response.body(Body::Empty)?);
        }
    };
    response(reply)
}

fn response(reply: Reply) -> Result<Response<Body>, Error> {
    let response = Response::builder()
        .status(reply.status)
        .header(CONTENT_TYPE, reply.content_type);
    Ok(response.body(Body::from(reply.body))?)
}

#[expect(clippy::disallowed_methods, reason = "here the time comes in")]
fn now() -> webhook::UnixMillis {
    SystemTime::now().into()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// The example of GitHub's documentation:
    /// <https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries>.
    const SECRET: &str = "It's a Secret to Everybody";
    const SIGNATURE: &str =
        "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

    /// What an HTTP API of API Gateway calls a function with.
    fn event(method: &str, body: &str) -> String {
        format!(
            r#"{{
                "version": "2.0", "routeKey": "$default", "rawPath": "/webhooks/github", "rawQueryString": "",
                "headers": {{
                    "x-github-delivery": "72d3162e-cc78-11e3-81ab-4c9367dc0958", "x-github-event": "ping",
                    "x-hub-signature-256": "{SIGNATURE}"
                }},
                "requestContext": {{
                    "domainName": "hooks.example.com", "timeEpoch": 0,
                    "http": {{"method": "{method}", "path": "/webhooks/github", "protocol": "HTTP/1.1"}}
                }},
                "body": "{body}", "isBase64Encoded": true
            }}"#
        )
    }

    fn answer(method: &str, body: &str) -> u16 {
        let github = Receiver::of("github", &[SECRET]).unwrap();
        let event = event(method, body);
        let request = lambda_http::request::from_reader(event.as_bytes()).unwrap();
        receive(&github, &request).unwrap().status().as_u16()
    }

    #[test]
    fn a_signed_delivery_is_taken_and_a_forged_one_is_not() {
        // "Hello, World!" and "Hello, Mallory!"
        assert_eq!(answer("POST", "SGVsbG8sIFdvcmxkIQ=="), 200);
        assert_eq!(answer("POST", "SGVsbG8sIE1hbGxvcnkh"), 400);
        assert_eq!(answer("GET", "SGVsbG8sIFdvcmxkIQ=="), 405);
    }
}
