//! Parameters that contradict each other.

use crate::template::{Code, Piece, Place, Template};

use super::{Algorithm, Encoding, Field, KeyForm, Scheme};

/// How many forms of the URL a scheme may have: each costs a signature over the whole message, for
/// whoever sends one.
const MAX_URL_FORMS: usize = 12;

impl Scheme {
    /// What makes the parameters contradict each other, if anything.
    #[must_use]
    pub fn fault(&self) -> Option<String> {
        let token = self.algorithm == Algorithm::Token;
        if token && !self.message.text().is_empty() {
            return Some("a token signs no message".into());
        }
        if !token && let Some(fault) = self.message.fault() {
            return Some(fault);
        }
        self.compared()
            .find_map(Template::fault)
            .or_else(|| self.fault_of_url())
            .or_else(|| self.fault_of_time())
            .or_else(|| self.fault_of_signature())
    }

    fn fault_of_url(&self) -> Option<String> {
        let forms: usize = self.url_forms.iter().map(|form| form.count()).product();
        if forms > MAX_URL_FORMS {
            return Some(format!(
                "the URL would have {forms} forms, each of which is tried; there may be {MAX_URL_FORMS}"
            ));
        }
        (!self.message.has_url() && !self.url_forms.is_empty())
            .then(|| "the URL has forms, but the message has no URL in it".into())
    }

    fn fault_of_time(&self) -> Option<String> {
        let signed_time = self.message.contains(Piece::Timestamp);
        match self.timestamp {
            None if signed_time => {
                Some("the message has {timestamp}, but the scheme names no timestamp".into())
            }
            // A time that stands in the signed body is signed with it.
            Some(timestamp) if !signed_time && !self.covers(timestamp.field.place) => Some(
                "the timestamp is not in the message: unsigned, it proves nothing and must not be checked"
                    .into(),
            ),
            _ => None,
        }
    }

    fn fault_of_groups(&self) -> Option<String> {
        self.signature.group?;
        let in_them = |field: Field| {
            (field.place, field.group) == (self.signature.place, self.signature.group)
        };
        let has_time = self.timestamp.is_some_and(|time| in_them(time.field));
        let mut pieces = self.message.pieces();
        if has_time && !pieces.any(|piece| matches!(piece, Piece::Code(_))) {
            return None;
        }
        Some("the signature stands in groups, but no time stands in the same ones".into())
    }

    fn fault_of_signature(&self) -> Option<String> {
        if self.algorithm.is_public_key() != matches!(self.key, KeyForm::Public { .. }) {
            return Some(format!(
                "a key of the form {:?} does not fit {:?}",
                self.key, self.algorithm
            ));
        }
        if self.signature.prefixes.is_empty() {
            return Some(
                "the signature has no prefix to look for; an empty one takes it as it is".into(),
            );
        }
        if let Some(open) = (self.signature.prefixes.iter()).find(|p| p.contains("{setting:")) {
            return Some(format!("`{open}` is to be filled in under `settings`"));
        }
        if let Some(fault) = self.fault_of_groups() {
            return Some(fault);
        }
        let jws = self.encoding == Encoding::Jws;
        if jws && self.signature.split.is_some() {
            return Some("a JSON Web Token stands alone: leave `split` out".into());
        }
        if jws && self.algorithm.jws_name().is_none() {
            return Some(format!("{:?} signs no tokens", self.algorithm));
        }
        if matches!(self.signature.place, Place::Jwt(_)) && !self.token_is_body() {
            return Some(
                "a body that is a token is its own signature: write `jwt = \".\"` and the message {jws}".into(),
            );
        }
        if self.claims.is_some() && !jws {
            return Some("there are claims, but the signature is no token".into());
        }
        if self.claims.is_some() && self.message.contains(Piece::Code(Code::JwsDetached)) {
            return Some("there are claims, but the token's payload is the body".into());
        }
        let mut pieces = self.message.pieces();
        let of_token = |piece| matches!(piece, Piece::Code(code) if code.is_of_token());
        if pieces.any(of_token) && !jws {
            return Some("the message is a token's, but the signature is no token".into());
        }
        let time = self.timestamp.map(|time| time.field.place);
        let is_http_message = self.message.contains(Piece::Code(Code::HttpMessage));
        // As such it is known, and the end that it names is held against the clock.
        if is_http_message && self.encoding != Encoding::Structured {
            return Some("an HTTP message signature is written as `structured`".into());
        }
        if is_http_message && time != Some(Place::Header("Signature-Input>created")) {
            return Some(
                "the time of an HTTP message signature is { header = \"Signature-Input>created\", unit = \"s\" }"
                    .into(),
            );
        }
        if self.encoding == Encoding::Text && self.algorithm != Algorithm::Token {
            return Some("only a token is sent as text".into());
        }
        None
    }
}
