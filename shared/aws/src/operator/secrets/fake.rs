//! Secrets Manager as its reference describes it, as far as an operator needs it: one secret, its versions and
//! their stages.
#![allow(clippy::unwrap_used)]

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use aws_smithy_runtime_api::{
    client::{
        http::{HttpConnector, HttpConnectorFuture},
        orchestrator::{HttpRequest, HttpResponse},
        result::ConnectorError,
    },
    http::StatusCode,
};
use serde_json::{Value, json};

use super::SecretStore;
use crate::{clients::answered_by, secrets::SecretsManager};

/// The one secret that there is.
pub(super) const SECRET: &str = "stack";

#[derive(Clone, Debug, Default)]
pub(super) struct Manager(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    is_there: bool,
    texts: BTreeMap<String, String>,
    stages: BTreeMap<String, String>,
    /// How many of the next stage moves happen without an answer that says so.
    silent_moves: u8,
    calls: Vec<String>,
}

impl Manager {
    /// No secret at all.
    pub(super) fn empty() -> Self {
        Self::default()
    }

    /// A secret that has no version yet.
    pub(super) fn without_value() -> Self {
        let manager = Self::default();
        manager.0.lock().unwrap().is_there = true;
        manager
    }

    /// A secret of bytes, which Secrets Manager tells in another field than a text.
    pub(super) fn binary() -> Self {
        let manager = Self::without_value();
        let current = ("AWSCURRENT".into(), "v0".into());
        manager.0.lock().unwrap().stages.extend([current]);
        manager
    }

    pub(super) fn with(text: &str) -> Self {
        let manager = Self::without_value();
        let put = json!({"ClientRequestToken": "v0", "SecretString": text});
        manager.0.lock().unwrap().put(&put).unwrap();
        manager
    }

    pub(super) fn lose_the_answer_to_the_next_move(&self) {
        self.0.lock().unwrap().silent_moves = 1;
    }

    /// The text that counts.
    pub(super) fn text(&self) -> Value {
        let state = self.0.lock().unwrap();
        serde_json::from_str(&state.texts[&state.stages["AWSCURRENT"]]).unwrap()
    }

    pub(super) fn calls(&self, operation: &str) -> usize {
        let state = self.0.lock().unwrap();
        state.calls.iter().filter(|call| *call == operation).count()
    }

    pub(super) fn store(&self) -> SecretStore {
        SecretStore::new(SecretsManager::new(&answered_by(self.clone())), SECRET)
    }
}

impl HttpConnector for Manager {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let state = Arc::clone(&self.0);
        HttpConnectorFuture::new(async move {
            // Whoever calls beside this one has its turn between any two calls.
            tokio::task::yield_now().await;
            let operation = request.headers().get("x-amz-target").unwrap();
            let operation = operation.split('.').next_back().unwrap().to_owned();
            let input: Value = serde_json::from_slice(request.body().bytes().unwrap()).unwrap();
            let mut state = state.lock().unwrap();
            state.calls.push(operation.clone());
            let answer = match operation.as_str() {
                "GetSecretValue" => state.get(&input),
                "PutSecretValue" => state.put(&input),
                "UpdateSecretVersionStage" => state.move_stage(&input),
                other => panic!("an operator doesn't call {other}"),
            };
            if operation == "UpdateSecretVersionStage" && state.silent_moves > 0 {
                state.silent_moves -= 1;
                return Err(ConnectorError::timeout("no answer".into()));
            }
            let (status, body) = match answer {
                Ok(body) => (200, body),
                Err(code) => (400, json!({"__type": code, "message": "hush"})),
            };
            let status = StatusCode::try_from(status).unwrap();
            Ok(HttpResponse::new(status, body.to_string().into()))
        })
    }
}

type Answer = Result<Value, &'static str>;

impl State {
    fn get(&self, input: &Value) -> Answer {
        let current = self.stages.get("AWSCURRENT");
        match (input["SecretId"].as_str(), current) {
            (Some(SECRET), Some(version)) => Ok(match self.texts.get(version) {
                Some(text) => json!({"VersionId": version, "SecretString": text}),
                None => json!({"VersionId": version, "SecretBinary": "aHVzaA=="}),
            }),
            _ => Err("ResourceNotFoundException"),
        }
    }

    /// The stages are AWSCURRENT unless others are given; the first version gets that besides.
    fn put(&mut self, input: &Value) -> Answer {
        if !self.is_there {
            return Err("ResourceNotFoundException");
        }
        let version = input["ClientRequestToken"].as_str().unwrap();
        let mut stages: Vec<&str> = match input["VersionStages"].as_array() {
            Some(stages) => stages.iter().filter_map(Value::as_str).collect(),
            None => vec!["AWSCURRENT"],
        };
        if self.texts.is_empty() && !stages.contains(&"AWSCURRENT") {
            stages.push("AWSCURRENT");
        }
        let text = input["SecretString"].as_str().unwrap();
        self.texts.insert(version.into(), text.into());
        for stage in &stages {
            self.stages.insert((*stage).into(), version.into());
        }
        Ok(json!({"VersionId": version, "VersionStages": stages}))
    }

    /// A stage that another version has is moved only if that version is named.
    fn move_stage(&mut self, input: &Value) -> Answer {
        let stage = input["VersionStage"].as_str().unwrap();
        let holder = self.stages.get(stage).map(String::as_str);
        if holder.is_some() && holder != input["RemoveFromVersionId"].as_str() {
            return Err("InvalidParameterException");
        }
        let version = input["MoveToVersionId"].as_str().unwrap();
        self.stages.insert(stage.into(), version.into());
        Ok(json!({}))
    }
}
