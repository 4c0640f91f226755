//! Signs deliveries as providers do: for samples, fire drills and tests. Driven by the same table as
//! [`verify`](crate::authenticity::verify): what this signs, that accepts.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use catalogue::{Code, Encoding, Field, INTO, Piece, Place, QUOTE, Scheme};
use protocol::time::UnixMillis;
use serde_json::{Value, json};

use crate::{
    authenticity::{draft, timestamp::Sent, token},
    keys::SigningKey,
    reading::{delivery::Delivery, encoding, extract, form, http_message, jws},
};

/// Why a delivery can't be signed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SignFault(pub String);

/// What makes a delivery authentic.
#[derive(Clone, PartialEq, Eq)]
pub struct Signed {
    /// Signature and, where the scheme has one, timestamp (one header where both share it). They are to
    /// replace those of the same name.
    pub headers: Vec<(String, String)>,
    /// The body with the signature in it, where the scheme has it there.
    pub body: Option<Vec<u8>>,
    /// The query with the signature in it, likewise.
    pub query: Option<String>,
}

impl fmt::Debug for Signed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signed({} headers)", self.headers.len())
    }
}

/// What makes this delivery authentic at `now`. The delivery has everything else that is signed, as
/// the header with the event id, already.
pub fn sign(
    key: &SigningKey,
    delivery: &Delivery<'_>,
    now: UnixMillis,
) -> Result<Signed, SignFault> {
    let scheme = key.scheme();
    let mut headers = Vec::new();
    let mut timestamp = None;
    if let Some(signed_at) = scheme.timestamp {
        let field = signed_at.field;
        timestamp = Some(
            if matches!(field.place, Place::Jwt(_))
                || field.place.leads_into()
                    && (scheme.encoding == Encoding::Jws || is_http_message(scheme))
            {
                Sent::format(now, signed_at.unit)
                    .ok_or_else(|| SignFault("the time is none that can be written".into()))?
            } else if let Some(header) = header(&field) {
                let text = Sent::format(now, signed_at.unit)
                    .ok_or_else(|| SignFault("the time is none that can be written".into()))?;
                headers.push((header, entry(&field, &text)));
                text
            } else {
                let place = extract::describe(field.place);
                extract::text(field.place, delivery)
                    .map_err(|_| SignFault(format!("{place} must hold the time: it is signed")))?
                    .into_owned()
            },
        );
    }
    let token = match scheme.encoding {
        Encoding::Jws => Some(unsigned_token(scheme, delivery, timestamp.as_deref(), now)?),
        _ => None,
    };
    headers.extend(said(scheme, delivery));
    if is_http_message(scheme) {
        let created = timestamp.as_deref().unwrap_or_default();
        headers.extend(http_message::unsigned(scheme, delivery, LABEL, created));
    }
    // Some messages have the time's header, or the unsigned token, in them.
    let mut seen: Vec<_> = headers
        .iter()
        .map(|(name, value)| (name.clone(), beside(scheme, delivery, name, value)))
        .collect();
    seen.extend(
        token
            .as_ref()
            .and_then(|token| Some((header(&scheme.signature)?, entry(&scheme.signature, token)))),
    );
    let seen_headers = delivery.headers.replaced(&seen);
    let seen = Delivery {
        headers: &seen_headers,
        body: match &token {
            Some(token) if scheme.token_is_body() => token.as_bytes(),
            _ => delivery.body,
        },
        ..*delivery
    };
    let signature = if let Some(text) = key.token() {
        encoding::encode(scheme.encoding, text.as_bytes())
    } else {
        let messages = draft::render(scheme, &seen, timestamp.as_deref())
            .map_err(|refusal| SignFault(refusal.detail.into_owned()))?;
        let message = messages
            .first()
            .ok_or_else(|| SignFault("there is no message to sign".into()))?;
        let signature = key
            .sign(message)
            .ok_or_else(|| SignFault("the key could not sign".into()))?;
        let text = encoding::encode(scheme.encoding, &signature);
        token.unwrap_or_default() + &text
    };
    place(scheme, delivery, headers, &signature)
}

/// What stands for any text up to a mark.
const LABEL: &str = "sample";

fn is_http_message(scheme: &Scheme) -> bool {
    scheme.message.contains(Piece::Code(Code::HttpMessage))
}

/// The headers by which the delivery says how it is signed, where it doesn't have them yet.
fn said(scheme: &Scheme, delivery: &Delivery<'_>) -> Vec<(String, String)> {
    let version = scheme
        .when
        .and_then(|(field, value)| Some((header(field)?, entry(field, value))));
    let compared = scheme.equal.iter().filter_map(|(place, text)| {
        let field = Field {
            place: *place,
            ..Field::header("")
        };
        let constant = text
            .pieces()
            .all(|piece| matches!(piece, Piece::Literal(_)));
        Some((header(&field)?, constant.then(|| text.text().to_owned())?))
    });
    version
        .into_iter()
        .chain(compared)
        .filter(|(name, _)| delivery.headers.get(name).is_none())
        .collect()
}

/// The entries of this header behind those of other kinds that stand there already: one lists the
/// headers that are signed.
fn beside(scheme: &Scheme, delivery: &Delivery<'_>, name: &str, entries: &str) -> String {
    let Some(separator) = scheme
        .signature
        .split
        .filter(|_| scheme.signature.group.is_none())
    else {
        return entries.to_owned();
    };
    let time = scheme.timestamp.map(|time| time.field);
    let time = time.filter(|time| time.place == scheme.signature.place);
    let is_ours = |entry: &str| {
        let mut ours = [Some(scheme.signature), time].into_iter().flatten();
        let is_of = |field: Field| {
            let alone = Field {
                split: None,
                ..field
            };
            extract::entries(&alone, entry).next().is_some()
        };
        entry.is_empty() || ours.any(is_of)
    };
    let mut list: Vec<&str> = delivery
        .headers
        .get(name)
        .unwrap_or_default()
        .split(separator)
        .filter(|entry| !is_ours(entry))
        .collect();
    list.push(entries);
    list.join(&separator.to_string())
}

/// Puts the signature where the scheme has it.
fn place(
    scheme: &Scheme,
    delivery: &Delivery<'_>,
    mut headers: Vec<(String, String)>,
    signature: &str,
) -> Result<Signed, SignFault> {
    let field = scheme.signature;
    let text = entry(&field, signature);
    let (mut body, mut query) = (None, None);
    match field.place {
        Place::Header(_) => {
            let name = header(&field).unwrap_or_default();
            match headers.iter_mut().find(|(found, _)| *found == name) {
                Some((_, list)) => {
                    list.extend(field.split);
                    list.push_str(&text);
                }
                None => headers.push((name, text)),
            }
            if let Some((name, list)) = headers.last_mut() {
                *list = beside(scheme, delivery, name, list);
            }
        }
        Place::Json(paths) => {
            let path = paths.split('|').next().unwrap_or_default();
            let mut json = serde_json::from_slice(delivery.body).map_err(|_| {
                SignFault("the body must be JSON: the signature stands in it".into())
            })?;
            put(&mut json, path, &text);
            body = Some(json.to_string().into_bytes());
        }
        Place::Form(names) => {
            let name = names.split('|').next().unwrap_or_default();
            body = Some(match name.split_once(INTO) {
                None => with_pair(delivery.body, name, &text),
                Some((name, path)) => in_field(delivery, name, path, &text)?,
            });
        }
        Place::Jwt(_) => body = Some(text.into_bytes()),
        Place::Query(names) => {
            let name = names.split('|').next().unwrap_or_default();
            let pairs = with_pair(delivery.query.as_bytes(), name, &text);
            query = String::from_utf8(pairs).ok();
        }
    }
    Ok(Signed {
        headers,
        body,
        query,
    })
}

/// Pairs of a form or a query with another one behind them.
fn with_pair(pairs: &[u8], name: &str, text: &str) -> Vec<u8> {
    let mut pairs = pairs.to_vec();
    if !pairs.is_empty() {
        pairs.push(b'&');
    }
    pairs.extend(format!("{name}={}", form::escape(text.as_bytes())).bytes());
    pairs
}

/// The form with a text put into the JSON of one of its fields.
fn in_field(
    delivery: &Delivery<'_>,
    name: &str,
    path: &str,
    text: &str,
) -> Result<Vec<u8>, SignFault> {
    let mut fields = form::text_pairs(delivery.body)
        .ok_or_else(|| SignFault("the body must be a form of texts".into()))?;
    let field = fields.iter_mut().find(|(found, _)| found == name);
    let (_, value) = field.ok_or_else(|| {
        SignFault(format!(
            "the form field `{name}` must be there: the signature stands in it"
        ))
    })?;
    let mut json = serde_json::from_str(value)
        .map_err(|_| SignFault(format!("the form field `{name}` must be JSON")))?;
    put(&mut json, path, text);
    *value = json.to_string();
    let pairs = fields.iter().map(|(name, value)| {
        let (name, value) = (name.as_bytes(), value.as_bytes());
        format!("{}={}", form::escape(name), form::escape(value))
    });
    Ok(pairs.collect::<Vec<_>>().join("&").into_bytes())
}

/// Sets the text at a path; `*` is every element.
fn put(json: &mut Value, path: &str, text: &str) {
    let (name, rest) = match path.split_once('.') {
        Some((name, rest)) => (name, Some(rest)),
        None => (path, None),
    };
    let set = |value: &mut Value| match rest {
        Some(rest) => put(value, rest, text),
        None => *value = text.into(),
    };
    match json {
        Value::Array(elements) if name == "*" => elements.iter_mut().for_each(set),
        Value::Array(elements) => {
            if let Some(element) = name.parse().ok().and_then(|at: usize| elements.get_mut(at)) {
                set(element);
            }
        }
        Value::Object(members) => set(members.entry(name).or_insert(Value::Null)),
        other => {
            *other = Value::Object(serde_json::Map::new());
            put(other, path, text);
        }
    }
}

/// Header and payload of a token for this delivery, with the dots behind them.
fn unsigned_token(
    scheme: &Scheme,
    delivery: &Delivery<'_>,
    timestamp: Option<&str>,
    now: UnixMillis,
) -> Result<String, SignFault> {
    let part = |json: Value| URL_SAFE_NO_PAD.encode(json.to_string());
    let algorithm = scheme.algorithm.jws_name();
    if scheme.message.contains(Piece::Code(Code::Truelayer)) {
        let algorithm =
            algorithm.ok_or_else(|| SignFault("the algorithm has no name in a token".into()))?;
        // The provider's libraries write the header again, in this order, before they verify.
        let header = format!(
            r#"{{"alg":"{algorithm}","kid":"sample","tl_version":"2","tl_headers":"X-Tl-Webhook-Timestamp"}}"#
        );
        return Ok(format!("{}..", URL_SAFE_NO_PAD.encode(header)));
    }
    let mut header = json!({"alg": algorithm, "typ": "JWT"});
    let time_in_it = (scheme.timestamp).filter(|time| time.field.place.leads_into());
    if let (Some(time), Some(text)) = (time_in_it, timestamp) {
        let name = time.field.place.names().next().unwrap_or_default();
        let (_, path) = name.split_once(INTO).unwrap_or_default();
        header[path] = text
            .parse::<i64>()
            .map_or_else(|_| text.into(), Value::from);
    }
    if scheme.message.contains(Piece::Code(Code::JwsDetached)) {
        return Ok(format!("{}..", part(header)));
    }
    if scheme.token_is_body() {
        let claims = claims_of_body(scheme, delivery, timestamp)?;
        return Ok(format!("{}.{}.", part(header), part(claims)));
    }
    let mut claims = serde_json::Map::new();
    if let Some(wanted) = scheme.claims {
        claims = token::claims(wanted, delivery, now)
            .map_err(|refusal| SignFault(refusal.detail.into_owned()))?;
    }
    Ok(format!("{}.{}.", part(header), part(Value::Object(claims))))
}

/// The claims of a token that is to be the body: those of the token that it is already, or the JSON that it is; with the
/// time where the scheme has it.
fn claims_of_body(
    scheme: &Scheme,
    delivery: &Delivery<'_>,
    timestamp: Option<&str>,
) -> Result<Value, SignFault> {
    let held = jws::text(delivery.body).and_then(jws::payload);
    let json = held.as_deref().unwrap_or(delivery.body);
    let mut claims: Value = serde_json::from_slice(json).map_err(|_| {
        SignFault("the body must be JSON, or a token: its claims are signed".into())
    })?;
    if let (Some(time), Some(text)) = (scheme.timestamp, timestamp)
        && let Place::Jwt(paths) = time.field.place
    {
        put(
            &mut claims,
            paths.split('|').next().unwrap_or_default(),
            text,
        );
    }
    Ok(claims)
}

/// The name under which a field is sent, if it is a header: the first of its alternatives, and the first
/// of those with a number.
fn header(field: &Field) -> Option<String> {
    match field.place {
        place @ Place::Header(_) => place
            .outer_names()
            .next()
            .map(|name| name.replace('*', "1")),
        _ => None,
    }
}

fn entry(field: &Field, text: &str) -> String {
    let prefix = field.prefixes.first().copied().unwrap_or_default();
    let end = if prefix.ends_with(QUOTE) { "\"" } else { "" };
    format!("{}{text}{end}", prefix.replace('*', LABEL))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_leads_to_one_element_or_to_every_one() {
        for (mut body, path, signed) in [
            (json!({}), "a.b", json!({"a": {"b": "s"}})),
            (json!({"a": 1, "c": 2}), "a", json!({"a": "s", "c": 2})),
            (json!({"a": 1}), "a.b", json!({"a": {"b": "s"}})),
            (json!([{}, {}]), "1.b", json!([{}, {"b": "s"}])),
            (json!([{}, {}]), "*.b", json!([{"b": "s"}, {"b": "s"}])),
            (json!([1]), "1", json!([1])),
        ] {
            put(&mut body, path, "s");
            assert_eq!(body, signed, "{path}");
        }
    }
}
