//! Every vector gives its verdict; and of every valid one, no bit can be changed.
#![allow(clippy::unwrap_used)]

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use catalogue::{Code, Encoding, Field, PROVIDERS, Piece, Place, QUOTE, Scheme, Source};
use protocol::time::UnixMillis;
use support::{
    Request, keys,
    vectors::{FOLDER, Vector},
};
use webhook::{authenticity::verify::precheck, keys::Keys, refusal::Reason};

fn vectors() -> impl Iterator<Item = (Source, Keys, Vector)> {
    PROVIDERS.iter().flat_map(|provider| {
        Vector::of(provider).into_iter().map(move |vector| {
            assert_eq!(vector.provider, provider.name);
            let source = vector.source_for(provider);
            let keys = keys(source.schemes, &vector.secrets());
            (source, keys, vector)
        })
    })
}

fn valid_vectors() -> impl Iterator<Item = (Source, Keys, Vector)> {
    vectors().filter(|(.., vector)| vector.is_valid())
}

#[test]
fn no_vector_is_dropped() {
    for file in std::fs::read_dir(FOLDER).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        let known = catalogue::Provider::named(name).is_some();
        assert!(known || name == "handshakes", "{name}");
    }
}

#[test]
fn every_provider_has_a_delivery_that_is_valid() {
    let without = PROVIDERS.iter().filter(|provider| {
        let vectors = Vector::of(provider);
        !vectors.iter().any(Vector::is_valid)
    });
    let without: Vec<_> = without.map(|provider| provider.name).collect();
    assert!(without.is_empty(), "{without:?}");
}

#[test]
fn every_vector_says_where_it_comes_from_and_has_the_providers_tolerance() {
    for (source, _, vector) in vectors() {
        assert!(!vector.source.is_empty(), "{}", vector.title());
        let timed = source.schemes.iter().find_map(|scheme| {
            let in_token = scheme.claims.and_then(|claims| claims.issued);
            scheme.timestamp.map(|t| t.tolerance).or(in_token)
        });
        if let Some(tolerance) = vector.tolerance_s {
            let past = timed.and_then(|tolerance| tolerance.past);
            assert_eq!(past, Some(tolerance), "{}", vector.title());
        }
    }
}

#[test]
fn every_vector_gives_its_verdict() {
    let mut wrong = Vec::new();
    for (source, keys, vector) in vectors() {
        let refusal = vector.request().verify(&source, &keys, vector.now()).err();
        if !vector.agrees(refusal.as_ref().map(|refusal| refusal.reason)) {
            wrong.push(format!("{}: {refusal:?}", vector.title()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_needs_no_key_is_told_without_one() {
    let mut refused = 0;
    for (source, keys, vector) in vectors() {
        let request = vector.request();
        let without = request.as_delivery(|delivery| {
            precheck(&source, delivery, vector.now())
                .map(|_| ())
                .map_err(|refusal| refusal.reason)
        });
        let with = request.reason(&source, &keys, vector.now());
        match (without, with) {
            // Of the schemes without a key one may have got further.
            (Err(reason), Some(found)) => {
                assert!(reason >= found, "{}", vector.title());
                refused += 1;
            }
            (Ok(()), None | Some(Reason::Forged)) => {}
            // The one scheme that could prove it has no key here.
            (Ok(()), Some(Reason::Malformed)) if source.schemes.len() > 1 => {}
            other => panic!("{}: {other:?}", vector.title()),
        }
    }
    assert!(refused >= 40, "{refused}");
}

#[test]
fn no_bit_of_a_body_can_be_changed() {
    let mut bodies = 0;
    for (source, keys, vector) in valid_vectors() {
        let scheme = scheme_of(&source, &keys, &vector);
        // Escapes in a form can be written in several ways that mean the same.
        let of_form = [Code::Braintree, Code::Twilio]
            .iter()
            .any(|code| scheme.message.contains(Piece::Code(*code)));
        if !scheme.covers_body() || of_form {
            continue;
        }
        bodies += 1;
        let mut request = vector.request();
        for bit in 0..request.body.len() * 8 {
            request.body[bit / 8] ^= 1 << (bit % 8);
            refused(&request, &source, &keys, &vector);
            request.body[bit / 8] ^= 1 << (bit % 8);
        }
        for changed in [
            [&request.body[..], b" "].concat(),
            [b" ", &request.body[..]].concat(),
            request.body.get(1..).unwrap_or(b"more").to_vec(),
        ] {
            refused(
                &Request {
                    body: changed,
                    ..request.clone()
                },
                &source,
                &keys,
                &vector,
            );
        }
    }
    assert!(bodies >= 70, "{bodies}");
}

#[test]
fn no_bit_of_a_signed_header_can_be_changed() {
    let mut headers = 0;
    for (source, keys, vector) in valid_vectors() {
        let scheme = scheme_of(&source, &keys, &vector);
        let request = of_one_group(scheme, &source, &keys, &vector);
        let signed_values = scheme.message.pieces().filter_map(|piece| match piece {
            Piece::Value(place @ Place::Header(_)) => Some(Field {
                place,
                ..Field::header("")
            }),
            Piece::Timestamp => Some(scheme.timestamp.unwrap().field),
            _ => None,
        });
        let in_header = |field: &Field| matches!(field.place, Place::Header(_));
        let signed_values = signed_values.filter(in_header);
        for field in signed_values {
            let (name, value) = header(&request, &field);
            headers += 1;
            let text = entry_text(&field, &value, 0);
            for bit in 0..text.len() * 8 {
                let mut bytes = text.as_bytes().to_vec();
                bytes[bit / 8] ^= 1 << (bit % 8);
                // A byte beyond ASCII reaches us as the character that API Gateway makes of it.
                let changed: String = bytes.into_iter().map(char::from).collect();
                let mut request = request.clone();
                request.set(&name, value.replacen(&text, &changed, 1));
                refused(&request, &source, &keys, &vector);
            }
        }
    }
    assert!(headers >= 20, "{headers}");
}

#[test]
fn no_bit_of_a_matching_signature_can_be_changed() {
    for (source, keys, vector) in valid_vectors() {
        let scheme = scheme_of(&source, &keys, &vector);
        // What another scheme says of the same delivery is another question.
        let source = Source {
            schemes: std::slice::from_ref(scheme),
            ..source
        };
        let field = scheme.signature;
        let in_header = matches!(field.place, Place::Header(_)) && !field.place.leads_into();
        if !in_header || scheme.encoding == Encoding::Jws {
            continue;
        }
        let request = of_one_group(scheme, &source, &keys, &vector);
        let mut matching = 0;
        for (name, value) in headers(&request, &field) {
            let entries: Vec<&str> = match field.split {
                Some(separator) => value.split(separator).collect(),
                None => vec![&value],
            };
            // Of a list without prefixes the time may be an entry, too.
            let signature_in = |entry: &str| {
                field.prefixes.iter().find_map(|prefix| {
                    let text = match prefix.strip_prefix('*') {
                        Some(end) => entry.split_once(end)?.1,
                        None => entry.trim().strip_prefix(prefix)?,
                    };
                    let text = text.strip_suffix(quote(prefix))?;
                    Some((*prefix, decode(scheme.encoding, text)?))
                })
            };
            let is_signature = |entry: &&str| signature_in(entry).is_some();
            let others: Vec<_> = entries
                .iter()
                .filter(|entry| !is_signature(entry))
                .copied()
                .collect();
            for entry in entries.iter().copied().filter(is_signature) {
                let alone = |entry: &str| {
                    let separator = field.split.unwrap_or(' ').to_string();
                    let mut request = request.clone();
                    // A second header may hold another true one.
                    request
                        .headers
                        .retain(|(found, _)| !is_sent_in(&field, found));
                    request.set(&name, [&others[..], &[entry]].concat().join(&separator));
                    request
                };
                if alone(entry).verify(&source, &keys, vector.now()).is_err() {
                    continue;
                }
                matching += 1;
                let (prefix, signature) = signature_in(entry).unwrap();
                for bit in 0..signature.len() * 8 {
                    let mut changed = signature.clone();
                    changed[bit / 8] ^= 1 << (bit % 8);
                    let entry = written(prefix, &encode(scheme.encoding, &changed));
                    refused(&alone(&entry), &source, &keys, &vector);
                }
                for cut in [&signature[1..], &signature[..signature.len() - 1], &[]] {
                    let entry = written(prefix, &encode(scheme.encoding, cut));
                    refused(&alone(&entry), &source, &keys, &vector);
                }
            }
        }
        assert!(matching > 0, "{}", vector.title());
    }
}

/// What ends an entry that has this prefix.
fn quote(prefix: &str) -> &str {
    if prefix.ends_with(QUOTE) { "\"" } else { "" }
}

fn written(prefix: &str, text: &str) -> String {
    format!("{prefix}{text}{}", quote(prefix))
}

fn refused(request: &Request, source: &Source, keys: &Keys, vector: &Vector) {
    assert!(
        request.verify(source, keys, vector.now()).is_err(),
        "{}: {request:?}",
        vector.title()
    );
}

/// The scheme by which a valid vector is verified.
fn scheme_of(source: &Source, keys: &Keys, vector: &Vector) -> &'static Scheme {
    source
        .schemes
        .iter()
        .find(|scheme| {
            let one = Source {
                schemes: std::slice::from_ref(*scheme),
                ..source.clone()
            };
            vector.request().verify(&one, keys, vector.now()).is_ok()
        })
        .unwrap()
}

/// The request with the proven group alone, where the signatures stand in groups.
fn of_one_group(scheme: &Scheme, source: &Source, keys: &Keys, vector: &Vector) -> Request {
    let request = vector.request();
    let Some(separator) = scheme.signature.group else {
        return request;
    };
    let (name, value) = header(&request, &scheme.signature);
    let mut alone = value.split(separator).map(|group| {
        let mut request = request.clone();
        request.set(&name, group);
        request
    });
    alone
        .find(|request| request.verify(source, keys, vector.now()).is_ok())
        .unwrap()
}

/// The names and values of the headers in which a field was sent.
fn headers(request: &Request, field: &Field) -> Vec<(String, String)> {
    let sent = request.headers.iter();
    sent.filter(|(name, _)| is_sent_in(field, name))
        .cloned()
        .collect()
}

/// Whether a header of this name may hold the field; behind `-*` stands a number.
fn is_sent_in(field: &Field, header: &str) -> bool {
    let header = header.to_ascii_lowercase();
    let fits = |name: String| match name.strip_suffix('*') {
        Some(stem) => header
            .strip_prefix(stem)
            .is_some_and(|number| number.parse::<u16>().is_ok()),
        None => header == name,
    };
    field
        .place
        .names()
        .any(|name| fits(name.to_ascii_lowercase()))
}

/// The first of them.
fn header(request: &Request, field: &Field) -> (String, String) {
    headers(request, field).swap_remove(0)
}

/// The text of the n-th entry of a field.
fn entry_text(field: &Field, value: &str, nth: usize) -> String {
    let entries: Vec<&str> = match field.split {
        Some(separator) => value.split(separator).collect(),
        None => vec![value],
    };
    let mut texts = entries.into_iter().filter_map(|entry| {
        field
            .prefixes
            .iter()
            .find_map(|prefix| entry.trim().strip_prefix(prefix))
    });
    texts.nth(nth).unwrap().into()
}

fn decode(encoding: Encoding, text: &str) -> Option<Vec<u8>> {
    match encoding {
        Encoding::Hex => hex::decode(text).ok(),
        Encoding::Base64 => STANDARD.decode(text).ok(),
        Encoding::Base64Url => URL_SAFE_NO_PAD.decode(text).ok(),
        Encoding::Structured => STANDARD.decode(text.trim_matches(':')).ok(),
        Encoding::Text => Some(text.as_bytes().to_vec()),
        Encoding::Jws => unreachable!("no such signature is changed here"),
    }
}

fn encode(encoding: Encoding, bytes: &[u8]) -> String {
    match encoding {
        Encoding::Hex => hex::encode(bytes),
        Encoding::Base64 => STANDARD.encode(bytes),
        Encoding::Base64Url => URL_SAFE_NO_PAD.encode(bytes),
        Encoding::Structured => format!(":{}:", STANDARD.encode(bytes)),
        // A byte beyond ASCII reaches us as the character that API Gateway makes of it.
        Encoding::Text => bytes.iter().copied().map(char::from).collect(),
        Encoding::Jws => unreachable!("no such signature is changed here"),
    }
}

// The clock of a vector that needs none is 1970: nothing may depend on it.
#[test]
fn a_scheme_without_a_timestamp_ignores_the_clock() {
    let mut ignored = 0;
    for (source, keys, vector) in valid_vectors().filter(|(.., vector)| vector.now_unix.is_none()) {
        // Only an age is asked of those that sign a time: in 1970 everything is young.
        if scheme_of(&source, &keys, &vector).timestamp.is_some() {
            continue;
        }
        ignored += 1;
        for now in [i64::MIN, 0, i64::MAX] {
            assert_eq!(
                vector.request().verify(&source, &keys, UnixMillis(now)),
                Ok(())
            );
        }
    }
    assert!(ignored > 60, "{ignored}");
}
