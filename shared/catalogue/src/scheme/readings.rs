//! Whether what is signed can be read in one way only.

use crate::template::{Code, Piece, Place};

use super::{BodyForm, Scheme, Unit};

impl Scheme {
    /// Which parts of the message can't be told from each other, if any, whatever stands in them: the bytes of one
    /// delivery would then be those of another, too, and its signature would hold for both. Verification sees to
    /// the rest: it refuses a text that has the mark beside it, or a bracket where it touches the body.
    #[must_use]
    pub fn ambiguity(&self) -> Option<String> {
        let pieces: Vec<Piece> = self.message.pieces().collect();
        let last = pieces.len().saturating_sub(1);
        for (at, pair) in pieces.windows(2).enumerate() {
            let [one, other] = pair else { continue };
            // What the message begins or ends with is no mark between two parts of it.
            let is_edge =
                |at: usize, piece| matches!(piece, Piece::Literal(_)) && (at == 0 || at == last);
            let is_told = self.is_told(*one, *other, true) || self.is_told(*other, *one, false);
            if !is_told && !is_edge(at, *one) && !is_edge(at + 1, *other) {
                return Some(format!(
                    "nothing in the message tells where {} ends and {} begins",
                    shown(*one),
                    shown(*other)
                ));
            }
        }
        pieces.iter().find_map(|piece| match piece {
            Piece::Code(code @ (Code::Twilio | Code::PlivoV3)) => Some(format!(
                "{{{}}} joins the fields of a form without marks",
                code.name()
            )),
            _ => None,
        })
    }

    /// Whether the first of two parts that touch has a form by which it is told from the other, on either side.
    fn is_told(&self, one: Piece, other: Piece, one_before: bool) -> bool {
        match (one, other) {
            // Any other mark may stand in the query, which a stranger chooses; before a bracket it hardly can.
            (Piece::Literal(mark), Piece::Url | Piece::PathAndQuery) => {
                mark.contains(char::is_whitespace) || self.body == BodyForm::Json
            }
            // A time has one form; or is digits, of which one more or less is a time ten times as far away.
            // Before them another zero says nothing.
            (Piece::Timestamp, Piece::Value(_)) => {
                self.has_written_time() || one_before && self.has_two_bounds()
            }
            // A text or URL beside it has no brackets, and it begins and ends with them; where a text of the
            // body stands, the body is JSON.
            (
                Piece::Body,
                Piece::Value(_)
                | Piece::Url
                | Piece::UrlWithoutQuery
                | Piece::Host
                | Piece::Path
                | Piece::PathAndQuery,
            ) => self.body == BodyForm::Json || matches!(other, Piece::Value(Place::Json(_))),
            // A number, a token's two parts, or what ends with a mark of its own before the body.
            (Piece::Code(code), _) => matches!(
                code,
                Code::BodySha256(_)
                    | Code::Crc32
                    | Code::HttpMessage
                    | Code::Jws
                    | Code::JwsDetached
                    | Code::Hook0
                    | Code::Contentful
            ),
            // A body has no digit where it touches a time in digits. A text that touches a URL is letters,
            // digits, `-` and `_`.
            (Piece::Literal(_) | Piece::Method | Piece::Timestamp, _)
            | (Piece::Value(_), Piece::Url | Piece::UrlWithoutQuery) => true,
            _ => false,
        }
    }

    fn has_two_bounds(&self) -> bool {
        (self.timestamp)
            .is_some_and(|time| time.tolerance.past.is_some() && time.tolerance.future.is_some())
    }

    fn has_written_time(&self) -> bool {
        self.timestamp
            .is_some_and(|time| matches!(time.unit, Unit::Iso | Unit::IsoUtc | Unit::HttpDate))
    }
}

fn shown(piece: Piece) -> String {
    match piece {
        Piece::Literal(text) => format!("`{text}`"),
        Piece::Body => "the body".into(),
        Piece::Timestamp => "the time".into(),
        Piece::Method => "the method".into(),
        Piece::Host | Piece::Path | Piece::PathAndQuery | Piece::Url | Piece::UrlWithoutQuery => {
            "the URL".into()
        }
        Piece::Value(place) => place.names().next().unwrap_or_default().into(),
        Piece::Code(code) => format!("{{{}}}", code.name()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        scheme::{Field, Timestamp, Tolerance},
        template::Template,
    };

    #[test]
    fn parts_are_told_by_a_mark_or_by_their_form() {
        let of = |message, body, unit| Scheme {
            message: Template::new(message),
            body,
            timestamp: Some(Timestamp {
                field: Field::header("T"),
                unit,
                tolerance: Tolerance::both(1),
            }),
            ..Scheme::PLAIN
        };
        for (message, any, json, iso) in [
            ("{body}", true, true, true),
            ("v0:{timestamp}:{body}", true, true, true),
            ("{timestamp}{body}", true, true, true),
            ("{header:A}.{body}", true, true, true),
            ("{header:A}{body}", false, true, false),
            ("{header:A}{header:B}.{body}", false, false, false),
            ("{header:A}{timestamp}{body}", false, false, true),
            ("{url}{body}", false, true, false),
            ("{method}{url}\n{body}", true, true, true),
            ("{path_and_query}.{body}", false, true, false),
            ("{timestamp}{header:A}.{body}", true, true, true),
            ("{body}{json:a}", true, true, true),
            ("{body}{twilio}", false, false, false),
        ] {
            let is_told = |body, unit| of(message, body, unit).ambiguity().is_none();
            assert_eq!(is_told(BodyForm::Any, Unit::Seconds), any, "{message}");
            assert_eq!(is_told(BodyForm::Json, Unit::Seconds), json, "{message}");
            assert_eq!(is_told(BodyForm::Any, Unit::Iso), iso, "{message}");
        }
    }
}
