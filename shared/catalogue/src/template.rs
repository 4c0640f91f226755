//! The one small language of the table: text with placeholders.
//!
//! A message to sign, an event id and an event type are all templates:
//! `{timestamp}.{body}`, `{json:verification_id}-{json:type}`, `{header:X-GitHub-Event}`.
//!
//! | placeholder | stands for |
//! |---|---|
//! | `{body}` | the raw body, byte for byte |
//! | `{timestamp}` | the timestamp's text exactly as it was sent, never the parsed number |
//! | `{method}` | the HTTP method, in capitals |
//! | `{url}` | the URL that the provider signs: as it was entered there, if the source says so, else as it was called |
//! | `{url_without_query}` | the same without `?` and what follows |
//! | `{path_and_query}` `{path}` | the same without scheme and host, and without all but the path |
//! | `{header:A\|B}` | the first of these headers that is there |
//! | `{json:a.b\|c}` | the first of these paths of the JSON body that is there: a string's text, or a number as written |
//! | `{form:f}` `{query:q}` | a field of the form body, or of the query, percent-decoded |
//! | `{setting:name}` | what the source says under `settings`; filled in when `landfall.toml` is read |
//! | `{jws}`, `{twilio}`, … | bytes that no template can express, made by a function of that name: [`Code`] |
//!
//! A number in a JSON path is a position in an array, `*` stands for every element. A header name that
//! ends in `-*` stands for the same name with every number.

/// A text with placeholders. Construct it with [`Template::new`]; [`Template::fault`] tells
/// whether it is well formed, and the table's tests and the reader of `landfall.toml` ask it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Template(&'static str);

/// One part of a [`Template`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Text that stands for itself.
    Literal(&'static str),
    /// The raw body.
    Body,
    /// The timestamp as it was sent.
    Timestamp,
    /// The HTTP method.
    Method,
    /// The path, without the query.
    Path,
    /// The path and, where there is a query, `?` and the query.
    PathAndQuery,
    /// Scheme, host, path and query.
    Url,
    /// Scheme, host and path.
    UrlWithoutQuery,
    /// A text taken from the delivery.
    Value(Place),
    /// Bytes that a function of its own makes of the delivery.
    Code(Code),
}

/// What a template can't express. Each is a function of the core's `compose` module; sources that
/// spell out a scheme of their own can't name them, for they belong to one provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// `{adyen}`: eight fields of the one payment notification, joined by colons.
    Adyen,
    /// `{braintree}`: the form field `bt_payload`, as it is and with a line end.
    Braintree,
    /// `{contentful}`: the headers that a header lists.
    Contentful,
    /// `{crc32}`: CRC-32 of the body as a decimal number.
    Crc32,
    /// `{hook0}`: time, the list of headers and their values, a dot behind each.
    Hook0,
    /// `{jws}`: header and payload of the token that is the signature.
    Jws,
    /// `{mercado-pago}`: those of three texts that are there.
    MercadoPago,
    /// `{plivo-v3}`: URL, sorted parameters and nonce.
    PlivoV3,
    /// `{sns}`: the signed fields of an SNS message, in alphabetical order.
    Sns,
    /// `{truelayer}`: the token's header, and as its payload method, path, the headers that it lists and body.
    Truelayer,
    /// `{twilio}`: the sorted form fields, or nothing where the URL has the body's digest.
    Twilio,
}

/// Where in a delivery a text stands. Several names are alternatives, separated by `|`: the first
/// that is there counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Header names; they compare without regard to case.
    Header(&'static str),
    /// Dotted paths into the JSON body.
    Json(&'static str),
    /// Fields of a form body, percent-encoded or multipart as its content type says.
    Form(&'static str),
    /// Parameters of the query.
    Query(&'static str),
}

impl Place {
    /// Reads `header:NAME`, `json:PATH`, `form:FIELD` or `query:NAME`, alternatives separated by `|`.
    #[must_use]
    pub fn parse(text: &'static str) -> Option<Self> {
        type Of = fn(&'static str) -> Place;
        let kinds: [(&str, Of); 4] = [
            ("header:", Self::Header),
            ("json:", Self::Json),
            ("form:", Self::Form),
            ("query:", Self::Query),
        ];
        let (names, of) =
            (kinds.iter()).find_map(|(kind, of)| Some((text.strip_prefix(kind)?, of)))?;
        // Most have one name alone, and templates are read anew for each delivery.
        let has_empty =
            names.is_empty() || names.contains('|') && names.split('|').any(str::is_empty);
        (!has_empty).then(|| of(names))
    }

    /// The alternatives, in the order in which they are tried.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        let (Self::Header(names) | Self::Json(names) | Self::Form(names) | Self::Query(names)) =
            self;
        names.split('|')
    }

    /// Whether the text stands in the body.
    #[must_use]
    pub fn is_in_body(self) -> bool {
        matches!(self, Self::Json(_) | Self::Form(_))
    }
}

impl Code {
    /// The function of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "adyen" => Self::Adyen,
            "braintree" => Self::Braintree,
            "contentful" => Self::Contentful,
            "crc32" => Self::Crc32,
            "hook0" => Self::Hook0,
            "jws" => Self::Jws,
            "mercado-pago" => Self::MercadoPago,
            "plivo-v3" => Self::PlivoV3,
            "sns" => Self::Sns,
            "truelayer" => Self::Truelayer,
            "twilio" => Self::Twilio,
            _ => return None,
        })
    }

    /// Its name, as in `{name}`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Adyen => "adyen",
            Self::Braintree => "braintree",
            Self::Contentful => "contentful",
            Self::Crc32 => "crc32",
            Self::Hook0 => "hook0",
            Self::Jws => "jws",
            Self::MercadoPago => "mercado-pago",
            Self::PlivoV3 => "plivo-v3",
            Self::Sns => "sns",
            Self::Truelayer => "truelayer",
            Self::Twilio => "twilio",
        }
    }

    /// Whether the URL, or a part of it, is in what it makes.
    #[must_use]
    pub const fn signs_url(self) -> bool {
        matches!(self, Self::PlivoV3 | Self::Truelayer | Self::MercadoPago)
    }

    /// Whether what it makes pins down the text at this place.
    #[must_use]
    pub fn covers(self, place: Place) -> bool {
        match (self, place) {
            // Whose body is covered has the rest of it covered, too.
            (_, place) if place.is_in_body() && self.covers_body() => true,
            (Self::Adyen, Place::Json(paths)) => paths.split('|').all(|path| {
                let item = path
                    .strip_prefix("notificationItems.0.NotificationRequestItem.")
                    .unwrap_or(path);
                matches!(
                    item,
                    "pspReference"
                        | "eventCode"
                        | "success"
                        | "merchantReference"
                        | "originalReference"
                )
            }),
            (Self::Sns, Place::Json(path)) => {
                matches!(
                    path,
                    "MessageId" | "Message" | "Timestamp" | "TopicArn" | "Type"
                )
            }
            // Refused, where the list of signed headers lacks it.
            (Self::Contentful, Place::Header(name)) => {
                name.eq_ignore_ascii_case("x-contentful-timestamp")
            }
            // Refused, likewise.
            (Self::Truelayer, Place::Header(name)) => {
                name.eq_ignore_ascii_case("X-Tl-Webhook-Timestamp")
            }
            // Its time stands in the same header.
            (Self::Hook0, Place::Header(name)) => name.eq_ignore_ascii_case("X-Hook0-Signature"),
            (Self::PlivoV3, Place::Query(_)) => true,
            (Self::MercadoPago, Place::Query(name)) => name == "data.id",
            // The time stands in the header of the signature here, too.
            (Self::MercadoPago, Place::Header(name)) => ["x-request-id", "x-signature"]
                .iter()
                .any(|signed| name.eq_ignore_ascii_case(signed)),
            _ => false,
        }
    }

    /// Whether it signs a text that is new in each delivery.
    #[must_use]
    pub const fn is_new_each_time(self) -> bool {
        matches!(self, Self::MercadoPago | Self::PlivoV3)
    }

    /// Whether the delivery lists the headers that are signed.
    #[must_use]
    pub const fn lists_headers(self) -> bool {
        matches!(self, Self::Contentful | Self::Hook0 | Self::Truelayer)
    }

    /// Whether what it makes pins down the whole body. A checksum doesn't: other bodies have the same.
    #[must_use]
    pub const fn covers_body(self) -> bool {
        matches!(
            self,
            Self::Braintree | Self::PlivoV3 | Self::Truelayer | Self::Twilio
        )
    }
}

impl Template {
    /// A template with this text.
    #[must_use]
    pub const fn new(text: &'static str) -> Self {
        Self(text)
    }

    /// The text as written.
    #[must_use]
    pub fn text(self) -> &'static str {
        self.0
    }

    /// The parts, in order. What is not well formed stands for itself.
    pub fn pieces(self) -> impl Iterator<Item = Piece> {
        Pieces(self.0)
    }

    /// Whether the template has this part.
    #[must_use]
    pub fn contains(self, piece: Piece) -> bool {
        self.pieces().any(|found| found == piece)
    }

    /// Whether the URL, or a part of it, is in the template.
    #[must_use]
    pub fn has_url(self) -> bool {
        self.pieces().any(|piece| match piece {
            Piece::Url | Piece::UrlWithoutQuery | Piece::Path | Piece::PathAndQuery => true,
            Piece::Code(code) => code.signs_url(),
            _ => false,
        })
    }

    /// Whether a setting of the source's is still to be filled in.
    #[must_use]
    pub fn has_setting(self) -> bool {
        self.0.contains("{setting:")
    }

    /// The template with these texts for `{setting:name}`; others stay as they are.
    pub(crate) fn with_settings(self, settings: &[(&str, &str)]) -> Self {
        let mut filled = self.0.to_owned();
        for (name, text) in settings {
            filled = filled.replace(&format!("{{setting:{name}}}"), text);
        }
        if filled == self.0 {
            self
        } else {
            Self(filled.leak())
        }
    }

    /// What is wrong with the template, if anything.
    #[must_use]
    pub fn fault(self) -> Option<String> {
        if self.0.is_empty() {
            return Some("the template is empty".into());
        }
        self.pieces().find_map(|piece| match piece {
            Piece::Literal(text) if text.starts_with("{setting:") => {
                Some(format!("`{text}` is to be filled in under `settings`"))
            }
            Piece::Literal(text) if text.contains(['{', '}']) => Some(format!(
                "`{text}` is no placeholder; there are {{body}}, {{timestamp}}, {{method}}, {{url}}, \
                 {{url_without_query}}, {{path_and_query}}, {{path}}, {{header:NAME}}, {{json:PATH}}, {{form:FIELD}} and {{query:NAME}}"
            )),
            _ => None,
        })
    }
}

struct Pieces(&'static str);

impl Iterator for Pieces {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        if self.0.is_empty() {
            return None;
        }
        let bytes = self.0.as_bytes();
        if bytes[0] == b'{'
            && let Some(end) = bytes.iter().position(|byte| *byte == b'}')
        {
            let name = &self.0[1..end];
            let piece = placeholder(name).unwrap_or(Piece::Literal(&self.0[..=end]));
            self.0 = &self.0[end + 1..];
            return Some(piece);
        }
        // At least one character, so that an opening brace that never closes can't stop the reading.
        let end = bytes[1..]
            .iter()
            .position(|byte| *byte == b'{')
            .map_or(bytes.len(), |at| at + 1);
        let (literal, rest) = self.0.split_at(end);
        self.0 = rest;
        Some(Piece::Literal(literal))
    }
}

fn placeholder(name: &'static str) -> Option<Piece> {
    Some(match name {
        "body" => Piece::Body,
        "timestamp" => Piece::Timestamp,
        "method" => Piece::Method,
        "path" => Piece::Path,
        "path_and_query" => Piece::PathAndQuery,
        "url" => Piece::Url,
        "url_without_query" => Piece::UrlWithoutQuery,
        _ => match Code::named(name) {
            Some(code) => Piece::Code(code),
            None => Piece::Value(Place::parse(name)?),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(text: &'static str) -> Vec<Piece> {
        Template::new(text).pieces().collect()
    }

    #[test]
    fn literals_and_placeholders_are_told_apart() {
        assert_eq!(
            pieces("v0:{timestamp}:{body}"),
            [
                Piece::Literal("v0:"),
                Piece::Timestamp,
                Piece::Literal(":"),
                Piece::Body
            ]
        );
        assert_eq!(
            pieces("{json:a.b|c}-{header:X-Id}"),
            [
                Piece::Value(Place::Json("a.b|c")),
                Piece::Literal("-"),
                Piece::Value(Place::Header("X-Id"))
            ]
        );
    }

    #[test]
    fn alternatives_are_tried_in_their_order() {
        let names: Vec<_> = Place::Header("svix-id|webhook-id").names().collect();
        assert_eq!(names, ["svix-id", "webhook-id"]);
    }

    #[test]
    fn a_template_that_is_not_well_formed_says_so() {
        for text in [
            "",
            "{",
            "{bod}",
            "{header:}",
            "{header:a|}",
            "{body",
            "body}",
            "{json}",
            "é{",
        ] {
            assert!(Template::new(text).fault().is_some(), "{text:?}");
        }
        for text in ["{body}", "{url}{body}", "hmacsha256={body}", "é{body}"] {
            assert_eq!(Template::new(text).fault(), None, "{text:?}");
        }
    }
}
