//! What a delivery comes to, and the HTTP response that says so. The status is chosen here, and
//! beside a refusal of the core's by the core, by meaning: 4xx is "this will never be accepted", 5xx "send it again".

use std::borrow::Cow;

use catalogue::Accepted;
use lambda_http::{
    Body,
    aws_lambda_events::apigw::ApiGatewayV2httpResponse,
    http::{HeaderName, HeaderValue, header},
};
use protocol::{decide::ingest, fault::Fault};
use webhook::{
    endpoint::{
        admission::Inadmissible,
        enrolment::Offer,
        handshake::{Reply, Unproven},
    },
    refusal::Refusal,
};

/// What a sender that was refused is told: nothing that helps it.
const REFUSED: &str = r#"{"error":"refused"}"#;

/// What a sender is told that is to send again.
const UNAVAILABLE: &str = r#"{"error":"unavailable"}"#;

/// A delivery that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Taken {
    /// The ledger holds its event.
    Recorded {
        /// How it was found.
        how: Recorded,
        /// Its id; or what is echoed, where the provider wants that.
        says: String,
        /// What its provider wants to hear.
        accepted: Accepted,
    },
    /// It was no event: the provider proves the endpoint.
    Handshake(Reply),
    /// It was no event: the provider hands over its secret, which now waits for the operator.
    HandedOver(Offer),
}

/// How an event came to be in the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recorded {
    /// Just now.
    Accepted,
    /// Before.
    Duplicate,
    /// Before; it was given up and is now tried again.
    Reopened,
}

/// A delivery that was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Denied {
    /// It will never be.
    Refused(Cause),
    /// It is to be sent again: a fault of ours.
    Unavailable(Fault),
}

/// Why a delivery will never be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// There is no such source.
    UnknownSource,
    /// By its method, its length or its sender.
    Inadmissible(Inadmissible),
    /// It came past the front.
    NotByTheFront,
    /// The platform's event is none.
    NoRequest,
    /// Its signature doesn't hold.
    Signature {
        /// In which way.
        refusal: Refusal,
        /// The status that makes this provider drop it.
        status: u16,
        /// What it would have heard otherwise.
        accepted: Accepted,
    },
    /// A handshake of someone who doesn't prove to be the provider.
    Unproven(Unproven),
}

impl Taken {
    /// In a word.
    #[must_use]
    pub const fn outcome(&self) -> &'static str {
        match self {
            Self::Recorded { how, .. } => how.as_str(),
            Self::Handshake(_) => "handshake",
            Self::HandedOver(_) => "handed_over",
        }
    }
}

impl Recorded {
    /// In a word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => ingest::Answer::Accepted.as_str(),
            Self::Duplicate => ingest::Answer::Duplicate.as_str(),
            Self::Reopened => ingest::Answer::Reopened.as_str(),
        }
    }
}

impl Cause {
    /// In a word.
    #[must_use]
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::UnknownSource => "unknown_source",
            Self::Inadmissible(Inadmissible::Method { .. }) => "method",
            Self::Inadmissible(Inadmissible::TooLarge) => "too_large",
            Self::Inadmissible(Inadmissible::Address) => "source_ip",
            Self::NotByTheFront => "front",
            Self::NoRequest => "malformed",
            Self::Signature { refusal, .. } => refusal.reason.as_str(),
            Self::Unproven(unproven) => unproven.as_str(),
        }
    }

    /// What it is about, where there is more to say.
    #[must_use]
    pub fn detail(&self) -> Option<&Cow<'static, str>> {
        match self {
            Self::Signature { refusal, .. } => Some(&refusal.detail),
            _ => None,
        }
    }
}

impl From<Inadmissible> for Denied {
    fn from(inadmissible: Inadmissible) -> Self {
        Self::Refused(Cause::Inadmissible(inadmissible))
    }
}

/// The status of an answer.
#[must_use]
pub const fn status(answer: &Result<Taken, Denied>) -> u16 {
    match answer {
        Ok(Taken::Recorded { accepted, .. }) => match accepted {
            Accepted::Outcome | Accepted::Echoed { .. } => 200,
            Accepted::Fixed(fixed) => fixed.status,
        },
        Ok(Taken::HandedOver(_)) => 200,
        Ok(Taken::Handshake(reply)) => reply.status,
        Err(Denied::Refused(cause)) => match cause {
            Cause::NoRequest => 400,
            Cause::UnknownSource => 404,
            Cause::Inadmissible(inadmissible) => inadmissible.status(),
            Cause::Unproven(unproven) => unproven.status(),
            Cause::NotByTheFront => 403,
            Cause::Signature { status, .. } => *status,
        },
        Err(Denied::Unavailable(_)) => 503,
    }
}

/// The response that says it.
#[must_use]
pub fn response(answer: Result<Taken, Denied>) -> ApiGatewayV2httpResponse {
    let mut response = ApiGatewayV2httpResponse::default();
    response.status_code = status(&answer).into();
    response.headers.extend(echo(&answer));
    let mut put = |name: HeaderName, value: HeaderValue| response.headers.insert(name, value);
    put(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // A challenge is a stranger's text: no browser may take it for a page.
    put(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    match &answer {
        Err(Denied::Refused(Cause::Inadmissible(Inadmissible::Method { allowed }))) => {
            if let Ok(allowed) = HeaderValue::from_str(allowed) {
                put(header::ALLOW, allowed);
            }
        }
        Err(Denied::Unavailable(_)) => {
            put(header::RETRY_AFTER, HeaderValue::from_static("30"));
        }
        _ => {}
    }
    let (content_type, body) = body(answer);
    if !content_type.is_empty() {
        put(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    }
    response.body = Some(Body::Text(body));
    response
}

/// The content type and the body.
fn body(answer: Result<Taken, Denied>) -> (&'static str, String) {
    const JSON: &str = "application/json";
    match answer {
        Ok(Taken::Recorded {
            accepted: Accepted::Fixed(fixed),
            ..
        }) => (fixed.content_type, fixed.body.into()),
        Ok(Taken::Recorded {
            accepted: Accepted::Echoed { field, .. },
            says,
            ..
        }) => (JSON, serde_json::json!({field: says}).to_string()),
        Ok(Taken::Recorded { how, says, .. }) => {
            let body = serde_json::json!({"outcome": how.as_str(), "event_id": says});
            (JSON, body.to_string())
        }
        Ok(Taken::Handshake(reply)) => (reply.content_type, reply.body),
        Ok(Taken::HandedOver(_)) => ("text/plain; charset=utf-8", String::new()),
        Err(Denied::Refused(Cause::Signature {
            accepted: Accepted::Fixed(_),
            ..
        })) => ("", String::new()),
        Err(Denied::Refused(_)) => (JSON, REFUSED.into()),
        Err(Denied::Unavailable(_)) => (JSON, UNAVAILABLE.into()),
    }
}

/// The header by which the provider sees that its secret has arrived.
fn echo(answer: &Result<Taken, Denied>) -> Option<(HeaderName, HeaderValue)> {
    let Ok(Taken::HandedOver(offer)) = answer else {
        return None;
    };
    let (name, secret) = offer.echo()?;
    let mut value = HeaderValue::from_str(secret).ok()?;
    value.set_sensitive(true);
    Some((HeaderName::from_bytes(name.as_bytes()).ok()?, value))
}
