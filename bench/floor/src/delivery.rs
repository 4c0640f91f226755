//! A delivery by Standard Webhooks, and whether it is authentic.

use std::{cell::Cell, fmt};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, Mac as _};
use lambda_runtime::Error;
use landfall_aws::clock::SystemClock;
use protocol::ports::Clock as _;
use serde::{
    Deserialize, Deserializer as _,
    de::{Error as _, IgnoredAny, MapAccess, Visitor},
};
use serde_json::Deserializer;
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

struct Reader<'a> {
    path: &'a str,
    status: &'a Cell<u16>,
}

/// Reads API Gateway's event, no further than to where it can't be taken any more: then what comes of it is a status. Path and
/// headers stand before the body.
pub fn read(event: &[u8], path: &str) -> Result<Delivery, u16> {
    let status = Cell::new(400);
    let reader = Reader {
        path,
        status: &status,
    };
    let read = Deserializer::from_slice(event).deserialize_map(reader);
    read.map_err(|_| status.get())
}

impl<'de> Visitor<'de> for Reader<'_> {
    type Value = Delivery;

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("an event")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut event: A) -> Result<Delivery, A::Error> {
        let mut delivery = Delivery::default();
        while let Some(name) = event.next_key::<&str>()? {
            match name {
                "rawPath" if event.next_value::<&str>()? != self.path => {
                    self.status.set(404);
                    return Err(A::Error::custom("another path"));
                }
                "rawPath" => {}
                "headers" => {
                    let headers: Headers = event.next_value()?;
                    if !delivery.take(&headers) {
                        return Err(A::Error::custom("no signature"));
                    }
                }
                "body" => delivery.body = event.next_value()?,
                "isBase64Encoded" => delivery.is_base64 = event.next_value()?,
                _ => drop(event.next_value::<IgnoredAny>()?),
            }
        }
        Ok(delivery)
    }
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
