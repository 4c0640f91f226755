//! What a provider is answered, what it takes for what, and how large a delivery may be, in words.

use catalogue::{
    Accepted, BodyLimit, Fixed, Provider,
    size::{LARGEST_BASE64_BODY_BYTES, LARGEST_BODY_BYTES},
};

/// What answers a delivery that was taken.
pub(super) fn accepted(provider: &Provider) -> String {
    match provider.accepted {
        Accepted::Outcome => "200, application/json, the outcome and the event id".into(),
        Accepted::Fixed(answer) => fixed(answer),
        Accepted::Echoed { header, field } => {
            format!(
                "200, application/json, `{{\"{field}\":\"…\"}}` with what stood in the header {header}"
            )
        }
    }
}

/// What answers one that is not authentic, whatever the reason.
pub(super) fn refused(provider: &Provider) -> String {
    let status = provider.refusal_status;
    match provider.accepted {
        Accepted::Outcome | Accepted::Echoed { .. } => {
            format!("{status}, application/json, `{{\"error\":\"refused\"}}`")
        }
        Accepted::Fixed(_) => format!("{status}, no body"),
    }
}

/// Which answers the provider takes for what.
pub(super) fn answers(provider: &Provider) -> String {
    let Some(answers) = provider.answers else {
        return "it doesn't say which status".into();
    };
    let mut statuses = Vec::new();
    for (from, to) in answers.delivered {
        match (from, to) {
            (200, 299) => statuses.push("2xx".into()),
            (from, to) if to - from > 9 => statuses.push(format!("{from} to {to}")),
            (from, to) => statuses.extend((*from..=*to).map(|status| status.to_string())),
        }
    }
    let note = match answers.note {
        "" => String::new(),
        note => format!("; {note}"),
    };
    format!("{}{note} ({})", statuses.join(" or "), answers.source)
}

/// How large a body may be unless the source says otherwise. Where that is less than the default, the limit
/// is ours and not the provider's; why is said.
pub(super) fn taken(provider: &Provider) -> String {
    let BodyLimit { bytes, why } = provider.max_body;
    let why = match why {
        "" => String::new(),
        why => format!(" (our limit: {why})"),
    };
    format!(
        "{bytes} bytes{why}; a larger body is answered 413 unless the source's `max_body_bytes` says more"
    )
}

/// What the provider says that it sends, where Landfall takes less.
pub(super) fn sent(bytes: usize) -> String {
    format!(
        "{} MB; Lambda bears {LARGEST_BODY_BYTES} bytes of text, and {LARGEST_BASE64_BODY_BYTES} of what API Gateway \
         encodes in base64",
        bytes / 1_000_000
    )
}

pub(super) fn fixed(fixed: Fixed) -> String {
    if fixed.body.is_empty() {
        format!("{}, no body", fixed.status)
    } else {
        format!("{}, {}, `{}`", fixed.status, fixed.content_type, fixed.body)
    }
}
