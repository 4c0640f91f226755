//! The way to AWS: one HTTP client for all clients of the SDK, and the certificates that it trusts.
//!
//! The certificates of AWS's public regions come from Amazon Trust Services. Its five roots are compiled in: to read and decode
//! the system's 140 takes more than all else that a function does when it starts. A name that these don't vouch for, of another
//! partition or of a proxy, is asked once more, and all after it, with the system's. These are the only ones where the environment
//! names them (`SSL_CERT_FILE`, `SSL_CERT_DIR`).

use std::{
    error::Error,
    io,
    sync::{Arc, OnceLock},
};

use aws_smithy_http_client::{
    Connector,
    proxy::ProxyConfig,
    tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode},
};
use aws_smithy_runtime_api::client::{
    http::{
        HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
        SharedHttpConnector, http_client_fn,
    },
    orchestrator::HttpRequest,
    result::ConnectorError,
};

/// The five that Amazon Trust Services asks for, from <https://www.amazontrust.com/repository/>.
const AMAZON: &[u8] = include_bytes!("amazon-roots.pem");

/// The SDK's own HTTP client, once for all of its clients. Left to itself each of them makes one when it is made and one when it
/// first calls.
pub(crate) fn to_aws(
    settings: HttpConnectorSettings,
    environment: impl Fn(&str) -> Option<String>,
) -> SharedHttpClient {
    let named = |name: &&str| environment(name).is_some();
    let first = if ["SSL_CERT_FILE", "SSL_CERT_DIR"].iter().any(named) {
        TlsContext::default()
    } else {
        TlsContext::builder()
            .with_trust_store(TrustStore::empty().with_pem_certificate(AMAZON))
            .build()
            .unwrap_or_default()
    };
    let way = SharedHttpConnector::new(Way::new(first, TlsContext::default(), settings));
    http_client_fn(move |_, _| way.clone())
}

/// Calls that trust a few roots, and others when those don't do.
#[derive(Clone, Debug)]
struct Way(Arc<Connectors>);

#[derive(Debug)]
struct Connectors {
    first: Connector,
    others: OnceLock<Connector>,
    context_of_others: TlsContext,
    settings: HttpConnectorSettings,
}

impl Way {
    fn new(first: TlsContext, others: TlsContext, settings: HttpConnectorSettings) -> Self {
        Self(Arc::new(Connectors {
            first: connector(first, &settings),
            others: OnceLock::new(),
            context_of_others: others,
            settings,
        }))
    }

    fn turn(&self) {
        let way = &self.0;
        (way.others).get_or_init(|| connector(way.context_of_others.clone(), &way.settings));
    }
}

impl HttpConnector for Way {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        if let Some(others) = self.0.others.get() {
            return others.call(request);
        }
        let way = self.clone();
        let answer = way.0.first.call(request);
        HttpConnectorFuture::new(async move {
            let answered = answer.await;
            // The SDK makes a call again for which there was no connection.
            if answered.as_ref().is_err_and(is_distrust) {
                way.turn();
            }
            answered
        })
    }
}

fn connector(context: TlsContext, settings: &HttpConnectorSettings) -> Connector {
    Connector::builder()
        .connector_settings(settings.clone())
        .proxy_config(ProxyConfig::from_env())
        .tls_provider(Provider::Rustls(CryptoMode::AwsLc))
        .tls_context(context)
        .build()
}

/// Whether there was no connection because of the other side's certificate.
fn is_distrust(error: &ConnectorError) -> bool {
    let mut next: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = next {
        if let Some(rustls::Error::InvalidCertificate(_)) = error.downcast_ref() {
            return true;
        }
        // Of an error of input and output its source leaves out the one that it stands for.
        next = match error.downcast_ref::<io::Error>() {
            Some(error) => error.get_ref().map(|within| within as _),
            None => error.source(),
        };
    }
    false
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::outbound::testing::Provider as Server;

    fn only(pem: &[u8]) -> TlsContext {
        let store = TrustStore::empty().with_pem_certificate(pem);
        TlsContext::builder()
            .with_trust_store(store)
            .build()
            .unwrap()
    }

    async fn ask(way: &Way, server: &Server) -> Result<u16, ConnectorError> {
        let url = server.url("https", "/");
        let answer = way.call(HttpRequest::get(url).unwrap()).await?;
        Ok(answer.status().as_u16())
    }

    #[tokio::test]
    async fn whom_amazon_does_not_vouch_for_the_system_may() {
        let server = Server::start();
        let theirs = only(crate::outbound::testing::CERTIFICATE.as_bytes());
        let way = Way::new(
            only(AMAZON),
            theirs,
            HttpConnectorSettings::builder().build(),
        );
        let refused = ask(&way, &server).await.unwrap_err();
        assert!(refused.is_io(), "the SDK makes no second call: {refused:?}");
        for status in ["200 OK", "404 Not Found"] {
            server.answers(status, "", "");
            assert_eq!(ask(&way, &server).await.unwrap().to_string(), status[..3]);
        }
    }

    #[tokio::test]
    async fn whom_nobody_vouches_for_is_not_asked() {
        let server = Server::start();
        server.answers("200 OK", "", "");
        let way = Way::new(
            only(AMAZON),
            only(AMAZON),
            HttpConnectorSettings::builder().build(),
        );
        for _ in 0..3 {
            assert!(ask(&way, &server).await.is_err());
        }
        assert!(server.asked().is_empty());
    }

    #[tokio::test]
    async fn a_connection_that_fails_otherwise_is_no_reason_to_trust_others() {
        let settings = HttpConnectorSettings::builder().build();
        let way = Way::new(only(AMAZON), only(AMAZON), settings);
        // Nobody listens at the port of a listener that is gone.
        let port = {
            let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
            gone.local_addr().unwrap().port()
        };
        let request = HttpRequest::get(format!("https://localhost:{port}/")).unwrap();
        assert!(way.call(request).await.is_err());
        assert!(way.0.others.get().is_none());
    }
}
