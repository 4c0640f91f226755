//! A scheme that the file spells out, or the parameters in which it differs from a provider's.

use crate::{
    scheme::{Algorithm, Encoding, Field, KeyForm, Scheme, Timestamp, Tolerance, Unit},
    template::{Piece, Place, Template},
};

use super::{
    field::{FIELD_EXAMPLE, signature, template, timestamp},
    report::Report,
    table::{Slot, Table, Value},
};

const ALGORITHMS: &[(&str, Algorithm)] = &[
    ("hmac-sha256", Algorithm::HmacSha256),
    ("hmac-sha1", Algorithm::HmacSha1),
    ("hmac-sha384", Algorithm::HmacSha384),
    ("hmac-sha512", Algorithm::HmacSha512),
    ("sha256-concat", Algorithm::Sha256Concat),
    ("token", Algorithm::Token),
    ("ed25519", Algorithm::Ed25519),
    ("ecdsa-p256-sha256", Algorithm::EcdsaP256Sha256),
    ("ecdsa-p256-sha256-fixed", Algorithm::EcdsaP256Sha256Fixed),
    ("ecdsa-p521-sha512-fixed", Algorithm::EcdsaP521Sha512Fixed),
    ("rsa-pkcs1-sha1", Algorithm::RsaPkcs1Sha1),
    ("rsa-pkcs1-sha256", Algorithm::RsaPkcs1Sha256),
];

const ENCODINGS: &[(&str, Encoding)] = &[
    ("hex", Encoding::Hex),
    ("base64", Encoding::Base64),
    ("base64url", Encoding::Base64Url),
    ("text", Encoding::Text),
    ("jws", Encoding::Jws),
];

const KEY_FORMS: &[(&str, KeyForm)] = &[
    ("text", KeyForm::Text),
    ("text-nfkd", KeyForm::TextNfkd),
    ("sha1", KeyForm::Sha1),
    ("base64", KeyForm::Base64 { prefix: "" }),
    ("hex", KeyForm::Hex),
    ("public", KeyForm::Public { prefix: "" }),
];

/// Ten years: a longer tolerance is a slip of the pen.
const MAX_TOLERANCE: i64 = 315_360_000;

/// The parameters of a `[source.scheme]` table.
#[derive(Clone, Debug, Default)]
pub(super) struct SchemeLayer {
    algorithm: Slot<Algorithm>,
    key: Slot<KeyForm>,
    signature: Slot<Field>,
    encoding: Slot<Encoding>,
    message: Slot<Template>,
    timestamp: Slot<(Field, Unit)>,
    pub(super) tolerance: Slot<ToleranceLayer>,
}

/// A tolerance as the file gives it.
#[derive(Clone, Copy, Debug)]
pub(super) enum ToleranceLayer {
    /// One number, for the sides that are checked.
    Checked(u32),
    /// Each side that is named.
    Sides {
        past: Option<u32>,
        future: Option<u32>,
    },
}

impl SchemeLayer {
    pub(super) fn read(value: Value<'_>, report: &mut Report<'_>) -> Option<Self> {
        let entries = value.table("a table [name.scheme]", report)?;
        let known = [
            "algorithm",
            "key",
            "signature",
            "encoding",
            "message",
            "timestamp",
            "tolerance",
        ];
        let table = Table::open(entries, &known, report);
        Some(Self {
            algorithm: table.slot("algorithm", report, |value, report| {
                value.word(ALGORITHMS, report)
            }),
            key: table.slot("key", report, key_form),
            signature: table.slot("signature", report, signature),
            encoding: table.slot("encoding", report, |value, report| {
                value.word(ENCODINGS, report)
            }),
            message: table.slot("message", report, message),
            timestamp: table.slot("timestamp", report, timestamp),
            tolerance: table.slot("tolerance", report, ToleranceLayer::read),
        })
    }

    pub(super) fn or(self, base: Self) -> Self {
        Self {
            algorithm: self.algorithm.or(base.algorithm),
            key: self.key.or(base.key),
            signature: self.signature.or(base.signature),
            encoding: self.encoding.or(base.encoding),
            message: self.message.or(base.message),
            timestamp: self.timestamp.or(base.timestamp),
            tolerance: self.tolerance.or(base.tolerance),
        }
    }

    /// A whole scheme, or nothing; `at` is where missing parameters are reported.
    pub(super) fn spelled_out(
        self,
        tolerance: Slot<ToleranceLayer>,
        at: usize,
        report: &mut Report<'_>,
    ) -> Option<Scheme> {
        let mut missing = Vec::new();
        for (name, example, absent) in [
            ("algorithm", "\"hmac-sha256\"", self.algorithm.is_absent()),
            ("key", "\"text\"", self.key.is_absent()),
            ("signature", FIELD_EXAMPLE, self.signature.is_absent()),
            ("encoding", "\"hex\"", self.encoding.is_absent()),
            ("message", "\"{body}\"", self.message.is_absent()),
        ] {
            if absent {
                missing.push((name, format!("add, for example, {name} = {example}")));
            }
        }
        let tolerance = tolerance.or(self.tolerance);
        if matches!(self.timestamp, Slot::Given(..)) && tolerance.is_absent() {
            let mend = "add, for example, tolerance = 300 (seconds)";
            missing.push(("tolerance", mend.into()));
        }
        for (name, mend) in missing {
            report.missing(at, format!("the scheme has no `{name}`"), mend);
        }
        let timestamp = match self.timestamp {
            Slot::Absent => None,
            Slot::Faulty => return None,
            Slot::Given(_, (field, unit)) => {
                let tolerance = tolerance.value()?.spelled_out(at, report)?;
                Some(Timestamp {
                    field,
                    unit,
                    tolerance,
                })
            }
        };
        let scheme = Scheme {
            algorithm: self.algorithm.value()?,
            key: self.key.value()?,
            signature: self.signature.value()?,
            encoding: self.encoding.value()?,
            message: self.message.value()?,
            timestamp,
            ..Scheme::PLAIN
        };
        sound(scheme, at, report)
    }

    /// The provider's scheme with what differs.
    pub(super) fn over(self, scheme: Scheme, at: usize, report: &mut Report<'_>) -> Option<Scheme> {
        if self.is_faulty() {
            return None;
        }
        let mut scheme = Scheme {
            algorithm: self.algorithm.value().unwrap_or(scheme.algorithm),
            key: self.key.value().unwrap_or(scheme.key),
            signature: self.signature.value().unwrap_or(scheme.signature),
            encoding: self.encoding.value().unwrap_or(scheme.encoding),
            message: self.message.value().unwrap_or(scheme.message),
            ..scheme
        };
        if let Some((field, unit)) = self.timestamp.value() {
            let tolerance = match (scheme.timestamp, &self.tolerance) {
                (Some(timestamp), _) => timestamp.tolerance,
                (None, Slot::Given(_, tolerance)) => tolerance.spelled_out(at, report)?,
                (None, _) => {
                    let mend = "add, for example, tolerance = 300 (seconds)";
                    report.missing(at, "the scheme has no `tolerance`", mend);
                    return None;
                }
            };
            scheme.timestamp = Some(Timestamp {
                field,
                unit,
                tolerance,
            });
        } else if !scheme.message.contains(Piece::Timestamp) {
            // A message of the file's own that leaves the time out: unsigned, it proves nothing.
            scheme.timestamp = None;
        }
        let scheme = self
            .tolerance
            .value()
            .map_or(scheme, |tolerance| tolerance.applied(scheme));
        sound(scheme, at, report)
    }

    fn is_faulty(&self) -> bool {
        self.algorithm.is_faulty()
            || self.key.is_faulty()
            || self.signature.is_faulty()
            || self.encoding.is_faulty()
            || self.message.is_faulty()
            || self.timestamp.is_faulty()
            || self.tolerance.is_faulty()
    }
}

impl ToleranceLayer {
    pub(super) fn read(value: Value<'_>, report: &mut Report<'_>) -> Option<Self> {
        if value.is_integer() {
            return Some(Self::Checked(seconds(value, report)?));
        }
        let entries = value.table(
            "tolerance = 300 or tolerance = { past = 300, future = 60 }",
            report,
        )?;
        let table = Table::open(entries, &["past", "future"], report);
        let past = table.slot("past", report, seconds);
        let future = table.slot("future", report, seconds);
        if past.is_faulty() || future.is_faulty() {
            return None;
        }
        let (past, future) = (past.value(), future.value());
        if past.is_none() && future.is_none() {
            report.add(
                value.at(),
                "`tolerance` names no side",
                "write tolerance = 300 or tolerance = { past = 300, future = 60 }",
            );
            return None;
        }
        Some(Self::Sides { past, future })
    }

    fn spelled_out(self, at: usize, report: &mut Report<'_>) -> Option<Tolerance> {
        match self {
            Self::Checked(seconds) => Some(Tolerance::both(seconds)),
            Self::Sides { past: None, .. } => {
                report.add(
                    at,
                    "`tolerance` leaves the past unchecked",
                    "name it too: tolerance = { past = 300, future = 60 }",
                );
                None
            }
            Self::Sides { past, future } => Some(Tolerance { past, future }),
        }
    }

    /// The scheme with this tolerance; sides that it doesn't name stay as they are.
    pub(super) fn applied(self, mut scheme: Scheme) -> Scheme {
        if let Some(timestamp) = &mut scheme.timestamp {
            let old = timestamp.tolerance;
            timestamp.tolerance = match self {
                Self::Checked(seconds) => Tolerance {
                    past: old.past.map(|_| seconds),
                    future: old.future.map(|_| seconds),
                },
                Self::Sides { past, future } => Tolerance {
                    past: past.or(old.past),
                    future: future.or(old.future),
                },
            };
        }
        scheme
    }
}

fn sound(scheme: Scheme, at: usize, report: &mut Report<'_>) -> Option<Scheme> {
    if let Some(fault) = scheme.fault() {
        report.add(at, fault, "make the parameters of the scheme agree");
        return None;
    }
    Some(scheme)
}

fn seconds(value: Value<'_>, report: &mut Report<'_>) -> Option<u32> {
    value.number(0..=MAX_TOLERANCE, report)
}

fn key_form(value: Value<'_>, report: &mut Report<'_>) -> Option<KeyForm> {
    if value.is_text() {
        return value.word(KEY_FORMS, report);
    }
    let example = "key = \"text\" or key = { form = \"base64\", prefix = \"whsec_\" }";
    let entries = value.table(example, report)?;
    let table = Table::open(entries, &["form", "prefix"], report);
    let form = table.slot("form", report, |value, report| {
        value.word(KEY_FORMS, report)
    });
    let prefix = table.slot("prefix", report, Value::text);
    if form.is_absent() {
        report.missing(
            value.at(),
            "`key` has no `form`",
            format!("write {example}"),
        );
    }
    match (form.value()?, prefix) {
        (form, Slot::Absent) => Some(form),
        (_, Slot::Faulty) => None,
        (KeyForm::Base64 { .. }, Slot::Given(_, prefix)) => Some(KeyForm::Base64 { prefix }),
        (KeyForm::Public { .. }, Slot::Given(_, prefix)) => Some(KeyForm::Public { prefix }),
        (_, Slot::Given(at, _)) => {
            report.add(
                at,
                "only keys of the forms base64 and public have a `prefix`",
                "leave it out: text is used as it is, a prefix included",
            );
            None
        }
    }
}

fn message(value: Value<'_>, report: &mut Report<'_>) -> Option<Template> {
    let template = template(value, report)?;
    let proves = template.pieces().any(|piece| match piece {
        Piece::Body => true,
        Piece::Value(place) => !matches!(place, Place::Header(_)),
        _ => false,
    });
    if !proves {
        report.add(
            value.at(),
            "the message has nothing of the event in it, so the signature would prove nothing",
            "sign the body, for example message = \"{timestamp}.{body}\"",
        );
        return None;
    }
    Some(template)
}
