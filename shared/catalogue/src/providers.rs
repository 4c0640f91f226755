//! The table of providers, sorted by name. An entry is readable beside the provider's own page.

use crate::{
    provider::{Confirmation, Handshake, Provider},
    scheme::{Algorithm, Encoding, Field, KeyForm, Scheme, Timestamp, Tolerance, Unit},
    template::Template,
};

/// Every provider that Landfall knows by name.
pub static PROVIDERS: &[Provider] = &[
    FINANCBASE,
    FORMIFY,
    FRONTITUDE,
    GITHUB,
    ORUM,
    SELF,
    SHOPIFY,
    SLACK,
    STANDARD_WEBHOOKS,
    STRIPE,
    SVIX,
];

impl Provider {
    /// The entry of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        PROVIDERS
            .binary_search_by(|provider| provider.name.cmp(name))
            .ok()
            .map(|at| &PROVIDERS[at])
    }
}

/// HMAC-SHA256 in hex over the raw body, one header: the commonest shape. Entries name what differs.
const HMAC_OVER_BODY: Scheme = Scheme {
    algorithm: Algorithm::HmacSha256,
    key: KeyForm::Text,
    signature: Field::header(""),
    encoding: Encoding::Hex,
    message: Template::new("{body}"),
    timestamp: None,
};

/// The Standard Webhooks specification, symmetric (`v1`), under the given header names.
const fn standard_v1(
    signature: &'static str,
    timestamp: &'static str,
    message: &'static str,
) -> Scheme {
    Scheme {
        algorithm: Algorithm::HmacSha256,
        key: KeyForm::Base64 { prefix: "whsec_" },
        signature: Field::header(signature).split(' ').after(&["v1,"]),
        encoding: Encoding::Base64,
        message: Template::new(message),
        timestamp: Some(Timestamp {
            field: Field::header(timestamp),
            unit: Unit::Seconds,
            tolerance: Tolerance::both(300),
        }),
    }
}

const WEBHOOK_V1: Scheme = standard_v1(
    "webhook-signature",
    "webhook-timestamp",
    "{header:webhook-id}.{timestamp}.{body}",
);

const SVIX_V1: Scheme = standard_v1(
    "svix-signature|webhook-signature",
    "svix-timestamp|webhook-timestamp",
    "{header:svix-id|webhook-id}.{timestamp}.{body}",
);

/// The asymmetric signatures (`v1a`) of the same specification. A secret that begins with `whpk_` is
/// a public key and nothing else: taken for an HMAC key, it would let anyone sign.
const fn standard_v1a(symmetric: Scheme) -> Scheme {
    Scheme {
        algorithm: Algorithm::Ed25519,
        key: KeyForm::Public { prefix: "whpk_" },
        signature: symmetric.signature.after(&["v1a,"]),
        ..symmetric
    }
}

const WEBHOOK_ID: Option<Template> = Some(Template::new("{header:webhook-id}"));
const SVIX_ID: Option<Template> = Some(Template::new("{header:svix-id|webhook-id}"));
const JSON_TYPE: Option<Template> = Some(Template::new("{json:type}"));
const SVIX_RETRIES: &str = "after failures: at once, 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 10 h; \
                            the endpoint is disabled after five days of failures";

const FINANCBASE: Provider = Provider {
    name: "financbase",
    title: "Financbase",
    docs: "https://financbase.com/docs/api/webhooks",
    confirmation: Confirmation::Confirmed,
    // One of the two samples on the provider's page compares bare hex, so the prefix is optional.
    schemes: &[Scheme {
        signature: Field::header("X-Webhook-Signature").after(&["sha256=", ""]),
        ..HMAC_OVER_BODY
    }],
    event_id: Some(Template::new("{json:id}")),
    event_type: JSON_TYPE,
    reference: None,
    headers: &["X-Webhook-Event"],
    handshake: None,
    batch: None,
    refusal_status: 400,
    deadline_seconds: Some(30),
    retry_hours: 1,
    retries: "3 attempts: at once, 1 min, 5 min; on 408, 429, 500, 502, 503, 504 and timeouts only",
    setup: "Settings, Webhooks: enter the URL and choose a secret. The secret is used as text, also \
            where it begins with `whsec_`. Test calls carry no signature and are refused.",
};

const FORMIFY: Provider = Provider {
    name: "formify",
    title: "Formify",
    docs: "https://developers.formify.eu/guides/production-checklist",
    confirmation: Confirmation::Unconfirmed(
        "the headers and the secret are documented, the signed bytes, hash and encoding are not; \
         `landfall explain` finds them from one captured delivery",
    ),
    // A timestamp header reduces replay attacks only if it is signed, so it is read as signed. Two
    // compositions are never accepted side by side: a captured one could pass as the other.
    schemes: &[Scheme {
        signature: Field::header("X-Formify-Signature").after(&["sha256=", "v1=", ""]),
        message: Template::new("{timestamp}.{body}"),
        timestamp: Some(Timestamp {
            field: Field::header("X-Formify-Timestamp"),
            unit: Unit::Seconds,
            tolerance: Tolerance::both(300),
        }),
        ..HMAC_OVER_BODY
    }],
    event_id: Some(Template::new("{json:eventId}")),
    event_type: JSON_TYPE,
    reference: None,
    headers: &[],
    handshake: None,
    batch: None,
    refusal_status: 400,
    deadline_seconds: None,
    retry_hours: 72,
    retries: "not published",
    setup: "Create the webhook in Formify's settings and copy its signing secret.",
};

const FRONTITUDE: Provider = Provider {
    name: "frontitude",
    title: "Frontitude",
    docs: "https://developer.frontitude.com/webhooks/using-webhooks",
    confirmation: Confirmation::Confirmed,
    schemes: &[WEBHOOK_V1],
    event_id: WEBHOOK_ID,
    event_type: JSON_TYPE,
    reference: None,
    headers: &[],
    handshake: None,
    batch: None,
    refusal_status: 400,
    deadline_seconds: Some(15),
    retry_hours: 29,
    retries: SVIX_RETRIES,
    setup: "Workspace settings, Webhooks: add the endpoint and copy the signing key (`whsec_…`).",
};

const GITHUB: Provider = Provider {
    name: "github",
    title: "GitHub",
    docs: "https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries",
    confirmation: Confirmation::Confirmed,
    schemes: &[Scheme {
        signature: Field::header("X-Hub-Signature-256").after(&["sha256="]),
        ..HMAC_OVER_BODY
    }],
    event_id: Some(Template::new("{header:X-GitHub-Delivery}")),
    event_type: Some(Template::new("{header:X-GitHub-Event}")),
    reference: None,
    headers: &[
        "X-GitHub-Hook-ID",
        "X-GitHub-Hook-Installation-Target-ID",
        "X-GitHub-Hook-Installation-Target-Type",
    ],
    handshake: None,
    batch: None,
    refusal_status: 400,
    deadline_seconds: Some(10),
    retry_hours: 72,
    retries: "none by itself; a person or the API redelivers, for up to three days",
    setup: "Repository or organization, Settings, Webhooks: content type application/json, and a \
            secret of your own choice.",
};

const ORUM: Provider = Provider {
    name: "orum",
    title: "Orum",
    docs: "https://docs.orum.io/api-reference/webhooks/secure-webhooks",
    confirmation: Confirmation::Confirmed,
    // `created_at` is the event's time, not the delivery's: retries run for a day, so it is signed
    // but not held against the clock.
    schemes: &[Scheme {
        algorithm: Algorithm::RsaPkcs1Sha256,
        key: KeyForm::Public { prefix: "" },
        signature: Field::header("Signature"),
        encoding: Encoding::Base64,
        message: Template::new("{body}{json:created_at}"),
        timestamp: None,
    }],
    event_id: Some(Template::new("{json:event_id}")),
    event_type: Some(Template::new("{json:event_type}")),
    reference: None,
    headers: &[],
    handshake: None,
    batch: None,
    refusal_status: 400,
    deadline_seconds: Some(30),
    retry_hours: 24,
    retries: "up to 15 times over 24 h, exponential backoff, on every status but 2xx",
    setup: "Monitor, Developer Tools, Webhooks: add the URL, then copy the public key behind \
            \"Webhook Secret\". Sandbox and production have different keys.",
};

const SELF: Provider = Provider {
    name: "self",
    title: "Self",
    docs: "https://docs.self.xyz/docs/self-enterprise/webhooks/signature-verification/",
    confirmation: Confirmation::Confirmed,
    schemes: &[SVIX_V1],
    // The provider's own rule: a verification may complete once per type.
    event_id: Some(Template::new("{json:verification_id}-{json:type}")),
    event_type: JSON_TYPE,
    reference: Some(("verification_id", Template::new("{json:verification_id}"))),
    headers: &["svix-id", "svix-replay"],
    handshake: None,
    batch: None,
    refusal_status: 400,
    deadline_seconds: None,
    retry_hours: 96,
    retries: "exponential, for up to several days, on 408, 429, 5xx and timeouts; every other 4xx is final",
    setup: "Dashboard, Webhooks: add one endpoint for test and one for live; each shows its \
            `whsec_…` secret once.",
};

const SHOPIFY: Provider = Provider {
    name: "shopify",
    title: "Shopify",
    docs: "https://shopify.dev/docs/apps/build/webhooks/subscribe/https",
    confirmation: Confirmation::Confirmed,
    schemes: &[Scheme {
        signature: Field::header("X-Shopify-Hmac-Sha256"),
        encoding: Encoding::Base64,
        ..HMAC_OVER_BODY
    }],
    event_id: Some(Template::new("{header:X-Shopify-Webhook-Id}")),
    event_type: Some(Template::new("{header:X-Shopify-Topic}")),
    reference: None,
    headers: &[
        "X-Shopify-API-Version",
        "X-Shopify-Event-Id",
        "X-Shopify-Shop-Domain",
        "X-Shopify-Triggered-At",
    ],
    handshake: None,
    batch: None,
    refusal_status: 400,
    deadline_seconds: Some(5),
    retry_hours: 4,
    retries: "8 times over 4 h; the subscription is deleted after 8 failures in a row",
    setup: "Subscribe with the app's configuration file or the Admin API; the secret is the app's \
            client secret.",
};

const SLACK: Provider = Provider {
    name: "slack",
    title: "Slack",
    docs: "https://docs.slack.dev/authentication/verifying-requests-from-slack",
    confirmation: Confirmation::Confirmed,
    schemes: &[Scheme {
        signature: Field::header("X-Slack-Signature").after(&["v0="]),
        message: Template::new("v0:{timestamp}:{body}"),
        timestamp: Some(Timestamp {
            field: Field::header("X-Slack-Request-Timestamp"),
            unit: Unit::Seconds,
            tolerance: Tolerance::both(300),
        }),
        ..HMAC_OVER_BODY
    }],
    event_id: Some(Template::new("{json:event_id}")),
    event_type: Some(Template::new("{json:event.type|type}")),
    reference: None,
    headers: &["X-Slack-Retry-Num", "X-Slack-Retry-Reason"],
    handshake: Some(Handshake::SignedEcho {
        kind: ("type", "url_verification"),
        echo: "challenge",
    }),
    batch: None,
    refusal_status: 400,
    deadline_seconds: Some(3),
    retry_hours: 1,
    retries: "3 times: at once, 1 min, 5 min",
    setup: "App settings, Basic Information: copy the signing secret. Event Subscriptions: enter the \
            URL; Slack checks it at once and Landfall answers the challenge.",
};

const STANDARD_WEBHOOKS: Provider = Provider {
    name: "standard-webhooks",
    title: "Standard Webhooks",
    docs: "https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md",
    confirmation: Confirmation::Confirmed,
    schemes: &[WEBHOOK_V1, standard_v1a(WEBHOOK_V1)],
    event_id: WEBHOOK_ID,
    event_type: JSON_TYPE,
    reference: None,
    headers: &[],
    handshake: None,
    batch: None,
    refusal_status: 400,
    deadline_seconds: Some(15),
    retry_hours: 96,
    retries: "the sender's choice; the specification's example runs to 24 h",
    setup: "The sender hands out a `whsec_…` secret, or a `whpk_…` public key.",
};

const STRIPE: Provider = Provider {
    name: "stripe",
    title: "Stripe",
    docs: "https://docs.stripe.com/webhooks/signature",
    confirmation: Confirmation::Confirmed,
    schemes: &[Scheme {
        signature: Field::header("Stripe-Signature").split(',').after(&["v1="]),
        message: Template::new("{timestamp}.{body}"),
        timestamp: Some(Timestamp {
            field: Field::header("Stripe-Signature").split(',').after(&["t="]),
            unit: Unit::Seconds,
            tolerance: Tolerance::past(300),
        }),
        ..HMAC_OVER_BODY
    }],
    event_id: Some(Template::new("{json:id}")),
    event_type: JSON_TYPE,
    reference: None,
    headers: &[],
    handshake: None,
    batch: None,
    refusal_status: 400,
    deadline_seconds: None,
    retry_hours: 72,
    retries: "live: for three days, exponential backoff; sandbox: 3 times over some hours",
    setup: "Workbench, Webhooks: add the endpoint and reveal its signing secret. It is used as text, \
            `whsec_` included; the Stripe CLI prints a secret of its own.",
};

const SVIX: Provider = Provider {
    name: "svix",
    title: "Svix",
    docs: "https://docs.svix.com/receiving/verifying-payloads/how-manual",
    confirmation: Confirmation::Confirmed,
    schemes: &[SVIX_V1, standard_v1a(SVIX_V1)],
    event_id: SVIX_ID,
    event_type: JSON_TYPE,
    reference: None,
    headers: &[],
    handshake: None,
    batch: None,
    refusal_status: 400,
    deadline_seconds: Some(15),
    retry_hours: 29,
    retries: SVIX_RETRIES,
    setup: "The sender's application portal shows the endpoint's `whsec_…` secret.",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_sorted_and_fit_a_path() {
        assert!(PROVIDERS.windows(2).all(|pair| pair[0].name < pair[1].name));
        for provider in PROVIDERS {
            assert!(
                provider
                    .name
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'),
                "{}",
                provider.name
            );
            assert_eq!(Provider::named(provider.name), Some(provider));
        }
        assert_eq!(Provider::named("nobody"), None);
    }

    #[test]
    fn every_entry_is_complete() {
        for provider in PROVIDERS {
            let name = provider.name;
            assert!(provider.docs.starts_with("https://"), "{name}");
            assert!(
                !provider.setup.is_empty() && !provider.retries.is_empty(),
                "{name}"
            );
            assert!((400..500).contains(&provider.refusal_status), "{name}");
            assert!(!provider.schemes.is_empty(), "{name}");
            for template in provider
                .schemes
                .iter()
                .map(|scheme| scheme.message)
                .chain(provider.event_id)
                .chain(provider.event_type)
                .chain(provider.reference.map(|(_, template)| template))
            {
                assert_eq!(template.fault(), None, "{name}");
            }
            for scheme in provider.schemes {
                assert_eq!(scheme.fault(), None, "{name}");
            }
        }
    }
}
