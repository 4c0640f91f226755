//! Schemes that a source might spell out itself: between them they use every parameter.

use catalogue::{
    Algorithm, BodyForm, Encoding, Field, KeyForm, PROVIDERS, Piece, Scheme, Template, Timestamp,
    Tolerance, Unit,
};

const PLAIN: Scheme = Scheme {
    signature: Field::header("X-Signature"),
    ..Scheme::PLAIN
};

const fn at(field: Field, unit: Unit, seconds: u32) -> Timestamp {
    Timestamp {
        field,
        unit,
        tolerance: Tolerance::both(seconds),
    }
}

const PUBLIC: KeyForm = KeyForm::Public { prefix: "" };

/// Schemes of no provider in the table.
pub static OWN: &[Scheme] = &[
    PLAIN,
    Scheme {
        algorithm: Algorithm::HmacSha1,
        encoding: Encoding::Base64,
        message: Template::new("{url}{body}"),
        ..PLAIN
    },
    Scheme {
        algorithm: Algorithm::HmacSha384,
        key: KeyForm::Hex,
        encoding: Encoding::Base64Url,
        message: Template::new("{method} {path}\n{query:q}\n{body}"),
        ..PLAIN
    },
    Scheme {
        algorithm: Algorithm::HmacSha512,
        key: KeyForm::Base64 { prefix: "" },
        message: Template::new("{header:X-Id|X-Other-Id}{timestamp}{body}"),
        signature: Field::header("X-Signature").split(';').after(&["h1="]),
        timestamp: Some(at(
            Field::header("X-Signature").split(';').after(&["ts="]),
            Unit::Millis,
            5,
        )),
        ..PLAIN
    },
    Scheme {
        algorithm: Algorithm::Ed25519,
        key: PUBLIC,
        message: Template::new("{timestamp}{body}"),
        timestamp: Some(at(Field::header("X-Timestamp"), Unit::Iso, 600)),
        ..PLAIN
    },
    Scheme {
        algorithm: Algorithm::EcdsaP256Sha256,
        key: PUBLIC,
        encoding: Encoding::Base64,
        message: Template::new("{timestamp}{body}"),
        timestamp: Some(at(Field::header("X-Timestamp"), Unit::Seconds, 0)),
        ..PLAIN
    },
    Scheme {
        algorithm: Algorithm::RsaPkcs1Sha256,
        key: PUBLIC,
        encoding: Encoding::Base64,
        message: Template::new("{timestamp}.{body}.{json:data.id|data.name}"),
        timestamp: Some(at(Field::json("sent_at"), Unit::Millis, 60)),
        ..PLAIN
    },
    // The time stands in the signed body, and isn't repeated in the message.
    Scheme {
        timestamp: Some(at(Field::json("sent_at"), Unit::Millis, 60)),
        ..PLAIN
    },
    Scheme {
        algorithm: Algorithm::Sha256Concat,
        key: KeyForm::TextNfkd,
        ..PLAIN
    },
    Scheme {
        algorithm: Algorithm::Sha1Suffixed,
        ..PLAIN
    },
    Scheme {
        algorithm: Algorithm::Sha256Suffixed,
        message: Template::new("{method}\n{body}"),
        ..PLAIN
    },
    Scheme {
        algorithm: Algorithm::RsaPkcs1Sha512,
        key: PUBLIC,
        encoding: Encoding::Base64,
        ..PLAIN
    },
    Scheme {
        algorithm: Algorithm::RsaPssSha256,
        key: PUBLIC,
        ..PLAIN
    },
    Scheme {
        algorithm: Algorithm::RsaPssSha512,
        key: PUBLIC,
        encoding: Encoding::Base64,
        ..PLAIN
    },
    Scheme {
        key: KeyForm::TextOrBase64 { prefix: "whsec_" },
        ..PLAIN
    },
    Scheme {
        message: Template::new("{timestamp}.{body}"),
        signature: Field::header("X-Signature")
            .grouped(' ')
            .split(',')
            .after(&["v1="]),
        timestamp: Some(at(
            Field::header("X-Signature")
                .grouped(' ')
                .split(',')
                .after(&["t="]),
            Unit::Seconds,
            300,
        )),
        ..PLAIN
    },
    Scheme {
        algorithm: Algorithm::EcdsaP256Sha256Fixed,
        key: PUBLIC,
        encoding: Encoding::Base64Url,
        ..PLAIN
    },
    Scheme {
        algorithm: Algorithm::EcdsaP521Sha512Fixed,
        key: PUBLIC,
        message: Template::new("{url_without_query}{body}"),
        ..PLAIN
    },
    Scheme {
        key: KeyForm::Sha1,
        signature: Field::header("X-Signature-*"),
        ..PLAIN
    },
];

/// Every scheme of the table, and these.
pub fn all() -> impl Iterator<Item = &'static Scheme> {
    PROVIDERS
        .iter()
        .flat_map(|provider| provider.schemes)
        .chain(OWN)
}

/// Those that sign the whole body by a template, so that a delivery for them can be made up.
pub fn plain() -> impl Iterator<Item = &'static Scheme> {
    all().filter(|scheme| is_plain(scheme))
}

/// Whether a scheme signs the whole body by a template, whatever else the delivery says.
#[must_use]
pub fn is_plain(scheme: &Scheme) -> bool {
    let has_code = scheme
        .message
        .pieces()
        .any(|piece| matches!(piece, Piece::Code(_)));
    scheme.covers_body()
        && !has_code
        && scheme.message.fault().is_none()
        && scheme.when.is_none()
        && scheme.equal.is_empty()
        && !scheme.algorithm.is_only_verified()
        && scheme.body == BodyForm::Any
        && !touches_a_time(scheme)
        && matches!(scheme.signature.place, catalogue::Place::Header(_))
}

/// Whether the body stands beside a time in digits, so that not every body will do.
fn touches_a_time(scheme: &Scheme) -> bool {
    let pieces: Vec<Piece> = scheme.message.pieces().collect();
    pieces.windows(2).any(|pair| {
        matches!(
            pair,
            [Piece::Timestamp, Piece::Body] | [Piece::Body, Piece::Timestamp]
        )
    }) && scheme.timestamp.is_some_and(|time| time.unit != Unit::Iso)
}
