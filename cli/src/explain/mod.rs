//! `landfall explain`: why is this delivery refused?
//!
//! A guess is a whole scheme, and is tried with the same `verify` that the stack uses: what matches
//! here would match there.

mod bodies;
mod guesses;
mod signatures;

use std::process::ExitCode;

use catalogue::{Algorithm, KeyForm, Scheme, Source, Tolerance};
use serde_json::{Value, json};
use webhook::{
    delivery::Delivery,
    key::{Keys, Secret},
    refusal::{Reason, Refusal},
    time::UnixMillis,
    verify::verify,
};

use crate::{
    args::GivenDelivery,
    delivery::{Case, GivenSecret},
    describe, escape,
    failure::Failure,
    print,
    verify::verdict_json,
};

/// A scheme under which the delivery is authentic.
struct Match {
    scheme: Scheme,
    /// Which secret, read how.
    secret: String,
    /// What was done to the secret's text before it was read.
    secret_change: Option<&'static str>,
    /// What was done to the body.
    body_change: Option<&'static str>,
}

pub(crate) fn run(given: &GivenDelivery, as_json: bool) -> Result<ExitCode, Failure> {
    let case = Case::read(given)?;
    // A secret that is no key of the configured scheme may be one of another: it is only said.
    let secrets: Vec<Secret> = case.secrets.iter().map(GivenSecret::secret).collect();
    let (keys, faults) = Keys::load(case.source.schemes, &secrets);
    let verdict = verify(&case.source, &keys, case.delivery(), case.now);
    let authentic = verdict.is_ok();

    let (mut found, mut hints) = (Vec::new(), Vec::new());
    if let Err(refusal) = &verdict {
        hints.extend(faults.iter().map(ToString::to_string));
        found = find(&case);
        hints.extend(hints_for(&case, refusal, &found));
    }
    let findings: Vec<Finding> = found
        .iter()
        .map(|found| Finding::new(&case, found))
        .collect();

    if as_json {
        let mut json = verdict_json(&verdict);
        json["matches"] = findings.iter().map(Finding::json).collect();
        json["hints"] = Value::from(hints);
        print::json(&json);
    } else {
        say(&case, &verdict.map(|_| ()), &findings, &hints);
    }
    Ok(ExitCode::from(u8::from(!authentic)))
}

/// Every guess that matches: with the body as it is, else with one that was changed on its way.
fn find(case: &Case) -> Vec<Match> {
    let signatures = signatures::candidates(case);
    let mut found = try_all(case, &signatures, &case.body, None);
    if found.is_empty() {
        for (change, body) in bodies::variants(&case.body) {
            found = try_all(case, &signatures, &body, Some(change));
            if !found.is_empty() {
                break;
            }
        }
    }
    found
}

fn try_all(
    case: &Case,
    signatures: &[signatures::Candidate],
    body: &[u8],
    body_change: Option<&'static str>,
) -> Vec<Match> {
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
                    if matches(scheme, &reading.secret, delivery, case.now) {
                        found.push(Match {
                            scheme: nearest(scheme, configured),
                            secret: secret.label.clone(),
                            secret_change: reading.change,
                            body_change,
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
    found.dedup_by(|later, first| {
        later.secret == first.secret && later.scheme.message == first.scheme.message
    });
    let mut told = Vec::new();
    found.retain(|found| {
        let what = (found.scheme.message, found.secret.clone());
        let new = !told.contains(&what);
        told.push(what);
        new
    });
    found.truncate(3);
    found
}

fn matches(scheme: Scheme, secret: &Secret, delivery: Delivery<'_>, now: UnixMillis) -> bool {
    let schemes: &'static [Scheme] = vec![scheme].leak();
    let Some(provider) = catalogue::PROVIDERS.first() else {
        return false;
    };
    let source = Source {
        schemes,
        event_id: None,
        event_type: None,
        reference: None,
        ..Source::of(provider)
    };
    let (keys, _) = Keys::load(schemes, std::slice::from_ref(secret));
    !keys.is_empty() && verify(&source, &keys, delivery, now).is_ok()
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

/// A match, told.
struct Finding {
    summary: String,
    differences: Vec<String>,
    toml: Vec<String>,
    scheme: Value,
}

impl Finding {
    fn new(case: &Case, found: &Match) -> Self {
        let configured = &case.source.schemes[0];
        let scheme = &found.scheme;
        let over = match scheme.message.text() {
            "{body}" => "the body alone",
            "" => "nothing",
            text => text,
        };
        let changed = found
            .body_change
            .map(|change| format!(", if the body is taken {change}"));
        let summary = format!(
            "This signature is {} over {over}, {}, from the {}{}.",
            describe::algorithm(scheme.algorithm),
            describe::encoding(scheme.encoding),
            describe::field(scheme.signature),
            changed.unwrap_or_default(),
        );

        let mut differences = Vec::new();
        let mut differs = |what: &str, theirs: String, ours: String| {
            if theirs != ours {
                differences.push(format!("{what}: it is {theirs}; your scheme has {ours}"));
            }
        };
        let message = |scheme: &Scheme| match scheme.message.text() {
            "" => "nothing".to_owned(),
            text => text.to_owned(),
        };
        differs("the signed bytes", message(scheme), message(configured));
        let algorithm = |scheme: &Scheme| describe::algorithm(scheme.algorithm).to_owned();
        differs("the algorithm", algorithm(scheme), algorithm(configured));
        let encoding = |scheme: &Scheme| describe::encoding(scheme.encoding).to_owned();
        differs("the encoding", encoding(scheme), encoding(configured));
        differs(
            "the secret",
            describe::key_form(scheme, case.source.schemes),
            describe::key_form(configured, case.source.schemes),
        );
        differs(
            "the signature",
            format!("in the {}", describe::field(scheme.signature)),
            format!("it in the {}", describe::field(configured.signature)),
        );
        if let Some(change) = found.secret_change {
            differences.push(format!(
                "the secret ({}): it is used {change}",
                found.secret
            ));
        }
        if let Some(change) = found.body_change {
            differences.push(format!(
                "the body: it matches {change}, so something between the provider and you has changed it; \
                 verify the raw bytes"
            ));
        }
        Self {
            summary,
            differences,
            toml: describe::toml(scheme, Some(configured)),
            scheme: describe::json(scheme),
        }
    }

    fn json(&self) -> Value {
        json!({
            "summary": self.summary,
            "differences": self.differences,
            "scheme": self.scheme,
            "sources_toml": self.toml,
        })
    }
}

fn hints_for(case: &Case, refusal: &Refusal, found: &[Match]) -> Vec<String> {
    let mut hints = Vec::new();
    let configured = &case.source.schemes[0];
    let header = |name: &str| case.headers.get(name);
    match refusal.reason {
        Reason::Missing | Reason::Malformed if header("authorization").is_some() => hints.push(
            "There is an Authorization header: does the provider send a token in place of a signature?".into(),
        ),
        Reason::Stale => {
            if let Some(tolerance) = configured.timestamp.map(|timestamp| timestamp.tolerance) {
                hints.push(format!(
                    "The time is checked before the signature (tolerance: {}). Is this machine's clock right? For a \
                     delivery that was captured earlier, give --now the time when it came",
                    describe::tolerance(tolerance)
                ));
            }
            let same = |found: &Match| found.scheme.message == configured.message;
            if found.iter().any(same) {
                hints.push("But for the time, the signature is right".into());
            }
        }
        _ => {}
    }
    if !found.is_empty() || refusal.reason == Reason::Missing {
        return hints;
    }
    if refusal.reason == Reason::Forged {
        hints.push(
            "The secret may be that of another endpoint or environment (test and live have their own, and so has a \
             provider's command line tool), or an older one"
                .into(),
        );
        hints.push(
            "The body may not be what was sent: a proxy, a framework or a log may have parsed it and written it \
             again, or changed its line ends or its character set. Capture the raw bytes"
                .into(),
        );
    }
    if let Some(coding) = header("content-encoding") {
        hints.push(format!(
            "The body was sent with Content-Encoding: {}. Most providers sign it before it is compressed, some after: \
             try both",
            escape::value(coding)
        ));
    }
    if configured.signs_url() {
        hints.push(
            "The scheme signs the URL: give --url as it was called and --entered-url as it was entered at the provider, \
             with scheme, host, port, query and the last slash"
                .into(),
        );
    } else if case.url.is_empty() {
        hints
            .push("Compositions with the URL were not tried: give --url to have them tried".into());
    }
    hints
}

fn say(case: &Case, verdict: &Result<(), Refusal>, findings: &[Finding], hints: &[String]) {
    let title = case
        .source
        .provider
        .map_or("the provider", |provider| provider.title);
    match verdict {
        Ok(()) => print::line(&format!(
            "Authentic: it is signed as {title} signs. There is nothing to explain."
        )),
        Err(refusal) => {
            print::line(&format!(
                "Refused as {}: {}.",
                refusal.reason, refusal.detail
            ));
            print::line(&format!(
                "Your scheme ({title}): {}, in the {}.",
                describe::in_short(&case.source.schemes[0]),
                describe::field(case.source.schemes[0].signature)
            ));
        }
    }
    for finding in findings {
        print::line(&format!("\n{}", finding.summary));
        for difference in &finding.differences {
            print::line(&format!("  - {difference}"));
        }
        if !finding.toml.is_empty() {
            print::line("  In infra/landfall.toml, for the source that gets these deliveries:");
            print::line("    [NAME.scheme]");
            for line in &finding.toml {
                print::line(&format!("    {line}"));
            }
        }
    }
    if verdict.is_err() && findings.is_empty() {
        print::line("\nNo usual composition, encoding, hash or form of the secret matches.");
    }
    for hint in hints {
        print::line(&format!("\nHint: {hint}."));
    }
}
