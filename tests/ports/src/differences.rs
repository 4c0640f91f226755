//! Where an engine is known to do something else than AWS documents.

use std::str::FromStr;

/// What the checks run on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// The world of the tests.
    Fake,
    /// `MiniStack`, on which the end-to-end tests run.
    MiniStack,
    /// moto's server.
    Moto,
}

/// A promise that an engine doesn't keep.
#[derive(Debug)]
pub struct Difference {
    /// Which engine.
    pub engine: Engine,
    /// Whose promise.
    pub port: &'static str,
    /// The promise, as the check calls it.
    pub promise: &'static str,
    /// What the engine does instead.
    pub found: &'static str,
    /// What AWS documents, and where.
    pub documented: &'static str,
}

const UNUSED: &str = "(The fake is no service, and nothing in its world depends on it.)";

const GROUP: &str = "[SendMessage](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html): \
     up to 128 letters, digits and punctuation marks";

const ENTRY: &str = "[SendMessageBatchRequestEntry](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatchRequestEntry.html): \
     `MessageSystemAttributes` with `AWSTraceHeader`, as of a message that is sent by itself";

const EMPTY: &str = "[MessageAttributeValue](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_MessageAttributeValue.html): \
     name, type and value must not be empty";

const CHARACTERS: &str = "[SendMessage](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html) \
     says that such a message is rejected, and the \
     [SDK's page](https://docs.aws.amazon.com/AWSJavaScriptSDK/v3/latest/client/sqs/command/SendMessageCommand) that the \
     character becomes U+FFFD";

const PARTS: &str = "[BatchGetItem](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html): \
     up to 16 MB, of items of 300 KB the first 52, and the other keys as `UnprocessedKeys`";

const HIDDEN: &str = "[ChangeMessageVisibility](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html): \
     beyond twelve hours in all, the request is rejected";

const START: &str = "Nothing; the service answers a ValidationException: \"The provided starting key does not match the range \
     key predicate\" ([as seen](https://note.kiriukun.com/entry/20200530-the-provided-starting-key-does-not-match-the-range-key-predicate-in-dynamodb))";

/// All that are known.
pub const KNOWN: &[Difference] = &[
    Difference {
        engine: Engine::Fake,
        port: "Queue",
        promise: "a ticket's message group is its source",
        found: "keeps no group",
        documented: UNUSED,
    },
    Difference {
        engine: Engine::Fake,
        port: "Queue",
        promise: "a ticket carries its delivery's trace",
        found: "keeps no trace",
        documented: UNUSED,
    },
    Difference {
        engine: Engine::Fake,
        port: "Queue",
        promise: "a ticket that is sent with others has its group and its trace",
        found: "keeps neither group nor trace",
        documented: UNUSED,
    },
    Difference {
        engine: Engine::Fake,
        port: "Receipts",
        promise: "a ticket that is sent again begins a chain of its own",
        found: "keeps no trace",
        documented: UNUSED,
    },
    Difference {
        engine: Engine::Fake,
        port: "Receipts",
        promise: "a letter has its source, route, reason, attempts and error, and the trace",
        found: "keeps neither group nor trace",
        documented: UNUSED,
    },
    Difference {
        engine: Engine::MiniStack,
        port: "Queue",
        promise: "a ticket that is sent with others has its group and its trace",
        found: "keeps no trace",
        documented: ENTRY,
    },
    Difference {
        engine: Engine::MiniStack,
        port: "DynamoDB",
        promise: "a batch read of more than 16 MB is answered in parts",
        found: "answers with all of it",
        documented: PARTS,
    },
    Difference {
        engine: Engine::MiniStack,
        port: "DynamoDB",
        promise: "a query that starts beyond its range is refused",
        found: "answers with nothing",
        documented: START,
    },
    Difference {
        engine: Engine::MiniStack,
        port: "SQS",
        promise: "a message is hidden for twelve hours from its receipt at most",
        found: "hides it for longer",
        documented: HIDDEN,
    },
    Difference {
        engine: Engine::MiniStack,
        port: "SQS",
        promise: "an attribute that is empty is refused",
        found: "takes it",
        documented: EMPTY,
    },
    Difference {
        engine: Engine::MiniStack,
        port: "SQS",
        promise: "a control character doesn't arrive",
        found: "delivers it",
        documented: CHARACTERS,
    },
    Difference {
        engine: Engine::MiniStack,
        port: "SQS",
        promise: "a message group that has a space in it is refused",
        found: "takes it",
        documented: GROUP,
    },
    Difference {
        engine: Engine::Moto,
        port: "Queue",
        promise: "a ticket that is sent with others has its group and its trace",
        found: "keeps no trace",
        documented: ENTRY,
    },
    Difference {
        engine: Engine::Moto,
        port: "DynamoDB",
        promise: "a query that starts beyond its range is refused",
        found: "answers with nothing",
        documented: START,
    },
    Difference {
        engine: Engine::Moto,
        port: "SQS",
        promise: "an attribute that is empty is refused",
        found: "takes it",
        documented: EMPTY,
    },
    Difference {
        engine: Engine::Moto,
        port: "SQS",
        promise: "a control character doesn't arrive",
        found: "delivers it",
        documented: CHARACTERS,
    },
    Difference {
        engine: Engine::Moto,
        port: "SQS",
        promise: "a message group that has a space in it is refused",
        found: "takes it",
        documented: GROUP,
    },
];

/// What is known of this check on this engine.
#[must_use]
pub fn find(engine: Engine, port: &str, promise: &str) -> Option<&'static Difference> {
    KNOWN
        .iter()
        .find(|known| (known.engine, known.port, known.promise) == (engine, port, promise))
}

impl Engine {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Fake, Self::MiniStack, Self::Moto];

    /// What people call it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Fake => "fake",
            Self::MiniStack => "MiniStack",
            Self::Moto => "moto",
        }
    }

    /// Whether it has what this check is about: the fake is no service.
    #[must_use]
    pub fn has(self, port: &str) -> bool {
        self != Self::Fake || !["DynamoDB", "SQS"].contains(&port)
    }
}

impl FromStr for Engine {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|engine| engine.name() == name);
        found.ok_or_else(|| format!("there is no engine {name:?}"))
    }
}
