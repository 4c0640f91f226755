//! Calls to addresses of providers, with the SDK's own HTTP client and its roots of trust.

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use aws_smithy_http_client::{
    Connector,
    tls::{Provider, rustls_provider::CryptoMode},
};
use aws_smithy_runtime_api::client::{
    http::{HttpConnector as _, HttpConnectorSettings},
    orchestrator::HttpRequest,
};
use webhook::{
    ports::{self, Fault},
    subscription::Callback,
};

use crate::fault;

const TO_CONNECT: Duration = Duration::from_secs(3);
const TO_ANSWER: Duration = Duration::from_secs(10);

/// The way out. Cheap to clone; built when it is first needed, which is once in a subscription's life.
#[derive(Clone, Debug, Default)]
pub struct Callbacks(Arc<OnceLock<Connector>>);

impl Callbacks {
    fn connector(&self) -> &Connector {
        self.0.get_or_init(|| {
            let settings = HttpConnectorSettings::builder()
                .connect_timeout(TO_CONNECT)
                .read_timeout(TO_ANSWER)
                .build();
            Connector::builder()
                .connector_settings(settings)
                .tls_provider(Provider::Rustls(CryptoMode::AwsLc))
                .build()
        })
    }
}

impl ports::Callbacks for Callbacks {
    async fn get(&self, callback: &Callback) -> Result<u16, Fault> {
        // What is said of a URL may quote it.
        let mut request = HttpRequest::get(callback.url())
            .map_err(|_| Fault("the address is no URL to the HTTP client".into()))?;
        request.headers_mut().insert("user-agent", "landfall");
        // The connector follows no redirects, and what isn't read of the answer is never fetched.
        let answered = self.connector().call(request).await;
        let answer = answered.map_err(|error| Fault(fault::chain(&error)))?;
        Ok(answer.status().as_u16())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use catalogue::Subscription;
    use webhook::{ports::Callbacks as _, subscription};

    use super::*;

    /// An address at a host that no resolver knows (RFC 6761).
    fn nowhere() -> Callback {
        let subscription = Subscription {
            kind: ("Type", "asks"),
            url: "Url",
            hosts: &["landfall.invalid"],
        };
        let body = br#"{"Type":"asks","Url":"https://landfall.invalid/?Token=hush"}"#;
        subscription::asked(&subscription, body).unwrap().unwrap()
    }

    #[tokio::test]
    async fn a_call_that_fails_does_not_tell_its_address() {
        let fault = Callbacks::default().get(&nowhere()).await.unwrap_err();
        assert!(!fault.0.is_empty() && !fault.0.contains("hush"), "{fault}");
    }
}
