//! What a delivery comes to, and the HTTP response that says so. The status is chosen here and nowhere
//! else, by meaning: 4xx is "this will never be accepted", 5xx "send it again".

use std::borrow::Cow;

use lambda_http::{
    Body,
    aws_lambda_events::apigw::ApiGatewayV2httpResponse,
    http::{HeaderName, HeaderValue, header},
};
use webhook::{decide::ingest, enrolment::Offer, handshake::Reply, refusal::Refusal};

/// What a sender that was refused is told: nothing that helps it.
const REFUSED: &str = r#"{"error":"refused"}"#;

/// A delivery that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Taken {
    /// The ledger holds its event.
    Recorded {
        /// How it was found.
        how: Recorded,
        /// Its id.
        event_id: String,
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
    /// It is to be sent again: a fault of ours. The text is for the log.
    Unavailable(String),
}

/// Why a delivery will never be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// There is no such source.
    UnknownSource,
    /// A method other than POST.
    Method,
    /// Larger than the source allows.
    TooLarge,
    /// From an address that the source doesn't list.
    Address,
    /// The platform's event is none.
    NoRequest,
    /// Its signature doesn't hold.
    Signature {
        /// In which way.
        refusal: Refusal,
        /// The status that makes this provider drop it.
        status: u16,
    },
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
            Self::Method => "method",
            Self::TooLarge => "too_large",
            Self::Address => "source_ip",
            Self::NoRequest => "malformed",
            Self::Signature { refusal, .. } => refusal.reason.as_str(),
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

/// The status of an answer.
#[must_use]
pub const fn status(answer: &Result<Taken, Denied>) -> u16 {
    match answer {
        Ok(Taken::Recorded { .. } | Taken::HandedOver(_)) => 200,
        Ok(Taken::Handshake(reply)) => reply.status,
        Err(Denied::Refused(cause)) => match cause {
            Cause::NoRequest => 400,
            Cause::Address => 403,
            Cause::UnknownSource => 404,
            Cause::Method => 405,
            Cause::TooLarge => 413,
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
    let mut put = |name: HeaderName, value: &'static str| {
        response
            .headers
            .insert(name, HeaderValue::from_static(value));
    };
    put(header::CACHE_CONTROL, "no-store");
    let mut content_type = "application/json";
    let body = match answer {
        Ok(Taken::Recorded { how, event_id }) => {
            serde_json::json!({"outcome": how.as_str(), "event_id": event_id})
                .to_string()
                .into()
        }
        Ok(Taken::Handshake(reply)) => {
            content_type = reply.content_type;
            text_or_bytes(reply.body)
        }
        Ok(Taken::HandedOver(_)) => {
            content_type = "text/plain; charset=utf-8";
            Body::from("")
        }
        Err(Denied::Refused(cause)) => {
            if cause == Cause::Method {
                put(header::ALLOW, "POST");
            }
            REFUSED.into()
        }
        Err(Denied::Unavailable(_)) => {
            put(header::RETRY_AFTER, "30");
            REFUSED.into()
        }
    };
    put(header::CONTENT_TYPE, content_type);
    response.is_base64_encoded = matches!(body, Body::Binary(_));
    response.body = Some(body);
    response
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

fn text_or_bytes(body: Vec<u8>) -> Body {
    String::from_utf8(body).map_or_else(|error| error.into_bytes().into(), Body::from)
}
