//! What no template can express: the functions that a message names.

use super::place::Place;
use crate::scheme::Encoding;

/// What a template can't express. Each is a function of `webhook::authenticity::compose`. Most belong to one provider, and
/// sources that spell out a scheme of their own can't name those; a few belong to a standard ([`Code::is_standard`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// `{adyen}`: eight fields of the one payment notification, joined by colons.
    Adyen,
    /// `{body_sha256:hex}`, `{body_sha256:base64}`: SHA-256 of the body.
    BodySha256(Encoding),
    /// `{braintree}`: the form field `bt_payload`, as it is and with a line end.
    Braintree,
    /// `{contentful}`: the headers that a header lists.
    Contentful,
    /// `{crc32}`: CRC-32 of the body as a decimal number.
    Crc32,
    /// `{hook0}`: time, the list of headers and their values, a dot behind each.
    Hook0,
    /// `{http-message}`: the signature base of RFC 9421, of the components that the delivery lists, the body's digest
    /// among them.
    HttpMessage,
    /// `{hygraph}`: JSON with the body as a text, and the environment and the time of the signature's header.
    Hygraph,
    /// `{jws}`: header and payload of the token that is the signature.
    Jws,
    /// `{jws-detached}`: the header of the token that is the signature, and the body in the place of the payload that
    /// wasn't sent: in base64url, or as it is where the header says so (RFC 7797).
    JwsDetached,
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

impl Code {
    /// The function of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "adyen" => Self::Adyen,
            "body_sha256:hex" => Self::BodySha256(Encoding::Hex),
            "body_sha256:base64" => Self::BodySha256(Encoding::Base64),
            "braintree" => Self::Braintree,
            "contentful" => Self::Contentful,
            "crc32" => Self::Crc32,
            "hook0" => Self::Hook0,
            "http-message" => Self::HttpMessage,
            "hygraph" => Self::Hygraph,
            "jws" => Self::Jws,
            "jws-detached" => Self::JwsDetached,
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
            Self::BodySha256(Encoding::Hex) => "body_sha256:hex",
            Self::BodySha256(_) => "body_sha256:base64",
            Self::Braintree => "braintree",
            Self::Contentful => "contentful",
            Self::Crc32 => "crc32",
            Self::Hook0 => "hook0",
            Self::HttpMessage => "http-message",
            Self::Hygraph => "hygraph",
            Self::Jws => "jws",
            Self::JwsDetached => "jws-detached",
            Self::MercadoPago => "mercado-pago",
            Self::PlivoV3 => "plivo-v3",
            Self::Sns => "sns",
            Self::Truelayer => "truelayer",
            Self::Twilio => "twilio",
        }
    }

    /// Whether a source that spells out a scheme of its own may name it: it belongs to a standard, not to a provider.
    #[must_use]
    pub const fn is_standard(self) -> bool {
        matches!(
            self,
            Self::BodySha256(_) | Self::HttpMessage | Self::Jws | Self::JwsDetached
        )
    }

    /// Whether it is made of the token that is the signature.
    #[must_use]
    pub const fn is_of_token(self) -> bool {
        matches!(self, Self::Jws | Self::JwsDetached | Self::Truelayer)
    }

    /// Whether the URL, or a part of it, is in what it makes.
    #[must_use]
    pub const fn signs_url(self) -> bool {
        matches!(
            self,
            Self::HttpMessage | Self::PlivoV3 | Self::Truelayer | Self::MercadoPago
        )
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
            // Refused, where it is not in the list of signed headers.
            (Self::Contentful, Place::Header(name)) => {
                name.eq_ignore_ascii_case("x-contentful-timestamp")
            }
            // Refused, likewise.
            (Self::Truelayer, Place::Header(name)) => {
                name.eq_ignore_ascii_case("X-Tl-Webhook-Timestamp")
            }
            // What is signed and when, which is signed itself.
            (Self::HttpMessage, Place::Header(name)) => name == "Signature-Input>created",
            // Its time stands in the same header.
            (Self::Hygraph, Place::Header(name)) => name.eq_ignore_ascii_case("gcms-signature"),
            // Likewise.
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
        matches!(
            self,
            Self::Contentful | Self::Hook0 | Self::HttpMessage | Self::Truelayer
        )
    }

    /// Whether what it makes pins down the whole body. A checksum doesn't: other bodies have the same.
    #[must_use]
    pub const fn covers_body(self) -> bool {
        matches!(
            self,
            Self::BodySha256(_)
                | Self::Braintree
                | Self::HttpMessage
                | Self::Hygraph
                | Self::JwsDetached
                | Self::PlivoV3
                | Self::Truelayer
                | Self::Twilio
        )
    }
}
