//! Schemes that a source might spell out itself: between them they use every parameter.

use catalogue::{
    Algorithm, Encoding, Field, KeyForm, PROVIDERS, Place, Scheme, Template, Timestamp, Tolerance,
    Unit,
};

const PLAIN: Scheme = Scheme {
    algorithm: Algorithm::HmacSha256,
    key: KeyForm::Text,
    signature: Field::header("X-Signature"),
    encoding: Encoding::Hex,
    message: Template::new("{body}"),
    timestamp: None,
};

const fn at(field: Field, unit: Unit, seconds: u32) -> Timestamp {
    Timestamp {
        field,
        unit,
        tolerance: Tolerance::both(seconds),
    }
}

const PUBLIC: KeyForm = KeyForm::Public { prefix: "" };

const fn json(path: &'static str) -> Field {
    Field {
        place: Place::Json(path),
        split: None,
        prefixes: &[""],
    }
}

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
        timestamp: Some(at(json("sent_at"), Unit::Millis, 60)),
        ..PLAIN
    },
    // The time stands in the signed body, and isn't repeated in the message.
    Scheme {
        timestamp: Some(at(json("sent_at"), Unit::Millis, 60)),
        ..PLAIN
    },
];

/// Every scheme: the table's and these.
pub fn all() -> impl Iterator<Item = &'static Scheme> {
    PROVIDERS
        .iter()
        .flat_map(|provider| provider.schemes)
        .chain(OWN)
}
