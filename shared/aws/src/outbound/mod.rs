//! Calls to providers, and to the services that events are posted to, with the SDK's own HTTP client and its roots of trust.
//! Neither is ever followed to another address.

#[cfg(test)]
#[allow(clippy::unwrap_used)]
pub(crate) mod testing;

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use aws_smithy_http_client::{
    Connector,
    tls::{Provider, TlsContext, rustls_provider::CryptoMode},
};
use aws_smithy_runtime_api::client::{
    http::{HttpConnector as _, HttpConnectorSettings},
    orchestrator::{HttpRequest, HttpResponse},
    result::ConnectorError,
};
use aws_smithy_types::byte_stream::ByteStream;
use protocol::fault::{Fault, FaultKind};
use webhook::reading::address::Address;

use crate::fault;

const TO_CONNECT: Duration = Duration::from_secs(3);
const TO_ANSWER: Duration = Duration::from_secs(10);

/// Where the rest of an answer is longer, its connection is given up.
#[cfg(feature = "destinations")]
const LONGEST_ANSWER: usize = 16 * 1_024;

/// The way out. Cheap to clone; built when it is first needed.
#[derive(Clone, Debug)]
pub(crate) struct Outbound {
    connector: Arc<OnceLock<Connector>>,
    to_answer: Option<Duration>,
}

impl Default for Outbound {
    fn default() -> Self {
        Self {
            connector: Arc::default(),
            to_answer: Some(TO_ANSWER),
        }
    }
}

impl Outbound {
    fn connector(&self) -> &Connector {
        self.connector
            .get_or_init(|| connector(TlsContext::default(), self.to_answer))
    }

    /// The way to services that are posted to. It is left to the caller how long an answer is waited for.
    #[cfg(feature = "destinations")]
    pub(crate) fn to_services() -> Self {
        Self {
            to_answer: None,
            ..Self::default()
        }
    }

    /// Sends a request as it is. Of the answer only status and headers count: the rest is read behind the caller's back, and
    /// only so that the connection can be used again.
    #[cfg(feature = "destinations")]
    pub(crate) async fn post(&self, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
        let mut answer = self.connector().call(request).await?;
        let mut stream = ByteStream::new(answer.take_body());
        let rest = async move {
            let mut read = 0;
            while read < LONGEST_ANSWER
                && let Some(Ok(chunk)) = stream.next().await
            {
                read += chunk.len();
            }
        };
        tokio::spawn(tokio::time::timeout(TO_CONNECT, rest));
        Ok(answer)
    }

    /// Gets an address, follows no redirect, and sends no word of ours. What isn't read of the answer is
    /// never fetched.
    async fn call(&self, address: &Address) -> Result<HttpResponse, Failed> {
        let request = HttpRequest::get(address.url()).map_err(|_| Failed::NoUrl)?;
        self.send(request).await
    }

    async fn send(&self, mut request: HttpRequest) -> Result<HttpResponse, Failed> {
        request.headers_mut().insert("user-agent", "landfall");
        let answered = self.connector().call(request).await;
        answered.map_err(Failed::Call)
    }

    /// Gets an address, and returns the status of the answer.
    pub(crate) async fn status(&self, address: &Address) -> Result<u16, Fault> {
        let answer = self.call(address).await.map_err(|failed| match failed {
            Failed::NoUrl => Fault::new(FaultKind::Other, CALLING, NO_URL),
            Failed::Call(error) => Fault::new(kind(&error), CALLING, fault::chain(&error)),
        })?;
        Ok(answer.status().as_u16())
    }

    /// Gets the text at an address. `None`: there is none. A fault: nobody knows. Its text quotes nothing,
    /// for a stranger may have written the address.
    pub(crate) async fn text(
        &self,
        address: &Address,
        longest: usize,
    ) -> Result<Option<String>, Fault> {
        let answer = self.call(address).await.map_err(unfetched)?;
        match answer.status().as_u16() {
            200 => read(answer, longest).await,
            status @ (408 | 429 | 500..) => Err(answered(status)),
            _ => Ok(None),
        }
    }

    /// The text that answers a question by which a credential is shown. `None`: what is asked for isn't there. Any other answer
    /// is a fault, for it may be the credential that isn't taken. Its text quotes nothing.
    pub(crate) async fn answer(
        &self,
        question: HttpRequest,
        longest: usize,
    ) -> Result<Option<String>, Fault> {
        let answer = self.send(question).await.map_err(unfetched)?;
        match answer.status().as_u16() {
            200 => read(answer, longest).await,
            404 => Ok(None),
            status => Err(answered(status)),
        }
    }
}

fn unfetched(failed: Failed) -> Fault {
    match failed {
        Failed::NoUrl => Fault::new(FaultKind::Other, FETCHING, NO_URL),
        Failed::Call(error) => {
            let text = match kind(&error) {
                FaultKind::TimedOut => "no answer in time",
                _ if error.is_io() => "the address can't be reached",
                _ => "the address was called, and that failed",
            };
            Fault::new(kind(&error), FETCHING, text)
        }
    }
}

fn answered(status: u16) -> Fault {
    let kind = match status {
        401 | 403 => FaultKind::Denied,
        408 => FaultKind::TimedOut,
        429 => FaultKind::Throttled,
        _ => FaultKind::Other,
    };
    Fault::new(kind, FETCHING, format!("the address answered {status}"))
}

/// The text of an answer; none where it is too long, or no text.
async fn read(answer: HttpResponse, longest: usize) -> Result<Option<String>, Fault> {
    let mut stream = ByteStream::new(answer.into_body());
    let mut bytes = Vec::new();
    while let Some(chunk) = stream.next().await {
        let chunk =
            chunk.map_err(|_| Fault::new(FaultKind::Other, FETCHING, "the answer broke off"))?;
        if bytes.len() + chunk.len() > longest {
            return Ok(None);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(String::from_utf8(bytes).ok())
}

const CALLING: &str = "calling the address";

/// The step of keys that a provider publishes.
pub(crate) const FETCHING: &str = "reading the provider's keys";

/// What is said of a URL may quote it.
const NO_URL: &str = "the address is no URL to the HTTP client";

fn kind(error: &ConnectorError) -> FaultKind {
    if error.is_timeout() {
        FaultKind::TimedOut
    } else {
        FaultKind::Other
    }
}

/// Why there is no answer.
enum Failed {
    NoUrl,
    Call(ConnectorError),
}

fn connector(context: TlsContext, to_answer: Option<Duration>) -> Connector {
    let mut settings = HttpConnectorSettings::builder().connect_timeout(TO_CONNECT);
    settings.set_read_timeout(to_answer);
    Connector::builder()
        .connector_settings(settings.build())
        .tls_provider(Provider::Rustls(CryptoMode::AwsLc))
        .tls_context(context)
        .build()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use webhook::keys::origin::{self, Origin};

    use super::{testing::Provider, *};

    fn address(provider: &Provider) -> Address {
        match origin::known(&provider.source("/keys")) {
            Some(Origin::Published(address)) => address,
            other => panic!("{other:?}"),
        }
    }

    async fn text(provider: &Provider) -> Result<Option<String>, Fault> {
        Outbound::to_localhost().text(&address(provider), 10).await
    }

    #[tokio::test]
    async fn the_text_at_an_address_is_read() {
        let provider = Provider::start();
        provider.answers("200 OK", "", "0123456789");
        assert_eq!(text(&provider).await, Ok(Some("0123456789".into())));
        let asked = provider
            .script
            .lock()
            .unwrap()
            .asked
            .concat()
            .to_lowercase();
        assert!(asked.starts_with("get /keys http/1.1\r\n"), "{asked}");
        assert!(asked.contains("\r\nuser-agent: landfall\r\n"), "{asked}");
    }

    #[tokio::test]
    async fn what_is_too_long_no_text_or_elsewhere_is_nothing() {
        let provider = Provider::start();
        let elsewhere = "location: /keys\r\n";
        for (status, headers, body) in [
            ("200 OK", "", "0123456789a"),
            ("404 Not Found", "", "0"),
            ("403 Forbidden", "", "0"),
            ("204 No Content", "", ""),
            ("301 Moved Permanently", elsewhere, "0"),
            ("302 Found", elsewhere, "0"),
            ("307 Temporary Redirect", elsewhere, "0"),
        ] {
            provider.answers(status, headers, body);
            assert_eq!(text(&provider).await, Ok(None), "{status}");
            assert_eq!(provider.calls(), 1, "{status}");
        }
    }

    #[tokio::test]
    async fn an_address_that_cannot_say_is_a_fault() {
        let provider = Provider::start();
        for status in [
            "500 Internal Server Error",
            "503 Slow Down",
            "429 Too Many Requests",
        ] {
            provider.answers(status, "", "0");
            assert!(text(&provider).await.is_err(), "{status}");
        }
        // No answer at all.
        let fault = text(&provider).await.unwrap_err();
        assert!(!fault.text.contains("localhost"), "{fault}");
    }

    #[tokio::test]
    async fn whoever_has_no_certificate_of_a_known_authority_is_not_heard() {
        let provider = Provider::start();
        provider.answers("200 OK", "", "0");
        let found = Outbound::default().text(&address(&provider), 10).await;
        assert!(!found.unwrap_err().text.contains("localhost"));
        assert_eq!(provider.calls(), 0);
    }
}
