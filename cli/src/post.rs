//! Posts a delivery over HTTP.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use ureq::{
    Agent,
    tls::{Certificate, RootCerts, TlsConfig},
};

use crate::failure::Failure;

/// Longer than API Gateway lets a function take.
const TIMEOUT: Duration = Duration::from_secs(40);

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: String,
    pub(crate) milliseconds: f64,
}

pub(crate) fn agent() -> Agent {
    let certificates = rustls_native_certs::load_native_certs().certs;
    let roots: Vec<Certificate<'static>> = (certificates.iter())
        .map(|certificate| Certificate::from_der(certificate).to_owned())
        .collect();
    let tls = TlsConfig::builder()
        .root_certs(RootCerts::from(roots))
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
        .build();
    Agent::config_builder()
        .tls_config(tls)
        .timeout_global(Some(TIMEOUT))
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .user_agent(concat!("landfall/", env!("CARGO_PKG_VERSION")))
        .build()
        .new_agent()
}

/// What the server says that the time is, asked by a request that brings nothing. `None`: it doesn't say, or didn't answer.
pub(crate) fn date(agent: &Agent, url: &str) -> Option<String> {
    let response = agent.get(url).call().ok()?;
    let date = response.headers().get("date")?.to_str().ok()?;
    Some(date.to_owned())
}

pub(crate) fn post(
    agent: &Agent,
    url: &str,
    headers: &[(String, String)],
    body: &[u8],
) -> Result<Answer, Failure> {
    let mut request = agent.post(url);
    for (name, value) in headers {
        request = request.header(name, value);
    }
    let began = Instant::now();
    let mut response = request.send(body).map_err(|error| {
        Failure::trouble(format!(
            "{url} did not answer: {error}. Is the stack running? `make up` starts the local one"
        ))
    })?;
    let body = response.body_mut().read_to_string().unwrap_or_default();
    Ok(Answer {
        status: response.status().as_u16(),
        body,
        milliseconds: began.elapsed().as_secs_f64() * 1_000.0,
    })
}
