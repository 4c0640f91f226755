//! What a delivery shows without a signature to try.

use webhook::{endpoint::handshake, refusal::Reason};

use super::suspect::{Change, Guess, Suspect};

/// A request that some provider sends without a right signature, and that needs no mending, or another one.
struct Known {
    provider: &'static str,
    is_it: fn(&Suspect<'_>) -> bool,
    sentence: &'static str,
    mend: &'static str,
}

const RAW_DELIVERIES: &[Known] = &[
    // https://docs.aws.amazon.com/sns/latest/dg/sns-large-payload-raw-message-delivery.html
    Known {
        provider: "aws-sns",
        is_it: |suspect| {
            suspect
                .header("x-amz-sns-rawdelivery")
                .is_some_and(|value| value.eq_ignore_ascii_case("true"))
        },
        sentence: "The subscription has raw message delivery switched on: SNS then sends the message alone, without the \
                   fields around it and without a signature.",
        mend: "Switch it off (RawMessageDelivery = false): without a signature nothing proves that SNS sent it.",
    },
];

const UNSIGNED: &[Known] = &[
    // https://woocommerce.com/document/webhooks/
    Known {
        provider: "woocommerce",
        is_it: |suspect| {
            let id = suspect.case.body.strip_prefix(b"webhook_id=");
            id.is_some_and(|id| !id.is_empty() && id.iter().all(u8::is_ascii_digit))
        },
        sentence: "This is the ping that WooCommerce sends, without a signature, when a webhook is saved; it is no event.",
        mend: "Nothing is to be mended: the ping is refused, and the webhook is active nevertheless.",
    },
    // https://developer.xero.com/documentation/guides/webhooks/configuring-your-server/#intent-to-receive
    Known {
        provider: "xero",
        is_it: |suspect| {
            let json: serde_json::Value =
                serde_json::from_slice(&suspect.case.body).unwrap_or_default();
            json["events"].as_array().is_some_and(Vec::is_empty) && json["entropy"].is_string()
        },
        sentence: "This is one of the requests by which Xero proves the endpoint (\"intent to receive\"): some of them are \
                   signed wrongly on purpose, and want to be refused with 401.",
        mend: "Nothing is to be mended if Xero says that the endpoint is proven. If it doesn't, the webhook key is another.",
    },
];

pub(super) fn raw_deliveries<'s>(suspect: &'s Suspect<'_>) -> Box<dyn Iterator<Item = Guess> + 's> {
    known(suspect, RAW_DELIVERIES)
}

pub(super) fn unsigned<'s>(suspect: &'s Suspect<'_>) -> Box<dyn Iterator<Item = Guess> + 's> {
    let is_handshake = suspect.refusal.reason == Reason::Missing
        && handshake::unsigned(&suspect.case.source, &suspect.case.delivery()).is_some();
    let handshake = is_handshake.then(|| Guess {
        change: Change::Evident,
        sentence: format!(
            "This is no event but {}'s question whether the endpoint is there: the stack answers it before it looks for a \
             signature.",
            suspect.title()
        ),
        mend: "Nothing is to be mended.".into(),
    });
    Box::new(handshake.into_iter().chain(known(suspect, UNSIGNED)))
}

fn known<'s>(
    suspect: &'s Suspect<'_>,
    table: &'static [Known],
) -> Box<dyn Iterator<Item = Guess> + 's> {
    let name = suspect.case.source.provider.map(|provider| provider.name);
    let found = table
        .iter()
        .filter(move |known| name == Some(known.provider) && (known.is_it)(suspect));
    Box::new(found.map(|known| Guess {
        change: Change::Evident,
        sentence: known.sentence.to_owned(),
        mend: known.mend.to_owned(),
    }))
}
