//! How providers prove an endpoint, as parameters. `webhook::endpoint::handshake` answers; nothing here does.
//!
//! Each is one shape: how the request is told from an event, what must be proven first, and the answer.
//!
//! | placeholder of an answer | stands for |
//! |---|---|
//! | `{challenge}` | the challenge, as it was sent |
//! | `{hmac:hex}` `{hmac:base64}` `{hmac:base64url}` | its HMAC by the source's newest secret, with the scheme's algorithm |
//! | `{digest:hex}` `{digest:base64}` | SHA-256 of the challenge, the source's newest verify token and the URL without its query, one behind the other |
//! | `{setting:name}` | what the source says under `settings` |

use crate::{
    scheme::{Algorithm, Encoding, Scheme},
    template::{Place, Template},
};

/// A request that proves the endpoint instead of carrying an event. It is answered and not recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handshake {
    /// Its method.
    pub method: Method,
    /// It is none unless this text stands at this place.
    pub when: Option<(Place, &'static str)>,
    /// Where the challenge stands; without it, it is none. In the body of a request that nothing is
    /// proven of it must be the one field.
    pub challenge: Option<Place>,
    /// Which challenges are answered. Another makes it none.
    pub form: Form,
    /// What must be proven before it is answered.
    pub proof: Proof,
    /// The answer.
    pub reply: Reply,
}

/// An HTTP method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// GET.
    Get,
    /// HEAD.
    Head,
    /// POST.
    Post,
    /// PUT.
    Put,
    /// PATCH.
    Patch,
    /// DELETE.
    Delete,
}

/// Which challenges are answered. What a stranger may have echoed is short, and no markup; what a
/// stranger may have signed is no event either.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Any text: for challenges that come signed.
    Any,
    /// 1 to 1,024 printable ASCII characters, spaces among them, without `<` and `>`.
    Text,
    /// 1 to 256 letters, digits and `-._~+/=`: none of the characters that make JSON an object.
    Token,
    /// So many to so many of the digits `0-9a-f`.
    Hex(usize, usize),
}

/// What must be proven before a handshake is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// That the request is authentic, by the source's schemes like every delivery.
    Signature,
    /// That who asks knows a secret of the source that is marked as a verify token: it stands at this
    /// place. Else the answer is 403.
    VerifyToken(Place),
    /// That this place names what the source names. It is no secret. Else the answer is 404.
    Known(Place, Template),
    /// Nothing: whoever asks is answered.
    Nothing,
}

/// What a handshake is answered with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply {
    /// Always the same.
    Fixed(Fixed),
    /// 200, `text/plain`, with this text.
    Text(Template),
    /// 200, `application/json`, an object with these fields in this order, every value a string.
    Json(&'static [(&'static str, Template)]),
}

/// An answer that is always the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fixed {
    /// The HTTP status.
    pub status: u16,
    /// The content type; empty where there is no body.
    pub content_type: &'static str,
    /// The body.
    pub body: &'static str,
}

/// How a delivery is answered whose event is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accepted {
    /// 200 with JSON that tells the outcome and the event id.
    Outcome,
    /// The same for every event. Then a refusal has no body.
    Fixed(Fixed),
    /// 200, `application/json`, an object with one field: what stood in a header of the delivery, if that has the form
    /// [`Form::Token`]; else as `Outcome`.
    Echoed {
        /// The header.
        header: &'static str,
        /// The field.
        field: &'static str,
    },
}

/// One part of an answer's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReplyPiece {
    /// Text that stands for itself.
    Literal(&'static str),
    /// The challenge.
    Challenge,
    /// Its HMAC.
    Hmac(Encoding),
    /// SHA-256 of it, the verify token and the URL.
    Digest(Encoding),
}

impl Handshake {
    /// A signed delivery that says what it is. Entries name what tells it from an event, the challenge
    /// or a fixed answer.
    pub const SIGNED: Self = Self {
        method: Method::Post,
        when: None,
        challenge: None,
        form: Form::Any,
        proof: Proof::Signature,
        reply: Reply::Text(Template::new("{challenge}")),
    };

    /// A GET of anyone's whose challenge is echoed as text. Entries name where that stands.
    pub const OPEN: Self = Self {
        method: Method::Get,
        form: Form::Text,
        proof: Proof::Nothing,
        ..Self::SIGNED
    };

    /// A GET of anyone's whose challenge gets an HMAC.
    pub const OPEN_HMAC: Self = Self {
        form: Form::Token,
        ..Self::OPEN
    };

    /// A HEAD request, which wants 200.
    pub const HEAD: Self = Self {
        method: Method::Head,
        reply: Reply::Fixed(Fixed::EMPTY),
        ..Self::OPEN
    };

    /// Whether a stranger who asks gets an HMAC of what he sends.
    #[must_use]
    pub fn signs_for_strangers(&self) -> bool {
        self.proof != Proof::Signature && self.reply.has_hmac()
    }

    /// Whether it takes a verify token, to know who asks by or to answer with.
    #[must_use]
    pub fn asks_for_token(&self) -> bool {
        matches!(self.proof, Proof::VerifyToken(_)) || self.reply.has_digest()
    }

    /// The handshake with the source's own texts for `{setting:name}`.
    #[must_use]
    pub fn with_settings(self, settings: &[(&str, &str)]) -> Self {
        Self {
            proof: match self.proof {
                Proof::Known(place, text) => Proof::Known(place, text.with_settings(settings)),
                proof => proof,
            },
            reply: self.reply.with_settings(settings),
            ..self
        }
    }

    /// Whether the source's own texts change nothing of it.
    pub(crate) fn is_filled(&self) -> bool {
        let is_proof_filled = match self.proof {
            Proof::Known(_, text) => text.is_filled(),
            _ => true,
        };
        is_proof_filled && self.reply.is_filled()
    }

    /// What makes the parameters contradict each other or the schemes, if anything.
    #[must_use]
    pub fn fault(&self, schemes: &[Scheme]) -> Option<String> {
        let proven = self.proof == Proof::Signature;
        let has_body = self.method == Method::Post;
        let in_body = |place: Place| place.is_in_body();
        let other_places = [
            self.when.map(|(place, _)| place),
            match self.proof {
                Proof::VerifyToken(place) | Proof::Known(place, _) => Some(place),
                Proof::Signature | Proof::Nothing => None,
            },
        ];
        let fault = if has_body && self.when.is_none() && self.challenge.is_none() {
            "a POST with nothing to tell it from an event would swallow every one"
        } else if !has_body
            && (other_places.into_iter().flatten())
                .chain(self.challenge)
                .any(in_body)
        {
            "a GET or HEAD has no body to look into"
        } else if !proven && other_places.into_iter().flatten().any(in_body) {
            "of a body that is not signed only a challenge is read that is its one field"
        } else if !proven && matches!(self.challenge, Some(Place::Form(_))) {
            "a challenge in a body that is not signed must be a field of JSON"
        } else if !proven && self.form == Form::Any {
            "a challenge that is not signed must have a form"
        } else if !proven && self.form == Form::Text && self.reply.has_hmac() {
            "whoever may have a text signed must not have an event signed: its form must be narrower"
        } else if self.method == Method::Head && !matches!(self.reply, Reply::Fixed(_)) {
            "the answer to a HEAD has no body"
        } else if self.challenge.is_none() && !matches!(self.reply, Reply::Fixed(_)) {
            "the answer names a challenge, but the handshake has none"
        } else if proven && self.reply.has_digest() {
            "a digest answers who proves nothing: a signed challenge has an HMAC"
        } else if self.reply.has_hmac() && !schemes.iter().all(|s| is_hmac(s.algorithm)) {
            "only a scheme with an HMAC has a key for one"
        } else {
            return self.reply.fault().or_else(|| match self.proof {
                Proof::Known(_, text) => text.fault(),
                _ => None,
            });
        };
        Some(fault.into())
    }
}

const fn is_hmac(algorithm: Algorithm) -> bool {
    matches!(
        algorithm,
        Algorithm::HmacSha1 | Algorithm::HmacSha256 | Algorithm::HmacSha384 | Algorithm::HmacSha512
    )
}

impl Method {
    /// As HTTP writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

impl Form {
    /// Whether this challenge is answered.
    #[must_use]
    pub fn allows(self, challenge: &[u8]) -> bool {
        let fits: fn(u8) -> bool = match self {
            Self::Any => return true,
            Self::Text => |b| matches!(b, b' '..=b'~') && !matches!(b, b'<' | b'>'),
            Self::Token => |b| b.is_ascii_alphanumeric() || b"-._~+/=".contains(&b),
            Self::Hex(..) => |b| matches!(b, b'0'..=b'9' | b'a'..=b'f'),
        };
        self.allows_length(challenge.len()) && challenge.iter().all(|b| fits(*b))
    }

    /// Whether a challenge of so many bytes may be answered.
    #[must_use]
    pub fn allows_length(self, bytes: usize) -> bool {
        match self {
            Self::Any => true,
            Self::Text => (1..=1_024).contains(&bytes),
            Self::Token => (1..=256).contains(&bytes),
            Self::Hex(least, most) => (least..=most).contains(&bytes),
        }
    }
}

impl Reply {
    fn texts(self) -> impl Iterator<Item = Template> {
        let (one, fields) = match self {
            Self::Fixed(_) => (None, &[][..]),
            Self::Text(text) => (Some(text), &[][..]),
            Self::Json(fields) => (None, fields),
        };
        one.into_iter().chain(fields.iter().map(|(_, text)| *text))
    }

    /// Whether an HMAC of the challenge is part of it.
    #[must_use]
    pub fn has_hmac(self) -> bool {
        self.texts()
            .flat_map(reply_pieces)
            .any(|piece| matches!(piece, ReplyPiece::Hmac(_)))
    }

    /// Whether a digest of the challenge and the verify token is part of it.
    #[must_use]
    pub fn has_digest(self) -> bool {
        self.texts()
            .flat_map(reply_pieces)
            .any(|piece| matches!(piece, ReplyPiece::Digest(_)))
    }

    fn with_settings(self, settings: &[(&str, &str)]) -> Self {
        match self {
            Self::Text(text) => Self::Text(text.with_settings(settings)),
            Self::Json(fields) if !self.is_filled() => {
                let filled: Vec<_> = fields
                    .iter()
                    .map(|(name, text)| (*name, text.with_settings(settings)))
                    .collect();
                Self::Json(filled.leak())
            }
            Self::Fixed(_) | Self::Json(_) => self,
        }
    }

    fn is_filled(self) -> bool {
        match self {
            Self::Fixed(_) => true,
            Self::Text(text) => text.is_filled(),
            // Its texts are read as they are: none is taken apart.
            Self::Json(fields) => !fields.iter().any(|(_, text)| text.has_setting()),
        }
    }

    fn fault(self) -> Option<String> {
        if let Self::Fixed(fixed) = self
            && fixed.body.is_empty() != fixed.content_type.is_empty()
        {
            return Some("a content type belongs to a body".into());
        }
        self.texts()
            .flat_map(reply_pieces)
            .find_map(|piece| match piece {
                ReplyPiece::Literal(text) if text.contains(['{', '}']) => Some(format!(
                    "`{text}` is no part of an answer; there are {{challenge}}, {{hmac:hex}}, {{hmac:base64}}, \
                     {{hmac:base64url}}, {{digest:hex}} and {{digest:base64}}"
                )),
                _ => None,
            })
    }
}

impl Fixed {
    /// 200 and no body.
    pub const EMPTY: Self = Self {
        status: 200,
        content_type: "",
        body: "",
    };

    /// 204.
    pub const NO_CONTENT: Self = Self {
        status: 204,
        ..Self::EMPTY
    };
}

/// The parts of an answer's text, in order. What is not well formed stands for itself.
pub fn reply_pieces(text: Template) -> impl Iterator<Item = ReplyPiece> {
    let mut rest = text.text();
    std::iter::from_fn(move || {
        let known = [
            ("{challenge}", ReplyPiece::Challenge),
            ("{hmac:hex}", ReplyPiece::Hmac(Encoding::Hex)),
            ("{hmac:base64}", ReplyPiece::Hmac(Encoding::Base64)),
            ("{hmac:base64url}", ReplyPiece::Hmac(Encoding::Base64Url)),
            ("{digest:hex}", ReplyPiece::Digest(Encoding::Hex)),
            ("{digest:base64}", ReplyPiece::Digest(Encoding::Base64)),
        ];
        for (name, piece) in known {
            if let Some(after) = rest.strip_prefix(name) {
                rest = after;
                return Some(piece);
            }
        }
        let end = (rest.char_indices().skip(1))
            .find(|(_, c)| *c == '{')
            .map_or(rest.len(), |(at, _)| at);
        let (literal, after) = rest.split_at(end);
        rest = after;
        (!literal.is_empty()).then_some(ReplyPiece::Literal(literal))
    })
}
