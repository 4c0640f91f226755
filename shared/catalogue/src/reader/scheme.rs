//! A scheme that the file spells out, or the parameters in which it differs from a provider's.

use crate::{
    leaked::leaked,
    scheme::{Algorithm, BodyForm, Claims, Encoding, Field, KeyForm, Scheme, Timestamp, Unit},
    template::{Piece, Place, Template},
    url::UrlForm,
};

use super::{
    claims::{claims, texts},
    field::{FIELD_EXAMPLE, named, signature, template, timestamp, when},
    key_form::key_form,
    report::Report,
    slot::Slot,
    sound::{proves, readable, sound},
    table::Table,
    tolerance::{NO_TIME, NO_TIME_MEND, ToleranceLayer},
    url::url_forms,
    value::Value,
    words::{ALGORITHMS, BODY_FORMS, ENCODINGS},
};

/// The parameters of a `[sources.source.scheme]` table.
#[derive(Clone, Debug, Default)]
pub(super) struct SchemeLayer {
    pub(super) version: Slot<&'static str>,
    algorithm: Slot<Algorithm>,
    key: Slot<KeyForm>,
    signature: Slot<Field>,
    encoding: Slot<Encoding>,
    message: Slot<Template>,
    url_forms: Slot<&'static [UrlForm]>,
    timestamp: Slot<(Field, Unit)>,
    tolerance: Slot<ToleranceLayer>,
    claims: Slot<&'static Claims>,
    equal: Slot<&'static [(Place, Template)]>,
    when: Slot<&'static (Field, &'static str)>,
    unless: Slot<&'static Field>,
    named: Slot<&'static [(Field, &'static str)]>,
    body: Slot<BodyForm>,
    body_unsigned: Slot<()>,
}

impl SchemeLayer {
    pub(super) fn read(value: Value<'_>, report: &mut Report<'_>) -> Option<Self> {
        let entries = value.table(
            "a table [sources.name.scheme], or several [[sources.name.scheme]]",
            report,
        )?;
        let known = [
            "version",
            "algorithm",
            "key",
            "signature",
            "encoding",
            "message",
            "url_forms",
            "timestamp",
            "tolerance",
            "claims",
            "equal",
            "when",
            "unless",
            "named",
            "body",
            "body_unsigned",
        ];
        let table = Table::open(entries, &known, report);
        Some(Self {
            version: table.slot("version", report, Value::text),
            algorithm: table.slot("algorithm", report, |value, report| {
                value.word(ALGORITHMS, report)
            }),
            key: table.slot("key", report, key_form),
            signature: table.slot("signature", report, signature),
            encoding: table.slot("encoding", report, |value, report| {
                value.word(ENCODINGS, report)
            }),
            message: table.slot("message", report, message),
            url_forms: table.slot("url_forms", report, url_forms),
            timestamp: table.slot("timestamp", report, timestamp),
            tolerance: table.slot("tolerance", report, ToleranceLayer::read),
            claims: table.slot("claims", report, |value, report| {
                claims(value, report).map(leaked)
            }),
            equal: table.slot("equal", report, texts),
            when: table.slot("when", report, |value, report| {
                when(value, report).map(leaked)
            }),
            unless: table.slot("unless", report, |value, report| {
                signature(value, report).map(leaked)
            }),
            named: table.slot("named", report, named),
            body: table.slot("body", report, |value, report| {
                value.word(BODY_FORMS, report)
            }),
            body_unsigned: table.slot("body_unsigned", report, Value::yes),
        })
    }

    pub(super) fn or(self, base: Self) -> Self {
        Self {
            version: self.version.or(base.version),
            algorithm: self.algorithm.or(base.algorithm),
            key: self.key.or(base.key),
            signature: self.signature.or(base.signature),
            encoding: self.encoding.or(base.encoding),
            message: self.message.or(base.message),
            url_forms: self.url_forms.or(base.url_forms),
            timestamp: self.timestamp.or(base.timestamp),
            tolerance: self.tolerance.or(base.tolerance),
            claims: self.claims.or(base.claims),
            equal: self.equal.or(base.equal),
            when: self.when.or(base.when),
            unless: self.unless.or(base.unless),
            named: self.named.or(base.named),
            body: self.body.or(base.body),
            body_unsigned: self.body_unsigned.or(base.body_unsigned),
        }
    }

    /// A whole scheme, or nothing; `at` is where missing parameters are reported.
    pub(super) fn spelled_out(
        self,
        tolerance: Slot<ToleranceLayer>,
        at: usize,
        report: &mut Report<'_>,
    ) -> Option<Scheme> {
        // A token is sent as it is and signs nothing; of a JSON Web Token it is known what is signed.
        let base = match (&self.algorithm, &self.encoding) {
            (Slot::Given(_, Algorithm::Token), _) => Some(Scheme::TOKEN),
            (_, Slot::Given(_, Encoding::Jws)) => Some(Scheme {
                message: Template::new("{jws}"),
                ..Scheme::PLAIN
            }),
            _ => None,
        };
        let is_token = base.is_some_and(|base| base.algorithm == Algorithm::Token);
        let mut missing = Vec::new();
        for (name, example, absent, known) in [
            (
                "algorithm",
                "\"hmac-sha256\"",
                self.algorithm.is_absent(),
                false,
            ),
            ("key", "\"text\"", self.key.is_absent(), is_token),
            (
                "signature",
                FIELD_EXAMPLE,
                self.signature.is_absent(),
                false,
            ),
            ("encoding", "\"hex\"", self.encoding.is_absent(), is_token),
            (
                "message",
                "\"{body}\"",
                self.message.is_absent(),
                base.is_some(),
            ),
        ] {
            if absent && !known {
                missing.push((name, format!("add, for example, {name} = {example}")));
            }
        }
        if let (Slot::Given(at, _), Slot::Absent) = (&self.tolerance, &self.timestamp) {
            report.add(*at, NO_TIME, NO_TIME_MEND);
        }
        let faulty = self.is_faulty();
        let tolerance = tolerance.or(self.tolerance);
        if matches!(self.timestamp, Slot::Given(..)) && tolerance.is_absent() {
            let mend = "add, for example, tolerance = 300 (seconds)";
            missing.push(("tolerance", mend.into()));
        }
        for (name, mend) in missing {
            report.missing(at, format!("the scheme has no `{name}`"), mend);
        }
        if faulty {
            return None;
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
        let message_at = place_of(&self.message).unwrap_or(at);
        let scheme = Scheme {
            version: self.version.value().unwrap_or_default(),
            opt_in: false,
            algorithm: self.algorithm.value()?,
            key: self.key.value().or(base.map(|base| base.key))?,
            signature: self.signature.value()?,
            encoding: self.encoding.value().or(base.map(|base| base.encoding))?,
            message: self.message.value().or(base.map(|base| base.message))?,
            url_forms: self.url_forms.value().unwrap_or_default(),
            timestamp,
            claims: self.claims.value(),
            equal: self.equal.value().unwrap_or_default(),
            when: self.when.value(),
            unless: self.unless.value(),
            named: self.named.value().unwrap_or_default(),
            body: self.body.value().unwrap_or(BodyForm::Any),
        };
        let scheme = proves(scheme, message_at, &self.body_unsigned, report)?;
        let scheme = readable(scheme, message_at, report)?;
        sound(scheme, at, report)
    }

    /// The provider's scheme with what differs.
    pub(super) fn over(self, theirs: Scheme, at: usize, report: &mut Report<'_>) -> Option<Scheme> {
        if self.is_faulty() {
            return None;
        }
        let message_at = place_of(&self.message).unwrap_or(at);
        let is_token = matches!(self.algorithm, Slot::Given(_, Algorithm::Token));
        let scheme = theirs;
        let mut scheme = Scheme {
            version: scheme.version,
            opt_in: scheme.opt_in,
            algorithm: self.algorithm.value().unwrap_or(scheme.algorithm),
            key: self.key.value().unwrap_or(scheme.key),
            signature: self.signature.value().unwrap_or(scheme.signature),
            encoding: self.encoding.value().unwrap_or(scheme.encoding),
            message: (self.message.value()).unwrap_or(if is_token {
                Scheme::TOKEN.message
            } else {
                scheme.message
            }),
            url_forms: scheme.url_forms,
            claims: self.claims.value().or(scheme.claims),
            equal: self.equal.value().unwrap_or(scheme.equal),
            when: self.when.value().or(scheme.when),
            unless: self.unless.value().or(scheme.unless),
            named: self.named.value().unwrap_or(scheme.named),
            body: self.body.value().unwrap_or(scheme.body),
            timestamp: scheme.timestamp,
        };
        if let Some(forms) = self.url_forms.value() {
            scheme.url_forms = forms;
        } else if !scheme.message.has_url() {
            scheme.url_forms = &[];
        }
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
        if let (Slot::Given(at, _), None) = (&self.tolerance, scheme.timestamp) {
            report.add(*at, NO_TIME, NO_TIME_MEND);
            return None;
        }
        let scheme = self
            .tolerance
            .value()
            .map_or(scheme, |tolerance| tolerance.applied(scheme));
        let scheme = if !theirs.covers_body() && self.body_unsigned.is_absent() {
            scheme
        } else {
            proves(scheme, message_at, &self.body_unsigned, report)?
        };
        let scheme = if theirs.ambiguity().is_some() {
            scheme
        } else {
            readable(scheme, message_at, report)?
        };
        sound(scheme, at, report)
    }

    fn is_faulty(&self) -> bool {
        self.version.is_faulty()
            || self.algorithm.is_faulty()
            || self.key.is_faulty()
            || self.signature.is_faulty()
            || self.encoding.is_faulty()
            || self.message.is_faulty()
            || self.url_forms.is_faulty()
            || self.timestamp.is_faulty()
            || self.tolerance.is_faulty()
            || self.claims.is_faulty()
            || self.equal.is_faulty()
            || self.when.is_faulty()
            || self.unless.is_faulty()
            || self.named.is_faulty()
            || self.body.is_faulty()
            || self.body_unsigned.is_faulty()
    }
}

fn place_of<T>(slot: &Slot<T>) -> Option<usize> {
    match slot {
        Slot::Given(at, _) => Some(*at),
        Slot::Absent | Slot::Faulty => None,
    }
}

fn message(value: Value<'_>, report: &mut Report<'_>) -> Option<Template> {
    let template = template(value, report)?;
    let code = template.pieces().find_map(|piece| match piece {
        Piece::Code(code) if !code.is_standard() => Some(code),
        _ => None,
    });
    if let Some(code) = code {
        report.add(
            value.at(),
            format!("`{{{}}}` is made by a function that belongs to one provider", code.name()),
            "name that provider instead, or compose the message of {body}, {timestamp}, {header:NAME} and so on",
        );
        return None;
    }
    Some(template)
}
