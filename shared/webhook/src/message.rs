//! The bytes that are signed.

use std::borrow::Cow;

use catalogue::{Piece, Scheme};
use sha2::{Digest as _, Sha256};

use crate::{
    compose,
    delivery::Delivery,
    extract::{self, Lack},
    refusal::{Reason, Refusal},
};

/// A signed message in parts, so that the body needn't be copied to be hashed.
pub(crate) struct Message<'a>(Vec<Cow<'a, [u8]>>);

impl<'a> Message<'a> {
    /// Renders a scheme's message with the timestamp's raw text: a provider signs `0170…` as it sends
    /// it, not the number. There are several where the provider may have signed one of several forms.
    pub(crate) fn render(
        scheme: &Scheme,
        delivery: &Delivery<'a>,
        timestamp: Option<&str>,
    ) -> Result<Vec<Self>, Refusal> {
        let mut messages = vec![Self(Vec::new())];
        let mut malformed = None;
        for piece in scheme.message.pieces() {
            match part(piece, scheme, delivery, timestamp) {
                Ok(forms) => messages = with_each(messages, forms),
                // What is missing is said before what is malformed, wherever it stands.
                Err(refusal) if refusal.reason == Reason::Missing => return Err(refusal),
                Err(refusal) => malformed = malformed.or(Some(refusal)),
            }
        }
        malformed.map_or(Ok(messages), Err)
    }

    /// A message of these bytes.
    pub(crate) fn of(bytes: &'a [u8]) -> Self {
        Self(vec![Cow::Borrowed(bytes)])
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

    /// SHA-256 of the message and what is put behind it, in hex.
    pub(crate) fn digest(&self, further: &[&[u8]]) -> String {
        let mut digest = Sha256::new();
        for part in self.parts().chain(further.iter().copied()) {
            digest.update(part);
        }
        hex::encode(digest.finalize())
    }
}

/// The messages with a further part, in each of its forms.
fn with_each<'a>(
    mut messages: Vec<Message<'a>>,
    mut forms: Vec<Cow<'a, [u8]>>,
) -> Vec<Message<'a>> {
    if let ([Message(parts)], [_]) = (messages.as_mut_slice(), forms.as_slice()) {
        parts.append(&mut forms);
        return messages;
    }
    let with = |parts: &[Cow<'a, [u8]>], form: &Cow<'a, [u8]>| {
        Message(parts.iter().chain([form]).cloned().collect())
    };
    messages
        .iter()
        .flat_map(|Message(parts)| forms.iter().map(move |form| with(parts, form)))
        .collect()
}

/// The forms of one part of the message; all but a few have one.
fn part<'a>(
    piece: Piece,
    scheme: &Scheme,
    delivery: &Delivery<'a>,
    timestamp: Option<&str>,
) -> Result<Vec<Cow<'a, [u8]>>, Refusal> {
    let given = |name: &'static str, text: &'a str| {
        if text.is_empty() {
            return Err(Refusal::new(
                Reason::Missing,
                format!("the {name} is not known"),
            ));
        }
        Ok(Cow::Borrowed(text.as_bytes()))
    };
    let part = match piece {
        Piece::Literal(literal) => Cow::Borrowed(literal.as_bytes()),
        Piece::Body => Cow::Borrowed(delivery.body),
        Piece::Timestamp => match timestamp {
            Some(text) => Cow::Owned(text.as_bytes().to_vec()),
            None => return Err(Refusal::new(Reason::Missing, "the timestamp is absent")),
        },
        Piece::Method => given("method", delivery.method)?,
        Piece::Path => given("path", delivery.path)?,
        Piece::Url => given("URL", delivery.url)?,
        Piece::UrlWithoutQuery => given("URL", delivery.url_without_query())?,
        Piece::Value(place) => match extract::text(place, delivery) {
            Ok(Cow::Borrowed(text)) => Cow::Borrowed(text.as_bytes()),
            Ok(Cow::Owned(text)) => Cow::Owned(text.into_bytes()),
            Err(lack) => return Err(refuse(lack, &extract::describe(place))),
        },
        Piece::Code(code) => return compose::compose(code, scheme, delivery, timestamp),
    };
    Ok(vec![part])
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
