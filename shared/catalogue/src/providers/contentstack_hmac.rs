use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "contentstack-hmac",
    title: "Contentstack (HMAC)",
    schemes: &[Scheme {
        signature: Field::header("x-contentstack-hmac-signature")
            .split(',')
            .after(&["v1="]),
        message: Template::new("{timestamp}.{body}"),
        timestamp: Some(Timestamp {
            field: Field::header("x-contentstack-hmac-signature")
                .split(',')
                .after(&["t="]),
            unit: Unit::Seconds,
            tolerance: as_long_as_it_sends(72),
        }),
        ..Scheme::PLAIN
    }],
    setup: "Administration, Security Configuration, HMAC Signing: enable it and copy the organization's key, which is \
            the secret. Then add a webhook with the URL and the request signing method HMAC Signing. While a key is \
            rotated both sign.",
    max_body: BodyLimit::DEFAULT,
    ..super::contentstack::PROVIDER
};
