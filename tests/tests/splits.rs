//! What was signed once is one delivery: its bytes, cut anywhere else or sent as what another scheme of the same
//! provider signs, are refused.
#![allow(clippy::unwrap_used)]

use base64::{Engine as _, engine::general_purpose};
use catalogue::{Algorithm, Code, Encoding, Field, PROVIDERS, Piece, Place, Provider, Scheme};
use serde_json::Value;
use support::{NOW, Request, filled, keys, keys::pair, own_source, samples::sample_for};

const FORMS: [general_purpose::GeneralPurpose; 2] =
    [general_purpose::STANDARD, general_purpose::URL_SAFE];

/// The text at a place of a request.
fn read(request: &Request, place: Place) -> Option<String> {
    place.names().find_map(|name| match place {
        Place::Header(_) => request.get(name).map(str::to_owned),
        Place::Json(_) => {
            let body: Value = serde_json::from_slice(&request.body).ok()?;
            let found = body.pointer(&pointer(name))?;
            Some(found.as_str().map_or(found.to_string(), str::to_owned))
        }
        Place::Form(_) | Place::Query(_) | Place::Jwt(_) => None,
    })
}

fn pointer(path: &str) -> String {
    format!("/{}", path.replace('.', "/"))
}

/// Writes a text to a place; whether it can stand there.
fn write(request: &mut Request, place: Place, text: &str) -> bool {
    let name = place.names().next().unwrap();
    match place {
        Place::Header(_) => request.set(name, text),
        Place::Json(_) => {
            let Ok(mut body) = serde_json::from_slice::<Value>(&request.body) else {
                return false;
            };
            let Some(found) = body.pointer_mut(&pointer(name)) else {
                return false;
            };
            *found = text.into();
            request.body = body.to_string().into_bytes();
        }
        Place::Form(_) | Place::Query(_) | Place::Jwt(_) => return false,
    }
    true
}

fn entry_of(field: Field, text: &str) -> Option<String> {
    let separators: Vec<char> = field.group.into_iter().chain(field.split).collect();
    text.split(separators.as_slice()).find_map(|entry| {
        let of = |prefix: &&str| match prefix.strip_prefix('*') {
            Some(end) if !end.is_empty() => entry.split_once(end).map(|(_, text)| text),
            _ => entry.trim().strip_prefix(*prefix),
        };
        field.prefixes.iter().find_map(of).map(str::to_owned)
    })
}

fn entry(field: Field, text: &str) -> String {
    format!("{}{text}", field.prefixes[0].trim_start_matches('*'))
}

/// The bytes of the request's signature.
fn signature(scheme: &Scheme, request: &Request) -> Option<Vec<u8>> {
    let text = entry_of(scheme.signature, &read(request, scheme.signature.place)?)?;
    match scheme.encoding {
        Encoding::Hex => hex::decode(text).ok(),
        Encoding::Base64 | Encoding::Base64Url => {
            FORMS.iter().find_map(|form| form.decode(&text).ok())
        }
        Encoding::Structured | Encoding::Text | Encoding::Jws => None,
    }
}

fn spelled(scheme: &Scheme, signature: &[u8]) -> Option<String> {
    match scheme.encoding {
        Encoding::Hex => Some(hex::encode(signature)),
        Encoding::Base64 => Some(FORMS[0].encode(signature)),
        Encoding::Base64Url => Some(FORMS[1].encode(signature)),
        Encoding::Structured | Encoding::Text | Encoding::Jws => None,
    }
}

/// What was signed, where that can be told.
fn message(scheme: &Scheme, request: &Request) -> Option<Vec<u8>> {
    let time = || {
        let field = scheme.timestamp?.field;
        entry_of(field, &read(request, field.place)?)
    };
    let mut message = Vec::new();
    for piece in scheme.message.pieces() {
        let part = match piece {
            Piece::Literal(text) => text.as_bytes().to_vec(),
            Piece::Body => request.body.clone(),
            Piece::Timestamp => time()?.into_bytes(),
            Piece::Method => request.method.clone().into_bytes(),
            Piece::Url => request.called_url().into_bytes(),
            Piece::UrlWithoutQuery => request.url.clone().into_bytes(),
            Piece::Value(place) => read(request, place)?.into_bytes(),
            Piece::Code(Code::Hook0) => {
                let list = entry_of(
                    scheme.signature.after(&["h="]),
                    &read(request, scheme.signature.place)?,
                )?;
                let mut text = format!("{}.{list}.", time()?);
                for name in list.split(' ') {
                    text += request.get(name)?;
                    text.push('.');
                }
                text.into_bytes()
            }
            Piece::Code(Code::Adyen) => {
                let item = |name: &str| {
                    let path = format!("notificationItems.0.NotificationRequestItem.{name}");
                    read(request, Place::Json(path.leak())).unwrap_or_default()
                };
                let fields = [
                    "pspReference",
                    "originalReference",
                    "merchantAccountCode",
                    "merchantReference",
                    "amount.value",
                    "amount.currency",
                    "eventCode",
                    "success",
                ];
                fields.map(item).join(":").into_bytes()
            }
            Piece::Code(Code::PlivoV3) if request.query.is_empty() => {
                let mut pairs: Vec<_> = form(&request.body);
                pairs.sort();
                let nonce = request.get("X-Plivo-Signature-V3-Nonce")?;
                format!("{}?{}.{nonce}", request.url, pairs.concat()).into_bytes()
            }
            Piece::Host | Piece::Path | Piece::PathAndQuery | Piece::Code(_) => return None,
        };
        message.extend(part);
    }
    Some(message)
}

fn form(body: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(body)
        .replace('+', " ")
        .replace("%2B", "+");
    text.split('&')
        .map(|pair| pair.replacen('=', "", 1))
        .collect()
}

/// Every way in which a template's pieces could make up these bytes; those that stay as they are have to fit.
fn cuts(pieces: &[Piece], request: &Request, bytes: &[u8]) -> Vec<Vec<(Piece, Vec<u8>)>> {
    let Some((piece, rest)) = pieces.split_first() else {
        return if bytes.is_empty() {
            vec![Vec::new()]
        } else {
            Vec::new()
        };
    };
    let ends: Vec<usize> = match piece {
        Piece::Literal(text) => bytes
            .starts_with(text.as_bytes())
            .then_some(text.len())
            .into_iter()
            .collect(),
        Piece::Method => {
            let method = request.method.as_bytes();
            bytes
                .starts_with(method)
                .then_some(method.len())
                .into_iter()
                .collect()
        }
        Piece::Url if bytes.starts_with(request.url.as_bytes()) => {
            let least = request.url.len();
            (least..=bytes.len())
                .filter(|end| *end == least || bytes[least] == b'?')
                .collect()
        }
        Piece::UrlWithoutQuery if bytes.starts_with(request.url.as_bytes()) => {
            vec![request.url.len()]
        }
        Piece::Body => (0..=bytes.len()).collect(),
        Piece::Timestamp | Piece::Value(_) => (1..=bytes.len()).collect(),
        _ => Vec::new(),
    };
    let mut found = Vec::new();
    for end in ends {
        for mut cut in cuts(rest, request, &bytes[end..]) {
            cut.insert(0, (*piece, bytes[..end].to_vec()));
            found.push(cut);
        }
    }
    found
}

/// The request of this scheme that is made of these parts and has this signature, if there can be one.
fn made_of(
    scheme: &Scheme,
    from: &Request,
    parts: &[(Piece, Vec<u8>)],
    signature: &str,
) -> Option<Request> {
    let mut made = from.clone();
    let field = scheme.signature;
    let mut signed = entry(field, signature);
    if let Some((_, body)) = parts.iter().find(|(piece, _)| *piece == Piece::Body) {
        made.body.clone_from(body);
    }
    for (piece, text) in parts {
        let text = || {
            String::from_utf8(text.clone())
                .ok()
                .filter(|text| !text.contains(char::is_control))
        };
        let is_there = match piece {
            Piece::Value(place) => write(&mut made, *place, &text()?),
            Piece::Timestamp => {
                let time = scheme.timestamp?.field;
                if time.place == field.place {
                    signed = format!("{}{}{signed}", entry(time, &text()?), time.split?);
                    true
                } else {
                    write(&mut made, time.place, &entry(time, &text()?))
                }
            }
            Piece::Url => {
                made.query = text()?
                    .split_once('?')
                    .map_or(String::new(), |(_, query)| query.into());
                true
            }
            _ => true,
        };
        is_there.then_some(())?;
    }
    if let Some(&(field, value)) = scheme.when {
        write(&mut made, field.place, &entry(field, value));
    }
    write(&mut made, field.place, &signed).then_some(made)
}

/// Whether two requests say the same in what is signed.
fn is_same(scheme: &Scheme, one: &Request, other: &Request) -> bool {
    scheme.message.pieces().all(|piece| match piece {
        Piece::Value(place) => read(one, place) == read(other, place),
        Piece::Timestamp => scheme.timestamp.is_none_or(|time| {
            let of = |request| entry_of(time.field, &read(request, time.field.place)?);
            of(one) == of(other)
        }),
        Piece::Body => one.body == other.body,
        Piece::Url => one.query == other.query,
        _ => true,
    })
}

/// A delivery that this scheme signed, with texts in it that have the marks of messages where they may.
fn signed(provider: &'static Provider, scheme: &'static Scheme) -> Request {
    let mut request = sample_for(provider, scheme);
    for piece in scheme.message.pieces() {
        if let Piece::Value(place) = piece {
            write(&mut request, place, "0a1");
        }
        if piece == Piece::Body
            && let Ok(Value::Object(mut body)) = serde_json::from_slice(&request.body)
        {
            body.insert("a.b".into(), "1.{2}|3:[4].1700000000.{}".into());
            request.body = Value::Object(body).to_string().into_bytes();
        }
    }
    if scheme.message.contains(Piece::Code(Code::Hook0)) {
        request.set("X-Hook0-Signature", "h=x-event-id x-event-type");
        request.set("X-Event-Id", "e1");
        request.set("X-Event-Type", "a.b.c");
        request.body = br#"{"a.b":1}"#.to_vec();
    }
    request.sign(std::slice::from_ref(scheme), &pair(scheme).private, NOW);
    request
}

/// How many forgeries of this delivery were tried as deliveries of the other scheme.
fn tried(name: &str, from: &'static Scheme, to: &'static Scheme, request: &Request) -> usize {
    let made = || {
        Some((
            message(from, request)?,
            spelled(to, &signature(from, request)?)?,
        ))
    };
    let Some((message, signature)) = made() else {
        return 0;
    };
    let source = own_source(std::slice::from_ref(to));
    let keys = keys(source.schemes, &[&pair(to).public]);
    let pieces: Vec<Piece> = to.message.pieces().collect();
    let mut count = 0;
    for parts in cuts(&pieces, request, &message) {
        let Some(forged) = made_of(to, request, &parts, &signature) else {
            continue;
        };
        if from == to && is_same(to, &forged, request) {
            continue;
        }
        count += 1;
        assert!(
            forged.verify(&source, &keys, NOW).is_err(),
            "{name} {} as {}: {forged:?}",
            from.version,
            to.version
        );
    }
    count
}

fn signing(provider: &'static Provider) -> impl Iterator<Item = &'static Scheme> {
    let is_nobodys = |scheme: &&Scheme| {
        scheme.algorithm == Algorithm::Token || scheme.algorithm.is_only_verified()
    };
    filled(provider)
        .iter()
        .filter(move |scheme| !is_nobodys(scheme))
}

#[test]
fn a_captured_delivery_cut_elsewhere_is_refused() {
    let mut count = 0;
    for provider in PROVIDERS {
        for scheme in signing(provider) {
            count += tried(provider.name, scheme, scheme, &signed(provider, scheme));
        }
    }
    assert!(count > 1_000, "{count}");
}

#[test]
fn what_one_scheme_signs_is_nothing_to_another() {
    let mut pairs = Vec::new();
    for provider in PROVIDERS {
        for from in signing(provider) {
            let request = signed(provider, from);
            for to in
                signing(provider).filter(|to| *to != from && pair(to).private == pair(from).private)
            {
                let count = tried(provider.name, from, to, &request);
                pairs.push((provider.name, from.version, to.version, count));
            }
        }
    }
    let forged = pairs.iter().filter(|(.., count)| *count > 0).count();
    assert!(forged >= 20, "{pairs:?}");
}
