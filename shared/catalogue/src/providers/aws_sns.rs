use super::prelude::*;

/// SNS signs for all its customers with one key: only the topic tells them apart.
const OF_TOPIC: &[(Place, Template)] = &[(
    Place::Json("TopicArn"),
    Template::new("{setting:topic_arn}"),
)];

/// Where SNS answers, and nobody else.
const HOSTS: &[&str] = &[
    "sns.{region}.amazonaws.com",
    "sns.{region}.amazonaws.com.cn",
];

/// Whose certificates SNS signs with, as AWS's own libraries have it (sns-message-manager of the SDK for Java 2):
/// one name for the older regions, one of each partition, and one of each region that is opted into.
const NAMES: &[&str] = &[
    "sns.amazonaws.com",
    "sns-signing.{region}.amazonaws.com",
    "sns-signing.{region}.amazonaws.com.cn",
    "sns-us-gov-west-1.amazonaws.com",
    "sns-cn-north-1.amazonaws.com.cn",
    "sns-cn-northwest-1.amazonaws.com.cn",
];

const VERSION: Field = Field::json("SignatureVersion");

const SIGNED: Scheme = Scheme {
    key: PUBLIC_KEY,
    signature: Field::json("Signature"),
    encoding: Encoding::Base64,
    message: Template::new("{sns}"),
    // The time of publishing; a subscription may be confirmed for three days.
    timestamp: Some(Timestamp {
        field: Field::json("Timestamp"),
        unit: Unit::Iso,
        tolerance: as_long_as_it_sends(72),
    }),
    equal: OF_TOPIC,
    ..Scheme::PLAIN
};

pub(super) const PROVIDER: Provider = Provider {
    name: "aws-sns",
    title: "Amazon SNS",
    docs: "https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html",
    checked: "2026-11-29",
    unconfirmed: &[Fact::Tolerance],
    note: "raw message delivery must stay off: such messages carry no signature",
    schemes: &[
        Scheme {
            version: "2",
            algorithm: Algorithm::RsaPkcs1Sha256,
            when: Some(&(VERSION, "2")),
            ..SIGNED
        },
        Scheme {
            version: "1",
            algorithm: Algorithm::RsaPkcs1Sha1,
            when: Some(&(VERSION, "1")),
            ..SIGNED
        },
    ],
    side_by_side: "the topic's owner chooses, and each message names its version, of which it has one signature; \
                   what is signed by one hash doesn't pass by the other",
    keys: &KeyOrigin::Named {
        place: Place::Json("SigningCertURL"),
        hosts: HOSTS,
        sandbox: &[],
        path: "/SimpleNotificationService-{hex}.pem",
        names: NAMES,
    },
    settings: &[Setting {
        name: "topic_arn",
        help: "the topic: SNS signs the messages of every account with the same key",
        example: "arn:aws:sns:us-east-1:123456789012:orders",
    }],
    identity: Identity::id("{json:MessageId}"),
    event_type: Some(Template::new("{json:Type}")),
    headers: &["x-amz-sns-topic-arn", "x-amz-sns-subscription-arn"],
    unsigned: "message attributes and the URLs to subscribe, to unsubscribe and of the certificate; \
               message, subject, topic, id and time are signed",
    subscription: Some(&Subscription {
        kind: ("Type", "SubscriptionConfirmation"),
        url: "SubscribeURL",
        hosts: HOSTS,
    }),
    deadline_seconds: Some(15),
    retry_hours: 1,
    retries: "3 times, 20 s apart, on 5xx, 429 and timeouts; the subscription's delivery policy may \
              ask for more, within an hour",
    answers: Some(
        Answers::any_2xx(
            "https://docs.aws.amazon.com/sns/latest/dg/sns-http-https-endpoint-as-subscriber.html",
        )
        .noting("a 4xx but 429 is final"),
    ),
    setup: "Set the topic's attribute SignatureVersion to 2 and create a subscription of the protocol \
            HTTPS with the URL, without raw message delivery. It is confirmed by itself.",
    max_body: BodyLimit::kib(
        576,
        "up to ten fields of the JSON body are read before its signature can be compared; a message has 256 KiB at most, \
         which JSON may write in twice as many",
    ),
    ..Provider::BASE
};
