//! A delivery by Standard Webhooks, and whether it is authentic.

use std::borrow::Cow;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, Mac as _};
use lambda_runtime::Error;
use landfall_aws::clock::SystemClock;
use protocol::ports::Clock as _;
use serde::Deserialize;
use sha2::Sha256;

const TOLERANCE_SECONDS: u64 = 300;

/// A delivery that has the right path and a signature of the right form.
#[derive(Default)]
pub struct Delivery {
    /// The event's id.
    pub id: String,
    at: String,
    signatures: Vec<Vec<u8>>,
    body: String,
    is_base64: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Event<'a> {
    #[serde(borrow)]
    raw_path: Cow<'a, str>,
    headers: Headers<'a>,
    #[serde(borrow)]
    body: Cow<'a, str>,
    is_base64_encoded: bool,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Headers<'a> {
    #[serde(rename = "webhook-id")]
    id: &'a str,
    #[serde(rename = "webhook-timestamp")]
    timestamp: &'a str,
    #[serde(rename = "webhook-signature")]
    signature: &'a str,
}

/// Reads API Gateway's event, or says the status. It is read to its end: its fields have no order that anybody promises.
pub fn read(event: &[u8], path: &str) -> Result<Delivery, u16> {
    let event: Event = serde_json::from_slice(event).map_err(|_| 400_u16)?;
    if event.raw_path != path {
        return Err(404);
    }
    let mut delivery = Delivery::default();
    if !delivery.take(&event.headers) {
        return Err(400);
    }
    delivery.body = event.body.into_owned();
    delivery.is_base64 = event.is_base64_encoded;
    Ok(delivery)
}

impl Delivery {
    /// Whether the headers may prove something.
    fn take(&mut self, headers: &Headers<'_>) -> bool {
        self.id = headers.id.into();
        self.at = headers.timestamp.into();
        self.signatures = (headers.signature.split(' '))
            .filter_map(|text| STANDARD.decode(text.strip_prefix("v1,")?).ok())
            .filter(|signature| signature.len() == 32)
            .collect();
        let (now, at) = (SystemClock.now().seconds().0, self.at.parse::<i64>());
        !self.signatures.is_empty() && at.is_ok_and(|at| now.abs_diff(at) <= TOLERANCE_SECONDS)
    }

    /// The body, where a signature fits.
    pub fn proven(self, id: &str, key: &Hmac<Sha256>) -> Result<Option<Vec<u8>>, Error> {
        let body = if self.is_base64 {
            STANDARD.decode(self.body)?
        } else {
            self.body.into_bytes()
        };
        let mut hmac = key.clone();
        for part in [id.as_bytes(), b".", self.at.as_bytes(), b".", &body] {
            hmac.update(part);
        }
        let mut signatures = self.signatures.iter();
        let fits = signatures.any(|signature| hmac.clone().verify_slice(signature).is_ok());
        Ok(fits.then_some(body))
    }
}
