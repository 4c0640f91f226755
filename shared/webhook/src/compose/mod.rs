//! Messages that no template can express: a function each, for one provider each.

mod adyen;
mod listed;
mod mercado_pago;
mod plivo;
mod sns;
mod truelayer;
mod twilio;

use std::borrow::Cow;

use catalogue::{Code, Piece, Place, Scheme};

use crate::{
    delivery::Delivery,
    extract,
    message::refuse,
    refusal::{Reason, Refusal},
    token,
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
        Code::Braintree => {
            // The libraries take a payload whose last line end got lost.
            let payload = text(Place::Form("bt_payload"), delivery)?;
            return Ok(vec![owned(payload.clone()), owned(payload + "\n")]);
        }
        Code::Contentful => listed::contentful(delivery)?,
        Code::Crc32 => crc32fast::hash(delivery.body).to_string(),
        Code::Hook0 => listed::hook0(scheme, delivery, timestamp.unwrap_or_default())?,
        Code::Jws => token::parts(&signature(scheme, delivery)?)?
            .signed
            .to_owned(),
        Code::MercadoPago => {
            let messages = mercado_pago::messages(delivery, timestamp.unwrap_or_default())?;
            return Ok(messages.into_iter().map(owned).collect());
        }
        Code::PlivoV3 => plivo::message(delivery)?,
        Code::Sns => sns::message(delivery)?,
        Code::Truelayer => {
            let messages = truelayer::messages(scheme, &signature(scheme, delivery)?, delivery)?;
            return Ok(messages.into_iter().map(owned).collect());
        }
        Code::Twilio => twilio::fields(delivery)?,
    };
    Ok(vec![owned(made)])
}

/// Whether the delivery lists this header as signed, where its provider lets it. A list that was changed signs
/// other bytes.
pub(crate) fn lists(scheme: &Scheme, delivery: &Delivery<'_>, place: Place) -> bool {
    let Place::Header(_) = place else {
        return false;
    };
    let is_listed = |name: &str| {
        scheme.message.pieces().any(|piece| match piece {
            Piece::Code(code @ (Code::Contentful | Code::Hook0 | Code::Truelayer)) => {
                listed::names(code, scheme, delivery)
                    .iter()
                    .any(|listed| listed.eq_ignore_ascii_case(name))
            }
            _ => false,
        })
    };
    // The one that is found first counts.
    place.names().next().is_some_and(is_listed)
}

fn owned(text: String) -> Cow<'static, [u8]> {
    Cow::Owned(text.into_bytes())
}

/// The text of the signature; of several the first.
fn signature(scheme: &Scheme, delivery: &Delivery<'_>) -> Result<String, Refusal> {
    let field = scheme.signature;
    let text = text(field.place, delivery)?;
    extract::entries(&field, &text)
        .next()
        .map(str::to_owned)
        .ok_or_else(|| malformed("there is no token of a known form"))
}

fn text(place: Place, delivery: &Delivery<'_>) -> Result<String, Refusal> {
    extract::text(place, delivery)
        .map(Cow::into_owned)
        .map_err(|lack| refuse(lack, &extract::describe(place)))
}

fn malformed(detail: &'static str) -> Refusal {
    Refusal::new(Reason::Malformed, detail)
}
