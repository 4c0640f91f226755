//! Messages that no template can express: a function each, for one provider or one standard.

mod adyen;
mod detached;
mod hygraph;
mod listed;
mod mercado_pago;
mod plivo;
mod sns;
mod truelayer;
mod twilio;

use std::borrow::Cow;

use catalogue::{Code, Place, Scheme};
use sha2::{Digest as _, Sha256};

use crate::{
    reading::{delivery::Delivery, encoding, extract, http_message, jws},
    refusal::Refusal,
};

/// The forms of the bytes that this function makes of a delivery. There are several where the
/// provider may have signed one of several.
pub(crate) fn compose(
    code: Code,
    scheme: &Scheme,
    delivery: &Delivery<'_>,
    timestamp: Option<&str>,
) -> Result<Vec<Cow<'static, [u8]>>, Refusal> {
    let made = match code {
        Code::Adyen => adyen::message(delivery)?,
        Code::BodySha256(written) => encoding::encode(written, &Sha256::digest(delivery.body)),
        Code::Braintree => {
            // The libraries take a payload whose last line end got lost.
            let payload = extract::required(Place::Form("bt_payload"), delivery)?.into_owned();
            return Ok(vec![owned(payload.clone()), owned(payload + "\n")]);
        }
        Code::Contentful => listed::contentful(delivery)?,
        Code::Crc32 => crc32fast::hash(delivery.body).to_string(),
        Code::Hook0 => listed::hook0(scheme, delivery, timestamp.unwrap_or_default())?,
        Code::HttpMessage => {
            let messages = http_message::messages(scheme, delivery, timestamp.unwrap_or_default())?;
            return Ok(messages.into_iter().map(owned).collect());
        }
        Code::Hygraph => hygraph::message(scheme, delivery, timestamp.unwrap_or_default())?,
        Code::JwsDetached => {
            let token = jws::sent(&scheme.signature, delivery)?;
            return Ok(vec![Cow::Owned(detached::message(&token, delivery.body)?)]);
        }
        Code::Jws => jws::parts(&jws::sent(&scheme.signature, delivery)?)?
            .signed
            .to_owned(),
        Code::MercadoPago => {
            let messages = mercado_pago::messages(delivery, timestamp.unwrap_or_default())?;
            return Ok(messages.into_iter().map(owned).collect());
        }
        Code::PlivoV3 => plivo::message(delivery)?,
        Code::Sns => sns::message(delivery)?,
        Code::Truelayer => {
            let messages =
                truelayer::messages(scheme, &jws::sent(&scheme.signature, delivery)?, delivery)?;
            return Ok(messages.into_iter().map(owned).collect());
        }
        Code::Twilio => twilio::fields(delivery)?,
    };
    Ok(vec![owned(made)])
}

fn owned(text: String) -> Cow<'static, [u8]> {
    Cow::Owned(text.into_bytes())
}
