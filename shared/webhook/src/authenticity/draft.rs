//! Composes the bytes that are signed.

use std::borrow::Cow;

use catalogue::{Code, Piece, Scheme};

use crate::{
    authenticity::compose,
    reading::{
        delivery::Delivery,
        extract::{self, refuse},
        message::Message,
        url,
    },
    refusal::{Reason, Refusal},
};

/// A message of which all is found but what a function of its own composes: that may read the whole
/// body, and is left until a signature is there that it could be held against.
pub(crate) struct Draft<'a>(Vec<Drafted<'a>>);

enum Drafted<'a> {
    Found(Cow<'a, [u8]>),
    /// The URL or a part of it, which may have been signed in several forms.
    Url(&'a str),
    Code(Code),
}

impl<'a> Draft<'a> {
    /// A scheme's message with the timestamp's raw text: a provider signs `0170…` as it sends it, not the
    /// number.
    pub(crate) fn new(
        scheme: &Scheme,
        delivery: &Delivery<'a>,
        timestamp: Option<&str>,
    ) -> Result<Self, Refusal> {
        let mut drafted = Vec::new();
        let mut malformed = None;
        let mut before = None;
        let mut pieces = scheme.message.pieces().peekable();
        while let Some(piece) = pieces.next() {
            let found = part(piece, delivery, timestamp)
                .and_then(|part| apart(part, piece, before, pieces.peek().copied()));
            match found {
                Ok(part) => drafted.push(part),
                // What is missing is said before what is malformed, wherever it stands.
                Err(refusal) if refusal.reason == Reason::Missing => return Err(refusal),
                Err(refusal) => malformed = malformed.or(Some(refusal)),
            }
            before = Some(piece);
        }
        malformed.map_or(Ok(Self(drafted)), Err)
    }

    /// The messages. There are several where the provider may have signed one of several forms.
    pub(crate) fn messages(
        self,
        scheme: &Scheme,
        delivery: &Delivery<'a>,
        timestamp: Option<&str>,
    ) -> Result<Vec<Message<'a>>, Refusal> {
        let mut messages = vec![Message(Vec::with_capacity(self.0.len()))];
        for drafted in self.0 {
            let forms = match drafted {
                Drafted::Found(part) => {
                    // Most messages have one form, and need no copy of a part.
                    if let [Message(parts)] = messages.as_mut_slice() {
                        parts.push(part);
                        continue;
                    }
                    vec![part]
                }
                Drafted::Url(part) => url_forms(scheme, part),
                Drafted::Code(code) => compose::compose(code, scheme, delivery, timestamp)?,
            };
            messages = with_each(messages, forms);
        }
        Ok(messages)
    }
}

/// A scheme's messages at once.
pub(crate) fn render<'a>(
    scheme: &Scheme,
    delivery: &Delivery<'a>,
    timestamp: Option<&str>,
) -> Result<Vec<Message<'a>>, Refusal> {
    Draft::new(scheme, delivery, timestamp)?.messages(scheme, delivery, timestamp)
}

/// The part, if it can be told from what stands beside it: else one signature would hold for several
/// readings of the same bytes, of which the provider meant one. A text has none of the marks that end it,
/// no bracket of JSON where it touches the body, and none of a time's colons where it touches a time; a
/// text that touches a URL is letters, digits, `-` and `_`.
fn apart(
    part: Drafted<'_>,
    piece: Piece,
    before: Option<Piece>,
    after: Option<Piece>,
) -> Result<Drafted<'_>, Refusal> {
    let text: &[u8] = match &part {
        Drafted::Found(text) => text,
        Drafted::Url(url) => url.as_bytes(),
        Drafted::Code(_) => return Ok(part),
    };
    let is_free = |neighbour: Option<Piece>, mark: fn(&str) -> Option<&u8>| match (piece, neighbour)
    {
        (Piece::Value(_), Some(Piece::Literal(literal))) => {
            mark(literal).is_none_or(|mark| !text.contains(mark))
        }
        (
            Piece::Value(_)
            | Piece::Url
            | Piece::UrlWithoutQuery
            | Piece::Host
            | Piece::Path
            | Piece::PathAndQuery,
            Some(Piece::Body),
        ) => !text.iter().any(|byte| b"{}[]".contains(byte)),
        (Piece::Value(_), Some(Piece::Timestamp)) => {
            !text.iter().any(|byte| b"{}[]:".contains(byte))
        }
        (Piece::Value(_), Some(Piece::Url | Piece::UrlWithoutQuery)) => text
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(byte)),
        _ => true,
    };
    let is_apart = is_free(before, |literal| literal.as_bytes().last())
        && is_free(after, |literal| literal.as_bytes().first());
    if is_apart {
        return Ok(part);
    }
    let what = match piece {
        Piece::Value(place) => extract::describe(place),
        _ => "the URL".into(),
    };
    Err(Refusal::new(
        Reason::Malformed,
        format!("{what} can't be told from what is signed beside it"),
    ))
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

fn url_forms<'a>(scheme: &Scheme, part: &'a str) -> Vec<Cow<'a, [u8]>> {
    match scheme.url_forms {
        [] => vec![Cow::Borrowed(part.as_bytes())],
        ways => (url::forms(part, ways).into_iter())
            .map(|form| Cow::Owned(form.into_bytes()))
            .collect(),
    }
}

/// One part of the message, or who composes it.
fn part<'a>(
    piece: Piece,
    delivery: &Delivery<'a>,
    timestamp: Option<&str>,
) -> Result<Drafted<'a>, Refusal> {
    let unknown = |name: &str| Refusal::missing(format!("the {name} is not known"));
    let of_url = |part: &'a str| match delivery.url {
        "" => Err(unknown("URL")),
        _ => Ok(Drafted::Url(part)),
    };
    let part = match piece {
        Piece::Literal(literal) => Cow::Borrowed(literal.as_bytes()),
        Piece::Body => Cow::Borrowed(delivery.body),
        Piece::Timestamp => match timestamp {
            Some(text) => Cow::Owned(text.as_bytes().to_vec()),
            None => return Err(Refusal::missing("the timestamp is absent")),
        },
        Piece::Method if delivery.method.is_empty() => return Err(unknown("method")),
        Piece::Method => Cow::Borrowed(delivery.method.as_bytes()),
        Piece::Host => return of_url(delivery.host()),
        Piece::Path => return of_url(delivery.path),
        Piece::PathAndQuery => return of_url(delivery.path_and_query()),
        Piece::Url => return of_url(delivery.url),
        Piece::UrlWithoutQuery => return of_url(delivery.url_without_query()),
        Piece::Value(place) => match extract::text(place, delivery) {
            Ok(Cow::Borrowed(text)) => Cow::Borrowed(text.as_bytes()),
            Ok(Cow::Owned(text)) => Cow::Owned(text.into_bytes()),
            Err(why) => return Err(refuse(why, &extract::describe(place))),
        },
        Piece::Code(code) => return Ok(Drafted::Code(code)),
    };
    Ok(Drafted::Found(part))
}
