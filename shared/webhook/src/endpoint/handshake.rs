//! Answers to the requests by which providers prove an endpoint: what is asked and the keys in, the exact
//! reply out. Nothing of a handshake is recorded.
//!
//! Some providers want an HMAC of whatever a stranger sends, by the key that signs events. That a
//! signature which anyone can have made proves no event, [`verify`](crate::authenticity::verify::verify) sees to:
//! it refuses every message that could have been such a challenge.

use std::{borrow::Cow, fmt, sync::Arc};

use catalogue::{
    Fixed, Handshake, Method, Place, Proof, ReplyPiece, Source, Template, handshake::reply_pieces,
};
use sha2::{Digest as _, Sha256};

use crate::{
    event::Authentic,
    keys::{Key, Keys},
    reading::{
        delivery::Delivery,
        encoding, extract,
        json::{self, Found},
    },
};

/// The longest body in which an unsigned challenge is looked for, in bytes.
const LONGEST_UNSIGNED: usize = 4 * 1_024;

/// What a handshake is answered with.
#[derive(Clone, PartialEq, Eq)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The content type; empty where there is no body.
    pub content_type: &'static str,
    /// The body, exactly.
    pub body: String,
}

/// A handshake that nothing signs, as it was asked.
#[derive(Clone)]
pub struct Question<'a> {
    handshake: &'a Handshake,
    challenge: Cow<'a, str>,
    /// The URL that is asked, as it was entered over there, without its query.
    url: &'a str,
    /// What stands where the proof is to be.
    proof: Option<Cow<'a, str>>,
}

/// Why an unsigned handshake isn't answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unproven {
    /// The source has no verify token, so that nobody can know it.
    #[error("the source has no verify token")]
    NoToken,
    /// It isn't the source's verify token.
    #[error("the verify token is not the source's")]
    Token,
    /// It names what the source doesn't.
    #[error("it names what the source doesn't")]
    Unknown,
    /// The source has no key to make an HMAC with.
    #[error("the source has no key to answer with")]
    NoKey,
}

/// The handshake that this request is without being signed. It is found without a key, and in the body
/// only where that is short.
#[must_use]
pub fn unsigned<'a>(source: &'a Source, delivery: &Delivery<'a>) -> Option<Question<'a>> {
    source.handshakes.iter().find_map(|handshake| {
        let place = match handshake.proof {
            Proof::Signature => return None,
            Proof::Nothing => None,
            Proof::VerifyToken(place) | Proof::Known(place, _) => Some(place),
        };
        Some(Question {
            handshake,
            challenge: asked(handshake, delivery)?,
            url: delivery.url_without_query(),
            proof: place.and_then(|place| extract::text_said_once(place, delivery)),
        })
    })
}

/// Whether this request is a handshake once it turns out to be authentic, though it is no POST.
#[must_use]
pub fn awaits_proof(source: &Source, delivery: &Delivery<'_>) -> bool {
    source
        .handshakes
        .iter()
        .filter(|handshake| handshake.proof == Proof::Signature)
        .any(|handshake| handshake.method != Method::Post && asked(handshake, delivery).is_some())
}

/// The answer, if this authentic delivery is a handshake and no event.
#[must_use]
pub fn signed(event: &Authentic<'_>) -> Option<Reply> {
    event.source().handshakes.iter().find_map(|handshake| {
        if handshake.proof != Proof::Signature {
            return None;
        }
        let challenge = asked(handshake, event.delivery())?;
        let with = With {
            key: Some(event.key_of_signature()),
            ..With::default()
        };
        reply(handshake, &challenge, &with)
    })
}

impl Question<'_> {
    /// Whether the answer depends on the source's secrets.
    #[must_use]
    pub fn needs_keys(&self) -> bool {
        self.handshake.asks_for_token() || self.handshake.reply.has_hmac()
    }

    /// The answer, if what must be proven is. Without keys nothing that needs them is.
    pub fn reply(&self, keys: Option<&Keys>) -> Result<Reply, Unproven> {
        match self.handshake.proof {
            Proof::Signature | Proof::Nothing => {}
            Proof::VerifyToken(_) => {
                let tokens = keys
                    .filter(|keys| keys.has_verify_token())
                    .ok_or(Unproven::NoToken)?;
                let token = self.proof.as_deref().unwrap_or_default();
                if !tokens.is_verify_token(token) {
                    return Err(Unproven::Token);
                }
            }
            Proof::Known(_, known) => {
                if self.proof.as_deref() != Some(known.text()) {
                    return Err(Unproven::Unknown);
                }
            }
        }
        let token = keys.and_then(Keys::newest_verify_token);
        if token.is_none() && self.handshake.reply.has_digest() {
            return Err(Unproven::NoToken);
        }
        let newest = keys.and_then(|keys| keys.entries.first());
        let with = With {
            key: newest.map(Arc::as_ref),
            token,
            url: self.url,
        };
        reply(self.handshake, &self.challenge, &with).ok_or(Unproven::NoKey)
    }
}

impl Unproven {
    /// In a word, for the log.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoToken => "no_verify_token",
            Self::Token => "verify_token",
            Self::Unknown => "unknown_subject",
            Self::NoKey => "no_key",
        }
    }

    /// The HTTP status that says so. Without a key the fault is ours.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::NoToken | Self::Token => 403,
            Self::Unknown => 404,
            Self::NoKey => 503,
        }
    }
}

/// The challenge of this handshake, if the request is one: empty where the handshake has none.
fn asked<'a>(handshake: &Handshake, delivery: &Delivery<'a>) -> Option<Cow<'a, str>> {
    if delivery.method != handshake.method.as_str() {
        return None;
    }
    if let Some((place, value)) = handshake.when
        && extract::text_said_once(place, delivery)? != value
    {
        return None;
    }
    let Some(place) = handshake.challenge else {
        return Some(Cow::Borrowed(""));
    };
    if handshake.proof != Proof::Signature
        && place.is_in_body()
        && !(delivery.body.len() <= LONGEST_UNSIGNED && json::has_members(delivery.body, 1))
    {
        return None;
    }
    let challenge = challenge(place, delivery)?;
    handshake
        .form
        .allows(challenge.as_bytes())
        .then_some(challenge)
}

/// The text of a challenge. One in JSON is a string and no number.
fn challenge<'a>(place: Place, delivery: &Delivery<'a>) -> Option<Cow<'a, str>> {
    let Place::Json(_) = place else {
        return extract::text_said_once(place, delivery);
    };
    place
        .names()
        .find_map(|path| match json::find(delivery.body, path) {
            Found::Text(text) => Some(Cow::Owned(text)),
            _ => None,
        })
}

/// What an answer may be made with, beside the challenge.
#[derive(Default)]
struct With<'a> {
    key: Option<&'a Key>,
    token: Option<&'a str>,
    url: &'a str,
}

/// The reply to this challenge. `None`: an HMAC is asked for, and there is no key for one, or a digest, and there is
/// no verify token.
fn reply(handshake: &Handshake, challenge: &str, with: &With<'_>) -> Option<Reply> {
    let fill = |text: Template| -> Option<String> {
        reply_pieces(text)
            .map(|piece| match piece {
                ReplyPiece::Literal(text) => Some(Cow::Borrowed(text)),
                ReplyPiece::Challenge => Some(Cow::Borrowed(challenge)),
                ReplyPiece::Hmac(encoding) => {
                    let hmac = with.key?.material.hmac(challenge.as_bytes())?;
                    Some(Cow::Owned(encoding::encode(encoding, &hmac)))
                }
                ReplyPiece::Digest(encoding) => {
                    let digest = Sha256::new()
                        .chain_update(challenge)
                        .chain_update(with.token?)
                        .chain_update(with.url)
                        .finalize();
                    Some(Cow::Owned(encoding::encode(encoding, &digest)))
                }
            })
            .collect()
    };
    let (content_type, body) = match handshake.reply {
        catalogue::Reply::Fixed(fixed) => return Some(fixed.into()),
        catalogue::Reply::Text(text) => ("text/plain", fill(text)?),
        catalogue::Reply::Json(fields) => {
            let filled: Option<Vec<(&str, String)>> = fields
                .iter()
                .map(|(name, text)| Some((*name, fill(*text)?)))
                .collect();
            return Some(Reply::object(&filled?));
        }
    };
    Some(Reply {
        status: 200,
        content_type,
        body,
    })
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

impl Reply {
    /// 200 with a JSON object of these texts, in this order, which a map of serde's would not keep.
    pub(crate) fn object(fields: &[(&str, impl AsRef<str>)]) -> Self {
        let fields: Vec<String> = fields
            .iter()
            .map(|(name, text)| format!("{}:{}", quoted(name), quoted(text.as_ref())))
            .collect();
        Self {
            status: 200,
            content_type: "application/json",
            body: format!("{{{}}}", fields.join(",")),
        }
    }
}

impl From<Fixed> for Reply {
    fn from(fixed: Fixed) -> Self {
        Self {
            status: fixed.status,
            content_type: fixed.content_type,
            body: fixed.body.into(),
        }
    }
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Reply({}, {} bytes)", self.status, self.body.len())
    }
}

impl fmt::Debug for Question<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Question({} bytes)", self.challenge.len())
    }
}
