//! All that is known of a provider, in words: for the terminal and for the docs.

use catalogue::{
    Algorithm, Bundle, Encrypted, Fact, Handshake, KeyForm, KeyOrigin, Method, Provider, Scheme,
    Template,
};
use serde_json::json;

use super::{answers, handshakes, identity, keys};
use crate::describe;

/// A part of the page: what it is about, and its sentences, one a line.
pub(super) struct Part {
    pub(super) about: &'static str,
    pub(super) lines: Vec<String>,
}

/// What there is to know, in the order in which an operator needs it.
pub(super) fn parts(provider: &'static Provider) -> Vec<Part> {
    let mut parts = vec![part("docs", vec![provider.docs.into()])];
    parts.push(part("facts", facts(provider)));
    parts.push(part("checked", vec![checked(provider)]));
    if !provider.note.is_empty() {
        parts.push(part("note", vec![provider.note.into()]));
    }
    for scheme in provider.schemes {
        parts.push(part("signs", signs(scheme, provider)));
    }
    if !provider.side_by_side.is_empty() {
        let versions = provider.counting().iter().map(|scheme| scheme.version);
        let versions: Vec<&str> = versions.collect();
        let lines = vec![format!(
            "{} count side by side: {}",
            versions.join(" and "),
            provider.side_by_side
        )];
        parts.push(part("versions", lines));
    }
    if let Some(words) = keys::in_words(provider.keys) {
        let secret = match *provider.keys {
            KeyOrigin::Asked(_) => keys::ASKED_BY_SECRET,
            _ => keys::NO_SECRET,
        };
        parts.push(part("keys", vec![words, secret.into()]));
    }
    if !provider.unsigned.is_empty() {
        let lines = vec![
            provider.unsigned.into(),
            "authentic origin, not authentic payload".into(),
        ];
        parts.push(part("not signed", lines));
    }
    parts.push(part("signed", identity::signed(provider)));
    parts.push(part("event id", identity::event_id(provider)));
    parts.push(part("event type", event_type(provider)));
    parts.push(part("one capture", identity::captured(provider)));
    if let Some((name, template)) = provider.reference {
        let line = format!("{} as `{name}`", template.text());
        parts.push(part("in the log", vec![line]));
    }
    if let Some(bundle) = provider.bundle {
        parts.push(part("bundle", bundles(bundle)));
    }
    if let Some(encrypted) = provider.encrypted {
        parts.push(part("encrypts", encrypts(provider.name, encrypted)));
    }
    if !provider.handshakes.is_empty() {
        let lines = provider.handshakes.iter().map(handshakes::in_words);
        parts.push(part("handshake", lines.collect()));
    }
    if let Some(enrolment) = provider.enrolment {
        parts.push(part("hands over", vec![handshakes::enrolment(*enrolment)]));
    }
    if let Some(subscription) = provider.subscription {
        parts.push(part(
            "asks first",
            vec![handshakes::subscription(subscription)],
        ));
    }
    if let Some(field) = provider.payload_field {
        let line = format!("`event.json()` reads the field `{field}` where the body is a form");
        parts.push(part("in a form", vec![line]));
    }
    if !provider.headers.is_empty() {
        let line = format!("{}, beside those named above", provider.headers.join(", "));
        parts.push(part("handlers get", vec![line]));
    }
    if provider.methods != [Method::Post] {
        let methods: Vec<_> = provider
            .methods
            .iter()
            .map(|method| method.as_str())
            .collect();
        let line = format!("{}; any other method is answered 405", methods.join(", "));
        parts.push(part("sent by", vec![line]));
    }
    parts.push(part("accepted with", vec![answers::accepted(provider)]));
    parts.push(part("refused with", vec![answers::refused(provider)]));
    parts.push(part("delivered is", vec![answers::answers(provider)]));
    parts.push(part("takes up to", vec![answers::taken(provider)]));
    if let Some(bytes) = provider.largest_body_bytes {
        parts.push(part("sends up to", vec![answers::sent(bytes)]));
    }
    let deadline = match provider.deadline_seconds {
        Some(seconds) => format!("{seconds} s"),
        None => "it doesn't say".into(),
    };
    parts.push(part("answer within", vec![deadline]));
    let horizon = format!("the ledger counts on {} h", provider.retry_hours);
    parts.push(part("sends again", vec![provider.retries.into(), horizon]));
    if !provider.source_ips.is_empty() {
        parts.push(part("sends from", vec![provider.source_ips.into()]));
    }
    parts.push(part("set up there", vec![provider.setup.into()]));
    parts
}

fn part(about: &'static str, lines: Vec<String>) -> Part {
    Part { about, lines }
}

fn checked(provider: &'static Provider) -> String {
    let read = match provider.read {
        "" => "its page, and what its vectors name",
        read => read,
    };
    format!("on {}, against {read}", provider.checked)
}

fn facts(provider: &'static Provider) -> Vec<String> {
    vec![if provider.unconfirmed.is_empty() {
        "confirmed".into()
    } else {
        format!("confirmed, but for: {}", unconfirmed(provider))
    }]
}

/// The facts that are unconfirmed, as a list.
pub(super) fn unconfirmed(provider: &'static Provider) -> String {
    let facts: Vec<&str> = provider
        .unconfirmed
        .iter()
        .copied()
        .map(Fact::as_str)
        .collect();
    facts.join(", ")
}

fn signs(scheme: &Scheme, provider: &Provider) -> Vec<String> {
    let version = match scheme.version {
        "" => String::new(),
        version if scheme.opt_in => {
            format!("`{version}`, for a source that names it under `versions` only: ")
        }
        version => format!("`{version}`: "),
    };
    let mut lines = vec![format!(
        "{version}{}, in the {}",
        describe::in_short(scheme),
        describe::field(scheme.signature)
    )];
    lines.extend(describe::codes(scheme));
    lines.extend(describe::url(scheme));
    lines.push(format!(
        "with {}",
        describe::key_form(scheme, provider.schemes)
    ));
    if let Some(timestamp) = scheme.timestamp {
        lines.push(format!(
            "the time is in the {}, in {}; tolerance {}{}",
            describe::field(timestamp.field),
            describe::unit(timestamp.unit),
            describe::tolerance(timestamp.tolerance),
            if provider.confirms(Fact::Tolerance) {
                ""
            } else {
                " (our number: the provider names none)"
            }
        ));
    }
    lines.extend(describe::conditions(scheme));
    lines
}

fn event_type(provider: &'static Provider) -> Vec<String> {
    vec![match provider.event_type {
        Some(template) => template.text().into(),
        None => "none: handlers get `unknown`".into(),
    }]
}

fn bundles(bundle: &Bundle) -> Vec<String> {
    let (path, each) = bundle.paths();
    let mut items = match path {
        "" => "the body is a list".to_owned(),
        path => format!("`{path}` is a list"),
    };
    if let Some(each) = each {
        items = format!("{items}, an item for each element of its `{each}`");
    }
    let id = bundle
        .item_id
        .map_or("a digest of the delivery, and the position", Template::text);
    let kind = bundle.item_type.map_or("the delivery's", Template::text);
    vec![format!(
        "{items}, and every item becomes an event of its own; id: {id}; type: {kind}"
    )]
}

fn encrypts(provider: &str, encrypted: &Encrypted) -> Vec<String> {
    let Encrypted {
        member,
        decrypted,
        data,
        signature,
        key,
        certificate,
        source,
    } = encrypted;
    vec![
        format!("`{member}`, for those who have asked it to ({source})"),
        format!(
            "the ledger keeps it as it came; conditions, handlers and destinations get `{decrypted}` in its place, unless the \
             source says `keep_encrypted = true`"
        ),
        format!(
            "`{key}` is a key, encrypted by RSA-OAEP with SHA-1 for the certificate that `{certificate}` names; `{data}` is \
             JSON, encrypted by it with AES-256-CBC; `{signature}` is its HMAC-SHA256 of that, which is looked at first"
        ),
        format!(
            "the certificate's private key, RSA in PEM: `landfall --stack STACK secrets set {provider} --certificate ID \
             --secret-file KEY.pem`"
        ),
    ]
}

/// How a source of this provider gets its secret, and its verify token where a handshake asks for one.
pub(super) fn secret_commands(provider: &'static Provider) -> Vec<String> {
    let set = format!("landfall --stack STACK secrets set {}", provider.name);
    let of_several_lines = (provider.schemes.iter())
        .any(|scheme| matches!(scheme.key, KeyForm::Public { prefix: "" }));
    let file = if of_several_lines {
        " --secret-file FILE"
    } else {
        ""
    };
    let mut commands = vec![format!("{set}{file}")];
    if provider.handshakes.iter().any(Handshake::asks_for_token) {
        commands.push(format!("{set} --verify-token"));
    }
    commands
}

/// What can be said of the secret's text.
pub(super) fn secret_forms(provider: &'static Provider) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    if let KeyOrigin::Asked(asked) = *provider.keys {
        lines.push(asked.shows.secret_in_words().into());
        return lines;
    }
    for scheme in provider.schemes {
        let line = match (scheme.key, scheme.algorithm, scheme.encoding) {
            (KeyForm::Public { .. }, ..) => {
                "a public key: PEM, a certificate, JWK, or the bare key in base64 or hex".to_owned()
            }
            (_, Algorithm::Token, catalogue::Encoding::Base64) => {
                "user and password, with a colon between them".to_owned()
            }
            (_, Algorithm::Token, _) => "the token as it is sent".to_owned(),
            _ => describe::key_form(scheme, provider.schemes),
        };
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines
}

/// The table for `infra/landfall.toml`.
pub(super) fn landfall_toml(provider: &'static Provider) -> Vec<String> {
    let mut lines = vec![
        format!("[sources.{}]", provider.name),
        format!("provider = \"{}\"", provider.name),
    ];
    if !provider.settings.is_empty() {
        let pairs: Vec<String> = provider
            .settings
            .iter()
            .map(|setting| format!("{} = {}", setting.name, json!(setting.example)))
            .collect();
        lines.push(format!("settings = {{ {} }}", pairs.join(", ")));
    }
    lines
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use catalogue::{Environment, PROVIDERS, reader};

    use super::*;

    #[test]
    fn what_is_to_be_written_into_landfall_toml_can_be_read() {
        for provider in PROVIDERS {
            let text = landfall_toml(provider).join("\n");
            let sources = reader::read(&text, Environment::Local).unwrap().sources;
            assert_eq!(sources.get(provider.name).unwrap().provider, Some(provider));
        }
    }

    #[test]
    fn every_provider_says_how_its_secret_is_set() {
        for provider in PROVIDERS {
            assert!(!secret_forms(provider).is_empty());
            let commands = secret_commands(provider).join("\n");
            assert!(commands.contains(&format!("secrets set {}", provider.name)));
        }
    }
}
