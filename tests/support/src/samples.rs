//! The samples that `landfall send` signs, as the tests send them.

use catalogue::{PROVIDERS, Piece, Place, Provider, Scheme};
use serde_json::Value;

use crate::{NOW, Request, filled, keys::pair};

/// The provider's sample, with an id and a time in it.
#[must_use]
pub fn sample(provider: &Provider) -> Request {
    let path = format!(
        "{}/../../cli/src/samples/{}.json",
        env!("CARGO_MANIFEST_DIR"),
        provider.name
    );
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let text = text
        .replace("\"$now_s\"", "1700000000")
        .replace("\"$now_ms\"", "1700000000000")
        .replace("$now_iso", "2023-11-14T22:13:20.000Z")
        .replace("$id", "an-id");
    let json: Value = serde_json::from_str(&text).unwrap();
    let texts = |member: &str| -> Vec<(String, String)> {
        let pairs = json[member].as_object().into_iter().flatten();
        pairs
            .map(|(name, value)| {
                let text = value.as_str().map_or(value.to_string(), str::to_owned);
                (name.clone(), text)
            })
            .collect()
    };
    let form: Vec<_> = texts("form")
        .into_iter()
        .map(|(name, value)| format!("{name}={}", value.replace('+', "%2B").replace(' ', "+")))
        .collect();
    Request {
        headers: texts("headers"),
        body: match json.get("body") {
            Some(body) => body.to_string().into_bytes(),
            None => form.join("&").into_bytes(),
        },
        query: json["query"].as_str().unwrap_or_default().into(),
        ..Request::default()
    }
}

/// The sample as a delivery that this scheme alone is for, once it is signed by it.
#[must_use]
pub fn sample_for(provider: &Provider, scheme: &Scheme) -> Request {
    let mut request = sample(provider);
    // A provider's one sample is JSON or a form; of the other kind only what is signed is there.
    let of_form = matches!(scheme.signature.place, Place::Form(_));
    if of_form && request.body.starts_with(b"{") {
        let time = scheme
            .timestamp
            .map(|time| (time.field.place, "1700000000"));
        let texts = scheme.message.pieces().filter_map(|piece| match piece {
            Piece::Value(place) => Some((place, "an-id")),
            _ => None,
        });
        let fields: Vec<_> = (time.into_iter().chain(texts))
            .filter_map(|(place, text)| Some(format!("{}={text}", place.names().next()?)))
            .collect();
        request.body = fields.join("&").into_bytes();
    }
    if let Some(&(field, value)) = scheme.when
        && let Place::Json(name) = field.place
    {
        let mut body: Value = serde_json::from_slice(&request.body).unwrap();
        body[name] = value.into();
        request.body = body.to_string().into_bytes();
    }
    request
}

/// The sample signed by one scheme.
#[must_use]
pub fn signed(provider: &'static Provider, scheme: &'static Scheme) -> Request {
    let mut request = sample_for(provider, scheme);
    request.sign(std::slice::from_ref(scheme), &pair(scheme).private, NOW);
    request
}

/// The sample of every provider, signed by each of its schemes.
pub fn each() -> impl Iterator<Item = (&'static Provider, &'static Scheme, Request)> {
    PROVIDERS.iter().flat_map(|provider| {
        // Nobody signs with SHA-1 and a key pair any more, here neither.
        let schemes = filled(provider)
            .iter()
            .filter(|scheme| !scheme.algorithm.is_only_verified());
        schemes.map(move |scheme| (provider, scheme, signed(provider, scheme)))
    })
}
