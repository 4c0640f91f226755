//! Secrets Manager, as far as a test needs one.

use std::sync::{Arc, Mutex};

use aws_smithy_runtime_api::{
    client::{
        http::{HttpConnector, HttpConnectorFuture},
        orchestrator::{HttpRequest, HttpResponse},
    },
    http::StatusCode,
};
use serde_json::json;

use super::SecretsManager;
use crate::clients::answered_by;

/// What `GetSecretValue` is answered with: the text of a secret's version, or nothing, as Secrets Manager says both of a secret
/// without a value and of none.
#[derive(Clone, Debug, Default)]
pub(crate) struct Manager(Arc<Mutex<Option<(String, String)>>>);

impl Manager {
    pub(crate) fn holds(&self, version: &str, text: &str) {
        *self.0.lock().unwrap() = Some((version.into(), text.into()));
    }

    pub(crate) fn holds_nothing(&self) {
        *self.0.lock().unwrap() = None;
    }

    pub(crate) fn client(&self) -> SecretsManager {
        SecretsManager::new(&answered_by(self.clone()))
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
