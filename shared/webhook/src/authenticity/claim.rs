//! What a delivery claims by one scheme: signatures, the messages that they may be of, and the time. What can be told
//! without a key is told when a claim is read.

use std::borrow::Cow;

use catalogue::{Algorithm, BodyForm, Code, Encoding, Piece, Scheme, Timestamp, Unit};
use protocol::time::UnixMillis;

use crate::{
    authenticity::{draft::Draft, timestamp::Sent, token},
    event::Proof,
    keys::{Keys, material},
    reading::{
        delivery::Delivery,
        encoding,
        extract::{self, NoText, refuse},
        http_message,
        message::Message,
    },
    refusal::{Reason, Refusal},
};

/// How many signatures of one delivery are looked at by each scheme. Real lists have one per active
/// secret and version, and the provider's may be more than ours; what goes beyond is a stranger's attempt
/// to keep us busy. They cost a comparison each: the body is hashed once for each key, not for each of them.
pub const MAX_CANDIDATES: usize = 32;

/// How many groups of a field are looked at: a group for each active secret, and a message for each.
const MAX_GROUPS: usize = 4;

/// How often a delivery is held against public keys, where there are several signatures: once for each
/// signature, key and form of the message, of signatures two at least.
const MAX_CHECKS: usize = 10;

pub(super) type Claims<'a> = Vec<(&'static Scheme, Result<Claim<'a>, Refusal>)>;

/// What a delivery claims by one scheme.
pub(super) struct Claim<'a> {
    candidates: Vec<Vec<u8>>,
    messages: Vec<Message<'a>>,
    timestamp: Option<Cow<'a, str>>,
    has_body_form: bool,
}

impl<'a> Claim<'a> {
    /// Adds what a delivery claims by one scheme; of a field in groups each group is a claim.
    pub(super) fn read(
        scheme: &'static Scheme,
        delivery: &Delivery<'a>,
        now: UnixMillis,
        claims: &mut Claims<'a>,
    ) {
        let signature = scheme.signature;
        let texts = signature
            .group
            .and_then(|_| extract::texts(signature.place, delivery).ok());
        match texts {
            None => claims.push((scheme, Self::read_group(scheme, delivery, None, now))),
            Some(texts) => claims.extend(
                (texts.iter())
                    .flat_map(|text| extract::groups(&signature, text))
                    .take(MAX_GROUPS)
                    .map(|group| (scheme, Self::read_group(scheme, delivery, Some(group), now))),
            ),
        }
    }

    /// What a delivery claims by one scheme, if it is of the scheme's form. What is missing and what is
    /// no time comes first, then what is stale; only then is a signature looked at, and last the message
    /// composed, which may cost more than all before.
    fn read_group(
        scheme: &Scheme,
        delivery: &Delivery<'a>,
        group: Option<&str>,
        now: UnixMillis,
    ) -> Result<Self, Refusal> {
        let signature = scheme.signature;
        let signed_at = scheme.timestamp.as_ref();

        let described = || extract::describe(signature.place);
        let signatures = match group {
            Some(group) => vec![Cow::Owned(group.to_owned())],
            None => extract::texts(signature.place, delivery)
                .map_err(|why| refuse(why, &described()))?,
        };
        let entries = || {
            signatures
                .iter()
                .flat_map(|text| extract::entries(&signature, text))
        };
        let timestamp = match signed_at {
            Some(signed_at) => Some(timestamp_text(signed_at, delivery, group, || {
                entries().next().is_none()
            })?),
            None => None,
        };
        let draft = Draft::new(scheme, delivery, timestamp.as_deref())?;
        if entries().next().is_none() {
            return Err(Refusal::new(
                Reason::Malformed,
                format!("{} holds no signature of a known version", described()),
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
        if scheme.encoding == Encoding::Structured
            && scheme.message.contains(Piece::Code(Code::HttpMessage))
            && http_message::has_expired(
                delivery,
                timestamp.as_deref().unwrap_or_default(),
                now.seconds().0,
            )?
        {
            return Err(Refusal::stale("the signature has expired"));
        }
        compare(scheme, delivery)?;

        let candidates: Vec<_> = entries()
            .filter_map(|entry| encoding::decode(scheme.encoding, entry))
            .filter(|candidate| material::has_form(scheme.algorithm, candidate))
            // Of a token every copy must be right.
            .take(match scheme.algorithm {
                Algorithm::Token => usize::MAX,
                _ => MAX_CANDIDATES,
            })
            .collect();
        if candidates.is_empty() {
            return Err(no_candidate(scheme));
        }
        Ok(Self {
            candidates,
            messages: draft.messages(scheme, delivery, timestamp.as_deref())?,
            timestamp,
            has_body_form: has_form(scheme.body, delivery.body) && is_apart(scheme, delivery.body),
        })
    }

    /// Whether one of these keys made one of the signatures.
    pub(super) fn prove<'k>(
        &self,
        scheme: &'static Scheme,
        keys: &'k Keys,
    ) -> Result<Proof<'k, '_>, Refusal> {
        let mut fits = false;
        // A public key costs work for every candidate, an HMAC for the message alone.
        let most = if scheme.algorithm.is_public_key() {
            (MAX_CHECKS / (keys.of_scheme(scheme).count() * self.messages.len()).max(1)).max(2)
        } else {
            usize::MAX
        };
        for key in keys.of_scheme(scheme) {
            let candidates = || {
                let candidates = self.candidates.iter().map(Vec::as_slice);
                (candidates.filter(|candidate| key.material.fits(candidate))).take(most)
            };
            if candidates().next().is_none() {
                continue;
            }
            fits = true;
            let signed = self
                .messages
                .iter()
                .find(|message| key.material.signed(message, candidates()));
            if let Some(message) = signed {
                // Who holds the key signed this, but as something else.
                if !self.has_body_form {
                    return Err(Refusal::new(
                        Reason::Malformed,
                        "the body is not what this scheme signs, or can't be told from what is signed beside it",
                    ));
                }
                return Ok(Proof {
                    key,
                    message,
                    scheme,
                    timestamp: self.timestamp.as_deref(),
                });
            }
        }
        if !fits {
            return Err(no_candidate(scheme));
        }
        let described = extract::describe(scheme.signature.place);
        Err(Refusal::new(
            Reason::Forged,
            format!("no signature in {described} matches"),
        ))
    }
}

fn no_candidate(scheme: &Scheme) -> Refusal {
    let described = extract::describe(scheme.signature.place);
    Refusal::new(
        Reason::Malformed,
        format!("no signature in {described} decodes to the right length"),
    )
}

/// Whether the texts that must be this source's are, and whether what the delivery says of its own signing
/// is what the scheme does.
fn compare(scheme: &Scheme, delivery: &Delivery<'_>) -> Result<(), Refusal> {
    for (place, expected) in scheme.equal {
        let described = extract::describe(*place);
        let found = extract::text(*place, delivery).map_err(|why| refuse(why, &described))?;
        if extract::rendered(*expected, delivery, None).as_deref() != Some(&*found) {
            return Err(Refusal::new(
                Reason::Forged,
                format!("{described} is not this source's"),
            ));
        }
    }
    for (field, expected) in scheme.named {
        let said = match extract::text(field.place, delivery) {
            Ok(text) => text,
            Err(NoText::Absent) => continue,
            Err(why) => return Err(refuse(why, &extract::describe(field.place))),
        };
        if extract::entries(field, &said).any(|entry| !entry.is_empty() && entry != *expected) {
            return Err(Refusal::new(
                Reason::Forged,
                format!(
                    "{} names another way to sign than this scheme's",
                    extract::describe(field.place)
                ),
            ));
        }
    }
    Ok(())
}

/// Whether a body can be told from a time in digits that touches it.
fn is_apart(scheme: &Scheme, body: &[u8]) -> bool {
    let digit_at_an_end = [body.first(), body.last()]
        .into_iter()
        .flatten()
        .any(u8::is_ascii_digit);
    if !digit_at_an_end
        || (scheme.timestamp)
            .is_none_or(|time| matches!(time.unit, Unit::Iso | Unit::IsoUtc | Unit::HttpDate))
    {
        return true;
    }
    let pieces: Vec<Piece> = scheme.message.pieces().collect();
    pieces.windows(2).all(|pair| match pair {
        [Piece::Timestamp, Piece::Body] => !body.first().is_some_and(u8::is_ascii_digit),
        [Piece::Body, Piece::Timestamp] => !body.last().is_some_and(u8::is_ascii_digit),
        _ => true,
    })
}

/// Whether a body looks like what the scheme signs.
fn has_form(form: BodyForm, body: &[u8]) -> bool {
    match form {
        BodyForm::Any => true,
        BodyForm::Json => matches!(body.trim_ascii(), [] | [b'{', .., b'}'] | [b'[', .., b']']),
    }
}

/// The raw text of the timestamp, the first entry of its field. A header that is a list and has
/// neither a signature nor a time in it isn't of this scheme's form; in one with a signature alone
/// the time is missing.
fn timestamp_text<'a>(
    timestamp: &Timestamp,
    delivery: &Delivery<'a>,
    group: Option<&str>,
    no_signature: impl FnOnce() -> bool,
) -> Result<Cow<'a, str>, Refusal> {
    let what = || {
        format!(
            "the timestamp, {},",
            extract::describe(timestamp.field.place)
        )
    };
    let text = match group {
        Some(group) => Cow::Owned(group.to_owned()),
        None => {
            extract::text(timestamp.field.place, delivery).map_err(|why| refuse(why, &what()))?
        }
    };
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
        _ => Err(refuse(NoText::Absent, &what())),
    }
}

fn fresh(timestamp: &Timestamp, text: &str, now: UnixMillis) -> Result<(), Refusal> {
    let Some(sent) = Sent::parse(text, timestamp.unit) else {
        return Err(Refusal::new(
            Reason::Malformed,
            format!(
                "the timestamp is not written in {}",
                match timestamp.unit {
                    Unit::Seconds => "whole seconds since 1970",
                    Unit::Millis => "whole milliseconds since 1970",
                    Unit::SecondsOrMillis => "whole seconds or milliseconds since 1970",
                    Unit::Iso => "ISO 8601 with an offset from UTC",
                    Unit::IsoUtc => "ISO 8601 without an offset",
                    Unit::HttpDate => "the form of HTTP's dates",
                }
            ),
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
