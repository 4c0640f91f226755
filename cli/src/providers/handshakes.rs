//! How a provider proves an endpoint, and hands over a secret, in words.

use catalogue::{Enrolment, Handshake, Proof, Reply, Subscription};

use super::{answers, keys};
use crate::describe;

/// How a provider hands over its secret.
pub(super) fn enrolment(enrolment: Enrolment) -> String {
    let place = match enrolment {
        Enrolment::SentBack { field, .. } => {
            return format!(
                "a text with its first request, as `{field}`, which somebody sends back by its API: `landfall enrol` takes \
                 and shows it (docs/enrolment.md)"
            );
        }
        Enrolment::Echoed { header } => format!("in the header {header}, and wants it back there"),
        Enrolment::Entered { field, .. } => format!("as `{field}`, and wants it entered there"),
    };
    format!(
        "the secret with its first request, {place}: `landfall enrol` takes it (docs/enrolment.md)"
    )
}

/// How a provider asks whether it may send.
pub(super) fn subscription(subscription: &Subscription) -> String {
    let (path, value) = subscription.kind;
    format!(
        "by a signed delivery whose `{path}` is `{value}`: the consumer gets its `{}`, at {} only",
        subscription.url,
        keys::hosts_in_words(subscription.hosts)
    )
}

/// What is sent to prove the endpoint, and what is answered.
pub(super) fn in_words(handshake: &Handshake) -> String {
    let (whose, proof) = match handshake.proof {
        Proof::Signature => ("a signed", String::new()),
        Proof::Nothing => ("any", String::new()),
        Proof::VerifyToken(place) => (
            "a",
            format!(
                " and the verify token in the {} (beside the secret, with \"use\":\"verify_token\")",
                describe::place(place)
            ),
        ),
        Proof::Known(place, known) => (
            "a",
            format!(" and {} in the {}", known.text(), describe::place(place)),
        ),
    };
    let when = handshake
        .when
        .map(|(place, text)| format!(" whose {} is `{text}`", describe::place(place)));
    let challenge = handshake
        .challenge
        .map(|place| format!(" with the challenge in the {}", describe::place(place)));
    let reply = match handshake.reply {
        Reply::Fixed(fixed) => answers::fixed(fixed),
        Reply::Text(text) => format!("200, text/plain, `{}`", text.text()),
        Reply::Json(fields) => {
            let fields: Vec<_> = fields
                .iter()
                .map(|(name, text)| format!("\"{name}\":\"{}\"", text.text()))
                .collect();
            format!("200, application/json, `{{{}}}`", fields.join(","))
        }
    };
    format!(
        "{whose} {}{}{}{proof}: {reply}",
        handshake.method.as_str(),
        when.unwrap_or_default(),
        challenge.unwrap_or_default(),
    )
}
