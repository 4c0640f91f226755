//! GitHub's deliveries in a server with axum: `GITHUB_SECRET=… cargo run --manifest-path tests/servers/Cargo.toml --example axum`.

use std::{env, error::Error, net::Ipv4Addr, sync::Arc, time::SystemTime};

use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, OriginalUri, State},
    http::{HeaderMap, Method, StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse as _, Response},
    routing::any,
};
use tokio::net::TcpListener;
use webhook::{Received, Receiver, Reply};

#[tokio::main]
#[expect(clippy::disallowed_methods, reason = "here the environment comes in")]
async fn main() -> Result<(), Box<dyn Error>> {
    let github = Receiver::of("github", &[&env::var("GITHUB_SECRET")?])?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 3000)).await?;
    Ok(axum::serve(listener, app(github)).await?)
}

/// Every method leads there: some providers prove an endpoint by GET or HEAD.
fn app(github: Receiver) -> Router {
    let limit = DefaultBodyLimit::max(github.source().max_body_bytes);
    Router::new()
        .route("/webhooks/github", any(receive))
        .layer(limit)
        .with_state(Arc::new(github))
}

async fn receive(
    State(receiver): State<Arc<Receiver>>,
    method: Method,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let headers = headers.iter().map(|(name, value)| {
        let value = String::from_utf8_lossy(value.as_bytes());
        (name.as_str(), value)
    });
    let request = receiver.request(method.as_str(), &uri.to_string(), headers, &body);
    match receiver.receive(&request, now()) {
        Ok(Received::Event(event)) => {
            // Here it is kept, under its name, before the provider is told that it was taken.
            println!("{} {}", event.event_type(), event.name("").id);
            response(receiver.accepted(&event))
        }
        Ok(Received::Handshake(reply)) => response(reply),
        Err(denied) => {
            eprintln!("{denied}");
            let status = StatusCode::from_u16(denied.status());
            status.unwrap_or(StatusCode::BAD_REQUEST).into_response()
        }
    }
}

fn response(reply: Reply) -> Response {
    let status = StatusCode::from_u16(reply.status).unwrap_or_default();
    let content_type = [(CONTENT_TYPE, reply.content_type)];
    (status, content_type, reply.body).into_response()
}

#[expect(clippy::disallowed_methods, reason = "here the time comes in")]
fn now() -> webhook::UnixMillis {
    SystemTime::now().into()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use axum::{body::Body, http::Request};
    use tower::ServiceExt as _;

    use super::*;

    /// The example of GitHub's documentation:
    /// <https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries>.
    const SECRET: &str = "It's a Secret to Everybody";
    const SIGNATURE: &str =
        "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

    async fn answer(method: &str, body: &str) -> StatusCode {
        let request = Request::builder()
            .method(method)
            .uri("/webhooks/github")
            .header("x-github-delivery", "72d3162e-cc78-11e3-81ab-4c9367dc0958")
            .header("x-github-event", "ping")
            .header("x-hub-signature-256", SIGNATURE)
            .body(Body::from(body.to_owned()));
        let app = app(Receiver::of("github", &["another", SECRET]).unwrap());
        app.oneshot(request.unwrap()).await.unwrap().status()
    }

    #[tokio::test]
    async fn a_signed_delivery_is_taken_and_a_forged_one_is_not() {
        assert_eq!(answer("POST", "Hello, World!").await, 200);
        assert_eq!(answer("POST", "Hello, Mallory!").await, 400);
        assert_eq!(answer("GET", "Hello, World!").await, 405);
    }
}
