//! What can be said where nothing that was tried matches: the likeliest cause, and hints.

use catalogue::Scheme;
use webhook::refusal::Reason;

use super::{finding::Finding, suspect::Suspect, url};
use crate::clock::Distance;

/// The likeliest cause: its kind, a sentence, and what to do about it.
pub(super) fn likeliest(suspect: &Suspect<'_>) -> (&'static str, String, &'static str) {
    let refusal = suspect.refusal;
    let title = suspect.title();
    let text = String::from_utf8_lossy(&suspect.case.body);
    match refusal.reason {
        Reason::Missing if url::signs_url(suspect) && suspect.case.signed_url.is_empty() => (
            "missing_url",
            format!("{title} signs the URL, which isn't given: {}.", refusal.detail),
            "Give --url as it was called, or --entered-url as it was entered at the provider, with scheme, host, path and query.",
        ),
        Reason::Missing => (
            "missing",
            format!("What signs the delivery isn't there, or not all of it: {}.", refusal.detail),
            "Either no secret is set at the provider, so that it doesn't sign, or something on the way drops the header, or \
             this isn't from that provider.",
        ),
        Reason::Malformed => (
            "malformed",
            format!("What signs the delivery hasn't the form that {title} gives it: {}.", refusal.detail),
            "See which version of the signature this is, and whether something on the way has shortened or changed it.",
        ),
        Reason::Stale => (
            "stale",
            format!(
                "The delivery is stale{}; and besides, nothing that was tried explains its signature.",
                Distance::of(suspect.case).map_or(String::new(), |distance| format!(": {}", distance.in_words()))
            ),
            "Who sends an old delivery again, changed or not, isn't to be believed. For one that was captured earlier, give \
             --now the time when it came.",
        ),
        _ if text.contains('\u{fffd}') => (
            "lost_characters",
            "The body holds U+FFFD, which stands for characters that were lost: it was read in a character set that it \
             isn't in."
                .into(),
            "They can't be brought back from this body: hand over the raw bytes.",
        ),
        _ if is_cut(&text) => (
            "cut_body",
            format!("The body begins as JSON and ends within it, after {} bytes: its end is missing.", suspect.case.body.len()),
            "Something on the way cut it off, such as a log or a limit: hand over all of it.",
        ),
        _ if url::signs_url(suspect) => (
            "other_url",
            format!(
                "{title} signs the URL, too, and neither `{}` nor one near it is what was signed: probably another one is \
                 entered there, or a proxy changed it.",
                suspect.case.signed_url
            ),
            "See which URL is entered at the provider, with scheme, host, port, the whole path, query and last slash, and \
             give just that with --entered-url; a source says it as `entered_url`.",
        ),
        Reason::Forged => (
            "unexplained",
            format!("No usual composition, encoding, hash or form of the secret matches, and no usual change of the body ({}).", refusal.detail),
            "What is left is the secret of another endpoint or environment, or a body that isn't the one that was sent.",
        ),
    }
}

/// Whether a text begins as JSON and its end is missing.
fn is_cut(text: &str) -> bool {
    text.trim_start().starts_with(['{', '['])
        && serde_json::from_str::<serde::de::IgnoredAny>(text).is_err_and(|error| error.is_eof())
}

/// What else may be worth a look.
pub(super) fn hints(suspect: &Suspect<'_>, found: &[Finding]) -> Vec<String> {
    let mut hints = Vec::new();
    let configured: &Scheme = &suspect.case.source.schemes[0];
    let refusal = suspect.refusal;
    if matches!(refusal.reason, Reason::Missing | Reason::Malformed)
        && suspect.header("authorization").is_some()
    {
        hints.push("There is an Authorization header: does the provider send a token in place of a signature?".into());
    }
    if found.iter().any(|finding| finding.kind == "clock") {
        hints.push("But for the time, the signature is right".into());
    } else if refusal.reason == Reason::Stale
        && let Some(distance) = Distance::of(suspect.case)
    {
        hints.push(format!("It is stale, too: {}", distance.in_words()));
    }
    if suspect.is_spent() {
        hints.push("The body is large: not everything was tried".into());
    }
    if found.iter().any(Finding::is_match) || refusal.reason == Reason::Missing {
        return hints;
    }
    if refusal.reason == Reason::Forged {
        hints.push(
            "The secret may be that of another endpoint or environment (test and live have their own, and so has a \
             provider's command line tool), or an older one"
                .into(),
        );
        hints.push(
            "The body may not be what was sent: a proxy, a framework or a log may have parsed it and written it again, or \
             changed its line ends or its character set. Capture the raw bytes"
                .into(),
        );
    }
    if let Some(coding) = suspect.header("content-encoding") {
        hints.push(format!(
            "The body was sent with Content-Encoding: {coding}. Most providers sign it before it is compressed, some after: \
             try both"
        ));
    }
    if configured.signs_url() {
        hints.push(
            "The scheme signs the URL: give --url as it was called and --entered-url as it was entered at the provider, \
             with scheme, host, port, query and the last slash"
                .into(),
        );
    } else if suspect.case.url.is_empty() {
        hints
            .push("Compositions with the URL were not tried: give --url to have them tried".into());
    }
    hints
}
