//! The headers that a delivery lists as signed, where its provider lets it.

use std::borrow::Cow;

use catalogue::{Code, Piece, Place, Scheme};
use serde_json::{Map, Value};

use crate::{
    reading::{delivery::Delivery, extract, http_message, jws, message::Message},
    refusal::Refusal,
};

/// The headers that a delivery lists as signed. A list that was changed signs other bytes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Listed(Vec<String>);

impl Listed {
    /// What a delivery lists that was proven by this message: nothing, where the scheme has no list.
    pub(crate) fn of(scheme: &Scheme, delivery: &Delivery<'_>, message: &Message<'_>) -> Self {
        let code = scheme.message.pieces().find_map(|piece| match piece {
            Piece::Code(code) if code.lists_headers() => Some(code),
            _ => None,
        });
        let names = code.map(|code| names(code, scheme, delivery, message));
        Self(names.unwrap_or_default())
    }

    /// Whether it lists the header at this place: of its names the first counts.
    pub(crate) fn contains(&self, place: Place) -> bool {
        // Nearly no scheme has a list: then the names needn't be taken apart.
        if self.0.is_empty() || !matches!(place, Place::Header(_)) {
            return false;
        }
        place.names().next().is_some_and(|name| {
            let mut listed = self.0.iter();
            listed.any(|listed| listed.eq_ignore_ascii_case(name))
        })
    }
}

fn names(
    code: Code,
    scheme: &Scheme,
    delivery: &Delivery<'_>,
    message: &Message<'_>,
) -> Vec<String> {
    let list = match code {
        Code::HttpMessage => {
            let created = scheme
                .timestamp
                .and_then(|time| extract::text(time.field.place, delivery).ok());
            return http_message::listed(delivery, &created.unwrap_or_default(), message);
        }
        Code::Contentful => contentful(delivery).ok(),
        Code::Hook0 => hook0(scheme, delivery).ok(),
        Code::Truelayer => jws::sent(&scheme.signature, delivery)
            .and_then(|token| jws::object(jws::parts(&token)?.header))
            .ok()
            .map(|header| truelayer(&header).to_owned()),
        _ => None,
    };
    let list = list.unwrap_or_default();
    let names = list.split([',', ' ']).filter(|name| !name.is_empty());
    names.map(str::to_owned).collect()
}

/// Contentful's list: a header of its own.
pub(crate) fn contentful(delivery: &Delivery<'_>) -> Result<String, Refusal> {
    let place = Place::Header("x-contentful-signed-headers");
    extract::required(place, delivery).map(Cow::into_owned)
}

/// Hook0's list: an entry of the header that holds the signature.
pub(crate) fn hook0(scheme: &Scheme, delivery: &Delivery<'_>) -> Result<String, Refusal> {
    let field = scheme.signature.after(&["h="]);
    let header = extract::required(field.place, delivery)?;
    extract::entries(&field, &header)
        .next()
        .map(str::to_owned)
        .ok_or_else(|| Refusal::malformed("the signature lists no headers"))
}

/// TrueLayer's list: a field of the token's header.
pub(crate) fn truelayer(header: &Map<String, Value>) -> &str {
    let listed = header.get("tl_headers").and_then(Value::as_str);
    listed.unwrap_or_default()
}
