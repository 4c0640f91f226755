//! A destination: where events go that a route takes.

use std::time::Duration;

use crate::{arn::Arn, event_template::EventTemplate, name::name};

name! {
    /// The name of a destination: 1 to 64 of `[a-z0-9-]`.
    DestinationName
}

/// Where events go, and how fast.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination {
    /// What routes call it.
    pub name: DestinationName,
    /// What it is, with what only its kind has.
    pub kind: Kind,
    /// How many events it gets in a time, over all consumers.
    pub rate: Option<Rate>,
    /// How many events it works on at once, over all consumers.
    pub concurrency: Option<u32>,
    /// How long it may take over one event, where it differs from the consumer's own limit.
    pub timeout: Option<Duration>,
}

/// What a destination is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A service that is posted to.
    Http(Http),
    /// An event bus of Amazon EventBridge.
    EventBridge {
        /// The bus.
        bus: Arn,
    },
    /// A queue of Amazon SQS.
    Sqs {
        /// The queue.
        queue: Arn,
        /// The message group; there, and only there, where the queue is FIFO.
        group: Option<EventTemplate>,
    },
    /// A topic of Amazon SNS.
    Sns {
        /// The topic.
        topic: Arn,
        /// The message group; there, and only there, where the topic is FIFO.
        group: Option<EventTemplate>,
    },
    /// A function of AWS Lambda.
    Lambda {
        /// The function, with its version or alias, if any.
        function: Arn,
        /// Whether it is done when Lambda has taken the event, and not when the function has returned.
        asynchronous: bool,
    },
    /// A state machine of AWS Step Functions.
    StepFunctions {
        /// The state machine.
        state_machine: Arn,
    },
    /// A stream of Amazon Kinesis.
    Kinesis {
        /// The stream.
        stream: Arn,
        /// The partition key: what has the same one stays in order. The idempotency key, where none is given.
        key: Option<EventTemplate>,
    },
    /// A delivery stream of Amazon Data Firehose.
    Firehose {
        /// The stream.
        stream: Arn,
    },
    /// A bucket of Amazon S3, with an object for each event.
    S3 {
        /// The bucket's name.
        bucket: &'static str,
        /// The object's key.
        key: EventTemplate,
    },
}

/// A service that is posted to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Http {
    /// Where to. TLS, unless the host is this machine.
    pub url: &'static str,
    /// The same headers with every event.
    pub headers: Vec<(&'static str, HeaderValue)>,
    /// A Secrets Manager secret of the destination's own, by name or ARN.
    pub secret: Option<&'static str>,
}

/// What a header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeaderValue {
    /// This text.
    Text(&'static str),
    /// What the destination's secret says under this name.
    Secret(&'static str),
}

/// So many in so much time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// How many.
    pub count: u32,
    /// In which time: a second or a minute.
    pub per: Duration,
}

impl Kind {
    /// The kind in a word: the key that says it.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Http(_) => "http",
            Self::EventBridge { .. } => "event_bridge",
            Self::Sqs { .. } => "sqs",
            Self::Sns { .. } => "sns",
            Self::Lambda { .. } => "lambda",
            Self::StepFunctions { .. } => "step_functions",
            Self::Kinesis { .. } => "kinesis",
            Self::Firehose { .. } => "firehose",
            Self::S3 { .. } => "s3",
        }
    }

    /// What is filled in from each event for it, beside the body, and the key that says it: a message group, a partition, an
    /// object's name.
    #[must_use]
    pub fn template(&self) -> Option<(&'static str, EventTemplate)> {
        match self {
            Self::Sqs { group, .. } | Self::Sns { group, .. } => {
                group.map(|group| ("group", group))
            }
            Self::Kinesis { key, .. } => key.map(|key| ("key", key)),
            Self::S3 { key, .. } => Some(("key", *key)),
            Self::Http(_)
            | Self::EventBridge { .. }
            | Self::Lambda { .. }
            | Self::StepFunctions { .. }
            | Self::Firehose { .. } => None,
        }
    }

    /// Where it is: its URL, its ARN or its name, as the configuration has it.
    #[must_use]
    pub fn address(&self) -> &'static str {
        match self {
            Self::Http(http) => http.url,
            Self::EventBridge { bus: arn }
            | Self::Sqs { queue: arn, .. }
            | Self::Sns { topic: arn, .. }
            | Self::Lambda { function: arn, .. }
            | Self::StepFunctions { state_machine: arn }
            | Self::Kinesis { stream: arn, .. }
            | Self::Firehose { stream: arn } => arn.as_str(),
            Self::S3 { bucket, .. } => bucket,
        }
    }
}

/// The destinations of one environment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Destinations(Vec<Destination>);

impl Destinations {
    pub(crate) fn new(mut list: Vec<Destination>) -> Self {
        list.sort_unstable_by_key(|destination| destination.name);
        Self(list)
    }

    /// The destination of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Destination> {
        let found = self.0.binary_search_by(|at| at.name.as_str().cmp(name));
        found.ok().map(|at| &self.0[at])
    }

    /// Every destination, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Destination> {
        self.0.iter()
    }
}
