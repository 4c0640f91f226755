//! An event on its way, and an AWS that answers as it is told, for tests.

use std::{
    collections::{BTreeMap, VecDeque},
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
use aws_types::SdkConfig;
use protocol::{
    covered::{Covered, Part},
    outgoing::{Origin, Outgoing},
    time::UnixMillis,
};
use serde_json::Value;

use super::clients;
use crate::clients::answered_by;

/// A body that must be told to nobody but the destination.
pub(crate) const BODY: &str = r#"{"id": "in_1", "note": "hush"}"#;

/// An invoice that was paid.
pub(crate) fn outgoing() -> Outgoing {
    Outgoing {
        source: "stripe".into(),
        event_id: "evt_1".into(),
        event_type: "invoice.paid".into(),
        received_at: UnixMillis(1_800_000_000_123),
        route: "paid-invoices".into(),
        idempotency_key: "6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b".into(),
        attempt: 1,
        epoch: 0,
        hops: 1,
        body: BODY.into(),
        content_type: "application/json".into(),
        headers: BTreeMap::new(),
        key: None,
        origin: Origin::Verified,
        covered: [Part::Id, Part::Type, Part::Body]
            .into_iter()
            .collect::<Covered>(),
        trace: None,
    }
}

/// AWS, as far as it is scripted: what it answers next, and what it was asked.
#[derive(Clone, Debug, Default)]
pub(crate) struct Aws(Arc<Mutex<Script>>);

#[derive(Debug, Default)]
struct Script {
    answers: VecDeque<HttpResponse>,
    asked: Vec<Asked>,
}

/// A request that was made.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) method: String,
    pub(crate) uri: String,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: String,
}

impl Aws {
    pub(crate) fn answering(status: u16, body: &str) -> Self {
        let aws = Self::default();
        aws.answers(status, body);
        aws
    }

    pub(crate) fn answers(&self, status: u16, body: &str) {
        self.answers_with(status, &[], body);
    }

    pub(crate) fn answers_with(&self, status: u16, headers: &[(&'static str, &str)], body: &str) {
        let status = StatusCode::try_from(status).unwrap();
        let mut answer = HttpResponse::new(status, body.to_owned().into());
        for (name, text) in headers {
            answer.headers_mut().insert(*name, (*text).to_owned());
        }
        self.0.lock().unwrap().answers.push_back(answer);
    }

    /// What was asked since it was last looked.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        std::mem::take(&mut self.0.lock().unwrap().asked)
    }

    /// The body of the one request that was made, as JSON.
    pub(crate) fn asked_json(&self) -> Value {
        let asked = self.asked();
        assert_eq!(asked.len(), 1, "{asked:?}");
        serde_json::from_str(&asked[0].body).unwrap()
    }

    /// As destinations have it.
    pub(crate) fn config(&self) -> SdkConfig {
        clients::without_retries(&answered_by(self.clone()))
    }
}

impl HttpConnector for Aws {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let headers = request.headers().iter();
        let asked = Asked {
            method: request.method().to_owned(),
            uri: request.uri().to_owned(),
            headers: headers
                .map(|(name, text)| (name.to_owned(), text.to_owned()))
                .collect(),
            body: String::from_utf8(request.body().bytes().unwrap().to_vec()).unwrap(),
        };
        let mut script = self.0.lock().unwrap();
        script.asked.push(asked);
        let answer = script.answers.pop_front();
        HttpConnectorFuture::ready(answer.ok_or_else(|| ConnectorError::io("broken pipe".into())))
    }
}
