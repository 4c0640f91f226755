use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "salesforce-marketing-cloud",
    title: "Salesforce Marketing Cloud (Event Notification Service)",
    docs: "https://developer.salesforce.com/docs/marketing/marketing-cloud/guide/ens-notification-signing.html",
    checked: "2026-11-30",
    read: "its pages on signing, retries and suspensions, events, and on creating and verifying a callback",
    unconfirmed: &[Fact::EventId],
    schemes: &[Scheme {
        signature: Field::header("x-sfmc-ens-signature"),
        encoding: Encoding::Base64,
        ..Scheme::PLAIN
    }],
    identity: Identity::EVERY_DELIVERY,
    enrolment: Some(&Enrolment::SentBack {
        field: "verificationKey",
        beside: &["callbackId"],
    }),
    bundle: Some(&Bundle {
        items: "",
        item_id: None,
        item_type: Some(Template::new("{json:eventCategoryType}")),
    }),
    answers: Some(Answers::only(
        &[(200, 204)],
        "https://developer.salesforce.com/docs/marketing/marketing-cloud/guide/ens-retries-suspensions.html",
    )),
    deadline_seconds: Some(3),
    retry_hours: 168,
    retries: "three times, then with pauses of ten minutes and less for up to seven days",
    setup: "`landfall enrol open`, then `POST /platform/v1/ens-callbacks` with the URL: the answer has the `signatureKey`, \
            which is the secret and is shown once. `landfall enrol show --reveal` prints the verification key: send it \
            back by `POST /platform/v1/ens-verify` within four hours, `landfall enrol close`, and create a subscription.",
    ..Provider::BASE
};
