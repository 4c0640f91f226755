//! The bytes that are signed.

use std::borrow::Cow;

use catalogue::{Piece, Scheme};
use sha2::{Digest as _, Sha256};

use crate::{
    delivery::Delivery,
    extract::{self, Lack},
    refusal::{Reason, Refusal},
};

/// A signed message in parts, so that the body needn't be copied to be hashed.
pub(crate) struct Message<'a>(Vec<Cow<'a, [u8]>>);

impl<'a> Message<'a> {
    /// Renders a scheme's message with the timestamp's raw text: a provider signs `0170…` as it sends
    /// it, not the number.
    pub(crate) fn render(
        scheme: &Scheme,
        delivery: &Delivery<'a>,
        timestamp: Option<&str>,
    ) -> Result<Self, Refusal> {
        let mut parts = Vec::new();
        let mut malformed = None;
        for piece in scheme.message.pieces() {
            match part(piece, delivery, timestamp) {
                Ok(part) => parts.push(part),
                // What is missing is said before what is malformed, wherever it stands.
                Err(refusal) if refusal.reason == Reason::Missing => return Err(refusal),
                Err(refusal) => malformed = malformed.or(Some(refusal)),
            }
        }
        malformed.map_or(Ok(Self(parts)), Err)
    }

    pub(crate) fn parts(&self) -> impl Iterator<Item = &[u8]> {
        self.0.iter().map(Cow::as_ref)
    }

    /// The message in one piece; borrowed where it is one.
    pub(crate) fn whole(&self) -> Cow<'_, [u8]> {
        match self.0.as_slice() {
            [part] => Cow::Borrowed(part),
            parts => Cow::Owned(parts.concat()),
        }
    }

    /// SHA-256 of the message, in hex.
    pub(crate) fn digest(&self) -> String {
        let mut digest = Sha256::new();
        for part in self.parts() {
            digest.update(part);
        }
        hex::encode(digest.finalize())
    }
}

fn part<'a>(
    piece: Piece,
    delivery: &Delivery<'a>,
    timestamp: Option<&str>,
) -> Result<Cow<'a, [u8]>, Refusal> {
    let given = |name: &'static str, text: &'a str| {
        if text.is_empty() {
            return Err(Refusal::new(
                Reason::Missing,
                format!("the {name} is not known"),
            ));
        }
        Ok(Cow::Borrowed(text.as_bytes()))
    };
    match piece {
        Piece::Literal(literal) => Ok(Cow::Borrowed(literal.as_bytes())),
        Piece::Body => Ok(Cow::Borrowed(delivery.body)),
        Piece::Timestamp => match timestamp {
            Some(text) => Ok(Cow::Owned(text.as_bytes().to_vec())),
            None => Err(Refusal::new(Reason::Missing, "the timestamp is absent")),
        },
        Piece::Method => given("method", delivery.method),
        Piece::Path => given("path", delivery.path),
        Piece::Url => given("URL", delivery.url),
        Piece::Value(place) => match extract::text(place, delivery) {
            Ok(Cow::Borrowed(text)) => Ok(Cow::Borrowed(text.as_bytes())),
            Ok(Cow::Owned(text)) => Ok(Cow::Owned(text.into_bytes())),
            Err(lack) => Err(refuse(lack, &extract::describe(place))),
        },
    }
}

/// The refusal of a delivery that lacks something of which this is the name.
pub(crate) fn refuse(lack: Lack, what: &str) -> Refusal {
    match lack {
        Lack::Absent => Refusal::new(Reason::Missing, format!("{what} is absent or empty")),
        Lack::Unusable(why) => {
            Refusal::new(Reason::Malformed, format!("{what} can't be read: {why}"))
        }
    }
}
