//! The signature is right, for other bytes or in another form than the scheme says: the usual compositions, encodings
//! and hashes are tried on everything that looks like a signature.

use catalogue::{Algorithm, Fact, KeyForm, Scheme, Source, Tolerance};
use webhook::{keys::Secret, reading::delivery::Delivery};

use super::{
    body, guesses,
    signatures::{self, Candidate},
    suspect::{Change, Suspect},
};
use crate::{delivery::Case, trial::Trial};

/// A scheme under which the delivery is authentic.
pub(crate) struct Match {
    pub(crate) scheme: Scheme,
    /// Which secret.
    pub(super) secret: String,
    /// What was done to the secret's text before it was read.
    pub(super) secret_change: Option<&'static str>,
    /// What was done to the body.
    pub(crate) body_change: Option<String>,
}

/// How many are told.
const TOLD: usize = 3;

/// How many changes of the body are tried with every composition: those at its end.
const BODY_CHANGES: usize = 4;

/// Every composition that matches: with the body as it is, else with one that was changed on its way.
pub(crate) fn find(suspect: &Suspect<'_>) -> Vec<Match> {
    let signatures = signatures::candidates(suspect.case);
    let mut found = try_all(suspect, &signatures, &suspect.case.body, None);
    if found.is_empty() {
        for guess in body::line_ends(suspect).take(BODY_CHANGES) {
            let Change::Body(body) = &guess.change else {
                continue;
            };
            found = try_all(suspect, &signatures, body, Some(&guess.sentence));
            if !found.is_empty() {
                break;
            }
        }
    }
    found
}

fn try_all(
    suspect: &Suspect<'_>,
    signatures: &[Candidate],
    body: &[u8],
    body_change: Option<&str>,
) -> Vec<Match> {
    let case = suspect.case;
    let delivery = Delivery {
        body,
        ..case.delivery()
    };
    let configured = &case.source.schemes[0];
    let messages = guesses::messages(case);
    let mut found: Vec<Match> = Vec::new();
    for signature in signatures {
        for secret in &case.secrets {
            for reading in guesses::readings(secret, signature.algorithm) {
                let messages = match signature.algorithm {
                    Algorithm::Token => &[(Scheme::TOKEN.message, None)][..],
                    _ => &messages,
                };
                for (message, timestamp) in messages {
                    let scheme = Scheme {
                        algorithm: signature.algorithm,
                        key: reading.form,
                        signature: signature.field,
                        encoding: signature.encoding,
                        message: *message,
                        timestamp: *timestamp,
                        ..Scheme::PLAIN
                    };
                    if matches(suspect, scheme, &reading.secret, delivery) {
                        found.push(Match {
                            scheme: nearest(scheme, configured),
                            secret: secret.label.clone(),
                            secret_change: reading.change,
                            body_change: body_change.map(str::to_owned),
                        });
                    }
                }
            }
        }
    }
    // Two readings of a secret, or two ways to point at a signature, can come to the same; the one
    // that differs least from what is configured is the one to tell.
    found.sort_by_key(|found| {
        distance(&found.scheme, configured) + usize::from(found.secret_change.is_some())
    });
    let mut told = Vec::new();
    found.retain(|found| {
        let what = (found.scheme.message, found.secret.clone());
        let new = !told.contains(&what);
        told.push(what);
        new
    });
    found.truncate(TOLD);
    found
}

fn matches(suspect: &Suspect<'_>, scheme: Scheme, secret: &Secret, delivery: Delivery<'_>) -> bool {
    if suspect.is_spent() {
        return false;
    }
    suspect.pay(delivery.body.len());
    let source = &suspect.case.source;
    let trial = Trial::new(source, vec![scheme], std::slice::from_ref(secret));
    let trial = trial.map(Trial::without_handshakes);
    trial.is_some_and(|trial| trial.verdict(delivery, suspect.case.now).is_ok())
}

/// The scheme in the configured one's words, where they say the same of this delivery.
fn nearest(mut scheme: Scheme, configured: &Scheme) -> Scheme {
    if scheme.signature.place.names().next().is_some_and(|found| {
        configured
            .signature
            .place
            .names()
            .any(|name| name.eq_ignore_ascii_case(found))
    }) && scheme
        .signature
        .prefixes
        .iter()
        .all(|prefix| configured.signature.prefixes.contains(prefix))
        && (scheme.signature.split.is_none()
            || scheme.signature.split == configured.signature.split)
    {
        scheme.signature = configured.signature;
    }
    if let (KeyForm::Base64 { .. }, KeyForm::Base64 { .. }) = (scheme.key, configured.key) {
        scheme.key = configured.key;
    }
    if let (KeyForm::Public { .. }, KeyForm::Public { .. }) = (scheme.key, configured.key) {
        scheme.key = configured.key;
    }
    // It was not held against the clock, which is no way to go on.
    if let Some(timestamp) = &mut scheme.timestamp {
        timestamp.tolerance = configured
            .timestamp
            .map_or(Tolerance::both(300), |configured| configured.tolerance);
    }
    scheme
}

/// In how many parameters two schemes differ.
fn distance(a: &Scheme, b: &Scheme) -> usize {
    let time = |scheme: &Scheme| scheme.timestamp.map(|timestamp| timestamp.field);
    usize::from(a.algorithm != b.algorithm)
        + usize::from(a.key != b.key)
        + usize::from(a.signature != b.signature)
        + usize::from(a.encoding != b.encoding)
        + usize::from(a.message != b.message)
        + usize::from(time(a) != time(b))
}

/// Why a scheme is no mend, though it matches: what a delivery is held against is never made weaker.
pub(super) fn no_mend(found: &Scheme, case: &Case) -> Option<String> {
    let configured = case.source.schemes;
    let any = |is: fn(&Scheme) -> bool| configured.iter().any(is);
    if !found.covers_body() && any(Scheme::covers_body) {
        return Some(
            "it doesn't sign the body, so that it would prove nothing of what a delivery says"
                .into(),
        );
    }
    if found.algorithm == Algorithm::Token && any(|scheme| scheme.algorithm != Algorithm::Token) {
        return Some(
            "it is no signature, so that it would prove nothing of what a delivery says".into(),
        );
    }
    if strength(found.algorithm)
        < configured
            .iter()
            .map(|scheme| strength(scheme.algorithm))
            .max()
            .unwrap_or(0)
    {
        return Some("its hash is older and weaker".into());
    }
    let documented = |source: &Source| {
        source
            .provider
            .filter(|provider| provider.confirms(Fact::Signature))
    };
    documented(&case.source).map(|provider| {
        format!(
            "{} documents how it signs, and this isn't how",
            provider.title
        )
    })
}

fn strength(algorithm: Algorithm) -> u8 {
    match algorithm {
        Algorithm::Token => 0,
        Algorithm::HmacSha1
        | Algorithm::RsaPkcs1Sha1
        | Algorithm::EcdsaP256Sha1
        | Algorithm::Sha256Concat
        | Algorithm::Sha1Suffixed
        | Algorithm::Sha256Suffixed => 1,
        _ => 2,
    }
}
