use super::{circle, prelude::*};

pub(super) const PROVIDER: Provider = Provider {
    name: "circle-cpn",
    title: "Circle Payments Network (payments)",
    docs: "https://developers.circle.com/cpn/howtos/verify-webhook-signatures",
    read: "its pages on webhooks, events, signatures and retries",
    unconfirmed: &[],
    note: "Circle's other products have their keys at another address: `circle`",
    keys: &KeyOrigin::Asked(Asked {
        id: Place::Header("X-Circle-Key-Id"),
        url: "https://api.circle.com/v2/cpn/notifications/publicKey/{id}",
        sandbox: "",
        answer: "data.publicKey",
        shows: Shows::Bearer,
    }),
    retry_hours: 37,
    retries: "11 times, 6 in testing: after 1, 10 and 30 s, 1 and 15 min, 1, 3, 5, 6, 10 and 11 h, on every status but 2xx",
    source_ips: "35.169.154.32, 3.90.127.28, 3.230.111.7",
    answers: Some(
        Answers::only(
            &[(200, 200)],
            "https://developers.circle.com/api-reference/webhook-endpoints",
        )
        .noting("by the page on CPN's retries any 2xx"),
    ),
    setup: "`POST /v2/cpn/notifications/subscriptions` with the URL as `endpoint`; Circle asks with HEAD whether it is \
            there. The secret is an API key of the same account, `PREFIX:ID:SECRET`: ingest asks with it for the public \
            key that a delivery names.",
    ..circle::PROVIDER
};
