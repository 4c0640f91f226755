use super::prelude::*;

const SIGNATURE: Field = Field::header("X-Cld-Signature");

pub(super) const PROVIDER: Provider = Provider {
    name: "cloudinary",
    title: "Cloudinary",
    docs: "https://cloudinary.com/documentation/notification_signatures",
    checked: "2026-11-30",
    read: "its page; pycloudinary at 85f4b40548b2: its tests' signatures",
    unconfirmed: &[Fact::Retries, Fact::Answer],
    note: "an account signs with SHA-1 unless Cloudinary has set it to SHA-256, which `versions = [\"sha256\"]` \
           follows: ask for it. The library takes notifications of two hours by default",
    schemes: &[
        Scheme {
            version: "sha1",
            algorithm: Algorithm::Sha1Suffixed,
            signature: SIGNATURE,
            message: MESSAGE,
            timestamp: TIME,
            ..Scheme::PLAIN
        },
        Scheme {
            version: "sha256",
            algorithm: Algorithm::Sha256Suffixed,
            signature: SIGNATURE,
            message: MESSAGE,
            timestamp: TIME,
            ..Scheme::PLAIN
        },
    ],
    side_by_side: "the digests have different lengths, and both are of the same text and the same secret",
    event_type: Some(Template::new("{json:notification_type}")),
    setup: "Console, Settings, Webhook Notifications: enter the URL, or name it as `notification_url` in a call. The \
            secret is the API secret of the product environment, of the key that is chosen for notifications.",
    max_body: SEVERAL_MESSAGES,
    ..Provider::BASE
};

const MESSAGE: Template = Template::new("{body}{timestamp}");

const TIME: Option<Timestamp> = Some(Timestamp {
    field: Field::header("X-Cld-Timestamp"),
    unit: Unit::Seconds,
    tolerance: Tolerance::past(7_200),
});
