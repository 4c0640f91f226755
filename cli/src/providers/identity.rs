//! What of a provider's deliveries is signed, what tells its events from each other, and what follows for who has
//! seen one delivery: worked out from how it signs.

use std::collections::BTreeMap;

use catalogue::{
    Algorithm, Code, Identity, Piece, Place, Provider, Scheme, Source, Template, ToldBy,
};
use serde_json::{Value, json};

/// What a signature covers, and what it doesn't.
#[derive(Default)]
struct Coverage {
    signed: Parts,
    /// Signed where the delivery says so.
    listed: Parts,
    unsigned: Parts,
}

/// Parts of an event: what names and carries it, and the headers that are kept.
#[derive(Default)]
struct Parts {
    parts: Vec<&'static str>,
    headers: Vec<String>,
}

impl Parts {
    fn in_words(&self) -> Option<String> {
        let mut words: Vec<String> = self
            .parts
            .iter()
            .map(|part| format!("the {part}"))
            .collect();
        match self.headers.as_slice() {
            [] => {}
            [one] => words.push(format!("the header {one}")),
            several => words.push(format!("the headers {}", several.join(", "))),
        }
        (!words.is_empty()).then(|| words.join(", "))
    }

    fn json(&self) -> Value {
        json!({"parts": self.parts, "headers": self.headers})
    }
}

impl Coverage {
    fn of(scheme: &Scheme, source: &Source) -> Self {
        let mut coverage = Self::default();
        let texts = [
            ("id", source.identity.id),
            ("type", source.event_type),
            ("reference", source.reference.map(|(_, text)| *text)),
        ];
        for (part, text) in texts {
            if let Some(text) = text {
                let of = coverage.list(scheme.covers_text(text), || lists_all(scheme, text));
                of.parts.push(part);
            }
        }
        let of = coverage.list(scheme.covers_body(), || false);
        of.parts.push("body");
        let kept = source.kept_headers();
        let kept: BTreeMap<_, _> = kept.map(|name| (name.to_ascii_lowercase(), name)).collect();
        for (name, written) in kept {
            let covered = scheme.signed_headers().contain(written, |_| false);
            let of = coverage.list(covered, || lists_headers(scheme));
            of.headers.push(name);
        }
        coverage
    }

    fn list(&mut self, covered: bool, lists: impl FnOnce() -> bool) -> &mut Parts {
        if covered {
            &mut self.signed
        } else if lists() {
            &mut self.listed
        } else {
            &mut self.unsigned
        }
    }

    fn in_words(&self) -> String {
        let signed = self.signed.in_words().unwrap_or_else(|| "nothing".into());
        let listed = self.listed.in_words();
        let listed = listed.map(|parts| format!("where the delivery lists it as signed: {parts}"));
        let unsigned = self
            .unsigned
            .in_words()
            .map(|parts| format!("not: {parts}"));
        let words: Vec<String> = [Some(signed), listed, unsigned]
            .into_iter()
            .flatten()
            .collect();
        words.join("; ")
    }
}

fn lists_headers(scheme: &Scheme) -> bool {
    let lists = |piece| matches!(piece, Piece::Code(code) if Code::lists_headers(code));
    scheme.message.pieces().any(lists)
}

/// Whether a text may be signed because the delivery lists its header.
fn lists_all(scheme: &Scheme, text: Template) -> bool {
    lists_headers(scheme)
        && text.pieces().all(|piece| match piece {
            Piece::Literal(_) | Piece::Value(Place::Header(_)) => true,
            Piece::Value(place) => scheme.covers(place),
            _ => false,
        })
}

/// What each scheme signs.
pub(super) fn signed(provider: &'static Provider) -> Vec<String> {
    let source = Source::of(provider);
    of_each(provider, |scheme| {
        vec![Coverage::of(scheme, &source).in_words()]
    })
}

/// The same, part by part.
pub(super) fn signed_json(provider: &'static Provider) -> Value {
    let source = Source::of(provider);
    let each = provider.schemes.iter().map(|scheme| {
        let Coverage {
            signed,
            listed,
            unsigned,
        } = Coverage::of(scheme, &source);
        json!({
            "signed": signed.json(),
            "signed_where_listed": listed.json(),
            "unsigned": unsigned.json(),
        })
    });
    each.collect()
}

/// What tells events apart.
pub(super) fn event_id(provider: &'static Provider) -> Vec<String> {
    of_each(provider, |scheme| told_apart(&provider.identity, scheme))
}

fn told_apart(identity: &Identity, scheme: &Scheme) -> Vec<String> {
    let Some(template) = identity.id else {
        return vec![format!("none: {}", without(identity, scheme, None))];
    };
    let id_signed = scheme.covers_text(template) || lists_all(scheme, template);
    let text = template.text();
    let told_by = identity.told_by(scheme, Some(id_signed));
    let mut lines = vec![match told_by {
        ToldBy::Id => format!("{text} (signed)"),
        ToldBy::IdAndSigned => format!(
            "{text} (not signed, so the ledger's key has a digest of the signed bytes behind it{})",
            signed_anew(scheme)
        ),
        ToldBy::IdAndBody => format!(
            "{text} (not signed, nor is the body, of which the ledger's key has a digest behind it)"
        ),
        _ => without(identity, scheme, Some(false)),
    }];
    // What must be there to be signed is never missing.
    let is_always_there = told_by == ToldBy::Signed
        || template
            .pieces()
            .any(|piece| scheme.message.contains(piece));
    if !is_always_there {
        lines.push(format!(
            "where it is missing: {}",
            without(identity, scheme, None)
        ));
    }
    lines
}

/// What tells events apart other than by their ids.
fn without(identity: &Identity, scheme: &Scheme, id_signed: Option<bool>) -> String {
    let because = identity.unique.unwrap_or_default();
    match identity.told_by(scheme, id_signed) {
        ToldBy::Signed if scheme.covers_body() => format!(
            "a digest of the signed bytes stands for it: {because}{}",
            signed_anew(scheme)
        ),
        ToldBy::Signed => format!(
            "one signature is one event, and its digest the id, whatever body is sent with it: {because}"
        ),
        ToldBy::Body => format!("a digest of the body stands for it: {because}"),
        _ => "every delivery is an event of its own, redeliveries too".into(),
    }
}

fn signed_anew(scheme: &Scheme) -> &'static str {
    let has_time = scheme.timestamp.is_some() || scheme.claims.is_some();
    if has_time {
        "; a time is signed with it, so that a redelivery that is signed anew is a new event"
    } else {
        ""
    }
}

/// What whoever has seen one delivery can do.
pub(super) fn captured(provider: &'static Provider) -> Vec<String> {
    let source = Source::of(provider);
    of_each(provider, |scheme| with_one_capture(&source, scheme))
}

fn with_one_capture(source: &Source, scheme: &Scheme) -> Vec<String> {
    if scheme.algorithm == Algorithm::Token {
        return vec!["whoever sees a delivery has the secret, and can send anything".into()];
    }
    let is_signed = |text: Option<Template>| {
        text.is_none_or(|text| scheme.covers_text(text) || lists_all(scheme, text))
    };
    let mut can = Vec::new();
    let proven = source.identity.id.map(|id| is_signed(Some(id)));
    let told_by = source.identity.told_by(scheme, proven);
    if scheme.covers_body() {
        match told_by {
            ToldBy::Nothing => can.push("send it again, and each time it is a new event"),
            ToldBy::IdAndSigned => can.push("send it under another id, as a new event"),
            _ => {}
        }
        if !is_signed(source.event_type) {
            can.push("send its body under another type, which to a router is a different event");
        }
    } else {
        can.push(match told_by {
            ToldBy::Id => "change what isn't signed, if it comes before the delivery itself",
            ToldBy::Signed => {
                "send another body with the signature, once, if it comes before the delivery itself"
            }
            _ => "send any body with the signature, as long as that is valid",
        });
    }
    let bound = match (scheme.timestamp, scheme.claims) {
        _ if can.is_empty() => "",
        (None, None) => ", at any time",
        _ => ", within the tolerance",
    };
    vec![match can.as_slice() {
        [] => "whoever sees a delivery can only send it again, and that is a duplicate".into(),
        can => format!("whoever sees a delivery can {}{bound}", can.join("; and ")),
    }]
}

/// The lines of each scheme, with the scheme named where they differ.
fn of_each(provider: &'static Provider, lines: impl Fn(&Scheme) -> Vec<String>) -> Vec<String> {
    let each: Vec<_> = (provider.schemes.iter())
        .map(|scheme| (crate::describe::in_short(scheme), lines(scheme)))
        .collect();
    match each.as_slice() {
        [] => Vec::new(),
        [(_, first), others @ ..] if others.iter().all(|(_, lines)| lines == first) => {
            first.clone()
        }
        _ => (each.into_iter())
            .flat_map(|(scheme, lines)| {
                lines
                    .into_iter()
                    .map(move |line| format!("{scheme}: {line}"))
            })
            .collect(),
    }
}
