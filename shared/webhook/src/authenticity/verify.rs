//! Proves that a delivery is authentic. From top to bottom: what one delivery goes through.

use std::{borrow::Cow, fmt};

use catalogue::{Algorithm, BodyForm, Encoding, Piece, Scheme, Source, Timestamp, Unit};
use protocol::time::UnixMillis;

use crate::{
    authenticity::{draft::Draft, strangers, timestamp::Sent, token},
    event::{Authentic, Proof},
    keys::{Keys, material},
    reading::{
        delivery::Delivery,
        encoding,
        extract::{self, Lack, refuse},
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

/// A delivery that could be authentic as far as that can be told without a key.
///
/// It holds what verification has found and composed by then, so that a key that is fetched later, or
/// once more, is held against the same bytes.
pub struct Checked<'a> {
    source: &'a Source,
    delivery: Delivery<'a>,
    now: UnixMillis,
    /// For each scheme that was looked at and applies what it claims, or why it can't prove the delivery.
    claims: Claims<'a>,
    /// Why the others that were looked at don't apply.
    inapplicable: Option<Refusal>,
    /// The schemes that weren't looked at: whether they matter the keys will tell.
    unread: &'static [Scheme],
}

type Claims<'a> = Vec<(&'static Scheme, Result<Claim<'a>, Refusal>)>;

/// What a delivery claims by one scheme.
struct Claim<'a> {
    candidates: Vec<Vec<u8>>,
    messages: Vec<Message<'a>>,
    timestamp: Option<Cow<'a, str>>,
    has_body_form: bool,
}

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
    Checked::new(source, delivery, now).prove(keys)
}

/// The first half of [`verify`]: all that can be checked without a key. Whoever has to fetch one asks this
/// before; [`Checked::prove`] is the other half.
///
/// A delivery is refused if no scheme of the source's could prove it, whichever keys there are.
pub fn precheck<'a>(
    source: &'a Source,
    delivery: Delivery<'a>,
    now: UnixMillis,
) -> Result<Checked<'a>, Refusal> {
    let mut checked = Checked::new(source, delivery, now);
    while let [scheme, unread @ ..] = checked.unread {
        checked.unread = unread;
        match applies(scheme, &delivery) {
            Ok(()) => Claim::read(scheme, &delivery, now, &mut checked.claims),
            Err(refusal) => {
                checked.inapplicable.get_or_insert(refusal);
            }
        }
        if checked.claims.iter().any(|(_, claim)| claim.is_ok()) {
            return Ok(checked);
        }
    }
    let refusals = checked.claims.iter();
    let refusals = refusals.filter_map(|(_, claim)| claim.as_ref().err());
    Err(furthest(refusals, checked.inapplicable.as_ref()))
}

/// Of several refusals the first that got furthest.
fn furthest<'r>(
    refusals: impl Iterator<Item = &'r Refusal>,
    inapplicable: Option<&Refusal>,
) -> Refusal {
    let further = |one: &'r Refusal, other: &'r Refusal| {
        if one.reason < other.reason {
            other
        } else {
            one
        }
    };
    let found = refusals.reduce(further).or(inapplicable);
    found.cloned().unwrap_or_else(|| {
        Refusal::new(
            Reason::Forged,
            "there is no key to verify this source's deliveries with",
        )
    })
}

impl<'a> Checked<'a> {
    fn new(source: &'a Source, delivery: Delivery<'a>, now: UnixMillis) -> Self {
        Self {
            source,
            delivery,
            now,
            claims: Vec::new(),
            inapplicable: None,
            unread: source.schemes,
        }
    }

    /// The second half of [`verify`]: whether one of these keys made one of the signatures.
    pub fn prove<'k>(&self, keys: &'k Keys) -> Result<Authentic<'k>, Refusal>
    where
        'a: 'k,
    {
        let mut refusals = Vec::new();
        let mut inapplicable = self.inapplicable.clone();
        let mut read_now = Vec::new();
        for scheme in self.unread {
            match applies(scheme, &self.delivery) {
                Ok(()) if keys.of_scheme(scheme).next().is_some() => {
                    Claim::read(scheme, &self.delivery, self.now, &mut read_now);
                }
                Ok(()) => {}
                Err(refusal) => {
                    inapplicable.get_or_insert(refusal);
                }
            }
        }
        for (scheme, claim) in self.claims.iter().chain(&read_now) {
            if keys.of_scheme(scheme).next().is_none() {
                continue;
            }
            if self.gives_way(scheme, keys) {
                inapplicable.get_or_insert_with(other_version);
                continue;
            }
            let proven = match claim {
                Ok(claim) => claim.prove(scheme, keys),
                Err(refusal) => Err(refusal.clone()),
            };
            match proven {
                Ok(proof) if strangers::is_signed_for_strangers(self.source, proof.message) => {
                    return Err(Refusal::new(
                        Reason::Forged,
                        "what is signed could be a challenge, which anyone may have signed",
                    ));
                }
                Ok(proof) => {
                    return Ok(Authentic::new(self.source, self.delivery, &proof));
                }
                Err(refusal) => refusals.push(refusal),
            }
        }
        Err(furthest(refusals.iter(), inapplicable.as_ref()))
    }

    /// Whether a stronger proof is there that this scheme must not rescue. If the source reads that one, it
    /// takes a key to read it with: without, it says nothing.
    fn gives_way(&self, scheme: &Scheme, keys: &Keys) -> bool {
        let Some(stronger) = scheme.unless else {
            return false;
        };
        let is_there = extract::texts(stronger.place, &self.delivery).is_ok_and(|texts| {
            let mut texts = texts.iter();
            texts.any(|text| extract::entries(&stronger, text).next().is_some())
        });
        let reads_it = |scheme: &Scheme| scheme.signature == stronger;
        is_there
            && (!self.source.schemes.iter().any(reads_it)
                || keys.entries.iter().any(|key| reads_it(key.scheme)))
    }
}

/// Whether this is the scheme by which the delivery says that it is signed.
fn applies(scheme: &Scheme, delivery: &Delivery<'_>) -> Result<(), Refusal> {
    if let Some((field, value)) = scheme.when {
        let text = extract::text(field.place, delivery)
            .map_err(|lack| refuse(lack, &extract::describe(field.place)))?;
        if extract::entries(&field, &text).next() != Some(value) {
            return Err(other_version());
        }
    }
    Ok(())
}

fn other_version() -> Refusal {
    Refusal::new(
        Reason::Malformed,
        "the signature is of a version that this source doesn't know, or that a newer one replaces",
    )
}

impl<'a> Claim<'a> {
    /// Adds what a delivery claims by one scheme; of a field in groups each group is a claim.
    fn read(
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
                .map_err(|lack| refuse(lack, &described()))?,
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
    fn prove<'k>(&self, scheme: &'static Scheme, keys: &'k Keys) -> Result<Proof<'k, '_>, Refusal> {
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
        let found = extract::text(*place, delivery).map_err(|lack| refuse(lack, &described))?;
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
            Err(Lack::Absent) => continue,
            Err(lack) => return Err(refuse(lack, &extract::describe(field.place))),
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
        || (scheme.timestamp).is_none_or(|time| matches!(time.unit, Unit::Iso | Unit::HttpDate))
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
/// neither a signature nor a time in it isn't of this scheme's form; one with a signature alone lacks
/// the time.
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
            extract::text(timestamp.field.place, delivery).map_err(|lack| refuse(lack, &what()))?
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
        _ => Err(refuse(Lack::Absent, &what())),
    }
}

impl fmt::Debug for Checked<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Checked({:?}, {:?})", self.source.name, self.delivery)
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
