//! Posts events to a service, signed as Standard Webhooks are.
//!
//! The address is the operator's and the same for every event: no part of it comes from a payload, and no redirect is
//! followed, so that nobody who sends or answers has a say in what is called. That is why it may be a private one.

mod retry_after;
mod sign;

use aws_smithy_runtime_api::{
    client::{orchestrator::HttpRequest, result::ConnectorError},
    http::Headers,
};
use aws_smithy_types::body::SdkBody;
use catalogue::destination::{HeaderValue, Http};
use protocol::{
    outgoing::{Origin, Outgoing, Refusal},
    time::UnixMillis,
};

use crate::{
    attributes::{IDEMPOTENCY_KEY, attributes, printable},
    fault,
    outbound::Outbound,
    secrets::{destination::Entry, reader::Reader},
    trace,
};

/// A service that is posted to.
pub(super) struct Service {
    pub(super) outbound: Outbound,
    pub(super) http: &'static Http,
    pub(super) secret: Reader<Entry>,
}

impl Service {
    /// Posts an event.
    pub(super) async fn deliver(
        &self,
        outgoing: &Outgoing,
        now: UnixMillis,
    ) -> Result<(), Refusal> {
        let entry = self.secret.entry(now).await;
        let entry = entry.map_err(Refusal::transient)?;
        let request = request(self.http, &entry, outgoing, now)?;
        let answer = match self.outbound.post(request).await {
            Ok(answer) => answer,
            Err(error) => return Err(unanswered(&error)),
        };
        let status = answer.status().as_u16();
        let verdict = verdict(status, answer.headers().get("retry-after"), now);
        if let (Err(_), 401 | 403) = (&verdict, status)
            && let Some(latest) = self.secret.latest(now).await
            && latest.differs(&entry)
        {
            let error = format!("the address answered {status}, and the secret is another by now");
            return Err(Refusal::transient(error));
        }
        verdict
    }
}

fn request(
    http: &Http,
    secret: &Entry,
    outgoing: &Outgoing,
    now: UnixMillis,
) -> Result<HttpRequest, Refusal> {
    let mut request = HttpRequest::new(SdkBody::from(outgoing.body.clone()));
    let is_url = request
        .set_method("POST")
        .is_ok_and(|()| request.set_uri(http.url).is_ok());
    if !is_url {
        return Err(Refusal::permanent(
            "its address is no URL to the HTTP client",
        ));
    }
    let headers = request.headers_mut();
    for (name, text) in &outgoing.headers {
        set(headers, name, text)?;
    }
    for (name, value) in &http.headers {
        match value {
            HeaderValue::Text(text) => set(headers, name, text)?,
            HeaderValue::Secret(entry) => {
                let value = secret
                    .named(entry)
                    .ok_or_else(|| Refusal::transient(format!("its secret holds no `{entry}`")))?;
                set(headers, name, value)?;
            }
        }
    }
    // Whatever the route says, these are ours.
    let content_type = match outgoing.content_type.as_str() {
        "" => "application/octet-stream",
        known => known,
    };
    set(headers, "content-type", content_type)?;
    set(headers, "user-agent", "landfall")?;
    for (name, text) in attributes(outgoing) {
        // It is the webhook's id.
        if name != IDEMPOTENCY_KEY {
            set(headers, name, &text)?;
        }
    }
    set(headers, "landfall-attempt", &outgoing.attempt.to_string())?;
    if let Some(parent) = trace::parent(outgoing.trace.as_deref()) {
        set(headers, "traceparent", &parent)?;
    }
    set(headers, "webhook-id", &printable(&outgoing.idempotency_key))?;
    // To sign what nobody has vouched for would be to vouch for it.
    if outgoing.origin == Origin::Verified {
        let keys = secret.keys();
        // A receiver that goes by signatures would refuse the event for good.
        if keys.is_empty() {
            return Err(Refusal::transient("its secret holds nothing that signs"));
        }
        for (name, text) in sign::headers(keys, outgoing, now)? {
            set(headers, &name, &text)?;
        }
    }
    Ok(request)
}

/// Sets a header, in the place of any of the same name. Its value may be a payload's or a secret, so no fault quotes it.
fn set(headers: &mut Headers, name: &str, value: &str) -> Result<(), Refusal> {
    match headers.try_insert(name.to_ascii_lowercase(), value.to_owned()) {
        Ok(_) => Ok(()),
        Err(_) => Err(Refusal::permanent(format!(
            "the header `{}` can't be sent: it holds what no header can",
            printable(name)
        ))),
    }
}

/// What a status means. <https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>
/// says so of 2xx, 3xx, 410, 429 and 5xx; 408, 409 and 425 are a server's words for "not now".
fn verdict(status: u16, wait: Option<&str>, now: UnixMillis) -> Result<(), Refusal> {
    Err(match status {
        200..=299 => return Ok(()),
        300..=399 => Refusal::permanent(format!(
            "the address answered {status}, and no redirect is followed"
        )),
        410 => Refusal::permanent("the address answered 410: it is gone for good"),
        408 | 409 | 425 | 429 | 500.. => Refusal::Transient {
            error: format!("the address answered {status}"),
            retry_after: wait.and_then(|text| retry_after::wait(text, now)),
        },
        _ => Refusal::permanent(format!("the address answered {status}")),
    })
}

/// A call without an answer may have been heard all the same. What is said of it names the host at most.
fn unanswered(error: &ConnectorError) -> Refusal {
    if error.is_timeout() {
        return Refusal::transient("the address can't be reached in time");
    }
    Refusal::transient(format!(
        "no answer from the address: {}",
        fault::chain(error)
    ))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
