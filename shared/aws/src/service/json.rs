//! Services that are asked in JSON and answer in JSON, as
//! <https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html> and, of a path,
//! <https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html> describe it.

use aws_smithy_runtime_api::{box_error::BoxError, client::orchestrator::HttpResponse};
use aws_smithy_types::error::ErrorMetadata;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use super::{Asked, Failure, Service, body, known::Protocol};

impl Service {
    /// Calls an operation with what is asked of it.
    pub(crate) async fn json<T: DeserializeOwned + Send + Sync + 'static>(
        &self,
        operation: &'static str,
        input: &impl Serialize,
    ) -> Result<T, Failure> {
        let asked = self.target(operation, input);
        let asked = asked.map_err(Failure::construction_failure)?;
        self.call(operation, asked, read).await
    }

    fn target(&self, operation: &str, input: &impl Serialize) -> Result<Asked, BoxError> {
        let Protocol::Json(version, target) = self.0.about.protocol else {
            return Err("the service has another protocol".into());
        };
        let content_type = format!("application/x-amz-json-{version}");
        let mut asked = Asked::posted(&content_type, serde_json::to_vec(input)?);
        let target = format!("{target}.{operation}");
        asked.headers.push(("x-amz-target".to_owned(), target));
        Ok(asked)
    }
}

/// The answer's body. One that says nothing has none.
pub(crate) fn read<T: DeserializeOwned>(response: &HttpResponse) -> Result<T, BoxError> {
    let body = body(response);
    let body = if body.is_empty() { b"{}" } else { body };
    // What is said of it could quote it.
    serde_json::from_slice(body).map_err(|_| "the answer isn't the one that is documented".into())
}

/// A code stands in a header or in the body, and may have a name space before it and a URL behind it. Which names a body has for
/// code and message differs, and some bodies have two of them.
pub(super) fn error(response: &HttpResponse) -> ErrorMetadata {
    let said: Map<String, Value> = serde_json::from_slice(body(response)).unwrap_or_default();
    let text = |names: [&str; 2]| names.iter().find_map(|name| said.get(*name)?.as_str());
    let header = response.headers().get("x-amzn-errortype");
    let mut error = ErrorMetadata::builder();
    if let Some(code) = header.or_else(|| text(["code", "__type"])) {
        let code = code.split(':').next().unwrap_or_default();
        error = error.code(code.rsplit('#').next().unwrap_or_default());
    }
    if let Some(message) = text(["message", "Message"]) {
        error = error.message(message);
    }
    error.build()
}
