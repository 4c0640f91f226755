//! What of a delivery a signature covers, worked out from what is signed.

use crate::template::{Code, INTO, Piece, Place, Template, WHOLE};

use super::{Claims, Field, Scheme};

impl Scheme {
    /// Whether the signature covers the text at this place of the delivery, so that what stands there is proven.
    #[must_use]
    pub fn covers(&self, place: Place) -> bool {
        let signed = self.message.pieces().any(|piece| match piece {
            Piece::Body => place.is_in_body(),
            Piece::Url | Piece::PathAndQuery => matches!(place, Place::Query(_)),
            Piece::Timestamp => self
                .timestamp
                .is_some_and(|timestamp| timestamp.field.is_whole(place)),
            Piece::Value(signed) => is_found_first(signed, place),
            Piece::Code(code) => code.covers(place) || self.is_in_token(code, place),
            _ => false,
        });
        signed || self.claims_cover(place) || place.is_in_body() && self.token_is_body()
    }

    /// Whether this place leads into the header of the token that is the signature, which is signed with the rest.
    fn is_in_token(&self, code: Code, place: Place) -> bool {
        let is_same_kind =
            std::mem::discriminant(&self.signature.place) == std::mem::discriminant(&place);
        let mut names = place.names();
        let is_into = |name: &str| {
            let outer = name.split_once(INTO).map(|(outer, _)| outer);
            let mut tokens = self.signature.place.names();
            outer.is_some() && tokens.next() == outer && tokens.next().is_none()
        };
        code.is_of_token() && is_same_kind && names.all(is_into)
    }

    /// The headers that are signed, to ask of each.
    #[must_use]
    pub fn signed_headers(&self) -> SignedHeaders {
        let mut signed = SignedHeaders::default();
        for piece in self.message.pieces() {
            match piece {
                Piece::Value(place @ Place::Header(_)) => signed.places.push(place),
                Piece::Timestamp => {
                    let field = self.timestamp.map(|timestamp| timestamp.field);
                    let whole = field.filter(|field| field.is_whole(field.place));
                    let place = whole.map(|field| field.place);
                    signed
                        .places
                        .extend(place.filter(|place| matches!(place, Place::Header(_))));
                }
                Piece::Code(code) => signed.codes.push(code),
                _ => {}
            }
        }
        signed
    }

    /// Whether the signature covers all of which this text is made.
    #[must_use]
    pub fn covers_text(&self, template: Template) -> bool {
        template.pieces().all(|piece| match piece {
            Piece::Literal(_) => true,
            Piece::Value(place) => self.covers(place),
            _ => false,
        })
    }

    /// Whether the signature covers the whole body. Where it doesn't, a delivery's origin is proven,
    /// but not all that it says.
    #[must_use]
    pub fn covers_body(&self) -> bool {
        let signed = self.message.pieces().any(|piece| match piece {
            Piece::Body => true,
            Piece::Code(code) => code.covers_body(),
            _ => false,
        });
        signed || self.claims.is_some_and(Claims::cover_body) || self.token_is_body()
    }

    /// Whether the token that is the signature is all of the body.
    #[must_use]
    pub fn token_is_body(&self) -> bool {
        self.signature.place == Place::Jwt(WHOLE) && self.message.contains(Piece::Code(Code::Jws))
    }

    /// Whether the signature covers a text that is new in each delivery, as a token, a nonce or a transmission's
    /// id, and not the body: then one signature is one event, whichever body is sent with it. A time alone is
    /// none, for two events may fall into one second; nor is a JSON Web Token, which senders use for as long as
    /// it is valid.
    #[must_use]
    pub fn signs_a_number_used_once(&self) -> bool {
        let is_new = |piece| match piece {
            Piece::Value(_) => true,
            Piece::Code(code) => code.is_new_each_time(),
            _ => false,
        };
        !self.covers_body() && self.message.pieces().any(is_new)
    }

    /// Whether the URL, or a part of it, is signed: then it matters which one it is.
    #[must_use]
    pub fn signs_url(&self) -> bool {
        self.message.has_url()
            || self.compared().any(Template::has_url)
            || (self.claims).is_some_and(|claims| {
                claims.request_digest.is_some() || claims.url_digest.is_some()
            })
    }

    fn claims_cover(&self, place: Place) -> bool {
        self.claims.is_some_and(|claims| match place {
            Place::Json(_) | Place::Form(_) | Place::Jwt(_) => claims.cover_body(),
            Place::Query(_) => {
                let is_url = |(_, text): &(&str, Template)| text.contains(Piece::Url);
                claims.request_digest.is_some()
                    || claims.url_digest.is_some()
                    || claims.equal.iter().any(is_url)
            }
            Place::Header(_) => false,
        })
    }
}

/// The headers that a scheme signs.
#[derive(Clone, Debug, Default)]
pub struct SignedHeaders {
    places: Vec<Place>,
    codes: Vec<Code>,
}

impl SignedHeaders {
    /// Whether this header, which is there, is signed: of alternatives only the first that is there is. `is_there`
    /// says it of the others.
    #[must_use]
    pub fn contain(&self, name: &'static str, is_there: impl Fn(&str) -> bool) -> bool {
        let is_name = |found: &str| found.eq_ignore_ascii_case(name);
        let is_it = |place: &Place| {
            let first = (place.names()).find(|found| is_name(found) || is_there(found));
            first.is_some_and(is_name)
        };
        self.places.iter().any(is_it)
            || (self.codes.iter()).any(|code| code.covers(Place::Header(name)))
    }
}

impl Claims {
    /// Whether they pin down the whole body: by its digest, or by the body itself.
    fn cover_body(&self) -> bool {
        let is_body = |(_, text): &(&str, Template)| text.is_body();
        self.body_digest.is_some() || self.equal.iter().any(is_body)
    }
}

impl Field {
    /// Whether the field is all that stands at this place.
    fn is_whole(&self, place: Place) -> bool {
        self.split.is_none() && self.prefixes == [""] && is_found_first(self.place, place)
    }
}

/// Whether what is read at a place is what is signed at the other: of both the first alternative that is there
/// counts, and the signed text must be there.
fn is_found_first(signed: Place, read: Place) -> bool {
    let is_header = matches!(signed, Place::Header(_));
    let is_same = |one: &str, other: &str| {
        // Of a header the name knows no case, and a path into its text does.
        let in_any_case = || one.eq_ignore_ascii_case(other) && path(one) == path(other);
        one == other || is_header && in_any_case()
    };
    let is_same_kind = std::mem::discriminant(&signed) == std::mem::discriminant(&read);
    is_same_kind
        && (signed.names())
            .zip(read.names())
            .all(|(signed, read)| is_same(signed, read))
}

fn path(name: &str) -> Option<&str> {
    name.split_once(INTO).map(|(_, path)| path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scheme::{Claims, Timestamp, Tolerance, Unit};

    #[test]
    fn an_alternative_that_is_not_signed_may_only_stand_behind_the_signed_one() {
        let scheme = Scheme {
            message: Template::new("{header:A-Id|B-Id}.{json:token}"),
            ..Scheme::PLAIN
        };
        for (place, covered) in [
            (Place::Header("A-Id|B-Id"), true),
            (Place::Header("a-id|b-id|C-Id"), true),
            (Place::Header("A-Id"), true),
            (Place::Header("B-Id|A-Id"), false),
            (Place::Header("C-Id|A-Id|B-Id"), false),
            (Place::Json("token"), true),
            (Place::Json("token|id"), true),
            (Place::Json("Token"), false),
            (Place::Json("id|token"), false),
            (Place::Query("token"), false),
        ] {
            assert_eq!(scheme.covers(place), covered, "{place:?}");
        }
        let with = |there: &'static [&str]| move |name: &str| there.contains(&name);
        assert!(scheme.signed_headers().contain("a-id", with(&["B-Id"])));
        assert!(scheme.signed_headers().contain("B-Id", with(&[])));
        assert!(!scheme.signed_headers().contain("B-Id", with(&["A-Id"])));
        assert!(!scheme.signed_headers().contain("C-Id", with(&[])));
        assert!(!scheme.covers_body() && scheme.signs_a_number_used_once());
        assert!(scheme.covers_text(Template::new("x-{json:token}")));
        assert!(!scheme.covers_text(Template::new("{json:token}{json:id}")));
    }

    #[test]
    fn a_headers_name_knows_no_case_and_a_path_into_its_text_does() {
        let scheme = Scheme {
            message: Template::new("{header:X-Data>Id}.{body}"),
            ..Scheme::PLAIN
        };
        for (place, covered) in [
            (Place::Header("x-data>Id"), true),
            (Place::Header("X-Data>id"), false),
            (Place::Header("X-Data"), false),
        ] {
            assert_eq!(scheme.covers(place), covered, "{place:?}");
        }
    }

    #[test]
    fn a_time_is_covered_where_it_fills_its_header() {
        let timed = |field| Scheme {
            message: Template::new("{timestamp}.{body}"),
            timestamp: Some(Timestamp {
                field,
                unit: Unit::Seconds,
                tolerance: Tolerance::both(1),
            }),
            ..Scheme::PLAIN
        };
        let at = Field::header("X-Time");
        assert!(timed(at).covers(Place::Header("x-time")));
        assert!(!timed(at.after(&["t="])).covers(Place::Header("x-time")));
        assert!(!timed(at.split(',')).covers(Place::Header("x-time")));
        assert!(!timed(at).covers(Place::Header("x-other")));
        let only = Scheme {
            message: Template::new("{timestamp}"),
            ..timed(at)
        };
        assert!(!only.signs_a_number_used_once());
    }

    #[test]
    fn a_token_that_is_the_body_covers_all_of_it() {
        let scheme = Scheme {
            signature: Field::jwt(),
            encoding: crate::scheme::Encoding::Jws,
            message: Template::new("{jws}"),
            ..Scheme::PLAIN
        };
        for (place, covered) in [
            (Place::Jwt("data.id"), true),
            (Place::Json("data.id"), true),
            (Place::Query("id"), false),
            (Place::Header("webhook-id"), false),
        ] {
            assert_eq!(scheme.covers(place), covered, "{place:?}");
        }
        assert!(scheme.covers_body() && !scheme.signs_a_number_used_once());
        let elsewhere = Scheme {
            signature: Field::header("Authorization"),
            ..scheme
        };
        assert!(!elsewhere.covers_body());
    }

    #[test]
    fn claims_cover_what_they_name() {
        const AUDIENCE: &[(&str, Template)] = &[("aud", Template::new("{url}"))];
        let with = |claims| Scheme {
            message: Template::new("{jws}"),
            claims: Some(claims),
            ..Scheme::PLAIN
        };
        let places = [
            Place::Json("a"),
            Place::Form("a"),
            Place::Query("a"),
            Place::Header("a"),
        ];
        for (claims, covered) in [
            (&Claims::NONE, [false; 4]),
            (
                &Claims {
                    body_digest: Some(("sha256", crate::scheme::Encoding::Hex)),
                    ..Claims::NONE
                },
                [true, true, false, false],
            ),
            (
                &Claims {
                    url_digest: Some(("url", crate::scheme::Encoding::Hex)),
                    ..Claims::NONE
                },
                [false, false, true, false],
            ),
            (
                &Claims {
                    request_digest: Some("qsh"),
                    ..Claims::NONE
                },
                [false, false, true, false],
            ),
            (
                &Claims {
                    equal: AUDIENCE,
                    ..Claims::NONE
                },
                [false, false, true, false],
            ),
        ] {
            assert_eq!(places.map(|place| with(claims).covers(place)), covered);
            assert!(!with(claims).signs_a_number_used_once());
        }
    }
}
