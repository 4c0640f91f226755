//! Proves that a delivery is authentic. From top to bottom: what one delivery goes through.

use std::borrow::Cow;

use catalogue::{Algorithm, Encoding, Scheme, Source, Timestamp};

use crate::{
    delivery::Delivery,
    event::Authentic,
    extract, handshake,
    key::{Key, Keys},
    message::{Message, refuse},
    refusal::{Reason, Refusal},
    signature,
    time::UnixMillis,
    timestamp::Sent,
    token,
};

/// How many signatures of one delivery are tried by each scheme. Real lists have one per active
/// secret and version; what goes beyond is a stranger's attempt to keep us busy.
pub const MAX_CANDIDATES: usize = 32;

/// Verifies a delivery. This is the only way to an [`Authentic`] event.
///
/// Every scheme that has a key is tried; of several refusals the one that got furthest is
/// reported.
pub fn verify<'a>(
    source: &'a Source,
    keys: &'a Keys,
    delivery: Delivery<'a>,
    now: UnixMillis,
) -> Result<Authentic<'a>, Refusal> {
    let mut furthest: Option<Refusal> = None;
    let mut inapplicable: Option<Refusal> = None;
    for scheme in source.schemes {
        if let Err(refusal) = applies(scheme, &delivery) {
            inapplicable.get_or_insert(refusal);
            continue;
        }
        let keys: Vec<_> = keys
            .entries
            .iter()
            .filter(|key| key.scheme == scheme)
            .collect();
        if keys.is_empty() {
            continue;
        }
        match prove(scheme, &keys, &delivery, now) {
            Ok(proof) if handshake::is_signed_for_strangers(source, &proof.message) => {
                return Err(Refusal::new(
                    Reason::Forged,
                    "what is signed could be a challenge, which anyone may have signed",
                ));
            }
            Ok(proof) => return Ok(Authentic::new(source, delivery, &proof, now)),
            Err(refusal) if furthest.as_ref().is_none_or(|f| f.reason < refusal.reason) => {
                furthest = Some(refusal);
            }
            Err(_) => {}
        }
    }
    Err(furthest.or(inapplicable).unwrap_or_else(|| {
        Refusal::new(
            Reason::Forged,
            "there is no key to verify this source's deliveries with",
        )
    }))
}

/// Whether this is the scheme by which the delivery says that it is signed.
fn applies(scheme: &Scheme, delivery: &Delivery<'_>) -> Result<(), Refusal> {
    let other = || {
        Refusal::new(
            Reason::Malformed,
            "the signature is of a version that this source doesn't know, or that a newer one replaces",
        )
    };
    if let Some((place, value)) = scheme.when {
        let found = extract::text(place, delivery)
            .map_err(|lack| refuse(lack, &extract::describe(place)))?;
        if found != value {
            return Err(other());
        }
    }
    if let Some(newer) = scheme.unless
        && let Ok(texts) = extract::texts(newer.place, delivery)
        && texts
            .iter()
            .any(|text| extract::entries(&newer, text).next().is_some())
    {
        return Err(other());
    }
    Ok(())
}

/// What a signature was found to cover.
pub(crate) struct Proof<'a> {
    pub(crate) key: &'a Key,
    pub(crate) message: Message<'a>,
    /// Whether the signature covers the whole body.
    pub(crate) covers_body: bool,
    pub(crate) timestamp: Option<Cow<'a, str>>,
}

/// One scheme. What lacks and what is no time comes first, then what is stale; only then is a signature
/// looked at.
fn prove<'a>(
    scheme: &Scheme,
    keys: &[&'a Key],
    delivery: &Delivery<'a>,
    now: UnixMillis,
) -> Result<Proof<'a>, Refusal> {
    let signature = scheme.signature;
    let signed_at = scheme.timestamp.as_ref();

    let described = extract::describe(signature.place);
    let signatures =
        extract::texts(signature.place, delivery).map_err(|lack| refuse(lack, &described))?;
    let entries = || {
        signatures
            .iter()
            .flat_map(|text| extract::entries(&signature, text))
    };
    let timestamp = match signed_at {
        Some(signed_at) => Some(timestamp_text(signed_at, delivery, || {
            entries().next().is_none()
        })?),
        None => None,
    };
    let mut messages = Message::render(scheme, delivery, timestamp.as_deref())?;
    if entries().next().is_none() {
        return Err(Refusal::new(
            Reason::Malformed,
            format!("{described} holds no signature of a known version"),
        ));
    }
    if let (Some(signed_at), Some(text)) = (signed_at, &timestamp) {
        fresh(signed_at, text, now)?;
    }
    if scheme.encoding == Encoding::Jws {
        for token in entries() {
            token::check(scheme, token, delivery, now)?;
        }
    }

    for (place, expected) in scheme.equal {
        let described = extract::describe(*place);
        let found = extract::text(*place, delivery).map_err(|lack| refuse(lack, &described))?;
        if extract::rendered(*expected, delivery, None).as_deref() != Some(&*found) {
            return Err(Refusal::new(
                Reason::Forged,
                format!("{described} is not this source's"),
            ));
        }
    }

    let candidates: Vec<_> = entries()
        .filter_map(|entry| signature::decode(scheme.encoding, entry))
        .filter(|candidate| keys.iter().any(|key| key.material.fits(candidate)))
        // Of a token every copy must be right.
        .take(match scheme.algorithm {
            Algorithm::Token => usize::MAX,
            _ => MAX_CANDIDATES,
        })
        .collect();
    if candidates.is_empty() {
        return Err(Refusal::new(
            Reason::Malformed,
            format!("no signature in {described} decodes to the right length"),
        ));
    }

    for key in keys {
        let candidates: Vec<_> = candidates
            .iter()
            .map(Vec::as_slice)
            .filter(|candidate| key.material.fits(candidate))
            .collect();
        if candidates.is_empty() {
            continue;
        }
        let signed = messages
            .iter()
            .position(|message| key.material.signed(message, &candidates));
        if let Some(at) = signed {
            return Ok(Proof {
                key,
                message: messages.swap_remove(at),
                covers_body: scheme.covers_body(),
                timestamp,
            });
        }
    }
    Err(Refusal::new(
        Reason::Forged,
        format!("no signature in {described} matches"),
    ))
}

/// The raw text of the timestamp, the first entry of its field. A header that is a list and has
/// neither a signature nor a time in it isn't of this scheme's form; one with a signature alone lacks
/// the time.
fn timestamp_text<'a>(
    timestamp: &Timestamp,
    delivery: &Delivery<'a>,
    no_signature: impl FnOnce() -> bool,
) -> Result<Cow<'a, str>, Refusal> {
    let what = || {
        format!(
            "the timestamp, {},",
            extract::describe(timestamp.field.place)
        )
    };
    let text =
        extract::text(timestamp.field.place, delivery).map_err(|lack| refuse(lack, &what()))?;
    let entry = match &text {
        Cow::Borrowed(text) => extract::entries(&timestamp.field, text)
            .next()
            .map(Cow::Borrowed),
        Cow::Owned(text) => extract::entries(&timestamp.field, text)
            .next()
            .map(|entry| Cow::Owned(entry.to_owned())),
    };
    match entry {
        Some(entry) if !entry.is_empty() => Ok(entry),
        None if no_signature() => Err(Refusal::new(
            Reason::Malformed,
            format!("{} holds neither", what()),
        )),
        _ => Err(refuse(extract::Lack::Absent, &what())),
    }
}

fn fresh(timestamp: &Timestamp, text: &str, now: UnixMillis) -> Result<(), Refusal> {
    let Some(sent) = Sent::parse(text, timestamp.unit) else {
        return Err(Refusal::new(
            Reason::Malformed,
            format!("the timestamp is not of the form {:?}", timestamp.unit),
        ));
    };
    if !sent.is_within(timestamp.tolerance, now) {
        return Err(Refusal::new(
            Reason::Stale,
            "the timestamp lies outside the tolerance",
        ));
    }
    Ok(())
}
